//! The list of sales orders, with its filters and its search.

use super::badges::{self, Badge};
use super::extract::CurrentUser;
use super::list::counts::LongLists;
use super::list::view::{Columns, Frame, Offers};
use super::list::{Field, Spec, State, answer, days};
use super::order_tax;
use super::page::{Chrome, Place};
use super::when::When;
use crate::app::App;
use crate::crypto::Vault;
use crate::db::customers::{Opened, SealedBuyer};
use crate::db::orders::{self, Filter, Listed, Named, OrderHead, Sort};
use crate::db::paging::{Page, micros};
use crate::db::{Conn, DbError, teams};
use crate::domain::access::Action;
use crate::domain::ids::{AccountId, AmazonOrderId, CompanyId, CustomerId, MarketplaceId, OrderId, Sku, TeamId};
use crate::domain::marketplace::{Directory, Entry};
use crate::domain::money::{Currency, Money};
use crate::domain::order::{Delivery, OrderState, number, parse_number};
use crate::domain::remote::{AmazonStatus, Buyer, Channel};
use crate::error::AppError;
use crate::i18n::Lang;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, HashMap};

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/sales/orders", web::get().to(list));
}

/// What the list of orders can be asked.
pub static SPEC: Spec = Spec {
    path: "/sales/orders",
    fields: &[
        Field::key("team"),
        Field::key("account"),
        Field::code("marketplace", is_marketplace),
        Field::code("channel", |code| Channel::parse(code).is_some()),
        Field::code("state", |code| OrderState::parse(code).is_some()),
        Field::code("amazon_status", |code| read_status(code).is_some()),
        Field::code("delivery", |code| Delivery::parse(code).is_some()),
        Field::days("date"),
        Field::days("ship_by"),
        Field::key("customer"),
    ],
    named: &[
        "late",
        "to_ship_today",
        "unmatched",
        "conflict",
        "gift",
        "business",
        "prime",
        "outside",
        "tax_to_decide",
        "tax_mismatch",
    ],
    sorts: &["date", "number", "total", "ship_by"],
    sort: "-date",
    named_sorts: &[],
    has_search: true,
};

/// Whether the text is a marketplace, by country code or by Amazon's identifier.
pub fn is_marketplace(text: &str) -> bool {
    read_marketplace(text).is_some()
}

/// Reads a marketplace, by country code or by Amazon's identifier.
pub fn read_marketplace(text: &str) -> Option<MarketplaceId> {
    use crate::domain::marketplace::{Directory, looks_like_id};
    let product = Directory::default();
    let known = product.find(text).or_else(|| product.by_code(text)).map(|found| MarketplaceId::from(found.id));
    // A company may have added it; one that nobody knows has no orders.
    known.or_else(|| looks_like_id(text).then(|| MarketplaceId::from(text)))
}

/// Reads Amazon's status as addresses write it: in small letters.
pub fn read_status(text: &str) -> Option<AmazonStatus> {
    let status = AmazonStatus::parse(&text.to_ascii_uppercase());
    (!matches!(status, AmazonStatus::Other(_)) && text == text.to_ascii_lowercase()).then_some(status)
}

/// The filter that an address means, without its search.
pub fn filter(state: &State, now: DateTime<Utc>, zone: Tz) -> Filter {
    let today = now.with_timezone(&zone).date_naive();
    let tomorrow = today.succ_opt().map_or(now.naive_utc(), |day| days::midnight(day, zone));
    let named = state.named().iter().filter_map(|named| {
        Some(match *named {
            "late" => Named::Late(now.naive_utc()),
            "to_ship_today" => Named::ToShip(now.naive_utc(), tomorrow),
            "unmatched" => Named::Unmatched,
            "conflict" => Named::Conflict,
            "gift" => Named::Gift,
            "business" => Named::Business,
            "prime" => Named::Prime,
            "outside" => Named::Outside,
            "tax_to_decide" => Named::TaxToDecide,
            "tax_mismatch" => Named::TaxMismatch,
            _ => return None,
        })
    });
    Filter {
        team: state.keys("team", TeamId),
        account: state.keys("account", AccountId),
        marketplace: state.choice("marketplace", read_marketplace),
        channel: state.choice("channel", Channel::parse),
        state: state.choice("state", OrderState::parse),
        amazon_status: state.choice("amazon_status", read_status),
        delivery: state.choice("delivery", Delivery::parse),
        ordered: state.span("date", today, zone),
        ship_by: state.span("ship_by", today, zone),
        customer: state.keys("customer", CustomerId),
        named: named.collect(),
        only: None,
    }
}

