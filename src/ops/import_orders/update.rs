//! Orders that we hold and that Amazon changed, cancelled, or changed in a way that a person must judge.

use super::create::{move_row, picking_row};
use super::{Around, Decided, line_row, tax_row};
use crate::db::Conn;
use crate::db::import::changes::{self, ItemLine, LineAmounts, LineChange, OrderChange};
use crate::db::import::{customers, orders, stock};
use crate::db::issues::ORDER_CONFLICT;
use crate::db::order_taxes;
use crate::domain::dataset::Dataset;
use crate::domain::ids::{AmazonItemId, OrderId};
use crate::domain::lines::{self, DraftLines};
use crate::domain::order::{LineKind, OrderState};
use crate::domain::picking::PickingState;
use crate::domain::remote::{Channel, RemoteItem};
use crate::domain::sync::{Changes, HeldOrder, Plan, Reason};
use crate::domain::tax::sale::Sale;
use crate::error::AppError;
use crate::ops::{book_moves, reserve_stock};
use std::collections::BTreeSet;

/// Writes what the plan says about an order that we hold, or sets aside one that cannot be used.
pub(super) fn run(conn: &mut Conn, around: &Around, one: &mut Decided<'_>) -> Result<(), AppError> {
    match one.decision.plan.clone() {
        Plan::Nothing | Plan::Create(_) => Ok(()),
        Plan::SetAside(kind) => {
            let reason = one.decision.reasons.first().cloned().unwrap_or_else(|| Reason::new("unreadable"));
            one.problem(kind, true, reason);
            Ok(())
        }
        Plan::Cancel => cancel(conn, around, one),
        Plan::Ask => ask(conn, one),
        Plan::Update(changes) => update(conn, around, one, &changes),
    }
}

fn held<'a>(one: &Decided<'a>) -> Result<&'a HeldOrder, AppError> {
    one.held.ok_or(AppError::Internal("a plan for a held order has no held order"))
}

fn news<'a>(one: &Decided<'a>) -> OrderChange<'a> {
    let remote = &one.order.remote;
    OrderChange::news(&remote.status, remote.updated_at.naive_utc(), one.order.fingerprint)
}

/// R8: ours is cancelled with its open transfers, moves and reservations.
fn cancel(conn: &mut Conn, around: &Around, one: &Decided<'_>) -> Result<(), AppError> {
    let held = held(one)?;
    reserve_stock::give_back_order(conn, around.registration.company, held.id)?;
    changes::apply(conn, held.id, held.state, &OrderChange { state: Some(OrderState::Cancelled), ..news(one) })?;
    Ok(stock::cancel_open(conn, held.id)?)
}

/// R9: ours stays as it is, its open transfers are held, and a person is asked.
fn ask(conn: &mut Conn, one: &mut Decided<'_>) -> Result<(), AppError> {
    let held = held(one)?;
    changes::apply(conn, held.id, held.state, &OrderChange { needs_decision: Some(true), ..news(one) })?;
    stock::hold_open(conn, held.id, true)?;
    let reason = one.decision.reasons.first().cloned().unwrap_or_else(|| Reason::new("alive-again"));
    one.problem(ORDER_CONFLICT, true, reason);
    Ok(())
}

/// What is told of amounts: without it an order seems to cost nothing.
const AMOUNTS: Dataset = Dataset::Proceeds;

/// What is told of a buyer's wish to cancel.
const WISHES: Dataset = Dataset::Cancellation;

