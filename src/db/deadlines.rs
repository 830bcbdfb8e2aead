//! Deadlines of transfers as the indexes of them spell them, and how many open deliveries must leave when.

use super::portable::{Spelled, spelled};
use super::schema::{orders, pickings};
use super::{Conn, DbError};
use crate::domain::ids::{AccountId, CompanyId, TeamId};
use crate::domain::picking::PickingKind;
use chrono::NaiveDateTime;
use diesel::dsl::count;
use diesel::sql_types::{Bool, Timestamp};
use diesel::{
    AggregateExpressionMethods as _, BoolExpressionMethods as _, ExpressionMethods, NullableExpressionMethods as _,
    QueryDsl, Queryable, RunQueryDsl,
};

diesel::allow_columns_to_appear_in_same_group_by_clause!(pickings::account_id, orders::team_id);

/// The latest moment for a transfer to leave, or the last of all moments, as the indexes of deadlines spell it: with a
/// bound value no index would be read in its order.
const DEADLINE: &str = "coalesce(pickings.ship_by, '9999-12-31 00:00:00')";

/// What is neither gone nor cancelled, as the index of open transfers spells it.
const OPEN_ONLY: &str = "pickings.state IN ('draft', 'waiting', 'confirmed', 'assigned')";

/// The latest moment for a transfer to leave; the last of all moments when it has none.
pub(super) const fn deadline() -> Spelled<Timestamp> {
    spelled(DEADLINE)
}

/// Whether a transfer is neither gone nor cancelled.
pub(super) const fn is_open() -> Spelled<Bool> {
    spelled(OPEN_ONLY)
}

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
            .filter(is_open())
            .filter(pickings::kind.eq(PickingKind::Delivery))
            .filter(deadline().lt(days.end))
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

#[cfg(test)]
mod tests {
    use super::super::import::stock::OPEN;
    use super::super::paging::never;
    use super::*;
    use crate::domain::picking::PickingState;

    #[test]
    fn what_is_spelled_out_is_what_the_domain_says() {
        for deadline in [DEADLINE, super::super::orders::DEADLINE] {
            assert!(deadline.contains(&format!("'{}'", never())), "{deadline}");
        }
        let codes: Vec<&str> = OPEN_ONLY.split('\'').skip(1).step_by(2).collect();
        assert_eq!(codes, OPEN.map(PickingState::as_str));
    }
}
