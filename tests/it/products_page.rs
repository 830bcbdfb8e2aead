//! Products: the list, one product, kits, and archiving; what is refused stays as it was.

use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::factory::Sample;
use crate::support::imports;
use comptoir::db::import::stock::{MoveRow, insert_moves};
use comptoir::db::products;
use comptoir::domain::access::Role;
use comptoir::domain::file_rows::Subject;
use comptoir::domain::ids::ProductId;
use comptoir::domain::money::Currency;
use comptoir::domain::picking::{MoveOrigin, PickingState};
use comptoir::domain::product::{Fields, Typed, read};
use std::collections::BTreeSet;

/// Writes products with these references, names, types and prices.
fn stock_list(app: &TestApp, rows: &[(&str, &str, &str, &str)]) -> Vec<ProductId> {
    let fields = |(reference, name, product_type, price): &(&str, &str, &str, &str)| -> (Fields, bool) {
        let typed = Typed {
            reference: (*reference).to_owned(),
            name: (*name).to_owned(),
            product_type: (*product_type).to_owned(),
            price: (*price).to_owned(),
            ..Typed::default()
        };
        (read(&typed, Currency::EUR).unwrap(), true)
    };
    let new: Vec<_> = rows.iter().map(fields).collect();
    let (company, now) = (app.company.unwrap(), app.app.clock.now().naive_utc());
    app.rows(|conn| products::insert(conn, company, &new, now))
}

/// The references that a list shows.
fn references(page: &Page) -> Vec<String> {
    page.texts("tbody th a")
}

async fn developer(app: &TestApp) -> Browser {
    let mut browser = app.admin().await;
    let page = browser.get("/me").await;
    browser.submit(&page, "/me/developer-mode", &[("on", "yes")]).await;
    browser
}

const NEW: [(&str, &str); 7] = [
    ("reference", "MUG-01"),
    ("name", "Blue mug"),
    ("barcode", "3760000000017"),
    ("type", "goods"),
    ("sales_price", "19,90"),
    ("cost", "7.5"),
    ("tax_class", "standard"),
];

#[actix_web::test]
async fn a_product_is_created_and_shown_as_it_was_typed() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let form = browser.get("/sales/products/new").await;
    let answer = browser.submit(&form, "/sales/products", &NEW).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = browser.follow(answer).await;
    assert_eq!((page.text("h1").as_str(), page.text(".flash").as_str()), ("Blue mug", "The product was created."));
    assert_eq!(page.attribute("#sales_price", "value").as_deref(), Some("19.90"));
    assert_eq!(page.attribute("#cost", "value").as_deref(), Some("7.50"));
    let list = browser.get("/sales/products").await;
    assert_eq!(references(&list), ["AMAZON-SALE", "AMAZON-SHIPPING", "MUG-01"]);
    assert!(list.text("tbody tr:nth-child(3)").contains("€19.90"), "{}", list.body);
}

#[actix_web::test]
async fn what_is_wrong_is_said_beside_each_field_and_nothing_typed_is_lost() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let form = browser.get("/sales/products/new").await;
    let typed = [("reference", ""), ("name", "Lamp"), ("sales_price", "12.345"), ("cost", "-1"), ("tax_class", "A b")];
    let answer = browser.submit(&form, "/sales/products", &typed).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text("title").starts_with("Error: "));
    let errors = answer.texts(".emsg");
    assert_eq!(errors.len(), 4, "{errors:?}");
    assert_eq!(errors[0], "Internal reference is missing: enter it");
    assert!(errors[1].starts_with("Sales price has more decimals than EUR has"), "{errors:?}");
    assert_eq!(answer.attribute("#name", "value").as_deref(), Some("Lamp"));
    assert_eq!(answer.attribute("#sales_price", "value").as_deref(), Some("12.345"));
    assert_eq!(browser.get("/sales/products").await.text("p.count"), "2 products", "nothing was written");
}

#[actix_web::test]
async fn a_reference_is_unique_in_the_company_and_the_other_product_is_linked() {
    let app = TestApp::with_company().await;
    let ids = stock_list(&app, &[("MUG-01", "Mug", "goods", "1"), ("LAMP-9", "Lamp", "goods", "1")]);
    let mut browser = app.admin().await;
    let form = browser.get("/sales/products/new").await;
    let answer = browser.submit(&form, "/sales/products", &NEW).await;
    assert_eq!(answer.status, 422);
    let link = format!("/sales/products/{}", ids[0]);
    assert!(answer.attribute("p.note.d a", "href").as_deref() == Some(&link), "{}", answer.body);
    let page = browser.get(&format!("/sales/products/{}", ids[1])).await;
    let answer = browser.submit(&page, &format!("/sales/products/{}", ids[1]), &[("reference", "MUG-01")]).await;
    assert_eq!(answer.status, 422);
}

