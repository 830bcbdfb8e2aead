//! What a company is to the tax offices, the rates of value added tax, and whether prices contain it.

use super::schema::{companies, marketplace_taxes, tax_profiles, tax_rates, tax_registrations};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{CompanyId, MarketplaceId};
use crate::domain::tax::place::Country;
use crate::domain::tax::profile::{Registration, TaxProfile};
use crate::domain::tax::rates::{BasisPoints, Rate, RateTable, TaxClass};
use chrono::NaiveDate;
use diesel::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl};
use std::collections::HashMap;

/// The profile of a company with its version; one that nobody described yet has version 0 and what its country suggests.
pub fn profile(conn: &mut Conn, company: CompanyId) -> Result<(TaxProfile, i64), DbError> {
    use tax_profiles as p;
    type Stored = (Country, bool, bool, bool, bool, bool, i64);
    let stored: Option<Stored> = each!(&mut *conn, |c| p::table
        .find(company)
        .select((
            p::country,
            p::is_established_in_eu,
            p::is_small_business,
            p::uses_oss,
            p::is_below_threshold,
            p::trusts_amazon,
            p::version,
        ))
        .first(c)
        .optional())?;
    let registrations = registrations(conn, company)?;
    if let Some((country, in_eu, is_small_business, uses_oss, is_below_threshold, trusts_amazon, version)) = stored {
        let is_established_in_eu = in_eu;
        let profile = TaxProfile {
            country,
            is_established_in_eu,
            is_small_business,
            uses_oss,
            is_below_threshold,
            trusts_amazon,
            registrations,
        };
        return Ok((profile, version));
    }
    let country: Country = each!(conn, |c| companies::table.find(company).select(companies::country).first(c))?;
    Ok((TaxProfile { registrations, ..TaxProfile::of_country(country) }, 0))
}

fn registrations(conn: &mut Conn, company: CompanyId) -> Result<Vec<Registration>, DbError> {
    use tax_registrations as r;
    let rows: Vec<(Country, String)> = each!(conn, |c| r::table
        .filter(r::company_id.eq(company))
        .order(r::country)
        .select((r::country, r::vat_number))
        .load(c))?;
    Ok(rows.into_iter().map(|(country, vat_number)| Registration { country, vat_number }).collect())
}

/// Stores a profile over the version that was seen; another version in between is a conflict.
pub fn set_profile(conn: &mut Conn, company: CompanyId, seen: i64, profile: &TaxProfile) -> Result<(), DbError> {
    use tax_profiles as p;
    let values = (
        p::country.eq(profile.country),
        p::is_established_in_eu.eq(profile.is_established_in_eu),
        p::is_small_business.eq(profile.is_small_business),
        p::uses_oss.eq(profile.uses_oss),
        p::is_below_threshold.eq(profile.is_below_threshold),
        p::trusts_amazon.eq(profile.trusts_amazon),
        p::version.eq(seen + 1),
    );
    let changed = if seen == 0 {
        each!(conn, |c| diesel::insert_into(p::table)
            .values((p::company_id.eq(company), values))
            .on_conflict_do_nothing()
            .execute(c))?
    } else {
        let target = p::table.find(company).filter(p::version.eq(seen));
        each!(conn, |c| diesel::update(target).set(values).execute(c))?
    };
    exactly_one(changed)
}

/// Registers a company in a country; a number held there is replaced.
pub fn set_registration(conn: &mut Conn, company: CompanyId, new: &Registration) -> Result<(), DbError> {
    use tax_registrations as r;
    let row = (r::company_id.eq(company), r::country.eq(new.country), r::vat_number.eq(&new.vat_number));
    each!(conn, |c| diesel::insert_into(r::table)
        .values(row)
        .on_conflict((r::company_id, r::country))
        .do_update()
        .set(r::vat_number.eq(&new.vat_number))
        .execute(c))?;
    Ok(())
}

/// Ends a registration.
pub fn remove_registration(conn: &mut Conn, company: CompanyId, country: Country) -> Result<(), DbError> {
    use tax_registrations as r;
    let target = r::table.filter(r::company_id.eq(company)).filter(r::country.eq(country));
    exactly_one(each!(conn, |c| diesel::delete(target).execute(c))?)
}

