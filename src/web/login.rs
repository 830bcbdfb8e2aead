//! Signing in and out.

use super::extract::{CurrentUser, FieldErrors, Form};
use super::page::{self, Chrome};
use super::sessions::{CookieChange, Visitor};
use crate::app::App;
use crate::db;
use crate::error::AppError;
use crate::i18n::format;
use crate::ops::sign_in::{self, Refused};
use crate::ops::sign_out;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::{self, Data, Query, ServiceConfig};
use askama::Template;
use chrono_tz::Tz;
use serde::Deserialize;

/// The sign-in page.
#[derive(Template)]
#[template(path = "login/page.html")]
struct LoginPage {
    chrome: Chrome,
    errors: FieldErrors,
    email: String,
    next: String,
}

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    next: String,
}

/// What was typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    email: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn show(visitor: Visitor, wanted: Query<Wanted>) -> Result<HttpResponse, AppError> {
    let next = page::local_path(&wanted.next).to_owned();
    if !visitor.visit.has_users {
        return Ok(page::see_other("/setup"));
    }
    if visitor.visit.user.is_some() {
        return Ok(page::see_other(next));
    }
    page::html(&LoginPage {
        chrome: visitor.chrome("login-title"),
        errors: FieldErrors::new(),
        email: String::new(),
        next,
    })
}

async fn enter(app: Data<App>, visitor: Visitor, form: Form<Typed>) -> Result<HttpResponse, AppError> {
    let typed = form.into_inner();
    let next = page::local_path(&typed.next).to_owned();
    let attempt = sign_in::Attempt {
        email: typed.email.clone(),
        password: typed.password,
        ip: visitor.visit.ip.clone(),
        replaces: visitor.session(),
    };
    let mut errors = FieldErrors::new();
    let lang = visitor.visit.lang;
    let mut wait = None;
    let status = match sign_in::run(&app, attempt).await {
        Ok(started) => {
            visitor.visit.change_cookie(CookieChange::Set(started.token));
            return Ok(page::see_other(next));
        }
        Err(Refused::Wrong) => {
            errors.add("email", lang.t("login-wrong"));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(Refused::TooMany(until)) => {
            let zone = app.read(db::companies::any_time_zone).await?.and_then(|zone| zone.parse().ok());
            let time = format::time(until, zone.unwrap_or(Tz::UTC));
            errors.add("email", lang.with("login-too-many", &[("time", time)]));
            wait = Some((until - visitor.visit.now).num_seconds().max(1));
            StatusCode::TOO_MANY_REQUESTS
        }
        Err(Refused::Failed(error)) => return Err(error),
    };
    let chrome = visitor.chrome("login-title").with_error();
    let mut answer = page::html_with(status, &LoginPage { chrome, errors, email: typed.email, next })?;
    if let Some(secs) = wait {
        answer.headers_mut().insert(RETRY_AFTER, secs.into());
    }
    Ok(answer)
}

/// A form without fields besides the token.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn leave(
    app: Data<App>,
    user: CurrentUser,
    visitor: Visitor,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    sign_out::run(&app, user.actor(), user.session.clone()).await?;
    visitor.visit.change_cookie(CookieChange::Remove);
    let mut answer = page::see_other("/login");
    answer.headers_mut().insert(
        actix_web::http::header::HeaderName::from_static("clear-site-data"),
        actix_web::http::header::HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(answer)
}

/// Registers `/login` and `POST /logout`.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/login").get(show).post(enter)).service(web::resource("/logout").post(leave));
}
