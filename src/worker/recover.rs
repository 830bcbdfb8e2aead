//! Recovering single orders by their Amazon reference: read one by one, decided by the same rules, answered each.

use super::heartbeat;
use crate::amazon::{AmazonError, CallMeter, RetryClass};
use crate::app::App;
use crate::db::import::decisions::{self, ResultRow};
use crate::db::jobs::{self, Claim};
use crate::db::links;
use crate::db::marketplaces;
use crate::db::registrations;
use crate::db::run_progress;
use crate::db::runs::{self, RunRow};
use crate::domain::account::AccountState;
use crate::domain::ids::AmazonOrderId;
use crate::domain::run::{Counts, Recovery, RunKind, RunState};
use crate::domain::sync::{Outcome, Reason, Rule};
use crate::error::AppError;
use crate::ops::import_orders::{self, Mode};
use crate::ops::{credentials, prepare_orders, reserve_stock};
use chrono::DateTime;
use tokio_util::sync::CancellationToken;

/// How long a recovery waits when Amazon does not answer.
const NO_ANSWER: chrono::Duration = chrono::Duration::minutes(5);

/// How often in a row it waits for an answer; then no answer is the answer, and those behind it have their turn.
const MOST_ATTEMPTS: i64 = 3;

/// Whether Amazon could not be asked; an answer that cannot be read is one.
fn is_silence(error: &AmazonError) -> bool {
    error.class() == RetryClass::Retryable && !matches!(error, AmazonError::Malformed { .. })
}

/// Reads the wanted orders of the oldest recovery run of an account.
pub(super) async fn run(app: &App, claim: &Claim, stop: &CancellationToken) -> Result<(), AppError> {
    let (taken, now) = (*claim, app.clock.now().naive_utc());
    let begun = app
        .write(move |conn| {
            jobs::renew(conn, &taken)?;
            let Some(run) = runs::active(conn, taken.account, RunKind::Recover)? else {
                jobs::finish(conn, &taken)?;
                return Ok(None);
            };
            let account = registrations::by_id(conn, taken.account)?;
            if account.state != AccountState::Linked {
                let reason = r#"{"code":"account-not-linked"}"#;
                run_progress::end(conn, run.id, RunState::Failed, Some(reason), None, now)?;
                // Others may wait behind it.
                jobs::release(conn, &taken, now, 0, None)?;
                return Ok(None);
            }
            run_progress::start(conn, run.id, now)?;
            let refused = links::by_account(conn, taken.account)?.refused();
            let directory = marketplaces::directory(conn, account.company_id)?;
            Ok::<_, AppError>(Some((run_progress::by_id(conn, run.id)?, account, refused, directory)))
        })
        .await?;
    let Some((run, account, refused, directory)) = begun else { return Ok(()) };
    let credentials = credentials::open(&app.vault, &account)?;
    let zone: chrono_tz::Tz = account.time_zone.parse().unwrap_or(chrono_tz::UTC);
    let heart = heartbeat::start(app, *claim, Some(run.id));
    let mut wanted: Recovery = serde_json::from_str(&run.parameters).unwrap_or_default();
    let (counts, meter) = (run.counts(), CallMeter::default());
    let mut progress = Progress { app, claim: *claim, attempts: claim.attempts, counts, run, meter };
    while !wanted.references.is_empty() {
        if heart.signals.stopped.is_cancelled() {
            return progress.end(RunState::Stopped, None).await;
        }
        if stop.is_cancelled() || heart.signals.lost.is_cancelled() {
            return Ok(());
        }
        let reference = wanted.references.remove(0);
        let known = (refused.as_slice(), &directory);
        let read = app.amazon.get_order(&credentials, &reference, known, &mut progress.meter).await;
        match read {
            Ok(Some(order)) => {
                let page = prepare_orders::run(&app.vault, zone, &directory, vec![order])?;
                progress.write(page, &wanted).await?;
            }
            Ok(None) => progress.answer(&reference, Reason::new("not-found"), &wanted).await?,
            Err(AmazonError::Wait(time)) => {
                return progress.end(RunState::Waiting, chrono::Duration::from_std(time).ok()).await;
            }
            // No answer about the order: it is asked for again, some times, and so are those behind it.
            Err(error) if is_silence(&error) && progress.attempts < MOST_ATTEMPTS => {
                progress.attempts += 1;
                return progress.end(RunState::Waiting, Some(NO_ANSWER)).await;
            }
            Err(error) => {
                let reason = Reason::new("amazon-refused")
                    .with("status", error.status().map(|status| status.to_string()).unwrap_or_default())
                    .with("code", error.code().unwrap_or_default())
                    .with("request", error.request_id().unwrap_or_default());
                progress.answer(&reference, reason, &wanted).await?;
            }
        }
    }
    let state = progress.counts.final_state();
    progress.end(state, None).await
}

