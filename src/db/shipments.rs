//! What Amazon is told of deliveries: one row for each that left, written with its validation and sent by the worker.
//!
//! Where a shipment stands is its transfer's `amazon_sync`; here is what is told and when.

use super::schema::{moves, order_lines, orders, pickings, shipments};
use super::{Conn, DbError};
use crate::domain::announcement::Left;
use crate::domain::ids::{
    AccountId, AmazonItemId, AmazonOrderId, CompanyId, MarketplaceId, OrderId, PickingId, ShipmentId,
};
use crate::domain::picking::{AmazonSync, PickingKind, PickingState};
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl};
use std::collections::HashMap;

/// What Amazon is to be told of one delivery.
#[derive(Debug, Insertable)]
#[diesel(table_name = shipments, treat_none_as_default_value = false)]
pub struct NewShipment<'a> {
    /// The company.
    pub company_id: CompanyId,
    /// The account whose seller ships.
    pub account_id: AccountId,
    /// The order.
    pub order_id: OrderId,
    /// The delivery that left.
    pub picking_id: PickingId,
    /// The number of the package within the order, counted on from [`last_references`]; it never changes.
    pub package_reference: i64,
    /// Amazon's code of the carrier.
    pub carrier_code: &'a str,
    /// The carrier's name, for the code that stands for all others.
    pub carrier_name: Option<&'a str>,
    /// The carrier's reference.
    pub tracking: &'a str,
    /// When it left.
    pub shipped_at: NaiveDateTime,
    /// When Amazon is to be told: after the time in which it can be undone.
    pub send_after: Option<NaiveDateTime>,
    /// How often Amazon was told: 0.
    pub attempts: i64,
    /// Now.
    pub created_at: NaiveDateTime,
    /// 1.
    pub version: i64,
}

/// Rows per statement.
const PART: usize = 500;

/// Writes what is to be told, in the transaction of the validation.
pub fn insert(conn: &mut Conn, rows: &[NewShipment<'_>]) -> Result<(), DbError> {
    for part in rows.chunks(PART) {
        each!(&mut *conn, |c| diesel::insert_into(shipments::table).values(part).execute(c))?;
    }
    Ok(())
}

/// The last number of a package of each of these orders that has any.
pub fn last_references(conn: &mut Conn, orders: &[OrderId]) -> Result<HashMap<OrderId, i64>, DbError> {
    let mut found = HashMap::with_capacity(orders.len());
    for part in orders.chunks(PART) {
        let rows: Vec<(OrderId, Option<i64>)> = each!(&mut *conn, |c| shipments::table
            .filter(shipments::order_id.eq_any(part))
            .group_by(shipments::order_id)
            .select((shipments::order_id, diesel::dsl::max(shipments::package_reference)))
            .load(c))?;
        found.extend(rows.into_iter().map(|(order, last)| (order, last.unwrap_or(0))));
    }
    Ok(found)
}

/// A shipment with what Amazon must know of its order.
#[derive(Clone, Debug, Queryable)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct ShipmentRow {
    pub id: ShipmentId,
    pub company_id: CompanyId,
    pub account_id: AccountId,
    pub order_id: OrderId,
    pub picking_id: PickingId,
    pub package_reference: i64,
    pub carrier_code: String,
    pub carrier_name: Option<String>,
    pub tracking: String,
    pub shipped_at: NaiveDateTime,
    pub send_after: Option<NaiveDateTime>,
    pub attempts: i64,
    pub sent_at: Option<NaiveDateTime>,
    pub settled_at: Option<NaiveDateTime>,
    pub refusal_code: Option<String>,
    pub refusal: Option<String>,
    pub version: i64,
    pub is_correction: bool,
    pub amazon_sync: AmazonSync,
    pub amazon_order_id: AmazonOrderId,
    pub marketplace_id: MarketplaceId,
}

