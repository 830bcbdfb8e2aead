//! A number for each request, and one line in the log when it is answered.
//!
//! The line names the route's pattern, never the address as typed: a query may hold what somebody searched for.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpRequest};
use std::time::Instant;
use uuid::Uuid;

/// The number of a request, which error pages show and the log holds.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The number of this request.
pub fn id_of(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// Numbers the request, runs it and logs how it went.
pub async fn log(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id: String = Uuid::new_v4().simple().to_string().to_uppercase().chars().take(10).collect();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    let route = response.request().match_pattern().unwrap_or_else(|| "(no route)".to_owned());
    let status = response.status().as_u16();
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(request.id = %id, %method, %route, status, duration_ms, "{method} {route} answered {status}");
    Ok(response)
}
