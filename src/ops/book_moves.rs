//! Writing moves so that the shelves agree with them: what left is not there any more, what came back is.
//!
//! A kit has no shelf of its own: with each move of a kit its components move, from no order line and in the same transfer.

use super::reserve_stock::Changes;
use crate::db::import::stock::{MoveRow, insert_moves};
use crate::db::{Conn, DbError, locations, quants};
use crate::domain::picking::allocation::Parts;
use crate::domain::picking::{MoveOrigin, PickingState};

/// Writes moves; those that are done change the shelves of our own locations, unless Amazon's warehouse is one of them.
pub(super) fn run(conn: &mut Conn, rows: &[MoveRow<'_>]) -> Result<(), DbError> {
    insert_moves(conn, rows)?;
    let done: Vec<&MoveRow<'_>> = rows.iter().filter(|row| touches_shelves(row)).collect();
    let Some(first) = done.first() else { return Ok(()) };
    let parts = quants::parts(conn, first.company_id, done.iter().map(|row| row.product_id))?;
    let components: Vec<MoveRow<'_>> = done.iter().flat_map(|row| components(&parts, row)).collect();
    insert_moves(conn, &components)?;
    let own = locations::internal(conn, first.company_id)?;
    let mut changes = Changes::new();
    for row in done {
        for (place, sign) in [(row.source_id, -1), (row.destination_id, 1)] {
            if own.contains(&place) {
                for (shelf, units) in parts.taken((row.product_id, place), row.quantity) {
                    changes.entry(shelf).or_default().quantity += sign * units;
                }
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
        order_line_id: None,
        ..*row
    };
    parts.components(row.product_id).map(part).collect()
}
