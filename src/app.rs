//! The application: what every door works with, built the same way in production and in tests.

use crate::amazon::{Amazon, Endpoints, Http, Timeouts};
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto::Vault;
use crate::db::{Conn, Db, MayClash, OpenedBy};
use crate::error::AppError;
use crate::mail::Mailer;
use crate::ops::share_quotas::SharedQuotas;
use std::sync::Arc;
use tokio::sync::Notify;

/// The application; a clone is another handle on the same one.
#[derive(Clone, Debug)]
pub struct App {
    /// The configuration.
    pub config: Arc<Config>,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Amazon's Selling Partner API.
    pub amazon: Amazon,
    /// Sealing and keyed hashes.
    pub vault: Vault,
    /// The way of e-mails, if there is one.
    pub mailer: Option<Mailer>,
    /// Rung when the background worker should look at its jobs at once.
    pub wake: Arc<Notify>,
}

impl App {
    /// Opens the application as the node that serves this database.
    pub fn open(config: Config, clock: Clock) -> Result<Self, AppError> {
        Self::open_as(config, clock, OpenedBy::Node)
    }

    /// Opens the database, brings it up to date and reads the keys.
    pub fn open_as(config: Config, clock: Clock, user: OpenedBy) -> Result<Self, AppError> {
        let db = Db::open(&config.database_url, &config.data_dir, user)?;
        db.migrate()?;
        let vault = crate::ops::open_vault::run(&db, &config.master_key_file)?;
        let amazon = amazon(&config, &db, &clock)?;
        let mailer = config.mail.clone().map(Mailer::new);
        Ok(Self { config: Arc::new(config), db, clock, amazon, vault, mailer, wake: Arc::new(Notify::new()) })
    }

    /// Reads from the database without blocking the caller's thread.
    pub async fn read<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, AppError>
    where
        T: Send + 'static,
        E: From<crate::db::DbError> + Into<AppError> + Send + 'static,
    {
        let db = self.db.clone();
        self.blocking(move || db.read(work).map_err(Into::into)).await
    }

    /// Writes in one transaction without blocking the caller's thread; `work` may run several times.
    pub async fn write<T, E>(&self, work: impl FnMut(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, AppError>
    where
        T: Send + 'static,
        E: From<crate::db::DbError> + MayClash + Into<AppError> + Send + 'static,
    {
        let db = self.db.clone();
        self.blocking(move || db.write(work).map_err(Into::into)).await
    }

    /// Runs slow work (database, password hashing) on a thread that may block.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        tokio::task::spawn_blocking(work).await.unwrap_or(Err(AppError::Internal("a task was interrupted")))
    }
}

/// The client of Amazon, with its quotas kept in the database.
fn amazon(config: &Config, db: &Db, clock: &Clock) -> Result<Amazon, AppError> {
    let url = |text: &Option<String>| text.as_deref().map(reqwest::Url::parse).transpose();
    let bad = |_checked_before| AppError::Internal("an Amazon endpoint is not an address");
    let (api, lwa) = (url(&config.amazon_endpoint).map_err(bad)?, url(&config.lwa_endpoint).map_err(bad)?);
    let endpoints = Endpoints::new(api, lwa).map_err(AppError::Endpoint)?;
    let http = Http::new(endpoints, Timeouts::default()).map_err(AppError::Http)?;
    let quotas = Arc::new(SharedQuotas::new(db.clone(), clock.clone()));
    let clock = clock.clone();
    Ok(Amazon::new(http, quotas, Arc::new(move || clock.now())))
}
