//! One product: its fields, its stock, what it is made of when it is a kit, and what happened to it.

use super::badges::{self, Badge};
use super::conflict::Conflict;
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use super::products::{quantities, told, type_badge};
use super::when::When;
use super::{product_count, product_kit, product_notes};
use crate::app::App;
use crate::db::audit::{self, EventRow};
use crate::db::products::{self, ProductRow};
use crate::db::{Conn, DbError, product_kits};
use crate::domain::access::Action;
use crate::domain::ids::{CompanyId, ProductId};
use crate::domain::money::{Currency, Money};
use crate::domain::product::{Field, ProductType, TypeKept, Typed};
use crate::domain::tax::rates::TaxClass;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::adjust_stock;
use crate::ops::count_stock::{self, Quantity};
use crate::ops::edit_product::{self, Refused, Seen};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, ServiceConfig};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/sales/products/new", web::get().to(blank))
        .route("/sales/products", web::post().to(create))
        .route("/sales/products/{id}", web::get().to(show))
        .route("/sales/products/{id}", web::post().to(save))
        .route("/sales/products/{id}/archive", web::post().to(archive))
        .route("/sales/products/{id}/count", web::post().to(product_count::save))
        .route("/sales/products/{id}/components", web::post().to(product_kit::save));
}

/// How many events of the past are shown.
const MOST_EVENTS: i64 = 20;

/// What a product page shows of one that is held.
pub(super) struct Held {
    pub(super) id: ProductId,
    pub(super) version: i64,
    product_type: Badge,
    is_default: bool,
    is_active: bool,
    on_hand: String,
    at_amazon: String,
    places: Vec<(String, String)>,
    is_counted: bool,
    /// What the warehouse holds, when it can be counted.
    pub(super) warehouse: Option<i64>,
    kits: Vec<(ProductId, String)>,
    events: Vec<Event>,
    /// When it came here, unless its history tells it.
    added: Option<When>,
}

/// Something that happened to a product.
struct Event {
    at: When,
    what: String,
    /// What changed, one line for each field.
    changes: Vec<String>,
}

