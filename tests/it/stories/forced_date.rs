//! A forced date: the preview says what the run then does, and writes nothing itself.

use crate::support::shop::Shop;
use chrono::TimeDelta;
use comptoir::db::Conn;
use comptoir::db::jobs::{self, JobKind};
use comptoir::db::run_progress::{self, RunRequest};
use comptoir::db::runs::RunRow;
use comptoir::db::schema::accounts;
use comptoir::domain::run::{RunCause, RunKind};
use comptoir::worker;
use diesel::prelude::*;

async fn run(shop: &Shop, kind: RunKind, job: JobKind, days: i64) -> RunRow {
    let app = &shop.site.app;
    let (now, account) = (app.clock.now().naive_utc(), shop.account);
    let from = app.clock.now() - TimeDelta::days(days);
    let request = RunRequest {
        account,
        kind,
        cause: RunCause::User,
        requested_by: shop.site.admin,
        window_from: (kind == RunKind::Preview).then(|| from.naive_utc()),
        parameters: "{}",
    };
    app.db
        .write(|conn| {
            if kind == RunKind::Orders {
                let known = accounts::table.find(account).select(accounts::version);
                let version: i64 = match conn {
                    Conn::Sqlite(c) => known.first(c)?,
                    Conn::Pg(c) => known.first(c)?,
                };
                comptoir::db::accounts::set_last_order_sync(conn, account, version, from.naive_utc())?;
            }
            run_progress::queue(conn, &request, now)?;
            jobs::request(conn, job, account, now)
        })
        .unwrap();
    worker::perform_due(app).await.unwrap();
    shop.last_run(account)
}

/// How often Amazon was asked to search.
fn searches(shop: &Shop) -> u64 {
    shop.amazon().call_counts().get("searchOrders").copied().unwrap_or(0)
}

#[tokio::test]
async fn the_preview_counts_what_the_run_then_does_and_changes_no_order() {
    let shop = Shop::with_orders(240).await;
    shop.later(5);
    let before = shop.dump();
    let calls = searches(&shop);
    let preview = run(&shop, RunKind::Preview, JobKind::PreviewOrders, 20).await;
    assert!(preview.orders_created > 20);
    assert!(shop.dump() == before);
    let asked = searches(&shop) - calls;
    let done = run(&shop, RunKind::Orders, JobKind::SyncOrders, 20).await;
    assert_eq!(done.counts(), preview.counts());
    assert!(shop.dump() != before);
    assert_eq!(searches(&shop), calls + asked, "what the preview read is not asked twice");
}

#[tokio::test]
async fn a_preview_older_than_a_quarter_of_an_hour_is_read_again() {
    let shop = Shop::with_orders(60).await;
    shop.later(5);
    run(&shop, RunKind::Preview, JobKind::PreviewOrders, 20).await;
    let calls = searches(&shop);
    shop.later(16);
    let done = run(&shop, RunKind::Orders, JobKind::SyncOrders, 20).await;
    assert!(done.calls > 0);
    assert!(searches(&shop) > calls);
}
