//! Taking a validation back: the delivery that left counts as cancelled, and what came back is asked for again.

use super::import::stock::{self, OPEN};
use super::picking_lines::LineRow;
use super::schema::{moves, order_lines, pickings};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{MoveId, OrderId, OrderLineId, PickingId};
use crate::domain::picking::{AmazonSync, MoveOrigin, PickingState};
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};
use std::collections::HashMap;

/// The delivery is as if it had been cancelled; Amazon need not know of it.
pub fn cancel(conn: &mut Conn, picking: PickingId) -> Result<(), DbError> {
    let target = pickings::table.find(picking).filter(pickings::state.eq(PickingState::Done));
    let values = (
        pickings::state.eq(PickingState::Cancelled),
        pickings::amazon_sync.eq(AmazonSync::NotNeeded),
        pickings::version.eq(pickings::version + 1),
    );
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// Whether done moves of these lines were corrected, because another product had left than was booked.
///
/// A correction belongs to no transfer: nobody knows which part of it to take back with one.
pub fn is_corrected(conn: &mut Conn, order: OrderId, lines: Vec<OrderLineId>) -> Result<bool, DbError> {
    let corrections = moves::table
        .filter(moves::order_id.eq(order))
        .filter(moves::picking_id.is_null())
        .filter(moves::order_line_id.eq_any(lines))
        .filter(moves::state.eq(PickingState::Done));
    Ok(each!(conn, |c| diesel::select(diesel::dsl::exists(corrections)).get_result(c))?)
}

/// How many units of each line of an order did not leave and wait in no open delivery.
pub fn room(conn: &mut Conn, order: OrderId) -> Result<HashMap<OrderLineId, i64>, DbError> {
    let lines: Vec<(OrderLineId, i64, i64)> = each!(&mut *conn, |c| order_lines::table
        .filter(order_lines::order_id.eq(order))
        .select((order_lines::id, order_lines::quantity, order_lines::delivered))
        .load(c))?;
    let mut room: HashMap<OrderLineId, i64> =
        lines.into_iter().map(|(line, ordered, delivered)| (line, ordered - delivered)).collect();
    let waiting: Vec<(Option<OrderLineId>, i64)> = each!(conn, |c| moves::table
        .filter(moves::order_id.eq(order))
        .filter(moves::origin.ne(MoveOrigin::Return))
        .filter(moves::state.eq_any(OPEN))
        .select((moves::order_line_id, moves::quantity))
        .load(c))?;
    for (line, units) in waiting {
        if let Some(room) = line.and_then(|line| room.get_mut(&line)) {
            *room -= units;
        }
    }
    Ok(room)
}

/// So many units like each of these lines are to leave with an open delivery: added to its move of the same line and
/// product, or a new one.
pub fn demand(
    conn: &mut Conn,
    picking: PickingId,
    wanted: &[(&LineRow, i64)],
    now: NaiveDateTime,
) -> Result<(), DbError> {
    for (one, units) in wanted {
        let open: Option<MoveId> = each!(&mut *conn, |c| moves::table
            .filter(moves::picking_id.eq(picking))
            .filter(moves::order_line_id.eq(one.order_line_id))
            .filter(moves::product_id.eq(one.product_id))
            .filter(moves::state.eq_any(OPEN))
            .order(moves::id)
            .select(moves::id)
            .first(c)
            .optional())?;
        if let Some(open) = open {
            let more = (moves::quantity.eq(moves::quantity + *units), moves::state.eq(PickingState::Confirmed));
            each!(&mut *conn, |c| diesel::update(moves::table.find(open)).set(more).execute(c))?;
        } else {
            stock::insert_moves(conn, &[one.like(Some(picking), *units, PickingState::Confirmed, now)])?;
        }
    }
    let target = pickings::table.find(picking).filter(pickings::state.eq_any(OPEN));
    let changed = pickings::version.eq(pickings::version + 1);
    exactly_one(each!(conn, |c| diesel::update(target).set(changed).execute(c))?)
}
