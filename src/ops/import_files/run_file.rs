//! Importing a file from the command line of the machine: compared and written at once, by the same rules.

use super::rules::{self, CHUNK, Owner, Rules};
use crate::app::App;
use crate::db::Conn;
use crate::db::audit::{self, NewEvent};
use crate::domain::file_rows::{self, Column, Counts, RowOutcome, Subject, WrongColumns};
use crate::domain::sync::Reason;
use crate::error::AppError;
use crate::sheet::{self, SheetError};
use chrono::NaiveDateTime;

/// The most refused rows that a report lists.
const MOST_LISTED: usize = 50;

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its line.
    pub line: i64,
    /// Its internal reference or its SKU.
    pub reference: String,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What a file does, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReport {
    /// How many rows do what.
    pub counts: Counts,
    /// The first refused rows.
    pub refused: Vec<RefusedRow>,
    /// Heads that name no field: their columns are not imported.
    pub unknown: Vec<String>,
    /// How the file is written.
    pub encoding: &'static str,
    /// Whether it was written.
    pub is_written: bool,
    /// Order lines that waited for a product and took it.
    pub lines: i64,
}

/// Why a file cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is no table that is read.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// A column is missing without which no row can be read.
    #[error("no column of the file is “{0}”; name one so")]
    Columns(&'static str),
    /// The database failed.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Compares a file with what is held and, unless it is a dry run or a row is refused, writes it all or nothing.
///
/// `progress` is told how many rows were compared, and of how many. Call it where blocking is allowed.
pub fn run_file(
    app: &App,
    owner: Owner,
    content: &[u8],
    is_dry: bool,
    mut progress: impl FnMut(usize, usize),
) -> Result<FileReport, FileError> {
    let sheet = sheet::read(content)?;
    let (columns, encoding) = (file_rows::suggested(owner.subject, &sheet.heads), sheet.encoding);
    if let Err(WrongColumns::Missing(column)) = file_rows::check_columns(owner.subject, &columns) {
        return Err(FileError::Columns(Column::as_str(column)));
    }
    let unknown = sheet.heads.iter().zip(&columns).filter(|(_, column)| column.is_none());
    let unknown = unknown.map(|(head, _)| head.clone()).collect();
    let rows = rules::rows(sheet, &columns);
    let rules = app.db.read(|conn| Rules::load(conn, owner, &rows)).map_err(AppError::from)?;
    let mut report =
        FileReport { counts: Counts::default(), refused: Vec::new(), unknown, encoding, is_written: false, lines: 0 };
    let mut done = 0;
    for chunk in rows.chunks(CHUNK) {
        let verdicts = app.db.read(|conn| rules.judge(conn, chunk)).map_err(AppError::from)?;
        for (row, (outcome, reasons)) in chunk.iter().zip(verdicts) {
            report.counts.add(outcome);
            if outcome == RowOutcome::Refused && report.refused.len() < MOST_LISTED {
                let reference = row.name(owner.subject).to_owned();
                report.refused.push(RefusedRow { line: row.line, reference, reasons });
            }
        }
        done += chunk.len();
        progress(done, rows.len());
    }
    if is_dry || !report.counts.may_apply() {
        return Ok(report);
    }
    let (now, counts) = (app.clock.now().naive_utc(), report.counts);
    report.lines = app.db.write(|conn| {
        let lines = rules::write(conn, owner, &rows, counts, now)?;
        note(conn, owner, "file import by command", counts, now)?;
        Ok::<_, AppError>(lines)
    })?;
    report.is_written = true;
    Ok(report)
}

/// Adds the counts of an import to the audit trail.
pub(super) fn note(
    conn: &mut Conn,
    owner: Owner,
    subject: &str,
    counts: Counts,
    at: NaiveDateTime,
) -> Result<(), AppError> {
    let told = format!("new {}, changed {}, unchanged {}", counts.new, counts.changed, counts.unchanged);
    let action = match owner.subject {
        Subject::Products => "products_imported",
        Subject::Offers => "offers_imported",
    };
    Ok(audit::insert(conn, &NewEvent { new_value: Some(&told), ..owner.event(action, subject, at) })?)
}
