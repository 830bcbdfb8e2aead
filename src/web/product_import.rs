//! Importing products in steps: a file, its columns, a report of every row, and then all of it or nothing.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use super::upload::{self, Upload};
use super::when::When;
use super::{product_import_report, product_notes};
use crate::app::App;
use crate::db::product_imports::{self, ImportRow};
use crate::domain::access::Action;
use crate::domain::ids::ProductImportId;
use crate::domain::product::Field;
use crate::domain::product_rows::{ImportState, WrongColumns};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::import_products::{self, KEPT_HOURS};
use crate::sheet::{LARGEST, SheetError};
use actix_multipart::Multipart;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;
use serde::Deserialize;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/sales/products/imports", web::get().to(start))
        .route("/sales/products/imports", web::post().to(take))
        .route("/sales/products/imports/{id}", web::get().to(product_import_report::show))
        .route("/sales/products/imports/{id}/progress", web::get().to(product_import_report::progress))
        .route("/sales/products/imports/{id}/columns", web::post().to(check))
        .route("/sales/products/imports/{id}/apply", web::post().to(apply))
        .route("/sales/products/imports/{id}/discard", web::post().to(discard));
}

struct Line {
    href: String,
    name: String,
    state: Badge,
    rows: i64,
    at: When,
}

#[derive(Template)]
#[template(path = "products/imports.html")]
struct StartPage {
    chrome: Chrome,
    errors: FieldErrors,
    lines: Vec<Line>,
    fields: Vec<(&'static str, String)>,
    hours: i64,
}

/// Where an import stands, as a badge.
pub(super) fn state_badge(lang: Lang, state: ImportState) -> Badge {
    let kind = match state {
        ImportState::Uploaded => "n",
        ImportState::Checking | ImportState::Applying | ImportState::Checked => "i",
        ImportState::Applied => "s",
        ImportState::Failed => "d",
    };
    badges::flag(lang, kind, &badges::key("products-import-state", state.as_str()))
}

/// An import that the person uploaded.
pub(super) async fn own(user: &CurrentUser, app: &App, id: i64) -> Result<ImportRow, AppError> {
    user.must(Action::EditProducts)?;
    let me = user.id;
    app.read(move |conn| product_imports::by_id(conn, me, ProductImportId(id))).await?.ok_or(AppError::NotFound)
}

async fn first_page(user: &CurrentUser, app: &App) -> Result<StartPage, AppError> {
    user.must(Action::EditProducts)?;
    let me = user.id;
    let rows = app.read(move |conn| product_imports::of_user(conn, me)).await?;
    let chrome = user.chrome("products-import-title", Place::Products);
    let line = |row: ImportRow| Line {
        href: format!("/sales/products/imports/{}", row.id),
        name: row.file_name,
        state: state_badge(user.lang, row.state),
        rows: row.rows_total,
        at: When::of(&chrome, row.created_at),
    };
    let lines = rows.into_iter().map(line).collect();
    let name = |field: &Field| (field.as_str(), product_notes::field(user.lang, *field).into_owned());
    let fields = Field::ALL.iter().map(name).collect();
    Ok(StartPage { chrome, errors: FieldErrors::new(), lines, fields, hours: KEPT_HOURS })
}

async fn start(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    page::html(&first_page(&user, &app).await?)
}

async fn take(user: CurrentUser, app: Data<App>, body: Multipart) -> Result<HttpResponse, AppError> {
    user.must(Action::EditProducts)?;
    let refused = match upload::read(body, LARGEST).await? {
        Upload::Missing => "products-import-no-file".to_owned(),
        Upload::TooLarge => sheet_key(SheetError::TooLarge),
        Upload::File { name, content } => match import_products::upload(&app, &user.actor(), &name, content).await? {
            Ok(id) => return Ok(page::see_other(format!("/sales/products/imports/{id}"))),
            Err(error) => sheet_key(error),
        },
    };
    let mut page = first_page(&user, &app).await?;
    page.errors.add("file", user.lang.t(&refused));
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn sheet_key(error: SheetError) -> String {
    format!("products-sheet-{}", error.code())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Columns {
    /// One field per column of the file, in its order; empty leaves a column out.
    #[serde(default)]
    column: Vec<String>,
}

async fn check(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Columns>,
) -> Result<HttpResponse, AppError> {
    let row = own(&user, &app, *path).await?;
    let columns: Vec<Option<Field>> = form.into_inner().column.iter().map(|code| Field::parse(code)).collect();
    match import_products::check(&app, &user.actor(), row.id, columns.clone()).await? {
        Ok(()) => Ok(page::see_other(format!("/sales/products/imports/{path}"))),
        Err(wrong) => {
            let lang = user.lang;
            let text = match wrong {
                WrongColumns::NoReference => lang.t("products-import-no-reference"),
                WrongColumns::Twice(field) => {
                    lang.with("products-import-twice", &[("field", product_notes::field(lang, field))])
                }
            };
            product_import_report::refused(&user, &row, &columns, text.into_owned())
        }
    }
}

/// A form of its button alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn apply(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    import_products::apply(&app, &user.actor(), ProductImportId(*path)).await?;
    Ok(page::see_other(format!("/sales/products/imports/{path}")))
}

async fn discard(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::EditProducts)?;
    import_products::discard(&app, &user.actor(), ProductImportId(*path)).await?;
    user.flash(&app, Flash::success(user.lang.t("products-import-discarded"))).await?;
    Ok(page::see_other("/sales/products/imports"))
}
