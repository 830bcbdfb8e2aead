//! Synchronization runs: the list, and one run with its progress, its decisions and, for a preview, what would happen.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, Form};
use super::flash::{Flash, Tone};
use super::list::view::{Columns, Frame, Offers};
use super::list::{Field, Spec, State, answer};
use super::orders::{codes, records};
use super::page::{self, Chrome, Place};
use super::reasons;
use super::when::When;
use crate::app::App;
use crate::db::decisions::{self, Kept, Sight};
use crate::db::paging::{Page, micros};
use crate::db::runs::{self, Filter, RunRow};
use crate::db::{accounts, teams};
use crate::domain::access::Action;
use crate::domain::ids::{AccountId, RunId};
use crate::domain::run::{RunCause, RunKind, RunState};
use crate::domain::sync::{Outcome, Reason};
use crate::error::AppError;
use crate::i18n::{Lang, format};
use crate::ops::stop_run;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/runs", web::get().to(list))
        .route("/amazon/runs/{id}", web::get().to(show))
        .route("/amazon/runs/{id}/progress", web::get().to(progress))
        .route("/amazon/runs/{id}/stop", web::post().to(stop));
}

static SPEC: Spec = Spec {
    path: "/amazon/runs",
    fields: &[
        Field::code("kind", |code| RunKind::parse(code).is_some()),
        Field::code("state", |code| RunState::parse(code).is_some()),
        Field::key("account"),
        Field::code("trigger", |code| RunCause::parse(code).is_some()),
        Field::days("date"),
    ],
    named: &[],
    sorts: &["date"],
    sort: "-date",
    named_sorts: &[],
    has_search: false,
};

const COLUMNS: Columns<'static> = &[
    ("runs-number", "", false),
    ("runs-started", "date", false),
    ("orders-account", "", false),
    ("runs-kind", "", false),
    ("runs-duration", "", true),
    ("runs-read", "", true),
    ("runs-created", "", true),
    ("runs-updated", "", true),
    ("runs-unchanged", "", true),
    ("runs-failed", "", true),
    ("runs-calls", "", true),
    ("runs-state", "", false),
];

/// One run as lists show it.
pub struct Row {
    /// Its address.
    pub href: String,
    /// Its number.
    pub number: String,
    /// When it was asked for.
    pub at: When,
    /// Its account.
    pub account: String,
    /// What it does.
    pub kind: Cow<'static, str>,
    /// Who or what asked.
    pub cause: Cow<'static, str>,
    /// How long it took.
    pub duration: String,
    /// The run itself, for its counts.
    pub run: RunRow,
    /// Where it stands.
    pub state: Badge,
}

#[derive(Template)]
#[template(path = "runs/list.html", blocks = ["list"])]
struct ListPage {
    chrome: Chrome,
    frame: Frame,
    rows: Vec<Row>,
}

async fn list(user: CurrentUser, app: Data<App>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadAmazon)?;
    let state = State::read(&SPEC, request.query_string());
    if let Some(detour) = answer::detour(&state, &request) {
        return Ok(detour);
    }
    let today = user.now.with_timezone(&user.zone).date_naive();
    let filter = Filter {
        kind: state.choice("kind", RunKind::parse),
        state: state.choice("state", RunState::parse),
        cause: state.choice("trigger", RunCause::parse),
        account: state.keys("account", AccountId),
        queued: state.span("date", today, user.zone),
    };
    let (company, window, lang) = (user.company, state.window(), user.lang);
    let (loaded, count, accounts) = app
        .read(move |conn| {
            let loaded = runs::page(conn, company, &filter, &window)?;
            Ok::<_, AppError>((loaded, runs::count(conn, company, &filter)?, teams::accounts(conn, company)?))
        })
        .await?;
    let chrome = user.chrome("runs-title", Place::Runs);
    let offers: Offers = vec![
        ("kind", codes(lang, "run-kind", RunKind::ALL.iter().map(|kind| kind.as_str()))),
        ("state", codes(lang, "run-state", RunState::ALL.iter().map(|state| state.as_str()))),
        ("account", records(&accounts)),
        ("trigger", codes(lang, "run-cause", RunCause::ALL.iter().map(|cause| cause.as_str()))),
    ];
    let frame = Frame::new(&state, lang, &offers, COLUMNS, "runs", count)
        .paged(&state, &loaded, |(row, _)| (micros(row.queued_at), row.id.0));
    let rows = loaded.rows.into_iter().map(|(row, account)| shown(&chrome, row, account)).collect();
    let page = ListPage { chrome, frame, rows };
    answer::send(&state, &request, &page, &page.as_list())
}

