//! How accounts are linked with Amazon: the consents that were asked for, the authorization, and what Amazon grants.

use super::schema::{account_links, accounts, link_requests, participations};
use super::{Conn, DbError, exactly_one};
use crate::crypto::Sealed;
use crate::domain::account::{AccountState, Authorization, AuthorizedBy};
use crate::domain::dataset::Dataset;
use crate::domain::ids::{AccountId, CompanyId, MarketplaceId, SellerId};
use chrono::NaiveDateTime;
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
};
use std::collections::HashMap;

/// How an account is linked.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = account_links, treat_none_as_default_value = false)]
pub struct LinkRow {
    /// The account.
    pub account_id: AccountId,
    /// The marketplace on which the seller signed up; empty when nobody said it.
    pub signup_marketplace: MarketplaceId,
    /// How it was authorized.
    pub authorized_by: AuthorizedBy,
    /// When.
    pub authorized_at: Option<NaiveDateTime>,
    /// When the application's secret was entered.
    pub secret_entered_at: Option<NaiveDateTime>,
    /// The parts of orders that Amazon refuses, by their codes.
    pub refused_data: String,
    /// When they were last asked for one by one.
    pub tested_at: Option<NaiveDateTime>,
    /// When the marketplaces were last read from Amazon.
    pub marketplaces_read_at: Option<NaiveDateTime>,
}

impl LinkRow {
    /// What is known of an account that nobody linked.
    pub fn unknown(account: AccountId) -> Self {
        Self {
            account_id: account,
            signup_marketplace: "".into(),
            authorized_by: AuthorizedBy::Token,
            authorized_at: None,
            secret_entered_at: None,
            refused_data: String::new(),
            tested_at: None,
            marketplaces_read_at: None,
        }
    }

    /// What is known about the authorization.
    pub const fn authorization(&self) -> Authorization {
        Authorization { by: self.authorized_by, at: self.authorized_at, secret_entered_at: self.secret_entered_at }
    }

    /// The parts of orders that Amazon refuses.
    pub fn refused(&self) -> Vec<Dataset> {
        Dataset::read_list(&self.refused_data)
    }

    /// Notes which parts of orders Amazon refuses.
    pub fn note_test(&mut self, refused: &[Dataset], at: NaiveDateTime) {
        (self.refused_data, self.tested_at) = (Dataset::write_list(refused), Some(at));
    }
}

/// How an account is linked, if anything is known.
pub fn by_account(conn: &mut Conn, account: AccountId) -> Result<LinkRow, DbError> {
    let row: Option<LinkRow> =
        each!(conn, |c| account_links::table.find(account).select(LinkRow::as_select()).first(c).optional())?;
    Ok(row.unwrap_or_else(|| LinkRow::unknown(account)))
}

/// How the accounts of a company are linked.
pub fn of_company(conn: &mut Conn, company: CompanyId) -> Result<HashMap<AccountId, LinkRow>, DbError> {
    let rows: Vec<LinkRow> = each!(conn, |c| account_links::table
        .inner_join(accounts::table)
        .filter(accounts::company_id.eq(company))
        .select(LinkRow::as_select())
        .load(c))?;
    Ok(rows.into_iter().map(|row| (row.account_id, row)).collect())
}

/// Stores how an account is linked, in place of what was known.
pub fn put(conn: &mut Conn, row: &LinkRow) -> Result<(), DbError> {
    each!(&mut *conn, |c| diesel::delete(account_links::table.find(row.account_id)).execute(c))?;
    each!(conn, |c| diesel::insert_into(account_links::table).values(row).execute(c))?;
    Ok(())
}

/// What an account becomes when it is linked.
#[derive(Clone, Copy, Debug)]
pub struct Linking<'a> {
    /// The account.
    pub account: AccountId,
    /// The version that was read before Amazon was asked.
    pub version: i64,
    /// The seller who authorized.
    pub seller: &'a SellerId,
    /// The secrets.
    pub sealed: &'a Sealed,
}

