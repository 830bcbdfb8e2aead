//! How the orders of an account are followed: team, location, usual carrier and interval.
//!
//! A form that somebody else overtook changes nothing: both values are shown, and nothing typed is lost.

use super::super::extract::{CurrentUser, FieldErrors, Form};
use super::{Typed, again, changed, load, name_of, saved, wrong};
use crate::app::App;
use crate::domain::access::Action;
use crate::domain::account::SHORTEST_INTERVAL_SECS;
use crate::domain::ids::{AccountId, CarrierId, LocationId, TeamId};
use crate::error::AppError;
use crate::ops::edit_account::{self, FollowUp, LONGEST_INTERVAL_SECS, Seen};
use actix_web::HttpResponse;
use actix_web::web::{self, Data, Path, ServiceConfig};
use serde::Deserialize;

/// Registers the form.
pub(super) fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/accounts/{id}/follow-up", web::post().to(save_follow_up));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FollowUpForm {
    version: i64,
    team: String,
    location: String,
    #[serde(default)]
    carrier: String,
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
    let carrier = match form.carrier.as_str() {
        "" => Some(None),
        chosen => chosen.parse().ok().filter(|_| is_offered(&page.carriers, chosen)).map(Some),
    };
    let secs = form.interval.trim().parse::<i64>().ok().and_then(|minutes| minutes.checked_mul(60));
    let secs = secs.filter(|secs| edit_account::is_interval(*secs));
    if team.is_none() {
        errors.add("team", user.lang.t("account-team-wrong"));
    }
    if location.is_none() {
        errors.add("location", user.lang.t("account-location-wrong"));
    }
    if carrier.is_none() {
        errors.add("carrier", user.lang.t("account-carrier-wrong"));
    }
    if secs.is_none() {
        let limits = [("least", SHORTEST_INTERVAL_SECS / 60), ("most", LONGEST_INTERVAL_SECS / 60)];
        errors.add("interval", user.lang.with("account-interval-wrong", &limits));
    }
    let (Some(team), Some(location), Some(carrier), Some(interval_secs)) = (team, location, carrier, secs) else {
        keep(&mut page.typed, form);
        return wrong(page, errors);
    };
    let (team, location, carrier) = (TeamId(team), LocationId(location), carrier.map(CarrierId));
    let new = FollowUp { team, location, carrier, interval_secs };
    match edit_account::follow_up(&app, &user.actor(), Seen { account: id, version: form.version }, new).await {
        Ok(()) => saved(&user, &app, id, "orders").await,
        Err(AppError::Conflict) => compare_follow_up(&user, &app, id, form).await,
        Err(error) => Err(error),
    }
}

/// Keeps what was typed for the form that is shown again.
fn keep(typed: &mut Typed, form: FollowUpForm) {
    (typed.team, typed.location, typed.carrier, typed.interval) =
        (form.team, form.location, form.carrier, form.interval);
}

async fn compare_follow_up(
    user: &CurrentUser,
    app: &App,
    id: AccountId,
    form: FollowUpForm,
) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id, "orders").await?;
    let mut conflict = again(&page, "follow-up");
    conflict.compare(user.lang.t("orders-team"), page.team.clone(), name_of(&page.teams, &form.team));
    let location = name_of(&page.locations, &form.location);
    conflict.compare(user.lang.t("accounts-fba-location"), page.location.clone(), location);
    let carrier = |key: &str| match key {
        "" => user.lang.t("account-carrier-none").into_owned(),
        key => name_of(&page.carriers, key),
    };
    conflict.compare(user.lang.t("account-carrier"), carrier(&page.typed.carrier), carrier(&form.carrier));
    conflict.compare(user.lang.t("account-interval"), page.typed.interval.clone(), form.interval.trim());
    conflict.carry("team", form.team.clone());
    conflict.carry("location", form.location.clone());
    conflict.carry("carrier", form.carrier.clone());
    conflict.carry("interval", form.interval.clone());
    keep(&mut page.typed, form);
    changed(user, app, page, conflict).await
}