fn sort(state: &State) -> Sort {
    match state.sorted_by() {
        "number" => Sort::Number,
        "total" => Sort::Total,
        "ship_by" => Sort::ShipBy,
        _ => Sort::Date,
    }
}

/// The words of a search as they are indexed, and the whole text when it is an e-mail address.
pub fn words(vault: &Vault, text: &str) -> Vec<i64> {
    let text = text.trim().trim_matches('"').to_lowercase();
    if text.contains('@') {
        return vec![vault.word_hash(&text)];
    }
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| vault.word_hash(word)).collect()
}

/// What a search finds: one record that it names, or some orders.
enum Found {
    Record(OrderId),
    Orders(Vec<OrderId>),
}

fn search(conn: &mut Conn, vault: &Vault, company: CompanyId, text: &str, has_names: bool) -> Result<Found, DbError> {
    if let Some(id) = parse_number(text)
        && orders::by_id(conn, company, id)?.is_some()
    {
        return Ok(Found::Record(id));
    }
    if AmazonOrderId::looks_right(text) {
        let held = orders::by_amazon_id(conn, company, &AmazonOrderId::from(text))?;
        return Ok(held.map_or_else(|| Found::Orders(Vec::new()), Found::Record));
    }
    // Whoever may not see names may not find out whether a name is known either.
    let words = if has_names { words(vault, text) } else { Vec::new() };
    orders::found(conn, company, &words, &Sku::from(text.trim_matches('"'))).map(Found::Orders)
}

/// What the database gives for the list.
struct Loaded {
    page: Page<Listed>,
    count: i64,
    teams: Vec<(TeamId, String)>,
    accounts: Vec<(AccountId, String)>,
    /// Of each row, the name and whether it is one.
    names: Vec<(String, bool)>,
}

/// The name of a customer as pages show it, and whether it is a name.
pub fn name_of(lang: Lang, row: &SealedBuyer, vault: &Vault) -> (String, bool) {
    if row.is_anonymous {
        return (lang.t("customers-anonymous").into_owned(), false);
    }
    match row.open(vault) {
        Opened::Known(buyer) => known_name(lang, &buyer),
        Opened::Erased => (lang.t("customers-erased").into_owned(), false),
        Opened::Unreadable => (lang.t("customers-unreadable").into_owned(), false),
    }
}

fn known_name(lang: Lang, buyer: &Buyer) -> (String, bool) {
    let name = buyer.name.as_ref().or(buyer.company.as_ref()).map(|name| name.reveal().clone());
    name.map_or_else(|| (lang.t("customers-anonymous").into_owned(), false), |name| (name, true))
}

/// One row of the list.
struct Row {
    id: OrderId,
    number: String,
    reference: AmazonOrderId,
    ordered: When,
    customer: String,
    customer_id: CustomerId,
    is_named: bool,
    marketplace: String,
    channel: &'static str,
    team: String,
    ship_by: Option<When>,
    is_late: bool,
    amazon: Badge,
    total: Money,
    delivery: Badge,
    state: Badge,
    flags: Vec<Badge>,
}

