//! The secrets of an Amazon account: sealed before they are stored, opened only to call Amazon.

use crate::amazon::Credentials;
use crate::app::App;
use crate::crypto::{CryptoError, Sealed, Vault};
use crate::db::accounts;
use crate::db::registrations::AccountRow;
use crate::domain::ids::AccountId;
use crate::domain::marketplace::Region;
use crate::error::AppError;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// The secrets of an account as they are sealed, and as the file for `account add` holds them.
#[derive(Clone, Default, Deserialize, Serialize)]
pub struct Secrets {
    /// The application's identifier in the developer console; only the consent page needs it.
    #[serde(default)]
    pub application_id: String,
    /// The application's client id.
    pub client_id: String,
    /// The application's client secret.
    pub client_secret: String,
    /// The seller's refresh token.
    pub refresh_token: String,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}

/// Seals the secrets of the account with this public identity.
pub fn seal(vault: &Vault, secrets: &Secrets, public_id: &str) -> Result<Sealed, CryptoError> {
    let json = serde_json::to_vec(secrets).map_err(|_never_for_plain_data| CryptoError::NotAuthentic)?;
    let json = SecretString::from(String::from_utf8_lossy(&json).into_owned());
    vault.seal(json.expose_secret().as_bytes(), public_id)
}

/// Opens the secrets of an account.
pub fn open(vault: &Vault, account: &AccountRow) -> Result<Credentials, AppError> {
    let json = vault.unseal(&account.wrapped_key, &account.sealed, &account.public_id)?;
    let secrets: Secrets = serde_json::from_slice(&json).map_err(|_altered| CryptoError::NotAuthentic)?;
    of(&secrets, account.id, Region::parse(&account.region))
}

/// What opens an account with these secrets.
pub(super) fn of(secrets: &Secrets, account: AccountId, region: Option<Region>) -> Result<Credentials, AppError> {
    Ok(Credentials {
        account,
        region: region.ok_or(AppError::Internal("an account has an unknown region"))?,
        client_id: secrets.client_id.clone(),
        client_secret: SecretString::from(secrets.client_secret.clone()),
        refresh_token: SecretString::from(secrets.refresh_token.clone()),
    })
}

/// The secrets of an account as they are held; none when they cannot be read.
pub(super) fn held(app: &App, account: &accounts::AccountRow) -> Option<Secrets> {
    let text = app.vault.unseal(&account.wrapped_key, &account.sealed, &account.public_id).ok()?;
    serde_json::from_slice(&text).ok()
}
