//! What left is told to Amazon: once each, whatever is lost on the way, and every verdict is shown for its parcel.

use crate::support::shipping::ship;
use crate::support::shop::{Shop, fbm};
use chrono::TimeDelta;
use comptoir::db::settings;
use comptoir::domain::ids::PickingId;
use comptoir::sandbox::{FaultKind, FaultSettings, Operation, Settings};

/// A shop with this many orders that were read and are ready to leave.
async fn ready(orders: usize) -> (Shop, Vec<String>) {
    let shop = Shop::open().await;
    let ids: Vec<String> = (0..orders).map(|_| shop.buy(fbm(2))).collect();
    shop.sync().await;
    (shop, ids)
}

fn confirmations(times: u32) -> FaultSettings {
    FaultSettings { operation: Some(Operation::ConfirmShipment), ..FaultSettings::times(times) }
}

fn calls(shop: &Shop) -> u64 {
    shop.amazon().call_counts().get("confirmShipment").copied().unwrap_or(0)
}

#[tokio::test]
async fn a_parcel_is_told_once_and_confirmed_by_the_next_synchronization_of_orders() {
    let (shop, ids) = ready(1).await;
    let picking = shop.leaves(&ids[0], "6A12345678901").await;
    shop.work().await;
    assert_eq!(shop.standing(picking), "sent", "Amazon took it, its order does not show it yet");
    let packages = shop.amazon().packages(&ids[0]);
    assert_eq!((packages.len(), packages[0].reference.as_str(), packages[0].confirmations), (1, "1", 1));
    assert_eq!((packages[0].carrier_code.as_str(), packages[0].tracking.as_str()), ("Colissimo", "6A12345678901"));
    assert_eq!(packages[0].items[0].quantity, 2);
    shop.sync().await;
    assert_eq!(shop.standing(picking), "ok");
    assert_eq!(calls(&shop), 1, "one call for each parcel");
    shop.later(25 * 60);
    shop.work().await;
    assert_eq!((shop.tells_next(), calls(&shop)), (None, 1), "nothing is left to tell or to ask");
    assert!(!shop.is_shipped_outside(&ids[0]));
}

#[tokio::test]
async fn a_parcel_waits_for_its_time_in_which_it_can_be_taken_back() {
    let (shop, ids) = ready(1).await;
    let picking = ship(&shop.site.app, &ids[0], "6A12345678901", TimeDelta::minutes(2)).await;
    shop.work().await;
    assert_eq!((shop.standing(picking), calls(&shop)), ("to_send", 0));
    shop.later(3);
    shop.work().await;
    assert_eq!((shop.standing(picking), calls(&shop)), ("sent", 1));
}

/// F05: Amazon takes the parcel, and nobody hears it.
#[tokio::test]
async fn a_lost_answer_is_asked_again_and_makes_no_second_package() {
    let (shop, ids) = ready(1).await;
    shop.amazon().set_fault(FaultKind::AnswerLost, confirmations(1));
    let picking = shop.leaves(&ids[0], "6A12345678901").await;
    shop.work().await;
    assert_eq!(shop.standing(picking), "sent");
    let packages = shop.amazon().packages(&ids[0]);
    assert_eq!((packages.len(), packages[0].confirmations), (1, 2));
}

#[tokio::test]
async fn when_every_answer_is_lost_the_order_itself_says_that_the_parcel_arrived() {
    let (shop, ids) = ready(1).await;
    shop.amazon().set_fault(FaultKind::AnswerLost, confirmations(100));
    let picking = shop.leaves(&ids[0], "6A12345678901").await;
    shop.work().await;
    assert_eq!(shop.standing(picking), "to_send", "nobody knows");
    assert_eq!(shop.shipment(picking).attempts, 1);
    assert!(shop.shipment(picking).send_after.unwrap() > shop.site.app.clock.now().naive_utc());
    shop.sync().await;
    assert_eq!(shop.standing(picking), "ok");
    let asked = calls(&shop);
    shop.later(60);
    shop.work().await;
    assert_eq!(calls(&shop), asked, "what Amazon shows is not told again");
    assert_eq!(shop.amazon().packages(&ids[0]).len(), 1);
}