#[derive(Template)]
#[template(path = "orders/list.html", blocks = ["list"])]
struct ListPage {
    chrome: Chrome,
    frame: Frame,
    rows: Vec<Row>,
    totals: Vec<(&'static str, String)>,
    has_names: bool,
    before_total: usize,
    why: Option<String>,
}

async fn list(
    user: CurrentUser,
    app: Data<App>,
    long_lists: Data<LongLists>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadOrders)?;
    let state = State::read(&SPEC, request.query_string());
    if let Some(detour) = answer::detour(&state, &request) {
        return Ok(detour);
    }
    let has_names = user.may(Action::ReadCustomers);
    let mut filter = filter(&state, user.now, user.zone);
    let (asked, vault, company, lang, now) = (state.clone(), app.vault.clone(), user.company, user.lang, user.now);
    let loaded = app
        .read(move |conn| {
            if !asked.q.is_empty() {
                match search(conn, &vault, company, &asked.q, has_names)? {
                    Found::Record(id) if !asked.is_beyond() => return Ok(Err(id)),
                    Found::Record(id) => filter.only = Some(vec![id]),
                    Found::Orders(ids) => filter.only = Some(ids),
                }
            }
            let page = orders::page(conn, company, &filter, sort(&asked), &asked.window())?;
            let name =
                |row: &Listed| row.buyer.as_ref().filter(|_| has_names).map(|buyer| name_of(lang, buyer, &vault));
            let names = page.rows.iter().map(|row| name(row).unwrap_or_default()).collect();
            let count = long_lists.count(company, &asked, now, || orders::count(conn, company, &filter))?;
            let (teams, accounts) = (teams::names(conn, company)?, teams::accounts(conn, company)?);
            Ok::<_, AppError>(Ok(Loaded { page, count, teams, accounts, names }))
        })
        .await?;
    match loaded {
        Err(id) if super::page::wants_fragment(&request, "list") => {
            Ok(HttpResponse::Ok().insert_header(("HX-Redirect", format!("/sales/orders/{id}"))).finish())
        }
        Err(id) => Ok(answer::found(format!("/sales/orders/{id}"))),
        Ok(loaded) => {
            let page = render(&user, &state, loaded, has_names);
            answer::send(&state, &request, &page, &page.as_list())
        }
    }
}

const COLUMNS: Columns<'static> = &[
    ("orders-number", "number", false),
    ("orders-date", "date", false),
    ("orders-customer", "", false),
    ("orders-marketplace", "", false),
    ("orders-team", "", false),
    ("orders-ship-by", "ship_by", false),
    ("orders-total", "total", true),
    ("orders-progress", "", false),
    ("orders-state", "", false),
];

fn render(user: &CurrentUser, state: &State, loaded: Loaded, has_names: bool) -> ListPage {
    let chrome = user.chrome("orders-title", Place::Orders);
    let columns: Vec<_> = COLUMNS.iter().filter(|column| has_names || column.0 != "orders-customer").copied().collect();
    let offers = offers(user.lang, &chrome.marketplaces, &loaded.teams, &loaded.accounts);
    let frame =
        Frame::new(state, user.lang, &offers, &columns, "orders", loaded.count)
            .paged(state, &loaded.page, |row| (sorted_value(state, &row.head), row.head.id.0));
    let teams: HashMap<TeamId, String> = loaded.teams.into_iter().collect();
    let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
    for row in &loaded.page.rows {
        let sum = sums.entry(row.head.currency).or_default();
        *sum = sum.saturating_add(row.head.total_minor);
    }
    let named = loaded.page.rows.into_iter().zip(loaded.names);
    let rows: Vec<Row> = named.map(|(row, name)| shown(user, &chrome, row, &teams, name)).collect();
    let why = (rows.is_empty() && AmazonOrderId::looks_right(&state.q)).then(|| state.q.clone());
    let total =
        |(currency, minor): (Currency, i64)| (currency.as_str(), chrome.money(Money::from_minor(minor, currency)));
    let totals = sums.into_iter().map(total).collect();
    ListPage { frame, rows, totals, has_names, before_total: if has_names { 6 } else { 5 }, why, chrome }
}

