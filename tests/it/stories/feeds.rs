//! Many parcels travel with a feed: each has its own verdict, and a feed that comes to nothing silences nobody.

use super::announcements::{calls, ready};
use crate::support::shop::Shop;
use comptoir::db::settings;
use comptoir::domain::ids::PickingId;
use comptoir::sandbox::{FaultKind, FaultSettings, Operation};

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

/// A shop in which all parcels were shown by Amazon's orders and then corrected, enough of them for a feed; their orders
/// come once more with the next synchronization.
async fn corrected(parcels: usize) -> (Shop, Vec<String>, Vec<PickingId>) {
    let (shop, ids) = ready(parcels).await;
    let pickings = shop.all_leave(&ids).await;
    shop.work().await;
    shop.sync().await;
    assert_eq!(standings(&shop, &pickings), vec!["ok"; parcels]);
    shop.site.rows(|conn| settings::put(conn, "feed_threshold", "2"));
    for id in &ids {
        shop.amazon().touch(id).unwrap();
    }
    shop.later(3);
    let mut browser = shop.site.admin().await;
    for picking in &pickings {
        let correct = format!("/inventory/pickings/{picking}/correct");
        let form = browser.get(&correct).await;
        assert_eq!(browser.submit(&form, &correct, &[("tracking", "6A99999999999")]).await.status, 303);
    }
    (shop, ids, pickings)
}

fn tracked(shop: &Shop, ids: &[String]) -> Vec<String> {
    ids.iter().flat_map(|id| shop.amazon().packages(id)).map(|package| package.tracking).collect()
}

/// Amazon shows these units as shipped since the first announcement: that confirms no correction.
#[tokio::test]
async fn corrections_in_a_feed_that_comes_to_nothing_are_still_told() {
    let (shop, ids, pickings) = corrected(3).await;
    shop.amazon().set_fault(FaultKind::FeedFatal, FaultSettings::times(1));
    shop.amazon().set_fault(
        FaultKind::ServiceUnavailable,
        FaultSettings { operation: Some(Operation::ConfirmShipment), ..FaultSettings::times(100) },
    );
    shop.work().await;
    assert_eq!(shop.sync_now(shop.account).await.orders_unchanged, 3);
    assert_eq!(standings(&shop, &pickings), ["sent"; 3], "the report about the feed is not there yet");
    until_read(&shop).await;
    assert_eq!((shop.feeds(), standings(&shop, &pickings)), (vec!["fatal".to_owned()], vec!["to_send"; 3]));
    shop.sync().await;
    assert_eq!(standings(&shop, &pickings), ["to_send"; 3], "Amazon does not know the new reference yet");
    shop.amazon().clear_faults();
    shop.later(20);
    shop.work().await;
    shop.sync().await;
    assert_eq!(
        (standings(&shop, &pickings), tracked(&shop, &ids)),
        (vec!["ok"; 3], vec!["6A99999999999".to_owned(); 3])
    );
}

#[tokio::test]
async fn corrections_in_a_feed_of_which_nothing_is_heard_are_told_again() {
    let (shop, ids, pickings) = corrected(3).await;
    shop.amazon().refuse("getFeed", true).unwrap();
    shop.work().await;
    let before = calls(&shop);
    shop.later(25 * 60);
    shop.work().await;
    assert_eq!(shop.feeds(), ["lost"]);
    shop.later(5);
    shop.work().await;
    assert_eq!(calls(&shop), before + 3, "no order can say whether Amazon took them");
    shop.sync().await;
    assert_eq!(
        (standings(&shop, &pickings), tracked(&shop, &ids)),
        (vec!["ok"; 3], vec!["6A99999999999".to_owned(); 3])
    );
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

#[tokio::test]
async fn without_the_role_for_feeds_parcels_are_told_one_by_one() {
    let (shop, ids, pickings) = crowded(4).await;
    for call in ["createFeedDocument", "createFeed"] {
        shop.amazon().refuse(call, true).unwrap();
    }
    shop.work().await;
    assert_eq!(shop.feeds(), ["fatal"]);
    assert_eq!(standings(&shop, &pickings), ["sent"; 4]);
    assert!(ids.iter().all(|id| shop.amazon().packages(id).len() == 1));
}
