//! Importing products: a file, its columns, a report of every row, then all of it or nothing.

use crate::support::app::TestApp;
use crate::support::browser::Page;
use crate::support::imports::{self, PRODUCTS as START, counts, notes};
use chrono::TimeDelta;
use comptoir::db::{file_imports, products};
use comptoir::domain::access::Role;
use comptoir::domain::file_rows::Subject as Rows;
use comptoir::domain::ids::FileImportId;
use comptoir::export::writer::Format;
use comptoir::ops::export_records::{self, Subject};
use comptoir::sheet::LARGEST;
use comptoir::worker;

fn count(app: &TestApp) -> i64 {
    let company = app.company.unwrap();
    app.app.db.read(|conn| products::count(conn, company, &products::Filter::default())).unwrap()
}

#[actix_web::test]
async fn a_file_is_uploaded_checked_and_written_and_then_it_is_gone() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let file = "Référence interne;Nom;Prix de vente;Couleur\nMUG-01;Tasse bleue;19,90;bleu\nMUG-02;Tasse rouge;1 234,50;rouge\n";
    let page = imports::upload(&mut browser, START, file.as_bytes()).await;
    assert_eq!(page.text("h1"), "products.csv");
    assert_eq!(page.texts("select option[selected]"), ["Internal reference", "Name", "Sales price", "Not imported"]);
    assert_eq!(
        page.attribute("#column-4 option[selected]", "value"),
        Some(String::new()),
        "an unknown column is left out"
    );
    assert!(page.body.contains("Read as CSV in UTF-8"));
    let path = imports::address(&page, START);
    let page = imports::check(&app, &mut browser, &page, START).await;
    assert_eq!(counts(&page), ["2", "0", "0", "0"]);
    assert_eq!(count(&app), 2, "a dry run writes nothing");
    let answer = browser.submit(&page, &format!("{path}/apply"), &[]).await;
    assert_eq!(answer.status, 303);
    let waiting = browser.get(&path).await;
    assert!(waiting.has("progress") && waiting.body.contains("hx-trigger=\"every 2s\""));
    worker::perform_due(&app.app).await.unwrap();
    let page = browser.get(&path).await;
    assert!(page.body.contains("Imported: 2 new, 0 changed"), "{}", page.body);
    let list = browser.get("/sales/products?q=tasse").await;
    assert_eq!(list.texts("tbody th a"), ["MUG-01", "MUG-02"]);
    assert!(list.body.contains("€1,234.50"));
    let id = FileImportId(path.rsplit('/').next().unwrap().parse().unwrap());
    assert_eq!(app.app.db.read(|conn| file_imports::content(conn, id)).unwrap(), None, "the file is removed");
    let csrf = waiting.attribute("input[name=csrf]", "value").unwrap();
    let again = browser.post(&format!("{path}/apply"), &[("csrf", csrf)]).await;
    assert_eq!(again.status, 409, "once is enough");
}

#[actix_web::test]
async fn every_row_is_reported_and_one_refused_row_stops_the_whole_file() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let first = "reference,name,sales_price\nA-1,Cup,1\nA-2,Bowl,2\n";
    imports::run(&app, Rows::Products, first.as_bytes()).unwrap();
    let file = "reference,name,sales_price,type\n\
        A-1,Cup,1.00,goods\n\
        A-2,Big bowl,2,service\n\
        A-3,New,3,\n\
        A-3,Again,3,\n\
        ,Nameless,1,\n\
        A-4,=HYPERLINK(1),1,\n\
        A-5,Five,12.345,\n\
        A-6,Six,1\n\
        AMAZON-SALE,Mine,1,\n";
    let page = imports::upload(&mut browser, START, file.as_bytes()).await;
    let page = imports::check(&app, &mut browser, &page, START).await;
    assert_eq!(counts(&page), ["1", "1", "1", "6"]);
    let row = |line: usize| notes(&page, line);
    assert_eq!(page.text("section tbody tr:nth-child(1) td"), "2", "lines are counted as a spreadsheet does");
    assert_eq!(row(2), "Name: Bowl → Big bowl Type: Goods, tracked → Service");
    assert_eq!(row(4), "The same internal reference stands on line 4: keep one of them");
    assert_eq!(row(5), "Internal reference is missing: enter it");
    assert!(row(6).starts_with("Name holds a formula"), "{}", row(6));
    assert!(row(7).ends_with("(found: 12.345)"), "{}", row(7));
    assert!(row(8).starts_with("The row has 3 cells instead of 4"), "{}", row(8));
    assert!(row(9).starts_with("A default product is not changed by an import"), "{}", row(9));
    let path = imports::address(&page, START);
    assert!(!page.has(&format!("form[action=\"{path}/apply\"]")));
    assert!(page.body.contains("6 rows are refused"));
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    assert_eq!(browser.post(&format!("{path}/apply"), &[("csrf", csrf)]).await.status, 422);
    worker::perform_due(&app.app).await.unwrap();
    assert_eq!(count(&app), 4, "nothing was written");
    let refused = browser.get(&format!("{path}?outcome=refused")).await;
    assert_eq!(refused.texts("section tbody tr").len(), 6);
}

