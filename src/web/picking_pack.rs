//! Packing a transfer with a scanner: one field takes every code, and what it did is said beside it.
//!
//! A script swaps the part `pack` and leaves the field alone, so that the next code is never lost; without one the page
//! is loaded again with the focus in the field.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, Form};
use super::flash::{Flash, Tone};
use super::page::{self, Chrome, Place};
use super::picking::{said, why_held};
use super::picking_print::slip_of;
use super::picking_work::{ShipForm, ask_held, ask_rest, gone_said, mistake_text, short_text, short_texts};
use super::when::When;
use crate::app::App;
use crate::db::orders::{self, OrderRow};
use crate::db::picking_lines::{self, NamedLine};
use crate::db::pickings::{self, PickingRow, SourceOrder};
use crate::db::{Conn, picking_search, teams};
use crate::domain::access::Action;
use crate::domain::ids::{CompanyId, LocationId, MoveId, PickingId};
use crate::domain::picking::scan::{Code, Command, Last};
use crate::domain::picking::shipping::{Doubt, Mistake};
use crate::domain::picking::{PickingState, reference};
use crate::error::AppError;
use crate::ops::pack_parcel::{self, Packed, Step};
use crate::ops::print_slips;
use crate::ops::validate_picking::{self, Answer};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// Registers the page and its only form.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/pickings/{id}/pack", web::get().to(show))
        .route("/inventory/pickings/{id}/scan", web::post().to(scan));
}

/// One line, large enough to be read from a step away.
struct Line {
    id: MoveId,
    product: String,
    reference: String,
    shelf: String,
    picked: i64,
    demand: i64,
    is_last: bool,
}

impl Line {
    const fn is_full(&self) -> bool {
        self.picked >= self.demand
    }
}

/// What is said about the last code.
struct Said {
    tone: Tone,
    text: String,
    /// The code that nobody knows, so that one can read it, and where to look for it.
    unknown: Option<(String, String)>,
}

impl Said {
    fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), unknown: None }
    }

    fn is_problem(&self) -> bool {
        self.tone == Tone::Problem
    }
}

#[derive(Template)]
#[template(path = "stock/pack.html", blocks = ["pack"])]
struct PackPage {
    chrome: Chrome,
    id: PickingId,
    reference: String,
    amazon_reference: String,
    state: Badge,
    is_open: bool,
    lines: Vec<Line>,
    carrier: String,
    tracking: String,
    /// What to do before it leaves: it is held, or its papers are old.
    warnings: Vec<String>,
    said: Option<Said>,
    last: String,
    /// What to scan next.
    next: Cow<'static, str>,
    is_packed: bool,
    may_print: bool,
}

/// Everything that the page shows.
struct Loaded {
    row: PickingRow,
    order: SourceOrder,
    held: Option<OrderRow>,
    lines: Vec<NamedLine>,
    locations: HashMap<LocationId, String>,
}

fn read(conn: &mut Conn, company: CompanyId, id: PickingId) -> Result<Loaded, AppError> {
    let (row, order) = pickings::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
    let held = if row.is_held { orders::by_id(conn, company, order.id)? } else { None };
    let lines = if row.state.is_open() { picking_lines::open(conn, &[id])? } else { picking_lines::all(conn, &[id])? };
    let locations = teams::locations(conn, company)?.into_iter().collect();
    Ok(Loaded { row, order, held, lines, locations })
}

async fn load(user: &CurrentUser, app: &App, id: PickingId, last: Option<Last>) -> Result<PackPage, AppError> {
    let company = user.company;
    let Loaded { row, order, held, lines, locations } = app.read(move |conn| read(conn, company, id)).await?;
    let lang = user.lang;
    let title = lang.with("pack-title", &[("reference", &reference(id))]).into_owned();
    let chrome = user.chrome_titled(title, Place::Transfers);
    let is_open = row.state.is_open();
    let goods =
        lines.into_iter().filter(|line| line.row.state != PickingState::Cancelled && line.row.order_line_id.is_some());
    let lines: Vec<Line> = goods
        .map(|line| Line {
            id: line.row.id,
            product: line.name,
            reference: line.reference,
            shelf: locations.get(&line.row.source_id).cloned().unwrap_or_default(),
            picked: line.row.picked,
            demand: line.row.quantity,
            is_last: matches!(last, Some(Last::Line(id, _)) if id == line.row.id),
        })
        .collect();
    let is_packed = is_open && lines.iter().all(Line::is_full);
    let (carrier, tracking) = (row.carrier.clone().unwrap_or_default(), row.tracking.clone().unwrap_or_default());
    let next = match (is_open, is_packed, carrier.is_empty(), tracking.is_empty()) {
        (false, ..) => "pack-next-transfer",
        (true, false, ..) => "pack-next-item",
        (true, true, true, _) => "pack-next-carrier",
        (true, true, false, true) => "pack-next-tracking",
        (true, true, false, false) => "pack-next-validate",
    };
    let mut warnings: Vec<String> = held.iter().map(|order| why_held(lang, order)).collect();
    if let Some(when) = row.address_changed_at.filter(|_| is_open).map(|at| When::of(&chrome, at)) {
        let at = [("day", when.day.as_str()), ("time", when.time.as_str())];
        warnings.push(lang.with("transfers-address-changed", &at).into_owned());
    }
    Ok(PackPage {
        id,
        reference: reference(id),
        amazon_reference: order.amazon_order_id.to_string(),
        state: badges::picking(lang, row.state),
        is_open,
        lines,
        carrier,
        tracking,
        warnings,
        said: None,
        last: last.map(Last::to_text).unwrap_or_default(),
        next: lang.t(next),
        is_packed,
        may_print: user.may(Action::PrintSlips),
        chrome,
    })
}

