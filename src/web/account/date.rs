//! Moving Last Order Sync by hand, with developer mode and the right; a preview shows first what that would do.

use super::super::accounts::follow;
use super::super::conflict::Conflict;
use super::super::extract::{CurrentUser, FieldErrors, Form};
use super::super::when::{self, When};
use super::{changed, load, saved, wrong};
use crate::app::App;
use crate::domain::ids::AccountId;
use crate::error::AppError;
use crate::ops::force_date::{self, Forced};
use crate::ops::request_sync;
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// Registers the form.
pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/accounts/{id}/last-order-sync", web::post().to(force));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DateForm {
    version: i64,
    #[serde(default)]
    date: String,
    #[serde(default)]
    exact: String,
    then: String,
}

/// Moves Last Order Sync, or shows first what that would do.
async fn force(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<DateForm>,
) -> Result<HttpResponse, AppError> {
    user.actor().must_be_developer()?;
    let (id, form) = (AccountId(*path), form.into_inner());
    let exact = DateTime::parse_from_rfc3339(&form.exact).ok().map(|at| at.to_utc());
    let Some(date) = exact.or_else(|| when::typed(&form.date, user.zone)) else {
        return refuse(&user, &app, id, &form, "account-date-unreadable").await;
    };
    let done = match form.then.as_str() {
        "preview" => request_sync::preview(&app, &user.actor(), id, date).await.map(Some),
        "sync" | "save" => move_to(&user, &app, id, &form, date).await,
        _ => return Err(AppError::BadRequest("an unknown button")),
    };
    match done {
        Ok(Some(requested)) => follow(&user, &app, requested).await,
        Ok(None) => saved(&user, &app, id, "orders").await,
        Err(AppError::Rule(key)) => refuse(&user, &app, id, &form, key).await,
        Err(AppError::Conflict) => compare(&user, &app, id, &form, date).await,
        Err(error) => Err(error),
    }
}

async fn move_to(
    user: &CurrentUser,
    app: &App,
    id: AccountId,
    form: &DateForm,
    date: DateTime<Utc>,
) -> Result<Option<request_sync::Requested>, AppError> {
    let forced = Forced { account: id, version: form.version, date, sync_now: form.then == "sync" };
    force_date::run(app, &user.actor(), forced).await
}

async fn refuse(
    user: &CurrentUser,
    app: &App,
    id: AccountId,
    form: &DateForm,
    key: &str,
) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id, "orders").await?;
    if !form.date.is_empty() {
        page.typed.date.clone_from(&form.date);
    }
    let mut errors = FieldErrors::new();
    errors.add("date", user.lang.t(key));
    wrong(page, errors)
}

/// Somebody changed the account meanwhile; the button that was pressed is kept with the date.
async fn compare(
    user: &CurrentUser,
    app: &App,
    id: AccountId,
    form: &DateForm,
    date: DateTime<Utc>,
) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id, "orders").await?;
    let wanted = When::of(&page.chrome, date.naive_utc());
    let action = format!("/amazon/accounts/{id}/last-order-sync");
    let mut conflict = Conflict::new(action, page.version, format!("/amazon/accounts/{id}?tab=orders"));
    conflict.carry("exact", date.to_rfc3339());
    conflict.carry("then", form.then.as_str());
    let spoken = |when: &When| format!("{} {}", when.day, when.time);
    conflict.compare(user.lang.t("accounts-last-order-sync"), spoken(&page.known), spoken(&wanted));
    page.typed.date = when::input(date.naive_utc(), user.zone);
    changed(user, app, page, conflict).await
}
