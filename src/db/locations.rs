//! Stock locations: where goods are, come from and go to.

use super::schema::{account_marketplaces, accounts, locations};
use super::{Conn, DbError};
use crate::domain::ids::{AccountId, CompanyId, LocationId};
use diesel::{
    ExpressionMethods, NullableExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};

/// A location.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = locations)]
pub struct LocationRow {
    /// The key.
    pub id: LocationId,
    /// Its code, unique in the company.
    pub code: String,
    /// Its name.
    pub name: String,
    /// `internal`, `transit`, `supplier`, `customer` or `loss`.
    pub kind: String,
}

/// The code of a location of Amazon's stock with this name.
pub fn amazon_code(name: &str) -> String {
    format!("Amazon/{name}")
}

/// The locations of a company, by code.
pub fn all(conn: &mut Conn, company: CompanyId) -> Result<Vec<LocationRow>, DbError> {
    Ok(each!(conn, |c| {
        locations::table
            .filter(locations::company_id.eq(company))
            .order((locations::code, locations::id))
            .select(LocationRow::as_select())
            .load(c)
    })?)
}

/// The accounts that count FBA stock in each location, with their names: all of theirs, or that of single marketplaces.
pub fn users(conn: &mut Conn, company: CompanyId) -> Result<Vec<(LocationId, AccountId, String)>, DbError> {
    let mut users: Vec<(LocationId, AccountId, String)> = each!(&mut *conn, |c| {
        accounts::table
            .filter(accounts::company_id.eq(company))
            .select((accounts::location_id, accounts::id, accounts::name))
            .load(c)
    })?;
    users.extend(each!(conn, |c| {
        account_marketplaces::table
            .inner_join(accounts::table)
            .filter(accounts::company_id.eq(company))
            .filter(account_marketplaces::is_active)
            .filter(account_marketplaces::location_id.is_not_null())
            .select((account_marketplaces::location_id.assume_not_null(), accounts::id, accounts::name))
            .load::<(LocationId, AccountId, String)>(c)
    })?);
    users.sort_by(|one, other| (one.0, &one.2, one.1).cmp(&(other.0, &other.2, other.1)));
    users.dedup();
    Ok(users)
}

/// The locations where accounts count their FBA stock.
pub fn of_amazon(conn: &mut Conn, company: CompanyId) -> Result<Vec<LocationId>, DbError> {
    let mut found: Vec<LocationId> = users(conn, company)?.into_iter().map(|(location, ..)| location).collect();
    found.dedup();
    Ok(found)
}

/// The locations whose stock is the company's.
pub fn internal(conn: &mut Conn, company: CompanyId) -> Result<Vec<LocationId>, DbError> {
    Ok(each!(conn, |c| locations::table
        .filter(locations::company_id.eq(company))
        .filter(locations::kind.eq("internal"))
        .order(locations::id)
        .select(locations::id)
        .load(c))?)
}

/// Where what was lost goes, and what was found comes from.
pub fn of_losses(conn: &mut Conn, company: CompanyId) -> Result<Option<LocationId>, DbError> {
    Ok(each!(conn, |c| locations::table
        .filter(locations::company_id.eq(company))
        .filter(locations::kind.eq("loss"))
        .order(locations::id)
        .select(locations::id)
        .first(c)
        .optional())?)
}

/// Adds a location for stock that Amazon keeps.
pub fn insert_amazon(conn: &mut Conn, company: CompanyId, name: &str) -> Result<LocationId, DbError> {
    let row = (
        locations::company_id.eq(company),
        locations::code.eq(amazon_code(name)),
        locations::name.eq(name),
        locations::kind.eq("internal"),
        locations::allow_negative.eq(true),
    );
    Ok(each!(conn, |c| diesel::insert_into(locations::table).values(&row).returning(locations::id).get_result(c))?)
}
