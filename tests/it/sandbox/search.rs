//! The search for orders: its filters, its pages and what it leaves out.

use super::{ALL_DATA, Amazon, ORDERS, Query, Reply, fixed};
use comptoir::sandbox::{Channel, OrderSpec, SandboxConfig, Status};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

#[tokio::test]
async fn search_refuses_what_the_model_forbids() {
    let amazon = Amazon::start(3).await;
    let many = vec!["A13V1IB3VIYZZH"; 51].join(",");
    let (after, early) = ("2026-03-01T00:00:00Z", "2026-02-01T00:00:00Z");
    let (limit, late) = ("2026-03-10T11:58:00Z", "2026-03-10T11:58:00.001Z");
    let created = ("createdAfter", after);
    let updated = ("lastUpdatedAfter", after);
    let cases: &[(Query<'_>, u16)] = &[
        (&[], 400),
        (&[created], 200),
        (&[updated], 200),
        (&[created, updated], 400),
        (&[("createdBefore", limit)], 400),
        (&[created, ("lastUpdatedBefore", limit)], 400),
        (&[updated, ("createdBefore", limit)], 400),
        (&[created, ("createdBefore", limit)], 200),
        (&[created, ("createdBefore", late)], 400),
        (&[updated, ("lastUpdatedBefore", limit)], 200),
        (&[updated, ("lastUpdatedBefore", late)], 400),
        (&[updated, ("lastUpdatedBefore", early)], 400),
        (&[updated, ("lastUpdatedBefore", after)], 200),
        (&[("createdAfter", "TEST_CASE_400")], 400),
        (&[("createdAfter", "2026-03-01")], 400),
        (&[updated, ("maxResultsPerPage", "0")], 400),
        (&[updated, ("maxResultsPerPage", "101")], 400),
        (&[updated, ("maxResultsPerPage", "ten")], 400),
        (&[updated, ("maxResultsPerPage", "1")], 200),
        (&[updated, ("marketplaceIds", "A13V1IB3VIYZZH,ATVPDKIKX0DER")], 200),
        (&[updated, ("marketplaceIds", &many)], 400),
        (&[updated, ("marketplaceIds", "NOWHERE")], 400),
        (&[updated, ("fulfillmentStatuses", "UNSHIPPED,SHIPPED")], 200),
        (&[updated, ("fulfillmentStatuses", "Unshipped")], 400),
        (&[updated, ("fulfillmentStatuses", "CANCELED")], 400),
        (&[updated, ("fulfilledBy", "AMAZON,MERCHANT")], 200),
        (&[updated, ("fulfilledBy", "AFN")], 400),
        (&[updated, ("includedData", ALL_DATA)], 200),
        (&[updated, ("includedData", "BUYER,ADDRESS")], 400),
        (&[updated, ("includedData", "")], 400),
        (&[updated, ("paginationToken", "invented")], 400),
        (&[updated, ("buyerEmail", "a@b.c")], 400),
        (&[updated, ("fulfilledBy", "AMAZON"), ("fulfilledBy", "MERCHANT")], 400),
    ];
    for (query, status) in cases {
        let reply = amazon.get(ORDERS, query).await;
        assert_eq!(reply.status, *status, "{query:?} {}", reply.body);
        if *status == 400 {
            assert_eq!(reply.body["errors"][0]["code"], "InvalidInput");
        }
    }
}

#[tokio::test]
async fn an_order_is_found_two_minutes_after_its_last_change() {
    let amazon = Amazon::start(0).await;
    let id = amazon.state().place_order(OrderSpec::default()).unwrap();
    let reply = amazon.search(&[]).await;
    assert!(reply.ids().is_empty());
    assert_eq!(reply.body["lastUpdatedBefore"], "2026-03-10T11:58:00.000Z");
    amazon.state().advance(Duration::from_secs(119));
    assert!(amazon.search(&[]).await.ids().is_empty());
    amazon.state().advance(Duration::from_secs(1));
    assert_eq!(amazon.search(&[]).await.ids(), [id.as_str()]);
    let by_creation = amazon.search(&[("createdAfter", "2026-03-10T12:00:00Z")]).await;
    assert_eq!(by_creation.ids(), [id], "the lower bound is inclusive");
    assert_eq!(by_creation.body["createdBefore"], "2026-03-10T12:00:00.000Z");
    assert!(by_creation.body.get("lastUpdatedBefore").is_none());
}

#[tokio::test]
async fn pages_hold_every_order_once_in_the_order_of_their_last_update() {
    let amazon = Amazon::start(240).await;
    let pages = amazon.pages(&[("maxResultsPerPage", "37")]).await;
    assert_eq!(pages.len(), 7);
    assert!(pages.last().unwrap().body.get("pagination").is_none(), "absent, not null, on the last page");
    let orders: Vec<&Value> = pages.iter().flat_map(|page| page.body["orders"].as_array().unwrap()).collect();
    let times: Vec<&str> = orders.iter().map(|order| order["lastUpdatedTime"].as_str().unwrap()).collect();
    assert!(times.is_sorted());
    let ids: BTreeSet<_> = orders.iter().map(|order| order["orderId"].as_str().unwrap()).collect();
    assert_eq!((orders.len(), ids.len()), (240, 240));
    let bounds: BTreeSet<_> = pages.iter().map(|page| page.body["lastUpdatedBefore"].as_str().unwrap()).collect();
    assert_eq!(bounds.len(), 1, "the window does not move while it is read");
}

#[tokio::test]
async fn a_full_last_page_announces_no_further_one() {
    let amazon = Amazon::start(40).await;
    let pages = amazon.pages(&[("maxResultsPerPage", "20")]).await;
    assert_eq!(pages.iter().map(|page| page.ids().len()).collect::<Vec<_>>(), [20, 20]);
}

#[tokio::test]
async fn a_paging_token_is_bound_to_its_search_and_lives_a_day() {
    let amazon = Amazon::with(SandboxConfig { token_life_secs: 1_000_000, ..fixed(60) }).await;
    let base = [("marketplaceIds", "A13V1IB3VIYZZH"), ("lastUpdatedAfter", "2026-01-01T00:00:00Z")];
    let first = amazon.search(&[base[0], base[1], ("maxResultsPerPage", "5")]).await;
    let token = ("paginationToken", first.next_token().unwrap());
    let changed =
        amazon.search(&[base[0], base[1], token, ("maxResultsPerPage", "7"), ("includedData", "BUYER")]).await;
    assert_eq!(changed.status, 200, "the page size and the parts may change");
    assert_eq!(changed.ids().len(), 7);
    assert!(changed.ids().iter().all(|id| !first.ids().contains(id)));
    for query in [
        vec![base[0], ("lastUpdatedAfter", "2026-01-02T00:00:00Z"), token],
        vec![("marketplaceIds", "A1PA6795UKMFR9"), base[1], token],
        vec![base[1], token],
        vec![base[0], base[1], ("fulfilledBy", "AMAZON"), token],
    ] {
        assert_eq!(amazon.search(&query).await.status, 400, "{query:?}");
    }
    amazon.state().advance(Duration::from_secs(86_399));
    assert_eq!(amazon.search(&[base[0], base[1], token]).await.status, 200);
    amazon.state().advance(Duration::from_secs(1));
    assert_eq!(amazon.search(&[base[0], base[1], token]).await.status, 400);
}

#[tokio::test]
async fn filters_combine_as_and_their_values_as_or() {
    let amazon = Amazon::start(200).await;
    let query = [
        ("marketplaceIds", "A13V1IB3VIYZZH,A1PA6795UKMFR9"),
        ("fulfillmentStatuses", "UNSHIPPED,SHIPPED"),
        ("fulfilledBy", "MERCHANT"),
    ];
    let expected: BTreeSet<String> = amazon
        .state()
        .orders()
        .into_iter()
        .filter(|order| ["A13V1IB3VIYZZH", "A1PA6795UKMFR9"].contains(&order.marketplace_id))
        .filter(|order| matches!(order.status, Status::Unshipped | Status::Shipped))
        .filter(|order| order.channel == Channel::Merchant)
        .map(|order| order.order_id)
        .collect();
    assert!(expected.len() > 20);
    let found = amazon.pages(&query).await.iter().flat_map(Reply::ids).collect::<BTreeSet<_>>();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn without_included_data_not_even_the_status_is_told() {
    let amazon = Amazon::start(40).await;
    let bare = amazon.search(&[]).await;
    let always = [
        "associatedOrders",
        "createdTime",
        "lastUpdatedTime",
        "orderAliases",
        "orderId",
        "orderItems",
        "programs",
        "salesChannel",
    ];
    for order in bare.body["orders"].as_array().unwrap() {
        assert!(order.as_object().unwrap().keys().all(|name| always.contains(&name.as_str())), "{order}");
        for item in order["orderItems"].as_array().unwrap() {
            let names: Vec<_> = item.as_object().unwrap().keys().collect();
            assert_eq!(names, ["orderItemId", "product", "quantityOrdered"]);
        }
    }
    for (part, order_field, item_field) in [
        ("BUYER", Some("buyer"), None),
        ("RECIPIENT", Some("recipient"), None),
        ("FULFILLMENT", Some("fulfillment"), Some("fulfillment")),
        ("PROCEEDS", Some("proceeds"), Some("proceeds")),
        ("EXPENSE", None, Some("expense")),
        ("PROMOTION", None, Some("promotion")),
        ("CANCELLATION", None, Some("cancellation")),
        ("PACKAGES", Some("packages"), None),
        ("TAX", Some("tax"), Some("tax")),
        ("PAYMENT", Some("payment"), None),
    ] {
        let reply = amazon.search(&[("includedData", part)]).await;
        let (mut on_orders, mut on_items) = (BTreeSet::new(), BTreeSet::new());
        for order in reply.body["orders"].as_array().unwrap() {
            on_orders.extend(order.as_object().unwrap().keys().filter(|name| !always.contains(&name.as_str())));
            for item in order["orderItems"].as_array().unwrap() {
                let asked = |name: &&String| !["orderItemId", "product", "quantityOrdered"].contains(&name.as_str());
                on_items.extend(item.as_object().unwrap().keys().filter(asked));
            }
        }
        assert_eq!(
            on_orders.into_iter().map(String::as_str).collect::<Vec<_>>(),
            Vec::from_iter(order_field),
            "{part}"
        );
        assert_eq!(on_items.into_iter().map(String::as_str).collect::<Vec<_>>(), Vec::from_iter(item_field), "{part}");
    }
}
