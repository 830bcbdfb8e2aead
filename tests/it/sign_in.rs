//! Signing in and out, as a person and as somebody who should not get in.

use crate::support::app::{ADMIN, PASSWORD, TestApp};
use crate::support::browser::Browser;
use chrono::TimeDelta;
use comptoir::config::Settings;
use comptoir::domain::access::Role;

#[actix_web::test]
async fn a_visitor_is_sent_to_sign_in_and_then_to_the_page_that_was_wanted() {
    let app = TestApp::with_company().await;
    let mut browser = app.browser();
    let page = browser.get("/me?x=1").await;
    assert_eq!((page.status, page.location()), (303, "/login?next=%2Fme%3Fx%3D1"));
    let page = browser.follow(page).await;
    assert_eq!(page.text("h1"), "Log in");
    let before = browser.cookies.clone();
    let answer = browser.submit(&page, "/login", &[("email", " Nadia@Example.com "), ("password", PASSWORD)]).await;
    assert_eq!((answer.status, answer.location()), (303, "/me?x=1"));
    assert_ne!(before, browser.cookies, "a new token at sign-in");
    assert_eq!(browser.follow(answer).await.text("h1"), "Preferences");
    let mut old = app.browser();
    old.cookies = before;
    assert_eq!(old.get("/me").await.status, 303, "the token of the sign-in page opens nothing");
}

#[actix_web::test]
async fn who_signs_in_on_a_page_that_is_an_hour_old_is_signed_in() {
    let app = TestApp::with_company().await;
    let mut browser = app.browser();
    let page = browser.get("/login?next=%2Fme").await;
    app.wait(TimeDelta::hours(1));
    let answer = browser.submit(&page, "/login", &[("email", ADMIN), ("password", PASSWORD)]).await;
    assert_eq!((answer.status, answer.location()), (303, "/me"));
    assert_eq!(browser.follow(answer).await.text("h1"), "Preferences");
}

#[actix_web::test]
async fn who_types_for_longer_than_half_an_hour_stays_signed_in() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    for _ in 0..3 {
        app.wait(TimeDelta::minutes(20));
        assert_eq!(browser.get("/me/seen").await.status, 204);
    }
    assert_eq!(browser.get("/me").await.status, 200);
    app.wait(TimeDelta::minutes(31));
    assert_eq!(browser.get("/me/seen").await.status, 303, "nobody was there");
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_person_get_the_same_answer() {
    let app = TestApp::with_company().await;
    let mut answers = Vec::new();
    for email in [ADMIN, "nobody@example.com"] {
        let mut browser = app.browser();
        let page = browser.get("/login").await;
        let answer = browser.submit(&page, "/login", &[("email", email), ("password", "wrong")]).await;
        assert_eq!(answer.status, 422);
        assert_eq!(answer.text(".emsg"), "The e-mail or the password is not right.");
        assert_eq!(answer.attribute("#email", "value").as_deref(), Some(email), "the e-mail stays filled");
        assert_eq!(answer.attribute("#password", "value").as_deref(), Some(""));
        assert!(answer.text("title").starts_with("Error: "));
        answers.push(answer.body.replace(email, "…").replace(&page.fields("/login")[0].1, "…"));
    }
    assert_eq!(answers[0], answers[1]);
}

