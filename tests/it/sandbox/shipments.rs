//! What a seller says of parcels, and what the simulated Amazon makes of it.

use super::{ALL_DATA, Amazon, ORDERS, Reply};
use comptoir::sandbox::{
    Channel, FaultKind, FaultSettings, LineSpec, Operation, OrderKind, OrderSnapshot, OrderSpec, SandboxClock,
    SandboxConfig, Settings, Status,
};
use serde_json::{Value, json};
use std::time::Duration;

/// An order of three mugs and one moka pot, ready to ship.
fn order(amazon: &Amazon) -> OrderSnapshot {
    let line = |sku: &str, quantity| LineSpec { sku: sku.to_owned(), quantity, unit_price_minor: None };
    let lines = vec![line("MUG-BLUE-35", 3), line("CAF-MOKA-3T", 1)];
    let id = amazon.state().place_order(OrderSpec { lines, ..OrderSpec::default() }).unwrap();
    amazon.state().order(&id).unwrap()
}

fn items(order: &OrderSnapshot, quantities: &[i64]) -> Value {
    let lines = order.items.iter().zip(quantities).filter(|(_, quantity)| **quantity != 0);
    lines.map(|(item, quantity)| json!({ "orderItemId": item.order_item_id, "quantity": quantity })).collect()
}

fn parcel(order: &OrderSnapshot, reference: &str, quantities: &[i64]) -> Value {
    json!({
        "marketplaceId": order.marketplace_id,
        "packageDetail": {
            "packageReferenceId": reference,
            "carrierCode": "Colissimo",
            "trackingNumber": "6A12345678901",
            "shipDate": "2026-03-10T12:00:00Z",
            "orderItems": items(order, quantities),
        },
    })
}

async fn confirm(amazon: &Amazon, order: &OrderSnapshot, body: &Value) -> Reply {
    amazon.call(&format!("/orders/v0/orders/{}/shipmentConfirmation", order.order_id), body).await
}

