//! Taking the validation of a delivery back while Amazon was not told of it yet.
//!
//! Done moves are final: the goods return by moves of their own, the delivery ends as cancelled, and the open delivery
//! of the order (its backorder, or a new one) asks for them again. So every fact stays visible and stock stays a sum.

use super::{Actor, book_moves, reserve_stock, return_goods};
use crate::app::App;
use crate::db::import::stock::{self, MoveRow};
use crate::db::picking_changes::{self, Following};
use crate::db::picking_lines::{self, LineRow};
use crate::db::shipment_changes::{self, Read};
use crate::db::{audit, delivered, pickings, product_kits, shipments, validation_undo};
use crate::domain::access::Action;
use crate::domain::announcement;
use crate::domain::ids::{OrderLineId, PickingId};
use crate::domain::picking::{PickingState, reference};
use crate::error::AppError;
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

/// Takes a validation back; answers the delivery that asks for the goods from now on.
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
        let lines = picking_lines::all(conn, &[picking])?.into_iter().map(|line| line.row);
        let left: Vec<LineRow> = lines.filter(|row| row.state == PickingState::Done).collect();
        let contents = shipments::contents(conn, &[picking])?.remove(&picking).unwrap_or_default();
        let recipes = product_kits::recipes(conn, actor.company)?;
        let mut by_line: BTreeMap<OrderLineId, Vec<announcement::Left>> = BTreeMap::new();
        for one in contents {
            by_line.entry(one.line).or_default().push(one);
        }
        let units = |left| announcement::units(left, &recipes).iter().map(|(_, units)| units).sum::<i64>();
        let undelivered: BTreeMap<OrderLineId, i64> =
            by_line.iter().map(|(line, left)| (*line, -units(left))).collect();
        let back: Vec<MoveRow<'_>> = left.iter().map(|row| back(row, now)).collect();
        book_moves::complete(conn, &back)?;
        validation_undo::cancel(conn, picking)?;
        let open = match stock::open_picking(conn, row.order_id)? {
            Some(open) => open,
            None => picking_changes::insert(conn, &Following::like(&delivery, now))?,
        };
        validation_undo::demand(conn, open, &left, now)?;
        delivered::add(conn, &undelivered)?;
        delivered::settle(conn, &[row.order_id])?;
        delivered::reopen(conn, row.order_id)?;
        // What came back is free again: it is reserved for who must leave first, and the rest for this order.
        reserve_stock::all(conn, actor.company)?;
        reserve_stock::renew(conn, actor.company, &[row.order_id])?;
        let (subject, value) = (format!("picking {picking}"), reference(open));
        let event = audit::NewEvent { new_value: Some(&value), ..actor.event("validation_undone", &subject, now) };
        audit::insert(conn, &event)?;
        Ok(open)
    })
    .await
}

/// The same goods back, in the same transfer.
fn back(row: &LineRow, now: NaiveDateTime) -> MoveRow<'_> {
    MoveRow {
        source_id: row.destination_id,
        destination_id: row.source_id,
        ..row.like(row.picking_id, row.quantity, PickingState::Done, now)
    }
}
