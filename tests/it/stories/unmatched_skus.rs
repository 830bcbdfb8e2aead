//! A SKU that no product has: the order comes in, one issue is raised, and one click mends everything.

use crate::support::browser::{Browser, Page};
use crate::support::shop::{Shop, fba, fbm};
use comptoir::db::schema::{issues, offers};
use comptoir::domain::ids::IssueId;
use comptoir::ops::export_records::Subject;
use comptoir::sandbox::{CATALOGUE, LineSpec, OrderSpec, Status};
use diesel::prelude::*;
use serde_json::{Value, json};

/// A SKU of the simulated merchant that the shop of these tests has no product for.
const SKU: &str = CATALOGUE[0].0;

/// The issue about it.
const ISSUE: &str = "unmatched_sku A13V1IB3VIYZZH/CAF-MOKA-3T";

fn of_sku(sku: &str, quantity: u32) -> Vec<LineSpec> {
    vec![LineSpec { sku: sku.to_owned(), quantity, unit_price_minor: Some(2490) }]
}

fn unmatched(spec: OrderSpec) -> OrderSpec {
    OrderSpec { lines: of_sku(SKU, 2), ..spec }
}

fn issue(shop: &Shop) -> IssueId {
    let of_sku = issues::table.filter(issues::subject.like("%CAF-MOKA-3T")).select(issues::id);
    shop.read(|conn| match conn {
        comptoir::db::Conn::Sqlite(c) => of_sku.first(c),
        comptoir::db::Conn::Pg(c) => of_sku.first(c),
    })
}

/// The offers of a SKU as marketplace, whether a product is matched, and who found it.
fn offers_of(shop: &Shop, sku: &str) -> Vec<(String, bool, String)> {
    let found = offers::table.filter(offers::sku.eq(sku)).order((offers::account_id, offers::marketplace_id));
    let columns = (offers::marketplace_id, offers::product_id.is_not_null(), offers::matched_by);
    shop.read(|conn| match conn {
        comptoir::db::Conn::Sqlite(c) => found.select(columns).load(c),
        comptoir::db::Conn::Pg(c) => found.select(columns).load(c),
    })
}

fn product_of(shop: &Shop, order: &str) -> Value {
    shop.order(order)["lines"][0]["product"].clone()
}

/// Product, quantity, from, to and state of the moves of an order.
fn moves(shop: &Shop, order: &str) -> Vec<Value> {
    let all = shop.of_order(Subject::Moves, order);
    all.iter().map(|one| json!([one["product"], one["quantity"], one["from"], one["to"], one["state"]])).collect()
}

async fn choose(browser: &mut Browser, page: &Page, issue: IssueId, name: &str) -> Page {
    let action = format!("/amazon/issues/{issue}/match");
    let buttons = page.texts(&format!("form[action=\"{action}\"] button"));
    let place = buttons.iter().position(|text| text.contains(name)).unwrap_or_else(|| panic!("{name} in {buttons:?}"));
    let values: Vec<String> = page.attributes(&format!("form[action=\"{action}\"] button"), "value");
    browser.submit(page, &action, &[("product", &values[place])]).await
}

