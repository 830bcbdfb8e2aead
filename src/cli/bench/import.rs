//! `comptoir bench import`: the whole way of an order, from the simulated Amazon in another process to the database.

use super::amazon::with_amazon;
use super::{held, memory};
use crate::app::App;
use crate::cli::Failure;
use crate::cli::terminal::say;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::runs::RunRow;
use crate::domain::run::RunKind;
use chrono::Duration;
use clap::Args;
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

impl Import {
    pub(in crate::cli) async fn run(self, config: Config) -> Result<(), Failure> {
        with_amazon(self.orders, config, |config| self.measure(config)).await
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
