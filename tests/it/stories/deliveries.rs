//! Parcels that leave: whole, in parts, held, wrong, twice, and by two people at once.

use crate::support::browser::{Browser, Page};
use crate::support::shop::{Shop, fbm};
use crate::support::warehouse::SOLD;
use comptoir::domain::access::Role;
use comptoir::sandbox::{CATALOGUE, LineSpec};
use serde_json::json;

const LABEL: [(&str, &str); 2] = [("carrier", "colissimo"), ("tracking", "6A 1234 5678 901")];

/// A shop with ten units and an order of some of them, synchronized; answers the transfer's address.
async fn ordered(units: u32) -> (Shop, String, String, Browser) {
    let shop = Shop::open().await;
    shop.stock(SOLD, 10);
    let order = shop.buy(fbm(units));
    shop.sync().await;
    let (path, browser) = (shop.open_transfer(&order), shop.site.admin().await);
    (shop, order, path, browser)
}

async fn send(browser: &mut Browser, path: &str, typed: &[(&str, &str)]) -> Page {
    let page = browser.get(path).await;
    browser.submit(&page, &format!("{path}/validate"), typed).await
}

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    LABEL.iter().chain(more).copied().collect()
}

#[tokio::test]
async fn a_whole_parcel_leaves_and_everything_follows_in_one_go() {
    let (shop, order, path, mut browser) = ordered(3).await;
    let page = browser.get(&path).await;
    assert_eq!(
        (page.text("h1 + .badge"), page.text(".steps [aria-current]")),
        ("Ready".to_owned(), "Ready".to_owned())
    );
    let answer = send(&mut browser, &path, &with(&[("wish", "all")])).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = browser.follow(answer).await;
    assert_eq!(page.texts("h1 ~ .badge")[..2], ["Done", "To send to Amazon"]);
    assert!(page.text("#timeline").contains("Validated · Nadia Benali"), "{}", page.text("#timeline"));
    assert_eq!(shop.shelf(SOLD), (7, 0));
    let sent = (1, "Colissimo".to_owned(), None, "6A12345678901".to_owned(), 3);
    assert_eq!(shop.outbox(&order), [sent]);
    let held = shop.order(&order);
    assert_eq!((&held["state"], &held["delivery"]), (&json!("locked"), &json!("full")));
    assert_eq!(held["lines"][0]["delivered"], 3);
    assert_eq!(shop.disagreements(), Vec::<String>::new());
    // The next synchronization finds the order as it was and ships nothing more.
    shop.sync().await;
    assert_eq!((shop.transfers(&order).len(), shop.shelf(SOLD)), (1, (7, 0)));
}

