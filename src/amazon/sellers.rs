//! Where a seller may sell: the marketplaces that Amazon names for an authorization.
//!
//! Amazon does not tell who the seller is: that comes with the consent only.

use super::error::Malformed;
use super::model::sellers as amazon;
use super::orders::parse;
use crate::domain::ids::MarketplaceId;
use reqwest::Url;

/// A marketplace and what the seller may do there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participation {
    /// The marketplace; it may be one that Comptoir does not know.
    pub marketplace: MarketplaceId,
    /// Amazon's name of it.
    pub name: String,
    /// Its country, as Amazon writes it.
    pub country: String,
    /// The currency of its prices, as Amazon writes it.
    pub currency: String,
    /// Whether the seller sells there.
    pub is_participating: bool,
    /// Whether the seller's listings there are switched off.
    pub has_suspended_listings: bool,
}

/// The address of the seller's marketplaces.
pub(super) fn participations_url(api: &Url) -> Url {
    let mut url = api.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["sellers", "v1", "marketplaceParticipations"]);
    }
    url
}

/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 80;

/// Reads the seller's marketplaces.
pub(super) fn participations(text: &str) -> Result<Vec<Participation>, Malformed> {
    let answer: amazon::ParticipationsResponse = parse(text)?;
    let short = |text: Option<String>| text.unwrap_or_default().chars().take(LONGEST_NAME).collect::<String>();
    let read = |told: amazon::MarketplaceParticipation| Participation {
        name: short(told.marketplace.name),
        country: short(told.marketplace.country_code),
        currency: short(told.marketplace.default_currency_code),
        marketplace: MarketplaceId(told.marketplace.id),
        is_participating: told.participation.is_participating.unwrap_or(false),
        has_suspended_listings: told.participation.has_suspended_listings.unwrap_or(false),
    };
    Ok(answer.payload.into_iter().map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marketplaces_are_read_as_amazon_writes_them() {
        let text = r#"{"payload":[{"marketplace":{"id":"ATVPDKIKX0DER","countryCode":"US","name":"Amazon.com",
            "defaultCurrencyCode":"USD","defaultLanguageCode":"en_US","domainName":"www.amazon.com"},
            "storeName":"BestSellerStore","participation":{"isParticipating":true,"hasSuspendedListings":false}}]}"#;
        let found = participations(text).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].marketplace.as_str(), found[0].name.as_str()), ("ATVPDKIKX0DER", "Amazon.com"));
        assert!(found[0].is_participating && !found[0].has_suspended_listings);
        assert_eq!(participations("{}"), Err(Malformed::Incomplete));
    }

    #[test]
    fn the_address_is_that_of_the_model() {
        let url = participations_url(&Url::parse("https://sellingpartnerapi-eu.amazon.com").unwrap());
        assert_eq!(url.as_str(), "https://sellingpartnerapi-eu.amazon.com/sellers/v1/marketplaceParticipations");
    }
}
