//! The end of an account: unlinked, archived, taken back, and what stays of it.

use crate::support::browser::{Browser, Page};
use crate::support::shop::{Shop, fbm};
use comptoir::db::{accounts, audit};
use comptoir::domain::access::Role;
use comptoir::domain::marketplace::Region;
use comptoir::ops::edit_account;
use comptoir::sandbox::{DEMO_REFRESH_TOKEN, DEMO_SELLER_ID};

async fn confirmed(browser: &mut Browser, path: &str, typed: &[(&str, &str)]) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{path}");
    let answer = browser.submit(&page, path, typed).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.body);
    browser.follow(answer).await
}

/// Whether a client secret and whether a refresh token are held.
fn held(shop: &Shop) -> (bool, bool) {
    let (row, ..) = shop.site.app.db.read(|conn| accounts::by_id(conn, shop.company, shop.account)).unwrap().unwrap();
    let shown = edit_account::shown(&shop.site.app, &row);
    (shown.has_client, shown.has_token)
}

#[actix_web::test]
async fn an_unlinked_account_forgets_its_authorization_reads_nothing_and_is_linked_again() {
    let shop = Shop::open().await;
    let order = shop.buy(fbm(1));
    shop.sync().await;
    shop.ask(shop.account);
    let mut browser = shop.site.admin().await;
    let record = format!("/amazon/accounts/{}", shop.account);
    let page = browser.get(&record).await;
    assert!(page.has(&format!("a[href='{record}/unlink']")) && !page.has(&format!("a[href='{record}/archive']")));
    let page = browser.get(&format!("{record}/unlink")).await;
    assert!(page.text("main").contains("The authorization is forgotten here"));
    for typed in ["", "europa", "Euro"] {
        let refused = browser.submit(&page, &format!("{record}/unlink"), &[("name", typed)]).await;
        assert_eq!(
            (refused.status, refused.text("#name-error").as_str()),
            (422, "Type Europe exactly as it stands here")
        );
        assert_eq!(refused.attribute("#name", "value").unwrap_or_default(), typed, "what was typed is kept");
    }
    assert_eq!(held(&shop), (true, true), "a wrong name unlinks nothing");
    let page = confirmed(&mut browser, &format!("{record}/unlink"), &[("name", " Europe ")]).await;
    assert_eq!(page.text(".flash"), "The account is not linked any more.");
    assert!(page.text("main").contains("Not linked"));
    assert_eq!(held(&shop), (true, false), "the application stays, the authorization does not");

    let before = shop.last_run(shop.account).id;
    shop.buy(fbm(1));
    shop.later(20);
    comptoir::worker::perform_due(&shop.site.app).await.unwrap();
    assert_eq!(shop.last_run(shop.account).id, before, "nothing is read any more");
    assert_eq!(browser.get("/sales/orders").await.texts("tbody tr").len(), 1);
    assert_eq!(shop.order(&order)["state"], "sale");
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let version = page.attribute("input[name=version]", "value").unwrap();
    let answer = browser.post(&format!("{record}/sync-orders"), &[("csrf", csrf.as_str())]).await;
    let said = browser.follow(answer).await.text(".flash");
    assert!(!said.is_empty(), "a synchronization is refused with a reason");
    let answer = browser.post(&format!("{record}/unlink"), &[("csrf", &csrf), ("version", &version)]).await;
    let said = browser.follow(answer).await.text(".flash");
    assert!(said.contains("Link"), "a second time there is nothing to unlink: {said}");
    let trail = shop.site.app.db.read(|conn| audit::about(conn, &format!("account {}", shop.account), 1)).unwrap();
    assert_eq!((trail[0].action.as_str(), trail[0].old_value.as_deref()), ("account_unlinked", Some(DEMO_SELLER_ID)));

    let page = browser.get(&record).await;
    let action = format!("{record}/authorization");
    let typed = [("seller", DEMO_SELLER_ID), ("refresh_token", DEMO_REFRESH_TOKEN)];
    let answer = browser.submit(&page, &action, &typed).await;
    assert_eq!(answer.status, 303, "{}", answer.text(".emsg"));
    assert_eq!(held(&shop), (true, true));
    let run = shop.sync().await;
    assert_eq!(run.counts().created, 1, "what was sold meanwhile is read on");
}

