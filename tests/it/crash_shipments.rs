//! `kill -9` while Amazon is told of what left, and two workers at once: every parcel is told, none becomes two.

use crate::support::node::Node;
use crate::support::shipping::ship;
use crate::support::shop::fbm;
use chrono::TimeDelta;
use comptoir::clock::Clock;
use comptoir::db::shipments;
use comptoir::domain::ids::PickingId;
use comptoir::sandbox::{Sandbox, SandboxClock, SandboxConfig};
use std::time::Duration;

/// How often the process is killed.
const KILLS: u32 = 20;

/// Parcels that leave between two kills.
const PARCELS: usize = 12;

/// An Amazon where people bought so many orders ten minutes ago: what is newer it does not show yet.
async fn amazon(quota_factor: u32, orders: usize) -> (Sandbox, Vec<String>) {
    let config = SandboxConfig { orders: 0, now: SandboxClock::System, quota_factor, ..SandboxConfig::default() };
    let amazon = Sandbox::start(config).await.unwrap();
    amazon.state().set_now(Clock::System.now() - TimeDelta::minutes(10));
    let ids = (0..orders).map(|_| amazon.state().place_order(fbm(2)).unwrap()).collect();
    amazon.state().set_now(Clock::System.now());
    (amazon, ids)
}

fn told(amazon: &Sandbox) -> u64 {
    amazon.state().call_counts().get("confirmShipment").copied().unwrap_or(0)
}

/// These orders leave; Amazon is to be told at once.
async fn leave(node: &Node, ids: &[String]) -> Vec<(String, PickingId)> {
    let mut left = Vec::with_capacity(ids.len());
    for id in ids {
        let picking = ship(&node.app, id, "6A12345678901", TimeDelta::zero()).await;
        left.push((id.clone(), picking));
    }
    left
}

fn is_taken(node: &Node, picking: PickingId) -> bool {
    let row = node.app.db.read(|conn| shipments::of_picking(conn, picking)).unwrap().unwrap();
    row.sent_at.is_some() && row.send_after.is_none()
}

/// F04 and F05: before the first call, between two calls, between Amazon's word and ours.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_moment_the_telling_is_killed_every_parcel_is_one_package() {
    let (amazon, ids) = amazon(100_000, PARCELS * usize::try_from(KILLS).unwrap()).await;
    let node = Node::new(&amazon).await;
    assert!(node.sync().wait().await.unwrap().success());
    let mut interrupted = 0;
    for (kill, ids) in (0..KILLS).zip(ids.chunks(PARCELS)) {
        let parcels = leave(&node, ids).await;
        let before = told(&amazon);
        let mut process = node.start(&["sync", "pickings"]);
        let (calls, millis) = (u64::from(kill) % 10, kill * 3 % 17);
        let mut ticks = tokio::time::interval(Duration::from_millis(1));
        let mut left = millis;
        let is_killed = loop {
            ticks.tick().await;
            if process.try_wait().unwrap().is_some() {
                break false;
            }
            if told(&amazon) - before >= calls {
                if left == 0 {
                    process.kill().await.unwrap();
                    break true;
                }
                left -= 1;
            }
        };
        interrupted += u32::from(is_killed);
        node.let_the_lease_end();
        assert!(node.start(&["sync", "pickings"]).wait().await.unwrap().success(), "after kill {kill}");
        for (id, picking) in &parcels {
            assert_eq!(amazon.state().packages(id).len(), 1, "kill {kill}: {id}");
            assert!(is_taken(&node, *picking), "kill {kill}: {id}");
        }
        let repeated = told(&amazon) - before - u64::try_from(parcels.len()).unwrap();
        assert!(repeated <= 1, "only the parcel in hand may be told twice: {repeated}");
    }
    assert!(interrupted >= KILLS / 2, "only {interrupted} of {KILLS} kills came before the end");
}

/// Two workers on one installation: each parcel is told by one of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_workers_tell_a_thousand_parcels_once_each() {
    // On the embedded database one worker is enough; there it is the second command that must not disturb.
    // The allowance of Amazon, 2 calls a second, is so many times larger: small enough to hold both workers back.
    let (parcels, factor) = if std::env::var_os("TEST_DATABASE_URL").is_some() { (1_000, 20) } else { (100, 5) };
    let (amazon, ids) = amazon(factor, parcels).await;
    let node = Node::new(&amazon).await;
    assert!(node.sync().wait().await.unwrap().success());
    let left = leave(&node, &ids).await;
    let many = "100000";
    node.app.db.write(|conn| comptoir::db::settings::put(conn, "feed_threshold", many)).unwrap();
    let (mut one, mut other) = (node.start(&["sync", "pickings"]), node.start(&["sync", "pickings"]));
    let (one, other) = tokio::join!(one.wait(), other.wait());
    assert!(one.unwrap().success() && other.unwrap().success());
    for (id, picking) in &left {
        let packages = amazon.state().packages(id);
        assert_eq!((packages.len(), packages[0].confirmations), (1, 1), "{id}");
        assert!(is_taken(&node, *picking));
    }
    let refused = amazon.state().request_log().iter().filter(|(_, _, status)| *status == 429).count();
    assert_eq!(refused, 0, "the allowance is shared, so Amazon never has to slow anybody down");
    assert_eq!(told(&amazon), u64::try_from(left.len()).unwrap());
}
