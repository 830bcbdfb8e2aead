//! `comptoir bench import`: the whole way of an order, from the simulated Amazon in another process to the database.

use super::{held, memory};
use crate::app::App;
use crate::cli::Failure;
use crate::cli::terminal::say;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::run_progress::RunRow;
use crate::domain::run::RunKind;
use chrono::Duration;
use clap::Args;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

/// Options of `bench import`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    /// Orders to import over HTTP.
    #[arg(long, default_value_t = 20_000)]
    orders: u32,
    /// Orders that the database holds already.
    #[arg(long, default_value_t = 0)]
    held: i64,
}

/// The simulated Amazon as a child process, so that its memory and its work are not counted as ours.
pub(super) struct Amazon {
    child: Child,
    endpoint: String,
    lwa: String,
}

impl Drop for Amazon {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            tracing::debug!(error = %error, "the simulated Amazon had ended before");
        }
    }
}

impl Amazon {
    /// Starts one with this many orders and quotas that do not slow a measurement down.
    pub(super) fn start(orders: u32) -> Result<Self, Failure> {
        let program = std::env::current_exe().map_err(Failure::Io)?;
        let mut child = Command::new(program)
            .args(["sandbox", "--sandbox-listen", "127.0.0.1:0", "--quota-factor", "100000", "--orders"])
            .arg(orders.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Failure::Io)?;
        let out =
            child.stdout.take().ok_or_else(|| Failure::Refused("the simulated Amazon says nothing".to_owned()))?;
        let (mut endpoint, mut lwa) = (None, None);
        for line in BufReader::new(out).lines() {
            let line = line.map_err(Failure::Io)?;
            endpoint = endpoint.or_else(|| line.strip_prefix("COMPTOIR_AMAZON_ENDPOINT=").map(str::to_owned));
            lwa = lwa.or_else(|| line.strip_prefix("COMPTOIR_LWA_ENDPOINT=").map(str::to_owned));
            if let (Some(endpoint), Some(lwa)) = (&endpoint, &lwa) {
                return Ok(Self { endpoint: endpoint.clone(), lwa: lwa.clone(), child });
            }
        }
        Err(Failure::Refused("the simulated Amazon did not start".to_owned()))
    }

    /// The configuration that talks to it, with its own data folder.
    pub(super) fn configure(&self, config: Config) -> Config {
        let data_dir = std::env::temp_dir().join(format!("comptoir-bench-{}", std::process::id()));
        Config {
            amazon_endpoint: Some(self.endpoint.clone()),
            lwa_endpoint: Some(self.lwa.clone()),
            master_key_file: data_dir.join("master.key"),
            data_dir,
            ..config
        }
    }
}

impl Import {
    pub(in crate::cli) async fn run(self, config: Config) -> Result<(), Failure> {
        let amazon = Amazon::start(self.orders)?;
        let config = amazon.configure(config);
        let folder = config.data_dir.clone();
        let measured = self.measure(config).await;
        if let Err(error) = std::fs::remove_dir_all(&folder) {
            tracing::debug!(error = %error, "no data folder to remove");
        }
        measured
    }

    async fn measure(&self, config: Config) -> Result<(), Failure> {
        let app = App::open(config, Clock::System)?;
        let since = app.clock.now() - Duration::days(45);
        let (_, account) = held::prepare(&app, since).await?;
        say!("database: {}", app.db.engine());
        if self.held > 0 {
            let start = Instant::now();
            held::fill(&app, account, self.held, since).await?;
            say!("filled with {} orders: {} orders/s", self.held, per_second(self.held, start));
        }
        say!("resident before: {} MB", megabytes("VmRSS"));
        let start = Instant::now();
        let run = crate::cli::sync::follow(&app, account, RunKind::Orders).await?;
        report(&run, start);
        Ok(())
    }
}

fn report(run: &RunRow, start: Instant) {
    let counts = run.counts();
    say!("import: {} ({})", run.state.as_str(), serde_json::to_string(&counts).unwrap_or_default());
    say!("import: {} orders read, {} orders/s", counts.read, per_second(counts.read, start));
    say!("calls: {} for {} orders read ({} pages, {} throttled)", run.calls, counts.read, counts.pages, run.throttled);
    say!("resident at most: {} MB", megabytes("VmHWM"));
}

/// Whole orders per second since `start`.
pub(super) fn per_second(count: i64, start: Instant) -> i64 {
    let millis = i64::try_from(start.elapsed().as_millis()).unwrap_or(i64::MAX).max(1);
    count.saturating_mul(1000) / millis
}

fn megabytes(field: &str) -> u64 {
    memory::kib(field).unwrap_or(0) / 1024
}
