//! Missing roles: named on the account, and orders come in without their data.

use super::{SPAIN, come_back, leave, link, open};
use crate::support::shop::{Shop, fbm};
use comptoir::domain::dataset::Dataset;
use comptoir::domain::run::RunState;
use comptoir::ops::export_records::Subject;
use comptoir::sandbox::{DEMO_SELLER_ID, Operation};

#[actix_web::test]
async fn a_missing_role_is_named_and_orders_come_in_without_its_data() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    shop.amazon().refuse("RECIPIENT", true).unwrap();
    let spain = open(&mut browser, &shop, "Spain", SPAIN).await;
    let page = leave(&mut browser, spain).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    let page = come_back(&mut browser, &back).await;
    let said = page.text("#permissions .note");
    assert!(said.contains("Amazon refuses 1 part of the orders"), "{said}");
    assert!(said.contains("Buyers’ addresses are missing") && said.contains("Direct-to-Consumer Delivery"), "{said}");
    assert!(said.contains("Orders are synchronized without it."));
    assert_eq!(link(&shop, spain).refused(), [Dataset::Recipient]);

    let order = shop.buy(comptoir::sandbox::OrderSpec { marketplace: SPAIN.to_owned(), ..fbm(1) });
    shop.later(5);
    let run = shop.sync_now(spain).await;
    assert_eq!((run.counts().created, run.counts().failed), (1, 0));
    assert_eq!(shop.order(&order)["amazon_order_id"], order.as_str());
    let last = shop.amazon().calls().into_iter().rfind(|call| call.operation == Operation::SearchOrders).unwrap();
    assert_eq!(last.status, 200);
    assert!(!last.query.contains("RECIPIENT") && last.query.contains("BUYER"), "{}", last.query);

    shop.amazon().refuse("RECIPIENT", false).unwrap();
    let path = format!("/amazon/accounts/{spain}");
    let page = browser.get(&path).await;
    let answer = browser.submit(&page, &format!("{path}/permissions"), &[]).await;
    let page = browser.follow(answer).await;
    assert_eq!(page.text(".flash"), "Amazon answers, and gives everything that was asked for.");
    assert!(link(&shop, spain).refused().is_empty() && !page.has("#permissions .note"));
}

#[actix_web::test]
async fn a_role_that_is_lost_later_does_not_stop_the_synchronization() {
    let shop = Shop::open().await;
    shop.amazon().refuse("BUYER", true).unwrap();
    shop.amazon().refuse("TAX", true).unwrap();
    let order = shop.buy(fbm(2));
    let run = shop.sync().await;
    assert_eq!(run.counts().created, 1, "{:?}", run.state);
    assert_eq!(link(&shop, shop.account).refused(), [Dataset::Buyer, Dataset::Tax]);
    assert_eq!(shop.order(&order)["amazon_order_id"], order.as_str());
    let searches = || shop.amazon().calls().iter().filter(|call| call.operation == Operation::SearchOrders).count();
    let before = searches();
    shop.buy(fbm(1));
    shop.sync().await;
    assert_eq!(searches(), before + 1, "what is refused is not asked for again");
}

#[actix_web::test]
async fn what_was_told_before_a_role_was_lost_stays_when_the_order_changes() {
    let shop = Shop::open().await;
    let order = shop.buy(fbm(2));
    shop.amazon().request_cancellation(&order).unwrap();
    shop.sync().await;
    let mut browser = shop.site.admin().await;
    let page = browser.get("/sales/orders").await;
    let path = page.attribute("tbody th a", "href").unwrap();
    let (before, tax) = (shop.order(&order), browser.get(&path).await.text("#tax"));
    let transfer = shop.open_transfer(&order);
    assert!(browser.get(&transfer).await.body.contains("The buyer asked Amazon to cancel this order"));
    for part in ["PROCEEDS", "PACKAGES", "TAX", "RECIPIENT", "CANCELLATION"] {
        shop.amazon().refuse(part, true).unwrap();
    }
    shop.later(30);
    let item = before["lines"][0]["amazon_item_id"].as_str().unwrap().to_owned();
    shop.amazon().ship(&order, Some(vec![(item, 1)])).unwrap();
    let run = shop.sync().await;
    assert_eq!((run.counts().updated, run.counts().failed), (1, 0), "{:?}", link(&shop, shop.account).refused());
    let after = shop.order(&order);
    let amounts = |order: &serde_json::Value| {
        let lines = order["lines"].as_array().unwrap().iter().map(|line| line["total"].clone());
        (order["total"].clone(), lines.collect::<Vec<_>>())
    };
    assert_eq!(amounts(&after), amounts(&before));
    assert_eq!(after["amazon_status"], "PARTIALLY_SHIPPED");
    let mut browser = shop.site.admin().await;
    assert_eq!(browser.get(&path).await.text("#tax"), tax);
    assert!(
        browser.get(&shop.open_transfer(&order)).await.body.contains("The buyer asked Amazon to cancel this order")
    );
}

#[actix_web::test]
async fn without_any_role_the_run_fails_and_says_why() {
    let shop = Shop::open().await;
    for dataset in Dataset::ALL {
        shop.amazon().refuse(dataset.as_str(), true).unwrap();
    }
    shop.buy(fbm(1));
    let run = shop.sync().await;
    assert_eq!(run.state, RunState::Failed);
    let page = shop.site.admin().await.get(&format!("/amazon/runs/{}", run.id)).await;
    assert!(page.body.contains("Amazon refused the access"), "{}", page.body);
    assert!(shop.export(Subject::Orders).as_array().unwrap().is_empty());
}
