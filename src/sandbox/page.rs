//! The page on which a person plays Amazon: buyers order, pay, change their mind, and the line goes down.
//!
//! It must work without JavaScript, and it must never show itself to another machine (see `guard`).

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::{self, Data, Form, Path, Query, ServiceConfig};
use askama::Template;
use serde::Deserialize;

use super::SandboxError;
use super::faults::{FaultKind, FaultSettings};
use super::feeds::FeedSnapshot;
use super::handle::{OrderSnapshot, SandboxHandle};
use super::included::Included;
use super::market::{self, MARKETS, Market};
use super::money::decimal;
use super::order::{Channel, OrderKind, OrderSpec, Status};
use super::packages::{self, PackageSnapshot};
use super::quota::Operation;

/// How many of the latest feeds the page shows.
const FEEDS_SHOWN: usize = 10;

/// Orders on one page.
const PAGE_SIZE: usize = 50;

/// The page may load its own style and post to itself, and to the application that asked for consent; nothing else.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self' http://127.0.0.1:* http://localhost:* https://127.0.0.1:* https://localhost:*; base-uri 'none'; frame-ancestors 'none'";

/// Declares the page and its actions.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/", web::get().to(show))
        .route("/_sandbox/style.css", web::get().to(style))
        // Browsers ask for it unasked; it must not count as a call to an unknown address.
        .route("/favicon.ico", web::get().to(HttpResponse::NoContent))
        .route("/_sandbox/page/orders", web::post().to(place))
        .route("/_sandbox/page/orders/{order_id}", web::post().to(act))
        .route("/_sandbox/page/faults", web::post().to(switch_fault))
        .route("/_sandbox/page/permissions", web::post().to(switch_permission));
}

/// Sends a page, with the headers every page has.
pub(crate) fn html(page: &impl Template) -> HttpResponse {
    match page.render() {
        Ok(text) => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header(("Content-Security-Policy", CONTENT_POLICY))
            .insert_header(("Cache-Control", "no-store"))
            .insert_header(("Referrer-Policy", "same-origin"))
            .insert_header(("X-Content-Type-Options", "nosniff"))
            .body(text),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}

async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header(("Cache-Control", "no-cache"))
        .body(include_str!("../../templates/sandbox/style.css"))
}

/// What the list shows, as the address says.
#[derive(Clone, Debug, Default, Deserialize)]
struct Wish {
    #[serde(default)]
    status: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    page: String,
    #[serde(default)]
    notice: String,
}

impl Wish {
    /// The address of another page of the same list.
    fn address(&self, page: usize) -> String {
        let parts = [("status", self.status.as_str()), ("channel", self.channel.as_str()), ("page", &page.to_string())];
        let parts: Vec<_> = parts.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        serde_html_form::to_string(parts).map_or_else(|_| "/".to_owned(), |query| format!("/?{query}"))
    }
}

/// One row of the list.
struct Row {
    id: String,
    created: String,
    marketplace: &'static str,
    channel: Channel,
    buyer: String,
    lines: String,
    packages: Vec<String>,
    total: String,
    status: Status,
    colour: &'static str,
}

impl Row {
    fn new(order: &OrderSnapshot, packages: &[PackageSnapshot]) -> Self {
        let line = |item: &super::ItemSnapshot| {
            format!("{}/{} {}", item.quantity_shipped, item.quantity_ordered, item.sku.as_deref().unwrap_or("(no SKU)"))
        };
        Self {
            id: order.order_id.clone(),
            created: order.created.format("%Y-%m-%d %H:%M").to_string(),
            marketplace: market::find(order.marketplace_id).map_or("", |market| market.name),
            channel: order.channel,
            buyer: order.buyer_name.clone(),
            packages: packages.iter().map(|package| parcel_line(order, package)).collect(),
            lines: order.items.iter().map(line).collect::<Vec<_>>().join(", "),
            total: format!("{} {}", decimal(order.total_minor, order.decimals), order.currency),
            status: order.status,
            colour: match order.status {
                Status::Shipped => "s",
                Status::Cancelled | Status::Unfulfillable => "d",
                Status::Unshipped => "i",
                Status::PartiallyShipped => "w",
                Status::Pending | Status::PendingAvailability => "",
            },
        }
    }

    fn may_be_paid(&self) -> bool {
        matches!(self.status, Status::Pending | Status::PendingAvailability)
    }

    fn may_be_shipped(&self) -> bool {
        matches!(self.status, Status::Unshipped | Status::PartiallyShipped)
    }

