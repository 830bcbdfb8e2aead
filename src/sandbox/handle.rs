//! The remote control of the simulated Amazon, for tests in the same process.
//!
//! Whatever it does must also be possible through the control endpoints, for tests in another process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::SandboxError;
use super::faults::{FaultKind, FaultSettings};
use super::included::Included;
use super::order::{Channel, Order, OrderSpec, Status};
use super::quota::Operation;
use super::render::View;
use super::settings::Settings;
use super::state::{Call, World};
use super::totals::item_totals;
use super::twists::Twist;

/// Who cancels an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CancelledBy {
    /// The buyer changed their mind.
    Buyer,
    /// The merchant cannot deliver.
    Merchant,
    /// Amazon withdrew the order.
    Amazon,
}

impl CancelledBy {
    fn word(self) -> &'static str {
        match self {
            Self::Buyer => "BUYER",
            Self::Merchant => "MERCHANT",
            Self::Amazon => "AMAZON",
        }
    }
}

/// One line of an order, as the simulator knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemSnapshot {
    /// Amazon's identifier of the line.
    pub order_item_id: String,
    /// The SKU, unless the line has none.
    pub sku: Option<String>,
    /// How many were ordered.
    pub quantity_ordered: i64,
    /// How many were shipped.
    pub quantity_shipped: i64,
    /// What the buyer pays for the line, in minor units.
    pub total_minor: i64,
}

/// One order, as the simulator knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderSnapshot {
    /// Amazon's identifier of the order.
    pub order_id: String,
    /// Who sells.
    pub seller_id: String,
    /// Where it was bought.
    pub marketplace_id: &'static str,
    /// Who ships.
    pub channel: Channel,
    /// How far it is.
    pub status: Status,
    /// When it was placed.
    pub created: DateTime<Utc>,
    /// When it last changed.
    pub updated: DateTime<Utc>,
    /// The buyer's name, empty when Amazon does not give it.
    pub buyer_name: String,
    /// The currency of all amounts.
    pub currency: &'static str,
    /// How many decimals the currency has.
    pub decimals: u32,
    /// `grandTotal`, in minor units.
    pub total_minor: i64,
    /// The lines.
    pub items: Vec<ItemSnapshot>,
}

/// What a further seller signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SellerCredentials {
    /// The seller's identifier.
    pub seller_id: String,
    /// The refresh token of the seller's authorization.
    pub refresh_token: String,
}

/// A handle on a running simulator; clones share it.
#[derive(Clone)]
pub struct SandboxHandle(Arc<Mutex<World>>);

impl std::fmt::Debug for SandboxHandle {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SandboxHandle").finish_non_exhaustive()
    }
}

