//! What a file is compared with: the rules of its subject, loaded once, and the rows that say one thing twice.

use super::{offers, products};
use crate::db::audit::NewEvent;
use crate::db::{Conn, DbError};
use crate::domain::file_rows::{Cell, Column, Counts, Decision, Row, RowOutcome, Subject};
use crate::domain::ids::{AccountId, CompanyId, UserId};
use crate::domain::sync::Reason;
use crate::error::AppError;
use crate::sheet::Sheet;
use chrono::NaiveDateTime;
use std::collections::HashMap;
use std::hash::Hash;

/// Rows that are compared at a time: a look-up of their texts stays below the limit of variables of both databases.
pub(super) const CHUNK: usize = crate::db::products::ROWS_PER_STATEMENT;

/// Whose file it is.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// The company.
    pub company: CompanyId,
    /// Who imports it; none for the command line.
    pub user: Option<UserId>,
    /// What its rows are.
    pub subject: Subject,
    /// The account of offers that name none.
    pub account: Option<AccountId>,
}

impl Owner {
    /// A line of the audit trail about the import; add the value after.
    pub(super) const fn event<'a>(&self, action: &'a str, subject: &'a str, at: NaiveDateTime) -> NewEvent<'a> {
        NewEvent {
            company_id: Some(self.company),
            user_id: self.user,
            ip: None,
            action,
            subject,
            old_value: None,
            new_value: None,
            at,
        }
    }
}

/// What a row does, and what a person is told about it.
pub(super) type Verdict = (RowOutcome, Vec<Reason>);

/// The rows of a table with what their columns hold.
pub(super) fn rows(sheet: Sheet, columns: &[Option<Column>]) -> Vec<Row> {
    let width = sheet.heads.len();
    let is_empty = |cell: &Cell| matches!(cell, Cell::Text(text) if text.trim().is_empty());
    let row = |row: crate::sheet::Row| {
        let found = row.cells.len();
        let has_more = row.cells.iter().skip(width).any(|cell| !is_empty(cell));
        let cells = columns.iter().zip(row.cells).filter_map(|(column, cell)| Some(((*column)?, cell))).collect();
        Row { line: row.line, cells, misshapen: (found < width || has_more).then_some((width, found)) }
    };
    sheet.rows.into_iter().map(row).collect()
}

/// The lines that say again what an earlier line says, with that line.
#[derive(Debug, Default)]
pub(super) struct Repeats(HashMap<i64, i64>);

impl Repeats {
    /// Finds them by what makes rows say the same thing.
    pub(super) fn of<K: Hash + Eq>(rows: &[Row], keys: impl Fn(&Row) -> Vec<K>) -> Self {
        let mut first_lines: HashMap<K, i64> = HashMap::with_capacity(rows.len());
        let mut repeats = HashMap::new();
        for row in rows {
            for key in keys(row) {
                let first = *first_lines.entry(key).or_insert(row.line);
                if first != row.line {
                    repeats.entry(row.line).or_insert(first);
                }
            }
        }
        Self(repeats)
    }

    /// The earlier line of a row.
    pub(super) fn line(&self, row: &Row) -> Option<i64> {
        self.0.get(&row.line).copied()
    }
}

/// The rules of a file's subject.
pub(super) enum Rules {
    Products(products::Rules),
    Offers(offers::Rules),
}

impl Rules {
    /// Loads what the rows of a whole file are compared with.
    pub(super) fn load(conn: &mut Conn, owner: Owner, rows: &[Row]) -> Result<Self, DbError> {
        Ok(match owner.subject {
            Subject::Products => Self::Products(products::Rules::load(conn, owner, rows)?),
            Subject::Offers => Self::Offers(offers::Rules::load(conn, owner, rows)?),
        })
    }

    /// Decides some rows against what is held now.
    pub(super) fn judge(&self, conn: &mut Conn, rows: &[Row]) -> Result<Vec<Verdict>, DbError> {
        Ok(match self {
            Self::Products(rules) => verdicts(rules.decide(conn, rows)?),
            Self::Offers(rules) => verdicts(rules.decide(conn, rows)?),
        })
    }
}

fn verdicts<N, C>(decisions: Vec<Decision<N, C>>) -> Vec<Verdict> {
    decisions.into_iter().map(|decision| (decision.outcome(), decision.into_notes())).collect()
}

/// Writes all rows in the caller's transaction, if they do exactly what was reported; answers how many order lines
/// took a product.
///
/// What is held may have changed since the report: then nothing is written, and [`AppError::Conflict`] tells it.
pub(super) fn write(
    conn: &mut Conn,
    owner: Owner,
    rows: &[Row],
    reported: Counts,
    now: NaiveDateTime,
) -> Result<i64, AppError> {
    let (counts, lines) = match Rules::load(conn, owner, rows)? {
        Rules::Products(rules) => (rules.write(conn, rows, now)?, 0),
        Rules::Offers(rules) => rules.write(conn, rows, now)?,
    };
    if counts == reported { Ok(lines) } else { Err(AppError::Conflict) }
}
