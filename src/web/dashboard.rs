//! What needs somebody now: each card counts exactly the list to which it leads.

use super::accounts::{self as account_list, Row as AccountRow};
use super::badges;
use super::extract::CurrentUser;
use super::issues::kind;
use super::list::State;
use super::orders::{SPEC, filter};
use super::page::{self, Chrome, Place};
use super::runs::{self as run_list, Row as RunRow};
use crate::app::App;
use crate::db::links::{self, LinkRow};
use crate::db::paging::{Choice, MOST_COUNTED, Window};
use crate::db::{accounts, dashboard, orders, pickings, runs};
use crate::domain::access::Action;
use crate::domain::account::{AccountState, is_due, late_by};
use crate::domain::picking::{AmazonSync, PickingState};
use crate::error::AppError;
use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use std::borrow::Cow;

/// Registers the page.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/", web::get().to(show));
}

/// How many runs the dashboard shows.
const RUNS: i64 = 5;

/// One thing that needs attention.
struct Card {
    kind: &'static str,
    count: String,
    title: Cow<'static, str>,
    text: Cow<'static, str>,
    href: String,
}

#[derive(Template)]
#[template(path = "dashboard/show.html")]
struct DashboardPage {
    chrome: Chrome,
    cards: Vec<Card>,
    runs: Vec<RunRow>,
    accounts: Vec<AccountRow>,
    may_read_amazon: bool,
    has_account: bool,
    last: Option<String>,
}

/// The deliveries behind cards: where they stand with Amazon, the message, the colour.
const SHIPMENT_CARDS: [(&[AmazonSync], &str, &str); 3] = [
    (&[AmazonSync::Failed], "refused", "d"),
    (&[AmazonSync::Unknown], "unanswered", "w"),
    (&[AmazonSync::ToSend, AmazonSync::Sent], "waiting", "i"),
];

/// The lists of orders behind cards: the query, the message, the colour.
const ORDER_CARDS: [(&str, &str, &str); 3] =
    [("is=late", "late", "d"), ("is=to_ship_today", "today", "w"), ("is=conflict", "conflict", "d")];

async fn show(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    user.must(Action::UseComptoir)?;
    let (may_read_orders, may_read_amazon) = (user.may(Action::ReadOrders), user.may(Action::ReadAmazon));
    let may_read_stock = user.may(Action::ReadStock);
    let (company, now, zone) = (user.company, user.now, user.zone);
    let (counts, issues, loaded, (all, links), last_runs) = app
        .read(move |conn| {
            let mut counts = Vec::new();
            for (query, message, kind) in ORDER_CARDS.iter().filter(|_| may_read_orders) {
                let state = State::read(&SPEC, query);
                let count = orders::count(conn, company, &filter(&state, now, zone))?;
                counts.push((state.url(), *message, *kind, count));
            }
            for (standings, message, kind) in SHIPMENT_CARDS.iter().filter(|_| may_read_stock) {
                let filter = pickings::Filter {
                    state: Choice { any: vec![PickingState::Done], none: Vec::new() },
                    amazon_sync: Choice { any: standings.to_vec(), none: Vec::new() },
                    ..pickings::Filter::default()
                };
                let count = pickings::count(conn, company, &filter)?;
                let standing: Vec<&str> = standings.iter().map(|one| one.as_str()).collect();
                let query = standing.join("&amazon_sync=");
                let href = format!("/inventory/pickings?amazon_sync={query}&state=done");
                counts.push((href, *message, *kind, count));
            }
            let issues = if may_read_amazon { dashboard::open_issues(conn, company)? } else { Vec::new() };
            let loaded = account_list::load(conn, company, false)?;
            let all = (accounts::all(conn, company, false)?, links::of_company(conn, company)?);
            let runs = if may_read_amazon {
                runs::page(conn, company, &runs::Filter::default(), &Window::newest(RUNS))?.rows
            } else {
                Vec::new()
            };
            Ok::<_, AppError>((counts, issues, loaded, all, runs))
        })
        .await?;
    let chrome = user.chrome("dashboard-title", Place::Dashboard);
    let mut cards: Vec<Card> = counts
        .into_iter()
        .filter(|(.., count)| *count > 0)
        .map(|(href, message, kind, count)| card(&chrome, kind, &format!("dashboard-{message}"), count, href))
        .collect();
    if may_read_amazon {
        cards.extend(all.iter().filter_map(|(row, ..)| account_card(&user, &chrome, row)));
        cards.extend(all.iter().flat_map(|(row, ..)| reminders(&user, &chrome, row, links.get(&row.id))));
        cards.extend(issues.into_iter().map(|(code, count)| Card {
            kind: "w",
            count: counted(&chrome, count),
            title: kind(user.lang, code),
            text: chrome.with("dashboard-issues", [("count", count)]),
            href: format!("/amazon/issues?state=open&kind={code}"),
        }));
    }
    let last = last_runs.first().map(|(run, _)| {
        let when = chrome.relative(run.finished_at.unwrap_or(run.queued_at));
        let created = chrome.number(run.orders_created);
        chrome.with("dashboard-last", [("when", when), ("created", created)]).into_owned()
    });
    let accounts = if may_read_amazon { account_list::rows(&user, &chrome, &loaded) } else { Vec::new() };
    let page = DashboardPage {
        cards,
        runs: last_runs.into_iter().map(|(run, account)| run_list::shown(&chrome, run, account)).collect(),
        may_read_amazon,
        has_account: !all.is_empty(),
        accounts,
        last,
        chrome,
    };
    page::html(&page)
}

