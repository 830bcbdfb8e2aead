//! Linking an account with Amazon: the consent, the refresh token, what is refused, and what Amazon grants.

use crate::support::browser::{Browser, Page};
use crate::support::shop::{Shop, fbm};
use chrono::TimeDelta;
use comptoir::db::links::{self, LinkRow};
use comptoir::db::{accounts, audit, registrations};
use comptoir::domain::access::Role;
use comptoir::domain::account::{AccountState, AuthorizedBy};
use comptoir::domain::dataset::Dataset;
use comptoir::domain::ids::AccountId;
use comptoir::domain::run::RunState;
use comptoir::ops::export_records::Subject;
use comptoir::sandbox::{
    DEMO_APPLICATION_ID, DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN, DEMO_SELLER_ID, FaultKind, FaultSettings, Operation,
};

const FRANCE: &str = "A13V1IB3VIYZZH";
const SPAIN: &str = "A1RKKUPIHCS9HS";
const STATES: &str = "ATVPDKIKX0DER";

/// Creates an account and answers it.
async fn open(browser: &mut Browser, shop: &Shop, name: &str, signup: &str) -> AccountId {
    let page = browser.get("/amazon/accounts/new").await;
    let answer = browser.submit(&page, "/amazon/accounts", &[("name", name), ("marketplace", signup)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let id = answer.location().strip_prefix("/amazon/accounts/").unwrap().parse().map(AccountId).unwrap();
    assert_eq!(row(shop, id).seller_id.as_str(), "");
    id
}

fn row(shop: &Shop, account: AccountId) -> accounts::AccountRow {
    let company = shop.company;
    shop.site.app.db.read(|conn| accounts::by_id(conn, company, account)).unwrap().unwrap().0
}

fn link(shop: &Shop, account: AccountId) -> LinkRow {
    shop.site.app.db.read(|conn| links::by_account(conn, account)).unwrap()
}

fn followed(shop: &Shop, account: AccountId) -> Vec<String> {
    let ids = shop.site.app.db.read(|conn| registrations::marketplaces(conn, account)).unwrap();
    ids.into_iter().map(|id| id.to_string()).collect()
}

/// Presses "Link with Amazon".
async fn leave(browser: &mut Browser, account: AccountId) -> Page {
    let page = browser.get(&format!("/amazon/accounts/{account}?tab=credentials")).await;
    let page = browser.submit(&page, &format!("/amazon/accounts/{account}/link"), &[]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

/// Comes back from Amazon and answers what the next page says.
async fn come_back(browser: &mut Browser, path: &str) -> Page {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(!answer.location().contains("spapi_oauth_code"), "the code does not stay in the address");
    browser.follow(answer).await
}

/// A token of Login with Amazon that a developer console would show for this seller.
fn stranger(shop: &Shop) -> (String, String) {
    let seller = shop.amazon().add_seller(0);
    (seller.seller_id, seller.refresh_token)
}

#[actix_web::test]
async fn a_new_account_is_linked_by_consent_and_its_orders_arrive() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let account = open(&mut browser, &shop, "Spain", SPAIN).await;
    let page = browser.get(&format!("/amazon/accounts/{account}")).await;
    assert!(page.texts(".badge").iter().any(|badge| badge == "Not linked"), "{}", page.body);
    assert!(page.body.contains(DEMO_APPLICATION_ID), "the application of the other account is taken over");
    assert!(!page.has("form[action$=sync-orders]"));
    let page = leave(&mut browser, account).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    let page = come_back(&mut browser, &back).await;
    assert_eq!(page.text(".flash"), "Linked with Amazon. Synchronized from now on: Amazon.es, Amazon.nl.");
    assert!(page.texts(".badge").iter().any(|badge| badge == "Linked"));
    let held = row(&shop, account);
    assert_eq!((held.seller_id.as_str(), held.state), (DEMO_SELLER_ID, AccountState::Linked));
    assert_eq!(link(&shop, account).authorized_by, AuthorizedBy::Consent);
    assert_eq!(followed(&shop, account), ["A1805IZSGTT6HS", SPAIN], "the others are followed by Europe");
    let order = shop.buy(comptoir::sandbox::OrderSpec { marketplace: SPAIN.to_owned(), ..fbm(1) });
    shop.later(5);
    let run = shop.sync_now(account).await;
    assert_eq!(run.counts().created, 1);
    assert_eq!(shop.order(&order)["marketplace_id"], SPAIN);
    let trail = shop.site.app.db.read(|conn| audit::about(conn, &format!("account {account}"), 9)).unwrap();
    assert!(trail.iter().any(|event| event.action == "account_linked"));
    assert!(!format!("{trail:?}").contains("Atzr|"));
}

#[actix_web::test]
async fn a_state_is_accepted_once_in_its_own_session_and_for_half_an_hour() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let account = open(&mut browser, &shop, "Spain", SPAIN).await;
    let page = leave(&mut browser, account).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    let state = back.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let code = back.split("spapi_oauth_code=").nth(1).unwrap().to_owned();

    let forged = back.replacen(&state, &format!("{account}.forged.state"), 1);
    let page = come_back(&mut browser, &forged).await;
    assert!(page.text(".flash").starts_with("Nothing was linked: the answer from Amazon was not asked for"));
    for nonsense in ["/amazon/link", "/amazon/link?state=", "/amazon/link?state=%27--&spapi_oauth_code=x"] {
        let page = come_back(&mut browser, nonsense).await;
        assert!(page.text(".flash").contains("was not asked for in this session"), "{nonsense}");
    }
    let mut other = shop.site.admin().await;
    let page = come_back(&mut other, &back).await;
    assert!(page.text(".flash").contains("was not asked for in this session"), "another session, same person");
    let mut nobody = shop.site.browser();
    let answer = nobody.get(&back).await;
    assert_eq!((answer.status, answer.location()), (303, "/login?next=/amazon/accounts"));
    assert!(!answer.body.contains(&code));
    assert_eq!(row(&shop, account).seller_id.as_str(), "", "none of them linked anything");

    let page = come_back(&mut browser, &back).await;
    assert!(page.text(".flash").starts_with("Linked with Amazon."), "{}", page.text(".flash"));
    let page = come_back(&mut browser, &back).await;
    assert!(page.text(".flash").contains("this answer from Amazon was already used"));
    assert_eq!(row(&shop, account).state, AccountState::Linked);

    let page = leave(&mut browser, account).await;
    let late = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    shop.later(16);
    browser.get("/").await;
    shop.later(15);
    let page = come_back(&mut browser, &late).await;
    assert!(page.text(".flash").contains("the consent took longer than 30 minutes"), "{}", page.text(".flash"));
}

#[actix_web::test]
async fn what_amazon_refuses_on_the_way_back_is_a_sentence_and_changes_nothing() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let account = open(&mut browser, &shop, "Spain", SPAIN).await;
    let before = row(&shop, account).version;

    let page = leave(&mut browser, account).await;
    let refused = shop.consent(&page, DEMO_SELLER_ID, "refuse").await;
    let page = come_back(&mut browser, &refused).await;
    assert!(page.text(".flash").contains("the consent was not given at Amazon"));

    let page = leave(&mut browser, account).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    shop.later(6);
    let page = come_back(&mut browser, &back).await;
    assert!(page.text(".flash").contains("is older than 5 minutes"), "{}", page.text(".flash"));

    let page = leave(&mut browser, account).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    shop.amazon().set_fault(FaultKind::RevokedSeller, FaultSettings::default());
    let page = come_back(&mut browser, &back).await;
    // The code was exchanged; with its refresh token nothing can be read.
    assert!(page.text(".flash").contains("it was withdrawn, has expired"), "{}", page.text(".flash"));
    shop.amazon().clear_faults();

    let (american, _) = stranger(&shop);
    shop.amazon().set_markets(&american, &["US", "CA"]).unwrap();
    let page = leave(&mut browser, account).await;
    let back = shop.consent(&page, &american, "confirm").await;
    let page = come_back(&mut browser, &back).await;
    assert!(page.text(".flash").contains("not for the region of this account"), "{}", page.text(".flash"));

    let held = row(&shop, account);
    assert_eq!((held.version, held.seller_id.as_str(), held.state), (before, "", AccountState::Paused));
    assert_eq!(link(&shop, account).authorized_at, None);
    assert!(followed(&shop, account).is_empty());
}

#[actix_web::test]
async fn a_lost_authorization_pauses_one_account_and_linking_again_resumes_it() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let (other, _) = stranger(&shop);
    let second = open(&mut browser, &shop, "Second shop", FRANCE).await;
    let page = leave(&mut browser, second).await;
    let back = shop.consent(&page, &other, "confirm").await;
    come_back(&mut browser, &back).await;

    shop.amazon().expire_tokens();
    shop.later(20);
    let only = FaultSettings { seller_id: Some(DEMO_SELLER_ID.to_owned()), ..FaultSettings::default() };
    shop.amazon().set_fault(FaultKind::RevokedSeller, only);
    shop.sync_now(shop.account).await;
    assert_eq!(row(&shop, shop.account).state, AccountState::AuthorizationLost);
    assert_eq!(row(&shop, second).state, AccountState::Linked, "only the account that was read is paused");
    assert_eq!(shop.open_issues(), [format!("authorization_lost {}", shop.account)]);
    shop.amazon().clear_faults();

    let order = shop.buy(fbm(1));
    let page = browser.get(&format!("/amazon/accounts/{}", shop.account)).await;
    assert!(page.has("[role=alert]") && page.body.contains("Link again"));
    let page = leave(&mut browser, shop.account).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    let page = come_back(&mut browser, &back).await;
    assert_eq!(page.text(".flash"), "Linked again. The synchronization goes on where it stopped.");
    assert_eq!(row(&shop, shop.account).state, AccountState::Linked);
    assert!(shop.open_issues().is_empty(), "its issue is settled");
    assert_eq!(followed(&shop, shop.account).len(), 5, "what was followed stays followed");
    shop.later(5);
    comptoir::worker::perform_due(&shop.site.app).await.unwrap();
    assert_eq!(shop.order(&order)["amazon_order_id"], order.as_str());
}

