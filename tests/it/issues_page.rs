//! Issues: what is open, and how it is settled once.

use crate::support::app::TestApp;
use comptoir::domain::access::Role;

#[actix_web::test]
async fn an_issue_is_settled_once_and_leaves_the_list_of_open_ones() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let mut browser = app.admin().await;
    assert!(browser.get("/amazon/issues").await.body.contains("No open issue."));
    let id = app.issue(shop, "unmatched_sku", "MUG-77");
    let page = browser.get("/amazon/issues").await;
    assert_eq!(page.text("p.count"), "1 issue");
    let path = format!("/amazon/issues/{id}");
    let page = browser.get(&path).await;
    assert!(page.body.contains("No product has the SKU “MUG-77”: the default product is used."));
    let action = format!("{path}/settle");
    let answer = browser.submit(&page, &action, &[("verdict", "resolved")]).await;
    assert_eq!(browser.follow(answer).await.text(".flash"), "Issue resolved.");
    assert_eq!(browser.submit(&page, &action, &[("verdict", "ignored")]).await.status, 409);
    assert_eq!(browser.get("/amazon/issues").await.text("p.count"), "0 issues");
    assert_eq!(browser.get("/amazon/issues?state=all").await.text("p.count"), "1 issue");
    let without = browser.get("/amazon/issues").await.attribute("ul.facets li a", "href").unwrap();
    assert_eq!(without, "/amazon/issues?state=all", "without its state the list shows all");
    assert_eq!(browser.get("/amazon/issues?state=resolved&kind=unmatched_sku").await.text("p.count"), "1 issue");
}

#[actix_web::test]
async fn the_auditor_reads_issues_and_settles_none() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let id = app.issue(shop, "unmatched_sku", "MUG-77");
    app.add_user(Role::Auditor).await;
    let mut browser = app.signed_in("auditor@example.com").await;
    let page = browser.get(&format!("/amazon/issues/{id}")).await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("/settle"));
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let fields = [("csrf", csrf.as_str()), ("verdict", "resolved")];
    assert_eq!(browser.post(&format!("/amazon/issues/{id}/settle"), &fields).await.status, 403);
}
