//! A parcel is packed with a scanner: every code counts, labels or commands, and a wrong one changes nothing.

use crate::support::browser::{Browser, Page};
use crate::support::shop::{Shop, fbm};
use crate::support::warehouse::SOLD;
use comptoir::db::schema::products;
use comptoir::db::{Conn, DbError};
use comptoir::domain::access::Role;
use diesel::prelude::*;

const BARCODE: &str = "4006381333931";

/// A shop with ten units of a product with a barcode and an order of some of them; answers the transfer's address.
async fn ordered(units: u32) -> (Shop, String, String, Browser) {
    let shop = Shop::open().await;
    shop.stock(SOLD, 10);
    let known = |conn: &mut Conn| {
        let sold = products::table.filter(products::reference.eq(SOLD));
        let known = diesel::update(sold).set(products::barcode.eq(BARCODE));
        Ok::<_, DbError>(match conn {
            Conn::Sqlite(c) => known.execute(c)?,
            Conn::Pg(c) => known.execute(c)?,
        })
    };
    shop.site.app.db.write(known).unwrap();
    let order = shop.buy(fbm(units));
    shop.sync().await;
    let (path, browser) = (shop.open_transfer(&order), shop.site.admin().await);
    (shop, order, path, browser)
}

/// The company works with the usual carriers, whose references have known forms.
async fn add_carriers(browser: &mut Browser) {
    let page = browser.get("/inventory/carriers").await;
    assert_eq!(browser.submit(&page, "/inventory/carriers/usual", &[]).await.status, 303);
}

/// Scans a code without a script: the page as one sees it then.
async fn scan(browser: &mut Browser, path: &str, page: &Page, code: &str) -> Page {
    let answer = browser.submit(page, &format!("{path}/scan"), &[("code", code)]).await;
    browser.follow(answer).await
}

async fn press(browser: &mut Browser, path: &str, page: &Page, button: &str) -> Page {
    let answer = browser.submit(page, &format!("{path}/scan"), &[("press", button)]).await;
    browser.follow(answer).await
}

/// What the page says: of the last code, and how many units are in.
fn told(page: &Page) -> (String, String) {
    let said = page.texts(".flash, #pack .note[role=status], [role=alert] > p:first-child").join(" ");
    (said, page.text(".tally").replace("complete", "").replace('✓', "").trim().to_owned())
}

#[tokio::test]
async fn what_was_scanned_is_not_overwritten_from_a_page_that_is_older() {
    let (_shop, _order, path, mut browser) = ordered(3).await;
    let older = browser.get(&path).await;
    let page = browser.get(&format!("{path}/pack")).await;
    let page = scan(&mut browser, &path, &page, BARCODE).await;
    assert_eq!(told(&page).1, "1 / 3");
    let answer =
        browser.submit(&older, &format!("{path}/validate"), &[("tracking", "6A12345678901"), ("wish", "save")]).await;
    assert_eq!(answer.status, 409, "{}", answer.text("main"));
    assert_eq!(told(&browser.get(&format!("{path}/pack")).await).1, "1 / 3");
}

#[tokio::test]
async fn three_items_a_label_and_a_command_send_the_parcel_off_without_a_script() {
    let (shop, order, path, mut browser) = ordered(3).await;
    let page = browser.get(&path).await;
    assert!(page.has(&format!("a[href='{path}/pack']")), "the transfer leads to its packing page");
    let mut page = browser.get(&format!("{path}/pack")).await;
    assert!(page.has("#code[autofocus]") && page.text(".next") == "Scan the items.");
    for (code, tally) in [(BARCODE, "1 / 3"), (" ]E04006381333931\n", "2 / 3"), (&SOLD.to_lowercase(), "3 / 3")] {
        page = scan(&mut browser, &path, &page, code).await;
        assert_eq!(told(&page).1, tally, "{code:?} {}", told(&page).0);
        assert!(page.has("#code[autofocus]"));
    }
    page = scan(&mut browser, &path, &page, "colissimo").await;
    assert_eq!(page.text("#packed-carrier"), "Colissimo");
    page = scan(&mut browser, &path, &page, "6a12345678901").await;
    assert_eq!(
        (page.text("#packed-tracking"), page.text(".next")),
        ("6A12345678901".into(), "Everything is in. Validate.".into())
    );
    page = scan(&mut browser, &path, &page, "cmd:validate").await;
    assert!(told(&page).0.contains("done. Amazon is told at"), "{}", told(&page).0);
    assert_eq!(page.text("#pack .badge"), "Done");
    assert_eq!(shop.outbox(&order), [(1, "Colissimo".to_owned(), None, "6A12345678901".to_owned(), 3)]);
    assert_eq!((shop.shelf(SOLD), shop.disagreements()), ((7, 0), Vec::new()));
    // Once more changes nothing.
    page = scan(&mut browser, &path, &page, "CMD:VALIDATE").await;
    assert_eq!((page.status, shop.outbox(&order).len()), (422, 1));
}

