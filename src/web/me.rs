//! My preferences: language, theme, shortcuts, e-mails, password, sessions and developer mode.

use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use super::sessions::{CookieChange, IDLE, Visitor};
use crate::app::App;
use crate::db;
use crate::domain::access::Action;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::set_preferences::{self, NewPassword, Refused, THEMES};
use crate::ops::{sign_out, toggle_developer_mode};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use chrono::NaiveDateTime;
use serde::Deserialize;
use std::borrow::Cow;

/// One session of mine.
struct SessionLine {
    is_this_one: bool,
    created_at: NaiveDateTime,
    seen_at: NaiveDateTime,
}

/// The page.
#[derive(Template)]
#[template(path = "me/page.html")]
struct MePage {
    chrome: Chrome,
    errors: FieldErrors,
    name: String,
    email: String,
    theme: String,
    /// Whether e-mails of refused deliveries come; nothing for those who never get any.
    digest: Option<bool>,
    languages: Vec<(&'static str, &'static str)>,
    themes: Vec<(&'static str, Cow<'static, str>)>,
    sessions: Vec<SessionLine>,
}

/// Whether there are e-mails that this person could get.
fn may_get_digest(app: &App, user: &CurrentUser) -> bool {
    app.mailer.is_some() && user.may(Action::TellAmazon)
}

async fn render(
    app: &App,
    user: &CurrentUser,
    visitor: &Visitor,
    errors: FieldErrors,
) -> Result<HttpResponse, AppError> {
    let id = user.id;
    let oldest = (user.now - IDLE).naive_utc();
    let sessions = app.read(move |conn| db::sessions::of_user(conn, id)).await?;
    let me = visitor.visit.user.as_ref().ok_or(AppError::NotFound)?;
    let chrome = user.chrome("shell-preferences", Place::Outside);
    let is_good = errors.is_empty();
    let page = MePage {
        chrome: if is_good { chrome } else { chrome.with_error() },
        errors,
        name: me.name.clone(),
        email: me.email.clone(),
        theme: me.theme.clone(),
        digest: may_get_digest(app, user).then_some(me.gets_digest),
        languages: Lang::ALL.iter().map(|lang| (lang.code(), lang.name())).collect(),
        themes: THEMES.iter().map(|theme| (*theme, user.lang.t(&format!("me-theme-{theme}")))).collect(),
        sessions: sessions
            .into_iter()
            .filter(|session| session.seen_at > oldest)
            .map(|session| SessionLine {
                is_this_one: session.token_hash == user.session,
                created_at: session.created_at,
                seen_at: session.seen_at,
            })
            .collect(),
    };
    page::html_with(if is_good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }, &page)
}

async fn show(app: Data<App>, user: CurrentUser, visitor: Visitor) -> Result<HttpResponse, AppError> {
    render(&app, &user, &visitor, FieldErrors::new()).await
}

/// What one sees.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Display {
    language: String,
    theme: String,
    /// A box that is not ticked is not sent.
    #[serde(default)]
    shortcuts: Option<String>,
    #[serde(default)]
    digest: Option<String>,
}

async fn display(app: Data<App>, user: CurrentUser, form: Form<Display>) -> Result<HttpResponse, AppError> {
    let Display { language, theme, shortcuts, digest } = form.into_inner();
    let lang = Lang::parse(&language).ok_or(AppError::BadRequest("unknown language"))?;
    set_preferences::theme(&app, user.actor(), theme).await?;
    set_preferences::shortcuts(&app, user.actor(), shortcuts.is_some()).await?;
    if may_get_digest(&app, &user) {
        set_preferences::digest(&app, user.actor(), digest.is_some()).await?;
    }
    set_preferences::language(&app, user.actor(), user.session.clone(), lang.code()).await?;
    user.flash(&app, Flash::success(lang.t("me-saved"))).await?;
    Ok(page::see_other("/me"))
}

/// A change of password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Passwords {
    current: String,
    new: String,
}

async fn password(
    app: Data<App>,
    user: CurrentUser,
    visitor: Visitor,
    form: Form<Passwords>,
) -> Result<HttpResponse, AppError> {
    let Passwords { current, new } = form.into_inner();
    let mut errors = FieldErrors::new();
    match set_preferences::password(&app, user.actor(), NewPassword { current, new }).await {
        Ok(started) => {
            let hash = started.row.token_hash.clone();
            let text = super::flash::add("", Flash::success(user.lang.t("me-password-changed")));
            app.write(move |conn| db::sessions::set_flash(conn, &hash, &text)).await?;
            visitor.visit.change_cookie(CookieChange::Set(started.token));
            return Ok(page::see_other("/me"));
        }
        Err(Refused::WrongCurrent) => errors.add("current", user.lang.t("me-current-wrong")),
        Err(Refused::Weak(reason)) => errors.add("new", user.lang.t(&reason.to_string())),
        Err(Refused::Failed(error)) => return Err(error),
    }
    render(&app, &user, &visitor, errors).await
}

/// A form without fields besides the token.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn end_others(app: Data<App>, user: CurrentUser, _form: Form<Nothing>) -> Result<HttpResponse, AppError> {
    let ended = sign_out::others(&app, user.actor(), user.session.clone()).await?;
    user.flash(&app, Flash::success(user.lang.with("me-others-ended", &[("count", ended)]))).await?;
    Ok(page::see_other("/me"))
}

/// Developer mode on or off, and the page to come back to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    on: String,
    #[serde(default)]
    next: String,
}

async fn developer_mode(app: Data<App>, user: CurrentUser, form: Form<Switch>) -> Result<HttpResponse, AppError> {
    let Switch { on, next } = form.into_inner();
    toggle_developer_mode::run(&app, user.actor(), user.session.clone(), on == "yes").await?;
    Ok(page::see_other(page::local_path(&next)))
}

/// Somebody is typing: the request alone keeps their session.
async fn seen(_user: CurrentUser) -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Registers `/me` and what belongs to it.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/me").get(show).post(display))
        .service(web::resource("/me/password").post(password))
        .service(web::resource("/me/sessions/end-others").post(end_others))
        .service(web::resource("/me/seen").get(seen))
        .service(web::resource("/me/developer-mode").post(developer_mode));
}
