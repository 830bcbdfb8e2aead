//! The call of the Sellers API that tells where a seller may sell.
//!
//! Source: Amazon's model `sellers`. It must never tell who the seller is: Amazon does not either.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::SandboxError;
use super::answer::Answer;
use super::handle::SandboxHandle;
use super::market::{self, Market};
use super::orders_api::{Ask, serve};
use super::quota::Operation;
use super::state::World;

/// Where a new seller sells: countries.
pub(crate) const USUAL_MARKETS: [&str; 7] = ["FR", "DE", "IT", "GB", "SE", "ES", "NL"];

/// Where a seller of Europe could sell but does not.
const CLOSED_MARKET: &str = "BE";

/// A store that is no marketplace: real accounts list such ones, and nothing can be read there.
const PSEUDO_STORE: (&str, &str) = ("A0NONAMAZON0FR", "Non-Amazon FR");

/// The store that is no marketplace, if this is its identifier: a search accepts every store that a seller was told of.
pub(crate) fn named_store(id: &str) -> Option<&'static str> {
    (id == PSEUDO_STORE.0).then_some(PSEUDO_STORE.0)
}

/// `GET /sellers/v1/marketplaceParticipations`.
pub(crate) async fn participations(request: HttpRequest, handle: Data<SandboxHandle>) -> HttpResponse {
    serve(&handle, Ask::read(&request, Operation::MarketplaceParticipations)).await
}

/// The language in which a marketplace shows itself first.
fn language(country: &str) -> &'static str {
    match country {
        "FR" | "BE" => "fr_FR",
        "DE" => "de_DE",
        "IT" => "it_IT",
        "ES" => "es_ES",
        "NL" => "nl_NL",
        "SE" => "sv_SE",
        "PL" => "pl_PL",
        "GB" | "IE" => "en_GB",
        "JP" => "ja_JP",
        "BR" => "pt_BR",
        "MX" => "es_MX",
        _ => "en_US",
    }
}

fn entry(id: &str, name: &str, market: &Market, is_participating: bool) -> Value {
    json!({
        "marketplace": {
            "id": id,
            "name": name,
            "countryCode": market.country,
            "defaultCurrencyCode": market.currency,
            "defaultLanguageCode": language(market.country),
            "domainName": format!("www.{}", market.name.to_lowercase()),
        },
        "participation": { "isParticipating": is_participating, "hasSuspendedListings": false },
        "storeName": "Comptoir d'essai",
    })
}

impl World {
    /// The seller's marketplaces, one where they do not sell, and a store that is none.
    pub(crate) fn participations(&self, seller: usize) -> Answer {
        let countries = self.sellers.get(seller).map(|seller| seller.markets.as_slice()).unwrap_or_default();
        let markets = countries.iter().filter_map(|country| market::find(country));
        let mut list: Vec<Value> = markets.map(|market| entry(market.id, market.name, market, true)).collect();
        if countries.iter().any(|country| country == "FR") {
            list.extend(market::find(CLOSED_MARKET).map(|market| entry(market.id, market.name, market, false)));
            let (id, name) = PSEUDO_STORE;
            list.push(entry(id, name, market::HOME, true));
        }
        Answer::new(200, json!({ "payload": list }))
    }

    /// Moves a seller to other marketplaces, named by their countries or identifiers.
    pub(crate) fn set_markets(&mut self, seller_id: &str, countries: &[&str]) -> Result<(), SandboxError> {
        let mut markets = Vec::new();
        for country in countries {
            let found = market::find(country).ok_or_else(|| SandboxError::UnknownMarketplace((*country).to_owned()))?;
            markets.push(found.country.to_owned());
        }
        let seller = self.sellers.iter_mut().find(|seller| seller.id == seller_id);
        seller.ok_or_else(|| SandboxError::UnknownSeller(seller_id.to_owned()))?.markets = markets;
        Ok(())
    }
}