#[tokio::test]
async fn a_refused_parcel_says_why_and_stops_no_other() {
    let (shop, ids) = ready(3).await;
    let only = Some(ids[1].clone());
    shop.amazon().set_fault(FaultKind::OrderRefused, FaultSettings { only, ..confirmations(10) });
    let pickings = shop.all_leave(&ids).await;
    shop.work().await;
    let standings: Vec<_> = pickings.iter().map(|picking| shop.standing(*picking)).collect();
    assert_eq!(standings, ["sent", "failed", "sent"]);
    let refused = shop.shipment(pickings[1]);
    assert_eq!(refused.refusal_code.as_deref(), Some("InvalidInput"));
    assert!(!refused.refusal.unwrap().is_empty(), "Amazon's words are kept");
    assert_eq!(shop.tells_next(), shop.shipment(pickings[0]).sent_at.map(|at| at + TimeDelta::hours(24)));
}

#[tokio::test]
async fn when_amazon_asks_to_slow_down_all_wait_and_nothing_is_lost() {
    let (shop, ids) = ready(3).await;
    shop.amazon().set_fault(FaultKind::ThrottledWithHeaders, confirmations(1));
    let pickings = shop.all_leave(&ids).await;
    for _ in 0..10 {
        shop.work().await;
        shop.later(2);
    }
    assert!(pickings.iter().all(|picking| shop.shipment(*picking).sent_at.is_some()));
    assert!(ids.iter().all(|id| shop.amazon().packages(id).len() == 1));
    assert!(calls(&shop) <= 5, "no storm of calls: {}", calls(&shop));
}

#[tokio::test]
async fn server_errors_put_a_parcel_off_and_it_is_told_later() {
    let (shop, ids) = ready(1).await;
    shop.amazon().set_fault(FaultKind::ServiceUnavailable, confirmations(5));
    let picking = shop.leaves(&ids[0], "6A12345678901").await;
    shop.work().await;
    assert_eq!((shop.standing(picking), shop.shipment(picking).attempts), ("to_send", 1));
    shop.later(5);
    shop.work().await;
    assert_eq!((shop.standing(picking), shop.shipment(picking).attempts), ("sent", 2));
}

#[tokio::test]
async fn a_parcel_that_no_order_confirms_in_a_day_is_unknown_and_amazon_is_asked_about_its_order() {
    let (shop, ids) = ready(1).await;
    shop.amazon().set_settings(Settings { confirmation_delay_secs: 48 * 3600, ..Settings::default() });
    let picking = shop.leaves(&ids[0], "6A12345678901").await;
    shop.work().await;
    shop.later(25 * 60);
    let asked = |shop: &Shop| shop.amazon().call_counts().get("getOrder").copied().unwrap_or(0);
    shop.work().await;
    assert_eq!((shop.standing(picking), asked(&shop)), ("unknown", 1), "no answer yet is no failure");
    shop.later(30 * 60);
    shop.sync().await;
    assert_eq!(shop.standing(picking), "ok", "a late answer is an answer");
}

