//! From Amazon's words to Comptoir's: the only place where the two meet.
//!
//! What Amazon leaves out stays missing and what it adds is ignored; an order is refused only when it would be
//! wrong without what is missing. Nothing here is decided about the order.

use super::model::orders as amazon;
use super::rejected::{RejectReason, Rejected};
use crate::domain::amounts::{Breakdown, ChargeKind, reconcile};
use crate::domain::ids::{AmazonItemId, AmazonOrderId, Asin, MarketplaceId, Sku};
use crate::domain::marketplace::{Directory, Entry};
use crate::domain::money::{Currency, Money};
use crate::domain::personal::Personal;
use crate::domain::remote::{
    AmazonStatus, Buyer, Channel, DeliveryAddress, ItemAmounts, RemoteItem, RemoteOrder, TaxReading,
};
use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use std::collections::HashSet;

/// Reads one order, or sets it aside with its text.
pub(super) fn order(raw: &RawValue, directory: &Directory) -> Result<RemoteOrder, Rejected> {
    // The cause would quote the order, which holds personal data.
    let read = serde_json::from_str::<amazon::Order>(raw.get()).map_err(|_order| RejectReason::Malformed);
    read.and_then(|order| translate(order, directory)).map_err(|reason| Rejected {
        amazon_id: reference(raw),
        reason,
        raw: Personal::new(raw.get().to_owned()),
    })
}

/// The reference of an order that cannot be read otherwise.
fn reference(raw: &RawValue) -> Option<AmazonOrderId> {
    let found: amazon::OrderReference = serde_json::from_str(raw.get()).ok()?;
    told(found.order_id).map(AmazonOrderId)
}

fn translate(order: amazon::Order, directory: &Directory) -> Result<RemoteOrder, RejectReason> {
    let amazon_id = required(order.order_id.clone(), "orderId")?;
    let marketplace = order.sales_channel.as_ref().and_then(|channel| channel.marketplace_id.clone());
    let marketplace = required(marketplace, "salesChannel.marketplaceId")?;
    let place = directory.find(&marketplace);
    let currency = currency(&order, place)?;
    let fulfillment = order.fulfillment.ok_or(RejectReason::MissingField("fulfillment.fulfilledBy"))?;
    let channel = match fulfillment.fulfilled_by.as_deref() {
        Some("AMAZON") => Channel::Fba,
        Some("MERCHANT") => Channel::Fbm,
        _ => return Err(RejectReason::MissingField("fulfillment.fulfilledBy")),
    };
    let status = AmazonStatus::parse(&fulfillment.fulfillment_status.unwrap_or_default());
    let usual = usual_reading(place);
    let items = order.order_items.ok_or(RejectReason::MissingField("orderItems"))?;
    let tax = tax::facts(&items, &order.packages);
    let items: Vec<RemoteItem> =
        items.into_iter().map(|told| item(told, currency, usual, &status)).collect::<Result<_, _>>()?;
    let mut seen = HashSet::new();
    if !items.iter().all(|item| seen.insert(&item.item_id)) {
        return Err(RejectReason::RepeatedItem);
    }
    let proceeds = order.proceeds;
    let grand_total = proceeds.as_ref().and_then(|proceeds| proceeds.grand_total.as_ref());
    let grand_total = grand_total.map(|total| money(total, currency)).transpose()?.flatten();
    Ok(RemoteOrder {
        created_at: required_instant(order.created_time, "createdTime")?,
        updated_at: required_instant(order.last_updated_time, "lastUpdatedTime")?,
        ship_by: latest(fulfillment.ship_by_window, "fulfillment.shipByWindow.latestDateTime")?,
        deliver_by: latest(fulfillment.deliver_by_window, "fulfillment.deliverByWindow.latestDateTime")?,
        tip: tip(proceeds.and_then(|proceeds| proceeds.breakdowns).unwrap_or_default(), currency)?,
        buyer: buyer(order.buyer, order.tax),
        delivery: order.recipient.and_then(|recipient| recipient.delivery_address).and_then(address),
        is_business: order.programs.iter().any(|program| program == "AMAZON_BUSINESS"),
        is_prime: order.programs.iter().any(|program| program == "PRIME"),
        replaces: replaced(order.associated_orders),
        amazon_id: AmazonOrderId(amazon_id),
        marketplace: MarketplaceId(marketplace),
        channel,
        status,
        currency,
        grand_total,
        items,
        tax,
    })
}

/// A text that says something: an empty one is a missing one.
fn told(text: Option<String>) -> Option<String> {
    let text = text?;
    let trimmed = text.trim();
    match trimmed.len() {
        0 => None,
        length if length == text.len() => Some(text),
        _ => Some(trimmed.to_owned()),
    }
}

fn personal(text: Option<String>) -> Option<Personal<String>> {
    told(text).map(Personal::new)
}

