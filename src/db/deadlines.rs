//! How many open deliveries must leave when, by account and team.

use super::import::stock::OPEN;
use super::schema::{orders, pickings};
use super::{Conn, DbError};
use crate::domain::ids::{AccountId, CompanyId, TeamId};
use crate::domain::picking::PickingKind;
use chrono::NaiveDateTime;
use diesel::dsl::count;
use diesel::{
    AggregateExpressionMethods as _, BoolExpressionMethods as _, ExpressionMethods, NullableExpressionMethods as _,
    QueryDsl, Queryable, RunQueryDsl,
};

diesel::allow_columns_to_appear_in_same_group_by_clause!(pickings::account_id, orders::team_id);

/// The open deliveries of an account and a team.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct Due {
    /// The account.
    pub account: AccountId,
    /// The team.
    pub team: TeamId,
    /// Those that should have left.
    pub late: i64,
    /// Those that must leave today.
    pub today: i64,
    /// Those that must leave tomorrow.
    pub tomorrow: i64,
}

/// The instants of a board: now, today and tomorrow.
#[derive(Clone, Copy, Debug)]
pub struct Days {
    /// Now.
    pub now: NaiveDateTime,
    /// From the first instant of today to that of tomorrow.
    pub today: (NaiveDateTime, NaiveDateTime),
    /// The first instant of the day after tomorrow.
    pub end: NaiveDateTime,
}

macro_rules! board {
    ($company:expr, $days:expr) => {{
        let days: &Days = $days;
        // What has no deadline is not among the rows.
        let ship_by = pickings::ship_by.assume_not_null();
        let is_late = ship_by.lt(days.now);
        let is_today = ship_by.ge(days.today.0).and(ship_by.lt(days.today.1));
        let is_tomorrow = ship_by.ge(days.today.1).and(ship_by.lt(days.end));
        pickings::table
            .inner_join(orders::table)
            .filter(pickings::company_id.eq($company))
            .filter(pickings::state.eq_any(OPEN))
            .filter(pickings::kind.eq(PickingKind::Delivery))
            .filter(pickings::ship_by.lt(days.end))
            .group_by((pickings::account_id, orders::team_id))
            .order((pickings::account_id, orders::team_id))
            .select((
                pickings::account_id,
                orders::team_id,
                count(pickings::id).aggregate_filter(is_late),
                count(pickings::id).aggregate_filter(is_today),
                count(pickings::id).aggregate_filter(is_tomorrow),
            ))
    }};
}

/// The board of a company: only what must leave by tomorrow is read, along the index of deadlines.
pub fn board(conn: &mut Conn, company: CompanyId, days: &Days) -> Result<Vec<Due>, DbError> {
    Ok(each!(conn, |c| board!(company, days).load(c))?)
}
