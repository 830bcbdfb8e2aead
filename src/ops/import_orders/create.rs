//! New orders of a page: customers, addresses, orders, lines, transfers and moves, one statement per table.

use super::{Around, Decided, line_row, product_of, tax_row};
use crate::crypto::Sealed;
use crate::db::Conn;
use crate::db::import::{customers, orders, stock};
use crate::db::order_taxes;
use crate::domain::ids::{OrderId, OrderLineId};
use crate::domain::lines::{self, DraftLines};
use crate::domain::order::LineKind;
use crate::domain::picking::{AmazonSync, MoveOrigin, PickingState};
use crate::domain::remote::{Channel, RemoteItem, RemoteOrder};
use crate::domain::sync::{self, NewOrder, Plan, Reason};
use crate::error::AppError;
use crate::ops::book_moves;
use std::collections::HashMap;

/// A new order with its lines.
struct New<'a> {
    remote: &'a RemoteOrder,
    drafted: DraftLines<'a>,
    id: OrderId,
}

/// Creates the orders whose plan says so.
pub(super) fn run(conn: &mut Conn, around: &Around, decided: &mut [Decided<'_>]) -> Result<(), AppError> {
    let mut wanted: Vec<(&mut Decided<'_>, NewOrder)> = decided
        .iter_mut()
        .filter_map(|one| match one.decision.plan.clone() {
            Plan::Create(plan) => Some((one, plan)),
            _ => None,
        })
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let company = around.registration.company;
    let buyers = wanted.iter().map(|(one, _)| &one.order.customer);
    let customers = customers::find_or_create(conn, company, buyers, around.now)?;
    let deliveries = wanted.iter().filter_map(|(one, _)| {
        Some((*customers.keys.get(&one.order.customer.buyer_ref)?, one.order.address.as_ref()?))
    });
    let addresses = customers::find_or_create_addresses(conn, deliveries, &customers.known, around.now)?;
    let mut drafts = Vec::with_capacity(wanted.len());
    let mut rows = Vec::with_capacity(wanted.len());
    for (one, plan) in &wanted {
        let drafted = lines::draft(&one.order.remote).map_err(|_too_large| AppError::Rule("amount-too-large"))?;
        let customer =
            customers.keys.get(&one.order.customer.buyer_ref).ok_or(AppError::Internal("a customer is missing"))?;
        let address = one.order.address.as_ref();
        let address = address.and_then(|address| addresses.get(&(*customer, address.reference.clone())));
        rows.push(order_row(around, one, plan, &drafted, *customer, address.copied()));
        drafts.push(drafted);
    }
    let keys = orders::insert(conn, &rows)?;
    let mut news = Vec::with_capacity(wanted.len());
    let mut taxes = Vec::with_capacity(wanted.len());
    for ((one, plan), drafted) in wanted.iter_mut().zip(drafts) {
        let order = one.order;
        let id = *keys.get(&order.remote.amazon_id).ok_or(AppError::Internal("an order was not stored"))?;
        one.id = Some(id);
        if !drafted.difference.is_zero() {
            let told = drafted
                .total
                .checked_sub(drafted.difference)
                .map_err(|_too_large| AppError::Rule("amount-too-large"))?;
            let reason = Reason::new("total-differs").with("amazon", drafted.total).with("lines", told);
            one.decision.reasons.push(reason.clone());
            one.problem("total_differs", false, reason);
        }
        if order.remote.cancellation_requested() && plan.state == crate::domain::order::OrderState::Sale {
            one.decision.reasons.push(Reason::new("cancellation-requested"));
            one.problem("cancellation_requested", true, Reason::new("cancellation-requested"));
        }
        taxes.push(tax_row(around, order, &order.sale, id, &drafted));
        news.push(New { remote: &order.remote, drafted, id });
    }
    order_taxes::insert(conn, &taxes)?;
    let line_keys = insert_lines(conn, around, &news)?;
    move_goods(conn, around, &news, &line_keys)
}

fn order_row<'a>(
    around: &Around,
    one: &Decided<'a>,
    plan: &NewOrder,
    drafted: &DraftLines<'_>,
    customer_id: crate::domain::ids::CustomerId,
    address_id: Option<crate::domain::ids::AddressId>,
) -> orders::OrderRow<'a> {
    let prepared = one.order;
    let remote = &prepared.remote;
    let sealed = |part: fn(&Sealed) -> &Vec<u8>| prepared.secrets.as_ref().map(|secrets| part(secrets).as_slice());
    orders::OrderRow {
        company_id: around.registration.company,
        account_id: around.registration.account,
        amazon_order_id: &remote.amazon_id,
        marketplace_id: &remote.marketplace,
        channel: remote.channel,
        state: plan.state,
        amazon_status: &remote.status,
        delivery: plan.delivery,
        currency: remote.currency,
        total_minor: drafted.total.minor(),
        tax_minor: drafted.tax.minor(),
        team_id: around.registration.team_of(&remote.marketplace),
        customer_id,
        address_id,
        ordered_at: remote.created_at.naive_utc(),
        ordered_on: prepared.ordered_on,
        ship_by: remote.ship_by.map(|at| at.naive_utc()),
        deliver_by: remote.deliver_by.map(|at| at.naive_utc()),
        amazon_updated_at: remote.updated_at.naive_utc(),
        fingerprint: prepared.fingerprint,
        is_business: remote.is_business,
        is_prime: remote.is_prime,
        is_gift: remote.is_gift(),
        replaces: remote.replaces.as_ref(),
        is_shipped_outside: plan.is_shipped_outside,
        cancellation_requested: remote.cancellation_requested(),
        needs_decision: false,
        public_id: &prepared.public_id,
        wrapped_key: sealed(|secrets| &secrets.wrapped_key),
        sealed: sealed(|secrets| &secrets.body),
        created_at: around.now,
    }
}

