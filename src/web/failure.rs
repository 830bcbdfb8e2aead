//! One place that turns what went wrong into a page, or a fragment, in the reader's language.
//!
//! It shows a sentence and a number to quote; never a cause, a stack or a statement of the database.

use super::page::{self, Chrome, Place};
use super::requests;
use super::sessions::Visit;
use crate::app::App;
use crate::db::DbError;
use crate::error::AppError;
use crate::i18n::Lang;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use std::borrow::Cow;
use std::rc::Rc;

impl AppError {
    /// The status and the message of the catalogue.
    const fn parts(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Rule(key) => (StatusCode::UNPROCESSABLE_ENTITY, key),
            Self::NotFound => (StatusCode::NOT_FOUND, "error-not-found"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "error-forbidden"),
            Self::Forged => (StatusCode::FORBIDDEN, "error-forged"),
            Self::Conflict => (StatusCode::CONFLICT, "error-conflict"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "error-too-large"),
            Self::BadRequest(_) => (StatusCode::BAD_REQUEST, "error-bad-request"),
            Self::Database(DbError::Busy(_)) => (StatusCode::SERVICE_UNAVAILABLE, "error-busy"),
            Self::Database(_) | Self::Crypto(_) | Self::Endpoint(_) | Self::Http(_) | Self::Internal(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "error-internal")
            }
        }
    }
}

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        self.parts().0
    }

    /// Only the status: [`pages`] writes the body, since it knows the reader.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// The message for an answer that no error of ours explains.
fn key_for(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "error-not-found",
        StatusCode::FORBIDDEN => "error-forbidden",
        StatusCode::METHOD_NOT_ALLOWED => "error-method",
        StatusCode::PAYLOAD_TOO_LARGE => "error-too-large",
        StatusCode::SERVICE_UNAVAILABLE => "error-busy",
        _ if status.is_server_error() => "error-internal",
        _ => "error-bad-request",
    }
}

/// What no route answers.
pub async fn not_found() -> Result<HttpResponse, AppError> {
    std::future::ready(Err(AppError::NotFound)).await
}

/// A page for an error.
#[derive(Template)]
#[template(path = "errors/page.html")]
struct ErrorPage {
    chrome: Chrome,
    status: u16,
    text: Cow<'static, str>,
    reference: String,
    is_fault: bool,
    /// The page that holds the form, to read again what is stored.
    back: Option<String>,
}

/// The same for a part of a page.
#[derive(Template)]
#[template(path = "errors/fragment.html")]
struct ErrorFragment {
    lang: Lang,
    text: Cow<'static, str>,
    reference: String,
    is_fault: bool,
}

/// Gives every error a page or a fragment, unless its handler already wrote one.
pub async fn pages(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let response = next.call(request).await?.map_into_boxed_body();
    let status = response.status();
    let is_written = response.headers().get(CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"text/html") || kind.as_bytes().starts_with(b"application/json")
    });
    let is_detour = response.headers().contains_key("hx-redirect");
    if is_written || is_detour || !(status.is_client_error() || status.is_server_error()) {
        return Ok(response);
    }
    let cause = response.response().error().and_then(|error| error.as_error::<AppError>());
    let key = cause.map_or_else(|| key_for(status), |error| error.parts().1);
    let reference = requests::id_of(response.request());
    if status == StatusCode::FORBIDDEN {
        let user = Visit::of(response.request()).ok().and_then(|visit| visit.user.as_ref().map(|user| user.id.0));
        tracing::warn!(request.id = %reference, user.id = user, "a request was not allowed");
    }
    if status.is_server_error() {
        let cause = cause.map(|error| format!("{error:?}")).unwrap_or_default();
        tracing::error!(request.id = %reference, cause, "a page could not be prepared");
    }
    let written = write(response.request(), status, key, reference);
    let headers = response.headers().clone();
    let (request, _) = response.into_parts();
    let mut answer = written.unwrap_or_else(|_unwritten| HttpResponse::new(status));
    for (name, value) in headers.iter().filter(|(name, _)| **name == actix_web::http::header::ALLOW) {
        answer.headers_mut().insert(name.clone(), value.clone());
    }
    Ok(ServiceResponse::new(request, answer))
}

fn write(
    request: &HttpRequest,
    status: StatusCode,
    key: &'static str,
    reference: String,
) -> Result<HttpResponse, AppError> {
    let is_fault = status.is_server_error();
    let visit = Visit::of(request).unwrap_or_else(|_early| Rc::new(nobody(request)));
    let text = visit.lang.t(key);
    let is_asked = |name: &str| request.headers().contains_key(name);
    if is_asked("hx-request") && !is_asked("hx-boosted") {
        // What is on the page stays: another letter typed into a search, or the next question of a progress, finds it again.
        let mut answer = page::html_with(status, &ErrorFragment { lang: visit.lang, text, reference, is_fault })?;
        for (name, value) in [("hx-retarget", "#toasts"), ("hx-reswap", "innerHTML")] {
            answer.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        return Ok(answer);
    }
    let is_stale = status == StatusCode::CONFLICT;
    let back = is_stale.then(|| page::came_from(request)).filter(|path| path != "/");
    let title = visit.lang.t(if is_stale { "error-stale-title" } else { "error-title" }).into_owned();
    let mut chrome = Chrome::for_visit(&visit, title, Place::Outside, page::here(request));
    // What an action had to say stays for the next good page.
    chrome.flash.clear();
    page::html_with(status, &ErrorPage { chrome, status: status.as_u16(), text, reference, is_fault, back })
}

/// A request that failed before anything was known about who sent it.
fn nobody(request: &HttpRequest) -> Visit {
    let asked = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let now = request.app_data::<Data<App>>().map(|app| app.clock.now()).unwrap_or_default();
    Visit::nobody(Lang::preferred(asked), now)
}
