//! What Amazon refused comes by e-mail to those who can do something about it: together, once, in their language.

use crate::support::app::ADMIN;
use crate::support::shop::{Shop, fbm};
use crate::support::smtp::{Mood, SmtpServer};
use comptoir::app::App;
use comptoir::clock::Clock;
use comptoir::db::{OpenedBy, digests, users};
use comptoir::domain::access::Role;
use comptoir::domain::digest::MailProblem;
use comptoir::domain::ids::{PickingId, UserId};
use comptoir::ops::{announce, send_digest};
use comptoir::sandbox::{FaultKind, FaultSettings, OrderKind, OrderSpec};
use comptoir::worker;
use std::collections::BTreeSet;

/// A shop with a mail server.
async fn shop() -> (Shop, SmtpServer) {
    let server = SmtpServer::start().await;
    (Shop::with_mail(&server.url("")).await, server)
}

/// Amazon refuses so many deliveries of orders like this one.
async fn refuse(shop: &Shop, spec: &OrderSpec, count: u32) -> Vec<(String, PickingId)> {
    let ids: Vec<String> = (0..count).map(|_| shop.buy(spec.clone())).collect();
    shop.sync().await;
    shop.amazon().set_fault(FaultKind::CarrierRefused, FaultSettings::times(count));
    let pickings = shop.all_leave(&ids).await;
    shop.work().await;
    assert!(pickings.iter().all(|picking| shop.standing(*picking) == "failed"));
    ids.into_iter().zip(pickings).collect()
}

/// Lets minutes pass, then the background worker does all that is due.
async fn work_after(shop: &Shop, minutes: i64) {
    shop.later(minutes);
    shop.work().await;
}

fn told(shop: &Shop, person: UserId) -> digests::DigestRow {
    shop.site.app.db.read(|conn| digests::of_user(conn, person)).unwrap()
}

#[tokio::test]
async fn refused_deliveries_are_named_once_with_their_reason_and_their_page() {
    let (shop, server) = shop().await;
    let refused = refuse(&shop, &fbm(1), 2).await;
    assert!(server.taken().is_empty(), "others may be refused in the next minutes");
    work_after(&shop, 5).await;
    let mails = server.taken();
    assert_eq!(mails.len(), 1);
    assert_eq!((mails[0].from.as_str(), mails[0].to.as_str()), ("comptoir@shop.example", ADMIN));
    assert_eq!(mails[0].header("From"), "Comptoir <comptoir@shop.example>");
    assert_eq!(mails[0].header("To"), format!("\"Nadia Benali\" <{ADMIN}>"));
    assert_eq!(mails[0].header("Subject"), "Atelier Benali: Amazon refused 2 deliveries");
    assert_eq!(mails[0].header("Auto-Submitted"), "auto-generated");
    assert!(mails[0].header("Message-ID").ends_with("@shop.example>"));
    let text = mails[0].text();
    for (order, picking) in &refused {
        assert!(text.contains(&format!("WH/OUT/{:05} · Amazon order {order} · Colissimo\n", picking.0)), "{text}");
        assert!(text.contains(&format!("\nhttps://comptoir.example/inventory/pickings/{picking}\n")), "{text}");
    }
    assert_eq!(text.matches("Amazon does not know the carrier.").count(), 2, "{text}");
    assert!(text.contains("https://comptoir.example/inventory/pickings?amazon_sync=failed"), "{text}");
    for _ in 0..3 {
        work_after(&shop, 45).await;
    }
    assert_eq!(server.taken().len(), 1, "what was told is not told again");
}

#[tokio::test]
async fn without_a_refusal_there_is_no_email() {
    let (shop, server) = shop().await;
    let id = shop.buy(fbm(1));
    shop.sync().await;
    shop.leaves(&id, "6A12345678901").await;
    for _ in 0..3 {
        work_after(&shop, 60).await;
    }
    assert!(server.heard().is_empty(), "the mail server is not even asked");
}

#[tokio::test]
async fn an_email_holds_nothing_about_the_buyer() {
    let (shop, server) = shop().await;
    let refused = refuse(&shop, &OrderSpec { kind: OrderKind::Gift, ..fbm(1) }, 1).await;
    work_after(&shop, 5).await;
    let text = server.taken()[0].text();
    let order = shop.amazon().order_json(&refused[0].0).unwrap();
    for pointer in ["/buyer/buyerName", "/recipient/deliveryAddress/name", "/recipient/deliveryAddress/addressLine1"] {
        let personal = order.pointer(pointer).unwrap().as_str().unwrap();
        assert!(!text.contains(personal), "{pointer}: {text}");
    }
}