#[tokio::test]
async fn one_click_on_the_issue_mends_the_order_and_all_that_wait_for_the_sku() {
    let shop = Shop::open().await;
    let to_ship = shop.buy(unmatched(fbm(2)));
    let by_amazon = shop.buy(unmatched(fba(Status::Shipped, 2)));
    let cancelled = shop.buy(unmatched(fbm(2)));
    let in_germany = shop.buy(OrderSpec { marketplace: "DE".to_owned(), ..unmatched(fbm(2)) });
    shop.sync().await;
    shop.amazon().cancel(&cancelled).unwrap();
    shop.sync().await;
    assert_eq!(shop.order(&cancelled)["state"], "cancelled");
    assert_eq!(shop.open_issues(), [ISSUE, "unmatched_sku A1PA6795UKMFR9/CAF-MOKA-3T"]);
    for order in [&to_ship, &by_amazon, &in_germany] {
        assert_eq!(product_of(&shop, order), "Amazon Sale");
    }
    let unmatched = |place: &str| (place.to_owned(), false, "nobody".to_owned());
    assert_eq!(offers_of(&shop, SKU), [unmatched("A13V1IB3VIYZZH"), unmatched("A1PA6795UKMFR9")]);

    let mut browser = shop.site.admin().await;
    let id = issue(&shop);
    let page = browser.get(&format!("/amazon/issues/{id}")).await;
    assert!(page.body.contains("2 order lines wait for it"), "{}", page.text("main"));
    let page = browser.get(&format!("/amazon/issues/{id}?find=caf-filter")).await;
    let filter = CATALOGUE[3].2;
    let answer = choose(&mut browser, &page, id, "CAF-FILTER-100").await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let said = browser.follow(answer).await.text(".flash");
    assert!(said.contains("2 order lines took it. The stock of 1 line that had left was corrected."), "{said}");

    assert_eq!(shop.open_issues(), ["unmatched_sku A1PA6795UKMFR9/CAF-MOKA-3T"], "Germany is another offer");
    assert_eq!((product_of(&shop, &to_ship), product_of(&shop, &by_amazon)), (json!(filter), json!(filter)));
    assert_eq!(product_of(&shop, &in_germany), "Amazon Sale");
    assert_eq!(product_of(&shop, &cancelled), "Amazon Sale", "a cancelled order is history");
    assert_eq!(moves(&shop, &to_ship), [json!([filter, 2, "WH/Stock", "Customers", "confirmed"])]);
    let corrected = [
        json!(["Amazon Sale", 2, "Amazon", "Customers", "done"]),
        json!(["Amazon Sale", 2, "Customers", "Amazon", "done"]),
        json!([filter, 2, "Amazon", "Customers", "done"]),
    ];
    assert_eq!(moves(&shop, &by_amazon), corrected);
    assert_eq!(offers_of(&shop, SKU)[0], ("A13V1IB3VIYZZH".to_owned(), true, "person".to_owned()));

    let before = shop.dump();
    let next = shop.buy(self::unmatched(fbm(1)));
    shop.sync().await;
    assert_eq!(product_of(&shop, &next), json!(filter), "the next order takes the product");
    assert_eq!(shop.open_issues().len(), 1);
    assert!(!before.contains(&next));
    let again = choose(&mut browser, &page, id, "CAF-FILTER-100").await;
    assert_eq!(again.status, 409, "somebody settled it meanwhile");
}

#[tokio::test]
async fn a_sku_with_a_product_gets_its_offer_at_its_first_order_and_a_second_reading_changes_nothing() {
    let shop = Shop::open().await;
    shop.buy(fbm(1));
    shop.buy(fbm(3));
    shop.sync().await;
    let known = CATALOGUE[2].0;
    let matched = ("A13V1IB3VIYZZH".to_owned(), true, "reference".to_owned());
    assert_eq!(offers_of(&shop, known), std::slice::from_ref(&matched));
    shop.sync().await;
    assert_eq!(offers_of(&shop, known), [matched]);
}

