//! Amazon's marketplaces: those that come with the product, and those that the company added in developer mode.

use super::badges;
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::db::marketplaces;
use crate::domain::access::Action;
use crate::domain::ids::MarketplaceId;
use crate::domain::marketplace::{Entry, Region};
use crate::domain::money::Currency;
use crate::error::AppError;
use crate::i18n::{COUNTRIES, Lang};
use crate::ops::add_marketplace::{self, Described};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/marketplaces", web::get().to(list))
        .route("/amazon/marketplaces", web::post().to(create))
        .route("/amazon/marketplaces/new", web::get().to(ask))
        .route("/amazon/marketplaces/{id}", web::get().to(show))
        .route("/amazon/marketplaces/{id}", web::post().to(save))
        .route("/amazon/marketplaces/{id}/removal", web::post().to(remove));
}

/// A marketplace as pages show it.
struct Row {
    id: String,
    name: String,
    country: Cow<'static, str>,
    region: Cow<'static, str>,
    currency: &'static str,
    seller_central: String,
    is_added: bool,
    accounts: Vec<(String, String)>,
}

impl Row {
    fn of(lang: Lang, entry: Entry<'_>, users: &[(MarketplaceId, crate::domain::ids::AccountId, String)]) -> Self {
        let users = users.iter().filter(|(id, ..)| id.as_str() == entry.id);
        let country = if COUNTRIES.contains(&entry.country) {
            Cow::Owned(lang.country(entry.country).into_owned())
        } else {
            Cow::Owned(entry.country.to_owned())
        };
        Self {
            id: entry.id.to_owned(),
            name: entry.name.to_owned(),
            country,
            region: lang.t(&badges::key("region", entry.region.as_str())),
            currency: entry.currency.as_str(),
            seller_central: entry.seller_central_url.to_owned(),
            is_added: entry.is_added,
            accounts: users
                .map(|(_, id, name)| (format!("/amazon/accounts/{id}?tab=marketplaces"), name.clone()))
                .collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "marketplaces/list.html")]
struct ListPage {
    chrome: Chrome,
    rows: Vec<Row>,
    may_add: bool,
}

fn may_edit(user: &CurrentUser) -> bool {
    user.developer_mode && user.may(Action::EditAccounts)
}

async fn list(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadAmazon)?;
    let company = user.company;
    let (directory, users) = app
        .read(move |conn| {
            Ok::<_, AppError>((marketplaces::directory(conn, company)?, marketplaces::users(conn, company)?))
        })
        .await?;
    let mut rows: Vec<Row> = directory.all().map(|entry| Row::of(user.lang, entry, &users)).collect();
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    let chrome = user.chrome("marketplaces-title", Place::Marketplaces);
    page::html(&ListPage { chrome, rows, may_add: may_edit(&user) })
}

/// What is typed about a marketplace; an address may fill in what Amazon told.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Typed {
    version: i64,
    id: String,
    name: String,
    country: String,
    currency: String,
    region: String,
    seller_central_url: String,
}

#[derive(Template)]
#[template(path = "marketplaces/form.html")]
struct FormPage {
    chrome: Chrome,
    errors: FieldErrors,
    typed: Typed,
    action: String,
    is_new: bool,
    countries: Vec<(String, String)>,
    currencies: Vec<(&'static str, &'static str)>,
    regions: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "marketplaces/show.html")]
struct ShowPage {
    chrome: Chrome,
    row: Row,
    is_protected: bool,
}

fn form_page(
    user: &CurrentUser,
    chrome: Chrome,
    action: String,
    typed: Typed,
    errors: FieldErrors,
) -> Result<HttpResponse, AppError> {
    let lang = user.lang;
    let (chrome, status) = if errors.is_empty() {
        (chrome, StatusCode::OK)
    } else {
        (chrome.with_error(), StatusCode::UNPROCESSABLE_ENTITY)
    };
    let mut countries: Vec<(String, String)> =
        COUNTRIES.iter().map(|code| ((*code).to_owned(), lang.country(code).into_owned())).collect();
    countries.sort_by(|one, other| one.1.cmp(&other.1));
    let page = FormPage {
        chrome,
        errors,
        is_new: action == "/amazon/marketplaces",
        action,
        typed,
        countries,
        currencies: Currency::ALL.iter().map(|currency| (currency.as_str(), currency.as_str())).collect(),
        regions: Region::ALL
            .iter()
            .map(|region| (region.as_str(), lang.t(&badges::key("region", region.as_str())).into_owned()))
            .collect(),
    };
    page::html_with(status, &page)
}

fn must_edit(user: &CurrentUser) -> Result<(), AppError> {
    user.actor().must_be_developer()?;
    user.must(Action::EditAccounts)
}

async fn ask(user: CurrentUser, told: Query<Typed>) -> Result<HttpResponse, AppError> {
    must_edit(&user)?;
    let chrome = user.chrome("marketplace-add", Place::Marketplaces);
    let typed = Typed { seller_central_url: "https://sellercentral.amazon.".to_owned(), ..told.into_inner() };
    form_page(&user, chrome, "/amazon/marketplaces".to_owned(), typed, FieldErrors::new())
}

