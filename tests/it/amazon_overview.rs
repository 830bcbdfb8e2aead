//! Amazon at a glance: how each account stands, when it was and will be read, and what is late.

use crate::support::app::TestApp;
use crate::support::shop::{Shop, fbm};
use chrono::TimeDelta;
use comptoir::domain::access::Role;

const PAGE: &str = "/amazon";

#[actix_web::test]
async fn without_an_account_one_is_led_to_the_first() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get(PAGE).await;
    assert!(page.text(".empty").contains("Link your first account, or try the simulated Amazon"));
    assert_eq!(page.attribute(".empty a", "href").as_deref(), Some("/amazon/accounts/new"));
    assert_eq!(page.text("nav a[aria-current=page]"), "Overview");
    app.add_user(Role::Auditor).await;
    let mut reader = app.signed_in("auditor@example.com").await;
    assert!(!reader.get(PAGE).await.has(".empty a"), "who may not link an account is not asked to");
}

#[actix_web::test]
async fn each_account_shows_its_last_and_next_synchronization_and_what_amazon_grants() {
    let shop = Shop::open().await;
    shop.buy(fbm(1));
    let run = shop.sync().await;
    let mut browser = shop.site.admin().await;
    let page = browser.get(PAGE).await;
    let row = page.text("#accounts tbody tr");
    assert!(row.starts_with("Europe") && row.contains("Linked"), "{row}");
    assert!(page.has(&format!("#accounts a.badge[href='/amazon/runs/{}']", run.id)), "{}", page.body);
    assert!(row.contains("searchOrders"), "{row}");
    assert!(!row.contains("Late by"), "{row}");
    let href = page.attribute("#accounts a[href*='date=today']", "href").unwrap();
    let list = browser.get(&href).await;
    assert!(list.status == 200 && !list.body.contains("Unknown filter"));
    let shown = page.text("#accounts a[href*='date=today']");
    assert_eq!(list.texts("tbody th a").len().to_string(), shown, "the number of its list");
    assert!(page.has(&format!("form[action='/amazon/accounts/{}/sync-orders'] button", shop.account)));

    shop.site.wait(TimeDelta::hours(3));
    let mut browser = shop.site.admin().await;
    let row = browser.get(PAGE).await.text("#accounts tbody tr");
    assert!(row.contains("Late by 2 h"), "{row}");
}

#[actix_web::test]
async fn who_may_not_synchronize_sees_no_button_and_who_may_not_read_amazon_no_page() {
    let shop = Shop::open().await;
    shop.site.add_user(Role::Auditor).await;
    let mut reader = shop.site.signed_in("auditor@example.com").await;
    let page = reader.get(PAGE).await;
    assert!(page.status == 200 && !page.has("#accounts form"));
}
