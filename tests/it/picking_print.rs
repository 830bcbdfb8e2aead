//! Delivery slips, pick lists and command codes on paper: who may print them, what stands on them, and what is noted.

use crate::support::browser::Browser;
use crate::support::shop::{Shop, fbm};
use comptoir::db::{Conn, schema};
use comptoir::domain::access::Role;
use comptoir::sandbox::{OrderKind, OrderSpec};
use diesel::prelude::*;
use reqwest::Method;

/// A document as a person sees it: status, kind, name and text.
pub(crate) struct Document {
    status: u16,
    kind: String,
    name: String,
    pub(crate) text: String,
    pages: usize,
}

pub(crate) async fn print(browser: &Browser, path: &str) -> Document {
    let response = browser.request(Method::GET, path).send().await.unwrap();
    let status = response.status().as_u16();
    let header =
        |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
    let (kind, name) = (header("content-type"), header("content-disposition"));
    assert!(status != 200 || header("cache-control").contains("no-store"), "what is printed is kept nowhere");
    let bytes = response.bytes().await.unwrap();
    if kind != "application/pdf" {
        return Document { status, kind, name, text: String::from_utf8_lossy(&bytes).into_owned(), pages: 0 };
    }
    let read = lopdf::Document::load_mem(&bytes).unwrap();
    let pages: Vec<u32> = read.get_pages().keys().copied().collect();
    let text = read.extract_text(&pages).unwrap().split_whitespace().collect();
    Document { status, kind, name, text, pages: pages.len() }
}

/// Presses the button that prints the slip of a transfer, and follows it.
async fn print_noted(browser: &mut Browser, picking: &str) -> Document {
    let page = browser.get(picking).await;
    let answer = browser.submit(&page, &format!("{picking}/slip"), &[]).await;
    assert_eq!((answer.status, answer.location()), (303, format!("{picking}/slip.pdf").as_str()));
    print(browser, answer.location()).await
}

/// The keys of all transfers and whether they were printed.
fn pickings(shop: &Shop) -> Vec<(i64, bool)> {
    use schema::pickings as p;
    let query = p::table.order(p::id).select((p::id, p::printed_at.is_not_null()));
    shop.read(|conn| match conn {
        Conn::Sqlite(c) => query.load(c),
        Conn::Pg(c) => query.load(c),
    })
}

fn audited(shop: &Shop) -> Vec<String> {
    use schema::audit_events as a;
    let query = a::table.filter(a::action.eq("slip_printed")).order(a::id).select(a::subject);
    shop.read(|conn| match conn {
        Conn::Sqlite(c) => query.load(c),
        Conn::Pg(c) => query.load(c),
    })
}

/// The key of the transfer of an order.
fn picking_of(shop: &Shop, order: &str) -> i64 {
    use schema::{orders as o, pickings as p};
    let query = p::table.inner_join(o::table).filter(o::amazon_order_id.eq(order.to_owned())).select(p::id);
    shop.read(|conn| match conn {
        Conn::Sqlite(c) => query.first(c),
        Conn::Pg(c) => query.first(c),
    })
}

/// A shop with a gift and an ordinary order to deliver, and the gift's buyer as Amazon knows them.
async fn shop() -> (Shop, String, String) {
    let shop = Shop::open().await;
    let gift = shop.buy(OrderSpec { kind: OrderKind::Gift, ..fbm(2) });
    shop.buy(fbm(3));
    shop.sync().await;
    let json = shop.amazon().order_json(&gift).unwrap();
    let street = json["recipient"]["deliveryAddress"]["addressLine1"].as_str().unwrap();
    let street = street.split_whitespace().collect();
    (shop, gift, street)
}

#[actix_web::test]
async fn a_packer_prints_a_slip_with_address_and_gift_message_and_it_is_noted() {
    let (shop, gift, street) = shop().await;
    shop.site.add_user(Role::WarehouseUser).await;
    let mut browser = shop.site.signed_in("warehouse_user@example.com").await;
    let id = picking_of(&shop, &gift);
    let path = format!("/inventory/pickings/{id}");
    assert_eq!(print(&browser, &format!("{path}/slip.pdf")).await.status, 200);
    assert!(pickings(&shop).iter().all(|(_, is_printed)| !is_printed), "looking changes nothing");
    assert!(audited(&shop).is_empty());
    let slip = print_noted(&mut browser, &path).await;
    assert_eq!((slip.status, slip.kind.as_str(), slip.pages), (200, "application/pdf", 1));
    assert_eq!(slip.name, format!("inline; filename=\"WH-OUT-{id:05}.pdf\""));
    for part in [format!("WH/OUT/{id:05}"), gift, street, "Joyeuxanniversaire!".to_owned(), "Mamie".to_owned()] {
        assert!(slip.text.contains(&part), "{part} in {}", slip.text);
    }
    assert!(!slip.text.contains('€'), "no price travels with a gift");
    assert!(pickings(&shop).iter().all(|(known, is_printed)| *is_printed == (*known == id)));
    assert_eq!(audited(&shop), [format!("picking {id}")]);
    let page = browser.copy().get(&format!("/inventory/pickings/{id}")).await;
    assert!(page.text("#timeline").contains("Delivery slip printed"), "{}", page.text("#timeline"));
}

