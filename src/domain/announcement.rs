//! What Amazon is told of deliveries and what its orders say about them: which units a parcel holds, and which
//! parcels are confirmed by the quantities that Amazon shows as shipped.
//!
//! A parcel is confirmed as a whole or not at all, and no unit confirms two parcels.

use super::coded::coded;
use super::ids::{AmazonItemId, OrderLineId, ProductId, ShipmentId};
use super::kit::{self, Recipes};
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

/// Units that left on one line, of the product itself or of what its kit is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The order line.
    pub line: OrderLineId,
    /// Amazon's number of the item.
    pub item: AmazonItemId,
    /// The product of the line.
    pub ordered: Option<ProductId>,
    /// What moved.
    pub moved: ProductId,
    /// How many.
    pub quantity: i64,
}

/// The units of each item that a parcel holds, in the order of the lines; of kits, how many are complete.
pub fn units(left: &[Left], recipes: &Recipes) -> Vec<(AmazonItemId, i64)> {
    let mut lines: BTreeMap<OrderLineId, Vec<&Left>> = BTreeMap::new();
    for one in left {
        lines.entry(one.line).or_default().push(one);
    }
    let mut items: Vec<(AmazonItemId, i64)> = Vec::new();
    for moved in lines.values() {
        let Some(first) = moved.first() else { continue };
        let quantity = units_of_line(moved, recipes);
        match items.iter_mut().find(|(item, _)| *item == first.item) {
            Some((_, held)) => *held += quantity,
            None if quantity > 0 => items.push((first.item.clone(), quantity)),
            None => {}
        }
    }
    items
}

fn units_of_line(moved: &[&Left], recipes: &Recipes) -> i64 {
    let all: i64 = moved.iter().map(|one| one.quantity).sum();
    let Some(kit) = moved.first().and_then(|one| one.ordered) else { return all };
    if moved.iter().any(|one| one.moved == kit) || recipes.get(&kit).is_none_or(Vec::is_empty) {
        return all;
    }
    let mut parts: BTreeMap<ProductId, i64> = BTreeMap::new();
    for one in moved {
        *parts.entry(one.moved).or_default() += one.quantity;
    }
    let needs = kit::needs(kit, recipes).unwrap_or_default();
    // A component that is not counted does not move, so it says nothing about how many kits left.
    kit::available(&needs, &parts).unwrap_or(0)
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
    /// Whether Amazon took it before and is to be told of a change.
    pub is_changing: bool,
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
            AmazonSync::Sent | AmazonSync::Unknown => 1,
            AmazonSync::ToSend if self.was_tried => 2,
            AmazonSync::ToSend | AmazonSync::NotNeeded => 3,
            AmazonSync::Failed => 4,
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
        if one.sync != AmazonSync::Ok && !one.is_changing {
            confirmed.push(one.id);
        }
    }
    confirmed
}

#[cfg(test)]
#[path = "announcement_tests.rs"]
mod tests;
