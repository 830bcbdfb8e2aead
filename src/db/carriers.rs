//! Carriers of a company: what they are called here and at Amazon, and how their parcels are followed.

use super::schema::{account_marketplaces, accounts, carriers, pickings};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{CarrierId, CompanyId, MarketplaceId};
use crate::domain::picking::PickingState;
use chrono::NaiveDateTime;
use diesel::dsl::count_star;
use diesel::{
    AsChangeset, ExpressionMethods, Insertable, NullableExpressionMethods, OptionalExtension, QueryDsl, Queryable,
    RunQueryDsl, Selectable, SelectableHelper,
};
use std::collections::HashMap;

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

/// For what a carrier is the usual one: the carrier, the account, and the marketplace when it is not the whole account.
pub type Usual = (CarrierId, String, Option<MarketplaceId>);

/// For which accounts and marketplaces the carriers of a company are the usual ones.
pub fn usual(conn: &mut Conn, company: CompanyId) -> Result<Vec<Usual>, DbError> {
    let whole: Vec<(CarrierId, String)> = each!(&mut *conn, |c| accounts::table
        .filter(accounts::company_id.eq(company))
        .filter(accounts::archived_at.is_null())
        .filter(accounts::carrier_id.is_not_null())
        .order((accounts::name, accounts::id))
        .select((accounts::carrier_id.assume_not_null(), accounts::name))
        .load(c))?;
    let single: Vec<(CarrierId, String, MarketplaceId)> = each!(conn, |c| account_marketplaces::table
        .inner_join(accounts::table)
        .filter(accounts::company_id.eq(company))
        .filter(account_marketplaces::is_active)
        .filter(account_marketplaces::carrier_id.is_not_null())
        .order((accounts::name, account_marketplaces::marketplace_id))
        .select((
            account_marketplaces::carrier_id.assume_not_null(),
            accounts::name,
            account_marketplaces::marketplace_id,
        ))
        .load(c))?;
    let whole = whole.into_iter().map(|(carrier, account)| (carrier, account, None));
    Ok(whole.chain(single.into_iter().map(|(carrier, account, id)| (carrier, account, Some(id)))).collect())
}

/// How many transfers left with each carrier since a moment.
pub fn used_since(
    conn: &mut Conn,
    company: CompanyId,
    since: NaiveDateTime,
) -> Result<HashMap<CarrierId, i64>, DbError> {
    let rows: Vec<(CarrierId, i64)> = each!(conn, |c| pickings::table
        .filter(pickings::company_id.eq(company))
        .filter(pickings::done_at.ge(since))
        .filter(pickings::carrier_id.is_not_null())
        .filter(pickings::state.eq(PickingState::Done))
        .group_by(pickings::carrier_id)
        .select((pickings::carrier_id.assume_not_null(), count_star()))
        .load(c))?;
    Ok(rows.into_iter().collect())
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
