//! Reserving goods for transfers that wait, and giving back what nobody needs any more.
//!
//! What is reserved is never more than what is there; the transfer that must leave first is served first.

use super::Actor;
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::pickings::{self, PickingRow};
use crate::db::quants::{self, Change, Quant};
use crate::db::reservations::{self, OpenMove};
use crate::db::{Conn, Db, paging, product_kits, registrations};
use crate::domain::access::Action;
use crate::domain::ids::{AccountId, CompanyId, OrderId, PickingId, ProductId};
use crate::domain::picking::allocation::{Parts, Shelf, Waiting, allocate};
use crate::domain::picking::{PickingKind, PickingState};
use crate::error::AppError;
use std::collections::{BTreeMap, BTreeSet};

/// Reserves what is free in the company of an account for what waits; the worker does so after each page of orders.
///
/// Looking costs no write transaction: while nothing waits and nothing is reserved that left, nothing is written.
pub fn run(db: &Db, account: AccountId) -> Result<(), AppError> {
    let (company, is_needed) = db.read(|conn| {
        let company = registrations::by_id(conn, account)?.company_id;
        let is_wrong = !quants::overdrawn(conn, company)?.is_empty();
        Ok::<_, AppError>((company, is_wrong || reservations::is_any_waiting(conn, company)?))
    })?;
    if is_needed { db.write(|conn| all(conn, company)) } else { Ok(()) }
}

/// Reserves what is free for what waits.
pub(super) fn all(conn: &mut Conn, company: CompanyId) -> Result<(), AppError> {
    give_back_overdrawn(conn, company)?;
    let mut wanted: BTreeSet<ProductId> = quants::with_free(conn, company)?.into_iter().collect();
    // Kits wait for their components, and which of them can be put together is known only when they are asked for.
    wanted.extend(product_kits::recipes(conn, company)?.into_keys());
    let wanted: Vec<ProductId> = wanted.into_iter().collect();
    let waiting = reservations::waiting_for(conn, &wanted)?;
    give(conn, company, waiting)
}

/// Reserves for these moves what is free, the earliest deadline first.
fn give(conn: &mut Conn, company: CompanyId, mut moves: Vec<OpenMove>) -> Result<(), AppError> {
    if moves.is_empty() {
        return Ok(());
    }
    moves.sort_by_key(|one| (one.ship_by.unwrap_or_else(paging::never), one.picking, one.id));
    let parts = quants::parts(conn, company, moves.iter().map(|one| one.product))?;
    let needed: BTreeSet<ProductId> =
        moves.iter().flat_map(|one| parts.of(one.product).map(|(part, _)| part)).collect();
    let held = quants::of(conn, &needed)?;
    let mut free: BTreeMap<Shelf, i64> = held.into_iter().map(|(shelf, quant)| (shelf, quant.free())).collect();
    let waiting: Vec<Waiting> = moves
        .iter()
        .map(|one| Waiting { id: one.id, shelf: (one.product, one.source), lacking: one.quantity - one.reserved })
        .collect();
    let given: BTreeMap<_, _> = allocate(&waiting, &parts, &mut free).into_iter().collect();
    let (mut rows, mut changes) = (Vec::new(), Changes::new());
    for one in &moves {
        let Some(units) = given.get(&one.id) else { continue };
        let reserved = if parts.needs_stock(one.product) { one.reserved + units } else { 0 };
        let is_ready = one.reserved + units >= one.quantity;
        rows.push((one.id, reserved, if is_ready { PickingState::Assigned } else { PickingState::Confirmed }));
        take(&mut changes, &parts, one, *units);
    }
    reservations::set_reserved(conn, &rows)?;
    quants::change(conn, &changes)?;
    Ok(reservations::settle_states(conn, &pickings_of(&moves))?)
}

/// Changes of shelves.
pub(super) type Changes = BTreeMap<Shelf, Change>;

/// Reserves units of a move; a number below none gives them back.
fn take(changes: &mut Changes, parts: &Parts, one: &OpenMove, units: i64) {
    for (shelf, quantity) in parts.taken((one.product, one.source), units) {
        changes.entry(shelf).or_default().reserved += quantity;
    }
}

fn pickings_of(moves: &[OpenMove]) -> Vec<PickingId> {
    let ids: BTreeSet<PickingId> = moves.iter().filter_map(|one| one.picking).collect();
    ids.into_iter().collect()
}

/// Gives back everything that is reserved for these moves; what needs no reservation stays ready.
pub(super) fn give_back(conn: &mut Conn, company: CompanyId, moves: &[OpenMove]) -> Result<(), AppError> {
    let held: Vec<&OpenMove> = moves.iter().filter(|one| one.reserved > 0).collect();
    if held.is_empty() {
        return Ok(());
    }
    let parts = quants::parts(conn, company, held.iter().map(|one| one.product))?;
    let mut changes = Changes::new();
    for one in &held {
        take(&mut changes, &parts, one, -one.reserved);
    }
    quants::change(conn, &changes)?;
    let rows: Vec<_> = held.iter().map(|one| (one.id, 0, PickingState::Confirmed)).collect();
    reservations::set_reserved(conn, &rows)?;
    Ok(reservations::settle_states(conn, &pickings_of(moves))?)
}

/// Gives back what is reserved for an order: it was cancelled, or other quantities are wanted.
pub(super) fn give_back_order(conn: &mut Conn, company: CompanyId, order: OrderId) -> Result<(), AppError> {
    give_back_orders(conn, company, &[order])
}

