//! What the synchronization does with one order: the heart of the product, as one pure function.
//!
//! [`decide`] reads what Amazon says, what we hold and what the account follows, and answers with a rule, an
//! outcome and reasons that people can read. The preview of a forced date and the page Why? run this very function.

use super::account::Registration;
use super::coded::coded;
use super::ids::{AccountId, AmazonItemId, OrderId};
use super::order::{Delivery, OrderState};
use super::remote::{AmazonStatus, Channel, Collected, RemoteItem, RemoteOrder};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

coded! {
    /// The rules, by their stable number.
    Rule {
        /// The marketplace is not followed here: skip.
        R1 = "R1",
        /// Nothing changed since we last looked: nothing is written.
        R2 = "R2",
        /// FBA, not shipped yet: wait.
        R3 = "R3",
        /// Payment pending: wait.
        R4 = "R4",
        /// FBM, new: create order, customer and transfer.
        R5 = "R5",
        /// FBA shipped, new: create order, customer and moves.
        R6 = "R6",
        /// Changed: update what is not finished.
        R7 = "R7",
        /// Cancelled, nothing shipped: cancel ours.
        R8 = "R8",
        /// Cancelled after shipping, or alive again after a cancellation: a person decides.
        R9 = "R9",
        /// Cancelled and never imported: skip.
        R10 = "R10",
        /// A product code without a product: the default product and an issue.
        R11 = "R11",
        /// Amazon asked to slow down: later, the date is not moved.
        R12 = "R12",
        /// Another registration follows this marketplace: skip.
        R13 = "R13",
        /// Not readable: retried, then an issue.
        R14 = "R14",
    }
}

coded! {
    /// What happened to an order in a run.
    Outcome {
        /// Created here.
        Create = "create",
        /// Changed here.
        Update = "update",
        /// Cancelled here.
        Cancel = "cancel",
        /// A person must decide.
        NeedsDecision = "needs_decision",
        /// Not ready yet; looked at again.
        Wait = "wait",
        /// Not for this account.
        Skip = "skip",
        /// As we know it.
        Unchanged = "unchanged",
        /// Set aside with its reason.
        Failed = "failed",
    }
}

/// One sentence of an explanation: a message of the catalogue and its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The message, without its prefix `reason-`.
    pub code: String,
    /// Named values for the message; never personal data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<(String, String)>,
}

impl Reason {
    /// A sentence without values.
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), values: Vec::new() }
    }

    /// Adds a named value.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers pass texts, numbers and references alike")]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.push((name.to_owned(), value.to_string()));
        self
    }
}

/// One item line of an order that we hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldLine {
    /// Amazon's number of the item.
    pub item_id: AmazonItemId,
    /// Units ordered.
    pub ordered: i64,
    /// Units that left.
    pub delivered: i64,
}

/// What we hold of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldOrder {
    /// Its key.
    pub id: OrderId,
    /// The registration through which it came, and with which it stays.
    pub account: AccountId,
    /// Where it stands.
    pub state: OrderState,
    /// Amazon's last change that we know.
    pub amazon_updated_at: DateTime<Utc>,
    /// The content that we know, see [`fingerprint`].
    pub fingerprint: i64,
    /// Amazon cancelled it after goods left, and a person said what becomes of them.
    pub is_decided: bool,
    /// Its item lines.
    pub lines: Vec<HeldLine>,
}

/// What is to be written, besides the decision itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Nothing.
    Nothing,
    /// A new order.
    Create(NewOrder),
    /// A changed order.
    Update(Changes),
    /// Cancel ours, its transfers and its reservations.
    Cancel,
    /// Keep ours and ask a person.
    Ask,
    /// Set aside as an issue of this kind.
    SetAside(&'static str),
}

/// How a new order starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// Its state.
    pub state: OrderState,
    /// How much of it has left.
    pub delivery: Delivery,
    /// Whether the merchant shipped some of it without Comptoir.
    pub is_shipped_outside: bool,
}

/// What changes on an order that we hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Its state afterwards.
    pub state: OrderState,
    /// How much of it has left afterwards.
    pub delivery: Delivery,
    /// Units that left since we last looked, per item.
    pub shipped: Vec<(AmazonItemId, i64)>,
    /// Items whose ordered quantity changed, with the new quantity.
    pub quantities: Vec<(AmazonItemId, i64)>,
}

/// The decision about one order, with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The rule that applied.
    pub rule: Rule,
    /// What happens.
    pub outcome: Outcome,
    /// Why, in sentences.
    pub reasons: Vec<Reason>,
    /// What is to be written.
    pub plan: Plan,
}

impl Decision {
    fn new(rule: Rule, outcome: Outcome, plan: Plan, reason: Reason) -> Self {
        Self { rule, outcome, reasons: vec![reason], plan }
    }

