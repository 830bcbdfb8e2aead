//! Feeds: what was given to Amazon at once, and what became of every message.

use super::badges::{self, Badge};
use super::extract::CurrentUser;
use super::list::view::{Columns, Frame, Offers};
use super::list::{Field, Spec, State, answer};
use super::orders::{codes, records};
use super::page::{self, Chrome, Place};
use super::when::When;
use crate::app::App;
use crate::db::feeds::{self, FeedRow, Filter, MessageRow};
use crate::db::teams;
use crate::domain::access::Action;
use crate::domain::announcement::{FeedState, MessageOutcome};
use crate::domain::ids::{AccountId, FeedId};
use crate::domain::picking::{AmazonSync, reference};
use crate::domain::refusal;
use crate::error::AppError;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/feeds", web::get().to(list)).route("/amazon/feeds/{id}", web::get().to(show));
}

static SPEC: Spec = Spec {
    path: "/amazon/feeds",
    fields: &[Field::code("state", |code| FeedState::parse(code).is_some()), Field::key("account")],
    named: &[],
    sorts: &["number"],
    sort: "-number",
    named_sorts: &[],
    has_search: false,
};

const COLUMNS: Columns<'static> = &[
    ("feeds-number", "number", false),
    ("feeds-submitted", "", false),
    ("orders-account", "", false),
    ("feeds-kind", "", false),
    ("feeds-messages", "", true),
    ("feeds-accepted", "", true),
    ("feeds-refused", "", true),
    ("feeds-state", "", false),
];

/// How many messages one page shows.
const MESSAGES: i64 = 200;

struct Row {
    href: String,
    number: i64,
    at: When,
    account: String,
    messages: i64,
    accepted: i64,
    refused: i64,
    amazon_id: String,
    state: Badge,
}

#[derive(Template)]
#[template(path = "feeds/list.html", blocks = ["list"])]
struct ListPage {
    chrome: Chrome,
    frame: Frame,
    rows: Vec<Row>,
}

fn shown(chrome: &Chrome, row: &FeedRow, account: String) -> Row {
    Row {
        href: format!("/amazon/feeds/{}", row.id),
        number: row.id.0,
        at: When::of(chrome, row.submitted_at.unwrap_or(row.created_at)),
        account,
        messages: row.messages,
        accepted: row.accepted,
        refused: row.refused,
        amazon_id: row.amazon_feed_id.clone().unwrap_or_default(),
        state: state(chrome, row),
    }
}

/// Where a feed stands; one with refused messages says how many.
fn state(chrome: &Chrome, row: &FeedRow) -> Badge {
    let kind = match row.state {
        FeedState::Built | FeedState::Cancelled => "n",
        FeedState::Submitted | FeedState::Processing => "i",
        FeedState::Done if row.refused == 0 => "s",
        FeedState::Done | FeedState::Lost => "w",
        FeedState::Fatal => "d",
    };
    let text = if row.state == FeedState::Done && row.refused > 0 {
        chrome.with("feed-state-mixed", [("refused", row.refused), ("all", row.messages)])
    } else {
        chrome.t(&badges::key("feed-state", row.state.as_str()))
    };
    Badge { kind, text }
}

async fn list(user: CurrentUser, app: Data<App>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadAmazon)?;
    let state = State::read(&SPEC, request.query_string());
    if let Some(detour) = answer::detour(&state, &request) {
        return Ok(detour);
    }
    let filter = Filter { state: state.choice("state", FeedState::parse), account: state.keys("account", AccountId) };
    let (company, window, lang) = (user.company, state.window(), user.lang);
    let (loaded, count, accounts) = app
        .read(move |conn| {
            let loaded = feeds::page(conn, company, &filter, &window)?;
            Ok::<_, AppError>((loaded, feeds::count(conn, company, &filter)?, teams::accounts(conn, company)?))
        })
        .await?;
    let chrome = user.chrome("feeds-title", Place::Feeds);
    let offers: Offers = vec![
        ("state", codes(lang, "feed-state", FeedState::ALL.iter().map(|state| state.as_str()))),
        ("account", records(&accounts)),
    ];
    let frame = Frame::new(&state, lang, &offers, COLUMNS, "feeds", count)
        .paged(&state, &loaded, |(row, _)| (row.id.0, row.id.0));
    let rows = loaded.rows.iter().map(|(row, account)| shown(&chrome, row, account.clone())).collect();
    let page = ListPage { chrome, frame, rows };
    answer::send(&state, &request, &page, &page.as_list())
}

