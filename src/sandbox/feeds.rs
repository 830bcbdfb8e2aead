//! Feeds: documents that a seller uploads, and what the simulated Amazon makes of them in its own time.
//!
//! A feed must never be worked on before its time, nor its document be read by another seller.

use std::io::Write;

use actix_web::web::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::faults::FaultKind;
use super::feed_xml::{self, Complaint, Element};
use super::handle::SandboxHandle;
use super::packages::{Parcel, Refusal};
use super::quota::Operation;
use super::state::World;

/// How long the address of a document can be used: five minutes.
const ADDRESS_LIFE_SECS: i64 = 300;

/// The feed that the simulator works on.
pub(crate) const SHIPMENTS: &str = "POST_ORDER_FULFILLMENT_DATA";

/// Feeds that Amazon has switched off: they are taken and end as FATAL.
pub(crate) const SWITCHED_OFF: [&str; 3] =
    ["POST_PRODUCT_DATA", "POST_INVENTORY_AVAILABILITY_DATA", "POST_PRODUCT_PRICING_DATA"];

/// Amazon's codes for a document that cannot be read, and for a message that is refused.
const UNREADABLE: u32 = 5_001;
const REFUSED: u32 = 18_028;

/// How far a feed is.
///
/// Source: Amazon's model `feeds_2021-06-30`, definition `Feed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FeedStatus {
    /// Waits.
    InQueue,
    /// Is worked on.
    InProgress,
    /// Was worked on; its report says what came of each message.
    Done,
    /// Was withdrawn while it waited.
    Cancelled,
    /// Could not be worked on.
    Fatal,
}

impl FeedStatus {
    /// The word of the model.
    pub fn word(self) -> &'static str {
        match self {
            Self::InQueue => "IN_QUEUE",
            Self::InProgress => "IN_PROGRESS",
            Self::Done => "DONE",
            Self::Cancelled => "CANCELLED",
            Self::Fatal => "FATAL",
        }
    }
}

/// A document with the address that opens it for a while.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) seller: usize,
    pub(crate) content_type: String,
    /// The secret part of the address.
    pub(crate) signature: String,
    pub(crate) expires: DateTime<Utc>,
    pub(crate) content: Option<Bytes>,
    /// Whether Amazon wrote it; such a document is compressed and cannot be overwritten.
    pub(crate) is_result: bool,
}

/// A feed.
#[derive(Clone, Debug)]
pub(crate) struct Feed {
    pub(crate) id: String,
    pub(crate) seller: usize,
    pub(crate) kind: String,
    pub(crate) markets: Vec<String>,
    pub(crate) created: DateTime<Utc>,
    pub(crate) starts: DateTime<Utc>,
    pub(crate) ends: DateTime<Utc>,
    pub(crate) status: FeedStatus,
    pub(crate) result: Option<String>,
    content: Bytes,
    messages: usize,
    failed: usize,
}

/// All feeds and documents.
#[derive(Clone, Debug, Default)]
pub(crate) struct Feeds {
    pub(crate) documents: Vec<Document>,
    pub(crate) list: Vec<Feed>,
}

/// One feed, as the simulator knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FeedSnapshot {
    /// Amazon's identifier of the feed.
    pub feed_id: String,
    /// Its type, such as `POST_ORDER_FULFILLMENT_DATA`.
    pub feed_type: String,
    /// How far it is.
    pub status: FeedStatus,
    /// When it was created.
    pub created: DateTime<Utc>,
    /// How many messages it holds; 0 until it was worked on.
    pub messages: usize,
    /// How many of them were refused.
    pub failed: usize,
}

impl World {
    /// Makes room for a document that the seller will upload.
    pub(crate) fn add_document(&mut self, seller: usize, content_type: &str) -> Document {
        let document = self.new_document(seller, content_type);
        self.feeds.documents.push(document.clone());
        document
    }

    fn new_document(&mut self, seller: usize, content_type: &str) -> Document {
        let number = self.feeds.documents.len() + 1;
        Document {
            id: format!("amzn1.tortuga.4.eu.{number:06}-{}", self.rng.token(20)),
            seller,
            content_type: content_type.to_owned(),
            signature: self.rng.token(32),
            expires: self.clock.now() + TimeDelta::seconds(ADDRESS_LIFE_SECS),
            content: None,
            is_result: false,
        }
    }

    /// Gives a document of this seller a fresh address.
    pub(crate) fn open_document(&mut self, seller: usize, id: &str) -> Option<Document> {
        let (signature, now) = (self.rng.token(32), self.clock.now());
        let document = self.feeds.documents.iter_mut().find(|known| known.id == id && known.seller == seller)?;
        document.signature = signature;
        document.expires = now + TimeDelta::seconds(ADDRESS_LIFE_SECS);
        Some(document.clone())
    }

    /// Queues a feed.
    pub(crate) fn add_feed(&mut self, seller: usize, kind: &str, markets: Vec<String>, content: Bytes) -> String {
        let now = self.clock.now();
        let step = TimeDelta::seconds(i64::from(self.settings.feed_step_secs));
        let id = self.rng.digits(11);
        self.feeds.list.push(Feed {
            id: id.clone(),
            seller,
            kind: kind.to_owned(),
            markets,
            created: now,
            starts: now + step,
            ends: now + step + step,
            status: FeedStatus::InQueue,
            result: None,
            content,
            messages: 0,
            failed: 0,
        });
        id
    }

