//! Importing products from a file: uploaded, its columns chosen, compared row by row, then written all or nothing.
//!
//! The file is kept in the database for a limited time, belongs to who uploaded it, and goes when it was imported.

mod compare;
mod perform;
mod run_file;

pub use perform::perform;
pub use run_file::{FileError, FileReport, RefusedRow, run_file};

use super::Actor;
use super::edit_account::stale;
use crate::app::App;
use crate::db::product_imports::{self, ImportRow, NewImport};
use crate::domain::access::Action;
use crate::domain::ids::ProductImportId;
use crate::domain::product::Field;
use crate::domain::product_rows::{self, ImportState, WrongColumns};
use crate::error::AppError;
use crate::sheet::{self, SheetError};

/// How long an uploaded file and its report are kept, in hours.
pub const KEPT_HOURS: i64 = 24;

/// The longest name of a file that is kept, in characters.
const LONGEST_NAME: usize = 120;

/// Keeps an uploaded file, with the columns that its heads suggest; a file that is no table is refused.
pub async fn upload(
    app: &App,
    actor: &Actor,
    file_name: &str,
    content: Vec<u8>,
) -> Result<Result<ProductImportId, SheetError>, AppError> {
    actor.must(Action::EditProducts)?;
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
                file_name,
                encoding: sheet.encoding,
                heads: serde_json::to_string(&sheet.heads).unwrap_or_default(),
                mapping: stored(&product_rows::suggested(&sheet.heads)),
                rows: i64::try_from(sheet.rows.len()).unwrap_or(i64::MAX),
                content,
            }))
        })
        .await?;
    match read {
        Ok(new) => app.write(move |conn| product_imports::insert(conn, &new, now)).await.map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

/// Columns as they are stored: the codes of their fields.
fn stored(columns: &[Option<Field>]) -> String {
    let codes: Vec<Option<&str>> = columns.iter().map(|field| field.map(Field::as_str)).collect();
    serde_json::to_string(&codes).unwrap_or_default()
}

/// The columns of an import, in the order of its heads.
pub fn columns(row: &ImportRow) -> Vec<Option<Field>> {
    let codes: Vec<Option<String>> = serde_json::from_str(&row.mapping).unwrap_or_default();
    codes.into_iter().map(|code| code.and_then(|code| Field::parse(&code))).collect()
}

/// The heads of an import.
pub fn heads(row: &ImportRow) -> Vec<String> {
    serde_json::from_str(&row.heads).unwrap_or_default()
}

/// Compares the file with the products, in the background; the answer is the import's report.
pub async fn check(
    app: &App,
    actor: &Actor,
    id: ProductImportId,
    columns: Vec<Option<Field>>,
) -> Result<Result<(), WrongColumns>, AppError> {
    actor.must(Action::EditProducts)?;
    if let Err(wrong) = product_rows::check_columns(&columns) {
        return Ok(Err(wrong));
    }
    let user = actor.user;
    app.write(move |conn| {
        let row = product_imports::by_id(conn, user, id)?.ok_or(AppError::NotFound)?;
        if heads(&row).len() != columns.len() {
            return Err(AppError::BadRequest("columns of another file"));
        }
        product_imports::ask_check(conn, id, &stored(&columns)).map_err(stale)
    })
    .await?;
    app.wake.notify_one();
    Ok(Ok(()))
}

/// Writes what the report says, in the background; a report with a refused row is not taken.
pub async fn apply(app: &App, actor: &Actor, id: ProductImportId) -> Result<(), AppError> {
    actor.must(Action::EditProducts)?;
    let user = actor.user;
    app.write(move |conn| {
        let row = product_imports::by_id(conn, user, id)?.ok_or(AppError::NotFound)?;
        if row.state != ImportState::Checked {
            return Err(AppError::Conflict);
        }
        if !row.counts().may_apply() {
            return Err(AppError::Rule("product-import-refused-rows"));
        }
        product_imports::ask_apply(conn, id).map_err(stale)
    })
    .await?;
    app.wake.notify_one();
    Ok(())
}

/// Gives an import up: its file and its report are removed at once.
pub async fn discard(app: &App, actor: &Actor, id: ProductImportId) -> Result<(), AppError> {
    let user = actor.user;
    app.write(move |conn| {
        product_imports::by_id(conn, user, id)?.ok_or(AppError::NotFound)?;
        product_imports::delete(conn, id).map_err(stale)
    })
    .await
}
