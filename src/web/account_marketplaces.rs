//! The marketplaces of one Amazon account: where the seller may sell, and which of these are synchronized.

use super::account::{AccountPage, again, changed, load, saved, wrong};
use super::account_apart::Apart;
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::{Flash, Tone};
use super::page;
use crate::app::App;
use crate::db::accounts::{self, AccountRow};
use crate::db::links::{self, LinkRow, ParticipationRow};
use crate::db::{Conn, DbError, marketplaces};
use crate::domain::access::Action;
use crate::domain::account::Override;
use crate::domain::ids::{AccountId, MarketplaceId};
use crate::domain::marketplace::Directory;
use crate::error::AppError;
use crate::ops::edit_account::{self, Followed, Seen};
use crate::ops::update_marketplaces;
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use serde::Deserialize;

/// Registers the actions.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/accounts/{id}/marketplaces", web::post().to(save))
        .route("/amazon/accounts/{id}/available-marketplaces", web::post().to(update));
}

/// A marketplace that can be followed.
pub(super) struct Offered {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) is_on: bool,
    pub(super) elsewhere: Option<(String, String)>,
    /// Whether the seller may sell there, as far as Amazon told.
    pub(super) is_open: bool,
    /// The message about what Amazon told; empty for nothing.
    pub(super) told: &'static str,
}

/// A marketplace that Amazon named and that cannot be followed.
pub(super) struct Ignored {
    pub(super) id: String,
    pub(super) name: String,
    /// The page that adds it, when nobody knows it.
    pub(super) adding: Option<String>,
}

/// What is known around an account: its link and its marketplaces.
pub(super) struct Around {
    pub(super) link: LinkRow,
    pub(super) directory: Directory,
    held: Vec<(MarketplaceId, bool)>,
    followers: Vec<(MarketplaceId, AccountId, String)>,
    told: Vec<ParticipationRow>,
    own: Vec<(MarketplaceId, Override)>,
}

impl Around {
    /// Reads it.
    pub(super) fn load(conn: &mut Conn, row: &AccountRow) -> Result<Self, DbError> {
        Ok(Self {
            link: links::by_account(conn, row.id)?,
            directory: marketplaces::directory(conn, row.company_id)?,
            held: accounts::marketplaces(conn, row.company_id)?.remove(&row.id).unwrap_or_default(),
            followers: accounts::followers(conn, &row.seller_id, row.id)?,
            told: links::participations(conn, row.id)?,
            own: accounts::overrides(conn, row.id)?,
        })
    }

    /// The followed ones with what they have of their own.
    pub(super) fn apart(&self, offered: &[Offered]) -> Vec<Apart> {
        let own =
            |id: &str| self.own.iter().find(|(held, _)| held.as_str() == id).map(|(_, own)| *own).unwrap_or_default();
        let followed = offered.iter().filter(|offered| offered.is_on);
        followed
            .map(|offered| {
                let own = own(&offered.id);
                Apart {
                    id: offered.id.clone(),
                    name: offered.name.clone(),
                    team: own.team.map(|team| team.to_string()).unwrap_or_default(),
                    location: own.location.map(|location| location.to_string()).unwrap_or_default(),
                    carrier: own.carrier.map(|carrier| carrier.to_string()).unwrap_or_default(),
                }
            })
            .collect()
    }

    /// The marketplaces to choose from, and those that Amazon named in vain.
    pub(super) fn offered(&self, row: &AccountRow) -> (Vec<Offered>, Vec<Ignored>) {
        let told = |id: &str| self.told.iter().find(|told| told.marketplace_id.as_str() == id);
        let is_held = |id: &str| self.held.iter().any(|(held, is_on)| *is_on && held.as_str() == id);
        let of_region = self.directory.all().filter(|found| Some(found.region) == row.region());
        // Before Amazon was asked, all of the region are offered.
        let named = of_region.filter(|found| self.told.is_empty() || told(found.id).is_some() || is_held(found.id));
        let offered = named.map(|found| {
            let told = told(found.id);
            let said = match told {
                None if self.told.is_empty() => "",
                None => "account-marketplace-gone",
                Some(told) if !told.is_participating => "account-marketplace-closed",
                Some(told) if told.is_suspended => "account-marketplace-suspended",
                Some(_) => "",
            };
            let follower = self.followers.iter().find(|(id, ..)| id.as_str() == found.id);
            Offered {
                id: found.id.to_owned(),
                name: found.name.to_owned(),
                is_on: is_held(found.id),
                elsewhere: follower
                    .map(|(_, account, name)| (format!("/amazon/accounts/{account}?tab=marketplaces"), name.clone())),
                is_open: self.told.is_empty() || told.is_some_and(|told| told.is_participating),
                told: said,
            }
        });
        let foreign = self.told.iter().filter_map(|told| match self.directory.find(told.marketplace_id.as_str()) {
            Some(found) if Some(found.region) == row.region() => None,
            found => Some(Ignored {
                id: told.marketplace_id.to_string(),
                name: if told.name.is_empty() { told.marketplace_id.to_string() } else { told.name.clone() },
                adding: found.is_none().then(|| adding(told)),
            }),
        });
        (offered.collect(), foreign.collect())
    }
}

