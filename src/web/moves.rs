//! The history of moves: what went from where to where, and why. Moves are read here and never changed.

use super::badges::{self, Badge};
use super::extract::CurrentUser;
use super::list::counts::LongLists;
use super::list::view::{Columns, Frame, Offers};
use super::list::{Field, Spec, State, answer};
use super::orders::{codes, is_marketplace, marketplaces, read_marketplace, records};
use super::page::{Chrome, Place};
use super::when::When;
use crate::app::App;
use crate::db::moves::{self, Filter, NamedMove};
use crate::db::paging::micros;
use crate::db::{locations, teams};
use crate::domain::access::Action;
use crate::domain::ids::{AccountId, LocationId, OrderId, PickingId, ProductId};
use crate::domain::order::number;
use crate::domain::picking::{MoveOrigin, PickingState, reference};
use crate::error::AppError;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use std::collections::HashMap;

/// Registers the page.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/moves", web::get().to(list));
}

static SPEC: Spec = Spec {
    path: "/inventory/moves",
    fields: &[
        Field::among("location", |code| code == AMAZON || code.parse::<i64>().is_ok_and(|key| key > 0)),
        Field::key("from"),
        Field::key("to"),
        Field::code("source", |code| MoveOrigin::parse(code).is_some()),
        Field::code("state", |code| PickingState::parse(code).is_some()),
        Field::key("account"),
        Field::code("marketplace", is_marketplace),
        Field::days("date"),
        Field::key("product"),
        Field::single("order"),
        Field::single("picking"),
    ],
    named: &[],
    sorts: &["date"],
    sort: "-date",
    named_sorts: &[],
    has_search: false,
};

/// The location that stands for all of Amazon's.
const AMAZON: &str = "amazon";

const COLUMNS: Columns<'static> = &[
    ("moves-date", "date", false),
    ("moves-reference", "", false),
    ("moves-product", "", false),
    ("moves-from", "", false),
    ("moves-to", "", false),
    ("moves-quantity", "", true),
    ("moves-source", "", false),
    ("pickings-state", "", false),
];

/// One move as lists show it.
pub struct Row {
    /// When.
    pub at: When,
    /// The address of the order or the transfer.
    pub href: String,
    /// Its number.
    pub reference: String,
    /// Amazon's reference of the order.
    pub amazon_reference: String,
    /// What moved.
    pub product: String,
    /// The product's reference.
    pub code: String,
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// How many units.
    pub quantity: i64,
    /// What made it.
    pub source: std::borrow::Cow<'static, str>,
    /// Where it was sold.
    pub marketplace: String,
    /// Where it stands.
    pub state: Badge,
}

#[derive(Template)]
#[template(path = "stock/moves.html", blocks = ["list"])]
struct ListPage {
    chrome: Chrome,
    frame: Frame,
    rows: Vec<Row>,
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
    let mut filter = Filter {
        location: None,
        from: state.keys("from", LocationId),
        to: state.keys("to", LocationId),
        source: state.choice("source", MoveOrigin::parse),
        state: state.choice("state", PickingState::parse),
        account: state.keys("account", AccountId),
        marketplace: state.choice("marketplace", read_marketplace),
        product: state.keys("product", ProductId),
        moved: state.span("date", today, user.zone),
        order: state.keys("order", OrderId).any.first().copied(),
        picking: state.keys("picking", PickingId).any.first().copied(),
    };
    let (company, asked, lang, now) = (user.company, state.clone(), user.lang, user.now);
    let (loaded, count, accounts, locations) = app
        .read(move |conn| {
            let asked_locations = asked.values("location", false);
            if !asked_locations.is_empty() {
                let mut chosen = asked.keys("location", LocationId).any;
                if asked_locations.iter().any(|location| location == AMAZON) {
                    chosen.extend(locations::of_amazon(conn, company)?);
                }
                filter.location = Some(chosen);
            }
            let loaded = moves::page(conn, company, &filter, &asked.window())?;
            let count = long_lists.count(company, &asked, now, || moves::count(conn, company, &filter))?;
            Ok::<_, AppError>((loaded, count, teams::accounts(conn, company)?, teams::locations(conn, company)?))
        })
        .await?;
    let chrome = user.chrome("moves-title", Place::Moves);
    let mut places = vec![(AMAZON.to_owned(), lang.t("moves-amazon-location").into_owned())];
    places.extend(records(&locations));
    let offers: Offers = vec![
        ("location", places),
        ("from", records(&locations)),
        ("to", records(&locations)),
        ("source", codes(lang, "move-origin", MoveOrigin::ALL.iter().map(|origin| origin.as_str()))),
        ("state", codes(lang, "picking-state", PickingState::ALL.iter().map(|state| state.as_str()))),
        ("account", records(&accounts)),
        ("marketplace", marketplaces(&chrome.marketplaces)),
    ];
    let frame = Frame::new(&state, lang, &offers, COLUMNS, "moves", count)
        .paged(&state, &loaded, |row| (micros(row.row.moved_at), row.row.id.0));
    let locations: HashMap<_, _> = locations.into_iter().collect();
    let rows = loaded.rows.iter().map(|row| shown(&chrome, row, &locations)).collect();
    let page = ListPage { chrome, frame, rows };
    answer::send(&state, &request, &page, &page.as_list())
}

/// A move as lists show it.
pub(super) fn shown(chrome: &Chrome, named: &NamedMove, locations: &HashMap<LocationId, String>) -> Row {
    let row = &named.row;
    let name = |id: LocationId| locations.get(&id).cloned().unwrap_or_default();
    let (href, number) = match (row.picking_id, row.order_id) {
        (Some(picking), _) => (format!("/inventory/pickings/{picking}"), reference(picking)),
        (None, Some(order)) => (format!("/sales/orders/{order}"), number(order)),
        (None, None) => (String::new(), row.id.to_string()),
    };
    Row {
        at: When::of(chrome, row.moved_at),
        href,
        reference: number,
        amazon_reference: named.amazon_order_id.as_ref().map(ToString::to_string).unwrap_or_default(),
        product: named.product.clone(),
        code: named.reference.clone(),
        from: name(row.source_id),
        to: name(row.destination_id),
        quantity: row.quantity,
        source: chrome.lang.t(&badges::key("move-origin", row.origin.as_str())),
        marketplace: row.marketplace_id.as_ref().map(|id| chrome.marketplace(id)).unwrap_or_default(),
        state: badges::picking(chrome.lang, row.state),
    }
}