/// Links an account, if nobody changed it meanwhile.
pub fn link(conn: &mut Conn, linking: &Linking<'_>) -> Result<(), DbError> {
    let values = (
        accounts::seller_id.eq(linking.seller),
        accounts::wrapped_key.eq(&linking.sealed.wrapped_key),
        accounts::sealed.eq(&linking.sealed.body),
        accounts::state.eq(AccountState::Linked),
        accounts::unlinked_at.eq(None::<NaiveDateTime>),
        accounts::version.eq(linking.version + 1),
    );
    let target = accounts::table.find(linking.account).filter(accounts::version.eq(linking.version));
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// Changes whether an account is synchronized, if nobody changed it since `version` was read.
pub fn set_state(conn: &mut Conn, account: AccountId, version: i64, state: AccountState) -> Result<(), DbError> {
    let target = accounts::table.find(account).filter(accounts::version.eq(version));
    let values = (accounts::state.eq(state), accounts::version.eq(version + 1));
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// A marketplace of a seller, as Amazon told it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = participations)]
pub struct ParticipationRow {
    /// The account.
    pub account_id: AccountId,
    /// The marketplace.
    pub marketplace_id: MarketplaceId,
    /// Amazon's name of it.
    pub name: String,
    /// Its country.
    pub country: String,
    /// The currency of its prices, as Amazon writes it.
    pub currency: String,
    /// Whether the seller sells there.
    pub is_participating: bool,
    /// Whether the seller's listings there are switched off.
    pub is_suspended: bool,
}

/// The marketplaces that Amazon told about an account.
pub fn participations(conn: &mut Conn, account: AccountId) -> Result<Vec<ParticipationRow>, DbError> {
    Ok(each!(conn, |c| participations::table
        .filter(participations::account_id.eq(account))
        .order((participations::name, participations::marketplace_id))
        .select(ParticipationRow::as_select())
        .load(c))?)
}

/// Stores the marketplaces that Amazon told, in place of those it told before.
pub fn set_participations(conn: &mut Conn, account: AccountId, rows: &[ParticipationRow]) -> Result<(), DbError> {
    let held = participations::table.filter(participations::account_id.eq(account));
    each!(&mut *conn, |c| diesel::delete(held).execute(c))?;
    each!(conn, |c| diesel::insert_into(participations::table).values(rows).execute(c))?;
    Ok(())
}

/// A consent that was asked for.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = link_requests, treat_none_as_default_value = false)]
pub struct LinkRequest {
    /// The hash of the `state` that Amazon hands back.
    pub state_hash: String,
    /// The account to link.
    pub account_id: AccountId,
    /// The session that asked.
    pub session_hash: String,
    /// When.
    pub created_at: NaiveDateTime,
    /// Until when it can be answered.
    pub expires_at: NaiveDateTime,
    /// When it was answered.
    pub used_at: Option<NaiveDateTime>,
}

/// Remembers that a consent was asked for, and forgets those that ended before `ended_before`.
pub fn remember(conn: &mut Conn, request: &LinkRequest, ended_before: NaiveDateTime) -> Result<(), DbError> {
    let old = link_requests::table.filter(link_requests::expires_at.lt(ended_before));
    each!(&mut *conn, |c| diesel::delete(old).execute(c))?;
    each!(conn, |c| diesel::insert_into(link_requests::table).values(request).execute(c))?;
    Ok(())
}

/// The consent that was asked for with this `state`.
pub fn asked(conn: &mut Conn, state_hash: &str) -> Result<Option<LinkRequest>, DbError> {
    Ok(each!(conn, |c| link_requests::table.find(state_hash).select(LinkRequest::as_select()).first(c).optional())?)
}

/// Marks a consent as answered; false when it was answered before.
pub fn use_up(conn: &mut Conn, state_hash: &str, now: NaiveDateTime) -> Result<bool, DbError> {
    let open = link_requests::table.find(state_hash).filter(link_requests::used_at.is_null());
    let hit = each!(conn, |c| diesel::update(open).set(link_requests::used_at.eq(now)).execute(c))?;
    Ok(hit == 1)
}
