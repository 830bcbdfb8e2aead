//! One marketplace apart from the others: with a team, a location and a carrier of its own, or as a registration of its own.

use super::account::{again, changed, load, saved, wrong};
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::page;
use crate::app::App;
use crate::domain::access::Action;
use crate::domain::account::Override;
use crate::domain::ids::{AccountId, CarrierId, LocationId, MarketplaceId, TeamId};
use crate::error::AppError;
use crate::ops::edit_account::Seen;
use crate::ops::override_marketplaces;
use crate::ops::split_account::{self, Split};
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use serde::Deserialize;

/// Registers the actions.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/accounts/{id}/overrides", web::post().to(override_them))
        .route("/amazon/accounts/{id}/split", web::post().to(split));
}

/// A followed marketplace and what it has of its own; empty texts mean: as the account.
pub(super) struct Apart {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) team: String,
    pub(super) location: String,
    pub(super) carrier: String,
}

/// What one typed to split a marketplace off.
#[derive(Clone, Default)]
pub(super) struct TypedSplit {
    pub(super) name: String,
    pub(super) marketplace: String,
    pub(super) team: String,
    pub(super) location: String,
}

/// One list of each: the fields of a marketplace stand at the same place in all of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverridesForm {
    version: i64,
    #[serde(default)]
    marketplace: Vec<String>,
    #[serde(default)]
    team: Vec<String>,
    #[serde(default)]
    location: Vec<String>,
    #[serde(default)]
    carrier: Vec<String>,
}

impl OverridesForm {
    /// What was typed for each marketplace: itself, its team, its location, its carrier.
    fn rows(&self) -> impl Iterator<Item = [&String; 4]> {
        let rest = self.team.iter().zip(&self.location).zip(&self.carrier);
        self.marketplace.iter().zip(rest).map(|(id, ((team, location), carrier))| [id, team, location, carrier])
    }
}

async fn override_them(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<OverridesForm>,
) -> Result<HttpResponse, AppError> {
    let (id, form) = (AccountId(*path), form.into_inner());
    if [&form.team, &form.location, &form.carrier].iter().any(|list| list.len() != form.marketplace.len()) {
        return Err(AppError::BadRequest("fields of a marketplace are missing"));
    }
    let mut own = Vec::with_capacity(form.marketplace.len());
    for [marketplace, team, location, carrier] in form.rows() {
        let (team, location) = (key(team)?.map(TeamId), key(location)?.map(LocationId));
        let carrier = key(carrier)?.map(CarrierId);
        own.push((MarketplaceId::from(marketplace.as_str()), Override { team, location, carrier }));
    }
    let seen = Seen { account: id, version: form.version };
    match override_marketplaces::run(&app, &user.actor(), seen, own).await {
        Ok(()) => saved(&user, &app, id, "marketplaces").await,
        Err(AppError::Conflict) => compare(&user, &app, id, &form).await,
        Err(error) => Err(error),
    }
}

/// What is stored beside what was typed, for the marketplaces that are still followed.
async fn compare(user: &CurrentUser, app: &App, id: AccountId, form: &OverridesForm) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id, "marketplaces").await?;
    let mut conflict = again(&page, "overrides");
    let spoken = |offers: &[(String, String)], key: &str| {
        let name = offers.iter().find(|(id, _)| id == key).map(|(_, name)| name.clone());
        name.unwrap_or_else(|| user.lang.t("apart-as-account-plain").into_owned())
    };
    for [marketplace, team, location, carrier] in form.rows() {
        let Some(held) = page.apart.iter_mut().find(|one| one.id == *marketplace) else { continue };
        for (field, offers, theirs, mine) in [
            ("orders-team", &page.teams, &mut held.team, team),
            ("accounts-fba-location", &page.locations, &mut held.location, location),
            ("account-carrier", &page.carriers, &mut held.carrier, carrier),
        ] {
            let label = format!("{}, {}", held.name, user.lang.t(field));
            conflict.compare(label, spoken(offers, theirs), spoken(offers, mine));
            theirs.clone_from(mine);
        }
        conflict.carry("marketplace", marketplace.clone());
        conflict.carry("team", team.clone());
        conflict.carry("location", location.clone());
        conflict.carry("carrier", carrier.clone());
    }
    changed(user, app, page, conflict).await
}

/// The key of a chosen record; nothing chosen is no key.
fn key(text: &str) -> Result<Option<i64>, AppError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_no_number| AppError::BadRequest("an unknown choice"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SplitForm {
    version: i64,
    name: String,
    split: String,
    team: String,
    location: String,
}

async fn split(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<SplitForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::EditAccounts)?;
    let (id, form) = (AccountId(*path), form.into_inner());
    let unknown = || AppError::BadRequest("an unknown choice");
    let new = Split {
        name: form.name.clone(),
        marketplace: MarketplaceId::from(form.split.as_str()),
        team: TeamId(key(&form.team)?.ok_or_else(unknown)?),
        location: LocationId(key(&form.location)?.ok_or_else(unknown)?),
    };
    match split_account::run(&app, &user.actor(), Seen { account: id, version: form.version }, new).await {
        Ok(new) => {
            let said = user.lang.with("apart-split-done", &[("name", form.name.trim())]);
            user.flash(&app, Flash::success(said)).await?;
            Ok(page::see_other(format!("/amazon/accounts/{new}?tab=marketplaces")))
        }
        Err(error @ (AppError::Rule(_) | AppError::Conflict)) => {
            let key = if let AppError::Rule(key) = error { key } else { "split-changed" };
            let mut page = load(&user, &app, id, "marketplaces").await?;
            page.split =
                TypedSplit { name: form.name, marketplace: form.split, team: form.team, location: form.location };
            let mut errors = FieldErrors::new();
            errors.add(if key.starts_with("account-name") { "name" } else { "split" }, user.lang.t(key));
            wrong(page, errors)
        }
        Err(error) => Err(error),
    }
}
