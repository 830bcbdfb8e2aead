//! Changes of orders that we hold.

use crate::db::schema::{order_lines, orders};
use crate::db::{Conn, DbError, exactly_one};
use crate::domain::ids::{AddressId, AmazonItemId, CustomerId, OrderId, OrderLineId, ProductId};
use crate::domain::order::{Delivery, LineKind, OrderState};
use crate::domain::remote::{AmazonStatus, TaxReading};
use chrono::NaiveDateTime;
use diesel::{AsChangeset, ExpressionMethods, QueryDsl, RunQueryDsl};

/// What Amazon's news changes on an order; `None` leaves a column as it is.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = orders)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct OrderChange<'a> {
    pub amazon_status: &'a AmazonStatus,
    pub amazon_updated_at: NaiveDateTime,
    pub fingerprint: i64,
    pub state: Option<OrderState>,
    pub delivery: Option<Delivery>,
    pub total_minor: Option<i64>,
    pub tax_minor: Option<i64>,
    pub ship_by: Option<NaiveDateTime>,
    pub deliver_by: Option<NaiveDateTime>,
    pub is_gift: Option<bool>,
    pub is_shipped_outside: Option<bool>,
    pub cancellation_requested: Option<bool>,
    pub needs_decision: Option<bool>,
    pub address_id: Option<AddressId>,
    pub public_id: Option<&'a str>,
    pub wrapped_key: Option<&'a [u8]>,
    pub sealed: Option<&'a [u8]>,
}

impl<'a> OrderChange<'a> {
    /// Only the news itself: status, moment and content stamp.
    pub const fn news(amazon_status: &'a AmazonStatus, amazon_updated_at: NaiveDateTime, fingerprint: i64) -> Self {
        Self {
            amazon_status,
            amazon_updated_at,
            fingerprint,
            state: None,
            delivery: None,
            total_minor: None,
            tax_minor: None,
            ship_by: None,
            deliver_by: None,
            is_gift: None,
            is_shipped_outside: None,
            cancellation_requested: None,
            needs_decision: None,
            address_id: None,
            public_id: None,
            wrapped_key: None,
            sealed: None,
        }
    }
}

/// Applies a change to an order; somebody else's change in between is a conflict.
pub fn apply(conn: &mut Conn, id: OrderId, before: OrderState, change: &OrderChange<'_>) -> Result<(), DbError> {
    let target = orders::table.find(id).filter(orders::state.eq(before));
    exactly_one(each!(conn, |c| diesel::update(target).set(change).execute(c))?)
}

/// The customer of an order, and where it goes.
pub fn customer_of(conn: &mut Conn, id: OrderId) -> Result<(CustomerId, Option<AddressId>), DbError> {
    Ok(each!(conn, |c| orders::table.find(id).select((orders::customer_id, orders::address_id)).first(c))?)
}

/// One item line of an order, as held.
#[derive(Clone, Debug, diesel::Queryable)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct ItemLine {
    pub id: OrderLineId,
    pub item_id: Option<AmazonItemId>,
    pub position: i64,
    pub product_id: Option<ProductId>,
}

/// The item lines of an order, in their order.
pub fn item_lines(conn: &mut Conn, order: OrderId) -> Result<Vec<ItemLine>, DbError> {
    Ok(each!(conn, |c| order_lines::table
        .filter(order_lines::order_id.eq(order))
        .filter(order_lines::kind.eq(LineKind::Item))
        .order(order_lines::position)
        .select((order_lines::id, order_lines::amazon_item_id, order_lines::position, order_lines::product_id))
        .load(c))?)
}

/// What Amazon's news changes on an item line.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = order_lines)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct LineChange {
    pub quantity: i64,
    pub delivered: i64,
    #[diesel(embed)]
    pub amounts: Option<LineAmounts>,
}

/// What Amazon now says of the amounts of an item line.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = order_lines)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct LineAmounts {
    pub total_minor: i64,
    pub tax_minor: i64,
    pub discount_minor: i64,
    pub tax_reading: TaxReading,
}

/// Applies a change to an item line.
pub fn apply_line(conn: &mut Conn, id: OrderLineId, change: &LineChange) -> Result<(), DbError> {
    exactly_one(each!(conn, |c| diesel::update(order_lines::table.find(id)).set(change).execute(c))?)
}

/// Removes the lines that are not items: they are written again from Amazon's news.
pub fn remove_charges(conn: &mut Conn, order: OrderId) -> Result<(), DbError> {
    let charges =
        order_lines::table.filter(order_lines::order_id.eq(order)).filter(order_lines::kind.ne(LineKind::Item));
    each!(conn, |c| diesel::delete(charges).execute(c))?;
    Ok(())
}
