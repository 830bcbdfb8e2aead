//! VAT numbers: whether one can be right, and of which country it is.
//!
//! Only the form is judged. Whether a number exists is for the tax offices to say.

use super::place::Country;
use crate::domain::mask;

/// A VAT number with the right form: capital letters and digits without spaces, the country first.
#[derive(Clone, PartialEq, Eq)]
pub struct VatNumber {
    country: Country,
    text: String,
}

/// The forms after the prefix, as masks.
///
/// Source: the European Commission's VIES, "VAT identification number structure"; GB, XI, CH and NO by their tax offices.
const FORMS: &[(&str, &[&str])] = &[
    ("AT", &["U99999999"]),
    ("BE", &["0999999999", "1999999999"]),
    ("BG", &["999999999", "9999999999"]),
    ("CH", &["E999999999", "E999999999MWST", "E999999999TVA", "E999999999IVA"]),
    ("CY", &["99999999A"]),
    ("CZ", &["99999999", "999999999", "9999999999"]),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("EE", &["999999999"]),
    ("EL", &["999999999"]),
    ("ES", &["*9999999*"]),
    ("FI", &["99999999"]),
    ("FR", &["**999999999"]),
    ("GB", &["999999999", "999999999999", "GD999", "HA999"]),
    ("HR", &["99999999999"]),
    ("HU", &["99999999"]),
    ("IE", &["9*99999A", "9999999AA"]),
    ("IT", &["99999999999"]),
    ("LT", &["999999999", "999999999999"]),
    ("LU", &["99999999"]),
    ("LV", &["99999999999"]),
    ("MT", &["99999999"]),
    ("NL", &["999999999B99"]),
    ("NO", &["999999999", "999999999MVA"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    ("RO", &["99", "999", "9999", "99999", "999999", "9999999", "99999999", "999999999", "9999999999"]),
    ("SE", &["999999999999"]),
    ("SI", &["99999999"]),
    ("SK", &["9999999999"]),
    ("XI", &["999999999", "999999999999", "GD999", "HA999"]),
];

/// The longest text that is looked at.
const LONGEST: usize = 40;

/// What is left of a number once spaces, dots, dashes and slashes are gone.
fn tidy(text: &str) -> String {
    let letters = text.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '.' | '-' | '/'));
    letters.take(LONGEST).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// The country that a number names by its first two letters, whatever follows.
pub fn country_of(text: &str) -> Option<Country> {
    let prefix: String = tidy(text).chars().take(2).collect();
    Country::parse(&prefix)
}

impl VatNumber {
    /// Reads a number; nothing when its form is not that of its country.
    pub fn parse(text: &str) -> Option<Self> {
        let text = tidy(text);
        let country = country_of(&text)?;
        // The Commission writes EL for Greece, most people write GR.
        let prefix = if country.as_str() == "GR" { "EL" } else { country.as_str() };
        let rest: String = text.chars().skip(2).collect();
        let (_, forms) = FORMS.iter().find(|(known, _)| *known == prefix)?;
        let fits = |form: &&&str| mask::fits(form, &rest);
        forms.iter().find(fits).map(|_| Self { country, text: format!("{prefix}{rest}") })
    }

    /// The country.
    pub const fn country(&self) -> Country {
        self.country
    }

    /// The number.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_each_country_is_known() {
        for right in [
            "FR40303265045",
            "fr 40 303 265 045",
            "DE123456789",
            "ATU12345678",
            "NL123456789B01",
            "ESB12345678",
            "EL123456789",
            "GR123456789",
            "IE1234567FA",
            "IE1A23456F",
            "XI123456789",
            "CHE-123.456.789 MWST",
            "BE0123456789",
        ] {
            assert!(VatNumber::parse(right).is_some(), "{right}");
        }
        for wrong in ["", "FR", "FR123", "DE12345678A", "ZZ123456789", "123456789", "NL123456789A01", "FR4030326504é"]
        {
            assert!(VatNumber::parse(wrong).is_none(), "{wrong}");
        }
        assert_eq!(VatNumber::parse("gr 123456789").map(|number| number.as_str().to_owned()).unwrap(), "EL123456789");
    }

    #[test]
    fn every_member_state_has_a_form() {
        for (prefix, forms) in FORMS {
            assert!(Country::parse(prefix).is_some() && !forms.is_empty(), "{prefix}");
        }
        let members = FORMS.iter().filter_map(|(prefix, _)| Country::parse(prefix)).filter(|country| country.is_eu());
        assert_eq!(members.count(), 28, "27 member states and Northern Ireland");
    }

    #[test]
    fn the_country_of_a_number_is_known_before_its_form_is_right() {
        assert_eq!(country_of("de 12"), Country::parse("DE"));
        assert_eq!(country_of("12"), None);
    }
}
