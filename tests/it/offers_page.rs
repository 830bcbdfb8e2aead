//! Offers: the list, one offer, another product with and without the past, matching in bulk, files.

use crate::support::app::TestApp;
use crate::support::browser::{Browser, Page};
use crate::support::factory::{Sample, Shop};
use comptoir::db::offers::{self, Wanted};
use comptoir::db::schema::{moves, order_lines, products};
use comptoir::db::{Conn, DbError, audit, issues, standard_records};
use comptoir::domain::access::Role;
use comptoir::domain::ids::{IssueId, OfferId, OrderId, ProductId};
use comptoir::domain::offer::MatchedBy;
use diesel::prelude::*;

const FRANCE: &str = "A13V1IB3VIYZZH";

/// Runs the same statement on either database.
macro_rules! on {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            Conn::Sqlite($c) => $body,
            Conn::Pg($c) => $body,
        }
    };
}

fn offer(app: &TestApp, shop: Shop, sku: &str, product: Option<ProductId>) -> OfferId {
    let (company, now) = (app.company.unwrap(), app.app.clock.now().naive_utc());
    app.rows(|conn| {
        let matched_by = if product.is_some() { MatchedBy::Reference } else { MatchedBy::Nobody };
        let (account, marketplace) = (shop.account, FRANCE.into());
        offers::insert(conn, company, &[Wanted { account, marketplace, sku: sku.into(), product, matched_by }], now)?;
        Ok(offers::by_sku(conn, shop.account, &FRANCE.into(), &sku.into())?.unwrap().id)
    })
}

fn product(app: &TestApp, reference: &str, name: &str) -> ProductId {
    let (company, now) = (app.company.unwrap(), app.app.clock.now().naive_utc());
    app.rows(|conn| {
        standard_records::insert_products(conn, company, &[(reference, name)], now)?;
        let made = products::table.filter(products::reference.eq(reference)).select(products::id);
        on!(conn, |c| made.first(c)).map_err(DbError::from)
    })
}

/// The product of the line and of the move of an order.
fn products_of(app: &TestApp, order: OrderId) -> (ProductId, ProductId) {
    app.rows(|conn| {
        let line = order_lines::table.filter(order_lines::order_id.eq(order)).select(order_lines::product_id);
        let moved = moves::table.filter(moves::order_id.eq(order)).select(moves::product_id);
        let line: Option<ProductId> = on!(&mut *conn, |c| line.first(c))?;
        Ok((line.unwrap(), on!(conn, |c| moved.first(c))?))
    })
}

async fn choose(browser: &mut Browser, page: &Page, offer: OfferId, product: ProductId, applies: bool) -> Page {
    let product = product.to_string();
    let mut fields = vec![("product", product.as_str())];
    fields.extend(applies.then_some(("apply", "on")));
    browser.submit(page, &format!("/amazon/offers/{offer}"), &fields).await
}

#[actix_web::test]
async fn the_list_filters_and_searches_by_the_beginning_of_a_sku() {
    let app = TestApp::with_company().await;
    let (first, second) = (app.shop("Europe", FRANCE), app.shop("Germany", "A1PA6795UKMFR9"));
    let mug = product(&app, "MUG-01", "Blue mug");
    offer(&app, first, "MUG-01", Some(mug));
    offer(&app, first, "OLD 1", None);
    offer(&app, second, "mug-02", None);
    let mut browser = app.admin().await;
    let skus = |page: &Page| page.texts("tbody th a");
    let page = browser.get("/amazon/offers").await;
    assert_eq!(skus(&page), ["mug-02", "OLD 1", "MUG-01"]);
    assert!(page.text("tbody tr:last-child").contains("Blue mug MUG-01 Amazon.fr Europe – Matched"));
    assert!(page.text("tbody tr:first-child").contains("No product"));
    for (query, wanted) in [
        ("is=unmatched", vec!["mug-02", "OLD 1"]),
        ("q=Mug+0", vec!["mug-02", "MUG-01"]),
        ("q=ug", vec![]),
        ("marketplace=DE", vec![]),
        (&format!("account={}", first.account), vec!["OLD 1", "MUG-01"]),
        (&format!("product={mug}"), vec!["MUG-01"]),
    ] {
        assert_eq!(skus(&browser.get(&format!("/amazon/offers?{query}")).await), wanted, "{query}");
    }
    for number in 0..25 {
        offer(&app, first, &format!("PAGE-{number:02}"), None);
    }
    let page = browser.get("/amazon/offers?per=20").await;
    let next = page.attribute("a[rel=next]", "href").unwrap();
    assert_eq!((skus(&page).len(), skus(&browser.get(&next).await).len()), (20, 8));
}

