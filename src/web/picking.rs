//! One transfer: what is to leave, by whom and under which reference, what Amazon says about it, and what was done.

use super::badges::{self, Badge};
use super::conflict::Conflict;
use super::extract::{CurrentUser, FieldErrors};
use super::history::{self, Deed};
use super::order_private::Private;
use super::orders::name_of;
use super::page::{self, Chrome, Place};
use super::picking_amazon::{self, AmazonCard};
use super::pickings::{Row, shown};
use super::when::When;
use crate::app::App;
use crate::crypto::Vault;
use crate::db::audit::{self, EventRow};
use crate::db::carriers::{self, CarrierRow};
use crate::db::orders::{LineRow, OrderRow};
use crate::db::picking_changes;
use crate::db::picking_lines::{self, NamedLine};
use crate::db::pickings::{self, PickingRow, SourceOrder};
use crate::db::users::{self, UserRow};
use crate::db::{Conn, customers, orders, teams};
use crate::domain::access::Action;
use crate::domain::carrier::OTHER;
use crate::domain::ids::{CompanyId, LocationId, MoveId, OrderId, PickingId, UserId};
use crate::domain::order::LineKind;
use crate::domain::picking::shipping::Doubt;
use crate::domain::picking::{PickingKind, PickingState, reference};
use crate::domain::remote::AmazonStatus;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::ship_parcels::Carrier;
use crate::ops::{return_goods, validate_picking};
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/pickings/{id}", web::get().to(show))
        .route("/inventory/pickings/{id}/doubts", web::get().to(doubts));
}

/// One line of a transfer.
pub(super) struct Line {
    pub(super) id: MoveId,
    pub(super) product: String,
    pub(super) reference: String,
    pub(super) demand: i64,
    pub(super) reserved: i64,
    /// How many units leave, as typed or as stored.
    pub(super) done: String,
    pub(super) error: String,
    state: Badge,
    /// It is inside a kit of another line.
    is_component: bool,
}

struct Step {
    text: Cow<'static, str>,
    is_current: bool,
}

/// Another transfer: its address and reference.
type Link = (String, String);

#[derive(Template)]
#[template(path = "stock/picking.html")]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one part of the page is shown")]
pub(super) struct PickingPage {
    pub(super) chrome: Chrome,
    pub(super) id: PickingId,
    pub(super) version: i64,
    pub(super) state: PickingState,
    row: Row,
    steps: Vec<Step>,
    done: Option<When>,
    is_partly_reserved: bool,
    is_starred: bool,
    pub(super) lines: Vec<Line>,
    pub(super) carrier: String,
    pub(super) tracking: String,
    carriers: Vec<String>,
    /// What Amazon is told of the carrier.
    sent: String,
    pub(super) doubts: Vec<String>,
    link: Option<String>,
    /// Why the transfer is held, or was cancelled, by what Amazon says of its order.
    pub(super) held: Option<String>,
    address_changed: Option<When>,
    backorder_of: Option<Link>,
    return_of: Option<Link>,
    following: Vec<Link>,
    returns: Vec<Link>,
    assigned: Option<String>,
    people: Vec<(UserId, String)>,
    amazon: Option<AmazonCard>,
    user: UserId,
    events: Vec<Deed>,
    gift_messages: Vec<(String, String)>,
    pub(super) errors: FieldErrors,
    pub(super) conflict: Option<Conflict>,
    may_work: bool,
    /// Whether goods come back with it.
    pub(super) is_return: bool,
    /// Whether goods of it may come back, or are expected with it.
    may_return: bool,
    may_print: bool,
}

impl PickingPage {
    fn is_open(&self) -> bool {
        self.state.is_open()
    }

    /// Whether this is an open delivery that the reader may ship.
    fn may_ship(&self) -> bool {
        self.may_work && self.is_open() && !self.is_return
    }

    /// The units that leave, put on each line as they were typed.
    pub(super) fn retype(&mut self, typed: &[(MoveId, String)]) {
        for line in &mut self.lines {
            if let Some((_, text)) = typed.iter().find(|(id, _)| *id == line.id) {
                line.done.clone_from(text);
            }
        }
    }
}

/// Everything that the page of a transfer shows.
struct Loaded {
    row: PickingRow,
    order: SourceOrder,
    source: OrderRow,
    contact: String,
    lines: Vec<NamedLine>,
    locations: HashMap<LocationId, String>,
    carriers: Vec<CarrierRow>,
    people: Vec<UserRow>,
    following: (Vec<PickingId>, Vec<PickingId>),
    events: Vec<EventRow>,
    gifts: Vec<(String, String)>,
    doubts: Vec<Doubt>,
    announced: Option<picking_amazon::Held>,
}

