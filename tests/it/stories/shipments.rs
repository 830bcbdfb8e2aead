//! Goods that leave without Comptoir: whole, in parts, and from Amazon's warehouses little by little.

use crate::support::shop::{Shop, fba, fbm};
use comptoir::ops::export_records::Subject;
use comptoir::sandbox::Status;
use serde_json::json;

/// Units moved by the done moves of an order.
fn moved(shop: &Shop, id: &str) -> Vec<i64> {
    let done = shop.of_order(Subject::Moves, id).into_iter().filter(|one| one["state"] == "done");
    done.map(|one| one["quantity"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn an_order_shipped_by_hand_while_we_were_away_is_imported_as_delivered() {
    let shop = Shop::open().await;
    let id = shop.buy(fbm(2));
    shop.amazon().ship(&id, None).unwrap();
    shop.sync().await;
    let order = shop.order(&id);
    assert_eq!((&order["state"], &order["delivery"]), (&json!("locked"), &json!("full")));
    let pickings = shop.of_order(Subject::Pickings, &id);
    assert_eq!((&pickings[0]["state"], &pickings[0]["amazon_sync"]), (&json!("done"), &json!("not_needed")));
    assert_eq!(moved(&shop, &id), [2]);
}

#[tokio::test]
async fn a_part_shipped_by_hand_leaves_the_rest_on_the_open_transfer() {
    let shop = Shop::open().await;
    let id = shop.buy(fbm(3));
    shop.sync().await;
    let item = shop.order(&id)["lines"][0]["amazon_item_id"].as_str().unwrap().to_owned();
    shop.amazon().ship(&id, Some(vec![(item.clone(), 1)])).unwrap();
    shop.sync().await;
    let order = shop.order(&id);
    assert_eq!((&order["state"], &order["delivery"]), (&json!("sale"), &json!("partial")));
    assert_eq!(order["lines"][0]["delivered"], 1);
    assert_eq!(moved(&shop, &id), [1]);
    let open = shop.of_order(Subject::Moves, &id).into_iter().find(|one| one["state"] == "confirmed").unwrap();
    assert_eq!(open["quantity"], 2);
    shop.amazon().ship(&id, Some(vec![(item, 2)])).unwrap();
    shop.sync().await;
    assert_eq!(moved(&shop, &id), [1, 2]);
    let states: Vec<_> = shop.of_order(Subject::Pickings, &id).iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states.iter().filter(|state| **state == "done").count(), 2);
    assert!(!states.contains(&json!("confirmed")), "nothing is left to ship: {states:?}");
    assert_eq!(shop.order(&id)["state"], "locked");
}

#[tokio::test]
async fn fba_units_that_leave_later_are_moved_once_each() {
    let shop = Shop::open().await;
    let id = shop.buy(fba(Status::Shipped, 2));
    let fulfilled = |units: i64| {
        move |order: &mut serde_json::Value| {
            *order.pointer_mut("/orderItems/0/fulfillment/quantityFulfilled").unwrap() = json!(units);
        }
    };
    for (units, expected) in [(1, vec![1]), (2, vec![1, 1]), (2, vec![1, 1])] {
        shop.amazon().clear_patches(&id).unwrap();
        shop.amazon().patch_order(&id, fulfilled(units)).unwrap();
        shop.amazon().touch(&id).unwrap();
        shop.sync().await;
        assert_eq!(moved(&shop, &id), expected);
    }
}
