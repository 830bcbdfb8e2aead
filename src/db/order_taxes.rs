//! The tax of orders: what was decided, why, and the facts that were judged.

use super::portable::spelled;
use super::schema::{order_lines, order_taxes, orders};
use super::{Conn, DbError};
use crate::domain::ids::{CompanyId, MarketplaceId, OrderId};
use crate::domain::order::LineKind;
use crate::domain::remote::TaxReading;
use crate::domain::tax::amount::Agreement;
use crate::domain::tax::decision::{Category, IncomeRole, Row, Treatment};
use crate::domain::tax::place::Country;
use chrono::{NaiveDate, NaiveDateTime};
use diesel::sql_types::Bool;
use diesel::{
    AsChangeset, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};
use std::collections::HashMap;

/// The tax of one order.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = order_taxes, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct OrderTax {
    /// The order.
    pub order_id: OrderId,
    /// Its company.
    pub company_id: CompanyId,
    /// The row of the table that fits.
    pub fiscal_row: Option<Row>,
    /// What stands on the invoice.
    pub treatment: Treatment,
    /// The role of the income account.
    pub income_role: Option<IncomeRole>,
    /// The tax category of EN 16931.
    pub category: Option<Category>,
    /// The country whose rates apply.
    pub rate_country: Option<Country>,
    /// The rates that apply, by class, as JSON.
    pub rates: String,
    /// Why, as JSON.
    pub reasons: String,
    /// What was judged, as JSON without personal data.
    pub facts: String,
    /// The tax by our rates, in minor units.
    pub ours_minor: Option<i64>,
    /// How Amazon's tax compares with it.
    pub agreement: Agreement,
    /// When it was decided.
    pub decided_at: NaiveDateTime,
}

/// Inserts the taxes of new orders.
pub fn insert(conn: &mut Conn, rows: &[OrderTax]) -> Result<(), DbError> {
    insert_rows!(conn, order_taxes::table, rows);
    Ok(())
}

/// Stores what was decided about an order, in place of what was decided before.
pub fn put(conn: &mut Conn, row: &OrderTax) -> Result<(), DbError> {
    each!(conn, |c| diesel::insert_into(order_taxes::table)
        .values(row)
        .on_conflict(order_taxes::order_id)
        .do_update()
        .set(row)
        .execute(c))?;
    Ok(())
}

/// The tax of an order.
pub fn of(conn: &mut Conn, order: OrderId) -> Result<Option<OrderTax>, DbError> {
    Ok(each!(conn, |c| order_taxes::table.find(order).select(OrderTax::as_select()).first(c).optional())?)
}

/// The first orders after `after` whose tax a person would have to decide.
pub fn to_decide(conn: &mut Conn, company: CompanyId, after: OrderId, most: i64) -> Result<Vec<OrderId>, DbError> {
    Ok(each!(conn, |c| order_taxes::table
        .filter(order_taxes::company_id.eq(company))
        .filter(spelled::<Bool>("order_taxes.treatment = 'to_decide'"))
        .filter(order_taxes::order_id.gt(after))
        .order(order_taxes::order_id)
        .limit(most)
        .select(order_taxes::order_id)
        .load(c))?)
}

/// What a line is for, and how its tax and its price relate.
pub type LineReading = (LineKind, TaxReading);

/// What deciding again reads of an order.
#[derive(Clone, Debug, Queryable)]
pub struct Decidable {
    /// The order.
    pub id: OrderId,
    /// Where it was bought.
    pub marketplace: MarketplaceId,
    /// The business day on which it was placed.
    pub day: NaiveDate,
    /// What the buyer paid, in minor units.
    pub total_minor: i64,
    /// The tax that Amazon told.
    pub tax_minor: i64,
    /// The facts, as JSON.
    pub facts: String,
}

/// What deciding again reads of these orders, with the kinds and tax readings of their lines.
pub fn decidable(
    conn: &mut Conn,
    company: CompanyId,
    ids: &[OrderId],
) -> Result<Vec<(Decidable, Vec<LineReading>)>, DbError> {
    let found: Vec<Decidable> = each!(&mut *conn, |c| order_taxes::table
        .inner_join(orders::table)
        .filter(orders::company_id.eq(company))
        .filter(orders::id.eq_any(ids))
        .order(orders::id)
        .select((
            orders::id,
            orders::marketplace_id,
            orders::ordered_on,
            orders::total_minor,
            orders::tax_minor,
            order_taxes::facts,
        ))
        .load(c))?;
    let lines: Vec<(OrderId, LineKind, TaxReading)> = each!(conn, |c| order_lines::table
        .filter(order_lines::order_id.eq_any(ids))
        .select((order_lines::order_id, order_lines::kind, order_lines::tax_reading))
        .load(c))?;
    let mut by_order: HashMap<OrderId, Vec<LineReading>> = HashMap::new();
    for (order, kind, reading) in lines {
        by_order.entry(order).or_default().push((kind, reading));
    }
    Ok(found
        .into_iter()
        .map(|row| {
            let lines = by_order.remove(&row.id).unwrap_or_default();
            (row, lines)
        })
        .collect())
}
