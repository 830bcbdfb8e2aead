//! The table of fiscal positions: which row a sale falls under, and what follows from it.
//!
//! Rows are tried in order and the first that fits decides. No row is stretched: what fits none is decided by a person.

use super::place::{Country, Law, Place};
use super::profile::TaxProfile;
use super::rates::{BasisPoints, RateTable, TaxClass};
use super::reasons::{TaxReason, Trail, Why};
use super::sale::{Consignment, Sale};
use crate::domain::coded::coded;
use crate::domain::remote::{Channel, Collected};
use chrono::NaiveDate;

coded! {
    /// The rows of the table, by their stable number.
    Row {
        /// A small business charges no tax.
        Fp0 = "FP0",
        /// Sales tax that Amazon collects, as in the United States.
        Fp1 = "FP1",
        /// Amazon is deemed to be the seller and owes the tax.
        Fp2 = "FP2",
        /// Within one country.
        Fp3 = "FP3",
        /// To a business in another member state.
        Fp4 = "FP4",
        /// To a consumer in another member state, declared in the One-Stop Shop.
        Fp5 = "FP5",
        /// To a consumer in another member state, below the threshold.
        Fp6 = "FP6",
        /// Out of the EU.
        Fp7 = "FP7",
        /// Into a territory outside the value added tax of its country.
        Fp8 = "FP8",
    }
}

coded! {
    /// What stands on the seller's invoice.
    Treatment {
        /// Tax at the rates of a country.
        Rate = "rate",
        /// No tax: the supply is exempt.
        Exempt = "exempt",
        /// No tax: the seller owes none; what Amazon collected is noted and not booked.
        None = "none",
        /// No tax: the sale is one to Amazon.
        Deemed = "deemed",
        /// A person decides; nothing is invoiced before.
        ToDecide = "to_decide",
    }
}

coded! {
    /// The role of the account that takes the income.
    IncomeRole {
        /// Sales at home.
        Domestic = "domestic",
        /// Distance sales declared in the One-Stop Shop.
        Oss = "oss",
        /// Supplies within the Community.
        Intracom = "intracom",
        /// Exports.
        Export = "export",
        /// Sales to Amazon as deemed supplier.
        Deemed = "deemed",
    }
}

coded! {
    /// The tax category of EN 16931.
    Category {
        /// Standard rated.
        S = "S",
        /// Exempt.
        E = "E",
        /// Supply within the Community.
        K = "K",
        /// Export.
        G = "G",
    }
}

/// The decision about the tax of one sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxDecision {
    /// The row that fits; none when a person decides.
    pub row: Option<Row>,
    /// What stands on the invoice.
    pub treatment: Treatment,
    /// The role of the income account.
    pub income: Option<IncomeRole>,
    /// The tax category; for a deemed supply the accountant chooses it.
    pub category: Option<Category>,
    /// The country whose rates apply.
    pub rate_country: Option<Country>,
    /// The rates that apply, by class.
    pub rates: Vec<(TaxClass, BasisPoints)>,
    /// Why, in the order in which it was found.
    pub reasons: Vec<TaxReason>,
}

/// What follows from a row.
struct Match {
    row: Row,
    treatment: Treatment,
    income: IncomeRole,
    category: Option<Category>,
    rate_country: Option<Country>,
}

impl Match {
    const fn untaxed(row: Row, treatment: Treatment, income: IncomeRole, category: Option<Category>) -> Self {
        Self { row, treatment, income, category, rate_country: None }
    }

    const fn taxed(row: Row, income: IncomeRole, country: Country) -> Self {
        Self { row, treatment: Treatment::Rate, income, category: Some(Category::S), rate_country: Some(country) }
    }
}

/// Decides the tax of a sale made on `day`.
///
/// Total: every combination has an answer, and the same input always gets the same one.
pub fn decide(profile: &TaxProfile, rates: &RateTable, sale: &Sale, day: NaiveDate) -> TaxDecision {
    let mut trail = Trail::default();
    let found = match_row(profile, sale, &mut trail);
    let mut used = Vec::new();
    let country = found.as_ref().and_then(|found| found.rate_country);
    if let Some(country) = country {
        for class in &sale.classes {
            match rates.of(country, *class, day) {
                Some(rate) => used.push((*class, rate)),
                None => trail.country(Why::RateMissing, country),
            }
        }
    }
    let is_complete = country.is_none() || (used.len() == sale.classes.len() && !used.is_empty());
    let reasons = trail.into_reasons();
    match found.filter(|_| is_complete) {
        Some(found) => TaxDecision {
            row: Some(found.row),
            treatment: found.treatment,
            income: Some(found.income),
            category: found.category,
            rate_country: country,
            rates: used,
            reasons,
        },
        None => TaxDecision {
            row: None,
            treatment: Treatment::ToDecide,
            income: None,
            category: None,
            rate_country: None,
            rates: Vec::new(),
            reasons,
        },
    }
}

