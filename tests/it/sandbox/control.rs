//! The remote control over HTTP, and the page for people.

use super::{Amazon, Query, http};
use comptoir::sandbox::{FaultKind, FaultSettings, Sandbox, SandboxConfig, Status};
use serde_json::{Value, json};

#[tokio::test]
async fn another_process_can_play_amazon() {
    let amazon = Amazon::start(2).await;
    let placed =
        amazon.post("/_sandbox/orders", &json!({ "marketplace": "DE", "kind": "GIFT", "status": "PENDING" })).await;
    assert_eq!(placed.status, 201, "{}", placed.body);
    let id = placed.body["orderId"].as_str().unwrap().to_owned();
    let step =
        async |step: &str, body: Value| amazon.post(&format!("/_sandbox/orders/{id}/{step}"), &body).await.status;
    assert_eq!(step("ship", json!({})).await, 422);
    assert_eq!(step("pay", json!({})).await, 204);
    assert_eq!(step("touch", json!({})).await, 204);
    assert_eq!(step("request-cancellation", json!({})).await, 204);
    let item = amazon.state().order(&id).unwrap().items[0].clone();
    let items = json!({ "items": [{ "orderItemId": item.order_item_id, "quantity": item.quantity_ordered }] });
    assert_eq!(step("ship", json!({ "item": [] })).await, 400, "a misspelt body is refused");
    assert_eq!(step("ship", items).await, 204);
    assert_eq!(step("cancel", json!({ "by": "AMAZON" })).await, 204);
    assert_eq!(amazon.state().order(&id).unwrap().status, Status::Cancelled);
    assert_eq!(amazon.post("/_sandbox/orders/1-2-3/touch", &json!({})).await.status, 404);
    assert_eq!(amazon.post("/_sandbox/generate", &json!({ "count": 3 })).await.status, 204);
    let list = amazon.get("/_sandbox/orders", &[]).await;
    assert_eq!(list.body.as_array().unwrap().len(), 6);
    assert_eq!(list.body[2]["status"], "CANCELLED");
    let fault = json!({ "kind": "internalFailure", "settings": { "times": 1 } });
    assert_eq!(amazon.post("/_sandbox/faults", &fault).await.status, 204);
    assert_eq!(amazon.search(&[]).await.status, 500);
    let reply = amazon.http.delete(format!("{}/_sandbox/faults", amazon.sandbox.base_url())).send().await.unwrap();
    assert_eq!(reply.status(), 204);
    let clock = amazon.post("/_sandbox/clock", &json!({ "advanceSecs": 120 })).await;
    assert_eq!(clock.body["now"], "2026-03-10T12:02:00Z");
    let clock = amazon.post("/_sandbox/clock", &json!({ "now": "2026-03-10T13:00:00Z" })).await;
    assert_eq!(clock.body["now"], "2026-03-10T13:00:00Z");
    let settings = json!({ "vatIncluded": false, "discountSign": "positive" });
    assert_eq!(amazon.post("/_sandbox/settings", &settings).await.status, 204);
    assert_eq!(amazon.post("/_sandbox/tokens/expire", &json!({})).await.status, 204);
    assert_eq!(amazon.search(&[]).await.status, 403);
    let seller = amazon.post("/_sandbox/sellers", &json!({ "orders": 1 })).await;
    amazon.sign_in(seller.body["refreshToken"].as_str().unwrap()).await;
    let calls = amazon.get("/_sandbox/calls", &[]).await;
    assert_eq!(calls.body["counts"]["searchOrders"], 2);
    assert_eq!(calls.body["calls"][1]["operation"], "searchOrders");
    assert_eq!(calls.body["calls"][1]["status"], 500);
}

