//! Login with Amazon: tokens, their refusals, and the page on which a seller consents.

use super::{Amazon, Query, Reply};
use comptoir::sandbox::{DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN, DEMO_SELLER_ID};
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;

#[tokio::test]
async fn a_refresh_token_buys_an_access_token_for_one_hour() {
    let amazon = Amazon::start(0).await;
    let reply = amazon.token(&[("grant_type", "refresh_token"), ("refresh_token", DEMO_REFRESH_TOKEN)]).await;
    assert_eq!(reply.status, 200);
    assert!(reply.body["access_token"].as_str().unwrap().starts_with("Atza|"));
    assert_eq!(reply.body["refresh_token"], DEMO_REFRESH_TOKEN);
    assert_eq!(reply.body["token_type"], "bearer");
    assert_eq!(reply.body["expires_in"], 3600);
    assert_eq!(amazon.search(&[]).await.status, 200);
    amazon.state().advance(Duration::from_hours(1));
    let late = amazon.search(&[]).await;
    assert_eq!(late.status, 403);
    assert_eq!(late.body["errors"][0]["details"], "The access token you provided has expired.");
}

#[tokio::test]
async fn the_token_endpoint_also_reads_json() {
    let amazon = Amazon::start(0).await;
    let body = json!({ "grant_type": "refresh_token", "refresh_token": DEMO_REFRESH_TOKEN,
        "client_id": DEMO_CLIENT_ID, "client_secret": DEMO_CLIENT_SECRET });
    let reply = amazon.post("/auth/o2/token", &body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
}

#[tokio::test]
async fn the_token_endpoint_refuses_with_the_errors_of_the_documentation() {
    let amazon = Amazon::start(0).await;
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", DEMO_REFRESH_TOKEN)];
    let cases: &[(Query<'_>, u16, &str)] = &[
        (&[refresh[0], ("refresh_token", "Atzr|unknown")], 400, "invalid_grant"),
        (&[refresh[0], refresh[1], ("client_secret", "wrong")], 401, "invalid_client"),
        (&[refresh[0], refresh[1], ("client_id", "wrong")], 401, "invalid_client"),
        (&[("grant_type", "password")], 400, "unsupported_grant_type"),
        (&[("grant_type", "refresh_token")], 400, "invalid_request"),
        (&[("refresh_token", DEMO_REFRESH_TOKEN)], 400, "invalid_request"),
        (&[("grant_type", "authorization_code"), ("code", "unknown")], 400, "invalid_grant"),
        (&[("grant_type", "client_credentials"), ("scope", "everything")], 400, "invalid_scope"),
    ];
    for (fields, status, error) in cases {
        let reply = amazon.token(fields).await;
        assert_eq!((reply.status, reply.body["error"].as_str()), (*status, Some(*error)), "{fields:?}");
        assert!(reply.body["error_description"].is_string());
    }
}

#[tokio::test]
async fn a_grantless_token_opens_no_orders() {
    let mut amazon = Amazon::start(0).await;
    let fields = [("grant_type", "client_credentials"), ("scope", "sellingpartnerapi::notifications")];
    let reply = amazon.token(&fields).await;
    assert_eq!(reply.status, 200);
    assert!(reply.body.get("refresh_token").is_none());
    reply.body["access_token"].as_str().unwrap().clone_into(&mut amazon.token);
    assert_eq!(amazon.search(&[]).await.status, 403);
}

#[tokio::test]
async fn the_consent_code_works_once_and_for_five_minutes() {
    let amazon = Amazon::start(0).await;
    let consent = format!("{}/apps/authorize/consent", amazon.sandbox.base_url());
    let request = [
        ("application_id", "amzn1.sellerapps.app.demo"),
        ("state", "a b&c"),
        ("redirect_uri", "http://127.0.0.1:1/callback"),
        ("selling_partner_id", DEMO_SELLER_ID),
    ];
    let page = Reply::read(amazon.http.get(&consent).query(&request[..3]).send().await.unwrap()).await;
    assert!(page.body.as_str().unwrap().contains("a b&#38;c"), "{}", page.body);
    let code = async || {
        let response = amazon.http.post(&consent).form(&request).send().await.unwrap();
        assert_eq!(response.status(), 303);
        let location = reqwest::Url::parse(response.headers()["location"].to_str().unwrap()).unwrap();
        let answer: BTreeMap<_, _> = location.query_pairs().into_owned().collect();
        assert_eq!(answer["state"], "a b&c");
        assert_eq!(answer["selling_partner_id"], DEMO_SELLER_ID);
        answer["spapi_oauth_code"].clone()
    };
    let exchange = async |code: &str| amazon.token(&[("grant_type", "authorization_code"), ("code", code)]).await;
    let first = code().await;
    let reply = exchange(&first).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let refresh_token = reply.body["refresh_token"].as_str().unwrap();
    assert!(refresh_token.starts_with("Atzr|"));
    amazon.sign_in(refresh_token).await;
    assert_eq!(exchange(&first).await.body["error"], "invalid_grant");
    let second = code().await;
    amazon.state().advance(Duration::from_mins(5));
    assert_eq!(exchange(&second).await.body["error"], "invalid_grant");
}

#[tokio::test]
async fn the_consent_page_sends_nobody_to_a_foreign_address() {
    let amazon = Amazon::start(0).await;
    for address in ["https://evil.example/", "javascript:alert(1)", "//evil.example", "http://127.0.0.1@evil.example/"]
    {
        let request = [
            ("application_id", "amzn1.sellerapps.app.demo"),
            ("state", "s"),
            ("redirect_uri", address),
            ("selling_partner_id", DEMO_SELLER_ID),
        ];
        let reply = amazon
            .http
            .post(format!("{}/apps/authorize/consent", amazon.sandbox.base_url()))
            .form(&request)
            .send()
            .await
            .unwrap();
        assert_eq!(reply.status(), 200, "{address}");
        assert!(reply.text().await.unwrap().contains("MD5101"));
    }
}