#[actix_web::test]
async fn a_file_that_is_no_table_is_refused_with_a_sentence() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    for (content, said) in [
        (&b""[..], "The file is empty"),
        (b"reference,name\n", "The file has no row below its heads"),
        (b"\xFF\xFEr\0e\0", "The file is UTF-16: save it as CSV UTF-8"),
        (b"reference\n\xE9\x81", "The letters of the file cannot be read"),
        (b"%PDF-1.7 reference", "The file is neither CSV nor XLSX"),
        (b"PK\x03\x04nothing", "The XLSX file is damaged or protected"),
    ] {
        let page = browser.get(START).await;
        let answer = browser.upload(&page, START, "x.csv", content).await;
        assert_eq!(answer.status, 422, "{said}");
        assert!(answer.text(".emsg").starts_with(said), "{}", answer.text(".emsg"));
        assert!(answer.text("title").starts_with("Error: "));
    }
    let page = browser.get(START).await;
    let answer = browser.upload(&page, START, "", b"").await;
    assert_eq!((answer.status, answer.text(".emsg").as_str()), (422, "Choose a file"));
    assert!(!browser.get(START).await.has("table"), "none of them is kept");
}

#[actix_web::test]
async fn a_file_of_more_than_twenty_megabytes_is_refused_and_one_of_exactly_that_is_read() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get(START).await;
    let mut content = b"reference,name\nA-1,".to_vec();
    content.resize(LARGEST, b'x');
    let answer = browser.upload(&page, START, "large.csv", &content).await;
    assert_eq!(answer.status, 303);
    content.push(b'x');
    let answer = browser.upload(&page, START, "large.csv", &content).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".emsg").starts_with("The file is larger than 20 MB"), "{}", answer.body);
}

#[actix_web::test]
async fn a_windows_file_keeps_its_accents_and_says_how_it_was_read() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page =
        imports::upload(&mut browser, START, b"reference;name;sales_price\nC-1;Caf\xE9 cr\xE8me \x80;2,50\n").await;
    assert!(page.body.contains("Windows-1252"));
    let page = imports::check(&app, &mut browser, &page, START).await;
    browser.submit(&page, &format!("{}/apply", imports::address(&page, START)), &[]).await;
    worker::perform_due(&app.app).await.unwrap();
    assert!(browser.get("/sales/products?q=creme").await.text("tbody").contains("Café crème €"));
}

#[actix_web::test]
async fn columns_that_cannot_be_used_are_refused_and_the_choice_is_kept() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = imports::upload(&mut browser, START, b"code,title,price\nA-1,Cup,1\n").await;
    let action = format!("{}/columns", imports::address(&page, START));
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let columns = |chosen: [&str; 3]| {
        let mut fields = vec![("csrf".to_owned(), csrf.clone())];
        fields.extend(chosen.iter().map(|code| ("column".to_owned(), (*code).to_owned())));
        fields
    };
    let answer = browser.post(&action, &columns(["", "name", "sales_price"])).await;
    assert_eq!(
        (answer.status, answer.text(".esum li").as_str()),
        (422, "Choose the column that holds: Internal reference")
    );
    assert_eq!(answer.texts("select option[selected]").last().unwrap(), "Sales price");
    let answer = browser.post(&action, &columns(["reference", "name", "name"])).await;
    assert_eq!((answer.status, answer.text(".esum li").as_str()), (422, "Two columns are Name: choose one"));
    assert_eq!(browser.post(&action, &columns(["reference", "name", "sales_price"])).await.status, 303);
}

#[actix_web::test]
async fn what_changed_since_the_report_stops_the_import_and_nothing_is_half_written() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let rows: Vec<String> = (0..1_200).map(|number| format!("N-{number},Name {number}")).collect();
    let page = imports::upload(&mut browser, START, format!("reference,name\n{}\n", rows.join("\n")).as_bytes()).await;
    let page = imports::check(&app, &mut browser, &page, START).await;
    assert_eq!(counts(&page), ["1,200", "0", "0", "0"]);
    // Somebody creates the last of these products meanwhile.
    let other = b"reference,name\nN-1199,Mine\n";
    imports::run(&app, Rows::Products, other).unwrap();
    let path = imports::address(&page, START);
    browser.submit(&page, &format!("{path}/apply"), &[]).await;
    worker::perform_due(&app.app).await.unwrap();
    let page = browser.get(&path).await;
    assert!(page.text("p[role=alert]").starts_with("What is here was changed since the report"), "{}", page.body);
    assert_eq!(count(&app), 3, "two defaults and the one of somebody else");
}

