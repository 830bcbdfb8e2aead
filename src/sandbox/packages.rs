//! The parcels of the simulated Amazon: what a seller says of them, and when orders begin to show it.
//!
//! One reference of an order is one parcel for ever: saying it again must edit the parcel and never make a second one.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::faults::FaultKind;
use super::handle::SandboxHandle;
use super::order::{Channel, Order, Status};
use super::quota::Operation;
use super::state::World;

/// The carriers that Amazon knows, spelled as Amazon spells them: data, not a type of Comptoir.
const CARRIERS: &str = include_str!("../domain/carrier_codes.txt");

/// How far ahead of Amazon's clock a parcel may be said to have left.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// What is said of one parcel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parcel {
    pub(crate) shipped: DateTime<Utc>,
    pub(crate) carrier: String,
    /// The name that the buyer reads when the carrier is `Other`.
    pub(crate) carrier_name: String,
    pub(crate) method: String,
    pub(crate) tracking: String,
    /// Lines and quantities.
    pub(crate) contents: Vec<(String, i64)>,
}

/// A parcel sent by the merchant.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    pub(crate) reference: String,
    pub(crate) status: &'static str,
    /// What the seller said last.
    pub(crate) said: Parcel,
    /// What the order shows; it follows some time after.
    pub(crate) shown: Option<Parcel>,
    /// How often the seller said something of it that was accepted.
    pub(crate) confirmations: u32,
}

impl Package {
    /// How many pieces of a line are said to be inside.
    fn pieces(&self, item: &str) -> i64 {
        self.said.contents.iter().filter(|(id, _)| id == item).map(|(_, quantity)| *quantity).sum()
    }
}

/// One line of a parcel, as the simulator knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PackedItem {
    /// Amazon's identifier of the line.
    pub order_item_id: String,
    /// How many pieces are inside.
    pub quantity: i64,
}

/// One parcel, as the simulator knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PackageSnapshot {
    /// The seller's reference within the order.
    pub reference: String,
    /// Amazon's code of the carrier.
    pub carrier_code: String,
    /// The carrier's name; given when the code is `Other`.
    pub carrier_name: String,
    /// How it is sent.
    pub shipping_method: String,
    /// The tracking number.
    pub tracking: String,
    /// When it left.
    pub shipped: DateTime<Utc>,
    /// What is inside.
    pub items: Vec<PackedItem>,
    /// How often the seller told of this parcel and was believed; 0 when it was not told by call or feed.
    pub confirmations: u32,
    /// Whether the order shows what was said last.
    pub is_booked: bool,
}

/// Why the simulated Amazon does not take what is said of a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such order of this seller.
    NotFound,
    /// In Amazon's words.
    Because(String),
}

impl Refusal {
    pub(crate) fn because(text: impl Into<String>) -> Self {
        Self::Because(text.into())
    }
}

/// Whether Amazon knows a carrier by exactly this spelling.
pub(crate) fn is_carrier(code: &str) -> bool {
    CARRIERS.lines().any(|line| line == code && !line.starts_with('#'))
}

/// Whether a text is a whole number above zero, as references of parcels must be.
pub(crate) fn is_reference(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u64>().is_ok_and(|number| number > 0)
}

/// What is wrong with the carrier and the tracking number, whichever way they are told.
fn check_carrier(parcel: &Parcel) -> Result<(), Refusal> {
    if parcel.carrier.is_empty() {
        return Err(Refusal::because("CarrierCode: is required and must not be empty."));
    }
    if !is_carrier(&parcel.carrier) {
        let text = format!("CarrierCode: {} is invalid, must be one of the supported carrier codes.", parcel.carrier);
        return Err(Refusal::Because(text));
    }
    if parcel.carrier == "Other" && parcel.carrier_name.trim().is_empty() {
        return Err(Refusal::because("CarrierName: is required when CarrierCode is Other."));
    }
    Ok(())
}

impl Order {
    /// What is wrong with a parcel of this order, if something is.
    ///
    /// Source: Amazon's model `ordersV0`, operation `confirmShipment`, and the answers that sellers report.
    fn check_parcel(&self, reference: &str, parcel: &Parcel, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.channel == Channel::Amazon {
            return Err(Refusal::because("The order is fulfilled by Amazon and cannot be confirmed by the seller."));
        }
        if self.programs.contains(&"FBM_SHIP_PLUS") {
            return Err(Refusal::because("The order belongs to Ship+ and cannot be confirmed by the seller."));
        }
        match self.status {
            Status::Unshipped | Status::PartiallyShipped | Status::Shipped => {}
            Status::Cancelled => return Err(Refusal::because("The order has been cancelled.")),
            _ => return Err(Refusal::because("The order is not ready for shipment.")),
        }
        check_carrier(parcel)?;
        if parcel.shipped < self.created || parcel.shipped > now + AHEAD {
            let text = "ShipDate: is invalid, must lie between the time of the order and now.";
            return Err(Refusal::because(text));
        }
        let others = || self.packages.iter().filter(|package| package.reference != reference);
        let is_known = others().count() < self.packages.len();
        let is_open = self.items.iter().any(|item| {
            item.quantity > others().map(|package| package.pieces(&item.id)).sum::<i64>() + self.untold(&item.id)
        });
        if !is_known && !is_open {
            return Err(Refusal::because("PackageToUpdateNotFound: the order is already fulfilled."));
        }
        if parcel.contents.is_empty() {
            return Err(Refusal::because("OrderItems: must hold at least one item."));
        }
        for (at, (id, quantity)) in parcel.contents.iter().enumerate() {
            let item = self.items.iter().find(|item| item.id == *id);
            let item = item.ok_or_else(|| Refusal::because(format!("OrderItemId {id} is invalid for this order.")))?;
            if parcel.contents.iter().take(at).any(|(before, _)| before == id) {
                return Err(Refusal::because(format!("OrderItemId {id} is invalid, it is given twice.")));
            }
            let elsewhere = others().map(|package| package.pieces(id)).sum::<i64>() + self.untold(id);
            let left = item.quantity - elsewhere;
            if *quantity < 1 || *quantity > left {
                let text = format!("Quantity {quantity} is invalid for OrderItemId {id}, {left} left to ship.");
                return Err(Refusal::Because(text));
            }
        }
        Ok(())
    }