#[actix_web::test]
async fn many_slips_are_one_document_and_the_pick_list_adds_up() {
    let (shop, gift, _) = shop().await;
    let browser = shop.site.admin().await;
    let gift = picking_of(&shop, &gift);
    let other = pickings(&shop).into_iter().map(|(id, _)| id).find(|id| *id != gift).unwrap();
    let query = format!("id={gift}&id={other}&id={gift}");
    let slips = print(&browser, &format!("/inventory/pickings/slips.pdf?{query}")).await;
    assert_eq!((slips.status, slips.pages), (200, 2), "each once, however often it is named");
    let list = print(&browser, &format!("/inventory/pick-list.pdf?{query}")).await;
    assert_eq!(list.status, 200);
    for part in [format!("WH/OUT/{gift:05}×2"), format!("WH/OUT/{other:05}×3"), "5CAF-GRIND-01".to_owned()] {
        assert!(list.text.contains(&part), "{part} in {}", list.text);
    }
    let commands = print(&browser, "/inventory/scan-commands.pdf").await;
    assert!(commands.text.contains("CMD:VALIDATE") && commands.text.contains("CMD:PRINT"));
}

#[actix_web::test]
async fn who_may_not_see_addresses_prints_none_and_nothing_is_noted() {
    let (shop, ..) = shop().await;
    shop.site.add_user(Role::Auditor).await;
    let browser = shop.site.signed_in("auditor@example.com").await;
    let id = pickings(&shop)[0].0;
    for path in [format!("/inventory/pickings/{id}/slip.pdf"), format!("/inventory/pickings/slips.pdf?id={id}")] {
        assert_eq!(print(&browser, &path).await.status, 403, "{path}");
    }
    let mut pressed = browser.copy();
    let page = pressed.get("/inventory/pickings").await;
    let token = page.fields("/logout");
    assert_eq!(pressed.post(&format!("/inventory/pickings/{id}/slip"), &token).await.status, 403);
    assert_eq!(print(&browser, &format!("/inventory/pick-list.pdf?id={id}")).await.status, 200, "it names no buyer");
    assert!(audited(&shop).is_empty() && pickings(&shop).iter().all(|(_, printed)| !printed));
}

#[actix_web::test]
async fn wrong_choices_are_answered_with_what_to_do() {
    let (shop, ..) = shop().await;
    let browser = shop.site.admin().await;
    for path in ["/inventory/pickings/slips.pdf", "/inventory/pick-list.pdf"] {
        let none = print(&browser, path).await;
        assert_ne!(none.status, 200);
        assert!(none.text.contains("No transfer is chosen"), "{}", none.text);
        let many: Vec<String> = (1..=201).map(|id| format!("id={id}")).collect();
        let many = print(&browser, &format!("{path}?{}", many.join("&"))).await;
        assert!(many.text.contains("At most 200"), "{}", many.text);
        assert_eq!(print(&browser, &format!("{path}?id=99999")).await.status, 404);
        assert_eq!(print(&browser, &format!("{path}?id=x")).await.status, 404);
    }
    assert_eq!(print(&browser, "/inventory/pickings/99999/slip.pdf").await.status, 404);
    assert!(audited(&shop).is_empty());
}

#[actix_web::test]
async fn an_address_that_changes_after_printing_is_told_where_the_parcel_is_packed() {
    let (shop, gift, _) = shop().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/inventory/pickings/{}", picking_of(&shop, &gift));
    let warned = |page: &crate::support::browser::Page| page.body.contains("after the papers were printed");
    shop.amazon().change_address(&gift).unwrap();
    shop.sync().await;
    assert!(!warned(&browser.get(&path).await), "nothing was printed yet");
    print_noted(&mut browser, &path).await;
    shop.sync().await;
    assert!(!warned(&browser.get(&path).await), "nothing changed since");
    shop.amazon().change_address(&gift).unwrap();
    shop.sync().await;
    for page in [path.clone(), format!("{path}/pack")] {
        assert!(warned(&browser.get(&page).await), "{page}");
    }
    print_noted(&mut browser, &path).await;
    assert!(!warned(&browser.get(&path).await), "the new slip has the new address");
}
