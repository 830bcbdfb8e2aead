//! The remote control of the simulated Amazon as JSON over HTTP, for tests in another process.
//!
//! It must never answer under a path of the real Amazon: everything here starts with `/_sandbox`.

use std::time::Duration;

use actix_web::web::{Bytes, Data, Json, Path, ServiceConfig, delete, get, post, resource};
use actix_web::{HttpResponse, Responder};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::SandboxError;
use super::faults::{FaultKind, FaultSettings};
use super::handle::{CancelledBy, SandboxHandle};
use super::order::OrderSpec;
use super::settings::Settings;

/// Declares the control endpoints.
pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .service(resource("/_sandbox/orders").route(get().to(list)).route(post().to(place)))
        .route("/_sandbox/orders/{order_id}", get().to(show))
        .route("/_sandbox/orders/{order_id}/pay", post().to(pay))
        .route("/_sandbox/orders/{order_id}/ship", post().to(ship))
        .route("/_sandbox/orders/{order_id}/cancel", post().to(cancel))
        .route("/_sandbox/orders/{order_id}/request-cancellation", post().to(request_cancellation))
        .route("/_sandbox/orders/{order_id}/change-address", post().to(change_address))
        .route("/_sandbox/orders/{order_id}/packages", get().to(packages))
        .route("/_sandbox/orders/{order_id}/touch", post().to(touch))
        .service(
            resource("/_sandbox/orders/{order_id}/patch").route(post().to(patch)).route(delete().to(clear_patches)),
        )
        .route("/_sandbox/feeds", get().to(feeds))
        .route("/_sandbox/generate", post().to(generate))
        .route("/_sandbox/sellers", post().to(add_seller))
        .service(
            resource("/_sandbox/faults")
                .route(get().to(faults))
                .route(post().to(set_fault))
                .route(delete().to(clear_faults)),
        )
        .service(resource("/_sandbox/permissions").route(get().to(permissions)).route(post().to(set_permission)))
        .route("/_sandbox/sellers/{seller_id}/markets", post().to(set_markets))
        .service(resource("/_sandbox/settings").route(get().to(settings)).route(post().to(set_settings)))
        .service(resource("/_sandbox/clock").route(get().to(clock)).route(post().to(set_clock)))
        .route("/_sandbox/tokens/expire", post().to(expire_tokens))
        .route("/_sandbox/calls", get().to(calls));
}

fn done(result: Result<(), SandboxError>) -> HttpResponse {
    match result {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(error) => refused(&error),
    }
}

fn refused(error: &SandboxError) -> HttpResponse {
    let body = json!({ "error": error.to_string() });
    match error {
        SandboxError::UnknownOrder(_) => HttpResponse::NotFound().json(body),
        _ => HttpResponse::UnprocessableEntity().json(body),
    }
}

async fn list(handle: Data<SandboxHandle>) -> impl Responder {
    Json(handle.orders())
}

async fn place(handle: Data<SandboxHandle>, spec: Json<OrderSpec>) -> HttpResponse {
    match handle.place_order(spec.into_inner()) {
        Ok(id) => HttpResponse::Created().json(json!({ "orderId": id })),
        Err(error) => refused(&error),
    }
}

async fn show(handle: Data<SandboxHandle>, id: Path<String>) -> HttpResponse {
    match handle.order_json(&id) {
        Some(order) => HttpResponse::Ok().json(order),
        None => refused(&SandboxError::UnknownOrder(id.into_inner())),
    }
}

