//! The XML of order feeds: what a seller uploads, and the report that the simulated Amazon answers with.
//!
//! Source: Amazon's schemas `amzn-envelope.xsd` and `OrderFulfillment.xsd`, whose elements stand in a fixed order. It must never
//! forgive an element in the wrong place.

use std::fmt::Write;

use quick_xml::Reader;
use quick_xml::escape::{escape, resolve_predefined_entity};
use quick_xml::events::Event;

/// An element with its text and its children.
#[derive(Clone, Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// The first child of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of this name, without spaces around it; empty when there is none.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }

    /// All children of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

/// How often an element may stand in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Times {
    Once,
    AtMostOnce,
    Any,
}

/// One place of a sequence: the elements that may stand there.
type Place = (&'static [&'static str], Times);

const ENVELOPE: &[Place] = &[(&["Header"], Times::Once), (&["MessageType"], Times::Once), (&["Message"], Times::Any)];
const HEADER: &[Place] = &[(&["DocumentVersion"], Times::Once), (&["MerchantIdentifier"], Times::Once)];
const MESSAGE: &[Place] =
    &[(&["MessageID"], Times::Once), (&["OperationType"], Times::AtMostOnce), (&["OrderFulfillment"], Times::Once)];
const FULFILLMENT: &[Place] = &[
    (&["AmazonOrderID", "MerchantOrderID"], Times::Once),
    (&["MerchantFulfillmentID"], Times::AtMostOnce),
    (&["FulfillmentDate"], Times::Once),
    (&["FulfillmentData"], Times::AtMostOnce),
    (&["CODCollectionMethod"], Times::AtMostOnce),
    (&["Item"], Times::Any),
    (&["ShipFromAddress"], Times::AtMostOnce),
];
const DATA: &[Place] = &[
    (&["CarrierCode"], Times::AtMostOnce),
    (&["CarrierName"], Times::AtMostOnce),
    (&["ShippingMethod"], Times::AtMostOnce),
    (&["ShipperTrackingNumber"], Times::AtMostOnce),
];
const ITEM: &[Place] = &[
    (&["AmazonOrderItemCode", "MerchantOrderItemID"], Times::Once),
    (&["MerchantFulfillmentItemID"], Times::AtMostOnce),
    (&["Quantity"], Times::AtMostOnce),
    (&["TransparencyCode"], Times::Any),
];

/// Reads a document into its outermost element.
pub(crate) fn read(bytes: &[u8]) -> Result<Element, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| format!("the document is not UTF-8: {error}"))?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut open: Vec<Element> = vec![Element::default()];
    let new = |name: &str| Element { name: name.to_owned(), ..Element::default() };
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match event {
            Event::Start(start) => open.push(new(start.local_name().as_ref())),
            Event::Empty(start) => {
                if let Some(parent) = open.last_mut() {
                    parent.children.push(new(start.local_name().as_ref()));
                }
            }
            Event::End(_) => {
                let closed = open.pop().unwrap_or_default();
                open.last_mut().ok_or("an element is closed that was not opened")?.children.push(closed);
            }
            Event::Text(text) => add(&mut open, &text.xml10_content()),
            Event::CData(text) => add(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                if let Some(letter) = reference.resolve_char_ref().map_err(|error| error.to_string())? {
                    add(&mut open, letter.encode_utf8(&mut [0; 4]));
                } else {
                    let name = reference.xml10_content();
                    add(&mut open, resolve_predefined_entity(&name).ok_or("an entity is not known")?);
                }
            }
            Event::DocType(_) => return Err("a document type is not allowed".to_owned()),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    let mut root = match open.as_slice() {
        [root] => root.clone(),
        _ => return Err("the document ends before its elements do".to_owned()),
    };
    root.children.pop().ok_or_else(|| "the document is empty".to_owned())
}

fn add(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// What is wrong with the children of an element, if something is.
fn follows(element: &Element, places: &[Place]) -> Result<(), String> {
    let name = &element.name;
    let mut children = element.children.iter().peekable();
    for (allowed, times) in places {
        let mut count = 0;
        while children.peek().is_some_and(|child| allowed.contains(&child.name.as_str())) {
            children.next();
            count += 1;
            if *times != Times::Any && count > 1 {
                return Err(format!("element {} stands twice in {name}", allowed.join(" or ")));
            }
        }
        if *times == Times::Once && count == 0 {
            return Err(format!("the content of element {name} is not complete: {} is expected", allowed.join(" or ")));
        }
    }
    match children.next() {
        Some(child) => Err(format!("element {} is not expected here in {name}", child.name)),
        None => Ok(()),
    }
}

/// Checks a feed of shipments against the schema.
pub(crate) fn check(envelope: &Element) -> Result<(), String> {
    if envelope.name != "AmazonEnvelope" {
        return Err("the outermost element must be AmazonEnvelope".to_owned());
    }
    follows(envelope, ENVELOPE)?;
    envelope.all("Header").try_for_each(|header| follows(header, HEADER))?;
    if envelope.value("MessageType") != "OrderFulfillment" {
        return Err("the message type must be OrderFulfillment".to_owned());
    }
    let mut seen = std::collections::BTreeSet::new();
    for message in envelope.all("Message") {
        follows(message, MESSAGE)?;
        let id = message.value("MessageID");
        if !id.parse::<u64>().is_ok_and(|number| number > 0) || !seen.insert(id) {
            return Err(format!("MessageID '{id}' must be a whole number above zero that stands only once"));
        }
        for fulfillment in message.all("OrderFulfillment") {
            follows(fulfillment, FULFILLMENT)?;
            fulfillment.all("FulfillmentData").try_for_each(|data| follows(data, DATA))?;
            fulfillment.all("Item").try_for_each(|item| follows(item, ITEM))?;
        }
    }
    Ok(())
}

/// One complaint of a processing report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// The message; 0 is the document as a whole.
    pub(crate) message: u64,
    pub(crate) code: u32,
    pub(crate) text: String,
    pub(crate) order_id: String,
}

