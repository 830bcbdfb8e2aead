//! The first orders arrive: which are created, what comes with them, and which wait.

use crate::support::browser::Page;
use crate::support::shop::{Shop, fba, fbm};
use comptoir::domain::access::Role;
use comptoir::domain::marketplace::Region;
use comptoir::ops::export_records::Subject;
use comptoir::sandbox::{LineSpec, OrderKind, OrderSpec, Status};
use serde_json::json;

#[tokio::test]
async fn an_fbm_order_to_ship_brings_a_customer_an_order_and_a_transfer() {
    let shop = Shop::open().await;
    let id = shop.buy(fbm(2));
    let run = shop.sync().await;
    assert_eq!((run.orders_read, run.orders_created), (1, 1));
    let order = shop.order(&id);
    assert_eq!(order["fulfilled_by"], "MERCHANT");
    assert_eq!((&order["state"], &order["amazon_status"]), (&json!("sale"), &json!("UNSHIPPED")));
    assert_eq!((&order["team"], &order["currency"]), (&json!("Amazon"), &json!("EUR")));
    let item = &order["lines"][0];
    assert_eq!((&item["kind"], &item["quantity"], &item["total"]), (&json!("item"), &json!(2), &json!("39.80")));
    let pickings = shop.of_order(Subject::Pickings, &id);
    assert_eq!(pickings.len(), 1);
    assert_eq!((&pickings[0]["state"], &pickings[0]["amazon_sync"]), (&json!("confirmed"), &json!("to_send")));
    let moves = shop.of_order(Subject::Moves, &id);
    assert_eq!(
        (&moves[0]["quantity"], &moves[0]["from"], &moves[0]["state"]),
        (&json!(2), &json!("WH/Stock"), &json!("confirmed"))
    );
    assert_eq!(shop.export(Subject::Customers).as_array().unwrap().len(), 1);
    assert_eq!(shop.decision(&id), "R5 create");
}

#[tokio::test]
async fn an_fba_order_that_amazon_shipped_moves_goods_out_of_the_amazon_location_without_a_transfer() {
    let shop = Shop::open().await;
    let id = shop.buy(fba(Status::Shipped, 3));
    shop.sync().await;
    assert_eq!(shop.order(&id)["state"], "locked");
    assert_eq!(shop.of_order(Subject::Pickings, &id).len(), 0);
    let moves = shop.of_order(Subject::Moves, &id);
    assert_eq!(moves.len(), 1);
    assert_eq!((&moves[0]["quantity"], &moves[0]["from"]), (&json!(3), &json!("Amazon")));
    assert_eq!((&moves[0]["state"], &moves[0]["origin"]), (&json!("done"), &json!("fba_order")));
    assert_eq!(shop.decision(&id), "R6 create");
}

#[tokio::test]
async fn fba_waits_until_amazon_has_shipped_and_a_pending_payment_waits_too() {
    let shop = Shop::open().await;
    let waiting = shop.buy(fba(Status::Unshipped, 1));
    let unpaid = shop.buy(OrderSpec { status: Status::Pending, ..fbm(1) });
    let run = shop.sync().await;
    assert_eq!((run.orders_created, run.orders_waiting), (0, 1));
    assert_eq!(shop.decision(&waiting), "R3 wait");
    shop.amazon().ship(&waiting, None).unwrap();
    shop.amazon().pay(&unpaid).unwrap();
    let run = shop.sync().await;
    assert_eq!(run.orders_created, 2);
    assert_eq!(shop.decision(&waiting), "R6 create");
    assert_eq!(shop.decision(&unpaid), "R5 create");
}

#[tokio::test]
async fn a_buyer_who_comes_back_is_one_customer_with_the_addresses_that_were_used() {
    let shop = Shop::open().await;
    for kind in [OrderKind::RepeatBuyer, OrderKind::RepeatBuyer, OrderKind::SecondAddress] {
        shop.buy(OrderSpec { kind, ..fbm(1) });
    }
    shop.sync().await;
    let customers = shop.export(Subject::Customers);
    assert_eq!(customers.as_array().unwrap().len(), 1, "{customers}");
    assert_eq!(customers[0]["orders"].as_array().unwrap().len(), 3);
    assert_eq!(customers[0]["addresses"], 2);
}

#[tokio::test]
async fn the_list_of_customers_offers_the_countries_in_which_they_are() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    assert!(countries(&browser.get("/sales/customers").await).is_empty());
    for marketplace in ["IT", "FR", "FR", "DE"] {
        shop.buy(OrderSpec { marketplace: marketplace.to_owned(), ..fbm(1) });
    }
    shop.sync().await;
    assert_eq!(countries(&browser.get("/sales/customers").await), ["DE", "FR", "IT"]);
}

/// The countries by which the list of customers can be filtered.
fn countries(page: &Page) -> Vec<String> {
    page.attributes("input[name=country]", "value")
}

