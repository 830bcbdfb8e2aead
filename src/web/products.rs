//! The list of products: search, filters, export, and archiving of several at once.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, Form};
use super::flash::{Flash, Tone};
use super::list::view::{Columns, Frame, Offers};
use super::list::{Field, Spec, State, answer};
use super::page::{self, Chrome, Place};
use super::product_notes;
use crate::app::App;
use crate::db::products::{self, Filter, ProductRow, Sort};
use crate::domain::access::Action;
use crate::domain::ids::ProductId;
use crate::domain::money::{Currency, Money};
use crate::domain::product::{self, ProductType};
use crate::error::AppError;
use crate::export::records;
use crate::export::writer::{Format, Writer};
use crate::i18n::{Arg, Lang};
use crate::ops::count_stock::{self, Quantity};
use crate::ops::{edit_product, export_products};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/sales/products", web::get().to(list))
        .route("/sales/products.csv", web::get().to(csv))
        .route("/sales/products.json", web::get().to(json))
        .route("/sales/products/batch", web::post().to(batch));
}

static SPEC: Spec = Spec {
    path: "/sales/products",
    fields: &[Field::code("type", |code| ProductType::parse(code).is_some())],
    named: &["no_barcode", "no_offer", "archived"],
    sorts: &["reference", "name", "price"],
    sort: "reference",
    named_sorts: &[],
    has_search: true,
};

const COLUMNS: Columns<'static> = &[
    ("products-field-reference", "reference", false),
    ("products-field-name", "name", false),
    ("products-field-type", "", false),
    ("products-field-barcode", "", false),
    ("products-field-sales-price", "price", true),
    ("products-field-cost", "", true),
    ("products-on-hand", "", true),
    ("products-at-amazon", "", true),
    ("products-free", "", true),
    ("offers-title", "", true),
    ("products-field-tax-class", "", false),
];

struct Row {
    id: ProductId,
    reference: String,
    name: String,
    product_type: Badge,
    is_default: bool,
    barcode: String,
    price: String,
    cost: String,
    on_hand: String,
    at_amazon: String,
    free: String,
    /// How many offers sell it.
    offers: i64,
    tax_class: String,
}

#[derive(Template)]
#[template(path = "products/list.html", blocks = ["list"])]
struct ListPage {
    chrome: Chrome,
    frame: Frame,
    rows: Vec<Row>,
    /// The query of this list, with its question mark; empty for none.
    query: String,
    here: String,
    is_archive: bool,
    may_edit: bool,
    may_read_offers: bool,
}

fn filter(state: &State) -> Filter {
    Filter {
        product_type: state.choice("type", ProductType::parse),
        no_barcode: state.is("no_barcode"),
        no_offer: state.is("no_offer"),
        archived: state.is("archived"),
        words: product::words(&state.q),
    }
}

fn sort(state: &State) -> Sort {
    match state.sorted_by() {
        "name" => Sort::Name,
        "price" => Sort::Price,
        _ => Sort::Reference,
    }
}

async fn list(user: CurrentUser, app: Data<App>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadOrders)?;
    let state = State::read(&SPEC, request.query_string());
    if let Some(detour) = answer::detour(&state, &request) {
        return Ok(detour);
    }
    let (company, filter, sort, window) = (user.company, filter(&state), sort(&state), state.window());
    let is_archive = filter.archived;
    let (loaded, quantities, offers, count) = app
        .read(move |conn| {
            let loaded = products::page(conn, company, &filter, sort, &window)?;
            let quantities = count_stock::run(conn, company, &loaded.rows)?;
            let ids: Vec<ProductId> = loaded.rows.iter().map(|row| row.id).collect();
            let offers = products::offer_counts(conn, &ids)?;
            Ok::<_, AppError>((loaded, quantities, offers, products::count(conn, company, &filter)?))
        })
        .await?;
    let chrome = user.chrome("products-title", Place::Products);
    let types = ProductType::ALL.iter();
    let types = types.map(|one| (one.as_str().to_owned(), product_notes::product_type(user.lang, *one).into_owned()));
    let choices: Offers = vec![("type", types.collect())];
    let frame = Frame::new(&state, user.lang, &choices, COLUMNS, "products", count)
        .paged(&state, &loaded, |row| (if sort == Sort::Price { row.price_minor } else { row.id.0 }, row.id.0));
    let shown = |row: &ProductRow| {
        let offers = offers.get(&row.id).copied().unwrap_or(0);
        Row { offers, ..shown(&chrome, user.currency, row, quantities.get(&row.id)) }
    };
    let rows = loaded.rows.iter().map(shown).collect();
    let here = state.url();
    let query = here.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    let may_edit = user.may(Action::EditProducts);
    let may_read_offers = user.may(Action::ReadAmazon);
    let page = ListPage { chrome, frame, rows, query, here, is_archive, may_edit, may_read_offers };
    answer::send(&state, &request, &page, &page.as_list())
}

