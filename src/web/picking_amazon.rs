//! What Amazon knows of a delivery that left, on the delivery's page, and what one can do about it.

use super::badges::{self, Badge};
use super::conflict::Conflict;
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::{Flash, Tone};
use super::page::{self, Chrome, Place};
use super::picking;
use super::picking_work::mistake_text;
use super::when::When;
use crate::app::App;
use crate::db::shipments::{self, ShipmentRow};
use crate::db::{Conn, carriers, feeds};
use crate::domain::access::Action;
use crate::domain::ids::PickingId;
use crate::domain::picking::shipping::Doubt;
use crate::domain::picking::{AmazonSync, reference};
use crate::domain::refusal::{self, Cause, Remedy};
use crate::domain::tracking;
use crate::error::AppError;
use crate::ops::announce::{self, Corrected, Correction};
use crate::ops::undo_validation;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;

/// Registers the buttons of the card and the page of a correction.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/pickings/retry", web::post().to(retry_many))
        .route("/inventory/pickings/{id}/retry", web::post().to(retry))
        .route("/inventory/pickings/{id}/send-now", web::post().to(send_now))
        .route("/inventory/pickings/{id}/undo", web::post().to(undo))
        .route("/inventory/pickings/{id}/correct", web::get().to(form))
        .route("/inventory/pickings/{id}/correct", web::post().to(correct));
}

/// What is held about a delivery that Amazon is told of.
#[derive(Clone, Debug)]
pub struct Held {
    row: ShipmentRow,
    feed: Option<crate::domain::ids::FeedId>,
}

/// Reads what the card shows; nothing for a delivery of which Amazon need not know.
pub fn load(conn: &mut Conn, picking: PickingId) -> Result<Option<Held>, AppError> {
    let Some(row) = shipments::of_picking(conn, picking)? else { return Ok(None) };
    let feed = feeds::carrying(conn, row.id)?;
    Ok(Some(Held { row, feed }))
}

/// The card `stock/amazon.html`, which includes itself where a page has `amazon`.
#[expect(clippy::struct_excessive_bools, reason = "each is a button")]
pub struct AmazonCard {
    pub(super) action: String,
    pub(super) badge: Option<Badge>,
    pub(super) package: i64,
    pub(super) carrier: String,
    pub(super) tracking: String,
    pub(super) sentence: String,
    pub(super) is_in_feed: bool,
    /// The page of that feed, for who may open it.
    pub(super) feed: Option<String>,
    pub(super) refusal: Option<(Cow<'static, str>, String)>,
    pub(super) may_undo: bool,
    pub(super) may_send_now: bool,
    pub(super) may_retry: bool,
    pub(super) may_correct: bool,
    /// What helps, where something is to be done.
    remedy: Option<Remedy>,
}

impl AmazonCard {
    /// Whether telling the same once more helps.
    pub(super) fn helps_to_retry(&self) -> bool {
        self.remedy == Some(Remedy::Retry)
    }

    /// Whether another carrier or tracking reference helps.
    pub(super) fn helps_to_correct(&self) -> bool {
        self.remedy == Some(Remedy::Correct)
    }