#[actix_web::test]
async fn a_change_that_somebody_made_meanwhile_is_not_overwritten_and_leaves_a_trace() {
    let app = TestApp::with_company().await;
    let id = stock_list(&app, &[("MUG-01", "Mug", "goods", "12")])[0];
    let path = format!("/sales/products/{id}");
    let mut browser = app.admin().await;
    let page = browser.get(&path).await;
    assert_eq!(browser.submit(&page, &path, &[("name", "Blue mug"), ("sales_price", "13")]).await.status, 303);
    let stale = browser.submit(&page, &path, &[("name", "Red mug")]).await;
    assert_eq!(stale.status, 409);
    assert!(stale.text("#problem tbody").contains("Blue mug"), "what is stored: {}", stale.body);
    assert!(stale.text("#problem tbody").contains("Red mug"), "what was typed: {}", stale.body);
    let page = browser.get(&path).await;
    assert_eq!(page.text("h1"), "Blue mug");
    assert!(page.text(".tl").contains("Sales price: 12.00 → 13.00"), "{}", page.text(".tl"));
}

#[actix_web::test]
async fn default_products_are_changed_in_developer_mode_only_and_never_archived() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let list = browser.get("/sales/products").await;
    assert_eq!(list.texts("td .badge.v"), ["Default product", "Default product"]);
    let path = list.attribute("tbody th a", "href").unwrap();
    let page = browser.get(&path).await;
    assert!(!page.has(&format!("form[action=\"{path}\"]")), "no form outside developer mode");
    assert!(page.body.contains("in developer mode only"));
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let mut fields: Vec<(&str, &str)> = vec![("csrf", &csrf), ("version", "1")];
    fields.extend(NEW);
    assert_eq!(browser.post(&path, &fields).await.status, 403);
    let id = path.rsplit('/').next().unwrap();
    let batch = [("csrf", csrf.as_str()), ("action", "archive"), ("next", "/sales/products"), ("id", id)];
    let answer = browser.post("/sales/products/batch", &batch).await;
    let said = browser.follow(answer).await.text(".flash");
    assert!(said.contains("0 products archived. Default products stay in use: AMAZON-SALE"), "{said}");
    let mut browser = developer(&app).await;
    let page = browser.get(&path).await;
    assert_eq!(browser.submit(&page, &path, &[("name", "Amazon goods")]).await.status, 303);
    assert!(!browser.get(&path).await.has(&format!("form[action=\"{path}/archive\"]")));
}

#[actix_web::test]
async fn ticked_products_are_archived_together_and_come_back() {
    let app = TestApp::with_company().await;
    let ids = stock_list(&app, &[("A-1", "A", "goods", "1"), ("A-2", "B", "goods", "1"), ("A-3", "C", "goods", "1")]);
    let mut browser = app.admin().await;
    let page = browser.get("/sales/products?q=A").await;
    assert_eq!(page.attribute("tbody input[type=checkbox]", "form").as_deref(), Some("batch"));
    let tick = |page: &Page, action: &str, ids: &[ProductId]| {
        let mut fields = page.fields("/sales/products/batch");
        fields.push(("action".to_owned(), action.to_owned()));
        fields.extend(ids.iter().map(|id| ("id".to_owned(), id.to_string())));
        fields
    };
    let answer = browser.post("/sales/products/batch", &tick(&page, "archive", &ids[..2])).await;
    assert_eq!((answer.status, answer.location()), (303, "/sales/products?q=A"));
    let page = browser.follow(answer).await;
    assert_eq!(
        (page.text(".flash").as_str(), references(&page).contains(&"A-3".to_owned())),
        ("2 products archived.", true)
    );
    let archive = browser.get("/sales/products?is=archived").await;
    assert_eq!(references(&archive), ["A-1", "A-2"]);
    let answer = browser.post("/sales/products/batch", &tick(&archive, "unarchive", &ids[..1])).await;
    assert_eq!(browser.follow(answer).await.text(".flash"), "1 product is in use again.");
    let answer = browser.post("/sales/products/batch", &tick(&archive, "archive", &[])).await;
    assert_eq!(browser.follow(answer).await.text(".flash"), "Tick the products first.");
    let answer = browser.post("/sales/products/batch", &tick(&archive, "archive", &[ProductId(9999)])).await;
    assert_eq!(answer.status, 404, "all are known, or none changes");
}

