//! An order as Amazon writes it (Orders API 2026-01-01 model), only the fields that Comptoir uses.
//!
//! Unknown fields are ignored, `null` is a missing field, and every field may be missing: what is needed is
//! asked for by `translate`. No type here can be printed, for most hold personal data.

#![expect(clippy::struct_field_names, reason = "the fields are named as Amazon names them")]

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// A page of orders; each is kept as text, so that a bad one spoils no other.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SearchOrdersResponse {
    pub(crate) orders: Vec<Box<RawValue>>,
    pub(crate) pagination: Option<Pagination>,
    pub(crate) last_updated_before: Option<String>,
    pub(crate) created_before: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Pagination {
    pub(crate) next_token: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct GetOrderResponse {
    pub(crate) order: Box<RawValue>,
}

/// The reference alone, to name an order that cannot be read otherwise.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderReference {
    pub(crate) order_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) order_id: Option<String>,
    pub(crate) created_time: Option<String>,
    pub(crate) last_updated_time: Option<String>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) programs: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) associated_orders: Vec<AssociatedOrder>,
    pub(crate) sales_channel: Option<SalesChannel>,
    pub(crate) buyer: Option<Buyer>,
    pub(crate) recipient: Option<Recipient>,
    pub(crate) proceeds: Option<OrderProceeds>,
    pub(crate) tax: Option<OrderTax>,
    pub(crate) fulfillment: Option<OrderFulfillment>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) packages: Vec<OrderPackage>,
    pub(crate) order_items: Option<Vec<OrderItem>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AssociatedOrder {
    pub(crate) order_id: Option<String>,
    pub(crate) association_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SalesChannel {
    pub(crate) marketplace_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Buyer {
    pub(crate) buyer_name: Option<String>,
    pub(crate) buyer_email: Option<String>,
    pub(crate) buyer_company_name: Option<String>,
    pub(crate) buyer_purchase_order_number: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Recipient {
    pub(crate) delivery_address: Option<CustomerAddress>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomerAddress {
    pub(crate) name: Option<String>,
    pub(crate) company_name: Option<String>,
    pub(crate) address_line1: Option<String>,
    pub(crate) address_line2: Option<String>,
    pub(crate) address_line3: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) district_or_county: Option<String>,
    pub(crate) state_or_region: Option<String>,
    pub(crate) municipality: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) country_code: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) extended_fields: Option<AddressExtendedFields>,
}

/// The parts of a Brazilian street line.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddressExtendedFields {
    pub(crate) street_name: Option<String>,
    pub(crate) street_number: Option<String>,
    pub(crate) complement: Option<String>,
    pub(crate) neighborhood: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderProceeds {
    pub(crate) grand_total: Option<Money>,
    pub(crate) breakdowns: Option<Vec<OrderProceedsBreakdown>>,
}

#[derive(Deserialize)]
pub(crate) struct OrderProceedsBreakdown {
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) subtotal: Option<Money>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderTax {
    #[serde(default, deserialize_with = "list")]
    pub(crate) tax_registrations: Vec<OrderTaxRegistration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderTaxRegistration {
    pub(crate) entity_type: Option<String>,
    pub(crate) tax_registration_type: Option<String>,
    pub(crate) tax_registration_number: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderPackage {
    pub(crate) ship_from_address: Option<MerchantAddress>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MerchantAddress {
    pub(crate) postal_code: Option<String>,
    pub(crate) country_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderFulfillment {
    pub(crate) fulfillment_status: Option<String>,
    pub(crate) fulfilled_by: Option<String>,
    pub(crate) ship_by_window: Option<DateTimeRange>,
    pub(crate) deliver_by_window: Option<DateTimeRange>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DateTimeRange {
    pub(crate) latest_date_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OrderItem {
    pub(crate) order_item_id: Option<String>,
    pub(crate) quantity_ordered: Option<i64>,
    pub(crate) product: Option<ItemProduct>,
    pub(crate) proceeds: Option<ItemProceeds>,
    pub(crate) cancellation: Option<ItemCancellation>,
    pub(crate) fulfillment: Option<ItemFulfillment>,
    pub(crate) tax: Option<ItemTax>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemTax {
    #[serde(default, deserialize_with = "list")]
    pub(crate) tax_calculation_breakdowns: Vec<ItemTaxCalculationBreakdown>,
    #[serde(default, deserialize_with = "list")]
    pub(crate) tax_collections: Vec<ItemTaxCollection>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemTaxCalculationBreakdown {
    pub(crate) reporting_scheme: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct ItemTaxCollection {
    pub(crate) model: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemProduct {
    pub(crate) asin: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) seller_sku: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemProceeds {
    pub(crate) proceeds_total: Option<Money>,
    pub(crate) breakdowns: Option<Vec<ItemProceedsBreakdown>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemProceedsBreakdown {
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) subtotal: Option<Money>,
    pub(crate) detailed_breakdowns: Option<Vec<ItemProceedsDetailedBreakdown>>,
}

#[derive(Deserialize)]
pub(crate) struct ItemProceedsDetailedBreakdown {
    pub(crate) subtype: Option<String>,
    pub(crate) value: Option<Money>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemCancellation {
    pub(crate) cancellation_request: Option<ItemCancellationRequest>,
}

#[derive(Deserialize)]
pub(crate) struct ItemCancellationRequest {
    pub(crate) requester: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemFulfillment {
    pub(crate) quantity_fulfilled: Option<i64>,
    pub(crate) packing: Option<ItemPacking>,
    pub(crate) shipping: Option<ItemShipping>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemShipping {
    pub(crate) international_shipping: Option<ItemInternationalShipping>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemInternationalShipping {
    pub(crate) ioss_number: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemPacking {
    pub(crate) gift_option: Option<GiftOption>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GiftOption {
    pub(crate) gift_message: Option<String>,
}

/// An amount; kept as Amazon's own text, never as a floating-point number.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Money {
    /// A JSON string such as `"19.99"`, or a JSON number.
    pub(crate) amount: Option<Box<RawValue>>,
    pub(crate) currency_code: Option<String>,
}

/// Reads a list whose absence, or whose absent entries, change nothing.
fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let entries: Option<Vec<Option<T>>> = Option::deserialize(deserializer)?;
    Ok(entries.into_iter().flatten().flatten().collect())
}