    /// What a person sees of it.
    pub fn of(user: &CurrentUser, chrome: &Chrome, held: &Held) -> Self {
        let row = &held.row;
        let is_free = held.feed.is_none() && user.may(Action::TellAmazon);
        let time = |at| [("time", When::of(chrome, at).time)];
        let sentence = match (row.amazon_sync, row.send_after, row.sent_at) {
            (AmazonSync::ToSend, Some(at), _) if at > chrome.now.naive_utc() && row.attempts > 0 => {
                chrome.with("announce-again-at", time(at))
            }
            (AmazonSync::ToSend, Some(at), _) if at > chrome.now.naive_utc() => chrome.with("announce-at", time(at)),
            (AmazonSync::ToSend, ..) => chrome.t("announce-now"),
            (AmazonSync::Sent, _, Some(at)) => chrome.with("announce-sent", time(at)),
            (AmazonSync::Ok, ..) => chrome.t("announce-ok"),
            (AmazonSync::Failed, ..) => chrome.t("announce-failed"),
            (AmazonSync::Unknown, ..) => chrome.t("announce-unknown"),
            _ => Cow::Borrowed(""),
        };
        let refused = refused(row);
        let remedy = match row.amazon_sync {
            AmazonSync::Failed => Some(refused.as_ref().map_or(Remedy::Retry, |(cause, _)| cause.remedy())),
            AmazonSync::Unknown => Some(Remedy::Retry),
            _ => None,
        };
        let refusal = refused.map(|(cause, words)| (why(chrome, cause), words));
        Self {
            action: format!("/inventory/pickings/{}", row.picking_id),
            badge: badges::amazon_sync(chrome.lang, row.amazon_sync),
            package: row.package_reference,
            carrier: row.carrier_name.clone().unwrap_or_else(|| row.carrier_code.clone()),
            tracking: row.tracking.clone(),
            sentence: sentence.into_owned(),
            feed: held.feed.filter(|_| user.may(Action::ReadAmazon)).map(|feed| format!("/amazon/feeds/{feed}")),
            is_in_feed: held.feed.is_some(),
            refusal,
            may_undo: is_free && row.attempts == 0 && row.send_after.is_some_and(|at| at > chrome.now.naive_utc()),
            may_send_now: is_free && row.amazon_sync == AmazonSync::ToSend && row.send_after.is_some(),
            may_retry: is_free && matches!(row.amazon_sync, AmazonSync::Failed | AmazonSync::Unknown),
            may_correct: is_free,
            remedy,
        }
    }
}

/// Why Amazon refused a delivery, and its own words.
fn refused(row: &ShipmentRow) -> Option<(Cause, String)> {
    let code = row.refusal_code.as_ref()?;
    let words = row.refusal.clone().unwrap_or_default();
    Some((refusal::cause(code, &words), format!("{code}: {words}")))
}

fn why(chrome: &Chrome, cause: Cause) -> Cow<'static, str> {
    chrome.t(&badges::key("announce-why", cause.as_str()))
}

/// Nothing: the address says which delivery.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Says on the delivery's page what was done, or why not.
async fn say(
    user: &CurrentUser,
    app: &App,
    id: i64,
    done: Result<(), AppError>,
    key: &str,
) -> Result<HttpResponse, AppError> {
    let flash = match done {
        Ok(()) => Flash::success(user.lang.t(key)),
        Err(AppError::Rule(key)) => Flash::new(Tone::Problem, user.lang.t(key)),
        Err(error) => return Err(error),
    };
    user.flash(app, flash).await?;
    Ok(page::see_other(format!("/inventory/pickings/{id}")))
}

async fn retry(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    let done = announce::retry(&app, &user.actor(), PickingId(*path)).await;
    say(&user, &app, *path, done, "announce-retried").await
}

async fn send_now(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    let done = announce::send_now(&app, &user.actor(), PickingId(*path)).await;
    say(&user, &app, *path, done, "announce-hurried").await
}

