//! What Amazon is told of a parcel (Orders API v0 model, `confirmShipment`).

use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConfirmShipmentRequest<'a> {
    pub(crate) marketplace_id: &'a str,
    pub(crate) package_detail: PackageDetail<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PackageDetail<'a> {
    /// A text that holds a number: a number itself is refused.
    pub(crate) package_reference_id: String,
    pub(crate) carrier_code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) carrier_name: Option<&'a str>,
    pub(crate) tracking_number: &'a str,
    pub(crate) ship_date: String,
    pub(crate) order_items: Vec<OrderItem<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderItem<'a> {
    pub(crate) order_item_id: &'a str,
    pub(crate) quantity: i64,
}
