//! Linking by consent: the way to Amazon and back, what is refused on it, and linking again.

use super::{FRANCE, SPAIN, come_back, followed, leave, link, open, row, stranger};
use crate::support::shop::{Shop, fbm};
use comptoir::db::audit;
use comptoir::domain::account::{AccountState, AuthorizedBy};
use comptoir::sandbox::{DEMO_APPLICATION_ID, DEMO_SELLER_ID, FaultKind, FaultSettings};

#[actix_web::test]
async fn a_new_account_is_linked_by_consent_and_its_orders_arrive() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let account = open(&mut browser, &shop, "Spain", SPAIN).await;
    let page = browser.get(&format!("/amazon/accounts/{account}")).await;
    assert!(page.texts(".badge").iter().any(|badge| badge == "Not linked"), "{}", page.body);
    assert!(page.body.contains(DEMO_APPLICATION_ID), "the application of the other account is taken over");
    assert!(!page.has("form[action$=sync-orders]"));
    let page = leave(&mut browser, account).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    let page = come_back(&mut browser, &back).await;
    assert_eq!(page.text(".flash"), "Linked with Amazon. Synchronized from now on: Amazon.es, Amazon.nl.");
    assert!(page.texts(".badge").iter().any(|badge| badge == "Linked"));
    let held = row(&shop, account);
    assert_eq!((held.seller_id.as_str(), held.state), (DEMO_SELLER_ID, AccountState::Linked));
    assert_eq!(link(&shop, account).authorized_by, AuthorizedBy::Consent);
    assert_eq!(followed(&shop, account), ["A1805IZSGTT6HS", SPAIN], "the others are followed by Europe");
    let order = shop.buy(comptoir::sandbox::OrderSpec { marketplace: SPAIN.to_owned(), ..fbm(1) });
    shop.later(5);
    let run = shop.sync_now(account).await;
    assert_eq!(run.counts().created, 1);
    assert_eq!(shop.order(&order)["marketplace_id"], SPAIN);
    let trail = shop.site.app.db.read(|conn| audit::about(conn, &format!("account {account}"), 9)).unwrap();
    assert!(trail.iter().any(|event| event.action == "account_linked"));
    assert!(!format!("{trail:?}").contains("Atzr|"));
}

#[actix_web::test]
async fn a_state_is_accepted_once_in_its_own_session_and_for_half_an_hour() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let account = open(&mut browser, &shop, "Spain", SPAIN).await;
    let page = leave(&mut browser, account).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    let state = back.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let code = back.split("spapi_oauth_code=").nth(1).unwrap().to_owned();

    let forged = back.replacen(&state, &format!("{account}.forged.state"), 1);
    let page = come_back(&mut browser, &forged).await;
    assert!(page.text(".flash").starts_with("Nothing was linked: the answer from Amazon was not asked for"));
    for nonsense in ["/amazon/link", "/amazon/link?state=", "/amazon/link?state=%27--&spapi_oauth_code=x"] {
        let page = come_back(&mut browser, nonsense).await;
        assert!(page.text(".flash").contains("was not asked for in this session"), "{nonsense}");
    }
    let mut other = shop.site.admin().await;
    let page = come_back(&mut other, &back).await;
    assert!(page.text(".flash").contains("was not asked for in this session"), "another session, same person");
    let mut nobody = shop.site.browser();
    let answer = nobody.get(&back).await;
    assert_eq!((answer.status, answer.location()), (303, "/login?next=/amazon/accounts"));
    assert!(!answer.body.contains(&code));
    assert_eq!(row(&shop, account).seller_id.as_str(), "", "none of them linked anything");

    let page = come_back(&mut browser, &back).await;
    assert!(page.text(".flash").starts_with("Linked with Amazon."), "{}", page.text(".flash"));
    let page = come_back(&mut browser, &back).await;
    assert!(page.text(".flash").contains("this answer from Amazon was already used"));
    assert_eq!(row(&shop, account).state, AccountState::Linked);

    let page = leave(&mut browser, account).await;
    let late = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    shop.later(16);
    browser.get("/").await;
    shop.later(15);
    let page = come_back(&mut browser, &late).await;
    assert!(page.text(".flash").contains("the consent took longer than 30 minutes"), "{}", page.text(".flash"));
}

