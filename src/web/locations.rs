//! Stock locations: what they are for, which accounts count their FBA stock there, and a new one.

use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::db::locations;
use crate::domain::access::Action;
use crate::error::AppError;
use crate::ops::add_location;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;

/// Registers the page.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/locations", web::get().to(list)).route("/inventory/locations", web::post().to(add));
}

/// A location with the accounts that count their FBA stock there.
struct Row {
    code: String,
    name: String,
    kind: Cow<'static, str>,
    moves: String,
    accounts: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "stock/locations.html")]
struct LocationsPage {
    chrome: Chrome,
    rows: Vec<Row>,
    errors: FieldErrors,
    typed: String,
    may_add: bool,
    may_read_accounts: bool,
}

async fn load(user: &CurrentUser, app: &App) -> Result<LocationsPage, AppError> {
    user.must(Action::ReadStock)?;
    let company = user.company;
    let (all, users) = app
        .read(move |conn| Ok::<_, AppError>((locations::all(conn, company)?, locations::users(conn, company)?)))
        .await?;
    let rows = all.into_iter().map(|row| Row {
        moves: format!("/inventory/moves?location={}", row.id),
        kind: user.lang.t(&format!("location-kind-{}", row.kind)),
        accounts: users
            .iter()
            .filter(|(location, ..)| *location == row.id)
            .map(|(_, account, name)| (format!("/amazon/accounts/{account}?tab=orders"), name.clone()))
            .collect(),
        code: row.code,
        name: row.name,
    });
    let chrome = user.chrome("shell-locations", Place::Locations);
    Ok(LocationsPage {
        chrome,
        rows: rows.collect(),
        errors: FieldErrors::new(),
        typed: String::new(),
        may_add: user.may(Action::EditLocations),
        may_read_accounts: user.may(Action::ReadAmazon),
    })
}

async fn list(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    page::html(&load(&user, &app).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLocation {
    name: String,
}

async fn add(user: CurrentUser, app: Data<App>, form: Form<NewLocation>) -> Result<HttpResponse, AppError> {
    user.must(Action::EditLocations)?;
    let name = form.into_inner().name;
    let problem = match add_location::run(&app, &user.actor(), &name).await {
        Ok(_) => {
            user.flash(&app, Flash::success(user.lang.with("location-added", &[("name", name.trim())]))).await?;
            return Ok(page::see_other("/inventory/locations"));
        }
        Err(AppError::Rule(key)) => key,
        Err(error) => return Err(error),
    };
    let mut page = load(&user, &app).await?;
    page.errors.add("name", user.lang.t(problem));
    (page.typed, page.chrome) = (name, page.chrome.with_error());
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
