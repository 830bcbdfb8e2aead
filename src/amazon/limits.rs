//! How often Amazon may be asked: Amazon grants each merchant a small allowance of calls that refills slowly.
//!
//! Only the arithmetic, in whole numbers, and the contract of the shared count. It never calls Amazon and never
//! waits itself.

use crate::domain::ids::AccountId;
use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// One call of the bucket, in millionths.
const TOKEN: i64 = 1_000_000;

/// A clock that jumps back further than this was set anew.
///
/// Less is a difference between two nodes.
const CLOCK_STEP: TimeDelta = TimeDelta::minutes(1);

/// The highest rate that is believed: 1,000 calls per second.
///
/// Amazon's sandbox grants 5 per second (Selling Partner API documentation, Sandbox).
const HIGHEST_RATE: i64 = 1_000 * TOKEN;

/// An operation of the Selling Partner API that has an allowance of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Searches orders, a page at a time.
    SearchOrders,
    /// Reads one order.
    GetOrder,
    /// Reads where the seller may sell.
    MarketplaceParticipations,
    /// Tells that a parcel left.
    ConfirmShipment,
    /// Gets an address for the content of a feed.
    CreateFeedDocument,
    /// Has an uploaded feed processed.
    CreateFeed,
    /// Asks how far a feed is.
    GetFeed,
    /// Gets the address of a feed's report.
    GetFeedDocument,
}

impl Operation {
    /// All operations.
    pub const ALL: [Self; 8] = [
        Self::SearchOrders,
        Self::GetOrder,
        Self::MarketplaceParticipations,
        Self::ConfirmShipment,
        Self::CreateFeedDocument,
        Self::CreateFeed,
        Self::GetFeed,
        Self::GetFeedDocument,
    ];

    /// Amazon's name of the operation.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SearchOrders => "searchOrders",
            Self::GetOrder => "getOrder",
            Self::MarketplaceParticipations => "getMarketplaceParticipations",
            Self::ConfirmShipment => "confirmShipment",
            Self::CreateFeedDocument => "createFeedDocument",
            Self::CreateFeed => "createFeed",
            Self::GetFeed => "getFeed",
            Self::GetFeedDocument => "getFeedDocument",
        }
    }

    /// The allowance of the usage plan (models of Orders API 2026-01-01 and v0, Sellers API v1, Feeds API 2021-06-30).
    pub const fn default_rate(self) -> RateLimit {
        match self {
            Self::SearchOrders => RateLimit { micro_per_sec: 5_600, burst: 20 },
            Self::GetOrder => RateLimit { micro_per_sec: 500_000, burst: 30 },
            Self::MarketplaceParticipations => RateLimit { micro_per_sec: 16_000, burst: 15 },
            Self::ConfirmShipment => RateLimit { micro_per_sec: 2_000_000, burst: 10 },
            Self::CreateFeedDocument => RateLimit { micro_per_sec: 500_000, burst: 15 },
            Self::CreateFeed => RateLimit { micro_per_sec: 8_300, burst: 15 },
            Self::GetFeed => RateLimit { micro_per_sec: 2_000_000, burst: 15 },
            Self::GetFeedDocument => RateLimit { micro_per_sec: 22_200, burst: 10 },
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An allowance: how fast it refills and how many calls it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Millionths of a call gained per second; 5,600 is 0.0056 calls per second.
    pub micro_per_sec: i64,
    /// Calls that may be made at once when nothing was used for long.
    pub burst: u32,
}

/// What is left of one allowance at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Millionths of a call that are left.
    pub tokens_micro: i64,
    /// Millionths of a call gained per second.
    pub rate_micro_per_sec: i64,
    /// The most calls that it holds.
    pub burst: u32,
    /// When `tokens_micro` was right.
    pub updated_at: DateTime<Utc>,
}

impl Bucket {
    /// An allowance that was not used for long.
    pub fn full(limit: RateLimit, now: DateTime<Utc>) -> Self {
        let burst = limit.burst.max(1);
        let tokens_micro = i64::from(burst) * TOKEN;
        Self { tokens_micro, rate_micro_per_sec: limit.micro_per_sec, burst, updated_at: now }
    }

    /// Takes one call, or says how long to wait for one.
    ///
    /// A refusal leaves the bucket unchanged.
    pub fn take(self, now: DateTime<Utc>) -> Result<Self, Duration> {
        let filled = self.refilled(now);
        let missing = TOKEN - filled.tokens_micro;
        if missing <= 0 {
            return Ok(Self { tokens_micro: filled.tokens_micro - TOKEN, ..filled });
        }
        let rate = i128::from(self.rate_micro_per_sec.max(1));
        let wait_millis = (i128::from(missing) * 1_000 + rate - 1) / rate;
        Err(Duration::from_millis(u64::try_from(wait_millis).unwrap_or(u64::MAX)))
    }

    /// Takes over the rate that Amazon told.
    ///
    /// Amazon tells the rate only, so the burst of the `table` stays; it grows only to hold one second of calls.
    #[must_use]
    pub fn learn(self, table: RateLimit, rate_micro_per_sec: i64, now: DateTime<Utc>) -> Self {
        let per_second = u32::try_from((rate_micro_per_sec.max(0) + TOKEN - 1) / TOKEN).unwrap_or(u32::MAX);
        let burst = table.burst.max(per_second).max(1);
        let filled = self.refilled(now);
        Self { rate_micro_per_sec: rate_micro_per_sec.max(1), burst, ..filled }
    }

