//! Telling Amazon that a parcel left: one call for each parcel, safe to repeat with the same package reference.
//!
//! The reference names the package within its order; told again, it changes that package instead of adding one.

use super::error::{AmazonError, RetryClass};
use super::http::{Answer, Refusal};
use super::model::shipments as amazon;
use super::{Amazon, Call, CallMeter, Credentials, Operation};
use crate::domain::ids::{AmazonItemId, AmazonOrderId, MarketplaceId};
use chrono::{DateTime, SecondsFormat, Utc};
use reqwest::Url;

/// One parcel as Amazon is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The order.
    pub order: AmazonOrderId,
    /// Where the order was placed.
    pub marketplace: MarketplaceId,
    /// The number of the package within its order, for ever the same.
    pub reference: i64,
    /// Amazon's code of the carrier.
    pub carrier_code: String,
    /// The carrier's name, for the code that stands for all others.
    pub carrier_name: Option<String>,
    /// The carrier's reference.
    pub tracking: String,
    /// When it left.
    pub shipped_at: DateTime<Utc>,
    /// What is in it.
    pub items: Vec<PackageItem>,
}

/// Units of one item in a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageItem {
    /// Amazon's number of the item.
    pub item: AmazonItemId,
    /// How many units.
    pub quantity: i64,
}

/// What Amazon says to a parcel that it was told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It will be shown with its order some seconds later.
    Accepted,
    /// Not as it is; telling the same again does not help.
    Refused(Refusal),
}

/// An instant as Amazon reads it.
pub(super) fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The address to which a parcel of an order is told.
fn confirmation_url(api: &Url, order: &AmazonOrderId) -> Url {
    let mut url = api.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["orders", "v0", "orders", order.as_str(), "shipmentConfirmation"]);
    }
    url
}

/// What is posted for a parcel.
fn body(package: &Package) -> String {
    let items = package
        .items
        .iter()
        .map(|item| amazon::OrderItem { order_item_id: item.item.as_str(), quantity: item.quantity });
    let body = amazon::ConfirmShipmentRequest {
        marketplace_id: package.marketplace.as_str(),
        package_detail: amazon::PackageDetail {
            package_reference_id: package.reference.to_string(),
            carrier_code: &package.carrier_code,
            carrier_name: package.carrier_name.as_deref(),
            tracking_number: &package.tracking,
            ship_date: written(package.shipped_at),
            order_items: items.collect(),
        },
    };
    // Texts and numbers always have a JSON form.
    serde_json::to_string(&body).unwrap_or_default()
}

/// What an answer says: accepted, refused as it is, or to be asked again.
fn verdict(answer: &Answer, now: DateTime<Utc>) -> Result<Verdict, AmazonError> {
    if answer.status.is_success() {
        return Ok(Verdict::Accepted);
    }
    let error = answer.refused(false, now);
    match error.class() {
        RetryClass::BadRequest | RetryClass::NotFound | RetryClass::Permanent => Ok(Verdict::Refused(answer.refusal())),
        _ => Err(error),
    }
}

impl Amazon {
    /// Tells Amazon of one parcel.
    ///
    /// A lost answer is repeated: with the same reference Amazon still has one package.
    pub async fn confirm_shipment(
        &self,
        credentials: &Credentials,
        package: &Package,
        meter: &mut CallMeter,
    ) -> Result<Verdict, AmazonError> {
        let url = confirmation_url(self.http.endpoints().api(credentials.region), &package.order);
        let call = Call::post(credentials, Operation::ConfirmShipment, url, body(package));
        self.call(call, |answer| verdict(answer, (self.clock)()), meter).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn package() -> Package {
        Package {
            order: "902-1106328-1059050".into(),
            marketplace: "A13V1IB3VIYZZH".into(),
            reference: 2,
            carrier_code: "Other".to_owned(),
            carrier_name: Some("Relais Colis".to_owned()),
            tracking: "6A12345678901".to_owned(),
            shipped_at: "2026-11-23T10:00:00.250Z".parse().unwrap(),
            items: vec![PackageItem { item: "79039765272157".into(), quantity: 3 }],
        }
    }

    #[test]
    fn a_parcel_is_told_with_its_reference_as_text_and_its_items_as_a_list() {
        let told: Value = serde_json::from_str(&body(&package())).unwrap();
        let expected = json!({
            "marketplaceId": "A13V1IB3VIYZZH",
            "packageDetail": {
                "packageReferenceId": "2", "carrierCode": "Other", "carrierName": "Relais Colis",
                "trackingNumber": "6A12345678901", "shipDate": "2026-11-23T10:00:00Z",
                "orderItems": [{"orderItemId": "79039765272157", "quantity": 3}]
            }
        });
        assert_eq!(told, expected);
        let known = Package { carrier_name: None, ..package() };
        let told: Value = serde_json::from_str(&body(&known)).unwrap();
        assert!(told["packageDetail"].get("carrierName").is_none(), "a name is told only where Amazon asks for it");
    }

    #[test]
    fn the_address_names_the_order() {
        let api: Url = "https://sellingpartnerapi-eu.amazon.com".parse().unwrap();
        let url = confirmation_url(&api, &package().order);
        assert_eq!(url.path(), "/orders/v0/orders/902-1106328-1059050/shipmentConfirmation");
    }
}
