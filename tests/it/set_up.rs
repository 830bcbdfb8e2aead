//! The first run: a code, a company, an administrator, and then never again.

use crate::support::app::{PASSWORD, TestApp};
use chrono::TimeDelta;
use comptoir::ops::set_up;

const TYPED: &[(&str, &str)] = &[
    ("name", "Nadia Benali"),
    ("email", "nadia@example.com"),
    ("password", PASSWORD),
    ("company", "Atelier Benali"),
    ("country", "FR"),
    ("currency", "EUR"),
    ("time_zone", "Europe/Paris"),
    ("language", "fr"),
];

fn with_code(code: &str) -> Vec<(&str, &str)> {
    [TYPED, &[("code", code)]].concat()
}

#[actix_web::test]
async fn an_empty_installation_leads_to_the_first_run_and_its_code_works_once() {
    let app = TestApp::start();
    let mut browser = app.browser();
    for path in ["/me", "/login"] {
        assert_eq!(browser.get(path).await.location(), "/setup");
    }
    let code = set_up::issue_code(&app.app).await.unwrap().unwrap();
    let page = browser.get("/setup").await;
    let answer = browser.submit(&page, "/setup", &with_code("0000-0000-0000-0000")).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".emsg").starts_with("This code is not right"), "{}", answer.body);
    assert_eq!(answer.attribute("#company", "value").as_deref(), Some("Atelier Benali"), "nothing typed is lost");
    let answer = browser.submit(&answer, "/setup", &with_code(&code.to_lowercase())).await;
    assert_eq!((answer.status, answer.location()), (303, "/"));
    assert_eq!(browser.get("/me").await.text("h1"), "Préférences", "signed in, in the chosen language");
    let mut other = app.browser();
    assert_eq!(other.get("/setup").await.status, 404);
    assert_eq!(set_up::issue_code(&app.app).await.unwrap(), None);
    let signed_out = other.get("/login").await;
    let token = signed_out.fields("/login")[0].1.clone();
    let again = [with_code(&code), vec![("csrf", &token)]].concat();
    assert_eq!(other.post("/setup", &again).await.status, 404);
}

#[actix_web::test]
async fn a_first_run_code_is_good_for_a_day_and_the_newest_one_counts() {
    let app = TestApp::start();
    let mut browser = app.browser();
    let old = set_up::issue_code(&app.app).await.unwrap().unwrap();
    let new = set_up::issue_code(&app.app).await.unwrap().unwrap();
    let page = browser.get("/setup").await;
    assert_eq!(browser.submit(&page, "/setup", &with_code(&old)).await.status, 422);
    app.wait(TimeDelta::hours(24));
    let page = browser.get("/setup").await;
    assert_eq!(browser.submit(&page, "/setup", &with_code(&new)).await.status, 422);
}

#[actix_web::test]
async fn every_mistake_of_the_first_run_is_told_at_its_field() {
    let app = TestApp::start();
    let code = set_up::issue_code(&app.app).await.unwrap().unwrap();
    let mut browser = app.browser();
    let page = browser.get("/setup").await;
    let mut typed = with_code(&code);
    typed.extend([("name", ""), ("email", "nadia"), ("password", "Comptoir2026!"), ("company", " ")]);
    let answer = browser.submit(&page, "/setup", &typed).await;
    assert_eq!(answer.status, 422);
    for field in ["name", "email", "password", "company"] {
        assert!(answer.has(&format!("#{field}[aria-invalid=true]")), "{field}");
        assert!(answer.has(&format!(".esum a[href=\"#{field}\"]")), "{field}");
    }
    assert!(!answer.body.contains("Comptoir2026!"), "a password is never sent back");
}

#[actix_web::test]
async fn nothing_more_than_the_form_asks_for_is_accepted() {
    let app = TestApp::start();
    let code = set_up::issue_code(&app.app).await.unwrap().unwrap();
    let mut browser = app.browser();
    let page = browser.get("/setup").await;
    let mut typed = with_code(&code);
    typed.push(("role", "auditor"));
    assert_eq!(browser.submit(&page, "/setup", &typed).await.status, 400);
}
