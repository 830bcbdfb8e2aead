//! The overview of the warehouse: its numbers are those of the lists, and a scanned code opens its page.

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::factory::Sample;
use crate::support::shop::{Shop, fbm};
use crate::support::warehouse::SOLD;
use chrono::TimeDelta;
use comptoir::domain::access::Role;
use comptoir::domain::picking::reference;

const PAGE: &str = "/inventory";

/// Follows each number of the page to its list, whose count must be the same.
async fn numbers(browser: &mut Browser, selector: &str) -> Vec<usize> {
    let page = browser.get(PAGE).await;
    let links = page.attributes(&format!("{selector} a"), "href");
    assert!(!links.is_empty());
    let mut counts = Vec::new();
    for (text, href) in page.texts(&format!("{selector} a")).iter().zip(links) {
        let shown: usize = text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap();
        let list = browser.get(&href).await;
        assert_eq!((list.status, list.texts("tbody th a").len()), (200, shown), "{text}: {href}");
        assert!(!list.body.contains("Unknown filter"), "{href}");
        counts.push(shown);
    }
    counts
}

#[tokio::test]
async fn every_number_is_the_number_of_its_list() {
    let shop = Shop::open().await;
    shop.stock(SOLD, 4);
    let orders = [shop.buy(fbm(2)), shop.buy(fbm(2)), shop.buy(fbm(2))];
    shop.sync().await;
    let mut browser = shop.site.admin().await;
    assert_eq!(numbers(&mut browser, ".stats").await, [2, 1, 0, 0, 0]);
    let ready = orders.iter().flat_map(|order| shop.transfers(order)).find(|(_, state)| state == "assigned").unwrap();
    let path = format!("/inventory/pickings/{}", ready.0);
    let page = browser.get(&path).await;
    let typed =
        [("carrier", "Colissimo"), ("tracking", "6A1"), ("done", "1"), ("wish", "validate"), ("rest", "backorder")];
    let answer = browser.submit(&page, &format!("{path}/validate"), &typed).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let action = format!("{path}/return");
    let page = browser.get(&action).await;
    assert_eq!(browser.submit(&page, &action, &[("quantity", "1")]).await.status, 303);
    let counts = numbers(&mut browser, ".stats").await;
    assert_eq!((counts[0] + counts[1], counts[3], counts[4]), (3, 1, 0), "{counts:?}");
    shop.later(60 * 24 * 9);
    let mut browser = shop.site.admin().await;
    let counts = numbers(&mut browser, ".stats").await;
    assert_eq!(counts[2], 3, "in nine days all of them are late");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[actix_web::test]
async fn the_board_counts_by_account_and_team_what_must_leave_when() {
    let app = TestApp::with_company().await;
    let (europe, other) = (app.shop("Europe", "A13V1IB3VIYZZH"), app.shop("Other", "A1PA6795UKMFR9"));
    let now = app.app.clock.now().naive_utc();
    // It is 14:05 in Paris: two hours ago, in two hours, tomorrow, in three days.
    let due = [(europe, -26), (europe, 2), (europe, 24), (europe, 72), (other, 25), (other, 26)];
    for (number, (shop, hours)) in (1_i64..).zip(due) {
        let ship_by = Some(now + TimeDelta::hours(hours));
        app.order(shop, &Sample { ship_by, ..Sample::new(&app, number) });
    }
    let mut browser = app.admin().await;
    let counts = numbers(&mut browser, "#board").await;
    assert_eq!(counts, [1, 1, 1, 0, 0, 2]);
}

#[tokio::test]
async fn a_scanned_code_opens_its_page_and_an_unknown_one_stays() {
    let shop = Shop::open().await;
    let order = shop.buy(fbm(1));
    shop.sync().await;
    let mut browser = shop.site.admin().await;
    let id = shop.transfers(&order)[0].0;
    let path = format!("/inventory/pickings/{id}");
    let page = browser.get(&path).await;
    let order_path = page.attribute("dl.kv dd a", "href").unwrap();
    let typed = [("carrier", "Colissimo"), ("tracking", "6A 123"), ("wish", "save")];
    assert_eq!(browser.submit(&page, &format!("{path}/validate"), &typed).await.status, 303);
    let product = format!("/sales/products/{}", shop.product(SOLD));
    let own = reference(id);
    let (lower, number) = (own.to_lowercase(), page.text("dl.kv dd a"));
    for (code, expected) in [
        (own.as_str(), &path),
        (lower.as_str(), &path),
        ("6a 123", &path),
        (order.as_str(), &order_path),
        (number.as_str(), &order_path),
        (SOLD, &product),
    ] {
        let query = serde_html_form::to_string([("code", code)]).unwrap();
        let answer = browser.get(&format!("{PAGE}?{query}")).await;
        assert_eq!((answer.status, answer.location()), (302, expected.as_str()), "{code}");
    }
    for code in ["nothing", "WH/OUT/99999", "S99999", "<b>"] {
        let query = serde_html_form::to_string([("code", code)]).unwrap();
        let page = browser.get(&format!("{PAGE}?{query}")).await;
        assert!(page.text("#code-error").contains(code), "{code}");
        assert_eq!((page.status, page.attribute("#code", "value").unwrap()), (200, code.to_owned()));
    }
}

#[tokio::test]
async fn those_who_read_stock_see_the_overview() {
    let shop = Shop::open().await;
    shop.site.add_user(Role::Auditor).await;
    let mut browser = shop.site.signed_in("auditor@example.com").await;
    let page = browser.get(PAGE).await;
    assert_eq!((page.status, page.text("h1")), (200, "Overview".to_owned()));
    assert!(page.text("#board").contains("Nothing must leave by tomorrow"));
    assert_eq!(page.attribute("nav.sub a[aria-current]", "href").as_deref(), Some(PAGE));
}
