//! Feeds: a document is uploaded, waits, is worked on, and its report says what came of each message.

use super::{Amazon, Reply};
use comptoir::sandbox::{
    DEMO_SELLER_ID, FaultKind, FaultSettings, FeedStatus, LineSpec, OrderSnapshot, OrderSpec, SandboxClock,
    SandboxConfig, Status,
};
use serde_json::{Value, json};
use std::io::Read;
use std::time::Duration;

const DOCUMENTS: &str = "/feeds/2021-06-30/documents";
const FEEDS: &str = "/feeds/2021-06-30/feeds";
const XML: &str = "text/xml; charset=UTF-8";

/// An order of three mugs and one moka pot, ready to ship.
fn order(amazon: &Amazon) -> OrderSnapshot {
    let line = |sku: &str, quantity| LineSpec { sku: sku.to_owned(), quantity, unit_price_minor: None };
    let lines = vec![line("MUG-BLUE-35", 3), line("CAF-MOKA-3T", 1)];
    let id = amazon.state().place_order(OrderSpec { lines, ..OrderSpec::default() }).unwrap();
    amazon.state().order(&id).unwrap()
}

/// One message of a feed.
fn message(number: u32, order: &OrderSnapshot, reference: &str, carrier: &str, mugs: i64) -> String {
    format!(
        "<Message><MessageID>{number}</MessageID><OrderFulfillment><AmazonOrderID>{}</AmazonOrderID>\
         <MerchantFulfillmentID>{reference}</MerchantFulfillmentID><FulfillmentDate>2026-03-10T12:00:00+00:00</FulfillmentDate>\
         <FulfillmentData><CarrierCode>{carrier}</CarrierCode><ShipperTrackingNumber>6A{number}</ShipperTrackingNumber></FulfillmentData>\
         <Item><AmazonOrderItemCode>{}</AmazonOrderItemCode><Quantity>{mugs}</Quantity></Item></OrderFulfillment></Message>",
        order.order_id, order.items[0].order_item_id
    )
}

fn envelope(seller: &str, messages: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><AmazonEnvelope xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:noNamespaceSchemaLocation=\"amzn-envelope.xsd\"><Header><DocumentVersion>1.01</DocumentVersion>\
         <MerchantIdentifier>{seller}</MerchantIdentifier></Header><MessageType>OrderFulfillment</MessageType>{messages}</AmazonEnvelope>"
    )
}

impl Amazon {
    /// Uploads a document and answers its identifier.
    async fn upload(&self, content: &str) -> String {
        let made = self.call(DOCUMENTS, &json!({ "contentType": XML })).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let put = self.http.put(made.body["url"].as_str().unwrap()).header("content-type", XML);
        assert_eq!(put.body(content.to_owned()).send().await.unwrap().status(), 200);
        made.body["feedDocumentId"].as_str().unwrap().to_owned()
    }

    async fn feed(&self, document: &str) -> Reply {
        let body = json!({
            "feedType": "POST_ORDER_FULFILLMENT_DATA",
            "marketplaceIds": ["A13V1IB3VIYZZH"],
            "inputFeedDocumentId": document,
        });
        self.call(FEEDS, &body).await
    }

    /// Sends a feed, lets it be worked on, and answers how it stands.
    async fn settled(&self, content: &str) -> Value {
        let document = self.upload(content).await;
        let made = self.feed(&document).await;
        assert_eq!(made.status, 202, "{}", made.body);
        self.state().advance(Duration::from_secs(20));
        self.get(&format!("{FEEDS}/{}", made.body["feedId"].as_str().unwrap()), &[]).await.body
    }

    /// The report of a feed that was worked on.
    async fn report(&self, feed: &Value) -> String {
        let path = format!("{DOCUMENTS}/{}", feed["resultFeedDocumentId"].as_str().unwrap());
        let document = self.get(&path, &[]).await;
        assert_eq!(document.body["compressionAlgorithm"], "GZIP");
        let fetched = self.http.get(document.body["url"].as_str().unwrap()).send().await.unwrap();
        assert_eq!(fetched.headers()["content-type"], XML);
        let mut text = String::new();
        flate2::read::GzDecoder::new(&*fetched.bytes().await.unwrap()).read_to_string(&mut text).unwrap();
        text
    }
}

