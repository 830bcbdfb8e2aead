//! What all lists have in common, in both languages.

use crate::support::app::TestApp;
use crate::support::factory::Sample;

const LISTS: [&str; 8] = [
    "/sales/orders",
    "/sales/customers",
    "/sales/products",
    "/inventory/pickings",
    "/inventory/moves?location=amazon",
    "/amazon/runs",
    "/amazon/issues",
    "/amazon/offers",
];

#[actix_web::test]
async fn every_list_has_one_heading_a_count_and_a_fragment() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    app.order(shop, &Sample::new(&app, 1));
    let mut browser = app.admin().await;
    for path in LISTS {
        let page = browser.get(path).await;
        assert_eq!((page.status, page.texts("h1").len()), (200, 1), "{path}");
        assert!(page.text("title").ends_with("· Comptoir"), "{path}");
        assert_eq!(page.attribute("p.count", "role").as_deref(), Some("status"), "{path}");
        let part = browser.fragment(path, "div#list").await;
        assert!(part.body.trim_start().starts_with("<div id=\"list\">"), "{path}: {}", part.body);
        let page = browser.get(&format!("{}?per=20&nonsense=1", path.split('?').next().unwrap())).await;
        assert!(page.body.contains("Unknown filter “nonsense”"), "{path}");
    }
}

#[actix_web::test]
async fn sorting_marks_one_column() {
    let app = TestApp::with_company().await;
    app.order(app.shop("Europe", "A13V1IB3VIYZZH"), &Sample::new(&app, 1));
    let mut browser = app.admin().await;
    let page = browser.get("/sales/orders?sort=total").await;
    assert_eq!(page.texts("th[aria-sort]"), ["Total▲"]);
    assert_eq!(page.attribute("th[aria-sort] a", "href").as_deref(), Some("/sales/orders?sort=-total"));
}

#[actix_web::test]
async fn a_french_page_speaks_french_throughout() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let id = app.order(shop, &Sample::new(&app, 1));
    app.issue(shop, "unmatched_sku", "MUG-77");
    let mut browser = app.admin().await;
    let page = browser.get("/me").await;
    browser.submit(&page, "/language", &[("lang", "fr")]).await;
    let account = format!("/amazon/accounts/{}?tab=orders", shop.account);
    let order = format!("/sales/orders/{id}");
    for path in LISTS.iter().copied().chain(["/", account.as_str(), order.as_str(), "/sales/orders/why"]) {
        let page = browser.get(path).await;
        assert_eq!(page.attribute("html", "lang").as_deref(), Some("fr"), "{path}");
        let text = page.text("main");
        for english in ["Order", "Ship by", "Search", "Filters", "Status", "Unshipped", "Delivered", "Previous", "Open"]
        {
            let is_there = text.split(|c: char| !c.is_alphanumeric()).any(|word| word == english);
            assert!(!is_there, "{path}: {english} in {text}");
        }
    }
    let text = browser.get("/sales/orders").await.text("tbody tr");
    assert!(text.contains("19,91 €") && text.contains("24/11/2026"), "{text}");
}
