//! Carriers: what a name means to Amazon, near misses, links and forms, and what is refused.

use crate::support::app::TestApp;
use comptoir::db::{audit, carriers};
use comptoir::domain::access::Role;

const NEW: &str = "/inventory/carriers/new";
const ALL: &str = "/inventory/carriers";

#[actix_web::test]
async fn a_company_starts_with_the_usual_carriers() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get(ALL).await;
    let names = page.texts("tbody th");
    assert_eq!(names, ["Chronopost", "Colissimo", "DHL", "Mondial Relay", "Self Delivery", "UPS"]);
    let id = page.attribute("tbody tr:nth-child(5) a", "href").unwrap();
    let page = browser.get(&id).await;
    assert!(page.text(".note").contains("Amazon cannot follow the parcel"), "the consequence of Self Delivery");
    let page = browser.get(ALL).await;
    assert_eq!(browser.submit(&page, "/inventory/carriers/usual", &[]).await.status, 303);
    assert_eq!(browser.get(ALL).await.texts("tbody th").len(), 6, "those that are there are not doubled");
}

#[actix_web::test]
async fn a_name_finds_amazons_code_however_it_is_written() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get(NEW).await;
    let answer = browser.submit(&page, ALL, &[("name", " dpd ")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let page = browser.follow(answer).await;
    assert_eq!((page.text("h1").as_str(), page.text("dd").as_str()), ("dpd", "DPD"));
    let page = browser.get(NEW).await;
    let answer = browser.submit(&page, ALL, &[("name", "Coursier Dupont")]).await;
    let page = browser.follow(answer).await;
    assert_eq!(page.text("dd"), "Other, with the name “Coursier Dupont”");
    assert!(!page.has(".note.w"), "nothing is like it: no question");
}

#[actix_web::test]
async fn a_near_miss_is_asked_about_and_corrected_with_one_click() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get(NEW).await;
    let answer = browser.submit(&page, ALL, &[("name", "Parcelforse")]).await;
    let path = answer.location().to_owned();
    let page = browser.follow(answer).await;
    assert_eq!(page.text("dd"), "Other, with the name “Parcelforse”", "nothing is corrected silently");
    let asked = page.text(".note.w");
    assert!(asked.contains("Amazon does not know “Parcelforse”. Did you mean Parcelforce?"), "{asked}");
    let answer = browser.submit(&page, &format!("{path}/suggestion"), &[]).await;
    let page = browser.follow(answer).await;
    assert_eq!((page.text("h1").as_str(), page.text("dd").as_str()), ("Parcelforce", "Parcelforce"));
    assert!(!page.has(".note.w"));
    let trail = app.rows(|conn| audit::about(conn, &format!("carrier {}", path.rsplit('/').next().unwrap()), 5));
    let actions: Vec<&str> = trail.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(actions, ["carrier_changed", "carrier_created"]);
    // The seed's example: the right name is taken already, so the page leads to it.
    let page = browser.get(NEW).await;
    let answer = browser.submit(&page, ALL, &[("name", "Colisimo")]).await;
    let path = answer.location().to_owned();
    let page = browser.follow(answer).await;
    assert!(page.text(".note.w").contains("Did you mean Colissimo?"));
    let answer = browser.submit(&page, &format!("{path}/suggestion"), &[]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".esum").contains("A carrier named “Colissimo” exists already"));
    assert!(answer.has(".note.d a[href^='/inventory/carriers/']"));
}

#[actix_web::test]
async fn what_cannot_be_used_is_refused_beside_its_field_and_nothing_typed_is_lost() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let page = browser.get(NEW).await;
    let typed = [
        ("name", " - "),
        ("amazon_code", "Royal Male"),
        ("tracking_url", "http://example.com/{tracking}"),
        ("tracking_format", "abc"),
    ];
    let answer = browser.submit(&page, ALL, &typed).await;
    assert_eq!((answer.status, answer.texts(".emsg").len()), (422, 4));
    assert!(answer.text("title").starts_with("Error: "));
    assert!(answer.text("#amazon_code-error").contains("Did you mean Royal Mail?"));
    for (field, value) in typed {
        assert_eq!(answer.attribute(&format!("#{field}"), "value").as_deref(), Some(value), "{field}");
    }
    let long = "x".repeat(61);
    assert_eq!(browser.submit(&page, ALL, &[("name", &long)]).await.status, 422);
    let double = browser.submit(&page, ALL, &[("name", "COLISSIMO")]).await;
    assert!(double.status == 422 && double.text("#name-error").contains("exists already"));
    let company = app.company.unwrap();
    assert_eq!(app.rows(|conn| carriers::all(conn, company)).len(), 6, "nothing was written");
}

#[actix_web::test]
async fn the_example_of_a_link_follows_what_is_typed() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let path =
        "/inventory/carriers/example?tracking_url=https%3A%2F%2Fexample.com%2F%7Btracking%7D&tracking_format=AA99";
    let page = browser.fragment(path, "example").await;
    assert!(!page.body.contains("<html"), "a fragment");
    let link = page.attribute("#example a", "href").unwrap();
    assert!(link.starts_with("https://example.com/XX"), "{link}");
    let page = browser.fragment("/inventory/carriers/example?tracking_url=javascript%3Aalert(1)", "example").await;
    assert!(!page.has("a") && page.text("#example").contains("begins with https"));
}

#[actix_web::test]
async fn a_carrier_is_archived_and_a_stale_page_changes_nothing() {
    let app = TestApp::with_company().await;
    let mut browser = app.admin().await;
    let path = browser.get(ALL).await.attribute("tbody tr:first-child a", "href").unwrap();
    let page = browser.get(&path).await;
    let mut fields = page.fields(&path);
    fields.retain(|(name, _)| name != "is_active");
    assert_eq!(browser.post(&path, &fields).await.status, 303);
    assert_eq!(browser.get(&path).await.text("h1 + .badge"), "Archived");
    let stale = browser.submit(&page, &path, &[("name", "Else")]).await;
    assert_eq!(stale.status, 409);
    assert!(stale.text("#problem tbody").contains("Else"), "what was typed stands beside it: {}", stale.body);
    assert_eq!(browser.get("/inventory/carriers/999").await.status, 404);
}

#[actix_web::test]
async fn the_warehouse_manager_changes_carriers_and_others_only_see_them() {
    let app = TestApp::with_company().await;
    for (role, may_edit) in [(Role::WarehouseManager, true), (Role::WarehouseUser, false), (Role::SalesManager, false)]
    {
        app.add_user(role).await;
        let mut browser = app.signed_in(&format!("{}@example.com", role.as_str())).await;
        assert_eq!(browser.get(ALL).await.status, 200, "{role:?}");
        assert_eq!(browser.get(NEW).await.status, if may_edit { 200 } else { 403 }, "{role:?}");
        let csrf = browser.get("/me").await.attribute("input[name=csrf]", "value").unwrap();
        let answer = browser.post("/inventory/carriers/usual", &[("csrf", csrf.as_str())]).await;
        assert_eq!(answer.status, if may_edit { 303 } else { 403 }, "{role:?}");
    }
}