/// The processing report of a feed.
///
/// Source: Amazon's schema `ProcessingReport.xsd`: only what went wrong is listed.
pub(crate) fn report(feed_id: &str, seller_id: &str, processed: usize, complaints: &[Complaint]) -> String {
    let is_rejected = complaints.iter().any(|complaint| complaint.message == 0);
    let failed = if is_rejected { 0 } else { complaints.len() };
    let succeeded = processed.saturating_sub(failed);
    let status = if is_rejected { "Rejected" } else { "Complete" };
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <AmazonEnvelope xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"amzn-envelope.xsd\">\
         <Header><DocumentVersion>1.02</DocumentVersion><MerchantIdentifier>{}</MerchantIdentifier></Header>\
         <MessageType>ProcessingReport</MessageType><Message><MessageID>1</MessageID><ProcessingReport>\
         <DocumentTransactionID>{}</DocumentTransactionID><StatusCode>{status}</StatusCode>\
         <ProcessingSummary><MessagesProcessed>{processed}</MessagesProcessed><MessagesSuccessful>{succeeded}</MessagesSuccessful>\
         <MessagesWithError>{}</MessagesWithError><MessagesWithWarning>0</MessagesWithWarning></ProcessingSummary>",
        escape(seller_id),
        escape(feed_id),
        complaints.len(),
    );
    for Complaint { message, code, text: words, order_id } in complaints {
        let order = if order_id.is_empty() {
            String::new()
        } else {
            format!("<AdditionalInfo><AmazonOrderID>{}</AmazonOrderID></AdditionalInfo>", escape(order_id.as_str()))
        };
        write!(
            text,
            "<Result><MessageID>{message}</MessageID><ResultCode>Error</ResultCode>\
             <ResultMessageCode>{code}</ResultMessageCode><ResultDescription>{}</ResultDescription>{order}</Result>",
            escape(words.as_str()),
        )
        .ok();
    }
    text.push_str("</ProcessingReport></Message></AmazonEnvelope>\n");
    text
}

#[cfg(test)]
mod tests {
    use super::{Complaint, check, read, report};

    fn feed(message: &str) -> String {
        format!(
            "<?xml version=\"1.0\"?><AmazonEnvelope><Header><DocumentVersion>1.01</DocumentVersion>\
             <MerchantIdentifier>A1</MerchantIdentifier></Header><MessageType>OrderFulfillment</MessageType>{message}</AmazonEnvelope>"
        )
    }

    fn verdict(inside: &str) -> Result<(), String> {
        let text = feed(&format!("<Message><MessageID>1</MessageID>{inside}</Message>"));
        read(text.as_bytes()).and_then(|envelope| check(&envelope))
    }

    #[test]
    fn the_order_of_elements_is_the_schemas() {
        let good = "<OrderFulfillment><AmazonOrderID>1</AmazonOrderID><FulfillmentDate>d</FulfillmentDate>\
            <FulfillmentData><CarrierCode>DHL</CarrierCode></FulfillmentData>\
            <Item><AmazonOrderItemCode>2</AmazonOrderItemCode><Quantity>1</Quantity></Item></OrderFulfillment>";
        assert_eq!(verdict(good), Ok(()));
        let late =
            "<OrderFulfillment><FulfillmentDate>d</FulfillmentDate><AmazonOrderID>1</AmazonOrderID></OrderFulfillment>";
        assert!(verdict(late).unwrap_err().contains("AmazonOrderID or MerchantOrderID is expected"));
        let after = "<OrderFulfillment><AmazonOrderID>1</AmazonOrderID><FulfillmentDate>d</FulfillmentDate>\
            <MerchantFulfillmentID>1</MerchantFulfillmentID></OrderFulfillment>";
        assert!(verdict(after).unwrap_err().contains("MerchantFulfillmentID is not expected here"));
        assert!(verdict("").unwrap_err().contains("OrderFulfillment is expected"));
        let twice = feed(&"<Message><MessageID>1</MessageID></Message>".repeat(2));
        assert!(check(&read(twice.as_bytes()).unwrap()).is_err());
    }

    #[test]
    fn entities_are_read_and_broken_documents_are_not() {
        let read_text = |text: &str| read(text.as_bytes()).map(|element| element.text);
        assert_eq!(read_text("<a>Fr&#232;res &amp; <![CDATA[Cie]]></a>"), Ok("Frères & Cie".to_owned()));
        for broken in ["<a>", "<a></b>", "", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a>&x;</a>"] {
            assert!(read(broken.as_bytes()).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_report_counts_and_lists_only_what_went_wrong() {
        let wrong = Complaint { message: 2, code: 18028, text: "a < b".to_owned(), order_id: "902-1".to_owned() };
        let envelope = read(report("7", "A1", 3, &[wrong]).as_bytes()).unwrap();
        let report = envelope.child("Message").unwrap().child("ProcessingReport").unwrap();
        let summary = report.child("ProcessingSummary").unwrap();
        let counts = ["MessagesProcessed", "MessagesSuccessful", "MessagesWithError"].map(|name| summary.value(name));
        assert_eq!((report.value("StatusCode"), counts), ("Complete", ["3", "2", "1"]));
        assert_eq!(report.all("Result").count(), 1);
        assert_eq!(report.child("Result").unwrap().value("ResultDescription"), "a < b");
    }
}