#[actix_web::test]
async fn another_product_is_for_the_next_orders_unless_it_is_applied_to_the_past() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", FRANCE);
    let cup = product(&app, "CUP", "Cup");
    let id = offer(&app, shop, "MUG-01", None);
    let order = app.order(shop, &Sample::new(&app, 1));
    let cancelled = app.order(shop, &Sample { state: "cancelled", ..Sample::new(&app, 2) });
    let issue = app.issue(shop, issues::UNMATCHED_SKU, &format!("{FRANCE}/MUG-01"));
    let mut browser = app.admin().await;
    let path = format!("/amazon/offers/{id}");
    let page = browser.get(&format!("{path}?find=cup")).await;
    assert!(page.text("ul.choices").contains("CUP · Cup"));
    let answer = choose(&mut browser, &page, id, cup, false).await;
    assert_eq!(browser.follow(answer).await.text(".flash"), "The product is set.");
    assert_eq!(products_of(&app, order), (shop.product, shop.product), "nothing of the past was asked for");
    assert_eq!(state_of(&app, issue), "resolved", "the SKU has a product now");

    let stale = choose(&mut browser, &page, id, cup, true).await;
    assert_eq!(stale.status, 409, "the page was made before the last change");
    assert!(stale.text("[role=alert]").contains("Nothing of yours was saved"));
    assert_eq!(products_of(&app, order).0, shop.product);

    let page = browser.get(&path).await;
    let answer = choose(&mut browser, &page, id, cup, true).await;
    assert_eq!(browser.follow(answer).await.text(".flash"), "The product is set, and 1 order line took it.");
    assert_eq!(products_of(&app, order), (cup, cup), "the move is not done, so it follows");
    assert_eq!(products_of(&app, cancelled), (shop.product, shop.product));
    let trail = app.app.db.read(|conn| audit::about(conn, &format!("offer {id}"), 5)).unwrap();
    let told: Vec<_> = trail.iter().map(|event| (event.action.as_str(), event.new_value.as_deref())).collect();
    assert_eq!(told, [("offer_lines_mended", Some("1")), ("offer_matched", Some("CUP"))]);
    assert!(browser.get(&path).await.text("#timeline").contains("Nadia Benali"));
}

fn state_of(app: &TestApp, issue: IssueId) -> String {
    let company = app.company.unwrap();
    app.app.db.read(|conn| issues::by_id(conn, company, issue)).unwrap().unwrap().0.state
}

#[actix_web::test]
async fn an_offer_is_made_by_hand_once() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", FRANCE);
    product(&app, "CUP", "Cup");
    let mut browser = app.admin().await;
    let page = browser.get("/amazon/offers/new").await;
    let account = shop.account.to_string();
    let typed = |sku: &'static str, reference: &'static str, marketplace: &'static str| {
        vec![
            ("account", account.clone()),
            ("marketplace", marketplace.to_owned()),
            ("sku", sku.to_owned()),
            ("reference", reference.to_owned()),
        ]
    };
    for (fields, wanted) in [
        (typed(" ", "CUP", "FR"), "Amazon SKU must have between 1 and 40 characters"),
        (typed("CUP-1", "NOPE", "FR"), "No active product has this internal reference"),
        (typed("CUP-1", "CUP", "US"), "Marketplace must be in the region of the account"),
    ] {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.submit(&page, "/amazon/offers", &fields).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text(".emsg").starts_with(wanted), "{}", answer.text(".emsg"));
        assert_eq!(answer.attribute("#sku", "value").as_deref(), Some(fields[2].1));
    }
    let fields = typed("CUP-1", "CUP", "FR");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = browser.submit(&page, "/amazon/offers", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let made = answer.location().to_owned();
    assert!(browser.get(&made).await.text("main").contains("Matched"));
    let again = browser.submit(&page, "/amazon/offers", &fields).await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains(&format!("href=\"{made}\"")), "a link to the one that exists");
}

