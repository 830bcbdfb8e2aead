//! The warehouse at a glance: what is to be done, by when, and a field for whatever code somebody scans.

use super::extract::CurrentUser;
use super::list::{State, answer, days};
use super::page::{self, Chrome, Place};
use super::pickings::{SPEC, filter};
use crate::app::App;
use crate::db::deadlines::{self, Days, Due};
use crate::db::paging::MOST_COUNTED;
use crate::db::{Conn, orders, picking_search, pickings, products, teams};
use crate::domain::access::Action;
use crate::domain::ids::{AmazonOrderId, CompanyId};
use crate::domain::order::parse_number;
use crate::domain::picking::read_reference;
use crate::error::AppError;
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Query, ServiceConfig};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// Registers the page.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory", web::get().to(show));
}

/// The cards: the message of each card, and its lists by message and query.
const CARDS: [(&str, &[(&str, &str)]); 2] = [
    (
        "inventory-deliveries",
        &[
            ("inventory-to-process", "kind=delivery&state=assigned"),
            ("inventory-waiting", "kind=delivery&state=confirmed"),
            ("inventory-late", "kind=delivery&is=late"),
            ("inventory-backorders", "kind=delivery&is=backorder&state=confirmed&state=assigned"),
        ],
    ),
    ("inventory-returns", &[("inventory-to-receive", "kind=return&state=assigned")]),
];

/// A list with its count.
struct Counted {
    href: String,
    count: String,
    text: Cow<'static, str>,
}

struct Card {
    title: Cow<'static, str>,
    lists: Vec<Counted>,
}

struct BoardRow {
    account: String,
    team: String,
    cells: Vec<Counted>,
}

#[derive(Template)]
#[template(path = "stock/overview.html")]
struct OverviewPage {
    chrome: Chrome,
    cards: Vec<Card>,
    board: Vec<BoardRow>,
    /// The code that was scanned; nothing has it.
    code: String,
}

#[derive(Deserialize)]
struct Scanned {
    #[serde(default)]
    code: String,
}

async fn show(user: CurrentUser, app: Data<App>, asked: Query<Scanned>) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadStock)?;
    let (company, code) = (user.company, asked.into_inner().code.trim().to_owned());
    if !code.is_empty() {
        let scanned = code.clone();
        if let Some(to) = app.read(move |conn| meant(conn, company, &scanned)).await? {
            return Ok(answer::found(to));
        }
    }
    let (id, now, zone) = (user.id, user.now, user.zone);
    let today = now.with_timezone(&zone).date_naive();
    let after = |days: u64| today.checked_add_days(chrono::Days::new(days)).unwrap_or(today);
    let board = Days {
        now: now.naive_utc(),
        today: (days::midnight(today, zone), days::midnight(after(1), zone)),
        end: days::midnight(after(2), zone),
    };
    let (counts, due, accounts, teams) = app
        .read(move |conn| {
            let mut counts = Vec::new();
            for (_, query) in CARDS.iter().flat_map(|(_, lists)| lists.iter()) {
                let state = State::read(&SPEC, query);
                let count = pickings::count(conn, company, &filter(&state, id, now, zone))?;
                counts.push((state.url(), count));
            }
            let due = deadlines::board(conn, company, &board)?;
            Ok::<_, AppError>((counts, due, teams::accounts(conn, company)?, teams::names(conn, company)?))
        })
        .await?;
    let chrome = user.chrome("inventory-title", Place::Overview);
    let mut counts = counts.into_iter();
    let mut cards = Vec::with_capacity(CARDS.len());
    for (title, lists) in CARDS {
        let mut shown = Vec::with_capacity(lists.len());
        for ((text, _), (href, count)) in lists.iter().zip(counts.by_ref()) {
            shown.push(Counted { href, count: counted(&chrome, count), text: chrome.t(text) });
        }
        cards.push(Card { title: chrome.t(title), lists: shown });
    }
    let names: (HashMap<_, _>, HashMap<_, _>) = (accounts.into_iter().collect(), teams.into_iter().collect());
    let row = |due: Due| BoardRow {
        account: names.0.get(&due.account).cloned().unwrap_or_default(),
        team: names.1.get(&due.team).cloned().unwrap_or_default(),
        cells: cells(&chrome, &due, &after(1).to_string()),
    };
    let board = due.into_iter().map(row).collect();
    page::html(&OverviewPage { chrome, cards, board, code })
}

/// The numbers of an account and a team, each with the list that it counts.
fn cells(chrome: &Chrome, due: &Due, tomorrow: &str) -> Vec<Counted> {
    let open = "state=draft&state=waiting&state=confirmed&state=assigned";
    let cells = [
        ("inventory-late", due.late, "is=late".to_owned()),
        ("inventory-today", due.today, "is=to_ship_today".to_owned()),
        ("inventory-tomorrow", due.tomorrow, format!("{open}&ship_by={tomorrow}")),
    ];
    let cell = |(text, count, query): (&str, i64, String)| {
        let query = format!("kind=delivery&account={}&team={}&{query}&sort=ship_by", due.account, due.team);
        Counted { href: State::read(&SPEC, &query).url(), count: chrome.number(count), text: chrome.t(text) }
    };
    cells.into_iter().map(cell).collect()
}

fn counted(chrome: &Chrome, count: i64) -> String {
    if count > MOST_COUNTED { format!("{}+", chrome.number(MOST_COUNTED)) } else { chrome.number(count) }
}

/// The page that a code means: a transfer, an order, a product, or the list of the transfers that have it.
fn meant(conn: &mut Conn, company: CompanyId, code: &str) -> Result<Option<String>, AppError> {
    if let Some(id) = read_reference(code) {
        let found = pickings::by_id(conn, company, id)?;
        return Ok(found.map(|(row, _)| format!("/inventory/pickings/{}", row.id)));
    }
    let order = match parse_number(code) {
        Some(id) => orders::by_id(conn, company, id)?.map(|row| row.head.id),
        None => orders::by_amazon_id(conn, company, &AmazonOrderId::from(code))?,
    };
    if let Some(order) = order {
        return Ok(Some(format!("/sales/orders/{order}")));
    }
    let tracked = picking_search::tracked(conn, company, code)?;
    if let [one] = tracked.as_slice() {
        return Ok(Some(format!("/inventory/pickings/{one}")));
    }
    if !tracked.is_empty() {
        let state = State::blank(&SPEC).holding("q", code);
        return Ok(Some(state.url()));
    }
    Ok(products::by_code(conn, company, code)?.map(|id| format!("/sales/products/{id}")))
}
