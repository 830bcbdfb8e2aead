//! Validations that are taken back before Amazon is told: what waits afterwards is what the order still wants.

use crate::support::browser::{Browser, Page};
use crate::support::shop::{Shop, fbm};
use crate::support::warehouse::SOLD;
use comptoir::db::{settings, shipment_changes};
use comptoir::domain::ids::PickingId;
use comptoir::ops::announce_grace;
use comptoir::ops::export_records::Subject;
use serde_json::{Value, json};

/// A shop with ten units in which three were ordered, and in which Amazon is told half an hour after a validation.
async fn ordered() -> (Shop, String, String, Browser) {
    let shop = Shop::open().await;
    shop.site.rows(|conn| settings::put(conn, announce_grace::SETTING, "1800"));
    shop.stock(SOLD, 10);
    let order = shop.buy(fbm(3));
    shop.sync().await;
    let (path, browser) = (shop.open_transfer(&order), shop.site.admin().await);
    (shop, order, path, browser)
}

/// Some units leave; `rest` says what becomes of the others.
async fn leave(browser: &mut Browser, path: &str, units: &str, rest: &str) {
    let (page, action) = (browser.get(path).await, format!("{path}/validate"));
    let typed = [("carrier", "Colissimo"), ("tracking", "6A12345678901"), ("done", units), ("wish", "validate")];
    let mut answer = browser.submit(&page, &action, &typed).await;
    if !rest.is_empty() {
        answer = browser.submit(&answer, &action, &[("rest", rest)]).await;
    }
    assert_eq!(answer.status, 303, "{}", answer.body);
}

async fn undo(browser: &mut Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    let answer = browser.submit(&page, &format!("{path}/undo"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser.follow(answer).await
}

/// How many units of an order wait to leave.
fn asked(shop: &Shop, order: &str) -> i64 {
    let moves = shop.of_order(Subject::Moves, order);
    let open = moves.iter().filter(|one| one["state"] != "done" && one["state"] != "cancelled");
    open.map(|one| one["quantity"].as_i64().unwrap()).sum()
}

fn picking_of(path: &str) -> PickingId {
    PickingId(path.rsplit('/').next().unwrap().parse().unwrap())
}

#[tokio::test]
async fn a_validation_without_backorder_that_is_taken_back_asks_for_everything_again() {
    let (shop, order, path, mut browser) = ordered().await;
    leave(&mut browser, &path, "1", "cancelled").await;
    assert_eq!(shop.shelf(SOLD), (9, 0));
    undo(&mut browser, &path).await;
    assert_eq!(shop.shelf(SOLD), (10, 3), "all three wait, not only the one that had left");
    assert_eq!(asked(&shop, &order), 3);
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn a_part_that_is_taken_back_joins_its_backorder() {
    let (shop, order, path, mut browser) = ordered().await;
    leave(&mut browser, &path, "2", "backorder").await;
    let rest = shop.open_transfer(&order);
    undo(&mut browser, &path).await;
    assert_eq!((shop.open_transfer(&order), shop.shelf(SOLD)), (rest, (10, 3)));
    assert_eq!(asked(&shop, &order), 3);
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn a_wish_to_cancel_that_came_meanwhile_holds_what_waits_again() {
    let (shop, order, path, mut browser) = ordered().await;
    leave(&mut browser, &path, "3", "").await;
    shop.amazon().request_cancellation(&order).unwrap();
    shop.sync().await;
    undo(&mut browser, &path).await;
    let (open, action) = (shop.open_transfer(&order), format!("{}/validate", shop.open_transfer(&order)));
    let page = browser.get(&open).await;
    let typed = [("carrier", "Colissimo"), ("tracking", "6A12345678901"), ("wish", "all")];
    let asked = browser.submit(&page, &action, &typed).await;
    assert!(asked.status == 200 && asked.text("main").contains("asked Amazon to cancel"), "{}", asked.body);
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn of_an_order_that_amazon_cancelled_meanwhile_nothing_leaves_again() {
    let (shop, order, path, mut browser) = ordered().await;
    leave(&mut browser, &path, "3", "").await;
    shop.amazon().cancel(&order).unwrap();
    shop.sync().await;
    assert_eq!(shop.order(&order)["needs_decision"], json!(true));
    undo(&mut browser, &path).await;
    let states: Vec<String> = shop.transfers(&order).into_iter().map(|(_, state)| state).collect();
    assert_eq!((states, shop.shelf(SOLD)), (vec!["cancelled".to_owned()], (10, 0)));
    assert_eq!(shop.order(&order)["needs_decision"], json!(false), "taking the goods back decides");
    assert_eq!(shop.open_issues(), Vec::<String>::new());
    shop.later(60);
    shop.work().await;
    assert!(shop.amazon().packages(&order).is_empty());
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn units_that_the_buyer_no_longer_wants_do_not_wait_again() {
    let (shop, order, path, mut browser) = ordered().await;
    leave(&mut browser, &path, "3", "").await;
    let fewer = |order: &mut Value| order["orderItems"][0]["quantityOrdered"] = json!(2);
    shop.amazon().patch_order(&order, fewer).unwrap();
    shop.amazon().touch(&order).unwrap();
    shop.sync().await;
    undo(&mut browser, &path).await;
    assert_eq!(asked(&shop, &order), 2);
    assert_eq!((shop.shelf(SOLD), shop.disagreements()), ((10, 2), Vec::new()));
}

/// The clock of another node is ahead: for it the time is over, and it is about to call Amazon.
#[tokio::test]
async fn what_another_node_is_telling_already_is_not_taken_back() {
    let (shop, order, path, mut browser) = ordered().await;
    leave(&mut browser, &path, "3", "").await;
    let seen = browser.get(&path).await;
    let shipment = shop.shipment(picking_of(&path)).id;
    shop.site.rows(|conn| shipment_changes::begin(conn, &[shipment]));
    let answer = browser.submit(&seen, &format!("{path}/undo"), &[]).await;
    let page = browser.follow(answer).await;
    assert!(page.body.contains("too late to take this back"), "{}", page.body);
    assert_eq!((shop.shelf(SOLD), shop.transfers(&order).len()), ((7, 0), 1));
}

#[tokio::test]
async fn a_correction_of_what_is_due_gives_no_second_time_to_take_it_back() {
    let (shop, _, path, mut browser) = ordered().await;
    leave(&mut browser, &path, "3", "").await;
    shop.later(31);
    let mut browser = shop.site.admin().await;
    let correct = format!("{path}/correct");
    let form = browser.get(&correct).await;
    assert_eq!(browser.submit(&form, &correct, &[("tracking", "6A99999999999")]).await.status, 303);
    let page = browser.get(&path).await;
    assert!(page.has(&format!("a[href='{correct}']")), "{}", page.text("main"));
    assert!(!page.has(&format!("form[action='{path}/undo']")), "Amazon may be hearing of it already");
}