macro_rules! shown {
    () => {
        (
            shipments::id,
            shipments::company_id,
            shipments::account_id,
            shipments::order_id,
            shipments::picking_id,
            shipments::package_reference,
            shipments::carrier_code,
            shipments::carrier_name,
            shipments::tracking,
            shipments::shipped_at,
            shipments::send_after,
            shipments::attempts,
            shipments::sent_at,
            shipments::settled_at,
            shipments::refusal_code,
            shipments::refusal,
            shipments::version,
            shipments::is_correction,
            pickings::amazon_sync,
            orders::amazon_order_id,
            orders::marketplace_id,
        )
    };
}

macro_rules! around {
    () => {
        shipments::table.inner_join(pickings::table).inner_join(orders::table)
    };
}

/// The shipments of an account that are to be told now, the oldest first.
pub fn due(conn: &mut Conn, account: AccountId, now: NaiveDateTime, limit: i64) -> Result<Vec<ShipmentRow>, DbError> {
    Ok(each!(conn, |c| around!()
        .filter(shipments::account_id.eq(account))
        .filter(shipments::send_after.le(now))
        .order((shipments::send_after, shipments::id))
        .limit(limit)
        .select(shown!())
        .load(c))?)
}

/// How many shipments of an account are to be told now.
pub fn count_due(conn: &mut Conn, account: AccountId, now: NaiveDateTime) -> Result<i64, DbError> {
    let due = shipments::table.filter(shipments::account_id.eq(account)).filter(shipments::send_after.le(now)).count();
    Ok(each!(conn, |c| due.get_result(c))?)
}

/// The shipment of a transfer.
pub fn of_picking(conn: &mut Conn, picking: PickingId) -> Result<Option<ShipmentRow>, DbError> {
    Ok(each!(conn, |c| around!().filter(shipments::picking_id.eq(picking)).select(shown!()).first(c).optional())?)
}

/// These shipments, by their keys.
pub fn some(conn: &mut Conn, ids: &[ShipmentId]) -> Result<Vec<ShipmentRow>, DbError> {
    Ok(each!(conn, |c| around!()
        .filter(shipments::id.eq_any(ids.to_vec()))
        .order(shipments::id)
        .select(shown!())
        .load(c))?)
}

/// The shipments of those of these orders that have one without a verdict; none of the others.
pub fn of_undecided(conn: &mut Conn, among: &[OrderId]) -> Result<Vec<ShipmentRow>, DbError> {
    let undecided = shipments::table
        .filter(shipments::order_id.eq_any(among.to_vec()))
        .filter(shipments::settled_at.is_null())
        .select(shipments::order_id);
    let undecided: Vec<OrderId> = each!(&mut *conn, |c| undecided.load(c))?;
    if undecided.is_empty() {
        return Ok(Vec::new());
    }
    Ok(each!(conn, |c| around!()
        .filter(shipments::order_id.eq_any(undecided))
        .order(shipments::id)
        .select(shown!())
        .load(c))?)
}

/// What left with these transfers, by transfer; what is inside kits belongs to no item.
pub fn contents(conn: &mut Conn, of: &[PickingId]) -> Result<HashMap<PickingId, Vec<Left>>, DbError> {
    let of: Vec<Option<PickingId>> = of.iter().copied().map(Some).collect();
    let rows: Vec<(Option<PickingId>, Option<AmazonItemId>, i64)> = each!(conn, |c| moves::table
        .inner_join(order_lines::table)
        .filter(moves::picking_id.eq_any(of))
        .filter(moves::state.eq(PickingState::Done))
        .order(moves::id)
        .select((moves::picking_id, order_lines::amazon_item_id, moves::quantity))
        .load(c))?;
    let mut contents: HashMap<PickingId, Vec<Left>> = HashMap::new();
    for (picking, item, quantity) in rows {
        if let (Some(picking), Some(item)) = (picking, item) {
            contents.entry(picking).or_default().push(Left { item, quantity });
        }
    }
    Ok(contents)
}

