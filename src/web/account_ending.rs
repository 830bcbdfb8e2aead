//! Ending an account: unlinking it and archiving it, each after a page that says what it means, and taking it back.

use super::extract::{CurrentUser, Form};
use super::flash::{Flash, Tone};
use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::db::accounts;
use crate::domain::access::Action;
use crate::domain::ids::AccountId;
use crate::error::AppError;
use crate::ops::edit_account::Seen;
use crate::ops::unlink_account;
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;
use serde::Deserialize;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/accounts/{id}/unlink", web::get().to(ask_unlink))
        .route("/amazon/accounts/{id}/unlink", web::post().to(unlink))
        .route("/amazon/accounts/{id}/archive", web::get().to(ask_archive))
        .route("/amazon/accounts/{id}/archive", web::post().to(archive))
        .route("/amazon/accounts/{id}/restore", web::post().to(restore));
}

/// What is to be confirmed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Unlink,
    Archive,
}

#[derive(Template)]
#[template(path = "accounts/confirm.html")]
struct ConfirmPage {
    chrome: Chrome,
    id: AccountId,
    account: String,
    version: i64,
    step: Step,
}

async fn ask_unlink(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    ask(&user, &app, AccountId(*path), Step::Unlink).await
}

async fn ask_archive(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    ask(&user, &app, AccountId(*path), Step::Archive).await
}

/// What the step means; an account that it does not fit is shown instead.
async fn ask(user: &CurrentUser, app: &App, id: AccountId, step: Step) -> Result<HttpResponse, AppError> {
    user.must(Action::EditAccounts)?;
    let company = user.company;
    let (row, ..) = app.read(move |conn| accounts::by_id(conn, company, id)).await?.ok_or(AppError::NotFound)?;
    if row.archived_at.is_some() || row.is_linked() != (step == Step::Unlink) {
        return Ok(page::see_other(format!("/amazon/accounts/{id}")));
    }
    let title = if step == Step::Unlink { "account-unlink-title" } else { "account-archive-title" };
    let title = user.lang.with(title, &[("name", row.name.as_str())]).into_owned();
    let chrome = user.chrome_titled(title, Place::Accounts);
    page::html(&ConfirmPage { chrome, id, account: row.name, version: row.version, step })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Version {
    version: i64,
}

async fn unlink(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Version>,
) -> Result<HttpResponse, AppError> {
    let seen = Seen { account: AccountId(*path), version: form.into_inner().version };
    let done = unlink_account::unlink(&app, &user.actor(), seen).await;
    told(&user, &app, seen.account, done, "account-unlinked").await
}

async fn archive(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Version>,
) -> Result<HttpResponse, AppError> {
    let seen = Seen { account: AccountId(*path), version: form.into_inner().version };
    let done = unlink_account::archive(&app, &user.actor(), seen).await;
    told(&user, &app, seen.account, done, "account-archived").await
}

async fn restore(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Version>,
) -> Result<HttpResponse, AppError> {
    let seen = Seen { account: AccountId(*path), version: form.into_inner().version };
    let done = unlink_account::restore(&app, &user.actor(), seen).await;
    told(&user, &app, seen.account, done, "account-restored").await
}

/// Goes back to the account and says what was done, or why not.
async fn told(
    user: &CurrentUser,
    app: &App,
    id: AccountId,
    done: Result<(), AppError>,
    key: &'static str,
) -> Result<HttpResponse, AppError> {
    let flash = match done {
        Ok(()) => Flash::success(user.lang.t(key)),
        Err(AppError::Conflict) => Flash::new(Tone::Problem, user.lang.t("account-changed-meanwhile")),
        Err(AppError::Rule(key)) => Flash::new(Tone::Problem, user.lang.t(key)),
        Err(error) => return Err(error),
    };
    user.flash(app, flash).await?;
    Ok(page::see_other(format!("/amazon/accounts/{id}")))
}
