//! `comptoir bench pages`: how long the list of orders takes, for several readers at once, also while an import runs.

use super::amazon::with_amazon;
use super::{held, readers, start};
use crate::app::App;
use crate::cli::Failure;
use crate::cli::terminal::say;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::{self, users};
use crate::domain::ids::CompanyId;
use crate::domain::run::RunKind;
use crate::ops::start_session;
use clap::Args;
use std::net::TcpListener;
use std::time::Duration;

/// Options of `bench pages`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Pages {
    /// Orders that the database holds.
    #[arg(long, default_value_t = 1_000_000)]
    held: i64,
    /// Readers at the same time; each asks again as soon as it is answered, then once more with pauses.
    #[arg(long, default_value_t = 8)]
    readers: u16,
    /// Pages that each reader asks for.
    #[arg(long = "pages", default_value_t = 500)]
    each: u32,
    /// Orders that are imported while the readers read, in a second measurement.
    #[arg(long, default_value_t = 20_000)]
    import: u32,
}

/// The measured page: 80 orders of one team and status, newest first.
const PATH: &str = "/sales/orders?team=1&amazon_status=unshipped";

/// The pause of unhurried readers: eight of them ask for some 150 pages a second, far more than eight people do.
const PAUSE: Duration = Duration::from_millis(50);

/// Unhurried readers ask for this part of the pages that the others ask for.
const PAUSED_SHARE: u32 = 4;

impl Pages {
    pub(in crate::cli) async fn run(self, config: Config) -> Result<(), Failure> {
        let measure = async |config: Config| {
            self.measure(config.clone()).await?;
            start::report(&config).await
        };
        with_amazon(self.import, config, measure).await
    }

    async fn measure(&self, config: Config) -> Result<(), Failure> {
        start::report(&config).await?;
        let app = App::open(config, Clock::System)?;
        let since = app.clock.now() - chrono::Duration::days(45);
        let (company, account) = held::prepare(&app, since).await?;
        held::fill(&app, account, self.held, since).await?;
        say!("database: {} with {} orders", app.db.engine(), self.held);
        let cookie = sign_in(&app, company).await?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(Failure::Io)?;
        let address = listener.local_addr().map_err(Failure::Io)?;
        let server = crate::web::server(app.clone(), listener, 2).map_err(Failure::Io)?;
        let handle = server.handle();
        tokio::spawn(server);
        let at_once =
            readers::Load { readers: self.readers, ..readers::Load::of_one(address, PATH, cookie, self.each) };
        let unhurried = readers::Load { pages: self.each.div_ceil(PAUSED_SHARE), pause: PAUSE, ..at_once.clone() };
        say!("quiet: {}", at_once.run().await?);
        say!("quiet, with pauses of {PAUSE:?}: {}", unhurried.run().await?);
        let importing = app.clone();
        let import =
            tokio::spawn(async move { Box::pin(crate::cli::sync::follow(&importing, account, RunKind::Orders)).await });
        say!("while importing, with pauses of {PAUSE:?}: {}", unhurried.run().await?);
        say!("while importing: {}", at_once.run().await?);
        say!("the import had {} when the readers were done", if import.is_finished() { "ended" } else { "not ended" });
        let run = import.await.unwrap_or_else(|stopped| Err(Failure::Refused(stopped.to_string())))?;
        say!("import: {} orders, {}", run.orders_read, run.state.as_str());
        handle.stop(false).await;
        Ok(())
    }
}

/// A signed-in administrator's cookie.
pub(super) async fn sign_in(app: &App, company: CompanyId) -> Result<String, Failure> {
    let people = app.read(move |conn| users::of_company(conn, company)).await?;
    let somebody = people.first().ok_or_else(|| Failure::Refused("the company has no user".to_owned()))?.id;
    let started = start_session::prepare(app.clock.now(), Some(somebody), "en")?;
    let row = started.row.clone();
    app.write(move |conn| db::sessions::insert(conn, &row)).await?;
    Ok(format!("{}={}", crate::web::sessions::cookie_name(app), started.token))
}
