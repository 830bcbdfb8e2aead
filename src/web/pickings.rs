//! Transfers: the list and one transfer, to be read.

use super::badges::{self, Badge};
use super::extract::CurrentUser;
use super::list::counts::LongLists;
use super::list::view::{Columns, Frame, Offers};
use super::list::{Field, Spec, State, answer};
use super::moves;
use super::order_private::Private;
use super::orders::{codes, name_of, records};
use super::picking_amazon::{self, AmazonCard};
use super::page::{self, Chrome, Place};
use super::when::When;
use crate::app::App;
use crate::crypto::Vault;
use crate::db::orders::LineRow;
use crate::db::paging::{Window, micros, never};
use crate::db::pickings::{self, Filter, PickingRow, Sort, SourceOrder};
use crate::db::{Conn, customers, moves as moved, orders, teams};
use crate::domain::access::Action;
use crate::domain::ids::{AccountId, CompanyId, CustomerId, OrderId, PickingId};
use crate::domain::order::{LineKind, number};
use crate::domain::picking::{AmazonSync, PickingState, reference};
use crate::error::AppError;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, Utc};
use std::collections::HashMap;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/pickings", web::get().to(list)).route("/inventory/pickings/{id}", web::get().to(show));
}

static SPEC: Spec = Spec {
    path: "/inventory/pickings",
    fields: &[
        Field::code("state", |code| PickingState::parse(code).is_some()),
        Field::code("amazon_sync", |code| AmazonSync::parse(code).is_some()),
        Field::key("account"),
        Field::days("ship_by"),
        Field::key("order"),
    ],
    named: &["late", "gift", "held"],
    sorts: &["number", "ship_by"],
    sort: "-number",
    has_search: false,
};

const COLUMNS: Columns<'static> = &[
    ("pickings-reference", "number", false),
    ("pickings-from", "", false),
    ("pickings-to", "", false),
    ("pickings-source", "", false),
    ("orders-marketplace", "", false),
    ("orders-ship-by", "ship_by", false),
    ("pickings-carrier", "", false),
    ("pickings-state", "", false),
    ("pickings-amazon-sync", "", false),
];

struct Row {
    href: String,
    reference: String,
    from: String,
    to: String,
    contact: String,
    order_href: String,
    order: String,
    amazon_reference: String,
    marketplace: String,
    ship_by: Option<When>,
    is_late: bool,
    carrier: String,
    tracking: String,
    state: Badge,
    sync: Option<Badge>,
    flags: Vec<Badge>,
}

#[derive(Template)]
#[template(path = "stock/pickings.html", blocks = ["list"])]
struct ListPage {
    chrome: Chrome,
    frame: Frame,
    rows: Vec<Row>,
}

fn sort(state: &State) -> Sort {
    if state.sorted_by() == "ship_by" { Sort::ShipBy } else { Sort::Number }
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
    let today = user.now.with_timezone(&user.zone).date_naive();
    let filter = Filter {
        state: state.choice("state", PickingState::parse),
        amazon_sync: state.choice("amazon_sync", AmazonSync::parse),
        account: state.keys("account", AccountId),
        ship_by: state.span("ship_by", today, user.zone),
        late: state.is("late").then(|| user.now.naive_utc()),
        gift: state.is("gift"),
        held: state.is("held"),
        order: state.keys("order", OrderId).any.first().copied(),
    };
    let (company, asked, has_names) = (user.company, state.clone(), user.may(Action::ReadCustomers));
    let (vault, lang, now) = (app.vault.clone(), user.lang, user.now);
    let (loaded, names, count, accounts, locations) = app
        .read(move |conn| {
            let loaded = pickings::page(conn, company, &filter, sort(&asked), &asked.window())?;
            let ids: Vec<CustomerId> = loaded.rows.iter().map(|(_, order)| order.customer_id).collect();
            let sealed = if has_names { customers::some(conn, &ids)? } else { HashMap::new() };
            let names: HashMap<_, _> = sealed.iter().map(|(id, row)| (*id, name_of(lang, row, &vault).0)).collect();
            let count = long_lists.count(company, &asked, now, || pickings::count(conn, company, &filter))?;
            let (accounts, locations) = (teams::accounts(conn, company)?, teams::locations(conn, company)?);
            Ok::<_, AppError>((loaded, names, count, accounts, locations))
        })
        .await?;
    let chrome = user.chrome("pickings-title", Place::Transfers);
    let offers: Offers = vec![
        ("state", codes(lang, "picking-state", PickingState::ALL.iter().map(|state| state.as_str()))),
        ("amazon_sync", codes(lang, "picking-sync", AmazonSync::ALL.iter().map(|sync| sync.as_str()))),
        ("account", records(&accounts)),
    ];
    let frame = Frame::new(&state, lang, &offers, COLUMNS, "pickings", count).paged(&state, &loaded, |(row, _)| {
        let value = match sort(&state) {
            Sort::Number => row.id.0,
            Sort::ShipBy => micros(row.ship_by.unwrap_or_else(never)),
        };
        (value, row.id.0)
    });
    let locations: HashMap<_, _> = locations.into_iter().collect();
    let name = |id| locations.get(&id).cloned().unwrap_or_default();
    let rows = loaded.rows.iter().map(|(row, order)| {
        let contact = names.get(&order.customer_id).cloned().unwrap_or_default();
        shown(&chrome, user.now, (row, order), (name(row.source_id), name(row.destination_id)), contact)
    });
    let rows = rows.collect();
    let page = ListPage { chrome, frame, rows };
    answer::send(&state, &request, &page, &page.as_list())
}

