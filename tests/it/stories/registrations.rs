//! One seller, several registrations: a marketplace that is followed apart from the others.

use crate::support::shop::{Shop, fba, fbm};
use comptoir::db::import::decisions::{self, Problem};
use comptoir::db::paging::Choice;
use comptoir::db::{accounts, issues};
use comptoir::domain::access::{Rights, Role};
use comptoir::domain::account::Override;
use comptoir::domain::ids::{AccountId, LocationId, MarketplaceId, TeamId};
use comptoir::domain::marketplace::Region;
use comptoir::error::AppError;
use comptoir::ops::edit_account::{self, FollowUp, Seen};
use comptoir::ops::export_records::Subject;
use comptoir::ops::{Actor, add_location, add_team, override_marketplaces};
use comptoir::sandbox::{OrderSpec, Status};
use comptoir::worker;
use serde_json::json;

const FRANCE: &str = "A13V1IB3VIYZZH";
const GERMANY: &str = "A1PA6795UKMFR9";

fn administrator(shop: &Shop) -> Actor {
    let rights = Rights { role: Role::Administrator, may_force_sync: true };
    Actor {
        user: shop.site.admin.unwrap(),
        company: shop.company,
        rights,
        developer_mode: true,
        ip: "127.0.0.1".to_owned(),
    }
}

fn seen(shop: &Shop, account: AccountId) -> Seen {
    let (row, ..) = shop.site.app.db.read(|conn| accounts::by_id(conn, shop.company, account)).unwrap().unwrap();
    Seen { account, version: row.version }
}

async fn own_team_and_location(shop: &Shop, name: &str) -> (TeamId, LocationId) {
    let (app, actor) = (&shop.site.app, administrator(shop));
    let team = add_team::run(app, &actor, name).await.unwrap();
    (team, add_location::run(app, &actor, name).await.unwrap())
}

fn german(spec: OrderSpec) -> OrderSpec {
    OrderSpec { marketplace: "DE".to_owned(), ..spec }
}