fn counted(chrome: &Chrome, count: i64) -> String {
    if count > MOST_COUNTED { format!("{}+", chrome.number(MOST_COUNTED)) } else { chrome.number(count) }
}

fn card(chrome: &Chrome, kind: &'static str, key: &str, count: i64, href: String) -> Card {
    Card {
        kind,
        count: counted(chrome, count),
        title: chrome.t(key),
        text: chrome.with(&format!("{key}-text"), [("count", count)]),
        href,
    }
}

/// An account that lost its authorization, or that was not read for longer than two intervals.
fn account_card(user: &CurrentUser, chrome: &Chrome, row: &accounts::AccountRow) -> Option<Card> {
    let href = format!("/amazon/accounts/{}", row.id);
    let title = Cow::Owned(row.name.clone());
    let count = String::new();
    if row.state == AccountState::AuthorizationLost {
        return Some(Card { kind: "d", count, title, text: chrome.t("dashboard-lost"), href });
    }
    late_by(row.state, row.last_order_sync, row.interval_secs, user.now.naive_utc()).map(|_late| Card {
        kind: "w",
        count,
        title,
        text: chrome.with("dashboard-behind", [("when", chrome.relative(row.last_order_sync))]),
        href,
    })
}

/// What ends soon for an account: Amazon's consent, and the secret of the application.
fn reminders(user: &CurrentUser, chrome: &Chrome, row: &accounts::AccountRow, link: Option<&LinkRow>) -> Vec<Card> {
    let now = user.now.naive_utc();
    let Some(authorization) = link.map(LinkRow::authorization).filter(|_| row.state != AccountState::Paused) else {
        return Vec::new();
    };
    let card = |key: &str, end: Option<chrono::NaiveDateTime>| {
        let end = end.filter(|end| is_due(Some(*end), now))?;
        let key = if end <= now { format!("{key}-over") } else { key.to_owned() };
        Some(Card {
            kind: if end <= now { "d" } else { "w" },
            count: String::new(),
            title: Cow::Owned(row.name.clone()),
            text: chrome.with(&key, [("day", chrome.date(end.date()))]),
            href: format!("/amazon/accounts/{}", row.id),
        })
    };
    // A lost authorization has a card of its own.
    let ends_at = authorization.ends_at().filter(|_| row.state == AccountState::Linked);
    let cards = [card("dashboard-renew", ends_at), card("dashboard-secret", authorization.secret_ends_at())];
    cards.into_iter().flatten().collect()
}

impl Card {
    /// The badge of its colour needs a word beside it, which is the title.
    fn class(&self) -> String {
        badges::key("card", self.kind)
    }
}
