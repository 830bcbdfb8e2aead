//! Doing it again changes nothing: the same window, the same page, pages out of order.

use crate::support::shop::{Shop, fbm};
use chrono::TimeDelta;
use comptoir::db::run_progress;
use comptoir::sandbox::{FaultKind, FaultSettings};

/// Sets the account's date back by days and reads the whole window again.
fn read_again(shop: &Shop, days: i64) {
    let (from, now) = (shop.site.app.clock.now() - TimeDelta::days(days), shop.site.app.clock.now());
    let account = shop.account;
    let held = shop.site.app.db.read(|conn| comptoir::db::registrations::by_id(conn, account)).unwrap().last_order_sync;
    let moved =
        shop.site.app.db.write(|conn| run_progress::move_last_order_sync(conn, account, held, from.naive_utc()));
    moved.unwrap();
    assert!(from < now);
}

#[tokio::test]
async fn reading_any_window_again_changes_no_row() {
    let shop = Shop::with_orders(240).await;
    shop.sync().await;
    let before = (shop.dump(), shop.open_issues(), rows(&shop));
    for days in [1, 7, 40] {
        read_again(&shop, days);
        let run = shop.sync().await;
        assert!(run.orders_read > 0);
        assert_eq!((run.orders_created, run.orders_updated, run.orders_cancelled), (0, 0, 0));
        assert!((shop.dump(), shop.open_issues(), rows(&shop)) == before, "{days} days");
    }
}

/// How many decisions, issues and states of offers there are: they are no part of the dump.
fn rows(shop: &Shop) -> (i64, i64, Option<i64>) {
    use comptoir::db::schema::{decisions, issues, offers};
    use diesel::prelude::*;
    shop.read(|conn| {
        // An offer's version counts its changes, so the sum of all tells any of them.
        let versions = || {
            diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::BigInt>>(
                "CAST(SUM(offers.version) AS BIGINT)",
            )
        };
        let count = |conn: &mut comptoir::db::Conn| match conn {
            comptoir::db::Conn::Sqlite(c) => Ok((
                decisions::table.count().get_result(c)?,
                issues::table.count().get_result(c)?,
                offers::table.select(versions()).get_result(c)?,
            )),
            comptoir::db::Conn::Pg(c) => Ok((
                decisions::table.count().get_result(c)?,
                issues::table.count().get_result(c)?,
                offers::table.select(versions()).get_result(c)?,
            )),
        };
        count(conn)
    })
}

#[tokio::test]
async fn the_same_order_on_two_pages_and_pages_out_of_order_make_no_difference() {
    let plain = Shop::with_orders(240).await;
    plain.sync().await;
    for fault in [FaultKind::DuplicateOrder, FaultKind::ReversePages, FaultKind::EmptyPage] {
        let shop = Shop::with_orders(240).await;
        shop.amazon().set_fault(fault, FaultSettings::default());
        shop.sync().await;
        assert!(shop.dump() == plain.dump(), "{fault:?}");
    }
}

#[tokio::test]
async fn an_older_version_of_an_order_never_overwrites_a_newer_one() {
    let shop = Shop::open().await;
    let id = shop.buy(fbm(2));
    shop.later(30);
    shop.amazon().ship(&id, None).unwrap();
    shop.sync().await;
    let before = shop.dump();
    let yesterday = (shop.site.app.clock.now() - TimeDelta::days(1)).to_rfc3339();
    let patch = move |order: &mut serde_json::Value| {
        order["lastUpdatedTime"] = yesterday.clone().into();
        order["fulfillment"]["fulfillmentStatus"] = "UNSHIPPED".into();
    };
    shop.amazon().patch_order(&id, patch).unwrap();
    let run = shop.sync().await;
    assert_eq!((run.orders_read, run.orders_unchanged), (1, 1));
    assert!(shop.dump() == before);
}
