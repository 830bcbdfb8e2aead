//! How much of orders has left, by what our own transfers delivered.

use super::schema::{order_lines, orders};
use super::{Conn, DbError};
use crate::domain::ids::{OrderId, OrderLineId};
use crate::domain::order::{Delivery, LineKind, OrderState};
use diesel::dsl::sql;
use diesel::sql_types::BigInt;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::BTreeMap;

/// Keys per statement.
const PART: usize = 500;

/// Adds units that left to order lines; a number below none takes back what did not leave after all.
pub fn add(conn: &mut Conn, units: &BTreeMap<OrderLineId, i64>) -> Result<(), DbError> {
    let mut alike: BTreeMap<i64, Vec<OrderLineId>> = BTreeMap::new();
    for (line, units) in units {
        alike.entry(*units).or_default().push(*line);
    }
    for (units, lines) in alike {
        for part in lines.chunks(PART) {
            let target = order_lines::table.filter(order_lines::id.eq_any(part));
            let sum = order_lines::delivered.eq(order_lines::delivered + units);
            each!(&mut *conn, |c| diesel::update(target).set(sum).execute(c))?;
        }
    }
    Ok(())
}

/// Says of orders how much of them has left; what has left whole is locked.
pub fn settle(conn: &mut Conn, ids: &[OrderId]) -> Result<(), DbError> {
    for part in ids.chunks(PART) {
        let sums: Vec<(OrderId, i64, i64)> = each!(&mut *conn, |c| order_lines::table
            .filter(order_lines::order_id.eq_any(part))
            .filter(order_lines::kind.eq(LineKind::Item))
            .group_by(order_lines::order_id)
            .select((
                order_lines::order_id,
                sql::<BigInt>("CAST(SUM(order_lines.quantity) AS BIGINT)"),
                sql::<BigInt>("CAST(SUM(order_lines.delivered) AS BIGINT)"),
            ))
            .load(c))?;
        let mut alike: BTreeMap<&'static str, (Delivery, Vec<OrderId>)> = BTreeMap::new();
        for (order, ordered, delivered) in sums {
            let delivery = Delivery::of(ordered, delivered);
            alike.entry(delivery.as_str()).or_insert_with(|| (delivery, Vec::new())).1.push(order);
        }
        for (delivery, ids) in alike.into_values() {
            let target = orders::table.filter(orders::id.eq_any(&ids));
            each!(&mut *conn, |c| diesel::update(target).set(orders::delivery.eq(delivery)).execute(c))?;
            if delivery == Delivery::Full {
                let open = orders::table.filter(orders::id.eq_any(&ids)).filter(orders::state.eq(OrderState::Sale));
                each!(&mut *conn, |c| diesel::update(open).set(orders::state.eq(OrderState::Locked)).execute(c))?;
            }
        }
    }
    Ok(())
}

/// Something of an order is to leave again.
pub fn reopen(conn: &mut Conn, order: OrderId) -> Result<(), DbError> {
    let locked = orders::table.find(order).filter(orders::state.eq(OrderState::Locked));
    each!(conn, |c| diesel::update(locked).set(orders::state.eq(OrderState::Sale)).execute(c))?;
    Ok(())
}
