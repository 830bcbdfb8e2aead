//! The usual carrier of an account and of its marketplaces: what new transfers begin with.

use crate::picking_print::print;
use crate::support::shop::{Shop, fbm};
use comptoir::db::Conn;
use comptoir::db::schema::{orders, pickings};
use comptoir::sandbox::OrderSpec;
use diesel::prelude::*;

/// The carrier with which the transfer of an order began.
fn carrier(shop: &Shop, order: &str) -> Option<i64> {
    let found = pickings::table
        .inner_join(orders::table)
        .filter(orders::amazon_order_id.eq(order))
        .select(pickings::carrier_id);
    shop.read(|conn| match conn {
        Conn::Sqlite(c) => found.first(c),
        Conn::Pg(c) => found.first(c),
    })
}

fn german() -> OrderSpec {
    OrderSpec { marketplace: "DE".to_owned(), ..fbm(1) }
}

#[actix_web::test]
async fn new_transfers_begin_with_the_carrier_of_their_marketplace_or_of_the_account() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let page = browser.get("/inventory/carriers").await;
    assert_eq!(browser.submit(&page, "/inventory/carriers/usual", &[]).await.status, 303);
    let none = shop.buy(fbm(1));
    shop.sync().await;
    assert_eq!(carrier(&shop, &none), None);

    let record = format!("/amazon/accounts/{}", shop.account);
    let tab = format!("{record}?tab=orders");
    let page = browser.get(&tab).await;
    let usual = page.option("#carrier", "Colissimo").unwrap();
    let wrong = browser.submit(&page, &format!("{record}/follow-up"), &[("carrier", "99999")]).await;
    assert_eq!((wrong.status, wrong.text(".emsg").as_str()), (422, "Choose a carrier, or none"));
    let answer = browser.submit(&page, &format!("{record}/follow-up"), &[("carrier", &usual)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text(".emsg"));
    assert_eq!(browser.get(&tab).await.attribute("#carrier option[selected]", "value"), Some(usual.clone()));

    let page = browser.get(&format!("{record}?tab=marketplaces")).await;
    let own = page.option("select[name=carrier]", "DHL").unwrap();
    let action = format!("{record}/overrides");
    let mut fields = page.fields(&action);
    let germany = fields.iter().position(|(_, value)| value == "A1PA6795UKMFR9").unwrap();
    let place = fields.iter().enumerate().skip(germany).find(|(_, (name, _))| name == "carrier").unwrap().0;
    fields[place].1.clone_from(&own);
    assert_eq!(browser.post(&action, &fields).await.status, 303);

    let (french, german_order) = (shop.buy(fbm(1)), shop.buy(german()));
    shop.sync().await;
    assert_eq!(carrier(&shop, &french), Some(usual.parse().unwrap()));
    assert_eq!(carrier(&shop, &german_order), Some(own.parse().unwrap()));
    // It is named on the transfer until somebody names another one, and stays when only the label is typed.
    let path = shop.open_transfer(&french);
    let page = browser.get(&path).await;
    assert_eq!(page.attribute("#carrier", "value"), Some("Colissimo".to_owned()));
    let slip = print(&browser, &format!("{path}/slip.pdf")).await;
    assert!(slip.text.contains("Colissimo"), "and on its slip, before anything is saved: {}", slip.text);
    let list = browser.get("/inventory/pickings").await;
    let cell = format!("{path}/tracking");
    assert_eq!(browser.submit(&list, &cell, &[("tracking", "6A12345678901")]).await.status, 303);
    assert_eq!(carrier(&shop, &french), Some(usual.parse().unwrap()));
    let list = browser.get("/inventory/carriers").await;
    let row = list.texts("tbody tr").into_iter().find(|row| row.starts_with("DHL ")).unwrap();
    assert!(row.contains("Europe: Amazon.de"), "{row}");

    // A carrier that is no longer offered is nobody's usual one.
    let page = browser.get(&format!("/inventory/carriers/{own}")).await;
    let action = format!("/inventory/carriers/{own}");
    let mut fields = page.fields(&action);
    fields.retain(|(name, _)| name != "is_active");
    assert_eq!(browser.post(&action, &fields).await.status, 303);
    let later = shop.buy(german());
    shop.sync().await;
    assert_eq!(carrier(&shop, &later), Some(usual.parse().unwrap()));
}