async fn pay(handle: Data<SandboxHandle>, id: Path<String>) -> HttpResponse {
    done(handle.pay(&id))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Shipment {
    items: Option<Vec<ShippedItem>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ShippedItem {
    order_item_id: String,
    quantity: i64,
}

/// A body that may be absent, but not wrong.
fn optional<T: DeserializeOwned>(body: &Bytes) -> serde_json::Result<Option<T>> {
    if body.is_empty() { Ok(None) } else { serde_json::from_slice(body).map(Some) }
}

fn unreadable(error: &serde_json::Error) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error": error.to_string() }))
}

async fn ship(handle: Data<SandboxHandle>, id: Path<String>, body: Bytes) -> HttpResponse {
    let shipment = match optional::<Shipment>(&body) {
        Ok(shipment) => shipment,
        Err(error) => return unreadable(&error),
    };
    let items = shipment.and_then(|shipment| shipment.items);
    let quantities = items.map(|items| items.into_iter().map(|item| (item.order_item_id, item.quantity)).collect());
    done(handle.ship(&id, quantities))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Cancellation {
    by: CancelledBy,
}

async fn cancel(handle: Data<SandboxHandle>, id: Path<String>, body: Bytes) -> HttpResponse {
    match optional::<Cancellation>(&body) {
        Ok(cancellation) => done(handle.cancel_by(&id, cancellation.map_or(CancelledBy::Buyer, |body| body.by))),
        Err(error) => unreadable(&error),
    }
}

async fn request_cancellation(handle: Data<SandboxHandle>, id: Path<String>) -> HttpResponse {
    done(handle.request_cancellation(&id))
}

async fn change_address(handle: Data<SandboxHandle>, id: Path<String>) -> HttpResponse {
    done(handle.change_address(&id))
}

async fn packages(handle: Data<SandboxHandle>, id: Path<String>) -> impl Responder {
    Json(handle.packages(&id))
}

async fn feeds(handle: Data<SandboxHandle>) -> impl Responder {
    Json(handle.feeds())
}

async fn touch(handle: Data<SandboxHandle>, id: Path<String>) -> HttpResponse {
    done(handle.touch(&id))
}

/// Fields to set and to remove, each named by a JSON pointer (RFC 6901).
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct PatchBody {
    set: Map<String, Value>,
    remove: Vec<String>,
}

impl PatchBody {
    fn apply(&self, order: &mut Value) {
        for (pointer, value) in &self.set {
            if let Some(place) = order.pointer_mut(pointer) {
                *place = value.clone();
            } else if let Some((parent, name)) = split(pointer)
                && let Some(parent) = order.pointer_mut(parent).and_then(Value::as_object_mut)
            {
                parent.insert(name, value.clone());
            }
        }
        for pointer in &self.remove {
            if let Some((parent, name)) = split(pointer)
                && let Some(parent) = order.pointer_mut(parent).and_then(Value::as_object_mut)
            {
                parent.remove(&name);
            }
        }
    }
}

/// The parent of a JSON pointer and the name of its last step.
fn split(pointer: &str) -> Option<(&str, String)> {
    pointer.rsplit_once('/').map(|(parent, name)| (parent, name.replace("~1", "/").replace("~0", "~")))
}

async fn patch(handle: Data<SandboxHandle>, id: Path<String>, body: Json<PatchBody>) -> HttpResponse {
    let body = body.into_inner();
    done(handle.patch_order(&id, move |order| body.apply(order)))
}

async fn clear_patches(handle: Data<SandboxHandle>, id: Path<String>) -> HttpResponse {
    done(handle.clear_patches(&id))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Count {
    count: u32,
}

async fn generate(handle: Data<SandboxHandle>, body: Json<Count>) -> HttpResponse {
    handle.generate_more(body.count);
    HttpResponse::NoContent().finish()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewSeller {
    orders: u32,
}

async fn add_seller(handle: Data<SandboxHandle>, body: Json<NewSeller>) -> HttpResponse {
    HttpResponse::Created().json(handle.add_seller(body.orders))
}

fn fault_list(handle: &SandboxHandle) -> Value {
    let entry = |(kind, settings): (FaultKind, FaultSettings)| json!({ "kind": kind, "settings": settings });
    handle.faults().into_iter().map(entry).collect()
}

async fn faults(handle: Data<SandboxHandle>) -> impl Responder {
    Json(fault_list(&handle))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FaultBody {
    kind: FaultKind,
    #[serde(default)]
    settings: FaultSettings,
}

async fn set_fault(handle: Data<SandboxHandle>, body: Json<FaultBody>) -> HttpResponse {
    let FaultBody { kind, settings } = body.into_inner();
    handle.set_fault(kind, settings);
    HttpResponse::NoContent().finish()
}

async fn clear_faults(handle: Data<SandboxHandle>) -> HttpResponse {
    handle.clear_faults();
    HttpResponse::NoContent().finish()
}

async fn permissions(handle: Data<SandboxHandle>) -> impl Responder {
    Json(json!({ "refused": handle.refused() }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Permission {
    part: String,
    refused: bool,
}

async fn set_permission(handle: Data<SandboxHandle>, body: Json<Permission>) -> HttpResponse {
    done(handle.refuse(&body.part, body.refused))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Markets {
    countries: Vec<String>,
}

async fn set_markets(handle: Data<SandboxHandle>, id: Path<String>, body: Json<Markets>) -> HttpResponse {
    let countries: Vec<&str> = body.countries.iter().map(String::as_str).collect();
    done(handle.set_markets(&id, &countries))
}

async fn settings(handle: Data<SandboxHandle>) -> impl Responder {
    Json(handle.settings())
}

async fn set_settings(handle: Data<SandboxHandle>, body: Json<Settings>) -> HttpResponse {
    handle.set_settings(body.into_inner());
    HttpResponse::NoContent().finish()
}

/// A new time, or how far to move on from the present one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum ClockBody {
    AdvanceSecs(u64),
    Now(DateTime<Utc>),
}

async fn clock(handle: Data<SandboxHandle>) -> impl Responder {
    Json(json!({ "now": handle.now() }))
}

async fn set_clock(handle: Data<SandboxHandle>, body: Json<ClockBody>) -> impl Responder {
    match body.into_inner() {
        ClockBody::AdvanceSecs(seconds) => handle.advance(Duration::from_secs(seconds)),
        ClockBody::Now(now) => handle.set_now(now),
    }
    Json(json!({ "now": handle.now() }))
}

async fn expire_tokens(handle: Data<SandboxHandle>) -> HttpResponse {
    handle.expire_tokens();
    HttpResponse::NoContent().finish()
}

async fn calls(handle: Data<SandboxHandle>) -> impl Responder {
    Json(json!({ "counts": handle.call_counts(), "calls": handle.calls() }))
}
