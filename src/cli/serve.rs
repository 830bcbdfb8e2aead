//! Serving browsers and working in the background, until the process is asked to stop.

use super::Failure;
use super::terminal::say;
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::ops::set_up;
use crate::worker::Worker;
use clap::Args;
use std::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Options of `serve`.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Do not work in the background: another process does, with `comptoir worker`.
    #[arg(long)]
    no_worker: bool,
}

impl Serve {
    pub(super) async fn run(self, config: Config) -> Result<(), Failure> {
        let app = App::open(config, Clock::System)?;
        if let Some(code) = set_up::issue_code(&app).await? {
            say!("Welcome. Open {}/setup and enter this code, good once and for a day: {code}", app.config.public_url);
        }
        serve(app, !self.no_worker).await
    }
}

/// Serves until a signal; the listener is bound before anything is announced.
pub(super) async fn serve(app: App, works: bool) -> Result<(), Failure> {
    let listener = TcpListener::bind(app.config.listen).map_err(|error| {
        Failure::Refused(format!("nothing can listen on {} (COMPTOIR_LISTEN): {error}", app.config.listen))
    })?;
    let worker = if works { Some(Worker::start(app.clone())) } else { None };
    let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let server = crate::web::server(app.clone(), listener, threads.min(8)).map_err(Failure::Io)?;
    say!("Comptoir answers on {}", app.config.public_url);
    let handle = server.handle();
    let serving = tokio::spawn(server);
    stop_asked().await?;
    tracing::info!("stopping: work in hand is stored first");
    handle.stop(true).await;
    if let Some(worker) = worker {
        worker.stop().await;
    }
    serving.abort();
    Ok(())
}

/// `comptoir worker`: the background alone.
pub(super) async fn worker(config: Config) -> Result<(), Failure> {
    let app = App::open(config, Clock::System)?;
    let worker = Worker::start(app);
    say!("Comptoir works in the background");
    stop_asked().await?;
    worker.stop().await;
    Ok(())
}

/// Returns when the process is asked to stop; asked twice, it ends at once.
pub(super) async fn stop_asked() -> Result<(), Failure> {
    let signals = || -> std::io::Result<(Signal, Signal)> {
        Ok((signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?))
    };
    let (mut terminate, mut interrupt) = signals().map_err(Failure::Io)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        // What is stored is consistent at any moment, so an impatient second signal loses nothing.
        std::process::exit(130);
    });
    Ok(())
}
