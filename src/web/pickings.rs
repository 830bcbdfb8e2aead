//! Transfers: the list.

use super::badges::{self, Badge};
use super::extract::CurrentUser;
use super::list::counts::LongLists;
use super::list::days;
use super::list::view::{Columns, Frame, Offers};
use super::list::{Field, Spec, State, answer};
use super::orders::{codes, is_marketplace, marketplaces, name_of, read_marketplace, records};
use super::page::{Chrome, Place};
use super::picking_cell::TrackingCell;
use super::when::When;
use crate::app::App;
use crate::db::paging::{micros, never};
use crate::db::pickings::{self, Filter, PickingRow, Sort, SourceOrder};
use crate::db::{carriers, customers, picking_lines, picking_search, teams, users};
use crate::domain::access::Action;
use crate::domain::ids::{AccountId, CarrierId, CustomerId, OrderId, PickingId, TeamId, UserId};
use crate::domain::order::number;
use crate::domain::picking::{AmazonSync, PickingKind, PickingState, reference};
use crate::error::AppError;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::HashMap;

/// Registers the page.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/pickings", web::get().to(list));
}

pub(super) static SPEC: Spec = Spec {
    path: "/inventory/pickings",
    fields: &[
        Field::code("state", |code| PickingState::parse(code).is_some()),
        Field::code("kind", |code| PickingKind::parse(code).is_some()),
        Field::code("amazon_sync", |code| AmazonSync::parse(code).is_some()),
        Field::key("account"),
        Field::key("team"),
        Field::days("ship_by"),
        Field::key("order"),
        Field::key("carrier"),
        Field::code("marketplace", is_marketplace),
    ],
    named: &[
        "late",
        "to_ship_today",
        "mine",
        "no_tracking",
        "starred",
        "backorder",
        "partially_available",
        "gift",
        "held",
    ],
    sorts: &["number", "ship_by"],
    sort: "-number",
    // What must leave is worked on in the order of its deadlines.
    named_sorts: &[("late", "ship_by"), ("to_ship_today", "ship_by")],
    has_search: true,
};

const COLUMNS: Columns<'static> = &[
    ("pickings-reference", "number", false),
    ("transfers-contact", "", false),
    ("pickings-source", "", false),
    ("orders-ship-by", "ship_by", false),
    ("pickings-carrier", "", false),
    ("transfers-tracking", "", false),
    ("transfers-items", "", true),
    ("pickings-state", "", false),
    ("pickings-amazon-sync", "", false),
];

/// A transfer as lists and its own page show it.
pub(super) struct Row {
    pub(super) id: PickingId,
    pub(super) is_open: bool,
    pub(super) is_starred: bool,
    pub(super) href: String,
    pub(super) reference: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) contact: String,
    pub(super) order_href: String,
    pub(super) order: String,
    pub(super) amazon_reference: String,
    pub(super) marketplace: String,
    pub(super) ship_by: Option<When>,
    pub(super) is_late: bool,
    pub(super) carrier: String,
    pub(super) tracking: String,
    pub(super) state: Badge,
    pub(super) sync: Option<Badge>,
    pub(super) flags: Vec<Badge>,
}

/// A transfer of the list, with what its own page shows elsewhere.
struct Listed {
    row: Row,
    /// How many units are to leave, or left.
    items: i64,
    assigned: String,
    /// Where its tracking reference is typed, for who may.
    cell: Option<TrackingCell>,
}

#[derive(Template)]
#[template(path = "stock/pickings.html", blocks = ["list"])]
struct ListPage {
    chrome: Chrome,
    frame: Frame,
    rows: Vec<Listed>,
    carriers: Vec<String>,
    /// Who may be given the ticked ones.
    people: Vec<(UserId, String)>,
    may_work: bool,
    may_print: bool,
    may_tell: bool,
    /// The address of this list, to come back to.
    here: String,
}

fn sort(state: &State) -> Sort {
    if state.sorted_by() == "ship_by" { Sort::ShipBy } else { Sort::Number }
}

/// What the query of a list of transfers asks for, but for what is searched.
pub(super) fn filter(state: &State, user: UserId, now: DateTime<Utc>, zone: Tz) -> Filter {
    let today = now.with_timezone(&zone).date_naive();
    Filter {
        state: state.choice("state", PickingState::parse),
        kind: state.choice("kind", PickingKind::parse),
        amazon_sync: state.choice("amazon_sync", AmazonSync::parse),
        account: state.keys("account", AccountId),
        team: state.keys("team", TeamId),
        ship_by: state.span("ship_by", today, zone),
        late: state.is("late").then(|| now.naive_utc()),
        gift: state.is("gift"),
        held: state.is("held"),
        order: state.keys("order", OrderId).any.first().copied(),
        carrier: state.keys("carrier", CarrierId),
        mine: state.is("mine").then_some(user),
        due: state.is("to_ship_today").then(|| days::read("today", today)).flatten().map(|day| days::span(day, zone)),
        no_tracking: state.is("no_tracking"),
        starred: state.is("starred"),
        backorder: state.is("backorder"),
        partly: state.is("partially_available"),
        marketplace: state.choice("marketplace", read_marketplace),
        found: None,
    }
}

