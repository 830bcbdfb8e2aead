//! Setting an account aside, and taking it up again where it stopped.

use super::Actor;
use super::edit_account::{Seen, load, note, stale};
use crate::app::App;
use crate::db::jobs::{self, JobKind};
use crate::db::links;
use crate::domain::access::Action;
use crate::domain::account::AccountState;
use crate::error::AppError;

/// Pauses an account: nothing is read by itself any more. Last Order Sync stays where it is.
pub async fn pause(app: &App, actor: &Actor, seen: Seen) -> Result<(), AppError> {
    change(app, actor, seen, AccountState::Linked, AccountState::Paused).await
}

/// Takes a paused account up again, at once.
pub async fn resume(app: &App, actor: &Actor, seen: Seen) -> Result<(), AppError> {
    change(app, actor, seen, AccountState::Paused, AccountState::Linked).await?;
    app.wake.notify_one();
    Ok(())
}

async fn change(app: &App, actor: &Actor, seen: Seen, from: AccountState, to: AccountState) -> Result<(), AppError> {
    actor.must(Action::EditAccounts)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.write(move |conn| {
        let row = load(conn, &actor, seen)?;
        if !row.is_linked() {
            return Err(AppError::Rule("account-not-linked-yet"));
        }
        if row.state != from {
            return Err(AppError::Conflict);
        }
        links::set_state(conn, seen.account, seen.version, to).map_err(stale)?;
        if to == AccountState::Linked {
            jobs::request(conn, JobKind::SyncOrders, seen.account, now.naive_utc())?;
        }
        note(conn, &actor, seen.account, "account_state_changed", (from.as_str(), to.as_str()), now)
    })
    .await
}
