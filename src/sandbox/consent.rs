//! The page on which a merchant allows an application to see their orders, as Seller Central shows it.
//!
//! Source: Selling Partner API documentation, Website authorization workflow. It must never send the browser anywhere but
//! back to this machine.

use actix_web::http::Uri;
use actix_web::http::header::LOCATION;
use actix_web::web::{Data, Form, Query, ServiceConfig, resource};
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::handle::SandboxHandle;
use super::page::html;
use super::quota::Operation;

/// Declares the consent page.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config.service(resource("/apps/authorize/consent").route(web::get().to(ask)).route(web::post().to(confirm)));
}

/// What the application sends along.
#[derive(Clone, Debug, Deserialize)]
struct Request {
    #[serde(default)]
    application_id: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    selling_partner_id: String,
    /// Which button was pressed; a client without buttons confirms.
    #[serde(default)]
    answer: String,
}

#[derive(Template)]
#[template(path = "sandbox/consent.html")]
struct ConsentPage {
    request: Request,
    sellers: Vec<String>,
}

#[derive(Template)]
#[template(path = "sandbox/refused.html")]
struct RefusedPage {
    code: &'static str,
    reason: &'static str,
}

/// Why the request cannot be granted: the code and the sentence of Seller Central's error page.
fn fault_of(request: &Request) -> Option<RefusedPage> {
    if !request.application_id.starts_with("amzn1.sellerapps.app.")
        && !request.application_id.starts_with("amzn1.sp.solution.")
    {
        return Some(RefusedPage {
            code: "MD1000",
            reason: "The application identifier is not one of an application.",
        });
    }
    if request.state.is_empty() {
        return Some(RefusedPage { code: "MD9010", reason: "The application sent no state." });
    }
    if request.redirect_uri.contains('#') {
        return Some(RefusedPage { code: "MD5110", reason: "The address to return to contains a fragment." });
    }
    let is_local = is_local(&request.redirect_uri);
    (!is_local)
        .then_some(RefusedPage { code: "MD5101", reason: "The address to return to is not one of this machine." })
}

/// Whether an address leads back to this machine, by one of the names that the page's content policy allows.
fn is_local(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    matches!(uri.scheme_str(), Some("http" | "https")) && matches!(uri.host(), Some("localhost" | "127.0.0.1"))
}

async fn ask(handle: Data<SandboxHandle>, request: Query<Request>) -> HttpResponse {
    handle.with(|world| world.note(Operation::Consent, 200, ""));
    if let Some(page) = fault_of(&request) {
        return html(&page);
    }
    let sellers = handle.with(|world| world.sellers.iter().map(|seller| seller.id.clone()).collect());
    html(&ConsentPage { request: request.into_inner(), sellers })
}

async fn confirm(handle: Data<SandboxHandle>, request: Form<Request>) -> HttpResponse {
    if let Some(page) = fault_of(&request) {
        return html(&page);
    }
    if request.answer == "refuse" {
        // The error of OAuth 2.0 (RFC 6749, 4.1.2.1).
        return send_back(&request, &[("state", request.state.as_str()), ("error", "access_denied")]);
    }
    let code = handle.with(|world| {
        let seller = world.sellers.iter().position(|seller| seller.id == request.selling_partner_id)?;
        Some(world.give_code(seller, request.redirect_uri.clone()))
    });
    let Some(code) = code else {
        return html(&RefusedPage { code: "MD9010", reason: "There is no such seller." });
    };
    let answer = [
        ("state", request.state.as_str()),
        ("selling_partner_id", request.selling_partner_id.as_str()),
        ("spapi_oauth_code", code.as_str()),
    ];
    send_back(&request, &answer)
}

/// Sends the browser back to the application.
fn send_back(request: &Request, answer: &[(&str, &str)]) -> HttpResponse {
    let joint = if request.redirect_uri.contains('?') { '&' } else { '?' };
    match serde_html_form::to_string(answer) {
        Ok(query) => HttpResponse::SeeOther()
            .insert_header((LOCATION, format!("{}{joint}{query}", request.redirect_uri)))
            .insert_header(("Cache-Control", "no-store"))
            .finish(),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}
