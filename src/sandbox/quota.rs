//! How often the simulated Amazon lets itself be asked.
//!
//! It must never be more generous than the real one, unless the configuration says so: a client that lives with these
//! quotas lives with Amazon's.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The operations that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// `POST /auth/o2/token` of Login with Amazon.
    Token,
    /// The consent page of Seller Central.
    Consent,
    /// `searchOrders` of the Orders API.
    SearchOrders,
    /// `getOrder` of the Orders API.
    GetOrder,
    /// `confirmShipment` of the older Orders API.
    ConfirmShipment,
    /// `createFeedDocument` of the Feeds API.
    CreateFeedDocument,
    /// `createFeed` of the Feeds API.
    CreateFeed,
    /// `getFeed` of the Feeds API.
    GetFeed,
    /// `cancelFeed` of the Feeds API.
    CancelFeed,
    /// `getFeedDocument` of the Feeds API.
    GetFeedDocument,
    /// The upload of a document, at an address that `createFeedDocument` gave.
    FeedUpload,
    /// The fetching of a document, at an address that `getFeedDocument` gave.
    FeedDownload,
    /// `getMarketplaceParticipations` of the Sellers API.
    MarketplaceParticipations,
    /// Any address that does not exist.
    Unknown,
}

impl Operation {
    /// The operations of the Selling Partner API, for lists of choices.
    pub const OF_THE_API: [Self; 9] = [
        Self::SearchOrders,
        Self::GetOrder,
        Self::ConfirmShipment,
        Self::CreateFeedDocument,
        Self::CreateFeed,
        Self::GetFeed,
        Self::CancelFeed,
        Self::GetFeedDocument,
        Self::MarketplaceParticipations,
    ];

    /// Whether the operation changes something at Amazon.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::ConfirmShipment | Self::CreateFeedDocument | Self::CreateFeed | Self::CancelFeed)
    }

    /// Whether the operation belongs to the Feeds API.
    pub(crate) fn is_of_feeds(self) -> bool {
        matches!(
            self,
            Self::CreateFeedDocument | Self::CreateFeed | Self::GetFeed | Self::CancelFeed | Self::GetFeedDocument
        )
    }

    /// The name Amazon gives the operation.
    pub fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Consent => "consent",
            Self::SearchOrders => "searchOrders",
            Self::GetOrder => "getOrder",
            Self::ConfirmShipment => "confirmShipment",
            Self::CreateFeedDocument => "createFeedDocument",
            Self::CreateFeed => "createFeed",
            Self::GetFeed => "getFeed",
            Self::CancelFeed => "cancelFeed",
            Self::GetFeedDocument => "getFeedDocument",
            Self::FeedUpload => "feedUpload",
            Self::FeedDownload => "feedDownload",
            Self::MarketplaceParticipations => "getMarketplaceParticipations",
            Self::Unknown => "unknown",
        }
    }

    /// The default usage plan, as millionths of a call per second and burst.
    ///
    /// Source: Amazon's models `orders_2026-01-01`, `ordersV0`, `feeds_2021-06-30` and `sellers`, tables "Usage Plan" of the operations.
    fn plan(self) -> Option<(u64, u64)> {
        match self {
            Self::SearchOrders => Some((5_600, 20)),
            Self::GetOrder => Some((500_000, 30)),
            Self::CreateFeedDocument => Some((500_000, 15)),
            Self::CreateFeed => Some((8_300, 15)),
            Self::GetFeed | Self::CancelFeed => Some((2_000_000, 15)),
            Self::GetFeedDocument => Some((22_200, 10)),
            Self::ConfirmShipment => Some((2_000_000, 10)),
            Self::MarketplaceParticipations => Some((16_000, 15)),
            Self::Token | Self::Consent | Self::FeedUpload | Self::FeedDownload | Self::Unknown => None,
        }
    }
}

/// What one whole call is worth: buckets count in billionths, so that slow rates need no fractions.
const ONE_CALL: u64 = 1_000_000_000;

/// The highest rate that is told, in millionths of a call per second: callers take more for a mistake.
const HIGHEST_TOLD: u64 = 1_000 * 1_000_000;

/// A token bucket for one seller and one operation.
///
/// Source: Selling Partner API documentation, Usage plans and rate limits.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    level: u64,
    capacity: u64,
    /// Billionths of a call gained per millisecond, which equals millionths of a call per second.
    rate: u64,
    filled_at: DateTime<Utc>,
}

impl Bucket {
    /// A full bucket for `operation`, or nothing when the operation is not limited.
    pub(crate) fn full(operation: Operation, factor: u32, now: DateTime<Utc>) -> Option<Self> {
        let (rate, burst) = operation.plan()?;
        let capacity = burst.saturating_mul(u64::from(factor)).saturating_mul(ONE_CALL);
        Some(Self { level: capacity, capacity, rate: rate.saturating_mul(u64::from(factor)), filled_at: now })
    }

    fn fill(&mut self, now: DateTime<Utc>) {
        let elapsed = now.signed_duration_since(self.filled_at).num_milliseconds();
        let gained = u64::try_from(elapsed).unwrap_or(0).saturating_mul(self.rate);
        self.level = self.level.saturating_add(gained).min(self.capacity);
        self.filled_at = now;
    }

    /// Takes one call out of the bucket; false when it is empty.
    pub(crate) fn take(&mut self, now: DateTime<Utc>) -> bool {
        self.fill(now);
        let Some(rest) = self.level.checked_sub(ONE_CALL) else { return false };
        self.level = rest;
        true
    }

    /// Whole calls left, and how many the bucket holds.
    pub(crate) fn left(&mut self, now: DateTime<Utc>) -> (u64, u64) {
        self.fill(now);
        (self.level / ONE_CALL, self.capacity / ONE_CALL)
    }

    /// The rate in calls per second, as the header `x-amzn-RateLimit-Limit` writes it; at most [`HIGHEST_TOLD`].
    pub(crate) fn header(&self) -> String {
        let rate = self.rate.min(HIGHEST_TOLD);
        let (whole, rest) = (rate / 1_000_000, rate % 1_000_000);
        let text = format!("{whole}.{rest:06}");
        let trimmed = text.trim_end_matches('0');
        if trimmed.ends_with('.') { format!("{trimmed}0") } else { trimmed.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta};

    use super::{Bucket, Operation};

    #[test]
    fn a_search_token_comes_back_after_179_seconds() {
        let start = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let mut bucket = Bucket::full(Operation::SearchOrders, 1, start).unwrap();
        for _ in 0..20 {
            assert!(bucket.take(start));
        }
        assert!(!bucket.take(start));
        assert!(!bucket.take(start + TimeDelta::seconds(178)));
        assert!(bucket.take(start + TimeDelta::seconds(179)));
    }

    #[test]
    fn the_rate_header_has_no_needless_zeros() {
        let start = DateTime::from_timestamp(0, 0).unwrap();
        let header = |operation, factor| Bucket::full(operation, factor, start).unwrap().header();
        assert_eq!(header(Operation::SearchOrders, 1), "0.0056");
        assert_eq!(header(Operation::GetOrder, 1), "0.5");
        assert_eq!(header(Operation::GetOrder, 2), "1.0");
        assert_eq!(header(Operation::GetOrder, 100_000), "1000.0", "nobody would believe 50,000");
    }
}
