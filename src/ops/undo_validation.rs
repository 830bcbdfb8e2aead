//! Taking the validation of a delivery back while Amazon was not told of it yet.
//!
//! Done moves are final: the goods return by moves of their own, the delivery ends as cancelled, and the open delivery
//! of the order (its backorder, or a new one) asks for them again. So every fact stays visible and stock stays a sum.

use super::{Actor, book_moves, decide_order, reserve_stock, return_goods};
use crate::app::App;
use crate::db::import::stock::{self, MoveRow};
use crate::db::orders::{self, OrderHead};
use crate::db::picking_changes::{self, Following};
use crate::db::picking_lines::{self, LineRow};
use crate::db::pickings::{self, PickingRow};
use crate::db::shipment_changes::{self, Read};
use crate::db::{Conn, audit, delivered, shipments, validation_undo};
use crate::domain::access::Action;
use crate::domain::ids::{OrderLineId, PickingId};
use crate::domain::picking::{PickingState, reference};
use crate::domain::remote::AmazonStatus;
use crate::error::AppError;
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

/// Takes a validation back; answers the delivery that asks for the goods from now on, or this one when none does.
pub async fn run(app: &App, actor: &Actor, picking: PickingId) -> Result<PickingId, AppError> {
    actor.must(Action::TellAmazon)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let row = shipments::of_picking(conn, picking)?.filter(|row| row.company_id == actor.company);
        let row = row.ok_or(AppError::NotFound)?;
        let (delivery, _) = pickings::by_id(conn, actor.company, picking)?.ok_or(AppError::NotFound)?;
        if return_goods::candidates(conn, &delivery)?.iter().any(|one| one.most < one.units.shipped) {
            return Err(AppError::Rule("announce-came-back"));
        }
        if row.attempts > 0 || row.send_after.is_none_or(|at| at <= now) {
            return Err(AppError::Rule("announce-too-late"));
        }
        let read = Read { id: row.id, picking, version: row.version };
        shipment_changes::take_back(conn, read, now)?;
        let lines: Vec<LineRow> = picking_lines::all(conn, &[picking])?.into_iter().map(|line| line.row).collect();
        let left: Vec<&LineRow> = lines.iter().filter(|line| line.state == PickingState::Done).collect();
        let mut undelivered: BTreeMap<OrderLineId, i64> = BTreeMap::new();
        for (line, units) in left.iter().filter_map(|line| Some((line.order_line_id?, line.quantity))) {
            *undelivered.entry(line).or_default() -= units;
        }
        if validation_undo::is_corrected(conn, row.order_id, undelivered.keys().copied().collect())? {
            return Err(AppError::Rule("announce-product-corrected"));
        }
        let back: Vec<MoveRow<'_>> = left.iter().map(|row| back(row, now)).collect();
        book_moves::complete(conn, &back)?;
        validation_undo::cancel(conn, picking)?;
        delivered::add(conn, &undelivered)?;
        delivered::settle(conn, &[row.order_id])?;
        let order = orders::by_id(conn, actor.company, row.order_id)?.ok_or(AppError::NotFound)?;
        let open = if order.head.amazon_status == AmazonStatus::Cancelled {
            decide_order::goods_came_back(conn, &actor, row.order_id, picking, now)?;
            None
        } else {
            delivered::reopen(conn, row.order_id)?;
            ask_again(conn, &delivery, &order.head, &lines, now)?
        };
        // What came back is free again: it is reserved for who must leave first, and the rest for this order.
        reserve_stock::all(conn, actor.company)?;
        reserve_stock::renew(conn, actor.company, &[row.order_id])?;
        let (subject, value) = (format!("picking {picking}"), open.map(reference));
        let event = audit::NewEvent { new_value: value.as_deref(), ..actor.event("validation_undone", &subject, now) };
        audit::insert(conn, &event)?;
        Ok(open.unwrap_or(picking))
    })
    .await
}

/// The goods are to leave after all, with the open delivery of the order or a new one: those that left, and those that
/// were to stay for ever by the validation that is taken back. Nothing when the order wants none of them any more.
fn ask_again(
    conn: &mut Conn,
    delivery: &PickingRow,
    order: &OrderHead,
    lines: &[LineRow],
    now: NaiveDateTime,
) -> Result<Option<PickingId>, AppError> {
    let mut asked: BTreeMap<OrderLineId, (&LineRow, i64)> = BTreeMap::new();
    for line in lines {
        if let Some(id) = line.order_line_id {
            asked.entry(id).or_insert((line, 0)).1 += line.quantity;
        }
    }
    let room = validation_undo::room(conn, delivery.order_id)?;
    let wanted: Vec<(&LineRow, i64)> = asked
        .into_iter()
        .map(|(id, (line, units))| (line, units.min(room.get(&id).copied().unwrap_or(0))))
        .filter(|(_, units)| *units > 0)
        .collect();
    if wanted.is_empty() {
        return Ok(None);
    }
    let open = if let Some(open) = stock::open_picking(conn, delivery.order_id)? {
        open
    } else {
        let is_held = order.cancellation_requested || order.needs_decision;
        picking_changes::insert(conn, &Following { is_held, ..Following::like(delivery, now) })?
    };
    validation_undo::demand(conn, open, &wanted, now)?;
    Ok(Some(open))
}

/// The same goods back, in the same transfer.
fn back(row: &LineRow, now: NaiveDateTime) -> MoveRow<'_> {
    MoveRow {
        source_id: row.destination_id,
        destination_id: row.source_id,
        ..row.like(row.picking_id, row.quantity, PickingState::Done, now)
    }
}
