//! Goods that come back: of a delivery that is done, at once or with a transfer by which they were expected.
//!
//! Done moves are final, so what comes back moves back. Amazon is not told: it decides about the buyer's money itself.

use super::edit_account::stale;
use super::{Actor, book_moves, decide_order, found_company, reserve_stock};
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::import::stock::{MoveRow, insert_moves};
use crate::db::picking_changes::{self, Following, Label, Seen};
use crate::db::picking_lines::{self, NamedLine};
use crate::db::pickings::{self, PickingRow};
use crate::db::{Conn, locations};
use crate::domain::access::Action;
use crate::domain::ids::{LocationId, MoveId, PickingId};
use crate::domain::kit::Recipes;
use crate::domain::picking::returning::{self, Moved, ReturnTo, Returnable, Way};
use crate::domain::picking::shipping::{self, Line, Mistake};
use crate::domain::picking::{AmazonSync, MoveOrigin, PickingKind, PickingState, reference};
use crate::error::AppError;
use chrono::NaiveDateTime;

/// What a person says about goods that came back.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The delivery, or the transfer by which they are expected, as it was seen.
    pub seen: Seen,
    /// How many units of each line.
    pub typed: Vec<(MoveId, String)>,
    /// Where they go.
    pub to: ReturnTo,
}

/// A line of which something may come back.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The line by which it left, or is expected.
    pub line: NamedLine,
    /// How much left, came back and is expected.
    pub units: Returnable,
    /// How many units may come back now.
    pub most: i64,
}

/// Takes goods back; answers the transfer by which they came.
pub async fn run(app: &App, actor: &Actor, wish: Wish) -> Result<Result<PickingId, Vec<Mistake>>, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| take_back(conn, &actor, &wish, now)).await
}

/// What may come back of a delivery, or with a transfer by which goods are expected.
pub fn candidates(conn: &mut Conn, row: &PickingRow) -> Result<Vec<Candidate>, AppError> {
    if row.kind == PickingKind::Return {
        let all = picking_lines::open(conn, &[row.id])?;
        let candidate = |line: NamedLine| {
            let most = line.row.quantity;
            let units = Returnable { id: line.row.id, shipped: most, returned: 0, expected: most };
            Candidate { line, units, most }
        };
        return Ok(all.into_iter().filter(|line| line.row.order_line_id.is_some()).map(candidate).collect());
    }
    let (_, mut ids) = picking_changes::following(conn, row.id)?;
    ids.push(row.id);
    let mut lines = picking_lines::all(conn, &ids)?;
    picking_lines::correct_products(conn, &mut lines)?;
    let moved: Vec<Moved> = lines.iter().filter_map(|line| moved(row, line)).collect();
    let tallied = returning::tally(&moved).into_iter().filter_map(|units| {
        let line = lines.iter().find(|line| line.row.id == units.id)?.clone();
        Some(Candidate { line, most: units.most(), units })
    });
    Ok(tallied.collect())
}

/// What a move says about a delivery; nothing when it did not happen, or inside a kit.
fn moved(delivery: &PickingRow, line: &NamedLine) -> Option<Moved> {
    let row = &line.row;
    let way = match (row.picking_id == Some(delivery.id), row.state) {
        (true, PickingState::Done) if row.source_id == delivery.destination_id => Way::Undone,
        (true, PickingState::Done) => Way::Out,
        (true, _) | (false, PickingState::Cancelled) => return None,
        (false, PickingState::Done) => Way::Back,
        (false, _) => Way::Expected,
    };
    let order_line = row.order_line_id?;
    Some(Moved { id: row.id, line: order_line, product: row.product_id, units: row.quantity, way })
}

/// Whether goods of this transfer may come back.
pub const fn is_open_to(row: &PickingRow) -> bool {
    match row.kind {
        PickingKind::Delivery => matches!(row.state, PickingState::Done),
        PickingKind::Return => row.state.is_open(),
    }
}

fn take_back(
    conn: &mut Conn,
    actor: &Actor,
    wish: &Wish,
    now: NaiveDateTime,
) -> Result<Result<PickingId, Vec<Mistake>>, AppError> {
    let (row, _) = pickings::by_id(conn, actor.company, wish.seen.picking)?.ok_or(AppError::NotFound)?;
    if row.version != wish.seen.version || !is_open_to(&row) {
        return Err(AppError::Conflict);
    }
    let candidates = candidates(conn, &row)?;
    let plain: Vec<Line> = candidates.iter().map(|one| Line { id: one.line.row.id, demand: one.most }).collect();
    let read = match shipping::read_quantities(&plain, &wish.typed) {
        Ok(read) => read,
        Err(mistakes) => return Ok(Err(mistakes)),
    };
    if read.sums().0 == 0 {
        return Ok(Err(vec![Mistake::NothingDone]));
    }
    let units = |id: MoveId| read.lines.iter().find(|(line, _)| line.id == id).map_or(0, |(_, units)| *units);
    let back: Vec<(NamedLine, i64)> = candidates
        .into_iter()
        .map(|one| (units(one.line.row.id), one.line))
        .map(|(units, line)| (line, units))
        .collect();
    let picking = match row.kind {
        PickingKind::Delivery => {
            picking_changes::note_return(conn, wish.seen).map_err(stale)?;
            let to = place(conn, &row, row.source_id, wish.to)?;
            bring(conn, &row, &back, Some(to), now)?
        }
        PickingKind::Return => {
            let to = place(conn, &row, row.destination_id, wish.to)?;
            receive(conn, &row, &back, to, now)?
        }
    };
    decide_order::goods_came_back(conn, actor, row.order_id, picking, now)?;
    reserve_stock::all(conn, actor.company)?;
    note(conn, actor, &row, picking, read.sums().0, now)?;
    Ok(Ok(picking))
}