/// Goes on with the delivery that is open again.
async fn undo(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    match undo_validation::run(&app, &user.actor(), PickingId(*path)).await {
        Ok(open) => say(&user, &app, open.0, Ok(()), "announce-undone").await,
        Err(error) => say(&user, &app, *path, Err(error), "announce-undone").await,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    #[serde(default)]
    id: Vec<i64>,
    /// The page from which one came.
    #[serde(default)]
    next: String,
}

async fn retry_many(user: CurrentUser, app: Data<App>, form: Form<Chosen>) -> Result<HttpResponse, AppError> {
    let Chosen { id, next } = form.into_inner();
    let ids = id.into_iter().map(PickingId).collect();
    let told = announce::retry_many(&app, &user.actor(), ids).await?;
    let count = i64::try_from(told).unwrap_or(i64::MAX);
    user.flash(&app, Flash::success(user.lang.with("announce-retried-many", &[("count", count)]))).await?;
    let next = page::local_path(&next);
    Ok(page::see_other(if next.starts_with("/amazon/feeds/") {
        next
    } else {
        "/inventory/pickings?amazon_sync=failed"
    }))
}

#[derive(Template)]
#[template(path = "stock/correct.html")]
struct CorrectPage {
    chrome: Chrome,
    action: String,
    back: String,
    reference: String,
    typed: Typed,
    /// Why Amazon refused what it was told.
    why: Option<Cow<'static, str>>,
    carriers: Vec<String>,
    errors: FieldErrors,
    /// What somebody else changed meanwhile.
    conflict: Option<Conflict>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    #[serde(default)]
    carrier: String,
    #[serde(default)]
    tracking: String,
    version: i64,
}

/// The page of a correction with what Amazon was told, or with what was typed instead.
async fn correction_page(
    user: &CurrentUser,
    app: &App,
    id: i64,
    typed: Option<Typed>,
    errors: FieldErrors,
) -> Result<CorrectPage, AppError> {
    user.must(Action::TellAmazon)?;
    let company = user.company;
    let (held, carriers) =
        app.read(move |conn| Ok::<_, AppError>((load(conn, PickingId(id))?, carriers::all(conn, company)?))).await?;
    let row = held.map(|held| held.row).filter(|row| row.company_id == company).ok_or(AppError::NotFound)?;
    let back = format!("/inventory/pickings/{id}");
    let chrome = user.chrome("announce-correct", Place::Transfers);
    let chrome = if errors.is_empty() { chrome } else { chrome.with_error() };
    Ok(CorrectPage {
        action: format!("{back}/correct"),
        back,
        reference: reference(PickingId(id)),
        why: refused(&row).map(|(cause, _)| why(&chrome, cause)),
        carriers: carriers.into_iter().filter(|one| one.is_active).map(|one| one.name).collect(),
        typed: typed.unwrap_or_else(|| Typed {
            carrier: row.carrier_name.unwrap_or(row.carrier_code),
            tracking: row.tracking,
            version: row.version,
        }),
        errors,
        conflict: None,
        chrome,
    })
}

/// What one typed beside what Amazon is told by now, because somebody else changed it (409).
async fn compare(user: &CurrentUser, app: &App, id: i64, typed: Typed) -> Result<HttpResponse, AppError> {
    let mut page = correction_page(user, app, id, None, FieldErrors::new()).await?;
    let mut conflict = Conflict::new(page.action.clone(), page.typed.version, page.back.clone());
    conflict.carry("carrier", typed.carrier.clone());
    conflict.carry("tracking", typed.tracking.clone());
    conflict.compare(user.lang.t("pickings-carrier"), page.typed.carrier.clone(), typed.carrier.trim());
    conflict.compare(user.lang.t("announce-tracking"), page.typed.tracking.clone(), tracking::tidy(&typed.tracking));
    page.typed = Typed { version: page.typed.version, ..typed };
    page.conflict = Some(conflict);
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::CONFLICT, &page)
}

async fn form(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    page::html(&correction_page(&user, &app, *path, None, FieldErrors::new()).await?)
}

async fn correct(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Typed>,
) -> Result<HttpResponse, AppError> {
    let typed = form.into_inner();
    let wanted =
        Correction { carrier: typed.carrier.clone(), tracking: typed.tracking.clone(), version: typed.version };
    match announce::correct(&app, &user.actor(), PickingId(*path), wanted).await {
        Ok(Corrected::Told(doubts)) => {
            let said = |doubt: &Doubt| picking::said(user.lang, &typed.carrier, &typed.tracking, doubt);
            let mut texts = vec![user.lang.t("announce-corrected").into_owned()];
            texts.extend(doubts.iter().map(said));
            let tone = if doubts.is_empty() { Tone::Success } else { Tone::Warning };
            user.flash(&app, Flash::new(tone, texts.join(" "))).await?;
            Ok(page::see_other(format!("/inventory/pickings/{path}")))
        }
        Ok(Corrected::Unchanged) => say(&user, &app, *path, Ok(()), "announce-as-it-was").await,
        Ok(Corrected::Wrong(mistakes)) => {
            let mut errors = FieldErrors::new();
            for mistake in mistakes {
                let (field, text) = mistake_text(user.lang, mistake);
                errors.add(field, text);
            }
            let page = correction_page(&user, &app, *path, Some(typed), errors).await?;
            page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(AppError::Rule(key)) => say(&user, &app, *path, Err(AppError::Rule(key)), key).await,
        Err(AppError::Conflict) => compare(&user, &app, *path, typed).await,
        Err(error) => Err(error),
    }
}