    fn may_move(&self) -> bool {
        self.may_be_paid() || self.may_be_shipped()
    }

    fn may_be_cancelled(&self) -> bool {
        self.status != Status::Cancelled
    }
}

/// One parcel in words: its reference, carrier and tracking number, what is inside, how often it was told.
fn parcel_line(order: &OrderSnapshot, package: &PackageSnapshot) -> String {
    let name = |id: &str| {
        let item = order.items.iter().find(|item| item.order_item_id == id);
        item.and_then(|item| item.sku.clone()).unwrap_or_else(|| id.to_owned())
    };
    let items = package.items.iter().map(|item| format!("{} {}", item.quantity, name(&item.order_item_id)));
    let carrier = if package.carrier_name.is_empty() { &package.carrier_code } else { &package.carrier_name };
    let told = match package.confirmations {
        0 => "not told by call",
        1 => "told once",
        _ => "told again",
    };
    let booked = if package.is_booked { "" } else { ", not shown by the order yet" };
    let (reference, tracking) = (&package.reference, &package.tracking);
    format!("Package {reference}: {carrier} {tracking}, {} ({told}{booked})", items.collect::<Vec<_>>().join(", "))
}

/// One fault of the panel.
struct FaultRow {
    word: String,
    text: &'static str,
    settings: Option<FaultSettings>,
}

