//! The list of orders: filters, search, pages, and what each role may see of it.

use crate::support::app::TestApp;
use crate::support::factory::Sample;
use chrono::TimeDelta;
use comptoir::domain::access::Role;
use std::collections::BTreeSet;

#[actix_web::test]
async fn a_filter_by_team_counts_what_the_database_counts() {
    let app = TestApp::with_company().await;
    let (first, second) = (app.shop("Europe", "A13V1IB3VIYZZH"), app.shop("Germany", "A1PA6795UKMFR9"));
    for number in 1..=9 {
        app.order(if number % 3 == 0 { second } else { first }, &Sample::new(&app, number));
    }
    let mut browser = app.admin().await;
    let page = browser.get(&format!("/sales/orders?team={}", second.team)).await;
    assert_eq!((page.status, page.text("p.count").as_str()), (200, "3 orders"));
    assert_eq!(page.texts("tbody tr").len(), 3);
    assert_eq!(page.texts(".facet").len(), 1);
    let page = browser.get(&format!("/sales/orders?team={}&team={}", first.team, second.team)).await;
    assert_eq!(page.text("p.count"), "9 orders", "the same key twice is an alternative");
    let page = browser.get(&format!("/sales/orders?not.team={}", second.team)).await;
    assert_eq!(page.text("p.count"), "6 orders");
}

#[actix_web::test]
async fn every_order_is_on_exactly_one_page_in_both_directions_and_every_sort() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    for number in 1..=47 {
        let mut sample = Sample::new(&app, number);
        sample.ship_by = (number % 4 != 0).then(|| sample.ordered_at + TimeDelta::days(number % 5));
        app.order(shop, &sample);
    }
    let mut browser = app.admin().await;
    for sort in ["", "&sort=date", "&sort=number", "&sort=-number", "&sort=total", "&sort=ship_by", "&sort=-ship_by"] {
        let pages = browser.turn_pages(&format!("/sales/orders?per=20{sort}")).await;
        let seen = pages.concat();
        assert_eq!((seen.len(), seen.iter().collect::<BTreeSet<_>>().len(), pages.len()), (47, 47, 3), "{sort}");
    }
    assert!(browser.get("/sales/orders?per=20&sort=total").await.text("p.count").starts_with("47"));
}

#[actix_web::test]
async fn what_an_address_asks_in_vain_is_said_and_answered_all_the_same() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    for path in ["/sales/orders?colour=red", "/sales/orders?page=abc", "/sales/orders?state=sold&per=7"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.has("p.note.w"), "{path}");
    }
}

#[actix_web::test]
async fn a_plain_form_with_empty_fields_leads_to_the_tidy_address() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get("/sales/orders?q=&date=&date.from=2026-11-01&date.to=2026-11-30&channel=fba").await;
    assert_eq!(page.status, 302);
    assert_eq!(page.location(), "/sales/orders?channel=fba&date=2026-11-01..2026-11-30");
    let page = browser.fragment("/sales/orders?q=&channel=fba", "list").await;
    assert_eq!((page.status, page.header("hx-replace-url")), (200, "/sales/orders?channel=fba"));
    assert!(!page.body.contains("<html"), "a fragment");
    let request = browser.request(reqwest::Method::GET, "/sales/orders").header("HX-History-Restore-Request", "true");
    assert!(browser.send(request).await.body.contains("<html"), "history gets the whole page");
}

#[actix_web::test]
async fn a_search_finds_names_and_codes_and_jumps_to_a_record_that_it_names() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let mut other = Sample::new(&app, 2);
    (other.buyer, other.sku) = ("Émile Zola", "LAMP-9");
    let (first, second) = (app.order(shop, &Sample::new(&app, 1)), app.order(shop, &other));
    let mut browser = app.admin().await;
    for (query, id) in [("benhamou", first), ("NADIA+Benhamou", first), ("%C3%A9mile", second), ("LAMP-9", second)] {
        let page = browser.get(&format!("/sales/orders?q={query}")).await;
        assert_eq!(page.texts("tbody th a"), [format!("S{:05}", id.0)], "{query}");
    }
    assert_eq!(browser.get("/sales/orders?q=nobody").await.text("p.count"), "0 orders");
    for name in [format!("S{:05}", first.0), Sample::new(&app, 1).reference()] {
        let page = browser.get(&format!("/sales/orders?q={name}")).await;
        assert_eq!((page.status, page.location()), (302, format!("/sales/orders/{first}").as_str()));
    }
    let page = browser.get("/sales/orders?q=402-7777777-7777777").await;
    assert!(page.body.contains("/sales/orders/why?reference=402-7777777-7777777"));
}

#[actix_web::test]
async fn the_warehouse_sees_orders_but_no_names_and_cannot_search_them() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    app.order(shop, &Sample::new(&app, 1));
    app.add_user(Role::WarehouseUser).await;
    let mut browser = app.signed_in("warehouse_user@example.com").await;
    let page = browser.get("/sales/orders").await;
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("Benhamou"));
    assert_eq!(browser.get("/sales/orders?q=benhamou").await.text("p.count"), "0 orders");
    for path in ["/sales/customers", "/sales/customers/1", "/amazon/accounts", "/amazon/runs", "/amazon/issues"] {
        assert_eq!(browser.get(path).await.status, 403, "{path}");
    }
    assert!(!browser.get("/sales/orders/1").await.body.contains("Benhamou"));
}

#[actix_web::test]
async fn the_dashboard_counts_what_its_lists_count() {
    let app = TestApp::with_company().await;
    let shop = app.shop("Europe", "A13V1IB3VIYZZH");
    let now = app.app.clock.now().naive_utc();
    for (number, hours) in [(1, -5), (2, -1), (3, 2), (4, 80)] {
        let mut sample = Sample::new(&app, number);
        sample.ship_by = Some(now + TimeDelta::hours(hours));
        app.order(shop, &sample);
    }
    app.issue(shop, "unmatched_sku", "MUG-77");
    app.issue(shop, "unmatched_sku", "MUG-78");
    let mut browser = app.admin().await;
    let page = browser.get("/").await;
    let counts = page.texts(".todo a b");
    assert_eq!(counts, ["2", "1", "2"]);
    for (index, count) in counts.iter().enumerate() {
        let href = page.attribute(&format!(".todo li:nth-child({}) a", index + 1), "href").unwrap();
        let list = browser.get(&href).await;
        assert!(list.text("p.count").starts_with(count.as_str()), "{href}: {}", list.text("p.count"));
    }
}
