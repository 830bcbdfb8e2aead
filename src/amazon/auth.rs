//! Access to a merchant's account: the short-lived token that Amazon gives in exchange for the authorization.
//!
//! One token per account is shared by all calls and renewed once, not once per caller. It stays in memory and
//! is never written anywhere.

use super::error::{AmazonError, Malformed};
use super::http::{Answer, Http};
use super::retry::RetryPolicy;
use super::{CallMeter, TimeSource};
use crate::domain::ids::AccountId;
use crate::domain::marketplace::Region;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long before its end a token is renewed.
const EARLY: TimeDelta = TimeDelta::minutes(5);

/// The life of a token when Amazon does not tell it, in seconds.
///
/// Selling Partner API documentation, Connecting to the Selling Partner API.
const USUAL_LIFE_SECS: u32 = 3_600;

/// What opens a merchant's account.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account.
    pub account: AccountId,
    /// The region that the authorization covers.
    pub region: Region,
    /// The application's identifier.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: SecretString,
    /// The merchant's authorization.
    pub refresh_token: SecretString,
}

/// The code that Amazon sends back after a merchant's consent.
///
/// It is valid once, for 5 minutes (Selling Partner API documentation, Website authorization workflow).
#[derive(Clone, Debug)]
pub struct AuthorizationCode {
    /// The application's identifier.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: SecretString,
    /// The code (`spapi_oauth_code`).
    pub code: SecretString,
    /// The address to which the merchant was sent back, if one was given.
    pub redirect_uri: Option<String>,
}

/// Amazon's answer to a grant.
#[derive(Deserialize)]
struct TokenReply {
    access_token: SecretText,
    expires_in: Option<u32>,
    refresh_token: Option<SecretText>,
}

/// A secret as it stands in an answer.
#[derive(Deserialize)]
#[serde(from = "String")]
struct SecretText(SecretString);

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(SecretString::from(text))
    }
}

/// A token that is held, and the authorization that it came from.
struct Held {
    access: SecretString,
    renew_at: DateTime<Utc>,
    client_id: String,
    client_secret: SecretString,
    refresh: SecretString,
}

impl Held {
    fn serves(&self, credentials: &Credentials, refused: Option<&SecretString>, now: DateTime<Utc>) -> bool {
        now < self.renew_at
            && self.client_id == credentials.client_id
            && same(&self.client_secret, &credentials.client_secret)
            && same(&self.refresh, &credentials.refresh_token)
            && !refused.is_some_and(|refused| same(refused, &self.access))
    }
}

fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}

type Slot = Arc<tokio::sync::Mutex<Option<Held>>>;

/// The access tokens in use, one per account.
#[derive(Default)]
pub(super) struct AccessTokens {
    slots: Mutex<HashMap<AccountId, Slot>>,
}

impl AccessTokens {
    /// The token of an account.
    ///
    /// It is renewed when it ends soon or is the one that Amazon just `refused`.
    pub(super) async fn access(
        &self,
        grants: &Grants<'_>,
        credentials: &Credentials,
        refused: Option<&SecretString>,
        meter: &mut CallMeter,
    ) -> Result<SecretString, AmazonError> {
        let slot = self.slot(credentials.account);
        // Held while renewing: whoever comes meanwhile waits and takes the new token.
        let mut held = slot.lock().await;
        if let Some(held) = held.as_ref().filter(|held| held.serves(credentials, refused, (grants.clock)())) {
            return Ok(held.access.clone());
        }
        *held = None;
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", credentials.refresh_token.expose_secret()),
            ("client_id", credentials.client_id.as_str()),
            ("client_secret", credentials.client_secret.expose_secret()),
        ];
        let reply = grants.grant("refresh_token", &form, meter).await?;
        let life = TimeDelta::seconds(i64::from(reply.expires_in.unwrap_or(USUAL_LIFE_SECS)));
        let access = reply.access_token.0;
        *held = Some(Held {
            access: access.clone(),
            // A life shorter than ten minutes is used for its first half.
            renew_at: (grants.clock)() + (life - EARLY).max(life / 2),
            client_id: credentials.client_id.clone(),
            client_secret: credentials.client_secret.clone(),
            refresh: credentials.refresh_token.clone(),
        });
        Ok(access)
    }

    /// Forgets the token of an account.
    pub(super) fn forget(&self, account: AccountId) {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(&account);
    }

    fn slot(&self, account: AccountId) -> Slot {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(slots.entry(account).or_default())
    }
}

/// The token service.
pub(super) struct Grants<'a> {
    pub(super) http: &'a Http,
    pub(super) policy: &'a RetryPolicy,
    pub(super) clock: &'a TimeSource,
}

impl Grants<'_> {
    /// Exchanges the code of a consent for the merchant's lasting authorization.
    pub(super) async fn exchange(
        &self,
        code: &AuthorizationCode,
        meter: &mut CallMeter,
    ) -> Result<SecretString, AmazonError> {
        let operation = "authorization_code";
        let mut form = vec![
            ("grant_type", operation),
            ("code", code.code.expose_secret()),
            ("client_id", code.client_id.as_str()),
            ("client_secret", code.client_secret.expose_secret()),
        ];
        form.extend(code.redirect_uri.as_deref().map(|uri| ("redirect_uri", uri)));
        let reply = self.grant(operation, &form, meter).await?;
        let missing = AmazonError::Malformed { operation, what: Malformed::Incomplete, request_id: None };
        reply.refresh_token.map(|token| token.0).ok_or(missing)
    }

    async fn grant(
        &self,
        operation: &'static str,
        form: &[(&str, &str)],
        meter: &mut CallMeter,
    ) -> Result<TokenReply, AmazonError> {
        let mut failures = self.policy.failures();
        loop {
            meter.calls += 1;
            let answer = self.http.post_form(operation, form).await;
            match answer.and_then(|answer| self.read(&answer)) {
                Ok(reply) => return Ok(reply),
                Err(error) => {
                    meter.throttled += u32::from(error.status() == Some(429));
                    failures.pause(error).await?;
                }
            }
        }
    }

    fn read(&self, answer: &Answer) -> Result<TokenReply, AmazonError> {
        if answer.status == StatusCode::OK {
            // The cause would quote the answer, which holds tokens.
            let reply = serde_json::from_str(answer.text()?).map_err(|_tokens| answer.malformed(Malformed::Incomplete));
            return reply;
        }
        let refused = answer.refused(false, (self.clock)());
        if !matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return Err(refused);
        }
        // Here the word decides: OAuth 2.0 (RFC 6749, 5.2) gives the same status to all of these.
        let (operation, request_id, code) = (answer.operation, answer.request_id.clone(), answer.code());
        Err(match code.as_deref() {
            Some("invalid_grant") => AmazonError::AuthorizationLost { operation, request_id },
            Some("invalid_client" | "unauthorized_client") => AmazonError::ClientRefused { operation, request_id },
            Some("server_error" | "temporarily_unavailable") => {
                AmazonError::Refused { operation, status: 503, code, request_id, retry_after: None, continued: false }
            }
            Some(_) => AmazonError::GrantRefused { operation, code, request_id },
            None => answer.malformed(Malformed::Incomplete),
        })
    }
}