fn read(conn: &mut Conn, user: &Reader, id: PickingId) -> Result<Loaded, AppError> {
    let company = user.actor.company;
    let (row, order) = pickings::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
    let customer = if user.has_names { customers::by_id(conn, company, order.customer_id)? } else { None };
    let contact = customer.map(|row| name_of(user.lang, &row.buyer, &user.vault).0).unwrap_or_default();
    let has_gifts = user.has_names && row.has_gift;
    let (carrier, tracking) = (row.carrier.clone().unwrap_or_default(), row.tracking.clone().unwrap_or_default());
    Ok(Loaded {
        source: orders::by_id(conn, company, order.id)?.ok_or(AppError::NotFound)?,
        contact,
        lines: picking_lines::all(conn, &[id])?,
        locations: teams::locations(conn, company)?.into_iter().collect(),
        carriers: carriers::all(conn, company)?,
        people: users::of_company(conn, company)?,
        following: picking_changes::following(conn, id)?,
        events: audit::about(conn, &format!("picking {id}"), history::MOST)?,
        gifts: if has_gifts { gift_messages(conn, company, order.id, &user.vault)? } else { Vec::new() },
        doubts: if row.state.is_open() {
            validate_picking::doubts(conn, company, id, &carrier, &tracking)?
        } else {
            Vec::new()
        },
        announced: picking_amazon::load(conn, id)?,
        row,
        order,
    })
}

/// Who reads the page, and what may be shown.
#[derive(Clone)]
struct Reader {
    actor: crate::ops::Actor,
    lang: Lang,
    has_names: bool,
    vault: Vault,
}

/// What goes into the parcel of a gift: for which item, and the message.
pub(super) fn gift_messages(
    conn: &mut Conn,
    company: CompanyId,
    order: OrderId,
    vault: &Vault,
) -> Result<Vec<(String, String)>, AppError> {
    let order = orders::by_id(conn, company, order)?.ok_or(AppError::NotFound)?;
    let (private, lines) = (Private::of(&order, vault), orders::lines(conn, order.head.id)?);
    let title = |note: &LineRow| {
        let is_meant = |line: &LineRow| line.kind == LineKind::Item && line.amazon_item_id == note.amazon_item_id;
        lines.iter().find(|(line, _)| is_meant(line)).map(|(line, _)| line.title.clone()).unwrap_or_default()
    };
    let found = lines.iter().filter_map(|(line, _)| Some((title(line), private.on(line)?.clone())));
    Ok(found.collect())
}

async fn show(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    page::html(&load(&user, &app, PickingId(*path)).await?)
}

/// The page of a transfer as it is held.
pub(super) async fn load(user: &CurrentUser, app: &App, id: PickingId) -> Result<PickingPage, AppError> {
    user.must(Action::ReadStock)?;
    let reader = Reader {
        actor: user.actor(),
        lang: user.lang,
        has_names: user.may(Action::ReadCustomers),
        vault: app.vault.clone(),
    };
    let loaded = app.read(move |conn| read(conn, &reader, id)).await?;
    Ok(view(user, loaded))
}

fn view(user: &CurrentUser, loaded: Loaded) -> PickingPage {
    let Loaded { row, order, source, contact, lines, locations, carriers, people, following, events, gifts, .. } =
        loaded;
    let (lang, chrome) = (user.lang, user.chrome_titled(reference(row.id), Place::Transfers));
    let place = |id| locations.get(&id).cloned().unwrap_or_default();
    let steps = [PickingState::Draft, PickingState::Confirmed, PickingState::Assigned, PickingState::Done];
    let steps = if row.state == PickingState::Cancelled { vec![PickingState::Cancelled] } else { steps.to_vec() };
    let step = |step: PickingState| Step {
        text: lang.t(&badges::key("picking-state", step.as_str())),
        is_current: step == row.state,
    };
    let carrier = row.carrier.clone().unwrap_or_default();
    let meant = Carrier::meant(&carrier, &carriers);
    let url = carriers.iter().find(|one| Some(one.id) == meant.id).and_then(|one| one.tracking_url.clone());
    let tracking = row.tracking.clone().unwrap_or_default();
    let name = |id: UserId| people.iter().find(|one| one.id == id).map(|one| one.name.clone());
    PickingPage {
        id: row.id,
        version: row.version,
        state: row.state,
        steps: steps.into_iter().map(step).collect(),
        done: row.done_at.map(|at| When::of(&chrome, at)),
        is_partly_reserved: row.state == PickingState::Confirmed && lines.iter().any(|line| line.row.reserved > 0),
        is_starred: row.is_starred,
        lines: lines.into_iter().map(|line| shown_line(lang, line)).collect(),
        sent: sent(lang, &meant),
        doubts: loaded.doubts.into_iter().map(|doubt| said(lang, &carrier, &tracking, &doubt)).collect(),
        link: url.filter(|_| !tracking.is_empty()).map(|url| crate::domain::tracking::link(&url, &tracking)),
        carriers: carriers.iter().filter(|one| one.is_active).map(|one| one.name.clone()).collect(),
        carrier,
        tracking,
        held: (row.is_held || was_cancelled(&row, &source)).then(|| why_held(lang, &source)),
        address_changed: row.address_changed_at.map(|at| When::of(&chrome, at)),
        backorder_of: row.backorder_of_id.map(link),
        return_of: row.return_of_id.map(link),
        following: following.0.into_iter().map(link).collect(),
        returns: following.1.into_iter().map(link).collect(),
        assigned: row.assigned_to_id.and_then(name),
        events: history::deeds(&chrome, "transfers", events, &people),
        people: people.iter().filter(|one| one.is_active).map(|one| (one.id, one.name.clone())).collect(),
        amazon: loaded.announced.map(|held| AmazonCard::of(user, &chrome, &held)),
        user: user.id,
        gift_messages: gifts,
        errors: FieldErrors::new(),
        conflict: None,
        may_work: user.may(Action::WorkOnTransfers),
        is_return: row.kind == PickingKind::Return,
        may_return: user.may(Action::WorkOnTransfers) && return_goods::is_open_to(&row),
        may_print: user.may(Action::PrintSlips),
        row: shown(&chrome, user.now, (&row, &order), (place(row.source_id), place(row.destination_id)), contact),
        chrome,
    }
}