#[actix_web::test]
async fn another_sellers_authorization_never_replaces_the_right_one() {
    let shop = Shop::open().await;
    shop.buy(fbm(1));
    shop.sync().await;
    let mut browser = shop.site.admin().await;
    let (seller, token) = stranger(&shop);
    let before = row(&shop, shop.account);

    let page = leave(&mut browser, shop.account).await;
    let back = shop.consent(&page, &seller, "confirm").await;
    let page = come_back(&mut browser, &back).await;
    assert!(page.text(".flash").contains("was given by another seller"), "{}", page.text(".flash"));

    let path = format!("/amazon/accounts/{}", shop.account);
    let action = format!("{path}/authorization");
    let page = browser.get(&path).await;
    let answer = browser.submit(&page, &action, &[("seller", &seller), ("refresh_token", &token)]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".emsg").contains("was given by another seller"), "the seller says who they are");
    let answer = browser.submit(&page, &action, &[("refresh_token", &token)]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".emsg").contains("was given by another seller"), "its token does not find our orders");
    assert!(!answer.body.contains(&token), "a token is never shown again");

    let after = row(&shop, shop.account);
    assert_eq!((after.version, after.sealed, after.seller_id), (before.version, before.sealed, before.seller_id));
}

#[actix_web::test]
async fn a_self_authorized_application_is_linked_with_its_refresh_token() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let (seller, token) = stranger(&shop);
    let account = open(&mut browser, &shop, "Second shop", FRANCE).await;
    let path = format!("/amazon/accounts/{account}");
    let action = format!("{path}/authorization");
    let page = browser.get(&path).await;
    let cases = [
        (seller.as_str(), "", "Enter the refresh token"),
        ("not a seller", token.as_str(), "Seller ID must be capital letters and digits"),
        (seller.as_str(), "Atzr|nobody", "Amazon does not accept this authorization"),
    ];
    for (typed, token, said) in cases {
        let answer = browser.submit(&page, &action, &[("seller", typed), ("refresh_token", token)]).await;
        assert_eq!(answer.status, 422, "{said}");
        assert!(answer.text(".emsg").contains(said), "{}", answer.text(".emsg"));
        assert_eq!(answer.attribute("#seller", "value").as_deref(), Some(typed));
    }
    assert_eq!(row(&shop, account).seller_id.as_str(), "");
    let answer = browser.submit(&page, &action, &[("seller", &seller), ("refresh_token", &token)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert!(browser.follow(answer).await.text(".flash").starts_with("Linked with Amazon."));
    assert_eq!(row(&shop, account).seller_id.as_str(), seller);
    assert_eq!(link(&shop, account).authorization().ends_at(), None, "such a token has no day on which it ends");
    assert!(followed(&shop, account).contains(&FRANCE.to_owned()), "another seller's France is another France");
}

#[actix_web::test]
async fn the_application_is_tried_at_amazon_before_it_replaces_the_old_one() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/amazon/accounts/{}", shop.account);
    let action = format!("{path}/application");
    let page = browser.get(&path).await;
    for secret in [DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN] {
        assert!(!page.body.contains(secret));
    }
    let answer = browser.submit(&page, &action, &[]).await;
    assert_eq!((answer.status, answer.text(".emsg").as_str()), (422, "Enter at least one new value"));
    let answer = browser.submit(&page, &action, &[("client_secret", "amzn1.oa2-cs.v1.wrong")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text(".emsg").contains("its client ID or client secret is wrong"), "{}", answer.text(".emsg"));
    assert!(!answer.body.contains("oa2-cs.v1.wrong"));
    shop.site.wait(TimeDelta::minutes(10));
    let answer = browser.submit(&page, &action, &[("client_secret", DEMO_CLIENT_SECRET)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let entered = link(&shop, shop.account).secret_entered_at.unwrap();
    assert_eq!(entered, shop.site.app.clock.now().naive_utc());
    let stale = browser.submit(&page, &action, &[("client_id", "amzn1.application-oa2-client.other")]).await;
    assert_eq!(stale.status, 409, "the page was made before the last change");
}

#[actix_web::test]
async fn overtaken_secrets_are_neither_lost_nor_shown() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/amazon/accounts/{}", shop.account);
    let action = format!("{path}/application");
    let page = browser.get(&path).await;
    shop.site.wait(TimeDelta::minutes(10));
    assert_eq!(browser.submit(&page, &action, &[("application_id", "amzn1.sp.solution.theirs")]).await.status, 303);
    let answer = browser.submit(&page, &action, &[("client_secret", "amzn1.oa2-cs.v1.of-mine-stuv")]).await;
    assert_eq!(answer.status, 409);
    let ending = &DEMO_CLIENT_SECRET[DEMO_CLIENT_SECRET.len() - 4..];
    assert_eq!(answer.texts("#problem tbody tr"), [format!("Client secretSet, ends …{ending}Set, ends …stuv")]);
    assert!(!answer.body.contains("of-mine"), "a secret is never shown");
    let kept = answer.attribute("#problem input[name=kept]", "value").unwrap();
    let spain = open(&mut browser, &shop, "Spain", SPAIN).await;
    let stolen = format!("/amazon/accounts/{spain}/application");
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let fields = [("csrf", csrf.as_str()), ("version", "1"), ("kept", kept.as_str())];
    assert_eq!(browser.post(&stolen, &fields).await.status, 400, "it opens for its account only");
    let again = browser.submit(&answer, &action, &[]).await;
    assert_eq!(again.status, 422, "what was typed is carried on, and Amazon refuses it");
}

#[actix_web::test]
async fn a_missing_role_is_named_and_orders_come_in_without_its_data() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    shop.amazon().refuse("RECIPIENT", true).unwrap();
    let spain = open(&mut browser, &shop, "Spain", SPAIN).await;
    let page = leave(&mut browser, spain).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    let page = come_back(&mut browser, &back).await;
    let said = page.text("#permissions .note");
    assert!(said.contains("Amazon refuses 1 part of the orders"), "{said}");
    assert!(said.contains("Buyers’ addresses are missing") && said.contains("Direct-to-Consumer Delivery"), "{said}");
    assert!(said.contains("Orders are synchronized without it."));
    assert_eq!(link(&shop, spain).refused(), [Dataset::Recipient]);

    let order = shop.buy(comptoir::sandbox::OrderSpec { marketplace: SPAIN.to_owned(), ..fbm(1) });
    shop.later(5);
    let run = shop.sync_now(spain).await;
    assert_eq!((run.counts().created, run.counts().failed), (1, 0));
    assert_eq!(shop.order(&order)["amazon_order_id"], order.as_str());
    let last = shop.amazon().calls().into_iter().rfind(|call| call.operation == Operation::SearchOrders).unwrap();
    assert_eq!(last.status, 200);
    assert!(!last.query.contains("RECIPIENT") && last.query.contains("BUYER"), "{}", last.query);

    shop.amazon().refuse("RECIPIENT", false).unwrap();
    let path = format!("/amazon/accounts/{spain}");
    let page = browser.get(&path).await;
    let answer = browser.submit(&page, &format!("{path}/permissions"), &[]).await;
    let page = browser.follow(answer).await;
    assert_eq!(page.text(".flash"), "Amazon answers, and gives everything that was asked for.");
    assert!(link(&shop, spain).refused().is_empty() && !page.has("#permissions .note"));
}

#[actix_web::test]
async fn a_role_that_is_lost_later_does_not_stop_the_synchronization() {
    let shop = Shop::open().await;
    shop.amazon().refuse("BUYER", true).unwrap();
    shop.amazon().refuse("TAX", true).unwrap();
    let order = shop.buy(fbm(2));
    let run = shop.sync().await;
    assert_eq!(run.counts().created, 1, "{:?}", run.state);
    assert_eq!(link(&shop, shop.account).refused(), [Dataset::Buyer, Dataset::Tax]);
    assert_eq!(shop.order(&order)["amazon_order_id"], order.as_str());
    let searches = || shop.amazon().calls().iter().filter(|call| call.operation == Operation::SearchOrders).count();
    let before = searches();
    shop.buy(fbm(1));
    shop.sync().await;
    assert_eq!(searches(), before + 1, "what is refused is not asked for again");
}

#[actix_web::test]
async fn without_any_role_the_run_fails_and_says_why() {
    let shop = Shop::open().await;
    for dataset in Dataset::ALL {
        shop.amazon().refuse(dataset.as_str(), true).unwrap();
    }
    shop.buy(fbm(1));
    let run = shop.sync().await;
    assert_eq!(run.state, RunState::Failed);
    let page = shop.site.admin().await.get(&format!("/amazon/runs/{}", run.id)).await;
    assert!(page.body.contains("Amazon refused the access"), "{}", page.body);
    assert!(shop.export(Subject::Orders).as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn the_available_marketplaces_are_read_from_amazon_and_switched_on_one_by_one() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/amazon/accounts/{}?tab=marketplaces", shop.account);
    let page = browser.get(&path).await;
    assert!(page.body.contains("Not read from Amazon yet"));
    let update = format!("/amazon/accounts/{}/available-marketplaces", shop.account);
    let answer = browser.submit(&page, &update, &[]).await;
    let page = browser.follow(answer).await;
    assert_eq!(page.text(".flash"), "The available marketplaces are up to date: 8 are new.");
    let offered = page.texts("#marketplaces label");
    let expected =
        ["Amazon.es", "Amazon.co.uk", "Amazon.fr", "Amazon.com.be", "Amazon.nl", "Amazon.de", "Amazon.it", "Amazon.se"];
    assert_eq!(offered, expected);
    assert!(page.has("input[value=AMEN7PMS3EDWL][disabled]"), "the seller does not sell in Belgium");
    assert!(page.body.contains("Non-Amazon FR"), "what is unknown is named, not offered");
    assert_eq!(followed(&shop, shop.account).len(), 5, "reading them switches nothing on or off");

    let action = format!("/amazon/accounts/{}/marketplaces", shop.account);
    let mut fields = page.fields(&action);
    fields.push(("marketplace".to_owned(), SPAIN.to_owned()));
    fields.retain(|(_, value)| value != FRANCE);
    assert_eq!(browser.post(&action, &fields).await.status, 303);
    let now = followed(&shop, shop.account);
    assert!(now.contains(&SPAIN.to_owned()) && !now.contains(&FRANCE.to_owned()) && now.len() == 5);

    shop.amazon().set_markets(DEMO_SELLER_ID, &["FR", "DE"]).unwrap();
    let page = browser.get(&path).await;
    let answer = browser.submit(&page, &update, &[]).await;
    let page = browser.follow(answer).await;
    assert!(page.body.contains("Amazon no longer names it for this seller"), "what is followed stays visible");
    let trail = shop.site.app.db.read(|conn| audit::about(conn, &format!("account {}", shop.account), 9)).unwrap();
    assert_eq!(trail.iter().filter(|event| event.action == "account_marketplaces_read").count(), 2);
}

#[actix_web::test]
async fn what_amazon_answers_badly_leaves_the_marketplaces_as_they_were() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/amazon/accounts/{}?tab=marketplaces", shop.account);
    let update = format!("/amazon/accounts/{}/available-marketplaces", shop.account);
    let page = browser.get(&path).await;
    let operation = Some(Operation::MarketplaceParticipations);
    shop.amazon().set_fault(
        FaultKind::RevokedSeller,
        FaultSettings { operation: Some(Operation::Token), ..FaultSettings::default() },
    );
    let answer = browser.submit(&page, &update, &[]).await;
    assert!(browser.follow(answer).await.text(".flash").contains("Amazon does not accept this authorization"));
    shop.amazon().clear_faults();
    shop.amazon().set_fault(FaultKind::HtmlBody, FaultSettings { operation, ..FaultSettings::default() });
    let answer = browser.submit(&page, &update, &[]).await;
    assert!(browser.follow(answer).await.text(".flash").contains("cannot be reached"));
    let told = shop.site.app.db.read(|conn| links::participations(conn, shop.account)).unwrap();
    assert!(told.is_empty() && link(&shop, shop.account).marketplaces_read_at.is_none());
}

#[actix_web::test]
async fn the_dashboard_reminds_of_what_ends_soon() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let account = open(&mut browser, &shop, "Spain", SPAIN).await;
    let page = leave(&mut browser, account).await;
    let back = shop.consent(&page, DEMO_SELLER_ID, "confirm").await;
    come_back(&mut browser, &back).await;
    let reminders = async |shop: &Shop| {
        let mut browser = shop.site.admin().await;
        let page = browser.get("/").await;
        page.texts(".todo li")
            .into_iter()
            .filter(|card| card.contains("secret") || card.contains("authorization"))
            .collect::<Vec<_>>()
    };
    assert!(reminders(&shop).await.is_empty());
    shop.site.wait(TimeDelta::days(150));
    let cards = reminders(&shop).await;
    assert_eq!(cards.len(), 2, "both accounts have a secret that ends in 30 days: {cards:?}");
    assert!(cards.iter().all(|card| card.contains("client secret expires on 23 May 2027")), "{cards:?}");
    shop.site.wait(TimeDelta::days(185));
    let cards = reminders(&shop).await;
    assert!(
        cards.iter().any(|card| card.contains("Spain") && card.contains("authorization at Amazon ends on")),
        "{cards:?}"
    );
    assert!(!cards.iter().any(|card| card.contains("Europe") && card.contains("authorization")), "{cards:?}");
    let mut browser = shop.site.admin().await;
    let page = browser.get(&format!("/amazon/accounts/{account}")).await;
    assert!(page.texts(".badge").iter().any(|badge| badge == "Authorization ends soon"));
}

