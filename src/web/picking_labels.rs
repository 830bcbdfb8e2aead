//! Entering tracking references for many transfers: a grid, a pasted text or a file, looked at before it is stored.
//!
//! All three are one form: whatever is done with one of them, what was typed into the others stays.

use super::extract::{CurrentUser, FieldErrors, Form, read_fields};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use super::picking::said;
use super::picking_print::chosen;
use super::picking_work::{about, mistake_text};
use super::upload::{self, Upload};
use crate::app::App;
use crate::db::picking_changes::Seen;
use crate::db::{carriers, pickings};
use crate::domain::access::Action;
use crate::domain::file_rows::Cell;
use crate::domain::ids::PickingId;
use crate::domain::picking::labels::{MOST, Unreadable};
use crate::domain::picking::reference;
use crate::error::AppError;
use crate::i18n::{Arg, Lang};
use crate::ops::enter_labels::{self, Label, Refused, Stored};
use crate::sheet::{self, Sheet};
use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

/// Registers the page and the three things that its form does.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/pickings/tracking", web::get().to(show))
        .route("/inventory/pickings/tracking", web::post().to(save))
        .route("/inventory/pickings/tracking/check", web::post().to(check))
        .route("/inventory/pickings/tracking/file", web::post().to(file));
}

/// The largest file of labels, in bytes.
const LARGEST: usize = 1024 * 1024;

/// One transfer of the grid.
struct Line {
    id: PickingId,
    version: i64,
    reference: String,
    carrier: String,
    tracking: String,
    /// What is wrong with the carrier.
    carrier_error: String,
    /// What is wrong with the tracking reference, or with both.
    error: String,
    doubts: Vec<String>,
}

#[derive(Template)]
#[template(path = "stock/labels.html")]
struct LabelsPage {
    chrome: Chrome,
    errors: FieldErrors,
    /// What was saved although something else was not.
    done: String,
    lines: Vec<Line>,
    /// Lines of the text that cannot be taken.
    refused: Vec<String>,
    text: String,
    carriers: Vec<String>,
}

async fn blank(user: &CurrentUser, app: &App) -> Result<LabelsPage, AppError> {
    user.must(Action::WorkOnTransfers)?;
    let company = user.company;
    let carriers = app.read(move |conn| carriers::all(conn, company)).await?;
    Ok(LabelsPage {
        chrome: user.chrome("labels-title", Place::Transfers),
        errors: FieldErrors::new(),
        done: String::new(),
        lines: Vec::new(),
        refused: Vec::new(),
        text: String::new(),
        carriers: carriers.into_iter().filter(|one| one.is_active).map(|one| one.name).collect(),
    })
}

async fn show(user: CurrentUser, app: Data<App>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let mut page = blank(&user, &app).await?;
    let (company, ids) = (user.company, chosen(&request)?);
    if ids.len() > MOST {
        return Err(AppError::BadRequest("more transfers than one action takes"));
    }
    let rows = app.read(move |conn| pickings::some(conn, company, &ids)).await?;
    let open = rows.into_iter().filter(|row| row.state.is_open());
    page.lines = open
        .map(|row| Line {
            id: row.id,
            version: row.version,
            reference: reference(row.id),
            carrier: row.carrier.unwrap_or_default(),
            tracking: row.tracking.unwrap_or_default(),
            carrier_error: String::new(),
            error: String::new(),
            doubts: Vec::new(),
        })
        .collect();
    page::html(&page)
}

/// What the form brings, whichever of its buttons was pressed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    #[serde(default)]
    id: Vec<i64>,
    #[serde(default)]
    version: Vec<i64>,
    #[serde(default)]
    carrier: Vec<String>,
    #[serde(default)]
    tracking: Vec<String>,
    #[serde(default)]
    text: String,
    /// The name of a chosen file, which browsers send with the buttons that send no file.
    #[serde(default, rename = "file")]
    _file: String,
}

