//! Orders that are cancelled: before shipping, after shipping, never imported, and back to life.

use crate::support::shop::{Shop, fba, fbm};
use crate::support::warehouse::SOLD;
use comptoir::ops::export_records::Subject;
use comptoir::sandbox::{FaultKind, FaultSettings, Status};
use serde_json::json;

#[tokio::test]
async fn cancelling_on_amazon_cancels_the_order_its_transfer_and_its_moves() {
    let shop = Shop::open().await;
    let id = shop.buy(fbm(2));
    shop.sync().await;
    shop.amazon().cancel(&id).unwrap();
    let run = shop.sync().await;
    assert_eq!(run.orders_cancelled, 1);
    let order = shop.order(&id);
    assert_eq!((&order["state"], &order["amazon_status"]), (&json!("cancelled"), &json!("CANCELLED")));
    assert_eq!(shop.of_order(Subject::Pickings, &id)[0]["state"], "cancelled");
    assert_eq!(shop.of_order(Subject::Moves, &id)[0]["state"], "cancelled");
    assert_eq!(shop.decision(&id), "R8 cancel");
    assert!(shop.open_issues().is_empty());
    let page = format!("/inventory/pickings/{}", shop.transfers(&id)[0].0);
    let page = shop.site.admin().await.get(&page).await;
    assert_eq!(page.text(".note.d"), "Amazon says that this order is cancelled.", "who looks at it sees why");
}

#[tokio::test]
async fn an_order_cancelled_after_shipping_stays_and_asks_for_a_decision() {
    let shop = Shop::open().await;
    let (ours, amazons) = (shop.buy(fbm(1)), shop.buy(fba(Status::Shipped, 1)));
    shop.amazon().ship(&ours, None).unwrap();
    shop.sync().await;
    let before = (shop.of_order(Subject::Moves, &ours), shop.of_order(Subject::Moves, &amazons));
    for id in [&ours, &amazons] {
        shop.amazon().cancel(id).unwrap();
    }
    let run = shop.sync().await;
    assert_eq!((run.orders_failed, run.state.as_str()), (2, "warned"));
    for id in [&ours, &amazons] {
        let order = shop.order(id);
        assert_eq!((&order["state"], &order["needs_decision"]), (&json!("locked"), &json!(true)));
        assert_eq!(shop.decision(id), "R9 needs_decision");
    }
    assert_eq!(
        (shop.of_order(Subject::Moves, &ours), shop.of_order(Subject::Moves, &amazons)),
        before,
        "what left has left"
    );
    let mut expected = [format!("order_conflict {ours}"), format!("order_conflict {amazons}")];
    expected.sort();
    assert_eq!(shop.open_issues(), expected);
}

#[tokio::test]
async fn an_order_cancelled_before_we_saw_it_is_skipped() {
    let shop = Shop::open().await;
    let id = shop.buy(fbm(1));
    shop.amazon().cancel(&id).unwrap();
    let run = shop.sync().await;
    assert_eq!((run.orders_skipped, run.orders_created), (1, 0));
    assert_eq!(shop.decision(&id), "R10 skip");
    assert!(shop.dump() == Shop::open().await.dump());
}

#[tokio::test]
async fn a_wish_to_cancel_holds_the_transfer() {
    let shop = Shop::open().await;
    let id = shop.buy(fbm(1));
    shop.sync().await;
    shop.amazon().request_cancellation(&id).unwrap();
    shop.sync().await;
    let picking = &shop.of_order(Subject::Pickings, &id)[0];
    assert_eq!((&picking["state"], &picking["is_held"]), (&json!("confirmed"), &json!(true)));
    assert_eq!(shop.open_issues(), [format!("cancellation_requested {id}")]);
}

#[tokio::test]
async fn when_amazon_says_cancelled_and_then_unshipped_a_person_is_asked() {
    let shop = Shop::open().await;
    let id = shop.buy(fbm(1));
    shop.sync().await;
    shop.amazon().touch(&id).unwrap();
    shop.amazon().set_fault(FaultKind::FalselyCancelled, FaultSettings::times(1));
    shop.sync().await;
    assert_eq!(shop.order(&id)["state"], "cancelled");
    shop.amazon().clear_faults();
    shop.amazon().touch(&id).unwrap();
    shop.sync().await;
    let order = shop.order(&id);
    assert_eq!((&order["state"], &order["needs_decision"]), (&json!("cancelled"), &json!(true)));
    assert_eq!(shop.decision(&id), "R9 needs_decision");
}

#[tokio::test]
async fn a_cancellation_before_shipping_stops_the_transfer_that_somebody_is_about_to_validate() {
    let shop = Shop::open().await;
    shop.stock(SOLD, 5);
    let id = shop.buy(fbm(2));
    shop.sync().await;
    let (path, mut browser) = (shop.open_transfer(&id), shop.site.admin().await);
    let action = format!("{path}/validate");
    let typed = [("carrier", "Colissimo"), ("tracking", "6A1"), ("wish", "all")];
    // The buyer asks: it is held, still reserved, and asks again.
    shop.amazon().request_cancellation(&id).unwrap();
    shop.sync().await;
    let seen = browser.get(&path).await;
    let asked = browser.submit(&seen, &action, &typed).await;
    assert!(asked.status == 200 && asked.text("main").contains("asked Amazon to cancel"), "{}", asked.body);
    assert_eq!(shop.shelf(SOLD), (5, 2));
    // Amazon cancels while the question is open: the answer to it ships nothing.
    shop.amazon().cancel(&id).unwrap();
    shop.sync().await;
    assert_eq!((shop.transfers(&id)[0].1.as_str(), shop.shelf(SOLD)), ("cancelled", (5, 0)));
    let answer = browser.submit(&asked, &action, &[("agreed", "yes")]).await;
    assert_eq!(answer.status, 409);
    assert_eq!((shop.outbox(&id), shop.shelf(SOLD)), (Vec::new(), (5, 0)));
    assert!(!browser.get(&path).await.has("#ship"));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}
