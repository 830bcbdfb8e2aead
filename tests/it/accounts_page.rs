//! Amazon accounts: what may be changed, by whom, and what is refused.

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use comptoir::db::{accounts, audit};
use comptoir::domain::access::Role;
use comptoir::domain::ids::MarketplaceId;

async fn developer(app: &TestApp) -> Browser {
    let mut browser = app.admin().await;
    let page = browser.get("/me").await;
    browser.submit(&page, "/me/developer-mode", &[("on", "yes")]).await;
    browser
}

#[actix_web::test]
async fn the_buttons_of_developers_appear_only_in_developer_mode() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let path = format!("/amazon/accounts/{}?tab=orders", shop.account);
    let mut browser = app.admin().await;
    let page = browser.get(&path).await;
    for absent in ["SYNC ORDERS", "SYNC PICKINGS", "Recover Order", "name=\"date\""] {
        assert!(!page.body.contains(absent), "{absent}");
    }
    assert!(page.body.contains("Sync now"));
    let page = developer(&app).await.get(&path).await;
    for present in ["SYNC ORDERS", "SYNC PICKINGS", "Recover Order", "name=\"date\""] {
        assert!(page.body.contains(present), "{present}");
    }
}

#[actix_web::test]
async fn a_wrong_interval_is_refused_beside_its_field_and_nothing_typed_is_lost() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let action = format!("/amazon/accounts/{}/follow-up", shop.account);
    let mut browser = app.admin().await;
    let page = browser.get(&format!("/amazon/accounts/{}?tab=orders", shop.account)).await;
    let answer = browser.submit(&page, &action, &[("interval", "2")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text("title").starts_with("Error: "));
    assert_eq!(answer.attribute("#interval", "value").as_deref(), Some("2"));
    assert_eq!(answer.attribute("#interval", "aria-invalid").as_deref(), Some("true"));
    assert!(answer.text(".emsg").contains("between 3 and 1,440"));
    for tab in answer.attributes("nav.tabs a", "href") {
        assert_eq!(browser.get(&tab).await.status, 200, "{tab}");
    }
    assert_eq!(browser.submit(&page, &action, &[("interval", "30")]).await.status, 303);
    let stale = browser.submit(&page, &action, &[("interval", "45")]).await;
    assert_eq!(stale.status, 409, "the page was made before the last change");
}

#[actix_web::test]
async fn who_was_overtaken_sees_both_values_and_saves_theirs_or_lets_the_other_stand() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let path = format!("/amazon/accounts/{}?tab=orders", shop.account);
    let action = format!("/amazon/accounts/{}/follow-up", shop.account);
    let (mut mine, mut theirs) = (app.admin().await, app.admin().await);
    let page = mine.get(&path).await;
    let other = theirs.get(&path).await;
    assert_eq!(theirs.submit(&other, &action, &[("interval", "30")]).await.status, 303);
    let answer = mine.submit(&page, &action, &[("interval", "45")]).await;
    assert_eq!((answer.status, answer.text("#problem h2").as_str()), (409, "Somebody changed this meanwhile"));
    assert!(answer.text("title").starts_with("Error: "));
    assert_eq!(answer.texts("#problem tbody tr"), ["Interval in minutes3045"], "only what differs, theirs then mine");
    assert_eq!(answer.attribute("#interval", "value").as_deref(), Some("45"), "what was typed stays in its field");
    assert_eq!(answer.attribute("#problem a.btn", "href").as_deref(), Some(path.as_str()), "theirs are kept by a link");
    assert_eq!(mine.get(&path).await.attribute("#interval", "value").as_deref(), Some("30"), "nothing was saved yet");
    // The first form of the page is the one of the comparison.
    assert_eq!(mine.submit(&answer, &action, &[]).await.status, 303);
    assert_eq!(mine.get(&path).await.attribute("#interval", "value").as_deref(), Some("45"));
    let same = theirs.submit(&other, &action, &[("interval", "45")]).await;
    assert_eq!(same.status, 303, "who typed what is stored has nothing to decide");
}

