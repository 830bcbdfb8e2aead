//! What the background worker does with an import: the report in steps that can be watched, the writing in one.

use super::rules::{self, CHUNK, Owner, Rules, Verdict};
use crate::app::App;
use crate::db::file_import_rows::{self, ReportRow};
use crate::db::file_imports::{self, End, ImportRow};
use crate::domain::file_rows::{Counts, ImportState, Row};
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
    match app.db.write(|conn| file_imports::end(conn, held, End::Failed(problem))).map_err(AppError::from) {
        Err(AppError::NotFound) | Ok(()) => Ok(()),
        Err(error) => Err(error),
    }
}

const fn owner(held: &ImportRow) -> Owner {
    Owner { company: held.company_id, user: Some(held.user_id), subject: held.subject, account: held.account_id }
}

/// The rows of the kept file.
fn load(app: &App, held: &ImportRow) -> Result<Vec<Row>, AppError> {
    let content = app.db.read(|conn| file_imports::content(conn, held.id))?.ok_or(AppError::NotFound)?;
    let sheet = sheet::read(&content).map_err(|_was_read_before| AppError::Internal("a kept file cannot be read"))?;
    Ok(rules::rows(sheet, &super::columns(held)))
}

fn check(app: &App, held: &ImportRow, is_stopping: impl Fn() -> bool) -> Result<(), AppError> {
    let rows = load(app, held)?;
    let rules = app.db.read(|conn| Rules::load(conn, owner(held), &rows))?;
    app.db.write(|conn| {
        file_imports::progress(conn, held, 0, Counts::default())?;
        file_import_rows::clear(conn, held.id)
    })?;
    let (mut counts, mut done) = (Counts::default(), 0);
    for step in rows.chunks(STEP) {
        if is_stopping() {
            return Ok(app.db.write(|conn| file_imports::release(conn, held))?);
        }
        let mut report = Vec::with_capacity(step.len());
        for chunk in step.chunks(CHUNK) {
            let verdicts = app.db.read(|conn| rules.judge(conn, chunk))?;
            report.extend(chunk.iter().zip(verdicts).map(|(row, verdict)| reported(held, row, verdict)));
        }
        for row in &report {
            counts.add(row.outcome);
        }
        done += i64::try_from(step.len()).unwrap_or(0);
        app.db.write(|conn| {
            file_imports::progress(conn, held, done, counts)?;
            file_import_rows::insert(conn, &report)
        })?;
    }
    Ok(app.db.write(|conn| file_imports::end_check(conn, held))?)
}

fn reported(held: &ImportRow, row: &Row, (outcome, notes): Verdict) -> ReportRow {
    ReportRow {
        import_id: held.id,
        line: row.line,
        outcome,
        reference: row.name(held.subject).chars().take(80).collect(),
        notes: serde_json::to_string(&notes).unwrap_or_default(),
    }
}

/// Everything in one transaction: a failure, a stop or a power cut leaves nothing half-written.
fn apply(app: &App, held: &ImportRow) -> Result<(), AppError> {
    let rows = load(app, held)?;
    let (now, counts) = (app.clock.now().naive_utc(), held.counts());
    let subject = format!("file import {}", held.id);
    app.db.write(|conn| {
        file_imports::progress(conn, held, held.rows_total, counts)?;
        let lines = rules::write(conn, owner(held), &rows, counts, now)?;
        super::run_file::note(conn, owner(held), &subject, counts, now)?;
        Ok::<_, AppError>(file_imports::end(conn, held, End::Applied(lines))?)
    })
}
