//! The issue about a SKU without product: one click gives the SKU its product and mends every line that waits.

use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::issues;
use super::page;
use super::product_picker::{self, Picker};
use crate::app::App;
use crate::db::issues::{IssueRow, UNMATCHED_SKU};
use crate::db::offer_lines::{self, Lines, Sold};
use crate::db::{Conn, DbError, offers};
use crate::domain::access::Action;
use crate::domain::ids::{CompanyId, IssueId, OfferId, ProductId};
use crate::domain::marketplace::Directory;
use crate::domain::offer::read_subject;
use crate::error::AppError;
use crate::i18n::{Arg, Lang};
use crate::ops::match_offer::{self, Mended, NewProduct};
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use serde::Deserialize;

/// Registers what the page of an issue sends.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/issues/{id}/match", web::post().to(choose))
        .route("/amazon/issues/{id}/product", web::post().to(create));
}

/// What the page of an issue offers to settle it.
#[derive(Clone, Debug)]
pub struct Settling {
    /// The products to choose from.
    pub picker: Picker,
    /// The offer of the SKU, if there is one.
    pub offer: Option<OfferId>,
    /// How many lines wait.
    pub waiting: i64,
    /// The reference of a new product.
    pub reference: String,
    /// The name of a new product.
    pub name: String,
}

/// What the database tells about the SKU of an issue.
#[derive(Clone, Debug)]
pub struct About {
    found: product_picker::Found,
    offer: Option<OfferId>,
    waiting: i64,
    sold: Sold,
}

/// Looks for what may settle an issue; nothing when no product can.
pub fn about(conn: &mut Conn, company: CompanyId, issue: &IssueRow, search: &str) -> Result<Option<About>, DbError> {
    let is_open = issue.kind == UNMATCHED_SKU && issue.state == "open";
    let Some((marketplace, sku)) = read_subject(&issue.subject).filter(|_| is_open) else { return Ok(None) };
    let sold = Sold { account: issue.account_id, marketplace, sku };
    let offer = offers::by_sku(conn, sold.account, &sold.marketplace, &sold.sku)?.map(|offer| offer.id);
    let found = product_picker::find(conn, company, &sold, offer, search)?;
    let waiting = offer_lines::count(conn, &sold, Lines::Waiting)?;
    Ok(Some(About { found, offer, waiting, sold }))
}

impl About {
    /// The same as the page shows it.
    pub fn settling(&self, words: (Lang, &Directory), search: &str, typed: Option<&NewForm>) -> Settling {
        let title =
            if self.found.about.title.is_empty() { self.sold.sku.to_string() } else { self.found.about.title.clone() };
        Settling {
            picker: Picker::new(words, &self.found, search, None),
            offer: self.offer,
            waiting: self.waiting,
            reference: typed.map_or_else(|| self.sold.sku.to_string(), |typed| typed.reference.clone()),
            name: typed.map_or(title, |typed| typed.name.clone()),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    product: i64,
}

async fn choose(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Chosen>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::MatchOffers)?;
    let product = ProductId(form.into_inner().product);
    let mended = match_offer::settle(&app, &user.actor(), IssueId(*path), product).await?;
    settled(&user, &app, *path, mended).await
}

/// What one typed to create a product.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewForm {
    reference: String,
    name: String,
}

async fn create(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<NewForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::MatchOffers)?;
    let form = form.into_inner();
    let new = NewProduct { reference: form.reference.clone(), name: form.name.clone() };
    match match_offer::settle_with_new(&app, &user.actor(), IssueId(*path), new).await? {
        Ok(mended) => settled(&user, &app, *path, mended).await,
        Err(refused) => {
            let mut errors = FieldErrors::new();
            errors.add(refused.field, user.lang.t(refused.message));
            issues::refused(&user, &app, IssueId(*path), &form, errors).await
        }
    }
}

/// What was mended, as a sentence.
pub fn told(lang: Lang, mended: Mended) -> String {
    let count = |number: usize| Arg::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let values = [("lines", count(mended.lines)), ("corrected", count(mended.corrected))];
    lang.with("offers-mended", &values).into_owned()
}

async fn settled(user: &CurrentUser, app: &App, issue: i64, mended: Mended) -> Result<HttpResponse, AppError> {
    let link = user.lang.t("offers-open").into_owned();
    let flash = Flash::success(told(user.lang, mended)).with_link(format!("/amazon/offers/{}", mended.offer), link);
    user.flash(app, flash).await?;
    Ok(page::see_other(format!("/amazon/issues/{issue}")))
}