/// A rate as it is stored.
#[derive(Clone, Debug, Queryable)]
pub struct RateRow {
    /// Its key.
    pub id: i64,
    /// The country.
    pub country: Country,
    /// The class of goods.
    pub class: TaxClass,
    /// The rate in hundredths of a percent.
    pub rate_bp: i64,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day.
    pub valid_to: Option<NaiveDate>,
}

impl From<RateRow> for Rate {
    fn from(row: RateRow) -> Self {
        Self {
            country: row.country,
            class: row.class,
            points: BasisPoints(row.rate_bp),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        }
    }
}

/// All rates, by country, class and day.
pub fn rates(conn: &mut Conn) -> Result<Vec<RateRow>, DbError> {
    use tax_rates as t;
    Ok(each!(conn, |c| t::table
        .order((t::country, t::rate_bp.desc(), t::valid_from.desc(), t::id))
        .select((t::id, t::country, t::tax_class, t::rate_bp, t::valid_from, t::valid_to))
        .load(c))?)
}

/// Adds a rate, or replaces the one of the same country, class and first day.
pub fn put_rate(conn: &mut Conn, new: &Rate) -> Result<(), DbError> {
    use tax_rates as t;
    let values = (t::rate_bp.eq(new.points.0), t::valid_to.eq(new.valid_to));
    let row = (t::country.eq(new.country), t::tax_class.eq(new.class), t::valid_from.eq(new.valid_from), values);
    each!(conn, |c| diesel::insert_into(t::table)
        .values(row)
        .on_conflict((t::country, t::tax_class, t::valid_from))
        .do_update()
        .set(values)
        .execute(c))?;
    Ok(())
}

/// Lets the rates of a country and class that still hold end on a day.
pub fn end_rates(conn: &mut Conn, country: Country, class: TaxClass, last: NaiveDate) -> Result<usize, DbError> {
    use tax_rates as t;
    let open = t::table
        .filter(t::country.eq(country))
        .filter(t::tax_class.eq(class))
        .filter(t::valid_from.le(last))
        .filter(t::valid_to.is_null().or(t::valid_to.gt(last)));
    Ok(each!(conn, |c| diesel::update(open).set(t::valid_to.eq(last)).execute(c))?)
}

/// Whether the prices of each marketplace contain the tax.
pub fn included(conn: &mut Conn) -> Result<HashMap<MarketplaceId, bool>, DbError> {
    use marketplace_taxes as m;
    let rows: Vec<(MarketplaceId, bool)> =
        each!(conn, |c| m::table.select((m::marketplace_id, m::prices_include_tax)).load(c))?;
    Ok(rows.into_iter().collect())
}

/// Sets whether the prices of a marketplace contain the tax.
pub fn set_included(conn: &mut Conn, marketplace: &MarketplaceId, is_included: bool) -> Result<(), DbError> {
    use marketplace_taxes as m;
    let row = (m::marketplace_id.eq(marketplace), m::prices_include_tax.eq(is_included));
    each!(conn, |c| diesel::insert_into(m::table)
        .values(row)
        .on_conflict(m::marketplace_id)
        .do_update()
        .set(m::prices_include_tax.eq(is_included))
        .execute(c))?;
    Ok(())
}

/// What a decision about taxes reads besides the sale.
#[derive(Clone, Debug)]
pub struct Books {
    /// The company.
    pub profile: TaxProfile,
    /// The rates.
    pub rates: RateTable,
    /// Whether the prices of each marketplace contain the tax.
    pub included: HashMap<MarketplaceId, bool>,
}

/// Reads what decisions about a company's taxes need.
pub fn books(conn: &mut Conn, company: CompanyId) -> Result<Books, DbError> {
    let (profile, _) = profile(conn, company)?;
    let rates = RateTable::new(rates(conn)?.into_iter().map(Rate::from).collect());
    Ok(Books { profile, rates, included: included(conn)? })
}
