//! Asking for a synchronization or a preview: a run is queued, or the one under way is joined.
//!
//! It never talks to Amazon: the background worker does, when it takes the job.

use super::Actor;
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::jobs::{self, JobKind};
use crate::db::run_progress::{self, RunRequest};
use crate::db::{Conn, accounts, runs, shipment_changes};
use crate::domain::access::Action;
use crate::domain::account::{AccountState, check_forced_date};
use crate::domain::ids::{AccountId, RunId};
use crate::domain::run::{RunCause, RunKind};
use crate::error::AppError;
use chrono::{DateTime, NaiveDateTime, Utc};

/// The run that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requested {
    /// The run.
    pub run: RunId,
    /// When the run that was joined was asked for; none for a new run.
    pub joined: Option<NaiveDateTime>,
}

/// What is wanted of the worker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// For which account.
    pub(super) account: AccountId,
    /// What the run does.
    pub(super) kind: RunKind,
    /// The first instant that it reads, when it is not the account's own date.
    pub(super) from: Option<NaiveDateTime>,
    /// When it is asked for.
    pub(super) at: NaiveDateTime,
}

/// Reads the orders of an account now. One run per account and kind: asking again joins the one under way.
pub async fn run(app: &App, actor: &Actor, account: AccountId) -> Result<Requested, AppError> {
    actor.must(Action::Synchronize)?;
    let asked = queue(app, actor, account, RunKind::Orders, None).await?;
    app.wake.notify_one();
    Ok(asked)
}

/// The job that does the runs of a kind.
pub const fn job_of(kind: RunKind) -> JobKind {
    match kind {
        RunKind::Orders => JobKind::SyncOrders,
        RunKind::Preview => JobKind::PreviewOrders,
        RunKind::Recover => JobKind::RecoverOrders,
        RunKind::Pickings => JobKind::SyncPickings,
    }
}

/// Tells Amazon now of everything that left and still waits to be told, without its time to take it back.
pub async fn pickings(app: &App, actor: &Actor, account: AccountId) -> Result<Requested, AppError> {
    actor.must_be_developer()?;
    let asked = queue(app, actor, account, RunKind::Pickings, None).await?;
    app.wake.notify_one();
    Ok(asked)
}

/// Starts a run of this kind now, asked for on the command line of the machine.
pub async fn by_command(app: &App, account: AccountId, kind: RunKind) -> Result<RunId, AppError> {
    let now = app.clock.now().naive_utc();
    app.write(move |conn| {
        jobs::request(conn, job_of(kind), account, now)?;
        if kind == RunKind::Pickings {
            shipment_changes::hurry(conn, account, now)?;
        }
        if let Some(active) = runs::active(conn, account, kind)? {
            return Ok(active.id);
        }
        let request = RunRequest {
            account,
            kind,
            cause: RunCause::Command,
            requested_by: None,
            window_from: None,
            parameters: "{}",
        };
        run_progress::queue(conn, &request, now)
    })
    .await
}

/// Looks at what would happen if Last Order Sync were `from`; nothing is changed.
pub async fn preview(app: &App, actor: &Actor, account: AccountId, from: DateTime<Utc>) -> Result<Requested, AppError> {
    actor.must_be_developer()?;
    check_forced_date(from, app.clock.now()).map_err(|error| AppError::Rule(super::force_date::refusal(error)))?;
    let asked = queue(app, actor, account, RunKind::Preview, Some(from.naive_utc())).await?;
    app.wake.notify_one();
    Ok(asked)
}

async fn queue(
    app: &App,
    actor: &Actor,
    account: AccountId,
    kind: RunKind,
    from: Option<NaiveDateTime>,
) -> Result<Requested, AppError> {
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let (row, ..) = accounts::by_id(conn, actor.company, account)?.ok_or(AppError::NotFound)?;
        match row.state {
            AccountState::Linked => {}
            AccountState::AuthorizationLost => return Err(AppError::Rule("account-refused-authorization")),
            AccountState::Paused if !row.is_linked() => {
                return Err(AppError::Rule("account-not-linked-yet"));
            }
            AccountState::Paused => return Err(AppError::Rule("account-is-paused")),
        }
        if kind == RunKind::Pickings {
            shipment_changes::hurry(conn, account, now)?;
            jobs::request(conn, job_of(kind), account, now)?;
        }
        within(conn, &actor, Wanted { account, kind, from, at: now })
    })
    .await
}

/// Queues the run in the caller's transaction, or joins the one under way, and leaves a line in the audit trail.
pub(super) fn within(conn: &mut Conn, actor: &Actor, wanted: Wanted) -> Result<Requested, AppError> {
    let Wanted { account, kind, from, at } = wanted;
    if let Some(active) = runs::active(conn, account, kind)? {
        return Ok(Requested { run: active.id, joined: Some(active.queued_at) });
    }
    let request = RunRequest {
        account,
        kind,
        cause: RunCause::User,
        requested_by: Some(actor.user),
        window_from: from,
        parameters: "{}",
    };
    let run = run_progress::queue(conn, &request, at)?;
    let job = job_of(kind);
    jobs::request(conn, job, account, at)?;
    let subject = format!("account {account}");
    let (value, action) = (format!("run {run}"), format!("asked_{}", kind.as_str()));
    audit::insert(conn, &NewEvent { new_value: Some(&value), ..actor.event(&action, &subject, at) })?;
    Ok(Requested { run, joined: None })
}
