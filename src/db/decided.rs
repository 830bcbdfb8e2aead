//! Orders about which a person decided: what changes on them, and what left and came back.

use super::schema::{moves, orders, pickings};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{OrderId, OrderLineId, PickingId};
use crate::domain::order::OrderState;
use crate::domain::picking::{MoveOrigin, PickingKind, PickingState};
use diesel::dsl::sql;
use diesel::sql_types::BigInt;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::HashMap;

/// Nobody need decide about an order any more; somebody else's decision in between is found by no row.
pub fn clear(conn: &mut Conn, order: OrderId) -> Result<(), DbError> {
    let asked = orders::table.find(order).filter(orders::needs_decision);
    exactly_one(each!(conn, |c| diesel::update(asked).set(orders::needs_decision.eq(false)).execute(c))?)
}

/// Nothing more leaves for an order.
pub fn lock(conn: &mut Conn, order: OrderId) -> Result<(), DbError> {
    let open = orders::table.find(order).filter(orders::state.eq(OrderState::Sale));
    each!(conn, |c| diesel::update(open).set(orders::state.eq(OrderState::Locked)).execute(c))?;
    Ok(())
}

/// The deliveries of an order that are done, the first one first.
pub fn deliveries(conn: &mut Conn, order: OrderId) -> Result<Vec<PickingId>, DbError> {
    Ok(each!(conn, |c| pickings::table
        .filter(pickings::order_id.eq(order))
        .filter(pickings::kind.eq(PickingKind::Delivery))
        .filter(pickings::state.eq(PickingState::Done))
        .order(pickings::id)
        .select(pickings::id)
        .load(c))?)
}

/// The units of the lines of an order that came back.
pub fn returned(conn: &mut Conn, order: OrderId) -> Result<HashMap<OrderLineId, i64>, DbError> {
    let sums: Vec<(Option<OrderLineId>, i64)> = each!(conn, |c| moves::table
        .filter(moves::order_id.eq(order))
        .filter(moves::origin.eq(MoveOrigin::Return))
        .filter(moves::state.eq(PickingState::Done))
        .group_by(moves::order_line_id)
        .select((moves::order_line_id, sql::<BigInt>("CAST(SUM(moves.quantity) AS BIGINT)")))
        .load(c))?;
    Ok(sums.into_iter().filter_map(|(line, units)| Some((line?, units))).collect())
}