/// The deliveries of these orders that left without Amazon being told, with their orders.
pub fn untold(conn: &mut Conn, of: &[OrderId]) -> Result<Vec<(OrderId, PickingId)>, DbError> {
    Ok(each!(conn, |c| pickings::table
        .left_join(shipments::table)
        .filter(pickings::order_id.eq_any(of.to_vec()))
        .filter(pickings::state.eq(PickingState::Done))
        .filter(pickings::kind.eq(PickingKind::Delivery))
        .filter(shipments::id.is_null())
        .select((pickings::order_id, pickings::id))
        .load(c))?)
}

/// When the next shipment of an account is to be told.
pub fn next_to_send(conn: &mut Conn, account: AccountId) -> Result<Option<NaiveDateTime>, DbError> {
    // SQLite uses the index of those that wait only if it is told that no other counts.
    let waiting =
        shipments::table.filter(shipments::account_id.eq(account)).filter(shipments::send_after.is_not_null());
    Ok(each!(conn, |c| waiting.select(diesel::dsl::min(shipments::send_after)).first(c))?)
}

/// Since when the oldest shipment that Amazon took waits to be confirmed.
pub fn unconfirmed_since(conn: &mut Conn, account: AccountId) -> Result<Option<NaiveDateTime>, DbError> {
    Ok(each!(conn, |c| shipments::table
        .inner_join(pickings::table)
        .filter(shipments::account_id.eq(account))
        .filter(shipments::sent_at.is_not_null())
        .filter(shipments::settled_at.is_null())
        .filter(pickings::amazon_sync.eq(AmazonSync::Sent))
        .select(diesel::dsl::min(shipments::sent_at))
        .first(c))?)
}

/// The shipments that Amazon took before `before` and that no order confirmed.
pub fn unconfirmed(
    conn: &mut Conn,
    account: AccountId,
    before: NaiveDateTime,
    limit: i64,
) -> Result<Vec<ShipmentRow>, DbError> {
    Ok(each!(conn, |c| around!()
        .filter(shipments::account_id.eq(account))
        .filter(shipments::sent_at.le(before))
        .filter(shipments::settled_at.is_null())
        .filter(pickings::amazon_sync.eq(AmazonSync::Sent))
        .order((shipments::sent_at, shipments::id))
        .limit(limit)
        .select(shown!())
        .load(c))?)
}

/// What is refused of a company since `after` and no later than `until`.
macro_rules! refused {
    ($company:expr, $after:expr, $until:expr) => {
        around!()
            .filter(shipments::company_id.eq($company))
            .filter(shipments::refused_at.gt($after))
            .filter(shipments::refused_at.le($until))
            .filter(pickings::amazon_sync.eq(AmazonSync::Failed))
    };
}

/// The shipments that Amazon refused since `after` and no later than `until`, the oldest refusal first.
pub fn refused(
    conn: &mut Conn,
    company: CompanyId,
    (after, until): (NaiveDateTime, NaiveDateTime),
    limit: i64,
) -> Result<Vec<ShipmentRow>, DbError> {
    Ok(each!(conn, |c| refused!(company, after, until)
        .order((shipments::refused_at, shipments::id))
        .limit(limit)
        .select(shown!())
        .load(c))?)
}

/// How many shipments those are.
pub fn count_refused(
    conn: &mut Conn,
    company: CompanyId,
    (after, until): (NaiveDateTime, NaiveDateTime),
) -> Result<i64, DbError> {
    Ok(each!(conn, |c| refused!(company, after, until).count().get_result(c))?)
}

/// When the oldest of them was refused.
pub fn oldest_refused(
    conn: &mut Conn,
    company: CompanyId,
    (after, until): (NaiveDateTime, NaiveDateTime),
) -> Result<Option<NaiveDateTime>, DbError> {
    Ok(each!(conn, |c| refused!(company, after, until).select(diesel::dsl::min(shipments::refused_at)).first(c))?)
}
