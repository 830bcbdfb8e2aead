//! The life of an order: placed, paid, shipped, cancelled.

use super::{ALL_DATA, Amazon, ORDERS};
use comptoir::sandbox::{CancelledBy, Channel, LineSpec, OrderKind, OrderSpec, Status};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn an_order_is_paid_shipped_in_parts_and_even_then_cancelled() {
    let amazon = Amazon::start(0).await;
    let state = amazon.state();
    let lines = vec![
        LineSpec { sku: "MUG-BLUE-35".to_owned(), quantity: 3, unit_price_minor: None },
        LineSpec { sku: "CAF-MOKA-3T".to_owned(), quantity: 1, unit_price_minor: Some(1_000) },
    ];
    let id = state.place_order(OrderSpec { status: Status::Pending, lines, ..OrderSpec::default() }).unwrap();
    let json = || state.order_json(&id).unwrap();
    let status = || json()["fulfillment"]["fulfillmentStatus"].as_str().unwrap().to_owned();
    assert_eq!(status(), "PENDING");
    assert!(json().get("buyer").is_none() && json().get("recipient").is_none(), "nobody is known before payment");
    assert!(state.ship(&id, None).is_err());
    state.advance(Duration::from_mins(1));
    state.pay(&id).unwrap();
    assert_eq!(status(), "UNSHIPPED");
    assert_eq!(json()["lastUpdatedTime"], "2026-03-10T12:01:00.000Z");
    assert!(json()["buyer"]["buyerEmail"].is_string());
    state.request_cancellation(&id).unwrap();
    assert_eq!(json()["orderItems"][0]["cancellation"]["cancellationRequest"]["requester"], "BUYER");
    let mugs = json()["orderItems"][0]["orderItemId"].as_str().unwrap().to_owned();
    assert!(state.ship(&id, Some(vec![(mugs.clone(), 4)])).is_err());
    state.ship(&id, Some(vec![(mugs.clone(), 2)])).unwrap();
    assert_eq!(status(), "PARTIALLY_SHIPPED");
    assert_eq!(json()["orderItems"][0]["fulfillment"], json!({ "quantityFulfilled": 2, "quantityUnfulfilled": 1 }));
    state.ship(&id, None).unwrap();
    assert_eq!(status(), "SHIPPED");
    let packages = json()["packages"].clone();
    assert_eq!(packages.as_array().unwrap().len(), 2);
    assert_eq!(packages[0]["packageItems"], json!([{ "orderItemId": mugs, "quantity": 2 }]));
    state.cancel_by(&id, CancelledBy::Merchant).unwrap();
    assert_eq!(status(), "CANCELLED");
    assert_eq!(json()["orderItems"][0]["cancellation"]["cancellationExecution"]["cancelledBy"], "MERCHANT");
    assert!(state.cancel(&id).is_err());
}

#[tokio::test]
async fn amazons_own_shipments_have_no_packages() {
    let amazon = Amazon::start(0).await;
    let spec = OrderSpec { channel: Channel::Amazon, ..OrderSpec::default() };
    let id = amazon.state().place_order(spec).unwrap();
    amazon.state().ship(&id, None).unwrap();
    let order = amazon.state().order_json(&id).unwrap();
    assert_eq!(order["fulfillment"]["fulfillmentStatus"], "SHIPPED");
    assert!(order.get("packages").is_none());
}

#[tokio::test]
async fn every_kind_of_order_can_be_placed_everywhere() {
    let amazon = Amazon::start(0).await;
    for market in comptoir::sandbox::MARKETS {
        for kind in OrderKind::ALL {
            for channel in [Channel::Amazon, Channel::Merchant] {
                let marketplace = market.country.to_owned();
                let spec = OrderSpec { marketplace, kind, channel, ..OrderSpec::default() };
                let id = amazon.state().place_order(spec).unwrap();
                assert_eq!(amazon.state().order_json(&id).unwrap()["salesChannel"]["marketplaceId"], market.id);
            }
        }
    }
    let nowhere = OrderSpec { marketplace: "XX".to_owned(), ..OrderSpec::default() };
    assert!(amazon.state().place_order(nowhere).is_err());
}

#[tokio::test]
async fn a_test_may_change_what_is_sent_about_one_order() {
    let amazon = Amazon::start(2).await;
    let id = amazon.state().orders()[0].order_id.clone();
    amazon.state().patch_order(&id, |order| order["orderItems"][0]["quantityOrdered"] = json!(-3)).unwrap();
    let path = format!("/_sandbox/orders/{id}/patch");
    let body = json!({ "set": { "/buyer": null, "/proceeds/grandTotal/currencyCode": "XXX" }, "remove": ["/tax"] });
    assert_eq!(amazon.post(&path, &body).await.status, 204);
    let order = amazon.get(&format!("{ORDERS}/{id}"), &[("includedData", ALL_DATA)]).await.body["order"].clone();
    assert_eq!(order["orderItems"][0]["quantityOrdered"], -3);
    assert_eq!(order.get("buyer"), Some(&Value::Null));
    assert_eq!(order["proceeds"]["grandTotal"]["currencyCode"], "XXX");
    assert!(order.get("tax").is_none());
    let bare = amazon.get(&format!("{ORDERS}/{id}"), &[]).await.body["order"].clone();
    assert!(bare.get("buyer").is_none(), "pruning still holds");
    amazon.state().clear_patches(&id).unwrap();
    assert!(amazon.state().order_json(&id).unwrap()["buyer"].is_object());
}
