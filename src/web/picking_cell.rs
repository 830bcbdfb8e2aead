//! The tracking reference of one row of the list of transfers: a script saves it in its place, a plain form leads back.

use super::extract::{CurrentUser, Form};
use super::flash::{Flash, Tone};
use super::page::{self, Chrome, Place};
use super::picking::doubts_of;
use super::picking_batch::back;
use super::picking_work::{about, mistake_text};
use crate::app::App;
use crate::db::pickings;
use crate::domain::ids::PickingId;
use crate::domain::picking::reference;
use crate::error::AppError;
use crate::ops::edit_picking::{self, Typed};
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

/// Registers the form.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/pickings/{id}/tracking", web::post().to(save));
}

/// The cell of one row.
#[derive(Clone, Debug)]
pub(super) struct TrackingCell {
    pub(super) id: PickingId,
    pub(super) reference: String,
    pub(super) tracking: String,
    /// The list to come back to.
    pub(super) next: String,
    /// Why it was not saved.
    pub(super) error: String,
    /// What may be wrong with what was saved.
    pub(super) doubts: Vec<String>,
    pub(super) is_saved: bool,
}

impl TrackingCell {
    /// The cell as it is held.
    pub(super) fn new(id: PickingId, tracking: String, next: String) -> Self {
        let (error, doubts, is_saved) = (String::new(), Vec::new(), false);
        Self { id, reference: reference(id), tracking, next, error, doubts, is_saved }
    }
}

#[derive(Template)]
#[template(path = "stock/cell.html")]
struct CellFragment {
    chrome: Chrome,
    cell: TrackingCell,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CellForm {
    tracking: String,
    next: String,
}

async fn save(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    request: HttpRequest,
    form: Form<CellForm>,
) -> Result<HttpResponse, AppError> {
    let (id, CellForm { tracking, next }) = (PickingId(*path), form.into_inner());
    let mut cell = TrackingCell::new(id, tracking.clone(), next);
    let typed = Typed { tracking: Some(tracking), ..Typed::default() };
    let status = match edit_picking::set_label(&app, &user.actor(), id, typed).await {
        Ok(Ok(())) => {
            let company = user.company;
            let (row, _) = app.read(move |conn| pickings::by_id(conn, company, id)).await?.ok_or(AppError::NotFound)?;
            cell.tracking = row.tracking.unwrap_or_default();
            cell.doubts = doubts_of(&user, &app, id, &row.carrier.unwrap_or_default(), &cell.tracking).await?;
            cell.is_saved = true;
            StatusCode::OK
        }
        Ok(Err(mistakes)) => {
            cell.error = mistakes.first().map(|mistake| mistake_text(user.lang, *mistake).1).unwrap_or_default();
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(AppError::Conflict) => {
            cell.error = user.lang.t("transfers-stays-closed").into_owned();
            StatusCode::CONFLICT
        }
        Err(error) => return Err(error),
    };
    if page::wants_fragment(&request, &format!("cell-{id}")) {
        let chrome = user.chrome("pickings-title", Place::Transfers);
        return page::html_with(status, &CellFragment { chrome, cell });
    }
    user.flash(&app, said(&user, &cell)).await?;
    Ok(back(&cell.next))
}

/// The same on the page to which a plain form leads back.
fn said(user: &CurrentUser, cell: &TrackingCell) -> Flash {
    if !cell.is_saved {
        return Flash::new(Tone::Problem, about(user.lang, &cell.reference, &cell.error));
    }
    let mut texts = vec![user.lang.with("transfers-cell-saved", &[("reference", &cell.reference)]).into_owned()];
    texts.extend(cell.doubts.iter().cloned());
    let tone = if cell.doubts.is_empty() { Tone::Success } else { Tone::Warning };
    Flash::new(tone, texts.join(" "))
}
