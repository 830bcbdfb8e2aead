//! One offer: its product and how it was found, what was sold with it, and choosing another product.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, Form};
use super::flash::Flash;
use super::issue_match::told;
use super::offers::badge;
use super::page::{self, Chrome, Place};
use super::product_picker::{self, Picker};
use super::when::When;
use crate::app::App;
use crate::db::audit::{self, EventRow};
use crate::db::offer_lines::{self, Lines, Sold};
use crate::db::paging::MOST_COUNTED;
use crate::db::{offers, users};
use crate::domain::access::Action;
use crate::domain::ids::{OfferId, ProductId, UserId};
use crate::error::AppError;
use crate::ops::match_offer::{self, Seen};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use askama::Template;
use chrono::Duration;
use serde::Deserialize;
use std::borrow::Cow;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/offers/{id}", web::get().to(show)).route("/amazon/offers/{id}", web::post().to(save));
}

/// How many lines of the audit trail are shown.
const MOST_EVENTS: i64 = 50;

/// Over how many days orders are counted.
const DAYS: i64 = 90;

/// One line of the audit trail.
struct Event {
    at: When,
    who: String,
    what: Cow<'static, str>,
    old: String,
    new: String,
}

#[derive(Template)]
#[template(path = "offers/show.html")]
struct OfferPage {
    chrome: Chrome,
    id: OfferId,
    version: i64,
    state: Badge,
    product: Option<(ProductId, String, String)>,
    is_archived: bool,
    matched_by: Cow<'static, str>,
    title: String,
    asin: String,
    marketplace: String,
    account: String,
    account_href: String,
    orders_href: String,
    orders: String,
    waiting: i64,
    all_lines: String,
    picker: Option<Picker>,
    events: Vec<Event>,
    added: When,
    /// Whether somebody changed the offer while this person looked at it.
    is_stale: bool,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    find: String,
}

async fn show(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    asked: Query<Asked>,
) -> Result<HttpResponse, AppError> {
    page::html(&load(&user, &app, OfferId(*path), &asked.find).await?)
}

async fn load(user: &CurrentUser, app: &App, id: OfferId, find: &str) -> Result<OfferPage, AppError> {
    user.must(Action::ReadAmazon)?;
    let (company, lang) = (user.company, user.lang);
    let since = (user.now - Duration::days(DAYS)).naive_utc();
    let search = find.to_owned();
    let loaded = app
        .read(move |conn| {
            let offer = offers::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
            let row = &offer.row;
            let sold = Sold { account: row.account_id, marketplace: row.marketplace_id.clone(), sku: row.sku.clone() };
            let state = offer.state(&offers::references(conn, company, &[row.sku.as_str()])?);
            let found = product_picker::find(conn, company, &sold, Some(id), &search)?;
            let counts = (
                offer_lines::count_since(conn, &sold, since)?,
                offer_lines::count(conn, &sold, Lines::Waiting)?,
                offer_lines::count(conn, &sold, Lines::Unlike(None))?,
            );
            let events = audit::about(conn, &format!("offer {id}"), MOST_EVENTS)?;
            Ok::<_, AppError>((offer, state, found, counts, events, users::of_company(conn, company)?))
        })
        .await?;
    let (offer, state, found, counts, events, people) = loaded;
    let row = offer.row;
    let chrome = user.chrome_titled(row.sku.to_string(), Place::Offers);
    let capped = |count: i64| {
        if count > MOST_COUNTED { format!("{}+", chrome.number(MOST_COUNTED)) } else { chrome.number(count) }
    };
    let name = |id: Option<UserId>| {
        people.iter().find(|person| Some(person.id) == id).map(|person| person.name.clone()).unwrap_or_default()
    };
    let product = row.product_id.zip(offer.product);
    let sku = serde_html_form::to_string([("q", row.sku.as_str())]).unwrap_or_default();
    Ok(OfferPage {
        id,
        version: row.version,
        state: badge(lang, state),
        is_archived: product.as_ref().is_some_and(|(_, product)| !product.is_active),
        product: product.map(|(id, product)| (id, product.reference, product.name)),
        matched_by: lang.t(&badges::key("offer-matched-by", row.matched_by.as_str())),
        picker: user
            .may(Action::MatchOffers)
            .then(|| Picker::new((lang, &chrome.marketplaces), &found, find, row.product_id)),
        title: found.about.title,
        asin: row.asin.map(|asin| asin.0).unwrap_or_default(),
        marketplace: chrome.marketplace(&row.marketplace_id),
        account: offer.account,
        account_href: format!("/amazon/accounts/{}", row.account_id),
        orders_href: format!("/sales/orders?{sku}&account={}", row.account_id),
        orders: capped(counts.0),
        waiting: counts.1,
        all_lines: capped(counts.2),
        events: events.iter().map(|event| shown(&chrome, event, name(event.user_id))).collect(),
        added: When::of(&chrome, row.created_at),
        is_stale: false,
        chrome,
    })
}

fn shown(chrome: &Chrome, event: &EventRow, who: String) -> Event {
    let key = badges::key("offer-event", &event.action);
    Event {
        at: When::of(chrome, event.at),
        who,
        what: if chrome.lang.has(&key) { chrome.t(&key) } else { Cow::Owned(event.action.clone()) },
        old: event.old_value.clone().unwrap_or_default(),
        new: event.new_value.clone().unwrap_or_default(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    version: i64,
    product: i64,
    #[serde(default)]
    apply: String,
}

async fn save(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Chosen>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::MatchOffers)?;
    let (id, form) = (OfferId(*path), form.into_inner());
    let seen = Seen { offer: id, version: form.version };
    let applies = form.apply == "on";
    match match_offer::run(&app, &user.actor(), seen, ProductId(form.product), applies).await {
        Ok(mended) => {
            user.flash(&app, Flash::success(told(user.lang, mended))).await?;
            Ok(page::see_other(format!("/amazon/offers/{id}")))
        }
        Err(AppError::Conflict) => {
            let mut page = load(&user, &app, id, "").await?;
            page.is_stale = true;
            page.chrome = page.chrome.with_error();
            page::html_with(StatusCode::CONFLICT, &page)
        }
        Err(error) => Err(error),
    }
}