/// A run as lists show it.
pub fn shown(chrome: &Chrome, run: RunRow, account: String) -> Row {
    Row {
        href: format!("/amazon/runs/{}", run.id),
        number: run.id.to_string(),
        at: When::of(chrome, run.started_at.unwrap_or(run.queued_at)),
        account,
        kind: chrome.lang.t(&badges::key("run-kind", run.kind.as_str())),
        cause: chrome.lang.t(&badges::key("run-cause", run.cause.as_str())),
        duration: duration(chrome, &run),
        state: badges::run(chrome.lang, run.state),
        run,
    }
}

fn duration(chrome: &Chrome, run: &RunRow) -> String {
    let Some(started) = run.started_at else { return String::new() };
    let seconds = (run.finished_at.unwrap_or(chrome.now.naive_utc()) - started).num_seconds().max(0);
    let number = |number| format::number(chrome.lang, number);
    if seconds < 60 {
        chrome.with("runs-seconds", [("seconds", number(seconds))]).into_owned()
    } else {
        let parts = [("minutes", number(seconds / 60)), ("seconds", number(seconds % 60))];
        chrome.with("runs-minutes", parts).into_owned()
    }
}

/// What a run can be asked: which of its orders to show.
static DECISIONS: Spec = Spec {
    path: "",
    fields: &[Field::code("outcome", |code| Outcome::parse(code).is_some())],
    named: &[],
    sorts: &["number"],
    sort: "number",
    named_sorts: &[],
    has_search: false,
};

/// One order of a run.
struct Decided {
    reference: String,
    why: String,
    outcome: Badge,
    rule: &'static str,
    rule_text: Cow<'static, str>,
    reasons: Vec<String>,
    amazon: Badge,
    channel: String,
}

/// How far a run is.
struct Progress {
    run: RunRow,
    state: Badge,
    sentence: String,
    duration: String,
    error: Option<String>,
    stopping: Option<String>,
    may_stop: bool,
}

#[derive(Template)]
#[template(path = "runs/show.html", blocks = ["job"])]
struct RunPage {
    chrome: Chrome,
    id: RunId,
    progress: Progress,
    account: String,
    account_id: AccountId,
    kind: Cow<'static, str>,
    asked: String,
    at: When,
    window: Option<(String, String)>,
    outcomes: Vec<(Badge, String, String)>,
    outcome: Option<String>,
    frame: Frame,
    rows: Vec<Decided>,
    is_preview: bool,
    is_recovery: bool,
    force: Option<Force>,
}

/// What a finished preview offers.
struct Force {
    date: String,
    version: i64,
}

async fn show(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let page = load(&user, &app, RunId(*path), request.query_string()).await?;
    page::html(&page)
}

/// The card of a run under way; once it has ended, the whole page is loaded again.
async fn progress(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    let page = load(&user, &app, RunId(*path), "").await?;
    let mut answer = page::html(&page.as_job())?;
    if !page.progress.run.state.is_active() {
        use actix_web::http::header::{HeaderName, HeaderValue};
        answer.headers_mut().insert(HeaderName::from_static("hx-refresh"), HeaderValue::from_static("true"));
    }
    Ok(answer)
}

async fn load(user: &CurrentUser, app: &App, id: RunId, query: &str) -> Result<RunPage, AppError> {
    user.must(Action::ReadAmazon)?;
    let state = State::read(&DECISIONS, query);
    let (company, window, lang) = (user.company, state.window(), user.lang);
    let outcome = state.choice("outcome", Outcome::parse);
    let loaded = app
        .read(move |conn| {
            let (run, account, asker) = runs::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
            let is_answered = matches!(run.kind, RunKind::Preview | RunKind::Recover);
            let of = (if is_answered { Kept::Answers } else { Kept::Decisions }, id);
            let rows = decisions::page(conn, of, &outcome, &window)?;
            let (count, outcomes) = (decisions::count(conn, of, &outcome)?, decisions::outcomes(conn, of)?);
            let version = accounts::by_id(conn, company, run.account_id)?.map(|(row, ..)| row.version);
            let stopper = match run.stop_requested_by {
                Some(user) => runs::user_name(conn, user)?,
                None => None,
            };
            Ok::<_, AppError>(Loaded { run, account, asker, rows, count, outcomes, version, stopper })
        })
        .await?;
    Ok(render(user, lang, &state, loaded))
}

/// What the database gives for a run.
struct Loaded {
    run: RunRow,
    account: String,
    asker: Option<String>,
    rows: Page<Sight>,
    count: i64,
    outcomes: Vec<(Outcome, i64)>,
    version: Option<i64>,
    stopper: Option<String>,
}

