//! Settings, Telling Amazon: how long deliveries wait before Amazon is told, and when a feed tells of many.

use super::announcing_mail::{self, MailCard};
use super::conflict::Conflict;
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::domain::access::Action;
use crate::error::AppError;
use crate::ops::announce_grace::{REAL, USUAL_THRESHOLD};
use crate::ops::edit_announcing::{self, Chosen, HIGHEST_THRESHOLD, LONGEST_GRACE_SECS, Mistake};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use serde::Deserialize;
use std::borrow::Cow;

/// Where the page is.
pub(super) const PATH: &str = "/settings/announcing";

/// Registers the page.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route(PATH, web::get().to(show)).route(PATH, web::post().to(save));
}

#[derive(Template)]
#[template(path = "settings/announcing.html")]
struct AnnouncingPage {
    chrome: Chrome,
    errors: FieldErrors,
    typed: Chosen,
    seen: String,
    grace_hint: Cow<'static, str>,
    threshold_hint: Cow<'static, str>,
    mail: Option<MailCard>,
    conflict: Option<Conflict>,
}

async fn load(user: &CurrentUser, app: &App) -> Result<AnnouncingPage, AppError> {
    user.must(Action::EditAccounts)?;
    let typed = app.read(edit_announcing::chosen).await?;
    let chrome = user.chrome("announcing-title", Place::Announcing);
    Ok(AnnouncingPage {
        mail: announcing_mail::load(app, user, &chrome).await?,
        errors: FieldErrors::new(),
        seen: typed.seen(),
        grace_hint: chrome.with("announcing-grace-hint", [("usual", REAL.num_seconds()), ("most", LONGEST_GRACE_SECS)]),
        threshold_hint: chrome
            .with("announcing-threshold-hint", [("usual", USUAL_THRESHOLD), ("most", HIGHEST_THRESHOLD)]),
        typed,
        conflict: None,
        chrome,
    })
}

async fn show(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    page::html(&load(&user, &app).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    grace: String,
    threshold: String,
    seen: String,
}

async fn save(user: CurrentUser, app: Data<App>, form: Form<Typed>) -> Result<HttpResponse, AppError> {
    let Typed { grace, threshold, seen } = form.into_inner();
    let typed = Chosen { grace, threshold };
    let mistakes = match edit_announcing::run(&app, &user.actor(), seen, typed.clone()).await {
        Ok(Ok(())) => {
            user.flash(&app, Flash::success(user.lang.t("announcing-saved"))).await?;
            return Ok(page::see_other(PATH));
        }
        Ok(Err(mistakes)) => mistakes,
        Err(AppError::Conflict) => return compare(&user, &app, typed).await,
        Err(error) => return Err(error),
    };
    let mut page = load(&user, &app).await?;
    for mistake in mistakes {
        let (field, key, most) = match mistake {
            Mistake::Grace => ("grace", "announcing-grace-wrong", LONGEST_GRACE_SECS),
            Mistake::Threshold => ("threshold", "announcing-threshold-wrong", HIGHEST_THRESHOLD),
        };
        page.errors.add(field, user.lang.with(key, &[("most", most)]));
    }
    (page.typed, page.chrome) = (typed, page.chrome.with_error());
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// What one typed beside what somebody else stored meanwhile.
async fn compare(user: &CurrentUser, app: &App, typed: Chosen) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app).await?;
    let mut conflict = Conflict::unversioned(PATH.to_owned(), page.seen.clone(), PATH.to_owned());
    for (name, label, theirs, mine) in [
        ("grace", "announcing-grace", &page.typed.grace, &typed.grace),
        ("threshold", "announcing-threshold", &page.typed.threshold, &typed.threshold),
    ] {
        conflict.carry(name, mine.clone());
        conflict.compare(user.lang.t(label), theirs.clone(), mine.trim());
    }
    page.conflict = Some(conflict);
    (page.typed, page.chrome) = (typed, page.chrome.with_error());
    page::html_with(StatusCode::CONFLICT, &page)
}
