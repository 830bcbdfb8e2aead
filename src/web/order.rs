//! One sales order: what was bought, where it goes, what became of it and what the synchronization decided about it.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, FieldErrors};
use super::history::{self, Deed};
use super::list::answer;
use super::order_decide::{self, Asking, Decision};
use super::order_private::Private;
use super::order_tax;
use super::orders::{flags, is_late, name_of};
use super::page::{self, Chrome, Place};
use super::reasons;
use super::when::When;
use crate::app::App;
use crate::crypto::Vault;
use crate::db::audit::{self, EventRow};
use crate::db::customers::{self, Opened};
use crate::db::decisions::{self, DecisionRow};
use crate::db::order_taxes::{self, OrderTax};
use crate::db::orders::{self, LineRow, OrderRow};
use crate::db::paging::Choice;
use crate::db::users::{self, UserRow};
use crate::db::{Conn, decided, issues, moves, pickings, teams};
use crate::domain::access::Action;
use crate::domain::ids::{AmazonOrderId, Asin, CompanyId, OrderId, OrderLineId, Sku};
use crate::domain::money::Money;
use crate::domain::order::{LineKind, OrderState, number, parse_number};
use crate::domain::remote::{Channel, DeliveryAddress};
use crate::error::AppError;
use crate::i18n::Lang;
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;
use std::collections::HashMap;

/// Registers the pages; the page of the reasons comes first, since its address looks like an order's.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/sales/orders/{id}", web::get().to(show));
}

/// How many decisions the page of an order shows.
const MOST_DECISIONS: i64 = 50;

/// Finds the order that an address names; a number or Amazon's reference leads on to it.
pub async fn named(app: &App, user: &CurrentUser, text: &str) -> Result<Result<OrderRow, HttpResponse>, AppError> {
    let (company, text) = (user.company, text.to_owned());
    let found = app
        .read(move |conn| {
            if let Ok(id) = text.parse::<i64>() {
                let row = orders::by_id(conn, company, OrderId(id))?;
                return Ok(row.map(Ok));
            }
            let id = match parse_number(&text) {
                Some(id) => orders::by_id(conn, company, id)?.map(|row| row.head.id),
                None => orders::by_amazon_id(conn, company, &AmazonOrderId::from(text.as_str()))?,
            };
            Ok::<_, AppError>(id.map(Err))
        })
        .await?;
    match found {
        Some(Ok(row)) => Ok(Ok(row)),
        Some(Err(id)) => Ok(Err(answer::found(format!("/sales/orders/{id}")))),
        None => Err(AppError::NotFound),
    }
}

/// What surrounds an order in the database.
struct Around {
    lines: Vec<(LineRow, Option<String>)>,
    customer: Option<(String, bool, Option<String>)>,
    is_erased: bool,
    address: Option<Opened<DeliveryAddress>>,
    team: String,
    account: String,
    pickings: i64,
    moves: i64,
    issues: i64,
    decisions: Vec<(DecisionRow, String)>,
    tax: Option<OrderTax>,
    decision: Option<Decision>,
    returned: HashMap<OrderLineId, i64>,
    deeds: (Vec<EventRow>, Vec<UserRow>),
}

