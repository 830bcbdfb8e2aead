//! The company that keeps its books here, with the teams, locations and default products it starts with.

use super::moments::Moment;
use super::portable::{Limited, spelled};
use super::schema::{accounts, companies, locations, products, sync_runs, teams};
use super::{Conn, DbError, product_words};
use crate::domain::ids::{CompanyId, LocationId, ProductId, TeamId};
use crate::domain::money::Currency;
use crate::domain::product::{ProductType, words_of};
use crate::domain::run::{RunKind, RunState};
use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::sql_types::Bool;
use diesel::{
    ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl,
    Selectable, SelectableHelper,
};

/// A company.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = companies)]
pub struct CompanyRow {
    /// The key.
    pub id: CompanyId,
    /// The name.
    pub name: String,
    /// The country, ISO 3166-1 alpha-2.
    pub country: String,
    /// The currency of its books.
    pub currency: Currency,
    /// The IANA time zone in which its days begin.
    pub time_zone: String,
}

/// How the synchronization of a company stands, for the top of every page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncOverview {
    /// Whether an account talks to the simulated Amazon.
    pub is_simulated: bool,
    /// Whether there is any account.
    pub has_account: bool,
    /// Whether a run is under way.
    pub is_running: bool,
    /// The state and the end of the last finished run of orders.
    pub last: Option<(RunState, NaiveDateTime)>,
}

/// The company under this key.
pub fn by_id(conn: &mut Conn, id: CompanyId) -> Result<CompanyRow, DbError> {
    Ok(each!(conn, |c| companies::table.find(id).select(CompanyRow::as_select()).first(c))?)
}

/// All companies, the oldest first.
pub fn all(conn: &mut Conn) -> Result<Vec<CompanyRow>, DbError> {
    Ok(each!(conn, |c| companies::table.order(companies::id).select(CompanyRow::as_select()).load(c))?)
}

/// Adds a company.
pub fn insert(
    conn: &mut Conn,
    name: &str,
    country: &str,
    currency: Currency,
    time_zone: &str,
    now: NaiveDateTime,
) -> Result<CompanyId, DbError> {
    use companies::dsl as d;
    let row = (
        d::name.eq(name),
        d::country.eq(country),
        d::currency.eq(currency),
        d::time_zone.eq(time_zone),
        d::created_at.eq(now),
    );
    Ok(each!(conn, |c| diesel::insert_into(d::companies).values(row).returning(d::id).get_result(c))?)
}

/// Changes what a company is called and where it is.
pub fn describe(
    conn: &mut Conn,
    id: CompanyId,
    name: &str,
    country: &str,
    currency: Currency,
    time_zone: &str,
) -> Result<(), DbError> {
    use companies::dsl as d;
    let values = (d::name.eq(name), d::country.eq(country), d::currency.eq(currency), d::time_zone.eq(time_zone));
    super::exactly_one(each!(conn, |c| diesel::update(d::companies.find(id)).set(values).execute(c))?)
}

/// Adds a sales team.
pub fn insert_team(conn: &mut Conn, company: CompanyId, name: &str) -> Result<TeamId, DbError> {
    let row = (teams::company_id.eq(company), teams::name.eq(name));
    Ok(each!(conn, |c| diesel::insert_into(teams::table).values(row).returning(teams::id).get_result(c))?)
}

/// A place where goods are, to add.
#[derive(Clone, Copy, Debug)]
pub struct NewLocation {
    /// The code, unique in the company.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// `internal`, `transit`, `supplier`, `customer` or `loss`.
    pub kind: &'static str,
    /// Whether its stock may fall below zero.
    pub allow_negative: bool,
}

/// Adds a location, unless the company has one with its code already; answers the one that there is.
pub fn furnish_location(conn: &mut Conn, company: CompanyId, new: NewLocation) -> Result<LocationId, DbError> {
    use locations::dsl as l;
    let row = (
        l::company_id.eq(company),
        l::code.eq(new.code),
        l::name.eq(new.name),
        l::kind.eq(new.kind),
        l::allow_negative.eq(new.allow_negative),
    );
    each!(&mut *conn, |c| diesel::insert_into(l::locations).values(row).on_conflict_do_nothing().execute(c))?;
    let held = l::locations.filter(l::company_id.eq(company)).filter(l::code.eq(new.code)).select(l::id);
    Ok(each!(conn, |c| held.first(c))?)
}

/// A product that stands for whatever matches no product, to add.
#[derive(Clone, Copy, Debug)]
pub struct NewDefaultProduct {
    /// The reference, unique in the company.
    pub reference: &'static str,
    /// The name.
    pub name: &'static str,
    /// `goods` or `service`.
    pub kind: &'static str,
    /// `sale` or `shipping`.
    pub default_for: &'static str,
}

/// Adds a default product.
pub fn insert_default_product(
    conn: &mut Conn,
    company: CompanyId,
    new: NewDefaultProduct,
    now: NaiveDateTime,
) -> Result<ProductId, DbError> {
    use products::dsl as p;
    let row = (
        p::company_id.eq(company),
        p::reference.eq(new.reference),
        p::name.eq(new.name),
        p::kind.eq(new.kind),
        p::product_type.eq(if new.kind == "service" { ProductType::Service } else { ProductType::Goods }),
        p::default_for.eq(new.default_for),
        p::is_active.eq(true),
        p::created_at.eq(now),
    );
    let id = each!(&mut *conn, |c| diesel::insert_into(p::products).values(row).returning(p::id).get_result(c))?;
    product_words::insert(conn, company, &[(id, words_of(new.reference, new.name, None))])?;
    Ok(id)
}

/// How the synchronization of the company stands.
pub fn sync_overview(conn: &mut Conn, company: CompanyId) -> Result<SyncOverview, DbError> {
    // Spelled out, because only literals let SQLite use the index of the few that are under way.
    let under_way = spelled::<Bool>("sync_runs.state IN ('queued', 'running', 'waiting')");
    let is_running = exists(sync_runs::table.filter(sync_runs::account_id.eq(accounts::id)).filter(under_way));
    let held = accounts::table.filter(accounts::company_id.eq(company)).select((accounts::is_simulated, is_running));
    let accounts: Vec<(bool, bool)> = each!(&mut *conn, |c| held.load(c))?;
    let finished = sync_runs::table
        .inner_join(accounts::table.on(accounts::id.eq(sync_runs::account_id)))
        .filter(accounts::company_id.eq(company))
        .filter(sync_runs::kind.eq(RunKind::Orders))
        .filter(sync_runs::finished_at.is_not_null())
        .order(sync_runs::id.desc())
        .select((sync_runs::state, sync_runs::finished_at.assume_not_null()));
    let last: Option<(RunState, Moment)> =
        each!(conn, |c| Limited { query: finished, most: 1 }.get_result(c).optional())?;
    Ok(SyncOverview {
        is_simulated: accounts.iter().any(|(is_simulated, _)| *is_simulated),
        has_account: !accounts.is_empty(),
        is_running: accounts.iter().any(|(_, is_running)| *is_running),
        last: last.map(|(state, at)| (state, at.into())),
    })
}

/// The time zone of the oldest company, for times told to people who are not signed in.
pub fn any_time_zone(conn: &mut Conn) -> Result<Option<String>, DbError> {
    let query = companies::table.order(companies::id).select(companies::time_zone);
    Ok(each!(conn, |c| query.first(c).optional())?)
}
