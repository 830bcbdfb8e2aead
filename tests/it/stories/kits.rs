//! Kits that are sold, shipped, taken back and returned: what is inside moves, and Amazon is told of the kit.

use crate::support::browser::Browser;
use crate::support::shop::{Shop, fbm};
use crate::support::warehouse::SOLD;
use comptoir::db::settings;
use comptoir::ops::announce_grace;
use comptoir::ops::export_records::Subject;
use comptoir::sandbox::CATALOGUE;

/// What is inside the kit: two of the first, three of the second.
const FIRST: &str = CATALOGUE[3].0;
const SECOND: &str = CATALOGUE[4].0;

/// A shop that sells a kit, of which two were ordered and left; answers the order and the delivery's address.
async fn shipped(grace: Option<&str>) -> (Shop, String, String, Browser) {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    shop.make_kit(&mut browser, SOLD, &[(FIRST, "2"), (SECOND, "3")]).await;
    if let Some(seconds) = grace {
        shop.site.app.db.write(|conn| settings::put(conn, announce_grace::SETTING, seconds)).unwrap();
    }
    shop.stock(FIRST, 10);
    shop.stock(SECOND, 10);
    let order = shop.buy(fbm(2));
    shop.sync().await;
    assert_eq!((shop.shelf(FIRST), shop.shelf(SECOND)), ((10, 4), (10, 6)), "what is inside is reserved");
    let path = shop.open_transfer(&order);
    let page = browser.get(&path).await;
    let typed = [("carrier", "Colissimo"), ("tracking", "6A12345678901"), ("wish", "all")];
    let answer = browser.submit(&page, &format!("{path}/validate"), &typed).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    (shop, order, path, browser)
}

#[tokio::test]
async fn what_is_inside_a_kit_leaves_and_amazon_is_told_of_the_kit() {
    let (shop, order, path, mut browser) = shipped(None).await;
    assert_eq!((shop.shelf(FIRST), shop.shelf(SECOND), shop.shelf(SOLD)), ((6, 0), (4, 0), (0, 0)));
    let mut moved: Vec<i64> =
        shop.of_order(Subject::Moves, &order).iter().map(|one| one["quantity"].as_i64().unwrap()).collect();
    moved.sort_unstable();
    assert_eq!(moved, [2, 4, 6], "the kit, and what is inside it");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
    shop.work().await;
    let packages = shop.amazon().packages(&order);
    let told: Vec<i64> = packages[0].items.iter().map(|item| item.quantity).collect();
    assert_eq!((packages.len(), told), (1, vec![2]), "two kits, not ten things");
    // One of them comes back, with everything inside it.
    let action = format!("{path}/return");
    let page = browser.get(&action).await;
    assert_eq!(page.texts("tbody tr").len(), 1, "the kit is returned, not its parts one by one");
    assert_eq!(browser.submit(&page, &action, &[("quantity", "1")]).await.status, 303);
    assert_eq!((shop.shelf(FIRST), shop.shelf(SECOND)), ((8, 0), (7, 0)));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn a_kit_comes_back_with_what_left_inside_it_whatever_it_is_made_of_by_then() {
    let (shop, _, path, mut browser) = shipped(None).await;
    shop.make_kit(&mut browser, SOLD, &[(FIRST, "1")]).await;
    let action = format!("{path}/return");
    let page = browser.get(&action).await;
    assert_eq!(browser.submit(&page, &action, &[("quantity", "1")]).await.status, 303);
    assert_eq!((shop.shelf(FIRST), shop.shelf(SECOND)), ((8, 0), (7, 0)), "two of the first and three of the second");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn a_kit_whose_validation_is_taken_back_is_reserved_again() {
    let (shop, order, path, mut browser) = shipped(Some("300")).await;
    assert_eq!((shop.shelf(FIRST), shop.shelf(SECOND)), ((6, 0), (4, 0)));
    let page = browser.get(&path).await;
    let answer = browser.submit(&page, &format!("{path}/undo"), &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let open = shop.open_transfer(&order);
    assert_eq!(answer.location(), open);
    assert_eq!((shop.shelf(FIRST), shop.shelf(SECOND)), ((10, 4), (10, 6)), "it is ready to leave once more");
    let page = browser.get(&open).await;
    assert_eq!((page.text("h1 + .badge"), page.texts("tbody tr").len()), ("Ready".to_owned(), 1), "the kit alone");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn what_came_back_cannot_be_undone_as_well() {
    let (shop, _, path, mut browser) = shipped(Some("300")).await;
    let seen = browser.get(&path).await;
    let action = format!("{path}/return");
    let page = browser.get(&action).await;
    assert_eq!(browser.submit(&page, &action, &[("quantity", "1")]).await.status, 303);
    let answer = browser.submit(&seen, &format!("{path}/undo"), &[]).await;
    let page = browser.follow(answer).await;
    assert!(page.body.contains("came back already"), "{}", page.body);
    assert_eq!((shop.shelf(FIRST), shop.shelf(SECOND)), ((8, 0), (7, 0)), "nothing came back twice");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}