#[actix_web::test]
async fn a_file_belongs_to_who_uploaded_it_and_is_forgotten_after_a_day() {
    let app = TestApp::with_company().await;
    app.add_user(Role::SalesManager).await;
    let mut browser = app.admin().await;
    let page = imports::upload(&mut browser, START, b"reference,name\nA-1,Cup\n").await;
    let path = imports::address(&page, START);
    let mut other = app.signed_in("sales_manager@example.com").await;
    assert_eq!(other.get(&path).await.status, 404);
    let csrf = other.get(START).await.attribute("input[name=csrf]", "value").unwrap();
    for verb in ["columns", "apply", "discard"] {
        assert_eq!(other.post(&format!("{path}/{verb}"), &[("csrf", csrf.as_str())]).await.status, 404, "{verb}");
    }
    let second = imports::upload(&mut browser, START, b"reference,name\nA-2,Cup\n").await;
    assert_eq!(browser.get(&path).await.status, 404, "a newer upload replaces what was not imported");
    app.wait(TimeDelta::hours(25));
    let old = app.app.clock.now().naive_utc() - TimeDelta::hours(24);
    app.rows(|conn| file_imports::forget(conn, old));
    let mut browser = app.admin().await;
    assert_eq!(browser.get(&imports::address(&second, START)).await.status, 404);
}

#[actix_web::test]
async fn a_file_is_given_up_and_an_upload_without_its_token_is_refused() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = imports::upload(&mut browser, START, b"reference,name\nA-1,Cup\n").await;
    let path = imports::address(&page, START);
    let answer = browser.submit(&page, &format!("{path}/discard"), &[]).await;
    assert_eq!((answer.status, answer.location()), (303, START));
    assert_eq!(browser.get(&path).await.status, 404);
    let forged = Page { status: 200, headers: page.headers.clone(), body: format!("<form action=\"{START}\"></form>") };
    assert_eq!(browser.upload(&forged, START, "x.csv", b"reference\nA\n").await.status, 403);
    let wrong = format!("<form action=\"{START}\"><input name=\"csrf\" value=\"guess\"></form>");
    let forged = Page { status: 200, headers: page.headers.clone(), body: wrong };
    assert_eq!(browser.upload(&forged, START, "x.csv", b"reference\nA\n").await.status, 403);
}

#[actix_web::test]
async fn what_was_exported_is_read_back_without_a_change() {
    let app = TestApp::with_company().await;
    let file = "reference;name;barcode;type;sales_price;cost;tax_class;active\n\
        '=1+1;'+evil;376;untracked;12,50;1;reduced;yes\n\
        Z-9;Été, \"grand\";;kit;;;;no\n";
    let report = imports::run(&app, Rows::Products, file.as_bytes()).unwrap();
    assert!(report.is_written && report.counts.new == 2, "{report:?}");
    let mut out = Vec::new();
    export_records::run(&app.app.db, &app.app.vault, Subject::Products, Format::Csv, &mut out).unwrap();
    let text = String::from_utf8(out.clone()).unwrap();
    assert!(text.contains("'=1+1,'+evil,376,untracked,12.50,1.00,reduced,true,"), "{text}");
    let again = imports::run(&app, Rows::Products, &out).unwrap();
    assert_eq!(
        (again.counts.unchanged, again.counts.new + again.counts.changed + again.counts.refused),
        (4, 0),
        "{again:?}"
    );
    assert!(!again.is_written);
}

#[actix_web::test]
async fn an_import_that_was_cut_off_is_taken_up_again() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = imports::upload(&mut browser, START, b"reference,name\nA-1,Cup\n").await;
    let path = imports::address(&page, START);
    browser.post(&format!("{path}/columns"), &page.fields(&format!("{path}/columns"))).await;
    // A worker takes it and is never seen again; the next start of the only process frees it.
    let held = app.rows(file_imports::claim).unwrap();
    assert_eq!(worker::perform_due(&app.app).await.unwrap(), 0, "it is taken");
    app.rows(file_imports::free_all);
    assert_eq!(worker::perform_due(&app.app).await.unwrap(), 1);
    assert_eq!(counts(&browser.get(&path).await), ["1", "0", "0", "0"]);
    assert!(app.app.db.write(|conn| file_imports::end_check(conn, &held)).is_err(), "the first holder has lost it");
}
