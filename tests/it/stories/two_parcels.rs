//! The whole way of parcels: ordered, validated by a person, told to Amazon, shown by Amazon's order.

use crate::support::browser::Browser;
use crate::support::shop::{Shop, fbm};
use crate::support::warehouse::SOLD;
use comptoir::domain::ids::PickingId;
use comptoir::ops::export_records::Subject;
use comptoir::sandbox::{FaultKind, FaultSettings, Operation};
use serde_json::json;

/// A shop with ten units and an order of three, synchronized; answers the order and the address of its transfer.
async fn ordered() -> (Shop, String, String, Browser) {
    let shop = Shop::open().await;
    shop.stock(SOLD, 10);
    let order = shop.buy(fbm(3));
    shop.sync().await;
    let (path, browser) = (shop.open_transfer(&order), shop.site.admin().await);
    (shop, order, path, browser)
}

/// Validates a transfer with what is typed and follows to its page.
async fn validate(browser: &mut Browser, path: &str, typed: &[(&str, &str)]) {
    let page = browser.get(path).await;
    let answer = browser.submit(&page, &format!("{path}/validate"), typed).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// Two of three units leave, the third becomes a backorder.
async fn ship_two(browser: &mut Browser, path: &str) {
    let page = browser.get(path).await;
    let action = format!("{path}/validate");
    let typed = [("carrier", "Colissimo"), ("tracking", "6A00000000001"), ("done", "2"), ("wish", "validate")];
    let asked = browser.submit(&page, &action, &typed).await;
    assert_eq!((asked.status, asked.text("h1")), (200, "Create a backorder for the rest?".to_owned()));
    let answer = browser.submit(&asked, &action, &[("rest", "backorder")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

const SECOND: [(&str, &str); 3] = [("carrier", "Colissimo"), ("tracking", "6A00000000002"), ("wish", "all")];

fn id_of(path: &str) -> PickingId {
    PickingId(path.rsplit('/').next().unwrap().parse().unwrap())
}

/// Both parcels are packages of their own at Amazon, each told by one call, and everything agrees.
async fn assert_two_packages(shop: &Shop, order: &str, browser: &mut Browser, paths: [&str; 2]) {
    for path in paths {
        let page = browser.get(path).await;
        assert_eq!(page.texts("h1 ~ .badge")[..2], ["Done", "Synchronized with Amazon"], "{path}");
    }
    let packages = shop.amazon().packages(order);
    let shown: Vec<_> = packages
        .iter()
        .map(|one| (one.reference.as_str(), one.tracking.as_str(), one.items[0].quantity, one.confirmations))
        .collect();
    assert_eq!(shown, [("1", "6A00000000001", 2, 1), ("2", "6A00000000002", 1, 1)]);
    assert_eq!(shop.amazon().call_counts().get("confirmShipment"), Some(&2), "one call for each parcel");
    let held = shop.order(order);
    assert_eq!((&held["state"], &held["delivery"]), (&json!("locked"), &json!("full")));
    assert!(!shop.is_shipped_outside(order), "what we told Amazon did not leave without us");
    let moved: Vec<_> = shop
        .of_order(Subject::Moves, order)
        .iter()
        .map(|one| (one["state"].as_str().unwrap().to_owned(), one["quantity"].as_i64().unwrap()))
        .collect();
    assert_eq!(moved, [("done".to_owned(), 2), ("done".to_owned(), 1)], "no unit is moved again");
    assert_eq!((shop.transfers(order).len(), shop.shelf(SOLD)), (2, (7, 0)));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
    assert_eq!(shop.open_issues(), Vec::<String>::new());
}

#[tokio::test]
async fn two_of_three_and_then_the_third_are_two_packages_that_amazon_shows() {
    let (shop, order, first, mut browser) = ordered().await;
    ship_two(&mut browser, &first).await;
    let second = shop.open_transfer(&order);
    validate(&mut browser, &second, &SECOND).await;
    shop.work().await;
    assert_eq!((shop.standing(id_of(&first)), shop.standing(id_of(&second))), ("sent", "sent"));
    shop.sync().await;
    assert_two_packages(&shop, &order, &mut browser, [&first, &second]).await;
    shop.sync().await;
    assert_two_packages(&shop, &order, &mut browser, [&first, &second]).await;
    shop.later(25 * 60);
    shop.work().await;
    assert_eq!(shop.tells_next(), None, "nothing is left to tell or to ask");
    assert_eq!(shop.amazon().call_counts().get("confirmShipment"), Some(&2), "a day later still one call for each");
}

#[tokio::test]
async fn a_synchronization_between_two_parcels_confirms_the_first_and_leaves_the_backorder_alone() {
    let (shop, order, first, mut browser) = ordered().await;
    ship_two(&mut browser, &first).await;
    let second = shop.open_transfer(&order);
    shop.work().await;
    shop.sync().await;
    assert_eq!(shop.standing(id_of(&first)), "ok");
    assert_eq!(shop.open_transfer(&order), second, "the third unit still waits");
    assert!(!shop.is_shipped_outside(&order));
    assert_eq!(shop.order(&order)["lines"][0]["delivered"], 2);
    validate(&mut browser, &second, &SECOND).await;
    shop.work().await;
    shop.sync().await;
    assert_two_packages(&shop, &order, &mut browser, [&first, &second]).await;
}

#[tokio::test]
async fn an_order_synchronization_before_amazon_is_told_ships_nothing_twice() {
    let (shop, order, first, mut browser) = ordered().await;
    ship_two(&mut browser, &first).await;
    let second = shop.open_transfer(&order);
    validate(&mut browser, &second, &SECOND).await;
    shop.amazon().touch(&order).unwrap();
    shop.sync().await;
    shop.work().await;
    shop.sync().await;
    assert_two_packages(&shop, &order, &mut browser, [&first, &second]).await;
}

#[tokio::test]
async fn a_parcel_with_a_carrier_that_amazon_refuses_is_corrected_and_accepted() {
    let (shop, order, path, mut browser) = ordered().await;
    let only = Some("Colissimo".to_owned());
    let fault = FaultSettings { operation: Some(Operation::ConfirmShipment), only, ..FaultSettings::default() };
    shop.amazon().set_fault(FaultKind::CarrierRefused, fault);
    validate(&mut browser, &path, &[("carrier", "Colissimo"), ("tracking", "6A00000000001"), ("wish", "all")]).await;
    shop.work().await;
    let page = browser.get(&path).await;
    assert_eq!(page.texts("h1 ~ .badge")[..2], ["Done", "Synchronization with Amazon failed"]);
    let words = shop.shipment(id_of(&path)).refusal.unwrap();
    assert!(!words.is_empty() && page.text("section details code").contains(&words), "Amazon's own words: {words}");
    let retried = browser.submit(&page, &format!("{path}/retry"), &[]).await;
    assert_eq!(retried.status, 303);
    shop.work().await;
    assert_eq!(shop.standing(id_of(&path)), "failed", "the same words get the same answer");
    let correct = format!("{path}/correct");
    let form = browser.get(&correct).await;
    let saved = browser.submit(&form, &correct, &[("carrier", "DPD"), ("tracking", "05222000000001")]).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    shop.work().await;
    assert_eq!(shop.standing(id_of(&path)), "sent");
    shop.sync().await;
    let page = browser.get(&path).await;
    assert_eq!(page.texts("h1 ~ .badge")[..2], ["Done", "Synchronized with Amazon"]);
    let packages = shop.amazon().packages(&order);
    assert_eq!((packages.len(), packages[0].carrier_code.as_str(), packages[0].confirmations), (1, "DPD", 1));
    assert_eq!(packages[0].reference, "1", "a correction keeps the number of the package");
    assert!(!shop.is_shipped_outside(&order));
}

#[tokio::test]
async fn of_two_people_who_correct_a_parcel_the_second_sees_both_values() {
    let (shop, order, path, mut browser) = ordered().await;
    validate(&mut browser, &path, &[("carrier", "Colissimo"), ("tracking", "6A00000000001"), ("wish", "all")]).await;
    shop.work().await;
    let correct = format!("{path}/correct");
    let mut other = shop.site.admin().await;
    let (hers, his) = (browser.get(&correct).await, other.get(&correct).await);
    assert_eq!(other.submit(&his, &correct, &[("tracking", "6A00000000002")]).await.status, 303);
    let late = browser.submit(&hers, &correct, &[("tracking", "6A00000000003")]).await;
    assert_eq!(late.status, 409);
    let told = late.text("#problem tbody");
    assert!(told.contains("6A00000000002") && told.contains("6A00000000003"), "{told}");
    let fields: Vec<(String, String)> =
        late.attributes("#problem input", "name").into_iter().zip(late.attributes("#problem input", "value")).collect();
    assert_eq!(browser.post(&correct, &fields).await.status, 303);
    assert_eq!(browser.post(&correct, &fields).await.status, 303, "a second click says the same");
    shop.work().await;
    let packages = shop.amazon().packages(&order);
    assert_eq!((packages.len(), packages[0].tracking.as_str()), (1, "6A00000000003"));
}
