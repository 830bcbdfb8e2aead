//! A person decides about an order on which Amazon and we disagree: Amazon cancelled it after goods left.
//!
//! Whatever is decided, nobody is asked again about the same cancellation, and the audit trail says who decided and why.

use super::edit_account::stale;
use super::settle_issue::{self, Verdict};
use super::{Actor, reserve_stock, return_goods};
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::import::stock;
use crate::db::issues::{self, ORDER_CONFLICT};
use crate::db::orders::{self, OrderRow};
use crate::db::picking_changes::{self, Seen};
use crate::db::picking_lines::NamedLine;
use crate::db::{Conn, decided, pickings};
use crate::domain::access::Action;
use crate::domain::ids::{CompanyId, OrderId, PickingId};
use crate::domain::picking::reference;
use crate::domain::remote::AmazonStatus;
use crate::error::AppError;
use chrono::NaiveDateTime;

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 500;

/// What is wrong with a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// There is none.
    Missing,
    /// It is longer than [`LONGEST_REASON`].
    TooLong,
}

/// The first delivery of which something may come back; none when Amazon did not cancel the order, or nothing left.
pub fn returnable(conn: &mut Conn, company: CompanyId, order: &OrderRow) -> Result<Option<PickingId>, AppError> {
    if order.head.amazon_status != AmazonStatus::Cancelled {
        return Ok(None);
    }
    Ok(open_to_return(conn, company, order)?.first().map(|(seen, _)| seen.picking))
}

/// A delivery with its lines of which something may come back, and how much.
type Returnable = (Seen, Vec<(NamedLine, i64)>);

/// The deliveries of an order of which something may come back, with what may.
fn open_to_return(conn: &mut Conn, company: CompanyId, order: &OrderRow) -> Result<Vec<Returnable>, AppError> {
    let mut found = Vec::new();
    for id in decided::deliveries(conn, order.head.id)? {
        let (row, _) = pickings::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
        let lines: Vec<(NamedLine, i64)> = return_goods::candidates(conn, &row)?
            .into_iter()
            .filter(|one| one.most > 0)
            .map(|one| (one.line, one.most))
            .collect();
        if !lines.is_empty() {
            found.push((Seen { picking: id, version: row.version }, lines));
        }
    }
    Ok(found)
}

/// What left stays shipped and is expected back: the warehouse finds an open return. Answers the returns.
pub async fn expect_return(app: &App, actor: &Actor, order: OrderId) -> Result<Vec<PickingId>, AppError> {
    actor.must(Action::SettleIssues)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let order = asked(conn, &actor, order)?;
        if order.head.amazon_status != AmazonStatus::Cancelled {
            return Err(AppError::Rule("decide-not-cancelled"));
        }
        let mut expected = Vec::new();
        for (seen, lines) in open_to_return(conn, actor.company, &order)? {
            let (delivery, _) = pickings::by_id(conn, actor.company, seen.picking)?.ok_or(AppError::NotFound)?;
            picking_changes::note_return(conn, seen).map_err(stale)?;
            let picking = return_goods::bring(conn, &delivery, &lines, None, now)?;
            let (subject, value) = (format!("picking {}", delivery.id), reference(picking));
            let event = NewEvent { new_value: Some(&value), ..actor.event("transfer_expected_back", &subject, now) };
            audit::insert(conn, &event)?;
            expected.push(picking);
        }
        if expected.is_empty() {
            return Err(AppError::Rule("decide-nothing-left"));
        }
        let names: Vec<String> = expected.iter().copied().map(reference).collect();
        decide(conn, &actor, &order, "order_return_expected", &names.join(" "), now)?;
        close(conn, &actor, &order)?;
        Ok(expected)
    })
    .await
}

/// Everything stays as it is, for a reason that is kept.
pub async fn dismiss(app: &App, actor: &Actor, order: OrderId, reason: &str) -> Result<Result<(), Mistake>, AppError> {
    actor.must(Action::SettleIssues)?;
    let (actor, now, reason) = (actor.clone(), app.clock.now().naive_utc(), reason.trim().to_owned());
    if reason.is_empty() {
        return Ok(Err(Mistake::Missing));
    }
    if reason.chars().count() > LONGEST_REASON {
        return Ok(Err(Mistake::TooLong));
    }
    app.write(move |conn| {
        let order = asked(conn, &actor, order)?;
        decide(conn, &actor, &order, "order_conflict_dismissed", &reason, now)?;
        Ok::<_, AppError>(Ok(()))
    })
    .await
}

/// Goods of an order came back: that decides what Amazon's cancellation asked, if it did.
pub(super) fn goods_came_back(
    conn: &mut Conn,
    actor: &Actor,
    order: OrderId,
    picking: PickingId,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    let order = orders::by_id(conn, actor.company, order)?.ok_or(AppError::NotFound)?;
    if !order.head.needs_decision || order.head.amazon_status != AmazonStatus::Cancelled {
        return Ok(());
    }
    decide(conn, actor, &order, "order_goods_came_back", &reference(picking), now)?;
    close(conn, actor, &order)
}

/// The order, when it waits for a decision; else somebody else was faster.
fn asked(conn: &mut Conn, actor: &Actor, order: OrderId) -> Result<OrderRow, AppError> {
    let order = orders::by_id(conn, actor.company, order)?.ok_or(AppError::NotFound)?;
    if order.head.needs_decision { Ok(order) } else { Err(AppError::Conflict) }
}

/// Nobody is asked any more; who decided what is kept with the order and with each issue that asked.
fn decide(
    conn: &mut Conn,
    actor: &Actor,
    order: &OrderRow,
    action: &str,
    value: &str,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    decided::clear(conn, order.head.id).map_err(stale)?;
    let subject = format!("order {}", order.head.id);
    audit::insert(conn, &NewEvent { new_value: Some(value), ..actor.event(action, &subject, now) })?;
    for issue in issues::open_about(conn, order.head.id, ORDER_CONFLICT)? {
        settle_issue::settle(conn, actor, issue, (Verdict::Resolved, value), now)?;
    }
    Ok(())
}

/// Amazon cancelled the order: what did not leave will not leave, and what is reserved for it is free.
fn close(conn: &mut Conn, actor: &Actor, order: &OrderRow) -> Result<(), AppError> {
    reserve_stock::give_back_order(conn, actor.company, order.head.id)?;
    stock::cancel_open(conn, order.head.id)?;
    decided::lock(conn, order.head.id)?;
    reserve_stock::all(conn, actor.company)
}
