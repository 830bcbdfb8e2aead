//! Writing one page of orders: every order decided, everything written in one transaction, in batch.
//!
//! If the batch fails, the page is replayed order by order, each behind a savepoint: the bad order is set aside with
//! its reason and the others are written.

mod create;
mod offers;
mod update;

use super::decide_taxes::{self, Wanted};
use super::prepare_orders::{Page, Prepared, Unreadable};
use super::settle_shipments;
use crate::db::import::decisions::{self, DecisionRow, Problem, ResultRow};
use crate::db::import::surroundings::{self, Catalogue, Standard};
use crate::db::import::{held, orders};
use crate::db::issues::UNMATCHED_SKU;
use crate::db::order_taxes::OrderTax;
use crate::db::taxes::{self, Books};
use crate::db::{Conn, DbError, links, quants, savepoint};
use crate::domain::account::Registration;
use crate::domain::dataset::Dataset;
use crate::domain::ids::{AccountId, AmazonOrderId, Asin, OrderId, RunId, Sku};
use crate::domain::lines::DraftLines;
use crate::domain::offer;
use crate::domain::picking::allocation::Parts;
use crate::domain::remote::{RemoteItem, RemoteOrder};
use crate::domain::run::Counts;
use crate::domain::sync::{self, Decision, HeldOrder, Outcome, Plan, Reason, Rule};
use crate::domain::tax::rates::TaxClass;
use crate::domain::tax::sale::Sale;
use crate::error::AppError;
use chrono::{DateTime, NaiveDateTime};
use std::collections::BTreeMap;

/// What surrounds the orders of a page while it is written.
struct Around {
    run: RunId,
    registration: Registration,
    standard: Standard,
    catalogue: Catalogue,
    books: Books,
    /// What the products of the page take from the shelves.
    parts: Parts,
    /// The parts of orders that Amazon refuses to tell: of these, what is held stays.
    refused: Vec<Dataset>,
    now: NaiveDateTime,
}

impl Around {
    fn lacks(&self, part: Dataset) -> bool {
        self.refused.contains(&part)
    }
}

/// What is done with the decisions of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write the orders.
    Write,
    /// Write nothing but what would happen.
    Preview,
    /// Write the orders and keep an answer for each of them.
    Recover,
}

/// Issues about an order that are settled once it is written.
const SETTLED_BY_WRITING: &[&str] = &["unreadable_order", "order_not_written", "unknown_status", "no_items"];

/// Writes a page for a run and counts what happened.
///
/// Must run inside a write transaction. With `one_by_one` each order has a savepoint of its own.
pub fn run(
    conn: &mut Conn,
    account: AccountId,
    run: RunId,
    page: &Page,
    mode: Mode,
    one_by_one: bool,
    now: NaiveDateTime,
) -> Result<Counts, AppError> {
    let around = around(conn, account, run, page, now)?;
    let stamps: BTreeMap<&AmazonOrderId, i64> =
        page.orders.iter().map(|order| (&order.remote.amazon_id, order.fingerprint)).collect();
    let held = held::orders(conn, &around.registration.siblings, &stamps)?;
    let mut decided: Vec<Decided<'_>> = page
        .orders
        .iter()
        .map(|order| {
            let held = held.get(&order.remote.amazon_id);
            let decision = sync::decide(held, &order.remote, order.fingerprint, &around.registration);
            Decided { order, held, decision, id: held.map(|held| held.id), problems: Vec::new() }
        })
        .collect();
    if mode == Mode::Preview {
        explain_products(&around, &mut decided);
    } else if one_by_one {
        for one in &mut decided {
            write_alone(conn, &around, one)?;
        }
    } else {
        write(conn, &around, &mut decided)?;
    }
    if mode != Mode::Preview {
        let held = decided.iter().filter_map(|one| Some((one.held?.id, &one.order.remote)));
        settle_shipments::run(conn, held, now)?;
    }
    let mut counts = Counts { unchanged: page.repeated, read: page.repeated, ..Counts::default() };
    for one in &decided {
        counts.add(one.decision.outcome);
    }
    for _ in &page.unreadable {
        counts.add(Outcome::Failed);
    }
    let mut rows: Vec<DecisionRow> = decided.iter().map(|one| one.row(&around)).collect();
    rows.extend(page.unreadable.iter().map(|one| unreadable_row(&around, one)));
    if mode != Mode::Write {
        let results: Vec<ResultRow> = rows.iter().cloned().map(ResultRow::from).collect();
        decisions::keep_results(conn, &results)?;
    }
    if mode != Mode::Preview {
        rows.retain(|row| row.outcome != Outcome::Unchanged);
        record(conn, &around, &decided, &page.unreadable, &rows)?;
    }
    Ok(counts)
}

