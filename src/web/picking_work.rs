//! Validating a transfer: a plain form, answered by a redirect, a question or the page with what is wrong.

use super::conflict::Conflict;
use super::extract::{CurrentUser, Form};
use super::flash::{Flash, Tone};
use super::page::{self, Chrome, Place};
use super::picking::{self, PickingPage, link};
use crate::app::App;
use crate::db::picking_changes::Seen;
use crate::db::{Conn, products};
use crate::domain::access::Action;
use crate::domain::carrier::LONGEST_NAME;
use crate::domain::ids::{CompanyId, MoveId, PickingId};
use crate::domain::picking::reference;
use crate::domain::picking::shipping::{LONGEST_TRACKING, Mistake, Shipped};
use crate::domain::tracking;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::edit_picking::{self, Typed};
use crate::ops::ship_parcels::{Gone, Rest, Short};
use crate::ops::validate_picking::{self, Answer, Quantities, Wish};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;
use serde::Deserialize;

/// Registers the form.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/pickings/{id}/validate", web::post().to(validate));
}

/// The form of an open transfer; its buttons say what is wished.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShipForm {
    pub(super) version: i64,
    #[serde(default)]
    pub(super) carrier: String,
    #[serde(default)]
    pub(super) tracking: String,
    #[serde(default)]
    pub(super) line: Vec<i64>,
    #[serde(default)]
    pub(super) done: Vec<String>,
    #[serde(default)]
    pub(super) wish: String,
    #[serde(default)]
    pub(super) rest: String,
    #[serde(default)]
    pub(super) agreed: String,
}

impl ShipForm {
    fn typed(&self) -> Vec<(MoveId, String)> {
        self.line.iter().copied().map(MoveId).zip(self.done.iter().cloned()).collect()
    }

    /// What it asks for of this transfer.
    pub(super) fn wish(&self, picking: PickingId) -> Wish {
        Wish {
            seen: Seen { picking, version: self.version },
            carrier: self.carrier.clone(),
            tracking: self.tracking.clone(),
            quantities: if self.wish == "all" { Quantities::Whole } else { Quantities::Typed(self.typed()) },
            rest: match self.rest.as_str() {
                "backorder" => Some(Rest::Backorder),
                "cancelled" => Some(Rest::Cancelled),
                _ => None,
            },
            is_agreed: self.agreed == "yes",
        }
    }

    /// Everything of the form but its token, to be sent again from a question.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("version", self.version.to_string()),
            ("carrier", self.carrier.clone()),
            ("tracking", self.tracking.clone()),
            ("wish", self.wish.clone()),
        ];
        for (line, done) in self.line.iter().zip(&self.done) {
            fields.push(("line", line.to_string()));
            fields.push(("done", done.clone()));
        }
        if !self.agreed.is_empty() {
            fields.push(("agreed", self.agreed.clone()));
        }
        fields
    }
}

/// How much of a product leaves now and how much stays.
pub(super) struct Split {
    pub(super) product: String,
    pub(super) reference: String,
    pub(super) now: i64,
    pub(super) left: i64,
}

/// A question before something happens: what will and what will not happen, and the buttons that answer it.
#[derive(Template)]
#[template(path = "stock/ask.html")]
pub(super) struct AskPage {
    pub(super) chrome: Chrome,
    pub(super) back: (String, String),
    pub(super) action: String,
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) lead: String,
    pub(super) notes: Vec<String>,
    /// What leaves now and what stays, per product.
    pub(super) split: Vec<Split>,
    /// The buttons: name, value, text, and what it means; the first one is the usual answer.
    pub(super) answers: Vec<(&'static str, &'static str, String, String)>,
    pub(super) is_back_first: bool,
}

async fn validate(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<ShipForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::WorkOnTransfers)?;
    let (id, form) = (PickingId(*path), form.into_inner());
    let seen = Seen { picking: id, version: form.version };
    if form.wish == "save" {
        let typed = Typed {
            carrier: Some(form.carrier.clone()),
            tracking: Some(form.tracking.clone()),
            quantities: form.typed(),
        };
        return match edit_picking::save(&app, &user.actor(), seen, typed).await {
            Ok(Ok(())) => {
                user.flash(&app, Flash::success(user.lang.t("transfers-saved"))).await?;
                Ok(page::see_other(format!("/inventory/pickings/{id}")))
            }
            Ok(Err(mistakes)) => wrong(load(&user, &app, id, &form).await?, &mistakes),
            Err(AppError::Conflict) => compare(&user, &app, id, &form).await,
            Err(error) => Err(error),
        };
    }
    match validate_picking::run(&app, &user.actor(), form.wish(id)).await {
        Ok(Answer::Gone(gone)) => gone_flash(&user, &app, gone, &form).await,
        Ok(Answer::Mistakes(mistakes)) => wrong(load(&user, &app, id, &form).await?, &mistakes),
        Ok(Answer::Short(short)) => missing(&user, &app, id, &form, short).await,
        Ok(Answer::AskHeld) => ask_held(&user, &app, id, &form).await,
        Ok(Answer::AskRest(shipped)) => ask_rest(&user, &app, id, &form, &shipped).await,
        Err(AppError::Conflict) => compare(&user, &app, id, &form).await,
        Err(error) => Err(error),
    }
}