/// F37: the books are older than what Amazon knows.
#[tokio::test]
async fn after_an_older_backup_came_back_a_repeat_is_harmless() {
    let (shop, ids) = ready(1).await;
    let picking = shop.leaves(&ids[0], "6A12345678901").await;
    shop.work().await;
    // The backup was made between the validation and the call.
    let now = shop.site.app.clock.now().naive_utc();
    let account = shop.account;
    shop.site.rows(|conn| {
        use comptoir::db::schema::shipments as s;
        use diesel::{ExpressionMethods as _, RunQueryDsl as _};
        let before = (s::send_after.eq(now), s::attempts.eq(0), s::sent_at.eq(None::<chrono::NaiveDateTime>));
        match conn {
            comptoir::db::Conn::Sqlite(c) => diesel::update(s::table).set(before).execute(c)?,
            comptoir::db::Conn::Pg(c) => diesel::update(s::table).set(before).execute(c)?,
        };
        comptoir::db::shipment_changes::set_standing(conn, picking, comptoir::domain::picking::AmazonSync::ToSend)?;
        comptoir::db::jobs::request(conn, comptoir::db::jobs::JobKind::SyncPickings, account, now)
    });
    shop.work().await;
    let packages = shop.amazon().packages(&ids[0]);
    assert_eq!((packages.len(), packages[0].confirmations), (1, 2), "told twice, one package");
    shop.sync().await;
    assert_eq!(shop.standing(picking), "ok");
}

#[tokio::test]
async fn what_left_without_comptoir_confirms_no_parcel_of_ours() {
    let (shop, ids) = ready(1).await;
    shop.amazon().ship(&ids[0], None).unwrap();
    shop.sync().await;
    let order = shop.order(&ids[0]);
    assert_eq!((order["state"].as_str(), order["delivery"].as_str()), (Some("locked"), Some("full")));
    assert!(shop.is_shipped_outside(&ids[0]));
    assert_eq!(shop.tells_next(), None, "there is nothing to tell");
}

/// A shop above whose threshold these many parcels wait.
async fn crowded(parcels: usize) -> (Shop, Vec<String>, Vec<PickingId>) {
    let (shop, ids) = ready(parcels).await;
    shop.site.rows(|conn| settings::put(conn, "feed_threshold", "2"));
    let pickings = shop.all_leave(&ids).await;
    (shop, ids, pickings)
}

fn standings(shop: &Shop, pickings: &[PickingId]) -> Vec<&'static str> {
    pickings.iter().map(|picking| shop.standing(*picking)).collect()
}

/// Minutes pass until no feed is under way.
async fn until_read(shop: &Shop) {
    for _ in 0..5 {
        shop.later(2);
        shop.work().await;
    }
}

#[tokio::test]
async fn many_parcels_travel_with_one_feed() {
    let (shop, ids, pickings) = crowded(5).await;
    shop.work().await;
    assert_eq!((shop.feeds(), calls(&shop)), (vec!["submitted".to_owned()], 0));
    assert_eq!(standings(&shop, &pickings), ["sent"; 5]);
    until_read(&shop).await;
    assert_eq!(shop.feeds(), ["done"]);
    shop.sync().await;
    assert_eq!(standings(&shop, &pickings), ["ok"; 5]);
    for id in &ids {
        let packages = shop.amazon().packages(id);
        assert_eq!(
            (packages.len(), packages[0].reference.as_str(), packages[0].tracking.as_str()),
            (1, "1", "6A12345678901")
        );
    }
    assert_eq!(calls(&shop), 0, "no parcel was told twice");
}

#[tokio::test]
async fn what_amazon_refuses_in_a_feed_is_refused_for_that_parcel_alone() {
    let (shop, ids, pickings) = crowded(4).await;
    // It left by hand as well, so nothing of it is left for our parcel.
    shop.amazon().ship(&ids[1], None).unwrap();
    shop.work().await;
    until_read(&shop).await;
    assert_eq!(shop.feeds(), ["done"]);
    assert_eq!(standings(&shop, &pickings), ["sent", "failed", "sent", "sent"]);
    let refused = shop.shipment(pickings[1]);
    assert!(!refused.refusal.unwrap().is_empty() && !refused.refusal_code.unwrap().is_empty());
    let mut browser = shop.site.admin().await;
    let list = browser.get("/amazon/feeds").await;
    assert!(list.text("tbody tr").contains("Accepted with errors (1 of 4)"), "{}", list.text("main"));
    let href = list.attribute("tbody th a", "href").unwrap();
    let page = browser.get(&href).await;
    assert_eq!(page.texts("tbody tr").len(), 4);
    let page = browser.get(&format!("{href}?only=refused")).await;
    assert_eq!(page.texts("tbody tr").len(), 1);
    assert!(page.text("tbody tr").contains(&ids[1]));
    let retried = browser.submit(&page, "/inventory/pickings/retry", &[]).await;
    assert_eq!((retried.status, retried.location()), (303, href.as_str()));
    assert_eq!(shop.standing(pickings[1]), "to_send");
    assert!(!browser.get(&href).await.has("tbody form"), "what is told again already is not offered again");
}

