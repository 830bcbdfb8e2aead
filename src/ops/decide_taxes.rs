//! Deciding the tax of orders: at their import, and again when the company's profile or the rates were corrected.
//!
//! The table is the domain's; this only brings it what it reads and keeps what it answers.

use super::Actor;
use crate::app::App;
use crate::db::Conn;
use crate::db::audit::{self, NewEvent};
use crate::db::order_taxes::{self, OrderTax};
use crate::db::taxes::{self, Books};
use crate::domain::access::Action;
use crate::domain::ids::{CompanyId, MarketplaceId, OrderId};
use crate::domain::lines::DraftLines;
use crate::domain::order::LineKind;
use crate::domain::remote::TaxReading;
use crate::domain::tax::amount::{self, Told};
use crate::domain::tax::decision::{self, Row, Treatment};
use crate::domain::tax::sale::Sale;
use crate::error::AppError;
use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

/// An order whose tax is to be decided.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The order.
    pub order: OrderId,
    /// Where it was bought.
    pub marketplace: &'a MarketplaceId,
    /// The business day on which it was placed.
    pub day: NaiveDate,
    /// What Amazon told of its amounts.
    pub told: Told,
}

/// What Amazon told of the amounts of an order that was just read.
pub fn told(drafted: &DraftLines<'_>) -> Told {
    let lines: Vec<_> = drafted.lines.iter().map(|line| (line.kind, line.reading)).collect();
    told_by(drafted.total.minor(), drafted.tax.minor(), &lines)
}

fn told_by(total: i64, tax: i64, lines: &[(LineKind, TaxReading)]) -> Told {
    let has = |wanted: &[TaxReading]| lines.iter().any(|(_, reading)| wanted.contains(reading));
    Told {
        total,
        tax,
        lines: lines.iter().filter(|(kind, _)| *kind != LineKind::Note).count(),
        has_tax: has(&[TaxReading::Included, TaxReading::OnTop]) && !has(&[TaxReading::Unclear]),
    }
}

/// Decides one order; answers the row to keep.
pub fn decide(books: &Books, company: CompanyId, wanted: &Wanted<'_>, sale: &Sale, now: NaiveDateTime) -> OrderTax {
    let decision = decision::decide(&books.profile, &books.rates, sale, wanted.day);
    let is_included = books.included.get(wanted.marketplace).copied();
    let (ours_minor, agreement) = amount::check(&decision, &wanted.told, is_included);
    let rates: Vec<_> = decision.rates.iter().collect();
    OrderTax {
        order_id: wanted.order,
        company_id: company,
        fiscal_row: decision.row,
        treatment: decision.treatment,
        income_role: decision.income,
        category: decision.category,
        rate_country: decision.rate_country,
        rates: json(&rates),
        reasons: json(&decision.reasons),
        facts: json(sale),
        ours_minor,
        agreement,
        decided_at: now,
    }
}

/// Plain data always has a JSON form.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Decides the tax of one order again, with the profile and the rates of now.
pub async fn again(app: &App, actor: &Actor, order: OrderId) -> Result<(), AppError> {
    actor.must(Action::EditTaxes)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let books = taxes::books(conn, actor.company)?;
        let before = order_taxes::of(conn, order)?.ok_or(AppError::NotFound)?;
        let rows = judged(conn, &books, actor.company, &[order], now)?;
        let row = rows.first().ok_or(AppError::NotFound)?;
        order_taxes::put(conn, row)?;
        let (old, new) = (before.fiscal_row.map_or("-", Row::as_str), row.fiscal_row.map_or("-", Row::as_str));
        let subject = format!("order {order}");
        let event = NewEvent {
            old_value: Some(old),
            new_value: Some(new),
            ..actor.event("order_tax_decided_again", &subject, now)
        };
        Ok::<_, AppError>(audit::insert(conn, &event)?)
    })
    .await
}

/// How many orders one transaction decides.
const BATCH: i64 = 500;

/// Decides all orders again whose tax is to decide; answers how many there were and how many still are.
pub async fn all_again(app: &App, actor: &Actor) -> Result<(usize, usize), AppError> {
    actor.must(Action::EditTaxes)?;
    let (mut seen, mut left, mut after) = (0, 0, OrderId(0));
    loop {
        let (company, now) = (actor.company, app.clock.now().naive_utc());
        let (ids, open) = app
            .write(move |conn| {
                let books = taxes::books(conn, company)?;
                let ids = order_taxes::to_decide(conn, company, after, BATCH)?;
                let rows = judged(conn, &books, company, &ids, now)?;
                let mut open = ids.len();
                for row in rows.iter().filter(|row| row.treatment != Treatment::ToDecide) {
                    order_taxes::put(conn, row)?;
                    open -= 1;
                }
                Ok::<_, AppError>((ids, open))
            })
            .await?;
        let Some(last) = ids.last() else { break };
        (seen, left, after) = (seen + ids.len(), left + open, *last);
    }
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let value = format!("{seen} orders, {left} left");
        let event = NewEvent { new_value: Some(&value), ..actor.event("order_taxes_decided_again", "taxes", now) };
        Ok::<_, AppError>(audit::insert(conn, &event)?)
    })
    .await?;
    Ok((seen, left))
}

fn judged(
    conn: &mut Conn,
    books: &Books,
    company: CompanyId,
    ids: &[OrderId],
    now: NaiveDateTime,
) -> Result<Vec<OrderTax>, AppError> {
    let found = order_taxes::decidable(conn, company, ids)?;
    let judge = |(row, lines): &(order_taxes::Decidable, Vec<_>)| {
        let sale: Sale = serde_json::from_str(&row.facts)
            .map_err(|_stored_by_us| AppError::Internal("the facts of an order's tax are not readable"))?;
        let told = told_by(row.total_minor, row.tax_minor, lines);
        let wanted = Wanted { order: row.id, marketplace: &row.marketplace, day: row.day, told };
        Ok(decide(books, company, &wanted, &sale, now))
    };
    found.iter().map(judge).collect()
}