/// R7: amounts, dates and quantities follow Amazon; units that left since are moved. Of parts that Amazon refuses to tell, what is
/// held stays.
fn update(conn: &mut Conn, around: &Around, one: &mut Decided<'_>, changes: &Changes) -> Result<(), AppError> {
    let held = held(one)?;
    let prepared = one.order;
    let remote = &prepared.remote;
    let drafted = lines::draft(remote).map_err(|_too_large| AppError::Rule("amount-too-large"))?;
    let (customer, address_before) = changes::customer_of(conn, held.id)?;
    let wanted = prepared.address.iter().map(|address| (customer, address));
    let known = BTreeSet::from([customer]);
    let address_id = customers::find_or_create_addresses(conn, wanted, &known, around.now)?.into_values().next();
    if address_id.is_some() && address_before.is_some() && address_id != address_before {
        stock::note_address_change(conn, held.id, around.now)?;
    }
    let secrets = prepared.secrets.as_ref();
    let shipped_outside = remote.channel == Channel::Fbm && !changes.shipped.is_empty();
    let has_amounts = !around.lacks(AMOUNTS);
    let change = OrderChange {
        state: Some(changes.state),
        delivery: Some(changes.delivery),
        total_minor: has_amounts.then(|| drafted.total.minor()),
        tax_minor: has_amounts.then(|| drafted.tax.minor()),
        ship_by: remote.ship_by.map(|at| at.naive_utc()),
        deliver_by: remote.deliver_by.map(|at| at.naive_utc()),
        is_gift: Some(remote.is_gift()),
        is_shipped_outside: if shipped_outside { Some(true) } else { None },
        cancellation_requested: (!around.lacks(WISHES)).then(|| remote.cancellation_requested()),
        address_id,
        public_id: secrets.map(|_| prepared.public_id.as_str()),
        wrapped_key: secrets.map(|secrets| secrets.wrapped_key.as_slice()),
        sealed: secrets.map(|secrets| secrets.body.as_slice()),
        ..news(one)
    };
    changes::apply(conn, held.id, held.state, &change)?;
    if has_amounts {
        let before = if around.refused.is_empty() { None } else { order_taxes::of(conn, held.id)? };
        let before = before.and_then(|row| serde_json::from_str::<Sale>(&row.facts).ok());
        let now = &prepared.sale;
        let sale = before.map_or_else(|| now.clone(), |before| now.clone().keeping(&before, &around.refused));
        order_taxes::put(conn, &tax_row(around, prepared, &sale, held.id, &drafted))?;
    }
    let items = write_lines(conn, around, one, held.id, &drafted)?;
    if remote.channel == Channel::Fba {
        move_out_of_amazon(conn, around, one, held.id, changes, &items)?;
    } else {
        follow_transfers(conn, around, one, held.id, changes, &items)?;
    }
    if remote.cancellation_requested() && changes.state == OrderState::Sale {
        one.problem("cancellation_requested", true, Reason::new("cancellation-requested"));
    }
    Ok(())
}

/// Item lines are changed in place, since moves refer to them; charges and notes are written again.
fn write_lines(
    conn: &mut Conn,
    around: &Around,
    one: &Decided<'_>,
    order: OrderId,
    drafted: &DraftLines<'_>,
) -> Result<Vec<ItemLine>, AppError> {
    let has_amounts = !around.lacks(AMOUNTS);
    if has_amounts {
        changes::remove_charges(conn, order)?;
    }
    let before = changes::item_lines(conn, order)?;
    let mut next = before.iter().map(|line| line.position).max().unwrap_or(0);
    let mut rows = Vec::new();
    for line in &drafted.lines {
        let row = line_row(around, &one.order.remote, order, next + 1, line);
        let known = before.iter().find(|known| line.kind == LineKind::Item && known.item_id.as_ref() == line.item_id());
        if let Some(known) = known {
            let delivered = row.delivered.max(delivered_before(one, line.item_id()));
            let amounts = LineAmounts {
                total_minor: row.total_minor,
                tax_minor: row.tax_minor,
                discount_minor: row.discount_minor,
                tax_reading: row.tax_reading,
            };
            let change = LineChange { quantity: row.quantity, delivered, amounts: has_amounts.then_some(amounts) };
            changes::apply_line(conn, known.id, &change)?;
        } else if has_amounts || line.kind == LineKind::Item {
            next += 1;
            rows.push(row);
        }
    }
    orders::add_lines(conn, &rows)?;
    Ok(changes::item_lines(conn, order)?)
}

fn delivered_before(one: &Decided<'_>, item: Option<&AmazonItemId>) -> i64 {
    let lines = one.held.map(|held| held.lines.as_slice()).unwrap_or_default();
    lines.iter().find(|line| Some(&line.item_id) == item).map_or(0, |line| line.delivered)
}

/// The remote item and the line of an item number.
fn find<'a, 'b>(one: &Decided<'a>, items: &'b [ItemLine], id: &AmazonItemId) -> Option<(&'a RemoteItem, &'b ItemLine)> {
    let item = one.order.remote.items.iter().find(|item| item.item_id == *id)?;
    let line = items.iter().find(|line| line.item_id.as_ref() == Some(id))?;
    Some((item, line))
}

