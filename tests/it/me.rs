//! Preferences: language, theme, password, sessions, developer mode.

use crate::support::app::{ADMIN, PASSWORD, TestApp};
use comptoir::domain::access::Role;

#[actix_web::test]
async fn switching_the_language_keeps_the_page_signed_in_or_not() {
    let app = TestApp::with_company().await;
    let mut browser = app.browser();
    let page = browser.get("/login?next=%2Fme").await;
    let answer = browser.submit(&page, "/language", &[("lang", "fr")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/login?next=%2Fme"));
    let page = browser.follow(answer).await;
    assert_eq!(page.text("h1"), "Connexion");
    assert_eq!(page.attribute("html", "lang").as_deref(), Some("fr"));
    let mut browser = app.admin().await;
    let page = browser.get("/me?tab=x").await;
    let answer = browser.submit(&page, "/language", &[("lang", "fr")]).await;
    assert_eq!(answer.location(), "/me?tab=x");
    assert_eq!(browser.follow(answer).await.text("h1"), "Préférences");
    assert_eq!(app.admin().await.get("/me").await.text("h1"), "Préférences", "the choice is the user's");
}

#[actix_web::test]
async fn the_browsers_language_is_used_until_somebody_chooses() {
    let app = TestApp::with_company().await;
    let mut browser = app.browser().with("accept-language", "de, fr;q=0.8");
    assert_eq!(browser.get("/login").await.text("h1"), "Connexion");
}

#[actix_web::test]
async fn the_theme_is_kept_and_said_once() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get("/me").await;
    assert_eq!(page.attribute("html", "data-theme"), None);
    let answer = browser.submit(&page, "/me", &[("theme", "dark")]).await;
    let page = browser.follow(answer).await;
    assert_eq!(page.attribute("html", "data-theme").as_deref(), Some("dark"));
    assert_eq!(page.text(".flash"), "Preferences saved.");
    assert!(!browser.get("/me").await.has(".flash"), "said once");
    let page = browser.get("/me").await;
    assert_eq!(browser.submit(&page, "/me", &[("theme", "pink")]).await.status, 400);
}

#[actix_web::test]
async fn shortcuts_of_a_single_key_can_be_switched_off_by_each_user() {
    let app = TestApp::with_company().await;
    app.add_user(Role::SalesUser).await;
    let mut browser = app.admin().await;
    let page = browser.get("/me").await;
    assert!(page.has("#shortcuts[checked]") && !page.has("body[data-no-shortcuts]"));
    let fields: Vec<_> = page.fields("/me").into_iter().filter(|(name, _)| name != "shortcuts").collect();
    let answer = browser.post("/me", &fields).await;
    let page = browser.follow(answer).await;
    assert!(!page.has("#shortcuts[checked]") && page.has("body[data-no-shortcuts]"));
    assert!(app.admin().await.get("/sales/orders").await.has("body[data-no-shortcuts]"), "in every session");
    let mut other = app.signed_in("sales_user@example.com").await;
    assert!(!other.get("/sales/orders").await.has("body[data-no-shortcuts]"), "the choice is one's own");
    let answer = browser.submit(&page, "/me", &[("shortcuts", "yes")]).await;
    assert!(!browser.follow(answer).await.has("body[data-no-shortcuts]"));
}

#[actix_web::test]
async fn a_button_that_shows_a_password_waits_for_the_script_in_both_languages() {
    let (empty, app) = (TestApp::start(), TestApp::with_company().await);
    let pages = [
        (empty.browser().get("/setup").await, vec!["Show: Password"]),
        (app.browser().get("/login").await, vec!["Show: Password"]),
        (app.admin().await.get("/me").await, vec!["Show: Current password", "Show: New password"]),
        (app.browser().with("accept-language", "fr").get("/login").await, vec!["Afficher\u{a0}: Mot de passe"]),
    ];
    for (page, names) in pages {
        for name in &names {
            let button = format!("button[type=button][hidden][aria-pressed=false][data-shows][aria-label=\"{name}\"]");
            let field = page.attribute(&button, "data-shows").unwrap_or_else(|| panic!("no {button} in {}", page.body));
            assert!(page.has(&format!("input#{field}[type=password]")), "{name}");
        }
        assert_eq!(page.texts("button[data-shows]").len(), names.len());
    }
}

#[actix_web::test]
async fn a_new_password_needs_the_current_one_and_ends_the_other_sessions() {
    let app = TestApp::with_company().await;
    let (mut browser, mut other) = (app.admin().await, app.admin().await);
    let page = browser.get("/me").await;
    let new = "Blue-herons-77-wade";
    let answer = browser.submit(&page, "/me/password", &[("current", "wrong"), ("new", new)]).await;
    assert_eq!((answer.status, answer.text(".emsg").as_str()), (422, "The current password is not right"));
    let answer = browser.submit(&page, "/me/password", &[("current", PASSWORD), ("new", "short")]).await;
    assert_eq!(answer.status, 422);
    let cookie = browser.cookies.clone();
    let answer = browser.submit(&page, "/me/password", &[("current", PASSWORD), ("new", new)]).await;
    assert_eq!(answer.status, 303);
    assert_ne!(cookie, browser.cookies, "a new token");
    assert_eq!(browser.follow(answer).await.text(".flash"), "Password changed. Your other sessions were ended.");
    assert_eq!(other.get("/me").await.status, 303);
    let mut again = app.browser();
    let page = again.get("/login").await;
    assert_eq!(again.submit(&page, "/login", &[("email", ADMIN), ("password", PASSWORD)]).await.status, 422);
    assert_eq!(again.submit(&page, "/login", &[("email", ADMIN), ("password", new)]).await.status, 303);
}

#[actix_web::test]
async fn other_sessions_are_listed_and_can_be_ended() {
    let app = TestApp::with_company().await;
    let (mut browser, mut other) = (app.admin().await, app.admin().await);
    let page = browser.get("/me").await;
    assert_eq!(page.texts(".lines li").len(), 2);
    assert_eq!(page.texts(".lines li .badge"), ["This one"]);
    let answer = browser.submit(&page, "/me/sessions/end-others", &[]).await;
    let page = browser.follow(answer).await;
    assert_eq!(page.text(".flash"), "1 session ended.");
    assert_eq!(page.texts(".lines li").len(), 1);
    assert_eq!(other.get("/me").await.status, 303);
}

#[actix_web::test]
async fn developer_mode_needs_the_right_holds_for_one_session_and_is_recorded() {
    let app = TestApp::with_company().await;
    app.add_user(Role::SalesManager).await;
    let mut manager = app.signed_in("sales_manager@example.com").await;
    let page = manager.get("/me").await;
    assert!(!page.has("form[action=\"/me/developer-mode\"]"));
    let token = page.fields("/me")[0].1.clone();
    let direct = [("csrf", token.as_str()), ("on", "yes"), ("next", "/me")];
    assert_eq!(manager.post("/me/developer-mode?debug=1", &direct).await.status, 403);
    let (mut browser, mut other) = (app.admin().await, app.admin().await);
    let page = browser.get("/me").await;
    let answer = browser.submit(&page, "/me/developer-mode", &[("on", "yes"), ("next", "/me")]).await;
    assert_eq!(browser.follow(answer).await.text("header .badge.w"), "Developer mode");
    assert!(!other.get("/me").await.has("header .badge.w"), "this session only");
    let subject = format!("user {}", app.admin.unwrap());
    let events = app.app.db.read(|conn| comptoir::db::audit::about(conn, &subject, 10)).unwrap();
    assert!(events.iter().any(|event| event.action == "developer_mode" && event.new_value.as_deref() == Some("on")));
}

#[actix_web::test]
async fn debug_in_any_address_switches_developer_mode_and_leads_back_without_it() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let answer = browser.get("/sales/orders?is=late&debug=1&q=a%20b").await;
    assert_eq!((answer.status, answer.location()), (303, "/sales/orders?is=late&q=a%20b"));
    let page = browser.get("/me").await;
    assert_eq!(page.text("header .badge.w"), "Developer mode");
    assert_eq!(page.text(".flash"), "Developer mode is on for this session.");
    assert!(!app.admin().await.get("/me").await.has("header .badge.w"), "this session only");
    assert_eq!(browser.get("/me?debug=1").await.location(), "/me", "on is on");
    assert!(!browser.get("/me").await.has(".flash"), "nothing was switched, nothing is said");
    assert_eq!(browser.get("/no-such-page?debug=0").await.location(), "/no-such-page");
    let page = browser.get("/me").await;
    assert!(!page.has("header .badge.w"));
    assert_eq!(page.text(".flash"), "Developer mode is off.");
    assert_eq!(browser.get("//evil.example/?debug=1").await.location(), "/", "never to another site");
    let subject = format!("user {}", app.admin.unwrap());
    let events = app.app.db.read(|conn| comptoir::db::audit::about(conn, &subject, 10)).unwrap();
    let switched: Vec<_> = events.iter().filter(|event| event.action == "developer_mode").collect();
    assert_eq!(switched.len(), 3, "on, off and on again are recorded");
}

