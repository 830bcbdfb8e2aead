//! Linking an account with Amazon: the consent, the refresh token, what is refused, and what Amazon grants.

mod application;
mod available;
mod consent;
mod permissions;
mod standing;

use crate::support::browser::{Browser, Page};
use crate::support::shop::Shop;
use comptoir::db::links::LinkRow;
use comptoir::db::{accounts, links, registrations};
use comptoir::domain::ids::AccountId;

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
