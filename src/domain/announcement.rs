//! What Amazon is told of deliveries and what its orders say about them: which units a parcel holds, and which
//! parcels are confirmed by the quantities that Amazon shows as shipped.
//!
//! A parcel is confirmed as a whole or not at all, and no unit confirms two parcels.

use super::coded::coded;
use super::ids::{AmazonItemId, ShipmentId};
use super::picking::AmazonSync;
use chrono::Duration;
use std::collections::BTreeMap;

coded! {
    /// Where a feed stands.
    FeedState {
        /// Made here, not yet with Amazon.
        Built = "built",
        /// With Amazon, in its queue.
        Submitted = "submitted",
        /// Amazon works through it.
        Processing = "processing",
        /// Worked through; each message has its result.
        Done = "done",
        /// Refused as a whole.
        Fatal = "fatal",
        /// Not worked through.
        Cancelled = "cancelled",
        /// Ended, or given up, without a report.
        Lost = "lost",
    }
}

impl FeedState {
    /// Whether more is to be expected of it.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Built | Self::Submitted | Self::Processing)
    }
}

coded! {
    /// What became of one message of a feed.
    MessageOutcome {
        /// Taken.
        Accepted = "accepted",
        /// Taken, with a remark.
        Warned = "warned",
        /// Refused.
        Refused = "refused",
    }
}

/// How long a parcel that Amazon took may go unconfirmed before Amazon is asked about its order.
pub const UNCONFIRMED_HOURS: i64 = 24;

/// The first pause after a failed attempt, in seconds; it doubles up to [`LONGEST_PAUSE_SECS`].
const FIRST_PAUSE_SECS: i64 = 30;

/// The longest pause between two attempts, in seconds.
const LONGEST_PAUSE_SECS: i64 = 15 * 60;

/// How long to wait after this many attempts that got no answer.
pub fn pause(attempts: i64) -> Duration {
    Duration::seconds((FIRST_PAUSE_SECS << attempts.clamp(0, 10)).min(LONGEST_PAUSE_SECS))
}

/// Units of one item that left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Amazon's number of the item.
    pub item: AmazonItemId,
    /// How many; of a kit, how many kits.
    pub quantity: i64,
}

/// The units of each item that a parcel holds, in the order in which they left.
///
/// What was sold counts, whatever product stands for it: a product that is corrected later changes nothing for Amazon.
pub fn units(left: &[Left]) -> Vec<(AmazonItemId, i64)> {
    let mut items: Vec<(AmazonItemId, i64)> = Vec::new();
    for one in left {
        match items.iter_mut().find(|(item, _)| *item == one.item) {
            Some((_, held)) => *held += one.quantity,
            None => items.push((one.item.clone(), one.quantity)),
        }
    }
    items
}

/// A parcel that Amazon was, is or will be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The shipment.
    pub id: ShipmentId,
    /// The number of the package within the order.
    pub reference: i64,
    /// Where it stands.
    pub sync: AmazonSync,
    /// Whether it changes what Amazon has or may have of it, and Amazon did not take the change: then its units say nothing.
    pub is_correction: bool,
    /// Whether Amazon was asked at all.
    pub was_tried: bool,
    /// What it holds.
    pub items: Vec<(AmazonItemId, i64)>,
}

impl Told {
    /// The sooner a parcel is believed to be what Amazon shows, the lower.
    const fn rank(&self) -> u8 {
        match self.sync {
            AmazonSync::Ok => 0,
            _ if self.is_correction => 1,
            AmazonSync::Sent | AmazonSync::Unknown => 1,
            AmazonSync::ToSend if self.was_tried => 2,
            // A person may have told Amazon by hand of what it refused; of what was never told it hardly knows.
            AmazonSync::Failed => 3,
            AmazonSync::ToSend | AmazonSync::NotNeeded => 4,
        }
    }
}

/// The parcels of an order that are confirmed now and were not before.
///
/// `fulfilled` is what Amazon shows as shipped, `outside` what left without Amazon being told by us.
pub fn confirmed(
    fulfilled: &BTreeMap<AmazonItemId, i64>,
    outside: &BTreeMap<AmazonItemId, i64>,
    told: &[Told],
) -> Vec<ShipmentId> {
    let mut free: BTreeMap<&AmazonItemId, i64> =
        fulfilled.iter().map(|(item, units)| (item, units - outside.get(item).copied().unwrap_or(0))).collect();
    let mut sorted: Vec<&Told> = told.iter().collect();
    sorted.sort_by_key(|one| (one.rank(), one.reference));
    let mut confirmed = Vec::new();
    for one in sorted {
        let is_shown = one.items.iter().all(|(item, units)| free.get(item).is_some_and(|free| free >= units));
        if one.items.is_empty() || (!is_shown && one.sync != AmazonSync::Ok) {
            continue;
        }
        for (item, units) in &one.items {
            if let Some(free) = free.get_mut(item) {
                *free -= units;
            }
        }
        if one.sync != AmazonSync::Ok && !one.is_correction {
            confirmed.push(one.id);
        }
    }
    confirmed
}

#[cfg(test)]
#[path = "announcement_tests.rs"]
mod tests;