#[actix_web::test]
async fn an_archived_account_leaves_the_lists_frees_its_marketplaces_and_can_be_taken_back() {
    let shop = Shop::open().await;
    shop.buy(fbm(1));
    shop.sync().await;
    let mut browser = shop.site.admin().await;
    let record = format!("/amazon/accounts/{}", shop.account);
    let page = browser.get(&record).await;
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let version = page.attribute("input[name=version]", "value").unwrap();
    let answer = browser.post(&format!("{record}/archive"), &[("csrf", &csrf), ("version", &version)]).await;
    assert!(browser.follow(answer).await.text(".flash").starts_with("Unlink the account first"));
    assert_eq!(browser.get(&format!("{record}/archive")).await.status, 303, "a linked one has nothing to confirm");

    confirmed(&mut browser, &format!("{record}/unlink"), &[("name", "Europe")]).await;
    let page = confirmed(&mut browser, &format!("{record}/archive"), &[]).await;
    assert_eq!(page.text(".flash"), "The account is archived.");
    assert!(!page.has("main form[action$='/link']"), "an archived account is not changed");
    let list = browser.get("/amazon/accounts").await;
    assert!(!list.has(&format!("tbody a[href='{record}']")));
    let archived = browser.get(&list.attribute("main a[href$='archived=1']", "href").unwrap()).await;
    assert!(archived.has(&format!("tbody a[href='{record}']")));
    let page = browser.get("/sales/orders").await;
    assert_eq!(page.texts("tbody tr").len(), 1, "orders stay");
    let version = browser.get(&record).await.attribute("input[name=version]", "value").unwrap();
    let fields = [("csrf", csrf.as_str()), ("version", version.as_str()), ("marketplace", "A13V1IB3VIYZZH")];
    let answer = browser.post(&format!("{record}/marketplaces"), &fields).await;
    assert!(browser.follow(answer).await.text(".flash").starts_with("This account is archived"));
    let stale = browser.post(&format!("{record}/restore"), &[("csrf", csrf.as_str()), ("version", "1")]).await;
    assert!(browser.follow(stale).await.text(".flash").starts_with("The account was changed meanwhile"));

    // Its marketplaces are free: another registration of the same seller may follow them.
    let second = shop.register("Germany", Region::Eu, &["DE"]).await;
    let page = browser.get(&record).await;
    let answer = browser.submit(&page, &format!("{record}/restore"), &[]).await;
    assert!(browser.follow(answer).await.text(".flash").starts_with("The account is in use again"));
    let page = browser.get(&record).await;
    let typed = [("seller", DEMO_SELLER_ID), ("refresh_token", DEMO_REFRESH_TOKEN)];
    let answer = browser.submit(&page, &format!("{record}/authorization"), &typed).await;
    assert_eq!(answer.status, 303, "{}", answer.text(".emsg"));
    let followed = shop.site.app.db.read(|conn| accounts::marketplaces(conn, shop.company)).unwrap();
    let is_on = |id: comptoir::domain::ids::AccountId, market: &str| {
        followed[&id].iter().any(|(held, is_on)| held.as_str() == market && *is_on)
    };
    let (france, germany) = ("A13V1IB3VIYZZH", "A1PA6795UKMFR9");
    assert!(is_on(shop.account, france), "it follows again what is free");
    assert!(!is_on(shop.account, germany) && is_on(second, germany));
}

#[actix_web::test]
async fn only_those_who_may_edit_accounts_end_them() {
    let shop = Shop::open().await;
    shop.site.add_user(Role::SalesManager).await;
    let mut browser = shop.site.signed_in("sales_manager@example.com").await;
    let record = format!("/amazon/accounts/{}", shop.account);
    assert!(!browser.get(&record).await.has(&format!("a[href='{record}/unlink']")));
    let csrf = browser.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
    for step in ["unlink", "archive", "restore"] {
        let fields = [("csrf", csrf.as_str()), ("version", "1")];
        assert_eq!(browser.post(&format!("{record}/{step}"), &fields).await.status, 403, "{step}");
        if step != "restore" {
            assert_eq!(browser.get(&format!("{record}/{step}")).await.status, 403, "{step}");
        }
    }
}
