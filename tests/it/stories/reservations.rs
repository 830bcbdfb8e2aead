//! Goods on the shelves and the transfers that wait for them.

use crate::support::shop::{Shop, fbm};
use crate::support::warehouse::SOLD;
use comptoir::db::Conn;
use comptoir::db::schema::pickings;
use comptoir::domain::ids::PickingId;
use comptoir::ops::reserve_stock;
use diesel::prelude::*;

fn states(shop: &Shop, order: &str) -> Vec<String> {
    shop.transfers(order).into_iter().map(|(_, state)| state).collect()
}

#[tokio::test]
async fn a_transfer_waits_until_its_goods_are_counted_and_then_is_ready_by_itself() {
    let shop = Shop::open().await;
    let order = shop.buy(fbm(3));
    shop.sync().await;
    assert_eq!(states(&shop, &order), ["confirmed"]);
    shop.stock(SOLD, 2);
    assert_eq!((states(&shop, &order), shop.shelf(SOLD)), (vec!["confirmed".to_owned()], (2, 2)), "a part is reserved");
    shop.stock(SOLD, 5);
    assert_eq!((states(&shop, &order), shop.shelf(SOLD)), (vec!["assigned".to_owned()], (5, 3)));
    let next = shop.buy(fbm(2));
    shop.sync().await;
    assert_eq!((states(&shop, &next), shop.shelf(SOLD)), (vec!["assigned".to_owned()], (5, 5)), "the page reserves");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn the_order_that_must_leave_first_gets_the_last_unit() {
    let shop = Shop::open().await;
    for _ in 0..6 {
        shop.buy(fbm(1));
    }
    shop.sync().await;
    shop.stock(SOLD, 1);
    let order = (pickings::ship_by, pickings::id);
    let states: Vec<String> = shop.read(|conn| match conn {
        Conn::Sqlite(c) => pickings::table.order(order).select(pickings::state).load(c),
        Conn::Pg(c) => pickings::table.order(order).select(pickings::state).load(c),
    });
    assert_eq!(states[0], "assigned");
    assert!(states[1..].iter().all(|state| state == "confirmed"), "{states:?}");
}

#[tokio::test]
async fn what_a_cancelled_order_held_goes_to_the_next_one() {
    let shop = Shop::open().await;
    shop.stock(SOLD, 2);
    let (first, second) = (shop.buy(fbm(2)), shop.buy(fbm(2)));
    shop.sync().await;
    let is_first_ready = states(&shop, &first) == ["assigned"];
    let (ready, waiting) = if is_first_ready { (first, second) } else { (second, first) };
    shop.amazon().cancel(&ready).unwrap();
    shop.sync().await;
    assert_eq!(
        (states(&shop, &ready), states(&shop, &waiting)),
        (vec!["cancelled".to_owned()], vec!["assigned".to_owned()])
    );
    assert_eq!(shop.shelf(SOLD), (2, 2));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn goods_that_left_without_us_are_no_longer_reserved_for_others() {
    let shop = Shop::open().await;
    shop.stock(SOLD, 2);
    let kept = shop.buy(fbm(2));
    shop.sync().await;
    assert_eq!(states(&shop, &kept), ["assigned"]);
    let other = shop.buy(fbm(1));
    shop.amazon().ship(&other, None).unwrap();
    shop.sync().await;
    assert_eq!((states(&shop, &kept), shop.shelf(SOLD)), (vec!["confirmed".to_owned()], (1, 1)));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
    shop.stock(SOLD, 0);
    assert_eq!(shop.shelf(SOLD), (0, 0), "nothing is reserved that is not there");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn goods_that_are_not_counted_are_ready_at_once() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/sales/products/{}", shop.product(SOLD));
    let page = browser.get(&path).await;
    assert_eq!(browser.submit(&page, &path, &[("type", "untracked")]).await.status, 303);
    let order = shop.buy(fbm(3));
    shop.sync().await;
    assert_eq!(states(&shop, &order), ["assigned"]);
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn of_two_transfers_that_want_the_last_unit_exactly_one_gets_it() {
    let shop = Shop::open().await;
    shop.stock(SOLD, 1);
    let orders = [shop.buy(fbm(1)), shop.buy(fbm(1))];
    shop.sync().await;
    let ids: Vec<PickingId> = orders.iter().map(|order| shop.transfers(order)[0].0).collect();
    let actor = shop.actor();
    for round in 0..100 {
        reserve_stock::unreserve(&shop.site.app, &actor, ids.clone()).await.unwrap();
        assert_eq!(shop.shelf(SOLD), (1, 0), "round {round}");
        // Each of them in a thread of its own, with a connection of its own.
        let wishes = ids.iter().map(|id| {
            let (app, actor, id) = (shop.site.app.clone(), actor.clone(), *id);
            tokio::spawn(async move { reserve_stock::check_availability(&app, &actor, vec![id]).await })
        });
        for wish in wishes.collect::<Vec<_>>() {
            wish.await.unwrap().unwrap();
        }
        let ready = orders.iter().filter(|order| states(&shop, order) == ["assigned"]).count();
        assert_eq!((ready, shop.shelf(SOLD)), (1, (1, 1)), "round {round}");
    }
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}
