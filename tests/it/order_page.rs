//! One order, and why it is, or is not, here.

use crate::support::app::TestApp;
use crate::support::factory::Sample;
use crate::support::shop::{Shop, fbm};
use comptoir::domain::access::Role;
use comptoir::domain::ids::RunId;

#[actix_web::test]
async fn an_order_shows_its_lines_its_customer_and_the_default_product() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let mut sample = Sample::new(&app, 1);
    sample.is_default_product = true;
    let id = app.order(shop, &sample);
    let mut browser = app.admin().await;
    let page = browser.get(&format!("/sales/orders/{id}")).await;
    assert_eq!(page.text("h1"), format!("S{:05}", id.0));
    let lines = page.text("#lines");
    for part in ["Grey mug, 30 cl", "MUG-01", "Default product", "€19.91"] {
        assert!(lines.contains(part), "{part} in {lines}");
    }
    assert!(page.text("#side").contains("Nadia Benhamou"));
    assert!(!page.text("title").contains("Nadia"), "no name in the title");
    for name in [format!("S{:05}", id.0), sample.reference()] {
        let page = browser.get(&format!("/sales/orders/{name}")).await;
        assert_eq!((page.status, page.location()), (302, format!("/sales/orders/{id}").as_str()));
    }
    assert_eq!(browser.get("/sales/orders/99999").await.status, 404);
    for path in [format!("/inventory/pickings?order={id}"), format!("/inventory/moves?order={id}")] {
        assert_eq!(browser.get(&path).await.texts("tbody tr").len(), 1, "{path}");
    }
}

#[actix_web::test]
async fn why_answers_for_an_order_that_is_not_held() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let mut browser = app.admin().await;
    let page = browser.get(&format!("/amazon/accounts/{}", shop.account)).await;
    let action = format!("/amazon/accounts/{}/sync-orders", shop.account);
    let answer = browser.submit(&page, &action, &[]).await;
    let run: i64 = answer.location().rsplit('/').next().unwrap().parse().unwrap();
    app.decision(shop, RunId(run), "402-1234567-7654321");
    let page = browser.get("/sales/orders/why?reference=402-1234567-7654321").await;
    assert!(page.body.contains("402-1234567-7654321 is not in Comptoir."));
    assert!(page.text(".rules .applied").contains("R3"));
    assert!(page.text(".note").contains("FBA, Unshipped: it comes here once Amazon has shipped it."));
    let page = browser.get("/sales/orders/why?reference=402-0000000-0000000").await;
    assert!(page.body.contains("No synchronization has read this reference."));
    let page = browser.get("/sales/orders/why?reference=nonsense").await;
    assert_eq!(page.text(".emsg"), "Amazon order reference must look like 402-1234567-1234567");
    let page = browser.get(&format!("/amazon/runs/{run}?outcome=wait")).await;
    assert_eq!(page.texts("tbody tr").len(), 1);
    assert!(page.text("tbody tr").contains("it comes here once Amazon has shipped it"));
}

#[actix_web::test]
async fn who_works_in_the_warehouse_reads_why_and_is_led_to_no_page_of_amazon() {
    let shop = Shop::open().await;
    let order = shop.buy(fbm(1));
    shop.sync().await;
    shop.site.add_user(Role::WarehouseUser).await;
    let mut browser = shop.site.signed_in("warehouse_user@example.com").await;
    let page = browser.get("/sales/orders").await;
    let order_path = page.attribute("tbody th a", "href").unwrap();
    for path in [order_path, format!("/sales/orders/why?reference={order}"), "/inventory/locations".to_owned()] {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        let links = page.attributes("main a", "href");
        assert!(!links.iter().any(|link| link.starts_with("/amazon/")), "{path}: {links:?}");
    }
    assert!(browser.get(&format!("/sales/orders/why?reference={order}")).await.text("main").contains("Run 1"));
}