async fn gone_flash(user: &CurrentUser, app: &App, gone: Gone, form: &ShipForm) -> Result<HttpResponse, AppError> {
    let (tone, text) = gone_said(user, app, gone, form).await?;
    user.flash(app, Flash::new(tone, text)).await?;
    Ok(page::see_other(format!("/inventory/pickings/{}", gone.picking)))
}

/// Says that a parcel left, when Amazon is told, and what may be wrong with its label.
pub(super) async fn gone_said(
    user: &CurrentUser,
    app: &App,
    gone: Gone,
    form: &ShipForm,
) -> Result<(Tone, String), AppError> {
    let lang = user.lang;
    let said = reference(gone.picking);
    let text = match (gone.told_at, gone.backorder) {
        (_, Some(backorder)) => {
            let backorder = reference(backorder);
            lang.with("transfers-done-backorder", &[("reference", said.as_str()), ("backorder", backorder.as_str())])
        }
        (Some(at), None) => {
            let chrome = user.chrome("pickings-title", Place::Transfers);
            let at = super::when::When::of(&chrome, at).time;
            lang.with("transfers-done-told", &[("reference", said.as_str()), ("at", at.as_str())])
        }
        (None, None) => lang.with("transfers-done", &[("reference", said.as_str())]),
    };
    let mut text = text.into_owned();
    let (company, id, carrier, label) =
        (user.company, gone.picking, form.carrier.clone(), tracking::tidy(&form.tracking));
    let doubts = app.read(move |conn| validate_picking::doubts(conn, company, id, &carrier, &label)).await?;
    let tone = if doubts.is_empty() { Tone::Success } else { Tone::Warning };
    for doubt in doubts {
        text.push(' ');
        text.push_str(&picking::said(lang, &form.carrier, &tracking::tidy(&form.tracking), &doubt));
    }
    Ok((tone, text))
}

/// The page with what was typed.
async fn load(user: &CurrentUser, app: &App, id: PickingId, form: &ShipForm) -> Result<PickingPage, AppError> {
    let mut page = picking::load(user, app, id).await?;
    page.carrier.clone_from(&form.carrier);
    page.tracking.clone_from(&form.tracking);
    page.doubts = picking::doubts_of(user, app, id, &form.carrier, &form.tracking).await?;
    page.retype(&form.typed());
    Ok(page)
}

/// The page with what is wrong beside each field (422).
fn wrong(mut page: PickingPage, mistakes: &[Mistake]) -> Result<HttpResponse, AppError> {
    for mistake in mistakes {
        add(&mut page, *mistake);
    }
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn add(page: &mut PickingPage, mistake: Mistake) {
    let lang = page.chrome.lang;
    if let Mistake::Quantity(wrong) = mistake {
        let text = lang.with("transfers-quantity-wrong", &[("most", wrong.demand)]).into_owned();
        let Some(line) = page.lines.iter_mut().find(|line| line.id == wrong.id) else { return };
        page.errors.add(format!("done-{}", line.id), about(lang, &line.product, &text));
        line.error = text;
        return;
    }
    let (field, text) = mistake_text(lang, mistake);
    page.errors.add(field, text);
}

/// A sentence about one of several things, with its name before it.
pub(super) fn about(lang: Lang, what: &str, text: &str) -> String {
    lang.with("list-about", &[("what", what), ("text", text)]).into_owned()
}

/// The field of a mistake, and what to do about it.
pub(super) fn mistake_text(lang: Lang, mistake: Mistake) -> (&'static str, String) {
    let (field, text) = match mistake {
        Mistake::CarrierMissing => ("carrier", lang.t("transfers-carrier-missing")),
        Mistake::CarrierTooLong => ("carrier", lang.with("transfers-carrier-long", &[("most", LONGEST_NAME)])),
        Mistake::TrackingMissing => ("tracking", lang.t("transfers-tracking-missing")),
        Mistake::TrackingTooLong => ("tracking", lang.with("transfers-tracking-long", &[("most", LONGEST_TRACKING)])),
        Mistake::Quantity(line) => ("lines", lang.with("transfers-quantity-wrong", &[("most", line.demand)])),
        Mistake::NothingDone => ("lines", lang.t("transfers-nothing-done")),
    };
    (field, text.into_owned())
}

/// The page says which goods are missing, how many are there and where to count them.
async fn missing(
    user: &CurrentUser,
    app: &App,
    id: PickingId,
    form: &ShipForm,
    short: Vec<Short>,
) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id, form).await?;
    let company = user.company;
    let texts = app.read(move |conn| short_texts(conn, company, &short)).await?;
    for (name, one) in texts {
        let text = short_text(user.lang, &name, &one);
        page.errors.add("lines", text);
    }
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Missing goods with their names.
pub(super) fn short_texts(
    conn: &mut Conn,
    company: CompanyId,
    short: &[Short],
) -> Result<Vec<(String, Short)>, AppError> {
    let ids: Vec<_> = short.iter().map(|one| one.product).collect();
    let rows = products::some(conn, company, &ids)?;
    let name =
        |one: &Short| rows.iter().find(|row| row.id == one.product).map(|row| row.name.clone()).unwrap_or_default();
    Ok(short.iter().map(|one| (name(one), one.clone())).collect())
}

