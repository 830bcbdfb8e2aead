//! Importing a file of products or offers: uploaded, its columns chosen, compared row by row, then written all or nothing.
//!
//! The file is kept in the database for a limited time, belongs to who uploaded it, and goes when it was imported.

mod offers;
mod perform;
mod products;
mod rules;
mod run_file;

pub use perform::perform;
pub use rules::Owner;
pub use run_file::{FileError, FileReport, RefusedRow, run_file};

use super::Actor;
use super::edit_account::stale;
use crate::app::App;
use crate::db::file_imports::{self, ImportRow, Key, NewImport};
use crate::db::teams;
use crate::domain::access::Action;
use crate::domain::file_rows::{self, Column, ImportState, Subject, WrongColumns};
use crate::domain::ids::{AccountId, FileImportId};
use crate::domain::offer_rows::Field;
use crate::error::AppError;
use crate::sheet::{self, SheetError};

/// How long an uploaded file and its report are kept, in hours.
pub const KEPT_HOURS: i64 = 24;

/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 120;

/// What a person must be allowed who imports files of a subject.
pub const fn action(subject: Subject) -> Action {
    match subject {
        Subject::Products => Action::EditProducts,
        Subject::Offers => Action::MatchOffers,
    }
}

/// The import of an actor, if the actor may import files of its subject.
fn key(actor: &Actor, subject: Subject, id: FileImportId) -> Result<Key, AppError> {
    actor.must(action(subject))?;
    Ok(Key { user: actor.user, subject, id })
}

/// Keeps an uploaded file, with the columns that its heads suggest; a file that is no table is refused.
pub async fn upload(
    app: &App,
    actor: &Actor,
    subject: Subject,
    (file_name, content): (&str, Vec<u8>),
) -> Result<Result<FileImportId, SheetError>, AppError> {
    actor.must(action(subject))?;
    let now = app.clock.now().naive_utc();
    let file_name = file_name.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect();
    let (company, user) = (actor.company, actor.user);
    let read = app
        .blocking(move || {
            let sheet = match sheet::read(&content) {
                Ok(sheet) => sheet,
                Err(error) => return Ok(Err(error)),
            };
            Ok(Ok(NewImport {
                company,
                user,
                subject,
                file_name,
                encoding: sheet.encoding,
                heads: serde_json::to_string(&sheet.heads).unwrap_or_default(),
                mapping: stored(&file_rows::suggested(subject, &sheet.heads)),
                rows: i64::try_from(sheet.rows.len()).unwrap_or(i64::MAX),
                content,
            }))
        })
        .await?;
    match read {
        Ok(new) => app.write(move |conn| file_imports::insert(conn, &new, now)).await.map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

/// Columns as they are stored: the codes of what they hold.
fn stored(columns: &[Option<Column>]) -> String {
    let codes: Vec<Option<&str>> = columns.iter().map(|column| column.map(Column::as_str)).collect();
    serde_json::to_string(&codes).unwrap_or_default()
}

/// The columns of an import, in the order of its heads.
pub fn columns(row: &ImportRow) -> Vec<Option<Column>> {
    let codes: Vec<Option<String>> = serde_json::from_str(&row.mapping).unwrap_or_default();
    codes.into_iter().map(|code| code.and_then(|code| Column::parse(row.subject, &code))).collect()
}

/// The heads of an import.
pub fn heads(row: &ImportRow) -> Vec<String> {
    serde_json::from_str(&row.heads).unwrap_or_default()
}

/// Why a file cannot be compared with what is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReady {
    /// Its columns cannot be used.
    Columns(WrongColumns),
    /// The account does not exist, or is needed and was not chosen.
    Account,
}

/// Compares the file with what is held, in the background; the answer is the import's report.
///
/// Offers need an account, unless a column names it.
pub async fn check(
    app: &App,
    actor: &Actor,
    (subject, id): (Subject, FileImportId),
    columns: Vec<Option<Column>>,
    account: Option<AccountId>,
) -> Result<Result<(), NotReady>, AppError> {
    let (key, company) = (key(actor, subject, id)?, actor.company);
    if let Err(wrong) = file_rows::check_columns(subject, &columns) {
        return Ok(Err(NotReady::Columns(wrong)));
    }
    let names_account = subject == Subject::Products || columns.contains(&Some(Field::Account.into()));
    let checked = app
        .write(move |conn| {
            let row = file_imports::by_id(conn, key)?.ok_or(AppError::NotFound)?;
            if heads(&row).len() != columns.len() {
                return Err(AppError::BadRequest("columns of another file"));
            }
            let known = teams::accounts_in_use(conn, company)?;
            let is_known = account.map_or(names_account, |account| known.iter().any(|(id, _)| *id == account));
            if !is_known {
                return Ok(Err(NotReady::Account));
            }
            file_imports::ask_check(conn, id, &stored(&columns), account).map_err(stale)?;
            Ok(Ok(()))
        })
        .await?;
    app.wake.notify_one();
    Ok(checked)
}

/// Writes what the report says, in the background; a report with a refused row is not taken.
pub async fn apply(app: &App, actor: &Actor, subject: Subject, id: FileImportId) -> Result<(), AppError> {
    let key = key(actor, subject, id)?;
    app.write(move |conn| {
        let row = file_imports::by_id(conn, key)?.ok_or(AppError::NotFound)?;
        if row.state != ImportState::Checked {
            return Err(AppError::Conflict);
        }
        if !row.counts().may_apply() {
            return Err(AppError::Rule("import-refused-rows"));
        }
        file_imports::ask_apply(conn, id).map_err(stale)
    })
    .await?;
    app.wake.notify_one();
    Ok(())
}

/// Gives an import up: its file and its report are removed at once.
pub async fn discard(app: &App, actor: &Actor, subject: Subject, id: FileImportId) -> Result<(), AppError> {
    let key = key(actor, subject, id)?;
    app.write(move |conn| {
        file_imports::by_id(conn, key)?.ok_or(AppError::NotFound)?;
        file_imports::delete(conn, id).map_err(stale)
    })
    .await
}
