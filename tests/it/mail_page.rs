//! E-mails as people see them set up: what the settings tell, the test e-mail, and the choice in the preferences.

use crate::support::app::{ADMIN, TestApp};
use crate::support::shop::{Shop, fbm};
use crate::support::smtp::{Mood, SmtpServer};
use comptoir::config::Settings;
use comptoir::domain::access::Role;
use comptoir::sandbox::{FaultKind, FaultSettings};

const SETTINGS: &str = "/settings/announcing";
const TEST: &str = "/settings/announcing/test-mail";

/// An application with a company and a mail server that wants a password.
async fn site() -> (TestApp, SmtpServer) {
    let server = SmtpServer::start().await;
    let mut site = TestApp::start_configured(|settings| Settings {
        smtp_url: server.url("comptoir:Kanarek-smtp-77@").into(),
        mail_from: "comptoir@shop.example".to_owned(),
        ..settings
    });
    site.add_company().await;
    (site, server)
}

#[actix_web::test]
async fn without_a_mail_server_the_settings_say_what_is_missing_and_offer_nothing() {
    let site = TestApp::with_company().await;
    let mut browser = site.admin().await;
    let page = browser.get(SETTINGS).await;
    assert!(page.text("section[aria-labelledby=mail-title]").contains("COMPTOIR_SMTP_URL and COMPTOIR_MAIL_FROM"));
    assert!(!page.has(&format!("form[action=\"{TEST}\"]")) && !browser.get("/me").await.has("#digest"));
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    assert_eq!(browser.post(TEST, &[("csrf", csrf)]).await.status, 404);
}

#[actix_web::test]
async fn a_test_email_goes_to_whoever_asks_for_it_and_only_administrators_ask() {
    let (site, server) = site().await;
    site.add_user(Role::WarehouseManager).await;
    let mut browser = site.admin().await;
    let page = browser.get(SETTINGS).await;
    let shown = page.text("section[aria-labelledby=mail-title]");
    assert!(shown.contains("comptoir@shop.example") && shown.contains("2 people"), "{shown}");
    assert!(!page.body.contains("Kanarek"), "the password is not shown");
    let answer = browser.submit(&page, TEST, &[]).await;
    assert_eq!((answer.status, answer.location()), (303, SETTINGS));
    let page = browser.follow(answer).await;
    assert_eq!(page.text(".flash"), "The mail server took the test e-mail to your address.");
    let mails = server.taken();
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, ADMIN));
    assert_eq!(mails[0].header("Subject"), "Comptoir: test e-mail");
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let mut manager = site.signed_in("warehouse_manager@example.com").await;
    let token = manager.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
    assert_eq!(manager.post(TEST, &[("csrf", token)]).await.status, 403);
    server.set_mood(Mood::Down);
    let answer = browser.post(TEST, &[("csrf", csrf)]).await;
    let page = browser.follow(answer).await;
    assert_eq!(page.text(".flash.d"), "The test e-mail did not go. The mail server cannot be reached.");
}

#[actix_web::test]
async fn administrators_see_that_an_email_did_not_go_and_when_it_is_tried_again() {
    let server = SmtpServer::start().await;
    let shop = Shop::with_mail(&server.url("")).await;
    let mut browser = shop.site.admin().await;
    assert!(browser.get(SETTINGS).await.text("section[aria-labelledby=mail-title]").contains("None yet"));
    server.set_mood(Mood::Later);
    let id = shop.buy(fbm(1));
    shop.sync().await;
    shop.amazon().set_fault(FaultKind::CarrierRefused, FaultSettings::times(1));
    shop.leaves(&id, "6A12345678901").await;
    shop.work().await;
    shop.later(5);
    shop.work().await;
    let note = browser.get(SETTINGS).await.text("section[aria-labelledby=mail-title] .note.d");
    assert!(note.contains("14:15: an e-mail did not go.") && note.contains("(Answer 451)"), "{note}");
    assert!(note.contains("tried again from") && note.contains("14:16"), "{note}");
    server.set_mood(Mood::Good);
    shop.later(1);
    shop.work().await;
    let page = browser.get(SETTINGS).await;
    assert!(!page.has("section[aria-labelledby=mail-title] .note"));
    assert!(page.has("section[aria-labelledby=mail-title] dd time"), "{}", page.text("main"));
}

#[actix_web::test]
async fn who_may_tell_amazon_switches_the_emails_off_and_others_are_not_asked() {
    let (site, _server) = site().await;
    site.add_user(Role::Accountant).await;
    let mut browser = site.admin().await;
    let page = browser.get("/me").await;
    assert!(page.has("#digest[checked]"));
    let fields: Vec<_> = page.fields("/me").into_iter().filter(|(name, _)| name != "digest").collect();
    let answer = browser.post("/me", &fields).await;
    assert!(!browser.follow(answer).await.has("#digest[checked]"));
    assert!(browser.get(SETTINGS).await.text("section[aria-labelledby=mail-title]").contains("Nobody"));
    let page = browser.get("/me").await;
    let answer = browser.submit(&page, "/me", &[("digest", "yes")]).await;
    assert!(browser.follow(answer).await.has("#digest[checked]"));
    let mut accountant = site.signed_in("accountant@example.com").await;
    assert!(!accountant.get("/me").await.has("#digest"));
}
