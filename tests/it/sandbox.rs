//! The simulated Amazon behaves as Amazon's documents say.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use comptoir::sandbox::{
    CATALOGUE, CancelledBy, Channel, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN, DEMO_SELLER_ID,
    DiscountSign, FaultKind, FaultSettings, LineSpec, Operation, OrderKind, OrderSpec, Sandbox, SandboxClock,
    SandboxConfig, SandboxHandle, Settings, Status,
};
use serde_json::{Value, json};

const ORDERS: &str = "/orders/2026-01-01/orders";
const ALL_DATA: &str =
    "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS";

/// Names and values of a query or a form.
type Query<'a> = &'a [(&'a str, &'a str)];

/// Noon on a day in March: every test that does not care stands there.
pub(crate) fn noon() -> DateTime<Utc> {
    "2026-03-10T12:00:00Z".parse().unwrap()
}

/// A running simulator with a client that has signed in.
pub(crate) struct Amazon {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: reqwest::Client,
    token: String,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Reply {
    async fn read(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        Self { status, headers, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    fn ids(&self) -> Vec<String> {
        let orders = self.body["orders"].as_array().unwrap();
        orders.iter().map(|order| order["orderId"].as_str().unwrap().to_owned()).collect()
    }

    fn next_token(&self) -> Option<&str> {
        self.body.pointer("/pagination/nextToken").and_then(Value::as_str)
    }
}

pub(crate) fn http() -> reqwest::Client {
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder()
        .user_agent("ComptoirTest/1.0 (Language=Rust)")
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

fn fixed(orders: u32) -> SandboxConfig {
    SandboxConfig { now: SandboxClock::Fixed(noon()), orders, quota_factor: 1000, ..SandboxConfig::default() }
}

impl Amazon {
    pub(crate) async fn start(orders: u32) -> Self {
        Self::with(fixed(orders)).await
    }

    async fn with(config: SandboxConfig) -> Self {
        let sandbox = Sandbox::start(config).await.unwrap();
        let mut amazon = Self { sandbox, http: http(), token: String::new() };
        amazon.token = amazon.sign_in(DEMO_REFRESH_TOKEN).await;
        amazon
    }

    fn state(&self) -> &SandboxHandle {
        self.sandbox.state()
    }

    async fn sign_in(&self, refresh_token: &str) -> String {
        let reply = self.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.body["access_token"].as_str().unwrap().to_owned()
    }

    async fn token(&self, fields: Query<'_>) -> Reply {
        let mut form = BTreeMap::from([("client_id", DEMO_CLIENT_ID), ("client_secret", DEMO_CLIENT_SECRET)]);
        form.extend(fields.iter().copied());
        Reply::read(self.http.post(self.sandbox.lwa_url()).form(&form).send().await.unwrap()).await
    }

    fn request(&self, path: &str, query: Query<'_>) -> reqwest::RequestBuilder {
        let address = format!("{}{path}", self.sandbox.base_url());
        self.http.get(address).header("x-amz-access-token", &self.token).query(query)
    }

    pub(crate) async fn get(&self, path: &str, query: Query<'_>) -> Reply {
        Reply::read(self.request(path, query).send().await.unwrap()).await
    }

    pub(crate) async fn search(&self, query: Query<'_>) -> Reply {
        let mut query = query.to_vec();
        if !query.iter().any(|(name, _)| *name == "createdAfter" || *name == "lastUpdatedAfter") {
            query.push(("lastUpdatedAfter", "2026-01-01T00:00:00Z"));
        }
        self.get(ORDERS, &query).await
    }

    /// All pages of a search; fails if it takes more than a hundred.
    async fn pages(&self, query: Query<'_>) -> Vec<Reply> {
        let mut pages = vec![self.search(query).await];
        while let Some(token) = pages.last().unwrap().next_token().map(str::to_owned) {
            assert!(pages.len() < 100, "the search does not end");
            let mut query = query.to_vec();
            query.push(("paginationToken", &token));
            pages.push(self.search(&query).await);
        }
        pages
    }

    async fn all_orders(&self) -> Vec<Value> {
        let pages = self.pages(&[("includedData", ALL_DATA)]).await;
        pages.into_iter().flat_map(|page| page.body["orders"].as_array().unwrap().clone()).collect()
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        let address = format!("{}{path}", self.sandbox.base_url());
        Reply::read(self.http.post(address).json(body).send().await.unwrap()).await
    }
}

fn minor(money: &Value) -> i64 {
    let text = money["amount"].as_str().unwrap();
    let decimals = if money["currencyCode"] == "JPY" { 0 } else { 2 };
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    assert_eq!(fraction.len(), decimals, "{text} {}", money["currencyCode"]);
    text.replace('.', "").parse().unwrap()
}

fn array<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().map_or(&[], Vec::as_slice)
}

// ---- Login with Amazon -------------------------------------------------------------------------------------------

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

// ---- Headers and access ------------------------------------------------------------------------------------------

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

// ---- searchOrders ------------------------------------------------------------------------------------------------

#[tokio::test]
async fn search_refuses_what_the_model_forbids() {
    let amazon = Amazon::start(3).await;
    let many = vec!["A13V1IB3VIYZZH"; 51].join(",");
    let (after, early) = ("2026-03-01T00:00:00Z", "2026-02-01T00:00:00Z");
    let (limit, late) = ("2026-03-10T11:58:00Z", "2026-03-10T11:58:00.001Z");
    let created = ("createdAfter", after);
    let updated = ("lastUpdatedAfter", after);
    let cases: &[(Query<'_>, u16)] = &[
        (&[], 400),
        (&[created], 200),
        (&[updated], 200),
        (&[created, updated], 400),
        (&[("createdBefore", limit)], 400),
        (&[created, ("lastUpdatedBefore", limit)], 400),
        (&[updated, ("createdBefore", limit)], 400),
        (&[created, ("createdBefore", limit)], 200),
        (&[created, ("createdBefore", late)], 400),
        (&[updated, ("lastUpdatedBefore", limit)], 200),
        (&[updated, ("lastUpdatedBefore", late)], 400),
        (&[updated, ("lastUpdatedBefore", early)], 400),
        (&[updated, ("lastUpdatedBefore", after)], 200),
        (&[("createdAfter", "TEST_CASE_400")], 400),
        (&[("createdAfter", "2026-03-01")], 400),
        (&[updated, ("maxResultsPerPage", "0")], 400),
        (&[updated, ("maxResultsPerPage", "101")], 400),
        (&[updated, ("maxResultsPerPage", "ten")], 400),
        (&[updated, ("maxResultsPerPage", "1")], 200),
        (&[updated, ("marketplaceIds", "A13V1IB3VIYZZH,ATVPDKIKX0DER")], 200),
        (&[updated, ("marketplaceIds", &many)], 400),
        (&[updated, ("marketplaceIds", "NOWHERE")], 400),
        (&[updated, ("fulfillmentStatuses", "UNSHIPPED,SHIPPED")], 200),
        (&[updated, ("fulfillmentStatuses", "Unshipped")], 400),
        (&[updated, ("fulfillmentStatuses", "CANCELED")], 400),
        (&[updated, ("fulfilledBy", "AMAZON,MERCHANT")], 200),
        (&[updated, ("fulfilledBy", "AFN")], 400),
        (&[updated, ("includedData", ALL_DATA)], 200),
        (&[updated, ("includedData", "BUYER,ADDRESS")], 400),
        (&[updated, ("includedData", "")], 400),
        (&[updated, ("paginationToken", "invented")], 400),
        (&[updated, ("buyerEmail", "a@b.c")], 400),
        (&[updated, ("fulfilledBy", "AMAZON"), ("fulfilledBy", "MERCHANT")], 400),
    ];
    for (query, status) in cases {
        let reply = amazon.get(ORDERS, query).await;
        assert_eq!(reply.status, *status, "{query:?} {}", reply.body);
        if *status == 400 {
            assert_eq!(reply.body["errors"][0]["code"], "InvalidInput");
        }
    }
}

#[tokio::test]
async fn an_order_is_found_two_minutes_after_its_last_change() {
    let amazon = Amazon::start(0).await;
    let id = amazon.state().place_order(OrderSpec::default()).unwrap();
    let reply = amazon.search(&[]).await;
    assert!(reply.ids().is_empty());
    assert_eq!(reply.body["lastUpdatedBefore"], "2026-03-10T11:58:00.000Z");
    amazon.state().advance(Duration::from_secs(119));
    assert!(amazon.search(&[]).await.ids().is_empty());
    amazon.state().advance(Duration::from_secs(1));
    assert_eq!(amazon.search(&[]).await.ids(), [id.as_str()]);
    let by_creation = amazon.search(&[("createdAfter", "2026-03-10T12:00:00Z")]).await;
    assert_eq!(by_creation.ids(), [id], "the lower bound is inclusive");
    assert_eq!(by_creation.body["createdBefore"], "2026-03-10T12:00:00.000Z");
    assert!(by_creation.body.get("lastUpdatedBefore").is_none());
}

#[tokio::test]
async fn pages_hold_every_order_once_in_the_order_of_their_last_update() {
    let amazon = Amazon::start(240).await;
    let pages = amazon.pages(&[("maxResultsPerPage", "37")]).await;
    assert_eq!(pages.len(), 7);
    assert!(pages.last().unwrap().body.get("pagination").is_none(), "absent, not null, on the last page");
    let orders: Vec<&Value> = pages.iter().flat_map(|page| page.body["orders"].as_array().unwrap()).collect();
    let times: Vec<&str> = orders.iter().map(|order| order["lastUpdatedTime"].as_str().unwrap()).collect();
    assert!(times.is_sorted());
    let ids: BTreeSet<_> = orders.iter().map(|order| order["orderId"].as_str().unwrap()).collect();
    assert_eq!((orders.len(), ids.len()), (240, 240));
    let bounds: BTreeSet<_> = pages.iter().map(|page| page.body["lastUpdatedBefore"].as_str().unwrap()).collect();
    assert_eq!(bounds.len(), 1, "the window does not move while it is read");
}

#[tokio::test]
async fn a_full_last_page_announces_no_further_one() {
    let amazon = Amazon::start(40).await;
    let pages = amazon.pages(&[("maxResultsPerPage", "20")]).await;
    assert_eq!(pages.iter().map(|page| page.ids().len()).collect::<Vec<_>>(), [20, 20]);
}

#[tokio::test]
async fn a_paging_token_is_bound_to_its_search_and_lives_a_day() {
    let amazon = Amazon::with(SandboxConfig { token_life_secs: 1_000_000, ..fixed(60) }).await;
    let base = [("marketplaceIds", "A13V1IB3VIYZZH"), ("lastUpdatedAfter", "2026-01-01T00:00:00Z")];
    let first = amazon.search(&[base[0], base[1], ("maxResultsPerPage", "5")]).await;
    let token = ("paginationToken", first.next_token().unwrap());
    let changed =
        amazon.search(&[base[0], base[1], token, ("maxResultsPerPage", "7"), ("includedData", "BUYER")]).await;
    assert_eq!(changed.status, 200, "the page size and the parts may change");
    assert_eq!(changed.ids().len(), 7);
    assert!(changed.ids().iter().all(|id| !first.ids().contains(id)));
    for query in [
        vec![base[0], ("lastUpdatedAfter", "2026-01-02T00:00:00Z"), token],
        vec![("marketplaceIds", "A1PA6795UKMFR9"), base[1], token],
        vec![base[1], token],
        vec![base[0], base[1], ("fulfilledBy", "AMAZON"), token],
    ] {
        assert_eq!(amazon.search(&query).await.status, 400, "{query:?}");
    }
    amazon.state().advance(Duration::from_secs(86_399));
    assert_eq!(amazon.search(&[base[0], base[1], token]).await.status, 200);
    amazon.state().advance(Duration::from_secs(1));
    assert_eq!(amazon.search(&[base[0], base[1], token]).await.status, 400);
}

#[tokio::test]
async fn filters_combine_as_and_their_values_as_or() {
    let amazon = Amazon::start(200).await;
    let query = [
        ("marketplaceIds", "A13V1IB3VIYZZH,A1PA6795UKMFR9"),
        ("fulfillmentStatuses", "UNSHIPPED,SHIPPED"),
        ("fulfilledBy", "MERCHANT"),
    ];
    let expected: BTreeSet<String> = amazon
        .state()
        .orders()
        .into_iter()
        .filter(|order| ["A13V1IB3VIYZZH", "A1PA6795UKMFR9"].contains(&order.marketplace_id))
        .filter(|order| matches!(order.status, Status::Unshipped | Status::Shipped))
        .filter(|order| order.channel == Channel::Merchant)
        .map(|order| order.order_id)
        .collect();
    assert!(expected.len() > 20);
    let found = amazon.pages(&query).await.iter().flat_map(Reply::ids).collect::<BTreeSet<_>>();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn without_included_data_not_even_the_status_is_told() {
    let amazon = Amazon::start(40).await;
    let bare = amazon.search(&[]).await;
    let always = [
        "associatedOrders",
        "createdTime",
        "lastUpdatedTime",
        "orderAliases",
        "orderId",
        "orderItems",
        "programs",
        "salesChannel",
    ];
    for order in bare.body["orders"].as_array().unwrap() {
        assert!(order.as_object().unwrap().keys().all(|name| always.contains(&name.as_str())), "{order}");
        for item in order["orderItems"].as_array().unwrap() {
            let names: Vec<_> = item.as_object().unwrap().keys().collect();
            assert_eq!(names, ["orderItemId", "product", "quantityOrdered"]);
        }
    }
    for (part, order_field, item_field) in [
        ("BUYER", Some("buyer"), None),
        ("RECIPIENT", Some("recipient"), None),
        ("FULFILLMENT", Some("fulfillment"), Some("fulfillment")),
        ("PROCEEDS", Some("proceeds"), Some("proceeds")),
        ("EXPENSE", None, Some("expense")),
        ("PROMOTION", None, Some("promotion")),
        ("CANCELLATION", None, Some("cancellation")),
        ("PACKAGES", Some("packages"), None),
        ("TAX", Some("tax"), Some("tax")),
        ("PAYMENT", Some("payment"), None),
    ] {
        let reply = amazon.search(&[("includedData", part)]).await;
        let (mut on_orders, mut on_items) = (BTreeSet::new(), BTreeSet::new());
        for order in reply.body["orders"].as_array().unwrap() {
            on_orders.extend(order.as_object().unwrap().keys().filter(|name| !always.contains(&name.as_str())));
            for item in order["orderItems"].as_array().unwrap() {
                let asked = |name: &&String| !["orderItemId", "product", "quantityOrdered"].contains(&name.as_str());
                on_items.extend(item.as_object().unwrap().keys().filter(asked));
            }
        }
        assert_eq!(
            on_orders.into_iter().map(String::as_str).collect::<Vec<_>>(),
            Vec::from_iter(order_field),
            "{part}"
        );
        assert_eq!(on_items.into_iter().map(String::as_str).collect::<Vec<_>>(), Vec::from_iter(item_field), "{part}");
    }
}

// ---- getOrder ----------------------------------------------------------------------------------------------------

#[tokio::test]
async fn one_order_can_be_asked_for() {
    let amazon = Amazon::start(5).await;
    let id = amazon.state().orders()[0].order_id.clone();
    let bare = amazon.get(&format!("{ORDERS}/{id}"), &[]).await;
    assert_eq!(bare.body["order"]["orderId"], id.as_str());
    assert!(bare.body["order"].get("fulfillment").is_none());
    let full = amazon.get(&format!("{ORDERS}/{id}"), &[("includedData", "FULFILLMENT")]).await;
    assert_eq!(full.body["order"]["fulfillment"]["fulfillmentStatus"], "UNSHIPPED");
    let missing = amazon.get(&format!("{ORDERS}/999-0000000-0000000"), &[]).await;
    assert_eq!((missing.status, missing.body["errors"][0]["code"].as_str()), (404, Some("NotFound")));
    for bad in ["TEST_CASE_400", "1-2-3", "902-1106328-105905x"] {
        assert_eq!(amazon.get(&format!("{ORDERS}/{bad}"), &[]).await.status, 400, "{bad}");
    }
    let query = [("includedData", "NOTHING")];
    assert_eq!(amazon.get(&format!("{ORDERS}/{id}"), &query).await.status, 400);
}

#[tokio::test]
async fn sellers_do_not_see_each_others_orders() {
    let mut amazon = Amazon::start(5).await;
    let other = amazon.state().add_seller(7);
    let foreign = amazon.state().orders().into_iter().find(|order| order.seller_id == other.seller_id).unwrap();
    assert_eq!(amazon.search(&[]).await.ids().len(), 5);
    assert_eq!(amazon.get(&format!("{ORDERS}/{}", foreign.order_id), &[]).await.status, 404);
    amazon.token = amazon.sign_in(&other.refresh_token).await;
    assert_eq!(amazon.search(&[]).await.ids().len(), 7);
    assert_eq!(amazon.get(&format!("{ORDERS}/{}", foreign.order_id), &[]).await.status, 200);
}

// ---- The scenario ------------------------------------------------------------------------------------------------

#[tokio::test]
async fn the_same_seed_tells_the_same_story() {
    let (one, two) = (Amazon::start(300).await, Amazon::start(300).await);
    assert_eq!(one.all_orders().await, two.all_orders().await);
    let other = Amazon::with(SandboxConfig { seed: 2, ..fixed(300) }).await;
    assert_ne!(one.state().orders(), other.state().orders());
}

#[tokio::test]
async fn more_orders_later_are_the_orders_there_would_have_been() {
    let (one, two) = (Amazon::start(100).await, Amazon::start(60).await);
    two.search(&[]).await;
    two.state().generate_more(40);
    assert_eq!(one.all_orders().await, two.all_orders().await);
}

#[tokio::test]
async fn forty_orders_hold_every_peculiarity() {
    let amazon = Amazon::start(40).await;
    let orders = amazon.all_orders().await;
    let any = |what: &str, test: &dyn Fn(&Value) -> bool| assert!(orders.iter().any(test), "no order with {what}");
    let any_item = |what: &str, test: &dyn Fn(&Value) -> bool| {
        assert!(orders.iter().flat_map(|order| array(order, "orderItems")).any(test), "no line with {what}");
    };
    any("B2B", &|order| {
        order["programs"] == json!(["AMAZON_BUSINESS"])
            && order.pointer("/buyer/buyerCompanyName").is_some()
            && order.pointer("/buyer/buyerPurchaseOrderNumber").is_some()
            && order.pointer("/tax/taxRegistrations/0/taxRegistrationType") == Some(&json!("VAT"))
    });
    any("a replacement", &|order| {
        order.pointer("/associatedOrders/0/associationType") == Some(&json!("REPLACEMENT_ORIGINAL_ID"))
            && minor(&order["proceeds"]["grandTotal"]) == 0
    });
    let replacement = orders.iter().find(|order| order.get("associatedOrders").is_some()).unwrap();
    let original = replacement["associatedOrders"][0]["orderId"].as_str().unwrap();
    assert!(amazon.state().order(original).is_some(), "the original order exists");
    any("FBA without identity", &|order| {
        let address = &order["recipient"]["deliveryAddress"];
        order["fulfillment"]["fulfilledBy"] == "AMAZON"
            && order["buyer"] == json!({})
            && address.get("name").is_none()
            && address.get("addressLine1").is_none()
            && address["city"].is_string()
            && address["postalCode"].is_string()
    });
    for (what, letters) in [("Chinese", '王'), ("Arabic", 'ع'), ("an emoji", '🌻')] {
        any(what, &|order| order["buyer"]["buyerName"].as_str().is_some_and(|name| name.contains(letters)));
    }
    any("PRIME", &|order| order["programs"] == json!(["PRIME"]));
    any("PREMIUM", &|order| order["programs"] == json!(["PRIME", "PREMIUM"]));
    any("a tip", &|order| array(&order["proceeds"], "breakdowns").iter().any(|part| part["type"] == "DELIVERY_TIP"));
    any("a partial shipment", &|order| {
        order["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED" && array(order, "packages").len() == 1
    });
    any_item("gift wrap", &|item| {
        item.pointer("/fulfillment/packing/giftOption/giftMessage").is_some()
            && array(&item["proceeds"], "breakdowns").iter().any(|part| part["type"] == "GIFT_WRAP")
    });
    any_item("discounts", &|item| {
        let parts = array(&item["proceeds"], "breakdowns");
        let discount = parts.iter().find(|part| part["type"] == "DISCOUNT");
        item.get("promotion").is_some()
            && discount.is_some_and(|part| array(part, "detailedBreakdowns").len() == 2 && minor(&part["subtotal"]) < 0)
    });
    any_item("facilitated tax", &|item| {
        item.pointer("/tax/taxCollections/0/model") == Some(&json!("MARKETPLACE_FACILITATOR"))
    });
    any_item("no SKU", &|item| item["product"].get("sellerSku").is_none());
    any_item("an unknown SKU", &|item| {
        item["product"]["sellerSku"].as_str().is_some_and(|sku| CATALOGUE.iter().all(|(known, _, _)| *known != sku))
    });
    any_item("a cancellation request", &|item| item.pointer("/cancellation/cancellationRequest").is_some());
    any_item("an execution", &|item| item.pointer("/cancellation/cancellationExecution/cancelledBy").is_some());
    any_item("points", &|item| item.get("expense").is_some());
    any_item("an id beyond 2^53", &|item| item["orderItemId"].as_str().unwrap().parse::<u64>().unwrap() > 1 << 53);
    any_item("several pieces", &|item| item["quantityOrdered"].as_i64() > Some(1));
    let currencies: BTreeSet<_> =
        orders.iter().filter_map(|order| order["proceeds"]["grandTotal"]["currencyCode"].as_str()).collect();
    assert!(currencies.is_superset(&BTreeSet::from(["EUR", "GBP", "SEK", "USD", "JPY", "BRL"])), "{currencies:?}");
    let mut buyers: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for order in &orders {
        if let Some(email) = order["buyer"]["buyerEmail"].as_str() {
            let address = &order["recipient"]["deliveryAddress"];
            let place = format!("{} {}", address["addressLine1"], address["postalCode"]);
            buyers.entry(email).or_default().insert(place);
        }
    }
    assert!(buyers.values().any(|places| places.len() == 2), "one buyer has two addresses");
    assert!(buyers.len() < orders.iter().filter(|order| order["buyer"].get("buyerEmail").is_some()).count());
}

#[tokio::test]
async fn the_mix_is_that_of_a_real_shop() {
    let amazon = Amazon::start(2000).await;
    let orders = amazon.state().orders();
    let share = |test: &dyn Fn(&comptoir::sandbox::OrderSnapshot) -> bool| {
        orders.iter().filter(|order| test(order)).count() * 100 / orders.len()
    };
    assert!((40..50).contains(&share(&|order| order.channel == Channel::Amazon)));
    assert!(share(&|order| order.channel == Channel::Amazon && order.status == Status::Shipped) > 30);
    assert!(share(&|order| order.channel == Channel::Merchant && order.status == Status::Unshipped) > 18);
    for order in &orders {
        assert!(order.created <= order.updated, "{}", order.order_id);
        assert!(order.updated <= noon() - TimeDelta::minutes(2));
        assert!(order.created >= noon() - TimeDelta::days(31));
    }
    let ids: BTreeSet<_> = orders.iter().map(|order| &order.order_id).collect();
    assert_eq!(ids.len(), orders.len());
    let items: BTreeSet<_> = orders.iter().flat_map(|order| &order.items).map(|item| &item.order_item_id).collect();
    assert_eq!(items.len(), orders.iter().map(|order| order.items.len()).sum::<usize>());
}

/// Adds up an order by the rules a careful client would use, whatever the settings.
fn check_totals(order: &Value, is_tax_inside: bool) {
    let Some(proceeds) = order.get("proceeds") else { return };
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    let mut items_total = 0;
    for item in array(order, "orderItems") {
        let total = minor(&item["proceeds"]["proceedsTotal"]);
        let (mut plain, mut tax, mut discount) = (0, 0, 0);
        for part in array(&item["proceeds"], "breakdowns") {
            let amount = minor(&part["subtotal"]);
            let name = part["type"].as_str().unwrap();
            *sums.entry(name).or_default() += amount;
            match name {
                "TAX" => tax += amount,
                "DISCOUNT" => discount += amount,
                _ => plain += amount,
            }
            let details = array(part, "detailedBreakdowns");
            assert_eq!(details.is_empty(), !["TAX", "DISCOUNT"].contains(&name), "{part}");
            if !details.is_empty() {
                assert_eq!(details.iter().map(|detail| minor(&detail["value"])).sum::<i64>(), amount, "{part}");
            }
        }
        let expected = plain - discount.abs() + if is_tax_inside { 0 } else { tax };
        assert_eq!(total, expected, "{item}");
        let unit = minor(&item["product"]["price"]["unitPrice"]);
        let goods = minor(&array(&item["proceeds"], "breakdowns")[0]["subtotal"]);
        assert_eq!(goods, unit * item["quantityOrdered"].as_i64().unwrap());
        items_total += total;
    }
    let mut tip = 0;
    for part in array(proceeds, "breakdowns") {
        let amount = minor(&part["subtotal"]);
        match part["type"].as_str().unwrap() {
            "DELIVERY_TIP" => tip += amount,
            name => assert_eq!(sums.remove(name), Some(amount), "{name}"),
        }
    }
    assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");
    assert_eq!(minor(&proceeds["grandTotal"]), items_total + tip);
}

#[tokio::test]
async fn totals_add_up_whatever_the_open_questions_turn_out_to_be() {
    let amazon = Amazon::start(400).await;
    for vat_included in [true, false] {
        for discount_sign in [DiscountSign::Negative, DiscountSign::Positive] {
            amazon.state().set_settings(Settings { vat_included, discount_sign });
            for order in amazon.all_orders().await {
                let is_on_top = order["salesChannel"]["marketplaceName"] == "Amazon.com" || !vat_included;
                check_totals(&order, !is_on_top);
            }
        }
    }
}

#[tokio::test]
async fn about_half_of_the_european_orders_show_the_tax_they_contain() {
    let amazon = Amazon::start(400).await;
    let orders = amazon.all_orders().await;
    let french = orders.iter().filter(|order| order["salesChannel"]["marketplaceName"] == "Amazon.fr");
    let priced: Vec<_> = french.filter(|order| order.get("proceeds").is_some()).collect();
    let shown = priced
        .iter()
        .filter(|order| array(&order["proceeds"], "breakdowns").iter().any(|part| part["type"] == "TAX"))
        .count();
    assert!((30..70).contains(&(shown * 100 / priced.len())));
}

// ---- The life of an order ----------------------------------------------------------------------------------------

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

// ---- Faults ------------------------------------------------------------------------------------------------------

#[tokio::test]
async fn errors_come_on_demand_and_as_often_as_asked() {
    let amazon = Amazon::start(3).await;
    for (kind, status) in [
        (FaultKind::Throttled, 429),
        (FaultKind::ThrottledWithHeaders, 429),
        (FaultKind::InternalFailure, 500),
        (FaultKind::BadGateway, 502),
        (FaultKind::ServiceUnavailable, 503),
    ] {
        amazon.state().set_fault(kind, FaultSettings { after: 1, ..FaultSettings::times(2) });
        let mut seen = Vec::new();
        for _ in 0..4 {
            let reply = amazon.search(&[]).await;
            let has_headers = reply.header("retry-after").is_some();
            assert_eq!(has_headers, reply.status == 429 && kind == FaultKind::ThrottledWithHeaders);
            seen.push(reply.status);
        }
        assert_eq!(seen, [200, status, status, 200], "{kind:?}");
    }
}

#[tokio::test]
async fn a_fault_strikes_its_operation_and_its_seller_only() {
    let mut amazon = Amazon::start(3).await;
    let id = amazon.state().orders()[0].order_id.clone();
    let other = amazon.state().add_seller(1);
    let settings = FaultSettings {
        operation: Some(Operation::SearchOrders),
        seller_id: Some(DEMO_SELLER_ID.to_owned()),
        ..FaultSettings::default()
    };
    amazon.state().set_fault(FaultKind::InternalFailure, settings);
    assert_eq!(amazon.search(&[]).await.status, 500);
    assert_eq!(amazon.get(&format!("{ORDERS}/{id}"), &[]).await.status, 200);
    amazon.token = amazon.sign_in(&other.refresh_token).await;
    assert_eq!(amazon.search(&[]).await.status, 200);
}

#[tokio::test]
async fn a_percentage_strikes_about_that_many_calls() {
    let amazon = Amazon::start(1).await;
    amazon.state().set_fault(FaultKind::InternalFailure, FaultSettings { percent: 30, ..FaultSettings::default() });
    for _ in 0..200 {
        amazon.search(&[]).await;
    }
    let failed = amazon.state().request_log().iter().filter(|(_, _, status)| *status == 500).count();
    assert!((40..80).contains(&failed), "{failed} of 200");
}

#[tokio::test]
async fn connections_break_on_demand() {
    let amazon = Amazon::start(40).await;
    let query = [("lastUpdatedAfter", "2026-01-01T00:00:00Z"), ("includedData", ALL_DATA)];
    amazon.state().set_fault(FaultKind::Refuse, FaultSettings::times(1));
    assert!(amazon.request(ORDERS, &query).send().await.is_err(), "no answer at all");
    amazon.state().set_fault(FaultKind::Cut, FaultSettings::times(1));
    let response = amazon.request(ORDERS, &query).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err(), "the body breaks off");
    amazon.state().set_fault(FaultKind::Hang, FaultSettings::times(1));
    let mut response = amazon.request(ORDERS, &query).send().await.unwrap();
    assert!(response.chunk().await.unwrap().is_some(), "the answer starts");
    let patience = Duration::from_millis(200);
    let rest = async { while response.chunk().await.unwrap().is_some() {} };
    assert!(tokio::time::timeout(patience, rest).await.is_err(), "and never ends");
    assert_eq!(amazon.search(&[]).await.status, 200);
}

#[tokio::test]
async fn bodies_are_spoilt_on_demand() {
    let amazon = Amazon::start(40).await;
    let query = [("lastUpdatedAfter", "2026-01-01T00:00:00Z"), ("includedData", ALL_DATA)];
    let body = async |kind| {
        amazon.state().set_fault(kind, FaultSettings::times(1));
        let response = amazon.request(ORDERS, &query).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.bytes().await.unwrap()
    };
    assert!(body(FaultKind::HtmlBody).await.starts_with(b"<html>"));
    assert!(serde_json::from_slice::<Value>(&body(FaultKind::TruncatedJson).await).is_err());
    assert!(std::str::from_utf8(&body(FaultKind::WrongCharset).await).is_err());
    assert!(body(FaultKind::ByteOrderMark).await.starts_with("\u{feff}{".as_bytes()));
}

#[tokio::test]
async fn tokens_expire_and_authorizations_are_revoked_on_demand() {
    let mut amazon = Amazon::start(3).await;
    amazon.state().set_fault(FaultKind::ExpireTokens, FaultSettings::times(1));
    let expired = amazon.search(&[]).await;
    assert_eq!(expired.body["errors"][0]["details"], "The access token you provided has expired.");
    assert_eq!(amazon.search(&[]).await.status, 403, "it stays expired");
    amazon.token = amazon.sign_in(DEMO_REFRESH_TOKEN).await;
    assert_eq!(amazon.search(&[]).await.status, 200);
    amazon.state().set_fault(FaultKind::RevokedSeller, FaultSettings::default());
    assert_eq!(amazon.search(&[]).await.status, 403);
    let reply = amazon.token(&[("grant_type", "refresh_token"), ("refresh_token", DEMO_REFRESH_TOKEN)]).await;
    assert_eq!((reply.status, reply.body["error"].as_str()), (400, Some("invalid_grant")));
}

#[tokio::test]
async fn pages_lie_on_demand_but_lose_nothing() {
    let amazon = Amazon::start(60).await;
    let query = [("maxResultsPerPage", "25")];
    let ids = |pages: &[Reply]| pages.iter().flat_map(Reply::ids).collect::<Vec<_>>();
    let truth = ids(&amazon.pages(&query).await);

    amazon.state().set_fault(FaultKind::EmptyPage, FaultSettings::default());
    let pages = amazon.pages(&query).await;
    assert_eq!(pages.iter().map(|page| page.ids().len()).collect::<Vec<_>>(), [0, 25, 0, 25, 0, 10]);
    assert_eq!(ids(&pages), truth);
    amazon.state().clear_faults();

    amazon.state().set_fault(FaultKind::DuplicateOrder, FaultSettings::times(1));
    let pages = amazon.pages(&query).await;
    assert_eq!(pages[0].ids().last(), pages[1].ids().first());
    assert_eq!(BTreeSet::from_iter(ids(&pages)), truth.iter().cloned().collect());

    amazon.state().set_fault(FaultKind::ReversePages, FaultSettings::times(1));
    let mut reversed = ids(&amazon.pages(&query).await);
    assert_ne!(reversed, truth);
    reversed.reverse();
    assert_eq!(reversed, truth);

    amazon.state().set_fault(FaultKind::PageTokenExpired, FaultSettings::times(1));
    let first = amazon.search(&query).await;
    let token = ("paginationToken", first.next_token().unwrap());
    assert_eq!(amazon.search(&[query[0], token]).await.status, 400);
    assert_eq!(amazon.search(&[query[0], token]).await.status, 200);
}

#[tokio::test]
async fn words_fields_and_nulls_of_tomorrow_come_on_demand() {
    let amazon = Amazon::start(40).await;
    let first = async |kind| {
        amazon.state().set_fault(kind, FaultSettings::times(1));
        let id = amazon.state().orders()[0].order_id.clone();
        amazon.get(&format!("{ORDERS}/{id}"), &[("includedData", ALL_DATA)]).await.body["order"].clone()
    };
    assert_eq!(first(FaultKind::UnknownValues).await["fulfillment"]["fulfillmentStatus"], "HELD_FOR_INSPECTION");
    assert!(first(FaultKind::NewFields).await.get("fieldOfTomorrow").is_some());
    assert_eq!(first(FaultKind::Nulls).await.get("programs"), Some(&Value::Null));
    assert_eq!(first(FaultKind::FalselyCancelled).await["fulfillment"]["fulfillmentStatus"], "CANCELLED");
    assert_eq!(amazon.state().orders()[0].status, Status::Unshipped, "the truth has not changed");
}

#[tokio::test]
async fn amazons_clock_can_be_wrong() {
    let amazon = Amazon::start(3).await;
    amazon.state().set_fault(FaultKind::ClockSkew, FaultSettings { seconds: -180, ..FaultSettings::default() });
    assert_eq!(amazon.search(&[]).await.body["lastUpdatedBefore"], "2026-03-10T11:55:00.000Z");
    assert_eq!(amazon.search(&[("lastUpdatedBefore", "2026-03-10T11:57:00Z")]).await.status, 400);
    amazon.state().clear_fault(FaultKind::ClockSkew);
    assert_eq!(amazon.search(&[("lastUpdatedBefore", "2026-03-10T11:57:00Z")]).await.status, 200);
}

// ---- The remote control over HTTP, and the page ------------------------------------------------------------------

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