/// Gives back what is reserved for some orders.
pub(super) fn give_back_orders(conn: &mut Conn, company: CompanyId, orders: &[OrderId]) -> Result<(), AppError> {
    let open = reservations::of_orders(conn, orders)?;
    give_back(conn, company, &open)
}

/// Reserves what is free for these transfers, and for no others.
pub(super) fn reserve_for(conn: &mut Conn, company: CompanyId, ids: &[PickingId]) -> Result<(), AppError> {
    let open = reservations::of_pickings(conn, ids)?;
    let waiting = open.into_iter().filter(|one| one.reserved < one.quantity).collect();
    give(conn, company, waiting)
}

/// Judges the open moves of some orders anew, because other products or quantities are wanted: what needs goods waits
/// for them and gets what is free, what needs none is ready.
pub(super) fn renew(conn: &mut Conn, company: CompanyId, orders: &[OrderId]) -> Result<(), AppError> {
    let open = reservations::of_orders(conn, orders)?;
    let lacking: Vec<OpenMove> = open.into_iter().filter(|one| one.reserved < one.quantity).collect();
    let rows: Vec<_> = lacking.iter().map(|one| (one.id, one.reserved, PickingState::Confirmed)).collect();
    reservations::set_reserved(conn, &rows)?;
    give(conn, company, lacking)
}

/// Gives back what is reserved for kits before they are made of something else.
pub(super) fn give_back_kits(conn: &mut Conn, company: CompanyId) -> Result<(), AppError> {
    let kits: Vec<ProductId> = product_kits::recipes(conn, company)?.into_keys().collect();
    let held = reservations::held_of_products(conn, &kits)?;
    give_back(conn, company, &held)
}

/// Gives back, from the latest deadline on, what is reserved and is not there any more.
fn give_back_overdrawn(conn: &mut Conn, company: CompanyId) -> Result<(), AppError> {
    let overdrawn = quants::overdrawn(conn, company)?;
    if overdrawn.is_empty() {
        return Ok(());
    }
    let mut candidates: Vec<ProductId> = overdrawn.iter().map(|(product, _)| *product).collect();
    candidates.extend(product_kits::recipes(conn, company)?.into_keys());
    let mut held = reservations::held_of_products(conn, &candidates)?;
    held.sort_by_key(|one| std::cmp::Reverse((one.ship_by.unwrap_or_else(paging::never), one.picking, one.id)));
    let parts = quants::parts(conn, company, held.iter().map(|one| one.product))?;
    let goods: BTreeSet<ProductId> = overdrawn.iter().map(|(product, _)| *product).collect();
    let mut shelves: BTreeMap<Shelf, Quant> = quants::of(conn, &goods)?;
    let is_over = |quant: &Quant| quant.reserved > quant.quantity.max(0);
    let mut returned = Vec::new();
    for one in held {
        let taken: Vec<(Shelf, i64)> = parts.taken((one.product, one.source), one.reserved).collect();
        if taken.iter().any(|(shelf, _)| shelves.get(shelf).is_some_and(is_over)) {
            for (shelf, quantity) in taken {
                shelves.entry(shelf).or_default().reserved -= quantity;
            }
            returned.push(one);
        }
    }
    give_back(conn, company, &returned)
}

/// Reserves what is free for these transfers, because somebody asks for them. Answers for how many: closed ones and returns
/// are left alone.
pub async fn check_availability(app: &App, actor: &Actor, ids: Vec<PickingId>) -> Result<usize, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let ids = open_deliveries(conn, &actor, &ids)?;
        reserve_for(conn, actor.company, &ids)?;
        note(conn, &actor, &ids, "transfer_availability_checked", now)?;
        Ok::<_, AppError>(ids.len())
    })
    .await
}

/// Gives back what is reserved for these transfers. Answers for how many: closed ones and returns are left alone.
pub async fn unreserve(app: &App, actor: &Actor, ids: Vec<PickingId>) -> Result<usize, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let ids = open_deliveries(conn, &actor, &ids)?;
        let open = reservations::of_pickings(conn, &ids)?;
        give_back(conn, actor.company, &open)?;
        note(conn, &actor, &ids, "transfer_unreserved", now)?;
        Ok::<_, AppError>(ids.len())
    })
    .await
}

/// Those of these transfers whose goods are still to leave.
fn open_deliveries(conn: &mut Conn, actor: &Actor, ids: &[PickingId]) -> Result<Vec<PickingId>, AppError> {
    let is_meant = |row: &PickingRow| row.state.is_open() && row.kind == PickingKind::Delivery;
    Ok(own(conn, actor, ids)?.into_iter().filter(is_meant).map(|row| row.id).collect())
}

/// These transfers as they are; one that is not the company's is not found.
pub(super) fn own(conn: &mut Conn, actor: &Actor, ids: &[PickingId]) -> Result<Vec<PickingRow>, AppError> {
    let own = pickings::some(conn, actor.company, ids)?;
    let wanted: BTreeSet<&PickingId> = ids.iter().collect();
    if own.len() == wanted.len() { Ok(own) } else { Err(AppError::NotFound) }
}

/// Adds one line about each transfer to the audit trail.
pub(super) fn note(
    conn: &mut Conn,
    actor: &Actor,
    ids: &[PickingId],
    action: &str,
    now: chrono::NaiveDateTime,
) -> Result<(), AppError> {
    let subjects: Vec<String> = ids.iter().map(|id| format!("picking {id}")).collect();
    let events: Vec<NewEvent<'_>> = subjects.iter().map(|subject| actor.event(action, subject, now)).collect();
    Ok(audit::insert_all(conn, &events)?)
}
