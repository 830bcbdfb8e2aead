//! New transfers and moves, and what becomes of open ones.

use crate::db::schema::{moves, pickings};
use crate::db::{Conn, DbError};
use crate::domain::ids::{
    AccountId, CarrierId, CompanyId, LocationId, MarketplaceId, MoveId, OrderId, OrderLineId, PickingId, ProductId,
};
use crate::domain::picking::{AmazonSync, MoveOrigin, PickingKind, PickingState};
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, RunQueryDsl};
use std::collections::HashMap;

/// One new transfer.
#[derive(Debug, Insertable)]
#[diesel(table_name = pickings, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct PickingRow {
    pub company_id: CompanyId,
    pub account_id: AccountId,
    pub order_id: OrderId,
    pub state: PickingState,
    pub source_id: LocationId,
    pub destination_id: LocationId,
    pub ship_by: Option<NaiveDateTime>,
    pub carrier_id: Option<CarrierId>,
    pub carrier: Option<String>,
    pub tracking: Option<String>,
    pub amazon_sync: AmazonSync,
    pub is_held: bool,
    pub has_gift: bool,
    pub created_at: NaiveDateTime,
    pub done_at: Option<NaiveDateTime>,
}

/// One new move.
#[derive(Clone, Copy, Debug, Insertable)]
#[diesel(table_name = moves, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct MoveRow<'a> {
    pub company_id: CompanyId,
    pub account_id: Option<AccountId>,
    pub marketplace_id: Option<&'a MarketplaceId>,
    pub order_id: Option<OrderId>,
    pub order_line_id: Option<OrderLineId>,
    pub picking_id: Option<PickingId>,
    pub product_id: ProductId,
    pub kit_id: Option<ProductId>,
    pub quantity: i64,
    pub source_id: LocationId,
    pub destination_id: LocationId,
    pub origin: MoveOrigin,
    pub state: PickingState,
    pub moved_at: NaiveDateTime,
}

/// States of goods that have not left.
pub const OPEN: [PickingState; 4] =
    [PickingState::Draft, PickingState::Waiting, PickingState::Confirmed, PickingState::Assigned];

/// The open deliveries of an order; goods that are expected back are none.
macro_rules! open_deliveries {
    ($order:expr) => {
        pickings::table
            .filter(pickings::order_id.eq($order))
            .filter(pickings::kind.eq(PickingKind::Delivery))
            .filter(pickings::state.eq_any(OPEN))
    };
}

/// Inserts the first transfers of orders; answers their keys by order and by whether the transfer is done.
pub fn insert_pickings(conn: &mut Conn, rows: &[PickingRow]) -> Result<HashMap<(OrderId, bool), PickingId>, DbError> {
    let created = insert_keyed!(
        conn,
        pickings::table,
        rows,
        (pickings::order_id, pickings::state, pickings::id) => (OrderId, PickingState, PickingId),
        pickings::table.filter(pickings::order_id.eq_any(rows.iter().map(|row| row.order_id)))
    );
    Ok(created.into_iter().map(|(order, state, id)| ((order, state == PickingState::Done), id)).collect())
}

/// Inserts one more transfer of an order.
pub fn insert_picking(conn: &mut Conn, row: &PickingRow) -> Result<PickingId, DbError> {
    Ok(each!(conn, |c| diesel::insert_into(pickings::table).values(row).returning(pickings::id).get_result(c))?)
}

