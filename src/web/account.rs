//! One Amazon account: its credentials, how its orders are followed, and on which marketplaces.

use super::account_marketplaces::{Around, Ignored, Offered};
use super::accounts::follow;
use super::badges::{self, Badge};
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::link_view::LinkView;
use super::page::{self, Chrome, Place};
use super::when::{self, When};
use crate::app::App;
use crate::db::accounts;
use crate::db::paging::Choice;
use crate::db::{issues, orders, runs, teams};
use crate::domain::access::Action;
use crate::domain::account::{AccountState, SHORTEST_INTERVAL_SECS, Standing, standing};
use crate::domain::ids::{AccountId, LocationId, TeamId};
use crate::error::AppError;
use crate::ops::edit_account::{self, FollowUp, LONGEST_INTERVAL_SECS, Seen};
use crate::ops::force_date::{self, Forced};
use crate::ops::request_sync;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/accounts/{id}", web::get().to(show))
        .route("/amazon/accounts/{id}/follow-up", web::post().to(save_follow_up))
        .route("/amazon/accounts/{id}/last-order-sync", web::post().to(force));
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    tab: String,
}

/// The tabs, in their order.
const TABS: [&str; 3] = ["credentials", "orders", "marketplaces"];

/// What one typed; what is stored when nothing was typed yet.
#[derive(Clone, Default)]
pub(super) struct Typed {
    team: String,
    location: String,
    interval: String,
    date: String,
    pub(super) application_id: String,
    pub(super) client_id: String,
    pub(super) seller: String,
}

#[derive(Template)]
#[template(path = "accounts/show.html")]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one part of the page is shown")]
pub(super) struct AccountPage {
    chrome: Chrome,
    id: AccountId,
    version: i64,
    tab: &'static str,
    state: Badge,
    is_simulated: bool,
    is_lost: bool,
    is_paused: bool,
    pub(super) link: LinkView,
    teams: Vec<(String, String)>,
    locations: Vec<(String, String)>,
    team: String,
    location: String,
    interval: i64,
    followed: String,
    known: When,
    known_utc: String,
    zone: &'static str,
    pub(super) marketplaces: Vec<Offered>,
    ignored: Vec<Ignored>,
    marketplaces_read: Option<When>,
    orders: String,
    issues: String,
    runs: String,
    pub(super) typed: Typed,
    errors: FieldErrors,
    pub(super) refused: Option<(String, String, String)>,
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

pub(super) async fn load(user: &CurrentUser, app: &App, id: AccountId, tab: &str) -> Result<AccountPage, AppError> {
    user.must(Action::ReadAmazon)?;
    let company = user.company;
    let (named, around, teams, locations, counts) = app
        .read(move |conn| {
            let named = accounts::by_id(conn, company, id)?.ok_or(AppError::NotFound)?;
            let around = Around::load(conn, &named.0)?;
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
            Ok::<_, AppError>((named, around, teams, locations, counts))
        })
        .await?;
    let (row, team, location) = named;
    let lang = user.lang;
    let chrome = user.chrome_titled(row.name.clone(), Place::Accounts);
    let tab = TABS.iter().find(|known| **known == tab).copied().unwrap_or("credentials");
    let (marketplaces, ignored) = around.offered(&row);
    let followed: Vec<&str> =
        marketplaces.iter().filter(|found| found.is_on).map(|found| found.name.as_str()).collect();
    let capped = |count: i64| {
        let most = crate::db::paging::MOST_COUNTED;
        if count > most { format!("{}+", chrome.number(most)) } else { chrome.number(count) }
    };
    let standing = standing(row.state, &row.seller_id, around.link.authorization().ends_at(), user.now.naive_utc());
    Ok(AccountPage {
        id,
        version: row.version,
        tab,
        state: badges::account(lang, standing),
        is_simulated: row.is_simulated,
        is_lost: row.state == AccountState::AuthorizationLost,
        is_paused: standing == Standing::Paused,
        link: LinkView::of(&chrome, app, &row, &around),
        marketplaces_read: around.link.marketplaces_read_at.map(|at| When::of(&chrome, at)),
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
            ..Typed::default()
        },
        marketplaces,
        ignored,
        errors: FieldErrors::new(),
        refused: None,
        may_edit: user.may(Action::EditAccounts),
        may_sync: user.may(Action::Synchronize) && row.state == AccountState::Linked,
        developer: user.developer_mode && user.may(Action::ForceSynchronization),
        chrome,
    })
}