/// What was typed, or what is wrong with a choice.
fn described(lang: Lang, typed: &Typed) -> Result<Described, FieldErrors> {
    let mut errors = FieldErrors::new();
    let currency = Currency::parse(&typed.currency).ok();
    let region = Region::parse(&typed.region);
    let is_country = COUNTRIES.contains(&typed.country.as_str());
    if !is_country {
        errors.add("country", lang.t("marketplace-country-wrong"));
    }
    if currency.is_none() {
        errors.add("currency", lang.t("marketplace-currency-wrong"));
    }
    if region.is_none() {
        errors.add("region", lang.t("marketplace-region-wrong"));
    }
    match (currency, region) {
        (Some(currency), Some(region)) if is_country => Ok(Described {
            id: typed.id.trim().into(),
            name: typed.name.trim().to_owned(),
            country: typed.country.clone(),
            currency,
            region,
            seller_central_url: typed.seller_central_url.trim().trim_end_matches('/').to_owned(),
        }),
        _ => Err(errors),
    }
}

/// The field beside which a refusal is shown.
fn field_of(key: &str) -> &'static str {
    match key {
        "marketplace-id-wrong" | "marketplace-id-taken" => "id",
        "marketplace-name-wrong" => "name",
        "marketplace-url-wrong" => "seller_central_url",
        _ => "",
    }
}

async fn create(user: CurrentUser, app: Data<App>, form: Form<Typed>) -> Result<HttpResponse, AppError> {
    must_edit(&user)?;
    let typed = form.into_inner();
    let errors = match described(user.lang, &typed) {
        Err(errors) => errors,
        Ok(described) => {
            let id = described.id.clone();
            match add_marketplace::add(&app, &user.actor(), described).await {
                Ok(()) => return done(&user, &app, "marketplace-added", format!("/amazon/marketplaces/{id}")).await,
                Err(AppError::Rule(key)) => beside(user.lang, key),
                Err(error) => return Err(error),
            }
        }
    };
    let chrome = user.chrome("marketplace-add", Place::Marketplaces);
    form_page(&user, chrome, "/amazon/marketplaces".to_owned(), typed, errors)
}

fn beside(lang: Lang, key: &'static str) -> FieldErrors {
    let mut errors = FieldErrors::new();
    errors.add(field_of(key), lang.t(key));
    errors
}

async fn done(user: &CurrentUser, app: &App, said: &str, to: String) -> Result<HttpResponse, AppError> {
    user.flash(app, Flash::success(user.lang.t(said))).await?;
    Ok(page::see_other(to))
}

async fn show(user: CurrentUser, app: Data<App>, path: Path<String>) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadAmazon)?;
    let (company, id) = (user.company, MarketplaceId(path.into_inner()));
    let key = id.clone();
    let (directory, users, custom, has_orders) = app
        .read(move |conn| {
            let custom = marketplaces::custom(conn, company, &key)?;
            let has_orders = custom.is_some() && marketplaces::has_orders(conn, company, &key)?;
            let directory = marketplaces::directory(conn, company)?;
            Ok::<_, AppError>((directory, marketplaces::users(conn, company)?, custom, has_orders))
        })
        .await?;
    let entry = directory.find(id.as_str()).ok_or(AppError::NotFound)?;
    let chrome = user.chrome_titled(entry.name.to_owned(), Place::Marketplaces);
    let Some(held) = custom.filter(|_| may_edit(&user) && !has_orders) else {
        let row = Row::of(user.lang, entry, &users);
        return page::html(&ShowPage { chrome, row, is_protected: has_orders });
    };
    let typed = Typed {
        version: held.version,
        id: held.marketplace_id.to_string(),
        name: held.name,
        country: held.country,
        currency: held.currency.as_str().to_owned(),
        region: held.region,
        seller_central_url: held.seller_central_url,
    };
    form_page(&user, chrome, format!("/amazon/marketplaces/{id}"), typed, FieldErrors::new())
}

async fn save(
    user: CurrentUser,
    app: Data<App>,
    path: Path<String>,
    form: Form<Typed>,
) -> Result<HttpResponse, AppError> {
    must_edit(&user)?;
    let address = format!("/amazon/marketplaces/{path}");
    // The identifier names the record and never changes.
    let typed = Typed { id: path.into_inner(), ..form.into_inner() };
    let errors = match described(user.lang, &typed) {
        Err(errors) => errors,
        Ok(described) => match add_marketplace::change(&app, &user.actor(), typed.version, described).await {
            Ok(()) => return done(&user, &app, "marketplace-saved", address).await,
            Err(AppError::Rule(key)) => beside(user.lang, key),
            Err(error) => return Err(error),
        },
    };
    let chrome = user.chrome_titled(typed.name.clone(), Place::Marketplaces);
    form_page(&user, chrome, address, typed, errors)
}

/// Nothing: the address says which marketplace.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn remove(
    user: CurrentUser,
    app: Data<App>,
    path: Path<String>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    let id = MarketplaceId(path.into_inner());
    match add_marketplace::remove(&app, &user.actor(), id.clone()).await {
        Ok(()) => done(&user, &app, "marketplace-removed", "/amazon/marketplaces".to_owned()).await,
        Err(AppError::Rule(key)) => {
            user.flash(&app, Flash::new(super::flash::Tone::Problem, user.lang.t(key))).await?;
            Ok(page::see_other(format!("/amazon/marketplaces/{id}")))
        }
        Err(error) => Err(error),
    }
}