#[tokio::test]
async fn everybody_reads_it_in_the_own_language() {
    let (shop, server) = shop().await;
    let admin = shop.site.admin.unwrap();
    shop.site.app.db.write(|conn| users::set_language(conn, admin, "fr")).unwrap();
    shop.site.add_user(Role::WarehouseUser).await;
    refuse(&shop, &fbm(1), 1).await;
    work_after(&shop, 5).await;
    let mails = server.taken();
    let to = |person: &str| mails.iter().find(|mail| mail.to == person).unwrap();
    let (french, english) = (to(ADMIN), to("warehouse_user@example.com"));
    assert_eq!(french.header("Subject"), "Atelier Benali\u{a0}: Amazon a refusé 1 livraison");
    assert!(french.text().contains("Amazon ne connaît pas le transporteur."), "{}", french.text());
    assert_eq!(english.header("Subject"), "Atelier Benali: Amazon refused 1 delivery");
}

#[tokio::test]
async fn only_those_who_may_tell_amazon_and_want_it_get_one() {
    let (shop, server) = shop().await;
    let mut added = Vec::new();
    for role in Role::ALL.iter().filter(|role| **role != Role::Administrator) {
        added.push((*role, shop.site.add_user(*role).await));
    }
    let unwilling = added.iter().find(|(role, _)| *role == Role::SalesManager).unwrap().1;
    shop.site.app.db.write(|conn| users::set_digest(conn, unwilling, false)).unwrap();
    refuse(&shop, &fbm(1), 1).await;
    work_after(&shop, 5).await;
    assert_eq!(server.recipients(), [ADMIN, "warehouse_manager@example.com", "warehouse_user@example.com"]);
}

#[tokio::test]
async fn an_hour_passes_between_two_emails_and_the_second_tells_only_what_is_new() {
    let (shop, server) = shop().await;
    let first = refuse(&shop, &fbm(1), 1).await;
    work_after(&shop, 5).await;
    let second = refuse(&shop, &fbm(1), 1).await;
    work_after(&shop, 30).await;
    assert_eq!(server.taken().len(), 1);
    work_after(&shop, 30).await;
    let text = server.taken()[1].text();
    assert!(text.contains(&second[0].0) && !text.contains(&first[0].0), "{text}");
}

#[tokio::test]
async fn what_was_put_right_in_time_is_not_told_and_what_is_refused_again_is() {
    let (shop, server) = shop().await;
    let refused = refuse(&shop, &fbm(1), 2).await;
    let admin = shop.site.actor();
    announce::retry(&shop.site.app, &admin, refused[0].1).await.unwrap();
    shop.work().await;
    work_after(&shop, 5).await;
    let text = server.taken()[0].text();
    assert!(!text.contains(&refused[0].0) && text.contains(&refused[1].0), "{text}");
    shop.amazon().set_fault(FaultKind::CarrierRefused, FaultSettings::times(1));
    announce::retry(&shop.site.app, &admin, refused[1].1).await.unwrap();
    shop.work().await;
    work_after(&shop, 60).await;
    assert!(server.taken()[1].text().contains(&refused[1].0));
}

#[tokio::test]
async fn while_the_mail_server_is_down_nothing_is_lost_and_one_email_tells_all() {
    let (shop, server) = shop().await;
    let admin = shop.site.admin.unwrap();
    server.set_mood(Mood::Down);
    let mut refused = refuse(&shop, &fbm(1), 1).await;
    work_after(&shop, 5).await;
    let last = told(&shop, admin);
    assert_eq!((last.problem, last.attempts, last.sent_at), (Some(MailProblem::Unreachable), 1, None));
    refused.extend(refuse(&shop, &fbm(1), 1).await);
    for _ in 0..5 {
        work_after(&shop, 60).await;
    }
    assert!(server.taken().is_empty());
    server.set_mood(Mood::Good);
    work_after(&shop, 60).await;
    work_after(&shop, 60).await;
    let mails = server.taken();
    assert_eq!(mails.len(), 1, "not one for each that did not go");
    assert!(refused.iter().all(|(order, _)| mails[0].text().contains(order)), "{}", mails[0].text());
    let last = told(&shop, admin);
    assert_eq!((last.problem, last.attempts, last.sent_at.is_some()), (None, 0, true));
}

