//! Issues: what needs somebody's attention, and how it is settled.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::history::{self, Deed};
use super::issue_match::{self, NewForm, Settling};
use super::list::view::{Columns, Frame, Offers};
use super::list::{Field, Spec, State, answer};
use super::order_decide::{self, Asking, Decision};
use super::orders::{codes, records};
use super::page::{self, Chrome, Place};
use super::reasons;
use super::when::When;
use crate::app::App;
use crate::db::issues::{self, Filter, IssueRow, KINDS, STATES};
use crate::db::paging::micros;
use crate::db::{audit, orders, teams, users};
use crate::domain::access::Action;
use crate::domain::ids::{AccountId, IssueId, OrderId};
use crate::domain::order::number;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::settle_issue::{self, Verdict};
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/issues", web::get().to(list))
        .route("/amazon/issues/{id}", web::get().to(show))
        .route("/amazon/issues/{id}/settle", web::post().to(settle));
}

/// All states, asked by a word of its own, since a list that was asked nothing shows what is open.
const ALL: &str = "all";

static SPEC: Spec = Spec {
    path: "/amazon/issues",
    fields: &[
        Field::code("state", |code| code == ALL || STATES.contains(&code)),
        Field::code("kind", |code| KINDS.contains(&code)),
        Field::code("severity", |code| SEVERITIES.contains(&code)),
        Field::key("account"),
        Field::single("order"),
    ],
    named: &[],
    sorts: &["seen"],
    sort: "-seen",
    named_sorts: &[],
    has_search: false,
};

const SEVERITIES: [&str; 2] = ["blocking", "warning"];

const COLUMNS: Columns<'static> = &[
    ("issues-what", "", false),
    ("issues-record", "", false),
    ("orders-account", "", false),
    ("issues-first", "", false),
    ("issues-last", "seen", false),
    ("issues-times", "", true),
    ("issues-state", "", false),
];

struct Row {
    href: String,
    what: Cow<'static, str>,
    subject: String,
    reasons: Vec<String>,
    order: Option<(String, String)>,
    account: String,
    first: When,
    last: When,
    times: i64,
    state: Badge,
}

#[derive(Template)]
#[template(path = "issues/list.html", blocks = ["list"])]
struct ListPage {
    chrome: Chrome,
    frame: Frame,
    rows: Vec<Row>,
}

async fn list(user: CurrentUser, app: Data<App>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadAmazon)?;
    let mut state = State::read(&SPEC, request.query_string());
    if let Some(detour) = answer::detour(&state, &request) {
        return Ok(detour);
    }
    if state.values("state", false).is_empty() && state.values("state", true).is_empty() {
        state = state.holding("state", "open");
    }
    let is_all = state.values("state", false).iter().any(|value| value == ALL);
    let own = |value: &str| Some(value.to_owned());
    let filter = Filter {
        state: if is_all { crate::db::paging::Choice::default() } else { state.choice("state", own) },
        kind: state.choice("kind", own),
        severity: state.choice("severity", own),
        account: state.keys("account", AccountId),
        order: state.keys("order", OrderId).any.first().copied(),
    };
    let (company, window, lang) = (user.company, state.window(), user.lang);
    let (loaded, count, accounts) = app
        .read(move |conn| {
            let loaded = issues::page(conn, company, &filter, &window)?;
            Ok::<_, AppError>((loaded, issues::count(conn, company, &filter)?, teams::accounts(conn, company)?))
        })
        .await?;
    let chrome = user.chrome("issues-title", Place::Issues);
    let mut states = codes(lang, "issue-state", STATES);
    states.push((ALL.to_owned(), lang.t("issue-state-all").into_owned()));
    let offers: Offers = vec![
        ("state", states),
        ("kind", codes(lang, "issue-kind", KINDS)),
        ("severity", codes(lang, "issue-severity", SEVERITIES)),
        ("account", records(&accounts)),
    ];
    let mut frame = Frame::new(&state, lang, &offers, COLUMNS, "issues", count)
        .paged(&state, &loaded, |(row, _)| (micros(row.last_seen_at), row.id.0));
    // Without a state one would see the open ones again.
    let without = state.without("state", false);
    for chip in frame.chips.iter_mut().filter(|chip| !is_all && chip.remove == without) {
        chip.remove = format!("{without}{}state={ALL}", if without.contains('?') { '&' } else { '?' });
    }
    // Only "open" is what one sees without asking; then an empty list says that all is well.
    frame.is_filtered = state.url() != "/amazon/issues?state=open";
    let rows = loaded.rows.iter().map(|(row, account)| shown(&chrome, row, account.clone())).collect();
    let page = ListPage { chrome, frame, rows };
    answer::send(&state, &request, &page, &page.as_list())
}

