//! The list of transfers: found by any code, worked on many at a time, each told why it stays.

use crate::support::browser::{Browser, Page};
use crate::support::shop::{Shop, fbm};
use crate::support::warehouse::SOLD;
use chrono::TimeDelta;
use comptoir::db::Conn;
use comptoir::db::schema::pickings;
use comptoir::domain::access::Role;
use comptoir::domain::ids::PickingId;
use comptoir::domain::picking::reference;
use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};

const LIST: &str = "/inventory/pickings";

async fn shop(units: i64, orders: &[u32]) -> (Shop, Vec<String>, Browser) {
    let shop = Shop::open().await;
    shop.stock(SOLD, units);
    let bought: Vec<String> = orders.iter().map(|units| shop.buy(fbm(*units))).collect();
    shop.sync().await;
    let browser = shop.site.admin().await;
    (shop, bought, browser)
}

fn key(shop: &Shop, order: &str) -> String {
    shop.open_transfer(order).rsplit('/').next().unwrap().to_owned()
}

async fn batch(browser: &mut Browser, action: &str, more: &[(&str, &str)], ids: &[String]) -> Page {
    let page = browser.get(LIST).await;
    let mut fields = page.fields("/inventory/pickings/batch");
    fields.retain(|(name, _)| name != "carrier");
    fields.push(("action".to_owned(), action.to_owned()));
    fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields.extend(ids.iter().map(|id| ("id".to_owned(), id.clone())));
    let answer = browser.post("/inventory/pickings/batch", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser.follow(answer).await
}

#[tokio::test]
async fn a_transfer_is_found_by_any_code_that_is_read_or_scanned() {
    let (shop, orders, mut browser) = shop(10, &[1, 2]).await;
    let id = shop.transfers(&orders[0])[0].0;
    let path = format!("{LIST}/{id}/tracking");
    let page = browser.get(LIST).await;
    assert_eq!(browser.submit(&page, &path, &[("tracking", "6a 123")]).await.status, 303);
    let own = reference(id);
    let number = browser.get(&format!("{LIST}/{id}")).await.text("dl.kv dd a");
    for code in [own.as_str(), &own.to_lowercase(), &number, &orders[0], "6A123", "6a 123"] {
        let query = serde_html_form::to_string([("q", code)]).unwrap();
        let page = browser.get(&format!("{LIST}?{query}")).await;
        let page = browser.follow(page).await;
        assert_eq!(page.texts("tbody th a"), std::slice::from_ref(&own), "{code}");
    }
    let page = browser.get(&format!("{LIST}?q={SOLD}")).await;
    assert_eq!(page.texts("tbody th a").len(), 2, "all that hold the product");
    let page = browser.get(&format!("{LIST}?q=nothing")).await;
    assert!(page.texts("tbody th a").is_empty());
}

#[tokio::test]
async fn a_script_saves_a_label_in_its_row_and_is_told_what_may_be_wrong() {
    let (shop, orders, mut browser) = shop(10, &[1, 1]).await;
    let (first, second) = (key(&shop, &orders[0]), key(&shop, &orders[1]));
    let page = browser.get(LIST).await;
    let saved = async |id: &str, typed: &str| {
        let mut script = browser.copy().with("hx-request", "true").with("hx-target", &format!("div#cell-{id}"));
        script.submit(&page, &format!("{LIST}/{id}/tracking"), &[("tracking", typed)]).await
    };
    let cell = saved(&first, "6a 123").await;
    assert_eq!((cell.status, cell.has("h1")), (200, false), "only the cell comes back");
    assert_eq!(cell.attribute(&format!("#tracking-{first}"), "value").unwrap(), "6A123");
    assert_eq!(cell.text("[role=status]"), "Saved.");
    let cell = saved(&second, "6A123").await;
    let own = reference(shop.transfers(&orders[0])[0].0);
    assert!(cell.text("[role=status]").contains(&format!("{own} has the tracking reference 6A123")), "{}", cell.body);
    let long = "6".repeat(200);
    let cell = saved(&second, &long).await;
    assert_eq!(cell.status, 422);
    assert!(cell.text("[role=alert]").contains("characters or fewer"));
    assert_eq!(cell.attribute(&format!("#tracking-{second}[aria-invalid=true]"), "value"), Some(long));
    let form = browser.get(&format!("{LIST}/{first}/cancel")).await;
    let answer = browser.submit(&form, &format!("{LIST}/{first}/cancel"), &[]).await;
    assert_eq!(answer.status, 303);
    let cell = browser.copy().with("hx-request", "true").with("hx-target", &format!("div#cell-{first}"));
    let cell = { cell }.submit(&page, &format!("{LIST}/{first}/tracking"), &[("tracking", "6B9")]).await;
    assert_eq!((cell.status, cell.text("[role=alert]").as_str()), (409, "it is done or cancelled already"));
    // Without a script the same is said above the list.
    let page = browser.get(LIST).await;
    let answer = browser.submit(&page, &format!("{LIST}/{second}/tracking"), &[("tracking", "6a 124")]).await;
    let list = browser.follow(answer).await;
    assert_eq!(
        list.text(".flash"),
        format!("{}: tracking reference saved.", reference(shop.transfers(&orders[1])[0].0))
    );
}

#[tokio::test]
async fn those_that_can_leave_do_and_each_of_the_others_says_why() {
    let (shop, mut orders, mut browser) = shop(3, &[1, 1, 1]).await;
    orders.push(shop.buy(fbm(9)));
    shop.sync().await;
    let ids: Vec<String> = orders.iter().map(|order| key(&shop, order)).collect();
    let page = batch(&mut browser, "carrier", &[("carrier", "Colissimo")], &ids).await;
    assert!(page.body.contains("4 transfers changed"), "{}", page.body);
    for (place, id) in ids.iter().enumerate().filter(|(place, _)| *place != 2) {
        let tracking = format!("6A0000000000{place}");
        let page = browser.get(LIST).await;
        let path = format!("{LIST}/{id}/tracking");
        assert_eq!(browser.submit(&page, &path, &[("tracking", &tracking)]).await.status, 303);
    }
    let page = batch(&mut browser, "ship", &[], &ids).await;
    assert!(page.body.contains("2 transfers done"), "{}", page.body);
    assert!(page.body.contains("Enter the tracking reference"), "the third has none");
    assert!(page.body.contains("9 to ship, but 0 there"), "and the fourth is not there");
    let left: Vec<usize> = orders.iter().map(|order| shop.outbox(order).len()).collect();
    assert_eq!((left, shop.shelf(SOLD)), (vec![1, 1, 0, 0], (1, 1)));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
    let page = batch(&mut browser, "ship", &[], &ids[..1]).await;
    assert!(page.body.contains("done or cancelled already"), "a second time ships nothing");
    let history = async |browser: &mut Browser| browser.get(&format!("{LIST}/{}", ids[0])).await.texts("#timeline li");
    let before = history(&mut browser).await;
    for action in ["availability", "unreserve", "assign", "star"] {
        let page = batch(&mut browser, action, &[], &ids[..1]).await;
        assert!(page.body.contains("Nothing changed"), "{action}: {}", page.text(".flash"));
    }
    assert_eq!(history(&mut browser).await, before, "nothing happened, so nothing is told of it");
    let page = batch(&mut browser, "carrier", &[("carrier", " ")], &ids).await;
    assert!(page.text(".flash").contains("Choose a carrier"), "an empty field takes no carrier away");
    assert_eq!(shop.outbox(&orders[0]).len(), 1);
}

#[tokio::test]
async fn work_is_shared_out_and_the_filters_find_it() {
    let (shop, orders, mut browser) = shop(10, &[1, 1, 1]).await;
    let ids: Vec<String> = orders.iter().map(|order| key(&shop, order)).collect();
    batch(&mut browser, "assign", &[], &ids[..1]).await;
    batch(&mut browser, "star", &[], &ids[..2]).await;
    let count = async |browser: &mut Browser, query: &str| {
        browser.get(&format!("{LIST}?{query}")).await.texts("tbody th a").len()
    };
    for (query, expected) in [("is=mine", 1), ("is=starred", 2), ("is=no_tracking", 3), ("is=backorder", 0)] {
        assert_eq!(count(&mut browser, query).await, expected, "{query}");
    }
    assert_eq!((count(&mut browser, "marketplace=FR").await, count(&mut browser, "marketplace=DE").await), (3, 0));
    let large = shop.buy(fbm(9));
    shop.sync().await;
    let page = browser.get(&format!("{LIST}?is=partially_available")).await;
    assert_eq!(page.texts("tbody th a"), [reference(shop.transfers(&large)[0].0)], "seven of nine are there");
    let mut all = ids.clone();
    all.push(key(&shop, &large));
    batch(&mut browser, "unreserve", &[], &all).await;
    assert_eq!(shop.shelf(SOLD), (10, 0));
    assert_eq!(count(&mut browser, "is=partially_available").await, 0);
    batch(&mut browser, "availability", &[], &ids).await;
    assert_eq!(shop.shelf(SOLD), (10, 3));
    let page = batch(&mut browser, "ship", &[], &[]).await;
    assert!(page.body.contains("Tick the transfers first"));
}

#[tokio::test]
async fn the_ticked_ones_are_printed_together_and_given_to_somebody() {
    let (shop, orders, mut browser) = shop(10, &[1, 4]).await;
    let mut ids: Vec<String> = orders.iter().map(|order| key(&shop, order)).collect();
    ids.sort_unstable();
    let page = browser.get(LIST).await;
    let mut items = page.texts("td[data-l=Items]");
    items.sort_unstable();
    assert_eq!(items, ["1", "4"]);
    for (action, document) in [("slips", "/inventory/pickings/slips.pdf"), ("pick-list", "/inventory/pick-list.pdf")] {
        let mut fields = page.fields("/inventory/pickings/batch");
        fields.push(("action".to_owned(), action.to_owned()));
        fields.extend(ids.iter().map(|id| ("id".to_owned(), id.clone())));
        let answer = browser.post("/inventory/pickings/batch", &fields).await;
        assert_eq!(answer.location(), format!("{document}?id={}&id={}", ids[0], ids[1]), "and nothing else");
        assert_eq!(browser.get(answer.location()).await.header("content-type"), "application/pdf");
    }
    for id in &ids {
        let page = browser.get(&format!("/inventory/pickings/{id}")).await;
        assert!(page.text("#timeline").contains("Delivery slip printed"), "it is noted with each");
    }
    shop.site.add_user(Role::WarehouseUser).await;
    let page = browser.get(LIST).await;
    let packer = page
        .texts("#batch-person option")
        .into_iter()
        .find(|name| !["Nobody", "Nadia Benali"].contains(&name.as_str()));
    let packer = packer.unwrap();
    let person = page.option("#batch-person", &packer).unwrap();
    let given = |person: &str| vec![("person", person.to_owned())];
    let page = batch_of(&mut browser, "assign-other", &given(&person), &ids[..1]).await;
    assert!(page.body.contains("One transfer changed"));
    assert_eq!(page.texts("td[data-l=Status] .sub2"), [format!("Assigned to {packer}")]);
    let page = batch_of(&mut browser, "assign-other", &given(""), &ids[..1]).await;
    assert!(page.texts("td[data-l=Status] .sub2").is_empty(), "nobody works on it");
    let page = batch_of(&mut browser, "retry", &[], &ids).await;
    assert!(page.has(".flash"), "nothing was refused, and that is said");
}

/// What is done with the ticked transfers, with other fields of the form filled in.
async fn batch_of(browser: &mut Browser, action: &str, more: &[(&str, String)], ids: &[String]) -> Page {
    let page = browser.get(LIST).await;
    let mut fields = page.fields("/inventory/pickings/batch");
    fields.retain(|(name, _)| !more.iter().any(|(typed, _)| typed == name));
    fields.push(("action".to_owned(), action.to_owned()));
    fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    fields.extend(ids.iter().map(|id| ("id".to_owned(), id.clone())));
    let answer = browser.post("/inventory/pickings/batch", &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    browser.follow(answer).await
}

#[tokio::test]
async fn nothing_is_offered_or_taken_without_the_right_to_it() {
    let (shop, orders, _) = shop(3, &[1]).await;
    shop.site.add_user(Role::SalesManager).await;
    let mut browser = shop.site.signed_in("sales_manager@example.com").await;
    let page = browser.get(LIST).await;
    assert!(page.has("tbody th a") && !page.has("#batch") && !page.has("input[name=tracking]"));
    let csrf = browser.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
    let id = key(&shop, &orders[0]);
    let fields = [("csrf", csrf.as_str()), ("action", "ship"), ("next", LIST), ("id", id.as_str())];
    assert_eq!(browser.post("/inventory/pickings/batch", &fields).await.status, 403);
    let fields = [("csrf", csrf.as_str()), ("tracking", "1"), ("next", LIST)];
    assert_eq!(browser.post(&format!("{LIST}/{id}/tracking"), &fields).await.status, 403);
}

/// One key among the ticked ones is not the company's, or nobody's: nothing is done at all.
#[tokio::test]
async fn a_batch_with_one_foreign_transfer_does_nothing() {
    let (shop, orders, mut browser) = shop(3, &[1]).await;
    let ids = [key(&shop, &orders[0]), "999999".to_owned()];
    let csrf = browser.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
    let before = shop.dump();
    for action in ["availability", "unreserve", "ship", "carrier", "assign", "assign-other", "star", "unstar"] {
        let mut fields = vec![("csrf", csrf.as_str()), ("action", action), ("next", LIST), ("carrier", "UPS")];
        fields.extend(ids.iter().map(|id| ("id", id.as_str())));
        assert_eq!(browser.post("/inventory/pickings/batch", &fields).await.status, 404, "{action}");
    }
    assert!(shop.dump() == before);
    let page = browser.get(&format!("{LIST}/{}", ids[0])).await;
    assert!(!page.text("main").contains("Assigned to Nadia"), "{}", page.text("main"));
}

/// Deadlines by the number of the transfer: some are over, some the same, some missing.
fn set_deadlines(shop: &Shop, days: &[(PickingId, Option<i64>)]) {
    let now = shop.site.app.clock.now().naive_utc();
    shop.site.rows(|conn| {
        for (id, days) in days {
            let at = days.map(|days| now + TimeDelta::days(days));
            let target = pickings::table.find(id);
            match conn {
                Conn::Sqlite(c) => diesel::update(target).set(pickings::ship_by.eq(at)).execute(c)?,
                Conn::Pg(c) => diesel::update(target).set(pickings::ship_by.eq(at)).execute(c)?,
            };
        }
        Ok(())
    });
}

#[tokio::test]
async fn by_deadline_every_transfer_is_on_one_page_and_those_without_one_come_last() {
    let (shop, orders, mut browser) = shop(0, &[1; 45]).await;
    let mut expected: Vec<(PickingId, Option<i64>)> = (-3_i64..)
        .zip(&orders)
        .map(|(number, order)| (shop.transfers(order)[0].0, (number % 5 != 0).then_some(number % 7 - 2)))
        .collect();
    set_deadlines(&shop, &expected);
    expected.sort_by_key(|(id, days)| (days.unwrap_or(i64::MAX), *id));
    let numbers = |of: &[(PickingId, Option<i64>)]| of.iter().map(|(id, _)| reference(*id)).collect::<Vec<_>>();
    let read =
        async |browser: &mut Browser, query: &str| browser.turn_pages(&format!("{LIST}?per=20&{query}")).await.concat();
    assert_eq!(read(&mut browser, "sort=ship_by").await, numbers(&expected));
    assert_eq!(read(&mut browser, "sort=ship_by&state=confirmed").await, numbers(&expected));
    let mut turned = expected.clone();
    turned.reverse();
    assert_eq!(read(&mut browser, "sort=-ship_by").await, numbers(&turned));
    expected.retain(|(_, days)| days.is_some_and(|days| days < 0));
    assert!(!expected.is_empty());
    assert_eq!(read(&mut browser, "is=late&sort=ship_by").await, numbers(&expected));
}