fn required(text: Option<String>, field: &'static str) -> Result<String, RejectReason> {
    told(text).ok_or(RejectReason::MissingField(field))
}

/// Reads a date-time of Amazon, with or without fractions of a second.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.with_timezone(&Utc))
}

fn required_instant(text: Option<String>, field: &'static str) -> Result<DateTime<Utc>, RejectReason> {
    instant(&required(text, field)?).ok_or(RejectReason::BadDate(field))
}

/// The end of a window; a deadline that cannot be read must not be lost silently.
fn latest(window: Option<amazon::DateTimeRange>, field: &'static str) -> Result<Option<DateTime<Utc>>, RejectReason> {
    let text = told(window.and_then(|window| window.latest_date_time));
    text.map(|text| instant(&text).ok_or(RejectReason::BadDate(field))).transpose()
}

/// How tax and price usually relate, for items that fit both readings.
fn usual_reading(marketplace: Option<Entry<'_>>) -> TaxReading {
    match marketplace.map(|found| found.country) {
        Some("US" | "CA") => TaxReading::OnTop,
        _ => TaxReading::Included,
    }
}

/// The currency of an order.
///
/// It is its total's, else its first amount's, else its marketplace's.
fn currency(order: &amazon::Order, marketplace: Option<Entry<'_>>) -> Result<Currency, RejectReason> {
    let proceeds = order.proceeds.as_ref();
    let total = proceeds.and_then(|proceeds| proceeds.grand_total.as_ref());
    let items = order.order_items.iter().flatten().filter_map(|item| item.proceeds.as_ref());
    let of_items = items.flat_map(|proceeds| {
        let parts = proceeds.breakdowns.iter().flatten().filter_map(|part| part.subtotal.as_ref());
        proceeds.proceeds_total.iter().chain(parts)
    });
    let parts = proceeds.and_then(|proceeds| proceeds.breakdowns.as_ref()).into_iter().flatten();
    let of_order = parts.filter_map(|part| part.subtotal.as_ref());
    let mut codes =
        total.into_iter().chain(of_items).chain(of_order).filter_map(|money| told(money.currency_code.clone()));
    match codes.next() {
        Some(code) => Ok(Currency::parse(&code)?),
        None => marketplace.map(|found| found.currency).ok_or(RejectReason::UnknownCurrency),
    }
}

/// Reads an amount from its own text; nothing when Amazon gave no number.
fn money(money: &amazon::Money, currency: Currency) -> Result<Option<Money>, RejectReason> {
    let Some(raw) = money.amount.as_deref().map(RawValue::get) else { return Ok(None) };
    let text = match raw.bytes().next() {
        // The cause would quote the text.
        Some(b'"') => serde_json::from_str(raw).map_err(|_text| RejectReason::Malformed)?,
        Some(b'-' | b'0'..=b'9') => raw.to_owned(),
        _ => return Err(RejectReason::Malformed),
    };
    let Some(text) = told(Some(text)) else { return Ok(None) };
    let code = required(money.currency_code.clone(), "currencyCode")?;
    if code != currency.as_str() {
        Currency::parse(&code)?;
        return Err(RejectReason::MixedCurrencies);
    }
    Ok(Some(Money::parse(&text, currency)?))
}

fn required_money(
    told: Option<&amazon::Money>,
    currency: Currency,
    field: &'static str,
) -> Result<Money, RejectReason> {
    let found = told.map(|told| money(told, currency)).transpose()?.flatten();
    found.ok_or(RejectReason::MissingField(field))
}

fn quantity(quantity: i64) -> Result<u32, RejectReason> {
    // Two reasons to fail, told apart by the sign.
    u32::try_from(quantity).map_err(|_range| {
        if quantity < 0 { RejectReason::NegativeQuantity(quantity) } else { RejectReason::HugeQuantity(quantity) }
    })
}

fn item(
    told_item: amazon::OrderItem,
    currency: Currency,
    usual: TaxReading,
    status: &AmazonStatus,
) -> Result<RemoteItem, RejectReason> {
    let amazon::OrderItem { order_item_id, quantity_ordered, product, proceeds, cancellation, fulfillment, tax: _ } =
        told_item;
    let ordered = quantity(quantity_ordered.ok_or(RejectReason::MissingField("quantityOrdered"))?)?;
    let (shipped, packing) = fulfillment.map_or((None, None), |told| (told.quantity_fulfilled, told.packing));
    let fulfilled = match shipped {
        Some(shipped) => quantity(shipped)?,
        None if *status == AmazonStatus::Shipped => ordered,
        None => 0,
    };
    let gift = packing.and_then(|packing| packing.gift_option);
    let request = cancellation.and_then(|cancellation| cancellation.cancellation_request);
    let (asin, title, sku) = product.map_or((None, None, None), |told| (told.asin, told.title, told.seller_sku));
    Ok(RemoteItem {
        item_id: AmazonItemId(required(order_item_id, "orderItemId")?),
        sku: told(sku).map(Sku),
        asin: told(asin).map(Asin),
        title: told(title).unwrap_or_default(),
        ordered,
        fulfilled,
        amounts: amounts(proceeds, currency, usual)?,
        is_gift: gift.is_some(),
        gift_message: gift.and_then(|gift| personal(gift.gift_message)),
        cancellation_requested: request.is_some_and(|request| request.requester.is_none_or(|who| who == "BUYER")),
    })
}