/// What is missing, in words.
pub(super) fn short_text(lang: Lang, name: &str, one: &Short) -> String {
    let (wanted, there, on_hand) = (one.wanted.to_string(), one.there.to_string(), one.on_hand.to_string());
    let said =
        [("product", name), ("wanted", wanted.as_str()), ("there", there.as_str()), ("onhand", on_hand.as_str())];
    lang.with("transfers-short", &said).into_owned()
}

/// What one typed beside what somebody else stored meanwhile (409).
async fn compare(user: &CurrentUser, app: &App, id: PickingId, form: &ShipForm) -> Result<HttpResponse, AppError> {
    let mut page = picking::load(user, app, id).await?;
    let action = format!("/inventory/pickings/{id}/validate");
    let mut conflict = Conflict::new(action, page.version, format!("/inventory/pickings/{id}"));
    // What is saved over somebody else's change is looked at once more before it leaves.
    conflict.carry("wish", "save");
    conflict.carry("carrier", form.carrier.clone());
    conflict.carry("tracking", form.tracking.clone());
    conflict.compare(user.lang.t("pickings-carrier"), page.carrier.clone(), form.carrier.trim());
    conflict.compare(user.lang.t("transfers-tracking"), page.tracking.clone(), tracking::tidy(&form.tracking));
    let typed = form.typed();
    for line in &page.lines {
        let Some((_, mine)) = typed.iter().find(|(move_id, _)| *move_id == line.id) else { continue };
        conflict.carry("line", line.id.to_string());
        conflict.carry("done", mine.clone());
        conflict.compare(line.product.clone(), line.done.clone(), mine.trim());
    }
    let state = user.lang.t(&super::badges::key("picking-state", page.state.as_str())).into_owned();
    if page.state.is_open() {
        page.carrier.clone_from(&form.carrier);
        page.tracking.clone_from(&form.tracking);
        page.retype(&typed);
        page.conflict = Some(conflict);
    } else {
        let said = user.lang.with("transfers-closed-meanwhile", &[("state", &state)]).into_owned();
        page.errors.add("", said);
        for one in conflict.differences {
            let said = [("field", one.label.as_str()), ("theirs", &one.theirs), ("mine", &one.mine)];
            page.errors.add("", user.lang.with("transfers-closed-difference", &said).into_owned());
        }
    }
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::CONFLICT, &page)
}

/// The transfer is held: what Amazon says, and whether it leaves all the same.
pub(super) async fn ask_held(
    user: &CurrentUser,
    app: &App,
    id: PickingId,
    form: &ShipForm,
) -> Result<HttpResponse, AppError> {
    let page = picking::load(user, app, id).await?;
    let lang = user.lang;
    let title = lang.with("transfers-held-title", &[("reference", &reference(id))]).into_owned();
    page::html(&AskPage {
        chrome: user.chrome_titled(title, Place::Transfers),
        back: link(id),
        action: format!("/inventory/pickings/{id}/validate"),
        fields: form.fields(),
        lead: page.held.unwrap_or_default(),
        notes: vec![lang.t("transfers-held-means").into_owned()],
        split: Vec::new(),
        answers: vec![("agreed", "yes", lang.t("transfers-held-ship").into_owned(), String::new())],
        is_back_first: true,
    })
}

/// Something stays: whether it leaves later or never.
pub(super) async fn ask_rest(
    user: &CurrentUser,
    app: &App,
    id: PickingId,
    form: &ShipForm,
    shipped: &Shipped,
) -> Result<HttpResponse, AppError> {
    let page = picking::load(user, app, id).await?;
    let lang = user.lang;
    let (now, later) = shipped.sums();
    let split = shipped.lines.iter().filter_map(|(line, done)| {
        let shown = page.lines.iter().find(|one| one.id == line.id)?;
        Some(Split {
            product: shown.product.clone(),
            reference: shown.reference.clone(),
            now: *done,
            left: line.demand - *done,
        })
    });
    page::html(&AskPage {
        chrome: user.chrome("transfers-rest-title", Place::Transfers),
        back: link(id),
        action: format!("/inventory/pickings/{id}/validate"),
        fields: form.fields(),
        lead: lang.with("transfers-rest-lead", &[("done", now), ("all", now + later)]).into_owned(),
        notes: vec![lang.t("transfers-rest-told").into_owned()],
        split: split.collect(),
        answers: vec![
            (
                "rest",
                "backorder",
                lang.t("transfers-rest-backorder").into_owned(),
                lang.t("transfers-rest-backorder-means").into_owned(),
            ),
            (
                "rest",
                "cancelled",
                lang.t("transfers-rest-cancelled").into_owned(),
                lang.t("transfers-rest-cancelled-means").into_owned(),
            ),
        ],
        is_back_first: false,
    })
}