#[tokio::test]
async fn a_feed_waits_is_worked_on_and_reports_each_refused_message() {
    let amazon = Amazon::start(0).await;
    let (first, second) = (order(&amazon), order(&amazon));
    let messages = message(1, &first, "1", "Colissimo", 3) + &message(2, &second, "1", "colissimo", 1);
    let document = amazon.upload(&envelope(DEMO_SELLER_ID, &messages)).await;
    let made = amazon.feed(&document).await;
    assert_eq!(made.status, 202, "{}", made.body);
    let path = format!("{FEEDS}/{}", made.body["feedId"].as_str().unwrap());
    let read = async || amazon.get(&path, &[]).await.body;
    assert_eq!(read().await["processingStatus"], "IN_QUEUE");
    assert!(read().await.get("processingStartTime").is_none());
    amazon.state().advance(Duration::from_secs(10));
    assert_eq!(read().await["processingStatus"], "IN_PROGRESS");
    assert!(amazon.state().packages(&first.order_id).is_empty(), "nothing is done before it is done");
    amazon.state().advance(Duration::from_secs(10));
    let feed = read().await;
    assert_eq!(feed["processingStatus"], "DONE");
    let report = amazon.report(&feed).await;
    for part in [
        "<StatusCode>Complete</StatusCode>",
        "<MessagesProcessed>2</MessagesProcessed>",
        "<MessagesSuccessful>1</MessagesSuccessful>",
        "<MessagesWithError>1</MessagesWithError>",
        "<MessageID>2</MessageID><ResultCode>Error</ResultCode>",
        "colissimo is invalid",
        &format!("<AmazonOrderID>{}</AmazonOrderID>", second.order_id),
    ] {
        assert!(report.contains(part), "{part} in {report}");
    }
    assert_eq!(report.matches("<Result>").count(), 1, "what went well is not listed");
    amazon.state().advance(Duration::from_secs(5));
    assert_eq!(amazon.state().order(&first.order_id).unwrap().status, Status::PartiallyShipped);
    assert_eq!(amazon.state().order(&second.order_id).unwrap().status, Status::Unshipped);
    let known = amazon.state().feeds();
    assert_eq!((known[0].messages, known[0].failed, known[0].status), (2, 1, FeedStatus::Done));
}

#[tokio::test]
async fn a_repeated_message_edits_its_parcel_and_a_whole_order_may_go_untracked() {
    let amazon = Amazon::start(0).await;
    let order = order(&amazon);
    for mugs in [3, 1] {
        let content = envelope(DEMO_SELLER_ID, &message(1, &order, "7", "DHL", mugs));
        assert_eq!(amazon.settled(&content).await["processingStatus"], "DONE");
    }
    let packages = amazon.state().packages(&order.order_id);
    assert_eq!((packages.len(), packages[0].confirmations, packages[0].items[0].quantity), (1, 2, 1));
    let rest = format!(
        "<Message><MessageID>1</MessageID><OrderFulfillment><AmazonOrderID>{}</AmazonOrderID>\
         <FulfillmentDate>2026-03-10T12:00:00Z</FulfillmentDate><FulfillmentData><CarrierCode>DHL</CarrierCode></FulfillmentData>\
         </OrderFulfillment></Message>",
        order.order_id
    );
    amazon.state().advance(Duration::from_secs(5));
    let feed = amazon.settled(&envelope(DEMO_SELLER_ID, &rest)).await;
    assert!(!amazon.report(&feed).await.contains("<Result>"));
    let packages = amazon.state().packages(&order.order_id);
    assert_eq!(packages.iter().map(|package| package.reference.as_str()).collect::<Vec<_>>(), ["7", "8"]);
    assert_eq!(packages[1].items.iter().map(|item| item.quantity).collect::<Vec<_>>(), [2, 1]);
}

#[tokio::test]
async fn what_is_not_the_schema_or_not_the_sellers_is_refused_as_a_whole() {
    let amazon = Amazon::start(0).await;
    let order = order(&amazon);
    let good = message(1, &order, "1", "DHL", 1);
    let swapped = good.replace("<FulfillmentDate>2026-03-10T12:00:00+00:00</FulfillmentDate>", "");
    for (content, words) in [
        (envelope(DEMO_SELLER_ID, &swapped), "FulfillmentDate is expected"),
        (envelope("A0SOMEBODYELSE", &good), "MerchantIdentifier"),
        ("<AmazonEnvelope>".to_owned(), "XML Parsing"),
    ] {
        let feed = amazon.settled(&content).await;
        assert_eq!(feed["processingStatus"], "FATAL", "{words}");
        let report = amazon.report(&feed).await;
        assert!(report.contains("<StatusCode>Rejected</StatusCode>") && report.contains(words), "{report}");
    }
    assert!(amazon.state().packages(&order.order_id).is_empty());
    amazon.state().set_fault(FaultKind::FeedFatal, FaultSettings::times(1));
    let feed = amazon.settled(&envelope(DEMO_SELLER_ID, &good)).await;
    assert_eq!((feed["processingStatus"].as_str(), feed.get("resultFeedDocumentId")), (Some("FATAL"), None));
}

