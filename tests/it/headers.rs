//! Security headers and forged requests, on every address that the site has.

use crate::support::app::{ADMIN, PASSWORD, TestApp};
use crate::support::browser::Page;
use reqwest::Method;

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
                   form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Addresses that change something, each with a body that would do so.
const UNSAFE: &[&str] = &[
    "/login",
    "/logout",
    "/setup",
    "/language",
    "/me",
    "/me/password",
    "/me/sessions/end-others",
    "/me/developer-mode",
    "/no-such-page",
];

fn check(path: &str, page: &Page) {
    assert_eq!(page.header("content-security-policy"), CSP, "{path}");
    assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
    assert_eq!(page.header("cross-origin-resource-policy"), "same-origin", "{path}");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin", "{path}");
    assert!(page.header("permissions-policy").contains("camera=()"), "{path}");
    assert_eq!(page.header("x-request-id").len(), 10, "{path}");
    assert_eq!(page.header("access-control-allow-origin"), "", "{path}");
    if !page.body.is_empty() {
        let kind = page.header("content-type");
        assert!(kind.contains("charset=utf-8") || kind.starts_with("image/"), "{path}: {kind}");
    }
    if !path.starts_with("/static/") {
        let is_page = page.header("content-type").starts_with("text/html");
        assert!(!is_page || page.header("cache-control") == "no-store", "{path}");
    }
}

#[actix_web::test]
async fn every_answer_carries_the_security_headers_errors_and_files_too() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await.with("origin", "https://evil.example");
    let page = browser.get("/me").await;
    let style = page.attribute("link[rel=stylesheet]", "href").unwrap();
    let script = page.attribute("script", "src").unwrap();
    for path in
        ["/me", "/login", "/setup", "/no-such-page", "/healthz", "/readyz", "/static/no", "/logout", "/.git/config"]
    {
        check(path, &browser.get(path).await);
    }
    for path in [style.as_str(), script.as_str()] {
        let file = browser.get(path).await;
        check(path, &file);
        assert_eq!((file.status, file.header("cache-control")), (200, "public, max-age=31536000, immutable"));
    }
    check("/me", &browser.post("/me", &[("a", "b")]).await);
    for method in [Method::TRACE, Method::PUT, Method::DELETE, Method::PATCH] {
        let request = browser.request(method, "/me");
        let answer = browser.send(request).await;
        check("/me", &answer);
        assert!(matches!(answer.status, 403 | 405), "{}", answer.status);
    }
}

#[actix_web::test]
async fn an_unsafe_request_without_the_token_changes_nothing() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let token = browser.get("/me").await.fields("/me")[0].1.clone();
    for path in UNSAFE {
        for fields in [vec![("next", "/")], vec![("csrf", "guess"), ("next", "/")]] {
            let answer = browser.post(path, &fields).await;
            assert_eq!(answer.status, 403, "{path}");
            let told = answer.text("[role=alert]");
            assert!(told.starts_with("Nothing was changed"), "{path}: {told}");
        }
        let mut cross = browser.copy().with("sec-fetch-site", "cross-site");
        assert_eq!(cross.post(path, &[("csrf", &token)]).await.status, 403, "{path}");
        let mut old = browser.copy().without("sec-fetch-site").with("origin", "https://evil.example");
        assert_eq!(old.post(path, &[("csrf", &token)]).await.status, 403, "{path}");
        let mut bare = browser.copy().without("sec-fetch-site");
        assert_eq!(bare.post(path, &[("csrf", &token)]).await.status, 403, "{path}");
        if !["/login", "/setup"].contains(path) {
            let stranger = app.browser().post(path, &[("csrf", &token)]).await;
            assert_eq!((stranger.status, stranger.location()), (303, "/login?next=%2F"), "{path}");
        }
        let mut evil = app.browser().with("sec-fetch-site", "cross-site");
        assert_eq!(evil.post(path, &[("csrf", &token)]).await.status, 403, "{path}");
    }
    assert_eq!(browser.get("/me").await.status, 200, "still signed in");
}

#[actix_web::test]
async fn the_token_may_come_in_a_header_and_the_origin_may_stand_for_the_fetch_site() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let token = browser.get("/me").await.fields("/me")[0].1.clone();
    let origin = app.url.clone();
    let mut scripted = browser.copy().without("sec-fetch-site").with("origin", &origin).with("x-csrf-token", &token);
    assert_eq!(scripted.post("/me", &[("theme", "dark"), ("language", "en")]).await.status, 303);
}

