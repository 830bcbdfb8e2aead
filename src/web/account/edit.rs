//! The forms of an account: its secrets, how its orders are followed, and its marketplaces.
//!
//! A form that somebody else overtook changes nothing: both values are shown, and nothing typed is lost.

use super::super::badges;
use super::super::conflict::Conflict;
use super::super::extract::{CurrentUser, FieldErrors, Form};
use super::{AccountPage, changed, load, saved, wrong};
use crate::app::App;
use crate::domain::access::Action;
use crate::domain::account::SHORTEST_INTERVAL_SECS;
use crate::domain::ids::{AccountId, LocationId, MarketplaceId, TeamId};
use crate::error::AppError;
use crate::ops::credentials::Secrets;
use crate::ops::edit_account::{self, FollowUp, Followed, LONGEST_INTERVAL_SECS, Seen};
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use serde::Deserialize;

/// Registers the forms.
pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/accounts/{id}/credentials", web::post().to(save_credentials))
        .route("/amazon/accounts/{id}/follow-up", web::post().to(save_follow_up))
        .route("/amazon/accounts/{id}/marketplaces", web::post().to(save_marketplaces));
}

/// The form that saves what was typed over what is stored now.
fn again(page: &AccountPage, form: &str) -> Conflict {
    let id = page.id;
    let keep = format!("/amazon/accounts/{id}?tab={}", page.tab);
    Conflict::new(format!("/amazon/accounts/{id}/{form}"), page.version, keep)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CredentialsForm {
    version: i64,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
    #[serde(default)]
    refresh_token: String,
    /// What was typed before somebody else was faster, sealed.
    #[serde(default)]
    kept: String,
}

async fn save_credentials(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<CredentialsForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::EditAccounts)?;
    let (id, form) = (AccountId(*path), form.into_inner());
    let trimmed = |text: String| text.trim().to_owned();
    let secrets = if form.kept.is_empty() {
        Secrets {
            client_id: trimmed(form.client_id),
            client_secret: trimmed(form.client_secret),
            refresh_token: trimmed(form.refresh_token),
        }
    } else {
        edit_account::kept_secrets(&app, id, &form.kept)?
    };
    if [&secrets.client_id, &secrets.client_secret, &secrets.refresh_token].iter().all(|text| text.is_empty()) {
        let page = load(&user, &app, id, "credentials").await?;
        let mut errors = FieldErrors::new();
        errors.add("client_id", user.lang.t("account-secrets-empty"));
        return wrong(page, errors);
    }
    let seen = Seen { account: id, version: form.version };
    match edit_account::secrets(&app, &user.actor(), seen, secrets.clone()).await {
        Ok(()) => saved(&user, &app, id, "credentials").await,
        Err(AppError::Conflict) => compare_credentials(&user, &app, id, &secrets).await,
        Err(error) => Err(error),
    }
}

/// Secrets are told apart by their endings, as everywhere; those that were typed are carried on sealed.
async fn compare_credentials(
    user: &CurrentUser,
    app: &App,
    id: AccountId,
    secrets: &Secrets,
) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id, "credentials").await?;
    let mut conflict = again(&page, "credentials");
    conflict.carry("kept", edit_account::keep_secrets(app, id, secrets)?);
    let spoken = |ending: &str| match ending {
        "" => user.lang.t("account-secret-set"),
        ending => user.lang.with("account-secret-ends", &[("ending", ending)]),
    };
    let typed = [&secrets.client_id, &secrets.client_secret, &secrets.refresh_token];
    for ((_, label, theirs), mine) in page.secrets.iter().zip(typed).filter(|(_, mine)| !mine.is_empty()) {
        conflict.compare(user.lang.t(label), spoken(theirs), spoken(&edit_account::ending(mine)));
    }
    page.typed.client_id.clone_from(&secrets.client_id);
    changed(user, app, page, conflict).await
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
    match edit_account::follow_up(&app, &user.actor(), Seen { account: id, version: form.version }, new).await {
        Ok(()) => saved(&user, &app, id, "orders").await,
        Err(AppError::Conflict) => compare_follow_up(&user, &app, id, form).await,
        Err(error) => Err(error),
    }
}

async fn compare_follow_up(
    user: &CurrentUser,
    app: &App,
    id: AccountId,
    form: FollowUpForm,
) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id, "orders").await?;
    let mut conflict = again(&page, "follow-up");
    let name = |offers: &[(String, String)], value: &str| {
        offers.iter().find(|(id, _)| id == value).map(|(_, name)| name.clone()).unwrap_or_default()
    };
    conflict.compare(user.lang.t("orders-team"), page.team.clone(), name(&page.teams, &form.team));
    let location = name(&page.locations, &form.location);
    conflict.compare(user.lang.t("accounts-fba-location"), page.location.clone(), location);
    conflict.compare(user.lang.t("account-interval"), page.typed.interval.clone(), form.interval.trim());
    conflict.carry("team", form.team.clone());
    conflict.carry("location", form.location.clone());
    conflict.carry("interval", form.interval.clone());
    (page.typed.team, page.typed.location, page.typed.interval) = (form.team, form.location, form.interval);
    changed(user, app, page, conflict).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarketplacesForm {
    version: i64,
    #[serde(default)]
    marketplace: Vec<String>,
}

async fn save_marketplaces(
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
        Ok(Err(Followed { marketplace, account, name })) => {
            let href = format!("/amazon/accounts/{account}?tab=marketplaces");
            (badges::marketplace(marketplace.as_str()), href, name)
        }
        Err(AppError::Conflict) => return compare_marketplaces(&user, &app, id, &form.marketplace).await,
        Err(error) => return Err(error),
    };
    let mut page = load(&user, &app, id, "marketplaces").await?;
    choose(&mut page, &form.marketplace);
    let mut errors = FieldErrors::new();
    let said = [("marketplace", refused.0.as_str()), ("account", refused.2.as_str())];
    errors.add("marketplaces", user.lang.with("account-marketplace-followed", &said));
    page.refused = Some(refused);
    wrong(page, errors)
}

/// Ticks what was chosen instead of what is stored.
fn choose(page: &mut AccountPage, chosen: &[String]) {
    for offered in &mut page.marketplaces {
        offered.is_on = chosen.iter().any(|id| id == offered.id);
    }
}

async fn compare_marketplaces(
    user: &CurrentUser,
    app: &App,
    id: AccountId,
    chosen: &[String],
) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id, "marketplaces").await?;
    let mut conflict = again(&page, "marketplaces");
    let spoken = |is_on| user.lang.t(if is_on { "account-marketplace-on" } else { "account-marketplace-off" });
    for offered in &page.marketplaces {
        let is_chosen = chosen.iter().any(|id| id == offered.id);
        conflict.compare(offered.name, spoken(offered.is_on), spoken(is_chosen));
        if is_chosen {
            conflict.carry("marketplace", offered.id);
        }
    }
    choose(&mut page, chosen);
    changed(user, app, page, conflict).await
}
