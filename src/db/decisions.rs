//! What the synchronization decided about orders, held or not, and what a preview would decide.

use super::paging::{Choice, Page, Window, choose, window};
use super::portable::Counted;
use super::schema::{accounts, decisions, orders};
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

/// Where a run keeps what it saw of orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Among the decisions of record.
    Decisions,
    /// Among the answers of a preview or of a recovery.
    Answers,
}

/// What a run saw of one order, whether it was decided or only looked at.
#[derive(Clone, Debug, Queryable)]
pub struct Sight {
    /// Its key.
    pub id: i64,
    /// Amazon's reference.
    pub amazon_order_id: AmazonOrderId,
    /// The rule.
    pub rule: Rule,
    /// What happened, or would.
    pub outcome: Outcome,
    /// A JSON array of reasons.
    pub reasons: String,
    /// Who ships, as Amazon said.
    pub channel: String,
    /// Amazon's status.
    pub amazon_status: AmazonStatus,
}

/// Runs `$body` with the table in which a run keeps what it saw.
macro_rules! in_table {
    ($kept:expr, $table:ident => $body:expr) => {
        match $kept {
            Kept::Decisions => {
                use super::schema::decisions as $table;
                $body
            }
            Kept::Answers => {
                use super::schema::run_results as $table;
                $body
            }
        }
    };
}

/// One page of what a run saw, in the order in which it saw it.
pub fn page(
    conn: &mut Conn,
    (kept, run): (Kept, RunId),
    outcome: &Choice<Outcome>,
    at: &Window,
) -> Result<Page<Sight>, DbError> {
    let rows: Vec<Sight> = in_table!(kept, t => each!(conn, |c| {
        let mut query = t::table.filter(t::run_id.eq(run)).into_boxed();
        choose!(query, t::outcome, outcome);
        window!(query, at, t::id, t::id, std::convert::identity);
        at.limited(query.select((t::id, t::amazon_order_id, t::rule, t::outcome, t::reasons, t::channel, t::amazon_status)))
            .load(c)
    })?);
    Ok(Page::of(rows, at))
}

/// How many orders a run saw with these outcomes, as far as they are [`Counted`].
pub fn count(conn: &mut Conn, (kept, run): (Kept, RunId), outcome: &Choice<Outcome>) -> Result<i64, DbError> {
    Ok(in_table!(kept, t => each!(conn, |c| {
        let mut query = t::table.filter(t::run_id.eq(run)).into_boxed();
        choose!(query, t::outcome, outcome);
        Counted::of(query.select(t::id)).get_result::<i64>(c)
    })?))
}

/// How many orders a run treated how.
pub fn outcomes(conn: &mut Conn, (kept, run): (Kept, RunId)) -> Result<Vec<(Outcome, i64)>, DbError> {
    Ok(in_table!(kept, t => each!(conn, |c| t::table
        .filter(t::run_id.eq(run))
        .group_by(t::outcome)
        .select((t::outcome, count_star()))
        .order(t::outcome)
        .load(c))?))
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
