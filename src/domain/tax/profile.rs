//! What a company is to the tax offices: where it is, what it is registered for and what it is excused from.

use super::place::Country;

/// A company's position towards the tax offices.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
pub struct TaxProfile {
    /// Where it has its seat.
    pub country: Country,
    /// Whether it is established in the European Union; one with its seat elsewhere may be.
    pub is_established_in_eu: bool,
    /// Whether it charges no tax as a small business (in France article 293 B).
    pub is_small_business: bool,
    /// Whether it declares distance sales in the Union One-Stop Shop.
    pub uses_oss: bool,
    /// Whether its distance sales within the EU stay below 10,000 EUR a year.
    pub is_below_threshold: bool,
    /// Whether the VAT numbers that Amazon gives of business buyers count as validated.
    pub trusts_amazon: bool,
    /// Where it is registered, with its VAT number there.
    pub registrations: Vec<Registration>,
}

/// One registration for value added tax.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The country.
    pub country: Country,
    /// The number there.
    pub vat_number: String,
}

impl TaxProfile {
    /// What is supposed of a company in this country until somebody says more.
    pub fn of_country(country: Country) -> Self {
        Self {
            country,
            is_established_in_eu: country.is_eu(),
            is_small_business: false,
            uses_oss: false,
            is_below_threshold: false,
            trusts_amazon: true,
            registrations: Vec::new(),
        }
    }

    /// Whether the company is registered there; at home it always is.
    pub fn is_registered(&self, country: Country) -> bool {
        let country = if country == Country::XI { Country::GB } else { country };
        country == self.country || self.registrations.iter().any(|held| held.country == country)
    }

    /// Whether the company's VAT number there is known.
    pub fn has_number(&self, country: Country) -> bool {
        self.registrations.iter().any(|held| held.country == country)
    }
}
