//! Tracking references for many transfers at once: pasted or from a file, looked at before anything is stored.

use crate::support::browser::{Browser, Page};
use crate::support::shop::{Shop, fbm};
use crate::support::warehouse::SOLD;
use comptoir::domain::access::Role;
use comptoir::domain::ids::PickingId;
use comptoir::domain::picking::reference;

const PATH: &str = "/inventory/pickings/tracking";

/// A shop with orders of one unit each; answers the orders and their transfers.
async fn shop(orders: usize) -> (Shop, Vec<(String, PickingId)>, Browser) {
    let shop = Shop::open().await;
    shop.stock(SOLD, 10);
    let bought: Vec<String> = (0..orders).map(|_| shop.buy(fbm(1))).collect();
    shop.sync().await;
    let with_transfer = |order: String| (order.clone(), shop.transfers(&order)[0].0);
    let bought = bought.into_iter().map(with_transfer).collect();
    let browser = shop.site.admin().await;
    (shop, bought, browser)
}

/// The carrier and the tracking reference that a transfer's page shows.
async fn label(browser: &mut Browser, id: PickingId) -> (String, String) {
    let page = browser.get(&format!("/inventory/pickings/{id}")).await;
    let value = |id: &str| page.attribute(id, "value").unwrap();
    (value("#carrier"), value("#tracking"))
}

#[tokio::test]
async fn a_pasted_text_is_compared_first_and_tells_what_cannot_be_taken() {
    let (_shop, bought, mut browser) = shop(3).await;
    let (own, amazons) = (reference(bought[0].1), &bought[1].0);
    let done = format!("/inventory/pickings/{}", bought[2].1);
    let page = browser.get(&done).await;
    let gone = [("carrier", "UPS"), ("tracking", "1Z999AA10123456784"), ("wish", "all")];
    assert_eq!(browser.submit(&page, &format!("{done}/validate"), &gone).await.status, 303);
    let text = format!(
        "{own};Colissimo;6A12345678901\n{amazons};Colisimo;12\nWH/OUT/99999;UPS;1Z1\n{};UPS;1Z2\n{own};UPS;1Z3\nnonsense",
        bought[2].0
    );
    let page = browser.get(PATH).await;
    let checked = browser.submit(&page, &format!("{PATH}/check"), &[("text", &text)]).await;
    assert_eq!((checked.status, checked.texts("tbody th a")), (422, vec![own.clone(), reference(bought[1].1)]));
    let refused = checked.texts("#refused li");
    for (line, why) in [
        (3, "no transfer or order is called WH/OUT/99999"),
        (4, "is done or cancelled already"),
        (5, "an earlier line is about the transfer"),
        (6, "it must have two columns or three"),
    ] {
        assert!(
            refused.iter().any(|told| told.starts_with(&format!("Line {line}: ")) && told.contains(why)),
            "{refused:?}"
        );
    }
    assert_eq!(refused.len(), 4);
    assert!(checked.texts("tbody .note").iter().any(|doubt| doubt.contains("Did you mean Colissimo?")));
    assert_eq!(
        checked.text("textarea"),
        text.split_whitespace().collect::<Vec<_>>().join(" "),
        "what was pasted stays"
    );
    assert_eq!(label(&mut browser, bought[0].1).await, (String::new(), String::new()), "nothing is stored yet");
    let answer = browser.submit(&checked, PATH, &[]).await;
    assert_eq!((answer.status, answer.text("p.note.s").as_str()), (200, "2 tracking references saved."));
    assert_eq!(answer.text("textarea"), checked.text("textarea"), "what could not be taken is there to be corrected");
    assert_eq!(label(&mut browser, bought[0].1).await, ("Colissimo".to_owned(), "6A12345678901".to_owned()));
    assert_eq!(label(&mut browser, bought[1].1).await, ("Colisimo".to_owned(), "12".to_owned()));
    let page = browser.get(&format!("/inventory/pickings/{}", bought[0].1)).await;
    assert!(page.text("#timeline").contains("Label changed"), "it is noted who did it");
}

#[tokio::test]
async fn what_is_typed_stays_when_something_else_of_the_page_is_checked() {
    let (_shop, bought, mut browser) = shop(3).await;
    let page = browser.get(&format!("{PATH}?id={}&id={}", bought[0].1, bought[1].1)).await;
    let typed = |page: &Page, action: &str, text: &str| {
        let mut fields = page.fields(action);
        let grid = fields.iter_mut().filter(|(name, _)| name == "tracking");
        grid.for_each(|(_, value)| "TYPED".clone_into(value));
        fields.retain(|(name, _)| name != "text");
        fields.push(("text".to_owned(), text.to_owned()));
        fields
    };
    let shown = |page: &Page| page.attributes("tbody input[name=tracking]", "value");

    let check = format!("{PATH}/check");
    let text = format!("{};6A2\n{};6A3", reference(bought[1].1), reference(bought[2].1));
    let checked = browser.post(&check, &typed(&page, &check, &text)).await;
    assert_eq!((checked.status, shown(&checked)), (200, vec!["6A2".into(), "TYPED".into(), "6A3".into()]));
    assert_eq!(checked.text("textarea"), "", "all of it is in the grid");

    let wrong = browser.post(&check, &typed(&page, &check, "nonsense")).await;
    assert_eq!((wrong.status, shown(&wrong)), (422, vec!["TYPED".into(), "TYPED".into()]));
    assert_eq!(wrong.text("textarea"), "nonsense");

    let file = format!("reference,tracking\n{},6A4\n", reference(bought[2].1));
    let read = browser.upload(&wrong, &format!("{PATH}/file"), "labels.csv", file.as_bytes()).await;
    assert_eq!((read.status, shown(&read)), (200, vec!["TYPED".into(), "TYPED".into(), "6A4".into()]));
    assert_eq!(read.text("textarea"), "nonsense", "a file does not push a text aside");
    let unread = browser.upload(&wrong, &format!("{PATH}/file"), "labels.csv", b"%PDF-1.7").await;
    assert_eq!((unread.status, shown(&unread)), (422, vec!["TYPED".into(), "TYPED".into()]));

    let saved = browser.post(PATH, &typed(&page, PATH, "not checked yet")).await;
    assert_eq!((saved.status, saved.text("textarea").as_str()), (200, "not checked yet"));
    assert_eq!(label(&mut browser, bought[0].1).await.1, "TYPED");
}