    /// Pieces that left without being in any parcel.
    fn untold(&self, id: &str) -> i64 {
        let fulfilled = self.items.iter().find(|item| item.id == id).map_or(0, |item| item.fulfilled);
        let shown = self.packages.iter().filter_map(|package| package.shown.as_ref());
        let shown = shown.flat_map(|parcel| &parcel.contents).filter(|(known, _)| known == id);
        fulfilled - shown.map(|(_, quantity)| *quantity).sum::<i64>()
    }

    /// Keeps what the seller says of a parcel.
    fn say(&mut self, reference: &str, parcel: Parcel) {
        if let Some(package) = self.packages.iter_mut().find(|package| package.reference == reference) {
            package.said = parcel;
            package.confirmations += 1;
        } else {
            self.packages.push(Package {
                reference: reference.to_owned(),
                status: "SHIPPED",
                said: parcel,
                shown: None,
                confirmations: 1,
            });
        }
    }

    /// Lets the order show what was said of a parcel.
    fn book(&mut self, reference: &str) {
        let Some(package) = self.packages.iter_mut().find(|package| package.reference == reference) else { return };
        let before = package.shown.replace(package.said.clone()).map(|parcel| parcel.contents).unwrap_or_default();
        for item in &mut self.items {
            let count = |list: &[(String, i64)]| {
                list.iter().filter(|(id, _)| *id == item.id).map(|(_, quantity)| *quantity).sum::<i64>()
            };
            item.fulfilled += count(&package.said.contents) - count(&before);
        }
        self.follow_quantities();
    }
}

impl World {
    /// Takes what a seller says of a parcel; the order shows it later.
    pub(crate) fn confirm(
        &mut self,
        seller: usize,
        order_id: &str,
        reference: &str,
        parcel: Parcel,
    ) -> Result<(), Refusal> {
        let now = self.clock.now();
        let order = self.order(order_id).filter(|order| order.seller == seller).ok_or(Refusal::NotFound)?;
        if !is_reference(reference) {
            let text = "PackageReferenceId: is invalid, must be a positive numeric value.";
            return Err(Refusal::because(text));
        }
        order.check_parcel(reference, &parcel, now)?;
        if self.refuses(FaultKind::CarrierRefused, &parcel.carrier, seller) {
            let text = format!("CarrierCode: {} is not supported in this marketplace.", parcel.carrier);
            return Err(Refusal::Because(text));
        }
        if self.refuses(FaultKind::OrderRefused, order_id, seller) {
            return Err(Refusal::because("PackageToUpdateNotFound: no package of this order can be updated."));
        }
        let Some(at) = self.by_id.get(order_id).copied() else { return Err(Refusal::NotFound) };
        if let Some(stored) = self.orders.get_mut(at) {
            stored.order.say(reference, parcel);
        }
        let due = now + TimeDelta::seconds(i64::from(self.settings.confirmation_delay_secs));
        self.bookings.insert((due, at, reference.to_owned()));
        Ok(())
    }

    /// Whether a fault that is aimed at a carrier or an order strikes this one.
    fn refuses(&mut self, kind: FaultKind, subject: &str, seller: usize) -> bool {
        let is_aimed = self.faults.is_aimed_at(kind, subject);
        is_aimed && self.strikes(kind, Operation::ConfirmShipment, seller)
    }

    /// Lets orders show what has been confirmed and is due by now.
    pub(crate) fn book_due(&mut self) {
        let now = self.clock.now();
        while let Some((due, at, reference)) = self.bookings.pop_first() {
            if due > now {
                self.bookings.insert((due, at, reference));
                return;
            }
            let id = self.orders.get(at).filter(|stored| stored.order.status != Status::Cancelled);
            if let Some(id) = id.map(|stored| stored.order.id.clone()) {
                self.change_at(&id, due, |order, _| order.book(&reference));
            }
        }
    }

    /// The parcels of an order.
    fn packages_of(&self, order_id: &str) -> Vec<PackageSnapshot> {
        let packages = self.order(order_id).map(|order| order.packages.as_slice()).unwrap_or_default();
        packages.iter().map(snapshot).collect()
    }
}

/// What a test or a page may know about a parcel.
pub(crate) fn snapshot(package: &Package) -> PackageSnapshot {
    let said = &package.said;
    let item = |(id, quantity): &(String, i64)| PackedItem { order_item_id: id.clone(), quantity: *quantity };
    PackageSnapshot {
        reference: package.reference.clone(),
        carrier_code: said.carrier.clone(),
        carrier_name: said.carrier_name.clone(),
        shipping_method: said.method.clone(),
        tracking: said.tracking.clone(),
        shipped: said.shipped,
        items: said.contents.iter().map(item).collect(),
        confirmations: package.confirmations,
        is_booked: package.shown.as_ref() == Some(said),
    }
}

impl SandboxHandle {
    /// The parcels of an order, in the order in which they were told; none when the order is unknown.
    pub fn packages(&self, order_id: &str) -> Vec<PackageSnapshot> {
        self.with(|world| world.packages_of(order_id))
    }
}