#[derive(Template)]
#[template(path = "products/show.html")]
pub(super) struct ProductPage {
    pub(super) chrome: Chrome,
    pub(super) held: Option<Held>,
    typed: Typed,
    /// What a kit is made of, as typed; none when the product is no kit.
    pub(super) parts: Option<Vec<(String, String)>>,
    types: Vec<(&'static str, String)>,
    classes: Vec<(&'static str, String)>,
    tax_class: Cow<'static, str>,
    currency: Currency,
    pub(super) errors: FieldErrors,
    /// What somebody else stored while the form was open.
    pub(super) conflict: Option<Conflict>,
    /// What was counted, as typed.
    pub(super) counted: String,
    may_count: bool,
    /// The product that has the reference already.
    taken: Option<ProductId>,
    may_edit: bool,
    needs_developer: bool,
}

impl ProductPage {
    fn new(user: &CurrentUser, chrome: Chrome, typed: Typed) -> Self {
        let offered = ProductType::ALL.iter();
        Self {
            chrome,
            held: None,
            parts: None,
            types: offered
                .map(|one| (one.as_str(), product_notes::product_type(user.lang, *one).into_owned()))
                .collect(),
            tax_class: product_notes::tax_class(user.lang, &typed.tax_class),
            typed,
            classes: TaxClass::ALL
                .iter()
                .map(|class| (class.as_str(), product_notes::tax_class(user.lang, class.as_str()).into_owned()))
                .collect(),
            currency: user.currency,
            errors: FieldErrors::new(),
            conflict: None,
            counted: String::new(),
            may_count: user.may(Action::CountStock),
            taken: None,
            may_edit: user.may(Action::EditProducts),
            needs_developer: false,
        }
    }

    /// The same page with what is wrong (422).
    pub(super) fn refused(mut self, errors: FieldErrors) -> Result<HttpResponse, AppError> {
        self.errors = errors;
        self.chrome = self.chrome.with_error();
        page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &self)
    }

    /// The same page with what somebody else stored meanwhile (409).
    pub(super) fn changed(mut self, conflict: Conflict) -> Result<HttpResponse, AppError> {
        self.conflict = Some(conflict);
        self.chrome = self.chrome.with_error();
        page::html_with(StatusCode::CONFLICT, &self)
    }
}

async fn blank(user: CurrentUser) -> Result<HttpResponse, AppError> {
    user.must(Action::EditProducts)?;
    let zero = Money::zero(user.currency).to_decimal_string();
    let typed = Typed {
        tax_class: crate::domain::product::USUAL_TAX_CLASS.to_owned(),
        price: zero.clone(),
        cost: zero,
        ..Typed::default()
    };
    let page = ProductPage::new(&user, user.chrome("products-new-title", Place::Products), typed);
    std::future::ready(page::html(&page)).await
}

async fn show(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    page::html(&load(&user, &app, ProductId(*path)).await?)
}

/// Everything that the page of a product shows.
struct Loaded {
    row: ProductRow,
    quantity: Option<Quantity>,
    parts: Vec<(String, String)>,
    kits: Vec<(ProductId, String)>,
    events: Vec<EventRow>,
    warehouse: Option<i64>,
}

fn read(conn: &mut Conn, company: CompanyId, id: ProductId) -> Result<Loaded, AppError> {
    let row = products::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
    let quantity = count_stock::run(conn, company, std::slice::from_ref(&row))?.remove(&id);
    let holding = product_kits::holding(conn, id)?;
    let kits = products::some(conn, company, &holding)?.into_iter().map(|kit| (kit.id, kit.reference)).collect();
    let parts = if row.product_type == ProductType::Kit { parts(conn, company, id)? } else { Vec::new() };
    let events = audit::about(conn, &format!("product {id}"), MOST_EVENTS)?;
    let is_counted = row.product_type == ProductType::Goods && row.default_for.is_none();
    let warehouse = if is_counted { Some(adjust_stock::on_hand(conn, company, id)?) } else { None };
    Ok(Loaded { row, quantity, parts, kits, events, warehouse })
}

/// The components of a kit as its form holds them: reference and quantity.
fn parts(conn: &mut Conn, company: CompanyId, kit: ProductId) -> Result<Vec<(String, String)>, DbError> {
    let components = product_kits::recipes(conn, company)?.remove(&kit).unwrap_or_default();
    let ids: Vec<ProductId> = components.iter().map(|part| part.product).collect();
    let rows = products::some(conn, company, &ids)?;
    let part = |row: ProductRow| {
        let component = components.iter().find(|part| part.product == row.id)?;
        Some((row.reference, component.quantity.to_string()))
    };
    Ok(rows.into_iter().filter_map(part).collect())
}

/// The page of a product as it is held.
pub(super) async fn load(user: &CurrentUser, app: &App, id: ProductId) -> Result<ProductPage, AppError> {
    user.must(Action::ReadOrders)?;
    let company = user.company;
    let Loaded { row, quantity, parts, kits, events, warehouse } =
        app.read(move |conn| read(conn, company, id)).await?;
    let chrome = user.chrome_titled(row.name.clone(), Place::Products);
    let is_default = row.default_for.is_some();
    let (on_hand, at_amazon) = quantities(&chrome, quantity.as_ref());
    let places = match &quantity {
        Some(Quantity::Counted(stock)) => {
            stock.places.iter().map(|(place, count)| (place.name.clone(), chrome.number(*count))).collect()
        }
        _ => Vec::new(),
    };
    let is_told = events.iter().any(|event| event.action == "product_created");
    let held = Held {
        id,
        version: row.version,
        product_type: type_badge(user.lang, row.product_type),
        is_default,
        is_active: row.is_active,
        on_hand,
        at_amazon,
        places,
        is_counted: matches!(quantity, Some(Quantity::Counted(_) | Quantity::Kits(_))),
        warehouse,
        kits,
        added: (!is_told).then(|| When::of(&chrome, row.created_at)),
        events: events.into_iter().map(|event| shown(&chrome, event)).collect(),
    };
    let fields = row.held(user.currency).fields;
    let typed = Typed {
        reference: fields.reference,
        name: fields.name,
        barcode: fields.barcode.unwrap_or_default(),
        product_type: fields.product_type.as_str().to_owned(),
        price: fields.price.to_decimal_string(),
        cost: fields.cost.to_decimal_string(),
        tax_class: fields.tax_class,
    };
    let mut page = ProductPage::new(user, chrome, typed);
    page.needs_developer = is_default && !user.developer_mode && page.may_edit;
    page.may_edit = page.may_edit && !page.needs_developer;
    page.parts = (row.product_type == ProductType::Kit).then_some(parts);
    page.counted = warehouse.map(|units| units.to_string()).unwrap_or_default();
    page.held = Some(held);
    Ok(page)
}

fn shown(chrome: &Chrome, event: EventRow) -> Event {
    let key = badges::key("products-event", &event.action);
    Event {
        at: When::of(chrome, event.at),
        what: if chrome.lang.has(&key) { chrome.lang.t(&key).into_owned() } else { event.action },
        changes: changes(chrome.lang, &event.old_value.unwrap_or_default(), &event.new_value.unwrap_or_default()),
    }
}

/// The fields of a change in the reader's words; what is not written field by field is shown as it is.
fn changes(lang: Lang, old: &str, new: &str) -> Vec<String> {
    let spoken = |(old, new): (&str, &str)| {
        let (code, old) = old.split_once(": ")?;
        let new = new.strip_prefix(code)?.strip_prefix(": ")?;
        let field = Field::ALL.iter().find(|field| field.as_str() == code)?;
        let field = product_notes::field(lang, *field);
        Some(lang.with("products-note-changed", &[("field", &*field), ("old", old), ("new", new)]).into_owned())
    };
    let (olds, news): (Vec<_>, Vec<_>) = (old.split("; ").collect(), new.split("; ").collect());
    let pairs = (olds.len() == news.len()).then(|| olds.into_iter().zip(news).map(spoken).collect::<Option<Vec<_>>>());
    match pairs.flatten() {
        Some(told) => told,
        None if old.is_empty() && new.is_empty() => Vec::new(),
        None if old.is_empty() => vec![new.to_owned()],
        None => vec![format!("{old} → {new}")],
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProductForm {
    #[serde(default)]
    version: i64,
    reference: String,
    name: String,
    barcode: String,
    #[serde(rename = "type")]
    product_type: String,
    sales_price: String,
    cost: String,
    tax_class: String,
}

impl ProductForm {
    fn typed(self) -> Typed {
        Typed {
            reference: self.reference,
            name: self.name,
            barcode: self.barcode,
            product_type: self.product_type,
            price: self.sales_price,
            cost: self.cost,
            tax_class: self.tax_class,
        }
    }
}

async fn create(user: CurrentUser, app: Data<App>, form: Form<ProductForm>) -> Result<HttpResponse, AppError> {
    user.must(Action::EditProducts)?;
    let typed = form.into_inner().typed();
    match edit_product::create(&app, &user.actor(), typed.clone()).await? {
        Ok(id) => {
            user.flash(&app, Flash::success(user.lang.t("products-created"))).await?;
            Ok(page::see_other(format!("/sales/products/{id}")))
        }
        Err(refused) => {
            let page = ProductPage::new(&user, user.chrome("products-new-title", Place::Products), typed);
            wrong(&user, page, &refused)
        }
    }
}

async fn save(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<ProductForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::EditProducts)?;
    let (id, form) = (ProductId(*path), form.into_inner());
    let seen = Seen { product: id, version: form.version };
    let typed = form.typed();
    let answer = match edit_product::edit(&app, &user.actor(), seen, typed.clone()).await {
        Err(AppError::Conflict) => return compare(&user, &app, id, typed).await,
        answer => answer?,
    };
    match answer {
        Ok(()) => saved(&user, &app, id).await,
        Err(refused) => {
            let mut page = load(&user, &app, id).await?;
            page.typed = typed;
            wrong(&user, page, &refused)
        }
    }
}

pub(super) async fn saved(user: &CurrentUser, app: &App, id: ProductId) -> Result<HttpResponse, AppError> {
    user.flash(app, Flash::success(user.lang.t("products-saved"))).await?;
    Ok(page::see_other(format!("/sales/products/{id}")))
}

/// What one typed beside what somebody else stored meanwhile; nothing differs: there is nothing to do.
async fn compare(user: &CurrentUser, app: &App, id: ProductId, typed: Typed) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id).await?;
    let address = format!("/sales/products/{id}");
    let version = page.held.as_ref().map_or(0, |held| held.version);
    let mut conflict = Conflict::new(address.clone(), version, address);
    let stored = &page.typed;
    for (field, theirs, mine) in [
        (Field::Reference, &stored.reference, &typed.reference),
        (Field::Name, &stored.name, &typed.name),
        (Field::Barcode, &stored.barcode, &typed.barcode),
        (Field::Type, &stored.product_type, &typed.product_type),
        (Field::Price, &stored.price, &typed.price),
        (Field::Cost, &stored.cost, &typed.cost),
        (Field::TaxClass, &stored.tax_class, &typed.tax_class),
    ] {
        let spoken = |text: &str| match page.types.iter().find(|(code, _)| field == Field::Type && *code == text) {
            Some((_, name)) => name.clone(),
            None => text.to_owned(),
        };
        conflict.carry(field.as_str(), mine.clone());
        conflict.compare(product_notes::field(user.lang, field), spoken(theirs), spoken(mine));
    }
    if conflict.differences.is_empty() {
        return saved(user, app, id).await;
    }
    page.typed = typed;
    page.changed(conflict)
}

