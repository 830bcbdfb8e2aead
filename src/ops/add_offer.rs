//! Making an offer by hand, before its first order comes.

use super::Actor;
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::offers::{self, Wanted};
use crate::db::{accounts, marketplaces, offer_products};
use crate::domain::access::Action;
use crate::domain::ids::{AccountId, MarketplaceId, OfferId};
use crate::domain::offer::{MatchedBy, read_sku};
use crate::error::AppError;

/// An offer as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOffer {
    /// The account.
    pub account: AccountId,
    /// Where it is sold.
    pub marketplace: MarketplaceId,
    /// The SKU.
    pub sku: String,
    /// The internal reference of its product; empty for none yet.
    pub reference: String,
}

/// Why an offer cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such account.
    Account,
    /// Another region of Amazon serves the marketplace.
    Marketplace,
    /// Amazon would not take the SKU.
    Sku,
    /// No active product has the reference.
    Reference,
    /// The SKU has an offer there already.
    Exists(OfferId),
}

impl Refused {
    /// The field to correct, and the message.
    pub const fn told(&self) -> (&'static str, &'static str) {
        match self {
            Self::Account => ("account", "offers-account-wrong"),
            Self::Marketplace => ("marketplace", "offers-marketplace-elsewhere"),
            Self::Sku => ("sku", "offers-sku-wrong"),
            Self::Reference => ("reference", "offers-reference-unknown"),
            Self::Exists(_) => ("sku", "offers-exists"),
        }
    }
}

/// Makes an offer.
pub async fn run(app: &App, actor: &Actor, new: NewOffer) -> Result<Result<OfferId, Refused>, AppError> {
    actor.must(Action::MatchOffers)?;
    let Some(sku) = read_sku(&new.sku) else { return Ok(Err(Refused::Sku)) };
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let Some((account, ..)) = accounts::by_id(conn, actor.company, new.account)? else {
            return Ok(Err(Refused::Account));
        };
        let directory = marketplaces::directory(conn, actor.company)?;
        let region = directory.find(new.marketplace.as_str()).map(|found| found.region);
        if region.is_none() || region != account.region() {
            return Ok(Err(Refused::Marketplace));
        }
        if let Some(held) = offers::by_sku(conn, new.account, &new.marketplace, &sku)? {
            return Ok(Err(Refused::Exists(held.id)));
        }
        let product = if new.reference.is_empty() {
            None
        } else {
            let Some(found) = offer_products::by_reference(conn, actor.company, &new.reference)? else {
                return Ok(Err(Refused::Reference));
            };
            Some(found.id)
        };
        let matched_by = if product.is_some() { MatchedBy::Person } else { MatchedBy::Nobody };
        let (account, marketplace) = (new.account, new.marketplace.clone());
        offers::insert(
            conn,
            actor.company,
            &[Wanted { account, marketplace, sku: sku.clone(), product, matched_by }],
            now,
        )?;
        let made = offers::by_sku(conn, new.account, &new.marketplace, &sku)?;
        let id = made.ok_or(AppError::Internal("an offer was not stored"))?.id;
        let about = format!("offer {id}");
        let told = Some(new.reference.as_str()).filter(|reference| !reference.is_empty());
        let event = NewEvent { new_value: told, ..actor.event("offer_created", &about, now) };
        audit::insert(conn, &event)?;
        Ok::<_, AppError>(Ok(id))
    })
    .await
}
