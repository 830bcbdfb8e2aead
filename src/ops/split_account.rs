//! A marketplace gets a registration of its own: the same seller and authorization, but its own team and location.
//!
//! Nothing is lost and nothing comes twice: the new registration reads on from where the old one stopped, and an order
//! that the old one holds stays with it.

use super::Actor;
use super::credentials;
use super::edit_account::{Seen, load, note, stale};
use super::open_account::LONGEST_NAME;
use crate::app::App;
use crate::db::jobs::{self, JobKind};
use crate::db::links::{self, LinkRow};
use crate::db::registrations::{self, NewAccount};
use crate::db::{accounts, teams};
use crate::domain::access::Action;
use crate::domain::ids::{AccountId, LocationId, MarketplaceId, TeamId};
use crate::error::AppError;
use uuid::Uuid;

/// The registration to create.
#[derive(Clone, Debug)]
pub struct Split {
    /// Its name.
    pub name: String,
    /// The marketplace that it takes over.
    pub marketplace: MarketplaceId,
    /// The team that gets its orders.
    pub team: TeamId,
    /// Where its FBA stock is counted.
    pub location: LocationId,
}

/// Splits a marketplace from an account; gives the new account.
pub async fn run(app: &App, actor: &Actor, seen: Seen, split: Split) -> Result<AccountId, AppError> {
    actor.must(Action::EditAccounts)?;
    let name = split.name.trim().to_owned();
    if name.is_empty() {
        return Err(AppError::Rule("account-name-empty"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(AppError::Rule("account-name-long"));
    }
    let reader = actor.clone();
    let row = app.read(move |conn| load(conn, &reader, seen)).await?;
    let secrets = credentials::held(app, &row).ok_or(AppError::Rule("split-not-linked"))?;
    let public_id = Uuid::now_v7().to_string();
    let sealed = credentials::seal(&app.vault, &secrets, &public_id)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.write(move |conn| {
        let row = load(conn, &actor, seen)?;
        let company = actor.company;
        let held = accounts::marketplaces(conn, company)?.remove(&row.id).unwrap_or_default();
        let mut followed: Vec<MarketplaceId> = held.into_iter().filter(|(_, is_on)| *is_on).map(|(id, _)| id).collect();
        let before = followed.len();
        followed.retain(|id| *id != split.marketplace);
        if followed.len() == before {
            return Err(AppError::Rule("split-not-followed"));
        }
        if followed.is_empty() {
            return Err(AppError::Rule("split-only-one"));
        }
        if registrations::by_name(conn, company, &name)?.is_some() {
            return Err(AppError::Rule("account-name-taken"));
        }
        let knows_team = teams::names(conn, company)?.iter().any(|(id, _)| *id == split.team);
        let knows_location = teams::locations(conn, company)?.iter().any(|(id, _)| *id == split.location);
        let region = row.region().filter(|_| knows_team && knows_location).ok_or(AppError::NotFound)?;
        accounts::set_marketplaces(conn, &row, seen.version, &followed).map_err(stale)?;
        let new = NewAccount {
            company_id: company,
            name: &name,
            seller_id: &row.seller_id,
            region: region.as_str(),
            is_simulated: row.is_simulated,
            state: row.state,
            team_id: split.team,
            location_id: split.location,
            interval_secs: row.interval_secs,
            last_order_sync: row.last_order_sync,
            public_id: &public_id,
            wrapped_key: &sealed.wrapped_key,
            sealed: &sealed.body,
            version: 1,
            created_at: now.naive_utc(),
        };
        let id = registrations::insert(conn, &new, std::slice::from_ref(&split.marketplace))?;
        let link = links::by_account(conn, row.id)?;
        links::put(conn, &LinkRow { account_id: id, ..link })?;
        jobs::request(conn, JobKind::SyncOrders, id, now.naive_utc())?;
        let marketplace = split.marketplace.as_str();
        note(conn, &actor, row.id, "account_marketplace_split_off", (marketplace, &name), now)?;
        note(conn, &actor, id, "account_split_from", (&row.name, marketplace), now)?;
        Ok(id)
    })
    .await
}