#[tokio::test]
async fn the_page_works_with_plain_forms() {
    let amazon = Amazon::start(120).await;
    let page = amazon.get("/", &[("status", "SHIPPED")]).await;
    let text = page.body.as_str().unwrap();
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
    assert_eq!(text.matches("<h1").count(), 1);
    assert!(!text.contains("<script") && !text.contains(" style="));
    let post = async |path: &str, form: Query<'_>| {
        let reply = amazon.http.post(format!("{}{path}", amazon.sandbox.base_url())).form(form).send().await.unwrap();
        (reply.status().as_u16(), reply.headers().get("location").map(|value| value.to_str().unwrap().to_owned()))
    };
    let form = [("marketplace", "A13V1IB3VIYZZH"), ("channel", "MERCHANT"), ("kind", "GIFT"), ("status", "PENDING")];
    assert_eq!(post("/_sandbox/page/orders", &form).await, (303, Some("/?page=1&notice=placed".to_owned())));
    let id = amazon.state().orders().last().unwrap().order_id.clone();
    let act = format!("/_sandbox/page/orders/{id}");
    let back = |notice: &str| (303, Some(format!("/?status=PENDING&page=1&notice={notice}")));
    assert_eq!(post(&act, &[("action", "ship"), ("status", "PENDING")]).await, back("refused"));
    assert_eq!(post(&act, &[("action", "pay"), ("status", "PENDING")]).await, back("done"));
    assert_eq!(post(&act, &[("action", "ship-one"), ("status", "PENDING")]).await, back("done"));
    assert_eq!(post(&act, &[("action", "cancel"), ("status", "PENDING")]).await, back("done"));
    assert_eq!(amazon.state().order(&id).unwrap().status, Status::Cancelled);
    let fault = [("kind", "throttled"), ("percent", "50"), ("times", ""), ("on", "true")];
    assert_eq!(post("/_sandbox/page/faults", &fault).await.0, 303);
    let expected = FaultSettings { percent: 50, ..FaultSettings::default() };
    assert_eq!(amazon.state().faults(), [(FaultKind::Throttled, expected)]);
    assert!(amazon.get("/", &[]).await.body.as_str().unwrap().contains("Switch off: 429 without headers"));
    let aimed = [("kind", "carrierRefused"), ("operation", "confirmShipment"), ("only", "Chronopost"), ("on", "true")];
    assert_eq!(post("/_sandbox/page/faults", &aimed).await.0, 303);
    let page = amazon.get("/", &[]).await.body.as_str().unwrap().to_owned();
    assert!(page.contains("100 %, confirmShipment, only for Chronopost"), "it says at what it is aimed");
    assert_eq!(post("/_sandbox/page/faults", &[("kind", "all"), ("on", "false")]).await.0, 303);
    assert!(amazon.state().faults().is_empty());
    assert_eq!(amazon.get("/_sandbox/style.css", &[]).await.header("content-type"), Some("text/css; charset=utf-8"));
}

#[tokio::test]
async fn only_this_machine_and_its_own_pages_are_served() {
    let amazon = Amazon::start(1).await;
    let address = format!("{}/_sandbox/generate", amazon.sandbox.base_url());
    let post = |name: &'static str, value: &str| {
        amazon.http.post(&address).header(name, value).json(&json!({ "count": 1 })).send()
    };
    assert_eq!(post("host", "evil.example").await.unwrap().status(), 403);
    assert_eq!(post("origin", "https://evil.example").await.unwrap().status(), 403);
    assert_eq!(post("sec-fetch-site", "cross-site").await.unwrap().status(), 403);
    assert_eq!(post("sec-fetch-site", "same-site").await.unwrap().status(), 403);
    assert_eq!(amazon.state().orders().len(), 1);
    assert_eq!(post("sec-fetch-site", "same-origin").await.unwrap().status(), 204);
    assert_eq!(post("origin", &amazon.sandbox.base_url()).await.unwrap().status(), 204);
    assert_eq!(post("origin", "null").await.unwrap().status(), 403);
    let public = SandboxConfig { listen: "0.0.0.0:0".parse().unwrap(), ..SandboxConfig::default() };
    assert!(Sandbox::start(public).await.is_err());
}

#[tokio::test]
async fn a_stopped_simulator_answers_no_more() {
    let amazon = Amazon::start(1).await;
    let address = amazon.sandbox.base_url();
    amazon.sandbox.stop().await;
    assert!(http().get(address).send().await.is_err());
}