fn around(
    conn: &mut Conn,
    account: AccountId,
    run: RunId,
    page: &Page,
    now: NaiveDateTime,
) -> Result<Around, AppError> {
    let registration = surroundings::registration(conn, account)?;
    let standard = surroundings::standard(conn, registration.company)?;
    let standard = standard.ok_or(AppError::Internal("the company lacks its standard products or locations"))?;
    let items = page.orders.iter().flat_map(|order| &order.remote.items);
    let mut skus: Vec<&str> = items.filter_map(|item| item.sku.as_ref()).map(Sku::as_str).collect();
    skus.sort_unstable();
    skus.dedup();
    let catalogue = surroundings::catalogue(conn, &registration, &skus)?;
    let books = taxes::books(conn, registration.company)?;
    let parts = quants::parts(conn, registration.company, catalogue.products())?;
    let refused = links::by_account(conn, account)?.refused();
    Ok(Around { run, registration, standard, catalogue, books, parts, refused, now })
}

/// One order with what was decided and what became of it.
struct Decided<'a> {
    order: &'a Prepared,
    held: Option<&'a HeldOrder>,
    decision: Decision,
    id: Option<OrderId>,
    problems: Vec<Problem>,
}

impl Decided<'_> {
    fn row(&self, around: &Around) -> DecisionRow {
        let remote = &self.order.remote;
        DecisionRow {
            run_id: around.run,
            account_id: around.registration.account,
            order_id: self.id,
            amazon_order_id: remote.amazon_id.clone(),
            rule: self.decision.rule,
            outcome: self.decision.outcome,
            reasons: json(&self.decision.reasons),
            channel: remote.channel.as_str().to_owned(),
            amazon_status: remote.status.as_str().to_owned(),
            amazon_updated_at: remote.updated_at.naive_utc(),
            decided_at: around.now,
        }
    }

    /// Raises an issue about this order.
    fn problem(&mut self, kind: &'static str, is_blocking: bool, reason: Reason) {
        let subject = self.order.remote.amazon_id.to_string();
        self.problem_about(kind, subject, is_blocking, reason);
    }

    fn problem_about(&mut self, kind: &'static str, subject: String, is_blocking: bool, reason: Reason) {
        // The public identity is derived, not drawn: this code runs inside the transaction and may run twice.
        let public_id = format!("{}-{kind}", self.order.public_id);
        self.problems.push(Problem {
            kind,
            subject,
            is_blocking,
            order: self.id,
            amazon_id: Some(self.order.remote.amazon_id.clone()),
            detail: json(&[reason]),
            public_id,
            payload: None,
        });
    }
}

