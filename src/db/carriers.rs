//! Carriers of a company: what they are called here and at Amazon, and how their parcels are followed.

use super::schema::carriers;
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{CarrierId, CompanyId};
use chrono::NaiveDateTime;
use diesel::{
    AsChangeset, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};

/// A carrier.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = carriers)]
pub struct CarrierRow {
    /// The key.
    pub id: CarrierId,
    /// What it is called here.
    pub name: String,
    /// Amazon's code.
    pub amazon_code: String,
    /// The pattern of its tracking links.
    pub tracking_url: Option<String>,
    /// The forms of its tracking references.
    pub tracking_format: Option<String>,
    /// Whether it is offered.
    pub is_active: bool,
    /// How often it was changed.
    pub version: i64,
}

/// What is stored of a carrier.
#[derive(Clone, Copy, Debug, Insertable, AsChangeset)]
#[diesel(table_name = carriers, treat_none_as_default_value = false, treat_none_as_null = true)]
#[expect(missing_docs, reason = "the columns are described by the row")]
pub struct Values<'a> {
    pub name: &'a str,
    pub name_key: &'a str,
    pub amazon_code: &'a str,
    pub tracking_url: Option<&'a str>,
    pub tracking_format: Option<&'a str>,
    pub is_active: bool,
}

/// The most carriers that are shown at once.
const MOST: i64 = 500;

/// The carriers of a company by name, those that are offered first.
pub fn all(conn: &mut Conn, company: CompanyId) -> Result<Vec<CarrierRow>, DbError> {
    Ok(each!(conn, |c| carriers::table
        .filter(carriers::company_id.eq(company))
        .order((carriers::is_active.desc(), carriers::name_key, carriers::id))
        .limit(MOST)
        .select(CarrierRow::as_select())
        .load(c))?)
}

/// The carrier with this key, if it is the company's.
pub fn by_id(conn: &mut Conn, company: CompanyId, id: CarrierId) -> Result<Option<CarrierRow>, DbError> {
    Ok(each!(conn, |c| carriers::table
        .find(id)
        .filter(carriers::company_id.eq(company))
        .select(CarrierRow::as_select())
        .first(c)
        .optional())?)
}

/// The carrier whose name counts as this one.
pub fn by_key(conn: &mut Conn, company: CompanyId, key: &str) -> Result<Option<CarrierId>, DbError> {
    Ok(each!(conn, |c| carriers::table
        .filter(carriers::company_id.eq(company))
        .filter(carriers::name_key.eq(key))
        .select(carriers::id)
        .first(c)
        .optional())?)
}

/// Adds a carrier.
pub fn insert(
    conn: &mut Conn,
    company: CompanyId,
    values: &Values<'_>,
    now: NaiveDateTime,
) -> Result<CarrierId, DbError> {
    let row = (values, carriers::company_id.eq(company), carriers::version.eq(1_i64), carriers::created_at.eq(now));
    Ok(each!(conn, |c| diesel::insert_into(carriers::table).values(row).returning(carriers::id).get_result(c))?)
}

/// Changes a carrier over the version that was seen.
pub fn update(conn: &mut Conn, id: CarrierId, seen: i64, values: &Values<'_>) -> Result<(), DbError> {
    let target = carriers::table.find(id).filter(carriers::version.eq(seen));
    let change = (values, carriers::version.eq(seen + 1));
    exactly_one(each!(conn, |c| diesel::update(target).set(change).execute(c))?)
}