/// Inserts moves.
pub fn insert_moves(conn: &mut Conn, rows: &[MoveRow<'_>]) -> Result<(), DbError> {
    insert_rows!(conn, moves::table, rows);
    Ok(())
}

/// The location out of which the first goods of an order left.
pub fn source_of(conn: &mut Conn, order: OrderId) -> Result<Option<LocationId>, DbError> {
    Ok(each!(conn, |c| moves::table
        .filter(moves::order_id.eq(order))
        .order(moves::id)
        .select(moves::source_id)
        .first(c)
        .optional())?)
}

/// The open delivery of an order.
pub fn open_picking(conn: &mut Conn, order: OrderId) -> Result<Option<PickingId>, DbError> {
    Ok(each!(conn, |c| open_deliveries!(order).order(pickings::id).select(pickings::id).first(c).optional())?)
}

/// The open move of an order line, with its quantity.
pub fn open_move(conn: &mut Conn, line: OrderLineId, order: OrderId) -> Result<Option<(MoveId, i64)>, DbError> {
    Ok(each!(conn, |c| moves::table
        .filter(moves::order_id.eq(order))
        .filter(moves::order_line_id.eq(line))
        .filter(moves::origin.ne(MoveOrigin::Return))
        .filter(moves::state.eq_any(OPEN))
        .order(moves::id)
        .select((moves::id, moves::quantity))
        .first(c)
        .optional())?)
}

/// Sets what is still to leave by an open move; nothing left cancels it.
pub fn set_demand(conn: &mut Conn, id: MoveId, quantity: i64) -> Result<(), DbError> {
    let open = moves::table.find(id).filter(moves::state.eq_any(OPEN));
    let changed = if quantity > 0 {
        let demand = (moves::quantity.eq(quantity), moves::picked.eq(0));
        each!(conn, |c| diesel::update(open).set(demand).execute(c))?
    } else {
        each!(conn, |c| diesel::update(open).set(moves::state.eq(PickingState::Cancelled)).execute(c))?
    };
    crate::db::exactly_one(changed)
}

/// How many open moves a transfer still has.
pub fn open_moves_of(conn: &mut Conn, picking: PickingId) -> Result<i64, DbError> {
    let open = moves::table.filter(moves::picking_id.eq(picking)).filter(moves::state.eq_any(OPEN)).count();
    Ok(each!(conn, |c| open.get_result(c))?)
}

/// Cancels an open transfer that has nothing left to move.
pub fn cancel_picking(conn: &mut Conn, id: PickingId) -> Result<(), DbError> {
    let open = pickings::table.find(id).filter(pickings::state.eq_any(OPEN));
    let changed = each!(conn, |c| diesel::update(open).set(pickings::state.eq(PickingState::Cancelled)).execute(c))?;
    crate::db::exactly_one(changed)
}

/// Cancels every open delivery and its moves; what has left stays as it is, and what is to come back is still expected.
pub fn cancel_open(conn: &mut Conn, order: OrderId) -> Result<(), DbError> {
    let pickings = open_deliveries!(order);
    let change = (
        pickings::state.eq(PickingState::Cancelled),
        pickings::is_held.eq(false),
        pickings::version.eq(pickings::version + 1),
    );
    each!(&mut *conn, |c| diesel::update(pickings).set(change).execute(c))?;
    let moves = moves::table
        .filter(moves::order_id.eq(order))
        .filter(moves::origin.ne(MoveOrigin::Return))
        .filter(moves::state.eq_any(OPEN));
    each!(conn, |c| diesel::update(moves).set(moves::state.eq(PickingState::Cancelled)).execute(c))?;
    Ok(())
}

/// Holds or releases the open transfers of an order.
pub fn hold_open(conn: &mut Conn, order: OrderId, is_held: bool) -> Result<(), DbError> {
    let open = open_deliveries!(order).filter(pickings::is_held.ne(is_held));
    let change = (pickings::is_held.eq(is_held), pickings::version.eq(pickings::version + 1));
    each!(conn, |c| diesel::update(open).set(change).execute(c))?;
    Ok(())
}

/// Counts a change of what an open transfer holds, so that a form that shows the old content is not taken.
pub fn touch(conn: &mut Conn, picking: PickingId) -> Result<(), DbError> {
    let open = pickings::table.find(picking).filter(pickings::state.eq_any(OPEN));
    each!(conn, |c| diesel::update(open).set(pickings::version.eq(pickings::version + 1)).execute(c))?;
    Ok(())
}

/// Marks the open transfers of an order whose papers were printed with another address.
pub fn note_address_change(conn: &mut Conn, order: OrderId, now: NaiveDateTime) -> Result<(), DbError> {
    let printed = open_deliveries!(order).filter(pickings::printed_at.is_not_null());
    let change = (pickings::address_changed_at.eq(now), pickings::version.eq(pickings::version + 1));
    each!(conn, |c| diesel::update(printed).set(change).execute(c))?;
    Ok(())
}

/// Sets the latest moment to ship of the open transfers of an order.
pub fn set_ship_by(conn: &mut Conn, order: OrderId, ship_by: Option<NaiveDateTime>) -> Result<(), DbError> {
    let open = open_deliveries!(order);
    each!(conn, |c| diesel::update(open).set(pickings::ship_by.eq(ship_by)).execute(c))?;
    Ok(())
}
