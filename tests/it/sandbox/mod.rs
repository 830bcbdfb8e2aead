//! The simulated Amazon behaves as Amazon's documents say.

mod access;
mod control;
mod faults;
mod feeds;
mod life;
mod login;
mod order;
mod scenario;
mod search;
mod shipments;

use chrono::{DateTime, Utc};
use comptoir::sandbox::{
    DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN, Sandbox, SandboxClock, SandboxConfig, SandboxHandle,
};
use serde_json::Value;
use std::collections::BTreeMap;

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

    pub(crate) fn state(&self) -> &SandboxHandle {
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

    /// A call of the Selling Partner API that carries a body.
    pub(crate) async fn call(&self, path: &str, body: &Value) -> Reply {
        let address = format!("{}{path}", self.sandbox.base_url());
        let request = self.http.post(address).header("x-amz-access-token", &self.token);
        Reply::read(request.json(body).send().await.unwrap()).await
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
