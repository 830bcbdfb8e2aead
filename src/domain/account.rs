//! An Amazon account registration: whose orders are followed, on which marketplaces, for which team and location.

use super::coded::coded;
use super::ids::{AccountId, CompanyId, LocationId, MarketplaceId, SellerId, TeamId};

coded! {
    /// Whether an account is synchronized.
    AccountState {
        /// Linked and synchronized.
        Linked = "linked",
        /// Amazon no longer accepts the authorization; nothing is read until it is linked again.
        AuthorizationLost = "authorization_lost",
        /// Set aside by a person.
        Paused = "paused",
    }
}

/// The shortest interval between two synchronizations, in seconds: Amazon refills one search call in about 179 s
/// (Selling Partner API documentation, Usage plans: searchOrders 0.0056 per second).
pub const SHORTEST_INTERVAL_SECS: i64 = 180;

/// The interval of a new account, in seconds.
pub const USUAL_INTERVAL_SECS: i64 = 900;

/// Amazon does not return orders older than two years (Orders API reference), counted here in days.
pub const OLDEST_ORDER_DAYS: i64 = 730;

/// What the synchronization rules must know about an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The account.
    pub account: AccountId,
    /// Its company.
    pub company: CompanyId,
    /// The seller behind it.
    pub seller: SellerId,
    /// The team that gets its orders.
    pub team: TeamId,
    /// Where its FBA stock is counted.
    pub location: LocationId,
    /// The marketplaces that it follows.
    pub marketplaces: Vec<MarketplaceId>,
    /// Marketplaces of the same seller that another registration follows, with that registration's name.
    pub elsewhere: Vec<(MarketplaceId, String)>,
    /// What single marketplaces have of their own.
    pub overrides: Vec<(MarketplaceId, Override)>,
    /// All registrations of the seller in the company, this one among them: an order is held once, whichever read it.
    pub siblings: Vec<AccountId>,
}

/// What a marketplace has of its own; what it has not is the registration's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Override {
    /// The team that gets its orders.
    pub team: Option<TeamId>,
    /// Where its FBA stock is counted.
    pub location: Option<LocationId>,
}

impl Registration {
    /// The team that gets the orders of a marketplace.
    pub fn team_of(&self, marketplace: &MarketplaceId) -> TeamId {
        self.own(marketplace).team.unwrap_or(self.team)
    }

    /// Where the FBA stock of a marketplace is counted.
    pub fn location_of(&self, marketplace: &MarketplaceId) -> LocationId {
        self.own(marketplace).location.unwrap_or(self.location)
    }

    fn own(&self, marketplace: &MarketplaceId) -> Override {
        self.overrides.iter().find(|(id, _)| id == marketplace).map(|(_, own)| *own).unwrap_or_default()
    }
}

/// Why a date cannot become the Last Order Sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForcedDateError {
    /// It lies in the future.
    #[error("the date lies in the future")]
    InTheFuture,
    /// Amazon returns nothing that old.
    #[error("Amazon does not return orders older than two years")]
    TooOld,
}

/// Last Order Sync may be moved to any past moment for which Amazon still answers.
pub fn check_forced_date(
    date: chrono::DateTime<chrono::Utc>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), ForcedDateError> {
    if date > now {
        return Err(ForcedDateError::InTheFuture);
    }
    if date < now - chrono::Duration::days(OLDEST_ORDER_DAYS) {
        return Err(ForcedDateError::TooOld);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Duration, TimeZone, Utc};

    #[test]
    fn last_order_sync_must_be_in_the_past_and_within_amazons_two_years() {
        let now = Utc.with_ymd_and_hms(2026, 11, 24, 12, 0, 0).unwrap();
        assert_eq!(check_forced_date(now, now), Ok(()));
        assert_eq!(check_forced_date(now + Duration::seconds(1), now), Err(ForcedDateError::InTheFuture));
        assert_eq!(check_forced_date(now - Duration::days(730), now), Ok(()));
        assert_eq!(check_forced_date(now - Duration::days(731), now), Err(ForcedDateError::TooOld));
    }
}
