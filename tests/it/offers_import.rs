//! Importing offers: a file says which product a SKU sells, row by row, then all of it or nothing.

use crate::support::app::TestApp;
use crate::support::factory::Sample;
use crate::support::imports::{self, OFFERS, PRODUCTS, counts, notes};
use comptoir::db::{audit, issues};
use comptoir::domain::access::Role;
use comptoir::domain::file_rows::Subject;

const FRANCE: &str = "A13V1IB3VIYZZH";
const GERMANY: &str = "A1PA6795UKMFR9";

/// Two products to sell.
const CATALOGUE: &[u8] = b"reference,name\nMUG-01,Blue mug\nCUP,Cup\n";

#[actix_web::test]
async fn a_file_of_offers_is_checked_row_by_row_and_written_all_or_nothing() {
    let app = TestApp::with_company().await;
    app.shop("Europe", FRANCE);
    imports::run(&app, Subject::Products, CATALOGUE).unwrap();
    imports::run(&app, Subject::Offers, b"sku,reference,account\nA,MUG-01,Europe\n").unwrap();
    let mut browser = app.admin().await;
    let wrong = "SKU;Internal reference;Marketplace;colour\nA;CUP;FR;\nB;NOPE;FR;\nC;MUG-01;US;\nA;MUG-01;;\n=D;CUP;FR;\n;CUP;FR;\n";
    let page = imports::upload(&mut browser, OFFERS, wrong.as_bytes()).await;
    let chosen = ["Amazon SKU", "Internal reference of the product", "Marketplace", "Not imported", "Europe"];
    assert_eq!(page.texts("select option[selected]"), chosen, "the only account is chosen already");
    let page = imports::check(&app, &mut browser, &page, OFFERS).await;
    assert_eq!(counts(&page), ["0", "1", "0", "5"]);
    assert_eq!(notes(&page, 1), "FR: MUG-01 → CUP");
    assert!(notes(&page, 2).starts_with("No active product has the internal reference “NOPE”"), "{}", notes(&page, 2));
    assert!(notes(&page, 3).starts_with("“US” is no marketplace in the region"), "{}", notes(&page, 3));
    assert_eq!(notes(&page, 4), "Line 2 means the same offer: keep one of them");
    assert!(notes(&page, 5).starts_with("Amazon SKU holds a formula"), "{}", notes(&page, 5));
    assert_eq!(notes(&page, 6), "Amazon SKU must have between 1 and 40 characters");
    let path = imports::address(&page, OFFERS);
    assert!(!page.has(&format!("form[action=\"{path}/apply\"]")) && page.body.contains("5 rows are refused"));
    assert_eq!(browser.get("/amazon/offers").await.text("p.count"), "1 offer", "nothing half-written");

    let page = imports::upload(&mut browser, OFFERS, b"sku;reference\nA;CUP\nB;MUG-01\nW;\n").await;
    let page = imports::check(&app, &mut browser, &page, OFFERS).await;
    assert_eq!(counts(&page), ["2", "1", "0", "0"]);
    assert_eq!(browser.get("/amazon/offers").await.text("p.count"), "1 offer", "a check writes nothing");
    let page = imports::apply(&app, &mut browser, &page, OFFERS).await;
    assert!(page.text("section.note p[role=status]").starts_with("Imported: 2 new, 1 changed."), "{}", page.body);
    assert!(
        browser.get("/amazon/offers?is=unmatched").await.text("tbody th a").contains('W'),
        "it waits for a product"
    );

    let file = browser.get("/amazon/offers.csv").await;
    let wanted = "sku,reference,marketplace,account,product,asin,matched_by\nA,CUP,FR,Europe,Cup,,import\n\
        B,MUG-01,FR,Europe,Blue mug,,import\nW,,FR,Europe,,,nobody\n";
    assert_eq!(file.body, wanted);
    let again = imports::run(&app, Subject::Offers, file.body.as_bytes()).unwrap();
    assert_eq!((again.counts.unchanged, again.is_written), (3, false), "an export is read back without a change");
    let json: serde_json::Value = serde_json::from_str(&browser.get("/amazon/offers.json").await.body).unwrap();
    assert_eq!((json[0]["sku"].as_str(), json[1]["product"].as_str()), (Some("A"), Some("Blue mug")));
}

#[actix_web::test]
async fn order_lines_that_wait_for_a_sku_take_its_product_and_the_issue_is_settled() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", FRANCE);
    imports::run(&app, Subject::Products, CATALOGUE).unwrap();
    app.order(shop, &Sample { is_default_product: true, ..Sample::new(&app, 1) });
    let issue = app.issue(shop, issues::UNMATCHED_SKU, &format!("{FRANCE}/MUG-01"));
    let mut browser = app.admin().await;
    let page = imports::upload(&mut browser, OFFERS, b"sku,reference,marketplace\nMUG-01,CUP,FR\n").await;
    let page = imports::check(&app, &mut browser, &page, OFFERS).await;
    let page = imports::apply(&app, &mut browser, &page, OFFERS).await;
    let said = page.text("section.note p[role=status]");
    assert_eq!(said, "Imported: 1 new, 0 changed. 1 order line took its product.");
    let company = app.company.unwrap();
    let state = app.app.db.read(|conn| issues::by_id(conn, company, issue)).unwrap().unwrap().0.state;
    assert_eq!(state, "resolved");
    let offer = browser.get("/amazon/offers?q=MUG-01").await.attribute("tbody th a", "href").unwrap();
    let id = offer.rsplit('/').next().unwrap();
    let trail = app.app.db.read(|conn| audit::about(conn, &format!("offer {id}"), 5)).unwrap();
    assert_eq!((trail[0].action.as_str(), trail[0].new_value.as_deref()), ("offer_imported", Some("CUP")));
    assert!(trail[0].user_id.is_some(), "who imported it is known");
    assert!(browser.get(&offer).await.text("#timeline").contains("Product set by an imported file: CUP"));
}