fn render(user: &CurrentUser, lang: Lang, state: &State, loaded: Loaded) -> RunPage {
    let id = loaded.run.id;
    let title = lang.with("run-number", &[("number", id.to_string())]).into_owned();
    let chrome = user.chrome_titled(title, Place::Runs);
    let run = loaded.run;
    let is_preview = run.kind == RunKind::Preview;
    let asker = loaded.asker.unwrap_or_else(|| lang.t(&badges::key("run-cause", run.cause.as_str())).into_owned());
    let chosen = state.values("outcome", false).first().cloned();
    let path = format!("/amazon/runs/{id}");
    let mut frame =
        Frame::new(state, lang, &Vec::new(), &[], "orders", loaded.count)
            .paged(state, &loaded.rows, |row| (row.id, row.id));
    for address in [&mut frame.first, &mut frame.previous, &mut frame.next, &mut frame.cleared] {
        if !address.is_empty() {
            *address = format!("{path}{address}");
        }
    }
    let outcomes = loaded.outcomes.iter().map(|(outcome, count)| {
        let href = format!("{path}?outcome={}", outcome.as_str());
        (badges::outcome(lang, *outcome, is_preview), href, format::number(lang, *count))
    });
    let is_done = matches!(run.state, RunState::Succeeded | RunState::Warned);
    let may_force = is_preview && is_done && user.developer_mode;
    RunPage {
        id,
        account: loaded.account,
        account_id: run.account_id,
        kind: lang.t(&badges::key("run-kind", run.kind.as_str())),
        asked: asker,
        at: When::of(&chrome, run.started_at.unwrap_or(run.queued_at)),
        window: run.window_from.map(|from| {
            let to = run.window_to.map(|to| chrome.date_time(to)).unwrap_or_default();
            (chrome.date_time(from), to)
        }),
        outcomes: outcomes.collect(),
        outcome: chosen,
        rows: loaded.rows.rows.iter().map(|sight| decided(&chrome, sight, is_preview)).collect(),
        frame,
        is_preview,
        is_recovery: run.kind == RunKind::Recover,
        force: match (may_force, run.window_from, loaded.version) {
            (true, Some(date), Some(version)) => Some(Force { date: format::machine(date), version }),
            _ => None,
        },
        progress: Progress {
            state: badges::run(lang, run.state),
            sentence: sentence(&chrome, &run, loaded.stopper.as_deref()),
            duration: duration(&chrome, &run),
            error: run.error.as_deref().map(|error| explained(&chrome, error)),
            stopping: loaded.stopper.filter(|_| run.state.is_active()),
            may_stop: run.state.is_active() && user.may(Action::Synchronize) && run.stop_requested_by.is_none(),
            run,
        },
        chrome,
    }
}

fn decided(chrome: &Chrome, sight: &Sight, is_preview: bool) -> Decided {
    Decided {
        why: format!("/sales/orders/why?reference={}", sight.amazon_order_id),
        outcome: badges::outcome(chrome.lang, sight.outcome, is_preview),
        rule: sight.rule.as_str(),
        rule_text: chrome.t(&format!("rule-{}", sight.rule.as_str())),
        reasons: reasons::sentences(chrome.lang, &chrome.marketplaces, &sight.reasons),
        amazon: badges::amazon(chrome.lang, &sight.amazon_status),
        channel: sight.channel.to_uppercase(),
        reference: sight.amazon_order_id.to_string(),
    }
}

/// Where a run stands, in one sentence.
fn sentence(chrome: &Chrome, run: &RunRow, stopper: Option<&str>) -> String {
    let read = chrome.with("runs-so-far", [("count", run.orders_read)]);
    let sentence = match (run.state, run.resume_at) {
        (RunState::Queued, _) => chrome.t("runs-queued"),
        (RunState::Waiting, Some(at)) => {
            let time = format::time(at, chrome.zone);
            chrome.with("runs-waiting", [("time", time)])
        }
        (RunState::Stopped, _) => match stopper {
            Some(name) => chrome.with("runs-stopped-by", [("name", name), ("orders", &chrome.number(run.orders_read))]),
            None => chrome.with("runs-stopped", [("orders", chrome.number(run.orders_read))]),
        },
        (RunState::Failed, _) => chrome.t("runs-given-up"),
        _ => read,
    };
    sentence.into_owned()
}

/// Why a run was given up: a stored reason, or a text of its own.
fn explained(chrome: &Chrome, stored: &str) -> String {
    match serde_json::from_str::<Reason>(stored) {
        Ok(reason) => reasons::sentence(chrome.lang, &chrome.marketplaces, &reason),
        Err(_) => stored.to_owned(),
    }
}

/// Nothing: the address says which run.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn stop(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    let is_asked = stop_run::run(&app, &user.actor(), RunId(*path)).await?;
    let flash = if is_asked {
        Flash::success(user.lang.t("runs-stop-asked"))
    } else {
        Flash::new(Tone::Warning, user.lang.t("runs-already-ended"))
    };
    user.flash(&app, flash).await?;
    Ok(page::see_other(format!("/amazon/runs/{path}")))
}
