//! An Amazon account registration: whose orders are followed, on which marketplaces, for which team and location.

use super::coded::coded;
use super::ids::{AccountId, CarrierId, CompanyId, LocationId, MarketplaceId, SellerId, TeamId};
use chrono::{Duration, NaiveDateTime};

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

coded! {
    /// How an account was authorized.
    AuthorizedBy {
        /// On Amazon's consent page.
        Consent = "consent",
        /// With a refresh token that the merchant's own developer console gave.
        Token = "token",
    }
}

coded! {
    /// How an account stands with Amazon, as people see it.
    Standing {
        /// Nobody has authorized Comptoir yet.
        NotLinked = "not_linked",
        /// Linked and synchronized.
        Linked = "linked",
        /// Linked and synchronized, but not for much longer.
        EndsSoon = "ends_soon",
        /// Amazon no longer accepts the authorization.
        AuthorizationLost = "authorization_lost",
        /// Set aside by a person.
        Paused = "paused",
        /// No longer used: lists leave it out, its orders stay.
        Archived = "archived",
    }
}

/// A consent must be given again after this many days (Selling Partner API documentation, Website authorization workflow).
pub const AUTHORIZATION_DAYS: i64 = 365;

/// A client secret expires after this many days (Selling Partner API documentation, Rotate your application's client secrets).
pub const SECRET_DAYS: i64 = 180;

/// How many days ahead somebody is reminded.
pub const REMINDER_DAYS: i64 = 30;

/// What is known about an account's authorization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// How it was given.
    pub by: AuthorizedBy,
    /// When.
    pub at: Option<NaiveDateTime>,
    /// When the application's secret was entered.
    pub secret_entered_at: Option<NaiveDateTime>,
}

impl Authorization {
    /// When it must be given again; a refresh token of the developer console has no such day.
    pub fn ends_at(&self) -> Option<NaiveDateTime> {
        self.at.filter(|_| self.by == AuthorizedBy::Consent).map(|at| at + Duration::days(AUTHORIZATION_DAYS))
    }

    /// When the application's secret expires.
    pub fn secret_ends_at(&self) -> Option<NaiveDateTime> {
        self.secret_entered_at.map(|at| at + Duration::days(SECRET_DAYS))
    }
}

/// Whether it is time to remind somebody of this end, from 30 days ahead on.
pub fn is_due(end: Option<NaiveDateTime>, now: NaiveDateTime) -> bool {
    end.is_some_and(|end| now >= end - Duration::days(REMINDER_DAYS))
}

/// How long after its time an account is read, if it was not read for longer than two intervals.
///
/// One interval is not late: the next run may be about to start.
pub fn late_by(state: AccountState, known: NaiveDateTime, interval_secs: i64, now: NaiveDateTime) -> Option<Duration> {
    let interval = Duration::seconds(interval_secs);
    let late = now - known - interval;
    (state == AccountState::Linked && late > interval).then_some(late)
}

/// What a person did with an account, apart from pausing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// Whether it holds an authorization, good or lost.
    pub is_linked: bool,
    /// Whether it is archived.
    pub is_archived: bool,
}

/// How an account stands.
pub fn standing(state: AccountState, account: Use, ends_at: Option<NaiveDateTime>, now: NaiveDateTime) -> Standing {
    match state {
        _ if account.is_archived => Standing::Archived,
        _ if !account.is_linked => Standing::NotLinked,
        AccountState::AuthorizationLost => Standing::AuthorizationLost,
        AccountState::Paused => Standing::Paused,
        AccountState::Linked if is_due(ends_at, now) => Standing::EndsSoon,
        AccountState::Linked => Standing::Linked,
    }
}

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
    /// Who carries its parcels, if nobody chooses otherwise.
    pub carrier: Option<CarrierId>,
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
    /// Who carries its parcels, if nobody chooses otherwise.
    pub carrier: Option<CarrierId>,
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

    /// Who carries the parcels of a marketplace, if nobody chooses otherwise.
    pub fn carrier_of(&self, marketplace: &MarketplaceId) -> Option<CarrierId> {
        self.own(marketplace).carrier.or(self.carrier)
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
    use chrono::{TimeZone, Utc};

    #[test]
    fn a_consent_ends_after_a_year_and_is_announced_thirty_days_ahead() {
        let at = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap().naive_utc();
        let days = |days| at + Duration::days(days);
        let consent = Authorization { by: AuthorizedBy::Consent, at: Some(at), secret_entered_at: Some(at) };
        let linked = Use { is_linked: true, is_archived: false };
        let stands = |state, now| standing(state, linked, consent.ends_at(), now);
        assert_eq!(stands(AccountState::Linked, days(334)), Standing::Linked);
        assert_eq!(stands(AccountState::Linked, days(335)), Standing::EndsSoon);
        assert_eq!(stands(AccountState::Paused, days(400)), Standing::Paused);
        assert_eq!(stands(AccountState::AuthorizationLost, days(0)), Standing::AuthorizationLost);
        let unlinked = Use { is_linked: false, ..linked };
        assert_eq!(standing(AccountState::Paused, unlinked, None, at), Standing::NotLinked);
        let archived = Use { is_archived: true, ..unlinked };
        assert_eq!(standing(AccountState::Paused, archived, None, at), Standing::Archived);
        assert!(!is_due(consent.secret_ends_at(), days(149)) && is_due(consent.secret_ends_at(), days(150)));
        let token = Authorization { by: AuthorizedBy::Token, ..consent };
        assert_eq!((token.ends_at(), token.secret_ends_at()), (None, Some(days(180))));
    }

    #[test]
    fn an_account_is_late_once_two_intervals_passed() {
        let known = Utc.with_ymd_and_hms(2026, 11, 24, 12, 0, 0).unwrap().naive_utc();
        let late = |state, minutes| late_by(state, known, 900, known + Duration::minutes(minutes));
        assert_eq!((late(AccountState::Linked, 30), late(AccountState::Paused, 90)), (None, None));
        assert_eq!(late(AccountState::Linked, 31), Some(Duration::minutes(16)));
    }

    #[test]
    fn last_order_sync_must_be_in_the_past_and_within_amazons_two_years() {
        let now = Utc.with_ymd_and_hms(2026, 11, 24, 12, 0, 0).unwrap();
        assert_eq!(check_forced_date(now, now), Ok(()));
        assert_eq!(check_forced_date(now + Duration::seconds(1), now), Err(ForcedDateError::InTheFuture));
        assert_eq!(check_forced_date(now - Duration::days(730), now), Ok(()));
        assert_eq!(check_forced_date(now - Duration::days(731), now), Err(ForcedDateError::TooOld));
    }
}