#[tokio::test]
async fn a_feed_that_amazon_refuses_as_a_whole_leaves_its_parcels_to_be_told_one_by_one() {
    let (shop, ids, pickings) = crowded(3).await;
    shop.amazon().set_fault(FaultKind::FeedFatal, FaultSettings::times(1));
    shop.work().await;
    until_read(&shop).await;
    assert_eq!(shop.feeds(), ["fatal"], "no second feed right after one that came to nothing");
    assert_eq!((standings(&shop, &pickings), calls(&shop)), (vec!["sent"; 3], 3));
    assert!(ids.iter().all(|id| shop.amazon().packages(id).len() == 1));
}

#[tokio::test]
async fn a_feed_of_which_nobody_knows_whether_amazon_has_it_is_given_again_and_doubles_nothing() {
    let (shop, ids, pickings) = crowded(3).await;
    shop.work().await;
    // Killed between Amazon's answer and our writing of it: the feed is still to be given.
    let now = shop.site.app.clock.now().naive_utc();
    shop.site.rows(|conn| {
        use comptoir::db::schema::{feeds as f, shipments as s};
        use diesel::{ExpressionMethods as _, RunQueryDsl as _};
        let none = None::<chrono::NaiveDateTime>;
        let built = (
            f::state.eq("built"),
            f::amazon_feed_id.eq(None::<String>),
            f::submitted_at.eq(none),
            f::next_look_at.eq(now),
        );
        let untold = (s::attempts.eq(0), s::sent_at.eq(none));
        match conn {
            comptoir::db::Conn::Sqlite(c) => {
                diesel::update(f::table).set(built).execute(c)?;
                diesel::update(s::table).set(untold).execute(c)?;
            }
            comptoir::db::Conn::Pg(c) => {
                diesel::update(f::table).set(built).execute(c)?;
                diesel::update(s::table).set(untold).execute(c)?;
            }
        }
        for picking in &pickings {
            comptoir::db::shipment_changes::set_standing(
                conn,
                *picking,
                comptoir::domain::picking::AmazonSync::ToSend,
            )?;
        }
        comptoir::db::jobs::request(conn, comptoir::db::jobs::JobKind::SyncPickings, shop.account, now)
    });
    shop.work().await;
    until_read(&shop).await;
    assert_eq!((shop.feeds(), shop.amazon().feeds().len()), (vec!["done".to_owned()], 2));
    shop.sync().await;
    assert_eq!(standings(&shop, &pickings), ["ok"; 3]);
    assert!(ids.iter().all(|id| shop.amazon().packages(id).len() == 1));
}

#[tokio::test]
async fn while_a_parcel_travels_with_a_feed_nobody_changes_it() {
    let (shop, _, pickings) = crowded(3).await;
    shop.work().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/inventory/pickings/{}", pickings[0]);
    let page = browser.get(&path).await;
    assert!(page.text("section").contains("Travels with this feed"));
    assert!(!page.has("section button"));
    let correct = format!("{path}/correct");
    let form = browser.get(&correct).await;
    let late = browser.submit(&form, &correct, &[("carrier", "DPD"), ("tracking", "A1")]).await;
    assert_eq!(late.status, 303);
    assert!(browser.follow(late).await.body.contains("report about the feed"));
    assert_eq!(shop.shipment(pickings[0]).tracking, "6A12345678901");
}
