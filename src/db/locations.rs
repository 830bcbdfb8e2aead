//! Stock locations: where goods are, come from and go to.

use super::schema::{accounts, locations};
use super::{Conn, DbError};
use crate::domain::ids::{AccountId, CompanyId, LocationId};
use diesel::{ExpressionMethods, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};

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
    /// Whether it may go below zero.
    pub allow_negative: bool,
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

/// The accounts that count their FBA stock in each location, with their names.
pub fn users(conn: &mut Conn, company: CompanyId) -> Result<Vec<(LocationId, AccountId, String)>, DbError> {
    Ok(each!(conn, |c| {
        accounts::table
            .filter(accounts::company_id.eq(company))
            .order((accounts::name, accounts::id))
            .select((accounts::location_id, accounts::id, accounts::name))
            .load(c)
    })?)
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