#[actix_web::test]
async fn overtaken_marketplaces_and_dates_are_compared_too() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let path = format!("/amazon/accounts/{}", shop.account);
    let mut browser = developer(&app).await;
    let page = browser.get(&format!("{path}?tab=marketplaces")).await;
    let dates = browser.get(&format!("{path}?tab=orders")).await;
    let mut fields = page.fields(&format!("{path}/marketplaces"));
    fields.push(("marketplace".to_owned(), "APJ6JRA9NG5V4".to_owned()));
    assert_eq!(browser.post(&format!("{path}/marketplaces"), &fields).await.status, 303);
    fields.retain(|(name, _)| name != "marketplace");
    fields.push(("marketplace".to_owned(), "A1PA6795UKMFR9".to_owned()));
    let answer = browser.post(&format!("{path}/marketplaces"), &fields).await;
    assert_eq!(answer.status, 409);
    let rows = answer.texts("#problem tbody tr");
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows.contains(&"Amazon.deNot synchronizedSynchronized".to_owned()), "{rows:?}");
    assert!(answer.has("#marketplaces input[value=A1PA6795UKMFR9][checked]"));
    assert_eq!(browser.submit(&answer, &format!("{path}/marketplaces"), &[]).await.status, 303);
    let action = format!("{path}/last-order-sync");
    let answer = browser.submit(&dates, &action, &[("date", "2026-11-20T00:00"), ("then", "save")]).await;
    assert_eq!(answer.status, 409);
    assert!(answer.text("#problem tbody tr").starts_with("Last Order Sync"), "{}", answer.text("#problem tbody"));
    assert_eq!(answer.attribute("#date", "value").as_deref(), Some("2026-11-20T00:00"));
    assert_eq!(browser.submit(&answer, &action, &[]).await.status, 303, "saved with the button that was pressed");
    assert_eq!(
        browser.get(&format!("{path}?tab=orders")).await.attribute("#date", "value").as_deref(),
        Some("2026-11-20T00:00")
    );
}

#[actix_web::test]
async fn a_marketplace_that_another_registration_follows_is_refused_with_a_link() {
    let app = TestApp::with_company().await;
    let (first, second) = (app.shop("Europe", "A13V1IB3VIYZZH"), app.shop("Germany", "A1PA6795UKMFR9"));
    let mut browser = app.admin().await;
    let path = format!("/amazon/accounts/{}?tab=marketplaces", second.account);
    let page = browser.get(&path).await;
    let action = format!("/amazon/accounts/{}/marketplaces", second.account);
    let mut fields = page.fields(&action);
    fields.push(("marketplace".to_owned(), "A13V1IB3VIYZZH".to_owned()));
    let answer = browser.post(&action, &fields).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".esum").contains("Amazon.fr is already synchronized by Europe"));
    assert!(answer.body.contains(&format!("/amazon/accounts/{}?tab=marketplaces", first.account)));
    fields.retain(|(name, _)| name != "marketplace");
    fields.push(("marketplace".to_owned(), "APJ6JRA9NG5V4".to_owned()));
    assert_eq!(browser.post(&action, &fields).await.status, 303);
    let company = app.company.unwrap();
    let held = app.app.db.read(|conn| accounts::marketplaces(conn, company)).unwrap();
    let followed: Vec<_> = held[&second.account].iter().filter(|(_, on)| *on).map(|(id, _)| id.clone()).collect();
    assert_eq!(followed, [MarketplaceId::from("APJ6JRA9NG5V4")]);
}

