//! Amazon's marketplaces: where a merchant sells, in which currency and from which region Amazon answers.
//!
//! The list is Amazon's "Marketplace IDs" page; addresses use ISO country codes, so the United Kingdom is `GB`
//! though Amazon writes `UK`. A company may add one that Amazon opened since. Nothing here knows which marketplaces an
//! account follows.

use super::ids::MarketplaceId;
use super::money::Currency;

/// The three regions of the Selling Partner API; one authorization covers one region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    /// North America and Brazil.
    Na,
    /// Europe, the Middle East, Africa and India.
    Eu,
    /// Far East and Australia.
    Fe,
}

impl Region {
    /// All regions.
    pub const ALL: [Self; 3] = [Self::Na, Self::Eu, Self::Fe];

    /// The code used in the database and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Na => "na",
            Self::Eu => "eu",
            Self::Fe => "fe",
        }
    }

    /// Reads `na`, `eu` or `fe`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|region| region.as_str() == text)
    }
}

/// One Amazon marketplace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marketplace {
    /// Amazon's identifier.
    pub id: &'static str,
    /// ISO 3166 country code.
    pub code: &'static str,
    /// The name that Amazon shows, for example `Amazon.fr`.
    pub name: &'static str,
    /// The region that serves it.
    pub region: Region,
    /// The currency of its prices.
    pub currency: Currency,
    /// The zone in which its business day is counted (IANA name).
    pub time_zone: chrono_tz::Tz,
    /// Base address of Seller Central.
    pub seller_central_url: &'static str,
}

