//! What Amazon is told of deliveries: one row for each that left, written with its validation and sent by the worker.
//!
//! Where a shipment stands is its transfer's `amazon_sync`; here is what is told and when.

use super::schema::shipments;
use super::{Conn, DbError};
use crate::domain::ids::{AccountId, CompanyId, OrderId, PickingId, ShipmentId};
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, Insertable, QueryDsl, RunQueryDsl};

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
    /// The number of the package within the order, from [`next_reference`]; it never changes.
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

/// Writes what is to be told, in the transaction of the validation.
pub fn insert(conn: &mut Conn, new: &NewShipment<'_>) -> Result<ShipmentId, DbError> {
    Ok(each!(conn, |c| diesel::insert_into(shipments::table).values(new).returning(shipments::id).get_result(c))?)
}

/// The next free number of a package of the order, from 1.
pub fn next_reference(conn: &mut Conn, order: OrderId) -> Result<i64, DbError> {
    let last =
        shipments::table.filter(shipments::order_id.eq(order)).select(diesel::dsl::max(shipments::package_reference));
    let last: Option<i64> = each!(conn, |c| last.first(c))?;
    Ok(last.unwrap_or(0) + 1)
}