impl Typed {
    /// The labels of the grid, and the text.
    fn parts(self) -> (Vec<Label>, String) {
        let typed = self.id.into_iter().zip(self.version).zip(self.carrier.into_iter().zip(self.tracking));
        let label = |((id, version), (carrier, tracking))| Label {
            seen: Seen { picking: PickingId(id), version },
            carrier,
            tracking,
            doubts: Vec::new(),
        };
        (typed.map(label).collect(), self.text)
    }
}

async fn check(user: CurrentUser, app: Data<App>, form: Form<Typed>) -> Result<HttpResponse, AppError> {
    let (grid, text) = form.into_inner().parts();
    let mut page = blank(&user, &app).await?;
    if compare(&user, &app, &mut page, grid, text.clone(), "text").await? {
        return page::html(&page);
    }
    page.text = text;
    wrong(page)
}

async fn file(user: CurrentUser, app: Data<App>, body: Multipart) -> Result<HttpResponse, AppError> {
    let mut page = blank(&user, &app).await?;
    let (uploaded, fields) = upload::read(body, LARGEST).await?;
    let (grid, text) = read_fields::<Typed>(fields)?.parts();
    let read = match uploaded {
        Upload::File { content, .. } => {
            let read = app.blocking(move || Ok::<_, AppError>(sheet::read(&content).ok())).await?;
            read.ok_or("labels-file-wrong")
        }
        Upload::Missing => Err("import-no-file"),
        Upload::TooLarge => Err("labels-file-large"),
    };
    match read {
        Ok(read) => {
            if compare(&user, &app, &mut page, grid, lines_of(&read), "file").await? {
                page.text = text;
                return page::html(&page);
            }
        }
        Err(key) => {
            page.errors.add("file", user.lang.t(key));
            page.lines = grid.iter().map(|label| line(user.lang, label)).collect();
        }
    }
    page.text = text;
    wrong(page)
}

/// A table as it would have been pasted. A formula's result nobody can vouch for: its line is refused as incomplete.
fn lines_of(sheet: &Sheet) -> String {
    let mut lines = vec![sheet.heads.join("\t")];
    for row in &sheet.rows {
        let cells: Vec<&str> = row
            .cells
            .iter()
            .map(|cell| match cell {
                Cell::Text(text) => text.as_str(),
                Cell::Formula => "",
            })
            .collect();
        lines.push(cells.join("\t"));
    }
    lines.join("\n")
}

/// The dry run: which transfers are meant, what is doubtful, and which lines cannot be taken. Says whether all can.
///
/// What is read is laid over the grid as it was typed; what is wrong is told beside `field`.
async fn compare(
    user: &CurrentUser,
    app: &App,
    page: &mut LabelsPage,
    grid: Vec<Label>,
    text: String,
    field: &'static str,
) -> Result<bool, AppError> {
    let checked = enter_labels::check(app, &user.actor(), text).await?;
    let (lang, read) = (user.lang, checked.labels.len() + checked.refused.len());
    let mut labels = grid;
    page.refused = checked.refused.iter().map(|(line, why)| refused(lang, *line, why)).collect();
    for label in checked.labels {
        if let Some(typed) = labels.iter_mut().find(|typed| typed.seen.picking == label.seen.picking) {
            *typed = label;
        } else if labels.len() < MOST {
            labels.push(label);
        } else {
            page.refused.push(about(lang, &reference(label.seen.picking), &too_many(lang)));
            break;
        }
    }
    page.lines = labels.iter().map(|label| line(lang, label)).collect();
    if read == 0 {
        page.errors.add(field, lang.t(if field == "file" { "labels-file-wrong" } else { "labels-text-empty" }));
    } else if !page.refused.is_empty() {
        let count = Arg::Number(i64::try_from(page.refused.len()).unwrap_or(i64::MAX));
        page.errors.add(field, lang.with("labels-refused", &[("count", count)]));
    }
    Ok(page.errors.is_empty())
}

