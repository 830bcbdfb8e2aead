//! Rows of a file against the products that are held: the dry run and the writing share every step.

use crate::db::products::{self, ROWS_PER_STATEMENT};
use crate::db::{Conn, DbError};
use crate::domain::ids::CompanyId;
use crate::domain::money::Currency;
use crate::domain::product::Field;
use crate::domain::product_rows::{self, Cell, Counts, Decision, Row};
use crate::error::AppError;
use crate::sheet::Sheet;
use chrono::NaiveDateTime;
use std::collections::HashMap;

/// The rows of a table with the fields that its columns hold; repeated references know the line of the first.
pub(super) fn rows(sheet: Sheet, columns: &[Option<Field>]) -> Vec<Row> {
    let width = sheet.heads.len();
    let mut first_lines: HashMap<String, i64> = HashMap::with_capacity(sheet.rows.len());
    let mut rows = Vec::with_capacity(sheet.rows.len());
    for row in sheet.rows {
        let found = row.cells.len();
        let is_empty = |cell: &Cell| matches!(cell, Cell::Text(text) if text.trim().is_empty());
        let has_more = row.cells.iter().skip(width).any(|cell| !is_empty(cell));
        let misshapen = (found < width || has_more).then_some((width, found));
        let held = columns.iter().zip(row.cells).filter_map(|(field, cell)| Some(((*field)?, cell))).collect();
        let mut row = Row { line: row.line, cells: held, misshapen, repeats: None };
        if !row.reference().is_empty() {
            row.repeats = first_lines.get(row.reference()).copied();
            first_lines.entry(row.reference().to_owned()).or_insert(row.line);
        }
        rows.push(row);
    }
    rows
}

/// Decides some rows against the products that are held now.
pub(super) fn decide(
    conn: &mut Conn,
    company: CompanyId,
    currency: Currency,
    rows: &[Row],
) -> Result<Vec<Decision>, DbError> {
    let references: Vec<&str> = rows.iter().map(Row::reference).filter(|reference| !reference.is_empty()).collect();
    let known = products::by_references(conn, company, &references)?;
    let decide = |row: &Row| {
        let held = known.get(row.reference()).map(|found| found.held(currency));
        product_rows::decide(row, held.as_ref(), currency)
    };
    Ok(rows.iter().map(decide).collect())
}

/// Writes all rows in the caller's transaction, if they do exactly what was reported.
///
/// Products may have changed since the report: then nothing is written, and [`AppError::Conflict`] tells it.
pub(super) fn write(
    conn: &mut Conn,
    company: CompanyId,
    currency: Currency,
    rows: &[Row],
    reported: Counts,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    let mut counts = Counts::default();
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        let mut new = Vec::new();
        for decision in decide(conn, company, currency, chunk)? {
            counts.add(decision.outcome());
            match decision {
                Decision::New(fields, is_active) => new.push((fields, is_active)),
                Decision::Changed(after, _) => {
                    products::update(conn, company, (after.id, None), &after.fields, after.is_active)?;
                }
                Decision::Unchanged => {}
                Decision::Refused(_) => return Err(AppError::Conflict),
            }
        }
        products::insert(conn, company, &new, now)?;
    }
    if counts == reported { Ok(()) } else { Err(AppError::Conflict) }
}