/// Writes the orders of a page together.
fn write(conn: &mut Conn, around: &Around, decided: &mut [Decided<'_>]) -> Result<(), AppError> {
    explain_products(around, decided);
    offers::run(conn, around, decided)?;
    create::run(conn, around, decided)?;
    for one in decided.iter_mut() {
        update::run(conn, around, one)?;
    }
    Ok(())
}

/// Writes one order; a failure undoes only this order and sets it aside.
fn write_alone(conn: &mut Conn, around: &Around, one: &mut Decided<'_>) -> Result<(), AppError> {
    let written = savepoint(conn, |conn| write(conn, around, std::slice::from_mut(one)));
    match written {
        Ok(()) => Ok(()),
        Err(AppError::Database(error)) if !error.is_refused_row() => Err(AppError::Database(error)),
        Err(error) => {
            let reason = Reason::new("not-written").with("detail", cause(&error));
            one.id = one.held.map(|held| held.id);
            one.problems.clear();
            one.decision = Decision::set_aside("order_not_written", reason.clone());
            one.problem("order_not_written", true, reason);
            Ok(())
        }
    }
}

/// What the database refused, without the values that it quotes.
fn cause(error: &AppError) -> String {
    match error {
        AppError::Database(DbError::Query(diesel::result::Error::DatabaseError(kind, info))) => {
            format!("{kind:?} {}", info.constraint_name().unwrap_or_default())
        }
        other => other.to_string(),
    }
}

/// Product codes without a product become the default product and one issue per code (R11).
fn explain_products(around: &Around, decided: &mut [Decided<'_>]) {
    for one in decided.iter_mut().filter(|one| matches!(one.decision.plan, Plan::Create(_))) {
        let remote = &one.order.remote;
        let unknown: Vec<String> = remote
            .items
            .iter()
            .filter(|item| product_of(around, remote, item.sku.as_ref()).is_none())
            .map(|item| item.sku.as_ref().map(ToString::to_string).unwrap_or_default())
            .collect();
        for sku in unknown {
            let reason = Reason::new("sku-without-product").with("sku", &sku);
            one.decision.reasons.push(reason.clone());
            one.problem_about(UNMATCHED_SKU, offer::subject(&remote.marketplace, &sku), false, reason);
        }
    }
}

fn product_of(around: &Around, remote: &RemoteOrder, sku: Option<&Sku>) -> Option<crate::domain::ids::ProductId> {
    around.catalogue.product(&remote.marketplace, sku?)
}

/// Records the decisions, and raises or settles issues where a decision is new.
fn record(
    conn: &mut Conn,
    around: &Around,
    decided: &[Decided<'_>],
    unreadable: &[Unreadable],
    rows: &[DecisionRow],
) -> Result<(), AppError> {
    let account = around.registration.account;
    let new = decisions::record(conn, rows)?;
    let is_new = |id: &AmazonOrderId| new.contains(id);
    let mut problems: Vec<Problem> = Vec::new();
    for one in decided.iter().filter(|one| is_new(&one.order.remote.amazon_id)) {
        problems.extend(one.problems.iter().cloned().map(|problem| Problem { order: one.id, ..problem }));
    }
    let unread = unreadable.iter().filter(|one| one.amazon_id.as_ref().is_none_or(is_new));
    problems.extend(unread.map(unreadable_problem));
    decisions::raise(conn, around.registration.company, account, &problems, around.now)?;
    let written: Vec<&str> = decided
        .iter()
        .filter(|one| matches!(one.decision.outcome, Outcome::Create | Outcome::Update))
        .map(|one| one.order.remote.amazon_id.as_str())
        .collect();
    // Whichever registration of the seller read it first: the order is written now.
    let siblings = &around.registration.siblings;
    Ok(decisions::settle(conn, siblings, SETTLED_BY_WRITING, &written, around.now)?)
}

fn unreadable_row(around: &Around, one: &Unreadable) -> DecisionRow {
    DecisionRow {
        run_id: around.run,
        account_id: around.registration.account,
        order_id: None,
        amazon_order_id: one.amazon_id.clone().unwrap_or_else(|| AmazonOrderId::from("?")),
        rule: Rule::R14,
        outcome: Outcome::Failed,
        reasons: json(std::slice::from_ref(&one.reason)),
        channel: String::new(),
        amazon_status: String::new(),
        amazon_updated_at: DateTime::UNIX_EPOCH.naive_utc(),
        decided_at: around.now,
    }
}

fn unreadable_problem(one: &Unreadable) -> Problem {
    let subject = one.amazon_id.as_ref().map_or_else(|| one.public_id.clone(), ToString::to_string);
    Problem {
        kind: "unreadable_order",
        subject,
        is_blocking: true,
        order: None,
        amazon_id: one.amazon_id.clone(),
        detail: json(std::slice::from_ref(&one.reason)),
        public_id: one.public_id.clone(),
        payload: Some(one.payload.clone()),
    }
}

/// Reasons as stored: plain data, which always has a JSON form.
fn json(reasons: &[Reason]) -> String {
    serde_json::to_string(reasons).unwrap_or_else(|_never| "[]".to_owned())
}

/// A line row from a drafted line.
fn line_row<'a>(
    around: &Around,
    remote: &'a RemoteOrder,
    order: OrderId,
    position: i64,
    line: &crate::domain::lines::DraftLine<'a>,
) -> orders::LineRow<'a> {
    use crate::domain::order::LineKind;
    let sku = line.item.and_then(|item| item.sku.as_ref());
    let found = product_of(around, remote, sku);
    let (product_id, is_default_product) = match line.kind {
        LineKind::Item => (Some(found.unwrap_or(around.standard.sale)), found.is_none()),
        LineKind::Shipping => (Some(around.standard.shipping), false),
        LineKind::GiftWrap | LineKind::Other | LineKind::Adjustment => (Some(around.standard.sale), false),
        LineKind::Note => (None, false),
    };
    let is_item = line.kind == LineKind::Item;
    orders::LineRow {
        order_id: order,
        position,
        kind: line.kind,
        amazon_item_id: line.item.map(|item| &item.item_id),
        sku: if is_item { sku } else { None },
        asin: if is_item { line.item.and_then(|item| item.asin.as_ref()) } else { None },
        title: if is_item { line.item.map_or("", title) } else { "" },
        product_id,
        is_default_product,
        quantity: line.quantity,
        delivered: if is_item { line.item.map_or(0, |item| sync::shipped_of(remote, item)) } else { 0 },
        total_minor: line.total.minor(),
        tax_minor: line.tax.minor(),
        discount_minor: line.discount.minor(),
        tax_reading: line.reading,
    }
}

/// What is decided about the tax of an order.
fn tax_row(around: &Around, prepared: &Prepared, sale: &Sale, order: OrderId, drafted: &DraftLines<'_>) -> OrderTax {
    let wanted = Wanted {
        order,
        marketplace: &prepared.remote.marketplace,
        day: prepared.ordered_on,
        told: decide_taxes::told(drafted),
    };
    let remote = &prepared.remote;
    let class = |item: &RemoteItem| {
        let product = product_of(around, remote, item.sku.as_ref());
        product.map_or(TaxClass::Standard, |product| around.catalogue.tax_class(product))
    };
    let sale = Sale { classes: remote.items.iter().map(class).collect(), ..sale.clone() };
    decide_taxes::decide(&around.books, around.registration.company, &wanted, &sale, around.now)
}

/// What an item is called; Amazon may leave its title out.
fn title(item: &crate::domain::remote::RemoteItem) -> &str {
    let codes = [item.sku.as_ref().map(Sku::as_str), item.asin.as_ref().map(Asin::as_str)];
    if item.title.is_empty() { codes.into_iter().flatten().next().unwrap_or_default() } else { &item.title }
}