#[tokio::test]
async fn a_document_is_uploaded_with_its_own_type_without_a_token_and_in_time() {
    let amazon = Amazon::start(0).await;
    let made = amazon.call(DOCUMENTS, &json!({ "contentType": XML })).await;
    let url = made.body["url"].as_str().unwrap();
    let put = |kind: &str| amazon.http.put(url).header("content-type", kind).body("<a/>");
    let token = put(XML).header("x-amz-access-token", &amazon.token).send().await.unwrap();
    assert_eq!(token.status(), 403);
    assert_eq!(put("text/xml").send().await.unwrap().status(), 403, "another content type");
    let wrong = amazon.http.put(format!("{url}x")).header("content-type", XML).body("<a/>");
    assert_eq!(wrong.send().await.unwrap().status(), 403, "another signature");
    let document = made.body["feedDocumentId"].as_str().unwrap();
    assert_eq!(amazon.feed(document).await.status, 400, "nothing was uploaded");
    assert_eq!(put(XML).send().await.unwrap().status(), 200);
    amazon.state().advance(Duration::from_mins(5));
    let late = put(XML).send().await.unwrap();
    assert_eq!(late.status(), 403);
    assert!(late.text().await.unwrap().contains("expired"));
    assert_eq!(amazon.state().call_counts()["feedUpload"], 5);
}

#[tokio::test]
async fn a_feed_is_cancelled_while_it_waits_and_only_then() {
    let amazon = Amazon::start(0).await;
    let order = order(&amazon);
    let document = amazon.upload(&envelope(DEMO_SELLER_ID, &message(1, &order, "1", "DHL", 1))).await;
    let cancel = async |id: &str| {
        let address = format!("{}{FEEDS}/{id}", amazon.sandbox.base_url());
        let request = amazon.http.delete(address).header("x-amz-access-token", &amazon.token);
        Reply::read(request.send().await.unwrap()).await
    };
    let made = amazon.feed(&document).await;
    let id = made.body["feedId"].as_str().unwrap();
    let cancelled = cancel(id).await;
    assert_eq!((cancelled.status, &cancelled.body), (200, &json!("")));
    amazon.state().advance(Duration::from_mins(1));
    assert_eq!(amazon.state().feeds()[0].status, FeedStatus::Cancelled);
    assert!(amazon.state().packages(&order.order_id).is_empty());
    let made = amazon.feed(&document).await;
    amazon.state().advance(Duration::from_mins(1));
    assert_eq!(cancel(made.body["feedId"].as_str().unwrap()).await.status, 400);
    assert_eq!(cancel("1").await.status, 404);
}

#[tokio::test]
async fn fifteen_feeds_at_once_and_one_in_two_minutes_are_allowed() {
    let config = SandboxConfig { now: SandboxClock::Fixed(super::noon()), orders: 0, ..SandboxConfig::default() };
    let amazon = Amazon::with(config).await;
    let document = amazon.upload("<a/>").await;
    for _ in 0..15 {
        assert_eq!(amazon.feed(&document).await.status, 202);
    }
    assert_eq!(amazon.feed(&document).await.status, 429);
    amazon.state().advance(Duration::from_mins(2));
    assert_eq!(amazon.feed(&document).await.status, 429);
    amazon.state().advance(Duration::from_secs(1));
    let taken = amazon.feed(&document).await;
    assert_eq!((taken.status, taken.header("x-amzn-ratelimit-limit")), (202, Some("0.0083")));
}

#[tokio::test]
async fn wrong_feeds_are_refused_and_strangers_see_nothing() {
    let mut amazon = Amazon::start(0).await;
    let order = order(&amazon);
    let document = amazon.upload(&envelope(DEMO_SELLER_ID, &message(1, &order, "1", "DHL", 1))).await;
    let good = json!({
        "feedType": "POST_ORDER_FULFILLMENT_DATA",
        "marketplaceIds": ["A13V1IB3VIYZZH"],
        "inputFeedDocumentId": document,
    });
    for (name, value) in [
        ("feedType", json!("POST_ORDER_FULFILMENT_DATA")),
        ("marketplaceIds", json!([])),
        ("marketplaceIds", json!(["FR"])),
        ("inputFeedDocumentId", json!("amzn1.unknown")),
        ("feedOptions", json!({ "a": "b" })),
    ] {
        let mut body = good.clone();
        body[name] = value;
        assert_eq!(amazon.call(FEEDS, &body).await.status, 400, "{name}");
    }
    let mut dead = good.clone();
    dead["feedType"] = json!("POST_PRODUCT_DATA");
    assert_eq!(amazon.call(FEEDS, &dead).await.status, 202);
    amazon.state().advance(Duration::from_secs(20));
    assert_eq!(amazon.state().feeds()[0].status, FeedStatus::Fatal, "Amazon has switched these feeds off");
    amazon.state().refuse("createFeed", true).unwrap();
    assert_eq!(amazon.call(FEEDS, &good).await.status, 403);
    amazon.state().refuse("createFeed", false).unwrap();
    let feed = amazon.state().feeds()[0].feed_id.clone();
    let stranger = amazon.state().add_seller(0);
    amazon.token = amazon.sign_in(&stranger.refresh_token).await;
    assert_eq!(amazon.get(&format!("{FEEDS}/{feed}"), &[]).await.status, 404);
    assert_eq!(amazon.get(&format!("{DOCUMENTS}/{document}"), &[]).await.status, 404);
    assert_eq!(amazon.call(FEEDS, &good).await.status, 400);
}