/// The name of a kind; one that this version does not know is shown by its code.
pub fn kind(lang: Lang, code: &str) -> Cow<'static, str> {
    let key = badges::key("issue-kind", code);
    if lang.has(&key) { lang.t(&key) } else { Cow::Owned(code.to_owned()) }
}

fn shown(chrome: &Chrome, row: &IssueRow, account: String) -> Row {
    Row {
        href: format!("/amazon/issues/{}", row.id),
        what: kind(chrome.lang, &row.kind),
        subject: row.subject.clone(),
        reasons: reasons::sentences(chrome.lang, &chrome.marketplaces, &row.detail),
        order: order_of(row),
        account,
        first: When::of(chrome, row.first_seen_at),
        last: When::of(chrome, row.last_seen_at),
        times: row.times,
        state: badges::issue(chrome.lang, &row.state, &row.severity),
    }
}

/// The address and the name of the order that an issue is about, held or not.
fn order_of(row: &IssueRow) -> Option<(String, String)> {
    match (row.order_id, &row.amazon_order_id) {
        (Some(id), _) => Some((format!("/sales/orders/{id}"), number(id))),
        (None, Some(reference)) => Some((format!("/sales/orders/why?reference={reference}"), reference.to_string())),
        (None, None) => None,
    }
}

#[derive(Template)]
#[template(path = "issues/show.html")]
struct IssuePage {
    chrome: Chrome,
    id: IssueId,
    row: Row,
    severity: Cow<'static, str>,
    advice: Cow<'static, str>,
    account_id: AccountId,
    reference: String,
    may_settle: bool,
    may_create: bool,
    has_payload: bool,
    decision: Option<Decision>,
    deeds: Vec<Deed>,
    settling: Option<Settling>,
    errors: FieldErrors,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    find: String,
}

async fn show(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    asked: Query<Asked>,
) -> Result<HttpResponse, AppError> {
    page::html(&load(&user, &app, IssueId(*path), &asked.find, None).await?)
}

/// The page of an issue again, with what one typed for a new product and what is wrong with it.
pub async fn refused(
    user: &CurrentUser,
    app: &App,
    id: IssueId,
    typed: &NewForm,
    errors: FieldErrors,
) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id, "", Some(typed)).await?;
    page.errors = errors;
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn load(
    user: &CurrentUser,
    app: &App,
    id: IssueId,
    find: &str,
    typed: Option<&NewForm>,
) -> Result<IssuePage, AppError> {
    user.must(Action::ReadAmazon)?;
    let (company, lang, may_match) = (user.company, user.lang, user.may(Action::MatchOffers));
    let search = find.to_owned();
    let asking = Asking::of(user);
    let (issue, account, about, decision, events, people) = app
        .read(move |conn| {
            let (issue, account) = issues::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
            let about = if may_match { issue_match::about(conn, company, &issue, &search)? } else { None };
            let order = issue.order_id.filter(|_| issue.kind == issues::ORDER_CONFLICT && issue.state == "open");
            let order = order.map(|order| orders::by_id(conn, company, order)).transpose()?.flatten();
            let decision = order.map(|order| order_decide::load(conn, asking, &order)).transpose()?.flatten();
            let events = audit::about(conn, &format!("issue {id}"), history::MOST)?;
            Ok::<_, AppError>((issue, account, about, decision, events, users::of_company(conn, company)?))
        })
        .await?;
    let chrome = user.chrome_titled(kind(lang, &issue.kind), Place::Issues);
    let advice = badges::key("issue-advice", &issue.kind);
    Ok(IssuePage {
        id,
        row: shown(&chrome, &issue, account),
        severity: lang.t(&badges::key("issue-severity", &issue.severity)),
        advice: if lang.has(&advice) { lang.t(&advice) } else { Cow::Borrowed("") },
        account_id: issue.account_id,
        reference: issue.amazon_order_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        may_settle: issue.state == "open" && user.may(Action::SettleIssues),
        may_create: user.may(Action::EditProducts),
        has_payload: issue.sealed.is_some(),
        decision,
        deeds: history::deeds(&chrome, "decide", events, &people),
        settling: about.map(|about| about.settling((lang, &chrome.marketplaces), find, typed)),
        errors: FieldErrors::new(),
        chrome,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settled {
    verdict: String,
}

async fn settle(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Settled>,
) -> Result<HttpResponse, AppError> {
    let (verdict, said) = match form.into_inner().verdict.as_str() {
        "resolved" => (Verdict::Resolved, "issues-resolved"),
        "ignored" => (Verdict::Ignored, "issues-ignored"),
        _ => return Err(AppError::BadRequest("an unknown verdict")),
    };
    settle_issue::run(&app, &user.actor(), IssueId(*path), verdict).await?;
    user.flash(&app, Flash::success(user.lang.t(said))).await?;
    Ok(page::see_other(format!("/amazon/issues/{path}")))
}