#[actix_web::test]
async fn with_several_accounts_a_column_or_a_person_says_whose_offers_they_are() {
    let app = TestApp::with_company().await;
    app.shop("Europe", FRANCE);
    let second = app.shop("Germany", GERMANY);
    imports::run(&app, Subject::Products, CATALOGUE).unwrap();
    let mut browser = app.admin().await;
    let page = imports::upload(&mut browser, OFFERS, b"sku,reference\nA,CUP\n").await;
    let action = format!("{}/columns", imports::address(&page, OFFERS));
    let answer = browser.post(&action, &page.fields(&action)).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text("#account-error").starts_with("Choose the account of these offers"), "{}", answer.body);
    let stranger = browser.submit(&page, &action, &[("account", "99999")]).await;
    assert_eq!(stranger.status, 422, "an account of nobody");
    let account = second.account.to_string();
    // A form has one field of a name for each column of the file.
    let mut fields = page.fields(&action);
    fields.retain(|(name, _)| name != "account");
    fields.push(("account".to_owned(), account));
    assert_eq!(browser.post(&action, &fields).await.status, 303);
    comptoir::worker::perform_due(&app.app).await.unwrap();
    let page = browser.get(action.trim_end_matches("/columns")).await;
    imports::apply(&app, &mut browser, &page, OFFERS).await;
    assert!(browser.get("/amazon/offers.csv").await.body.contains("A,CUP,DE,Germany"));

    let named = b"sku,reference,account\nB,CUP,Europe\nC,CUP,Germany\nD,CUP,\nE,CUP,Asia\n";
    let report = imports::run(&app, Subject::Offers, named).unwrap();
    let refused: Vec<(i64, &str)> = report.refused.iter().map(|row| (row.line, row.reasons[0].code.as_str())).collect();
    assert_eq!(refused, [(4, "offer-no-account"), (5, "offer-unknown-account")]);
    let report = imports::run(&app, Subject::Offers, b"sku,reference,account\nB,CUP,Europe\nC,CUP,Germany\n").unwrap();
    assert!(report.is_written && report.counts.new == 2, "{report:?}");
    assert!(browser.get("/amazon/offers.csv").await.body.contains("B,CUP,FR,Europe"));
}

#[actix_web::test]
async fn an_import_of_offers_is_no_import_of_products_and_needs_its_own_right() {
    let app = TestApp::with_company().await;
    app.shop("Europe", FRANCE);
    app.add_user(Role::Auditor).await;
    let mut browser = app.admin().await;
    let page = imports::upload(&mut browser, OFFERS, b"sku,reference\nA,CUP\n").await;
    assert!(page.text("nav.crumbs").contains("Import offers"));
    let path = imports::address(&page, OFFERS);
    assert_eq!(browser.get(&path.replace(OFFERS, PRODUCTS)).await.status, 404);
    assert_eq!(browser.get(PRODUCTS).await.texts("table").len(), 0, "each list has its own imports");
    assert_eq!(browser.get(OFFERS).await.texts("table tbody th").len(), 1);
    let mut reader = app.signed_in("auditor@example.com").await;
    assert_eq!((reader.get(OFFERS).await.status, reader.get(&path).await.status), (403, 403));
}

#[actix_web::test]
async fn many_offers_are_written_in_parts_and_repeated_lines_are_found_across_them() {
    let app = TestApp::with_company().await;
    app.shop("Europe", FRANCE);
    imports::run(&app, Subject::Products, CATALOGUE).unwrap();
    let rows: Vec<String> = (0..1_300).map(|number| format!("SKU-{number},CUP,Europe")).collect();
    let file = format!("sku,reference,account\n{}\n", rows.join("\n"));
    let report = imports::run(&app, Subject::Offers, file.as_bytes()).unwrap();
    assert!(report.is_written && report.counts.new == 1_300, "{:?}", report.counts);
    let twice = format!("{file}SKU-0,MUG-01,Europe\n");
    let report = imports::run(&app, Subject::Offers, twice.as_bytes()).unwrap();
    assert_eq!((report.counts.unchanged, report.counts.refused, report.is_written), (1_300, 1, false));
    let changed = file.replace("CUP", "MUG-01");
    let report = imports::run(&app, Subject::Offers, changed.as_bytes()).unwrap();
    assert!(report.is_written && report.counts.changed == 1_300, "{:?}", report.counts);
}