#[actix_web::test]
async fn matching_in_bulk_shows_first_what_it_would_do_and_leaves_conflicts_alone() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", FRANCE);
    let (mug, moved) = (product(&app, "MUG-01", "Blue mug"), product(&app, "CUP-9", "Cup"));
    product(&app, "LAMP 1", "Lamp");
    product(&app, "lamp_1", "Other lamp");
    let exact = offer(&app, shop, "MUG-01", None);
    offer(&app, shop, "cup_9", None);
    offer(&app, shop, "LAMP-1", None);
    offer(&app, shop, "NOTHING", None);
    offer(&app, shop, "CUP-9", Some(mug));
    let order = app.order(shop, &Sample { is_default_product: true, ..Sample::new(&app, 1) });
    let issue = app.issue(shop, issues::UNMATCHED_SKU, &format!("{FRANCE}/MUG-01"));
    let mut browser = app.admin().await;
    let page = browser.get("/amazon/offers/match").await;
    assert_eq!(page.texts("#counts dd"), ["1", "1", "2", "0", "1"]);
    assert!(page.body.contains("Several products have a reference alike"));
    assert_eq!(products_of(&app, order).0, shop.product, "a dry run writes nothing");
    let stale = browser.submit(&page, "/amazon/offers/match", &[("same", "7")]).await;
    assert_eq!(stale.status, 409);
    let answer = browser.submit(&page, "/amazon/offers/match", &[]).await;
    let said = browser.follow(answer).await.text(".flash");
    assert_eq!(said, "1 offer matched, and 1 order line took its product.");
    assert_eq!(products_of(&app, order), (mug, mug));
    assert_eq!(state_of(&app, issue), "resolved");
    let page = browser.get("/amazon/offers/match").await;
    assert_eq!(page.texts("#counts dd"), ["0", "1", "2", "1", "1"]);
    let answer = browser.submit(&page, "/amazon/offers/match", &[("takes_alike", "on")]).await;
    assert_eq!(browser.follow(answer).await.text(".flash"), "1 offer matched.");
    let page = browser.get(&format!("/amazon/offers?product={moved}")).await;
    assert_eq!(page.texts("tbody th a"), ["cup_9"]);
    let page = browser.get("/amazon/offers?q=cup-9").await;
    assert!(page.text("main").contains("Conflict"));
    let trail = app.app.db.read(|conn| audit::about(conn, &format!("offer {exact}"), 5)).unwrap();
    assert_eq!((trail[0].action.as_str(), trail[0].new_value.as_deref()), ("offer_matched_in_bulk", Some("MUG-01")));
}

#[actix_web::test]
async fn those_who_only_read_change_no_offer() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", FRANCE);
    let id = offer(&app, shop, "MUG-01", None);
    app.add_user(Role::Auditor).await;
    let mut browser = app.signed_in("auditor@example.com").await;
    let page = browser.get(&format!("/amazon/offers/{id}")).await;
    assert_eq!((page.status, page.has("button[name=product]")), (200, false));
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let one = format!("/amazon/offers/{id}");
    for (path, fields) in [
        (one.as_str(), vec![("version", "1"), ("product", "1")]),
        ("/amazon/offers", vec![("account", "1"), ("marketplace", "FR"), ("sku", "A"), ("reference", "")]),
        ("/amazon/offers/match", vec![("same", "0"), ("alike", "0")]),
        ("/amazon/offers/imports/1/apply", vec![]),
    ] {
        let fields: Vec<_> = fields.into_iter().chain([("csrf", csrf.as_str())]).collect();
        assert_eq!(browser.post(path, &fields).await.status, 403, "{path}");
    }
    for path in ["/amazon/offers/new", "/amazon/offers/match", "/amazon/offers/imports"] {
        assert_eq!(browser.get(path).await.status, 403, "{path}");
    }
    assert_eq!(browser.get("/amazon/offers/99999").await.status, 404);
}