#[tokio::test]
async fn a_code_that_is_not_in_the_transfer_stays_readable_and_counts_nothing() {
    let (_shop, _, path, mut browser) = ordered(2).await;
    let page = browser.get(&format!("{path}/pack")).await;
    for code in ["5901234123457", "nothing & co", "X-77-LABEL"] {
        let page = scan(&mut browser, &path, &page, code).await;
        assert_eq!(page.status, 422, "{code}");
        assert!(page.text("title").starts_with("Error: ") && page.has("#code[autofocus]"));
        assert_eq!(told(&page), ("This code is not in this transfer".to_owned(), "0 / 2".to_owned()));
        assert_eq!(page.text("#unknown"), code);
        assert!(page.attribute("[role=alert] a", "href").unwrap().starts_with("/inventory/pickings?q="));
    }
    let page = scan(&mut browser, &path, &page, "  ").await;
    assert!(page.status == 422 && told(&page).0.starts_with("Nothing was scanned"));
}

#[tokio::test]
async fn no_more_is_counted_than_was_ordered_and_the_last_scan_is_taken_back() {
    let (_shop, _, path, mut browser) = ordered(2).await;
    let mut page = browser.get(&format!("{path}/pack")).await;
    page = scan(&mut browser, &path, &page, BARCODE).await;
    page = scan(&mut browser, &path, &page, BARCODE).await;
    let line = page.attribute(".packed button", "value").unwrap();
    let full = scan(&mut browser, &path, &page, BARCODE).await;
    assert!(full.status == 422 && told(&full).0.ends_with("2 of 2 already done"), "{}", told(&full).0);
    page = scan(&mut browser, &path, &page, "CMD:UNDO").await;
    assert_eq!(told(&page), ("The last scan is taken back.".to_owned(), "1 / 2".to_owned()));
    let again = scan(&mut browser, &path, &page, "CMD:UNDO").await;
    assert!(again.status == 422 && told(&again).1 == "1 / 2", "there is one to take back, not two");
    page = press(&mut browser, &path, &page, &line).await;
    assert_eq!(told(&page).1, "0 / 2");
    let below = press(&mut browser, &path, &page, &line).await;
    assert!(below.status == 422 && told(&below).0.contains("none of it is in the parcel yet"));
    page = press(&mut browser, &path, &page, &line.replace("less", "more")).await;
    assert_eq!(told(&page).1, "1 / 2");
    for wrong in ["more.x", "more.999999", "less", "drop.1"] {
        let answer = browser.submit(&page, &format!("{path}/scan"), &[("press", wrong)]).await;
        assert!(matches!(answer.status, 400 | 404), "{wrong} {}", answer.status);
    }
}

