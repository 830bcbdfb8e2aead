//! Offers as files: the export of all of them, and an import that is checked before it is written.

use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::orders::records;
use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::db::teams;
use crate::domain::access::Action;
use crate::domain::ids::AccountId;
use crate::domain::offer_rows::Problem;
use crate::error::AppError;
use crate::export::writer::Format;
use crate::i18n::{Arg, Lang};
use crate::ops::export_records::{self, ExportError};
use crate::ops::import_offers::{self, Report};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use serde::Deserialize;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/offers.csv", web::get().to(csv))
        .route("/amazon/offers.json", web::get().to(json))
        .route("/amazon/offers/import", web::get().to(blank))
        .route("/amazon/offers/import", web::post().to(import));
}

async fn csv(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    export(user, app, Format::Csv).await
}

async fn json(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    export(user, app, Format::Json).await
}

async fn export(user: CurrentUser, app: Data<App>, format: Format) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadAmazon)?;
    let (db, company) = (app.db.clone(), user.company);
    let body = app
        .blocking(move || {
            let mut out = Vec::new();
            match export_records::offers_of(&db, Some(company), format, &mut out) {
                Ok(()) => Ok(out),
                Err(ExportError::App(error)) => Err(error),
                Err(ExportError::Write(_)) => Err(AppError::Internal("an export could not be written")),
            }
        })
        .await?;
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"offers.csv\""),
        Format::Json => ("application/json", "attachment; filename=\"offers.json\""),
    };
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CONTENT_DISPOSITION, name))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(body))
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    account: String,
    text: String,
    #[serde(default)]
    then: String,
}

/// What a check found.
struct Checked {
    new: i64,
    changed: i64,
    unchanged: i64,
    refused: Vec<(i64, String)>,
    has_more: bool,
}

/// How many refused rows a page tells.
const MOST_TOLD: usize = 200;

#[derive(Template)]
#[template(path = "offers/import.html")]
struct ImportPage {
    chrome: Chrome,
    accounts: Vec<(String, String)>,
    typed: Typed,
    errors: FieldErrors,
    checked: Option<Checked>,
}

async fn load(user: &CurrentUser, app: &App, typed: Typed) -> Result<ImportPage, AppError> {
    user.must(Action::MatchOffers)?;
    let company = user.company;
    let accounts = app.read(move |conn| teams::accounts_in_use(conn, company)).await?;
    Ok(ImportPage {
        chrome: user.chrome("offers-import-title", Place::Offers),
        accounts: records(&accounts),
        typed,
        errors: FieldErrors::new(),
        checked: None,
    })
}

async fn blank(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    page::html(&load(&user, &app, Typed::default()).await?)
}

async fn import(user: CurrentUser, app: Data<App>, form: Form<Typed>) -> Result<HttpResponse, AppError> {
    user.must(Action::MatchOffers)?;
    let typed = form.into_inner();
    let applies = match typed.then.as_str() {
        "check" => false,
        "apply" => true,
        _ => return Err(AppError::BadRequest("an unknown button")),
    };
    let mut page = load(&user, &app, typed.clone()).await?;
    let lang = user.lang;
    let account = typed.account.parse().ok().filter(|_| page.accounts.iter().any(|(id, _)| *id == typed.account));
    let Some(account) = account.map(AccountId) else {
        page.errors.add("account", lang.t("offers-account-wrong"));
        return wrong(page);
    };
    let report = match import_offers::run(&app, &user.actor(), account, typed.text, applies).await? {
        Ok(report) => report,
        Err(problem) => {
            page.errors.add("text", sentence(lang, &problem));
            return wrong(page);
        }
    };
    if report.is_written {
        let values = [("new", count(report.new)), ("changed", count(report.changed)), ("lines", count(report.lines))];
        user.flash(&app, Flash::success(lang.with("offers-imported", &values))).await?;
        return Ok(page::see_other("/amazon/offers"));
    }
    let has_refused = !report.refused.is_empty();
    page.checked = Some(checked(lang, &report));
    if has_refused {
        page.errors.add("text", lang.with("offers-rows-refused", &[("count", count(report.refused.len()))]));
        return wrong(page);
    }
    page::html(&page)
}

fn wrong(mut page: ImportPage) -> Result<HttpResponse, AppError> {
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

fn number(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn count(value: usize) -> Arg {
    Arg::Number(number(value))
}

fn checked(lang: Lang, report: &Report) -> Checked {
    let told = report.refused.iter().take(MOST_TOLD);
    Checked {
        new: number(report.new),
        changed: number(report.changed),
        unchanged: number(report.unchanged),
        refused: told.map(|refused| (number(refused.line), sentence(lang, &refused.problem))).collect(),
        has_more: report.refused.len() > MOST_TOLD,
    }
}

fn sentence(lang: Lang, problem: &Problem) -> String {
    let text = match problem {
        Problem::Empty => lang.t("offers-row-empty"),
        Problem::MissingColumn(name) => lang.with("offers-row-missing-column", &[("name", *name)]),
        Problem::UnknownColumn(name) => lang.with("offers-row-unknown-column", &[("name", name)]),
        Problem::TooMany(most) => lang.with("offers-row-too-many", &[("most", count(*most))]),
        Problem::Cells => lang.t("offers-row-cells"),
        Problem::Sku => lang.t("offers-sku-wrong"),
        Problem::NoReference => lang.t("offers-row-no-reference"),
        Problem::UnknownReference(reference) => lang.with("offers-row-unknown-reference", &[("reference", reference)]),
        Problem::UnknownMarketplace(marketplace) => {
            lang.with("offers-row-unknown-marketplace", &[("marketplace", marketplace)])
        }
        Problem::NoMarketplace => lang.t("offers-row-no-marketplace"),
        Problem::Twice(line) => lang.with("offers-row-twice", &[("line", count(*line))]),
    };
    text.into_owned()
}