fn sorted_value(state: &State, row: &OrderHead) -> i64 {
    match sort(state) {
        Sort::Date => micros(row.ordered_at),
        Sort::Number => row.id.0,
        Sort::Total => row.total_minor,
        Sort::ShipBy => micros(row.ship_by.unwrap_or_else(crate::db::paging::never)),
    }
}

fn shown(
    user: &CurrentUser,
    chrome: &Chrome,
    listed: Listed,
    teams: &HashMap<TeamId, String>,
    (customer, is_named): (String, bool),
) -> Row {
    let (lang, row, tax) = (user.lang, listed.head, listed.tax);
    Row {
        id: row.id,
        number: number(row.id),
        flags: [order_tax::flags(lang, tax.as_ref()), flags(lang, &row)].concat(),
        ordered: When::of(chrome, row.ordered_at),
        customer,
        customer_id: row.customer_id,
        is_named,
        marketplace: chrome.marketplace(&row.marketplace_id),
        channel: badges::channel(row.channel),
        team: teams.get(&row.team_id).cloned().unwrap_or_default(),
        ship_by: row.ship_by.map(|at| When::of(chrome, at)),
        is_late: is_late(&row, user.now),
        amazon: badges::amazon(lang, &row.amazon_status),
        total: Money::from_minor(row.total_minor, row.currency),
        delivery: badges::delivery(lang, row.delivery),
        state: badges::order(lang, row.state),
        reference: row.amazon_order_id,
    }
}

/// Whether the merchant should have shipped the order by now.
pub fn is_late(row: &OrderHead, now: DateTime<Utc>) -> bool {
    row.state == OrderState::Sale && row.channel == Channel::Fbm && row.ship_by.is_some_and(|by| by < now.naive_utc())
}

/// What else is worth knowing of an order at a glance.
pub fn flags(lang: Lang, row: &OrderHead) -> Vec<Badge> {
    let all = [
        (row.needs_decision, "d", "orders-flag-decision"),
        (row.cancellation_requested && row.state == OrderState::Sale, "w", "orders-flag-cancellation"),
        (row.is_shipped_outside, "n", "orders-flag-outside"),
        (row.is_gift, "v", "orders-flag-gift"),
        (row.is_prime, "i", "orders-flag-prime"),
        (row.is_business, "n", "orders-flag-business"),
    ];
    all.into_iter().filter(|flag| flag.0).map(|(_, kind, key)| badges::flag(lang, kind, key)).collect()
}

/// The values of one set of states for a filter.
pub fn codes<'a>(lang: Lang, prefix: &str, codes: impl IntoIterator<Item = &'a str>) -> Vec<(String, String)> {
    codes.into_iter().map(|code| (code.to_ascii_lowercase(), lang.t(&badges::key(prefix, code)).into_owned())).collect()
}

/// Records as a filter offers them.
pub fn records<T: Copy + std::fmt::Display>(records: &[(T, String)]) -> Vec<(String, String)> {
    records.iter().map(|(id, name)| (id.to_string(), name.clone())).collect()
}

/// All marketplaces as a filter offers them.
pub fn marketplaces(known: &Directory) -> Vec<(String, String)> {
    // One that was added is asked for by its identifier: its country may have another one already.
    let value = |found: &Entry<'_>| if found.is_added { found.id.to_owned() } else { found.country.to_owned() };
    known.all().map(|found| (value(&found), found.name.to_owned())).collect()
}

fn offers(lang: Lang, known: &Directory, teams: &[(TeamId, String)], accounts: &[(AccountId, String)]) -> Offers {
    vec![
        ("team", records(teams)),
        ("account", records(accounts)),
        ("marketplace", marketplaces(known)),
        ("channel", codes(lang, "channel", Channel::ALL.map(Channel::as_str))),
        ("state", codes(lang, "order-state", OrderState::ALL.iter().map(|state| state.as_str()))),
        ("amazon_status", codes(lang, "amazon-status", AmazonStatus::KNOWN.iter().map(AmazonStatus::as_str))),
        ("delivery", codes(lang, "delivery", Delivery::ALL.iter().map(|delivery| delivery.as_str()))),
    ]
}