fn around(
    conn: &mut Conn,
    user: &(CompanyId, bool, Lang, Asking),
    order: &OrderRow,
    vault: &Vault,
) -> Result<Around, AppError> {
    let (company, has_names, lang, asking) = *user;
    let (id, lines) = (order.head.id, orders::lines(conn, order.head.id)?);
    let mut customer = None;
    let mut address = None;
    let mut is_erased = false;
    if has_names {
        if let Some(row) = customers::by_id(conn, company, order.head.customer_id)? {
            let (name, is_name) = name_of(lang, &row.buyer, vault);
            let email = match row.buyer.open(vault) {
                Opened::Known(buyer) => buyer.email.map(|email| email.reveal().clone()),
                Opened::Erased | Opened::Unreadable => None,
            };
            is_erased = row.buyer.is_erased();
            customer = Some((name, is_name, email));
        }
        if let Some(address_id) = order.address_id {
            address = customers::address(conn, address_id)?.map(|row| row.open(vault));
        }
    }
    let of_order = pickings::Filter { order: Some(id), ..pickings::Filter::default() };
    let moved = moves::Filter { order: Some(id), ..moves::Filter::default() };
    let open = Choice { any: vec!["open".to_owned()], none: Vec::new() };
    let about = issues::Filter { order: Some(id), state: open, ..issues::Filter::default() };
    let name = |all: Vec<(i64, String)>, id: i64| all.into_iter().find(|held| held.0 == id).map(|held| held.1);
    let team_names = teams::names(conn, company)?.into_iter().map(|(id, name)| (id.0, name)).collect();
    let account_names = teams::accounts(conn, company)?.into_iter().map(|(id, name)| (id.0, name)).collect();
    Ok(Around {
        lines,
        customer,
        is_erased,
        address,
        team: name(team_names, order.head.team_id.0).unwrap_or_default(),
        account: name(account_names, order.account_id.0).unwrap_or_default(),
        pickings: pickings::count(conn, company, &of_order)?,
        moves: moves::count(conn, company, &moved)?,
        issues: issues::count(conn, company, &about)?,
        decisions: decisions::about(conn, company, &order.head.amazon_order_id, MOST_DECISIONS)?,
        tax: order_taxes::of(conn, id)?,
        decision: order_decide::load(conn, asking, order)?,
        returned: decided::returned(conn, id)?,
        deeds: (audit::about(conn, &format!("order {id}"), history::MOST)?, users::of_company(conn, company)?),
    })
}

/// One line as the page shows it.
struct Line {
    kind: LineKind,
    title: String,
    codes: String,
    product: String,
    is_default_product: bool,
    quantity: i64,
    delivered: i64,
    returned: i64,
    tax: Option<String>,
    total: String,
    gift_message: Option<String>,
}

/// One decision as a timeline shows it.
pub struct Event {
    /// When it was decided.
    pub at: When,
    /// What happened.
    pub outcome: Badge,
    /// The rule.
    pub rule: &'static str,
    /// What the rule says.
    pub rule_text: String,
    /// Why.
    pub reasons: Vec<String>,
    /// The address of the run; empty for who may not open it.
    pub run: String,
    /// The number of the run.
    pub run_number: String,
    /// The account.
    pub account: String,
    /// What Amazon said.
    pub amazon: Badge,
    /// Who ships.
    pub channel: String,
    /// When Amazon last changed the order.
    pub amazon_at: When,
}

/// Decisions as a timeline shows them.
pub fn events(user: &CurrentUser, chrome: &Chrome, rows: &[(DecisionRow, String)]) -> Vec<Event> {
    let (lang, may_read_runs) = (user.lang, user.may(Action::ReadAmazon));
    let event = |(row, account): &(DecisionRow, String)| Event {
        at: When::of(chrome, row.decided_at),
        outcome: badges::outcome(lang, row.outcome, false),
        rule: row.rule.as_str(),
        rule_text: lang.t(&format!("rule-{}", row.rule.as_str())).into_owned(),
        reasons: reasons::sentences(lang, &chrome.marketplaces, &row.reasons),
        run: if may_read_runs { format!("/amazon/runs/{}", row.run_id) } else { String::new() },
        run_number: row.run_id.to_string(),
        account: account.clone(),
        amazon: badges::amazon(lang, &row.amazon_status),
        channel: row.channel.to_uppercase(),
        amazon_at: When::of(chrome, row.amazon_updated_at),
    };
    rows.iter().map(event).collect()
}

