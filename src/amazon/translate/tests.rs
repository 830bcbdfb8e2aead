//! Amazon's orders, whole and mutilated, become Comptoir's orders or are set aside; none stops the program.

use super::*;
use crate::amazon::OrderPage;
use crate::domain::money::MoneyError;
use crate::domain::remote::{Collected, ShipFrom, TaxFacts};
use serde_json::{Value, json};

/// An order with everything that Comptoir reads, shaped like Amazon's official example.
fn full() -> Value {
    json!({
        "orderId": "902-1106328-1059050",
        "createdTime": "2026-11-20T08:00:00Z",
        "lastUpdatedTime": "2026-11-21T09:30:00.123Z",
        "programs": ["PRIME", "AMAZON_BUSINESS"],
        "associatedOrders": [{"orderId": "902-0000000-0000001", "associationType": "REPLACEMENT_ORIGINAL_ID"}],
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": "A13V1IB3VIYZZH", "marketplaceName": "Amazon.fr"},
        "buyer": {"buyerName": "Nadia Petit", "buyerEmail": "x1@marketplace.amazon.fr", "buyerCompanyName": "",
                  "buyerPurchaseOrderNumber": "PO-7"},
        "recipient": {"deliveryAddress": {"name": "Nadia Petit", "addressLine1": " 1 rue de la Paix ", "addressLine2": "",
            "addressLine3": "Bât. B", "city": "Paris", "postalCode": "75002", "countryCode": "FR", "phone": "+33 1"}},
        "proceeds": {"grandTotal": {"amount": "30.00", "currencyCode": "EUR"}, "breakdowns": [
            {"type": "ITEM", "subtotal": {"amount": "20.00", "currencyCode": "EUR"}},
            {"type": "DELIVERY_TIP", "status": "PENDING", "subtotal": {"amount": "5.00", "currencyCode": "EUR"}}]},
        "tax": {"taxRegistrations": [
            {"entityType": "MERCHANT", "taxRegistrationType": "VAT", "taxRegistrationNumber": "FR00"},
            {"entityType": "BUYER", "taxRegistrationType": "BUSINESS", "taxRegistrationNumber": "B1"},
            {"entityType": "BUYER", "taxRegistrationType": "VAT", "taxRegistrationNumber": "FR99"}]},
        "fulfillment": {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "MERCHANT",
            "shipByWindow": {"earliestDateTime": "2026-11-20T08:00:00Z", "latestDateTime": "2026-11-22T22:59:59Z"},
            "deliverByWindow": {"latestDateTime": "2026-11-25T22:59:59.999Z"}},
        "orderItems": [{
            "orderItemId": "90071992547409931", "quantityOrdered": 2,
            "product": {"asin": "B000000001", "title": "Théière", "sellerSku": "TEA-1"},
            "proceeds": {"proceedsTotal": {"amount": "25.00", "currencyCode": "EUR"}, "breakdowns": [
                {"type": "ITEM", "subtotal": {"amount": "20.00", "currencyCode": "EUR"}},
                {"type": "SHIPPING", "subtotal": {"amount": "6.00", "currencyCode": "EUR"}},
                {"type": "TAX", "subtotal": {"amount": "4.00", "currencyCode": "EUR"},
                 "detailedBreakdowns": [{"subtype": "ITEM", "value": {"amount": "4.00", "currencyCode": "EUR"}}]},
                {"type": "DISCOUNT", "subtotal": {"amount": "-1.00", "currencyCode": "EUR"},
                 "detailedBreakdowns": [{"subtype": "SHIPPING", "value": {"amount": "-1.00", "currencyCode": "EUR"}}]}]},
            "cancellation": {"cancellationRequest": {"requester": "BUYER", "cancelReason": "mistake"}},
            "fulfillment": {"quantityUnfulfilled": 0, "packing": {"giftOption": {"giftMessage": "Bon Noël"}}}
        }]
    })
}

fn read(order: &Value) -> Result<RemoteOrder, Rejected> {
    super::order(&RawValue::from_string(order.to_string()).unwrap(), &Directory::default())
}

