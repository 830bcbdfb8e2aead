//! How a list is sent: the whole page, or its table alone, under its tidy address.

use super::State;
use crate::error::AppError;
use crate::web::page;
use actix_web::http::header::{HeaderName, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

/// The part of a list page that depends on what was asked.
const TARGET: &str = "list";

/// Sends a browser without scripts on to the tidy address, when its form sent empty fields.
pub fn detour(state: &State, request: &HttpRequest) -> Option<HttpResponse> {
    if request.headers().contains_key("hx-request") {
        return None;
    }
    state.tidy().map(found)
}

/// Another address for the same thing (302).
pub fn found(to: String) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, to)).finish()
}

/// Sends the page, or only its list when a script asks for it; scripts learn the tidy address.
pub fn send(
    state: &State,
    request: &HttpRequest,
    whole: &impl Template,
    list: &impl Template,
) -> Result<HttpResponse, AppError> {
    let is_part = page::wants_fragment(request, TARGET);
    let mut answer = if is_part { page::html(list)? } else { page::html(whole)? };
    if let (true, Ok(url)) = (request.headers().contains_key("hx-request"), HeaderValue::from_str(&state.url())) {
        // Typing replaces the address, so that Back does not go through every letter.
        let name = if is_part { "hx-replace-url" } else { "hx-push-url" };
        if is_part || state.tidy().is_some() {
            answer.headers_mut().insert(HeaderName::from_static(name), url);
        }
    }
    Ok(answer)
}
