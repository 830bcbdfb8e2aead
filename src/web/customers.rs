//! Customers: the list and one customer, for those who may see personal data.

use super::badges::{self, Badge};
use super::extract::CurrentUser;
use super::list::counts::LongLists;
use super::list::view::{Columns, Frame, Offers};
use super::list::{Field, Spec, State, answer};
use super::order::address_lines;
use super::orders::{name_of, words};
use super::page::{self, Chrome, Place};
use super::when::When;
use crate::app::App;
use crate::db::customers::{self, Bought, CustomerRow, Filter, Opened};
use crate::domain::access::Action;
use crate::domain::ids::CustomerId;
use crate::domain::money::Money;
use crate::domain::remote::Buyer;
use crate::error::AppError;
use crate::i18n::Lang;
use actix_web::web::{self, Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use std::collections::HashMap;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/sales/customers", web::get().to(list)).route("/sales/customers/{id}", web::get().to(show));
}

static SPEC: Spec = Spec {
    path: "/sales/customers",
    fields: &[Field::code("country", |code| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()))],
    named: &["business", "anonymous", "erased"],
    sorts: &["added"],
    sort: "-added",
    named_sorts: &[],
    has_search: true,
};

const COLUMNS: Columns<'static> = &[
    ("customers-name", "", false),
    ("customers-place", "", false),
    ("customers-type", "", false),
    ("customers-orders", "", true),
    ("customers-bought", "", true),
    ("customers-last", "", false),
    ("customers-added", "added", false),
];

struct Row {
    href: String,
    name: String,
    is_named: bool,
    place: String,
    kind: Badge,
    orders: i64,
    bought: Vec<String>,
    last: Option<When>,
    added: When,
}

#[derive(Template)]
#[template(path = "customers/list.html", blocks = ["list"])]
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
    user.must(Action::ReadCustomers)?;
    let state = State::read(&SPEC, request.query_string());
    if let Some(detour) = answer::detour(&state, &request) {
        return Ok(detour);
    }
    let filter = Filter {
        country: state.choice("country", |code| Some(code.to_owned())),
        business: state.is("business"),
        anonymous: state.is("anonymous"),
        erased: state.is("erased"),
        words: words(&app.vault, &state.q),
    };
    let (company, asked, now) = (user.company, state.clone(), user.now);
    let (loaded, bought, count, countries) = app
        .read(move |conn| {
            let loaded = customers::page(conn, company, &filter, &asked.window())?;
            let ids: Vec<CustomerId> = loaded.rows.iter().map(|row| row.id).collect();
            let bought = customers::bought(conn, &ids)?;
            let count = long_lists.count(company, &asked, now, || customers::count(conn, company, &filter))?;
            Ok::<_, AppError>((loaded, bought, count, customers::countries(conn, company)?))
        })
        .await?;
    let chrome = user.chrome("customers-title", Place::Customers);
    let offers: Offers = vec![("country", countries.into_iter().map(|code| (code.clone(), code)).collect())];
    let frame = Frame::new(&state, user.lang, &offers, COLUMNS, "customers", count)
        .paged(&state, &loaded, |row| (row.id.0, row.id.0));
    let rows = loaded.rows.iter().map(|row| shown(&chrome, &app, row, &bought)).collect();
    let page = ListPage { chrome, frame, rows };
    answer::send(&state, &request, &page, &page.as_list())
}

fn shown(chrome: &Chrome, app: &App, row: &CustomerRow, bought: &HashMap<CustomerId, Vec<Bought>>) -> Row {
    let (name, is_named) = name_of(chrome.lang, &row.buyer, &app.vault);
    let bought = bought.get(&row.id).map_or(&[][..], Vec::as_slice);
    Row {
        href: format!("/sales/customers/{}", row.id),
        name,
        is_named,
        place: place(row),
        kind: kind(chrome.lang, row),
        orders: bought.iter().map(|part| part.orders).sum(),
        bought: amounts(chrome, bought),
        last: bought.iter().filter_map(|part| part.last).max().map(|at| When::of(chrome, at)),
        added: When::of(chrome, row.created_at),
    }
}

fn amounts(chrome: &Chrome, bought: &[Bought]) -> Vec<String> {
    bought.iter().map(|part| chrome.money(Money::from_minor(part.total_minor, part.currency))).collect()
}

fn place(row: &CustomerRow) -> String {
    let parts = [row.city.as_deref(), row.country.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn kind(lang: Lang, row: &CustomerRow) -> Badge {
    badges::flag(lang, "n", if row.is_business { "customers-business" } else { "customers-person" })
}

#[derive(Template)]
#[template(path = "customers/show.html")]
struct CustomerPage {
    chrome: Chrome,
    id: CustomerId,
    name: String,
    buyer: Badge,
    facts: Vec<(&'static str, String)>,
    addresses: Vec<Vec<String>>,
    orders: i64,
    bought: Vec<String>,
    is_erased: bool,
    added: When,
}

async fn show(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadCustomers)?;
    let (company, id) = (user.company, CustomerId(*path));
    let (row, addresses, bought) = app
        .read(move |conn| {
            let row = customers::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
            let bought = customers::bought(conn, &[id])?.remove(&id).unwrap_or_default();
            Ok::<_, AppError>((row, customers::addresses_of(conn, id)?, bought))
        })
        .await?;
    // A name is personal: the title, which browsers keep in their history, has the number instead.
    let title = user.lang.with("customers-number", &[("id", id.to_string())]).into_owned();
    let chrome = user.chrome_titled(title, Place::Customers);
    let opened = row.buyer.open(&app.vault);
    let page = CustomerPage {
        id,
        name: name_of(user.lang, &row.buyer, &app.vault).0,
        buyer: kind(user.lang, &row),
        is_erased: row.buyer.is_erased(),
        facts: match opened {
            Opened::Known(buyer) => facts(&buyer),
            Opened::Erased | Opened::Unreadable => Vec::new(),
        },
        addresses: addresses.iter().map(|address| address_lines(user.lang, Some(address.open(&app.vault)))).collect(),
        orders: bought.iter().map(|part| part.orders).sum(),
        bought: amounts(&chrome, &bought),
        added: When::of(&chrome, row.created_at),
        chrome,
    };
    page::html(&page)
}

fn facts(buyer: &Buyer) -> Vec<(&'static str, String)> {
    let all = [
        ("customers-email", &buyer.email),
        ("customers-company", &buyer.company),
        ("customers-purchase-order", &buyer.purchase_order),
        ("customers-vat-number", &buyer.vat_number),
    ];
    all.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?.reveal().clone()))).collect()
}