/// Where a recovery stands.
struct Progress<'a> {
    app: &'a App,
    claim: Claim,
    /// How often in a row Amazon did not answer.
    attempts: i64,
    run: RunRow,
    counts: Counts,
    meter: CallMeter,
}

impl Progress<'_> {
    /// Writes one order by the rules of the synchronization, and its answer.
    async fn write(&mut self, page: prepare_orders::Page, wanted: &Recovery) -> Result<(), AppError> {
        self.attempts = 0;
        let (app, claim, run, counts) = (self.app.clone(), self.claim, self.run.clone(), self.counts);
        let (now, calls, parameters) = (self.app.clock.now().naive_utc(), self.calls(), json(wanted));
        self.counts = self
            .app
            .blocking(move || {
                let written = app.db.write(|conn| {
                    jobs::renew(conn, &claim)?;
                    let found = import_orders::run(conn, run.account_id, run.id, &page, Mode::Recover, true, now)?;
                    let counts = Counts { pages: counts.pages, ..counts.with_page(&found) };
                    run_progress::count(conn, run.id, &counts)?;
                    run_progress::set_calls(conn, run.id, calls.0, calls.1)?;
                    run_progress::set_parameters(conn, run.id, &parameters)?;
                    Ok::<Counts, AppError>(counts)
                })?;
                reserve_stock::run(&app.db, run.account_id)?;
                Ok(written)
            })
            .await?;
        Ok(())
    }

    /// Keeps the answer about an order that was not read.
    async fn answer(&mut self, reference: &AmazonOrderId, reason: Reason, wanted: &Recovery) -> Result<(), AppError> {
        self.attempts = 0;
        self.counts.add(Outcome::Failed);
        let (claim, run, counts, calls, parameters) =
            (self.claim, self.run.id, self.counts, self.calls(), json(wanted));
        let reference = reference.clone();
        self.app
            .write(move |conn| {
                jobs::renew(conn, &claim)?;
                let reasons =
                    serde_json::to_string(std::slice::from_ref(&reason)).unwrap_or_else(|_never| "[]".to_owned());
                let row = ResultRow {
                    run_id: run,
                    amazon_order_id: reference.clone(),
                    rule: Rule::R14,
                    outcome: Outcome::Failed,
                    reasons,
                    channel: String::new(),
                    amazon_status: String::new(),
                    amazon_updated_at: DateTime::UNIX_EPOCH.naive_utc(),
                };
                decisions::keep_results(conn, &[row])?;
                run_progress::count(conn, run, &counts)?;
                run_progress::set_calls(conn, run, calls.0, calls.1)?;
                run_progress::set_parameters(conn, run, &parameters)
            })
            .await
    }

    fn calls(&self) -> (i64, i64) {
        (self.run.calls + i64::from(self.meter.calls), self.run.throttled + i64::from(self.meter.throttled))
    }

    /// Ends the run, or pauses it; the job stays while another recovery may wait.
    async fn end(&self, state: RunState, pause: Option<chrono::Duration>) -> Result<(), AppError> {
        let (claim, run, now) = (self.claim, self.run.id, self.app.clock.now().naive_utc());
        let (calls, attempts) = (self.calls(), self.attempts);
        let resume = pause.map(|pause| now + pause);
        self.app
            .write(move |conn| {
                run_progress::set_calls(conn, run, calls.0, calls.1)?;
                run_progress::end(conn, run, state, None, resume, now)?;
                jobs::release(conn, &claim, resume.unwrap_or(now), attempts, None)
            })
            .await
    }
}

/// Plain data always has a JSON form.
fn json(wanted: &Recovery) -> String {
    serde_json::to_string(wanted).unwrap_or_else(|_never| "{}".to_owned())
}