fn too_many(lang: Lang) -> String {
    let most = Arg::Number(i64::try_from(MOST).unwrap_or(i64::MAX));
    lang.with("labels-row-too-many", &[("most", most)]).into_owned()
}

fn line(lang: Lang, label: &Label) -> Line {
    let doubts = label.doubts.iter().map(|doubt| said(lang, &label.carrier, &label.tracking, doubt));
    Line {
        id: label.seen.picking,
        version: label.seen.version,
        reference: reference(label.seen.picking),
        carrier: label.carrier.clone(),
        tracking: label.tracking.clone(),
        carrier_error: String::new(),
        error: String::new(),
        doubts: doubts.collect(),
    }
}

fn refused(lang: Lang, line: usize, why: &Refused) -> String {
    let named = |key: &str, name: &str| lang.with(key, &[("reference", name)]).into_owned();
    let why = match why {
        Refused::Unreadable(Unreadable::Columns) => lang.t("labels-row-columns").into_owned(),
        Refused::Unreadable(Unreadable::Incomplete) => lang.t("labels-row-incomplete").into_owned(),
        Refused::Unknown(name) => named("labels-row-unknown", name),
        Refused::Closed(name) => named("labels-row-closed", name),
        Refused::Several(name) => named("labels-row-several", name),
        Refused::Twice(name) => named("labels-row-twice", name),
        Refused::Wrong(mistake) => mistake_text(lang, *mistake).1,
        Refused::TooMany => too_many(lang),
    };
    let line = line.to_string();
    lang.with("labels-row", &[("line", line.as_str()), ("why", why.as_str())]).into_owned()
}

fn wrong(mut page: LabelsPage) -> Result<HttpResponse, AppError> {
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn save(user: CurrentUser, app: Data<App>, form: Form<Typed>) -> Result<HttpResponse, AppError> {
    let mut page = blank(&user, &app).await?;
    let (labels, text) = form.into_inner().parts();
    let stored = enter_labels::save(&app, &user.actor(), labels.clone()).await?;
    let saved = stored.iter().filter(|(_, outcome)| *outcome == Stored::Saved).count();
    let count = Arg::Number(i64::try_from(saved).unwrap_or(i64::MAX));
    let done = user.lang.with("labels-saved", &[("count", count)]).into_owned();
    page.text = text;
    if stored.iter().all(|(_, outcome)| matches!(outcome, Stored::Saved | Stored::Same)) {
        // A text that was not checked yet is not lost by saving the grid.
        if !page.text.trim().is_empty() {
            page.done = done;
            return page::html(&page);
        }
        user.flash(&app, Flash::success(done)).await?;
        return Ok(page::see_other("/inventory/pickings"));
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    for (label, (id, outcome)) in labels.iter().zip(stored) {
        if outcome == Stored::Closed {
            status = StatusCode::CONFLICT;
            page.errors.add("", user.lang.with("labels-row-closed", &[("reference", reference(id))]));
            continue;
        }
        let mut line = line(user.lang, label);
        match outcome {
            Stored::Saved | Stored::Same | Stored::Closed => continue,
            Stored::Changed(now) => {
                status = StatusCode::CONFLICT;
                line.version = now.seen.version;
                let label = format!("{} {}", now.carrier, now.tracking).trim().to_owned();
                line.error = user.lang.with("labels-changed", &[("label", label)]).into_owned();
            }
            Stored::Wrong(mistakes) => {
                for mistake in mistakes {
                    let (field, text) = mistake_text(user.lang, mistake);
                    let place = if field == "carrier" { &mut line.carrier_error } else { &mut line.error };
                    *place = text;
                }
            }
        }
        for (name, text) in [("carrier", &line.carrier_error), ("tracking", &line.error)] {
            if !text.is_empty() {
                page.errors.add(format!("{name}-{id}"), about(user.lang, &line.reference, text));
            }
        }
        page.lines.push(line);
    }
    page.done = if saved > 0 { done } else { String::new() };
    page.chrome = page.chrome.with_error();
    page::html_with(status, &page)
}
