//! What happens when parcels leave: moves, shelves, the rest, the order and the outbox for Amazon, all or nothing.
//!
//! Who calls has checked the label and the quantities. Amazon is told later, by the worker.

use super::reserve_stock::{self, Changes};
use super::{Actor, announce_grace, book_moves};
use crate::db::audit::{self, NewEvent};
use crate::db::carriers::CarrierRow;
use crate::db::import::stock::{MoveRow, insert_moves};
use crate::db::jobs::{self, JobKind};
use crate::db::picking_changes::{self, Following, Label, Seen};
use crate::db::picking_lines::{self, NamedLine};
use crate::db::pickings::PickingRow;
use crate::db::quants::{self, Quant};
use crate::db::shipments::{self, NewShipment};
use crate::db::{Conn, accounts, delivered};
use crate::domain::carrier::{self, OTHER};
use crate::domain::ids::{AccountId, CarrierId, OrderId, OrderLineId, PickingId, ProductId};
use crate::domain::picking::allocation::{Parts, Shelf};
use crate::domain::picking::{AmazonSync, PickingKind, PickingState};
use crate::error::AppError;
use chrono::NaiveDateTime;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What becomes of the units that do not leave now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// They leave later, with a transfer of their own.
    Backorder,
    /// They will not leave.
    Cancelled,
}

/// A carrier as it is stored and told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// Its name.
    pub name: String,
    /// It is one of ours.
    pub id: Option<CarrierId>,
    /// What Amazon calls it.
    pub code: String,
    /// The forms of its references.
    pub forms: Option<String>,
}

impl Carrier {
    /// The carrier that a person means: one of ours however it is written, else what the name means to Amazon.
    pub fn meant(name: &str, ours: &[CarrierRow]) -> Self {
        let key = carrier::key(name);
        match ours.iter().find(|row| carrier::key(&row.name) == key && !key.is_empty()) {
            Some(row) => Self {
                name: row.name.clone(),
                id: Some(row.id),
                code: row.amazon_code.clone(),
                forms: row.tracking_format.clone(),
            },
            None => {
                Self { name: name.trim().to_owned(), id: None, code: carrier::code_for(name).to_owned(), forms: None }
            }
        }
    }
}

/// A parcel that is to leave.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) row: PickingRow,
    /// Each line with the units that leave, none included.
    pub(super) lines: Vec<(NamedLine, i64)>,
    pub(super) carrier: Carrier,
    pub(super) tracking: String,
    pub(super) rest: Rest,
}

/// Goods that are not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    /// The product.
    pub product: ProductId,
    /// How many units are to leave.
    pub wanted: i64,
    /// How many there are for this transfer.
    pub there: i64,
    /// How many there are in all.
    pub on_hand: i64,
}

/// What is on the shelves while parcels are taken from them.
pub(super) struct Shelves {
    parts: Parts,
    held: BTreeMap<Shelf, Quant>,
    changes: Changes,
}

impl Shelves {
    /// The shelves from which these lines are taken.
    pub(super) fn of<'a>(
        conn: &mut Conn,
        actor: &Actor,
        lines: impl Iterator<Item = &'a NamedLine>,
    ) -> Result<Self, AppError> {
        let products: BTreeSet<ProductId> = lines.map(|line| line.row.product_id).collect();
        let parts = quants::parts(conn, actor.company, products.iter().copied())?;
        let goods: BTreeSet<ProductId> = products.iter().flat_map(|id| parts.of(*id).map(|(part, _)| part)).collect();
        let held = quants::of(conn, &goods)?;
        Ok(Self { parts, held, changes: Changes::new() })
    }

    /// Takes a parcel from the shelves, or says what is missing and takes nothing.
    ///
    /// What is reserved for others is not there for this parcel.
    pub(super) fn take(&mut self, parcel: &Parcel) -> Result<(), Vec<Short>> {
        let mut wanted: BTreeMap<Shelf, Quant> = BTreeMap::new();
        for (line, units) in &parcel.lines {
            let row = &line.row;
            let whole = (row.product_id, row.source_id);
            for (shelf, quantity) in self.parts.taken(whole, *units) {
                wanted.entry(shelf).or_default().quantity += quantity;
            }
            for (shelf, quantity) in self.parts.taken(whole, row.reserved) {
                wanted.entry(shelf).or_default().reserved += quantity;
            }
        }
        let mut short = Vec::new();
        for (shelf, own) in &wanted {
            let held = self.held.get(shelf).copied().unwrap_or_default();
            let there = held.free().saturating_add(own.reserved).min(held.quantity).max(0);
            if own.quantity > there {
                short.push(Short { product: shelf.0, wanted: own.quantity, there, on_hand: held.quantity.max(0) });
            }
        }
        if !short.is_empty() {
            return Err(short);
        }
        for (shelf, own) in wanted {
            for quant in [self.held.entry(shelf).or_default(), self.changes.entry(shelf).or_default()] {
                quant.quantity -= own.quantity;
                quant.reserved -= own.reserved;
            }
        }
        Ok(())
    }
}