struct Message {
    number: i64,
    picking: String,
    picking_href: String,
    order_href: String,
    amazon_order: String,
    package: i64,
    /// The transfer that may be told again, because what this feed told of it is still refused.
    retry: Option<i64>,
    result: Badge,
    why: Cow<'static, str>,
    words: String,
}

#[derive(Template)]
#[template(path = "feeds/show.html")]
struct FeedPage {
    chrome: Chrome,
    row: Row,
    /// The transfers of this page that may be told again.
    retried: Vec<i64>,
    advice: Cow<'static, str>,
    messages: Vec<Message>,
    only_refused: bool,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    only: String,
    #[serde(default)]
    after: i64,
}

fn message(chrome: &Chrome, row: &MessageRow, may_retry: bool) -> Message {
    let (kind, key) = match row.result {
        None => ("n", "feed-message-open"),
        Some(MessageOutcome::Accepted) => ("s", "feed-message-accepted"),
        Some(MessageOutcome::Warned) => ("w", "feed-message-warned"),
        Some(MessageOutcome::Refused) => ("d", "feed-message-refused"),
    };
    let (code, words) = (row.code.clone().unwrap_or_default(), row.explanation.clone().unwrap_or_default());
    let is_refused = row.result == Some(MessageOutcome::Refused);
    Message {
        number: row.message,
        picking: reference(row.picking_id),
        picking_href: format!("/inventory/pickings/{}", row.picking_id),
        order_href: format!("/sales/orders/{}", row.order_id),
        amazon_order: row.amazon_order_id.to_string(),
        package: row.package_reference,
        retry: (may_retry && is_refused && row.amazon_sync == AmazonSync::Failed).then_some(row.picking_id.0),
        result: badges::flag(chrome.lang, kind, key),
        why: if is_refused {
            chrome.t(&badges::key("announce-why", refusal::cause(&code, &words).as_str()))
        } else {
            Cow::Borrowed("")
        },
        words: if words.is_empty() { String::new() } else { format!("{code}: {words}") },
    }
}

async fn show(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    asked: Query<Asked>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadAmazon)?;
    let (company, id, only_refused, after) = (user.company, FeedId(*path), asked.only == "refused", asked.after);
    let (row, account, messages) = app
        .read(move |conn| {
            let (row, account) = feeds::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
            let only = only_refused.then_some(MessageOutcome::Refused);
            Ok::<_, AppError>((row, account, feeds::shown_messages(conn, id, only, after, MESSAGES + 1)?))
        })
        .await?;
    let chrome = user.chrome_titled(user.lang.with("feeds-name", &[("number", id.0)]), Place::Feeds);
    let most = usize::try_from(MESSAGES).unwrap_or(usize::MAX);
    let last = messages.get(most.saturating_sub(1)).map(|row| row.message).filter(|_| messages.len() > most);
    let filter = if only_refused { "only=refused&" } else { "" };
    let may_retry = user.may(Action::TellAmazon);
    let messages: Vec<Message> = messages.iter().take(most).map(|row| message(&chrome, row, may_retry)).collect();
    let page = FeedPage {
        retried: messages.iter().filter_map(|one| one.retry).collect(),
        row: shown(&chrome, &row, account),
        advice: chrome.t(&badges::key("feed-advice", row.state.as_str())),
        messages,
        only_refused,
        next: last.map(|last| format!("/amazon/feeds/{id}?{filter}after={last}")),
        chrome,
    };
    page::html(&page)
}
