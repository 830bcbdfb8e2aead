//! Importing products or offers in steps: a file, its columns, a report of every row, and then all of it or nothing.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use super::upload::{self, Upload};
use super::when::When;
use super::{file_import_report, file_notes};
use crate::app::App;
use crate::db::file_imports::{self, ImportRow, Key};
use crate::domain::file_rows::{Column, ImportState, Subject, WrongColumns};
use crate::domain::ids::{AccountId, FileImportId};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::import_files::{self, KEPT_HOURS, NotReady};
use crate::sheet::{LARGEST, SheetError};
use actix_multipart::Multipart;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;
use serde::Deserialize;

/// What the rows of a page's file are: the same pages serve every subject under its own address.
pub(super) trait Of: 'static {
    /// The subject.
    const SUBJECT: Subject;
}

/// Files of products.
struct Products;

impl Of for Products {
    const SUBJECT: Subject = Subject::Products;
}

/// Files of offers.
struct Offers;

impl Of for Offers {
    const SUBJECT: Subject = Subject::Offers;
}

/// The list that a subject's files fill.
pub(super) const fn list(subject: Subject) -> (&'static str, &'static str, Place) {
    match subject {
        Subject::Products => ("/sales/products", "products-title", Place::Products),
        Subject::Offers => ("/amazon/offers", "offers-title", Place::Offers),
    }
}

/// The address of a subject's imports.
pub(super) fn home(subject: Subject) -> String {
    format!("{}/imports", list(subject).0)
}

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    routes::<Products>(cfg);
    routes::<Offers>(cfg);
}

fn routes<S: Of>(cfg: &mut ServiceConfig) {
    let home = home(S::SUBJECT);
    let one = |what: &str| format!("{home}/{{id}}{what}");
    cfg.route(&home, web::get().to(start::<S>))
        .route(&home, web::post().to(take::<S>))
        .route(&one(""), web::get().to(file_import_report::show::<S>))
        .route(&one("/progress"), web::get().to(file_import_report::progress::<S>))
        .route(&one("/columns"), web::post().to(check::<S>))
        .route(&one("/apply"), web::post().to(apply::<S>))
        .route(&one("/discard"), web::post().to(discard::<S>));
}

struct Line {
    href: String,
    name: String,
    state: Badge,
    rows: i64,
    at: When,
}

