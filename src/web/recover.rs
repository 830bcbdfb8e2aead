//! Recovering single orders: references are typed, and the run that reads them answers each.

use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::{Flash, Tone};
use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::db::accounts;
use crate::domain::ids::AccountId;
use crate::domain::run::Recovery;
use crate::error::AppError;
use crate::ops::recover_orders;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;
use serde::Deserialize;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/accounts/{id}/recover", web::get().to(show))
        .route("/amazon/accounts/{id}/recover", web::post().to(recover));
}

#[derive(Template)]
#[template(path = "accounts/recover.html")]
struct RecoverPage {
    chrome: Chrome,
    id: AccountId,
    account: String,
    typed: String,
    malformed: Vec<String>,
    most: usize,
    errors: FieldErrors,
}

async fn load(user: &CurrentUser, app: &App, id: AccountId) -> Result<RecoverPage, AppError> {
    user.actor().must_be_developer()?;
    let company = user.company;
    let (row, ..) = app.read(move |conn| accounts::by_id(conn, company, id)).await?.ok_or(AppError::NotFound)?;
    Ok(RecoverPage {
        chrome: user.chrome("recover-title", Place::Accounts),
        id,
        account: row.name,
        typed: String::new(),
        malformed: Vec::new(),
        most: Recovery::MOST,
        errors: FieldErrors::new(),
    })
}

async fn show(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    page::html(&load(&user, &app, AccountId(*path)).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct References {
    references: String,
}

/// Reads the good references; the malformed ones are told on the page of the run, or here when none is good.
async fn recover(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<References>,
) -> Result<HttpResponse, AppError> {
    let mut page = load(&user, &app, AccountId(*path)).await?;
    let typed = form.into_inner().references;
    let (recovery, malformed) = Recovery::parse(&typed);
    let refused = if recovery.references.is_empty() && !malformed.is_empty() {
        Some("recover-all-malformed")
    } else {
        match recover_orders::run(&app, &user.actor(), page.id, &recovery).await {
            Ok(run) => {
                if !malformed.is_empty() {
                    let said = |line: &String| user.lang.with("recover-malformed", &[("line", line)]).into_owned();
                    let all: Vec<String> = malformed.iter().map(said).collect();
                    user.flash(&app, Flash::new(Tone::Problem, all.join(" "))).await?;
                }
                return Ok(page::see_other(format!("/amazon/runs/{run}")));
            }
            Err(AppError::Rule(key)) => Some(key),
            Err(error) => return Err(error),
        }
    };
    if let Some(key) = refused {
        page.errors.add("references", user.lang.t(key));
    }
    (page.typed, page.malformed) = (typed, malformed);
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