#[actix_web::test]
async fn the_sixth_try_waits_a_quarter_of_an_hour_and_nobody_else_does() {
    let app = TestApp::with_company().await;
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    for _ in 0..5 {
        assert_eq!(browser.submit(&page, "/login", &[("email", ADMIN), ("password", "wrong")]).await.status, 422);
        app.wait(TimeDelta::minutes(1));
    }
    let answer = browser.submit(&page, "/login", &[("email", ADMIN), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.text(".emsg"), "Too many attempts. Try again at 14:20.");
    assert_eq!(answer.header("retry-after"), "600");
    app.add_user(Role::SalesUser).await;
    app.signed_in("sales_user@example.com").await;
    app.wait(TimeDelta::minutes(10));
    app.signed_in(ADMIN).await;
}

#[actix_web::test]
async fn twenty_failures_from_one_address_stop_it_whatever_the_names() {
    let app = TestApp::with_company().await;
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    for number in 0..20 {
        let email = format!("guess{number}@example.com");
        let answer = browser.submit(&page, "/login", &[("email", &email), ("password", "wrong")]).await;
        assert_eq!(answer.status, 422);
    }
    let answer = browser.submit(&page, "/login", &[("email", "new@example.com"), ("password", "wrong")]).await;
    assert_eq!(answer.status, 429);
}

/// Fails to sign in until this browser's address is stopped; how often it could try is the answer.
async fn tries(browser: &mut Browser, name: &str) -> usize {
    let page = browser.get("/login").await;
    for number in 0..30 {
        let email = format!("{name}{number}@example.com");
        let answer = browser.submit(&page, "/login", &[("email", &email), ("password", "wrong")]).await;
        if answer.status == 429 {
            return number;
        }
    }
    30
}

#[actix_web::test]
async fn behind_a_trusted_proxy_each_client_is_counted_by_its_own_address() {
    let mut app = TestApp::start_configured(|settings| Settings {
        trusted_proxies: "127.0.0.1, 10.0.0.0/8".to_owned(),
        ..settings
    });
    app.add_company().await;
    let mut attacker = app.browser().with("x-forwarded-for", "203.0.113.9");
    assert_eq!(tries(&mut attacker, "guess").await, 20);
    let mut disguised = app.browser().with("x-forwarded-for", "198.51.100.4, 203.0.113.9, 10.0.0.7");
    assert_eq!(
        tries(&mut disguised, "other").await,
        0,
        "what the attacker puts before his own address is not believed"
    );
    let mut neighbour = app.browser().with("x-forwarded-for", "203.0.113.10");
    let page = neighbour.get("/login").await;
    let answer = neighbour.submit(&page, "/login", &[("email", ADMIN), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, 303, "the others behind the same proxy are not stopped");
}

#[actix_web::test]
async fn without_a_trusted_proxy_nobody_chooses_the_address_by_which_they_are_counted() {
    let app = TestApp::with_company().await;
    let mut tried = 0;
    for number in 0..30 {
        let mut browser = app.browser().with("x-forwarded-for", &format!("203.0.113.{number}"));
        let page = browser.get("/login").await;
        let email = format!("guess{number}@example.com");
        if browser.submit(&page, "/login", &[("email", &email), ("password", "wrong")]).await.status == 429 {
            break;
        }
        tried += 1;
    }
    assert_eq!(tried, 20);
}

#[actix_web::test]
async fn a_session_ends_after_half_an_hour_of_silence_and_after_twelve_hours() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    app.wait(TimeDelta::minutes(29));
    assert_eq!(browser.get("/me").await.status, 200);
    app.wait(TimeDelta::minutes(29));
    assert_eq!(browser.get("/me").await.status, 200, "each request starts the half hour again");
    app.wait(TimeDelta::minutes(30));
    assert_eq!(browser.get("/me").await.status, 303);
    let mut busy = app.admin().await;
    for _ in 0..(12 * 3 - 1) {
        app.wait(TimeDelta::minutes(20));
        assert_eq!(busy.get("/me").await.status, 200);
    }
    app.wait(TimeDelta::minutes(20));
    assert_eq!(busy.get("/me").await.status, 303);
}

#[actix_web::test]
async fn a_form_that_outlived_its_session_leads_to_sign_in_and_back_to_its_page() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get("/me?tab=x").await;
    app.wait(TimeDelta::hours(1));
    let mut browser = browser.with("referer", &format!("{}/me?tab=x", app.url));
    let answer = browser.submit(&page, "/me/password", &[("current", PASSWORD), ("new", "Blue-herons-77-wade")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/login?next=%2Fme%3Ftab%3Dx"));
    app.admin().await;
}

#[actix_web::test]
async fn an_expired_session_sends_a_scripted_request_to_sign_in() {
    let app = TestApp::with_company().await;
    let mut browser = app.browser().with("hx-current-url", &format!("{}/me?tab=x", app.url));
    let answer = browser.fragment("/me", "list").await;
    assert_eq!((answer.status, answer.header("hx-redirect")), (401, "/login?next=%2Fme%3Ftab%3Dx"));
    let mut browser = browser.with("hx-request", "true");
    let answer = browser.post("/me/password", &[("current", "x")]).await;
    assert_eq!((answer.status, answer.header("hx-redirect")), (401, "/login?next=%2Fme%3Ftab%3Dx"));
}

#[actix_web::test]
async fn signing_out_ends_the_session_on_the_server() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let mut thief = browser.copy();
    let page = browser.get("/me").await;
    let answer = browser.submit(&page, "/logout", &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/login"));
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    assert_eq!(thief.get("/me").await.status, 303, "an old cookie opens nothing");
}

#[actix_web::test]
async fn nobody_is_sent_to_another_site_after_signing_in() {
    let app = TestApp::with_company().await;
    for evil in ["//evil.example", "/\\evil.example", "https://evil.example", "\\\\evil.example", "/%09/evil", ""] {
        let mut browser = app.browser();
        let page = browser.get("/login").await;
        let typed = [("email", ADMIN), ("password", PASSWORD), ("next", evil)];
        let answer = browser.submit(&page, "/login", &typed).await;
        let to = answer.location();
        assert!(to == "/" || (to == evil && to == "/%09/evil"), "{evil} led to {to}");
    }
}

#[actix_web::test]
async fn a_weak_stored_hash_is_replaced_at_sign_in() {
    use argon2::password_hash::PasswordHasher as _;
    let app = TestApp::with_company().await;
    let id = app.admin.unwrap();
    let params = argon2::Params::new(4_096, 1, 1, None).unwrap();
    let weak = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let hash: argon2::password_hash::phc::PasswordHash = weak.hash_password(PASSWORD.as_bytes()).unwrap();
    let hash = hash.to_string();
    app.app.db.write(|conn| comptoir::db::users::set_password_hash(conn, id, &hash)).unwrap();
    app.admin().await;
    let stored = app.app.db.read(|conn| comptoir::db::users::password_hash(conn, id)).unwrap();
    assert!(!comptoir::crypto::needs_rehash(&stored), "{stored}");
    app.admin().await;
}
