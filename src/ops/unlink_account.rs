//! Ending an account: its authorization is forgotten, then it can be archived, and taken back into use.
//!
//! Orders, transfers and offers stay in any case. Lists leave an archived account out, and its marketplaces are free for
//! another registration.

use super::Actor;
use super::credentials::{self, Secrets};
use super::edit_account::{Seen, load, note, stale};
use crate::app::App;
use crate::db::import::decisions;
use crate::db::links::{self, LinkRow};
use crate::db::{accounts, registrations, run_progress, runs};
use crate::domain::access::Action;
use crate::domain::ids::MarketplaceId;
use crate::domain::run::{RunKind, RunState};
use crate::error::AppError;

/// Forgets the authorization of an account and stops what is under way; the application's own secrets stay, so that it
/// can be linked again.
pub async fn unlink(app: &App, actor: &Actor, seen: Seen) -> Result<(), AppError> {
    actor.must(Action::EditAccounts)?;
    let reader = actor.clone();
    let row = app.read(move |conn| load(conn, &reader, seen)).await?;
    if !row.is_linked() {
        return Err(AppError::Rule("account-not-linked-yet"));
    }
    let held = credentials::held(app, &row).unwrap_or_default();
    // Sealed under a new key: what was sealed before cannot be opened by what is stored from now on.
    let sealed = credentials::seal(&app.vault, &Secrets { refresh_token: String::new(), ..held }, &row.public_id)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.write(move |conn| {
        let (row, utc) = (load(conn, &actor, seen)?, now.naive_utc());
        accounts::unlink(conn, row.id, seen.version, &sealed, utc).map_err(stale)?;
        let link = links::by_account(conn, row.id)?;
        links::put(conn, &LinkRow { authorized_at: None, refused_data: String::new(), tested_at: None, ..link })?;
        for kind in RunKind::ALL {
            for run in runs::all_active(conn, row.id, *kind)? {
                runs::ask_to_stop(conn, run.id, actor.user)?;
                if run.state != RunState::Running {
                    run_progress::end(conn, run.id, RunState::Stopped, None, None, utc)?;
                }
            }
        }
        decisions::settle(conn, &[row.id], &["authorization_lost"], &[&row.id.to_string()], utc)?;
        note(conn, &actor, row.id, "account_unlinked", (row.seller_id.as_str(), ""), now)
    })
    .await?;
    app.amazon.forget(seen.account);
    app.wake.notify_one();
    Ok(())
}

/// Takes an account that is not linked out of use: it leaves lists and lets go of its marketplaces.
pub async fn archive(app: &App, actor: &Actor, seen: Seen) -> Result<(), AppError> {
    actor.must(Action::EditAccounts)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.write(move |conn| {
        let row = load(conn, &actor, seen)?;
        if row.is_linked() {
            return Err(AppError::Rule("account-archive-linked"));
        }
        let followed = registrations::marketplaces(conn, row.id)?;
        accounts::set_marketplaces(conn, &row, seen.version, &[]).map_err(stale)?;
        accounts::set_archived(conn, row.id, seen.version + 1, Some(now.naive_utc()))?;
        let followed: Vec<&str> = followed.iter().map(MarketplaceId::as_str).collect();
        note(conn, &actor, row.id, "account_archived", (&followed.join(" "), ""), now)
    })
    .await
}

/// Takes an archived account back into use; it is not linked and follows no marketplace.
pub async fn restore(app: &App, actor: &Actor, seen: Seen) -> Result<(), AppError> {
    actor.must(Action::EditAccounts)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.write(move |conn| {
        let (row, ..) = accounts::by_id(conn, actor.company, seen.account)?.ok_or(AppError::NotFound)?;
        if row.archived_at.is_none() || row.version != seen.version {
            return Err(AppError::Conflict);
        }
        accounts::set_archived(conn, row.id, seen.version, None).map_err(stale)?;
        note(conn, &actor, row.id, "account_restored", ("", ""), now)
    })
    .await
}