#[actix_web::test]
async fn a_paused_account_reads_nothing_until_it_is_resumed() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let path = format!("/amazon/accounts/{}", shop.account);
    let page = browser.get(&path).await;
    assert_eq!(browser.submit(&page, &format!("{path}/pause"), &[]).await.status, 303);
    let order = shop.buy(fbm(1));
    shop.later(5);
    shop.ask(shop.account);
    comptoir::worker::perform_due(&shop.site.app).await.unwrap();
    assert_eq!(shop.order(&order), serde_json::Value::Null);
    let page = browser.get(&path).await;
    assert!(page.texts(".badge").iter().any(|badge| badge == "Paused"));
    assert!(!page.has("form[action$=sync-orders]"));
    assert_eq!(browser.submit(&page, &format!("{path}/resume"), &[]).await.status, 303);
    comptoir::worker::perform_due(&shop.site.app).await.unwrap();
    assert_eq!(shop.order(&order)["amazon_order_id"], order.as_str());
}

#[actix_web::test]
async fn a_new_account_needs_a_name_of_its_own_and_a_marketplace() {
    let shop = Shop::open().await;
    let mut browser = shop.site.admin().await;
    let page = browser.get("/amazon/accounts/new").await;
    let long = "x".repeat(81);
    let cases = [
        ("", FRANCE, "Enter a name"),
        ("Europe", FRANCE, "Another account has this name. Choose a different one"),
        (long.as_str(), FRANCE, "Name must be 80 characters or fewer"),
        ("America", "nowhere", "Choose the sign-up marketplace"),
    ];
    for (name, marketplace, said) in cases {
        let answer = browser.submit(&page, "/amazon/accounts", &[("name", name), ("marketplace", marketplace)]).await;
        assert_eq!((answer.status, answer.text(".emsg").as_str()), (422, said));
        assert_eq!(answer.attribute("#name", "value").as_deref(), Some(name));
    }
    let america = open(&mut browser, &shop, "America", STATES).await;
    assert_eq!(row(&shop, america).region(), Some(comptoir::domain::marketplace::Region::Na));
}

