//! What a person does with an open transfer besides shipping it: reserve, give back, assign, put first, cancel.

use super::extract::{CurrentUser, Form};
use super::flash::Flash;
use super::page::{self, Place};
use super::picking::{self, link};
use super::picking_work::AskPage;
use crate::app::App;
use crate::db::picking_changes::Seen;
use crate::domain::access::Action;
use crate::domain::ids::{PickingId, UserId};
use crate::domain::picking::{PickingState, reference};
use crate::error::AppError;
use crate::ops::{edit_picking, reserve_stock};
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use serde::Deserialize;

/// Registers the forms.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/pickings/{id}/availability", web::post().to(availability))
        .route("/inventory/pickings/{id}/unreserve", web::post().to(unreserve))
        .route("/inventory/pickings/{id}/assign", web::post().to(assign))
        .route("/inventory/pickings/{id}/star", web::post().to(star))
        .route("/inventory/pickings/{id}/cancel", web::get().to(ask_cancel))
        .route("/inventory/pickings/{id}/cancel", web::post().to(cancel));
}

/// Nothing: the address says what is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// A transfer that was closed meanwhile was not changed.
const fn changed(count: usize) -> Result<(), AppError> {
    if count == 0 { Err(AppError::Conflict) } else { Ok(()) }
}

async fn availability(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    let id = PickingId(*path);
    changed(reserve_stock::check_availability(&app, &user.actor(), vec![id]).await?)?;
    let page = picking::load(&user, &app, id).await?;
    let key = if page.state == PickingState::Assigned { "transfers-is-ready" } else { "transfers-still-waits" };
    user.flash(&app, Flash::success(user.lang.t(key))).await?;
    Ok(page::see_other(format!("/inventory/pickings/{id}")))
}

async fn unreserve(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    let id = PickingId(*path);
    changed(reserve_stock::unreserve(&app, &user.actor(), vec![id]).await?)?;
    user.flash(&app, Flash::success(user.lang.t("transfers-unreserved"))).await?;
    Ok(page::see_other(format!("/inventory/pickings/{id}")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssignForm {
    #[serde(default)]
    person: String,
}

async fn assign(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<AssignForm>,
) -> Result<HttpResponse, AppError> {
    let (id, form) = (PickingId(*path), form.into_inner());
    let to = match form.person.as_str() {
        "" => None,
        text => Some(UserId(text.parse().map_err(|_word| AppError::BadRequest("a person's key is a number"))?)),
    };
    changed(edit_picking::assign(&app, &user.actor(), vec![id], to).await?)?;
    Ok(page::see_other(format!("/inventory/pickings/{id}")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StarForm {
    starred: bool,
}

async fn star(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<StarForm>,
) -> Result<HttpResponse, AppError> {
    let id = PickingId(*path);
    changed(edit_picking::star(&app, &user.actor(), vec![id], form.into_inner().starred).await?)?;
    Ok(page::see_other(format!("/inventory/pickings/{id}")))
}

async fn ask_cancel(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    user.must(Action::WorkOnTransfers)?;
    let id = PickingId(*path);
    let page = picking::load(&user, &app, id).await?;
    if !page.state.is_open() {
        return Err(AppError::Conflict);
    }
    let lang = user.lang;
    let title = lang.with("transfers-cancel-title", &[("reference", &reference(id))]).into_owned();
    page::html(&AskPage {
        chrome: user.chrome_titled(title, Place::Transfers),
        back: link(id),
        action: format!("/inventory/pickings/{id}/cancel"),
        fields: vec![("version", page.version.to_string())],
        lead: lang.t(if page.is_return { "returns-cancel-means" } else { "transfers-cancel-means" }).into_owned(),
        notes: if page.is_return { Vec::new() } else { vec![lang.t("transfers-cancel-not").into_owned()] },
        split: Vec::new(),
        answers: vec![("wish", "cancel", lang.t("transfers-cancel").into_owned(), String::new())],
        is_back_first: true,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CancelForm {
    version: i64,
    #[serde(default, rename = "wish")]
    _wish: String,
}

async fn cancel(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<CancelForm>,
) -> Result<HttpResponse, AppError> {
    let id = PickingId(*path);
    let seen = Seen { picking: id, version: form.into_inner().version };
    edit_picking::cancel(&app, &user.actor(), seen).await?;
    let said = user.lang.with("transfers-cancelled", &[("reference", &reference(id))]).into_owned();
    user.flash(&app, Flash::success(said)).await?;
    Ok(page::see_other(format!("/inventory/pickings/{id}")))
}
