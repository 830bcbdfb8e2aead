//! Goods that come back: of a delivery that is done, or with a transfer by which they are expected.

use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use super::picking::link;
use super::picking_work::about;
use crate::app::App;
use crate::db::Conn;
use crate::db::picking_changes::Seen;
use crate::db::pickings::{self, PickingRow};
use crate::domain::access::Action;
use crate::domain::ids::{CompanyId, MoveId, PickingId};
use crate::domain::picking::returning::ReturnTo;
use crate::domain::picking::shipping::Mistake;
use crate::domain::picking::{PickingKind, reference};
use crate::error::AppError;
use crate::ops::return_goods::{self, Candidate, Wish};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;

/// Registers the page and its form.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/pickings/{id}/return", web::get().to(show))
        .route("/inventory/pickings/{id}/return", web::post().to(take_back));
}

/// A line of which something may come back.
struct Line {
    id: MoveId,
    product: String,
    reference: String,
    shipped: i64,
    returned: i64,
    expected: i64,
    most: i64,
    typed: String,
    error: String,
}

/// Where goods may go.
struct Target {
    code: &'static str,
    text: Cow<'static, str>,
    means: Cow<'static, str>,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "stock/return.html")]
struct ReturnPage {
    chrome: Chrome,
    back: (String, String),
    action: String,
    version: i64,
    /// They were expected: the columns of what left and came back say nothing.
    is_expected: bool,
    lines: Vec<Line>,
    targets: Vec<Target>,
    errors: FieldErrors,
}

impl ReturnPage {
    /// Whether anything may still come back.
    fn is_open(&self) -> bool {
        self.lines.iter().any(|line| line.most > 0)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReturnForm {
    version: i64,
    #[serde(default)]
    line: Vec<i64>,
    #[serde(default)]
    quantity: Vec<String>,
    #[serde(default)]
    to: String,
}

impl ReturnForm {
    fn typed(&self) -> Vec<(MoveId, String)> {
        self.line.iter().copied().map(MoveId).zip(self.quantity.iter().cloned()).collect()
    }
}

fn read(conn: &mut Conn, company: CompanyId, id: PickingId) -> Result<(PickingRow, Vec<Candidate>), AppError> {
    let (row, _) = pickings::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
    let candidates = if return_goods::is_open_to(&row) { return_goods::candidates(conn, &row)? } else { Vec::new() };
    Ok((row, candidates))
}

async fn load(user: &CurrentUser, app: &App, id: PickingId) -> Result<ReturnPage, AppError> {
    user.must(Action::WorkOnTransfers)?;
    let company = user.company;
    let (row, candidates) = app.read(move |conn| read(conn, company, id)).await?;
    let lang = user.lang;
    let is_expected = row.kind == PickingKind::Return;
    let key = if is_expected { "returns-receive-title" } else { "returns-title" };
    let title = lang.with(key, &[("reference", &reference(id))]).into_owned();
    Ok(ReturnPage {
        chrome: user.chrome_titled(title, Place::Transfers),
        back: link(id),
        action: format!("/inventory/pickings/{id}/return"),
        version: row.version,
        is_expected,
        lines: candidates.into_iter().map(shown).collect(),
        targets: targets(user, ReturnTo::Stock.as_str()),
        errors: FieldErrors::new(),
    })
}

fn targets(user: &CurrentUser, chosen: &str) -> Vec<Target> {
    let target = |to: &ReturnTo| Target {
        code: to.as_str(),
        text: user.lang.t(&format!("returns-to-{}", to.as_str())),
        means: user.lang.t(&format!("returns-to-{}-means", to.as_str())),
        is_chosen: to.as_str() == chosen,
    };
    ReturnTo::ALL.iter().map(target).collect()
}

fn shown(one: Candidate) -> Line {
    Line {
        id: one.line.row.id,
        product: one.line.name,
        reference: one.line.reference,
        shipped: one.units.shipped,
        returned: one.units.returned,
        expected: one.units.expected,
        most: one.most,
        typed: one.most.to_string(),
        error: String::new(),
    }
}

async fn show(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    page::html(&load(&user, &app, PickingId(*path)).await?)
}

async fn take_back(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<ReturnForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::WorkOnTransfers)?;
    let (id, form) = (PickingId(*path), form.into_inner());
    let Some(to) = ReturnTo::parse(&form.to) else {
        let mut page = typed(&user, &app, id, &form).await?;
        page.errors.add("to", user.lang.t("returns-to-missing"));
        return refused(page, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let wish = Wish { seen: Seen { picking: id, version: form.version }, typed: form.typed(), to };
    match return_goods::run(&app, &user.actor(), wish).await {
        Ok(Ok(picking)) => {
            let said = user.lang.with("returns-done", &[("reference", &reference(picking))]).into_owned();
            user.flash(&app, Flash::success(said)).await?;
            Ok(page::see_other(format!("/inventory/pickings/{picking}")))
        }
        Ok(Err(mistakes)) => {
            let mut page = typed(&user, &app, id, &form).await?;
            for mistake in mistakes {
                add(&mut page, mistake);
            }
            refused(page, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(AppError::Conflict) => {
            let mut page = typed(&user, &app, id, &form).await?;
            page.errors.add("lines", user.lang.t("returns-meanwhile"));
            refused(page, StatusCode::CONFLICT)
        }
        Err(error) => Err(error),
    }
}

/// The page as it is now, with what was typed.
async fn typed(user: &CurrentUser, app: &App, id: PickingId, form: &ReturnForm) -> Result<ReturnPage, AppError> {
    let mut page = load(user, app, id).await?;
    for (id, text) in form.typed() {
        if let Some(line) = page.lines.iter_mut().find(|line| line.id == id) {
            line.typed = text;
        }
    }
    page.targets = targets(user, &form.to);
    Ok(page)
}

fn add(page: &mut ReturnPage, mistake: Mistake) {
    let lang = page.chrome.lang;
    let Mistake::Quantity(wrong) = mistake else {
        return page.errors.add("lines", lang.t("returns-nothing"));
    };
    let Some(line) = page.lines.iter_mut().find(|line| line.id == wrong.id) else { return };
    line.error = lang.with("returns-quantity-wrong", &[("most", wrong.demand)]).into_owned();
    let told = about(lang, &line.product, &line.error);
    page.errors.add(format!("quantity-{}", line.id), told);
}

fn refused(mut page: ReturnPage, status: StatusCode) -> Result<HttpResponse, AppError> {
    page.chrome = page.chrome.with_error();
    page::html_with(status, &page)
}
