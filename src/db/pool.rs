//! How connections are opened and kept: what each database is told on every connection.

use super::{Conn, DbError};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How long a request waits for a connection before it is answered "busy".
const POOL_TIMEOUT: Duration = Duration::from_secs(5);

/// How the connections of one pool are opened.
#[derive(Clone, Debug)]
pub(super) enum Opener {
    /// A SQLite file; readers never write.
    Sqlite { path: PathBuf, is_writer: bool },
    /// A PostgreSQL server, optionally in one schema (tests use one schema each).
    Pg { url: String },
}

/// SQLite pragmas for every connection; FULL because a user or Amazon was told what is stored (SQLite, "PRAGMA synchronous").
const SQLITE_PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; PRAGMA secure_delete = FAST; PRAGMA temp_store = MEMORY;";

/// Page cache of the writing connection in KiB; readers share the rest of the memory budget.
///
/// 64 MB between two checkpoints: pages of indexes that an import touches again and again are copied once.
const WRITER_CACHE: &str = "PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 16000;";

/// A reading connection keeps a small cache and refuses to write.
const READER_CACHE: &str = "PRAGMA cache_size = -4000; PRAGMA query_only = ON;";

/// What PostgreSQL is told on every connection (docs/decisions/0012).
///
/// Statements are prepared once and their plans are kept, which spares parsing and planning. A plan may be kept from when
/// the tables were small, or unknown: while scans of whole tables are the last resort, it uses an index from the start. The price of
/// a random page is that of a cached or solid-state one. Nothing here is worth compiling: that a table without a fitting index is
/// read as the last resort would look dear enough for it.
const PG_SETTINGS: &str = "SET TIME ZONE 'UTC'; SET lock_timeout = '10s'; SET random_page_cost = 1.1; SET enable_seqscan = off; \
     SET jit = off;";

/// A connection of a pool, and when it was last known to be alive; `None` after a failure.
pub(super) struct Pooled {
    pub(super) conn: Conn,
    alive_at: Option<Instant>,
}

impl Pooled {
    /// Works with the connection; after a failure it is checked before it is used again.
    pub(super) fn with<T, E>(&mut self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let done = work(&mut self.conn);
        if done.is_err() {
            self.alive_at = None;
        }
        done
    }
}

/// A connection that was alive so short a time ago is not asked again.
const CHECK_AFTER: Duration = Duration::from_secs(1);

/// How long a connection is kept: with it go the statements that it keeps prepared, of which people's filters make many.
const KEPT: Duration = Duration::from_mins(30);

impl r2d2::ManageConnection for Opener {
    type Connection = Pooled;
    type Error = diesel::ConnectionError;

    fn connect(&self) -> Result<Pooled, Self::Error> {
        let setup = diesel::ConnectionError::CouldntSetupConfiguration;
        let conn = match self {
            Self::Sqlite { path, is_writer } => {
                let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
                conn.batch_execute(SQLITE_PRAGMAS).map_err(setup)?;
                conn.batch_execute(if *is_writer { WRITER_CACHE } else { READER_CACHE }).map_err(setup)?;
                Conn::Sqlite(conn)
            }
            Self::Pg { url } => {
                let mut conn = PgConnection::establish(url)?;
                conn.batch_execute(PG_SETTINGS).map_err(setup)?;
                Conn::Pg(conn)
            }
        };
        Ok(Pooled { conn, alive_at: Some(Instant::now()) })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), Self::Error> {
        if pooled.alive_at.is_some_and(|at| at.elapsed() < CHECK_AFTER) {
            return Ok(());
        }
        pooled
            .with(|conn| each!(conn, |c| c.batch_execute("SELECT 1")))
            .map_err(diesel::ConnectionError::CouldntSetupConfiguration)?;
        pooled.alive_at = Some(Instant::now());
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        match &mut pooled.conn {
            Conn::Sqlite(_) => false,
            Conn::Pg(c) => diesel::r2d2::R2D2Connection::is_broken(c),
        }
    }
}

/// A pool that opens connections when they are needed and keeps `idle` of them.
pub(super) fn pool_of(opener: Opener, size: u32, idle: u32) -> Result<r2d2::Pool<Opener>, DbError> {
    r2d2::ManageConnection::connect(&opener).map_err(DbError::Open)?;
    r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(idle))
        .connection_timeout(POOL_TIMEOUT)
        .max_lifetime(matches!(opener, Opener::Pg { .. }).then_some(KEPT))
        .test_on_check_out(matches!(opener, Opener::Pg { .. }))
        .build(opener)
        .map_err(DbError::Busy)
}