#[actix_web::test]
async fn debug_in_the_address_gives_nobody_the_right_and_says_so() {
    let app = TestApp::with_company().await;
    app.add_user(Role::SalesManager).await;
    let mut manager = app.signed_in("sales_manager@example.com").await;
    assert_eq!(manager.get("/me?debug=1").await.location(), "/me");
    let page = manager.get("/me").await;
    assert!(!page.has("header .badge.w"));
    assert!(page.text(".flash.w").contains("it needs the right “Force synchronization”"), "{}", page.text(".flash"));
    let mut visitor = app.browser();
    let answer = visitor.get("/me?debug=1").await;
    assert_eq!(answer.location(), "/login?next=%2Fme%3Fdebug%3D1", "signing in comes first");
    assert_eq!(visitor.get("/login?debug=1").await.status, 200);
}

#[actix_web::test]
async fn the_menu_shows_only_what_the_role_may_open() {
    let app = TestApp::with_company().await;
    app.add_user(Role::WarehouseUser).await;
    let mut browser = app.signed_in("warehouse_user@example.com").await;
    assert_eq!(browser.get("/me").await.texts("nav.apps a"), ["Sales", "Inventory"]);
    assert_eq!(app.admin().await.get("/me").await.texts("nav.apps a"), ["Sales", "Inventory", "Amazon", "Settings"]);
}
