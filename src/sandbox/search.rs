//! Finding orders the way `searchOrders` finds them, page after page.
//!
//! It must never copy all orders to serve one page: a page is read off an ordered index from where the last one ended.

use std::collections::BTreeMap;
use std::ops::Bound;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};

use super::faults::FaultKind;
use super::included::Included;
use super::market;
use super::order::{Channel, Status};
use super::quota::Operation;
use super::render::{View, instant};
use super::sellers_api;
use super::state::{Key, World};
use super::twists;

/// How many paging tokens are kept before the expired ones are swept.
const CURSORS_BEFORE_SWEEP: usize = 10_000;

/// Where a search stopped, and which search it was.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    seller: usize,
    parameters: BTreeMap<String, String>,
    expires: DateTime<Utc>,
    before: DateTime<Utc>,
    last: Option<Key>,
    is_reverse: bool,
    /// Whether the page before this cursor was a false empty one: two in a row would never end.
    follows_empty: bool,
}

/// A search that has passed all checks.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    by_creation: bool,
    after: DateTime<Utc>,
    before: DateTime<Utc>,
    markets: Vec<String>,
    statuses: Vec<Status>,
    channels: Vec<Channel>,
    size: usize,
    included: Included,
    parameters: BTreeMap<String, String>,
    resume: Option<Cursor>,
}

const KNOWN: [&str; 10] = [
    "createdAfter",
    "createdBefore",
    "lastUpdatedAfter",
    "lastUpdatedBefore",
    "fulfillmentStatuses",
    "marketplaceIds",
    "fulfilledBy",
    "maxResultsPerPage",
    "paginationToken",
    "includedData",
];

fn date(parameters: &BTreeMap<String, String>, name: &str) -> Result<Option<DateTime<Utc>>, String> {
    let Some(text) = parameters.get(name) else { return Ok(None) };
    let parsed = DateTime::parse_from_rfc3339(text);
    parsed.map(|date| Some(date.to_utc())).map_err(|error| format!("{name} is not an ISO 8601 date-time: {error}"))
}

