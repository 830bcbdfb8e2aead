//! The door of the simulator: only this machine may knock, and no foreign web page in its browser.
//!
//! It must never let a web page on the internet place or cancel orders through a visitor's browser.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};

use super::handle::SandboxHandle;

/// Refuses foreign hosts and cross-site writes, and gives every answer its `x-amzn-RequestId`.
pub(crate) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = request.app_data::<Data<SandboxHandle>>().map(|handle| handle.with(super::state::World::request_id));
    let mut response = match refusal(request.method(), request.headers()) {
        Some(reason) => request.into_response(HttpResponse::Forbidden().body(reason)).map_into_right_body(),
        None => next.call(request).await?.map_into_left_body(),
    };
    if let Some(id) = id.and_then(|id| HeaderValue::try_from(id).ok()) {
        response.headers_mut().insert(HeaderName::from_static("x-amzn-requestid"), id);
    }
    Ok(response)
}

/// Why a request is turned away, if it is.
fn refusal(method: &Method, headers: &HeaderMap) -> Option<&'static str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("host").unwrap_or_default();
    if !is_loopback(host) {
        return Some("The simulator answers to loopback host names only.");
    }
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return None;
    }
    // Browsers tell where a request comes from in one header or the other; other programs send neither.
    let is_foreign = match text("sec-fetch-site") {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => headers.contains_key("origin") && text("origin") != Some(&format!("http://{host}")),
    };
    is_foreign.then_some("The simulator takes no orders from other web sites.")
}

/// Whether a `Host` header names this machine.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_loopback_names_are_answered() {
        for host in ["127.0.0.1:8080", "127.9.9.9", "localhost:1", "LOCALHOST", "[::1]:80", "[::1]"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["", "evil.example", "evil.example:80", "10.0.0.1", "localhost.evil.example", "127.0.0.1.evil.example"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
