//! The file that tells Amazon of many parcels: one message for each, in the order that Amazon's schema demands.

use super::shipments::Package;
use crate::domain::ids::SellerId;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

/// One message of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FulfillmentMessage {
    /// Its number within the file, by which the report names it.
    pub number: i64,
    /// The parcel.
    pub package: Package,
}

/// The file for these parcels of a seller.
pub fn write(seller: &SellerId, messages: &[FulfillmentMessage]) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let envelope = xml.create_element("AmazonEnvelope").with_attributes([
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ("xsi:noNamespaceSchemaLocation", "amzn-envelope.xsd"),
    ]);
    envelope.write_inner_content(|xml| {
        xml.create_element("Header").write_inner_content(|xml| {
            text(xml, "DocumentVersion", "1.01")?;
            text(xml, "MerchantIdentifier", seller.as_str())
        })?;
        text(xml, "MessageType", "OrderFulfillment")?;
        messages.iter().try_for_each(|message| {
            xml.create_element("Message").write_inner_content(|xml| {
                text(xml, "MessageID", &message.number.to_string())?;
                fulfillment(xml, &message.package)
            })?;
            Ok(())
        })
    })?;
    Ok(xml.into_inner())
}

fn fulfillment(xml: &mut Writer<Vec<u8>>, package: &Package) -> io::Result<()> {
    xml.create_element("OrderFulfillment").write_inner_content(|xml| {
        text(xml, "AmazonOrderID", package.order.as_str())?;
        text(xml, "MerchantFulfillmentID", &package.reference.to_string())?;
        text(xml, "FulfillmentDate", &package.shipped_at.format("%Y-%m-%dT%H:%M:%S+00:00").to_string())?;
        xml.create_element("FulfillmentData").write_inner_content(|xml| {
            // A carrier is named or coded, and the code comes first.
            text(xml, "CarrierCode", &package.carrier_code)?;
            if let Some(name) = &package.carrier_name {
                text(xml, "CarrierName", name)?;
            }
            text(xml, "ShipperTrackingNumber", &package.tracking)
        })?;
        package.items.iter().try_for_each(|item| {
            xml.create_element("Item").write_inner_content(|xml| {
                text(xml, "AmazonOrderItemCode", item.item.as_str())?;
                text(xml, "Quantity", &item.quantity.to_string())
            })?;
            Ok(())
        })
    })?;
    Ok(())
}

/// One sign that XML cannot hold would have Amazon refuse the whole file, with the parcels of everybody else.
fn text(xml: &mut Writer<Vec<u8>>, name: &str, value: &str) -> io::Result<()> {
    let value: String = value.chars().filter(|sign| is_xml(*sign)).collect();
    xml.create_element(name).write_text_content(BytesText::new(&value))?;
    Ok(())
}

/// Whether XML 1.0 can hold a sign (production `Char`).
const fn is_xml(sign: char) -> bool {
    matches!(sign, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amazon::PackageItem;

    #[test]
    fn a_parcel_becomes_one_message_in_the_order_of_the_schema() {
        let package = Package {
            order: "902-1106328-1059050".into(),
            marketplace: "A13V1IB3VIYZZH".into(),
            reference: 2,
            carrier_code: "Other".to_owned(),
            carrier_name: Some("Relais & Colis".to_owned()),
            tracking: "6A<\u{1}1".to_owned(),
            shipped_at: "2026-11-23T10:00:00Z".parse().unwrap(),
            items: vec![
                PackageItem { item: "79039765272157".into(), quantity: 1 },
                PackageItem { item: "79039765272158".into(), quantity: 4 },
            ],
        };
        let file = write(&"A3SELLERID".into(), &[FulfillmentMessage { number: 1, package }]).unwrap();
        let expected = concat!(
            r#"<?xml version="1.0" encoding="UTF-8"?>"#,
            r#"<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">"#,
            "<Header><DocumentVersion>1.01</DocumentVersion><MerchantIdentifier>A3SELLERID</MerchantIdentifier></Header>",
            "<MessageType>OrderFulfillment</MessageType>",
            "<Message><MessageID>1</MessageID><OrderFulfillment><AmazonOrderID>902-1106328-1059050</AmazonOrderID>",
            "<MerchantFulfillmentID>2</MerchantFulfillmentID><FulfillmentDate>2026-11-23T10:00:00+00:00</FulfillmentDate>",
            "<FulfillmentData><CarrierCode>Other</CarrierCode><CarrierName>Relais &amp; Colis</CarrierName>",
            "<ShipperTrackingNumber>6A&lt;1</ShipperTrackingNumber></FulfillmentData>",
            "<Item><AmazonOrderItemCode>79039765272157</AmazonOrderItemCode><Quantity>1</Quantity></Item>",
            "<Item><AmazonOrderItemCode>79039765272158</AmazonOrderItemCode><Quantity>4</Quantity></Item>",
            "</OrderFulfillment></Message></AmazonEnvelope>",
        );
        assert_eq!(String::from_utf8(file).unwrap(), expected);
    }
}