fn message(reply: &Reply) -> String {
    reply.body["errors"][0]["message"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_confirmed_parcel_shows_in_its_order_some_seconds_later() {
    let amazon = Amazon::start(0).await;
    let order = order(&amazon);
    let reply = confirm(&amazon, &order, &parcel(&order, "1", &[2, 0])).await;
    assert_eq!((reply.status, &reply.body), (204, &json!("")));
    assert_eq!(
        reply.header("x-amzn-ratelimit-limit"),
        Some("1000.0"),
        "twice a second times the factor of the test, as far as callers believe it"
    );
    assert_eq!(amazon.state().order(&order.order_id).unwrap().status, Status::Unshipped);
    assert!(!amazon.state().packages(&order.order_id)[0].is_booked);
    let path = format!("{ORDERS}/{}", order.order_id);
    let read = async || amazon.get(&path, &[("includedData", ALL_DATA)]).await.body["order"].clone();
    assert!(read().await.get("packages").is_none());

    amazon.state().advance(Duration::from_mins(1));
    let shown = read().await;
    assert_eq!(shown["fulfillment"]["fulfillmentStatus"], "PARTIALLY_SHIPPED");
    assert_eq!(shown["lastUpdatedTime"], "2026-03-10T12:00:05.000Z");
    assert_eq!(shown["orderItems"][0]["fulfillment"], json!({ "quantityFulfilled": 2, "quantityUnfulfilled": 1 }));
    assert_eq!(shown["packages"][0]["packageReferenceId"], "1");
    assert_eq!(shown["packages"][0]["carrier"], "Colissimo");
    assert_eq!(shown["packages"][0]["trackingNumber"], "6A12345678901");
    assert_eq!(shown["packages"][0]["packageItems"], items(&order, &[2, 0]));

    assert_eq!(confirm(&amazon, &order, &parcel(&order, "2", &[1, 1])).await.status, 204);
    amazon.state().advance(Duration::from_secs(5));
    assert_eq!(read().await["fulfillment"]["fulfillmentStatus"], "SHIPPED");
    assert_eq!(read().await["packages"].as_array().unwrap().len(), 2);
    assert_eq!(amazon.state().call_counts()["confirmShipment"], 2);
}

#[tokio::test]
async fn the_same_reference_edits_its_parcel_and_never_makes_a_second() {
    let amazon = Amazon::start(0).await;
    amazon.state().set_settings(Settings { confirmation_delay_secs: 0, ..Settings::default() });
    let order = order(&amazon);
    let mut body = parcel(&order, "1", &[3, 1]);
    for _ in 0..2 {
        assert_eq!(confirm(&amazon, &order, &body).await.status, 204);
    }
    body["packageDetail"]["carrierCode"] = json!("Other");
    body["packageDetail"]["carrierName"] = json!("Relais Colis");
    body["packageDetail"]["trackingNumber"] = json!("RC1");
    body["packageDetail"]["orderItems"] = items(&order, &[1, 1]);
    assert_eq!(confirm(&amazon, &order, &body).await.status, 204);
    let packages = amazon.state().packages(&order.order_id);
    assert_eq!(packages.len(), 1);
    assert_eq!((packages[0].confirmations, packages[0].is_booked), (3, true));
    assert_eq!((packages[0].carrier_name.as_str(), packages[0].tracking.as_str()), ("Relais Colis", "RC1"));
    let now = amazon.state().order(&order.order_id).unwrap();
    assert_eq!(now.status, Status::PartiallyShipped, "two mugs are open again");
    assert_eq!(now.items.iter().map(|item| item.quantity_shipped).collect::<Vec<_>>(), [1, 1]);
}

#[tokio::test]
async fn every_mistake_is_refused_in_amazons_words_and_changes_nothing() {
    let amazon = Amazon::start(0).await;
    let order = order(&amazon);
    let good = parcel(&order, "1", &[1, 0]);
    let with = |pointer: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let detail = |name: &str, value: Value| with(&format!("/packageDetail/{name}"), value);
    let item = |quantity: Value| json!([{ "orderItemId": order.items[0].order_item_id, "quantity": quantity }]);
    let cases = [
        (detail("packageReferenceId", json!(1)), "PackageReferenceId: is invalid, must be a positive numeric value."),
        (detail("packageReferenceId", json!("0")), "PackageReferenceId"),
        (detail("packageReferenceId", json!("WH/OUT/7")), "PackageReferenceId"),
        (detail("carrierCode", json!("colissimo")), "CarrierCode: colissimo is invalid"),
        (detail("carrierCode", json!("")), "CarrierCode: is required"),
        (detail("carrierCode", json!("# Values")), "CarrierCode"),
        (detail("carrierCode", json!("Other")), "CarrierName: is required"),
        (detail("trackingNumber", json!(" ")), "TrackingNumber: is required"),
        (detail("shipDate", json!("02/21/2022")), "Invalid Input"),
        (detail("shipDate", json!("2026-03-09T12:00:00Z")), "ShipDate"),
        (detail("shipDate", json!("2026-03-12T12:00:00Z")), "ShipDate"),
        (detail("orderItems", json!({ "orderItemId": "1", "quantity": 1 })), "OrderItemId: is invalid"),
        (detail("orderItems", json!([])), "OrderItems"),
        (detail("orderItems", json!([{ "orderItemId": "123", "quantity": 1 }])), "OrderItemId 123 is invalid"),
        (detail("orderItems", item(json!(4))), "3 left to ship"),
        (detail("orderItems", item(json!(0))), "Quantity 0"),
        (detail("orderItems", item(json!(-1))), "Quantity -1"),
        (detail("orderItems", item(json!("1"))), "Quantity: is invalid"),
        (with("/marketplaceId", json!("A1PA6795UKMFR9")), "MarketplaceId"),
        (json!({ "marketplaceId": order.marketplace_id }), "PackageDetail"),
        (json!({ "marketplace_id": "x" }), "no field marketplace_id"),
    ];
    for (body, words) in cases {
        let reply = confirm(&amazon, &order, &body).await;
        assert_eq!(reply.status, 400, "{body}");
        assert!(message(&reply).contains(words), "{words} in {}", reply.body);
        assert!(reply.header("x-amzn-ratelimit-limit").is_some());
    }
    assert!(amazon.state().packages(&order.order_id).is_empty());
    assert_eq!(confirm(&amazon, &order, &good).await.status, 204);
    let second = confirm(&amazon, &order, &parcel(&order, "2", &[3, 0])).await;
    assert!(message(&second).contains("2 left to ship"), "what is told but not shown yet counts");
}

#[tokio::test]
async fn orders_that_the_seller_may_not_confirm_are_refused() {
    let amazon = Amazon::start(0).await;
    let state = amazon.state();
    let place = |spec: OrderSpec| state.order(&state.place_order(spec).unwrap()).unwrap();
    let fba = place(OrderSpec { channel: Channel::Amazon, ..OrderSpec::default() });
    let ship_plus = place(OrderSpec { kind: OrderKind::ShipPlus, ..OrderSpec::default() });
    let pending = place(OrderSpec { status: Status::Pending, ..OrderSpec::default() });
    let cancelled = place(OrderSpec { status: Status::Cancelled, ..OrderSpec::default() });
    let shipped = place(OrderSpec { status: Status::Shipped, ..OrderSpec::default() });
    for (order, words) in [
        (&fba, "fulfilled by Amazon"),
        (&ship_plus, "Ship+"),
        (&pending, "not ready"),
        (&cancelled, "cancelled"),
        (&shipped, "PackageToUpdateNotFound"),
    ] {
        let reply = confirm(&amazon, order, &parcel(order, "1", &[1])).await;
        assert_eq!(reply.status, 400, "{words}");
        assert!(message(&reply).contains(words), "{}", reply.body);
    }
    let order = order(&amazon);
    let path = |id: &str| format!("/orders/v0/orders/{id}/shipmentConfirmation");
    assert_eq!(amazon.call(&path("999-0000000-0000000"), &parcel(&order, "1", &[1])).await.status, 404);
    assert_eq!(amazon.call(&path("shop-1"), &parcel(&order, "1", &[1])).await.status, 400);
    let stranger = state.add_seller(0);
    let theirs = OrderSpec { seller_id: Some(stranger.seller_id), ..OrderSpec::default() };
    let theirs = place(theirs);
    assert_eq!(confirm(&amazon, &theirs, &parcel(&theirs, "1", &[1])).await.status, 404, "another seller's order");
    assert_eq!(amazon.get(&path(&order.order_id), &[]).await.status, 403, "there is nothing to read at this address");
}

#[tokio::test]
async fn an_order_cancelled_before_it_shows_the_parcel_stays_cancelled() {
    let amazon = Amazon::start(0).await;
    let order = order(&amazon);
    assert_eq!(confirm(&amazon, &order, &parcel(&order, "1", &[3, 1])).await.status, 204);
    amazon.state().cancel(&order.order_id).unwrap();
    amazon.state().advance(Duration::from_mins(1));
    assert_eq!(amazon.state().order(&order.order_id).unwrap().status, Status::Cancelled);
}

#[tokio::test]
async fn ten_calls_at_once_and_two_a_second_are_allowed() {
    let config = SandboxConfig { now: SandboxClock::Fixed(super::noon()), orders: 0, ..SandboxConfig::default() };
    let amazon = Amazon::with(config).await;
    let order = order(&amazon);
    let body = parcel(&order, "1", &[1, 0]);
    for _ in 0..10 {
        assert_eq!(confirm(&amazon, &order, &body).await.status, 204);
    }
    let refused = confirm(&amazon, &order, &body).await;
    assert_eq!((refused.status, refused.header("x-amzn-ratelimit-limit")), (429, None));
    amazon.state().advance(Duration::from_millis(500));
    let taken = confirm(&amazon, &order, &body).await;
    assert_eq!((taken.status, taken.header("x-amzn-ratelimit-limit")), (204, Some("2.0")));
    assert_eq!(amazon.state().packages(&order.order_id)[0].confirmations, 11);
}

#[tokio::test]
async fn an_answer_is_lost_after_or_before_the_parcel_is_taken() {
    let amazon = Amazon::start(0).await;
    let order = order(&amazon);
    let body = parcel(&order, "1", &[1, 0]);
    let address = format!("{}/orders/v0/orders/{}/shipmentConfirmation", amazon.sandbox.base_url(), order.order_id);
    let send = || amazon.http.post(&address).header("x-amz-access-token", &amazon.token).json(&body).send();
    let operation = Some(Operation::ConfirmShipment);
    amazon.state().set_fault(FaultKind::Refuse, FaultSettings { operation, ..FaultSettings::times(1) });
    assert!(send().await.is_err());
    assert!(amazon.state().packages(&order.order_id).is_empty(), "closed before anything was done");
    amazon.state().set_fault(FaultKind::AnswerLost, FaultSettings::times(1));
    assert!(send().await.is_err());
    assert_eq!(amazon.state().packages(&order.order_id).len(), 1, "closed after it was done");
    assert_eq!(send().await.unwrap().status(), 204);
    let packages = amazon.state().packages(&order.order_id);
    assert_eq!((packages.len(), packages[0].confirmations), (1, 2));
}

#[tokio::test]
async fn a_carrier_an_order_or_the_role_is_refused_on_demand() {
    let amazon = Amazon::start(0).await;
    let order = order(&amazon);
    let body = parcel(&order, "1", &[1, 0]);
    let aimed = |only: &str| FaultSettings { only: Some(only.to_owned()), ..FaultSettings::default() };
    amazon.state().set_fault(FaultKind::CarrierRefused, aimed("DHL"));
    amazon.state().set_fault(FaultKind::OrderRefused, aimed("028-1111111-1111111"));
    assert_eq!(confirm(&amazon, &order, &body).await.status, 204, "neither is meant");
    amazon.state().set_fault(FaultKind::CarrierRefused, aimed("Colissimo"));
    let refused = confirm(&amazon, &order, &body).await;
    assert_eq!(
        (refused.status, message(&refused).as_str()),
        (400, "CarrierCode: Colissimo is not supported in this marketplace.")
    );
    amazon.state().clear_fault(FaultKind::CarrierRefused);
    amazon.state().set_fault(FaultKind::OrderRefused, aimed(&order.order_id));
    assert!(message(&confirm(&amazon, &order, &body).await).contains("PackageToUpdateNotFound"));
    amazon.state().clear_faults();
    amazon.state().refuse("confirmShipment", true).unwrap();
    assert_eq!(confirm(&amazon, &order, &body).await.status, 403);
    assert_eq!(amazon.state().refused(), ["confirmShipment"]);
    assert!(amazon.state().refuse("shipConfirmation", true).is_err(), "Amazon's table spells the call wrongly");
    amazon.state().refuse("confirmShipment", false).unwrap();
    assert_eq!(confirm(&amazon, &order, &body).await.status, 204);
}

#[tokio::test]
async fn the_page_shows_the_parcels_and_a_buyer_may_move() {
    let amazon = Amazon::start(0).await;
    let order = order(&amazon);
    confirm(&amazon, &order, &parcel(&order, "1", &[2, 1])).await;
    let page = amazon.get("/", &[]).await;
    let line =
        "Package 1: Colissimo 6A12345678901, 2 MUG-BLUE-35, 1 CAF-MOKA-3T (told once, not shown by the order yet)";
    assert!(page.body.as_str().unwrap().contains(line), "{}", page.body);
    let listed = amazon.get(&format!("/_sandbox/orders/{}/packages", order.order_id), &[]).await;
    assert_eq!((&listed.body[0]["tracking"], &listed.body[0]["confirmations"]), (&json!("6A12345678901"), &json!(1)));

    let address =
        || amazon.state().order_json(&order.order_id).unwrap()["recipient"]["deliveryAddress"]["addressLine1"].clone();
    let before = address();
    amazon.state().change_address(&order.order_id).unwrap();
    assert_ne!(address(), before);
    let path = format!("/_sandbox/orders/{}/change-address", order.order_id);
    assert_eq!(amazon.post(&path, &json!({})).await.status, 204);
    amazon.state().ship(&order.order_id, None).unwrap();
    assert!(amazon.state().change_address(&order.order_id).is_err(), "what has left is not moved");
    assert_eq!(amazon.post(&path, &json!({})).await.status, 422);
}
