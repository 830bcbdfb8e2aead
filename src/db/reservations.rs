//! Moves that wait for goods, and what is reserved for them.

use super::import::stock::OPEN;
use super::schema::{moves, pickings};
use super::{Conn, DbError};
use crate::domain::ids::{CompanyId, LocationId, MoveId, OrderId, PickingId, ProductId};
use crate::domain::picking::{PickingKind, PickingState};
use chrono::NaiveDateTime;
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl, Queryable, RunQueryDsl};
use std::collections::BTreeMap;

/// A move of a delivery that is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct OpenMove {
    /// The move.
    pub id: MoveId,
    /// Its transfer.
    pub picking: Option<PickingId>,
    /// What moves.
    pub product: ProductId,
    /// From where.
    pub source: LocationId,
    /// How many units.
    pub quantity: i64,
    /// How many of them are reserved.
    pub reserved: i64,
    /// The latest moment to ship.
    pub ship_by: Option<NaiveDateTime>,
}

/// Keys per statement.
const PART: usize = 500;

macro_rules! open_moves {
    () => {
        moves::table
            .inner_join(pickings::table)
            .filter(pickings::kind.eq(PickingKind::Delivery))
            .filter(moves::state.eq_any(OPEN))
            .select((
                moves::id,
                moves::picking_id,
                moves::product_id,
                moves::source_id,
                moves::quantity,
                moves::reserved,
                pickings::ship_by,
            ))
    };
}

/// Whether any delivery of a company waits for goods.
pub fn is_any_waiting(conn: &mut Conn, company: CompanyId) -> Result<bool, DbError> {
    let waiting =
        pickings::table.filter(pickings::company_id.eq(company)).filter(pickings::state.eq(PickingState::Confirmed));
    Ok(each!(conn, |c| diesel::select(diesel::dsl::exists(waiting)).get_result(c))?)
}

/// The moves of these products that lack units.
///
/// Their company is not asked for as well: SQLite would then read all moves of the company rather than look up each product.
pub fn waiting_for(conn: &mut Conn, products: &[ProductId]) -> Result<Vec<OpenMove>, DbError> {
    let mut found = Vec::new();
    for part in products.chunks(PART) {
        found.extend(each!(&mut *conn, |c| open_moves!()
            .filter(moves::product_id.eq_any(part))
            .filter(moves::state.eq(PickingState::Confirmed))
            .load::<OpenMove>(c))?);
    }
    Ok(found)
}

/// The open moves of deliveries.
pub fn of_pickings(conn: &mut Conn, ids: &[PickingId]) -> Result<Vec<OpenMove>, DbError> {
    let mut found = Vec::new();
    for part in ids.chunks(PART) {
        let ids: Vec<Option<PickingId>> = part.iter().copied().map(Some).collect();
        found.extend(each!(&mut *conn, |c| open_moves!().filter(moves::picking_id.eq_any(ids)).load::<OpenMove>(c))?);
    }
    Ok(found)
}

/// The open moves of the deliveries of some orders.
pub fn of_orders(conn: &mut Conn, orders: &[OrderId]) -> Result<Vec<OpenMove>, DbError> {
    let mut found = Vec::new();
    for part in orders.chunks(PART) {
        found.extend(each!(&mut *conn, |c| open_moves!()
            .filter(moves::order_id.eq_any(part.iter().copied().map(Some).collect::<Vec<_>>()))
            .load::<OpenMove>(c))?);
    }
    Ok(found)
}

/// The moves of these products for which something is reserved, wherever they leave from.
pub fn held_of_products(conn: &mut Conn, products: &[ProductId]) -> Result<Vec<OpenMove>, DbError> {
    let mut found = Vec::new();
    for part in products.chunks(PART) {
        found.extend(each!(&mut *conn, |c| open_moves!()
            .filter(moves::product_id.eq_any(part))
            .filter(moves::reserved.gt(0))
            .load::<OpenMove>(c))?);
    }
    Ok(found)
}

/// Stores what is reserved for moves, each with its new number of units; a move that has all of it is ready.
pub fn set_reserved(conn: &mut Conn, moves_now: &[(MoveId, i64, PickingState)]) -> Result<(), DbError> {
    let mut alike: BTreeMap<(i64, PickingState), Vec<MoveId>> = BTreeMap::new();
    for (id, reserved, state) in moves_now {
        alike.entry((*reserved, *state)).or_default().push(*id);
    }
    for ((reserved, state), ids) in alike {
        for part in ids.chunks(PART) {
            let target = moves::table.filter(moves::id.eq_any(part)).filter(moves::state.eq_any(OPEN));
            let now = (moves::reserved.eq(reserved), moves::state.eq(state));
            each!(&mut *conn, |c| diesel::update(target).set(now).execute(c))?;
        }
    }
    Ok(())
}

/// Makes open deliveries ready when no move of theirs waits any more, and waiting when one does.
///
/// Their version stays: nothing that a person types depends on it.
pub fn settle_states(conn: &mut Conn, ids: &[PickingId]) -> Result<(), DbError> {
    for part in ids.chunks(PART) {
        let unready: Vec<Option<PickingId>> = each!(&mut *conn, |c| moves::table
            .filter(moves::picking_id.eq_any(part.iter().copied().map(Some).collect::<Vec<_>>()))
            .filter(moves::state.eq(PickingState::Confirmed))
            .select(moves::picking_id)
            .distinct()
            .load(c))?;
        let unready: Vec<PickingId> = unready.into_iter().flatten().collect();
        let ready: Vec<PickingId> = part.iter().copied().filter(|id| !unready.contains(id)).collect();
        for (ids, from, to) in [
            (ready, PickingState::Confirmed, PickingState::Assigned),
            (unready, PickingState::Assigned, PickingState::Confirmed),
        ] {
            let target = pickings::table.filter(pickings::id.eq_any(ids).and(pickings::state.eq(from)));
            each!(&mut *conn, |c| diesel::update(target).set(pickings::state.eq(to)).execute(c))?;
        }
    }
    Ok(())
}