#[derive(Template)]
#[template(path = "sandbox/orders.html")]
struct OrdersPage {
    notice: Option<String>,
    rows: Vec<Row>,
    found: usize,
    wish: Wish,
    statuses: [Status; 7],
    kinds: [OrderKind; 19],
    markets: &'static [Market],
    faults: Vec<FaultRow>,
    faults_on: usize,
    operations: [Operation; 9],
    feeds: Vec<FeedSnapshot>,
    parts: Vec<&'static str>,
    refused: Vec<&'static str>,
    counts: Vec<(String, u64)>,
    quotas: Vec<(&'static str, u64, u64)>,
    now: String,
    newer: Option<String>,
    older: Option<String>,
}

async fn show(handle: Data<SandboxHandle>, wish: Query<Wish>) -> HttpResponse {
    let wish = wish.into_inner();
    let page = wish.page.parse::<usize>().unwrap_or(1).max(1);
    let (rows, found) = handle.with(|world| {
        let matches = |order: &&super::order::Order| {
            (wish.status.is_empty() || order.status.word() == wish.status)
                && (wish.channel.is_empty() || order.channel.word() == wish.channel)
        };
        let mut keys: Vec<_> = world.orders.iter().map(|stored| &stored.order).filter(matches).collect();
        keys.sort_by_key(|order| std::cmp::Reverse(order.created));
        let shown = keys.iter().skip((page - 1).saturating_mul(PAGE_SIZE)).take(PAGE_SIZE);
        let row = |order: &&&super::order::Order| {
            let packages: Vec<_> = order.packages.iter().map(packages::snapshot).collect();
            Row::new(&world.snapshot(order), &packages)
        };
        (shown.map(|order| row(&order)).collect::<Vec<_>>(), keys.len())
    });
    let on = handle.faults();
    let setting = |kind| on.iter().find(|(known, _)| *known == kind).map(|(_, settings)| settings.clone());
    let fault = |(kind, text): (FaultKind, &'static str)| FaultRow { word: kind.word(), text, settings: setting(kind) };
    let quota = |operation: Operation| handle.quota_left(operation).map(|(left, of)| (operation.name(), left, of));
    html(&OrdersPage {
        notice: sentence(&wish.notice),
        found,
        statuses: Status::ALL,
        kinds: OrderKind::ALL,
        markets: MARKETS,
        faults: FaultKind::ALL.into_iter().map(fault).collect(),
        faults_on: on.len(),
        operations: Operation::OF_THE_API,
        feeds: handle.feeds().into_iter().rev().take(FEEDS_SHOWN).collect(),
        parts: Included::names()
            .chain(Operation::OF_THE_API.into_iter().filter(|operation| operation.writes()).map(Operation::name))
            .collect(),
        refused: handle.refused(),
        counts: handle.call_counts().into_iter().collect(),
        quotas: Operation::OF_THE_API.into_iter().filter_map(quota).collect(),
        now: handle.now().format("%Y-%m-%d %H:%M:%S").to_string(),
        newer: (page > 1).then(|| wish.address(page - 1)),
        older: (page.saturating_mul(PAGE_SIZE) < found).then(|| wish.address(page + 1)),
        rows,
        wish,
    })
}

/// What the page says after an action; other words say nothing, so that a link cannot put words into its mouth.
fn sentence(notice: &str) -> Option<String> {
    let text = match notice {
        "placed" => "The order is placed. Searches find it two minutes after its last change.",
        "done" => "Done. Searches find the change after two minutes.",
        "refused" => "That is not possible in the present status of the order.",
        "faults" => "The faults are changed.",
        "permissions" => "The permissions are changed.",
        _ => return None,
    };
    Some(text.to_owned())
}

/// Sends the browser back to the list.
fn back(wish: &Wish, notice: &str) -> HttpResponse {
    let address = wish.address(wish.page.parse().unwrap_or(1));
    let location = format!("{address}&notice={notice}");
    HttpResponse::SeeOther().insert_header((LOCATION, location)).finish()
}

/// The notice about what came of an action.
fn notice_of(result: &Result<(), SandboxError>) -> &'static str {
    if result.is_ok() { "done" } else { "refused" }
}

#[derive(Deserialize)]
struct NewOrder {
    marketplace: String,
    channel: Channel,
    kind: OrderKind,
    status: Status,
}

async fn place(handle: Data<SandboxHandle>, form: Form<NewOrder>) -> HttpResponse {
    let NewOrder { marketplace, channel, kind, status } = form.into_inner();
    let placed = handle.place_order(OrderSpec { marketplace, channel, kind, status, ..OrderSpec::default() });
    back(&Wish::default(), if placed.is_ok() { "placed" } else { "refused" })
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Action {
    Pay,
    Ship,
    ShipOne,
    Cancel,
    RequestCancellation,
    ChangeAddress,
}

#[derive(Deserialize)]
struct OrderAction {
    action: Action,
    #[serde(default)]
    status: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    page: String,
}

async fn act(handle: Data<SandboxHandle>, id: Path<String>, form: Form<OrderAction>) -> HttpResponse {
    let OrderAction { action, status, channel, page } = form.into_inner();
    let result = match action {
        Action::Pay => handle.pay(&id),
        Action::Ship => handle.ship(&id, None),
        Action::ShipOne => {
            let order = handle.order(&id);
            let open =
                order.iter().flat_map(|order| &order.items).find(|item| item.quantity_shipped < item.quantity_ordered);
            handle.ship(&id, Some(open.map(|item| (item.order_item_id.clone(), 1)).into_iter().collect()))
        }
        Action::Cancel => handle.cancel(&id),
        Action::RequestCancellation => handle.request_cancellation(&id),
        Action::ChangeAddress => handle.change_address(&id),
    };
    back(&Wish { status, channel, page, notice: String::new() }, notice_of(&result))
}

#[derive(Deserialize)]
struct FaultForm {
    /// The fault to switch, or `all` to switch all of them off.
    kind: String,
    #[serde(default)]
    percent: String,
    #[serde(default)]
    times: String,
    /// The operation, by Amazon's name; the usual ones when empty.
    #[serde(default)]
    operation: String,
    /// A carrier code or an order, for the faults that are aimed at one.
    #[serde(default)]
    only: String,
    on: bool,
}

async fn switch_fault(handle: Data<SandboxHandle>, form: Form<FaultForm>) -> HttpResponse {
    let kind = FaultKind::ALL.into_iter().map(|(kind, _)| kind).find(|kind| kind.word() == form.kind);
    match kind {
        Some(kind) if form.on => {
            let percent = form.percent.parse().unwrap_or(100);
            let operation = Operation::OF_THE_API.into_iter().find(|operation| operation.name() == form.operation);
            let only = Some(form.only.trim().to_owned()).filter(|only| !only.is_empty());
            let times = form.times.parse().ok();
            handle.set_fault(kind, FaultSettings { percent, times, operation, only, ..FaultSettings::default() });
        }
        Some(kind) => handle.clear_fault(kind),
        None if form.kind == "all" => handle.clear_faults(),
        None => return back(&Wish::default(), "refused"),
    }
    back(&Wish::default(), "faults")
}

#[derive(Deserialize)]
struct PermissionForm {
    part: String,
    refused: bool,
}

async fn switch_permission(handle: Data<SandboxHandle>, form: Form<PermissionForm>) -> HttpResponse {
    let done = handle.refuse(&form.part, form.refused);
    back(&Wish::default(), if done.is_ok() { "permissions" } else { "refused" })
}