/// The page with what is wrong beside each field, and what was typed.
fn wrong(user: &CurrentUser, mut page: ProductPage, refused: &Refused) -> Result<HttpResponse, AppError> {
    let (lang, mut errors) = (user.lang, FieldErrors::new());
    match refused {
        Refused::Fields(problems) => {
            for one in problems {
                errors.add(one.0.as_str(), product_notes::problem(lang, *one, user.currency));
            }
        }
        Refused::ReferenceTaken(other) => {
            page.taken = Some(*other);
            errors.add(Field::Reference.as_str(), lang.t("products-reference-taken"));
        }
        Refused::Type(TypeKept::HasComponents) => errors.add(Field::Type.as_str(), lang.t("products-type-components")),
        Refused::Type(TypeKept::HasMoves) => errors.add(Field::Type.as_str(), lang.t("products-type-moves")),
    }
    page.refused(errors)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Archive {
    action: String,
}

async fn archive(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Archive>,
) -> Result<HttpResponse, AppError> {
    let (id, is_active) = (ProductId(*path), form.into_inner().action == "unarchive");
    let done = edit_product::set_active(&app, &user.actor(), vec![id], is_active).await?;
    user.flash(&app, told(user.lang, &done, is_active)).await?;
    Ok(page::see_other(format!("/sales/products/{id}")))
}
