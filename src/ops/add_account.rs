//! Registering an Amazon account: its secrets sealed, its marketplaces followed from now on, its job created.

use crate::app::App;
use crate::db::jobs::{self, JobKind};
use crate::db::links::{self, LinkRow};
use crate::db::registrations::{self, NewAccount};
use crate::db::{Conn, marketplaces, standard_records};
use crate::domain::account::{AccountState, USUAL_INTERVAL_SECS};
use crate::domain::ids::{AccountId, CompanyId, MarketplaceId, SellerId};
use crate::domain::marketplace::{Directory, Region};
use crate::error::AppError;
use crate::ops::credentials::{self, Secrets};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// A registration to create.
#[derive(Clone, Debug)]
pub struct NewRegistration {
    /// The name by which people call it.
    pub name: String,
    /// The seller.
    pub seller: SellerId,
    /// The region that serves the seller's marketplaces.
    pub region: Region,
    /// Country codes of the marketplaces to follow.
    pub marketplaces: Vec<String>,
    /// The secrets.
    pub secrets: Secrets,
    /// Whether it belongs to the simulated Amazon.
    pub is_simulated: bool,
    /// Orders changed after this moment are read.
    pub since: DateTime<Utc>,
    /// When they are read for the first time by themselves.
    pub first_sync_at: DateTime<Utc>,
}

/// Why a registration was refused.
#[derive(Debug, thiserror::Error)]
pub enum AddAccountError {
    /// The name is missing.
    #[error("the account needs a name")]
    NoName,
    /// The name is taken.
    #[error("an account named “{0}” exists already")]
    NameTaken(String),
    /// A marketplace is not known.
    #[error("“{0}” is not a marketplace of Amazon; known are {1}")]
    UnknownMarketplace(String, String),
    /// A marketplace belongs to another region.
    #[error("{0} belongs to the region {1}, not to {2}: one account covers one region")]
    OtherRegion(String, &'static str, &'static str),
    /// Nothing is followed.
    #[error("the account needs at least one marketplace")]
    NoMarketplace,
    /// Another registration follows a marketplace already.
    #[error("{0} is already followed by the account “{1}”")]
    FollowedElsewhere(String, String),
    /// The database or the keys failed.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<crate::db::DbError> for AddAccountError {
    fn from(error: crate::db::DbError) -> Self {
        Self::App(error.into())
    }
}

impl crate::db::MayClash for AddAccountError {
    fn is_clash(&self) -> bool {
        matches!(self, Self::App(error) if error.is_clash())
    }
}

/// Creates the registration in a company; it uses the team and the location *Amazon* of the company.
pub async fn run(app: &App, company: CompanyId, new: NewRegistration) -> Result<AccountId, AddAccountError> {
    if new.name.trim().is_empty() {
        return Err(AddAccountError::NoName);
    }
    let public_id = Uuid::now_v7().to_string();
    let sealed = credentials::seal(&app.vault, &new.secrets, &public_id).map_err(AppError::from)?;
    let now = app.clock.now().naive_utc();
    let db = app.db.clone();
    let stored = tokio::task::spawn_blocking(move || {
        db.write(|conn| {
            let (team, location) = standard_records::amazon_team_and_location(conn, company)?
                .ok_or(AppError::Internal("the company lacks its Amazon team or location"))?;
            let directory = marketplaces::directory(conn, company)?;
            let followed = followed(&directory, &new)?;
            refuse_taken(conn, company, &new, &directory, &followed)?;
            let known_until = registrations::known_until(conn, company, &new.seller, &followed)?;
            let since = new.since.naive_utc();
            let row = NewAccount {
                company_id: company,
                name: new.name.trim(),
                seller_id: &new.seller,
                region: new.region.as_str(),
                is_simulated: new.is_simulated,
                state: AccountState::Linked,
                team_id: team,
                location_id: location,
                interval_secs: USUAL_INTERVAL_SECS,
                // What another registration followed until now is read on from where that one stopped: nothing is lost between.
                last_order_sync: known_until.map_or(since, |known| known.min(since)),
                public_id: &public_id,
                wrapped_key: &sealed.wrapped_key,
                sealed: &sealed.body,
                version: 1,
                created_at: now,
            };
            let id = registrations::insert(conn, &row, &followed)?;
            let link = LinkRow { authorized_at: Some(now), secret_entered_at: Some(now), ..LinkRow::unknown(id) };
            links::put(conn, &link)?;
            jobs::request(conn, JobKind::SyncOrders, id, new.first_sync_at.naive_utc())?;
            Ok(id)
        })
    });
    stored.await.unwrap_or(Err(AddAccountError::App(AppError::Internal("a task was interrupted"))))
}

/// The marketplaces behind the country codes; all of one region.
fn followed(directory: &Directory, new: &NewRegistration) -> Result<Vec<MarketplaceId>, AddAccountError> {
    let mut followed = Vec::new();
    for code in new.marketplaces.iter().map(|code| code.trim()).filter(|code| !code.is_empty()) {
        let found = directory.by_code(code).ok_or_else(|| {
            let known: Vec<&str> = directory.all().map(|known| known.country).collect();
            AddAccountError::UnknownMarketplace(code.to_owned(), known.join(", "))
        })?;
        if found.region != new.region {
            return Err(AddAccountError::OtherRegion(
                found.name.to_owned(),
                found.region.as_str(),
                new.region.as_str(),
            ));
        }
        let id = MarketplaceId::from(found.id);
        if !followed.contains(&id) {
            followed.push(id);
        }
    }
    if followed.is_empty() { Err(AddAccountError::NoMarketplace) } else { Ok(followed) }
}

fn refuse_taken(
    conn: &mut Conn,
    company: CompanyId,
    new: &NewRegistration,
    directory: &Directory,
    followed: &[MarketplaceId],
) -> Result<(), AddAccountError> {
    if registrations::by_name(conn, company, new.name.trim())?.is_some() {
        return Err(AddAccountError::NameTaken(new.name.trim().to_owned()));
    }
    for marketplace in followed {
        if let Some((_, name)) = registrations::follower(conn, &new.seller, marketplace)? {
            return Err(AddAccountError::FollowedElsewhere(directory.name(marketplace.as_str()).to_owned(), name));
        }
    }
    Ok(())
}
