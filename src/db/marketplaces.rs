//! Marketplaces that a company added, and who uses a marketplace.

use super::schema::{account_marketplaces, accounts, custom_marketplaces, orders};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{AccountId, CompanyId, MarketplaceId, OrderId};
use crate::domain::marketplace::{Added, Directory, Region};
use crate::domain::money::Currency;
use chrono::NaiveDateTime;
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
};

/// A marketplace that a company added.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = custom_marketplaces)]
pub struct CustomRow {
    /// The company.
    pub company_id: CompanyId,
    /// Amazon's identifier.
    pub marketplace_id: MarketplaceId,
    /// Its name.
    pub name: String,
    /// Its country, ISO 3166.
    pub country: String,
    /// The currency of its prices.
    pub currency: Currency,
    /// The code of the region that serves it.
    pub region: String,
    /// Base address of Seller Central.
    pub seller_central_url: String,
    /// Counts the changes, so that two people never overwrite each other.
    pub version: i64,
    /// When it was added.
    pub created_at: NaiveDateTime,
}

/// All marketplaces that a company knows.
pub fn directory(conn: &mut Conn, company: CompanyId) -> Result<Directory, DbError> {
    let rows: Vec<CustomRow> = each!(conn, |c| custom_marketplaces::table
        .filter(custom_marketplaces::company_id.eq(company))
        .order((custom_marketplaces::name, custom_marketplaces::marketplace_id))
        .select(CustomRow::as_select())
        .load(c))?;
    let added = rows.into_iter().filter_map(|row| {
        Some(Added {
            region: Region::parse(&row.region)?,
            id: row.marketplace_id,
            name: row.name,
            country: row.country,
            currency: row.currency,
            seller_central_url: row.seller_central_url,
        })
    });
    Ok(Directory::new(added.collect()))
}

/// The marketplace that the company added under this identifier.
pub fn custom(conn: &mut Conn, company: CompanyId, id: &MarketplaceId) -> Result<Option<CustomRow>, DbError> {
    let found = custom_marketplaces::table
        .filter(custom_marketplaces::company_id.eq(company))
        .filter(custom_marketplaces::marketplace_id.eq(id));
    Ok(each!(conn, |c| found.select(CustomRow::as_select()).first(c).optional())?)
}

/// Adds a marketplace.
pub fn insert(conn: &mut Conn, row: &CustomRow) -> Result<(), DbError> {
    each!(conn, |c| diesel::insert_into(custom_marketplaces::table).values(row).execute(c))?;
    Ok(())
}

/// Changes a marketplace, if nobody changed it since `row.version` was read.
pub fn update(conn: &mut Conn, row: &CustomRow) -> Result<(), DbError> {
    use custom_marketplaces::dsl as m;
    let target = m::custom_marketplaces
        .filter(m::company_id.eq(row.company_id))
        .filter(m::marketplace_id.eq(&row.marketplace_id))
        .filter(m::version.eq(row.version));
    let values = (
        m::name.eq(&row.name),
        m::country.eq(&row.country),
        m::currency.eq(row.currency),
        m::region.eq(&row.region),
        m::seller_central_url.eq(&row.seller_central_url),
        m::version.eq(row.version + 1),
    );
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// Takes a marketplace away again.
pub fn delete(conn: &mut Conn, company: CompanyId, id: &MarketplaceId) -> Result<(), DbError> {
    let target = custom_marketplaces::table
        .filter(custom_marketplaces::company_id.eq(company))
        .filter(custom_marketplaces::marketplace_id.eq(id));
    exactly_one(each!(conn, |c| diesel::delete(target).execute(c))?)
}

/// The accounts of a company that follow marketplaces: marketplace, account, name.
pub fn users(conn: &mut Conn, company: CompanyId) -> Result<Vec<(MarketplaceId, AccountId, String)>, DbError> {
    Ok(each!(conn, |c| account_marketplaces::table
        .inner_join(accounts::table)
        .filter(accounts::company_id.eq(company))
        .filter(account_marketplaces::is_active.eq(true))
        .order((accounts::name, accounts::id))
        .select((account_marketplaces::marketplace_id, accounts::id, accounts::name))
        .load(c))?)
}

/// Whether the company holds an order of a marketplace.
pub fn has_orders(conn: &mut Conn, company: CompanyId, id: &MarketplaceId) -> Result<bool, DbError> {
    let any = orders::table.filter(orders::company_id.eq(company)).filter(orders::marketplace_id.eq(id));
    let found: Option<OrderId> = each!(conn, |c| any.select(orders::id).limit(1).first(c).optional())?;
    Ok(found.is_some())
}