/// Where goods go that come back.
fn place(conn: &mut Conn, row: &PickingRow, stock: LocationId, to: ReturnTo) -> Result<LocationId, AppError> {
    match to {
        ReturnTo::Stock => Ok(stock),
        ReturnTo::Unsellable => Ok(found_company::unsellable(conn, row.company_id)?),
        ReturnTo::Loss => {
            let loss = locations::of_losses(conn, row.company_id)?;
            loss.ok_or(AppError::Internal("the company lacks its location of losses"))
        }
    }
}

/// Writes the transfer by which units of a delivery come back: done when it is known where to, else expected on the
/// shelf that they left.
pub(super) fn bring(
    conn: &mut Conn,
    delivery: &PickingRow,
    back: &[(NamedLine, i64)],
    to: Option<LocationId>,
    now: NaiveDateTime,
) -> Result<PickingId, AppError> {
    let (state, done_at) = if to.is_some() { (PickingState::Done, Some(now)) } else { (PickingState::Assigned, None) };
    let to = to.unwrap_or(delivery.source_id);
    let row = Following { state, done_at, ..returning_row(delivery, to, now) };
    let picking = picking_changes::insert(conn, &row)?;
    let rows: Vec<MoveRow<'_>> = back
        .iter()
        .filter(|(_, units)| *units > 0)
        .map(|(line, units)| MoveRow {
            source_id: line.row.destination_id,
            destination_id: to,
            origin: MoveOrigin::Return,
            ..line.row.like(Some(picking), *units, state, now)
        })
        .collect();
    insert_moves(conn, &rows)?;
    let inside = picking_lines::left_inside(conn, delivery.order_id, delivery.id, delivery.destination_id)?;
    book_moves::follow(conn, &rows, inside)?;
    Ok(picking)
}

/// A transfer by which goods of a delivery come back.
fn returning_row(delivery: &PickingRow, to: LocationId, now: NaiveDateTime) -> Following {
    Following {
        state: PickingState::Assigned,
        source_id: delivery.destination_id,
        destination_id: to,
        ship_by: None,
        amazon_sync: AmazonSync::NotNeeded,
        has_gift: false,
        kind: PickingKind::Return,
        backorder_of_id: None,
        return_of_id: Some(delivery.id),
        assigned_to_id: None,
        is_starred: false,
        carrier: None,
        carrier_id: None,
        tracking: None,
        ..Following::like(delivery, now)
    }
}

/// Goods that were expected are here; what is not there yet is expected with a transfer of its own.
fn receive(
    conn: &mut Conn,
    row: &PickingRow,
    back: &[(NamedLine, i64)],
    to: LocationId,
    now: NaiveDateTime,
) -> Result<PickingId, AppError> {
    let label =
        Label { carrier: row.carrier.as_deref(), carrier_id: row.carrier_id, tracking: row.tracking.as_deref() };
    let rest = if back.iter().any(|(line, units)| *units < line.row.quantity) {
        let rest = Following {
            source_id: row.source_id,
            backorder_of_id: Some(row.id),
            return_of_id: row.return_of_id,
            ..returning_row(row, row.destination_id, now)
        };
        Some(picking_changes::insert(conn, &rest)?)
    } else {
        None
    };
    if let Some(rest) = rest {
        for (line, _) in back.iter().filter(|(_, units)| *units == 0) {
            picking_lines::carry_over(conn, line.row.id, rest, PickingState::Assigned)?;
        }
    }
    picking_changes::redirect(conn, row.id, to)?;
    let (mut whole, mut done, mut later) = (Vec::new(), Vec::new(), Vec::new());
    for (line, units) in back.iter().filter(|(_, units)| *units > 0) {
        let (held, left) = (&line.row, line.row.quantity - units);
        if left > 0 {
            picking_lines::finish_part(conn, held.id, *units, now)?;
            later.push(held.like(rest, left, PickingState::Assigned, now));
        } else {
            whole.push(held.id);
        }
        done.push(MoveRow { destination_id: to, ..held.like(Some(row.id), *units, PickingState::Done, now) });
    }
    picking_lines::finish(conn, &whole, now)?;
    insert_moves(conn, &later)?;
    // What is expected comes from where the delivery went.
    let inside = match row.return_of_id {
        Some(delivery) => picking_lines::left_inside(conn, row.order_id, delivery, row.source_id)?,
        None => Recipes::new(),
    };
    book_moves::follow(conn, &done, inside)?;
    let seen = Seen { picking: row.id, version: row.version };
    picking_changes::finish(conn, seen, &label, AmazonSync::NotNeeded, now).map_err(stale)?;
    Ok(row.id)
}

fn note(
    conn: &mut Conn,
    actor: &Actor,
    seen: &PickingRow,
    picking: PickingId,
    units: i64,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    let delivery = seen.return_of_id.unwrap_or(seen.id);
    let (about, by) = (format!("picking {delivery}"), format!("picking {picking}"));
    let (came, value) = (reference(picking), units.to_string());
    let events = [
        NewEvent { new_value: Some(&came), ..actor.event("transfer_came_back", &about, now) },
        NewEvent { new_value: Some(&value), ..actor.event("transfer_received", &by, now) },
    ];
    Ok(audit::insert_all(conn, &events)?)
}
