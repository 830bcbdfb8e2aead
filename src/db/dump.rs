//! Records in a stable order and by pages, for exports and for comparing two databases.

use super::schema::{
    accounts, addresses, customers, locations, moves, offers, order_lines, orders, pickings, products, teams,
};
use super::{Conn, DbError};
use crate::domain::ids::{
    AmazonItemId, AmazonOrderId, Asin, CompanyId, CustomerId, MarketplaceId, OfferId, OrderId, PickingId, Sku,
};
use crate::domain::money::Currency;
use crate::domain::offer::MatchedBy;
use crate::domain::order::{Delivery, LineKind, OrderState};
use crate::domain::picking::{AmazonSync, MoveOrigin, PickingState};
use crate::domain::remote::{AmazonStatus, Channel};
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, JoinOnDsl, NullableExpressionMethods, QueryDsl, Queryable, RunQueryDsl};
use std::collections::HashMap;

/// How many records one page holds.
pub const PAGE: i64 = 500;

/// An order with its team and the sealed data of its customer.
#[derive(Clone, Debug, Queryable)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct OrderRecord {
    pub id: OrderId,
    pub amazon_order_id: AmazonOrderId,
    pub marketplace_id: MarketplaceId,
    pub channel: Channel,
    pub amazon_status: AmazonStatus,
    pub state: OrderState,
    pub delivery: Delivery,
    pub currency: Currency,
    pub total_minor: i64,
    pub needs_decision: bool,
    pub team: String,
    pub customer: SealedRecord,
}

/// Sealed personal data with the identity for which it is sealed.
#[derive(Clone, Debug, Queryable)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct SealedRecord {
    pub public_id: String,
    pub wrapped_key: Option<Vec<u8>>,
    pub sealed: Option<Vec<u8>>,
}

/// One line of an order.
#[derive(Clone, Debug, Queryable)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct LineRecord {
    pub order_id: OrderId,
    pub kind: LineKind,
    pub amazon_item_id: Option<AmazonItemId>,
    pub sku: Option<Sku>,
    pub product: Option<String>,
    pub quantity: i64,
    pub delivered: i64,
    pub total_minor: i64,
}

/// The orders after a reference, in the order of their references.
pub fn orders_after(conn: &mut Conn, after: &str) -> Result<Vec<OrderRecord>, DbError> {
    Ok(each!(conn, |c| orders::table
        .inner_join(teams::table)
        .inner_join(customers::table)
        .filter(orders::amazon_order_id.gt(after))
        .order((orders::amazon_order_id, orders::id))
        .limit(PAGE)
        .select((
            orders::id,
            orders::amazon_order_id,
            orders::marketplace_id,
            orders::channel,
            orders::amazon_status,
            orders::state,
            orders::delivery,
            orders::currency,
            orders::total_minor,
            orders::needs_decision,
            teams::name,
            (customers::public_id, customers::wrapped_key, customers::sealed),
        ))
        .load(c))?)
}

/// The lines of these orders, in their order.
pub fn lines_of(conn: &mut Conn, ids: &[OrderId]) -> Result<HashMap<OrderId, Vec<LineRecord>>, DbError> {
    let rows: Vec<LineRecord> = each!(conn, |c| order_lines::table
        .left_join(products::table)
        .filter(order_lines::order_id.eq_any(ids))
        .order((order_lines::order_id, order_lines::position))
        .select((
            order_lines::order_id,
            order_lines::kind,
            order_lines::amazon_item_id,
            order_lines::sku,
            products::name.nullable(),
            order_lines::quantity,
            order_lines::delivered,
            order_lines::total_minor,
        ))
        .load(c))?;
    let mut found: HashMap<OrderId, Vec<LineRecord>> = HashMap::new();
    for row in rows {
        found.entry(row.order_id).or_default().push(row);
    }
    Ok(found)
}

/// A customer.
#[derive(Clone, Debug, Queryable)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct CustomerRecord {
    pub id: CustomerId,
    pub is_business: bool,
    pub is_anonymous: bool,
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
    pub secret: SealedRecord,
}

/// The customers after a key.
pub fn customers_after(conn: &mut Conn, after: CustomerId) -> Result<Vec<CustomerRecord>, DbError> {
    Ok(each!(conn, |c| customers::table
        .filter(customers::id.gt(after))
        .order(customers::id)
        .limit(PAGE)
        .select((
            customers::id,
            customers::is_business,
            customers::is_anonymous,
            customers::country,
            customers::region,
            customers::city,
            (customers::public_id, customers::wrapped_key, customers::sealed),
        ))
        .load(c))?)
}

/// How many addresses each of these customers has.
pub fn address_counts(conn: &mut Conn, ids: &[CustomerId]) -> Result<HashMap<CustomerId, i64>, DbError> {
    let rows: Vec<(CustomerId, i64)> = each!(conn, |c| addresses::table
        .filter(addresses::customer_id.eq_any(ids))
        .group_by(addresses::customer_id)
        .select((addresses::customer_id, diesel::dsl::count_star()))
        .load(c))?;
    Ok(rows.into_iter().collect())
}

