//! One Amazon account: its credentials, how its orders are followed, and on which marketplaces.
//!
//! The page is here; its forms are in [`edit`], and the one that moves a date in [`date`].

use super::badges::{self, Badge};
use super::conflict::Conflict;
use super::extract::{CurrentUser, FieldErrors};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use super::when::{self, When};
use crate::app::App;
use crate::db::accounts::{self, AccountRow};
use crate::db::paging::Choice;
use crate::db::{issues, orders, runs, teams};
use crate::domain::access::Action;
use crate::domain::account::AccountState;
use crate::domain::ids::{AccountId, MarketplaceId};
use crate::domain::marketplace::MARKETPLACES;
use crate::error::AppError;
use crate::ops::edit_account;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use askama::Template;
use serde::Deserialize;

mod date;
mod edit;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/accounts/{id}", web::get().to(show)).configure(edit::configure).configure(date::configure);
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    tab: String,
}

/// The tabs, in their order.
const TABS: [&str; 3] = ["credentials", "orders", "marketplaces"];

/// A marketplace that can be followed.
struct Offered {
    id: &'static str,
    name: &'static str,
    is_on: bool,
    elsewhere: Option<(String, String)>,
}

/// What one typed; what is stored when nothing was typed yet.
#[derive(Clone, Default)]
struct Typed {
    team: String,
    location: String,
    interval: String,
    date: String,
    client_id: String,
}

#[derive(Template)]
#[template(path = "accounts/show.html")]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one part of the page is shown")]
struct AccountPage {
    chrome: Chrome,
    id: AccountId,
    version: i64,
    tab: &'static str,
    state: Badge,
    is_simulated: bool,
    is_lost: bool,
    seller: String,
    region: std::borrow::Cow<'static, str>,
    secrets: Vec<(&'static str, &'static str, String)>,
    teams: Vec<(String, String)>,
    locations: Vec<(String, String)>,
    team: String,
    location: String,
    interval: i64,
    followed: String,
    known: When,
    known_utc: String,
    zone: &'static str,
    marketplaces: Vec<Offered>,
    orders: String,
    issues: String,
    runs: String,
    typed: Typed,
    errors: FieldErrors,
    refused: Option<(String, String, String)>,
    conflict: Option<Conflict>,
    may_edit: bool,
    may_sync: bool,
    developer: bool,
}

async fn show(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    asked: Query<Asked>,
) -> Result<HttpResponse, AppError> {
    let page = load(&user, &app, AccountId(*path), &asked.tab).await?;
    page::html(&page)
}

async fn load(user: &CurrentUser, app: &App, id: AccountId, tab: &str) -> Result<AccountPage, AppError> {
    user.must(Action::ReadAmazon)?;
    let company = user.company;
    let (named, held, followers, teams, locations, counts) = app
        .read(move |conn| {
            let named = accounts::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
            let held = accounts::marketplaces(conn, company)?.remove(&id).unwrap_or_default();
            let followers = accounts::followers(conn, &named.0.seller_id, id)?;
            let of_account = || Choice { any: vec![id], none: Vec::new() };
            let open = Choice { any: vec!["open".to_owned()], none: Vec::new() };
            let of_orders = orders::Filter { account: of_account(), ..orders::Filter::default() };
            let of_issues = issues::Filter { account: of_account(), state: open, ..issues::Filter::default() };
            let of_runs = runs::Filter { account: of_account(), ..runs::Filter::default() };
            let counts = (
                orders::count(conn, company, &of_orders)?,
                issues::count(conn, company, &of_issues)?,
                runs::count(conn, company, &of_runs)?,
            );
            let (teams, locations) = (teams::names(conn, company)?, teams::locations(conn, company)?);
            Ok::<_, AppError>((named, held, followers, teams, locations, counts))
        })
        .await?;
    let (row, team, location) = named;
    let lang = user.lang;
    let chrome = user.chrome_titled(row.name.clone(), Place::Accounts);
    let tab = TABS.iter().find(|known| **known == tab).copied().unwrap_or("credentials");
    let marketplaces = offered(&row, &held, &followers);
    let followed: Vec<&str> = marketplaces.iter().filter(|found| found.is_on).map(|found| found.name).collect();
    let capped = |count: i64| {
        let most = crate::db::paging::MOST_COUNTED;
        if count > most { format!("{}+", chrome.number(most)) } else { chrome.number(count) }
    };
    let [client_id, client_secret, refresh_token] = edit_account::endings(app, &row);
    Ok(AccountPage {
        id,
        version: row.version,
        tab,
        state: badges::account(lang, row.state),
        is_simulated: row.is_simulated,
        is_lost: row.state == AccountState::AuthorizationLost,
        seller: row.seller_id.to_string(),
        region: row.region().map(|region| lang.t(&badges::key("region", region.as_str()))).unwrap_or_default(),
        secrets: vec![
            ("client_id", "account-client-id", client_id),
            ("client_secret", "account-client-secret", client_secret),
            ("refresh_token", "account-refresh-token", refresh_token),
        ],
        teams: super::orders::records(&teams),
        locations: super::orders::records(&locations),
        team,
        location,
        interval: row.interval_secs / 60,
        followed: followed.join(", "),
        known: When::of(&chrome, row.last_order_sync),
        known_utc: row.last_order_sync.format("%Y-%m-%d %H:%M").to_string(),
        zone: user.zone.name(),
        orders: capped(counts.0),
        issues: capped(counts.1),
        runs: capped(counts.2),
        typed: Typed {
            team: row.team_id.to_string(),
            location: row.location_id.to_string(),
            interval: (row.interval_secs / 60).to_string(),
            date: when::input(row.last_order_sync, user.zone),
            client_id: String::new(),
        },
        marketplaces,
        errors: FieldErrors::new(),
        refused: None,
        conflict: None,
        may_edit: user.may(Action::EditAccounts),
        may_sync: user.may(Action::Synchronize) && row.state == AccountState::Linked,
        developer: user.developer_mode && user.may(Action::ForceSynchronization),
        chrome,
    })
}

fn offered(
    row: &AccountRow,
    held: &[(MarketplaceId, bool)],
    followers: &[(MarketplaceId, AccountId, String)],
) -> Vec<Offered> {
    let of_region = MARKETPLACES.iter().filter(|found| Some(found.region) == row.region());
    of_region
        .map(|found| Offered {
            id: found.id,
            name: found.name,
            is_on: held.iter().any(|(id, is_on)| *is_on && id.as_str() == found.id),
            elsewhere: followers
                .iter()
                .find(|(id, ..)| id.as_str() == found.id)
                .map(|(_, account, name)| (format!("/amazon/accounts/{account}?tab=marketplaces"), name.clone())),
        })
        .collect()
}

/// The same page with what one typed and what is wrong with it.
fn wrong(mut page: AccountPage, errors: FieldErrors) -> Result<HttpResponse, AppError> {
    page.errors = errors;
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The same page with what one typed beside what somebody else stored meanwhile; nothing differs: there is nothing to do.
async fn changed(
    user: &CurrentUser,
    app: &App,
    mut page: AccountPage,
    conflict: Conflict,
) -> Result<HttpResponse, AppError> {
    if conflict.differences.is_empty() {
        return saved(user, app, page.id, page.tab).await;
    }
    page.conflict = Some(conflict);
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::CONFLICT, &page)
}

async fn saved(user: &CurrentUser, app: &App, id: AccountId, tab: &str) -> Result<HttpResponse, AppError> {
    user.flash(app, Flash::success(user.lang.t("account-saved"))).await?;
    Ok(page::see_other(format!("/amazon/accounts/{id}?tab={tab}")))
}
