//! What the background worker does with an import: the report in steps that can be watched, the writing in one.

use super::compare;
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::companies;
use crate::db::product_import_rows::{self, ReportRow};
use crate::db::product_imports::{self, ImportRow};
use crate::domain::money::Currency;
use crate::domain::product_rows::{Counts, Decision, ImportState, Row};
use crate::error::AppError;
use crate::sheet;

/// Rows per step of the report: each step is a transaction, after which the page shows how far it is.
const STEP: usize = 2_000;

/// Does what an import waits for; `is_stopping` is asked between two steps. Call it where blocking is allowed.
pub fn perform(app: &App, held: &ImportRow, is_stopping: impl Fn() -> bool) -> Result<(), AppError> {
    let done = match held.state {
        ImportState::Checking => check(app, held, is_stopping),
        _ => apply(app, held),
    };
    match done {
        // Not found: its user gave it up, or another worker holds it now, and there is nothing left to say.
        Ok(()) | Err(AppError::NotFound) => Ok(()),
        Err(AppError::Conflict) => fail(app, held, "stale"),
        Err(error) => {
            fail(app, held, "internal")?;
            Err(error)
        }
    }
}

fn fail(app: &App, held: &ImportRow, problem: &str) -> Result<(), AppError> {
    match app.db.write(|conn| product_imports::end(conn, held, Some(problem))).map_err(AppError::from) {
        Err(AppError::NotFound) | Ok(()) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The rows of the kept file, and the currency of the company.
fn load(app: &App, held: &ImportRow) -> Result<(Vec<Row>, Currency), AppError> {
    let (content, company) = app.db.read(|conn| {
        let content = product_imports::content(conn, held.id)?;
        Ok::<_, AppError>((content.ok_or(AppError::NotFound)?, companies::by_id(conn, held.company_id)?))
    })?;
    let sheet = sheet::read(&content).map_err(|_was_read_before| AppError::Internal("a kept file cannot be read"))?;
    Ok((compare::rows(sheet, &super::columns(held)), company.currency))
}

fn check(app: &App, held: &ImportRow, is_stopping: impl Fn() -> bool) -> Result<(), AppError> {
    let (rows, currency) = load(app, held)?;
    app.db.write(|conn| {
        product_imports::progress(conn, held, 0, Counts::default())?;
        product_import_rows::clear(conn, held.id)
    })?;
    let (mut counts, mut done) = (Counts::default(), 0);
    for step in rows.chunks(STEP) {
        if is_stopping() {
            return Ok(app.db.write(|conn| product_imports::release(conn, held))?);
        }
        let mut report = Vec::with_capacity(step.len());
        for chunk in step.chunks(crate::db::products::ROWS_PER_STATEMENT) {
            let decisions = app.db.read(|conn| compare::decide(conn, held.company_id, currency, chunk))?;
            report.extend(chunk.iter().zip(&decisions).map(|(row, decision)| reported(held, row, decision)));
        }
        for row in &report {
            counts.add(row.outcome);
        }
        done += i64::try_from(step.len()).unwrap_or(0);
        app.db.write(|conn| {
            product_imports::progress(conn, held, done, counts)?;
            product_import_rows::insert(conn, &report)
        })?;
    }
    Ok(app.db.write(|conn| product_imports::end_check(conn, held))?)
}

fn reported(held: &ImportRow, row: &Row, decision: &Decision) -> ReportRow {
    ReportRow {
        import_id: held.id,
        line: row.line,
        outcome: decision.outcome(),
        reference: row.reference().chars().take(80).collect(),
        notes: serde_json::to_string(decision.notes()).unwrap_or_default(),
    }
}

/// Everything in one transaction: a failure, a stop or a power cut leaves nothing half-written.
fn apply(app: &App, held: &ImportRow) -> Result<(), AppError> {
    let (rows, currency) = load(app, held)?;
    let (now, counts) = (app.clock.now().naive_utc(), held.counts());
    let (subject, told) = (format!("product import {}", held.id), super::run_file::told(counts));
    app.db.write(|conn| {
        product_imports::progress(conn, held, held.rows_total, counts)?;
        compare::write(conn, held.company_id, currency, &rows, counts, now)?;
        let event = NewEvent {
            company_id: Some(held.company_id),
            user_id: Some(held.user_id),
            ip: None,
            action: "products_imported",
            subject: &subject,
            old_value: None,
            new_value: Some(&told),
            at: now,
        };
        audit::insert(conn, &event)?;
        Ok::<_, AppError>(product_imports::end(conn, held, None)?)
    })
}
