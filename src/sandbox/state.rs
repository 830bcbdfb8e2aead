//! All that the simulated Amazon remembers: sellers, orders, tokens, quotas and who asked what.
//!
//! It must never be written to a disk: a simulator that starts again starts from its seed.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::clock::Clock;
use super::faults::{FaultKind, Faults};
use super::feeds::Feeds;
use super::included::Included;
use super::order::{Order, Status};
use super::quota::{Bucket, Operation};
use super::rng::Rng;
use super::scenario;
use super::search::Cursor;
use super::sellers_api::USUAL_MARKETS;
use super::settings::Settings;
use super::{DEMO_REFRESH_TOKEN, DEMO_SELLER_ID, SandboxConfig};

/// How many calls the log keeps; older ones are forgotten.
const LOG_LENGTH: usize = 100_000;

/// A change made to the JSON of one order just before it is sent.
pub(crate) type Patch = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// One call as the simulator saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Call {
    /// When, by the simulator's clock.
    pub at: DateTime<Utc>,
    /// What was asked for.
    pub operation: Operation,
    /// The HTTP status of the answer.
    pub status: u16,
    /// The query as it was sent; it holds no personal data.
    pub query: String,
}

/// A merchant who sells in the simulated Amazon.
#[derive(Clone, Debug)]
pub(crate) struct Seller {
    pub(crate) id: String,
    pub(crate) refresh_tokens: Vec<String>,
    pub(crate) seed: u64,
    pub(crate) next_index: u64,
    /// The countries of the marketplaces where they sell.
    pub(crate) markets: Vec<String>,
}

/// An order with the changes that tests have asked for.
pub(crate) struct Stored {
    pub(crate) order: Order,
    pub(crate) patches: Vec<Patch>,
}

/// Whom an access token speaks for; nobody when it is grantless.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Access {
    pub(crate) seller: Option<usize>,
    pub(crate) expires: DateTime<Utc>,
}

/// A code of the consent page, good for one exchange.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) seller: usize,
    pub(crate) expires: DateTime<Utc>,
    pub(crate) redirect_uri: String,
}

/// Where an order stands in an index: its seller, the instant in milliseconds, and its position.
pub(crate) type Key = (usize, i64, usize);

/// The whole simulated Amazon.
pub(crate) struct World {
    pub(crate) config: SandboxConfig,
    pub(crate) clock: Clock,
    pub(crate) settings: Settings,
    pub(crate) faults: Faults,
    /// The parts of orders that are refused, because the application lacks the role.
    pub(crate) refused: Included,
    /// The operations that are refused for the same reason.
    pub(crate) refused_calls: BTreeSet<&'static str>,
    pub(crate) rng: Rng,
    pub(crate) sellers: Vec<Seller>,
    pub(crate) orders: Vec<Stored>,
    pub(crate) by_id: HashMap<String, usize>,
    pub(crate) by_updated: BTreeSet<Key>,
    pub(crate) by_created: BTreeSet<Key>,
    pub(crate) access: HashMap<String, Access>,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) cursors: HashMap<String, Cursor>,
    /// Confirmed parcels that their orders do not show yet: when they will, the order's position, the reference.
    pub(crate) bookings: BTreeSet<(DateTime<Utc>, usize, String)>,
    pub(crate) feeds: Feeds,
    buckets: HashMap<(usize, Operation), Bucket>,
    calls: VecDeque<Call>,
    counts: BTreeMap<Operation, u64>,
}

impl World {
    /// The world of a fresh start.
    pub(crate) fn new(config: SandboxConfig) -> Self {
        let mut world = Self {
            clock: Clock::new(config.now),
            settings: Settings::default(),
            faults: Faults::default(),
            refused: Included::default(),
            refused_calls: BTreeSet::new(),
            rng: Rng::new(config.seed ^ 0x00C0_FFEE),
            sellers: Vec::new(),
            orders: Vec::new(),
            by_id: HashMap::new(),
            by_updated: BTreeSet::new(),
            by_created: BTreeSet::new(),
            access: HashMap::new(),
            codes: HashMap::new(),
            cursors: HashMap::new(),
            bookings: BTreeSet::new(),
            feeds: Feeds::default(),
            buckets: HashMap::new(),
            calls: VecDeque::new(),
            counts: BTreeMap::new(),
            config,
        };
        let seller = world.add_seller(DEMO_SELLER_ID.to_owned(), DEMO_REFRESH_TOKEN.to_owned());
        world.generate(seller, world.config.orders);
        world
    }

    /// Opens the shop of another seller, empty; each seller draws from a seed of its own.
    pub(crate) fn add_seller(&mut self, id: String, refresh_token: String) -> usize {
        let number = self.sellers.len();
        let seed = Rng::for_item(self.config.seed, u64::try_from(number).unwrap_or(0)).next();
        let markets = USUAL_MARKETS.map(str::to_owned).to_vec();
        self.sellers.push(Seller { id, refresh_tokens: vec![refresh_token], seed, next_index: 0, markets });
        number
    }