fn amounts(
    proceeds: Option<amazon::ItemProceeds>,
    currency: Currency,
    usual: TaxReading,
) -> Result<ItemAmounts, RejectReason> {
    let Some(proceeds) = proceeds else { return Ok(reconcile(currency, &[], None, usual)?) };
    let total = proceeds.proceeds_total.as_ref().map(|total| money(total, currency)).transpose()?.flatten();
    let mut breakdowns = Vec::new();
    for part in proceeds.breakdowns.unwrap_or_default() {
        let mut details = Vec::new();
        for detail in part.detailed_breakdowns.unwrap_or_default() {
            let value = required_money(detail.value.as_ref(), currency, "detailedBreakdowns.value")?;
            details.push((ChargeKind::parse(&detail.subtype.unwrap_or_default()), value));
        }
        breakdowns.push(Breakdown {
            kind: ChargeKind::parse(&part.kind.unwrap_or_default()),
            subtotal: required_money(part.subtotal.as_ref(), currency, "breakdowns.subtotal")?,
            details,
        });
    }
    Ok(reconcile(currency, &breakdowns, total, usual)?)
}

/// The delivery tip, which Amazon charges apart from the items.
fn tip(parts: Vec<amazon::OrderProceedsBreakdown>, currency: Currency) -> Result<Money, RejectReason> {
    let mut tip = Money::zero(currency);
    for part in parts.into_iter().filter(|part| part.kind.as_deref() == Some("DELIVERY_TIP")) {
        let found = part.subtotal.as_ref().map(|subtotal| money(subtotal, currency)).transpose()?.flatten();
        tip = tip.checked_add(found.unwrap_or(Money::zero(currency)))?;
    }
    Ok(tip)
}

fn buyer(buyer: Option<amazon::Buyer>, tax: Option<amazon::OrderTax>) -> Buyer {
    let vat_number = tax.and_then(vat_number);
    let Some(buyer) = buyer else { return Buyer { vat_number, ..Buyer::default() } };
    Buyer {
        name: personal(buyer.buyer_name),
        email: personal(buyer.buyer_email),
        company: personal(buyer.buyer_company_name),
        purchase_order: personal(buyer.buyer_purchase_order_number),
        vat_number,
    }
}

/// The buyer's tax number: preferably a VAT number, else the first of any kind.
fn vat_number(tax: amazon::OrderTax) -> Option<Personal<String>> {
    let buyers = |registration: &amazon::OrderTaxRegistration| registration.entity_type.as_deref() == Some("BUYER");
    let mut found: Vec<_> = tax.tax_registrations.into_iter().filter(buyers).collect();
    found.sort_by_key(|registration| registration.tax_registration_type.as_deref() != Some("VAT"));
    found.into_iter().find_map(|registration| personal(registration.tax_registration_number))
}

fn replaced(associated: Vec<amazon::AssociatedOrder>) -> Option<AmazonOrderId> {
    let original = |kind: &str| matches!(kind, "REPLACEMENT_ORIGINAL_ID" | "EXCHANGE_ORIGINAL_ID");
    let mut originals = associated.into_iter().filter(|order| order.association_type.as_deref().is_some_and(original));
    originals.find_map(|order| told(order.order_id)).map(AmazonOrderId)
}

/// The delivery address; nothing when Amazon told none of it.
fn address(told_address: amazon::CustomerAddress) -> Option<DeliveryAddress> {
    let lines = [told_address.address_line1, told_address.address_line2, told_address.address_line3];
    let mut lines: Vec<String> = lines.into_iter().filter_map(told).collect();
    if let Some(street) = told_address.extended_fields.filter(|_| lines.is_empty()) {
        let parts = [told(street.street_name), told(street.street_number)];
        let first = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
        lines = [Some(first), street.complement, street.neighborhood].into_iter().filter_map(told).collect();
    }
    let address = DeliveryAddress {
        name: personal(told_address.name),
        company: personal(told_address.company_name),
        lines: lines.into_iter().map(Personal::new).collect(),
        city: told(told_address.city).or_else(|| told(told_address.municipality)),
        region: told(told_address.state_or_region).or_else(|| told(told_address.district_or_county)),
        postal_code: personal(told_address.postal_code),
        country: told(told_address.country_code),
        phone: personal(told_address.phone),
    };
    (address != DeliveryAddress::default()).then_some(address)
}

mod tax;

#[cfg(test)]
mod tests;