/// The orders of these customers, by reference.
pub fn orders_of_customers(
    conn: &mut Conn,
    ids: &[CustomerId],
) -> Result<HashMap<CustomerId, Vec<AmazonOrderId>>, DbError> {
    let rows: Vec<(CustomerId, AmazonOrderId)> = each!(conn, |c| orders::table
        .filter(orders::customer_id.eq_any(ids))
        .order(orders::amazon_order_id)
        .select((orders::customer_id, orders::amazon_order_id))
        .load(c))?;
    let mut found: HashMap<CustomerId, Vec<AmazonOrderId>> = HashMap::new();
    for (customer, order) in rows {
        found.entry(customer).or_default().push(order);
    }
    Ok(found)
}

/// A transfer.
#[derive(Clone, Debug, Queryable)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct PickingRecord {
    pub id: PickingId,
    pub amazon_order_id: AmazonOrderId,
    pub state: PickingState,
    pub ship_by: Option<NaiveDateTime>,
    pub carrier: Option<String>,
    pub tracking: Option<String>,
    pub amazon_sync: AmazonSync,
    pub is_held: bool,
    pub has_gift: bool,
}

/// The transfers after an order reference and a key, in that order.
pub fn pickings_after(conn: &mut Conn, after: (&str, PickingId)) -> Result<Vec<PickingRecord>, DbError> {
    use diesel::BoolExpressionMethods as _;
    let (reference, key) = after;
    Ok(each!(conn, |c| pickings::table
        .inner_join(orders::table)
        .filter(
            orders::amazon_order_id.gt(reference).or(orders::amazon_order_id.eq(reference).and(pickings::id.gt(key)))
        )
        .order((orders::amazon_order_id, pickings::id))
        .limit(PAGE)
        .select((
            pickings::id,
            orders::amazon_order_id,
            pickings::state,
            pickings::ship_by,
            pickings::carrier,
            pickings::tracking,
            pickings::amazon_sync,
            pickings::is_held,
            pickings::has_gift,
        ))
        .load(c))?)
}

/// A move of an order.
#[derive(Clone, Debug, Queryable)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct MoveRecord {
    pub id: crate::domain::ids::MoveId,
    pub amazon_order_id: AmazonOrderId,
    pub amazon_item_id: Option<AmazonItemId>,
    pub product: String,
    pub quantity: i64,
    pub from: String,
    pub to: String,
    pub origin: MoveOrigin,
    pub state: PickingState,
    pub moved_at: NaiveDateTime,
}

/// The moves after an order reference and a key, in that order.
pub fn moves_after(conn: &mut Conn, after: (&str, crate::domain::ids::MoveId)) -> Result<Vec<MoveRecord>, DbError> {
    use diesel::BoolExpressionMethods as _;
    let (source, destination) = diesel::alias!(locations as source, locations as destination);
    let (reference, key) = after;
    Ok(each!(conn, |c| moves::table
        .inner_join(orders::table)
        .inner_join(products::table)
        .left_join(order_lines::table)
        .inner_join(source.on(source.field(locations::id).eq(moves::source_id)))
        .inner_join(destination.on(destination.field(locations::id).eq(moves::destination_id)))
        .filter(orders::amazon_order_id.gt(reference).or(orders::amazon_order_id.eq(reference).and(moves::id.gt(key))))
        .order((orders::amazon_order_id, moves::id))
        .limit(PAGE)
        .select((
            moves::id,
            orders::amazon_order_id,
            order_lines::amazon_item_id.nullable(),
            products::name,
            moves::quantity,
            source.field(locations::name),
            destination.field(locations::name),
            moves::origin,
            moves::state,
            moves::moved_at,
        ))
        .load(c))?)
}

/// An offer.
#[derive(Clone, Debug, Queryable)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct OfferRecord {
    pub id: OfferId,
    pub company_id: CompanyId,
    pub sku: Sku,
    pub account: String,
    pub marketplace_id: MarketplaceId,
    pub asin: Option<Asin>,
    pub matched_by: MatchedBy,
    pub product: Option<(String, String)>,
}

/// The offers after a SKU and a key, in that order; of one company, or of all.
pub fn offers_after(
    conn: &mut Conn,
    company: Option<CompanyId>,
    (sku, key): (&str, OfferId),
) -> Result<Vec<OfferRecord>, DbError> {
    use diesel::BoolExpressionMethods as _;
    Ok(each!(conn, |c| {
        let mut query = offers::table
            .inner_join(accounts::table)
            .left_join(products::table)
            .filter(offers::sku.gt(sku).or(offers::sku.eq(sku).and(offers::id.gt(key))))
            .into_boxed();
        if let Some(company) = company {
            query = query.filter(offers::company_id.eq(company));
        }
        query
            .order((offers::sku, offers::id))
            .limit(PAGE)
            .select((
                offers::id,
                offers::company_id,
                offers::sku,
                accounts::name,
                offers::marketplace_id,
                offers::asin,
                offers::matched_by,
                (products::reference, products::name).nullable(),
            ))
            .load(c)
    })?)
}
