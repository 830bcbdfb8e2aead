//! Who is let in, what every answer carries, and how many calls are allowed.

use super::{Amazon, ORDERS, Reply, fixed};
use comptoir::sandbox::{Operation, SandboxConfig};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

#[tokio::test]
async fn access_is_refused_with_the_bodies_of_the_documentation() {
    let mut amazon = Amazon::start(1).await;
    let address = format!("{}{ORDERS}?createdAfter=2026-01-01T00:00:00Z", amazon.sandbox.base_url());
    let missing = Reply::read(amazon.http.get(&address).send().await.unwrap()).await;
    assert_eq!(missing.status, 403);
    assert_eq!(missing.body["errors"][0]["code"], "Unauthorized");
    assert_eq!(missing.body["errors"][0]["message"], "Access to requested resource is denied.");
    assert_eq!(missing.body["errors"][0]["details"], "Access token is missing in the request header.");
    assert!(missing.header("x-amzn-RateLimit-Limit").is_none());
    for path in ["/orders/v9/orders", "/orders/2026-01-01/orders/1/2"] {
        let unknown = amazon.get(path, &[]).await;
        assert_eq!(unknown.status, 403);
        assert_eq!(unknown.body["errors"][0]["code"], "MissingAuthenticationToken");
    }
    assert_eq!(amazon.post(ORDERS, &json!({})).await.status, 403);
    "Atza|nonsense".clone_into(&mut amazon.token);
    let unknown = amazon.search(&[]).await;
    let details = "The access token you provided is revoked, malformed or invalid.";
    assert_eq!(unknown.body["errors"][0]["details"], details);
}

#[tokio::test]
async fn a_get_has_no_body_and_names_its_program() {
    let amazon = Amazon::start(1).await;
    let query = [("createdAfter", "2026-01-01T00:00:00Z")];
    let with_body = amazon.request(ORDERS, &query).body("{}").send().await.unwrap();
    assert_eq!(with_body.status(), 400);
    let nameless = reqwest::Client::builder().build().unwrap();
    let address = format!("{}{ORDERS}?createdAfter=2026-01-01T00:00:00Z", amazon.sandbox.base_url());
    let reply = nameless.get(address).header("x-amz-access-token", &amazon.token).send().await.unwrap();
    assert_eq!(reply.status(), 400);
}

#[tokio::test]
async fn every_answer_has_a_request_id_and_only_some_tell_the_rate() {
    let amazon = Amazon::with(SandboxConfig { quota_factor: 1, ..fixed(3) }).await;
    let mut seen = BTreeSet::new();
    for (path, query, status, has_rate) in [
        (ORDERS, "createdAfter=2026-01-01T00:00:00Z", 200, true),
        (ORDERS, "createdAfter=yesterday", 400, true),
        ("/orders/2026-01-01/orders/999-0000000-0000000", "", 404, true),
        ("/orders/2026-01-01/nothing", "", 403, false),
    ] {
        let reply = amazon.get(&format!("{path}?{query}"), &[]).await;
        assert_eq!(reply.status, status);
        assert_eq!(reply.header("x-amzn-RateLimit-Limit").is_some(), has_rate, "{path}");
        assert!(seen.insert(reply.header("x-amzn-RequestId").unwrap().to_owned()), "request ids differ");
    }
    let reply = amazon.search(&[]).await;
    assert_eq!(reply.header("x-amzn-RateLimit-Limit"), Some("0.0056"));
}

#[tokio::test]
async fn the_quota_is_twenty_searches_and_one_more_every_179_seconds() {
    let amazon = Amazon::with(SandboxConfig { quota_factor: 1, token_life_secs: 100_000, ..fixed(1) }).await;
    for _ in 0..20 {
        assert_eq!(amazon.search(&[]).await.status, 200);
    }
    let refused = amazon.search(&[]).await;
    assert_eq!(refused.status, 429);
    let body = json!({ "errors": [{ "code": "QuotaExceeded",
        "message": "You exceeded your quota for the requested resource.", "details": "" }] });
    assert_eq!(refused.body, body);
    assert!(refused.header("x-amzn-RateLimit-Limit").is_none());
    assert!(refused.header("retry-after").is_none());
    amazon.state().advance(Duration::from_secs(178));
    assert_eq!(amazon.search(&[]).await.status, 429);
    amazon.state().advance(Duration::from_secs(1));
    assert_eq!(amazon.search(&[]).await.status, 200);
    assert_eq!(amazon.search(&[]).await.status, 429);
    let id = amazon.state().orders()[0].order_id.clone();
    assert_eq!(amazon.get(&format!("{ORDERS}/{id}"), &[]).await.status, 200, "getOrder has a bucket of its own");
    assert_eq!(amazon.state().quota_left(Operation::GetOrder), Some((29, 30)));
}