    /// An order that could not be read or written; it becomes an issue of `kind`.
    pub fn set_aside(kind: &'static str, reason: Reason) -> Self {
        Self::new(Rule::R14, Outcome::Failed, Plan::SetAside(kind), reason)
    }
}

/// Decides what to do with an order that Amazon returned.
///
/// Total: every combination has an answer, and the same input always gets the same one.
pub fn decide(
    held: Option<&HeldOrder>,
    remote: &RemoteOrder,
    fingerprint: i64,
    registration: &Registration,
) -> Decision {
    if let Some(decision) = not_ours(remote, registration) {
        return decision;
    }
    if let Some(decision) = held.and_then(|held| already_known(held, remote, fingerprint)) {
        return decision;
    }
    let status = Reason::new("amazon-says").with("status", remote.status.as_str());
    match &remote.status {
        AmazonStatus::Other(text) => {
            Decision::set_aside("unknown_status", Reason::new("unknown-status").with("status", text))
        }
        AmazonStatus::Unfulfillable => Decision::set_aside("unfulfillable", Reason::new("unfulfillable")),
        AmazonStatus::Pending | AmazonStatus::PendingAvailability => {
            Decision::new(Rule::R4, Outcome::Wait, Plan::Nothing, status)
        }
        AmazonStatus::Cancelled => cancelled(held),
        _ if remote.items.is_empty() => Decision::set_aside("no_items", Reason::new("no-items")),
        AmazonStatus::Unshipped | AmazonStatus::PartiallyShipped | AmazonStatus::Shipped => match held {
            Some(held) => changed(held, remote),
            None => new(remote),
        },
    }
}

/// Orders of marketplaces that this registration does not follow.
fn not_ours(remote: &RemoteOrder, registration: &Registration) -> Option<Decision> {
    if registration.marketplaces.contains(&remote.marketplace) {
        return None;
    }
    let elsewhere = registration.elsewhere.iter().find(|(marketplace, _)| *marketplace == remote.marketplace);
    Some(if let Some((_, name)) = elsewhere {
        Decision::new(Rule::R13, Outcome::Skip, Plan::Nothing, Reason::new("elsewhere").with("account", name))
    } else {
        let reason = Reason::new("marketplace-off").with("marketplace", &remote.marketplace);
        Decision::new(Rule::R1, Outcome::Skip, Plan::Nothing, reason)
    })
}

/// Orders that are as we know them, or older than what we know.
fn already_known(held: &HeldOrder, remote: &RemoteOrder, fingerprint: i64) -> Option<Decision> {
    let unchanged = |code| Some(Decision::new(Rule::R2, Outcome::Unchanged, Plan::Nothing, Reason::new(code)));
    if remote.updated_at < held.amazon_updated_at {
        return unchanged("older-than-held");
    }
    if fingerprint == held.fingerprint {
        return unchanged("nothing-changed");
    }
    None
}

/// Amazon cancelled the order.
fn cancelled(held: Option<&HeldOrder>) -> Decision {
    let Some(held) = held else {
        return Decision::new(Rule::R10, Outcome::Skip, Plan::Nothing, Reason::new("cancelled-never-held"));
    };
    let shipped: i64 = held.lines.iter().map(|line| line.delivered).sum();
    if held.state == OrderState::Cancelled {
        Decision::new(Rule::R2, Outcome::Unchanged, Plan::Nothing, Reason::new("cancelled-already"))
    } else if held.is_decided {
        Decision::new(Rule::R2, Outcome::Unchanged, Plan::Nothing, Reason::new("cancelled-decided"))
    } else if shipped > 0 {
        let reason = Reason::new("cancelled-after-shipping").with("units", shipped);
        Decision::new(Rule::R9, Outcome::NeedsDecision, Plan::Ask, reason)
    } else {
        Decision::new(Rule::R8, Outcome::Cancel, Plan::Cancel, Reason::new("cancelled-before-shipping"))
    }
}

/// An order that we do not hold yet.
fn new(remote: &RemoteOrder) -> Decision {
    let shipped = shipped_units(remote);
    let delivery = Delivery::of(ordered_units(remote), shipped);
    let status = remote.status.as_str();
    match remote.channel {
        Channel::Fba if remote.status == AmazonStatus::Shipped => {
            let plan = NewOrder { state: OrderState::Locked, delivery, is_shipped_outside: false };
            let reason = Reason::new("fba-shipped").with("units", shipped);
            Decision::new(Rule::R6, Outcome::Create, Plan::Create(plan), reason)
        }
        Channel::Fba => {
            Decision::new(Rule::R3, Outcome::Wait, Plan::Nothing, Reason::new("fba-not-shipped").with("status", status))
        }
        Channel::Fbm => {
            let outside = shipped > 0;
            let state = if delivery == Delivery::Full { OrderState::Locked } else { OrderState::Sale };
            let plan = NewOrder { state, delivery, is_shipped_outside: outside };
            let reason = if outside {
                Reason::new("fbm-shipped-outside").with("units", shipped)
            } else {
                Reason::new("fbm-to-ship")
            };
            Decision::new(Rule::R5, Outcome::Create, Plan::Create(plan), reason)
        }
    }
}

