//! The list of Amazon accounts, and the buttons that start a synchronization.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, Form};
use super::flash::{Flash, Tone};
use super::page::{self, Chrome, Place};
use super::when::When;
use crate::app::App;
use crate::db::accounts::{self, NamedAccount};
use crate::db::links::{self, LinkRow};
use crate::db::paging::Choice;
use crate::db::{Conn, DbError, issues, marketplaces, runs};
use crate::domain::access::Action;
use crate::domain::account::{AccountState, standing};
use crate::domain::ids::{AccountId, CompanyId, MarketplaceId};
use crate::domain::marketplace::Directory;
use crate::domain::run::RunKind;
use crate::error::AppError;
use crate::i18n::format;
use crate::ops::request_sync::{self, Requested};
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use askama::Template;
use serde::Deserialize;
use std::collections::HashMap;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/accounts", web::get().to(list))
        .route("/amazon/accounts/{id}/sync-orders", web::post().to(sync_orders))
        .route("/amazon/accounts/{id}/sync-pickings", web::post().to(sync_pickings));
}

/// One account as lists show it.
pub struct Row {
    /// The account.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// The seller.
    pub seller: String,
    /// The marketplaces that it follows.
    pub marketplaces: String,
    /// The team that gets its orders.
    pub team: String,
    /// Where its FBA stock is counted.
    pub location: String,
    /// Up to when orders are known.
    pub known: When,
    /// How its last synchronization ended.
    pub last: Option<(String, Badge)>,
    /// Open issues.
    pub issues: i64,
    /// Whether it is synchronized.
    pub state: Badge,
    /// Whether Amazon is simulated.
    pub is_simulated: bool,
    /// Whether a synchronization can start.
    pub may_sync: bool,
}

/// What lists of accounts are made of.
pub struct Loaded {
    accounts: Vec<NamedAccount>,
    marketplaces: HashMap<AccountId, Vec<(MarketplaceId, bool)>>,
    links: HashMap<AccountId, LinkRow>,
    directory: Directory,
    around: HashMap<AccountId, (i64, Option<runs::RunRow>)>,
}

/// Reads what lists of accounts are made of.
pub fn load(conn: &mut Conn, company: CompanyId, are_archived: bool) -> Result<Loaded, DbError> {
    let accounts = accounts::all(conn, company, are_archived)?;
    let marketplaces = accounts::marketplaces(conn, company)?;
    let mut around = HashMap::new();
    for (row, ..) in &accounts {
        let open = Choice { any: vec!["open".to_owned()], none: Vec::new() };
        let of_account = Choice { any: vec![row.id], none: Vec::new() };
        let filter = issues::Filter { state: open, account: of_account, ..issues::Filter::default() };
        let last = runs::last(conn, row.id, RunKind::Orders)?;
        around.insert(row.id, (issues::count(conn, company, &filter)?, last));
    }
    let (links, directory) = (links::of_company(conn, company)?, marketplaces::directory(conn, company)?);
    Ok(Loaded { accounts, marketplaces, links, directory, around })
}

/// Accounts as lists show them.
pub fn rows(user: &CurrentUser, chrome: &Chrome, loaded: &Loaded) -> Vec<Row> {
    let may_sync = user.may(Action::Synchronize);
    let row = |(row, team, location): &NamedAccount| {
        let (issues, last) = loaded.around.get(&row.id).cloned().unwrap_or_default();
        let followed = loaded.marketplaces.get(&row.id).map_or(&[][..], Vec::as_slice);
        let followed = followed.iter().filter(|(_, is_on)| *is_on).map(|(id, _)| loaded.directory.name(id.as_str()));
        let ends_at = loaded.links.get(&row.id).and_then(|link| link.authorization().ends_at());
        let standing = standing(row.state, row.usage(), ends_at, user.now.naive_utc());
        Row {
            id: row.id,
            name: row.name.clone(),
            seller: row.seller_id.to_string(),
            marketplaces: followed.collect::<Vec<_>>().join(", "),
            team: team.clone(),
            location: location.clone(),
            known: When::of(chrome, row.last_order_sync),
            last: last.map(|run| (format!("/amazon/runs/{}", run.id), badges::run(chrome.lang, run.state))),
            issues,
            state: badges::account(chrome.lang, standing),
            is_simulated: row.is_simulated,
            may_sync: may_sync && row.state == AccountState::Linked,
        }
    };
    loaded.accounts.iter().map(row).collect()
}

#[derive(Template)]
#[template(path = "accounts/list.html")]
struct ListPage {
    chrome: Chrome,
    rows: Vec<Row>,
    are_archived: bool,
    has_archived: bool,
    may_edit: bool,
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    archived: String,
}

async fn list(user: CurrentUser, app: Data<App>, asked: Query<Asked>) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadAmazon)?;
    let company = user.company;
    let are_archived = asked.archived == "1";
    let (loaded, has_archived) = app
        .read(move |conn| {
            let has_archived = !accounts::all(conn, company, true)?.is_empty();
            Ok::<_, AppError>((load(conn, company, are_archived)?, has_archived))
        })
        .await?;
    let chrome = user.chrome("accounts-title", Place::Accounts);
    let rows = rows(&user, &chrome, &loaded);
    page::html(&ListPage { chrome, rows, are_archived, has_archived, may_edit: user.may(Action::EditAccounts) })
}

/// Nothing: the address says which account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn sync_orders(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    match request_sync::run(&app, &user.actor(), AccountId(*path)).await {
        Ok(requested) => follow(&user, &app, requested).await,
        Err(AppError::Rule(key)) => {
            user.flash(&app, Flash::new(Tone::Problem, user.lang.t(key))).await?;
            Ok(page::see_other(format!("/amazon/accounts/{path}")))
        }
        Err(error) => Err(error),
    }
}

/// Goes to the run; says so when it was under way already.
pub async fn follow(user: &CurrentUser, app: &App, requested: Requested) -> Result<HttpResponse, AppError> {
    if let Some(since) = requested.joined {
        let time = format::time(since, user.zone);
        let said = user.lang.with("account-sync-joined", &[("time", time)]);
        user.flash(app, Flash::new(Tone::Warning, said)).await?;
    }
    Ok(page::see_other(format!("/amazon/runs/{}", requested.run)))
}

async fn sync_pickings(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    match request_sync::pickings(&app, &user.actor(), AccountId(*path)).await {
        Ok(requested) => follow(&user, &app, requested).await,
        Err(AppError::Rule(key)) => {
            user.flash(&app, Flash::new(Tone::Problem, user.lang.t(key))).await?;
            Ok(page::see_other(format!("/amazon/accounts/{path}")))
        }
        Err(error) => Err(error),
    }
}
