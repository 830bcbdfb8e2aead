//! New, paused and soon ending accounts, and who may change them.

use super::{FRANCE, SPAIN, STATES, come_back, leave, open, row};
use crate::support::shop::{Shop, fbm};
use chrono::TimeDelta;
use comptoir::domain::access::Role;
use comptoir::sandbox::DEMO_SELLER_ID;

#[actix_web::test]
async fn the_dashboard_reminds_of_what_ends_soon() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let account = open(&mut browser, &shop, "Spain", SPAIN).await;
    let page = leave(&mut browser, account).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    come_back(&mut browser, &back).await;
    let reminders = async |shop: &Shop| {
        let mut browser = shop.site.admin().await;
        let page = browser.get("/").await;
        page.texts(".todo li")
            .into_iter()
            .filter(|card| card.contains("secret") || card.contains("authorization"))
            .collect::<Vec<_>>()
    };
    assert!(reminders(&shop).await.is_empty());
    shop.site.wait(TimeDelta::days(150));
    let cards = reminders(&shop).await;
    assert_eq!(cards.len(), 2, "both accounts have a secret that ends in 30 days: {cards:?}");
    assert!(cards.iter().all(|card| card.contains("client secret expires on 23 May 2027")), "{cards:?}");
    shop.site.wait(TimeDelta::days(185));
    let cards = reminders(&shop).await;
    assert!(
        cards.iter().any(|card| card.contains("Spain") && card.contains("authorization at Amazon ends on")),
        "{cards:?}"
    );
    assert!(!cards.iter().any(|card| card.contains("Europe") && card.contains("authorization")), "{cards:?}");
    let mut browser = shop.site.admin().await;
    let page = browser.get(&format!("/amazon/accounts/{account}")).await;
    assert!(page.texts(".badge").iter().any(|badge| badge == "Authorization ends soon"));
}

#[actix_web::test]
async fn a_paused_account_reads_nothing_until_it_is_resumed() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/amazon/accounts/{}", shop.account);
    let page = browser.get(&path).await;
    assert_eq!(browser.submit(&page, &format!("{path}/pause"), &[]).await.status, 303);
    let order = shop.buy(fbm(1));
    shop.later(5);
    shop.ask(shop.account);
    comptoir::worker::perform_due(&shop.site.app).await.unwrap();
    assert_eq!(shop.order(&order), serde_json::Value::Null);
    let page = browser.get(&path).await;
    assert!(page.texts(".badge").iter().any(|badge| badge == "Paused"));
    assert!(!page.has("form[action$=sync-orders]"));
    assert_eq!(browser.submit(&page, &format!("{path}/resume"), &[]).await.status, 303);
    comptoir::worker::perform_due(&shop.site.app).await.unwrap();
    assert_eq!(shop.order(&order)["amazon_order_id"], order.as_str());
}

#[actix_web::test]
async fn a_new_account_needs_a_name_of_its_own_and_a_marketplace() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let page = browser.get("/amazon/accounts/new").await;
    let long = "x".repeat(81);
    let cases = [
        ("", FRANCE, "Enter a name"),
        ("Europe", FRANCE, "Another account has this name. Choose a different one"),
        (long.as_str(), FRANCE, "Name must be 80 characters or fewer"),
        ("America", "nowhere", "Choose the sign-up marketplace"),
    ];
    for (name, marketplace, said) in cases {
        let answer = browser.submit(&page, "/amazon/accounts", &[("name", name), ("marketplace", marketplace)]).await;
        assert_eq!((answer.status, answer.text(".emsg").as_str()), (422, said));
        assert_eq!(answer.attribute("#name", "value").as_deref(), Some(name));
    }
    let america = open(&mut browser, &shop, "America", STATES).await;
    assert_eq!(row(&shop, america).region(), Some(comptoir::domain::marketplace::Region::Na));
}

#[actix_web::test]
async fn only_who_may_edit_accounts_links_them() {
    let shop = Shop::open().await;
    shop.site.add_user(Role::SalesManager).await;
    let mut browser = shop.site.signed_in("sales_manager@example.com").await;
    let page = browser.get("/me").await;
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let account = format!("/amazon/accounts/{}", shop.account);
    let token: &[(&str, &str)] = &[("refresh_token", "x")];
    let verbs: [(&str, &[(&str, &str)]); 7] = [
        ("link", &[]),
        ("authorization", token),
        ("application", &[("version", "1"), ("application_id", "x"), ("client_id", ""), ("client_secret", "")]),
        ("permissions", &[]),
        ("available-marketplaces", &[]),
        ("pause", &[("version", "1")]),
        ("resume", &[("version", "1")]),
    ];
    for (verb, fields) in verbs {
        let mut fields = fields.to_vec();
        fields.push(("csrf", &csrf));
        assert_eq!(browser.post(&format!("{account}/{verb}"), &fields).await.status, 403, "{verb}");
    }
    assert_eq!(browser.get("/amazon/accounts/new").await.status, 403);
    assert_eq!(browser.get("/amazon/link?state=1.a.b&spapi_oauth_code=c").await.status, 403);
    let fields = [("csrf", csrf.as_str()), ("name", "Mine"), ("marketplace", FRANCE)];
    assert_eq!(browser.post("/amazon/accounts", &fields).await.status, 403);
    assert!(shop.amazon().calls().is_empty(), "Amazon was not even asked");
}