#[actix_web::test]
async fn a_search_finds_beginnings_of_words_without_accents_and_a_filter_keeps_types() {
    let app = TestApp::with_company().await;
    stock_list(
        &app,
        &[
            ("MUG-01", "Tasse à café bleue", "goods", "5"),
            ("MUG-02", "Tasse rouge", "kit", "4"),
            ("SERV", "Emballage", "service", "9"),
        ],
    );
    let mut browser = app.admin().await;
    for (query, expected) in [
        ("q=cafe", vec!["MUG-01"]),
        ("q=CAF%C3%89+mug", vec!["MUG-01"]),
        ("q=tas", vec!["MUG-01", "MUG-02"]),
        ("q=tasse+serv", vec![]),
        ("q=%25", vec!["AMAZON-SALE", "AMAZON-SHIPPING", "MUG-01", "MUG-02", "SERV"]),
        ("type=service", vec!["AMAZON-SHIPPING", "SERV"]),
        ("type=service&type=kit&q=mug", vec!["MUG-02"]),
        ("not.type=service&not.type=goods", vec!["MUG-02"]),
    ] {
        let page = browser.get(&format!("/sales/products?{query}")).await;
        assert_eq!(
            (page.status, references(&page)),
            (200, expected.iter().map(ToString::to_string).collect()),
            "{query}"
        );
    }
}

#[actix_web::test]
async fn a_word_that_thousands_carry_is_searched_in_the_order_of_the_list() {
    let app = TestApp::with_company().await;
    let names: Vec<String> = (0..2_100).map(|number| format!("T-{number:04}")).collect();
    let rows: Vec<(&str, &str, &str, &str)> = names.iter().map(|name| (name.as_str(), "Towel", "goods", "1")).collect();
    stock_list(&app, &rows);
    let mut browser = app.admin().await;
    let page = browser.get("/sales/products?q=towel&per=20").await;
    assert_eq!((page.text("p.count").as_str(), references(&page)[0].as_str()), ("2,100 products", "T-0000"));
    let page = browser.get("/sales/products?q=towel+2099&per=20").await;
    assert_eq!(references(&page), ["T-2099"], "the rare word decides");
}

#[actix_web::test]
async fn every_product_is_on_exactly_one_page_in_every_order() {
    let app = TestApp::with_company().await;
    let names: Vec<(String, String)> =
        (0..45).map(|n| (format!("R-{:02}", n * 7 % 45), format!("{}", n % 9))).collect();
    let rows: Vec<(&str, &str, &str, &str)> =
        names.iter().map(|(reference, price)| (reference.as_str(), "Same name", "goods", price.as_str())).collect();
    stock_list(&app, &rows);
    let mut browser = app.admin().await;
    for sort in ["", "&sort=-reference", "&sort=name", "&sort=-name", "&sort=price", "&sort=-price"] {
        let (mut seen, mut path, mut pages) = (Vec::new(), format!("/sales/products?per=20{sort}"), Vec::new());
        loop {
            let page = browser.get(&path).await;
            seen.extend(references(&page));
            pages.push(references(&page));
            let Some(next) = page.attribute("a[rel=next]", "href") else { break };
            path = next;
        }
        assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len(), pages.len()), (47, 47, 3), "{sort}");
        let page = browser.get(&path).await;
        let before = page.attribute("a[rel=prev]", "href").unwrap();
        assert_eq!(references(&browser.get(&before).await), pages[1], "back, {sort}");
    }
}

