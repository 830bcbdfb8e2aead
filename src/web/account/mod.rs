//! One Amazon account: its credentials, how its orders are followed, and on which marketplaces.
//!
//! The page is here; its forms are in `edit`, and the one that moves a date in `date`.

use super::account_apart::{Apart, TypedSplit};
use super::account_marketplaces::{Around, Ignored, Offered};
use super::badges::{self, Badge};
use super::conflict::Conflict;
use super::extract::{CurrentUser, FieldErrors};
use super::flash::Flash;
use super::link_view::LinkView;
use super::page::{self, Chrome, Place};
use super::when::{self, When};
use crate::app::App;
use crate::db::accounts;
use crate::db::paging::Choice;
use crate::db::{carriers, issues, orders, runs, teams};
use crate::domain::access::Action;
use crate::domain::account::{AccountState, Standing, standing};
use crate::domain::ids::AccountId;
use crate::error::AppError;
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

/// What one typed; what is stored when nothing was typed yet.
#[derive(Clone, Default)]
pub(super) struct Typed {
    team: String,
    location: String,
    carrier: String,
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
    is_archived: bool,
    pub(super) link: LinkView,
    pub(super) teams: Vec<(String, String)>,
    pub(super) locations: Vec<(String, String)>,
    /// The carriers to choose from; those that are not offered any more only where they are chosen already.
    pub(super) carriers: Vec<(String, String)>,
    team: String,
    location: String,
    carrier: String,
    interval: i64,
    followed: String,
    known: When,
    known_utc: String,
    zone: &'static str,
    pub(super) marketplaces: Vec<Offered>,
    ignored: Vec<Ignored>,
    pub(super) apart: Vec<Apart>,
    splittable: Vec<(String, String)>,
    pub(super) split: TypedSplit,
    marketplaces_read: Option<When>,
    orders: String,
    issues: String,
    runs: String,
    pub(super) typed: Typed,
    errors: FieldErrors,
    pub(super) refused: Option<(String, String, String)>,
    conflict: Option<Conflict>,
    may_edit: bool,
    may_restore: bool,
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
    let (named, around, teams, locations, carriers, counts) = app
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
            let carriers = carriers::all(conn, company)?;
            Ok::<_, AppError>((named, around, teams, locations, carriers, counts))
        })
        .await?;
    let (row, team, location) = named;
    let lang = user.lang;
    let chrome = user.chrome_titled(row.name.clone(), Place::Accounts);
    let tab = TABS.iter().find(|known| **known == tab).copied().unwrap_or("credentials");
    let (marketplaces, ignored) = around.offered(&row);
    let followed: Vec<&str> =
        marketplaces.iter().filter(|found| found.is_on).map(|found| found.name.as_str()).collect();
    let apart = around.apart(&marketplaces);
    let carrier = row.carrier_id.map(|carrier| carrier.to_string()).unwrap_or_default();
    let is_chosen = |id: &str| carrier == id || apart.iter().any(|one| one.carrier == id);
    let offered = carriers.into_iter().map(|found| (found.id.to_string(), found.name, found.is_active));
    let carriers: Vec<(String, String)> =
        offered.filter(|(id, _, is_active)| *is_active || is_chosen(id)).map(|(id, name, _)| (id, name)).collect();
    let capped = |count: i64| {
        let most = crate::db::paging::MOST_COUNTED;
        if count > most { format!("{}+", chrome.number(most)) } else { chrome.number(count) }
    };
    let standing = standing(row.state, row.usage(), around.link.authorization().ends_at(), user.now.naive_utc());
    Ok(AccountPage {
        id,
        version: row.version,
        tab,
        state: badges::account(lang, standing),
        is_simulated: row.is_simulated,
        is_lost: row.state == AccountState::AuthorizationLost,
        is_paused: standing == Standing::Paused,
        is_archived: standing == Standing::Archived,
        link: LinkView::of(&chrome, app, &row, &around),
        marketplaces_read: around.link.marketplaces_read_at.map(|at| When::of(&chrome, at)),
        teams: super::orders::records(&teams),
        locations: super::orders::records(&locations),
        team,
        location,
        carrier: name_of(&carriers, &carrier),
        carriers,
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
            carrier,
            interval: (row.interval_secs / 60).to_string(),
            date: when::input(row.last_order_sync, user.zone),
            ..Typed::default()
        },
        marketplaces,
        ignored,
        splittable: apart.iter().map(|one| (one.id.clone(), one.name.clone())).collect(),
        apart,
        split: TypedSplit {
            team: row.team_id.to_string(),
            location: row.location_id.to_string(),
            ..TypedSplit::default()
        },
        errors: FieldErrors::new(),
        refused: None,
        conflict: None,
        may_edit: user.may(Action::EditAccounts) && row.archived_at.is_none(),
        may_restore: user.may(Action::EditAccounts) && row.archived_at.is_some(),
        may_sync: user.may(Action::Synchronize) && row.state == AccountState::Linked,
        developer: user.developer_mode && user.may(Action::ForceSynchronization),
        chrome,
    })
}

/// The name of a choice; nothing for none.
pub(super) fn name_of(offers: &[(String, String)], key: &str) -> String {
    offers.iter().find(|(id, _)| id == key).map(|(_, name)| name.clone()).unwrap_or_default()
}

/// The same page with what one typed and what is wrong with it.
pub(super) fn wrong(mut page: AccountPage, errors: FieldErrors) -> Result<HttpResponse, AppError> {
    page.errors = errors;
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The form that saves what was typed over what is stored now.
pub(super) fn again(page: &AccountPage, form: &str) -> Conflict {
    let id = page.id;
    let keep = format!("/amazon/accounts/{id}?tab={}", page.tab);
    Conflict::new(format!("/amazon/accounts/{id}/{form}"), page.version, keep)
}

/// The same page with what one typed beside what somebody else stored meanwhile; nothing differs: there is nothing to do.
pub(super) async fn changed(
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

/// Goes back to a tab of the account and says that it was saved.
pub(super) async fn saved(user: &CurrentUser, app: &App, id: AccountId, tab: &str) -> Result<HttpResponse, AppError> {
    user.flash(app, Flash::success(user.lang.t("account-saved"))).await?;
    Ok(page::see_other(format!("/amazon/accounts/{id}?tab={tab}")))
}
