//! What we already hold of the orders of a page.

use crate::db::schema::{order_lines, orders};
use crate::db::{Conn, DbError};
use crate::domain::ids::{AccountId, AmazonItemId, AmazonOrderId, OrderId};
use crate::domain::order::{LineKind, OrderState};
use crate::domain::remote::AmazonStatus;
use crate::domain::sync::{HeldLine, HeldOrder};
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::{BTreeMap, HashMap};

/// The orders among `wanted` that one of the registrations of a seller holds; lines are read only where the content differs.
///
/// `wanted` pairs each reference with the fingerprint of what Amazon now says. An order that came through a registration
/// stays with it, also when another one follows its marketplace since.
pub fn orders(
    conn: &mut Conn,
    siblings: &[AccountId],
    wanted: &BTreeMap<&AmazonOrderId, i64>,
) -> Result<HashMap<AmazonOrderId, HeldOrder>, DbError> {
    type Row = (OrderId, AmazonOrderId, OrderState, NaiveDateTime, i64, AccountId, AmazonStatus, bool);
    let rows: Vec<Row> = each!(&mut *conn, |c| orders::table
        .filter(orders::account_id.eq_any(siblings))
        .filter(orders::amazon_order_id.eq_any(wanted.keys().copied()))
        .select((
            orders::id,
            orders::amazon_order_id,
            orders::state,
            orders::amazon_updated_at,
            orders::fingerprint,
            orders::account_id,
            orders::amazon_status,
            orders::needs_decision,
        ))
        .load(c))?;
    let changed: Vec<OrderId> = rows.iter().filter(|row| wanted.get(&row.1) != Some(&row.4)).map(|row| row.0).collect();
    let mut lines = lines_of(conn, &changed)?;
    let held = rows.into_iter().map(|(id, amazon_id, state, updated_at, fingerprint, account, status, is_asked)| {
        let lines = lines.remove(&id).unwrap_or_default();
        let (amazon_updated_at, is_decided) = (updated_at.and_utc(), status == AmazonStatus::Cancelled && !is_asked);
        let held = HeldOrder { id, account, state, amazon_updated_at, fingerprint, is_decided, lines };
        (amazon_id, held)
    });
    Ok(held.collect())
}

fn lines_of(conn: &mut Conn, orders: &[OrderId]) -> Result<HashMap<OrderId, Vec<HeldLine>>, DbError> {
    let mut found: HashMap<OrderId, Vec<HeldLine>> = HashMap::new();
    if orders.is_empty() {
        return Ok(found);
    }
    let rows: Vec<(OrderId, Option<AmazonItemId>, i64, i64)> = each!(conn, |c| order_lines::table
        .filter(order_lines::order_id.eq_any(orders))
        .filter(order_lines::kind.eq(LineKind::Item))
        .order(order_lines::id)
        .select((order_lines::order_id, order_lines::amazon_item_id, order_lines::quantity, order_lines::delivered))
        .load(c))?;
    for (order, item, ordered, delivered) in rows {
        if let Some(item_id) = item {
            found.entry(order).or_default().push(HeldLine { item_id, ordered, delivered });
        }
    }
    Ok(found)
}