/// The full order with one value set at a path such as `/orderItems/0/quantityOrdered`.
fn with(path: &str, value: Value) -> Value {
    let mut order = full();
    *order.pointer_mut(path).unwrap() = value;
    order
}

fn reason(order: &Value) -> RejectReason {
    read(order).unwrap_err().reason
}

fn revealed(text: Option<&Personal<String>>) -> Option<&str> {
    text.map(|text| text.reveal().as_str())
}

#[test]
fn a_full_order_is_told_in_comptoirs_words() {
    let order = read(&full()).unwrap();
    let cents = |minor| Money::from_minor(minor, Currency::EUR);
    assert_eq!(order.amazon_id, "902-1106328-1059050".into());
    assert_eq!((order.channel, &order.status), (Channel::Fbm, &AmazonStatus::Shipped));
    assert_eq!((order.grand_total, order.tip), (Some(cents(3000)), cents(500)));
    assert_eq!((order.is_business, order.is_prime, order.is_gift()), (true, true, true));
    assert!(order.cancellation_requested());
    assert_eq!(order.replaces, Some("902-0000000-0000001".into()));
    assert_eq!(order.updated_at.timestamp_subsec_millis(), 123);
    assert_eq!(order.ship_by, instant("2026-11-22T22:59:59Z"));
    assert_eq!(order.deliver_by, instant("2026-11-25T22:59:59.999Z"));
    assert_eq!(revealed(order.buyer.vat_number.as_ref()), Some("FR99"));
    assert_eq!((order.buyer.company, revealed(order.buyer.purchase_order.as_ref())), (None, Some("PO-7")));
    let address = order.delivery.unwrap();
    assert_eq!(address.lines, ["1 rue de la Paix", "Bât. B"].map(|line| Personal::new(line.to_owned())));
    let item = &order.items[0];
    assert_eq!((item.item_id.as_str(), item.ordered, item.fulfilled), ("90071992547409931", 2, 2));
    assert_eq!(revealed(item.gift_message.as_ref()), Some("Bon Noël"));
    let amounts = &item.amounts;
    assert_eq!((amounts.goods, amounts.shipping, amounts.paid), (cents(2000), cents(500), cents(2500)));
    assert_eq!((amounts.tax, amounts.discount, amounts.reading), (cents(400), cents(100), TaxReading::Included));
}

#[test]
fn who_collects_the_tax_and_from_where_goods_leave_is_told() {
    let mut order = full();
    assert_eq!(read(&order).unwrap().tax, TaxFacts::default());
    let facilitated = json!({"taxCollections": [{"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon"}]});
    order["packages"] =
        json!([{"packageReferenceId": "1"}, {"shipFromAddress": {"countryCode": "FR", "postalCode": "97400"}}]);
    order["orderItems"][0]["tax"] = facilitated.clone();
    order["orderItems"][0]["fulfillment"]["shipping"] = json!({"internationalShipping": {"iossNumber": "IM276"}});
    let from = ShipFrom { country: "FR".to_owned(), postal_code: Some("97400".to_owned()) };
    let expected = TaxFacts { ship_from: Some(from), collected: Collected::All, is_ioss: true, is_uoss: false };
    assert_eq!(read(&order).unwrap().tax, expected);
    let mut second = order["orderItems"][0].clone();
    second["orderItemId"] = json!("2");
    second["tax"] = json!({"taxCalculationBreakdowns": [{"reportingScheme": "UOSS"}, null], "taxCollections": null});
    order["orderItems"].as_array_mut().unwrap().push(second);
    let told = read(&order).unwrap().tax;
    assert_eq!((told.collected, told.is_uoss), (Collected::InPart, true));
}

#[test]
fn units_shipped_are_amazons_own_count_when_it_gives_one() {
    let mut order = full();
    order["orderItems"][0]["fulfillment"]["quantityFulfilled"] = json!(1);
    assert_eq!(read(&order).unwrap().items[0].fulfilled, 1);
    let unshipped = with("/fulfillment/fulfillmentStatus", json!("UNSHIPPED"));
    assert_eq!(read(&unshipped).unwrap().items[0].fulfilled, 0);
}