#[derive(Deserialize)]
struct Seen {
    #[serde(default)]
    last: String,
}

async fn show(user: CurrentUser, app: Data<App>, path: Path<i64>, seen: Query<Seen>) -> Result<HttpResponse, AppError> {
    user.must(Action::WorkOnTransfers)?;
    page::html(&load(&user, &app, PickingId(*path), Last::read(&seen.last)).await?)
}

/// A code, or the button that does the same.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScanForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    press: String,
    #[serde(default)]
    last: String,
}

/// Where a code was scanned, and how the answer goes back.
struct Table<'a> {
    user: &'a CurrentUser,
    app: &'a App,
    id: PickingId,
    is_part: bool,
}

async fn scan(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    request: HttpRequest,
    form: Form<ScanForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::WorkOnTransfers)?;
    let (form, id) = (form.into_inner(), PickingId(*path));
    let at = Table { user: &user, app: &app, id, is_part: page::wants_fragment(&request, "pack") };
    let pressed = if form.press.is_empty() { &form.code } else { &form.press };
    let last = Last::read(&form.last);
    let Some(code) = Code::read(pressed) else {
        return at.answer(Said::new(Tone::Problem, user.lang.t("pack-nothing-scanned")), last).await;
    };
    let step = match Command::read(&code.text) {
        Some(Command::Validate) => return at.validate(false, last).await,
        Some(Command::ShipAll) => return at.validate(true, last).await,
        Some(Command::Next) => return at.go_on().await,
        Some(Command::Print) => {
            print_slips::note(&app, &user.actor(), vec![id]).await?;
            return Ok(at.go(&slip_of(id)));
        }
        Some(Command::Undo) => match last {
            Some(last) => Step::Undo(last),
            None => return at.answer(Said::new(Tone::Problem, user.lang.t("pack-nothing-to-undo")), last).await,
        },
        None if form.press.is_empty() => Step::Scan(code.clone()),
        None => counted(&form.press)?,
    };
    let packed = pack_parcel::run(&app, &user.actor(), id, step).await?;
    at.tell(packed, &code, last).await
}

/// Reads a button of a line: `more.12` or `less.12`.
fn counted(press: &str) -> Result<Step, AppError> {
    let unknown = AppError::BadRequest("an unknown button");
    let Some((which, line)) = press.split_once('.') else { return Err(unknown) };
    match (which, line.parse()) {
        ("more", Ok(line)) => Ok(Step::Count(MoveId(line), 1)),
        ("less", Ok(line)) => Ok(Step::Count(MoveId(line), -1)),
        _ => Err(unknown),
    }
}