async fn list(
    user: CurrentUser,
    app: Data<App>,
    long_lists: Data<LongLists>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadStock)?;
    let state = State::read(&SPEC, request.query_string());
    if let Some(detour) = answer::detour(&state, &request) {
        return Ok(detour);
    }
    let mut filter = filter(&state, user.id, user.now, user.zone);
    let (company, asked, has_names) = (user.company, state.clone(), user.may(Action::ReadCustomers));
    let (vault, lang, now) = (app.vault.clone(), user.lang, user.now);
    let (loaded, names, count, (accounts, teams), locations, carriers, people, units) = app
        .read(move |conn| {
            if !asked.q.is_empty() {
                filter.found = Some(picking_search::found(conn, company, &asked.q)?);
            }
            let loaded = pickings::page(conn, company, &filter, sort(&asked), &asked.window())?;
            let ids: Vec<CustomerId> = loaded.rows.iter().map(|(_, order)| order.customer_id).collect();
            let sealed = if has_names { customers::some(conn, &ids)? } else { HashMap::new() };
            let names: HashMap<_, _> = sealed.iter().map(|(id, row)| (*id, name_of(lang, row, &vault).0)).collect();
            let count = long_lists.count(company, &asked, now, || pickings::count(conn, company, &filter))?;
            let (accounts, locations) = (teams::accounts(conn, company)?, teams::locations(conn, company)?);
            let accounts = (accounts, teams::names(conn, company)?);
            let shown: Vec<PickingId> = loaded.rows.iter().map(|(row, _)| row.id).collect();
            let units = picking_lines::units(conn, &shown)?;
            let (carriers, people) = (carriers::all(conn, company)?, users::of_company(conn, company)?);
            Ok::<_, AppError>((loaded, names, count, accounts, locations, carriers, people, units))
        })
        .await?;
    let chrome = user.chrome("pickings-title", Place::Transfers);
    let offers: Offers = vec![
        ("state", codes(lang, "picking-state", PickingState::ALL.iter().map(|state| state.as_str()))),
        ("kind", codes(lang, "picking-kind", PickingKind::ALL.iter().map(|kind| kind.as_str()))),
        ("amazon_sync", codes(lang, "picking-sync", AmazonSync::ALL.iter().map(|sync| sync.as_str()))),
        ("account", records(&accounts)),
        ("team", records(&teams)),
        ("marketplace", marketplaces(&chrome.marketplaces)),
        ("carrier", carriers.iter().map(|one| (one.id.to_string(), one.name.clone())).collect()),
    ];
    let frame = Frame::new(&state, lang, &offers, COLUMNS, "pickings", count).paged(&state, &loaded, |(row, _)| {
        let value = match sort(&state) {
            Sort::Number => row.id.0,
            Sort::ShipBy => micros(row.ship_by.unwrap_or_else(never)),
        };
        (value, row.id.0)
    });
    let (here, may_work) = (state.url(), user.may(Action::WorkOnTransfers));
    let locations: HashMap<_, _> = locations.into_iter().collect();
    let name = |id| locations.get(&id).cloned().unwrap_or_default();
    let rows = loaded.rows.iter().map(|(row, order)| {
        let contact = names.get(&order.customer_id).cloned().unwrap_or_default();
        let shown = shown(&chrome, user.now, (row, order), (name(row.source_id), name(row.destination_id)), contact);
        let worker = |id| people.iter().find(|one| one.id == id).map(|one| one.name.clone());
        let is_typed = may_work && shown.is_open;
        Listed {
            cell: is_typed.then(|| TrackingCell::new(shown.id, shown.tracking.clone(), here.clone())),
            row: shown,
            items: units.get(&row.id).copied().unwrap_or_default(),
            assigned: row.assigned_to_id.and_then(worker).unwrap_or_default(),
        }
    });
    let rows: Vec<Listed> = rows.collect();
    let carriers = carriers.into_iter().filter(|one| one.is_active).map(|one| one.name).collect();
    let page = ListPage {
        chrome,
        frame,
        rows,
        carriers,
        people: people.into_iter().filter(|one| one.is_active).map(|one| (one.id, one.name)).collect(),
        may_work,
        may_print: user.may(Action::PrintSlips),
        may_tell: user.may(Action::TellAmazon),
        here,
    };
    answer::send(&state, &request, &page, &page.as_list())
}

/// A transfer with the names of its places and of who gets it.
pub(super) fn shown(
    chrome: &Chrome,
    now: DateTime<Utc>,
    (row, order): (&PickingRow, &SourceOrder),
    (from, to): (String, String),
    contact: String,
) -> Row {
    let lang = chrome.lang;
    let is_return = row.kind == PickingKind::Return;
    let flags = [
        (is_return, "v", "picking-kind-return"),
        (row.is_held, "d", "pickings-held"),
        (row.has_gift, "v", "orders-flag-gift"),
    ];
    Row {
        id: row.id,
        is_open: row.state.is_open(),
        is_starred: row.is_starred,
        href: format!("/inventory/pickings/{}", row.id),
        reference: reference(row.id),
        from,
        to,
        contact,
        order_href: format!("/sales/orders/{}", order.id),
        order: number(order.id),
        amazon_reference: order.amazon_order_id.to_string(),
        marketplace: chrome.marketplace(&order.marketplace_id),
        ship_by: row.ship_by.map(|at| When::of(chrome, at)),
        is_late: row.state.is_open() && row.ship_by.is_some_and(|by| by < now.naive_utc()),
        carrier: row.carrier.clone().unwrap_or_default(),
        tracking: row.tracking.clone().unwrap_or_default(),
        state: badges::picking(lang, row.state),
        // What did not leave is not waiting for Amazon, although Amazon will be told once it does.
        sync: if row.state == PickingState::Done { badges::amazon_sync(lang, row.amazon_sync) } else { None },
        flags: flags.into_iter().filter(|flag| flag.0).map(|(_, kind, key)| badges::flag(lang, kind, key)).collect(),
    }
}
