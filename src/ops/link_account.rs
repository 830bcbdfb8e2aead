//! Linking an account: the authorization is tried out at Amazon first, then everything is stored in one transaction.
//!
//! A refusal is a sentence and changes nothing: the account stays as it was, and an authorization of another seller or of
//! another region never replaces the right one.

use super::credentials::{self, Secrets};
use super::edit_account::{note, stale};
use super::{Actor, ask_consent, test_permissions};
use crate::amazon::{AmazonError, AuthorizationCode, CallMeter, Credentials, Participation, RetryClass};
use crate::app::App;
use crate::crypto;
use crate::db::accounts::{self, AccountRow};
use crate::db::import::decisions;
use crate::db::jobs::{self, JobKind};
use crate::db::links::{self, LinkRow, Linking, ParticipationRow};
use crate::db::{Conn, marketplaces, orders};
use crate::domain::access::Action;
use crate::domain::account::{AuthorizedBy, OLDEST_ORDER_DAYS};
use crate::domain::dataset::Dataset;
use crate::domain::ids::{AccountId, MarketplaceId, SellerId};
use crate::domain::marketplace::Directory;
use crate::error::AppError;
use chrono::{Duration, NaiveDateTime};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq as _;

/// What Amazon sends the merchant back with.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// What we sent along.
    pub state: String,
    /// Who consented.
    pub seller: String,
    /// The code to exchange; empty when the merchant refused.
    pub code: String,
}

/// An account that was linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The account.
    pub account: AccountId,
    /// Whether it was linked for the first time.
    pub is_first: bool,
    /// The marketplaces that are followed from now on because of that.
    pub followed: Vec<MarketplaceId>,
}

/// Orders of the last days that Amazon surely still finds, in days; a little less than its two years.
const FINDABLE_DAYS: i64 = OLDEST_ORDER_DAYS - 30;

/// The longest identifier of a seller that is believed, in characters.
const LONGEST_SELLER: usize = 32;

/// Whether a text may be Amazon's identifier of a seller: capital letters and digits, beginning with `A`.
fn looks_like_seller(text: &str) -> bool {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    text.starts_with('A') && text.len() >= 8 && text.len() <= LONGEST_SELLER && is_plain
}

/// The account that an answer claims to be about; it is only believed after [`by_consent`].
pub fn claimed_account(state: &str) -> Option<AccountId> {
    state.split('.').next()?.parse().ok().map(AccountId)
}

/// Links the account for which this session asked Amazon for a consent.
pub async fn by_consent(app: &App, actor: &Actor, session: &str, answer: Answer) -> Result<Linked, AppError> {
    actor.must(Action::EditAccounts)?;
    let account = use_state(app, session, &answer.state).await?;
    if answer.code.is_empty() {
        return Err(AppError::Rule("link-refused"));
    }
    if !looks_like_seller(&answer.seller) {
        return Err(AppError::Rule("link-no-seller"));
    }
    let row = load(app, actor, account).await?;
    let held = credentials::held(app, &row).unwrap_or_default();
    let seller = SellerId(answer.seller);
    refuse_other_seller(&row, &seller)?;
    let code = AuthorizationCode {
        client_id: held.client_id.clone(),
        client_secret: SecretString::from(held.client_secret.clone()),
        code: SecretString::from(answer.code),
        redirect_uri: Some(ask_consent::redirect_uri(app)),
    };
    let token =
        app.amazon.exchange_code(&code, &mut CallMeter::default()).await.map_err(|error| match error.class() {
            RetryClass::AuthorizationLost => AppError::Rule("link-code-expired"),
            _ => refusal(&error),
        })?;
    let secrets = Secrets { refresh_token: token.expose_secret().to_owned(), ..held };
    link(app, actor, row, Grant { seller, secrets, by: AuthorizedBy::Consent }).await
}

/// Links an account with a refresh token that the merchant's own developer console gave.
pub async fn by_token(
    app: &App,
    actor: &Actor,
    account: AccountId,
    seller: &str,
    refresh_token: &str,
) -> Result<Linked, AppError> {
    actor.must(Action::EditAccounts)?;
    let row = load(app, actor, account).await?;
    let held = credentials::held(app, &row).unwrap_or_default();
    if held.client_id.is_empty() || held.client_secret.is_empty() {
        return Err(AppError::Rule("link-no-client"));
    }
    if !looks_like_seller(seller) {
        return Err(AppError::Rule("link-seller-wrong"));
    }
    let seller = SellerId::from(seller);
    refuse_other_seller(&row, &seller)?;
    let secrets = Secrets { refresh_token: refresh_token.to_owned(), ..held };
    link(app, actor, row, Grant { seller, secrets, by: AuthorizedBy::Token }).await
}

