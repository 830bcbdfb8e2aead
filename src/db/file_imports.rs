//! Imports from a file: the file itself, for a limited time, and where each import stands.
//!
//! The worker takes an import by a lease with a fencing number, as it takes jobs.

use super::portable;
use super::schema::file_imports as i;
use super::{Conn, DbError, exactly_one};
use crate::domain::file_rows::{Counts, ImportState, Subject};
use crate::domain::ids::{AccountId, CompanyId, FileImportId, UserId};
use chrono::{DateTime, Duration, NaiveDateTime};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};

/// How long a lease lasts without a sign of life; writing a large file is one transaction without any.
const LEASE_SECS: i64 = 300;

/// The moment before every other: a lease that nobody holds.
const NEVER: NaiveDateTime = DateTime::UNIX_EPOCH.naive_utc();

/// An import without its file.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = i)]
#[expect(missing_docs, reason = "the columns are named after what they hold")]
pub struct ImportRow {
    pub id: FileImportId,
    pub company_id: CompanyId,
    pub user_id: UserId,
    pub subject: Subject,
    /// Whose offers the rows are, unless a row names another account.
    pub account_id: Option<AccountId>,
    pub file_name: String,
    pub encoding: String,
    pub state: ImportState,
    pub heads: String,
    pub mapping: String,
    pub rows_total: i64,
    pub rows_done: i64,
    pub rows_new: i64,
    pub rows_changed: i64,
    pub rows_unchanged: i64,
    pub rows_refused: i64,
    /// Order lines that waited for a product and took it.
    pub lines_mended: i64,
    pub problem: Option<String>,
    pub fencing: i64,
    pub created_at: NaiveDateTime,
}

impl ImportRow {
    /// How many rows do what.
    pub const fn counts(&self) -> Counts {
        Counts {
            new: self.rows_new,
            changed: self.rows_changed,
            unchanged: self.rows_unchanged,
            refused: self.rows_refused,
        }
    }
}

/// A file that was uploaded.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the fields are those of the row")]
pub struct NewImport {
    pub company: CompanyId,
    pub user: UserId,
    pub subject: Subject,
    pub file_name: String,
    pub encoding: &'static str,
    pub heads: String,
    pub mapping: String,
    pub rows: i64,
    pub content: Vec<u8>,
}

/// Keeps an uploaded file; an earlier one of its subject that the same user did not import is forgotten.
pub fn insert(conn: &mut Conn, new: &NewImport, now: NaiveDateTime) -> Result<FileImportId, DbError> {
    let earlier = i::table
        .filter(i::user_id.eq(new.user))
        .filter(i::subject.eq(new.subject))
        .filter(i::state.eq_any([ImportState::Uploaded, ImportState::Checking, ImportState::Checked]));
    each!(&mut *conn, |c| diesel::delete(earlier).execute(c))?;
    let row = (
        (i::company_id.eq(new.company), i::user_id.eq(new.user), i::subject.eq(new.subject)),
        i::file_name.eq(&new.file_name),
        (i::encoding.eq(new.encoding), i::heads.eq(&new.heads), i::mapping.eq(&new.mapping)),
        (i::state.eq(ImportState::Uploaded), i::rows_total.eq(new.rows), i::rows_done.eq(0_i64)),
        (i::rows_new.eq(0_i64), i::rows_changed.eq(0_i64), i::rows_unchanged.eq(0_i64), i::rows_refused.eq(0_i64)),
        (i::lease_until.eq(NEVER), i::fencing.eq(0_i64), i::created_at.eq(now), i::content.eq(Some(&new.content))),
    );
    Ok(each!(conn, |c| diesel::insert_into(i::table).values(row).returning(i::id).get_result(c))?)
}

/// Whose import of what: nobody opens another one by its number.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Who uploaded the file.
    pub user: UserId,
    /// What its rows are.
    pub subject: Subject,
    /// The key.
    pub id: FileImportId,
}

/// The import with this key.
pub fn by_id(conn: &mut Conn, key: Key) -> Result<Option<ImportRow>, DbError> {
    Ok(each!(conn, |c| i::table
        .find(key.id)
        .filter(i::user_id.eq(key.user))
        .filter(i::subject.eq(key.subject))
        .select(ImportRow::as_select())
        .first(c)
        .optional())?)
}

/// The imports of a user, the newest first.
pub fn of_user(conn: &mut Conn, user: UserId, subject: Subject) -> Result<Vec<ImportRow>, DbError> {
    Ok(each!(conn, |c| i::table
        .filter(i::user_id.eq(user))
        .filter(i::subject.eq(subject))
        .order(i::id.desc())
        .limit(20)
        .select(ImportRow::as_select())
        .load(c))?)
}

/// The file of an import; none once it was imported or given up.
pub fn content(conn: &mut Conn, id: FileImportId) -> Result<Option<Vec<u8>>, DbError> {
    let found: Option<Option<Vec<u8>>> = each!(conn, |c| i::table.find(id).select(i::content).first(c).optional())?;
    Ok(found.flatten())
}

