//! Taking a validation back: the delivery that left counts as cancelled, and what came back is asked for again.

use super::import::stock::{self, OPEN};
use super::picking_lines::LineRow;
use super::schema::{moves, pickings};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{MoveId, PickingId};
use crate::domain::picking::{AmazonSync, PickingState};
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

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

/// What came back is to leave again with an open delivery: added to its move of the same line and product, or a new one.
///
/// What is inside a kit is not asked for by itself: it leaves with the kit.
pub fn demand(conn: &mut Conn, picking: PickingId, left: &[LineRow], now: NaiveDateTime) -> Result<(), DbError> {
    for one in left.iter().filter(|one| one.order_line_id.is_some()) {
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
            let more = (moves::quantity.eq(moves::quantity + one.quantity), moves::state.eq(PickingState::Confirmed));
            each!(&mut *conn, |c| diesel::update(moves::table.find(open)).set(more).execute(c))?;
        } else {
            stock::insert_moves(conn, &[one.like(Some(picking), one.quantity, PickingState::Confirmed, now)])?;
        }
    }
    let target = pickings::table.find(picking).filter(pickings::state.eq_any(OPEN));
    let changed = pickings::version.eq(pickings::version + 1);
    exactly_one(each!(conn, |c| diesel::update(target).set(changed).execute(c))?)
}
