//! One order that is asked for by its number.

use super::{Amazon, ORDERS};

#[tokio::test]
async fn one_order_can_be_asked_for() {
    let amazon = Amazon::start(5).await;
    let id = amazon.state().orders()[0].order_id.clone();
    let bare = amazon.get(&format!("{ORDERS}/{id}"), &[]).await;
    assert_eq!(bare.body["order"]["orderId"], id.as_str());
    assert!(bare.body["order"].get("fulfillment").is_none());
    let full = amazon.get(&format!("{ORDERS}/{id}"), &[("includedData", "FULFILLMENT")]).await;
    assert_eq!(full.body["order"]["fulfillment"]["fulfillmentStatus"], "UNSHIPPED");
    let missing = amazon.get(&format!("{ORDERS}/999-0000000-0000000"), &[]).await;
    assert_eq!((missing.status, missing.body["errors"][0]["code"].as_str()), (404, Some("NotFound")));
    for bad in ["TEST_CASE_400", "1-2-3", "902-1106328-105905x"] {
        assert_eq!(amazon.get(&format!("{ORDERS}/{bad}"), &[]).await.status, 400, "{bad}");
    }
    let query = [("includedData", "NOTHING")];
    assert_eq!(amazon.get(&format!("{ORDERS}/{id}"), &query).await.status, 400);
}

#[tokio::test]
async fn sellers_do_not_see_each_others_orders() {
    let mut amazon = Amazon::start(5).await;
    let other = amazon.state().add_seller(7);
    let foreign = amazon.state().orders().into_iter().find(|order| order.seller_id == other.seller_id).unwrap();
    assert_eq!(amazon.search(&[]).await.ids().len(), 5);
    assert_eq!(amazon.get(&format!("{ORDERS}/{}", foreign.order_id), &[]).await.status, 404);
    amazon.token = amazon.sign_in(&other.refresh_token).await;
    assert_eq!(amazon.search(&[]).await.ids().len(), 7);
    assert_eq!(amazon.get(&format!("{ORDERS}/{}", foreign.order_id), &[]).await.status, 200);
}