/// The same page with what one typed and what is wrong with it.
pub(super) fn wrong(mut page: AccountPage, errors: FieldErrors) -> Result<HttpResponse, AppError> {
    page.errors = errors;
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Goes back to a tab of the account and says that it was saved.
pub(super) async fn saved(user: &CurrentUser, app: &App, id: AccountId, tab: &str) -> Result<HttpResponse, AppError> {
    user.flash(app, Flash::success(user.lang.t("account-saved"))).await?;
    Ok(page::see_other(format!("/amazon/accounts/{id}?tab={tab}")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FollowUpForm {
    version: i64,
    team: String,
    location: String,
    interval: String,
}

async fn save_follow_up(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<FollowUpForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::EditAccounts)?;
    let (id, form) = (AccountId(*path), form.into_inner());
    let mut page = load(&user, &app, id, "orders").await?;
    let mut errors = FieldErrors::new();
    let is_offered = |offers: &[(String, String)], value: &str| offers.iter().any(|(id, _)| id == value);
    let team = form.team.parse().ok().filter(|_| is_offered(&page.teams, &form.team));
    let location = form.location.parse().ok().filter(|_| is_offered(&page.locations, &form.location));
    let secs = form.interval.trim().parse::<i64>().ok().and_then(|minutes| minutes.checked_mul(60));
    let secs = secs.filter(|secs| edit_account::is_interval(*secs));
    if team.is_none() {
        errors.add("team", user.lang.t("account-team-wrong"));
    }
    if location.is_none() {
        errors.add("location", user.lang.t("account-location-wrong"));
    }
    if secs.is_none() {
        let limits = [("least", SHORTEST_INTERVAL_SECS / 60), ("most", LONGEST_INTERVAL_SECS / 60)];
        errors.add("interval", user.lang.with("account-interval-wrong", &limits));
    }
    let (Some(team), Some(location), Some(interval_secs)) = (team, location, secs) else {
        (page.typed.team, page.typed.location, page.typed.interval) = (form.team, form.location, form.interval);
        return wrong(page, errors);
    };
    let new = FollowUp { team: TeamId(team), location: LocationId(location), interval_secs };
    edit_account::follow_up(&app, &user.actor(), Seen { account: id, version: form.version }, new).await?;
    saved(&user, &app, id, "orders").await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DateForm {
    version: i64,
    #[serde(default)]
    date: String,
    #[serde(default)]
    exact: String,
    then: String,
}

/// Moves Last Order Sync, or shows first what that would do.
async fn force(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<DateForm>,
) -> Result<HttpResponse, AppError> {
    user.actor().must_be_developer()?;
    let (id, form) = (AccountId(*path), form.into_inner());
    let exact = DateTime::parse_from_rfc3339(&form.exact).ok().map(|at| at.to_utc());
    let Some(date) = exact.or_else(|| when::typed(&form.date, user.zone)) else {
        return refuse_date(&user, &app, id, &form, "account-date-unreadable").await;
    };
    let done = match form.then.as_str() {
        "preview" => request_sync::preview(&app, &user.actor(), id, date).await.map(Some),
        "sync" | "save" => move_date(&user, &app, id, &form, date).await,
        _ => return Err(AppError::BadRequest("an unknown button")),
    };
    match done {
        Ok(Some(requested)) => follow(&user, &app, requested).await,
        Ok(None) => saved(&user, &app, id, "orders").await,
        Err(AppError::Rule(key)) => refuse_date(&user, &app, id, &form, key).await,
        Err(error) => Err(error),
    }
}

async fn move_date(
    user: &CurrentUser,
    app: &App,
    id: AccountId,
    form: &DateForm,
    date: DateTime<Utc>,
) -> Result<Option<request_sync::Requested>, AppError> {
    let forced = Forced { account: id, version: form.version, date, sync_now: form.then == "sync" };
    force_date::run(app, &user.actor(), forced).await
}

async fn refuse_date(
    user: &CurrentUser,
    app: &App,
    id: AccountId,
    form: &DateForm,
    key: &str,
) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id, "orders").await?;
    if !form.date.is_empty() {
        page.typed.date.clone_from(&form.date);
    }
    let mut errors = FieldErrors::new();
    errors.add("date", user.lang.t(key));
    wrong(page, errors)
}
