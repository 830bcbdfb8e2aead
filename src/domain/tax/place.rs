//! Countries and the corners of countries where another tax law holds.
//!
//! Postal codes are read here and not kept: what remains of them is the name of a territory.

use crate::domain::coded::coded;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A country by its two letters (ISO 3166-1 alpha-2), or `XI`: Northern Ireland, where EU law holds for goods.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Country([u8; 2]);

/// The member states of the European Union.
const MEMBERS: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// French overseas departments and collectivities that have a country code of their own.
const FRENCH_OVERSEAS: &[&str] = &["GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "PF", "WF", "TF"];

impl Country {
    /// France.
    pub const FR: Self = Self(*b"FR");
    /// The United Kingdom.
    pub const GB: Self = Self(*b"GB");
    /// Northern Ireland for goods.
    pub const XI: Self = Self(*b"XI");

    /// Reads two letters; `UK` is `GB` and `EL` is `GR`, as tax offices and Amazon write them.
    pub fn parse(text: &str) -> Option<Self> {
        let mut letters = text.trim().bytes();
        let (Some(first), Some(second), None) = (letters.next(), letters.next(), letters.next()) else { return None };
        let code = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
        match &code {
            b"UK" => Some(Self::GB),
            b"EL" => Some(Self(*b"GR")),
            _ => code.iter().all(u8::is_ascii_uppercase).then_some(Self(code)),
        }
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Whether EU tax law holds for goods there.
    pub fn is_eu(self) -> bool {
        self == Self::XI || MEMBERS.contains(&self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.as_str().to_owned()
    }
}

impl TryFrom<String> for Country {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not the two letters of a country")
    }
}

coded! {
    /// A part of a country where another tax law holds than in the rest of it.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    Territory {
        /// Guadeloupe, Martinique, Réunion, French Guiana, Mayotte and the collectivities.
        FrenchOverseas = "french_overseas",
        /// Corsica: French law, with rates of its own for some goods.
        Corsica = "corsica",
        /// Monaco counts as France.
        Monaco = "monaco",
        /// The Canary Islands.
        Canaries = "canaries",
        /// Ceuta.
        Ceuta = "ceuta",
        /// Melilla.
        Melilla = "melilla",
        /// Livigno.
        Livigno = "livigno",
        /// Campione d'Italia.
        Campione = "campione",
        /// Büsingen am Hochrhein.
        Busingen = "busingen",
        /// Heligoland.
        Heligoland = "heligoland",
        /// Åland.
        Aland = "aland",
        /// Mount Athos.
        MountAthos = "mount_athos",
        /// Northern Ireland: EU law for goods.
        NorthernIreland = "northern_ireland",
        /// The Isle of Man counts as the United Kingdom.
        IsleOfMan = "isle_of_man",
        /// Jersey and Guernsey.
        ChannelIslands = "channel_islands",
        /// Madeira and the Azores: Portuguese law, rates of their own.
        PortugueseIslands = "portuguese_islands",
        /// Jungholz and Mittelberg: Austrian law, a rate of their own.
        Kleinwalsertal = "kleinwalsertal",
    }
}

/// Which law holds in a territory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Law {
    /// That of the country, to the letter.
    Country,
    /// That of the country, with other rates for some classes of goods than the standard one.
    OtherReducedRates,
    /// That of the country, with other rates for everything.
    OtherRates,
    /// The territory lies outside the country's value added tax.
    Outside,
}

impl Territory {
    /// Which law holds there.
    pub const fn law(self) -> Law {
        match self {
            Self::Monaco | Self::NorthernIreland | Self::IsleOfMan => Law::Country,
            Self::Corsica => Law::OtherReducedRates,
            Self::PortugueseIslands | Self::Kleinwalsertal => Law::OtherRates,
            Self::FrenchOverseas
            | Self::Canaries
            | Self::Ceuta
            | Self::Melilla
            | Self::Livigno
            | Self::Campione
            | Self::Busingen
            | Self::Heligoland
            | Self::Aland
            | Self::MountAthos
            | Self::ChannelIslands => Law::Outside,
        }
    }

    fn by_postal_code(country: Country, code: &str) -> Option<Self> {
        let starts = |prefix: &str| code.starts_with(prefix);
        let any = |prefixes: &[&str]| prefixes.iter().any(|prefix| code.starts_with(prefix));
        match country.as_str() {
            // 977 and 978 are Saint-Barthélemy and Saint-Martin; 980 is Monaco, the rest of 98 lies in the Pacific.
            "FR" if starts("980") => Some(Self::Monaco),
            "FR" if starts("97") || starts("98") => Some(Self::FrenchOverseas),
            "FR" if starts("20") => Some(Self::Corsica),
            "ES" if any(&["35", "38"]) => Some(Self::Canaries),
            "ES" if starts("51") => Some(Self::Ceuta),
            "ES" if starts("52") => Some(Self::Melilla),
            "IT" if starts("23041") => Some(Self::Livigno),
            "IT" if starts("22061") => Some(Self::Campione),
            "DE" if starts("78266") => Some(Self::Busingen),
            "DE" if starts("27498") => Some(Self::Heligoland),
            "FI" if starts("22") => Some(Self::Aland),
            "GR" if any(&["63086", "63087"]) => Some(Self::MountAthos),
            "PT" if starts("9") => Some(Self::PortugueseIslands),
            "AT" if any(&["6691", "6991", "6992", "6993"]) => Some(Self::Kleinwalsertal),
            "GB" if starts("BT") => Some(Self::NorthernIreland),
            "GB" if starts("IM") => Some(Self::IsleOfMan),
            "GB" if any(&["JE", "GY"]) => Some(Self::ChannelIslands),
            _ => None,
        }
    }
}

