//! Taking the validation of a delivery back while Amazon was not told of it yet.
//!
//! Done moves are final: the goods return by moves of their own, the delivery ends as cancelled, and the open delivery
//! of the order (its backorder, or a new one) asks for them again. So every fact stays visible and stock stays a sum.

use super::{Actor, reserve_stock};
use crate::app::App;
use crate::db::shipment_changes::{self, Read};
use crate::db::{audit, picking_changes, product_kits, shipments, validation_undo};
use crate::domain::access::Action;
use crate::domain::announcement;
use crate::domain::ids::{OrderLineId, PickingId};
use crate::domain::picking::reference;
use crate::error::AppError;
use std::collections::BTreeMap;

/// Takes a validation back; answers the delivery that asks for the goods from now on.
pub async fn run(app: &App, actor: &Actor, picking: PickingId) -> Result<PickingId, AppError> {
    actor.must(Action::TellAmazon)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let row = shipments::of_picking(conn, picking)?.filter(|row| row.company_id == actor.company);
        let row = row.ok_or(AppError::NotFound)?;
        if row.attempts > 0 || row.send_after.is_none_or(|at| at <= now) {
            return Err(AppError::Rule("announce-too-late"));
        }
        if !picking_changes::following(conn, picking)?.1.is_empty() {
            return Err(AppError::Rule("announce-returned"));
        }
        let read = Read { id: row.id, picking, version: row.version };
        shipment_changes::take_back(conn, read, now)?;
        let left = validation_undo::moves_of(conn, picking)?;
        let contents = shipments::contents(conn, &[picking])?.remove(&picking).unwrap_or_default();
        let recipes = product_kits::recipes(conn, actor.company)?;
        let mut by_line: BTreeMap<OrderLineId, Vec<announcement::Left>> = BTreeMap::new();
        for one in contents {
            by_line.entry(one.line).or_default().push(one);
        }
        let units: Vec<(OrderLineId, i64)> = by_line
            .iter()
            .map(|(line, left)| (*line, announcement::units(left, &recipes).iter().map(|(_, units)| units).sum()))
            .collect();
        validation_undo::bring_back(conn, picking, &left, now)?;
        validation_undo::cancel(conn, picking)?;
        let open = validation_undo::reopen(conn, picking, row.order_id, now)?;
        validation_undo::demand(conn, open, &left, now)?;
        validation_undo::undeliver(conn, row.order_id, &units)?;
        reserve_stock::renew(conn, actor.company, &[row.order_id])?;
        let (subject, value) = (format!("picking {picking}"), reference(open));
        let event = audit::NewEvent { new_value: Some(&value), ..actor.event("validation_undone", &subject, now) };
        audit::insert(conn, &event)?;
        Ok(open)
    })
    .await
}