/// The 23 marketplaces that Amazon lists.
pub const MARKETPLACES: &[Marketplace] = &[
    Marketplace {
        id: "A2EUQ1WTGCTBG2",
        code: "CA",
        name: "Amazon.ca",
        region: Region::Na,
        currency: Currency::CAD,
        time_zone: chrono_tz::America::Toronto,
        seller_central_url: "https://sellercentral.amazon.ca",
    },
    Marketplace {
        id: "ATVPDKIKX0DER",
        code: "US",
        name: "Amazon.com",
        region: Region::Na,
        currency: Currency::USD,
        time_zone: chrono_tz::America::Los_Angeles,
        seller_central_url: "https://sellercentral.amazon.com",
    },
    Marketplace {
        id: "A1AM78C64UM0Y8",
        code: "MX",
        name: "Amazon.com.mx",
        region: Region::Na,
        currency: Currency::MXN,
        time_zone: chrono_tz::America::Mexico_City,
        seller_central_url: "https://sellercentral.amazon.com.mx",
    },
    Marketplace {
        id: "A2Q3Y263D00KWC",
        code: "BR",
        name: "Amazon.com.br",
        region: Region::Na,
        currency: Currency::BRL,
        time_zone: chrono_tz::America::Sao_Paulo,
        seller_central_url: "https://sellercentral.amazon.com.br",
    },
    Marketplace {
        id: "A28R8C7NBKEWEA",
        code: "IE",
        name: "Amazon.ie",
        region: Region::Eu,
        currency: Currency::EUR,
        time_zone: chrono_tz::Europe::Dublin,
        seller_central_url: "https://sellercentral.amazon.ie",
    },
    Marketplace {
        id: "A1RKKUPIHCS9HS",
        code: "ES",
        name: "Amazon.es",
        region: Region::Eu,
        currency: Currency::EUR,
        time_zone: chrono_tz::Europe::Madrid,
        seller_central_url: "https://sellercentral-europe.amazon.com",
    },
    Marketplace {
        id: "A1F83G8C2ARO7P",
        code: "GB",
        name: "Amazon.co.uk",
        region: Region::Eu,
        currency: Currency::GBP,
        time_zone: chrono_tz::Europe::London,
        seller_central_url: "https://sellercentral-europe.amazon.com",
    },
    Marketplace {
        id: "A13V1IB3VIYZZH",
        code: "FR",
        name: "Amazon.fr",
        region: Region::Eu,
        currency: Currency::EUR,
        time_zone: chrono_tz::Europe::Paris,
        seller_central_url: "https://sellercentral-europe.amazon.com",
    },
    Marketplace {
        id: "AMEN7PMS3EDWL",
        code: "BE",
        name: "Amazon.com.be",
        region: Region::Eu,
        currency: Currency::EUR,
        time_zone: chrono_tz::Europe::Brussels,
        seller_central_url: "https://sellercentral.amazon.com.be",
    },
    Marketplace {
        id: "A1805IZSGTT6HS",
        code: "NL",
        name: "Amazon.nl",
        region: Region::Eu,
        currency: Currency::EUR,
        time_zone: chrono_tz::Europe::Amsterdam,
        seller_central_url: "https://sellercentral.amazon.nl",
    },
    Marketplace {
        id: "A1PA6795UKMFR9",
        code: "DE",
        name: "Amazon.de",
        region: Region::Eu,
        currency: Currency::EUR,
        time_zone: chrono_tz::Europe::Berlin,
        seller_central_url: "https://sellercentral-europe.amazon.com",
    },
    Marketplace {
        id: "APJ6JRA9NG5V4",
        code: "IT",
        name: "Amazon.it",
        region: Region::Eu,
        currency: Currency::EUR,
        time_zone: chrono_tz::Europe::Rome,
        seller_central_url: "https://sellercentral-europe.amazon.com",
    },
    Marketplace {
        id: "A2NODRKZP88ZB9",
        code: "SE",
        name: "Amazon.se",
        region: Region::Eu,
        currency: Currency::SEK,
        time_zone: chrono_tz::Europe::Stockholm,
        seller_central_url: "https://sellercentral.amazon.se",
    },
    Marketplace {
        id: "AE08WJ6YKNBMC",
        code: "ZA",
        name: "Amazon.co.za",
        region: Region::Eu,
        currency: Currency::ZAR,
        time_zone: chrono_tz::Africa::Johannesburg,
        seller_central_url: "https://sellercentral.amazon.co.za",
    },
    Marketplace {
        id: "A1C3SOZRARQ6R3",
        code: "PL",
        name: "Amazon.pl",
        region: Region::Eu,
        currency: Currency::PLN,
        time_zone: chrono_tz::Europe::Warsaw,
        seller_central_url: "https://sellercentral.amazon.pl",
    },
    Marketplace {
        id: "ARBP9OOSHTCHU",
        code: "EG",
        name: "Amazon.eg",
        region: Region::Eu,
        currency: Currency::EGP,
        time_zone: chrono_tz::Africa::Cairo,
        seller_central_url: "https://sellercentral.amazon.eg",
    },
    Marketplace {
        id: "A33AVAJ2PDY3EV",
        code: "TR",
        name: "Amazon.com.tr",
        region: Region::Eu,
        currency: Currency::TRY,
        time_zone: chrono_tz::Europe::Istanbul,
        seller_central_url: "https://sellercentral.amazon.com.tr",
    },
    Marketplace {
        id: "A17E79C6D8DWNP",
        code: "SA",
        name: "Amazon.sa",
        region: Region::Eu,
        currency: Currency::SAR,
        time_zone: chrono_tz::Asia::Riyadh,
        seller_central_url: "https://sellercentral.amazon.sa",
    },
    Marketplace {
        id: "A2VIGQ35RCS4UG",
        code: "AE",
        name: "Amazon.ae",
        region: Region::Eu,
        currency: Currency::AED,
        time_zone: chrono_tz::Asia::Dubai,
        seller_central_url: "https://sellercentral.amazon.ae",
    },
    Marketplace {
        id: "A21TJRUUN4KGV",
        code: "IN",
        name: "Amazon.in",
        region: Region::Eu,
        currency: Currency::INR,
        time_zone: chrono_tz::Asia::Kolkata,
        seller_central_url: "https://sellercentral.amazon.in",
    },
    Marketplace {
        id: "A19VAU5U5O7RUS",
        code: "SG",
        name: "Amazon.sg",
        region: Region::Fe,
        currency: Currency::SGD,
        time_zone: chrono_tz::Asia::Singapore,
        seller_central_url: "https://sellercentral.amazon.sg",
    },
    Marketplace {
        id: "A39IBJ37TRP1C6",
        code: "AU",
        name: "Amazon.com.au",
        region: Region::Fe,
        currency: Currency::AUD,
        time_zone: chrono_tz::Australia::Sydney,
        seller_central_url: "https://sellercentral.amazon.com.au",
    },
    Marketplace {
        id: "A1VC38T7YXB528",
        code: "JP",
        name: "Amazon.co.jp",
        region: Region::Fe,
        currency: Currency::JPY,
        time_zone: chrono_tz::Asia::Tokyo,
        seller_central_url: "https://sellercentral.amazon.co.jp",
    },
];

