//! Editing an Amazon account: its team, location, interval, marketplaces and secrets.
//!
//! What a person did not see is never overwritten: each change names the version that was shown.

use super::Actor;
use super::credentials::{self, Secrets};
use crate::app::App;
use crate::db::accounts::{self, AccountRow};
use crate::db::audit::{self, NewEvent};
use crate::db::{Conn, DbError, teams};
use crate::domain::access::Action;
use crate::domain::account::SHORTEST_INTERVAL_SECS;
use crate::domain::ids::{AccountId, LocationId, MarketplaceId, TeamId};
use crate::domain::marketplace;
use crate::error::AppError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

/// The longest interval between two synchronizations, in seconds: one day.
pub const LONGEST_INTERVAL_SECS: i64 = 86_400;

/// What one wants to change, and the version of the account that was shown.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// The account.
    pub account: AccountId,
    /// Its version.
    pub version: i64,
}

/// How the orders of an account are followed.
#[derive(Clone, Copy, Debug)]
pub struct FollowUp {
    /// The team that gets them.
    pub team: TeamId,
    /// Where FBA stock is counted.
    pub location: LocationId,
    /// Seconds between two synchronizations.
    pub interval_secs: i64,
}

/// Another registration of the same seller already follows a marketplace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The marketplace.
    pub marketplace: MarketplaceId,
    /// The registration.
    pub account: AccountId,
    /// Its name.
    pub name: String,
}

/// Whether an interval may be chosen.
pub const fn is_interval(secs: i64) -> bool {
    secs >= SHORTEST_INTERVAL_SECS && secs <= LONGEST_INTERVAL_SECS
}

/// Changes the team, the location and the interval.
pub async fn follow_up(app: &App, actor: &Actor, seen: Seen, new: FollowUp) -> Result<(), AppError> {
    actor.must(Action::EditAccounts)?;
    if !is_interval(new.interval_secs) {
        return Err(AppError::BadRequest("an interval out of range"));
    }
    let (actor, now) = (actor.clone(), app.clock.now());
    app.write(move |conn| {
        let row = load(conn, &actor, seen)?;
        let knows_team = teams::names(conn, actor.company)?.iter().any(|(id, _)| *id == new.team);
        let knows_location = teams::locations(conn, actor.company)?.iter().any(|(id, _)| *id == new.location);
        if !knows_team || !knows_location {
            return Err(AppError::NotFound);
        }
        let id = seen.account;
        accounts::set_follow_up(conn, id, seen.version, new.team, new.location, new.interval_secs).map_err(stale)?;
        let told = |team, location, secs| format!("team {team}, location {location}, {secs} s");
        let old = told(row.team_id, row.location_id, row.interval_secs);
        let new = told(new.team, new.location, new.interval_secs);
        note(conn, &actor, id, "account_follow_up_changed", (&old, &new), now)
    })
    .await
}

/// Follows exactly these marketplaces, or tells which of them another registration follows.
pub async fn marketplaces(
    app: &App,
    actor: &Actor,
    seen: Seen,
    chosen: Vec<MarketplaceId>,
) -> Result<Result<(), Followed>, AppError> {
    actor.must(Action::EditAccounts)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.write(move |conn| {
        let row = load(conn, &actor, seen)?;
        let is_offered = |id: &MarketplaceId| {
            marketplace::by_id(id.as_str()).is_some_and(|found| Some(found.region) == row.region())
        };
        if !chosen.iter().all(is_offered) {
            return Err(AppError::BadRequest("a marketplace of another region"));
        }
        let taken = accounts::followers(conn, &row.seller_id, seen.account)?;
        if let Some((marketplace, account, name)) = taken.into_iter().find(|(id, ..)| chosen.contains(id)) {
            return Ok(Err(Followed { marketplace, account, name }));
        }
        let held = accounts::marketplaces(conn, actor.company)?.remove(&seen.account).unwrap_or_default();
        let old: Vec<&str> = held.iter().filter(|(_, is_on)| *is_on).map(|(id, _)| id.as_str()).collect();
        let new: Vec<&str> = chosen.iter().map(MarketplaceId::as_str).collect();
        accounts::set_marketplaces(conn, &row, seen.version, &chosen).map_err(stale)?;
        let values = (old.join(" "), new.join(" "));
        note(conn, &actor, seen.account, "account_marketplaces_changed", (&values.0, &values.1), now)?;
        Ok(Ok(()))
    })
    .await
}

