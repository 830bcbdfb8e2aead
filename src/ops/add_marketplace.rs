//! A marketplace that Amazon opened after this version was made: added, changed or taken away in developer mode.
//!
//! Those of the product never change, and one of which orders are held stays as it is.

use super::Actor;
use super::edit_account::stale;
use crate::app::App;
use crate::db::Conn;
use crate::db::audit::{self, NewEvent};
use crate::db::marketplaces::{self, CustomRow};
use crate::domain::access::Action;
use crate::domain::ids::MarketplaceId;
use crate::domain::marketplace::{self, Region};
use crate::domain::money::Currency;
use crate::error::AppError;
use chrono::NaiveDateTime;

/// A marketplace as a person describes it; the texts were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Amazon's identifier.
    pub id: MarketplaceId,
    /// The name that pages show.
    pub name: String,
    /// ISO 3166 country code.
    pub country: String,
    /// The currency of its prices.
    pub currency: Currency,
    /// The region that serves it.
    pub region: Region,
    /// Base address of Seller Central.
    pub seller_central_url: String,
}

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 60;

fn must(actor: &Actor) -> Result<(), AppError> {
    actor.must_be_developer()?;
    actor.must(Action::EditAccounts)
}

fn check(described: &Described) -> Result<(), AppError> {
    if !marketplace::looks_like_id(described.id.as_str()) {
        return Err(AppError::Rule("marketplace-id-wrong"));
    }
    if described.name.is_empty() || described.name.chars().count() > LONGEST_NAME {
        return Err(AppError::Rule("marketplace-name-wrong"));
    }
    if !marketplace::looks_like_seller_central(&described.seller_central_url) {
        return Err(AppError::Rule("marketplace-url-wrong"));
    }
    Ok(())
}

/// Adds a marketplace.
pub async fn add(app: &App, actor: &Actor, described: Described) -> Result<(), AppError> {
    must(actor)?;
    check(&described)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        if marketplaces::directory(conn, actor.company)?.find(described.id.as_str()).is_some() {
            return Err(AppError::Rule("marketplace-id-taken"));
        }
        let row = row(&actor, &described, 1, now);
        marketplaces::insert(conn, &row)?;
        note(conn, &actor, &described.id, "marketplace_added", ("", &told(&described)), now)
    })
    .await
}

/// Changes a marketplace that the company added, if nobody changed it since `version` was shown.
pub async fn change(app: &App, actor: &Actor, version: i64, described: Described) -> Result<(), AppError> {
    must(actor)?;
    check(&described)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let held = unused(conn, &actor, &described.id)?;
        marketplaces::update(conn, &row(&actor, &described, version, held.created_at)).map_err(stale)?;
        note(conn, &actor, &described.id, "marketplace_changed", (&held.name, &told(&described)), now)
    })
    .await
}

/// Takes a marketplace away again; none that an account follows.
pub async fn remove(app: &App, actor: &Actor, id: MarketplaceId) -> Result<(), AppError> {
    must(actor)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let held = unused(conn, &actor, &id)?;
        if marketplaces::users(conn, actor.company)?.iter().any(|(followed, ..)| *followed == id) {
            return Err(AppError::Rule("marketplace-followed"));
        }
        marketplaces::delete(conn, actor.company, &id)?;
        note(conn, &actor, &id, "marketplace_removed", (&held.name, ""), now)
    })
    .await
}

/// A marketplace that the company added and of which it holds no order.
fn unused(conn: &mut Conn, actor: &Actor, id: &MarketplaceId) -> Result<CustomRow, AppError> {
    let held = marketplaces::custom(conn, actor.company, id)?.ok_or(AppError::NotFound)?;
    if marketplaces::has_orders(conn, actor.company, id)? {
        return Err(AppError::Rule("marketplace-has-orders"));
    }
    Ok(held)
}

fn row(actor: &Actor, described: &Described, version: i64, created_at: NaiveDateTime) -> CustomRow {
    CustomRow {
        company_id: actor.company,
        marketplace_id: described.id.clone(),
        name: described.name.clone(),
        country: described.country.clone(),
        currency: described.currency,
        region: described.region.as_str().to_owned(),
        seller_central_url: described.seller_central_url.clone(),
        version,
        created_at,
    }
}

fn told(described: &Described) -> String {
    let Described { name, country, currency, region, seller_central_url, .. } = described;
    format!("{name}, {country}, {}, {}, {seller_central_url}", currency.as_str(), region.as_str())
}

fn note(
    conn: &mut Conn,
    actor: &Actor,
    id: &MarketplaceId,
    action: &str,
    (old, new): (&str, &str),
    at: NaiveDateTime,
) -> Result<(), AppError> {
    let subject = format!("marketplace {id}");
    let event = NewEvent {
        old_value: Some(old).filter(|value| !value.is_empty()),
        new_value: Some(new).filter(|value| !value.is_empty()),
        ..actor.event(action, &subject, at)
    };
    Ok(audit::insert(conn, &event)?)
}
