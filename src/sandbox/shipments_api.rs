//! The call of the older Orders API that tells Amazon of a parcel: `confirmShipment`.
//!
//! Source of every rule: Amazon's model `ordersV0` and the answers that sellers report. It must never take a parcel that the
//! real Amazon would refuse.

use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use chrono::DateTime;
use serde_json::{Map, Value};

use super::answer::Answer;
use super::handle::SandboxHandle;
use super::orders_api::{Ask, not_found, serve};
use super::packages::{Parcel, Refusal};
use super::quota::Operation;
use super::state::World;

/// The fields of the three objects of the model.
const BODY_FIELDS: [&str; 3] = ["marketplaceId", "codCollectionMethod", "packageDetail"];
const PACKAGE_FIELDS: [&str; 8] = [
    "packageReferenceId",
    "carrierCode",
    "carrierName",
    "shippingMethod",
    "trackingNumber",
    "shipDate",
    "shipFromSupplySourceId",
    "orderItems",
];
const ITEM_FIELDS: [&str; 3] = ["orderItemId", "quantity", "transparencyCodes"];

/// `POST /orders/v0/orders/{orderId}/shipmentConfirmation`.
pub(crate) async fn confirm_shipment(request: HttpRequest, body: Bytes, handle: Data<SandboxHandle>) -> HttpResponse {
    serve(&handle, Ask::read(&request, Operation::ConfirmShipment).with_body(body)).await
}

/// An object that has no field which the model does not know.
fn object<'a>(value: &'a Value, name: &str, known: &[&str]) -> Result<&'a Map<String, Value>, Refusal> {
    let map = value.as_object().ok_or_else(|| Refusal::because(format!("{name}: is invalid, must be an object.")))?;
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(Refusal::because(format!("{name}: has no field {key}."))),
        None => Ok(map),
    }
}

/// A text field; absent is empty, anything but a text is refused.
fn text<'a>(map: &'a Map<String, Value>, name: &str, label: &str) -> Result<&'a str, Refusal> {
    match map.get(name) {
        None => Ok(""),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Refusal::because(format!("{label}: is invalid, must be a string."))),
    }
}

/// Lines and quantities of `orderItems`.
fn contents(package: &Map<String, Value>) -> Result<Vec<(String, i64)>, Refusal> {
    let wrong = || Refusal::because("OrderItemId: is invalid, orderItems must be an array of items.");
    let items = package.get("orderItems").and_then(Value::as_array).ok_or_else(wrong)?;
    items
        .iter()
        .map(|item| {
            let item = object(item, "OrderItems", &ITEM_FIELDS)?;
            let id = item.get("orderItemId").and_then(Value::as_str).filter(|id| !id.is_empty());
            let id = id.ok_or_else(|| Refusal::because("OrderItemId: is invalid, must be a string."))?;
            let quantity = item.get("quantity").and_then(Value::as_i64);
            let quantity = quantity.ok_or_else(|| Refusal::because("Quantity: is invalid, must be an integer."))?;
            Ok((id.to_owned(), quantity))
        })
        .collect()
}

/// The reference and the parcel of a `packageDetail`.
fn parcel(package: &Map<String, Value>) -> Result<(String, Parcel), Refusal> {
    let wrong = || Refusal::because("PackageReferenceId: is invalid, must be a positive numeric value.");
    let reference = package.get("packageReferenceId").and_then(Value::as_str).ok_or_else(wrong)?;
    let tracking = text(package, "trackingNumber", "TrackingNumber")?;
    if tracking.trim().is_empty() {
        return Err(Refusal::because("TrackingNumber: is required and must not be empty."));
    }
    let date = text(package, "shipDate", "ShipDate")?;
    // Amazon's own example of a refused date answers with these two words.
    let shipped = DateTime::parse_from_rfc3339(date).map_err(|_wrong| Refusal::because("Invalid Input"))?;
    let parcel = Parcel {
        shipped: shipped.to_utc(),
        carrier: text(package, "carrierCode", "CarrierCode")?.to_owned(),
        carrier_name: text(package, "carrierName", "CarrierName")?.to_owned(),
        method: text(package, "shippingMethod", "ShippingMethod")?.to_owned(),
        tracking: tracking.to_owned(),
        contents: contents(package)?,
    };
    Ok((reference.to_owned(), parcel))
}

impl World {
    /// Answers `confirmShipment`.
    pub(crate) fn confirm_shipment(&mut self, seller: usize, order_id: &str, body: &Bytes) -> Answer {
        match self.read_confirmation(seller, order_id, body) {
            Ok(()) => Answer::new(204, Value::Null),
            Err(Refusal::NotFound) => not_found(),
            Err(Refusal::Because(text)) => {
                let code = if text == "Invalid Input" { "Invalid Input" } else { "InvalidInput" };
                Answer::error(400, code, &text, "")
            }
        }
    }

    fn read_confirmation(&mut self, seller: usize, order_id: &str, body: &Bytes) -> Result<(), Refusal> {
        let body: Value = serde_json::from_slice(body).map_err(|_wrong| Refusal::because("Request is not JSON."))?;
        let body = object(&body, "Request", &BODY_FIELDS)?;
        let order = self.order(order_id).filter(|order| order.seller == seller).ok_or(Refusal::NotFound)?;
        if body.get("marketplaceId").and_then(Value::as_str) != Some(order.market.id) {
            return Err(Refusal::because("MarketplaceId: is invalid for this order."));
        }
        let is_paid_at_the_door = match body.get("codCollectionMethod") {
            None => true,
            Some(method) => method == "DirectPayment" && order.market.country == "JP",
        };
        if !is_paid_at_the_door {
            return Err(Refusal::because("CodCollectionMethod: is invalid for this marketplace."));
        }
        let package = body.get("packageDetail").unwrap_or(&Value::Null);
        let (reference, parcel) = parcel(object(package, "PackageDetail", &PACKAGE_FIELDS)?)?;
        self.confirm(seller, order_id, &reference, parcel)
    }
}
