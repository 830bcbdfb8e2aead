//! Moving the date up to which an account's orders are known, so that older changes are read again.
//!
//! Only with developer mode and the right, only to a moment for which Amazon still answers, and never silently: the
//! old and the new date are in the audit trail.

use super::request_sync::{self, Requested, Wanted};
use super::{Actor, edit_account};
use crate::app::App;
use crate::db::accounts;
use crate::domain::account::{AccountState, ForcedDateError, check_forced_date};
use crate::domain::ids::AccountId;
use crate::domain::run::RunKind;
use crate::error::AppError;
use chrono::{DateTime, Utc};

/// The new date of an account.
#[derive(Clone, Copy, Debug)]
pub struct Forced {
    /// The account.
    pub account: AccountId,
    /// The version of the account that the person saw.
    pub version: i64,
    /// The date.
    pub date: DateTime<Utc>,
    /// Whether a synchronization starts at once.
    pub sync_now: bool,
}

/// The message for a date that cannot be taken.
pub const fn refusal(error: ForcedDateError) -> &'static str {
    match error {
        ForcedDateError::InTheFuture => "account-date-future",
        ForcedDateError::TooOld => "account-date-too-old",
    }
}

/// Stores the date, and queues a run when one is wanted.
pub async fn run(app: &App, actor: &Actor, forced: Forced) -> Result<Option<Requested>, AppError> {
    actor.must_be_developer()?;
    let now = app.clock.now();
    check_forced_date(forced.date, now).map_err(|error| AppError::Rule(refusal(error)))?;
    let actor = actor.clone();
    let asked = app
        .write(move |conn| {
            let id = forced.account;
            let (row, ..) = accounts::by_id(conn, actor.company, id)?.ok_or(AppError::NotFound)?;
            let date = forced.date.naive_utc();
            accounts::set_last_order_sync(conn, id, forced.version, date).map_err(edit_account::stale)?;
            let (old, new) = (row.last_order_sync.and_utc().to_rfc3339(), forced.date.to_rfc3339());
            edit_account::note(conn, &actor, id, "last_order_sync_moved", (&old, &new), now)?;
            if !forced.sync_now {
                return Ok(None);
            }
            if row.state == AccountState::AuthorizationLost {
                return Err(AppError::Rule("account-refused-authorization"));
            }
            let wanted = Wanted { account: id, kind: RunKind::Orders, from: None, at: now.naive_utc() };
            request_sync::within(conn, &actor, wanted).map(Some)
        })
        .await?;
    if asked.is_some() {
        app.wake.notify_one();
    }
    Ok(asked)
}
