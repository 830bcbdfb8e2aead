//! The synchronization of one account's orders, and its preview: from the claimed job to the stored end of the run.

use super::engine::{self, Ending, Engine, Failure, Parameters};
use crate::amazon::{AmazonError, RetryClass};
use crate::app::App;
use crate::db::jobs::{self, Claim, JobKind};
use crate::db::links;
use crate::db::marketplaces as directories;
use crate::db::registrations::{self, AccountRow};
use crate::db::run_progress::{self, Position, RunRequest};
use crate::db::runs::{self, RunRow};
use crate::db::{Conn, DbError};
use crate::domain::account::AccountState;
use crate::domain::dataset::Dataset;
use crate::domain::ids::MarketplaceId;
use crate::domain::marketplace::Directory;
use crate::domain::run::{RunCause, RunKind, RunState};
use crate::domain::sync::Reason;
use crate::error::AppError;
use crate::ops::{credentials, lose_authorization};
use chrono::{Duration, NaiveDateTime};
use tokio_util::sync::CancellationToken;

/// The first pause after a failure, in seconds; it doubles up to the interval of the account.
const FIRST_PAUSE_SECS: i64 = 30;

/// Does the job: takes up the run that waits, or starts the one that is due.
pub(super) async fn run(app: &App, claim: &Claim, stop: &CancellationToken) -> Result<(), AppError> {
    let kind = if claim.kind == JobKind::PreviewOrders { RunKind::Preview } else { RunKind::Orders };
    let Some(Begun { run, account, marketplaces, refused, directory }) = begin(app, claim, kind).await? else {
        return Ok(());
    };
    let zone: chrono_tz::Tz = account.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let from = run.window_from.unwrap_or(account.last_order_sync);
    tracing::info!(run.id = run.id.0, account.id = account.id.0, kind = kind.as_str(), "a run starts");
    let id = run.id;
    let ending = match credentials::open(&app.vault, &account) {
        Ok(credentials) => {
            let account = account.id;
            let engine = Engine { app, claim, run, account, zone, credentials, marketplaces, refused, directory, from };
            Box::pin(engine.work(stop)).await
        }
        Err(error) => Ending::Failed(error.into()),
    };
    end(app, claim, &account, id, kind, from, ending).await
}

/// A run that was marked as started, and what it works with.
struct Begun {
    run: RunRow,
    account: AccountRow,
    marketplaces: Vec<MarketplaceId>,
    refused: Vec<Dataset>,
    directory: Directory,
}

/// Marks the run as started; an account that is not linked, or follows nothing, has none.
async fn begin(app: &App, claim: &Claim, kind: RunKind) -> Result<Option<Begun>, AppError> {
    let (claim, now) = (*claim, app.clock.now().naive_utc());
    app.write(move |conn| {
        jobs::renew(conn, &claim)?;
        let account = registrations::by_id(conn, claim.account)?;
        let marketplaces = registrations::marketplaces(conn, claim.account)?;
        let asked = runs::active(conn, claim.account, kind)?;
        let refusal = if account.state != AccountState::Linked {
            Some("account-not-linked")
        } else if marketplaces.is_empty() {
            Some("no-marketplace")
        } else {
            None
        };
        if let Some(code) = refusal {
            if let Some(run) = asked {
                let reason = stored(&Reason::new(code));
                run_progress::end(conn, run.id, RunState::Failed, Some(&reason), None, now)?;
            }
            give_back(conn, &claim, kind, now + Duration::seconds(account.interval_secs), 0)?;
            return Ok(None);
        }
        let id = match asked {
            Some(run) => run.id,
            None if kind == RunKind::Orders => {
                let request = RunRequest {
                    account: claim.account,
                    kind,
                    cause: RunCause::Schedule,
                    requested_by: None,
                    window_from: None,
                    parameters: "{}",
                };
                run_progress::queue(conn, &request, now)?
            }
            None => {
                jobs::finish(conn, &claim)?;
                return Ok(None);
            }
        };
        run_progress::start(conn, id, now)?;
        let refused = links::by_account(conn, claim.account)?.refused();
        let directory = directories::directory(conn, account.company_id)?;
        let run = run_progress::by_id(conn, id)?;
        let run = continued(conn, run, &account)?;
        Ok::<_, AppError>(Some(Begun { run, account, marketplaces, refused, directory }))
    })
    .await
}

/// A run that begins goes on where the one before it failed or was stopped, while the account still asks for orders since the same date.
///
/// Whether the token of the next page is still good is judged by who uses it.
fn continued(conn: &mut Conn, run: RunRow, account: &AccountRow) -> Result<RunRow, DbError> {
    // A run that has a window has begun; what it found refused is not tried again.
    if run.kind != RunKind::Orders || run.window_from.is_some() {
        return Ok(run);
    }
    let from = account.last_order_sync;
    let left = runs::before(conn, &run)?.filter(|left| {
        matches!(left.state, RunState::Failed | RunState::Stopped)
            && left.next_token.is_some()
            && left.window_from == Some(from)
            && Parameters::read(&left.parameters).reading_of.is_none()
    });
    let Some(left) = left else { return Ok(run) };
    tracing::info!(run.id = run.id.0, left = left.id.0, "a run goes on where the one before it ended");
    let position = Position {
        window_from: left.window_from,
        window_to: left.window_to,
        next_token: left.next_token,
        token_at: left.token_at,
    };
    run_progress::set_position(conn, run.id, &position, &left.parameters)?;
    run_progress::by_id(conn, run.id)
}

