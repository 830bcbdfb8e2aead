//! Searching and reading orders: what is asked of Amazon, and a page of its answer.
//!
//! One order that cannot be read never hides the others of its page.

use super::error::Malformed;
use super::model::orders as amazon;
use super::rejected::Rejected;
use super::translate;
use crate::domain::dataset::Dataset;
use crate::domain::ids::{AmazonOrderId, MarketplaceId};
use crate::domain::marketplace::Directory;
use crate::domain::remote::{AmazonStatus, RemoteOrder};
use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::Url;

/// Asks for every part of an order but those that Amazon refuses.
///
/// Orders API 2026-01-01 model, `includedData`.
fn include(url: &mut Url, without: &[Dataset]) {
    let asked = Dataset::ALL.iter().filter(|dataset| !without.contains(dataset)).map(|dataset| dataset.as_str());
    let asked: Vec<&str> = asked.collect();
    if !asked.is_empty() {
        url.query_pairs_mut().append_pair("includedData", &asked.join(","));
    }
}

/// From when on orders are searched, inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Orders that changed since.
    LastUpdated(DateTime<Utc>),
    /// Orders placed since.
    Created(DateTime<Utc>),
}

/// A search for orders.
///
/// To continue it, only `token`, `page_size`, `without` and `directory` may differ (Orders API 2026-01-01 model).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchOrders {
    /// The marketplaces, at most 50.
    pub marketplaces: Vec<MarketplaceId>,
    /// From when on.
    pub since: Since,
    /// Until when, inclusive; at least 2 minutes ago. Amazon may choose.
    pub until: Option<DateTime<Utc>>,
    /// The statuses; all when empty.
    pub statuses: Vec<AmazonStatus>,
    /// Where the previous page ended; valid for 24 hours.
    pub token: Option<String>,
    /// The most orders on a page, 1 to 100.
    pub page_size: u8,
    /// The parts of an order that are not asked for, because Amazon refuses them.
    pub without: Vec<Dataset>,
    /// The marketplaces that are known: an order that names no amount has its marketplace's currency.
    pub directory: Directory,
}

impl SearchOrders {
    /// The address of this search, every value percent-encoded.
    pub(super) fn url(&self, api: &Url) -> Url {
        let (after, before, since) = match self.since {
            Since::LastUpdated(since) => ("lastUpdatedAfter", "lastUpdatedBefore", since),
            Since::Created(since) => ("createdAfter", "createdBefore", since),
        };
        let mut url = under(api, &[]);
        let mut query = url.query_pairs_mut();
        query.append_pair(after, &written(since));
        if let Some(until) = self.until {
            query.append_pair(before, &written(until));
        }
        let marketplaces: Vec<&str> = self.marketplaces.iter().map(MarketplaceId::as_str).collect();
        if !marketplaces.is_empty() {
            query.append_pair("marketplaceIds", &marketplaces.join(","));
        }
        let statuses: Vec<&str> = self.statuses.iter().map(AmazonStatus::as_str).collect();
        if !statuses.is_empty() {
            query.append_pair("fulfillmentStatuses", &statuses.join(","));
        }
        query.append_pair("maxResultsPerPage", &self.page_size.clamp(1, 100).to_string());
        if let Some(token) = &self.token {
            query.append_pair("paginationToken", token);
        }
        drop(query);
        include(&mut url, &self.without);
        url
    }
}

/// The address of one order.
pub(super) fn order_url(api: &Url, id: &AmazonOrderId, without: &[Dataset]) -> Url {
    let mut url = under(api, &[id.as_str()]);
    include(&mut url, without);
    url
}

/// An address below the orders of the API.
fn under(api: &Url, more: &[&str]) -> Url {
    let mut url = api.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["orders", "2026-01-01", "orders"]).extend(more);
    }
    url
}

