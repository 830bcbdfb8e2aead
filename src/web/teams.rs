//! Sales teams: who gets which orders, and a new team.

use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::db::teams;
use crate::domain::access::Action;
use crate::error::AppError;
use crate::ops::add_team;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use serde::Deserialize;

/// Registers the page.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/settings/teams", web::get().to(list)).route("/settings/teams", web::post().to(add));
}

/// A team with the accounts that give their orders to it.
struct Row {
    name: String,
    orders: String,
    accounts: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "settings/teams.html")]
struct TeamsPage {
    chrome: Chrome,
    rows: Vec<Row>,
    errors: FieldErrors,
    typed: String,
}

async fn load(user: &CurrentUser, app: &App) -> Result<TeamsPage, AppError> {
    user.must(Action::EditTeams)?;
    let company = user.company;
    let (all, users) =
        app.read(move |conn| Ok::<_, AppError>((teams::names(conn, company)?, teams::users(conn, company)?))).await?;
    let rows = all.into_iter().map(|(id, name)| Row {
        orders: format!("/sales/orders?team={id}"),
        accounts: users
            .iter()
            .filter(|(team, ..)| *team == id)
            .map(|(_, account, name)| (format!("/amazon/accounts/{account}?tab=orders"), name.clone()))
            .collect(),
        name,
    });
    let chrome = user.chrome("shell-teams", Place::Teams);
    Ok(TeamsPage { chrome, rows: rows.collect(), errors: FieldErrors::new(), typed: String::new() })
}

async fn list(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    page::html(&load(&user, &app).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTeam {
    name: String,
}

async fn add(user: CurrentUser, app: Data<App>, form: Form<NewTeam>) -> Result<HttpResponse, AppError> {
    user.must(Action::EditTeams)?;
    let name = form.into_inner().name;
    let problem = match add_team::run(&app, &user.actor(), &name).await {
        Ok(_) => {
            user.flash(&app, Flash::success(user.lang.with("team-added", &[("name", name.trim())]))).await?;
            return Ok(page::see_other("/settings/teams"));
        }
        Err(AppError::Rule(key)) => key,
        Err(error) => return Err(error),
    };
    let mut page = load(&user, &app).await?;
    page.errors.add("name", user.lang.t(problem));
    (page.typed, page.chrome) = (name, page.chrome.with_error());
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