/// An order that we hold and that Amazon changed.
fn changed(held: &HeldOrder, remote: &RemoteOrder) -> Decision {
    if held.state == OrderState::Cancelled {
        let reason = Reason::new("alive-again").with("status", remote.status.as_str());
        return Decision::new(Rule::R9, Outcome::NeedsDecision, Plan::Ask, reason);
    }
    let line = |item: &RemoteItem| held.lines.iter().find(|line| line.item_id == item.item_id);
    let mut shipped = Vec::new();
    let mut quantities = Vec::new();
    let mut delivered_after = 0;
    for item in &remote.items {
        let before = line(item).map_or(0, |line| line.delivered);
        let now = shipped_of(remote, item).max(before);
        delivered_after += now;
        if now > before {
            shipped.push((item.item_id.clone(), now - before));
        }
        if line(item).map(|line| line.ordered) != Some(i64::from(item.ordered)) {
            quantities.push((item.item_id.clone(), i64::from(item.ordered)));
        }
    }
    let delivery = Delivery::of(ordered_units(remote), delivered_after);
    let state = if delivery == Delivery::Full { OrderState::Locked } else { held.state };
    let mut reasons = vec![Reason::new("amazon-says").with("status", remote.status.as_str())];
    for (item, units) in &shipped {
        reasons.push(Reason::new("units-shipped").with("item", item).with("units", units));
    }
    for (item, quantity) in &quantities {
        reasons.push(Reason::new("quantity-changed").with("item", item).with("quantity", quantity));
    }
    if remote.cancellation_requested() {
        reasons.push(Reason::new("cancellation-requested"));
    }
    let plan = Plan::Update(Changes { state, delivery, shipped, quantities });
    Decision { rule: Rule::R7, outcome: Outcome::Update, reasons, plan }
}

/// Units of one item that have left: never more than ordered.
pub fn shipped_of(remote: &RemoteOrder, item: &RemoteItem) -> i64 {
    match (remote.channel, &remote.status) {
        (Channel::Fba, AmazonStatus::Unshipped) => 0,
        _ => i64::from(item.fulfilled.min(item.ordered)),
    }
}

fn shipped_units(remote: &RemoteOrder) -> i64 {
    remote.items.iter().map(|item| shipped_of(remote, item)).sum()
}

fn ordered_units(remote: &RemoteOrder) -> i64 {
    remote.items.iter().map(|item| i64::from(item.ordered)).sum()
}

/// A short stamp of all content that matters; two equal stamps mean that nothing is to be written.
///
/// `address_ref` stands for the delivery address, which is personal and therefore only known by its keyed hash.
pub fn fingerprint(remote: &RemoteOrder, address_ref: Option<&str>) -> i64 {
    use std::fmt::Write as _;
    let mut text = format!(
        "{}|{}|{}|{:?}|{}|{}|{:?}|{:?}|{}",
        remote.status.as_str(),
        remote.channel.as_str(),
        remote.currency,
        remote.grand_total.map(super::money::Money::minor),
        remote.tip.minor(),
        remote.cancellation_requested(),
        remote.ship_by,
        remote.deliver_by,
        address_ref.unwrap_or_default(),
    );
    for item in &remote.items {
        let amounts = &item.amounts;
        // Writing to a String cannot fail.
        let _infallible = write!(
            text,
            "|{}:{}:{}:{}:{}:{}:{}:{}",
            item.item_id,
            item.ordered,
            item.fulfilled,
            amounts.goods.minor(),
            amounts.shipping.minor(),
            amounts.gift_wrap.minor(),
            amounts.other.minor(),
            item.is_gift,
        );
    }
    if remote.tax.collected != Collected::None || remote.tax.is_ioss || remote.tax.is_uoss {
        let _infallible = write!(text, "|tax {:?}", (remote.tax.collected, remote.tax.is_ioss, remote.tax.is_uoss));
    }
    let digest = Sha256::digest(text.as_bytes());
    let first = digest.first_chunk::<8>().copied().unwrap_or_default();
    i64::from_be_bytes(first)
}

#[cfg(test)]
#[path = "sync_tests.rs"]
mod tests;