/// The address of the form for a new marketplace, filled in with what Amazon told.
fn adding(told: &ParticipationRow) -> String {
    let known = [("id", told.marketplace_id.as_str()), ("name", &told.name), ("country", &told.country)];
    let query = serde_html_form::to_string(known).unwrap_or_default();
    format!(
        "/amazon/marketplaces/new?{query}&currency={}",
        told.currency.chars().filter(char::is_ascii_uppercase).collect::<String>()
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarketplacesForm {
    version: i64,
    #[serde(default)]
    marketplace: Vec<String>,
}

async fn save(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<MarketplacesForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::EditAccounts)?;
    let (id, form) = (AccountId(*path), form.into_inner());
    let chosen: Vec<MarketplaceId> = form.marketplace.iter().map(|id| MarketplaceId::from(id.as_str())).collect();
    let seen = Seen { account: id, version: form.version };
    let refused = match edit_account::marketplaces(&app, &user.actor(), seen, chosen).await {
        Ok(Ok(())) => return saved(&user, &app, id, "marketplaces").await,
        Ok(Err(refused)) => refused,
        Err(AppError::Rule(key)) => return problem(&user, &app, id, key).await,
        Err(AppError::Conflict) => return compare(&user, &app, id, &form.marketplace).await,
        Err(error) => return Err(error),
    };
    let Followed { marketplace, account, name } = refused;
    let mut page = load(&user, &app, id, "marketplaces").await?;
    let shown = page.marketplaces.iter().find(|offered| offered.id == marketplace.as_str());
    let shown = shown.map_or_else(|| marketplace.to_string(), |offered| offered.name.clone());
    choose(&mut page, &form.marketplace);
    let mut errors = FieldErrors::new();
    let said = [("marketplace", shown.as_str()), ("account", name.as_str())];
    errors.add("marketplaces", user.lang.with("account-marketplace-followed", &said));
    page.refused = Some((shown, format!("/amazon/accounts/{account}?tab=marketplaces"), name));
    wrong(page, errors)
}

/// Ticks what was chosen instead of what is stored.
fn choose(page: &mut AccountPage, chosen: &[String]) {
    for offered in &mut page.marketplaces {
        offered.is_on = chosen.contains(&offered.id);
    }
}

async fn compare(user: &CurrentUser, app: &App, id: AccountId, chosen: &[String]) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id, "marketplaces").await?;
    let mut conflict = again(&page, "marketplaces");
    let spoken = |is_on| user.lang.t(if is_on { "account-marketplace-on" } else { "account-marketplace-off" });
    for offered in &page.marketplaces {
        let is_chosen = chosen.contains(&offered.id);
        conflict.compare(offered.name.clone(), spoken(offered.is_on), spoken(is_chosen));
        if is_chosen {
            conflict.carry("marketplace", offered.id.clone());
        }
    }
    choose(&mut page, chosen);
    changed(user, app, page, conflict).await
}

/// Nothing: the address says which account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn update(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    let id = AccountId(*path);
    match update_marketplaces::run(&app, &user.actor(), id).await {
        Ok(new) => {
            let said = user.lang.with("account-marketplaces-updated", &[("count", new)]);
            user.flash(&app, Flash::success(said)).await?;
            Ok(page::see_other(format!("/amazon/accounts/{id}?tab=marketplaces")))
        }
        Err(AppError::Rule(key)) => problem(&user, &app, id, key).await,
        Err(error) => Err(error),
    }
}

async fn problem(user: &CurrentUser, app: &App, id: AccountId, key: &str) -> Result<HttpResponse, AppError> {
    user.flash(app, Flash::new(Tone::Problem, user.lang.t(key))).await?;
    Ok(page::see_other(format!("/amazon/accounts/{id}?tab=marketplaces")))
}
