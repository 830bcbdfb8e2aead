//! The marketplaces that Amazon names: read, switched on one by one, and never lost to a bad answer.

use super::{FRANCE, SPAIN, followed, link};
use crate::support::shop::Shop;
use comptoir::db::{audit, links};
use comptoir::sandbox::{DEMO_SELLER_ID, FaultKind, FaultSettings, Operation};

#[actix_web::test]
async fn the_available_marketplaces_are_read_from_amazon_and_switched_on_one_by_one() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/amazon/accounts/{}?tab=marketplaces", shop.account);
    let page = browser.get(&path).await;
    assert!(page.body.contains("Not read from Amazon yet"));
    let update = format!("/amazon/accounts/{}/available-marketplaces", shop.account);
    let answer = browser.submit(&page, &update, &[]).await;
    let page = browser.follow(answer).await;
    assert_eq!(page.text(".flash"), "The available marketplaces are up to date: 8 are new.");
    let offered = page.texts("#marketplaces label");
    let expected =
        ["Amazon.es", "Amazon.co.uk", "Amazon.fr", "Amazon.com.be", "Amazon.nl", "Amazon.de", "Amazon.it", "Amazon.se"];
    assert_eq!(offered, expected);
    assert!(page.has("input[value=AMEN7PMS3EDWL][disabled]"), "the seller does not sell in Belgium");
    assert!(page.body.contains("Non-Amazon FR"), "what is unknown is named, not offered");
    assert_eq!(followed(&shop, shop.account).len(), 5, "reading them switches nothing on or off");

    let action = format!("/amazon/accounts/{}/marketplaces", shop.account);
    let mut fields = page.fields(&action);
    fields.push(("marketplace".to_owned(), SPAIN.to_owned()));
    fields.retain(|(_, value)| value != FRANCE);
    assert_eq!(browser.post(&action, &fields).await.status, 303);
    let now = followed(&shop, shop.account);
    assert!(now.contains(&SPAIN.to_owned()) && !now.contains(&FRANCE.to_owned()) && now.len() == 5);

    shop.amazon().set_markets(DEMO_SELLER_ID, &["FR", "DE"]).unwrap();
    let page = browser.get(&path).await;
    let answer = browser.submit(&page, &update, &[]).await;
    let page = browser.follow(answer).await;
    assert!(page.body.contains("Amazon no longer names it for this seller"), "what is followed stays visible");
    let trail = shop.site.app.db.read(|conn| audit::about(conn, &format!("account {}", shop.account), 9)).unwrap();
    assert_eq!(trail.iter().filter(|event| event.action == "account_marketplaces_read").count(), 2);
}

#[actix_web::test]
async fn what_amazon_answers_badly_leaves_the_marketplaces_as_they_were() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/amazon/accounts/{}?tab=marketplaces", shop.account);
    let update = format!("/amazon/accounts/{}/available-marketplaces", shop.account);
    let page = browser.get(&path).await;
    let operation = Some(Operation::MarketplaceParticipations);
    shop.amazon().set_fault(
        FaultKind::RevokedSeller,
        FaultSettings { operation: Some(Operation::Token), ..FaultSettings::default() },
    );
    let answer = browser.submit(&page, &update, &[]).await;
    assert!(browser.follow(answer).await.text(".flash").contains("Amazon does not accept this authorization"));
    shop.amazon().clear_faults();
    shop.amazon().set_fault(FaultKind::HtmlBody, FaultSettings { operation, ..FaultSettings::default() });
    let answer = browser.submit(&page, &update, &[]).await;
    assert!(browser.follow(answer).await.text(".flash").contains("cannot be reached"));
    let told = shop.site.app.db.read(|conn| links::participations(conn, shop.account)).unwrap();
    assert!(told.is_empty() && link(&shop, shop.account).marketplaces_read_at.is_none());
}
