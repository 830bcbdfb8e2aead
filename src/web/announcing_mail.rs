//! Settings, Telling Amazon: the e-mails of deliveries that Amazon refused, how the last one fared, and one to try.

use super::announcing::PATH;
use super::badges;
use super::extract::{CurrentUser, Form};
use super::flash::{Flash, Tone};
use super::page::{self, Chrome};
use crate::app::App;
use crate::db::digests::{self, DigestRow};
use crate::domain::digest::MailProblem;
use crate::error::AppError;
use crate::i18n::{Arg, Lang};
use crate::ops::{send_digest, send_test_mail};
use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use chrono::NaiveDateTime;
use serde::Deserialize;
use std::borrow::Cow;

/// Registers the button.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/settings/announcing/test-mail", web::post().to(test));
}

/// What the page shows of e-mails; nothing without a mail server.
#[derive(Debug)]
pub struct MailCard {
    pub(super) server: String,
    pub(super) from: String,
    pub(super) readers: Cow<'static, str>,
    pub(super) sent_at: Option<NaiveDateTime>,
    pub(super) problem: Option<String>,
}

/// Reads what the page shows.
pub(super) async fn load(app: &App, user: &CurrentUser, chrome: &Chrome) -> Result<Option<MailCard>, AppError> {
    let Some(mailer) = &app.mailer else { return Ok(None) };
    let company = user.company;
    let (readers, told) = app
        .read(move |conn| {
            Ok::<_, AppError>((send_digest::readers(conn, company)?, digests::of_company(conn, company)?))
        })
        .await?;
    Ok(Some(MailCard {
        server: mailer.server().to_string(),
        from: mailer.from(),
        readers: chrome.with("mail-readers-count", [("count", readers.len())]),
        sent_at: told.iter().filter_map(|row| row.sent_at).max(),
        problem: told.iter().max_by_key(|row| row.tried_at).and_then(|row| problem(chrome, row)),
    }))
}

/// What was wrong with the last e-mail, and when the next one goes.
fn problem(chrome: &Chrome, last: &DigestRow) -> Option<String> {
    let (problem, tried_at) = (last.problem?, last.tried_at?);
    let what = sentence(chrome.lang, problem, last.answer);
    let key = if problem.is_certain() { "mail-problem-again" } else { "mail-problem-at" };
    let times = [("when", chrome.date_time(tried_at)), ("next", chrome.date_time(last.next_at)), ("what", what)];
    Some(chrome.with(key, times).into_owned())
}

/// A problem in words, with the number of the mail server's answer.
fn sentence(lang: Lang, problem: MailProblem, answer: Option<i64>) -> String {
    let what = lang.t(&badges::key("mail-problem", problem.as_str()));
    match answer {
        // The number is no quantity: it is not grouped.
        Some(code) => lang
            .with(
                "mail-problem-answer",
                &[("what", Arg::Text(what.into_owned())), ("code", Arg::Text(code.to_string()))],
            )
            .into_owned(),
        None => what.into_owned(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn test(user: CurrentUser, app: Data<App>, _form: Form<Nothing>) -> Result<HttpResponse, AppError> {
    let flash = match send_test_mail::run(&app, &user.actor()).await? {
        Ok(()) => Flash::success(user.lang.t("mail-test-sent")),
        Err(unsent) => {
            let what = sentence(user.lang, unsent.problem, unsent.answer.map(i64::from));
            Flash::new(Tone::Problem, user.lang.with("mail-test-unsent", &[("what", what)]))
        }
    };
    user.flash(&app, flash).await?;
    Ok(page::see_other(PATH))
}