    /// Adds the next `count` orders of a seller's scenario.
    pub(crate) fn generate(&mut self, seller: usize, count: u32) {
        let now = self.clock.now();
        for _ in 0..count {
            let Some((seed, index)) = self.next_index(seller) else { return };
            self.insert(scenario::generate(seed, index, seller, now));
        }
    }

    /// The seed of a seller and the number of the next order.
    pub(crate) fn next_index(&mut self, seller: usize) -> Option<(u64, u64)> {
        let seller = self.sellers.get_mut(seller)?;
        let index = seller.next_index;
        seller.next_index += 1;
        Some((seller.seed, index))
    }

    /// Files a new order in all indexes.
    pub(crate) fn insert(&mut self, order: Order) -> String {
        let (at, id) = (self.orders.len(), order.id.clone());
        self.by_updated.insert((order.seller, order.updated.timestamp_millis(), at));
        self.by_created.insert((order.seller, order.created.timestamp_millis(), at));
        self.by_id.insert(id.clone(), at);
        self.orders.push(Stored { order, patches: Vec::new() });
        id
    }

    /// Changes an order and moves its last update to now.
    pub(crate) fn change<T>(&mut self, id: &str, change: impl FnOnce(&mut Order, &mut Rng) -> T) -> Option<T> {
        self.change_at(id, self.clock.now(), change)
    }

    /// Changes an order and moves its last update to `when`.
    pub(crate) fn change_at<T>(
        &mut self,
        id: &str,
        when: DateTime<Utc>,
        change: impl FnOnce(&mut Order, &mut Rng) -> T,
    ) -> Option<T> {
        let at = *self.by_id.get(id)?;
        let order = &mut self.orders.get_mut(at)?.order;
        self.by_updated.remove(&(order.seller, order.updated.timestamp_millis(), at));
        let result = change(order, &mut self.rng);
        order.updated = when;
        if !matches!(order.status, Status::Pending | Status::PendingAvailability | Status::Cancelled) {
            order.amounts_hidden = false;
        }
        self.by_updated.insert((order.seller, when.timestamp_millis(), at));
        Some(result)
    }

    /// The order with this identifier.
    pub(crate) fn order(&self, id: &str) -> Option<&Order> {
        self.by_id.get(id).and_then(|at| self.orders.get(*at)).map(|stored| &stored.order)
    }

    /// The seller's name as Amazon writes it.
    pub(crate) fn seller_id(&self, seller: usize) -> String {
        self.sellers.get(seller).map(|seller| seller.id.clone()).unwrap_or_default()
    }

    /// Whether a fault strikes this call of this seller.
    pub(crate) fn strikes(&mut self, kind: FaultKind, operation: Operation, seller: usize) -> bool {
        if self.faults.list().is_empty() {
            return false;
        }
        let name = self.seller_id(seller);
        self.faults.strikes(kind, operation, &name, &mut self.rng)
    }

    /// Refuses the call of this name as Amazon does without its role, or grants it; false when there is no such call.
    pub(crate) fn refuse_call(&mut self, name: &str, is_refused: bool) -> bool {
        let known = Operation::OF_THE_API.into_iter().map(Operation::name).find(|known| *known == name);
        let Some(known) = known else { return false };
        if is_refused {
            self.refused_calls.insert(known);
        } else {
            self.refused_calls.remove(known);
        }
        true
    }

    /// Makes every access token given so far too old.
    pub(crate) fn expire_tokens(&mut self) {
        let now = self.clock.now();
        for access in self.access.values_mut() {
            access.expires = now;
        }
    }

    /// The bucket of a seller for an operation, when the operation is limited.
    pub(crate) fn bucket(&mut self, seller: usize, operation: Operation) -> Option<&mut Bucket> {
        let fresh = Bucket::full(operation, self.config.quota_factor, self.clock.now())?;
        Some(self.buckets.entry((seller, operation)).or_insert(fresh))
    }

    /// Writes a call into the log.
    pub(crate) fn note(&mut self, operation: Operation, status: u16, query: &str) {
        if self.calls.len() == LOG_LENGTH {
            self.calls.pop_front();
        }
        self.calls.push_back(Call { at: self.clock.now(), operation, status, query: query.to_owned() });
        *self.counts.entry(operation).or_default() += 1;
    }

    /// The log, oldest call first.
    pub(crate) fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.iter()
    }

    /// How often each operation was called since the start.
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        self.counts.iter().map(|(operation, count)| (operation.name().to_owned(), *count)).collect()
    }

    /// An identifier for the next answer, shaped like Amazon's.
    pub(crate) fn request_id(&mut self) -> String {
        let (high, low) = (self.rng.next(), self.rng.next());
        let node = low & 0xFFFF_FFFF_FFFF;
        format!("{:08x}-{:04x}-4{:03x}-a{:03x}-{node:012x}", high >> 32, high >> 16 & 0xFFFF, high & 0xFFF, low >> 52)
    }
}