impl SandboxHandle {
    pub(crate) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    /// Runs `work` alone on the world, after all that time has brought about.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        let world = &mut self.0.lock().unwrap_or_else(PoisonError::into_inner);
        world.work_on_feeds();
        world.book_due();
        work(world)
    }

    /// Places an order now and returns its identifier.
    #[expect(clippy::needless_pass_by_value, reason = "callers build the order for this one call")]
    pub fn place_order(&self, spec: OrderSpec) -> Result<String, SandboxError> {
        self.with(|world| world.place(&spec))
    }

    /// Settles the payment of a pending order, which can then be shipped.
    pub fn pay(&self, order_id: &str) -> Result<(), SandboxError> {
        self.with(|world| world.pay(order_id))
    }

    /// Ships all that is left, or the given quantities by line, whoever ships.
    pub fn ship(&self, order_id: &str, quantities: Option<Vec<(String, i64)>>) -> Result<(), SandboxError> {
        self.with(|world| world.send(order_id, quantities))
    }

    /// Cancels an order on the buyer's behalf, even one that was shipped.
    pub fn cancel(&self, order_id: &str) -> Result<(), SandboxError> {
        self.cancel_by(order_id, CancelledBy::Buyer)
    }

    /// Cancels an order on somebody's behalf, even one that was shipped.
    pub fn cancel_by(&self, order_id: &str, by: CancelledBy) -> Result<(), SandboxError> {
        self.with(|world| world.cancel(order_id, by.word()))
    }

    /// Lets the buyer ask for a cancellation; the status does not change.
    pub fn request_cancellation(&self, order_id: &str) -> Result<(), SandboxError> {
        self.with(|world| world.request_cancellation(order_id))
    }

    /// Sends the rest of an order to another address of the same buyer, as buyers may before it has left.
    pub fn change_address(&self, order_id: &str) -> Result<(), SandboxError> {
        self.with(|world| world.change_address(order_id))
    }

    /// Moves the last update of an order to now and changes nothing else.
    pub fn touch(&self, order_id: &str) -> Result<(), SandboxError> {
        self.with(|world| {
            world.change(order_id, |_, _| ()).ok_or_else(|| SandboxError::UnknownOrder(order_id.to_owned()))
        })
    }

    /// Changes the JSON of an order just before it is sent, from now on.
    ///
    /// `patch` sees the complete order and runs for every answer; call `touch` if a later search must find it again.
    pub fn patch_order(
        &self,
        order_id: &str,
        patch: impl Fn(&mut Value) + Send + Sync + 'static,
    ) -> Result<(), SandboxError> {
        self.with(|world| world.add_patch(order_id, Arc::new(patch)))
    }

    /// Takes back all changes made with `patch_order`.
    pub fn clear_patches(&self, order_id: &str) -> Result<(), SandboxError> {
        self.with(|world| world.patches(order_id).map(Vec::clear))
    }

    /// Adds the next `count` orders of the demonstration seller's scenario, ending now.
    pub fn generate_more(&self, count: u32) {
        self.with(|world| world.generate(0, count));
    }

    /// Opens the shop of another seller with `orders` orders of its own.
    pub fn add_seller(&self, orders: u32) -> SellerCredentials {
        self.with(|world| {
            let seller_id = format!("A{}", world.rng.token(13).to_uppercase());
            let refresh_token = format!("Atzr|{}", world.rng.token(180));
            let seller = world.add_seller(seller_id.clone(), refresh_token.clone());
            world.generate(seller, orders);
            SellerCredentials { seller_id, refresh_token }
        })
    }

    /// Switches a fault on, or replaces its settings.
    pub fn set_fault(&self, kind: FaultKind, settings: FaultSettings) {
        self.with(|world| world.faults.set(kind, settings));
    }

    /// Switches one fault off.
    pub fn clear_fault(&self, kind: FaultKind) {
        self.with(|world| world.faults.clear(kind));
    }

    /// Switches all faults off.
    pub fn clear_faults(&self) {
        self.with(|world| world.faults.clear_all());
    }

    /// The faults that are on, with what is left of their counts.
    pub fn faults(&self) -> Vec<(FaultKind, FaultSettings)> {
        self.with(|world| world.faults.list().to_vec())
    }

    /// Refuses a part of orders (a value of `includedData`) or a call (by its name, such as `confirmShipment`), as Amazon does
    /// without the role for it, or grants it.
    pub fn refuse(&self, part: &str, is_refused: bool) -> Result<(), SandboxError> {
        let is_known = self.with(|world| world.refused.put(part, is_refused) || world.refuse_call(part, is_refused));
        if is_known { Ok(()) } else { Err(SandboxError::UnknownPart(part.to_owned())) }
    }

    /// The parts of orders and the calls that are refused.
    pub fn refused(&self) -> Vec<&'static str> {
        self.with(|world| world.refused.list().into_iter().chain(world.refused_calls.iter().copied()).collect())
    }

    /// Lets a seller sell in these countries only.
    pub fn set_markets(&self, seller_id: &str, countries: &[&str]) -> Result<(), SandboxError> {
        self.with(|world| world.set_markets(seller_id, countries))
    }

    /// Lets every access token given so far expire now.
    pub fn expire_tokens(&self) {
        self.with(World::expire_tokens);
    }

    /// Changes how open questions are answered.
    pub fn set_settings(&self, settings: Settings) {
        self.with(|world| world.settings = settings);
    }

    /// How open questions are answered at present.
    pub fn settings(&self) -> Settings {
        self.with(|world| world.settings)
    }

    /// The simulator's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.with(|world| world.clock.now())
    }

    /// Moves the simulator's clock forward.
    pub fn advance(&self, by: Duration) {
        let by = TimeDelta::from_std(by).unwrap_or_else(|_| TimeDelta::zero());
        self.with(|world| world.clock.advance(by));
    }

    /// Sets the simulator's clock, forward or back.
    pub fn set_now(&self, now: DateTime<Utc>) {
        self.with(|world| world.clock.set(now));
    }

    /// All orders, in the order they came into being.
    pub fn orders(&self) -> Vec<OrderSnapshot> {
        self.with(|world| world.orders.iter().map(|stored| world.snapshot(&stored.order)).collect())
    }

    /// One order.
    pub fn order(&self, order_id: &str) -> Option<OrderSnapshot> {
        self.with(|world| world.order(order_id).map(|order| world.snapshot(order)))
    }

    /// The complete JSON of an order, patches included, as if everything had been asked for.
    pub fn order_json(&self, order_id: &str) -> Option<Value> {
        self.with(|world| {
            let view = View { included: Included::ALL, settings: world.settings, now: world.clock.now() };
            let stored = world.by_id.get(order_id).and_then(|at| world.orders.get(*at))?;
            Some(Twist::default().render(stored, &view))
        })
    }

    /// How often each operation was called, by Amazon's name of the operation.
    pub fn call_counts(&self) -> BTreeMap<String, u64> {
        self.with(|world| world.counts())
    }

    /// When each call came, what it asked for, and the HTTP status it got; oldest first.
    pub fn request_log(&self) -> Vec<(DateTime<Utc>, Operation, u16)> {
        self.with(|world| world.calls().map(|call| (call.at, call.operation, call.status)).collect())
    }

    /// The calls with their queries; oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.with(|world| world.calls().cloned().collect())
    }

    /// Calls left to the demonstration seller, and the size of the bucket, for a limited operation.
    pub fn quota_left(&self, operation: Operation) -> Option<(u64, u64)> {
        self.with(|world| world.quota_left(operation))
    }
}

impl World {
    /// What a test or a page may know about an order.
    pub(crate) fn snapshot(&self, order: &Order) -> OrderSnapshot {
        let total = |item| item_totals(item, order.market, self.settings).total;
        let items = order.items.iter().map(|item| ItemSnapshot {
            order_item_id: item.id.clone(),
            sku: item.sku.clone(),
            quantity_ordered: item.quantity,
            quantity_shipped: item.fulfilled,
            total_minor: total(item),
        });
        OrderSnapshot {
            order_id: order.id.clone(),
            seller_id: self.seller_id(order.seller),
            marketplace_id: order.market.id,
            channel: order.channel,
            status: order.status,
            created: order.created,
            updated: order.updated,
            buyer_name: order.buyer.name.clone(),
            currency: order.market.currency,
            decimals: order.market.decimals,
            total_minor: order.items.iter().map(total).sum::<i64>() + order.tip,
            items: items.collect(),
        }
    }

    /// Calls left to the demonstration seller, and the size of the bucket.
    pub(crate) fn quota_left(&mut self, operation: Operation) -> Option<(u64, u64)> {
        let now = self.clock.now();
        self.bucket(0, operation).map(|bucket| bucket.left(now))
    }
}