/// The job of an account's orders comes back at its time; a preview is done once.
fn give_back(
    conn: &mut Conn,
    claim: &Claim,
    kind: RunKind,
    due_at: NaiveDateTime,
    attempts: i64,
) -> Result<(), DbError> {
    if kind == RunKind::Orders { jobs::release(conn, claim, due_at, attempts, None) } else { jobs::finish(conn, claim) }
}

/// Stores how the run ended and when the account is due again, in one transaction.
async fn end(
    app: &App,
    claim: &Claim,
    account: &AccountRow,
    run: crate::domain::ids::RunId,
    kind: RunKind,
    from: NaiveDateTime,
    ending: Ending,
) -> Result<(), AppError> {
    let (claim, now) = (*claim, app.clock.now());
    let interval = Duration::seconds(account.interval_secs);
    let (id, company, utc) = (account.id, account.company_id, now.naive_utc());
    match ending {
        Ending::Complete(counts, window_to) => {
            let (state, to) = (counts.final_state(), engine::safe_date(window_to, from, now));
            // What changed while a long run worked is read at once; so is a date that was forced meanwhile.
            let is_old = window_to.is_some_and(|to| utc - to > interval);
            tracing::info!(run.id = run.0, read = counts.read, created = counts.created, "a run ends");
            app.write(move |conn| {
                run_progress::end(conn, run, state, None, None, utc)?;
                let is_moved = kind == RunKind::Orders && run_progress::move_last_order_sync(conn, id, from, to)?;
                give_back(conn, &claim, kind, if is_moved && !is_old { utc + interval } else { utc }, 0)
            })
            .await
        }
        Ending::Stopped => {
            app.write(move |conn| {
                run_progress::end(conn, run, RunState::Stopped, None, None, utc)?;
                give_back(conn, &claim, kind, utc + interval, 0)
            })
            .await
        }
        Ending::Interrupted => {
            app.write(move |conn| {
                run_progress::end(conn, run, RunState::Queued, None, None, utc)?;
                jobs::release(conn, &claim, utc, claim.attempts, None)
            })
            .await
        }
        Ending::Wait(time) => {
            let resume = utc + Duration::from_std(time).unwrap_or(interval);
            tracing::info!(run.id = run.0, wait_secs = time.as_secs(), "a run waits for Amazon");
            app.write(move |conn| {
                run_progress::end(conn, run, RunState::Waiting, None, Some(resume), utc)?;
                jobs::release(conn, &claim, resume, claim.attempts, None)
            })
            .await
        }
        Ending::Failed(failure) => {
            tracing::warn!(run.id = run.0, account.id = id.0, failure = %explained(&failure), "a run failed");
            let lost = matches!(&failure, Failure::Amazon(error) if error.class() == RetryClass::AuthorizationLost);
            let reason = stored(&reason(&failure));
            let pause = Duration::seconds(FIRST_PAUSE_SECS << claim.attempts.clamp(0, 10)).min(interval);
            app.write(move |conn| {
                run_progress::end(conn, run, RunState::Failed, Some(&reason), None, utc)?;
                if lost {
                    lose_authorization::run(conn, company, id, utc)?;
                }
                Ok::<_, AppError>(give_back(conn, &claim, kind, utc + pause, claim.attempts + 1)?)
            })
            .await
        }
    }
}

/// The failure and its causes, for the log; neither holds personal data.
fn explained(failure: &Failure) -> String {
    let mut error: &dyn std::error::Error = match failure {
        Failure::Amazon(error) => error,
        Failure::App(error) => error,
    };
    let mut text = error.to_string();
    while let Some(cause) = error.source() {
        text = format!("{text}: {cause}");
        error = cause;
    }
    text
}

/// Why a run failed, as a sentence of the catalogue.
fn reason(failure: &Failure) -> Reason {
    match failure {
        Failure::App(AppError::Conflict) => Reason::new("taken-over"),
        Failure::App(_) => Reason::new("internal"),
        Failure::Amazon(error) => told(error),
    }
}

/// What Amazon's failure is to a run, as a sentence of the catalogue.
pub(super) fn told(error: &AmazonError) -> Reason {
    let code = match error.class() {
        RetryClass::AuthorizationLost => "authorization-lost",
        RetryClass::ClientRefused => "client-refused",
        RetryClass::Auth => "access-refused",
        _ if matches!(error, AmazonError::Malformed { .. }) => "amazon-unreadable",
        _ if matches!(error, AmazonError::Unreachable { .. } | AmazonError::TimedOut { .. }) => "amazon-unreachable",
        _ => "amazon-refused",
    };
    Reason::new(code)
        .with("status", error.status().map(|status| status.to_string()).unwrap_or_default())
        .with("code", error.code().unwrap_or_default())
        .with("request", error.request_id().unwrap_or_default())
}

/// Plain data always has a JSON form.
pub(super) fn stored(reason: &Reason) -> String {
    serde_json::to_string(reason).unwrap_or_else(|_never| "{}".to_owned())
}
