//! Writing moves so that the shelves agree with them: what left is not there any more, what came back is.
//!
//! A kit has no shelf of its own: with each move of a kit its components move, from no order line and in the same transfer.

use super::reserve_stock::Changes;
use crate::db::import::stock::{MoveRow, insert_moves};
use crate::db::{Conn, DbError, locations, quants};
use crate::domain::kit::Recipes;
use crate::domain::picking::allocation::Parts;
use crate::domain::picking::{MoveOrigin, PickingState};

/// Writes moves, and what follows from those that are done.
pub(super) fn run(conn: &mut Conn, rows: &[MoveRow<'_>]) -> Result<(), DbError> {
    insert_moves(conn, rows)?;
    follow(conn, rows, Recipes::new())
}

/// What follows from moves that are written: what is inside kits moves with them, and the shelves change.
///
/// `known` tells what was inside some kits, whatever they are made of now.
pub(super) fn follow(conn: &mut Conn, rows: &[MoveRow<'_>], known: Recipes) -> Result<(), DbError> {
    let mut done: Vec<MoveRow<'_>> = rows.iter().filter(|row| touches_shelves(row)).copied().collect();
    let Some(parts) = parts(conn, &done, known)? else { return Ok(()) };
    let components: Vec<MoveRow<'_>> = done.iter().flat_map(|row| components(&parts, row)).collect();
    insert_moves(conn, &components)?;
    done.extend(components);
    shelve(conn, &parts, &done)
}

/// Writes done moves of which those inside kits are a part already.
pub(super) fn complete(conn: &mut Conn, rows: &[MoveRow<'_>]) -> Result<(), DbError> {
    insert_moves(conn, rows)?;
    let Some(parts) = parts(conn, rows, Recipes::new())? else { return Ok(()) };
    shelve(conn, &parts, rows)
}

fn parts(conn: &mut Conn, rows: &[MoveRow<'_>], known: Recipes) -> Result<Option<Parts>, DbError> {
    let Some(first) = rows.first() else { return Ok(None) };
    quants::parts_as(conn, first.company_id, rows.iter().map(|row| row.product_id), known).map(Some)
}

/// Takes counted goods from our own shelves and puts them there.
fn shelve(conn: &mut Conn, parts: &Parts, rows: &[MoveRow<'_>]) -> Result<(), DbError> {
    let Some(first) = rows.first() else { return Ok(()) };
    let own = locations::internal(conn, first.company_id)?;
    let mut changes = Changes::new();
    for row in rows.iter().filter(|row| parts.is_counted(row.product_id)) {
        for (place, sign) in [(row.source_id, -1), (row.destination_id, 1)] {
            if own.contains(&place) {
                changes.entry((row.product_id, place)).or_default().quantity += sign * row.quantity;
            }
        }
    }
    quants::change(conn, &changes)
}

/// Amazon decides what is in its warehouses: the moves of its orders change no shelf.
fn touches_shelves(row: &MoveRow<'_>) -> bool {
    row.state == PickingState::Done && row.origin != MoveOrigin::FbaOrder
}

/// What moves inside a kit.
pub(super) fn components<'a>(parts: &Parts, row: &MoveRow<'a>) -> Vec<MoveRow<'a>> {
    let part = |(product_id, need): (_, i64)| MoveRow {
        product_id,
        quantity: need.saturating_mul(row.quantity),
        kit_id: Some(row.product_id),
        order_line_id: None,
        ..*row
    };
    parts.components(row.product_id).map(part).collect()
}