#[actix_web::test]
async fn a_kit_is_made_of_known_products_and_never_of_itself() {
    let app = TestApp::with_company().await;
    let ids = stock_list(&app, &[("SET", "Set", "kit", "9"), ("BOX", "Box", "kit", "9"), ("MUG", "Mug", "goods", "1")]);
    let mut browser = app.admin().await;
    let save = |page: &Page, id: ProductId, parts: &[(&str, &str)]| {
        let mut fields = page.fields(&format!("/sales/products/{id}/components"));
        fields.retain(|(name, _)| name != "component" && name != "quantity");
        for (reference, quantity) in parts {
            fields.push(("component".to_owned(), (*reference).to_owned()));
            fields.push(("quantity".to_owned(), (*quantity).to_owned()));
        }
        fields
    };
    let (set, box_) = (format!("/sales/products/{}", ids[0]), format!("/sales/products/{}", ids[1]));
    let page = browser.get(&set).await;
    for (parts, expected) in [
        (vec![("NONE", "1")], "No product has the internal reference “NONE”"),
        (vec![("SET", "1")], "“SET” is or holds this kit"),
        (vec![("MUG", "many")], "Quantity of “MUG” must be a whole number between 1 and 100,000"),
        (vec![("MUG", "1"), ("MUG", "2")], "“MUG” is there twice"),
    ] {
        let answer = browser.post(&format!("{set}/components"), &save(&page, ids[0], &parts)).await;
        assert_eq!(answer.status, 422, "{expected}");
        assert!(answer.text(".emsg").starts_with(expected), "{}", answer.text(".emsg"));
        assert_eq!(answer.attribute("input[name=component]", "value").as_deref(), Some(parts[0].0));
    }
    let parts = [("MUG", "4"), ("BOX", "1"), ("", "1")];
    assert_eq!(browser.post(&format!("{set}/components"), &save(&page, ids[0], &parts)).await.status, 303);
    let same = browser.post(&format!("{set}/components"), &save(&page, ids[0], &parts)).await;
    assert_eq!(same.status, 303, "what is stored already is not in the way: {}", same.body);
    let stale = browser.post(&format!("{set}/components"), &save(&page, ids[0], &[("MUG", "5"), ("BOX", "1")])).await;
    assert_eq!(stale.status, 409);
    assert_eq!(stale.texts("#problem tbody td"), ["1 × BOX, 4 × MUG", "1 × BOX, 5 × MUG"]);
    let typed: Vec<_> = stale.fields(&format!("{set}/components")).into_iter().map(|(_, value)| value).collect();
    assert!(typed.contains(&"5".to_owned()), "what was typed stays: {typed:?}");
    let page = browser.get(&box_).await;
    assert!(page.body.contains(&set), "the box says which kit holds it");
    let answer = browser.post(&format!("{box_}/components"), &save(&page, ids[1], &[("SET", "1")])).await;
    assert!(answer.text(".emsg").starts_with("“SET” is or holds this kit"), "a circle of two is refused");
    let page = browser.get(&set).await;
    let answer = browser.submit(&page, &set, &[("type", "goods")]).await;
    assert_eq!((answer.status, answer.text(".emsg").contains("take them out first")), (422, true));
}

#[actix_web::test]
async fn a_count_over_somebody_elses_shows_both_and_the_same_count_is_no_conflict() {
    let app = TestApp::with_company().await;
    let mug = stock_list(&app, &[("MUG", "Mug", "goods", "1")])[0];
    let (product, count) = (format!("/sales/products/{mug}"), format!("/sales/products/{mug}/count"));
    let mut browser = app.admin().await;
    let page = browser.get(&product).await;
    assert_eq!(browser.submit(&page, &count, &[("counted", "5")]).await.status, 303);
    let same = browser.submit(&page, &count, &[("counted", "5")]).await;
    assert_eq!(same.status, 303, "{}", same.body);
    let stale = browser.submit(&page, &count, &[("counted", "7")]).await;
    assert_eq!((stale.status, stale.texts("#problem tbody td")), (409, vec!["5".to_owned(), "7".to_owned()]));
    assert_eq!(stale.attribute("#counted", "value").as_deref(), Some("7"), "what was typed stays");
    assert_eq!(browser.submit(&stale, &count, &[]).await.status, 303);
    assert_eq!(browser.get(&product).await.attribute("#counted", "value").as_deref(), Some("7"));
}

#[actix_web::test]
async fn what_is_on_hand_comes_from_done_moves_and_decides_how_many_kits_are_possible() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let (company, now) = (app.company.unwrap(), app.app.clock.now().naive_utc());
    let order = app.order(shop, &Sample::new(&app, 1));
    let kit = stock_list(&app, &[("SET", "Set", "kit", "9")])[0];
    let reference = app.app.db.read(|conn| products::by_id(conn, company, shop.product)).unwrap().unwrap().reference;
    let came = MoveRow {
        company_id: company,
        account_id: Some(shop.account),
        marketplace_id: None,
        order_id: Some(order),
        order_line_id: None,
        picking_id: None,
        product_id: shop.product,
        kit_id: None,
        quantity: 11,
        source_id: shop.customer_location,
        destination_id: shop.location,
        origin: MoveOrigin::Transfer,
        state: PickingState::Done,
        moved_at: now,
    };
    app.rows(|conn| insert_moves(conn, std::slice::from_ref(&came)));
    let mut browser = app.admin().await;
    let page = browser.get(&format!("/sales/products/{}", shop.product)).await;
    assert_eq!(page.texts(".stats b"), ["11", "11"], "all of it is at Amazon");
    let path = format!("/sales/products/{kit}");
    let page = browser.get(&path).await;
    let mut fields = page.fields(&format!("{path}/components"));
    fields.retain(|(name, _)| name != "component" && name != "quantity");
    fields.push(("component".to_owned(), reference));
    fields.push(("quantity".to_owned(), "4".to_owned()));
    assert_eq!(browser.post(&format!("{path}/components"), &fields).await.status, 303);
    assert_eq!(browser.get(&path).await.text(".stats b"), "2 kits possible");
    assert!(browser.get("/sales/products?type=kit").await.text("tbody tr").contains("2 kits possible"));
    let page = browser.get(&format!("/sales/products/{}", shop.product)).await;
    let answer = browser.submit(&page, &format!("/sales/products/{}", shop.product), &[("type", "kit")]).await;
    assert!(answer.text(".emsg").contains("the product has stock moves"), "{}", answer.body);
}