fn words<T>(
    parameters: &BTreeMap<String, String>,
    name: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, String> {
    let Some(text) = parameters.get(name) else { return Ok(Vec::new()) };
    let unknown = |word: &str| format!("{name} does not accept the value '{word}'");
    text.split(',').map(|word| read(word).ok_or_else(|| unknown(word))).collect()
}

/// Reads the parameters one by one; each may be given once.
pub(crate) fn single_values(query: Vec<(String, String)>, known: &[&str]) -> Result<BTreeMap<String, String>, String> {
    let mut parameters = BTreeMap::new();
    for (name, value) in query {
        if !known.contains(&name.as_str()) {
            return Err(format!("unknown parameter '{name}'"));
        }
        if value.is_empty() {
            return Err(format!("{name} is empty"));
        }
        if parameters.insert(name.clone(), value).is_some() {
            return Err(format!("{name} is given twice; join the values with commas"));
        }
    }
    Ok(parameters)
}

impl World {
    /// Checks the parameters of `searchOrders`.
    ///
    /// Source: Amazon's model `orders_2026-01-01`: exactly one `…After`; a `…Before` only beside its own `…After`, not
    /// earlier than it and at least two minutes in the past; a paging token only with unchanged parameters.
    pub(crate) fn check_search(&mut self, seller: usize, query: Vec<(String, String)>) -> Result<Search, String> {
        let mut parameters = single_values(query, &KNOWN)?;
        let included = parameters.remove("includedData");
        let included = included.map_or(Ok(Included::default()), |text| Included::parse(&text));
        let included = included.map_err(|word| format!("includedData does not accept the value '{word}'"))?;
        let size = parameters.remove("maxResultsPerPage").map_or(Ok(100), |text| text.parse::<usize>());
        let size = size.map_err(|error| format!("maxResultsPerPage is not a number: {error}"))?;
        if !(1..=100).contains(&size) {
            return Err("maxResultsPerPage must be between 1 and 100".to_owned());
        }
        let token = parameters.remove("paginationToken");
        let (by_creation, after, before) =
            match (date(&parameters, "createdAfter")?, date(&parameters, "lastUpdatedAfter")?) {
                (Some(after), None) => (true, after, date(&parameters, "createdBefore")?),
                (None, Some(after)) => (false, after, date(&parameters, "lastUpdatedBefore")?),
                _ => return Err("exactly one of createdAfter and lastUpdatedAfter is required".to_owned()),
            };
        let foreign = if by_creation { "lastUpdatedBefore" } else { "createdBefore" };
        if parameters.contains_key(foreign) {
            return Err(format!("{foreign} cannot be combined with the other …After parameter"));
        }
        let skew = self.faults.skew_seconds(Operation::SearchOrders, &self.seller_id(seller));
        let limit = self.clock.now() + TimeDelta::seconds(skew) - TimeDelta::minutes(2);
        if before.is_some_and(|before| before < after) {
            return Err("the …Before date must not be earlier than the …After date".to_owned());
        }
        if before.is_some_and(|before| before > limit) {
            return Err("the …Before date must be at least two minutes before the time of the request".to_owned());
        }
        let markets = words(&parameters, "marketplaceIds", |id| {
            market::find(id).map(|market| market.id).or_else(|| sellers_api::named_store(id))
        })?;
        if markets.len() > 50 {
            return Err("marketplaceIds accepts at most 50 values".to_owned());
        }
        let statuses = words(&parameters, "fulfillmentStatuses", |word| {
            Status::ALL.into_iter().find(|status| status.word() == word)
        })?;
        let channels = words(&parameters, "fulfilledBy", |word| {
            [Channel::Amazon, Channel::Merchant].into_iter().find(|channel| channel.word() == word)
        })?;
        let resume = token.map(|token| self.resume(seller, &token, &parameters)).transpose()?;
        let before = resume.as_ref().map_or(before.unwrap_or(limit), |cursor| cursor.before);
        let markets = markets.into_iter().map(str::to_owned).collect();
        Ok(Search { by_creation, after, before, markets, statuses, channels, size, included, parameters, resume })
    }

    /// Finds the search that a paging token continues.
    fn resume(&mut self, seller: usize, token: &str, parameters: &BTreeMap<String, String>) -> Result<Cursor, String> {
        if self.strikes(FaultKind::PageTokenExpired, Operation::SearchOrders, seller) {
            return Err("paginationToken has expired".to_owned());
        }
        let cursor = self.cursors.get(token).filter(|cursor| cursor.seller == seller);
        let cursor = cursor.ok_or_else(|| "paginationToken is invalid".to_owned())?;
        if cursor.expires <= self.clock.now() {
            return Err("paginationToken has expired".to_owned());
        }
        if cursor.parameters != *parameters {
            return Err("the parameters differ from those of the request that produced the paginationToken".to_owned());
        }
        Ok(cursor.clone())
    }

    /// One page of a search.
    pub(crate) fn page(&mut self, seller: usize, search: Search) -> Value {
        let is_reverse = match &search.resume {
            Some(cursor) => cursor.is_reverse,
            None => self.strikes(FaultKind::ReversePages, Operation::SearchOrders, seller),
        };
        let last = search.resume.as_ref().and_then(|cursor| cursor.last);
        let mut found = self.keys(seller, &search, is_reverse, last);
        let mut next = (found.len() > search.size).then(|| {
            found.truncate(search.size);
            found.last().copied()
        });
        if found.len() > 1 && self.strikes(FaultKind::DuplicateOrder, Operation::SearchOrders, seller) {
            match &mut next {
                Some(next) => *next = found.get(found.len() - 2).copied(),
                None => found.extend(found.last().copied()),
            }
        }
        let may_be_empty = !found.is_empty() && search.resume.as_ref().is_none_or(|cursor| !cursor.follows_empty);
        let is_emptied = may_be_empty && self.strikes(FaultKind::EmptyPage, Operation::SearchOrders, seller);
        if is_emptied {
            found.clear();
            next = Some(last);
        }
        let view = View { included: search.included, settings: self.settings, now: self.clock.now() };
        let twist = twists::draw(self, Operation::SearchOrders, seller);
        let orders = found.iter().filter_map(|(_, _, at)| self.orders.get(*at));
        let orders: Vec<Value> = orders.map(|stored| twist.render(stored, &view)).collect();
        let mut body = Map::from_iter([("orders".to_owned(), Value::Array(orders))]);
        let bound = if search.by_creation { "createdBefore" } else { "lastUpdatedBefore" };
        body.insert(bound.to_owned(), instant(search.before).into());
        if let Some(last) = next {
            let token = self.store_cursor(Cursor {
                seller,
                parameters: search.parameters,
                expires: self.clock.now() + TimeDelta::seconds(i64::from(self.config.page_token_life_secs)),
                before: search.before,
                last,
                is_reverse,
                follows_empty: is_emptied,
            });
            body.insert("pagination".to_owned(), json!({ "nextToken": token }));
        }
        Value::Object(body)
    }

    /// The keys of the page that follows `last`, and one more if there is a further page.
    fn keys(&self, seller: usize, search: &Search, is_reverse: bool, last: Option<Key>) -> Vec<Key> {
        let index = if search.by_creation { &self.by_created } else { &self.by_updated };
        let lowest = (seller, rounded_up(search.after), 0);
        let highest = (seller, search.before.timestamp_millis(), usize::MAX);
        if lowest > highest {
            return Vec::new();
        }
        let matches = |key: &&Key| {
            self.orders.get(key.2).map(|stored| &stored.order).is_some_and(|order| {
                (search.markets.is_empty() || search.markets.iter().any(|id| id == order.market.id))
                    && (search.statuses.is_empty() || search.statuses.contains(&order.status))
                    && (search.channels.is_empty() || search.channels.contains(&order.channel))
            })
        };
        let wanted = search.size + 1;
        if is_reverse {
            let end = last.map_or(Bound::Included(highest), Bound::Excluded);
            let range = index.range((Bound::Included(lowest), end));
            range.rev().filter(matches).take(wanted).copied().collect()
        } else {
            let start = last.map_or(Bound::Included(lowest), Bound::Excluded);
            let range = index.range((start, Bound::Included(highest)));
            range.filter(matches).take(wanted).copied().collect()
        }
    }

    /// Keeps a cursor and gives it an opaque name, with the characters that must be percent-encoded in an address.
    fn store_cursor(&mut self, cursor: Cursor) -> String {
        if self.cursors.len() >= CURSORS_BEFORE_SWEEP {
            let now = self.clock.now();
            self.cursors.retain(|_, known| known.expires > now);
        }
        let token = format!("{}+{}/{}==", self.rng.token(22), self.rng.token(22), self.rng.token(16));
        self.cursors.insert(token.clone(), cursor);
        token
    }
}

/// The first whole millisecond at or after an instant.
fn rounded_up(instant: DateTime<Utc>) -> i64 {
    let millis = instant.timestamp_millis();
    if instant.timestamp_subsec_nanos().is_multiple_of(1_000_000) { millis } else { millis + 1 }
}