    /// Empties the bucket, because Amazon refused a call.
    #[must_use]
    pub fn drained(self, now: DateTime<Utc>) -> Self {
        Self { tokens_micro: 0, updated_at: now, ..self }
    }

    /// Adds what was gained since the last time.
    fn refilled(self, now: DateTime<Utc>) -> Self {
        let passed = now.signed_duration_since(self.updated_at);
        if passed < TimeDelta::zero() && passed > -CLOCK_STEP {
            return self;
        }
        let millis = i128::from(passed.num_milliseconds().unsigned_abs());
        let gained = millis * i128::from(self.rate_micro_per_sec.max(0)) / 1_000;
        let capacity = i128::from(self.burst.max(1)) * i128::from(TOKEN);
        let tokens = (i128::from(self.tokens_micro) + gained).min(capacity);
        Self { tokens_micro: i64::try_from(tokens).unwrap_or(0), updated_at: now, ..self }
    }
}

/// Reads the header `x-amzn-RateLimit-Limit`.
///
/// It gives calls per second such as `0.0056`, which become millionths. Nothing for a text that is not a rate, for zero, and for a rate above 1,000 calls per second.
pub fn parse_rate(header: &str) -> Option<i64> {
    let text = header.trim();
    let rate: Decimal = text.parse().or_else(|_plain| Decimal::from_scientific(text)).ok()?;
    let micro = rate.checked_mul(Decimal::from(TOKEN))?.trunc();
    i64::try_from(micro).ok().filter(|micro| (1..=HIGHEST_RATE).contains(micro))
}

/// Why the shared count could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the shared count of calls is not available")]
pub struct QuotaError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// An answer of [`Quotas`] that comes later.
pub type QuotaReply<'a, T> = Pin<Box<dyn Future<Output = Result<T, QuotaError>> + Send + 'a>>;

/// The count of calls, shared by everything that calls Amazon for one account.
pub trait Quotas: Send + Sync {
    /// Takes one call.
    ///
    /// Nothing when it may be made now, else how long to wait before asking again.
    fn take(&self, account: AccountId, operation: Operation) -> QuotaReply<'_, Option<Duration>>;

    /// Notes the rate that Amazon told, in millionths of a call per second.
    fn learn(&self, account: AccountId, operation: Operation, rate_micro_per_sec: i64) -> QuotaReply<'_, ()>;

    /// Notes that Amazon refused a call because the allowance is used up.
    fn drained(&self, account: AccountId, operation: Operation) -> QuotaReply<'_, ()>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_795_000_000_000 + millis).unwrap()
    }

    #[test]
    fn the_search_allows_twenty_calls_at_once_and_then_one_every_three_minutes() {
        let mut bucket = Bucket::full(Operation::SearchOrders.default_rate(), at(0));
        for _ in 0..20 {
            bucket = bucket.take(at(0)).unwrap();
        }
        assert_eq!(bucket.take(at(0)), Err(Duration::from_millis(178_572)));
        assert_eq!(bucket.take(at(178_571)), Err(Duration::from_millis(1)));
        assert!(bucket.take(at(178_572)).is_ok());
    }

    #[test]
    fn a_refusal_by_amazon_empties_the_bucket() {
        let bucket = Bucket::full(Operation::GetOrder.default_rate(), at(0)).drained(at(0));
        assert_eq!(bucket.take(at(0)), Err(Duration::from_secs(2)));
        assert_eq!(bucket.take(at(500)), Err(Duration::from_millis(1_500)));
    }

    #[test]
    fn a_learned_rate_keeps_the_burst_of_the_table() {
        let table = Operation::SearchOrders.default_rate();
        let bucket = Bucket::full(table, at(0)).drained(at(0)).learn(table, 2_500_000, at(0));
        assert_eq!((bucket.rate_micro_per_sec, bucket.burst), (2_500_000, 20));
        assert_eq!(bucket.learn(table, 56_000_001, at(0)).burst, 57);
    }

    #[test]
    fn a_clock_set_back_by_days_does_not_block_the_account() {
        let drained = Bucket::full(Operation::GetOrder.default_rate(), at(0)).drained(at(0));
        assert_eq!(drained.take(at(-10_000)), Err(Duration::from_secs(2)), "another node's clock is a little behind");
        assert!(drained.take(at(-172_800_000)).is_ok());
    }

    #[test]
    fn the_rate_header_is_read_exactly() {
        let table = [("0.0056", 5_600), ("0.5", 500_000), (" 5.0 ", 5_000_000), ("2", 2_000_000), ("5.6E-3", 5_600)];
        for (text, micro) in table {
            assert_eq!(parse_rate(text), Some(micro), "{text}");
        }
        for text in ["", "fast", "-1", "0", "0.0", "0.0000001", "1001", "1e40", "NaN", "99999999999999999999999999999"]
        {
            assert_eq!(parse_rate(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_state_gives_an_answer_and_waiting_that_long_is_enough(
            tokens_micro in any::<i64>(), rate in any::<i64>(), burst in any::<u32>(), millis in any::<i32>(),
        ) {
            let bucket = Bucket { tokens_micro, rate_micro_per_sec: rate, burst, updated_at: at(0) };
            let now = at(i64::from(millis));
            if let Err(wait) = bucket.take(now)
                && let Ok(wait) = TimeDelta::from_std(wait)
                && millis >= 0
                && rate > 0
                && let Some(later) = now.checked_add_signed(wait)
            {
                prop_assert!(bucket.take(later).is_ok());
            }
        }
    }
}
