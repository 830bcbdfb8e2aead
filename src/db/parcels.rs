//! What Amazon is told of several deliveries that leave together.

use super::schema::shipments;
use super::shipments::NewShipment;
use super::{Conn, DbError};
use crate::domain::ids::OrderId;
use diesel::dsl::max;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::HashMap;

/// Rows per statement.
const PART: usize = 500;

/// The last number of a package of each of these orders that has any.
pub fn last_references(conn: &mut Conn, orders: &[OrderId]) -> Result<HashMap<OrderId, i64>, DbError> {
    let mut found = HashMap::with_capacity(orders.len());
    for part in orders.chunks(PART) {
        let rows: Vec<(OrderId, Option<i64>)> = each!(&mut *conn, |c| shipments::table
            .filter(shipments::order_id.eq_any(part))
            .group_by(shipments::order_id)
            .select((shipments::order_id, max(shipments::package_reference)))
            .load(c))?;
        found.extend(rows.into_iter().map(|(order, last)| (order, last.unwrap_or(0))));
    }
    Ok(found)
}

/// Writes what is to be told, in the transaction of the validation.
pub fn insert_all(conn: &mut Conn, rows: &[NewShipment<'_>]) -> Result<(), DbError> {
    for part in rows.chunks(PART) {
        each!(&mut *conn, |c| diesel::insert_into(shipments::table).values(part).execute(c))?;
    }
    Ok(())
}
