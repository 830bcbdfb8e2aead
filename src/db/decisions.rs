//! What the synchronization decided about orders, held or not, and what a preview would decide.

use super::paging::{Choice, MOST_COUNTED, Page, Window, choose, window};
use super::portable::Counted;
use super::schema::{accounts, decisions, orders, run_results};
use super::{Conn, DbError};
use crate::domain::ids::{AccountId, AmazonOrderId, CompanyId, OrderId, RunId};
use crate::domain::remote::AmazonStatus;
use crate::domain::sync::{Outcome, Rule};
use chrono::NaiveDateTime;
use diesel::dsl::count_star;
use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};
use std::cmp::Reverse;

/// A decision about one order.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = decisions)]
pub struct DecisionRow {
    /// Its key.
    pub id: i64,
    /// The run that took it.
    pub run_id: RunId,
    /// The account.
    pub account_id: AccountId,
    /// The order, when it is held.
    pub order_id: Option<OrderId>,
    /// Amazon's reference.
    pub amazon_order_id: AmazonOrderId,
    /// The rule.
    pub rule: Rule,
    /// What happened.
    pub outcome: Outcome,
    /// A JSON array of reasons.
    pub reasons: String,
    /// Who ships, as Amazon said.
    pub channel: String,
    /// Amazon's status.
    pub amazon_status: AmazonStatus,
    /// When Amazon last changed the order.
    pub amazon_updated_at: NaiveDateTime,
    /// When it was decided.
    pub decided_at: NaiveDateTime,
}

/// What would be decided about one order.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = run_results)]
pub struct PreviewRow {
    /// Its key.
    pub id: i64,
    /// Amazon's reference.
    pub amazon_order_id: AmazonOrderId,
    /// The rule.
    pub rule: Rule,
    /// What would happen.
    pub outcome: Outcome,
    /// A JSON array of reasons.
    pub reasons: String,
    /// Who ships, as Amazon says.
    pub channel: String,
    /// Amazon's status.
    pub amazon_status: AmazonStatus,
    /// When Amazon last changed the order.
    pub amazon_updated_at: NaiveDateTime,
}

macro_rules! of_run {
    ($table:ident, $run:expr, $outcome:expr) => {{
        let mut query = $table::table.filter($table::run_id.eq($run)).into_boxed();
        choose!(query, $table::outcome, $outcome);
        query
    }};
}

/// One page of the decisions of a run, in the order in which they were taken.
pub fn page(conn: &mut Conn, run: RunId, outcome: &Choice<Outcome>, at: &Window) -> Result<Page<DecisionRow>, DbError> {
    let rows = each!(conn, |c| {
        let mut query = of_run!(decisions, run, outcome);
        window!(query, at, decisions::id, decisions::id, std::convert::identity);
        query.limit(at.limit()).select(DecisionRow::as_select()).load::<DecisionRow>(c)
    })?;
    Ok(Page::of(rows, at))
}

/// How many decisions of a run there are with these outcomes.
pub fn count(conn: &mut Conn, run: RunId, outcome: &Choice<Outcome>) -> Result<i64, DbError> {
    Ok(each!(conn, |c| {
        let query = of_run!(decisions, run, outcome).select(decisions::id).limit(MOST_COUNTED + 1);
        Counted(query).get_result::<i64>(c)
    })?)
}

/// One page of what a preview would decide.
pub fn preview_page(
    conn: &mut Conn,
    run: RunId,
    outcome: &Choice<Outcome>,
    at: &Window,
) -> Result<Page<PreviewRow>, DbError> {
    let rows = each!(conn, |c| {
        let mut query = of_run!(run_results, run, outcome);
        window!(query, at, run_results::id, run_results::id, std::convert::identity);
        query.limit(at.limit()).select(PreviewRow::as_select()).load::<PreviewRow>(c)
    })?;
    Ok(Page::of(rows, at))
}

/// How many orders a preview would treat with these outcomes.
pub fn preview_count(conn: &mut Conn, run: RunId, outcome: &Choice<Outcome>) -> Result<i64, DbError> {
    Ok(each!(conn, |c| {
        let query = of_run!(run_results, run, outcome).select(run_results::id).limit(MOST_COUNTED + 1);
        Counted(query).get_result::<i64>(c)
    })?)
}

/// How many orders a run treated how.
pub fn outcomes(conn: &mut Conn, run: RunId) -> Result<Vec<(Outcome, i64)>, DbError> {
    Ok(each!(conn, |c| {
        decisions::table
            .filter(decisions::run_id.eq(run))
            .group_by(decisions::outcome)
            .select((decisions::outcome, count_star()))
            .order(decisions::outcome)
            .load(c)
    })?)
}

/// How many orders a preview would treat how.
pub fn preview_outcomes(conn: &mut Conn, run: RunId) -> Result<Vec<(Outcome, i64)>, DbError> {
    Ok(each!(conn, |c| {
        run_results::table
            .filter(run_results::run_id.eq(run))
            .group_by(run_results::outcome)
            .select((run_results::outcome, count_star()))
            .order(run_results::outcome)
            .load(c)
    })?)
}

/// The newest decisions of these accounts, with the names of the accounts.
macro_rules! newest {
    ($accounts:expr, $most:expr) => {
        decisions::table
            .inner_join(accounts::table.on(accounts::id.eq(decisions::account_id)))
            .filter(decisions::account_id.eq_any($accounts))
            .order((decisions::decided_at.desc(), decisions::id.desc()))
            .limit($most)
            .select((DecisionRow::as_select(), accounts::name))
    };
}

/// The newest decisions about the order that Amazon calls `amazon_id`, with the names of their accounts.
pub fn about(
    conn: &mut Conn,
    company: CompanyId,
    amazon_id: &AmazonOrderId,
    most: i64,
) -> Result<Vec<(DecisionRow, String)>, DbError> {
    let accounts: Vec<AccountId> = each!(&mut *conn, |c| {
        accounts::table.filter(accounts::company_id.eq(company)).select(accounts::id).load(c)
    })?;
    let held: Vec<OrderId> = each!(&mut *conn, |c| {
        orders::table.filter(orders::amazon_order_id.eq(amazon_id)).select(orders::id).load(c)
    })?;
    let mut found: Vec<(DecisionRow, String)> = each!(&mut *conn, |c| {
        newest!(accounts.clone(), most).filter(decisions::order_id.eq_any(held.clone())).load(c)
    })?;
    found.extend(each!(conn, |c| {
        newest!(accounts.clone(), most)
            .filter(decisions::order_id.is_null())
            .filter(decisions::amazon_order_id.eq(amazon_id))
            .load::<(DecisionRow, String)>(c)
    })?);
    found.sort_by_key(|(row, _)| Reverse((row.decided_at, row.id)));
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}
