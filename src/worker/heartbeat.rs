//! Signs of life of a job in hand: its lease is renewed, and a wish to stop it is heard within a second.

use crate::app::App;
use crate::db::jobs::{self, Claim, LEASE_SECS};
use crate::db::run_progress;
use crate::domain::ids::RunId;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Why a job must end early.
#[derive(Clone, Debug)]
pub(super) struct Signals {
    /// A person asked to stop the run.
    pub(super) stopped: CancellationToken,
    /// Somebody else took the job: nothing may be written any more.
    pub(super) lost: CancellationToken,
}

/// A heart that beats until it is dropped.
#[derive(Debug)]
pub(super) struct Heart {
    pub(super) signals: Signals,
    task: JoinHandle<()>,
}

impl Drop for Heart {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Beats once a second for a run, if there is one; every tenth beat renews the lease.
pub(super) fn start(app: &App, claim: Claim, run: Option<RunId>) -> Heart {
    let signals = Signals { stopped: CancellationToken::new(), lost: CancellationToken::new() };
    let (app, beating) = (app.clone(), signals.clone());
    let task = tokio::spawn(async move {
        let mut beats = tokio::time::interval(Duration::from_secs(1));
        for beat in 1_i64.. {
            beats.tick().await;
            if let Some(run) = run {
                match app.read(move |conn| run_progress::stop_requested(conn, run)).await {
                    Ok(true) => beating.stopped.cancel(),
                    Ok(false) => {}
                    Err(error) => tracing::warn!(error = %error, run.id = run.0, "a run could not be watched"),
                }
            }
            if beat % (LEASE_SECS / 3) == 0 {
                match app.write(move |conn| jobs::renew(conn, &claim)).await {
                    Ok(()) => {}
                    Err(crate::error::AppError::NotFound) => beating.lost.cancel(),
                    Err(error) => tracing::warn!(error = %error, job.id = claim.id.0, "a lease could not be renewed"),
                }
            }
        }
    });
    Heart { signals, task }
}
