//! A page that can be read can also be asked for with HEAD: the same answer without its body.
//!
//! Link checkers and monitors ask like that. Nothing else about a request is changed here.

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::middleware::Next;

/// Answers HEAD as if it were GET; the server leaves the body out and keeps its length.
pub async fn head_as_get(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    let mut response = next.call(request).await?.map_into_boxed_body();
    // The router names the methods of its routes, and no route is registered for HEAD.
    let allowed = response.headers().get(ALLOW).and_then(|value| value.to_str().ok());
    if let Some(with_head) = allowed.and_then(with_head) {
        response.headers_mut().insert(ALLOW, with_head);
    }
    Ok(response)
}

/// The list of methods with HEAD, where GET is one of them.
fn with_head(allowed: &str) -> Option<HeaderValue> {
    let reads = allowed.split(',').any(|method| method.trim() == Method::GET.as_str());
    if reads { HeaderValue::from_str(&format!("{allowed}, HEAD")).ok() } else { None }
}