#[tokio::test]
async fn two_of_three_leave_and_the_backorder_holds_the_third() {
    let (shop, order, path, mut browser) = ordered(3).await;
    let asked = send(&mut browser, &path, &with(&[("done", "2"), ("wish", "validate")])).await;
    assert_eq!((asked.status, asked.text("h1")), (200, "Create a backorder for the rest?".to_owned()));
    assert_eq!(asked.texts("tbody td"), ["2", "1"]);
    assert_eq!(asked.texts("main form button"), ["Create Backorder", "No Backorder"]);
    assert_eq!(shop.outbox(&order), [], "nothing left yet");
    let action = format!("{path}/validate");
    let answer = browser.submit(&asked, &action, &[("rest", "backorder")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = browser.follow(answer).await;
    let transfers = shop.transfers(&order);
    assert_eq!(transfers.iter().map(|(_, state)| state.as_str()).collect::<Vec<_>>(), ["done", "assigned"]);
    let rest = shop.open_transfer(&order);
    assert!(page.has(&format!("dd a[href='{rest}']")), "linked to the backorder");
    assert!(browser.get(&rest).await.has(&format!("dd a[href='{path}']")), "and back");
    let held = shop.order(&order);
    assert_eq!(
        (&held["state"], &held["delivery"], &held["lines"][0]["delivered"]),
        (&json!("sale"), &json!("partial"), &json!(2))
    );
    assert_eq!(shop.shelf(SOLD), (8, 1), "the third is reserved for the backorder");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
    let again = send(&mut browser, &rest, &with(&[("wish", "all")])).await;
    assert_eq!(again.status, 303);
    let told: Vec<(i64, i64)> = shop.outbox(&order).iter().map(|one| (one.0, one.4)).collect();
    assert_eq!(told, [(1, 2), (2, 1)], "each parcel is told for itself");
    assert_eq!(shop.order(&order)["delivery"], "full");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn without_a_backorder_the_rest_is_cancelled_and_free() {
    let (shop, order, path, mut browser) = ordered(3).await;
    let asked = send(&mut browser, &path, &with(&[("done", "1"), ("wish", "validate")])).await;
    let answer = browser.submit(&asked, &format!("{path}/validate"), &[("rest", "cancelled")]).await;
    assert_eq!(answer.status, 303);
    assert_eq!((shop.transfers(&order).len(), shop.shelf(SOLD)), (1, (9, 0)));
    let page = browser.get(&path).await;
    assert_eq!(page.texts("tbody td.num + td"), ["Done", "Cancelled"]);
    assert_eq!(shop.order(&order)["delivery"], "partial");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn amazon_wants_carrier_and_tracking_and_what_was_typed_stays() {
    let (shop, order, path, mut browser) = ordered(2).await;
    let answer = send(&mut browser, &path, &[("carrier", "Colissimo"), ("done", "1"), ("wish", "validate")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text("title").starts_with("Error: "));
    assert_eq!(answer.text(".esum a"), "Enter the tracking reference");
    assert_eq!(
        (answer.text("#tracking-error"), answer.attribute("#tracking", "aria-invalid").unwrap()),
        ("Enter the tracking reference".to_owned(), "true".to_owned())
    );
    assert_eq!(answer.attribute("#carrier", "value").unwrap(), "Colissimo");
    assert_eq!(answer.attribute("input[name=done]", "value").unwrap(), "1");
    let answer = send(&mut browser, &path, &[("wish", "all")]).await;
    assert_eq!(answer.texts(".esum a"), ["Choose a carrier", "Enter the tracking reference"]);
    let answer = send(&mut browser, &path, &[("carrier", "Self Delivery"), ("wish", "all")]).await;
    assert_eq!(answer.status, 422, "also one's own deliveries have a reference");
    assert_eq!((shop.outbox(&order), shop.shelf(SOLD)), (Vec::new(), (10, 2)));
}

#[tokio::test]
async fn quantities_that_cannot_be_are_refused() {
    let (shop, order, path, mut browser) = ordered(2).await;
    for wrong in ["3", "-1", "two", "1.5", "99999999999999999999"] {
        let answer = send(&mut browser, &path, &with(&[("done", wrong), ("wish", "validate")])).await;
        assert_eq!(answer.status, 422, "{wrong}");
        assert!(answer.text(".esum").contains("must be a whole number between 0 and 2"), "{wrong}");
        assert_eq!(answer.attribute("input[name=done]", "value").unwrap(), wrong);
    }
    let answer = send(&mut browser, &path, &with(&[("wish", "validate")])).await;
    assert!(answer.status == 422 && answer.text(".esum").contains("Nothing is done yet"));
    assert_eq!((shop.outbox(&order), shop.shelf(SOLD)), (Vec::new(), (10, 2)));
}

#[tokio::test]
async fn more_than_the_warehouse_holds_never_leaves() {
    let (shop, order, path, mut browser) = ordered(2).await;
    shop.stock(SOLD, 1);
    let answer = send(&mut browser, &path, &with(&[("wish", "all")])).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".esum").contains("2 to ship, but 1 there"), "{}", answer.text(".esum"));
    assert_eq!((shop.outbox(&order), shop.shelf(SOLD)), (Vec::new(), (1, 1)));
    let other = shop.buy(fbm(1));
    shop.sync().await;
    // The only unit is reserved for the first transfer: the second cannot take it.
    let path = shop.open_transfer(&other);
    assert_eq!(send(&mut browser, &path, &with(&[("wish", "all")])).await.status, 422);
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn a_carrier_nobody_knows_is_asked_about_and_leaves_as_other() {
    let (shop, order, path, mut browser) = ordered(1).await;
    let page = browser.fragment(&format!("{path}/doubts?carrier=Colisimo&tracking=12"), "doubts").await;
    assert!(page.text("#doubts").contains("Did you mean Colissimo?"), "{}", page.body);
    let typed = [("carrier", "Colisimo"), ("tracking", "12"), ("wish", "all")];
    let answer = send(&mut browser, &path, &typed).await;
    assert_eq!(answer.status, 303, "it warns and does not block");
    let page = browser.follow(answer).await;
    assert!(page.body.contains("Amazon does not know “Colisimo”. Did you mean Colissimo?"), "{}", page.body);
    assert_eq!(shop.outbox(&order), [(1, "Other".to_owned(), Some("Colisimo".to_owned()), "12".to_owned(), 1)]);
}

#[tokio::test]
async fn a_label_that_was_used_or_looks_wrong_is_told_before_it_leaves() {
    let (shop, _, path, mut browser) = ordered(1).await;
    assert_eq!(send(&mut browser, &path, &with(&[("wish", "all")])).await.status, 303);
    let other = shop.buy(fbm(1));
    shop.sync().await;
    let path = shop.open_transfer(&other);
    let answer = send(&mut browser, &path, &with(&[("wish", "save")])).await;
    let page = browser.follow(answer).await;
    assert!(
        page.text("#doubts").contains("has the tracking reference 6A12345678901 already"),
        "{}",
        page.text("#doubts")
    );
    let answer = send(&mut browser, &path, &[("carrier", "UPS"), ("tracking", "6A1"), ("wish", "save")]).await;
    let page = browser.follow(answer).await;
    assert!(page.text("#doubts").contains("does not look like a tracking reference of UPS"));
    assert_eq!(page.attribute("#tracking", "value").unwrap(), "6A1", "saved, and nothing left");
}

#[tokio::test]
async fn the_same_form_sent_twenty_times_ships_once() {
    let (shop, order, path, mut browser) = ordered(3).await;
    let page = browser.get(&path).await;
    let action = format!("{path}/validate");
    let mut fields = page.fields(&action);
    for (name, value) in with(&[("done", "2"), ("wish", "validate"), ("rest", "backorder")]) {
        fields.retain(|(held, _)| held != name);
        fields.push((name.to_owned(), value.to_owned()));
    }
    let mut sent = Vec::new();
    for _ in 0..20 {
        let (mut copy, action, fields) = (browser.copy(), action.clone(), fields.clone());
        sent.push(tokio::spawn(async move { copy.post(&action, &fields).await }));
    }
    for answer in sent {
        let answer = answer.await.unwrap();
        assert_eq!((answer.status, answer.location()), (303, path.as_str()), "{}", answer.body);
    }
    assert_eq!((shop.outbox(&order).len(), shop.transfers(&order).len(), shop.shelf(SOLD)), (1, 2, (8, 1)));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn of_two_people_one_ships_and_the_other_sees_both_values() {
    let (shop, order, path, mut nadia) = ordered(3).await;
    shop.site.add_user(Role::WarehouseUser).await;
    let mut karim = shop.site.signed_in("warehouse_user@example.com").await;
    let (hers, his) = (nadia.get(&path).await, karim.get(&path).await);
    let action = format!("{path}/validate");
    assert_eq!(karim.submit(&his, &action, &with(&[("wish", "all")])).await.status, 303);
    let answer = nadia.submit(&hers, &action, &[("carrier", "UPS"), ("tracking", "1Z9"), ("wish", "all")]).await;
    assert_eq!(answer.status, 409);
    let said = answer.text(".esum");
    assert!(said.contains("6A12345678901") && said.contains("1Z9"), "both values: {said}");
    assert_eq!(shop.outbox(&order).len(), 1);
    // While it is open, what both typed stands side by side and one chooses.
    let second = shop.buy(fbm(1));
    shop.sync().await;
    let path = shop.open_transfer(&second);
    let (hers, his) = (nadia.get(&path).await, karim.get(&path).await);
    let action = format!("{path}/validate");
    assert_eq!(karim.submit(&his, &action, &with(&[("wish", "save")])).await.status, 303);
    let typed = [("carrier", "UPS"), ("tracking", "1Z9"), ("wish", "validate")];
    let answer = nadia.submit(&hers, &action, &typed).await;
    assert_eq!(answer.status, 409);
    assert!(answer.text("#problem tbody").contains("1Z9") && answer.text("#problem tbody").contains("6A12345678901"));
    let fields: Vec<(String, String)> = answer
        .attributes("#problem input", "name")
        .into_iter()
        .zip(answer.attributes("#problem input", "value"))
        .collect();
    assert_eq!(nadia.post(&action, &fields).await.status, 303);
    assert_eq!(nadia.get(&path).await.attribute("#tracking", "value").unwrap(), "1Z9");
    assert_eq!(shop.outbox(&second), [], "saving over somebody's change ships nothing");
}

#[tokio::test]
async fn a_held_transfer_asks_again_with_what_amazon_says() {
    let (shop, order, path, mut browser) = ordered(2).await;
    shop.amazon().request_cancellation(&order).unwrap();
    shop.sync().await;
    let page = browser.get(&path).await;
    assert!(
        page.text(".note.d").contains("The buyer asked Amazon to cancel this order. Cancel the transfer, or validate")
    );
    let asked = send(&mut browser, &path, &with(&[("wish", "all")])).await;
    assert_eq!(asked.status, 200);
    assert!(asked.text("h1").contains("all the same?") && asked.text("main").contains("asked Amazon to cancel"));
    assert_eq!(shop.outbox(&order), []);
    let answer = browser.submit(&asked, &format!("{path}/validate"), &[("agreed", "yes")]).await;
    assert_eq!((answer.status, shop.outbox(&order).len()), (303, 1));
}

#[tokio::test]
async fn reserving_and_giving_back_is_also_done_by_hand() {
    let (shop, order, path, mut browser) = ordered(2).await;
    let page = browser.get(&path).await;
    assert_eq!(browser.submit(&page, &format!("{path}/unreserve"), &[]).await.status, 303);
    assert_eq!((shop.transfers(&order)[0].1.as_str(), shop.shelf(SOLD)), ("confirmed", (10, 0)));
    let page = browser.get(&path).await;
    let answer = browser.submit(&page, &format!("{path}/availability"), &[]).await;
    let page = browser.follow(answer).await;
    assert!(page.body.contains("Everything is reserved"));
    assert_eq!(shop.shelf(SOLD), (10, 2));
    let asked = browser.get(&format!("{path}/cancel")).await;
    assert!(asked.text("main").contains("Amazon is not told"));
    assert_eq!(browser.submit(&asked, &format!("{path}/cancel"), &[]).await.status, 303);
    assert_eq!((shop.transfers(&order)[0].1.as_str(), shop.shelf(SOLD)), ("cancelled", (10, 0)));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn only_those_who_work_in_the_warehouse_ship() {
    let (shop, order, path, _) = ordered(1).await;
    for (role, may) in [(Role::WarehouseUser, true), (Role::SalesManager, false), (Role::Auditor, false)] {
        shop.site.add_user(role).await;
        let mut browser = shop.site.signed_in(&format!("{}@example.com", role.as_str())).await;
        let page = browser.get(&path).await;
        assert_eq!((page.status, page.has("#ship")), (200, may), "{role:?}");
        let csrf = browser.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
        if !may {
            for action in ["validate", "availability", "unreserve", "assign", "star", "cancel"] {
                let fields = [("csrf", csrf.as_str()), ("version", "1"), ("starred", "true")];
                let answer = browser.post(&format!("{path}/{action}"), &fields).await;
                assert!(matches!(answer.status, 400 | 403), "{role:?} {action} {}", answer.status);
            }
            let fields = [("csrf", csrf.as_str()), ("version", "1"), ("wish", "all")];
            assert_eq!(browser.post(&format!("{path}/validate"), &fields).await.status, 403);
        }
    }
    assert_eq!(shop.outbox(&order), []);
}

#[tokio::test]
async fn what_no_backorder_wants_goes_to_the_order_that_waits_for_it() {
    let (shop, _, path, mut browser) = ordered(10).await;
    let waiting = shop.buy(fbm(4));
    shop.sync().await;
    assert_eq!(shop.transfers(&waiting)[0].1, "confirmed");
    let asked = send(&mut browser, &path, &with(&[("done", "6"), ("wish", "validate")])).await;
    let answer = browser.submit(&asked, &format!("{path}/validate"), &[("rest", "cancelled")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!((shop.transfers(&waiting)[0].1.as_str(), shop.shelf(SOLD)), ("assigned", (4, 4)));
    assert_eq!(shop.disagreements(), Vec::<String>::new());
}

#[tokio::test]
async fn who_wanted_to_ship_everything_is_told_that_only_a_part_left() {
    let (shop, order, path, mut browser) = ordered(3).await;
    let mut other = shop.site.admin().await;
    let seen = other.get(&path).await;
    let asked = send(&mut browser, &path, &with(&[("done", "2"), ("wish", "validate")])).await;
    let answer = browser.submit(&asked, &format!("{path}/validate"), &[("rest", "backorder")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    for wish in [[("done", "3"), ("wish", "validate")], [("done", "3"), ("wish", "all")]] {
        let late = other.submit(&seen, &format!("{path}/validate"), &with(&wish)).await;
        assert_eq!(late.status, 409, "the label is the same, the parcel is not");
    }
    assert_eq!(shop.outbox(&order).len(), 1);
}

/// What Amazon took off the order before belongs to nobody's wish.
#[tokio::test]
async fn a_second_click_ships_nothing_more_after_amazon_cancelled_a_line() {
    let (shop, _, _, mut browser) = ordered(1).await;
    let mut spec = fbm(2);
    spec.lines.push(LineSpec { sku: CATALOGUE[4].0.to_owned(), quantity: 1, unit_price_minor: Some(900) });
    shop.stock(CATALOGUE[4].0, 5);
    let order = shop.buy(spec);
    shop.sync().await;
    shop.amazon().patch_order(&order, |held| held["orderItems"][1]["quantityOrdered"] = json!(0)).unwrap();
    shop.amazon().touch(&order).unwrap();
    shop.sync().await;
    let path = shop.open_transfer(&order);
    let seen = browser.get(&path).await;
    for click in ["the first", "the second"] {
        let answer = browser.submit(&seen, &format!("{path}/validate"), &with(&[("wish", "all")])).await;
        assert_eq!(answer.status, 303, "{click}: {}", answer.body);
    }
    assert_eq!((shop.outbox(&order).len(), shop.disagreements()), (1, Vec::new()));
}

#[tokio::test]
async fn who_wanted_to_ship_everything_is_told_that_the_rest_was_given_up() {
    let (shop, order, path, mut browser) = ordered(3).await;
    let mut other = shop.site.admin().await;
    let action = format!("{path}/validate");
    let asked = send(&mut browser, &path, &with(&[("done", "2"), ("wish", "validate")])).await;
    let same =
        other.submit(&other.copy().get(&path).await, &action, &with(&[("done", "2"), ("wish", "validate")])).await;
    let seen = other.get(&path).await;
    assert_eq!(browser.submit(&asked, &action, &[("rest", "cancelled")]).await.status, 303);
    let late = other.submit(&seen, &action, &with(&[("wish", "all")])).await;
    assert_eq!(late.status, 409, "one unit will never leave");
    let late = other.submit(&same, &action, &[("rest", "backorder")]).await;
    assert_eq!(late.status, 409, "no backorder waits");
    assert_eq!(
        other.submit(&same, &action, &[("rest", "cancelled")]).await.status,
        303,
        "what happened is what was wished"
    );
    assert_eq!((shop.outbox(&order).len(), shop.transfers(&order).len()), (1, 1));
}

/// S06: not even whoever reaches the database changes what left.
#[tokio::test]
async fn a_done_move_is_neither_changed_nor_deleted_in_the_database() {
    use comptoir::db::schema::moves;
    use comptoir::db::{Conn, DbError};
    use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};
    let (shop, order, path, mut browser) = ordered(3).await;
    assert_eq!(send(&mut browser, &path, &with(&[("wish", "all")])).await.status, 303);
    let before = shop.dump();
    let done = || moves::table.filter(moves::state.eq("done"));
    let changed = shop.site.app.db.write(|conn| {
        let changed = match conn {
            Conn::Sqlite(c) => diesel::update(done()).set(moves::quantity.eq(1)).execute(c),
            Conn::Pg(c) => diesel::update(done()).set(moves::quantity.eq(1)).execute(c),
        };
        changed.map_err(DbError::from)
    });
    assert!(changed.is_err());
    let deleted = shop.site.app.db.write(|conn| {
        let deleted = match conn {
            Conn::Sqlite(c) => diesel::delete(done()).execute(c),
            Conn::Pg(c) => diesel::delete(done()).execute(c),
        };
        deleted.map_err(DbError::from)
    });
    assert!(deleted.is_err());
    assert!(shop.dump() == before && shop.outbox(&order)[0].4 == 3);
}