/// The secrets that are held; none when they cannot be read.
fn held_secrets(app: &App, account: &AccountRow) -> Option<Secrets> {
    let text = app.vault.unseal(&account.wrapped_key, &account.sealed, &account.public_id).ok()?;
    serde_json::from_slice(&text).ok()
}

/// The last four characters of a secret, by which its owner knows it; nothing of a short one.
pub fn ending(secret: &str) -> String {
    let length = secret.chars().count();
    // A short secret would be told in full.
    if length < 12 { String::new() } else { secret.chars().skip(length - 4).collect() }
}

/// The endings of the secrets that are held: client id, client secret, refresh token.
pub fn endings(app: &App, account: &AccountRow) -> [String; 3] {
    held_secrets(app, account).map_or_else(Default::default, |held| {
        [ending(&held.client_id), ending(&held.client_secret), ending(&held.refresh_token)]
    })
}

/// What kept secrets are sealed for, so that they open for this account only.
fn keeper(account: AccountId) -> String {
    format!("typed secrets of account {account}")
}

/// Secrets that were typed and not stored yet, as a text that a form may hold: sealed, so that no page shows them.
pub fn keep_secrets(app: &App, account: AccountId, typed: &Secrets) -> Result<String, AppError> {
    let sealed = credentials::seal(&app.vault, typed, &keeper(account))?;
    Ok(format!("{} {}", STANDARD.encode(&sealed.wrapped_key), STANDARD.encode(&sealed.body)))
}

/// The secrets that [`keep_secrets`] sealed for this account.
pub fn kept_secrets(app: &App, account: AccountId, kept: &str) -> Result<Secrets, AppError> {
    let altered = || AppError::BadRequest("the kept secrets were altered");
    let (key, body) = kept.split_once(' ').ok_or_else(altered)?;
    let decode = |text: &str| STANDARD.decode(text).map_err(|_not_base64| altered());
    let json = app.vault.unseal(&decode(key)?, &decode(body)?, &keeper(account)).map_err(|_not_authentic| altered())?;
    serde_json::from_slice(&json).map_err(|_not_secrets| altered())
}

/// Replaces the secrets that are given and keeps the others; they are sealed before they reach the database, and never shown again.
pub async fn secrets(app: &App, actor: &Actor, seen: Seen, new: Secrets) -> Result<(), AppError> {
    actor.must(Action::EditAccounts)?;
    let (reader, now) = (actor.clone(), app.clock.now());
    let (row, ..) =
        app.read(move |conn| accounts::by_id(conn, reader.company, seen.account)).await?.ok_or(AppError::NotFound)?;
    let held = held_secrets(app, &row);
    let keep = |new: String, held: Option<String>| if new.is_empty() { held.unwrap_or_default() } else { new };
    let merged = Secrets {
        client_id: keep(new.client_id, held.as_ref().map(|held| held.client_id.clone())),
        client_secret: keep(new.client_secret, held.as_ref().map(|held| held.client_secret.clone())),
        refresh_token: keep(new.refresh_token, held.map(|held| held.refresh_token)),
    };
    let sealed = credentials::seal(&app.vault, &merged, &row.public_id)?;
    let actor = actor.clone();
    app.write(move |conn| {
        load(conn, &actor, seen)?;
        accounts::set_secrets(conn, seen.account, seen.version, &sealed).map_err(stale)?;
        note(conn, &actor, seen.account, "account_secrets_replaced", ("", ""), now)
    })
    .await
}

/// The account as it is now, if the person saw this version of it.
pub(super) fn load(conn: &mut Conn, actor: &Actor, seen: Seen) -> Result<AccountRow, AppError> {
    let (row, ..) = accounts::by_id(conn, actor.company, seen.account)?.ok_or(AppError::NotFound)?;
    if row.version == seen.version { Ok(row) } else { Err(AppError::Conflict) }
}

/// A change that hit no row means that somebody else was faster.
pub(super) fn stale(error: DbError) -> AppError {
    match AppError::from(error) {
        AppError::NotFound => AppError::Conflict,
        other => other,
    }
}

/// Adds a line about an account to the audit trail; empty values are left out.
pub(super) fn note(
    conn: &mut Conn,
    actor: &Actor,
    account: AccountId,
    action: &str,
    (old, new): (&str, &str),
    at: DateTime<Utc>,
) -> Result<(), AppError> {
    let subject = format!("account {account}");
    let event = NewEvent {
        old_value: Some(old).filter(|value| !value.is_empty()),
        new_value: Some(new).filter(|value| !value.is_empty()),
        ..actor.event(action, &subject, at.naive_utc())
    };
    Ok(audit::insert(conn, &event)?)
}