#[actix_web::test]
async fn a_body_that_is_too_large_is_refused_with_a_page() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let answer = browser.post("/me", &[("theme", "x".repeat(270_000))]).await;
    assert_eq!(answer.status, 413);
    assert!(answer.text("[role=alert]").contains("larger than Comptoir accepts"));
}

#[actix_web::test]
async fn errors_keep_the_navigation_speak_the_readers_language_and_hide_causes() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get("/no-such-page").await;
    assert_eq!(page.status, 404);
    assert!(page.has("nav.apps a") && page.text("title").ends_with("· Comptoir"));
    let fragment = browser.fragment("/no-such-page", "list").await;
    assert_eq!(fragment.status, 404);
    assert!(fragment.body.starts_with("<div") && !fragment.body.contains("<html"));
    let mut french = app.browser().with("accept-language", "fr");
    assert_eq!(french.get("/no-such-page").await.text("h1"), "Cette page ne peut pas être affichée");
    drop_sessions(&app);
    let broken = browser.get("/me").await;
    assert_eq!(broken.status, 500);
    let told = broken.body.to_lowercase();
    assert!(!told.contains("sessions") && !told.contains("select") && !told.contains("table"), "{told}");
    assert!(broken.body.contains(broken.header("x-request-id")), "{}", broken.body);
    let page = browser.post("/me", &[("theme", "dark")]).await;
    assert_eq!(page.status, 500, "without a session store nothing is done");
}

fn drop_sessions(app: &TestApp) {
    use comptoir::db::Conn;
    use diesel::connection::SimpleConnection as _;
    app.app
        .db
        .write(|conn| {
            match conn {
                Conn::Sqlite(c) => c.batch_execute("DROP TABLE sessions")?,
                Conn::Pg(c) => c.batch_execute("DROP TABLE sessions")?,
            }
            Ok::<_, comptoir::db::DbError>(())
        })
        .unwrap();
}

#[actix_web::test]
async fn behind_tls_the_cookie_is_bound_to_the_host_and_the_browser_told_to_stay_with_tls() {
    let mut app = TestApp::start_at("https://comptoir.example");
    app.add_company().await;
    let mut browser = app.browser();
    let page = browser.get("/login").await;
    let cookie = page.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-comptoir="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
    let answer = browser.submit(&page, "/login", &[("email", ADMIN), ("password", PASSWORD)]).await;
    assert_eq!(answer.status, 303);
}

#[actix_web::test]
async fn every_page_answers_head_like_get_but_without_its_body() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let script = browser.get("/me").await.attribute("script", "src").unwrap();
    let pages = ["/", "/me", "/sales/orders?is=late", "/amazon/accounts", "/healthz", "/no-such-page", script.as_str()];
    for path in pages {
        let read = browser.get(path).await;
        let request = browser.request(Method::HEAD, path);
        let asked = browser.send(request).await;
        check(path, &asked);
        assert_eq!((asked.status, asked.body.as_str()), (read.status, ""), "{path}");
        assert_eq!(asked.header("content-type"), read.header("content-type"), "{path}");
        assert_eq!(asked.location(), read.location(), "{path}");
    }
    let request = app.browser().request(Method::HEAD, "/me?x=1");
    let stranger = app.browser().send(request).await;
    assert_eq!((stranger.status, stranger.location()), (303, "/login?next=%2Fme%3Fx%3D1"));
    let request = browser.request(Method::HEAD, "/logout");
    let answer = browser.send(request).await;
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"), "what only changes something cannot be read");
    let request =
        browser.request(Method::PUT, "/me").header("x-csrf-token", browser.get("/me").await.fields("/me")[0].1.clone());
    assert_eq!(browser.send(request).await.header("allow"), "GET, POST, HEAD");
}

#[actix_web::test]
async fn what_was_done_is_still_said_after_a_head_request() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get("/me").await;
    browser.submit(&page, "/me", &[("theme", "dark")]).await;
    let request = browser.request(Method::HEAD, "/me");
    browser.send(request).await;
    assert_eq!(browser.get("/me").await.text(".flash"), "Preferences saved.");
}

#[actix_web::test]
async fn machines_learn_that_the_process_lives_and_nothing_else() {
    let app = TestApp::start();
    let mut browser = app.browser();
    assert_eq!(browser.get("/healthz").await.body, "ok\n");
    assert_eq!(browser.get("/readyz").await.body, "ready\n");
    assert!(browser.cookies.is_empty());
}
