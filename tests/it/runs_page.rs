//! Runs: one at a time per account, followed while they work, stopped by who may.

use crate::support::app::TestApp;
use comptoir::domain::ids::RunId;

#[actix_web::test]
async fn asking_twice_joins_the_run_that_is_under_way() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let action = format!("/amazon/accounts/{}/sync-orders", shop.account);
    let mut browser = app.admin().await;
    let page = browser.get("/amazon/accounts").await;
    let first = browser.submit(&page, &action, &[]).await;
    let second = browser.submit(&page, &action, &[]).await;
    assert_eq!((first.status, first.location()), (303, second.location()));
    assert_eq!(app.count_runs(), 1);
    let page = browser.follow(second).await;
    assert_eq!(page.text(".flash"), "A synchronization is already running since 14:05. You are following it.");
    assert!(page.has("noscript meta[http-equiv=refresh]") || page.body.contains("http-equiv=\"refresh\""));
}

#[actix_web::test]
async fn the_card_of_a_run_is_asked_for_until_it_ends() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let mut browser = app.admin().await;
    let page = browser.get("/amazon/accounts").await;
    let answer = browser.submit(&page, &format!("/amazon/accounts/{}/sync-orders", shop.account), &[]).await;
    let path = answer.location().to_owned();
    let run = RunId(path.rsplit('/').next().unwrap().parse().unwrap());
    let card = browser.fragment(&format!("{path}/progress"), &format!("job-{run}")).await;
    assert!(card.body.contains("every 2s") && !card.body.contains("<html"));
    assert_eq!(card.header("hx-refresh"), "");
    app.set_run_state(run, "running");
    let page = browser.get(&path).await;
    let answer = browser.submit(&page, &format!("{path}/stop"), &[]).await;
    assert!(browser.follow(answer).await.body.contains("Nadia Benali asked to stop"));
    app.set_run_state(run, "stopped");
    let card = browser.fragment(&format!("{path}/progress"), &format!("job-{run}")).await;
    assert!(!card.body.contains("every 2s"));
    assert_eq!(card.header("hx-refresh"), "true");
    assert!(card.body.contains("Stopped by Nadia Benali after 0 orders. The Last Order Sync date was not moved."));
    assert_eq!(browser.get("/amazon/runs?state=stopped").await.text("p.count"), "1 run");
    assert_eq!(browser.get("/amazon/runs?state=running").await.text("p.count"), "0 runs");
}
