//! What left is told to Amazon: once each, whatever is lost on the way, and every verdict is shown for its parcel.

use crate::support::shipping::ship;
use crate::support::shop::{Shop, fbm};
use chrono::TimeDelta;
use comptoir::sandbox::{FaultKind, FaultSettings, Operation, Settings};

/// A shop with this many orders that were read and are ready to leave.
pub(super) async fn ready(orders: usize) -> (Shop, Vec<String>) {
    let shop = Shop::open().await;
    let ids: Vec<String> = (0..orders).map(|_| shop.buy(fbm(2))).collect();
    shop.sync().await;
    (shop, ids)
}

fn confirmations(times: u32) -> FaultSettings {
    FaultSettings { operation: Some(Operation::ConfirmShipment), ..FaultSettings::times(times) }
}

pub(super) fn calls(shop: &Shop) -> u64 {
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

/// Amazon shows the units since it took the parcel, which nobody heard: that says nothing about the new reference.
#[tokio::test]
async fn a_correction_of_a_parcel_whose_acceptance_was_never_heard_is_told() {
    let (shop, ids) = ready(1).await;
    shop.amazon().set_fault(FaultKind::AnswerLost, confirmations(100));
    let picking = shop.leaves(&ids[0], "6A12345678901").await;
    shop.work().await;
    shop.sync().await;
    assert_eq!((shop.standing(picking), shop.shipment(picking).sent_at), ("ok", None));
    let mut browser = shop.site.admin().await;
    let correct = format!("/inventory/pickings/{picking}/correct");
    let form = browser.get(&correct).await;
    assert_eq!(browser.submit(&form, &correct, &[("tracking", "6A99999999999")]).await.status, 303);
    shop.amazon().touch(&ids[0]).unwrap();
    shop.sync().await;
    assert_eq!(shop.standing(picking), "to_send");
    shop.amazon().clear_faults();
    shop.later(60);
    shop.work().await;
    assert_eq!(shop.amazon().packages(&ids[0])[0].tracking, "6A99999999999");
    shop.sync().await;
    assert_eq!(shop.standing(picking), "ok");
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

/// The answer to a call arrives after the order itself had shown the parcel.
#[tokio::test]
async fn a_late_verdict_changes_nothing_of_what_the_order_confirmed() {
    use comptoir::db::shipment_changes::{self, Read};
    let (shop, ids) = ready(3).await;
    let pickings = shop.all_leave(&ids).await;
    let now = shop.site.app.clock.now().naive_utc();
    for (at, picking) in pickings.iter().enumerate() {
        let row = shop.shipment(*picking);
        let read = Read { id: row.id, picking: *picking, version: row.version };
        shop.site.rows(|conn| {
            shipment_changes::begin(conn, &[row.id])?;
            shipment_changes::confirmed(conn, row.id, *picking, now)?;
            match at {
                0 => shipment_changes::accepted(conn, &[read], now),
                1 => shipment_changes::refused(conn, read, ("InvalidInput", "already fulfilled"), now),
                _ => shipment_changes::put_off(conn, read, now + TimeDelta::minutes(1)),
            }
        });
        let row = shop.shipment(*picking);
        assert_eq!((row.amazon_sync.as_str(), row.send_after, row.refusal_code), ("ok", None, None), "{at}");
    }
}

/// What Amazon shows is the parcel as it was told first; that says nothing about a change that it refused.
#[tokio::test]
async fn a_correction_that_amazon_refuses_stays_refused_until_it_is_taken() {
    use comptoir::ops::announce::{self, Correction};
    let (shop, ids) = ready(1).await;
    let picking = shop.leaves(&ids[0], "6A12345678901").await;
    shop.work().await;
    shop.sync().await;
    assert_eq!(shop.standing(picking), "ok");
    let only = Some("DPD".to_owned());
    shop.amazon().set_fault(FaultKind::CarrierRefused, FaultSettings { only, ..confirmations(1) });
    let version = shop.shipment(picking).version;
    let correction = Correction { carrier: "DPD".to_owned(), tracking: "Z1".to_owned(), version };
    announce::correct(&shop.site.app, &shop.actor(), picking, correction).await.unwrap();
    shop.work().await;
    assert_eq!(shop.standing(picking), "failed");
    shop.amazon().touch(&ids[0]).unwrap();
    shop.sync().await;
    assert_eq!(shop.standing(picking), "failed", "nobody must believe that Amazon knows the new reference");
    announce::retry(&shop.site.app, &shop.actor(), picking).await.unwrap();
    shop.work().await;
    shop.sync().await;
    assert_eq!(shop.standing(picking), "ok");
    assert_eq!(shop.amazon().packages(&ids[0])[0].tracking, "Z1");
}

#[tokio::test]
async fn every_unconfirmed_order_is_asked_for_also_while_others_are_read_again() {
    let (shop, ids) = ready(2).await;
    shop.amazon().set_settings(Settings { confirmation_delay_secs: 48 * 3600, ..Settings::default() });
    let first = shop.leaves(&ids[0], "6A12345678901").await;
    shop.work().await;
    shop.later(10);
    let second = shop.leaves(&ids[1], "6A12345678902").await;
    shop.work().await;
    // A person asks for another order just before, and Amazon does not answer about it for a while.
    shop.later(24 * 60 + 20);
    shop.site.rows(|conn| {
        use comptoir::db::run_progress::{self, RunRequest};
        use comptoir::domain::run::{RunCause, RunKind};
        let request = RunRequest {
            account: shop.account,
            kind: RunKind::Recover,
            cause: RunCause::User,
            requested_by: None,
            window_from: None,
            parameters: r#"{"references":["402-0000000-0000001"]}"#,
        };
        run_progress::queue(conn, &request, shop.site.app.clock.now().naive_utc())
    });
    shop.work().await;
    shop.work().await;
    assert_eq!([shop.standing(first), shop.standing(second)], ["unknown"; 2]);
    let asked = shop.amazon().call_counts().get("getOrder").copied().unwrap_or(0);
    assert_eq!(asked, 3, "the one that a person wanted, and both that no order confirmed");
}

#[tokio::test]
async fn what_amazon_does_not_let_us_tell_comes_after_the_others() {
    let (shop, ids) = ready(2).await;
    let pickings = shop.all_leave(&ids).await;
    shop.amazon().refuse("confirmShipment", true).unwrap();
    let attempts = |shop: &Shop| [0, 1].map(|at| shop.shipment(pickings[at]).attempts);
    shop.work().await;
    assert_eq!(attempts(&shop), [1, 0], "the account may have lost the role: no storm of calls");
    shop.later(1);
    shop.work().await;
    assert_eq!(attempts(&shop), [1, 1], "the other one is not silenced by the first");
    shop.amazon().refuse("confirmShipment", false).unwrap();
    shop.later(20);
    shop.work().await;
    assert!(pickings.iter().all(|picking| shop.standing(*picking) == "sent"));
}