fn shown(chrome: &Chrome, currency: Currency, row: &ProductRow, quantity: Option<&Quantity>) -> Row {
    let (on_hand, at_amazon) = quantities(chrome, quantity);
    Row {
        id: row.id,
        reference: row.reference.clone(),
        name: row.name.clone(),
        product_type: type_badge(chrome.lang, row.product_type),
        is_default: row.default_for.is_some(),
        barcode: row.barcode.clone().unwrap_or_default(),
        price: chrome.money(Money::from_minor(row.price_minor, currency)),
        cost: chrome.money(Money::from_minor(row.cost_minor, currency)),
        on_hand,
        at_amazon,
        free: match quantity {
            Some(Quantity::Counted(stock)) => chrome.number(stock.free),
            _ => "–".to_owned(),
        },
        offers: 0,
        tax_class: product_notes::tax_class(chrome.lang, &row.tax_class).into_owned(),
    }
}

/// What a product is, as a badge without a judgement.
pub fn type_badge(lang: Lang, product_type: ProductType) -> Badge {
    badges::flag(lang, "n", &badges::key("products-type", product_type.as_str()))
}

/// What is on hand, and what of it at Amazon; a dash where nothing is counted.
pub fn quantities(chrome: &Chrome, quantity: Option<&Quantity>) -> (String, String) {
    let dash = || "–".to_owned();
    match quantity {
        Some(Quantity::Counted(stock)) => (chrome.number(stock.on_hand), chrome.number(stock.at_amazon)),
        Some(Quantity::Kits(Some(count))) => {
            (chrome.lang.with("products-kits-possible", &[("count", *count)]).into_owned(), dash())
        }
        Some(Quantity::Kits(None) | Quantity::Uncounted) | None => (dash(), dash()),
    }
}

async fn csv(user: CurrentUser, app: Data<App>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    export(&user, &app, &request, Format::Csv).await
}

async fn json(user: CurrentUser, app: Data<App>, request: HttpRequest) -> Result<HttpResponse, AppError> {
    export(&user, &app, &request, Format::Json).await
}

/// All products of the list that the address describes, whichever page of it is shown.
async fn export(
    user: &CurrentUser,
    app: &App,
    request: &HttpRequest,
    format: Format,
) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadOrders)?;
    let state = State::read(&SPEC, request.query_string());
    let (company, filter, sort, descending) = (user.company, filter(&state), sort(&state), state.is_descending());
    // Spreadsheets of French speakers separate cells by semicolons, since commas stand in numbers.
    let separator = if user.lang == Lang::Fr { b';' } else { b',' };
    let db = app.db.clone();
    let body = app
        .blocking(move || {
            let mut body = Vec::new();
            let writer = match format {
                Format::Csv => Writer::spreadsheet::<records::Product>(&mut body, separator),
                Format::Json => Writer::start::<records::Product>(&mut body, format),
            };
            let written = writer.map_err(Into::into);
            let written = written.and_then(|out| export_products::listed(&db, company, &filter, sort, descending, out));
            written.map_err(|error| {
                tracing::error!(%error, "an export failed");
                AppError::Internal("an export failed")
            })?;
            Ok(body)
        })
        .await?;
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"products.csv\""),
        Format::Json => ("application/json", "attachment; filename=\"products.json\""),
    };
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CONTENT_DISPOSITION, name))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(body))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Batch {
    action: String,
    next: String,
    #[serde(default)]
    id: Vec<i64>,
}

/// The most products that one form names: a page of the list.
const MOST_AT_ONCE: usize = 200;

async fn batch(user: CurrentUser, app: Data<App>, form: Form<Batch>) -> Result<HttpResponse, AppError> {
    let Batch { action, next, id } = form.into_inner();
    let is_active = match action.as_str() {
        "archive" => false,
        "unarchive" => true,
        _ => return Err(AppError::BadRequest("an unknown action")),
    };
    if id.len() > MOST_AT_ONCE {
        return Err(AppError::BadRequest("more products than a page holds"));
    }
    let mut ids: Vec<ProductId> = id.into_iter().map(ProductId).collect();
    ids.sort_unstable();
    ids.dedup();
    let lang = user.lang;
    let flash = if ids.is_empty() {
        user.must(Action::EditProducts)?;
        Flash::new(Tone::Warning, lang.t("products-none-selected"))
    } else {
        let done = edit_product::set_active(&app, &user.actor(), ids, is_active).await?;
        told(lang, &done, is_active)
    };
    user.flash(&app, flash).await?;
    let next = page::local_path(&next);
    Ok(page::see_other(if next.starts_with(SPEC.path) { next } else { SPEC.path }))
}

/// What archiving did, in one sentence.
pub fn told(lang: Lang, done: &edit_product::Archived, is_active: bool) -> Flash {
    let count = Arg::Number(i64::try_from(done.changed).unwrap_or(i64::MAX));
    let said = lang.with(if is_active { "products-unarchived" } else { "products-archived" }, &[("count", count)]);
    if done.defaults.is_empty() || is_active {
        return Flash::success(said);
    }
    let kept = lang.with("products-defaults-kept", &[("references", done.defaults.join(", "))]);
    Flash::new(Tone::Warning, format!("{said} {kept}"))
}