/// Where goods leave or arrive: a country and, where it matters, a territory of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The country.
    pub country: Country,
    /// The territory with a law of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<Territory>,
}

impl From<Country> for Place {
    fn from(country: Country) -> Self {
        Self { country, territory: None }
    }
}

impl Place {
    /// The place of an address; territories with a country code of their own belong to their country here.
    pub fn of(country: Country, postal_code: Option<&str>) -> Self {
        let belongs = |country, territory| Self { country, territory: Some(territory) };
        match country.as_str() {
            "MC" => return belongs(Country::FR, Territory::Monaco),
            "AX" => return belongs(Country(*b"FI"), Territory::Aland),
            "IC" => return belongs(Country(*b"ES"), Territory::Canaries),
            "IM" => return belongs(Country::GB, Territory::IsleOfMan),
            "XI" => return belongs(Country::GB, Territory::NorthernIreland),
            code if FRENCH_OVERSEAS.contains(&code) => return belongs(Country::FR, Territory::FrenchOverseas),
            _ => {}
        }
        let code: String =
            postal_code.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).take(10).collect();
        Self { country, territory: Territory::by_postal_code(country, &code.to_ascii_uppercase()) }
    }

    /// The country whose value added tax holds there; nothing outside of it.
    pub fn vat_country(self) -> Option<Country> {
        match self.territory {
            Some(Territory::NorthernIreland) => Some(Country::XI),
            Some(territory) if territory.law() == Law::Outside => None,
            _ => Some(self.country),
        }
    }

    /// Whether EU tax law holds for goods there.
    pub fn is_eu(self) -> bool {
        self.vat_country().is_some_and(Country::is_eu)
    }

    /// Whether goods that go from here to there stay under one law; Great Britain and Northern Ireland do.
    pub fn shares_law_with(self, other: Self) -> bool {
        let kingdom = |place: Self| match place.vat_country() {
            Some(Country::XI) => Some(Country::GB),
            country => country,
        };
        kingdom(self).is_some() && kingdom(self) == kingdom(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(country: &str, code: &str) -> Place {
        Place::of(Country::parse(country).unwrap(), Some(code))
    }

    #[test]
    fn a_country_has_two_letters_and_two_of_them_have_two_spellings() {
        let code = |text| Country::parse(text).map(|country| country.to_string());
        assert_eq!(code(" fr "), Some("FR".to_owned()));
        assert_eq!((code("UK"), code("EL")), (Some("GB".to_owned()), Some("GR".to_owned())));
        for wrong in ["", "F", "FRA", "F1", "é", "日本"] {
            assert_eq!(code(wrong), None, "{wrong}");
        }
        assert_eq!(MEMBERS.len(), 27);
        assert!(!Country::GB.is_eu() && Country::XI.is_eu());
    }

    #[test]
    fn territories_are_known_by_their_postal_code_or_their_own_country_code() {
        use Territory as T;
        for (country, code, expected) in [
            ("FR", "97400", Some(T::FrenchOverseas)),
            ("FR", "98800", Some(T::FrenchOverseas)),
            ("RE", "", Some(T::FrenchOverseas)),
            ("FR", "98000", Some(T::Monaco)),
            ("MC", "98000", Some(T::Monaco)),
            ("FR", "20 000", Some(T::Corsica)),
            ("FR", "75011", None),
            ("ES", "35001", Some(T::Canaries)),
            ("ES", "38001", Some(T::Canaries)),
            ("ES", "51001", Some(T::Ceuta)),
            ("ES", "52001", Some(T::Melilla)),
            ("ES", "28013", None),
            ("IT", "23041", Some(T::Livigno)),
            ("IT", "22061", Some(T::Campione)),
            ("DE", "78266", Some(T::Busingen)),
            ("DE", "27498", Some(T::Heligoland)),
            ("DE", "50667", None),
            ("FI", "22100", Some(T::Aland)),
            ("AX", "", Some(T::Aland)),
            ("GR", "630 86", Some(T::MountAthos)),
            ("GB", "bt1 5gs", Some(T::NorthernIreland)),
            ("GB", "IM1 1AA", Some(T::IsleOfMan)),
            ("GB", "JE2 3AB", Some(T::ChannelIslands)),
            ("GB", "E1 6AN", None),
            ("PT", "9000-001", Some(T::PortugueseIslands)),
            ("AT", "6991", Some(T::Kleinwalsertal)),
        ] {
            assert_eq!(place(country, code).territory, expected, "{country} {code}");
        }
    }

    #[test]
    fn northern_ireland_is_european_for_goods_and_british_at_home() {
        let (belfast, london) = (place("GB", "BT1 5GS"), place("GB", "E1 6AN"));
        assert!(belfast.is_eu() && !london.is_eu());
        assert!(belfast.shares_law_with(london) && !belfast.shares_law_with(place("IE", "D01")));
        assert_eq!(place("FR", "97400").vat_country(), None);
        assert!(place("MC", "").shares_law_with(place("FR", "06000")));
    }
}
