//! Kits in files: an export writes their components, an import reads them, and each wrong one says why.

use crate::support::app::TestApp;
use crate::support::imports::{self, PRODUCTS, counts, notes};
use comptoir::domain::file_rows::Subject;

/// A kit of a kit, whose components stand below them, and a reference that must be quoted.
const FILE: &str = "reference;name;type;components\n\
    BOX;Gift box;kit;SET x 2\n\
    SET;Tea set;kit;\"CUP x 4; TEAPOT; \"\"A;1\"\"\"\n\
    CUP;Cup;;\n\
    TEAPOT;Teapot;goods;\n\
    \"A;1\";Odd;;\n";

fn written(app: &TestApp, file: &str) {
    let report = imports::run(app, Subject::Products, file.as_bytes()).unwrap();
    assert!(report.is_written, "{report:?}");
}

#[actix_web::test]
async fn components_are_read_with_the_products_of_the_same_file_and_written_back_exactly() {
    let app = TestApp::with_company().await;
    written(&app, FILE);
    let mut browser = app.admin().await;
    let file = browser.get("/sales/products.csv").await.body;
    assert!(file.contains("BOX,Gift box,,kit,0.00,0.00,standard,true,SET x 2\n"), "{file}");
    assert!(file.contains("standard,true,\"\"\"A;1\"\"; CUP x 4; TEAPOT\"\n"), "{file}");
    let again = imports::run(&app, Subject::Products, file.as_bytes()).unwrap();
    assert_eq!((again.counts.unchanged, again.is_written), (7, false), "{again:?}");
    // The same file makes the same products in an empty company.
    let other = TestApp::with_company().await;
    written(&other, &file);
    assert_eq!(other.admin().await.get("/sales/products.csv").await.body, file);
    let box_page = browser.get("/sales/products?q=BOX").await.attribute("tbody th a", "href").unwrap();
    let page = browser.get(&box_page).await;
    assert_eq!(page.attribute("input[name=component]", "value").as_deref(), Some("SET"));
    assert_eq!(page.attribute("input[name=quantity]", "value").as_deref(), Some("2"));
}

#[actix_web::test]
async fn a_kit_gets_other_components_or_none_and_the_report_says_which() {
    let app = TestApp::with_company().await;
    written(&app, FILE);
    let mut browser = app.admin().await;
    let page = imports::upload(&mut browser, PRODUCTS, b"reference,components\nBOX,CUP x 3; TEAPOT\nSET,\n").await;
    let page = imports::check(&app, &mut browser, &page, PRODUCTS).await;
    assert_eq!(counts(&page), ["0", "2", "0", "0"]);
    assert_eq!(notes(&page, 1), "Components: SET x 2 → CUP x 3; TEAPOT");
    assert_eq!(notes(&page, 2), "Components: \"A;1\"; CUP x 4; TEAPOT → –");
    imports::apply(&app, &mut browser, &page, PRODUCTS).await;
    let file = browser.get("/sales/products.csv?type=kit").await.body;
    assert!(
        file.contains("true,CUP x 3; TEAPOT\n") && file.contains("SET,Tea set,,kit,0.00,0.00,standard,true,\n"),
        "{file}"
    );
    // A file without the column leaves kits alone.
    let report = imports::run(&app, Subject::Products, b"reference,name\nBOX,Large box\n").unwrap();
    assert!(report.is_written);
    assert!(
        browser
            .get("/sales/products.csv?type=kit")
            .await
            .body
            .contains("BOX,Large box,,kit,0.00,0.00,standard,true,CUP x 3")
    );
}

#[actix_web::test]
async fn wrong_components_are_told_row_by_row_and_nothing_is_written() {
    let app = TestApp::with_company().await;
    written(&app, FILE);
    let mut browser = app.admin().await;
    let wrong = "reference;name;type;components\n\
        N-1;One;kit;\"CUP; NOPE x 2\"\n\
        N-2;Two;kit;N-2\n\
        SET;Tea set;kit;BOX\n\
        CUP;Cup;goods;TEAPOT\n\
        N-5;Five;kit;CUP x 0\n\
        N-6;Six;kit;\"CUP; CUP x 2\"\n\
        N-7;Seven;kit;x 2\n\
        N-8;Eight;kit;=CUP\n";
    let page = imports::upload(&mut browser, PRODUCTS, wrong.as_bytes()).await;
    let page = imports::check(&app, &mut browser, &page, PRODUCTS).await;
    assert_eq!(counts(&page), ["0", "0", "0", "8"]);
    for (row, said) in [
        (1, "No product has the internal reference “NOPE”"),
        (2, "“N-2” is the kit itself"),
        (3, "“BOX” is or holds this kit"),
        (4, "Only a kit has components"),
        (5, "Quantity of “CUP” must be a whole number between 1 and 100,000"),
        (6, "“CUP” is there twice"),
        (7, "Components cannot be read at “x 2”"),
        (8, "Components holds a formula"),
    ] {
        assert!(notes(&page, row).starts_with(said), "{row}: {}", notes(&page, row));
    }
    assert_eq!(browser.get("/sales/products?q=N-1").await.texts("tbody th").len(), 0);
}