/// What Amazon says about a call, as a sentence for the person who waits for it.
pub(super) fn refusal(error: &AmazonError) -> AppError {
    tracing::warn!(error = %error, amazon.request_id = error.request_id(), "Amazon refused while an account was linked");
    match error.class() {
        RetryClass::AuthorizationLost => AppError::Rule("link-revoked"),
        RetryClass::ClientRefused => AppError::Rule("link-client-refused"),
        RetryClass::Auth => AppError::Rule("link-wrong-region"),
        RetryClass::Throttled { .. } => AppError::Rule("link-throttled"),
        RetryClass::Retryable => AppError::Rule("link-unreachable"),
        _ => AppError::Rule("link-amazon-failed"),
    }
}

/// An authorization that was not tried out yet.
struct Grant {
    seller: SellerId,
    secrets: Secrets,
    by: AuthorizedBy,
}

async fn load(app: &App, actor: &Actor, account: AccountId) -> Result<AccountRow, AppError> {
    let company = actor.company;
    let found = app.read(move |conn| accounts::by_id(conn, company, account)).await?;
    let (row, ..) = found.ok_or(AppError::NotFound)?;
    if row.archived_at.is_some() { Err(AppError::Rule("account-is-archived")) } else { Ok(row) }
}

fn refuse_other_seller(row: &AccountRow, seller: &SellerId) -> Result<(), AppError> {
    let is_other = !row.seller_id.as_str().is_empty() && row.seller_id != *seller;
    if is_other { Err(AppError::Rule("link-other-seller")) } else { Ok(()) }
}

/// Uses up the `state`: it must be ours, of this session, not used and not expired.
async fn use_state(app: &App, session: &str, text: &str) -> Result<AccountId, AppError> {
    let mut parts = text.splitn(3, '.');
    let (Some(account), Some(nonce)) = (claimed_account(text), parts.nth(1)) else {
        return Err(AppError::Rule("link-state-bad"));
    };
    let ours = ask_consent::state(&app.vault, account, nonce, session);
    if !bool::from(ours.as_bytes().ct_eq(text.as_bytes())) {
        return Err(AppError::Rule("link-state-bad"));
    }
    let (hash, session, now) = (crypto::token_hash(text), session.to_owned(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let Some(asked) = links::asked(conn, &hash)? else { return Err(AppError::Rule("link-state-expired")) };
        if asked.account_id != account || asked.session_hash != session {
            return Err(AppError::Rule("link-state-bad"));
        }
        if !links::use_up(conn, &hash, now)? {
            return Err(AppError::Rule("link-state-used"));
        }
        Ok(asked.expires_at)
    })
    .await
    .and_then(|ends| if ends <= now { Err(AppError::Rule("link-state-expired")) } else { Ok(account) })
}

/// Tries the authorization out and stores it.
async fn link(app: &App, actor: &Actor, row: AccountRow, grant: Grant) -> Result<Linked, AppError> {
    let credentials = credentials::of(&grant.secrets, row.id, row.region())?;
    let told = app.amazon.participations(&credentials, &mut CallMeter::default()).await.map_err(|e| refusal(&e))?;
    let company = actor.company;
    let (directory, held, newest) = {
        let (id, since) = (row.id, (app.clock.now() - Duration::days(FINDABLE_DAYS)).naive_utc());
        app.read(move |conn| {
            let directory = marketplaces::directory(conn, company)?;
            let held = crate::db::registrations::marketplaces(conn, id)?;
            Ok::<_, AppError>((directory, held, orders::newest_reference(conn, company, id, since)?))
        })
        .await?
    };
    let open = open_marketplaces(&directory, &row, &told);
    if open.is_empty() {
        return Err(AppError::Rule("link-wrong-region"));
    }
    if let Some(reference) = newest {
        // Amazon does not tell whose token it is; an order that it does not find is another seller's.
        let without = (Dataset::ALL, &directory);
        let found = app.amazon.get_order(&credentials, &reference, without, &mut CallMeter::default()).await;
        if found.map_err(|error| refusal(&error))?.is_none() {
            return Err(AppError::Rule("link-other-seller"));
        }
    }
    let asked = if held.is_empty() { &open } else { &held };
    let refused = test_permissions::ask(app, &credentials, asked).await;
    let refused = match refused {
        Ok(refused) => Some(refused),
        // The authorization is good; what it grants is found out later, on demand or by the first synchronization.
        Err(error) => {
            tracing::warn!(error = %error, account.id = row.id.0, "the permissions could not be tested");
            None
        }
    };
    let linked = store(app, actor, row, grant, Told { marketplaces: told, open, refused }).await?;
    app.amazon.forget(linked.account);
    app.wake.notify_one();
    Ok(linked)
}

/// What Amazon told about an authorization.
struct Told {
    marketplaces: Vec<Participation>,
    open: Vec<MarketplaceId>,
    refused: Option<Vec<Dataset>>,
}