#[derive(Template)]
#[template(path = "imports/list.html")]
struct StartPage {
    chrome: Chrome,
    errors: FieldErrors,
    lines: Vec<Line>,
    fields: Vec<(&'static str, String)>,
    hours: i64,
    home: String,
    list: (&'static str, &'static str),
    about: Vec<&'static str>,
}

/// Where an import stands, as a badge.
pub(super) fn state_badge(lang: Lang, state: ImportState) -> Badge {
    let kind = match state {
        ImportState::Uploaded => "n",
        ImportState::Checking | ImportState::Applying | ImportState::Checked => "i",
        ImportState::Applied => "s",
        ImportState::Failed => "d",
    };
    badges::flag(lang, kind, &badges::key("import-state", state.as_str()))
}

/// An import that the person uploaded.
pub(super) async fn own<S: Of>(user: &CurrentUser, app: &App, id: i64) -> Result<ImportRow, AppError> {
    user.must(import_files::action(S::SUBJECT))?;
    let key = Key { user: user.id, subject: S::SUBJECT, id: FileImportId(id) };
    app.read(move |conn| file_imports::by_id(conn, key)).await?.ok_or(AppError::NotFound)
}

async fn first_page(user: &CurrentUser, app: &App, subject: Subject) -> Result<StartPage, AppError> {
    user.must(import_files::action(subject))?;
    let me = user.id;
    let rows = app.read(move |conn| file_imports::of_user(conn, me, subject)).await?;
    let (href, title, place) = list(subject);
    let chrome = user.chrome(&badges::key("import-title", subject.as_str()), place);
    let line = |row: ImportRow| Line {
        href: format!("{}/{}", home(subject), row.id),
        name: row.file_name,
        state: state_badge(user.lang, row.state),
        rows: row.rows_total,
        at: When::of(&chrome, row.created_at),
    };
    let lines = rows.into_iter().map(line).collect();
    Ok(StartPage {
        chrome,
        errors: FieldErrors::new(),
        lines,
        fields: named_columns(user.lang, subject),
        hours: KEPT_HOURS,
        home: home(subject),
        list: (href, title),
        about: match subject {
            Subject::Products => vec!["import-about-products-components"],
            Subject::Offers => vec!["import-about-offers"],
        },
    })
}

/// What the columns of a file may hold: code and name.
pub(super) fn named_columns(lang: Lang, subject: Subject) -> Vec<(&'static str, String)> {
    let named = |column: Column| (column.as_str(), file_notes::column(lang, column).into_owned());
    Column::all(subject).into_iter().map(named).collect()
}

async fn start<S: Of>(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    page::html(&first_page(&user, &app, S::SUBJECT).await?)
}

async fn take<S: Of>(user: CurrentUser, app: Data<App>, body: Multipart) -> Result<HttpResponse, AppError> {
    user.must(import_files::action(S::SUBJECT))?;
    let refused = match upload::read(body, LARGEST).await?.0 {
        Upload::Missing => "import-no-file".to_owned(),
        Upload::TooLarge => sheet_key(SheetError::TooLarge),
        Upload::File { name, content } => {
            match import_files::upload(&app, &user.actor(), S::SUBJECT, (&name, content)).await? {
                Ok(id) => return Ok(page::see_other(format!("{}/{id}", home(S::SUBJECT)))),
                Err(error) => sheet_key(error),
            }
        }
    };
    let mut page = first_page(&user, &app, S::SUBJECT).await?;
    page.errors.add("file", user.lang.t(&refused));
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn sheet_key(error: SheetError) -> String {
    format!("import-sheet-{}", error.code())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    /// One field per column of the file, in its order; empty leaves a column out.
    #[serde(default)]
    column: Vec<String>,
    /// The account of offers that name none; empty for none.
    #[serde(default)]
    account: String,
}

async fn check<S: Of>(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Columns>,
) -> Result<HttpResponse, AppError> {
    let (mut row, typed) = (own::<S>(&user, &app, *path).await?, form.into_inner());
    let columns: Vec<Option<Column>> = typed.column.iter().map(|code| Column::parse(S::SUBJECT, code)).collect();
    row.account_id = typed.account.parse().ok().map(AccountId);
    let asked = (S::SUBJECT, row.id);
    let refused = match import_files::check(&app, &user.actor(), asked, columns.clone(), row.account_id).await? {
        Ok(()) => return Ok(page::see_other(format!("{}/{path}", home(S::SUBJECT)))),
        Err(refused) => refused,
    };
    let field = |key: &str, column| user.lang.with(key, &[("field", file_notes::column(user.lang, column))]);
    let told = match refused {
        NotReady::Columns(WrongColumns::Missing(column)) => ("column-1", field("import-missing", column)),
        NotReady::Columns(WrongColumns::Twice(column)) => ("column-1", field("import-twice", column)),
        NotReady::Account => ("account", user.lang.t("import-account-wrong")),
    };
    file_import_report::refused(&user, &app, &row, &columns, (told.0, told.1.into_owned())).await
}

/// A form of its button alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn apply<S: Of>(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    import_files::apply(&app, &user.actor(), S::SUBJECT, FileImportId(*path)).await?;
    Ok(page::see_other(format!("{}/{path}", home(S::SUBJECT))))
}

async fn discard<S: Of>(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    import_files::discard(&app, &user.actor(), S::SUBJECT, FileImportId(*path)).await?;
    user.flash(&app, Flash::success(user.lang.t("import-discarded"))).await?;
    Ok(page::see_other(home(S::SUBJECT)))
}
