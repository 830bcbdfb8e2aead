//! What delivery slips and pick lists show of transfers, and the mark that they were printed.

use super::schema::{moves, pickings, products};
use super::{Conn, DbError};
use crate::domain::ids::{LocationId, OrderLineId, PickingId, ProductId};
use crate::domain::picking::PickingState;
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, QueryDsl, Queryable, RunQueryDsl};

/// Goods of a transfer that are not cancelled.
#[derive(Clone, Debug, Queryable)]
pub struct Goods {
    /// The transfer.
    pub picking_id: Option<PickingId>,
    /// Where they stand.
    pub state: PickingState,
    /// For which line of the order.
    pub order_line_id: Option<OrderLineId>,
    /// The product.
    pub product_id: ProductId,
    /// The product's reference.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// Where they come from.
    pub source_id: LocationId,
    /// How many.
    pub quantity: i64,
}

/// The transfers that bring the rest of these: whose rest, and which.
pub fn backorders_of(conn: &mut Conn, ids: &[PickingId]) -> Result<Vec<(Option<PickingId>, PickingId)>, DbError> {
    Ok(each!(conn, |c| {
        pickings::table
            .filter(pickings::backorder_of_id.eq_any(ids))
            .filter(pickings::state.ne(PickingState::Cancelled))
            .order(pickings::id)
            .select((pickings::backorder_of_id, pickings::id))
            .load(c)
    })?)
}

/// The goods of these transfers, by product.
pub fn goods(conn: &mut Conn, ids: &[PickingId]) -> Result<Vec<Goods>, DbError> {
    Ok(each!(conn, |c| {
        moves::table
            .inner_join(products::table)
            .filter(moves::picking_id.eq_any(ids))
            .filter(moves::state.ne(PickingState::Cancelled))
            .order((products::reference, moves::id))
            .select((
                moves::picking_id,
                moves::state,
                moves::order_line_id,
                moves::product_id,
                products::reference,
                products::name,
                moves::source_id,
                moves::quantity,
            ))
            .load(c)
    })?)
}

/// Notes that the slips of these transfers were printed, with the address of now.
///
/// The version stays: who packs with the slip in hand is not in conflict with its printing.
pub fn mark_printed(conn: &mut Conn, ids: &[PickingId], at: NaiveDateTime) -> Result<(), DbError> {
    let printed = (pickings::printed_at.eq(at), pickings::address_changed_at.eq(None::<NaiveDateTime>));
    each!(conn, |c| diesel::update(pickings::table.filter(pickings::id.eq_any(ids))).set(printed).execute(c))?;
    Ok(())
}
