//! The shop that is made up: always the same, with every peculiarity, and its totals add up.

use super::{Amazon, array, fixed, minor, noon};
use chrono::TimeDelta;
use comptoir::sandbox::{CATALOGUE, Channel, DiscountSign, SandboxConfig, Settings, Status};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test]
async fn the_same_seed_tells_the_same_story() {
    let (one, two) = (Amazon::start(300).await, Amazon::start(300).await);
    assert_eq!(one.all_orders().await, two.all_orders().await);
    let other = Amazon::with(SandboxConfig { seed: 2, ..fixed(300) }).await;
    assert_ne!(one.state().orders(), other.state().orders());
}

#[tokio::test]
async fn more_orders_later_are_the_orders_there_would_have_been() {
    let (one, two) = (Amazon::start(100).await, Amazon::start(60).await);
    two.search(&[]).await;
    two.state().generate_more(40);
    assert_eq!(one.all_orders().await, two.all_orders().await);
}

#[tokio::test]
async fn forty_orders_hold_every_peculiarity() {
    let amazon = Amazon::start(40).await;
    let orders = amazon.all_orders().await;
    let any = |what: &str, test: &dyn Fn(&Value) -> bool| assert!(orders.iter().any(test), "no order with {what}");
    let any_item = |what: &str, test: &dyn Fn(&Value) -> bool| {
        assert!(orders.iter().flat_map(|order| array(order, "orderItems")).any(test), "no line with {what}");
    };
    any("B2B", &|order| {
        order["programs"] == json!(["AMAZON_BUSINESS"])
            && order.pointer("/buyer/buyerCompanyName").is_some()
            && order.pointer("/buyer/buyerPurchaseOrderNumber").is_some()
            && order.pointer("/tax/taxRegistrations/0/taxRegistrationType") == Some(&json!("VAT"))
    });
    any("a replacement", &|order| {
        order.pointer("/associatedOrders/0/associationType") == Some(&json!("REPLACEMENT_ORIGINAL_ID"))
            && minor(&order["proceeds"]["grandTotal"]) == 0
    });
    let replacement = orders.iter().find(|order| order.get("associatedOrders").is_some()).unwrap();
    let original = replacement["associatedOrders"][0]["orderId"].as_str().unwrap();
    assert!(amazon.state().order(original).is_some(), "the original order exists");
    any("FBA without identity", &|order| {
        let address = &order["recipient"]["deliveryAddress"];
        order["fulfillment"]["fulfilledBy"] == "AMAZON"
            && order["buyer"] == json!({})
            && address.get("name").is_none()
            && address.get("addressLine1").is_none()
            && address["city"].is_string()
            && address["postalCode"].is_string()
    });
    for (what, letters) in [("Chinese", '王'), ("Arabic", 'ع'), ("an emoji", '🌻')] {
        any(what, &|order| order["buyer"]["buyerName"].as_str().is_some_and(|name| name.contains(letters)));
    }
    any("PRIME", &|order| order["programs"] == json!(["PRIME"]));
    any("PREMIUM", &|order| order["programs"] == json!(["PRIME", "PREMIUM"]));
    any("a tip", &|order| array(&order["proceeds"], "breakdowns").iter().any(|part| part["type"] == "DELIVERY_TIP"));
    any("a partial shipment", &|order| {
        order["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED" && array(order, "packages").len() == 1
    });
    any_item("gift wrap", &|item| {
        item.pointer("/fulfillment/packing/giftOption/giftMessage").is_some()
            && array(&item["proceeds"], "breakdowns").iter().any(|part| part["type"] == "GIFT_WRAP")
    });
    any_item("discounts", &|item| {
        let parts = array(&item["proceeds"], "breakdowns");
        let discount = parts.iter().find(|part| part["type"] == "DISCOUNT");
        item.get("promotion").is_some()
            && discount.is_some_and(|part| array(part, "detailedBreakdowns").len() == 2 && minor(&part["subtotal"]) < 0)
    });
    any_item("facilitated tax", &|item| {
        item.pointer("/tax/taxCollections/0/model") == Some(&json!("MARKETPLACE_FACILITATOR"))
    });
    any_item("no SKU", &|item| item["product"].get("sellerSku").is_none());
    any_item("an unknown SKU", &|item| {
        item["product"]["sellerSku"].as_str().is_some_and(|sku| CATALOGUE.iter().all(|(known, _, _)| *known != sku))
    });
    any_item("a cancellation request", &|item| item.pointer("/cancellation/cancellationRequest").is_some());
    any_item("an execution", &|item| item.pointer("/cancellation/cancellationExecution/cancelledBy").is_some());
    any_item("points", &|item| item.get("expense").is_some());
    any_item("an id beyond 2^53", &|item| item["orderItemId"].as_str().unwrap().parse::<u64>().unwrap() > 1 << 53);
    any_item("several pieces", &|item| item["quantityOrdered"].as_i64() > Some(1));
    let currencies: BTreeSet<_> =
        orders.iter().filter_map(|order| order["proceeds"]["grandTotal"]["currencyCode"].as_str()).collect();
    assert!(currencies.is_superset(&BTreeSet::from(["EUR", "GBP", "SEK", "USD", "JPY", "BRL"])), "{currencies:?}");
    let mut buyers: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for order in &orders {
        if let Some(email) = order["buyer"]["buyerEmail"].as_str() {
            let address = &order["recipient"]["deliveryAddress"];
            let place = format!("{} {}", address["addressLine1"], address["postalCode"]);
            buyers.entry(email).or_default().insert(place);
        }
    }
    assert!(buyers.values().any(|places| places.len() == 2), "one buyer has two addresses");
    assert!(buyers.len() < orders.iter().filter(|order| order["buyer"].get("buyerEmail").is_some()).count());
}

#[tokio::test]
async fn the_mix_is_that_of_a_real_shop() {
    let amazon = Amazon::start(2000).await;
    let orders = amazon.state().orders();
    let share = |test: &dyn Fn(&comptoir::sandbox::OrderSnapshot) -> bool| {
        orders.iter().filter(|order| test(order)).count() * 100 / orders.len()
    };
    assert!((40..50).contains(&share(&|order| order.channel == Channel::Amazon)));
    assert!(share(&|order| order.channel == Channel::Amazon && order.status == Status::Shipped) > 30);
    assert!(share(&|order| order.channel == Channel::Merchant && order.status == Status::Unshipped) > 18);
    for order in &orders {
        assert!(order.created <= order.updated, "{}", order.order_id);
        assert!(order.updated <= noon() - TimeDelta::minutes(2));
        assert!(order.created >= noon() - TimeDelta::days(31));
    }
    let ids: BTreeSet<_> = orders.iter().map(|order| &order.order_id).collect();
    assert_eq!(ids.len(), orders.len());
    let items: BTreeSet<_> = orders.iter().flat_map(|order| &order.items).map(|item| &item.order_item_id).collect();
    assert_eq!(items.len(), orders.iter().map(|order| order.items.len()).sum::<usize>());
}

/// Adds up an order by the rules a careful client would use, whatever the settings.
fn check_totals(order: &Value, is_tax_inside: bool) {
    let Some(proceeds) = order.get("proceeds") else { return };
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    let mut items_total = 0;
    for item in array(order, "orderItems") {
        let total = minor(&item["proceeds"]["proceedsTotal"]);
        let (mut plain, mut tax, mut discount) = (0, 0, 0);
        for part in array(&item["proceeds"], "breakdowns") {
            let amount = minor(&part["subtotal"]);
            let name = part["type"].as_str().unwrap();
            *sums.entry(name).or_default() += amount;
            match name {
                "TAX" => tax += amount,
                "DISCOUNT" => discount += amount,
                _ => plain += amount,
            }
            let details = array(part, "detailedBreakdowns");
            assert_eq!(details.is_empty(), !["TAX", "DISCOUNT"].contains(&name), "{part}");
            if !details.is_empty() {
                assert_eq!(details.iter().map(|detail| minor(&detail["value"])).sum::<i64>(), amount, "{part}");
            }
        }
        let expected = plain - discount.abs() + if is_tax_inside { 0 } else { tax };
        assert_eq!(total, expected, "{item}");
        let unit = minor(&item["product"]["price"]["unitPrice"]);
        let goods = minor(&array(&item["proceeds"], "breakdowns")[0]["subtotal"]);
        assert_eq!(goods, unit * item["quantityOrdered"].as_i64().unwrap());
        items_total += total;
    }
    let mut tip = 0;
    for part in array(proceeds, "breakdowns") {
        let amount = minor(&part["subtotal"]);
        match part["type"].as_str().unwrap() {
            "DELIVERY_TIP" => tip += amount,
            name => assert_eq!(sums.remove(name), Some(amount), "{name}"),
        }
    }
    assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");
    assert_eq!(minor(&proceeds["grandTotal"]), items_total + tip);
}

#[tokio::test]
async fn totals_add_up_whatever_the_open_questions_turn_out_to_be() {
    let amazon = Amazon::start(400).await;
    for vat_included in [true, false] {
        for discount_sign in [DiscountSign::Negative, DiscountSign::Positive] {
            amazon.state().set_settings(Settings { vat_included, discount_sign, ..Settings::default() });
            for order in amazon.all_orders().await {
                let is_on_top = order["salesChannel"]["marketplaceName"] == "Amazon.com" || !vat_included;
                check_totals(&order, !is_on_top);
            }
        }
    }
}

#[tokio::test]
async fn about_half_of_the_european_orders_show_the_tax_they_contain() {
    let amazon = Amazon::start(400).await;
    let orders = amazon.all_orders().await;
    let french = orders.iter().filter(|order| order["salesChannel"]["marketplaceName"] == "Amazon.fr");
    let priced: Vec<_> = french.filter(|order| order.get("proceeds").is_some()).collect();
    let shown = priced
        .iter()
        .filter(|order| array(&order["proceeds"], "breakdowns").iter().any(|part| part["type"] == "TAX"))
        .count();
    assert!((30..70).contains(&(shown * 100 / priced.len())));
}