#[tokio::test]
async fn shipping_and_gift_wrap_are_lines_of_their_own_and_the_message_is_sealed() {
    let shop = Shop::open().await;
    let id = shop.buy(OrderSpec { kind: OrderKind::Gift, ..fbm(1) });
    shop.sync().await;
    let order = shop.order(&id);
    let kinds: Vec<&str> =
        order["lines"].as_array().unwrap().iter().map(|line| line["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"gift_wrap") && kinds.contains(&"note"), "{kinds:?}");
    assert_eq!(shop.of_order(Subject::Pickings, &id)[0]["has_gift"], true);
    let json = shop.amazon().order_json(&id).unwrap();
    let message = json.pointer("/orderItems/0/fulfillment/packing/giftOption/giftMessage").unwrap().as_str().unwrap();
    assert!(!shop.dump().contains(message));
    // As a page's text is compared: every space counts as one.
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = message.as_str();
    let mut browser = shop.site.admin().await;
    let page = browser.get(&format!("/sales/orders/{id}")).await;
    let page = browser.follow(page).await;
    let rows = page.texts("#lines tbody tr");
    let (notes, others): (Vec<&String>, Vec<&String>) = rows.iter().partition(|row| row.starts_with("Note"));
    assert!(notes.len() == 1 && notes[0].contains(message), "{rows:?}");
    assert!(!others.iter().any(|row| row.contains(message)), "said once: {rows:?}");
    let transfer = page.attribute(".stats a", "href").unwrap();
    let list = browser.get(&transfer).await;
    let transfer = list.attribute("tbody th a", "href").unwrap();
    assert!(browser.get(&transfer).await.text("dl.kv").contains(message), "whoever packs the parcel reads it too");
    shop.site.add_user(Role::WarehouseUser).await;
    let mut warehouse = shop.site.signed_in("warehouse_user@example.com").await;
    assert!(!warehouse.get(&transfer).await.body.contains(message), "only for who may read customers");
}

#[tokio::test]
async fn a_code_without_product_becomes_amazon_sale_and_one_issue_however_often_it_is_sold() {
    let shop = Shop::open().await;
    let orders = [OrderKind::UnknownSku, OrderKind::UnknownSku].map(|kind| {
        let lines = vec![LineSpec { sku: "NOT-OURS".to_owned(), quantity: 1, unit_price_minor: Some(500) }];
        shop.buy(OrderSpec { kind, lines, ..fbm(1) })
    });
    shop.sync().await;
    for id in &orders {
        assert_eq!(shop.order(id)["lines"][0]["product"], "Amazon Sale");
    }
    assert_eq!(shop.open_issues(), ["unmatched_sku A13V1IB3VIYZZH/NOT-OURS"]);
}

#[tokio::test]
async fn the_total_is_what_the_buyer_paid_in_euros_yen_and_dollars() {
    let shop = Shop::open().await;
    let japan = shop.register("Japan", Region::Fe, &["JP"]).await;
    let america = shop.register("America", Region::Na, &["US"]).await;
    let kinds = [OrderKind::Plain, OrderKind::Discounted, OrderKind::Facilitated, OrderKind::Tip];
    let mut ids = Vec::new();
    for marketplace in ["FR", "JP", "US"] {
        for kind in kinds {
            ids.push(shop.buy(OrderSpec { marketplace: marketplace.to_owned(), kind, ..fbm(2) }));
        }
    }
    shop.sync().await;
    shop.sync_now(japan).await;
    shop.sync_now(america).await;
    for id in &ids {
        let (ours, theirs) = (shop.order(id), shop.amazon().order_json(id).unwrap());
        assert_eq!(ours["total"], theirs["proceeds"]["grandTotal"]["amount"], "{theirs:#}");
        let cents = |text: &serde_json::Value| text.as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
        let lines: i64 = ours["lines"].as_array().unwrap().iter().map(|line| cents(&line["total"])).sum();
        assert_eq!(lines, cents(&ours["total"]), "{ours:#}");
    }
    assert!(shop.open_issues().is_empty(), "no total needs an adjustment");
}

#[tokio::test]
async fn a_month_of_orders_comes_in_with_every_order_accounted_for() {
    let shop = Shop::with_orders(240).await;
    let run = shop.sync().await;
    let counts = run.counts();
    assert!(counts.created > 100, "{counts:?}");
    assert_eq!(counts.read, counts.created + counts.waiting + counts.skipped);
    assert_eq!(run.state.as_str(), "succeeded");
    assert_eq!(run.calls, counts.pages + 1, "one call per page, and one for the token");
    let orders = shop.export(Subject::Orders);
    let channels = |name: &str| orders.as_array().unwrap().iter().filter(|order| order["fulfilled_by"] == name).count();
    assert!(channels("AMAZON") > 20 && channels("MERCHANT") > 20);
}