#[tokio::test]
async fn a_product_is_created_from_the_sku_and_settles_the_issue() {
    let shop = Shop::open().await;
    let order = shop.buy(unmatched(fbm(2)));
    shop.sync().await;
    let id = issue(&shop);
    let mut browser = shop.site.admin().await;
    let page = browser.get(&format!("/amazon/issues/{id}")).await;
    let action = format!("/amazon/issues/{id}/product");
    assert!(page.fields(&action).contains(&("reference".to_owned(), SKU.to_owned())));
    let taken = browser.submit(&page, &action, &[("reference", "CAF-FILTER-100"), ("name", "Moka")]).await;
    assert_eq!((taken.status, taken.attribute("#name", "value").as_deref()), (422, Some("Moka")));
    assert!(taken.text(".emsg").contains("already"));
    let empty = browser.submit(&page, &action, &[("name", " ")]).await;
    assert_eq!(empty.status, 422);
    assert_eq!(product_of(&shop, &order), "Amazon Sale", "nothing half-written");
    let answer = browser.submit(&page, &action, &[("name", "Moka")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(product_of(&shop, &order), "Moka");
    assert_eq!(shop.open_issues(), Vec::<String>::new());
}

#[tokio::test]
async fn products_with_a_sign_for_them_are_suggested_with_that_sign() {
    let shop = Shop::open().await;
    shop.buy(unmatched(fbm(2)));
    shop.sync().await;
    let products = [("caf moka 3t", "Something"), ("MOKA", "Cafetière moka en aluminium, 3 tasses")];
    let now = shop.site.app.clock.now().naive_utc();
    let company = shop.company;
    shop.site
        .app
        .db
        .write(|conn| comptoir::db::standard_records::insert_products(conn, company, &products, now))
        .unwrap();
    let mut browser = shop.site.admin().await;
    let page = browser.get(&format!("/amazon/issues/{}", issue(&shop))).await;
    let suggested = page.texts("ol.choices li");
    assert!(suggested[0].starts_with("caf moka 3t") && suggested[0].contains("but for case, spaces or dashes"));
    assert!(suggested[1].starts_with("MOKA") && suggested[1].contains("share 100 % of their words"), "{suggested:?}");
}

#[tokio::test]
async fn only_those_who_match_offers_choose_and_a_wrong_choice_changes_nothing() {
    use comptoir::domain::access::Role;
    let shop = Shop::open().await;
    let order = shop.buy(unmatched(fbm(2)));
    shop.sync().await;
    let id = issue(&shop);
    let (page, action) = (format!("/amazon/issues/{id}"), format!("/amazon/issues/{id}/match"));
    shop.site.add_user(Role::Auditor).await;
    let mut auditor = shop.site.signed_in("auditor@example.com").await;
    let shown = auditor.get(&page).await;
    assert!(!shown.body.contains(&action));
    let csrf = shown.attribute("input[name=csrf]", "value").unwrap();
    assert_eq!(auditor.post(&action, &[("csrf", csrf.as_str()), ("product", "1")]).await.status, 403);
    let mut browser = shop.site.admin().await;
    let shown = browser.get(&page).await;
    // The first two products of a company are its default ones.
    for wrong in ["1", "99999"] {
        assert_eq!(browser.submit(&shown, &action, &[("product", wrong)]).await.status, 422, "{wrong}");
    }
    assert_eq!(product_of(&shop, &order), "Amazon Sale");
    assert_eq!(shop.open_issues(), [ISSUE]);
}

#[tokio::test]
async fn what_an_order_still_ships_keeps_the_product_of_its_line_when_the_past_was_left_alone() {
    use comptoir::domain::ids::OfferId;
    let shop = Shop::open().await;
    let known = CATALOGUE[2];
    let order = shop.buy(fbm(2));
    shop.sync().await;
    let offer: OfferId = {
        let of_sku = offers::table.filter(offers::sku.eq(known.0)).select(offers::id);
        shop.read(|conn| match conn {
            comptoir::db::Conn::Sqlite(c) => of_sku.first(c),
            comptoir::db::Conn::Pg(c) => of_sku.first(c),
        })
    };
    let mut browser = shop.site.admin().await;
    let path = format!("/amazon/offers/{offer}");
    let page = browser.get(&format!("{path}?find=CAF-FILTER-100")).await;
    let chosen = page.attribute("ul.choices:last-of-type button", "value").unwrap();
    assert_eq!(browser.submit(&page, &path, &[("product", &chosen)]).await.status, 303);
    shop.later(30);
    shop.amazon().ship(&order, None).unwrap();
    shop.sync().await;
    let left: Vec<Value> = moves(&shop, &order).into_iter().filter(|one| one[4] == "done").collect();
    assert_eq!(left, [json!([known.2, 2, "WH/Stock", "Customers", "done"])]);
    assert_eq!(product_of(&shop, &order), json!(known.2));
    let next = shop.buy(fbm(1));
    shop.sync().await;
    assert_eq!(product_of(&shop, &next), json!(CATALOGUE[3].2));
}

/// An order of two units of the unknown SKU leaves with a parcel of which Amazon is told after `grace`.
async fn left(shop: &Shop, grace: chrono::TimeDelta) -> (String, String) {
    let order = shop.buy(unmatched(fbm(2)));
    shop.sync().await;
    let picking = crate::support::shipping::ship(&shop.site.app, &order, "6A12345678901", grace).await;
    (order, format!("/inventory/pickings/{picking}"))
}

/// The SKU turns out to be this product.
async fn turns_out_to_be(shop: &Shop, browser: &mut Browser, reference: &str) {
    let id = issue(shop);
    let page = browser.get(&format!("/amazon/issues/{id}?find={reference}")).await;
    assert_eq!(choose(browser, &page, id, reference).await.status, 303);
}

#[tokio::test]
async fn a_sku_that_turns_out_to_be_a_kit_after_its_parcel_left_is_told_as_it_was_sold() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let (kit, part) = (CATALOGUE[3].0, CATALOGUE[4].0);
    shop.make_kit(&mut browser, kit, &[(part, "3")]).await;
    shop.stock(part, 10);
    let (order, _) = left(&shop, chrono::TimeDelta::zero()).await;
    turns_out_to_be(&shop, &mut browser, kit).await;
    assert_eq!(shop.shelf(part), (4, 0), "what is inside left as well");
    shop.work().await;
    let told: Vec<i64> = shop.amazon().packages(&order)[0].items.iter().map(|item| item.quantity).collect();
    assert_eq!(told, [2], "two were sold, whatever is inside");
    shop.sync().await;
    let picking = shop.transfers(&order)[0].0;
    assert_eq!(shop.standing(picking), "ok");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn what_comes_back_is_what_really_left() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let known = CATALOGUE[3].0;
    shop.stock(known, 10);
    let (order, path) = left(&shop, chrono::TimeDelta::zero()).await;
    turns_out_to_be(&shop, &mut browser, known).await;
    assert_eq!(shop.shelf(known), (8, 0));
    for (typed, shelf) in [("1", (9, 0)), ("1", (10, 0))] {
        let page = browser.get(&format!("{path}/return")).await;
        assert!(page.text("tbody").contains(known), "{}", page.text("tbody"));
        let answer = browser.submit(&page, &format!("{path}/return"), &[("quantity", typed)]).await;
        assert_eq!((answer.status, shop.shelf(known)), (303, shelf));
    }
    let page = browser.get(&format!("{path}/return")).await;
    assert!(page.text("main").contains("Nothing of this transfer can come back"), "{}", page.text("main"));
    let page = browser.get(&format!("/sales/orders/{order}")).await;
    assert!(browser.follow(page).await.text("#lines").contains("Returned 2"));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn a_correction_after_a_return_counts_as_none() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let known = CATALOGUE[3].0;
    shop.stock(known, 10);
    let (order, path) = left(&shop, chrono::TimeDelta::zero()).await;
    let page = browser.get(&format!("{path}/return")).await;
    assert_eq!(browser.submit(&page, &format!("{path}/return"), &[("quantity", "1")]).await.status, 303);
    turns_out_to_be(&shop, &mut browser, known).await;
    assert_eq!(shop.shelf(known), (9, 0), "one of two left for good");
    let page = browser.get(&format!("/sales/orders/{order}")).await;
    let lines = browser.follow(page).await.text("#lines");
    assert!(lines.contains("Returned 1"), "{lines}");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn a_parcel_whose_product_was_corrected_is_not_taken_back_by_half() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let known = CATALOGUE[3].0;
    shop.stock(known, 10);
    let (order, path) = left(&shop, chrono::TimeDelta::minutes(30)).await;
    turns_out_to_be(&shop, &mut browser, known).await;
    let page = browser.get(&path).await;
    let answer = browser.submit(&page, &format!("{path}/undo"), &[]).await;
    let page = browser.follow(answer).await;
    assert!(page.body.contains("were corrected after it left"), "{}", page.text("main"));
    assert_eq!((shop.shelf(known), shop.transfers(&order).len()), ((8, 0), 1));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn who_was_about_to_ship_the_unknown_product_sees_what_it_turned_out_to_be() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let known = CATALOGUE[3].0;
    shop.stock(known, 10);
    let order = shop.buy(unmatched(fbm(2)));
    shop.sync().await;
    let path = shop.open_transfer(&order);
    let seen = browser.get(&path).await;
    turns_out_to_be(&shop, &mut browser, known).await;
    let typed = [("carrier", "Colissimo"), ("tracking", "6A12345678901"), ("wish", "all")];
    let late = browser.submit(&seen, &format!("{path}/validate"), &typed).await;
    assert_eq!((late.status, shop.shelf(known)), (409, (10, 2)));
    assert!(late.text("main").contains(known), "{}", late.text("main"));
}