impl Table<'_> {
    /// Says what became of a step.
    async fn tell(&self, packed: Packed, code: &Code, before: Option<Last>) -> Result<HttpResponse, AppError> {
        let lang = self.user.lang;
        let units = |key: &str, product: &str, units: i64, demand: i64| {
            let (units, demand) = (units.to_string(), demand.to_string());
            lang.with(key, &[("product", product), ("units", units.as_str()), ("demand", demand.as_str())]).into_owned()
        };
        let (said, last) = match packed {
            Packed::Counted { product, units: n, demand, last } => {
                (Said::new(Tone::Success, units("pack-counted", &product, n, demand)), Some(last))
            }
            Packed::Full { product, demand } => {
                (Said::new(Tone::Problem, units("pack-full", &product, demand, demand)), before)
            }
            Packed::Empty { product } => (Said::new(Tone::Problem, units("pack-empty", &product, 0, 0)), before),
            Packed::Labelled { carrier, tracking, last, doubts } => {
                (self.labelled(&carrier, &tracking, last, &doubts), Some(last))
            }
            Packed::Undone => (Said::new(Tone::Success, lang.t("pack-undone")), None),
            Packed::NothingToUndo => (Said::new(Tone::Problem, lang.t("pack-nothing-to-undo")), None),
            Packed::Unknown => {
                let said = Said::new(Tone::Problem, lang.t("pack-unknown"));
                let query = serde_html_form::to_string([("q", &code.text)]).unwrap_or_default();
                let unknown = Some((code.text.clone(), format!("/inventory/pickings?{query}")));
                (Said { unknown, ..said }, before)
            }
            Packed::Wrong(mistakes) => (self.mistaken(&mistakes), before),
            Packed::Closed => (Said::new(Tone::Problem, lang.t("pack-closed")), None),
        };
        self.answer(said, last).await
    }

    fn labelled(&self, carrier: &str, tracking: &str, last: Last, doubts: &[Doubt]) -> Said {
        let lang = self.user.lang;
        let key = if matches!(last, Last::Carrier(_)) { "pack-carrier-set" } else { "pack-tracking-set" };
        let mut text = lang.with(key, &[("carrier", carrier), ("tracking", tracking)]).into_owned();
        for doubt in doubts {
            text.push(' ');
            text.push_str(&said(lang, carrier, tracking, doubt));
        }
        Said::new(if doubts.is_empty() { Tone::Success } else { Tone::Warning }, text)
    }

    fn mistaken(&self, mistakes: &[Mistake]) -> Said {
        let texts: Vec<String> = mistakes.iter().map(|mistake| mistake_text(self.user.lang, *mistake).1).collect();
        Said::new(Tone::Problem, texts.join(". "))
    }

    /// The page once more: the part that changes for a script, else the whole page, loaded anew after a success.
    async fn answer(&self, said: Said, last: Option<Last>) -> Result<HttpResponse, AppError> {
        let is_problem = said.is_problem();
        if !self.is_part && !is_problem {
            self.user.flash(self.app, Flash::new(said.tone, said.text)).await?;
            let last = last.map(|last| format!("?last={}", last.to_text())).unwrap_or_default();
            return Ok(page::see_other(format!("/inventory/pickings/{}/pack{last}", self.id)));
        }
        let mut page = load(self.user, self.app, self.id, last).await?;
        page.said = Some(said);
        let status = if is_problem { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        if self.is_part {
            return page::html_with(status, &page.as_pack());
        }
        page.chrome = page.chrome.with_error();
        page::html_with(status, &page)
    }

    /// The parcel leaves with what is counted, or whole; what must be known before is asked on a page of its own.
    async fn validate(&self, is_whole: bool, last: Option<Last>) -> Result<HttpResponse, AppError> {
        let (user, app, id, company) = (self.user, self.app, self.id, self.user.company);
        let Loaded { row, lines, .. } = app.read(move |conn| read(conn, company, id)).await?;
        if !row.state.is_open() {
            return self.answer(Said::new(Tone::Problem, user.lang.t("pack-closed")), None).await;
        }
        let form = ShipForm {
            version: row.version,
            carrier: row.carrier.unwrap_or_default(),
            tracking: row.tracking.unwrap_or_default(),
            line: lines.iter().map(|line| line.row.id.0).collect(),
            done: lines.iter().map(|line| line.row.picked.to_string()).collect(),
            wish: if is_whole { "all".to_owned() } else { "validate".to_owned() },
            rest: String::new(),
            agreed: String::new(),
        };
        let said = match validate_picking::run(app, &user.actor(), form.wish(id)).await {
            Ok(Answer::Gone(gone)) => {
                let (tone, text) = gone_said(user, app, gone, &form).await?;
                return self.answer(Said::new(tone, text), None).await;
            }
            Ok(Answer::AskHeld) => return Ok(self.instead(ask_held(user, app, id, &form).await?)),
            Ok(Answer::AskRest(shipped)) => return Ok(self.instead(ask_rest(user, app, id, &form, &shipped).await?)),
            Ok(Answer::Mistakes(mistakes)) => self.mistaken(&mistakes),
            Ok(Answer::Short(short)) => {
                let texts = app.read(move |conn| short_texts(conn, company, &short)).await?;
                let texts: Vec<String> = texts.iter().map(|(name, one)| short_text(user.lang, name, one)).collect();
                Said::new(Tone::Problem, texts.join(" "))
            }
            Err(AppError::Conflict) => Said::new(Tone::Problem, user.lang.t("pack-changed")),
            Err(error) => return Err(error),
        };
        self.answer(said, last).await
    }

    /// On to the next transfer that is ready.
    async fn go_on(&self) -> Result<HttpResponse, AppError> {
        let (company, id) = (self.user.company, self.id);
        let next = self.app.read(move |conn| {
            let (row, _) = pickings::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
            Ok::<_, AppError>(picking_search::next_ready(conn, company, (row.ship_by, row.id))?)
        });
        match next.await? {
            Some(next) => Ok(self.go(&format!("/inventory/pickings/{next}/pack"))),
            None => self.answer(Said::new(Tone::Warning, self.user.lang.t("pack-no-next")), None).await,
        }
    }

    /// Sends the browser to another page.
    fn go(&self, to: &str) -> HttpResponse {
        if !self.is_part {
            return page::see_other(to);
        }
        HttpResponse::Ok().insert_header(("HX-Redirect", to)).content_type("text/html; charset=utf-8").finish()
    }

    /// A whole page that takes the place of this one.
    fn instead(&self, mut answer: HttpResponse) -> HttpResponse {
        if self.is_part {
            for (name, value) in [("hx-retarget", "body"), ("hx-reswap", "innerHTML")] {
                answer.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
        }
        answer
    }
}