/// The marketplaces of the account's region that Comptoir knows and where the seller sells.
pub(super) fn open_marketplaces(directory: &Directory, row: &AccountRow, told: &[Participation]) -> Vec<MarketplaceId> {
    let is_of_region =
        |id: &MarketplaceId| directory.find(id.as_str()).is_some_and(|entry| Some(entry.region) == row.region());
    let open = told.iter().filter(|told| told.is_participating).map(|told| &told.marketplace);
    open.filter(|id| is_of_region(id)).cloned().collect()
}

/// Amazon's marketplaces as they are stored; each once.
pub(super) fn rows(account: AccountId, told: &[Participation]) -> Vec<ParticipationRow> {
    let mut rows: Vec<ParticipationRow> = Vec::new();
    for told in told {
        if rows.iter().any(|row| row.marketplace_id == told.marketplace) {
            continue;
        }
        rows.push(ParticipationRow {
            account_id: account,
            marketplace_id: told.marketplace.clone(),
            name: told.name.clone(),
            country: told.country.clone(),
            currency: told.currency.clone(),
            is_participating: told.is_participating,
            is_suspended: told.has_suspended_listings,
        });
    }
    rows
}

async fn store(app: &App, actor: &Actor, row: AccountRow, grant: Grant, told: Told) -> Result<Linked, AppError> {
    let sealed = credentials::seal(&app.vault, &grant.secrets, &row.public_id)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.write(move |conn| {
        let utc = now.naive_utc();
        let (followed, version) = follow_first(conn, &row, &grant.seller, &told.open)?;
        let linking = Linking { account: row.id, version, seller: &grant.seller, sealed: &sealed };
        links::link(conn, &linking).map_err(stale)?;
        let mut link = LinkRow {
            authorized_by: grant.by,
            authorized_at: Some(utc),
            marketplaces_read_at: Some(utc),
            ..links::by_account(conn, row.id)?
        };
        if let Some(refused) = &told.refused {
            link.note_test(refused, utc);
        }
        links::put(conn, &link)?;
        links::set_participations(conn, row.id, &rows(row.id, &told.marketplaces))?;
        settle(conn, row.id, utc)?;
        jobs::request(conn, JobKind::SyncOrders, row.id, utc)?;
        let told = format!("seller {}, by {}", grant.seller, grant.by.as_str());
        note(conn, &actor, row.id, "account_linked", ("", &told), now)?;
        let is_first = row.seller_id.as_str().is_empty();
        Ok::<_, AppError>(Linked { account: row.id, is_first, followed })
    })
    .await
}

/// Follows what the seller may sell on and nobody else follows, when the account is linked for the first time, or
/// again after it was archived, which let go of its marketplaces.
fn follow_first(
    conn: &mut Conn,
    row: &AccountRow,
    seller: &SellerId,
    open: &[MarketplaceId],
) -> Result<(Vec<MarketplaceId>, i64), AppError> {
    let follows = !crate::db::registrations::marketplaces(conn, row.id)?.is_empty();
    if !row.seller_id.as_str().is_empty() && (row.is_linked() || follows) {
        return Ok((Vec::new(), row.version));
    }
    let taken = accounts::followers(conn, seller, row.id)?;
    let free = open.iter().filter(|id| !taken.iter().any(|(held, ..)| held == *id));
    let followed: Vec<MarketplaceId> = free.cloned().collect();
    let mut named = row.clone();
    named.seller_id = seller.clone();
    accounts::set_marketplaces(conn, &named, row.version, &followed).map_err(stale)?;
    Ok((followed, row.version + 1))
}

/// The account is read again: the issue about its lost authorization has no cause any more.
fn settle(conn: &mut Conn, account: AccountId, now: NaiveDateTime) -> Result<(), AppError> {
    Ok(decisions::settle(conn, &[account], &["authorization_lost"], &[&account.to_string()], now)?)
}

/// The secrets of an account that is linked, to call Amazon.
pub(super) fn credentials_of(app: &App, row: &AccountRow) -> Result<Credentials, AppError> {
    let secrets = credentials::held(app, row).filter(|secrets| !secrets.refresh_token.is_empty());
    credentials::of(&secrets.ok_or(AppError::Rule("account-not-linked-yet"))?, row.id, row.region())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_looks_like_a_seller_is_believed() {
        assert!(looks_like_seller("A1DEMOSELLER00") && looks_like_seller("A3K5ZQ7B9XWL2M"));
        for wrong in ["", "A1", "a1demoseller00", "B1DEMOSELLER00", "A1DEMO SELLER", "A1DEMO'SELLER", &"A".repeat(33)] {
            assert!(!looks_like_seller(wrong), "{wrong}");
        }
        assert_eq!(claimed_account("7.abc.def"), Some(AccountId(7)));
        assert_eq!(claimed_account("x.abc.def"), None);
    }
}