/// A parcel that left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    /// Its transfer.
    pub picking: PickingId,
    /// The transfer of what stayed.
    pub backorder: Option<PickingId>,
    /// When Amazon is told; nothing when it need not be.
    pub told_at: Option<NaiveDateTime>,
}

/// Writes that parcels left, whose goods were taken from the shelves.
pub(super) fn run(
    conn: &mut Conn,
    actor: &Actor,
    shelves: &Shelves,
    parcels: &[Parcel],
    now: NaiveDateTime,
) -> Result<Vec<Gone>, AppError> {
    quants::change(conn, &shelves.changes)?;
    let (mut whole, mut cancelled, mut moves) = (Vec::new(), Vec::new(), Vec::new());
    let mut units: BTreeMap<OrderLineId, i64> = BTreeMap::new();
    let mut backorders = Vec::with_capacity(parcels.len());
    for parcel in parcels {
        let backorder = backorder(conn, shelves, parcel, now)?;
        for (line, done) in &parcel.lines {
            let (row, done) = (&line.row, *done);
            let left = row.quantity - done;
            if let Some(line) = row.order_line_id.filter(|_| done > 0) {
                *units.entry(line).or_default() += done;
            }
            match (done > 0, left > 0, backorder) {
                (true, false, _) => whole.push(row.id),
                (true, true, _) => {
                    picking_lines::finish_part(conn, row.id, done, now)?;
                    let (picking, state) = match backorder {
                        Some(backorder) => (backorder, waiting(shelves, line)),
                        None => (parcel.row.id, PickingState::Cancelled),
                    };
                    moves.push(row.like(Some(picking), left, state, now));
                }
                (false, _, Some(backorder)) => {
                    picking_lines::carry_over(conn, row.id, backorder, waiting(shelves, line))?;
                }
                (false, _, None) => cancelled.push(row.id),
            }
            if done > 0 {
                let left_whole = MoveRow { quantity: done, ..row.like(row.picking_id, done, PickingState::Done, now) };
                moves.extend(book_moves::components(&shelves.parts, &left_whole));
            }
        }
        backorders.push(backorder);
    }
    picking_lines::finish(conn, &whole, now)?;
    picking_lines::cancel(conn, &cancelled, now)?;
    insert_moves(conn, &moves)?;
    let following: Vec<PickingId> = backorders.iter().copied().flatten().collect();
    reserve_stock::reserve_for(conn, actor.company, &following)?;
    delivered::add(conn, &units)?;
    let orders: BTreeSet<OrderId> = parcels.iter().map(|parcel| parcel.row.order_id).collect();
    let orders: Vec<OrderId> = orders.into_iter().collect();
    delivered::settle(conn, &orders)?;
    let told = announce(conn, parcels, &orders, now)?;
    for parcel in parcels {
        let label = Label {
            carrier: Some(parcel.carrier.name.as_str()).filter(|name| !name.is_empty()),
            carrier_id: parcel.carrier.id,
            tracking: Some(parcel.tracking.as_str()).filter(|tracking| !tracking.is_empty()),
        };
        let sync = if is_told(&parcel.row) { AmazonSync::ToSend } else { AmazonSync::NotNeeded };
        let seen = Seen { picking: parcel.row.id, version: parcel.row.version };
        picking_changes::finish(conn, seen, &label, sync, now).map_err(super::edit_account::stale)?;
    }
    if parcels.iter().any(|parcel| parcel.rest == Rest::Cancelled) {
        reserve_stock::all(conn, actor.company)?;
    }
    note(conn, actor, parcels, now)?;
    let gone = parcels.iter().zip(backorders).map(|(parcel, backorder)| Gone {
        picking: parcel.row.id,
        backorder,
        told_at: told.get(&parcel.row.account_id).copied().filter(|_| is_told(&parcel.row)),
    });
    Ok(gone.collect())
}

