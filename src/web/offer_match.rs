//! Matching all offers by internal reference: what would be done, and the button that does it.

use super::extract::{CurrentUser, Form};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::domain::access::Action;
use crate::domain::ids::Sku;
use crate::domain::offer_matching::{Counts, Proposal};
use crate::error::AppError;
use crate::i18n::Arg;
use crate::ops::match_offers::{self, Agreed, Named, Report};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/offers/match", web::get().to(show)).route("/amazon/offers/match", web::post().to(apply));
}

/// One offer of the dry run.
struct Row {
    href: String,
    sku: Sku,
    place: String,
    held: String,
    product: String,
    why: Cow<'static, str>,
}

#[derive(Template)]
#[template(path = "offers/match.html")]
struct MatchPage {
    chrome: Chrome,
    counts: Counts,
    matched: Vec<Row>,
    conflicts: Vec<Row>,
    is_stale: bool,
}

async fn show(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    user.must(Action::MatchOffers)?;
    let company = user.company;
    let report = app.read(move |conn| match_offers::dry_run(conn, company)).await?;
    page::html(&render(&user, &report))
}

fn render(user: &CurrentUser, report: &Report) -> MatchPage {
    let rows = |all: &[Named]| all.iter().map(|one| row(user, one)).collect();
    MatchPage {
        chrome: user.chrome("offers-bulk", Place::Offers),
        counts: report.counts,
        matched: rows(&report.matched),
        conflicts: rows(&report.conflicts),
        is_stale: false,
    }
}

fn row(user: &CurrentUser, one: &Named) -> Row {
    let offer = &one.offer;
    let product = |reference: &str, name: &str| format!("{reference} · {name}");
    let key = match one.proposal {
        Proposal::Same(_) => "offers-evidence-same-reference",
        Proposal::Alike(_) => "offers-evidence-alike-reference",
        Proposal::Ambiguous => "offers-ambiguous",
        Proposal::Moved(_) | Proposal::Held | Proposal::Unknown => "offers-moved",
    };
    Row {
        href: format!("/amazon/offers/{}", offer.row.id),
        sku: offer.row.sku.clone(),
        place: format!("{} · {}", offer.account, user.marketplaces().name(offer.row.marketplace_id.as_str())),
        held: offer.product.as_ref().map(|held| product(&held.reference, &held.name)).unwrap_or_default(),
        product: one.product.as_ref().map(|found| product(&found.reference, &found.name)).unwrap_or_default(),
        why: user.lang.t(key),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Agreement {
    same: i64,
    alike: i64,
    #[serde(default)]
    takes_alike: String,
}

async fn apply(user: CurrentUser, app: Data<App>, form: Form<Agreement>) -> Result<HttpResponse, AppError> {
    let form = form.into_inner();
    let agreed = Agreed { same: form.same, alike: form.alike, takes_alike: form.takes_alike == "on" };
    match match_offers::run(&app, &user.actor(), agreed).await? {
        Ok(done) => {
            let count = |number: usize| Arg::Number(i64::try_from(number).unwrap_or(i64::MAX));
            let values = [("offers", count(done.offers)), ("lines", count(done.lines))];
            user.flash(&app, Flash::success(user.lang.with("offers-bulk-done", &values))).await?;
            Ok(page::see_other("/amazon/offers"))
        }
        Err(report) => {
            let mut page = render(&user, &report);
            page.is_stale = true;
            page::html_with(StatusCode::CONFLICT, &page)
        }
    }
}