#[tokio::test]
async fn what_cannot_leave_yet_is_said_and_a_part_asks_what_becomes_of_the_rest() {
    let (shop, order, path, mut browser) = ordered(3).await;
    add_carriers(&mut browser).await;
    let mut page = browser.get(&format!("{path}/pack")).await;
    let none = scan(&mut browser, &path, &page, "CMD:VALIDATE").await;
    assert!(none.status == 422 && told(&none).0.contains("Enter the tracking reference"), "{}", told(&none).0);
    page = scan(&mut browser, &path, &page, "Colissimo").await;
    page = scan(&mut browser, &path, &page, BARCODE).await;
    page = scan(&mut browser, &path, &page, "6A 1234 5678 901").await;
    assert_eq!(
        page.text("#packed-tracking"),
        "6A12345678901",
        "the form of the carrier tells a label before all is in"
    );
    let asked = scan(&mut browser, &path, &page, "CMD:VALIDATE").await;
    assert_eq!((asked.status, asked.texts("tbody td")), (200, vec!["1".to_owned(), "2".to_owned()]));
    let answer = browser.submit(&asked, &format!("{path}/validate"), &[("rest", "backorder")]).await;
    assert_eq!((answer.status, shop.transfers(&order).len()), (303, 2));
    // The command for everything does not ask; the next transfer is one command away.
    let rest = shop.open_transfer(&order);
    let gone = browser.get(&format!("{path}/pack")).await;
    let next = scan(&mut browser, &path, &gone, "CMD:NEXT").await;
    assert!(next.has(&format!("form[action='{rest}/scan']")), "on to the backorder");
    let next = scan(&mut browser, &rest, &next, "UPS").await;
    let next = scan(&mut browser, &rest, &next, "1Z999AA10123456784").await;
    let done = scan(&mut browser, &rest, &next, "CMD:SHIPALL").await;
    assert!(told(&done).0.contains("done"), "{}", told(&done).0);
    assert_eq!(shop.outbox(&order).iter().map(|one| one.4).collect::<Vec<_>>(), [1, 2]);
    let last = scan(&mut browser, &rest, &done, "CMD:NEXT").await;
    assert_eq!(told(&last).0, "No other transfer is ready.");
}

#[tokio::test]
async fn a_script_gets_only_the_part_that_changes() {
    let (shop, order, path, mut browser) = ordered(1).await;
    add_carriers(&mut browser).await;
    let mut browser = browser.with("hx-request", "true").with("hx-target", "div#pack");
    let page = browser.copy().get(&format!("{path}/pack")).await;
    let action = format!("{path}/scan");
    let part = browser.submit(&page, &action, &[("code", "5901234123457")]).await;
    assert_eq!((part.status, part.text("[role=alert] code")), (422, "5901234123457".to_owned()));
    assert!(!part.has("h1"));
    let part = browser.submit(&page, &action, &[("code", BARCODE)]).await;
    assert_eq!((part.status, part.has("#pack"), part.has("#code")), (200, true, false));
    assert!(part.text("[role=status]").ends_with(": 1 of 1."), "{}", part.body);
    let next = browser.submit(&page, &action, &[("code", "CMD:PRINT")]).await;
    assert_eq!((next.status, next.header("hx-redirect")), (200, format!("{path}/slip.pdf").as_str()));
    // A held transfer asks on a page of its own, which takes the place of this one.
    shop.amazon().request_cancellation(&order).unwrap();
    shop.sync().await;
    let part = browser.submit(&page, &action, &[("code", "6A12345678901")]).await;
    assert_eq!((part.status, part.text("#packed-carrier")), (200, "Colissimo".to_owned()), "a label tells its carrier");
    let asked = browser.submit(&page, &action, &[("code", "CMD:VALIDATE")]).await;
    assert_eq!((asked.status, asked.header("hx-retarget")), (200, "body"));
    assert!(asked.text("h1").contains("all the same?") && shop.outbox(&order).is_empty());
}

#[tokio::test]
async fn only_those_who_work_in_the_warehouse_pack() {
    let (shop, _, path, _) = ordered(1).await;
    for (role, status) in [(Role::WarehouseUser, 200), (Role::SalesManager, 403), (Role::Auditor, 403)] {
        shop.site.add_user(role).await;
        let mut browser = shop.site.signed_in(&format!("{}@example.com", role.as_str())).await;
        assert_eq!(browser.get(&format!("{path}/pack")).await.status, status, "{role:?}");
        let csrf = browser.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
        let fields = [("csrf", csrf.as_str()), ("code", BARCODE)];
        let answer = browser.post(&format!("{path}/scan"), &fields).await;
        assert_eq!(answer.status, if status == 200 { 303 } else { 403 }, "{role:?}");
    }
}
