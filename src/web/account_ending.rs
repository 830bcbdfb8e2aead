//! Ending an account: unlinking it and archiving it, each after a page that says what it means, and taking it back.

use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::{Flash, Tone};
use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::db::accounts::{self, AccountRow};
use crate::domain::access::Action;
use crate::domain::ids::AccountId;
use crate::error::AppError;
use crate::ops::edit_account::Seen;
use crate::ops::unlink_account;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpResponse, Route};
use askama::Template;
use serde::Deserialize;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/accounts/{id}/unlink", asks(Step::Unlink))
        .route("/amazon/accounts/{id}/unlink", does(Step::Unlink))
        .route("/amazon/accounts/{id}/archive", asks(Step::Archive))
        .route("/amazon/accounts/{id}/archive", does(Step::Archive))
        .route("/amazon/accounts/{id}/restore", does(Step::Restore));
}

/// What is done with an account.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Its authorization is forgotten; who does it types its name.
    Unlink,
    Archive,
    Restore,
}

/// The page that says what a step means.
fn asks(step: Step) -> Route {
    web::get().to(move |user: CurrentUser, app: Data<App>, path: Path<i64>| ask(user, app, path, step))
}

/// The form that takes a step.
fn does(step: Step) -> Route {
    web::post().to(move |user: CurrentUser, app: Data<App>, path: Path<i64>, form: Form<Confirmed>| {
        end(user, app, path, form, step)
    })
}

#[derive(Template)]
#[template(path = "accounts/confirm.html")]
struct ConfirmPage {
    chrome: Chrome,
    id: AccountId,
    account: String,
    version: i64,
    step: Step,
    /// The name as it was typed.
    typed: String,
    errors: FieldErrors,
}

async fn ask(user: CurrentUser, app: Data<App>, path: Path<i64>, step: Step) -> Result<HttpResponse, AppError> {
    let row = account(&user, &app, AccountId(*path)).await?;
    if row.archived_at.is_some() || row.is_linked() != (step == Step::Unlink) {
        return Ok(page::see_other(format!("/amazon/accounts/{path}")));
    }
    page::html(&confirmation(&user, row, step))
}

/// The account, for who may end it.
async fn account(user: &CurrentUser, app: &App, id: AccountId) -> Result<AccountRow, AppError> {
    user.must(Action::EditAccounts)?;
    let company = user.company;
    let (row, ..) = app.read(move |conn| accounts::by_id(conn, company, id)).await?.ok_or(AppError::NotFound)?;
    Ok(row)
}

fn confirmation(user: &CurrentUser, row: AccountRow, step: Step) -> ConfirmPage {
    let title = if step == Step::Unlink { "account-unlink-title" } else { "account-archive-title" };
    let title = user.lang.with(title, &[("name", row.name.as_str())]).into_owned();
    let chrome = user.chrome_titled(title, Place::Accounts);
    let errors = FieldErrors::new();
    ConfirmPage { chrome, id: row.id, account: row.name, version: row.version, step, typed: String::new(), errors }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmed {
    version: i64,
    /// The account's name, where it is to be typed.
    #[serde(default)]
    name: String,
}

/// Takes the step, goes back to the account and says what was done, or why not.
async fn end(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Confirmed>,
    step: Step,
) -> Result<HttpResponse, AppError> {
    let (Confirmed { version, name }, actor) = (form.into_inner(), user.actor());
    let seen = Seen { account: AccountId(*path), version };
    if step == Step::Unlink {
        let row = account(&user, &app, seen.account).await?;
        if row.is_linked() && name.trim() != row.name {
            let mut page = confirmation(&user, row, step);
            page.errors.add("name", user.lang.with("account-unlink-name-wrong", &[("name", page.account.as_str())]));
            (page.typed, page.version, page.chrome) = (name, version, page.chrome.with_error());
            return page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    }
    let (done, key) = match step {
        Step::Unlink => (unlink_account::unlink(&app, &actor, seen).await, "account-unlinked"),
        Step::Archive => (unlink_account::archive(&app, &actor, seen).await, "account-archived"),
        Step::Restore => (unlink_account::restore(&app, &actor, seen).await, "account-restored"),
    };
    let flash = match done {
        Ok(()) => Flash::success(user.lang.t(key)),
        Err(AppError::Conflict) => Flash::new(Tone::Problem, user.lang.t("account-changed-meanwhile")),
        Err(AppError::Rule(key)) => Flash::new(Tone::Problem, user.lang.t(key)),
        Err(error) => return Err(error),
    };
    user.flash(&app, flash).await?;
    Ok(page::see_other(format!("/amazon/accounts/{path}")))
}
