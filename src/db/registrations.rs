//! Amazon account registrations as the background worker needs them, and new ones.

use super::schema::{account_marketplaces, accounts, companies};
use super::{Conn, DbError, exactly_one};
use crate::crypto::Sealed;
use crate::domain::account::AccountState;
use crate::domain::ids::{AccountId, CompanyId, LocationId, MarketplaceId, SellerId, TeamId};
use chrono::NaiveDateTime;
use diesel::dsl::min;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl};

/// What the worker needs of an account before it calls Amazon.
#[derive(Clone, Debug, Queryable)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct AccountRow {
    pub id: AccountId,
    pub company_id: CompanyId,
    pub region: String,
    pub state: AccountState,
    pub interval_secs: i64,
    pub last_order_sync: NaiveDateTime,
    pub time_zone: String,
    pub public_id: String,
    pub wrapped_key: Vec<u8>,
    pub sealed: Vec<u8>,
}

/// One account.
pub fn by_id(conn: &mut Conn, id: AccountId) -> Result<AccountRow, DbError> {
    Ok(each!(conn, |c| accounts::table
        .inner_join(companies::table)
        .filter(accounts::id.eq(id))
        .select((
            accounts::id,
            accounts::company_id,
            accounts::region,
            accounts::state,
            accounts::interval_secs,
            accounts::last_order_sync,
            companies::time_zone,
            accounts::public_id,
            accounts::wrapped_key,
            accounts::sealed,
        ))
        .first(c))?)
}

/// The marketplaces that an account follows.
pub fn marketplaces(conn: &mut Conn, id: AccountId) -> Result<Vec<MarketplaceId>, DbError> {
    Ok(each!(conn, |c| account_marketplaces::table
        .filter(account_marketplaces::account_id.eq(id))
        .filter(account_marketplaces::is_active.eq(true))
        .order(account_marketplaces::marketplace_id)
        .select(account_marketplaces::marketplace_id)
        .load(c))?)
}

/// The accounts that are synchronized by themselves, with their intervals in seconds.
pub fn linked(conn: &mut Conn) -> Result<Vec<(AccountId, i64)>, DbError> {
    Ok(each!(conn, |c| accounts::table
        .filter(accounts::state.eq(AccountState::Linked))
        .order(accounts::id)
        .select((accounts::id, accounts::interval_secs))
        .load(c))?)
}

/// The account of this name in a company.
pub fn by_name(conn: &mut Conn, company: CompanyId, name: &str) -> Result<Option<AccountId>, DbError> {
    Ok(each!(conn, |c| accounts::table
        .filter(accounts::company_id.eq(company))
        .filter(accounts::name.eq(name))
        .select(accounts::id)
        .first(c)
        .optional())?)
}

/// Sets whether an account is synchronized.
pub fn set_state(conn: &mut Conn, id: AccountId, state: AccountState) -> Result<(), DbError> {
    exactly_one(each!(conn, |c| diesel::update(accounts::table.find(id)).set(accounts::state.eq(state)).execute(c))?)
}

/// A new account.
#[derive(Debug, Insertable)]
#[diesel(table_name = accounts)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct NewAccount<'a> {
    pub company_id: CompanyId,
    pub name: &'a str,
    pub seller_id: &'a SellerId,
    pub region: &'a str,
    pub is_simulated: bool,
    pub state: AccountState,
    pub team_id: TeamId,
    pub location_id: LocationId,
    pub interval_secs: i64,
    pub last_order_sync: NaiveDateTime,
    pub public_id: &'a str,
    pub wrapped_key: &'a [u8],
    pub sealed: &'a [u8],
    pub version: i64,
    pub created_at: NaiveDateTime,
}

/// Stores a new account with the marketplaces that it follows.
pub fn insert(conn: &mut Conn, new: &NewAccount<'_>, marketplaces: &[MarketplaceId]) -> Result<AccountId, DbError> {
    let id: AccountId =
        each!(&mut *conn, |c| diesel::insert_into(accounts::table).values(new).returning(accounts::id).get_result(c))?;
    for marketplace in marketplaces {
        let row = (
            account_marketplaces::account_id.eq(id),
            account_marketplaces::marketplace_id.eq(marketplace),
            account_marketplaces::seller_id.eq(new.seller_id),
            account_marketplaces::is_active.eq(true),
        );
        each!(&mut *conn, |c| diesel::insert_into(account_marketplaces::table).values(row).execute(c))?;
    }
    Ok(id)
}

/// Replaces the sealed credentials of an account.
pub fn set_credentials(conn: &mut Conn, id: AccountId, sealed: &Sealed) -> Result<(), DbError> {
    let values = (accounts::wrapped_key.eq(&sealed.wrapped_key), accounts::sealed.eq(&sealed.body));
    exactly_one(each!(conn, |c| diesel::update(accounts::table.find(id)).set(values).execute(c))?)
}

/// The registration that follows a marketplace of a seller already, if another one does.
pub fn follower(
    conn: &mut Conn,
    seller: &SellerId,
    marketplace: &MarketplaceId,
) -> Result<Option<(AccountId, String)>, DbError> {
    Ok(each!(conn, |c| account_marketplaces::table
        .inner_join(accounts::table)
        .filter(account_marketplaces::seller_id.eq(seller))
        .filter(account_marketplaces::marketplace_id.eq(marketplace))
        .filter(account_marketplaces::is_active.eq(true))
        .select((accounts::id, accounts::name))
        .first(c)
        .optional())?)
}

/// Up to when the orders of these marketplaces are known through registrations of the seller that followed them before.
pub fn known_until(
    conn: &mut Conn,
    company: CompanyId,
    seller: &SellerId,
    marketplaces: &[MarketplaceId],
) -> Result<Option<NaiveDateTime>, DbError> {
    Ok(each!(conn, |c| account_marketplaces::table
        .inner_join(accounts::table)
        .filter(accounts::company_id.eq(company))
        .filter(account_marketplaces::seller_id.eq(seller))
        .filter(account_marketplaces::marketplace_id.eq_any(marketplaces))
        .filter(account_marketplaces::is_active.eq(false))
        .select(min(accounts::last_order_sync))
        .first(c))?)
}

/// All accounts with their names, in the order in which they were registered.
pub fn names(conn: &mut Conn) -> Result<Vec<(AccountId, String)>, DbError> {
    Ok(each!(conn, |c| accounts::table.order(accounts::id).select((accounts::id, accounts::name)).load(c))?)
}

/// The seller of an account.
pub fn seller(conn: &mut Conn, id: AccountId) -> Result<SellerId, DbError> {
    Ok(each!(conn, |c| accounts::table.find(id).select(accounts::seller_id).first(c))?)
}