/// Amazon is told of every delivery of an order of its own.
pub(super) fn is_told(row: &PickingRow) -> bool {
    row.kind == PickingKind::Delivery && row.amazon_sync != AmazonSync::NotNeeded
}

fn waiting(shelves: &Shelves, line: &NamedLine) -> PickingState {
    let needs_stock = shelves.parts.needs_stock(line.row.product_id);
    if needs_stock { PickingState::Confirmed } else { PickingState::Assigned }
}

/// The transfer of what stays, if anything does and it is to leave later.
fn backorder(
    conn: &mut Conn,
    shelves: &Shelves,
    parcel: &Parcel,
    now: NaiveDateTime,
) -> Result<Option<PickingId>, AppError> {
    let mut stays = parcel.lines.iter().filter(|(line, done)| *done < line.row.quantity).peekable();
    if parcel.rest == Rest::Cancelled || stays.peek().is_none() {
        return Ok(None);
    }
    let waits = stays.any(|(line, _)| waiting(shelves, line) == PickingState::Confirmed);
    let row = &parcel.row;
    let following = Following {
        state: if waits { PickingState::Confirmed } else { PickingState::Assigned },
        is_held: row.is_held,
        backorder_of_id: Some(row.id),
        // The same carrier is likely to take the rest, under a reference of its own.
        carrier: Some(parcel.carrier.name.clone()).filter(|name| !name.is_empty()),
        carrier_id: parcel.carrier.id,
        tracking: None,
        ..Following::like(row, now)
    };
    Ok(Some(picking_changes::insert(conn, &following)?))
}

/// Writes what Amazon is to be told, and wakes who tells it; answers when, by account.
fn announce(
    conn: &mut Conn,
    parcels: &[Parcel],
    orders: &[OrderId],
    now: NaiveDateTime,
) -> Result<HashMap<AccountId, NaiveDateTime>, AppError> {
    let told: Vec<&Parcel> = parcels.iter().filter(|parcel| is_told(&parcel.row)).collect();
    let mut due: HashMap<AccountId, NaiveDateTime> = HashMap::new();
    for parcel in &told {
        let account = parcel.row.account_id;
        if let Entry::Vacant(unknown) = due.entry(account) {
            let (held, ..) = accounts::by_id(conn, parcel.row.company_id, account)?.ok_or(AppError::NotFound)?;
            unknown.insert(now + announce_grace::of(conn, held.is_simulated)?);
        }
    }
    let mut last = shipments::last_references(conn, orders)?;
    let mut rows = Vec::with_capacity(told.len());
    for parcel in told {
        let (row, reference) = (&parcel.row, last.entry(parcel.row.order_id).or_insert(0));
        *reference += 1;
        rows.push(NewShipment {
            company_id: row.company_id,
            account_id: row.account_id,
            order_id: row.order_id,
            picking_id: row.id,
            package_reference: *reference,
            carrier_code: &parcel.carrier.code,
            carrier_name: Some(parcel.carrier.name.as_str()).filter(|_| parcel.carrier.code == OTHER),
            tracking: &parcel.tracking,
            shipped_at: now,
            send_after: due.get(&row.account_id).copied(),
            attempts: 0,
            created_at: now,
            version: 1,
        });
    }
    shipments::insert(conn, &rows)?;
    for (account, at) in &due {
        jobs::request(conn, JobKind::SyncPickings, *account, *at)?;
    }
    Ok(due)
}

/// A line of the audit trail for each parcel: by whom, under which reference, how many units.
fn note(conn: &mut Conn, actor: &Actor, parcels: &[Parcel], now: NaiveDateTime) -> Result<(), AppError> {
    let told: Vec<(String, String)> = parcels
        .iter()
        .map(|parcel| {
            let units: i64 = parcel.lines.iter().map(|(_, done)| done).sum();
            let all: i64 = parcel.lines.iter().map(|(line, _)| line.row.quantity).sum();
            let text = format!("{} {}; {units}/{all}", parcel.carrier.name, parcel.tracking);
            (format!("picking {}", parcel.row.id), text.trim().to_owned())
        })
        .collect();
    let events: Vec<NewEvent<'_>> = told
        .iter()
        .map(|(subject, new)| NewEvent { new_value: Some(new), ..actor.event("transfer_validated", subject, now) })
        .collect();
    Ok(audit::insert_all(conn, &events)?)
}
