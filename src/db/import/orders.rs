//! New orders and their lines.

use crate::db::schema::{order_lines, orders};
use crate::db::{Conn, DbError};
use crate::domain::ids::{
    AccountId, AddressId, AmazonItemId, AmazonOrderId, Asin, CompanyId, CustomerId, MarketplaceId, OrderId,
    OrderLineId, ProductId, Sku, TeamId,
};
use crate::domain::money::Currency;
use crate::domain::order::{Delivery, LineKind, OrderState};
use crate::domain::remote::{AmazonStatus, Channel, TaxReading};
use chrono::{NaiveDate, NaiveDateTime};
use diesel::{ExpressionMethods, Insertable, QueryDsl, RunQueryDsl};
use std::collections::{BTreeSet, HashMap};

/// One new order; those of one insertion belong to one account.
#[derive(Debug, Insertable)]
#[diesel(table_name = orders, treat_none_as_default_value = false)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct OrderRow<'a> {
    pub company_id: CompanyId,
    pub account_id: AccountId,
    pub amazon_order_id: &'a AmazonOrderId,
    pub marketplace_id: &'a MarketplaceId,
    pub channel: Channel,
    pub state: OrderState,
    pub amazon_status: &'a AmazonStatus,
    pub delivery: Delivery,
    pub currency: Currency,
    pub total_minor: i64,
    pub tax_minor: i64,
    pub team_id: TeamId,
    pub customer_id: CustomerId,
    pub address_id: Option<AddressId>,
    pub ordered_at: NaiveDateTime,
    pub ordered_on: NaiveDate,
    pub ship_by: Option<NaiveDateTime>,
    pub deliver_by: Option<NaiveDateTime>,
    pub amazon_updated_at: NaiveDateTime,
    pub fingerprint: i64,
    pub is_business: bool,
    pub is_prime: bool,
    pub is_gift: bool,
    pub replaces: Option<&'a AmazonOrderId>,
    pub is_shipped_outside: bool,
    pub cancellation_requested: bool,
    pub needs_decision: bool,
    pub public_id: &'a str,
    pub wrapped_key: Option<&'a [u8]>,
    pub sealed: Option<&'a [u8]>,
    pub created_at: NaiveDateTime,
}

/// One new order line.
#[derive(Debug, Insertable)]
#[diesel(table_name = order_lines, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct LineRow<'a> {
    pub order_id: OrderId,
    pub position: i64,
    pub kind: LineKind,
    pub amazon_item_id: Option<&'a AmazonItemId>,
    pub sku: Option<&'a Sku>,
    pub asin: Option<&'a Asin>,
    pub title: &'a str,
    pub product_id: Option<ProductId>,
    pub is_default_product: bool,
    pub quantity: i64,
    pub delivered: i64,
    pub total_minor: i64,
    pub tax_minor: i64,
    pub discount_minor: i64,
    pub tax_reading: TaxReading,
}

/// Inserts orders; answers their keys by Amazon's reference.
pub fn insert(conn: &mut Conn, rows: &[OrderRow<'_>]) -> Result<HashMap<AmazonOrderId, OrderId>, DbError> {
    let created = insert_keyed!(
        conn,
        orders::table,
        rows,
        (orders::amazon_order_id, orders::id) => (AmazonOrderId, OrderId),
        orders::table
            .filter(orders::amazon_order_id.eq_any(rows.iter().map(|row| row.amazon_order_id)))
            .filter(orders::account_id.eq_any(rows.first().map(|row| row.account_id)))
    );
    Ok(created.into_iter().collect())
}

/// Inserts more lines of an order.
pub fn add_lines(conn: &mut Conn, rows: &[LineRow<'_>]) -> Result<(), DbError> {
    insert_rows!(conn, order_lines::table, rows);
    Ok(())
}

/// Inserts lines of new orders; answers their keys by order and position.
pub fn insert_lines(conn: &mut Conn, rows: &[LineRow<'_>]) -> Result<HashMap<(OrderId, i64), OrderLineId>, DbError> {
    let created = insert_keyed!(
        conn,
        order_lines::table,
        rows,
        (order_lines::order_id, order_lines::position, order_lines::id) => (OrderId, i64, OrderLineId),
        order_lines::table.filter(order_lines::order_id.eq_any(orders_of(rows)))
    );
    Ok(created.into_iter().map(|(order, position, id)| ((order, position), id)).collect())
}

fn orders_of(lines: &[LineRow<'_>]) -> BTreeSet<OrderId> {
    lines.iter().map(|line| line.order_id).collect()
}