/// A marketplace that a company added, because Amazon opened it after this version was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
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

/// A marketplace of either kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Amazon's identifier.
    pub id: &'a str,
    /// The name that pages show.
    pub name: &'a str,
    /// ISO 3166 country code.
    pub country: &'a str,
    /// The currency of its prices.
    pub currency: Currency,
    /// The region that serves it.
    pub region: Region,
    /// Base address of Seller Central.
    pub seller_central_url: &'a str,
    /// Whether a company added it.
    pub is_added: bool,
}

/// All marketplaces that a company knows: those of the product, then those it added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory(Vec<Added>);

impl Directory {
    /// The marketplaces of the product and these.
    pub const fn new(added: Vec<Added>) -> Self {
        Self(added)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = Entry<'_>> {
        let known = MARKETPLACES.iter().map(|known| Entry {
            id: known.id,
            name: known.name,
            country: known.code,
            currency: known.currency,
            region: known.region,
            seller_central_url: known.seller_central_url,
            is_added: false,
        });
        known.chain(self.0.iter().map(|added| Entry {
            id: added.id.as_str(),
            name: &added.name,
            country: &added.country,
            currency: added.currency,
            region: added.region,
            seller_central_url: &added.seller_central_url,
            is_added: true,
        }))
    }

    /// The marketplace with this identifier.
    pub fn find(&self, id: &str) -> Option<Entry<'_>> {
        self.all().find(|entry| entry.id == id)
    }

    /// The marketplace of a country code; `UK` is accepted for `GB`. The product's own come before added ones.
    pub fn by_code(&self, code: &str) -> Option<Entry<'_>> {
        let code = if code.eq_ignore_ascii_case("UK") { "GB" } else { code };
        self.all().find(|entry| entry.country.eq_ignore_ascii_case(code))
    }

    /// How files write a marketplace: its country code where that means no other, else its identifier.
    pub fn short<'a>(&'a self, id: &'a str) -> &'a str {
        let own = self.find(id).map(|entry| entry.country);
        own.filter(|code| self.by_code(code).is_some_and(|entry| entry.id == id)).unwrap_or(id)
    }

    /// The name of a marketplace; one that nobody knows is shown by its identifier.
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.find(id).map_or(id, |entry| entry.name)
    }
}

/// Whether a text has the form of Amazon's identifier of a marketplace: 10 to 20 capital letters and digits, as all
/// of Amazon's list have.
pub fn looks_like_id(text: &str) -> bool {
    (10..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Whether an address may be Seller Central: https, a host of Amazon's that begins with `sellercentral`, nothing behind.
pub fn looks_like_seller_central(address: &str) -> bool {
    let Some(host) = address.strip_prefix("https://") else { return false };
    let is_plain = host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte));
    let country = host.strip_prefix("sellercentral").and_then(|rest| rest.split_once(".amazon."));
    let is_country = |text: &str| matches!(text.len(), 2..=6) && !text.starts_with('.') && !text.ends_with('.');
    is_plain
        && country.is_some_and(|(region, end)| {
            (region.is_empty() || region.starts_with('-')) && !region.contains('.') && is_country(end)
        })
}

#[cfg(test)]
mod tests;
