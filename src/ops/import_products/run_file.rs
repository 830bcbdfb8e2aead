//! Importing a file from the command line of the machine: compared and written at once, by the same rules.

use super::compare;
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::companies;
use crate::db::products::ROWS_PER_STATEMENT;
use crate::domain::ids::CompanyId;
use crate::domain::product_rows::{self, Counts, Decision, WrongColumns};
use crate::domain::sync::Reason;
use crate::error::AppError;
use crate::sheet::{self, SheetError};

/// The most refused rows that a report lists.
const MOST_LISTED: usize = 50;

/// A row that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its line.
    pub line: i64,
    /// Its reference.
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
}

/// Why a file cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is no table that is read.
    #[error(transparent)]
    Sheet(#[from] SheetError),
    /// Its columns cannot be used.
    #[error("no column of the file is the internal reference; name one “reference”")]
    Columns,
    /// The database failed.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Compares a file with the products and, unless it is a dry run or a row is refused, writes it all or nothing.
///
/// `progress` is told how many rows were compared, and of how many. Call it where blocking is allowed.
pub fn run_file(
    app: &App,
    company: CompanyId,
    content: &[u8],
    is_dry: bool,
    mut progress: impl FnMut(usize, usize),
) -> Result<FileReport, FileError> {
    let sheet = sheet::read(content)?;
    let (columns, encoding) = (product_rows::suggested(&sheet.heads), sheet.encoding);
    if product_rows::check_columns(&columns) == Err(WrongColumns::NoReference) {
        return Err(FileError::Columns);
    }
    let unknown = sheet.heads.iter().zip(&columns).filter(|(_, field)| field.is_none());
    let unknown = unknown.map(|(head, _)| head.clone()).collect();
    let rows = compare::rows(sheet, &columns);
    let currency = app.db.read(|conn| companies::by_id(conn, company)).map_err(AppError::from)?.currency;
    let mut report =
        FileReport { counts: Counts::default(), refused: Vec::new(), unknown, encoding, is_written: false };
    let mut done = 0;
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let decisions = app.db.read(|conn| compare::decide(conn, company, currency, chunk)).map_err(AppError::from)?;
        for (row, decision) in chunk.iter().zip(decisions) {
            report.counts.add(decision.outcome());
            if let (Decision::Refused(reasons), true) = (decision, report.refused.len() < MOST_LISTED) {
                report.refused.push(RefusedRow { line: row.line, reference: row.reference().to_owned(), reasons });
            }
        }
        done += chunk.len();
        progress(done, rows.len());
    }
    if is_dry || !report.counts.may_apply() {
        return Ok(report);
    }
    let (now, counts, told) = (app.clock.now().naive_utc(), report.counts, told(report.counts));
    app.db.write(|conn| {
        compare::write(conn, company, currency, &rows, counts, now)?;
        let event = NewEvent {
            company_id: Some(company),
            user_id: None,
            ip: None,
            action: "products_imported",
            subject: "product import by command",
            old_value: None,
            new_value: Some(&told),
            at: now,
        };
        Ok::<_, AppError>(audit::insert(conn, &event)?)
    })?;
    report.is_written = true;
    Ok(report)
}

/// The counts of an import, for the audit trail.
pub(super) fn told(counts: Counts) -> String {
    format!("new {}, changed {}, unchanged {}", counts.new, counts.changed, counts.unchanged)
}