/// Where the goods of an order left from.
fn sources(shop: &Shop, id: &str) -> Vec<String> {
    let moves = shop.of_order(Subject::Moves, id);
    moves.iter().map(|one| one["from"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn a_marketplace_that_moves_to_a_second_registration_takes_its_orders_there_from_then_on() {
    let shop = Shop::open().await;
    let (app, actor) = (&shop.site.app, administrator(&shop));
    let before = shop.buy(german(fba(Status::Shipped, 1)));
    let waiting = shop.buy(german(fbm(2)));
    shop.sync().await;

    // The seed's way: remove the marketplace from the first registration, create a second one with only that
    // marketplace, give it a location and a team of its own.
    let others: Vec<MarketplaceId> =
        [FRANCE, "APJ6JRA9NG5V4", "A1F83G8C2ARO7P", "A2NODRKZP88ZB9"].map(MarketplaceId::from).to_vec();
    edit_account::marketplaces(app, &actor, seen(&shop, shop.account), others).await.unwrap().unwrap();
    let between = shop.buy(german(fba(Status::Shipped, 1)));
    shop.later(30);
    let second = shop.register("Germany", Region::Eu, &["DE"]).await;
    let (team, location) = own_team_and_location(&shop, "Amazon.de").await;
    let follow_up = FollowUp { team, location, carrier: None, interval_secs: 900 };
    edit_account::follow_up(app, &actor, seen(&shop, second), follow_up).await.unwrap();
    let after = shop.buy(german(fba(Status::Shipped, 1)));
    let french = shop.buy(fba(Status::Shipped, 1));
    shop.amazon().ship(&waiting, None).unwrap();
    shop.later(5);
    shop.sync_now(shop.account).await;
    shop.sync_now(second).await;

    for (id, team, location) in [
        (&before, "Amazon", "Amazon"),
        (&between, "Amazon.de", "Amazon.de"),
        (&after, "Amazon.de", "Amazon.de"),
        (&french, "Amazon", "Amazon"),
    ] {
        assert_eq!(shop.order(id)["team"], team, "{id}");
        assert_eq!(sources(&shop, id), [location], "{id}");
    }
    // What the first registration holds stays there, is followed further, and is not taken in twice.
    let held = shop.order(&waiting);
    assert_eq!((&held["team"], &held["amazon_status"]), (&json!("Amazon"), &json!("SHIPPED")));
    let orders = shop.export(Subject::Orders);
    assert_eq!(orders.as_array().unwrap().len(), 5);
    let dump = shop.dump();
    shop.later(5);
    shop.sync_now(second).await;
    assert!(shop.dump() == dump, "reading the window again changes nothing");
}

#[tokio::test]
async fn a_marketplace_may_have_its_own_team_and_location_within_one_registration() {
    let shop = Shop::open().await;
    let (app, actor) = (&shop.site.app, administrator(&shop));
    let before = shop.buy(german(fba(Status::Shipped, 1)));
    shop.sync().await;
    let (team, location) = own_team_and_location(&shop, "Amazon.de").await;
    let own = Override { team: Some(team), location: Some(location), carrier: None };
    let wanted = vec![(MarketplaceId::from(GERMANY), own)];
    override_marketplaces::run(app, &actor, seen(&shop, shop.account), wanted).await.unwrap();
    let (after, french) = (shop.buy(german(fba(Status::Shipped, 1))), shop.buy(fba(Status::Shipped, 1)));
    shop.sync().await;
    for (id, team, location) in
        [(&before, "Amazon", "Amazon"), (&after, "Amazon.de", "Amazon.de"), (&french, "Amazon", "Amazon")]
    {
        assert_eq!(shop.order(id)["team"], team, "{id}");
        assert_eq!(sources(&shop, id), [location], "{id}");
    }
}

#[tokio::test]
async fn a_marketplace_is_followed_by_one_registration_of_a_seller_at_a_time() {
    let shop = Shop::open().await;
    let (app, actor) = (&shop.site.app, administrator(&shop));
    let france_only = vec![MarketplaceId::from(FRANCE)];
    edit_account::marketplaces(app, &actor, seen(&shop, shop.account), france_only).await.unwrap().unwrap();
    let second = shop.register("Germany", Region::Eu, &["DE"]).await;
    let both = vec![MarketplaceId::from(GERMANY), MarketplaceId::from(FRANCE)];
    let refused = edit_account::marketplaces(app, &actor, seen(&shop, second), both).await.unwrap().unwrap_err();
    assert_eq!((refused.account, refused.name.as_str()), (shop.account, "Europe"));
    assert_eq!(refused.marketplace.as_str(), FRANCE);
}

#[tokio::test]
async fn a_team_and_a_location_have_a_name_of_their_own() {
    let shop = Shop::open().await;
    let (app, actor) = (&shop.site.app, administrator(&shop));
    assert!(matches!(add_team::run(app, &actor, " amazon ").await, Err(AppError::Rule("team-taken"))));
    own_team_and_location(&shop, "Amazon.de").await;
    assert!(matches!(add_location::run(app, &actor, "AMAZON.DE").await, Err(AppError::Rule("location-taken"))));
    let clerk = Actor { rights: Rights { role: Role::SalesUser, may_force_sync: true }, ..actor };
    assert!(add_team::run(app, &clerk, "Mine").await.is_err());
    assert!(add_location::run(app, &clerk, "Mine").await.is_err());
}

#[actix_web::test]
async fn a_marketplace_is_split_off_on_the_accounts_page_and_reads_on_from_where_the_account_stopped() {
    let shop = Shop::open().await;
    let waiting = shop.buy(german(fbm(1)));
    shop.sync().await;
    let (team, location) = own_team_and_location(&shop, "Amazon.de").await;
    let between = shop.buy(german(fba(Status::Shipped, 1)));
    shop.later(20);
    let mut browser = shop.site.admin().await;
    let path = format!("/amazon/accounts/{}", shop.account);
    let page = browser.get(&format!("{path}?tab=marketplaces")).await;
    let (team, location) = (team.to_string(), location.to_string());
    let split = [("split", GERMANY), ("name", "Germany"), ("team", &team), ("location", &location)];
    let taken = [("split", GERMANY), ("name", "Europe"), ("team", &team), ("location", &location)];
    let refused = browser.submit(&page, &format!("{path}/split"), &taken).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    assert_eq!(refused.attribute("#name", "value").as_deref(), Some("Europe"), "nothing typed is lost");
    let answer = browser.submit(&page, &format!("{path}/split"), &split).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let stale = browser.submit(&page, &format!("{path}/split"), &[("split", FRANCE), ("name", "France")]).await;
    assert!(stale.text(".emsg").contains("changed meanwhile"), "the page was made before the split");
    assert_eq!(stale.attribute("#name", "value").as_deref(), Some("France"), "nothing typed is lost");

    shop.amazon().cancel(&waiting).unwrap();
    shop.later(5);
    worker::perform_due(&shop.site.app).await.unwrap();
    shop.sync_now(shop.account).await;
    let order = shop.order(&between);
    assert_eq!((&order["team"], sources(&shop, &between)), (&json!("Amazon.de"), vec!["Amazon.de".to_owned()]));
    let order = shop.order(&waiting);
    assert_eq!((&order["team"], &order["state"]), (&json!("Amazon"), &json!("cancelled")), "it stays and is followed");
    assert_eq!(shop.export(Subject::Orders).as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn teams_and_locations_of_single_marketplaces_are_chosen_on_the_accounts_page() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let teams = browser.get("/settings/teams").await;
    assert_eq!(browser.submit(&teams, "/settings/teams", &[("name", " ")]).await.status, 422);
    assert_eq!(teams.attribute("#name", "value").as_deref(), Some(""), "the field begins empty");
    let taken = browser.submit(&teams, "/settings/teams", &[("name", "AMAZON")]).await;
    assert_eq!(taken.text(".emsg"), "There is a team of this name already.");
    assert_eq!(taken.attribute("#name", "value").as_deref(), Some("AMAZON"), "nothing typed is lost");
    assert_eq!(browser.submit(&teams, "/settings/teams", &[("name", "Germany")]).await.status, 303);
    let locations = browser.get("/inventory/locations").await;
    let taken = browser.submit(&locations, "/inventory/locations", &[("name", "amazon")]).await;
    assert_eq!((taken.status, taken.attribute("#name", "value").as_deref()), (422, Some("amazon")));
    assert_eq!(browser.submit(&locations, "/inventory/locations", &[("name", "Germany")]).await.status, 303);
    let path = format!("/amazon/accounts/{}", shop.account);
    let page = browser.get(&format!("{path}?tab=marketplaces")).await;
    let chosen = |name: &str| page.option(&format!("select[name={name}]"), "Germany").unwrap();
    let (team, location) = (chosen("team"), chosen("location"));
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let fields = [
        ("csrf", csrf.as_str()),
        ("version", "1"),
        ("marketplace", GERMANY),
        ("team", &team),
        ("location", &location),
        ("carrier", ""),
    ];
    assert_eq!(browser.post(&format!("{path}/overrides"), &fields).await.status, 303);
    let mut other = fields;
    other[3] = ("team", "");
    let answer = browser.post(&format!("{path}/overrides"), &other).await;
    assert_eq!(answer.status, 409, "somebody was faster");
    assert_eq!(answer.texts("#problem tbody tr"), ["Amazon.de, Sales TeamGermanyas the account"]);
    let place = browser.get("/inventory/locations").await;
    assert!(place.texts("tbody tr").iter().any(|row| row.contains("Amazon/Germany") && row.contains("Europe")));
    let id = shop.buy(german(fba(Status::Shipped, 1)));
    shop.sync().await;
    assert_eq!((&shop.order(&id)["team"], sources(&shop, &id)), (&json!("Germany"), vec!["Germany".to_owned()]));
    let moves = browser.get("/inventory/moves?location=amazon").await;
    assert!(moves.texts("tbody tr").iter().any(|row| row.contains("Germany")), "it is stock at Amazon as well");
}

#[tokio::test]
async fn an_issue_of_one_registration_is_settled_once_another_one_of_the_seller_writes_the_order() {
    let shop = Shop::open().await;
    let (app, actor) = (&shop.site.app, administrator(&shop));
    let order = shop.buy(german(fbm(1)));
    // The first registration could not read it before the marketplace moved to the second one.
    let problem = Problem {
        kind: "unreadable_order",
        subject: order.clone(),
        is_blocking: true,
        order: None,
        amazon_id: Some(order.as_str().into()),
        detail: "[]".to_owned(),
        public_id: uuid::Uuid::new_v4().to_string(),
        payload: None,
    };
    let now = app.clock.now().naive_utc();
    app.db
        .write(|conn| decisions::raise(conn, shop.company, shop.account, std::slice::from_ref(&problem), now))
        .unwrap();
    let open = || {
        let state = Choice { any: vec!["open".to_owned()], none: Vec::new() };
        let filter = issues::Filter { state, ..issues::Filter::default() };
        app.db.read(|conn| issues::count(conn, shop.company, &filter)).unwrap()
    };
    assert_eq!(open(), 1);
    edit_account::marketplaces(app, &actor, seen(&shop, shop.account), vec![FRANCE.into()]).await.unwrap().unwrap();
    let second = shop.register("Germany", Region::Eu, &["DE"]).await;
    shop.later(5);
    assert_eq!(shop.sync_now(second).await.counts().created, 1);
    assert_eq!(open(), 0, "nobody is asked about an order that is here");
}