fn match_row(profile: &TaxProfile, sale: &Sale, trail: &mut Trail) -> Option<Match> {
    if profile.is_small_business {
        trail.add(Why::SmallBusiness);
        return Some(Match::untaxed(Row::Fp0, Treatment::None, IncomeRole::Domestic, Some(Category::E)));
    }
    if sale.collected == Collected::InPart {
        trail.add(Why::CollectedInPart);
        return None;
    }
    if let Some(found) = sales_tax(sale, trail) {
        return Some(found);
    }
    let Some(to) = sale.ship_to else {
        trail.add(Why::NoDestination);
        return None;
    };
    let from = origin(profile, sale, trail);
    if let Some(found) = deemed(profile, sale, from, to, trail) {
        return Some(found);
    }
    if from.territory.is_some_and(|territory| territory.law() != Law::Country) {
        trail.country(Why::OriginTerritory, from.country);
        return None;
    }
    if let Special::Decided(found) = special(sale, from, to, trail) {
        return found;
    }
    if from.shares_law_with(to) {
        return within(profile, from, trail);
    }
    match (from.is_eu(), to.is_eu()) {
        (true, true) => between_members(profile, sale, from, to, trail),
        (true, false) => {
            trail.country(Why::LeavesEu, to.country);
            Some(Match::untaxed(Row::Fp7, Treatment::Exempt, IncomeRole::Export, Some(Category::G)))
        }
        (false, _) => {
            trail.country(Why::OriginOutsideEu, from.country);
            None
        }
    }
}

/// Row 1: sales tax that Amazon collects outside the EU and the United Kingdom.
fn sales_tax(sale: &Sale, trail: &mut Trail) -> Option<Match> {
    let country = sale.ship_to.map(|to| to.country).or(sale.marketplace)?;
    let has_vat = country == Country::GB || country.is_eu();
    if sale.collected != Collected::All || has_vat {
        return None;
    }
    trail.country(Why::SalesTaxCollected, country);
    Some(Match::untaxed(Row::Fp1, Treatment::None, IncomeRole::Export, None))
}

/// Where the goods leave: as Amazon told, else from the merchant's own country or from Amazon's warehouse.
fn origin(profile: &TaxProfile, sale: &Sale, trail: &mut Trail) -> Place {
    if let Some(told) = sale.ship_from {
        trail.country(Why::OriginTold, told.country);
        return told;
    }
    // Amazon ships between member states only to spare sellers a registration there; elsewhere stock is local.
    let warehouse = sale.marketplace.filter(|country| {
        let is_spared = country.is_eu() && profile.country.is_eu() && !profile.is_registered(*country);
        sale.channel == Channel::Fba && !is_spared
    });
    let (why, country) = match warehouse {
        Some(country) => (Why::OriginMarketplace, country),
        None => (Why::OriginOwn, profile.country),
    };
    trail.country(why, country);
    country.into()
}

