//! A new Amazon account: a name and the marketplace on which the seller signed up; linking it comes next.
//!
//! It reads nothing from Amazon until it is linked, and it takes over the application of an account that is there.

use super::Actor;
use super::credentials::{self, Secrets};
use super::edit_account::note;
use crate::app::App;
use crate::db::links::{self, LinkRow};
use crate::db::registrations::{self, NewAccount};
use crate::db::{accounts, marketplaces, standard_records};
use crate::domain::access::Action;
use crate::domain::account::{AccountState, USUAL_INTERVAL_SECS};
use crate::domain::ids::{AccountId, MarketplaceId, SellerId};
use crate::error::AppError;
use uuid::Uuid;

/// The longest name, in characters.
pub const LONGEST_NAME: usize = 80;

/// Creates the account; its seller becomes known when it is linked.
pub async fn run(app: &App, actor: &Actor, name: &str, signup: MarketplaceId) -> Result<AccountId, AppError> {
    actor.must(Action::EditAccounts)?;
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err(AppError::Rule("account-name-empty"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(AppError::Rule("account-name-long"));
    }
    let is_simulated = app.config.amazon_endpoint.is_some();
    let (secrets, entered_at) = known_application(app, actor, is_simulated).await?;
    let public_id = Uuid::now_v7().to_string();
    let sealed = credentials::seal(&app.vault, &secrets, &public_id)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.write(move |conn| {
        let company = actor.company;
        let directory = marketplaces::directory(conn, company)?;
        let region = directory.find(signup.as_str()).ok_or(AppError::Rule("account-marketplace-unknown"))?.region;
        if registrations::by_name(conn, company, &name)?.is_some() {
            return Err(AppError::Rule("account-name-taken"));
        }
        let (team, location) = standard_records::amazon_team_and_location(conn, company)?
            .ok_or(AppError::Internal("the company lacks its Amazon team or location"))?;
        let nobody = SellerId::from("");
        let row = NewAccount {
            company_id: company,
            name: &name,
            seller_id: &nobody,
            region: region.as_str(),
            is_simulated,
            state: AccountState::Paused,
            team_id: team,
            location_id: location,
            interval_secs: USUAL_INTERVAL_SECS,
            last_order_sync: now.naive_utc(),
            public_id: &public_id,
            wrapped_key: &sealed.wrapped_key,
            sealed: &sealed.body,
            version: 1,
            created_at: now.naive_utc(),
        };
        let id = registrations::insert(conn, &row, &[])?;
        let link =
            LinkRow { signup_marketplace: signup.clone(), secret_entered_at: entered_at, ..LinkRow::unknown(id) };
        links::put(conn, &link)?;
        note(conn, &actor, id, "account_created", ("", &name), now)?;
        Ok(id)
    })
    .await
}

/// The application that another account of the company uses at the same Amazon, and when its secret was entered.
async fn known_application(
    app: &App,
    actor: &Actor,
    is_simulated: bool,
) -> Result<(Secrets, Option<chrono::NaiveDateTime>), AppError> {
    let company = actor.company;
    let (all, held) = app
        .read(move |conn| Ok::<_, AppError>((accounts::all(conn, company, false)?, links::of_company(conn, company)?)))
        .await?;
    let mut all: Vec<_> = all.into_iter().map(|(row, ..)| row).filter(|row| row.is_simulated == is_simulated).collect();
    all.sort_by_key(|row| std::cmp::Reverse(row.id));
    for row in all {
        let Some(secrets) = credentials::held(app, &row).filter(|secrets| !secrets.client_secret.is_empty()) else {
            continue;
        };
        let entered_at = held.get(&row.id).and_then(|link| link.secret_entered_at);
        return Ok((Secrets { refresh_token: String::new(), ..secrets }, entered_at));
    }
    Ok((Secrets::default(), None))
}
