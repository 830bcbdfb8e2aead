//! Sending a merchant to Amazon's consent page: the address, and a `state` that only this session can bring back, once.

use super::Actor;
use super::credentials;
use crate::amazon::Consent;
use crate::app::App;
use crate::crypto::{self, Purpose, Vault};
use crate::db::links::{self, LinkRequest};
use crate::db::{accounts, marketplaces};
use crate::domain::access::Action;
use crate::domain::ids::AccountId;
use crate::error::AppError;
use chrono::Duration;

/// How long a consent may take, sign-in at Amazon included, in minutes.
const CONSENT_MINUTES: i64 = 30;

/// How long an answered or expired request is kept, so that it can be told apart from a forged one, in days.
const KEPT_DAYS: i64 = 1;

/// The page of ours to which Amazon sends the merchant back.
pub const CALLBACK: &str = "/amazon/link";

/// The address of [`CALLBACK`] as browsers reach it, to register with the application.
pub fn redirect_uri(app: &App) -> String {
    format!("{}{CALLBACK}", app.config.public_url)
}

/// What an answer of Amazon carries: account, chance, and the proof that this session asked.
pub(super) fn state(vault: &Vault, account: AccountId, nonce: &str, session: &str) -> String {
    let proof = vault.reference(Purpose::Consent, &format!("{account} {nonce} {session}"));
    format!("{account}.{nonce}.{proof}")
}

/// Remembers the request and answers the address of the consent page.
pub async fn run(
    app: &App,
    actor: &Actor,
    session: &str,
    account: AccountId,
    is_draft: bool,
) -> Result<String, AppError> {
    actor.must(Action::EditAccounts)?;
    let company = actor.company;
    let (row, link, followed, directory) = app
        .read(move |conn| {
            let (row, ..) = accounts::by_id(conn, company, account)?.ok_or(AppError::NotFound)?;
            let followed = crate::db::registrations::marketplaces(conn, account)?;
            let directory = marketplaces::directory(conn, company)?;
            Ok::<_, AppError>((row, links::by_account(conn, account)?, followed, directory))
        })
        .await?;
    if row.archived_at.is_some() {
        return Err(AppError::Rule("account-is-archived"));
    }
    if row.is_simulated != app.config.amazon_endpoint.is_some() {
        return Err(AppError::Rule("link-other-amazon"));
    }
    let secrets = credentials::held(app, &row).unwrap_or_default();
    if secrets.application_id.is_empty() || secrets.client_id.is_empty() || secrets.client_secret.is_empty() {
        return Err(AppError::Rule("link-no-application"));
    }
    let signup = directory.find(link.signup_marketplace.as_str());
    let first = || followed.first().and_then(|id| directory.find(id.as_str()));
    let any = || directory.all().find(|entry| Some(entry.region) == row.region());
    let marketplace = signup.or_else(first).or_else(any).ok_or(AppError::Internal("a region has no marketplace"))?;
    let state = state(&app.vault, account, &crypto::random_token()?, session);
    let consent = Consent {
        seller_central: marketplace.seller_central_url,
        application_id: &secrets.application_id,
        state: &state,
        redirect_uri: &redirect_uri(app),
        is_draft,
    };
    let url = app.amazon.consent_url(&consent).ok_or(AppError::Internal("Seller Central has no address"))?.to_string();
    let now = app.clock.now();
    let request = LinkRequest {
        state_hash: crypto::token_hash(&state),
        account_id: account,
        session_hash: session.to_owned(),
        created_at: now.naive_utc(),
        expires_at: (now + Duration::minutes(CONSENT_MINUTES)).naive_utc(),
        used_at: None,
    };
    let actor = actor.clone();
    app.write(move |conn| {
        links::remember(conn, &request, (now - Duration::days(KEPT_DAYS)).naive_utc())?;
        super::edit_account::note(conn, &actor, account, "account_consent_asked", ("", ""), now)
    })
    .await?;
    Ok(url)
}