/// The state of an order as steps.
struct Step {
    text: std::borrow::Cow<'static, str>,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "orders/show.html")]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one part of the page is shown")]
pub(super) struct OrderPage {
    pub(super) chrome: Chrome,
    id: OrderId,
    reference: AmazonOrderId,
    seller_central: Option<String>,
    badges: Vec<Badge>,
    pub(super) decision: Option<Decision>,
    pub(super) errors: FieldErrors,
    deeds: Vec<Deed>,
    is_late: bool,
    has_names: bool,
    may_read_amazon: bool,
    steps: Vec<Step>,
    customer: Option<(String, bool, Option<String>)>,
    customer_href: String,
    is_erased: bool,
    address: Vec<String>,
    marketplace: String,
    team: String,
    account: String,
    ordered: When,
    ship_by: Option<When>,
    deliver_by: Option<When>,
    amazon_at: When,
    replaces: Option<String>,
    lines: Vec<Line>,
    tax: String,
    has_tax: bool,
    total: String,
    difference: Option<(String, String)>,
    pickings: i64,
    moves: i64,
    issues: i64,
    is_fbm: bool,
    tax_section: Option<order_tax::Section>,
    events: Vec<Event>,
}

async fn show(user: CurrentUser, app: Data<App>, path: Path<String>) -> Result<HttpResponse, AppError> {
    match load(&user, &app, &path).await? {
        Ok(shown) => page::html(&shown),
        Err(elsewhere) => Ok(elsewhere),
    }
}

/// The page of the order that an address names, or where it is instead.
pub(super) async fn load(
    user: &CurrentUser,
    app: &App,
    path: &str,
) -> Result<Result<OrderPage, HttpResponse>, AppError> {
    user.must(Action::ReadOrders)?;
    let order = match named(app, user, path).await? {
        Ok(order) => order,
        Err(elsewhere) => return Ok(Err(elsewhere)),
    };
    let has_names = user.may(Action::ReadCustomers);
    let (vault, row, who) = (app.vault.clone(), order.clone(), (user.company, has_names, user.lang, Asking::of(user)));
    let around = app.read(move |conn| around(conn, &who, &row, &vault)).await?;
    Ok(Ok(render(user, &app.vault, &order, around)))
}

fn render(user: &CurrentUser, vault: &Vault, order: &OrderRow, around: Around) -> OrderPage {
    let lang = user.lang;
    let chrome = user.chrome_titled(number(order.head.id), Place::Orders);
    let has_names = user.may(Action::ReadCustomers);
    let mut shown = vec![
        badges::order(lang, order.head.state),
        badges::flag(lang, "v", &badges::key("channel", order.head.channel.as_str())),
        badges::amazon(lang, &order.head.amazon_status),
        badges::delivery(lang, order.head.delivery),
    ];
    shown.extend(order_tax::flags(lang, around.tax.as_ref().map(|tax| (tax.treatment, tax.agreement)).as_ref()));
    shown.extend(flags(lang, &order.head));
    let money = |minor| chrome.money(Money::from_minor(minor, order.head.currency));
    let adjustment = around.lines.iter().find(|(line, _)| line.kind == LineKind::Adjustment);
    let mut private = if has_names { Private::of(order, vault) } else { Private::default() };
    let numbers = [private.vat_number.take(), private.purchase_order.take()];
    let may_decide = user.may(Action::EditTaxes);
    let tax_section = around.tax.as_ref().map(|tax| order_tax::section(&chrome, order, tax, numbers, may_decide));
    let lines = around.lines.iter().map(|(line, product)| Line {
        returned: around.returned.get(&line.id).copied().unwrap_or_default(),
        ..shown_line(lang, &chrome, order, line, product.as_deref(), &private)
    });
    let lines: Vec<Line> = lines.collect();
    OrderPage {
        id: order.head.id,
        reference: order.head.amazon_order_id.clone(),
        seller_central: chrome
            .marketplaces
            .find(order.head.marketplace_id.as_str())
            .map(|found| format!("{}/orders-v3/order/{}", found.seller_central_url, order.head.amazon_order_id)),
        badges: shown,
        decision: around.decision,
        errors: FieldErrors::new(),
        deeds: history::deeds(&chrome, "decide", around.deeds.0, &around.deeds.1),
        is_late: is_late(&order.head, user.now),
        has_names,
        may_read_amazon: user.may(Action::ReadAmazon),
        steps: steps(lang, order.head.state),
        customer: around.customer,
        customer_href: format!("/sales/customers/{}", order.head.customer_id),
        is_erased: around.is_erased,
        address: address_lines(lang, around.address),
        marketplace: chrome.marketplace(&order.head.marketplace_id),
        team: around.team,
        account: around.account,
        ordered: When::of(&chrome, order.head.ordered_at),
        ship_by: order.head.ship_by.map(|at| When::of(&chrome, at)),
        deliver_by: order.deliver_by.map(|at| When::of(&chrome, at)),
        amazon_at: When::of(&chrome, order.amazon_updated_at),
        replaces: order.replaces.clone(),
        lines,
        tax: money(order.tax_minor),
        has_tax: order.tax_minor != 0,
        total: money(order.head.total_minor),
        difference: adjustment.map(|(line, _)| (money(order.head.total_minor), money(line.total_minor))),
        pickings: around.pickings,
        moves: around.moves,
        issues: around.issues,
        is_fbm: order.head.channel == Channel::Fbm,
        tax_section,
        events: events(user, &chrome, &around.decisions),
        chrome,
    }
}

fn shown_line(
    lang: Lang,
    chrome: &Chrome,
    order: &OrderRow,
    line: &LineRow,
    product: Option<&str>,
    private: &Private,
) -> Line {
    let money = |minor| chrome.money(Money::from_minor(minor, order.head.currency));
    let codes = [line.sku.as_ref().map(Sku::as_str), line.asin.as_ref().map(Asin::as_str)];
    let title = match line.kind {
        LineKind::Item => line.title.clone(),
        kind => lang.t(&badges::key("line", kind.as_str())).into_owned(),
    };
    Line {
        kind: line.kind,
        title,
        codes: codes.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        product: product.unwrap_or_default().to_owned(),
        is_default_product: line.is_default_product && line.kind == LineKind::Item,
        quantity: line.quantity,
        delivered: line.delivered,
        returned: 0,
        tax: (line.tax_minor != 0).then(|| money(line.tax_minor)),
        total: money(line.total_minor),
        gift_message: private.on(line).cloned(),
    }
}

fn steps(lang: Lang, state: OrderState) -> Vec<Step> {
    let last = if state == OrderState::Cancelled { OrderState::Cancelled } else { OrderState::Locked };
    let step =
        |step: OrderState| Step { text: lang.t(&badges::key("order-state", step.as_str())), is_current: step == state };
    vec![step(OrderState::Sale), step(last)]
}

/// A delivery address as it stands on a parcel.
pub fn address_lines(lang: Lang, address: Option<Opened<DeliveryAddress>>) -> Vec<String> {
    let address = match address {
        Some(Opened::Known(address)) => address,
        Some(Opened::Erased) => return vec![lang.t("customers-erased").into_owned()],
        Some(Opened::Unreadable) => return vec![lang.t("customers-unreadable").into_owned()],
        None => return Vec::new(),
    };
    let mut lines = Vec::new();
    lines.extend(address.name.map(|name| name.reveal().clone()));
    lines.extend(address.company.map(|company| company.reveal().clone()));
    lines.extend(address.lines.iter().map(|line| line.reveal().clone()));
    let town = [address.postal_code.map(|code| code.reveal().clone()), address.city];
    let town: Vec<String> = town.into_iter().flatten().collect();
    lines.extend((!town.is_empty()).then(|| town.join(" ")));
    let country = [address.region, address.country];
    let country: Vec<String> = country.into_iter().flatten().collect();
    lines.extend((!country.is_empty()).then(|| country.join(", ")));
    lines.extend(address.phone.map(|phone| phone.reveal().clone()));
    lines
}
