//! What Amazon knows of a delivery, on its page: refused and retried, corrected, taken back, told at once.

use crate::support::shipping::ship;
use crate::support::shop::{Shop, fbm};
use crate::support::warehouse::SOLD;
use chrono::TimeDelta;
use comptoir::domain::access::Role;
use comptoir::domain::ids::PickingId;
use comptoir::ops::announce_grace;
use comptoir::ops::export_records::Subject;
use comptoir::sandbox::{FaultKind, FaultSettings, Operation};

async fn one_left(grace: TimeDelta) -> (Shop, String, PickingId) {
    let shop = Shop::open().await;
    let id = shop.buy(fbm(2));
    shop.sync().await;
    let picking = ship(&shop.site.app, &id, "6A12345678901", grace).await;
    (shop, id, picking)
}

fn page_of(picking: PickingId) -> String {
    format!("/inventory/pickings/{picking}")
}

#[actix_web::test]
async fn a_refused_parcel_is_corrected_and_becomes_green() {
    let (shop, id, picking) = one_left(TimeDelta::zero()).await;
    let only = Some("Colissimo".to_owned());
    let settings = FaultSettings { operation: Some(Operation::ConfirmShipment), only, ..FaultSettings::default() };
    shop.amazon().set_fault(FaultKind::CarrierRefused, settings);
    shop.work().await;
    let mut browser = shop.site.admin().await;
    let page = browser.get(&page_of(picking)).await;
    let card = page.text("section[aria-labelledby=amazon-card]");
    assert!(
        card.contains("Synchronization with Amazon failed") && card.contains("does not know the carrier"),
        "{card}"
    );
    assert!(page.text("section details code").contains("InvalidInput"), "Amazon's words are folded, not hidden");
    let card = "section[aria-labelledby=amazon-card] .pri";
    assert_eq!(page.texts(card), ["Correct tracking"], "to retry the same is refused again");
    let correct = format!("{}/correct", page_of(picking));
    let form = browser.get(&correct).await;
    let refused = browser.submit(&form, &correct, &[("carrier", "Colisimo"), ("tracking", "")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text(".esum").contains("Enter the tracking reference"));
    let form = browser.get(&correct).await;
    let near = browser.submit(&form, &correct, &[("carrier", "Parcelforse"), ("tracking", "ZX 1")]).await;
    assert_eq!(near.status, 303, "a near miss is saved with a warning, as at validation");
    let page = browser.get(&page_of(picking)).await;
    assert!(page.text(".note.flash").contains("Parcelforce"), "the near miss is named: {}", page.text("main"));
    let form = browser.get(&correct).await;
    let saved = browser.submit(&form, &correct, &[("carrier", "dpd"), ("tracking", "zx 1")]).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    shop.work().await;
    shop.sync().await;
    let page = browser.get(&page_of(picking)).await;
    assert!(
        page.texts("#head .badge").iter().any(|badge| badge == "Synchronized with Amazon"),
        "{}",
        page.text("main")
    );
    assert!(page.text("#timeline").contains("Tracking corrected"), "{}", page.text("#timeline"));
    let packages = shop.amazon().packages(&id);
    assert_eq!((packages.len(), packages[0].carrier_code.as_str(), packages[0].tracking.as_str()), (1, "DPD", "ZX1"));
}

#[actix_web::test]
async fn a_correction_over_somebody_elses_is_a_conflict() {
    let (shop, _, picking) = one_left(TimeDelta::minutes(5)).await;
    let mut browser = shop.site.admin().await;
    let correct = format!("{}/correct", page_of(picking));
    let form = browser.get(&correct).await;
    let first = browser.submit(&form, &correct, &[("carrier", "DPD"), ("tracking", "A1")]).await;
    assert_eq!(first.status, 303);
    let late = browser.submit(&form, &correct, &[("carrier", "DPD"), ("tracking", "B2")]).await;
    assert_eq!(late.status, 409);
    assert_eq!(shop.shipment(picking).tracking, "A1");
}

#[actix_web::test]
async fn a_correction_after_amazon_took_it_changes_the_same_package() {
    let (shop, id, picking) = one_left(TimeDelta::zero()).await;
    shop.work().await;
    shop.sync().await;
    assert_eq!(shop.standing(picking), "ok");
    let mut browser = shop.site.admin().await;
    let correct = format!("{}/correct", page_of(picking));
    let form = browser.get(&correct).await;
    browser.submit(&form, &correct, &[("carrier", "Colissimo"), ("tracking", "6B99999999999")]).await;
    assert_eq!(shop.standing(picking), "to_send");
    shop.work().await;
    let packages = shop.amazon().packages(&id);
    assert_eq!((packages.len(), packages[0].tracking.as_str()), (1, "6B99999999999"));
}

#[actix_web::test]
async fn a_validation_is_taken_back_while_amazon_was_not_told() {
    let (shop, id, picking) = one_left(TimeDelta::minutes(5)).await;
    let mut browser = shop.site.admin().await;
    let page = browser.get(&page_of(picking)).await;
    assert!(page.text("section").contains("Amazon will be told at 14:15"), "{}", page.text("section"));
    let undone = browser.submit(&page, &format!("{}/undo", page_of(picking)), &[]).await;
    assert_eq!(undone.status, 303, "{}", undone.body);
    assert_ne!(undone.location(), page_of(picking), "it leads to the transfer that is open again");
    shop.later(10);
    shop.work().await;
    assert!(shop.amazon().packages(&id).is_empty(), "Amazon was never told");
    let order = shop.order(&id);
    assert_eq!((order["state"].as_str(), order["delivery"].as_str()), (Some("sale"), Some("none")));
    assert_eq!(order["lines"][0]["delivered"], 0);
    let states: Vec<String> =
        shop.of_order(Subject::Pickings, &id).iter().map(|one| one["state"].as_str().unwrap().to_owned()).collect();
    assert_eq!(states, ["cancelled", "assigned"]);
    let moves = shop.of_order(Subject::Moves, &id);
    let done: Vec<_> = moves.iter().filter(|one| one["state"] == "done").collect();
    assert_eq!(done.len(), 2, "what left and what came back, both visible");
    assert_eq!(done[0]["from"], done[1]["to"]);
    let open: Vec<_> = moves.iter().filter(|one| one["state"] == "assigned").collect();
    assert_eq!((open.len(), open[0]["quantity"].as_i64()), (1, Some(2)));
    assert_eq!(shop.shelf(SOLD), (1_000_000, 2), "the goods are back, and reserved for the open transfer");
    assert_eq!(shop.disagreements(), Vec::<String>::new());
    shop.sync().await;
    assert_eq!(shop.of_order(Subject::Pickings, &id).len(), 2, "the next synchronization changes nothing");
}

#[actix_web::test]
async fn what_amazon_was_told_cannot_be_taken_back() {
    let (shop, id, picking) = one_left(TimeDelta::minutes(5)).await;
    let mut browser = shop.site.admin().await;
    let page = browser.get(&page_of(picking)).await;
    let hurried = browser.submit(&page, &format!("{}/send-now", page_of(picking)), &[]).await;
    assert_eq!(hurried.status, 303);
    let late = browser.submit(&page, &format!("{}/undo", page_of(picking)), &[]).await;
    let page = browser.follow(late).await;
    assert!(page.body.contains("too late to take this back"), "{}", page.body);
    shop.work().await;
    assert_eq!(shop.amazon().packages(&id).len(), 1);
}

#[actix_web::test]
async fn many_refused_parcels_are_retried_at_once() {
    let shop = Shop::open().await;
    let ids: Vec<String> = (0..3).map(|_| shop.buy(fbm(1))).collect();
    shop.sync().await;
    shop.amazon().set_fault(FaultKind::OrderRefused, FaultSettings::times(3));
    let pickings = shop.all_leave(&ids).await;
    shop.work().await;
    assert!(pickings.iter().all(|picking| shop.standing(*picking) == "failed"));
    let mut browser = shop.site.admin().await;
    let dashboard = browser.get("/").await;
    assert!(dashboard.text(".todo").contains("Shipments that Amazon refused"), "{}", dashboard.text("main"));
    let page = browser.get(&page_of(pickings[0])).await;
    let mut fields: Vec<(String, String)> =
        vec![("csrf".to_owned(), page.attribute("input[name=csrf]", "value").unwrap())];
    fields.extend(pickings.iter().map(|picking| ("id".to_owned(), picking.to_string())));
    let retried = browser.post("/inventory/pickings/retry", &fields).await;
    assert_eq!(retried.status, 303, "{}", retried.body);
    shop.work().await;
    assert!(pickings.iter().all(|picking| shop.standing(*picking) == "sent"));
}

#[actix_web::test]
async fn sync_pickings_tells_all_that_waits_and_shows_its_counts() {
    let (shop, id, _) = one_left(TimeDelta::minutes(30)).await;
    let mut browser = shop.site.admin().await;
    let page = browser.get("/me").await;
    browser.submit(&page, "/me/developer-mode", &[("on", "yes")]).await;
    let account = format!("/amazon/accounts/{}", shop.account);
    let page = browser.get(&account).await;
    let asked = browser.submit(&page, &format!("{account}/sync-pickings"), &[]).await;
    assert_eq!(asked.status, 303, "{}", asked.body);
    assert!(asked.location().starts_with("/amazon/runs/"), "{}", asked.location());
    shop.work().await;
    assert_eq!(shop.amazon().packages(&id).len(), 1);
    let run = shop.last_run(shop.account);
    assert_eq!((run.state.as_str(), run.orders_read, run.orders_updated, run.orders_failed), ("succeeded", 1, 1, 0));
}

#[actix_web::test]
async fn an_auditor_sees_the_card_and_changes_nothing() {
    let (shop, _, picking) = one_left(TimeDelta::minutes(5)).await;
    shop.site.add_user(Role::Auditor).await;
    let mut browser = shop.site.signed_in("auditor@example.com").await;
    let page = browser.get(&page_of(picking)).await;
    assert!(
        page.has("section[aria-labelledby=amazon-card]") && !page.has("section[aria-labelledby=amazon-card] button")
    );
    assert_eq!(browser.get(&format!("{}/correct", page_of(picking))).await.status, 403);
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    for action in ["retry", "send-now", "undo"] {
        let answer =
            browser.post(&format!("{}/{action}", page_of(picking)), &[("csrf".to_owned(), csrf.clone())]).await;
        assert_eq!(answer.status, 403, "{action}");
    }
    assert_eq!(shop.standing(picking), "to_send");
}

#[actix_web::test]
async fn the_dashboard_counts_what_waits_for_amazon_as_its_list_does() {
    let (shop, _, _) = one_left(TimeDelta::minutes(5)).await;
    let id = shop.buy(fbm(1));
    shop.buy(fbm(1));
    shop.sync().await;
    shop.leaves(&id, "6A12345678902").await;
    shop.work().await;
    let mut browser = shop.site.admin().await;
    let dashboard = browser.get("/").await;
    assert_eq!(dashboard.texts(".todo .card-i a"), ["2 Waiting for Amazon"]);
    let list = browser.get(&dashboard.attribute(".todo .card-i a", "href").unwrap()).await;
    assert_eq!(list.texts("tbody tr").len(), 2, "the open transfer is not one of them");
}

#[actix_web::test]
async fn the_wait_and_the_threshold_are_settings_of_administrators() {
    let shop = Shop::open().await;
    let path = "/settings/announcing";
    let mut browser = shop.site.admin().await;
    let form = browser.get(path).await;
    assert!(form.text("#grace-hint").contains("Empty: 60 on a real account, 0 on a simulated one"));
    for (grace, threshold) in [("-1", "0"), ("3601", "ten"), ("1.5", "1000000")] {
        let wrong = browser.submit(&form, path, &[("grace", grace), ("threshold", threshold)]).await;
        assert_eq!((wrong.status, wrong.texts(".esum a").len()), (422, 2), "{grace} {threshold}");
        assert_eq!(wrong.attribute("#grace", "value").unwrap(), grace, "what was typed stays");
    }
    let saved = browser.submit(&form, path, &[("grace", " 120 "), ("threshold", "5")]).await;
    assert_eq!(saved.status, 303, "{}", saved.body);
    let late = browser.submit(&form, path, &[("grace", "30"), ("threshold", "")]).await;
    assert_eq!(late.status, 409, "somebody else's choice is not overwritten unseen");
    assert_eq!(late.texts("#problem tbody td"), ["120", "30", "5", ""], "both are shown");
    assert_eq!(late.attribute("#grace", "value").unwrap(), "30", "what was typed stays");
    let form = browser.get(path).await;
    assert_eq!(form.attribute("#grace", "value").unwrap(), "120");
    let (grace, threshold) = shop
        .site
        .app
        .db
        .read(|conn| {
            Ok::<_, comptoir::db::DbError>((announce_grace::of(conn, true)?, announce_grace::feed_threshold(conn)?))
        })
        .unwrap();
    assert_eq!((grace, threshold), (TimeDelta::minutes(2), 5));
    let cleared = browser.submit(&form, path, &[("grace", ""), ("threshold", "")]).await;
    assert_eq!(cleared.status, 303);
    assert_eq!(shop.site.app.db.read(|conn| announce_grace::of(conn, false)).unwrap(), TimeDelta::seconds(60));
    shop.site.add_user(Role::WarehouseManager).await;
    let mut other = shop.site.signed_in("warehouse_manager@example.com").await;
    assert_eq!(other.get(path).await.status, 403);
}