    /// Works on the feeds whose time has come.
    pub(crate) fn work_on_feeds(&mut self) {
        let now = self.clock.now();
        for at in 0..self.feeds.list.len() {
            let Some(feed) = self.feeds.list.get_mut(at) else { return };
            if feed.status == FeedStatus::InQueue && feed.starts <= now {
                feed.status = FeedStatus::InProgress;
            }
            if feed.status == FeedStatus::InProgress && feed.ends <= now {
                let feed = feed.clone();
                let done = self.work(feed);
                if let Some(place) = self.feeds.list.get_mut(at) {
                    *place = done;
                }
            }
        }
    }

    /// Works on one feed.
    fn work(&mut self, mut feed: Feed) -> Feed {
        let is_dead = SWITCHED_OFF.contains(&feed.kind.as_str());
        if is_dead || self.strikes(FaultKind::FeedFatal, Operation::CreateFeed, feed.seller) {
            feed.status = FeedStatus::Fatal;
            return feed;
        }
        let seller_id = self.seller_id(feed.seller);
        let envelope = feed_xml::read(&feed.content).and_then(|envelope| {
            feed_xml::check(&envelope)?;
            let merchant = envelope.child("Header").map_or("", |header| header.value("MerchantIdentifier"));
            if merchant == seller_id { Ok(envelope) } else { Err("MerchantIdentifier is another seller".to_owned()) }
        });
        let complaints: Vec<Complaint> = match &envelope {
            Ok(envelope) => {
                feed.messages = envelope.all("Message").count();
                envelope.all("Message").filter_map(|message| self.work_on_message(feed.seller, message).err()).collect()
            }
            Err(error) => {
                let text = format!("XML Parsing Fatal Error: {error}");
                vec![Complaint { message: 0, code: UNREADABLE, text, order_id: String::new() }]
            }
        };
        feed.failed = complaints.len();
        feed.status = if envelope.is_ok() { FeedStatus::Done } else { FeedStatus::Fatal };
        let report = feed_xml::report(&feed.id, &seller_id, feed.messages, &complaints);
        let mut document = self.new_document(feed.seller, "text/xml; charset=UTF-8");
        document.content = Some(compressed(report.as_bytes()));
        document.is_result = true;
        feed.result = Some(document.id.clone());
        self.feeds.documents.push(document);
        feed
    }

    /// Takes one message of a feed of shipments.
    fn work_on_message(&mut self, seller: usize, message: &Element) -> Result<(), Complaint> {
        let empty = Element::default();
        let fulfillment = message.child("OrderFulfillment").unwrap_or(&empty);
        let order_id = fulfillment.value("AmazonOrderID");
        let number = message.value("MessageID").parse().unwrap_or(0);
        self.fulfill(seller, order_id, fulfillment).map_err(|refusal| Complaint {
            message: number,
            code: REFUSED,
            text: match refusal {
                Refusal::NotFound => "The order cannot be found for this seller.".to_owned(),
                Refusal::Because(text) => text,
            },
            order_id: order_id.to_owned(),
        })
    }

    fn fulfill(&mut self, seller: usize, order_id: &str, fulfillment: &Element) -> Result<(), Refusal> {
        let order = self.order(order_id).filter(|order| order.seller == seller).ok_or(Refusal::NotFound)?;
        let date = DateTime::parse_from_rfc3339(fulfillment.value("FulfillmentDate"));
        let shipped = date.map_err(|_wrong| Refusal::because("FulfillmentDate is not a date and time."))?.to_utc();
        let mut contents = Vec::new();
        let rest = order.rest();
        for item in fulfillment.all("Item") {
            let id = item.value("AmazonOrderItemCode");
            let quantity = match item.child("Quantity") {
                Some(quantity) => quantity.text.trim().parse::<i64>(),
                None => Ok(rest.iter().find(|(known, _)| known == id).map_or(0, |(_, left)| *left)),
            };
            let quantity = quantity.map_err(|_wrong| Refusal::because("Quantity is not a whole number."))?;
            contents.push((id.to_owned(), quantity));
        }
        if contents.is_empty() {
            contents = rest;
        }
        let next = || {
            let known = order.packages.iter().filter(|package| package.confirmations > 0);
            (known.filter_map(|package| package.reference.parse::<u64>().ok()).max().unwrap_or(0) + 1).to_string()
        };
        let reference = match fulfillment.value("MerchantFulfillmentID") {
            "" => next(),
            reference => reference.to_owned(),
        };
        let empty = Element::default();
        let carriage = fulfillment.child("FulfillmentData").unwrap_or(&empty);
        let parcel = Parcel {
            shipped,
            carrier: carriage.value("CarrierCode").to_owned(),
            carrier_name: carriage.value("CarrierName").to_owned(),
            method: carriage.value("ShippingMethod").to_owned(),
            tracking: carriage.value("ShipperTrackingNumber").to_owned(),
            contents,
        };
        self.confirm(seller, order_id, &reference, parcel)
    }

    /// All feeds as a test or a page may know them, oldest first.
    pub(crate) fn feed_snapshots(&self) -> Vec<FeedSnapshot> {
        let snapshot = |feed: &Feed| FeedSnapshot {
            feed_id: feed.id.clone(),
            feed_type: feed.kind.clone(),
            status: feed.status,
            created: feed.created,
            messages: feed.messages,
            failed: feed.failed,
        };
        self.feeds.list.iter().map(snapshot).collect()
    }
}

/// A document as it is handed out: compressed.
fn compressed(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail.
    encoder.write_all(bytes).ok();
    encoder.finish().unwrap_or_default().into()
}

impl SandboxHandle {
    /// All feeds, oldest first.
    pub fn feeds(&self) -> Vec<FeedSnapshot> {
        self.with(|world| world.feed_snapshots())
    }
}