/// Asks the worker to compare the rows, with these columns and this account.
pub fn ask_check(conn: &mut Conn, id: FileImportId, mapping: &str, account: Option<AccountId>) -> Result<(), DbError> {
    let target = i::table
        .find(id)
        .filter(i::state.eq_any([ImportState::Uploaded, ImportState::Checked]))
        .filter(i::content.is_not_null());
    let values = (
        (i::state.eq(ImportState::Checking), i::mapping.eq(mapping), i::account_id.eq(account)),
        i::rows_done.eq(0_i64),
    );
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// Asks the worker to write what was reported.
pub fn ask_apply(conn: &mut Conn, id: FileImportId) -> Result<(), DbError> {
    let target = i::table.find(id).filter(i::state.eq(ImportState::Checked)).filter(i::content.is_not_null());
    exactly_one(each!(conn, |c| diesel::update(target).set(i::state.eq(ImportState::Applying)).execute(c))?)
}

/// Forgets an import with its file and its report, unless it is being written.
pub fn delete(conn: &mut Conn, id: FileImportId) -> Result<(), DbError> {
    let target = i::table.find(id).filter(i::state.ne(ImportState::Applying));
    exactly_one(each!(conn, |c| diesel::delete(target).execute(c))?)
}

/// Forgets imports that began before `old`.
pub fn forget(conn: &mut Conn, old: NaiveDateTime) -> Result<usize, DbError> {
    let target = i::table.filter(i::created_at.lt(old)).filter(i::state.ne(ImportState::Applying));
    Ok(each!(conn, |c| diesel::delete(target).execute(c))?)
}

/// Whether an import waits for the worker.
pub fn is_any_free(conn: &mut Conn) -> Result<bool, DbError> {
    let clock = portable::now(conn)?;
    let free = i::table
        .filter(i::state.eq_any([ImportState::Checking, ImportState::Applying]))
        .filter(i::lease_until.lt(clock));
    Ok(each!(conn, |c| diesel::select(diesel::dsl::exists(free)).get_result(c))?)
}

/// Takes the oldest import that waits; two workers never get the same one.
pub fn claim(conn: &mut Conn) -> Result<Option<ImportRow>, DbError> {
    let clock = portable::now(conn)?;
    let free = i::table
        .filter(i::state.eq_any([ImportState::Checking, ImportState::Applying]))
        .filter(i::lease_until.lt(clock));
    let next: Option<ImportRow> =
        each!(&mut *conn, |c| free.order(i::id).select(ImportRow::as_select()).first(c).optional())?;
    let Some(mut row) = next else { return Ok(None) };
    let target = i::table.find(row.id).filter(i::fencing.eq(row.fencing));
    row.fencing += 1;
    let lease = (i::lease_until.eq(clock + Duration::seconds(LEASE_SECS)), i::fencing.eq(row.fencing));
    exactly_one(each!(conn, |c| diesel::update(target).set(lease).execute(c))?)?;
    Ok(Some(row))
}

/// Frees every lease: right after the start of the only process that can use an embedded database.
pub fn free_all(conn: &mut Conn) -> Result<(), DbError> {
    each!(conn, |c| diesel::update(i::table).set(i::lease_until.eq(NEVER)).execute(c))?;
    Ok(())
}

/// Gives an import back, to be taken up again.
pub fn release(conn: &mut Conn, held: &ImportRow) -> Result<(), DbError> {
    let target = i::table.find(held.id).filter(i::fencing.eq(held.fencing));
    exactly_one(each!(conn, |c| diesel::update(target).set(i::lease_until.eq(NEVER)).execute(c))?)
}

/// Stores how far the comparison is; fails when somebody else took the import, or its user gave it up.
pub fn progress(conn: &mut Conn, held: &ImportRow, done: i64, counts: Counts) -> Result<(), DbError> {
    let clock = portable::now(conn)?;
    let values = (
        i::rows_done.eq(done),
        i::rows_new.eq(counts.new),
        i::rows_changed.eq(counts.changed),
        i::rows_unchanged.eq(counts.unchanged),
        i::rows_refused.eq(counts.refused),
        i::lease_until.eq(clock + Duration::seconds(LEASE_SECS)),
    );
    let target = i::table.find(held.id).filter(i::fencing.eq(held.fencing));
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// The report is complete.
pub fn end_check(conn: &mut Conn, held: &ImportRow) -> Result<(), DbError> {
    let target = i::table.find(held.id).filter(i::fencing.eq(held.fencing)).filter(i::state.eq(ImportState::Checking));
    let values = (i::state.eq(ImportState::Checked), i::lease_until.eq(NEVER));
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// How an import ended.
#[derive(Clone, Copy, Debug)]
pub enum End<'a> {
    /// Everything was written, and this many order lines took a product.
    Applied(i64),
    /// Nothing was written, for this reason (the end of a message's key).
    Failed(&'a str),
}

/// The import ended: its file is removed.
pub fn end(conn: &mut Conn, held: &ImportRow, end: End<'_>) -> Result<(), DbError> {
    let (state, problem, lines) = match end {
        End::Applied(lines) => (ImportState::Applied, None, lines),
        End::Failed(problem) => (ImportState::Failed, Some(problem), 0),
    };
    let none: Option<Vec<u8>> = None;
    let values = (
        (i::state.eq(state), i::problem.eq(problem), i::lines_mended.eq(lines)),
        (i::lease_until.eq(NEVER), i::content.eq(none)),
    );
    let target = i::table.find(held.id).filter(i::fencing.eq(held.fencing));
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}