#[actix_web::test]
async fn what_amazon_refuses_on_the_way_back_is_a_sentence_and_changes_nothing() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let account = open(&mut browser, &shop, "Spain", SPAIN).await;
    let before = row(&shop, account).version;

    let page = leave(&mut browser, account).await;
    let refused = shop.consent(&page, DEMO_SELLER_ID, "refuse").await;
    let page = come_back(&mut browser, &refused).await;
    assert!(page.text(".flash").contains("the consent was not given at Amazon"));

    let page = leave(&mut browser, account).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    shop.later(6);
    let page = come_back(&mut browser, &back).await;
    assert!(page.text(".flash").contains("is older than 5 minutes"), "{}", page.text(".flash"));

    let page = leave(&mut browser, account).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    shop.amazon().set_fault(FaultKind::RevokedSeller, FaultSettings::default());
    let page = come_back(&mut browser, &back).await;
    // The code was exchanged; with its refresh token nothing can be read.
    assert!(page.text(".flash").contains("it was withdrawn, has expired"), "{}", page.text(".flash"));
    shop.amazon().clear_faults();

    let (american, _) = stranger(&shop);
    shop.amazon().set_markets(&american, &["US", "CA"]).unwrap();
    let page = leave(&mut browser, account).await;
    let back = shop.consent(&page, &american, "confirm").await;
    let page = come_back(&mut browser, &back).await;
    assert!(page.text(".flash").contains("not for the region of this account"), "{}", page.text(".flash"));

    let held = row(&shop, account);
    assert_eq!((held.version, held.seller_id.as_str(), held.state), (before, "", AccountState::Paused));
    assert_eq!(link(&shop, account).authorized_at, None);
    assert!(followed(&shop, account).is_empty());
}

#[actix_web::test]
async fn a_lost_authorization_pauses_one_account_and_linking_again_resumes_it() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let (other, _) = stranger(&shop);
    let second = open(&mut browser, &shop, "Second shop", FRANCE).await;
    let page = leave(&mut browser, second).await;
    let back = shop.consent(&page, &other, "confirm").await;
    come_back(&mut browser, &back).await;

    shop.amazon().expire_tokens();
    shop.later(20);
    let only = FaultSettings { seller_id: Some(DEMO_SELLER_ID.to_owned()), ..FaultSettings::default() };
    shop.amazon().set_fault(FaultKind::RevokedSeller, only);
    shop.sync_now(shop.account).await;
    assert_eq!(row(&shop, shop.account).state, AccountState::AuthorizationLost);
    assert_eq!(row(&shop, second).state, AccountState::Linked, "only the account that was read is paused");
    assert_eq!(shop.open_issues(), [format!("authorization_lost {}", shop.account)]);
    shop.amazon().clear_faults();

    let order = shop.buy(fbm(1));
    let page = browser.get(&format!("/amazon/accounts/{}", shop.account)).await;
    assert!(page.has("[role=alert]") && page.body.contains("Link again"));
    let page = leave(&mut browser, shop.account).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    let page = come_back(&mut browser, &back).await;
    assert_eq!(page.text(".flash"), "Linked again. The synchronization goes on where it stopped.");
    assert_eq!(row(&shop, shop.account).state, AccountState::Linked);
    assert!(shop.open_issues().is_empty(), "its issue is settled");
    assert_eq!(followed(&shop, shop.account).len(), 5, "what was followed stays followed");
    shop.later(5);
    comptoir::worker::perform_due(&shop.site.app).await.unwrap();
    assert_eq!(shop.order(&order)["amazon_order_id"], order.as_str());
}

#[actix_web::test]
async fn another_sellers_authorization_never_replaces_the_right_one() {
    let shop = Shop::open().await;
    shop.buy(fbm(1));
    shop.sync().await;
    let mut browser = shop.site.admin().await;
    let (seller, token) = stranger(&shop);
    let before = row(&shop, shop.account);

    let page = leave(&mut browser, shop.account).await;
    let back = shop.consent(&page, &seller, "confirm").await;
    let page = come_back(&mut browser, &back).await;
    assert!(page.text(".flash").contains("was given by another seller"), "{}", page.text(".flash"));

    let path = format!("/amazon/accounts/{}", shop.account);
    let action = format!("{path}/authorization");
    let page = browser.get(&path).await;
    let answer = browser.submit(&page, &action, &[("seller", &seller), ("refresh_token", &token)]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".emsg").contains("was given by another seller"), "the seller says who they are");
    let answer = browser.submit(&page, &action, &[("refresh_token", &token)]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".emsg").contains("was given by another seller"), "its token does not find our orders");
    assert!(!answer.body.contains(&token), "a token is never shown again");

    let after = row(&shop, shop.account);
    assert_eq!((after.version, after.sealed, after.seller_id), (before.version, before.sealed, before.seller_id));
}