#[actix_web::test]
async fn an_export_holds_what_the_list_holds_and_no_formula() {
    let app = TestApp::with_company().await;
    stock_list(
        &app,
        &[("=1+1", "+evil", "goods", "2.5"), ("MUG", "Mug", "kit", "3"), ("SERV", "Service", "service", "0")],
    );
    let mut browser = app.admin().await;
    let page = browser.get("/sales/products?not.type=service&sort=-price").await;
    assert!(page.body.contains("/sales/products.csv?not.type=service&#38;sort=-price"), "{}", page.body);
    let file = browser.get("/sales/products.csv?not.type=service&sort=-price").await;
    assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
    let lines: Vec<&str> = file.body.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines[0], "reference,name,barcode,type,sales_price,cost,tax_class,active,components");
    assert_eq!(lines[1..3], ["MUG,Mug,,kit,3.00,0.00,standard,true,", "'=1+1,'+evil,,goods,2.50,0.00,standard,true,"]);
    assert_eq!(lines.len(), 4, "and Amazon Sale");
    let file = browser.get("/sales/products.json?type=kit").await;
    let json: serde_json::Value = serde_json::from_str(&file.body).unwrap();
    assert_eq!((json[0]["sales_price"].as_str(), json[0]["currency"].as_str()), (Some("3.00"), Some("EUR")));
}

#[actix_web::test]
async fn those_who_may_not_edit_products_read_them_only() {
    let app = TestApp::with_company().await;
    let id = stock_list(&app, &[("MUG", "Mug", "goods", "3")])[0];
    app.add_user(Role::SalesUser).await;
    let mut browser = app.signed_in("sales_user@example.com").await;
    let page = browser.get("/sales/products").await;
    assert!(page.status == 200 && !page.has("input[type=checkbox][name=id]"));
    let path = format!("/sales/products/{id}");
    let page = browser.get(&path).await;
    assert_eq!((page.status, page.has("#reference")), (200, false));
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let mut fields: Vec<(&str, &str)> = vec![("csrf", &csrf), ("version", "1")];
    fields.extend(NEW);
    assert_eq!(browser.post(&path, &fields).await.status, 403);
    assert_eq!(browser.post("/sales/products", &fields).await.status, 403);
    assert_eq!(
        browser.post(&format!("{path}/archive"), &[("csrf", csrf.as_str()), ("action", "archive")]).await.status,
        403
    );
    for closed in ["/sales/products/new", "/sales/products/imports"] {
        assert_eq!(browser.get(closed).await.status, 403, "{closed}");
    }
}

#[actix_web::test]
async fn the_list_shows_what_is_free_and_how_many_offers_sell_a_product() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let ids = stock_list(&app, &[("MUG-01", "Mug", "goods", "1"), ("LAMP-9", "Lamp", "goods", "1")]);
    let file = b"sku,reference,account\nA,MUG-01,Europe\nB,MUG-01,Europe\n";
    imports::run(&app, Subject::Offers, file).unwrap();
    let mut browser = app.admin().await;
    let page = browser.get("/sales/products?q=mug").await;
    let link = page.attribute(&format!("tbody a[href='/amazon/offers?product={}']", ids[0]), "aria-label");
    assert_eq!(link.as_deref(), Some("2 offers of MUG-01"));
    assert_eq!(browser.get(&format!("/amazon/offers?product={}", ids[0])).await.texts("tbody th").len(), 2);
    let unsold = browser.get("/sales/products?is=no_offer&type=goods").await;
    let unsold_ones = unsold.texts("tbody th a");
    assert!(unsold_ones.iter().any(|one| one == "LAMP-9") && !unsold_ones.iter().any(|one| one == "MUG-01"));
    assert!(unsold.text("main").contains("Without offer"));
    assert!(shop.account.0 > 0);
}