#[tokio::test]
async fn two_columns_and_files_are_read_and_what_is_none_is_refused() {
    let (_shop, bought, mut browser) = shop(2).await;
    let page = browser.get(PATH).await;
    let file = format!("reference,tracking\n{},6A1\n{},6A1\n", bought[0].0, reference(bought[1].1).to_lowercase());
    let checked = browser.upload(&page, &format!("{PATH}/file"), "labels.csv", file.as_bytes()).await;
    assert_eq!(
        (checked.status, checked.attributes("input[name=tracking]", "value")),
        (200, vec!["6A1".into(), "6A1".into()])
    );
    assert!(
        checked.text("tbody .note").contains("has the tracking reference 6A1 already"),
        "twice in one file is doubtful"
    );
    for wrong in [&b"%PDF-1.7"[..], b""] {
        let answer = browser.upload(&page, &format!("{PATH}/file"), "labels.csv", wrong).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text("#file-error").starts_with("The file cannot be read"), "{}", answer.body);
    }
    let empty = browser.submit(&page, &format!("{PATH}/check"), &[("text", " \n")]).await;
    assert_eq!((empty.status, empty.text("#text-error")), (422, "Paste at least one line".to_owned()));
}

#[tokio::test]
async fn the_ticked_transfers_are_a_grid_and_one_that_changed_meanwhile_is_told() {
    let (_shop, bought, mut browser) = shop(2).await;
    let ids: Vec<String> = bought.iter().map(|(_, id)| format!("id={id}")).collect();
    let page = browser.get(&format!("{PATH}?{}", ids.join("&"))).await;
    assert_eq!(page.texts("tbody th a").len(), 2);
    let list = browser.get("/inventory/pickings").await;
    let cell = format!("/inventory/pickings/{}/tracking", bought[0].1);
    assert_eq!(browser.submit(&list, &cell, &[("tracking", "THEIRS")]).await.status, 303);
    let mut fields = page.fields(PATH);
    for (name, value) in &mut fields {
        match name.as_str() {
            "carrier" => "UPS".clone_into(value),
            "tracking" => "MINE".clone_into(value),
            _ => {}
        }
    }
    let answer = browser.post(PATH, &fields).await;
    assert_eq!((answer.status, answer.texts("tbody th a")), (409, vec![reference(bought[0].1)]));
    assert!(answer.text(".esum").contains("somebody changed this transfer meanwhile"));
    assert_eq!(answer.attribute("tbody input[name=tracking]", "value").unwrap(), "MINE", "what was typed stays");
    assert_eq!(label(&mut browser, bought[0].1).await.1, "THEIRS");
    assert_eq!(label(&mut browser, bought[1].1).await, ("UPS".to_owned(), "MINE".to_owned()), "the other is stored");
    assert!(answer.text("p.note.s").contains("One tracking reference saved"));
    assert!(answer.text("tbody .emsg").contains("THEIRS"), "both values");
    let again = browser.submit(&answer, PATH, &[]).await;
    assert_eq!((again.status, label(&mut browser, bought[0].1).await.1.as_str()), (303, "MINE"));
    let page = browser.get(&format!("{PATH}?{}", ids.join("&"))).await;
    let nothing = browser.submit(&page, PATH, &[]).await;
    assert!(browser.follow(nothing).await.body.contains("Nothing has changed"));
}

#[tokio::test]
async fn a_carrier_that_cannot_be_is_told_beside_the_carrier() {
    let (_shop, bought, mut browser) = shop(1).await;
    let page = browser.get(&format!("{PATH}?id={}", bought[0].1)).await;
    let answer = browser.submit(&page, PATH, &[("carrier", &"D".repeat(300)), ("tracking", "6A1")]).await;
    let at = |name: &str| answer.has(&format!("#{name}-{}[aria-invalid]", bought[0].1));
    assert_eq!((answer.status, at("carrier"), at("tracking")), (422, true, false), "{}", answer.text("main"));
}

#[tokio::test]
async fn only_those_who_work_in_the_warehouse_enter_references() {
    let (shop, _, _) = shop(1).await;
    shop.site.add_user(Role::SalesManager).await;
    let mut browser = shop.site.signed_in("sales_manager@example.com").await;
    assert_eq!(browser.get(PATH).await.status, 403);
    let csrf = browser.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
    for action in [PATH.to_owned(), format!("{PATH}/check")] {
        assert_eq!(browser.post(&action, &[("csrf", csrf.as_str())]).await.status, 403, "{action}");
    }
}
