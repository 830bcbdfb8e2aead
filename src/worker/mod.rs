//! The background actor: brings orders in at intervals and on request, and stops within half a minute.
//!
//! Its mailbox is the jobs table, rung by [`App::wake`]: what was asked survives a crash, and any node may do it.
//! It decides nothing about orders.

mod digests;
mod engine;
mod file_imports;
mod fulfillment;
mod heartbeat;
mod orders;
mod pickings;
mod recover;

use crate::app::App;
use crate::db::jobs::{self, Claim, JobKind};
use crate::db::{registrations, run_progress};
use crate::error::AppError;
use chrono::Duration;
use std::time::Duration as StdDuration;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

/// How often the worker looks for jobs that another node or another process asked for.
const POLL: StdDuration = StdDuration::from_secs(1);

/// How often what has expired is removed, and people are told of refused deliveries.
const TIDY_EVERY: StdDuration = StdDuration::from_mins(1);

/// How many jobs run at the same time on one node.
const AT_ONCE: usize = 4;

/// How long a job may finish what it is doing when Comptoir is stopped.
const GRACE: StdDuration = StdDuration::from_secs(30);

/// How long the reading of a preview is kept for the real run, in minutes.
pub const PREVIEW_KEPT_MINUTES: i64 = 15;

/// A running worker.
#[derive(Debug)]
pub struct Worker {
    stop: CancellationToken,
    actor: JoinHandle<()>,
}

impl Worker {
    /// Starts the actor; a panic inside a job ends that job only.
    pub fn start(app: App) -> Self {
        let stop = CancellationToken::new();
        let token = stop.clone();
        let actor = tokio::spawn(async move { supervise(app, token).await });
        Self { stop, actor }
    }

    /// Stops taking work, lets running jobs store where they stand, and returns within half a minute.
    pub async fn stop(self) {
        self.stop.cancel();
        if tokio::time::timeout(GRACE, self.actor).await.is_err() {
            tracing::warn!("a job did not stop in time; it is resumed from its last page at the next start");
        }
    }
}

async fn supervise(app: App, stop: CancellationToken) {
    if let Err(error) = prepare(&app).await {
        tracing::error!(error = %error, "the worker could not prepare its jobs");
    }
    let mut running = JoinSet::new();
    let mut tidied_at = tokio::time::Instant::now();
    while !stop.is_cancelled() {
        while running.try_join_next().is_some_and(|ended| note(&ended)) {}
        if tidied_at.elapsed() > TIDY_EVERY {
            tidied_at = tokio::time::Instant::now();
            if let Err(error) = clean(&app).await {
                tracing::error!(error = %error, "what has expired could not be removed");
            }
            if app.mailer.is_some() {
                running.spawn(digests::perform(app.clone(), stop.child_token()));
            }
        }
        if running.len() < AT_ONCE {
            match file_imports::claim(&app).await {
                Ok(Some(held)) => {
                    running.spawn(file_imports::perform(app.clone(), held, stop.child_token()));
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::error!(error = %error, "the worker could not look for imports"),
            }
            match claim(&app).await {
                Ok(Some(claim)) => {
                    running.spawn(perform(app.clone(), claim, stop.child_token()));
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::error!(error = %error, "the worker could not look for jobs"),
            }
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.wake.notified() => {}
            () = tokio::time::sleep(POLL) => {}
            Some(ended) = running.join_next(), if !running.is_empty() => { note(&ended); }
        }
    }
    while let Some(ended) = running.join_next().await {
        note(&ended);
    }
}

/// Logs how a task ended; always true, so that it can be used in a loop condition.
fn note(ended: &Result<(), tokio::task::JoinError>) -> bool {
    if let Err(error) = ended {
        tracing::error!(error = %error, "a job was interrupted; it is taken up again when its lease ends");
    }
    true
}

/// Every linked account has its job; an embedded database frees the leases of the process that used it before.
async fn prepare(app: &App) -> Result<(), AppError> {
    let now = app.clock.now().naive_utc();
    let is_alone = !app.db.is_shared();
    app.write(move |conn| {
        if is_alone {
            jobs::free_all(conn)?;
            crate::db::file_imports::free_all(conn)?;
        }
        for (account, _) in registrations::linked(conn)? {
            if jobs::due_at(conn, JobKind::SyncOrders, account)?.is_none() {
                jobs::request(conn, JobKind::SyncOrders, account, now)?;
            }
        }
        Ok::<_, AppError>(())
    })
    .await?;
    file_imports::catch_up(app).await?;
    clean(app).await
}

/// Removes what previews read once it is too old to be used, and files that were not imported.
async fn clean(app: &App) -> Result<(), AppError> {
    file_imports::clean(app).await?;
    let old = app.clock.now().naive_utc() - Duration::minutes(PREVIEW_KEPT_MINUTES);
    app.write(move |conn| run_progress::forget_previews(conn, old)).await?;
    Ok(())
}

async fn claim(app: &App) -> Result<Option<Claim>, AppError> {
    let now = app.clock.now().naive_utc();
    // Looking costs no write transaction; only taking does.
    if !app.read(move |conn| jobs::is_any_free(conn, now)).await? {
        return Ok(None);
    }
    app.write(move |conn| jobs::claim(conn, now)).await
}

/// Does one job to its end.
pub async fn perform(app: App, claim: Claim, stop: CancellationToken) {
    let done = match claim.kind {
        JobKind::SyncOrders | JobKind::PreviewOrders => orders::run(&app, &claim, &stop).await,
        JobKind::SyncPickings => Box::pin(pickings::run(&app, &claim, &stop)).await,
        JobKind::RecoverOrders => recover::run(&app, &claim, &stop).await,
    };
    if let Err(error) = done {
        tracing::error!(error = %error, account.id = claim.account.0, job = claim.kind.as_str(), "a job failed");
    }
}

/// Performs every job that is due now, one after the other; for tests and for the command line.
pub async fn perform_due(app: &App) -> Result<usize, AppError> {
    let mut performed = 0;
    while let Some(held) = file_imports::claim(app).await? {
        file_imports::perform(app.clone(), held, CancellationToken::new()).await;
        performed += 1;
    }
    while let Some(claim) = claim(app).await? {
        perform(app.clone(), claim, CancellationToken::new()).await;
        performed += 1;
    }
    performed += digests::send_due(app, &CancellationToken::new()).await?;
    Ok(performed)
}