/// Whether Amazon cancelled the order, and the transfer with it.
fn was_cancelled(row: &PickingRow, order: &OrderRow) -> bool {
    row.state == PickingState::Cancelled && order.head.amazon_status == AmazonStatus::Cancelled
}

/// Another transfer, by its address and reference.
pub(super) fn link(id: PickingId) -> Link {
    (format!("/inventory/pickings/{id}"), reference(id))
}

fn shown_line(lang: Lang, line: NamedLine) -> Line {
    let row = line.row;
    Line {
        id: row.id,
        product: line.name,
        reference: line.reference,
        demand: row.quantity,
        reserved: row.reserved,
        done: row.picked.to_string(),
        error: String::new(),
        state: badges::picking(lang, row.state),
        is_component: row.order_line_id.is_none(),
    }
}

/// What Amazon is told of a carrier; empty without one.
fn sent(lang: Lang, meant: &Carrier) -> String {
    if meant.name.is_empty() {
        String::new()
    } else if meant.code == OTHER {
        lang.with("carriers-sent-as-other", &[("name", &meant.name)]).into_owned()
    } else {
        meant.code.clone()
    }
}

/// Why a transfer is held, by what Amazon says of its order.
pub(super) fn why_held(lang: Lang, order: &OrderRow) -> String {
    let key = if order.head.amazon_status == AmazonStatus::Cancelled {
        "transfers-held-cancelled"
    } else if order.head.needs_decision {
        "transfers-held-decision"
    } else {
        "transfers-held-requested"
    };
    lang.t(key).into_owned()
}

/// What may be wrong with a label, in words.
pub(super) fn said(lang: Lang, carrier: &str, tracking: &str, doubt: &Doubt) -> String {
    let carrier = carrier.trim();
    match doubt {
        Doubt::CarrierUnknown(Some(near)) => {
            lang.with("transfers-carrier-near", &[("name", carrier), ("near", *near)]).into_owned()
        }
        Doubt::CarrierUnknown(None) => lang.with("transfers-carrier-unknown", &[("name", carrier)]).into_owned(),
        Doubt::Format => {
            lang.with("transfers-tracking-format", &[("tracking", tracking), ("carrier", carrier)]).into_owned()
        }
        Doubt::Repeated(other) => {
            let other = reference(*other);
            lang.with("transfers-tracking-repeated", &[("tracking", tracking), ("other", other.as_str())]).into_owned()
        }
    }
}

#[derive(Deserialize)]
struct Label {
    #[serde(default)]
    carrier: String,
    #[serde(default)]
    tracking: String,
}

#[derive(Template)]
#[template(path = "stock/doubts.html")]
struct DoubtsFragment {
    doubts: Vec<String>,
}

/// What may be wrong with what is being typed.
async fn doubts(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    typed: Query<Label>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadStock)?;
    let doubts = doubts_of(&user, &app, PickingId(*path), &typed.carrier, &typed.tracking).await?;
    page::html(&DoubtsFragment { doubts })
}

/// What may be wrong with a label that was typed but not saved, in words.
pub(super) async fn doubts_of(
    user: &CurrentUser,
    app: &App,
    id: PickingId,
    carrier: &str,
    tracking: &str,
) -> Result<Vec<String>, AppError> {
    let (company, name, number) = (user.company, carrier.to_owned(), tracking.to_owned());
    let found = app
        .read(move |conn| {
            pickings::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
            validate_picking::doubts(conn, company, id, &name, &number)
        })
        .await?;
    Ok(found.into_iter().map(|doubt| said(user.lang, carrier, tracking, &doubt)).collect())
}