/// Line keys by order and position.
type LineKeys = HashMap<(OrderId, i64), OrderLineId>;

fn insert_lines(conn: &mut Conn, around: &Around, news: &[New<'_>]) -> Result<LineKeys, AppError> {
    let mut rows = Vec::new();
    for new in news {
        for (position, line) in (1_i64..).zip(&new.drafted.lines) {
            rows.push(line_row(around, new.remote, new.id, position, line));
        }
    }
    Ok(orders::insert_lines(conn, &rows)?)
}

/// FBA: one done move per item out of the Amazon location. FBM: a transfer for what is to be shipped, and a done one
/// for what the merchant shipped without Comptoir.
fn move_goods(conn: &mut Conn, around: &Around, news: &[New<'_>], lines: &LineKeys) -> Result<(), AppError> {
    let pickings: Vec<stock::PickingRow> = news.iter().flat_map(|new| picking_rows(around, new)).collect();
    let keys = stock::insert_pickings(conn, &pickings)?;
    let mut moves = Vec::new();
    for new in news {
        for (position, line) in (1_i64..).zip(&new.drafted.lines) {
            let (LineKind::Item, Some(item)) = (line.kind, line.item) else { continue };
            let (left, open) = split(new.remote, item);
            let waiting = waiting_state(around, new.remote, item);
            for (quantity, state) in [(left, PickingState::Done), (open, waiting)] {
                let picking_id = keys.get(&(new.id, state == PickingState::Done)).copied();
                let is_fba = new.remote.channel == Channel::Fba;
                if quantity <= 0 || (picking_id.is_none() && !is_fba) || (is_fba && state != PickingState::Done) {
                    continue;
                }
                moves.push(stock::MoveRow {
                    picking_id,
                    order_line_id: lines.get(&(new.id, position)).copied(),
                    ..move_row(around, new.remote, new.id, item, quantity, state)
                });
            }
        }
    }
    Ok(book_moves::run(conn, &moves)?)
}

/// What is to leave waits for goods, unless nothing of it is counted.
pub(super) fn waiting_state(around: &Around, remote: &RemoteOrder, item: &RemoteItem) -> PickingState {
    let product = product_of(around, remote, item.sku.as_ref());
    let needs_stock = product.is_some_and(|product| around.parts.needs_stock(product));
    if needs_stock { PickingState::Confirmed } else { PickingState::Assigned }
}

/// Units of an item that have left and units that are still to leave.
fn split(remote: &RemoteOrder, item: &RemoteItem) -> (i64, i64) {
    let left = sync::shipped_of(remote, item);
    (left, i64::from(item.ordered) - left)
}

fn picking_rows(around: &Around, new: &New<'_>) -> Vec<stock::PickingRow> {
    if new.remote.channel == Channel::Fba {
        return Vec::new();
    }
    let sums = new.remote.items.iter().map(|item| split(new.remote, item));
    let (left, open) = sums.fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    let mut rows = Vec::new();
    if left > 0 {
        rows.push(picking_row(around, new.remote, new.id, PickingState::Done));
    }
    if open > 0 {
        let still_open = new.remote.items.iter().filter(|item| split(new.remote, item).1 > 0);
        let mut states = still_open.map(|item| waiting_state(around, new.remote, item));
        let is_waiting = states.any(|state| state == PickingState::Confirmed);
        let state = if is_waiting { PickingState::Confirmed } else { PickingState::Assigned };
        rows.push(picking_row(around, new.remote, new.id, state));
    }
    rows
}

/// A transfer of an order; a done one was shipped without Comptoir, so Amazon need not be told.
pub(super) fn picking_row(
    around: &Around,
    remote: &RemoteOrder,
    order: OrderId,
    state: PickingState,
) -> stock::PickingRow {
    let is_done = state == PickingState::Done;
    stock::PickingRow {
        company_id: around.registration.company,
        account_id: around.registration.account,
        order_id: order,
        state,
        source_id: around.standard.stock,
        destination_id: around.standard.customers,
        ship_by: remote.ship_by.map(|at| at.naive_utc()),
        carrier_id: around.registration.carrier_of(&remote.marketplace).filter(|_| !is_done),
        carrier: None,
        tracking: None,
        amazon_sync: if is_done { AmazonSync::NotNeeded } else { AmazonSync::ToSend },
        is_held: !is_done && remote.cancellation_requested(),
        has_gift: remote.is_gift(),
        created_at: around.now,
        done_at: if is_done { Some(remote.updated_at.naive_utc()) } else { None },
    }
}

/// A move of an order's item: out of the Amazon location for FBA, out of our own stock for FBM.
pub(super) fn move_row<'a>(
    around: &Around,
    remote: &'a RemoteOrder,
    order: OrderId,
    item: &RemoteItem,
    quantity: i64,
    state: PickingState,
) -> stock::MoveRow<'a> {
    let (source_id, origin) = match remote.channel {
        Channel::Fba => (around.registration.location_of(&remote.marketplace), MoveOrigin::FbaOrder),
        Channel::Fbm => (around.standard.stock, MoveOrigin::Transfer),
    };
    stock::MoveRow {
        company_id: around.registration.company,
        account_id: Some(around.registration.account),
        marketplace_id: Some(&remote.marketplace),
        order_id: Some(order),
        order_line_id: None,
        picking_id: None,
        product_id: product_of(around, remote, item.sku.as_ref()).unwrap_or(around.standard.sale),
        kit_id: None,
        quantity,
        source_id,
        destination_id: around.standard.customers,
        origin,
        state,
        moved_at: if state == PickingState::Done { remote.updated_at.naive_utc() } else { around.now },
    }
}