/// An instant as Amazon reads it.
///
/// Fractions are cut off: the window begins earlier rather than later.
fn written(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A page of orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderPage {
    /// The orders, in Amazon's order, and those that had to be set aside.
    pub orders: Vec<Result<RemoteOrder, Rejected>>,
    /// Where the next page begins; nothing on the last page.
    pub next_token: Option<String>,
    /// Until when Amazon searched (`lastUpdatedBefore` or `createdBefore`).
    pub until: Option<DateTime<Utc>>,
    /// The size of the page in bytes.
    pub raw_bytes: usize,
}

impl OrderPage {
    /// Reads the text of a page; `directory` knows the marketplaces of its orders.
    pub fn decode(text: &str, directory: &Directory) -> Result<Self, Malformed> {
        let page: amazon::SearchOrdersResponse = parse(text)?;
        let until = page.last_updated_before.or(page.created_before);
        Ok(Self {
            orders: page.orders.iter().map(|raw| translate::order(raw, directory)).collect(),
            next_token: page.pagination.and_then(|page| page.next_token).filter(|token| !token.is_empty()),
            until: until.and_then(|text| translate::instant(&text)),
            raw_bytes: text.len(),
        })
    }
}

/// Reads the answer about one order.
pub(super) fn one(text: &str, directory: &Directory) -> Result<Result<RemoteOrder, Rejected>, Malformed> {
    let answer: amazon::GetOrderResponse = parse(text)?;
    Ok(translate::order(&answer.order, directory))
}

pub(super) fn parse<'a, T: serde::Deserialize<'a>>(text: &'a str) -> Result<T, Malformed> {
    serde_json::from_str(text).map_err(|cause| match cause.classify() {
        serde_json::error::Category::Eof => Malformed::CutShort,
        serde_json::error::Category::Data => Malformed::Incomplete,
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => Malformed::NotJson,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        translate::instant(text).unwrap()
    }

    #[test]
    fn a_search_is_written_as_amazon_reads_it() {
        let search = SearchOrders {
            marketplaces: vec!["A13V1IB3VIYZZH".into(), "A1PA6795UKMFR9".into()],
            since: Since::LastUpdated(at("2026-11-23T08:00:00.987Z")),
            until: Some(at("2026-11-24T08:00:00+01:00")),
            statuses: vec![AmazonStatus::Unshipped, AmazonStatus::Cancelled],
            token: Some("a+b/c=%3D&d".to_owned()),
            page_size: 200,
            without: Vec::new(),
            directory: Directory::default(),
        };
        let url = search.url(&Url::parse("https://sellingpartnerapi-eu.amazon.com").unwrap());
        let encoded = "https://sellingpartnerapi-eu.amazon.com/orders/2026-01-01/orders\
             ?lastUpdatedAfter=2026-11-23T08%3A00%3A00Z&lastUpdatedBefore=2026-11-24T07%3A00%3A00Z\
             &marketplaceIds=A13V1IB3VIYZZH%2CA1PA6795UKMFR9&fulfillmentStatuses=UNSHIPPED%2CCANCELLED\
             &maxResultsPerPage=100&paginationToken=a%2Bb%2Fc%3D%253D%26d\
             &includedData=BUYER%2CRECIPIENT%2CFULFILLMENT%2CPROCEEDS%2CPROMOTION%2CCANCELLATION%2CPACKAGES%2CTAX";
        assert_eq!(url.as_str(), encoded);
        let refused = SearchOrders { without: vec![Dataset::Recipient, Dataset::Tax], ..search.clone() };
        let url = refused.url(&Url::parse("https://sellingpartnerapi-eu.amazon.com").unwrap());
        assert!(
            url.as_str()
                .ends_with("&includedData=BUYER%2CFULFILLMENT%2CPROCEEDS%2CPROMOTION%2CCANCELLATION%2CPACKAGES")
        );
        let placed =
            SearchOrders { since: Since::Created(at("2026-11-23T08:00:00Z")), until: None, token: None, ..search };
        let url = placed.url(&Url::parse("http://127.0.0.1:9/base/").unwrap());
        assert!(url.as_str().starts_with("http://127.0.0.1:9/base/orders/2026-01-01/orders?createdAfter=2026-11-23T"));
        assert!(!url.as_str().contains("Before") && !url.as_str().contains("paginationToken"));
    }

    #[test]
    fn an_order_reference_cannot_leave_its_place_in_the_address() {
        let api = Url::parse("https://sellingpartnerapi-eu.amazon.com").unwrap();
        let url = order_url(&api, &"902-1106328-1059050".into(), &[]);
        assert_eq!(url.path(), "/orders/2026-01-01/orders/902-1106328-1059050");
        assert_eq!(
            order_url(&api, &"../x?y#z/é".into(), &[]).path(),
            "/orders/2026-01-01/orders/..%2Fx%3Fy%23z%2F%C3%A9"
        );
    }

    #[test]
    fn a_page_without_orders_is_malformed_and_a_last_page_has_no_token() {
        let decode = |text: &str| OrderPage::decode(text, &Directory::default());
        let page = decode(r#"{"orders":[],"lastUpdatedBefore":"2026-11-24T08:00:00.123Z"}"#).unwrap();
        assert_eq!((page.next_token, page.until), (None, Some(at("2026-11-24T08:00:00.123Z"))));
        let page = decode(r#"{"orders":[],"pagination":{"nextToken":"t"},"createdBefore":null}"#).unwrap();
        assert_eq!((page.next_token.as_deref(), page.until), (Some("t"), None));
        assert_eq!(decode("{}"), Err(Malformed::Incomplete));
        assert_eq!(decode(r#"{"orders":[{"orderId":"#), Err(Malformed::CutShort));
        assert_eq!(decode("<html>"), Err(Malformed::NotJson));
        assert_eq!(decode(r#"{"orders":null}"#), Err(Malformed::Incomplete));
    }
}
