//! The terminal's door: commands that serve, work, look and ask.
//!
//! It parses, calls one op or one query and prints. Secrets come by standard input or from a file, never as arguments.

mod account;
mod bench;
mod demo;
mod export;
mod failure;
mod import;
mod sandbox;
mod serve;
mod sync;
mod terminal;
mod user;

use crate::app::App;
use crate::clock::Clock;
use crate::config::{Config, Settings};
use crate::db::{OpenedBy, standard_records};
use crate::domain::ids::CompanyId;
use crate::ops::found_company::{self, Founding};
use clap::{Parser, Subcommand};
pub use failure::Failure;
use std::process::ExitCode;
use terminal::say;

/// Self-hosted back office for merchants who sell on Amazon.
#[derive(Debug, Parser)]
#[command(name = "comptoir", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a demonstration: a simulated Amazon, a company, an account and a way to sign in.
    Demo(demo::Demo),
    /// Serve browsers, and work in the background unless told otherwise.
    Serve(serve::Serve),
    /// Only work in the background, beside `serve --no-worker`.
    Worker,
    /// Serve the simulated Amazon alone.
    Sandbox(sandbox::Sandbox),
    /// Bring the database up to date.
    Migrate,
    /// Check the configuration and stop.
    CheckConfig,
    /// Manage users.
    #[command(subcommand)]
    User(user::User),
    /// Manage Amazon accounts.
    #[command(subcommand)]
    Account(account::Account),
    /// Synchronize with Amazon now and wait for the end.
    #[command(subcommand)]
    Sync(sync::Sync),
    /// Write records to the standard output.
    Export(export::Export),
    /// Read records from a file.
    #[command(subcommand)]
    Import(import::Import),
    /// Measure speed on this machine.
    #[command(subcommand)]
    Bench(bench::Bench),
}

/// Runs the command of this process.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    crate::telemetry::start(match cli.command {
        Command::Demo(_) | Command::Serve(_) | Command::Worker | Command::Sandbox(_) => "info",
        _ => "warn",
    });
    match start(cli) {
        Ok(code) => code,
        Err(failure) => failure.tell(),
    }
}

fn start(cli: Cli) -> Result<ExitCode, Failure> {
    let config = Config::check(&cli.settings).map_err(Failure::Config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::Io)?;
    runtime.block_on(Box::pin(perform(cli.command, config)))
}

async fn perform(command: Command, config: Config) -> Result<ExitCode, Failure> {
    let done = match command {
        Command::Demo(demo) => demo.run(config).await,
        Command::Serve(serve) => serve.run(config).await,
        Command::Worker => serve::worker(config).await,
        Command::Sandbox(sandbox) => sandbox.run().await,
        Command::Migrate => migrate(config),
        Command::CheckConfig => {
            let mail = config.mail.as_ref().map_or_else(|| "none".to_owned(), |mail| mail.server.to_string());
            let database = database_name(&config);
            say!("The configuration is good: database {database}, listening on {}, mail server {mail}.", config.listen);
            Ok(())
        }
        Command::User(user) => user.run(&open(config)?).await,
        Command::Account(account) => account.run(&open(config)?).await,
        Command::Sync(sync) => return sync.run(&open(config)?).await,
        Command::Export(export) => export.run(&open(config)?),
        Command::Import(import) => import.run(&open(config)?).await,
        Command::Bench(bench) => bench.run(config).await,
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// The application for a command that ends by itself; a node may be running beside it.
fn open(config: Config) -> Result<App, Failure> {
    Ok(App::open_as(config, Clock::System, OpenedBy::Command)?)
}

fn migrate(config: Config) -> Result<(), Failure> {
    let app = open(config)?;
    say!("The {} database is up to date.", app.db.engine());
    Ok(())
}

/// The database as it may be shown: without the password.
fn database_name(config: &Config) -> String {
    if config.database_url.is_empty() {
        return config.data_dir.join("comptoir.db").display().to_string();
    }
    match config.database_url.rsplit_once('@') {
        Some((_, place)) => format!("…@{place}"),
        None => config.database_url.clone(),
    }
}

/// The company of this installation; the first command that needs one founds it.
async fn first_company(app: &App) -> Result<CompanyId, Failure> {
    if let Some(company) = app.read(standard_records::first_company).await? {
        return Ok(company);
    }
    let now = app.clock.now().naive_utc();
    let founded = app.write(move |conn| found_company::run(conn, &Founding::default(), now)).await?;
    tracing::warn!("a company was founded in France with euros; open /setup to describe yours");
    Ok(founded)
}
