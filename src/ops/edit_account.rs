//! Editing an Amazon account: its team, location, interval, marketplaces and secrets.
//!
//! What a person did not see is never overwritten: each change names the version that was shown.

use super::credentials::{self, Secrets};
use super::{Actor, lose_authorization};
use crate::amazon::{CallMeter, RetryClass};
use crate::app::App;
use crate::db::accounts::{self, AccountRow};
use crate::db::audit::{self, NewEvent};
use crate::db::links::{self, LinkRow};
use crate::db::{Conn, DbError, carriers, marketplaces, registrations, teams};
use crate::domain::access::Action;
use crate::domain::account::{AccountState, SHORTEST_INTERVAL_SECS};
use crate::domain::ids::{AccountId, CarrierId, LocationId, MarketplaceId, TeamId};
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
    /// Who carries the parcels, if nobody chooses otherwise.
    pub carrier: Option<CarrierId>,
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

/// Changes the team, the location, the usual carrier and the interval.
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
        let knows_carrier = knows_carrier(conn, &actor, new.carrier)?;
        if !knows_team || !knows_location || !knows_carrier {
            return Err(AppError::NotFound);
        }
        let id = seen.account;
        let FollowUp { team, location, carrier, interval_secs } = new;
        accounts::set_follow_up(conn, id, seen.version, team, location, carrier, interval_secs).map_err(stale)?;
        let told = |team, location, carrier: Option<CarrierId>, secs| {
            let carrier = carrier.map(|carrier| format!(", carrier {carrier}")).unwrap_or_default();
            format!("team {team}, location {location}{carrier}, {secs} s")
        };
        let old = told(row.team_id, row.location_id, row.carrier_id, row.interval_secs);
        let new = told(team, location, carrier, interval_secs);
        note(conn, &actor, id, "account_follow_up_changed", (&old, &new), now)
    })
    .await
}

/// Whether a carrier is the company's; none at all may be chosen as well.
pub(super) fn knows_carrier(conn: &mut Conn, actor: &Actor, carrier: Option<CarrierId>) -> Result<bool, DbError> {
    let Some(carrier) = carrier else { return Ok(true) };
    Ok(carriers::by_id(conn, actor.company, carrier)?.is_some())
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
        let directory = marketplaces::directory(conn, actor.company)?;
        let is_offered =
            |id: &MarketplaceId| directory.find(id.as_str()).is_some_and(|found| Some(found.region) == row.region());
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
        let added: Vec<MarketplaceId> = chosen.iter().filter(|id| !old.contains(&id.as_str())).cloned().collect();
        let known_until = registrations::known_until(conn, actor.company, &row.seller_id, &added)?;
        accounts::set_marketplaces(conn, &row, seen.version, &chosen).map_err(stale)?;
        // What another registration followed until now is read on from where that one stopped: nothing is lost between.
        if let Some(known) = known_until.filter(|known| *known < row.last_order_sync) {
            accounts::read_on_from(conn, seen.account, known)?;
        }
        let values = (old.join(" "), new.join(" "));
        note(conn, &actor, seen.account, "account_marketplaces_changed", (&values.0, &values.1), now)?;
        Ok(Ok(()))
    })
    .await
}

/// What may be shown of the secrets that are held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The application's identifier, which is no secret.
    pub application_id: String,
    /// Whether a client id and a client secret are held.
    pub has_client: bool,
    /// Whether a refresh token is held.
    pub has_token: bool,
    /// The last four characters of each: client id, client secret, refresh token.
    pub endings: [String; 3],
}

/// The last four characters of a secret, by which its owner knows it; nothing of a short one.
pub fn ending(secret: &str) -> String {
    let length = secret.chars().count();
    // A short secret would be told in full.
    if length < 12 { String::new() } else { secret.chars().skip(length - 4).collect() }
}

/// What may be shown of the secrets that are held.
pub fn shown(app: &App, account: &AccountRow) -> Shown {
    credentials::held(app, account).map_or_else(Shown::default, |held| Shown {
        has_client: !held.client_id.is_empty() && !held.client_secret.is_empty(),
        has_token: !held.refresh_token.is_empty(),
        endings: [ending(&held.client_id), ending(&held.client_secret), ending(&held.refresh_token)],
        application_id: held.application_id,
    })
}

/// The application through which Amazon is called, as a person enters it; what is empty stays as it is.
#[derive(Clone, Default)]
#[expect(clippy::struct_field_names, reason = "Amazon's own name of the identifier, beside the client's")]
pub struct Application {
    /// Its identifier in the developer console.
    pub application_id: String,
    /// Its client id.
    pub client_id: String,
    /// Its client secret.
    pub client_secret: String,
}

impl std::fmt::Debug for Application {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Application")
    }
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

/// Replaces what is given of the application; sealed before it reaches the database, and never shown again.
///
/// On a linked account Amazon is asked first: a wrong secret is refused. The authorization of another application
/// does not fit the new one: then the account waits to be linked again.
pub async fn application(app: &App, actor: &Actor, seen: Seen, new: Application) -> Result<(), AppError> {
    actor.must(Action::EditAccounts)?;
    let (reader, now) = (actor.clone(), app.clock.now());
    let row = app.read(move |conn| load(conn, &reader, seen)).await?;
    let held = credentials::held(app, &row).unwrap_or_default();
    let has_new_secret = !new.client_secret.is_empty();
    let keep = |new: String, held: String| if new.is_empty() { held } else { new };
    let merged = Secrets {
        application_id: keep(new.application_id, held.application_id),
        client_id: keep(new.client_id, held.client_id),
        client_secret: keep(new.client_secret, held.client_secret),
        refresh_token: held.refresh_token,
    };
    let is_lost = if merged.refresh_token.is_empty() { false } else { !is_accepted(app, &row, &merged).await? };
    let sealed = credentials::seal(&app.vault, &merged, &row.public_id)?;
    let actor = actor.clone();
    app.write(move |conn| {
        let row = load(conn, &actor, seen)?;
        accounts::set_secrets(conn, seen.account, seen.version, &sealed).map_err(stale)?;
        if has_new_secret {
            let held = links::by_account(conn, seen.account)?;
            links::put(conn, &LinkRow { secret_entered_at: Some(now.naive_utc()), ..held })?;
        }
        if is_lost && row.state == AccountState::Linked {
            lose_authorization::run(conn, actor.company, seen.account, now.naive_utc())?;
        }
        note(conn, &actor, seen.account, "account_application_changed", ("", ""), now)
    })
    .await
}

/// Whether Amazon accepts the authorization through this application; a wrong application is refused.
async fn is_accepted(app: &App, row: &AccountRow, secrets: &Secrets) -> Result<bool, AppError> {
    let credentials = credentials::of(secrets, row.id, row.region())?;
    match app.amazon.check_authorization(&credentials, &mut CallMeter::default()).await {
        Ok(()) => Ok(true),
        Err(error) if error.class() == RetryClass::AuthorizationLost => Ok(false),
        Err(error) => Err(super::link_account::refusal(&error)),
    }
}

/// The account as it is now, if the person saw this version of it and it is in use.
pub(super) fn load(conn: &mut Conn, actor: &Actor, seen: Seen) -> Result<AccountRow, AppError> {
    let (row, ..) = accounts::by_id(conn, actor.company, seen.account)?.ok_or(AppError::NotFound)?;
    if row.archived_at.is_some() {
        return Err(AppError::Rule("account-is-archived"));
    }
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