fn shown(
    chrome: &Chrome,
    now: DateTime<Utc>,
    (row, order): (&PickingRow, &SourceOrder),
    (from, to): (String, String),
    contact: String,
) -> Row {
    let lang = chrome.lang;
    let flags = [(row.is_held, "d", "pickings-held"), (row.has_gift, "v", "orders-flag-gift")];
    Row {
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
        sync: badges::amazon_sync(lang, row.amazon_sync),
        flags: flags.into_iter().filter(|flag| flag.0).map(|(_, kind, key)| badges::flag(lang, kind, key)).collect(),
    }
}

struct Step {
    text: std::borrow::Cow<'static, str>,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "stock/picking.html")]
struct PickingPage {
    chrome: Chrome,
    row: Row,
    steps: Vec<Step>,
    done: Option<When>,
    moves: Vec<moves::Row>,
    amazon: Option<AmazonCard>,
    gift_messages: Vec<(String, String)>,
}

/// What goes into the parcel of a gift: for which item, and the message.
fn gift_messages(
    conn: &mut Conn,
    company: CompanyId,
    order: OrderId,
    vault: &Vault,
) -> Result<Vec<(String, String)>, AppError> {
    let order = orders::by_id(conn, company, order)?.ok_or(AppError::NotFound)?;
    let (private, lines) = (Private::of(&order, vault), orders::lines(conn, order.id)?);
    let title = |note: &LineRow| {
        let is_meant = |line: &LineRow| line.kind == LineKind::Item && line.amazon_item_id == note.amazon_item_id;
        lines.iter().find(|(line, _)| is_meant(line)).map(|(line, _)| line.title.clone()).unwrap_or_default()
    };
    let found = lines.iter().filter_map(|(line, _)| Some((title(line), private.on(line)?.clone())));
    Ok(found.collect())
}

async fn show(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadStock)?;
    let (company, id, has_names) = (user.company, PickingId(*path), user.may(Action::ReadCustomers));
    let (vault, lang) = (app.vault.clone(), user.lang);
    let (row, order, contact, moves, locations, gift_messages, held) = app
        .read(move |conn| {
            let (row, order) = pickings::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
            let of_picking = moved::Filter { picking: Some(id), ..moved::Filter::default() };
            let moves = moved::page(conn, company, &of_picking, &Window::newest(200))?.rows;
            let customer = if has_names { customers::by_id(conn, company, order.customer_id)? } else { None };
            let contact = customer.map(|row| name_of(lang, &row, &vault).0).unwrap_or_default();
            let gifts =
                if has_names && row.has_gift { gift_messages(conn, company, order.id, &vault)? } else { Vec::new() };
            let held = picking_amazon::load(conn, id)?;
            Ok::<_, AppError>((row, order, contact, moves, teams::locations(conn, company)?, gifts, held))
        })
        .await?;
    let chrome = user.chrome_titled(reference(id), Place::Transfers);
    let locations: HashMap<_, _> = locations.into_iter().collect();
    let name = |id| locations.get(&id).cloned().unwrap_or_default();
    let steps = [PickingState::Draft, PickingState::Confirmed, PickingState::Assigned, PickingState::Done];
    let steps = if row.state == PickingState::Cancelled { vec![PickingState::Cancelled] } else { steps.to_vec() };
    let step = |step: PickingState| Step {
        text: lang.t(&badges::key("picking-state", step.as_str())),
        is_current: step == row.state,
    };
    let page = PickingPage {
        row: shown(&chrome, user.now, (&row, &order), (name(row.source_id), name(row.destination_id)), contact),
        steps: steps.into_iter().map(step).collect(),
        done: row.done_at.map(|at| When::of(&chrome, at)),
        moves: moves.iter().map(|row| moves::shown(&chrome, row, &locations)).collect(),
        amazon: held.map(|held| AmazonCard::of(&user, &chrome, &held)),
        gift_messages,
        chrome,
    };
    page::html(&page)
}
