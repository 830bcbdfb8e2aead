//! Only our own pages may change anything: a request of another site is refused before any page sees it.
//!
//! Every unsafe method needs `Sec-Fetch-Site: same-origin` (or, from browsers that do not send it, our own `Origin`),
//! and the token of the session, in the form or in the header `X-CSRF-Token`.

use super::LARGEST_BODY;
use super::extract::Detour;
use super::sessions::Visit;
use crate::app::App;
use crate::error::AppError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_TYPE, HOST, ORIGIN};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut, Data};
use actix_web::{Error, HttpMessage as _};
use futures_util::StreamExt as _;
use std::rc::Rc;
use subtle::ConstantTimeEq as _;

/// The form field that carries the token.
pub const FIELD: &str = "csrf";

/// The header that carries the token of scripted requests.
const HEADER: &str = "x-csrf-token";

/// Forms that need no session, so that what was typed counts although the session of their page has ended: that they come from our
/// own pages is known by their origin.
const FOR_STRANGERS: [&str; 2] = ["/login", "/setup"];

/// Refuses unsafe requests that do not come from our own pages.
pub async fn check(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    if is_stranger(&request) && is_same_origin(&request) {
        if FOR_STRANGERS.contains(&request.path()) {
            return Ok(next.call(request).await?.map_into_boxed_body());
        }
        // The session ended while the form was open: nothing is done, and signing in comes first.
        let detour = Detour::for_visitor(request.request());
        return Ok(request.error_response(detour).map_into_boxed_body());
    }
    match judge(&mut request).await {
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(error) => {
            tracing::warn!(reason = %error, "an unsafe request was refused");
            Ok(request.error_response(error).map_into_boxed_body())
        }
    }
}

/// Whether the request belongs to no session at all.
fn is_stranger(request: &ServiceRequest) -> bool {
    Visit::of(request.request()).is_ok_and(|visit| visit.session.borrow().is_none())
}

async fn judge(request: &mut ServiceRequest) -> Result<(), AppError> {
    let visit: Rc<Visit> = Visit::of(request.request())?;
    let expected = visit.csrf();
    if expected.is_empty() || !is_same_origin(request) {
        return Err(AppError::Forged);
    }
    let given = match header(request, HEADER) {
        Some(token) => token.to_owned(),
        None => token_in_form(request).await?,
    };
    if bool::from(given.as_bytes().ct_eq(expected.as_bytes())) { Ok(()) } else { Err(AppError::Forged) }
}

fn header<'a>(request: &'a ServiceRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

/// Whether the browser says that the request comes from our own page.
fn is_same_origin(request: &ServiceRequest) -> bool {
    if let Some(site) = header(request, "sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(origin) = header(request, ORIGIN.as_str()) else { return false };
    let is_public = request.app_data::<Data<App>>().is_some_and(|app| app.config.public_url == origin);
    let host = header(request, HOST.as_str()).unwrap_or_default();
    is_public || origin.strip_prefix("http://").is_some_and(|rest| !host.is_empty() && rest == host)
}

/// Reads the form, finds the token and puts the form back for the page.
async fn token_in_form(request: &mut ServiceRequest) -> Result<String, AppError> {
    let kind = header(request, CONTENT_TYPE.as_str()).unwrap_or_default().to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") {
        return token_before_file(request).await;
    }
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(AppError::Forged);
    }
    let mut payload = request.take_payload();
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_cut| AppError::BadRequest("the body was cut off"))?;
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(AppError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    let body = body.freeze();
    let fields: Vec<(String, String)> =
        serde_html_form::from_bytes(&body).map_err(|_unreadable| AppError::BadRequest("the form was not readable"))?;
    request.set_payload(again(body));
    fields.into_iter().find(|(name, _)| name == FIELD).map(|(_, token)| token).ok_or(AppError::Forged)
}

/// How much of a form with a file is looked at: its first part, which is the token.
const LARGEST_FIRST_PART: usize = 4 * 1024;

/// Reads the first part of a form with a file, which must be the token, and leaves the file to the page.
async fn token_before_file(request: &mut ServiceRequest) -> Result<String, AppError> {
    let mut payload = request.take_payload();
    let mut seen = BytesMut::new();
    let token = loop {
        if let Some(token) = first_part(&seen) {
            break token;
        }
        if seen.len() > LARGEST_FIRST_PART {
            return Err(AppError::Forged);
        }
        let chunk = payload.next().await.ok_or(AppError::Forged)?;
        seen.extend_from_slice(&chunk.map_err(|_cut| AppError::BadRequest("the body was cut off"))?);
    };
    let seen = seen.freeze();
    let rest = futures_util::stream::once(async move { Ok::<_, actix_web::error::PayloadError>(seen) }).chain(payload);
    request.set_payload(Payload::Stream { payload: Box::pin(rest) });
    Ok(token)
}

/// The token, when the bytes begin with a whole part that is named like it.
fn first_part(seen: &[u8]) -> Option<String> {
    let window = seen.get(..seen.len().min(LARGEST_FIRST_PART))?;
    // A chunk may end inside a letter of the file: only what is text counts.
    let text = String::from_utf8_lossy(window);
    let (head, rest) = text.split_once("\r\n\r\n")?;
    let (token, _) = rest.split_once("\r\n")?;
    let is_token = head.starts_with("--") && head.ends_with(&format!("form-data; name=\"{FIELD}\""));
    is_token.then(|| token.to_owned())
}

/// A body that was read, as if it came again.
fn again(body: Bytes) -> Payload {
    let once = futures_util::stream::once(async move { Ok::<_, actix_web::error::PayloadError>(body) });
    Payload::Stream { payload: Box::pin(once) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_a_form_with_a_file_is_its_first_part() {
        let part =
            |name: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\nsecret\r\n--b\r\n");
        assert_eq!(first_part(part("csrf").as_bytes()).as_deref(), Some("secret"));
        assert_eq!(first_part(part("file").as_bytes()), None);
        assert_eq!(first_part(&part("csrf").as_bytes()[..58]), None, "not whole yet");
        let other = format!("{}{}", part("file"), part("csrf"));
        assert_eq!(first_part(other.as_bytes()), None, "only the first part counts");
    }
}