#[actix_web::test]
async fn only_who_may_edit_accounts_links_them() {
    let shop = Shop::open().await;
    shop.site.add_user(Role::SalesManager).await;
    let mut browser = shop.site.signed_in("sales_manager@example.com").await;
    let page = browser.get("/me").await;
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let account = format!("/amazon/accounts/{}", shop.account);
    let token: &[(&str, &str)] = &[("refresh_token", "x")];
    let verbs: [(&str, &[(&str, &str)]); 7] = [
        ("link", &[]),
        ("authorization", token),
        ("application", &[("version", "1"), ("application_id", "x"), ("client_id", ""), ("client_secret", "")]),
        ("permissions", &[]),
        ("available-marketplaces", &[]),
        ("pause", &[("version", "1")]),
        ("resume", &[("version", "1")]),
    ];
    for (verb, fields) in verbs {
        let mut fields = fields.to_vec();
        fields.push(("csrf", &csrf));
        assert_eq!(browser.post(&format!("{account}/{verb}"), &fields).await.status, 403, "{verb}");
    }
    assert_eq!(browser.get("/amazon/accounts/new").await.status, 403);
    assert_eq!(browser.get("/amazon/link?state=1.a.b&spapi_oauth_code=c").await.status, 403);
    let fields = [("csrf", csrf.as_str()), ("name", "Mine"), ("marketplace", FRANCE)];
    assert_eq!(browser.post("/amazon/accounts", &fields).await.status, 403);
    assert!(shop.amazon().calls().is_empty(), "Amazon was not even asked");
}