#[test]
fn what_is_new_or_unknown_is_tolerated() {
    let status = read(&with("/fulfillment/fulfillmentStatus", json!("ON_THE_MOON"))).unwrap().status;
    assert_eq!(status, AmazonStatus::Other("ON_THE_MOON".to_owned()));
    let status = read(&with("/fulfillment/fulfillmentStatus", Value::Null)).unwrap().status;
    assert_eq!(status, AmazonStatus::Other(String::new()));
    let mut charge = full();
    charge["orderItems"][0]["proceeds"]["breakdowns"][1]["type"] = json!("MOON_TAX");
    let amounts = read(&charge).unwrap().items[0].amounts.clone();
    assert_eq!((amounts.other.minor(), amounts.reading), (600, TaxReading::Included));
}

#[test]
fn an_amount_may_be_a_number_but_is_never_read_as_floating_point() {
    let text = full().to_string().replace(r#""amount":"30.00""#, r#""amount":9007199254740993.07"#);
    let order = super::order(&RawValue::from_string(text).unwrap(), &Directory::default()).unwrap();
    assert_eq!(order.grand_total, Some(Money::from_minor(900_719_925_474_099_307, Currency::EUR)));
    assert_eq!(read(&with("/proceeds/grandTotal/amount", json!(""))).unwrap().grand_total, None);
    assert_eq!(reason(&with("/proceeds/grandTotal/amount", json!(["1"]))), RejectReason::Malformed);
    assert_eq!(reason(&with("/proceeds/grandTotal/amount", json!(true))), RejectReason::Malformed);
}

#[test]
fn the_currency_comes_from_an_amount_or_else_from_the_marketplace() {
    let mut order = full();
    order["proceeds"] = Value::Null;
    assert_eq!(read(&order).unwrap().currency, Currency::EUR);
    order["orderItems"][0]["proceeds"] = Value::Null;
    order["salesChannel"]["marketplaceId"] = json!("A1VC38T7YXB528");
    let yen = read(&order).unwrap();
    assert_eq!((yen.currency, yen.items[0].amounts.paid), (Currency::JPY, Money::zero(Currency::JPY)));
    order["salesChannel"]["marketplaceId"] = json!("A0NEW");
    assert_eq!(reason(&order), RejectReason::UnknownCurrency);
}

#[test]
fn what_would_be_wrong_is_set_aside_with_a_reason() {
    use RejectReason::{BadDate, BadMoney, HugeQuantity, Malformed, MissingField, MixedCurrencies, NegativeQuantity};
    let item = "/orderItems/0/proceeds/proceedsTotal";
    let table = [
        ("/orderId", json!(" "), MissingField("orderId")),
        ("/salesChannel/marketplaceId", Value::Null, MissingField("salesChannel.marketplaceId")),
        ("/fulfillment/fulfilledBy", json!("SOMEBODY"), MissingField("fulfillment.fulfilledBy")),
        ("/fulfillment", Value::Null, MissingField("fulfillment.fulfilledBy")),
        ("/orderItems", Value::Null, MissingField("orderItems")),
        ("/orderItems/0", Value::Null, Malformed),
        ("/orderItems/0/quantityOrdered", json!(-1), NegativeQuantity(-1)),
        ("/orderItems/0/quantityOrdered", json!(4_294_967_296_i64), HugeQuantity(4_294_967_296)),
        ("/orderItems/0/quantityOrdered", json!("two"), Malformed),
        ("/orderItems/0/quantityOrdered", Value::Null, MissingField("quantityOrdered")),
        ("/createdTime", json!("yesterday"), BadDate("createdTime")),
        ("/fulfillment/shipByWindow/latestDateTime", json!("soon"), BadDate("fulfillment.shipByWindow.latestDateTime")),
        ("/proceeds/grandTotal/currencyCode", json!("XXX"), BadMoney(MoneyError::UnknownCurrency("XXX".to_owned()))),
        (item, json!({"amount": "1.999", "currencyCode": "EUR"}), BadMoney(MoneyError::TooPrecise(Currency::EUR, 2))),
        (item, json!({"amount": "1.99", "currencyCode": "USD"}), MixedCurrencies),
        (item, json!({"amount": "1.99"}), MissingField("currencyCode")),
    ];
    for (path, value, expected) in table {
        assert_eq!(reason(&with(path, value.clone())), expected, "{path} = {value}");
    }
    let mut twice = full();
    let first = twice["orderItems"][0].clone();
    twice["orderItems"].as_array_mut().unwrap().push(first);
    assert_eq!(reason(&twice), RejectReason::RepeatedItem);
}

#[test]
fn a_reason_never_quotes_personal_data_but_the_quarantine_keeps_the_order() {
    let bad = [
        ("/proceeds/grandTotal/amount", json!("Nadia Petit")),
        ("/proceeds/grandTotal/currencyCode", json!("Nadia Petit")),
        ("/buyer/buyerName", json!({"Nadia": "Petit"})),
        ("/createdTime", json!("Nadia Petit")),
    ];
    for (path, value) in bad {
        let order = with(path, value);
        let rejected = read(&order).unwrap_err();
        let shown = format!("{} {rejected:?}", rejected.reason);
        assert!(!shown.contains("Nadia") && !shown.contains("Petit"), "{shown}");
        assert_eq!(rejected.amazon_id, Some("902-1106328-1059050".into()));
        assert_eq!(rejected.raw.reveal(), &order.to_string());
    }
}

#[test]
fn an_address_without_any_content_is_no_address_and_brazil_has_its_own_lines() {
    let nothing = json!({"name": "", "city": null, "addressType": "RESIDENTIAL"});
    assert_eq!(read(&with("/recipient/deliveryAddress", nothing)).unwrap().delivery, None);
    let brazil = json!({"municipality": "São Paulo", "extendedFields":
        {"streetName": "Rua A", "streetNumber": "12", "complement": "", "neighborhood": "Centro"}});
    let address = read(&with("/recipient/deliveryAddress", brazil)).unwrap().delivery.unwrap();
    assert_eq!(address.lines, ["Rua A, 12", "Centro"].map(|line| Personal::new(line.to_owned())));
    assert_eq!(address.city.as_deref(), Some("São Paulo"));
}

#[test]
fn one_bad_order_never_hides_the_others_of_its_page() {
    let bad = with("/orderItems/0/quantityOrdered", json!(-3));
    let text = json!({"orders": [full(), bad, null, 7, "x", full()]}).to_string();
    let page = OrderPage::decode(&text, &Directory::default()).unwrap();
    let good: Vec<bool> = page.orders.iter().map(Result::is_ok).collect();
    assert_eq!(good, [true, false, false, false, false, true]);
}

/// The paths of all values inside a value.
fn paths(value: &Value, at: &str, found: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, child)| (format!("{at}/{name}"), child)).collect(),
        Value::Array(entries) => entries.iter().enumerate().map(|(i, child)| (format!("{at}/{i}"), child)).collect(),
        _ => Vec::new(),
    };
    for (path, child) in children {
        found.push(path.clone());
        paths(child, &path, found);
    }
}

#[test]
fn any_single_mutation_gives_an_order_or_a_reason() {
    let mut all = Vec::new();
    paths(&full(), "", &mut all);
    assert!(all.len() > 90, "{}", all.len());
    let needed = [
        "orderId",
        "Time",
        "salesChannel",
        "marketplaceId",
        "fulfillment",
        "fulfilledBy",
        "orderItem",
        "quantityOrdered",
    ];
    let money = ["currencyCode", "subtotal", "value", "breakdowns/", "detailedBreakdowns/", "amount"];
    for path in &all {
        for value in [json!({"new": [1]}), json!([]), json!(-1), json!("?"), json!(""), json!(1.5), json!(true)] {
            if let Err(rejected) = read(&with(path, value)) {
                assert!(!rejected.reason.to_string().contains("Nadia"));
            }
        }
        let tolerated = read(&with(path, Value::Null)).is_ok();
        let may_fail = needed.iter().chain(&money).any(|part| path.contains(part));
        assert!(tolerated || may_fail, "{path} may be null");
    }
}
