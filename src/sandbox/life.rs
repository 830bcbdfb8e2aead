//! What can happen to an order after it was placed.
//!
//! An order must never take a step that Amazon's orders cannot take, except for the cancellation of a shipped one, which
//! merchants do meet.

use super::SandboxError;
use super::market;
use super::order::{Order, OrderKind, OrderSpec, Status};
use super::people;
use super::scenario::{self, Plan};
use super::state::{Patch, World};

impl World {
    /// Places an order now.
    pub(crate) fn place(&mut self, spec: &OrderSpec) -> Result<String, SandboxError> {
        let unknown = || SandboxError::UnknownMarketplace(spec.marketplace.clone());
        let market = market::find(&spec.marketplace).ok_or_else(unknown)?;
        let seller = match &spec.seller_id {
            None => Some(0),
            Some(id) => self.sellers.iter().position(|seller| seller.id == *id),
        };
        let unknown = || SandboxError::UnknownSeller(spec.seller_id.clone().unwrap_or_default());
        let seller = seller.ok_or_else(unknown)?;
        let (seed, index) = self.next_index(seller).ok_or_else(unknown)?;
        let now = self.clock.now();
        let original = || {
            let shipped =
                |order: &&Order| order.seller == seller && order.market == market && order.status == Status::Shipped;
            let orders = self.orders.iter().rev().map(|stored| &stored.order);
            let found = orders.filter(shipped).map(|order| order.id.clone()).next();
            found.unwrap_or_else(|| scenario::order_id(seed, 0))
        };
        let order = Order::from_plan(&Plan {
            seed,
            index,
            seller,
            market,
            channel: spec.channel,
            kind: spec.kind,
            status: spec.status,
            created: now,
            updated: now,
            lines: &spec.lines,
            replaces: (spec.kind == OrderKind::Replacement).then(original),
        });
        Ok(self.insert(order))
    }

    /// The order's status, if the order exists.
    fn status_of(&self, id: &str) -> Result<Status, SandboxError> {
        self.order(id).map(|order| order.status).ok_or_else(|| SandboxError::UnknownOrder(id.to_owned()))
    }

    /// Fails unless `is_allowed` in the order's present status.
    fn allow(&self, id: &str, is_allowed: impl Fn(Status) -> bool) -> Result<(), SandboxError> {
        let status = self.status_of(id)?;
        if is_allowed(status) { Ok(()) } else { Err(SandboxError::NotPossible { order_id: id.to_owned(), status }) }
    }

    /// Settles the payment: PENDING becomes UNSHIPPED.
    pub(crate) fn pay(&mut self, id: &str) -> Result<(), SandboxError> {
        self.allow(id, |status| matches!(status, Status::Pending | Status::PendingAvailability))?;
        self.change(id, |order, _| order.status = Status::Unshipped);
        Ok(())
    }

    /// Ships all that is left, or the given quantities.
    pub(crate) fn send(&mut self, id: &str, quantities: Option<Vec<(String, i64)>>) -> Result<(), SandboxError> {
        self.allow(id, |status| matches!(status, Status::Unshipped | Status::PartiallyShipped))?;
        let rest = self.order(id).map(Order::rest).unwrap_or_default();
        let quantities = quantities.unwrap_or_else(|| rest.clone());
        for (item, quantity) in &quantities {
            let left = rest.iter().find(|(known, _)| known == item).map_or(0, |(_, left)| *left);
            if *quantity < 1 || *quantity > left {
                return Err(SandboxError::NotSoMany { order_item_id: item.clone(), left });
            }
        }
        let now = self.clock.now();
        self.change(id, |order, rng| order.send(&quantities, now, rng));
        Ok(())
    }

    /// Cancels an order, shipped or not.
    pub(crate) fn cancel(&mut self, id: &str, by: &'static str) -> Result<(), SandboxError> {
        self.allow(id, |status| status != Status::Cancelled)?;
        self.change(id, |order, _| order.cancel(by));
        Ok(())
    }

    /// Notes the buyer's wish to cancel.
    pub(crate) fn request_cancellation(&mut self, id: &str) -> Result<(), SandboxError> {
        self.allow(id, |status| status != Status::Cancelled)?;
        self.change(id, |order, _| order.request_cancellation());
        Ok(())
    }

    /// Moves an order that has not left to another address.
    pub(crate) fn change_address(&mut self, id: &str) -> Result<(), SandboxError> {
        self.allow(id, |status| !matches!(status, Status::Cancelled | Status::Shipped | Status::Unfulfillable))?;
        self.change(id, |order, rng| {
            let (_, address) = people::person(rng.next(), order.market, rng.below(50_000), 1);
            order.address.lines = address.lines;
            order.address.city = address.city;
            order.address.state = address.state;
            order.address.postal_code = address.postal_code;
        });
        Ok(())
    }

    /// The patches of an order.
    pub(crate) fn patches(&mut self, id: &str) -> Result<&mut Vec<Patch>, SandboxError> {
        let stored = self.by_id.get(id).and_then(|at| self.orders.get_mut(*at));
        stored.map(|stored| &mut stored.patches).ok_or_else(|| SandboxError::UnknownOrder(id.to_owned()))
    }

    /// Adds a patch to an order.
    pub(crate) fn add_patch(&mut self, id: &str, patch: Patch) -> Result<(), SandboxError> {
        self.patches(id)?.push(patch);
        Ok(())
    }
}