#[actix_web::test]
async fn last_order_sync_moves_to_the_past_only_and_leaves_a_trace() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let (path, action) = (
        format!("/amazon/accounts/{}?tab=orders", shop.account),
        format!("/amazon/accounts/{}/last-order-sync", shop.account),
    );
    let mut browser = developer(&app).await;
    let page = browser.get(&path).await;
    let future = browser.submit(&page, &action, &[("date", "2026-11-25T00:00"), ("then", "save")]).await;
    assert_eq!((future.status, future.text(".emsg").as_str()), (422, "Last Order Sync must be in the past"));
    assert_eq!(future.attribute("#date", "value").as_deref(), Some("2026-11-25T00:00"));
    let old = browser.submit(&page, &action, &[("date", "2023-01-01T00:00"), ("then", "preview")]).await;
    assert_eq!(old.status, 422);
    assert_eq!(app.count_runs(), 0);
    let answer = browser.submit(&page, &action, &[("date", "2026-11-20T00:00"), ("then", "save")]).await;
    assert_eq!(answer.status, 303);
    let company = app.company.unwrap();
    let (row, ..) = app.app.db.read(|conn| accounts::by_id(conn, company, shop.account)).unwrap().unwrap();
    assert_eq!(row.last_order_sync.to_string(), "2026-11-19 23:00:00", "midnight in Paris, kept in UTC");
    let subject = format!("account {}", shop.account);
    let trail = app.app.db.read(|conn| audit::about(conn, &subject, 5)).unwrap();
    assert_eq!(trail[0].action, "last_order_sync_moved");
    assert!(trail[0].new_value.as_deref().unwrap().starts_with("2026-11-19T23:00:00"));
    assert_eq!(browser.submit(&page, &action, &[("then", "save")]).await.status, 409);
}

#[actix_web::test]
async fn only_those_who_may_synchronize_and_force() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    app.add_user(Role::SalesUser).await;
    let mut browser = app.signed_in("sales_user@example.com").await;
    let page = browser.get("/me").await;
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    for verb in ["sync-orders?debug=1", "sync-pickings", "recover", "follow-up", "last-order-sync"] {
        let path = format!("/amazon/accounts/{}/{verb}", shop.account);
        let fields: Vec<(&str, &str)> = match verb {
            "recover" => vec![("csrf", &csrf), ("references", "402-1234567-1234567")],
            "follow-up" => vec![("csrf", &csrf), ("version", "1"), ("team", "1"), ("location", "1"), ("interval", "9")],
            "last-order-sync" => vec![("csrf", &csrf), ("version", "1"), ("then", "save")],
            _ => vec![("csrf", &csrf)],
        };
        assert_eq!(browser.post(&path, &fields).await.status, 403, "{verb}");
    }
    assert_eq!(app.count_runs(), 0);
}

#[actix_web::test]
async fn references_to_recover_are_checked_line_by_line() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let path = format!("/amazon/accounts/{}/recover", shop.account);
    let mut browser = developer(&app).await;
    let page = browser.get(&path).await;
    let answer = browser.submit(&page, &path, &[("references", "one\ntwo")]).await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.text("textarea"), "one two");
    assert!(answer.body.contains("“two” is not an Amazon order reference"));
    let typed = [("references", "402-1234567-1234567\nwrong\nworse")];
    let answer = browser.submit(&page, &path, &typed).await;
    assert_eq!(answer.status, 303);
    let run = answer.location().to_owned();
    let said = browser.follow(answer).await.text(".flash");
    assert!(said.contains("“wrong” is not an Amazon order reference") && said.contains("“worse”"), "{said}");
    assert_eq!(browser.submit(&page, &path, &typed).await.location(), run, "a second click asks for nothing more");
}

#[actix_web::test]
async fn the_language_is_switched_on_a_page_that_refuses_a_form() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let path = format!("/amazon/accounts/{}", shop.account);
    let mut browser = app.admin().await.with("referer", &format!("{}{path}?tab=orders", app.url));
    let page = browser.get(&format!("{path}?tab=orders")).await;
    let refused = browser.submit(&page, &format!("{path}/follow-up"), &[("interval", "2")]).await;
    assert_eq!(refused.status, 422);
    let answer = browser.submit(&refused, "/language", &[("lang", "fr")]).await;
    assert_eq!((answer.status, answer.location()), (303, format!("{path}?tab=orders").as_str()));
}