/// A move of a line: it takes the line's product, which may differ from the one that the offer has by now.
fn move_of<'a>(row: &stock::MoveRow<'a>, line: &ItemLine) -> stock::MoveRow<'a> {
    stock::MoveRow { order_line_id: Some(line.id), product_id: line.product_id.unwrap_or(row.product_id), ..*row }
}

/// FBA: one done move per item for the units that left since we last looked.
fn move_out_of_amazon(
    conn: &mut Conn,
    around: &Around,
    one: &Decided<'_>,
    order: OrderId,
    changes: &Changes,
    items: &[ItemLine],
) -> Result<(), AppError> {
    let account = held(one)?.account;
    // What is left of an order leaves from where it began, also when the marketplace has another location since.
    let begun = stock::source_of(conn, order)?;
    let mut moves = Vec::new();
    for (id, units) in &changes.shipped {
        let Some((item, line)) = find(one, items, id) else { continue };
        let row = move_row(around, &one.order.remote, order, item, *units, PickingState::Done);
        let source_id = begun.unwrap_or(row.source_id);
        moves.push(stock::MoveRow { account_id: Some(account), source_id, ..move_of(&row, line) });
    }
    Ok(stock::insert_moves(conn, &moves)?)
}

/// FBM: what left without Comptoir becomes a done transfer, and the open transfer asks for what is left.
fn follow_transfers(
    conn: &mut Conn,
    around: &Around,
    one: &Decided<'_>,
    order: OrderId,
    changes: &Changes,
    items: &[ItemLine],
) -> Result<(), AppError> {
    let (remote, account) = (&one.order.remote, held(one)?.account);
    let company = around.registration.company;
    let is_touched = !changes.shipped.is_empty() || !changes.quantities.is_empty();
    if is_touched {
        reserve_stock::give_back_order(conn, company, order)?;
    }
    let mut moves = Vec::new();
    if !changes.shipped.is_empty() {
        let row = picking_row(around, remote, order, PickingState::Done);
        let row = stock::PickingRow { account_id: account, ..row };
        let done = Some(stock::insert_picking(conn, &row)?);
        for (id, units) in &changes.shipped {
            let Some((item, line)) = find(one, items, id) else { continue };
            let row = move_row(around, remote, order, item, *units, PickingState::Done);
            moves.push(stock::MoveRow { account_id: Some(account), picking_id: done, ..move_of(&row, line) });
        }
    }
    let touched = changes.shipped.iter().chain(&changes.quantities).map(|(id, _)| id);
    let open_picking = stock::open_picking(conn, order)?;
    for (item, line) in touched.filter_map(|id| find(one, items, id)) {
        let delivered = delivered_now(one, changes, &item.item_id);
        let open = (i64::from(item.ordered) - delivered).max(0);
        match (stock::open_move(conn, line.id, order)?, open_picking) {
            (Some((id, quantity)), _) if quantity != open => stock::set_demand(conn, id, open)?,
            (None, Some(picking)) if open > 0 => {
                let row = move_row(around, remote, order, item, open, PickingState::Confirmed);
                let account_id = Some(account);
                moves.push(stock::MoveRow { account_id, picking_id: Some(picking), ..move_of(&row, line) });
            }
            _ => {}
        }
    }
    book_moves::run(conn, &moves)?;
    if let Some(picking) = open_picking {
        if is_touched {
            stock::touch(conn, picking)?;
            reserve_stock::renew(conn, company, &[order])?;
        }
        if stock::open_moves_of(conn, picking)? == 0 {
            stock::cancel_picking(conn, picking)?;
        } else {
            if !around.lacks(WISHES) {
                stock::hold_open(conn, order, remote.cancellation_requested())?;
            }
            stock::set_ship_by(conn, order, remote.ship_by.map(|at| at.naive_utc()))?;
        }
    }
    Ok(())
}

fn delivered_now(one: &Decided<'_>, changes: &Changes, item: &AmazonItemId) -> i64 {
    let more = changes.shipped.iter().find(|(id, _)| id == item).map_or(0, |(_, units)| *units);
    delivered_before(one, Some(item)) + more
}
