//! Goods that come back: whole, in parts, wrongly, twice, by two people, of kits, and what is expected back.

use crate::support::browser::{Browser, Page};
use crate::support::shop::{Shop, fbm};
use crate::support::warehouse::SOLD;
use comptoir::domain::access::Role;
use comptoir::ops::export_records::Subject;
use serde_json::json;

/// A shop in which an order of some units left; answers the order, the delivery's address and who shipped it.
async fn shipped(units: u32) -> (Shop, String, String, Browser) {
    let shop = Shop::open().await;
    shop.stock(SOLD, 10);
    let order = shop.buy(fbm(units));
    shop.sync().await;
    let (path, mut browser) = (shop.open_transfer(&order), shop.site.admin().await);
    let page = browser.get(&path).await;
    let typed = [("carrier", "Colissimo"), ("tracking", "6A12345678901"), ("wish", "all")];
    let answer = browser.submit(&page, &format!("{path}/validate"), &typed).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    (shop, order, path, browser)
}

async fn take_back(browser: &mut Browser, path: &str, typed: &[(&str, &str)]) -> Page {
    let action = format!("{path}/return");
    let page = browser.get(&action).await;
    browser.submit(&page, &action, typed).await
}

#[tokio::test]
async fn goods_come_back_to_stock_and_both_transfers_say_so() {
    let (shop, order, path, mut browser) = shipped(3).await;
    let page = browser.get(&path).await;
    assert!(page.has(&format!("a[href='{path}/return']")), "a done delivery offers a return");
    let told = shop.outbox(&order);
    let answer = take_back(&mut browser, &path, &[("quantity", "2")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let back = answer.location().to_owned();
    let page = browser.follow(answer).await;
    assert_eq!(page.texts("h1 ~ .badge")[..2], ["Done", "Return"]);
    assert!(page.has(&format!("dd a[href='{path}']")), "linked to the delivery");
    let page = browser.get(&path).await;
    assert!(page.has(&format!("dd a[href='{back}']")), "and back");
    assert!(page.text("#timeline").contains("Goods came back · Nadia Benali"), "{}", page.text("#timeline"));
    assert_eq!(shop.shelf(SOLD), (9, 0));
    assert_eq!(shop.outbox(&order), told, "Amazon is not told");
    let order_page = browser.get(&format!("/sales/orders/{order}")).await;
    let order_page = browser.follow(order_page).await;
    assert!(order_page.text("#lines").contains("Returned 2"), "{}", order_page.text("#lines"));
    assert_eq!(shop.order(&order)["lines"][0]["delivered"], 3, "it left all the same");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
    // A synchronization changes nothing of it.
    shop.sync().await;
    assert_eq!((shop.transfers(&order).len(), shop.shelf(SOLD)), (2, (9, 0)));
}

#[tokio::test]
async fn never_more_comes_back_than_left() {
    let (shop, order, path, mut browser) = shipped(3).await;
    for wrong in ["4", "-1", "two", "1.5", "99999999999999999999"] {
        let answer = take_back(&mut browser, &path, &[("quantity", wrong)]).await;
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(answer.text(".esum").contains("must be a whole number between 0 and 3"), "{}", answer.text(".esum"));
        assert_eq!(answer.attribute("input[name=quantity]", "value").unwrap(), wrong);
    }
    let answer = take_back(&mut browser, &path, &[("quantity", "0")]).await;
    assert!(answer.status == 422 && answer.text(".esum").contains("Enter how many units came back"));
    let answer = take_back(&mut browser, &path, &[("quantity", "1"), ("to", "attic")]).await;
    assert!(answer.status == 422 && answer.text(".esum").contains("Choose where the goods go"));
    assert_eq!(shop.transfers(&order).len(), 1, "nothing came back so far");
    assert_eq!(take_back(&mut browser, &path, &[("quantity", "2")]).await.status, 303);
    let answer = take_back(&mut browser, &path, &[("quantity", "2")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".esum").contains("between 0 and 1"), "{}", answer.text(".esum"));
    assert_eq!(take_back(&mut browser, &path, &[("quantity", "1")]).await.status, 303);
    let page = browser.get(&format!("{path}/return")).await;
    assert!(page.text("main").contains("Nothing of this transfer can come back"), "{}", page.text("main"));
    assert_eq!(shop.shelf(SOLD), (10, 0));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_sold_goes_aside_or_away_and_is_not_reserved() {
    let (shop, order, path, mut browser) = shipped(3).await;
    let typed = [("quantity", "1"), ("to", "unsellable")];
    assert_eq!(take_back(&mut browser, &path, &typed).await.status, 303);
    assert_eq!(take_back(&mut browser, &path, &typed).await.status, 303, "the location is there already");
    assert_eq!(take_back(&mut browser, &path, &[("quantity", "1"), ("to", "loss")]).await.status, 303);
    assert_eq!(shop.shelf(SOLD), (7, 0));
    let moves = shop.of_order(Subject::Moves, &order);
    let mut ends: Vec<&str> = moves.iter().filter_map(|one| one["to"].as_str()).collect();
    ends.sort_unstable();
    assert_eq!(ends, ["Customers", "Inventory loss", "WH/Unsellable", "WH/Unsellable"]);
    shop.stock(SOLD, 0);
    let waiting = shop.buy(fbm(1));
    shop.sync().await;
    assert_eq!(shop.transfers(&waiting)[0].1, "confirmed", "unsellable goods are promised to nobody");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn what_came_back_goes_to_the_order_that_waits() {
    let (shop, _, path, mut browser) = shipped(3).await;
    shop.stock(SOLD, 0);
    let waiting = shop.buy(fbm(2));
    shop.sync().await;
    assert_eq!(shop.transfers(&waiting)[0].1, "confirmed");
    assert_eq!(take_back(&mut browser, &path, &[("quantity", "2")]).await.status, 303);
    assert_eq!((shop.transfers(&waiting)[0].1.as_str(), shop.shelf(SOLD)), ("assigned", (2, 2)));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn the_same_return_sent_twice_takes_back_once() {
    let (shop, order, path, mut browser) = shipped(3).await;
    let action = format!("{path}/return");
    let page = browser.get(&action).await;
    let mut fields = page.fields(&action);
    fields.retain(|(name, _)| name != "quantity");
    fields.push(("quantity".to_owned(), "1".to_owned()));
    let mut sent = Vec::new();
    for _ in 0..8 {
        let (mut copy, action, fields) = (browser.copy(), action.clone(), fields.clone());
        sent.push(tokio::spawn(async move { copy.post(&action, &fields).await.status }));
    }
    let mut statuses = Vec::new();
    for one in sent {
        statuses.push(one.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409, 409, 409, 409, 409, 409, 409]);
    let answer = browser.post(&action, &fields).await;
    assert!(answer.status == 409 && answer.text(".esum").contains("Nothing of yours was saved"));
    assert_eq!(answer.attribute("input[name=quantity]", "value").unwrap(), "1", "what was typed stays");
    assert_eq!((shop.transfers(&order).len(), shop.shelf(SOLD)), (2, (8, 0)));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn only_the_warehouse_takes_goods_back_and_only_of_what_left() {
    let (shop, order, path, mut browser) = shipped(1).await;
    for (role, may) in [(Role::WarehouseUser, true), (Role::SalesManager, false), (Role::Auditor, false)] {
        shop.site.add_user(role).await;
        let mut other = shop.site.signed_in(&format!("{}@example.com", role.as_str())).await;
        let page = other.get(&path).await;
        assert_eq!(page.has(&format!("a[href='{path}/return']")), may, "{role:?}");
        assert_eq!(other.get(&format!("{path}/return")).await.status, if may { 200 } else { 403 }, "{role:?}");
        let csrf = other.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
        if !may {
            let fields = [("csrf", csrf.as_str()), ("version", "2"), ("to", "stock")];
            assert_eq!(other.post(&format!("{path}/return"), &fields).await.status, 403, "{role:?}");
        }
    }
    let open = shop.buy(fbm(1));
    shop.sync().await;
    let open = shop.open_transfer(&open);
    assert!(!browser.get(&open).await.has(&format!("a[href='{open}/return']")));
    let csrf = browser.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
    let fields = [("csrf", csrf.as_str()), ("version", "1"), ("to", "stock")];
    assert_eq!(browser.post(&format!("{open}/return"), &fields).await.status, 409, "it did not leave");
    assert_eq!(browser.post("/inventory/pickings/99999/return", &fields).await.status, 404);
    assert_eq!(shop.transfers(&order).len(), 1);
}

/// Amazon cancels an order of which everything left; answers its page, where somebody must decide.
async fn cancelled_after_shipping(units: u32) -> (Shop, String, String, Browser) {
    let (shop, order, path, browser) = shipped(units).await;
    shop.work().await;
    shop.amazon().cancel(&order).unwrap();
    shop.sync().await;
    assert_eq!(shop.decision(&order), "R9 needs_decision");
    (shop, order, path, browser)
}

async fn order_page(browser: &mut Browser, order: &str) -> (Page, String) {
    let found = browser.get(&format!("/sales/orders/{order}")).await;
    let path = found.location().to_owned();
    (browser.follow(found).await, path)
}

#[tokio::test]
async fn a_return_is_expected_and_the_warehouse_receives_it_in_two_parts() {
    let (shop, order, path, mut browser) = cancelled_after_shipping(3).await;
    let (page, at) = order_page(&mut browser, &order).await;
    assert!(page.text("#decide h2").contains("Amazon cancelled this order after goods left"));
    let answer = browser.submit(&page, &format!("{at}/expect-return"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = browser.follow(answer).await;
    assert!(!page.has("#decide") && page.text("#deeds").contains("Kept; a return is expected · Nadia Benali"));
    let held = shop.order(&order);
    assert_eq!((&held["state"], &held["needs_decision"]), (&json!("locked"), &json!(false)));
    assert_eq!(shop.open_issues(), Vec::<String>::new());
    assert_eq!(shop.shelf(SOLD), (7, 0), "nothing is there yet");
    let expected = shop.open_transfer(&order);
    let page = browser.get(&expected).await;
    assert_eq!(page.texts("h1 ~ .badge")[..2], ["Ready", "Return"]);
    assert!(!page.has("#ship"), "a return is not shipped");
    // What is expected cannot be taken back a second time.
    let other = browser.get(&format!("{path}/return")).await;
    assert!(other.text("main").contains("Nothing of this transfer can come back"));
    let answer = take_back(&mut browser, &expected, &[("quantity", "4")]).await;
    assert_eq!(answer.status, 422);
    let answer = take_back(&mut browser, &expected, &[("quantity", "1"), ("to", "loss")]).await;
    assert_eq!((answer.status, answer.location()), (303, expected.as_str()), "{}", answer.body);
    let rest = shop.open_transfer(&order);
    assert_ne!(rest, expected, "the other two are still expected");
    assert_eq!(take_back(&mut browser, &rest, &[("quantity", "2")]).await.status, 303);
    assert_eq!(shop.shelf(SOLD), (9, 0));
    let states: Vec<String> = shop.transfers(&order).into_iter().map(|(_, state)| state).collect();
    assert_eq!(states, ["done", "done", "done"]);
    assert_eq!(shop.disagreements(), Vec::<String>::new());
    // Amazon says the same once more: nobody is asked again.
    shop.amazon().touch(&order).unwrap();
    shop.sync().await;
    assert_eq!((&shop.order(&order)["needs_decision"], shop.open_issues().len()), (&json!(false), 0));
}

#[tokio::test]
async fn an_expected_return_may_be_cancelled_and_is_never_shipped() {
    let (shop, order, path, mut browser) = cancelled_after_shipping(2).await;
    let (page, at) = order_page(&mut browser, &order).await;
    browser.submit(&page, &format!("{at}/expect-return"), &[]).await;
    let expected = shop.open_transfer(&order);
    let csrf = browser.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
    let fields = [("csrf", csrf.as_str()), ("version", "1"), ("wish", "all")];
    assert_eq!(browser.post(&format!("{expected}/validate"), &fields).await.status, 422);
    let id = expected.rsplit('/').next().unwrap();
    let list = browser.get("/inventory/pickings").await;
    let batch = [("action", "ship"), ("id", id)];
    let answer = browser.submit(&list, "/inventory/pickings/batch", &batch).await;
    let page = browser.follow(answer).await;
    assert!(page.body.contains("goods come back with it"), "{}", page.body);
    let asked = browser.get(&format!("{expected}/cancel")).await;
    assert!(asked.text("main").contains("no longer expected back"));
    assert_eq!(browser.submit(&asked, &format!("{expected}/cancel"), &[]).await.status, 303);
    assert_eq!(shop.shelf(SOLD), (8, 0));
    assert_eq!(take_back(&mut browser, &path, &[("quantity", "2")]).await.status, 303, "they came after all");
    assert_eq!(shop.shelf(SOLD), (10, 0));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn taking_the_goods_back_decides_what_the_cancellation_asked() {
    let (shop, order, path, mut browser) = cancelled_after_shipping(2).await;
    let (page, _) = order_page(&mut browser, &order).await;
    assert_eq!(page.attribute("#decide a.btn", "href").unwrap(), format!("{path}/return"));
    assert_eq!(take_back(&mut browser, &path, &[("quantity", "2")]).await.status, 303);
    let held = shop.order(&order);
    assert_eq!((&held["state"], &held["needs_decision"]), (&json!("locked"), &json!(false)));
    assert_eq!((shop.open_issues().len(), shop.shelf(SOLD)), (0, (10, 0)));
    let (page, _) = order_page(&mut browser, &order).await;
    assert!(page.text("#deeds").contains("Goods came back · Nadia Benali"), "{}", page.text("#deeds"));
}

#[tokio::test]
async fn dismissing_needs_a_reason_which_is_kept_with_the_order_and_its_issue() {
    let (shop, order, _, mut browser) = cancelled_after_shipping(1).await;
    let (page, at) = order_page(&mut browser, &order).await;
    let action = format!("{at}/dismiss");
    let answer = browser.submit(&page, &action, &[("reason", "  ")]).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.text(".esum a"), "Enter why nothing is to be done");
    let long = "a".repeat(501);
    let answer = browser.submit(&page, &action, &[("reason", &long)]).await;
    assert_eq!((answer.status, answer.attribute("#reason", "value").unwrap()), (422, long));
    let issues = browser.get("/amazon/issues").await;
    let issue = issues.attribute("tbody th a", "href").unwrap();
    let page = browser.get(&issue).await;
    assert!(page.has("#decide") && !page.has("button[value=resolved]"), "the issue asks for the decision itself");
    let answer = browser.submit(&page, &action, &[("reason", "Amazon paid the parcel")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = browser.follow(answer).await;
    assert!(page.text("#deeds").contains("Dismissed · Nadia Benali"));
    assert!(page.text("#deeds").contains("Amazon paid the parcel"));
    assert!(browser.get(&issue).await.text("main").contains("Amazon paid the parcel"));
    assert_eq!((&shop.order(&order)["needs_decision"], shop.open_issues().len()), (&json!(false), 0));
    let fields = [("csrf", page.attribute("input[name=csrf]", "value").unwrap()), ("reason", "again".to_owned())];
    assert_eq!(browser.post(&action, &fields).await.status, 409, "it was decided already");
}

#[tokio::test]
async fn those_who_may_not_decide_are_not_offered_it() {
    let (shop, order, _, mut browser) = cancelled_after_shipping(1).await;
    let (_, at) = order_page(&mut browser, &order).await;
    for (role, expects, receives) in
        [(Role::SalesUser, true, false), (Role::WarehouseUser, false, true), (Role::Auditor, false, false)]
    {
        shop.site.add_user(role).await;
        let mut other = shop.site.signed_in(&format!("{}@example.com", role.as_str())).await;
        let page = other.get(&at).await;
        assert_eq!((page.has("#decide form"), page.has("#decide a.btn")), (expects, receives), "{role:?}");
        let csrf = other.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
        if !expects {
            let fields = [("csrf", csrf.as_str())];
            assert_eq!(other.post(&format!("{at}/expect-return"), &fields).await.status, 403, "{role:?}");
            let fields = [("csrf", csrf.as_str()), ("reason", "x")];
            assert_eq!(other.post(&format!("{at}/dismiss"), &fields).await.status, 403, "{role:?}");
        }
    }
    assert_eq!(shop.order(&order)["needs_decision"], true);
}

#[tokio::test]
async fn what_has_not_left_of_a_cancelled_order_is_cancelled_with_the_decision() {
    let shop = Shop::open().await;
    shop.stock(SOLD, 10);
    let order = shop.buy(fbm(3));
    shop.sync().await;
    let (path, mut browser) = (shop.open_transfer(&order), shop.site.admin().await);
    let page = browser.get(&path).await;
    let typed =
        [("carrier", "Colissimo"), ("tracking", "6A1"), ("done", "2"), ("wish", "validate"), ("rest", "backorder")];
    assert_eq!(browser.submit(&page, &format!("{path}/validate"), &typed).await.status, 303);
    shop.work().await;
    shop.amazon().cancel(&order).unwrap();
    shop.sync().await;
    let rest = shop.open_transfer(&order);
    assert_eq!(shop.shelf(SOLD), (8, 1), "the rest is held, and still reserved");
    let (page, at) = order_page(&mut browser, &order).await;
    assert_eq!(browser.submit(&page, &format!("{at}/expect-return"), &[]).await.status, 303);
    assert_eq!(browser.get(&rest).await.text("h1 + .badge"), "Cancelled");
    assert_eq!((shop.shelf(SOLD), &shop.order(&order)["state"]), ((8, 0), &json!("locked")));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}
