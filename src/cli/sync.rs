//! `comptoir sync`: a synchronization now, followed to its end.

use super::Failure;
use super::terminal::say;
use crate::app::App;
use crate::db::jobs;
use crate::db::registrations;
use crate::db::run_progress;
use crate::db::runs::RunRow;
use crate::domain::ids::AccountId;
use crate::domain::run::{Counts, RunKind, RunState};
use crate::ops::request_sync;
use crate::worker;
use clap::Subcommand;
use serde::Serialize;
use std::process::ExitCode;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What can be synchronized.
#[derive(Debug, Subcommand)]
pub(super) enum Sync {
    /// Read orders from Amazon.
    Orders {
        /// Only this account, by its name.
        #[arg(long)]
        account: Option<String>,
        /// Print the counts as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Tell Amazon what was shipped.
    Pickings {
        /// Only this account, by its name.
        #[arg(long)]
        account: Option<String>,
        /// Print the counts as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// How often the progress of a run in another process is looked at.
const LOOK: Duration = Duration::from_millis(200);

/// The counts of one or several runs, as printed.
#[derive(Debug, Serialize)]
struct Report {
    state: &'static str,
    #[serde(flatten)]
    counts: Counts,
    calls: i64,
    throttled: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    runs: Vec<RunReport>,
}

#[derive(Debug, Serialize)]
struct RunReport {
    account: String,
    run: i64,
    state: &'static str,
    #[serde(flatten)]
    counts: Counts,
    calls: i64,
    throttled: i64,
}

impl Sync {
    pub(super) async fn run(self, app: &App) -> Result<ExitCode, Failure> {
        let (kind, account, json) = match self {
            Self::Orders { account, json } => (RunKind::Orders, account, json),
            Self::Pickings { account, json } => (RunKind::Pickings, account, json),
        };
        let mut runs = Vec::new();
        for (id, name) in accounts(app, account.as_deref()).await? {
            let run = follow(app, id, kind).await?;
            runs.push(RunReport {
                account: name,
                run: run.id.0,
                state: run.state.as_str(),
                counts: run.counts(),
                calls: run.calls,
                throttled: run.throttled,
            });
        }
        let report = total(runs);
        let is_good = report.state == RunState::Succeeded.as_str() || report.state == RunState::Warned.as_str();
        if json {
            say!("{}", serde_json::to_string(&report).map_err(|error| Failure::Refused(error.to_string()))?);
        } else {
            tell(&report, kind);
        }
        Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// The accounts to synchronize; an unknown name is refused.
async fn accounts(app: &App, name: Option<&str>) -> Result<Vec<(AccountId, String)>, Failure> {
    let all = app.read(registrations::names).await?;
    let Some(name) = name else {
        return if all.is_empty() {
            Err(Failure::Refused("no Amazon account is registered; see `comptoir account add`".to_owned()))
        } else {
            Ok(all)
        };
    };
    let known = all.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
    let found: Vec<_> = all.iter().filter(|(_, held)| held == name).cloned().collect();
    if found.is_empty() {
        Err(Failure::Refused(format!("no account is named “{name}”; known are: {known}")))
    } else {
        Ok(found)
    }
}

/// Asks for a run, does it here unless another process does, and waits for its end.
pub(super) async fn follow(app: &App, account: AccountId, kind: RunKind) -> Result<RunRow, Failure> {
    let run = request_sync::by_command(app, account, kind).await?;
    loop {
        let (now, id) = (app.clock.now().naive_utc(), run);
        let held = app.read(move |conn| run_progress::by_id(conn, id)).await?;
        if !held.state.is_active() {
            return Ok(held);
        }
        let claimed = app.write(move |conn| jobs::claim_of(conn, request_sync::job_of(kind), account, now)).await?;
        match claimed {
            Some(claim) => Box::pin(worker::perform(app.clone(), claim, CancellationToken::new())).await,
            None => tokio::time::sleep(LOOK).await,
        }
    }
}

/// The sum of the runs; the worst state counts.
fn total(runs: Vec<RunReport>) -> Report {
    let mut counts = Counts::default();
    let (mut calls, mut throttled) = (0, 0);
    for run in &runs {
        counts = Counts { pages: counts.pages + run.counts.pages, ..counts.with_page(&run.counts) };
        calls += run.calls;
        throttled += run.throttled;
    }
    let states: Vec<&str> = runs.iter().map(|run| run.state).collect();
    let worst = [RunState::Failed, RunState::Stopped, RunState::Warned]
        .into_iter()
        .find(|state| states.contains(&state.as_str()));
    Report { state: worst.unwrap_or(RunState::Succeeded).as_str(), counts, calls, throttled, runs }
}

fn tell(report: &Report, kind: RunKind) {
    for run in &report.runs {
        let counts = &run.counts;
        if kind == RunKind::Pickings {
            say!(
                "{}: {} – {} shipments told, {} taken by Amazon, {} told again later, {} refused ({} calls)",
                run.account,
                run.state,
                counts.read,
                counts.updated,
                counts.waiting,
                counts.failed,
                run.calls
            );
            continue;
        }
        say!(
            "{}: {} – {} read, {} created, {} updated, {} cancelled, {} unchanged, {} waiting, {} skipped, {} need attention ({} calls)",
            run.account,
            run.state,
            counts.read,
            counts.created,
            counts.updated,
            counts.cancelled,
            counts.unchanged,
            counts.waiting,
            counts.skipped,
            counts.failed,
            run.calls
        );
    }
}