/// Row 2: the law makes Amazon the seller to the consumer.
fn deemed(profile: &TaxProfile, sale: &Sale, from: Place, to: Place, trail: &mut Trail) -> Option<Match> {
    let (is_consumer, is_small) = (sale.buyer_vat.is_none(), sale.consignment == Consignment::Small);
    let is_import = !(from.shares_law_with(to) || (from.is_eu() && to.is_eu()));
    // A British seller's goods that stay within the United Kingdom are no business of the EU.
    let is_british = profile.country == Country::GB && from.shares_law_with(to);
    let is_from_outside = !profile.is_established_in_eu && !is_british;
    let is_in_kingdom = to.vat_country() == Some(Country::GB);
    let is_abroad = if to.is_eu() {
        is_from_outside && from.is_eu()
    } else {
        is_in_kingdom && !is_import && profile.country != Country::GB
    };
    // What Amazon says of itself holds in all of a country, also where the country's own tax does not.
    let is_told = to.country.is_eu() || to.country == Country::GB;
    let why = if is_told && sale.is_ioss {
        Why::DeemedIoss
    } else if is_told && (sale.collected == Collected::All || (sale.is_uoss && is_from_outside && to.is_eu())) {
        Why::DeemedCollected
    } else if is_consumer && is_abroad {
        Why::DeemedSellerAbroad
    } else if is_consumer && is_import && is_small && (to.is_eu() || is_in_kingdom) {
        Why::DeemedSmallImport
    } else {
        return None;
    };
    trail.country(why, to.country);
    Some(Match::untaxed(Row::Fp2, Treatment::Deemed, IncomeRole::Deemed, None))
}

/// What the rules of territories say.
enum Special {
    Decided(Option<Match>),
    None,
}

/// Row 8: territories with a law of their own come before the rows of countries.
fn special(sale: &Sale, from: Place, to: Place, trail: &mut Trail) -> Special {
    let Some(territory) = to.territory else { return Special::None };
    let has_other_classes = sale.classes.iter().any(|class| *class != TaxClass::Standard);
    match territory.law() {
        Law::Outside => {
            trail.about(Why::TerritoryOutside, territory.as_str());
            let exported = Match::untaxed(Row::Fp8, Treatment::Exempt, IncomeRole::Export, Some(Category::G));
            if !from.is_eu() {
                trail.country(Why::OriginOutsideEu, from.country);
            }
            Special::Decided(from.is_eu().then_some(exported))
        }
        Law::OtherRates => {
            trail.about(Why::TerritoryRates, territory.as_str());
            Special::Decided(None)
        }
        Law::OtherReducedRates if has_other_classes => {
            trail.about(Why::TerritoryRates, territory.as_str());
            Special::Decided(None)
        }
        Law::OtherReducedRates | Law::Country => {
            trail.about(Why::TerritoryCounts, territory.as_str());
            Special::None
        }
    }
}

/// Row 3: within one country, where the company is registered.
fn within(profile: &TaxProfile, from: Place, trail: &mut Trail) -> Option<Match> {
    let country = from.vat_country()?;
    trail.country(Why::WithinCountry, from.country);
    if !profile.is_registered(country) {
        trail.country(Why::NotRegistered, from.country);
        return None;
    }
    trail.country(Why::Registered, from.country);
    Some(Match::taxed(Row::Fp3, IncomeRole::Domestic, country))
}

/// Rows 4 to 6: from one member state to another.
fn between_members(profile: &TaxProfile, sale: &Sale, from: Place, to: Place, trail: &mut Trail) -> Option<Match> {
    let (origin, destination) = (from.vat_country()?, to.vat_country()?);
    trail.country(Why::BetweenMembers, to.country);
    if let Some(buyer) = sale.buyer_vat {
        let about = buyer.country.unwrap_or(to.country);
        let refusal = if !buyer.is_well_formed {
            Some((Why::BuyerMalformed, about))
        } else if !profile.trusts_amazon {
            Some((Why::BuyerNotValidated, about))
        } else if buyer.country == Some(origin) {
            Some((Why::BuyerOfOrigin, about))
        } else if !profile.has_number(origin) {
            Some((Why::OwnNumberMissing, from.country))
        } else {
            None
        };
        if let Some((why, about)) = refusal {
            trail.country(why, about);
            return None;
        }
        trail.country(Why::BuyerValidated, about);
        return Some(Match::untaxed(Row::Fp4, Treatment::Exempt, IncomeRole::Intracom, Some(Category::K)));
    }
    trail.add(Why::Consumer);
    if profile.uses_oss {
        trail.add(Why::OssUsed);
        return Some(Match::taxed(Row::Fp5, IncomeRole::Oss, destination));
    }
    trail.add(Why::OssNotUsed);
    if !profile.is_below_threshold {
        trail.add(Why::AboveThreshold);
        return None;
    }
    if origin != profile.country {
        trail.country(Why::ThresholdElsewhere, from.country);
        return None;
    }
    trail.add(Why::BelowThreshold);
    Some(Match::taxed(Row::Fp6, IncomeRole::Domestic, origin))
}

#[cfg(test)]
mod tests;
