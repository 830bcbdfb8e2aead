//! Offers: the list of SKUs with their products, and making one by hand.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::list::counts::LongLists;
use super::list::view::{Columns, Frame, Offers};
use super::list::{Field, Spec, State, answer};
use super::orders::{is_marketplace, marketplaces, read_marketplace, records};
use super::page::{self, Chrome, Place};
use super::when::When;
use crate::app::App;
use crate::db::offers::{self, Filter, NamedOffer};
use crate::db::teams;
use crate::domain::access::Action;
use crate::domain::ids::{AccountId, OfferId, ProductId, Sku};
use crate::domain::offer::OfferState;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::add_offer::{self, NewOffer, Refused};
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

/// Registers the pages; those whose address looks like an offer's come first.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/offers", web::get().to(list))
        .route("/amazon/offers", web::post().to(create))
        .route("/amazon/offers/new", web::get().to(blank));
}

static SPEC: Spec = Spec {
    path: "/amazon/offers",
    fields: &[Field::key("account"), Field::code("marketplace", is_marketplace), Field::key("product")],
    named: &["unmatched"],
    sorts: &["added"],
    sort: "-added",
    named_sorts: &[],
    has_search: true,
};

const COLUMNS: Columns<'static> = &[
    ("offers-sku", "", false),
    ("offers-product", "", false),
    ("offers-marketplace", "", false),
    ("offers-account", "", false),
    ("offers-asin", "", false),
    ("offers-state", "", false),
    ("offers-added", "added", false),
];

struct Row {
    href: String,
    sku: Sku,
    product: Option<(String, String)>,
    marketplace: String,
    account: String,
    asin: String,
    state: Badge,
    added: When,
}

#[derive(Template)]
#[template(path = "offers/list.html", blocks = ["list"])]
struct ListPage {
    chrome: Chrome,
    frame: Frame,
    rows: Vec<Row>,
    may_match: bool,
}

async fn list(
    user: CurrentUser,
    app: Data<App>,
    long_lists: Data<LongLists>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadAmazon)?;
    let state = State::read(&SPEC, request.query_string());
    if let Some(detour) = answer::detour(&state, &request) {
        return Ok(detour);
    }
    let filter = Filter {
        account: state.keys("account", AccountId),
        marketplace: state.choice("marketplace", read_marketplace),
        product: state.keys("product", ProductId),
        unmatched: state.is("unmatched"),
        search: state.q.clone(),
    };
    let (company, asked, now) = (user.company, state.clone(), user.now);
    let (loaded, references, count, accounts) = app
        .read(move |conn| {
            let loaded = offers::page(conn, company, &filter, &asked.window())?;
            let skus: Vec<&str> = loaded.rows.iter().map(|offer| offer.row.sku.as_str()).collect();
            let references = offers::references(conn, company, &skus)?;
            let count = long_lists.count(company, &asked, now, || offers::count(conn, company, &filter))?;
            Ok::<_, AppError>((loaded, references, count, teams::accounts(conn, company)?))
        })
        .await?;
    let chrome = user.chrome("offers-title", Place::Offers);
    let choices: Offers = vec![("account", records(&accounts)), ("marketplace", marketplaces(&chrome.marketplaces))];
    let frame = Frame::new(&state, user.lang, &choices, COLUMNS, "offers", count)
        .paged(&state, &loaded, |offer| (offer.row.id.0, offer.row.id.0));
    let rows = loaded.rows.iter().map(|offer| shown(&chrome, offer, offer.state(&references))).collect();
    let page = ListPage { chrome, frame, rows, may_match: user.may(Action::MatchOffers) };
    answer::send(&state, &request, &page, &page.as_list())
}

fn shown(chrome: &Chrome, offer: &NamedOffer, state: OfferState) -> Row {
    let row = &offer.row;
    Row {
        href: format!("/amazon/offers/{}", row.id),
        sku: row.sku.clone(),
        product: offer.product.as_ref().map(|product| (product.reference.clone(), product.name.clone())),
        marketplace: chrome.marketplace(&row.marketplace_id),
        account: offer.account.clone(),
        asin: row.asin.as_ref().map(ToString::to_string).unwrap_or_default(),
        state: badge(chrome.lang, state),
        added: When::of(chrome, row.created_at),
    }
}

/// How an offer stands, as a badge.
pub fn badge(lang: Lang, state: OfferState) -> Badge {
    let kind = match state {
        OfferState::Matched => "s",
        OfferState::DefaultProduct => "w",
        OfferState::Conflict => "d",
    };
    Badge { kind, text: lang.t(&badges::key("offer-state", state.as_str())) }
}

/// What one typed for a new offer.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewForm {
    account: String,
    marketplace: String,
    sku: String,
    reference: String,
}

#[derive(Template)]
#[template(path = "offers/new.html")]
struct NewPage {
    chrome: Chrome,
    accounts: Vec<(String, String)>,
    marketplaces: Vec<(String, String)>,
    typed: NewForm,
    errors: FieldErrors,
    /// The offer that exists already.
    existing: Option<OfferId>,
}

async fn load(user: &CurrentUser, app: &App) -> Result<NewPage, AppError> {
    user.must(Action::MatchOffers)?;
    let company = user.company;
    let accounts = app.read(move |conn| teams::accounts_in_use(conn, company)).await?;
    let chrome = user.chrome("offers-new", Place::Offers);
    Ok(NewPage {
        accounts: records(&accounts),
        marketplaces: marketplaces(&chrome.marketplaces),
        chrome,
        typed: NewForm::default(),
        errors: FieldErrors::new(),
        existing: None,
    })
}

async fn blank(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    page::html(&load(&user, &app).await?)
}

async fn create(user: CurrentUser, app: Data<App>, form: Form<NewForm>) -> Result<HttpResponse, AppError> {
    user.must(Action::MatchOffers)?;
    let typed = form.into_inner();
    let mut errors = FieldErrors::new();
    let account = typed.account.parse().ok().map(AccountId);
    let sold_at = read_marketplace(&typed.marketplace);
    if let (Some(account), Some(marketplace)) = (account, sold_at.clone()) {
        let new =
            NewOffer { account, marketplace, sku: typed.sku.clone(), reference: typed.reference.trim().to_owned() };
        match add_offer::run(&app, &user.actor(), new).await? {
            Ok(id) => {
                user.flash(&app, Flash::success(user.lang.t("offers-created"))).await?;
                return Ok(page::see_other(format!("/amazon/offers/{id}")));
            }
            Err(refused) => {
                let (field, key) = refused.told();
                errors.add(field, user.lang.t(key));
                let existing = if let Refused::Exists(id) = refused { Some(id) } else { None };
                return again(&user, &app, typed, errors, existing).await;
            }
        }
    }
    if account.is_none() {
        errors.add("account", user.lang.t("offers-account-wrong"));
    }
    if sold_at.is_none() {
        errors.add("marketplace", user.lang.t("offers-marketplace-wrong"));
    }
    again(&user, &app, typed, errors, None).await
}

async fn again(
    user: &CurrentUser,
    app: &App,
    typed: NewForm,
    errors: FieldErrors,
    existing: Option<OfferId>,
) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app).await?;
    (page.typed, page.errors) = (typed, errors);
    page.chrome = page.chrome.with_error();
    page.existing = existing;
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