#[tokio::test]
async fn a_mail_server_that_wants_to_be_asked_later_is_asked_again_a_minute_later() {
    let (shop, server) = shop().await;
    server.set_mood(Mood::Later);
    refuse(&shop, &fbm(1), 1).await;
    work_after(&shop, 5).await;
    let last = told(&shop, shop.site.admin.unwrap());
    assert_eq!((last.problem, last.answer), (Some(MailProblem::Busy), Some(451)));
    server.set_mood(Mood::Good);
    work_after(&shop, 1).await;
    assert_eq!(server.recipients(), [ADMIN]);
}

#[tokio::test]
async fn somebody_whom_the_mail_server_does_not_know_stops_nobody_else() {
    let (shop, server) = shop().await;
    shop.site.add_user(Role::WarehouseUser).await;
    server.set_mood(Mood::NoSuchPerson);
    refuse(&shop, &fbm(1), 1).await;
    work_after(&shop, 5).await;
    let asked = server.heard().iter().filter(|line| line.starts_with("RCPT")).count();
    assert_eq!(asked, 2);
    assert_eq!(told(&shop, shop.site.admin.unwrap()).problem, Some(MailProblem::Recipient));
}

#[tokio::test]
async fn an_email_without_an_answer_is_not_sent_again() {
    let (shop, server) = shop().await;
    server.set_mood(Mood::Silent);
    refuse(&shop, &fbm(1), 1).await;
    work_after(&shop, 5).await;
    assert_eq!(server.taken().len(), 1, "the mail server has it and does not say so");
    server.set_mood(Mood::Good);
    work_after(&shop, 60).await;
    work_after(&shop, 60).await;
    assert_eq!(server.taken().len(), 1);
    assert_eq!(told(&shop, shop.site.admin.unwrap()).problem, Some(MailProblem::Unanswered));
}

/// The process ends between the database's word and the mail server's.
#[tokio::test]
async fn a_crash_may_lose_one_email_and_never_sends_one_twice() {
    let (shop, server) = shop().await;
    let lost = refuse(&shop, &fbm(1), 1).await;
    shop.later(5);
    let begun = send_digest::claim(&shop.site.app, shop.site.admin.unwrap()).await.unwrap();
    assert!(begun.is_some());
    drop(begun);
    work_after(&shop, 61).await;
    assert!(server.taken().is_empty());
    let next = refuse(&shop, &fbm(1), 1).await;
    work_after(&shop, 5).await;
    let text = server.taken()[0].text();
    assert!(text.contains(&next[0].0) && !text.contains(&lost[0].0), "{text}");
}

#[tokio::test]
async fn two_nodes_send_it_once() {
    let (shop, server) = shop().await;
    for role in [Role::WarehouseUser, Role::WarehouseManager, Role::SalesManager] {
        shop.site.add_user(role).await;
    }
    refuse(&shop, &fbm(1), 1).await;
    let now = shop.later(5);
    let config = (*shop.site.app.config).clone();
    let other = App::open_as(config, Clock::fixed(now), OpenedBy::Command).unwrap();
    let (one, two) = tokio::join!(worker::perform_due(&shop.site.app), worker::perform_due(&other));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(server.recipients().len(), 4);
    let people: BTreeSet<String> = server.recipients().into_iter().collect();
    assert_eq!(people.len(), 4, "one for each");
}

#[tokio::test]
async fn a_mail_server_that_cannot_encrypt_is_told_neither_password_nor_email() {
    let server = SmtpServer::start().await;
    let upgraded = server.url("comptoir:Kanarek-smtp-77@").replace("?tls=none", "");
    for url in [upgraded.clone(), upgraded.replace("smtp://", "smtps://")] {
        let shop = Shop::with_mail(&url).await;
        refuse(&shop, &fbm(1), 1).await;
        work_after(&shop, 5).await;
        assert_eq!(told(&shop, shop.site.admin.unwrap()).problem, Some(MailProblem::Encryption), "{url}");
    }
    assert!(server.heard().iter().all(|line| line.starts_with("EHLO") || line == "QUIT"), "{:?}", server.heard());
}
