//! The database: rows in, rows out, one file per noun, on SQLite or PostgreSQL alike.
//!
//! No business rule lives here, and nothing here talks to Amazon or to a browser.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::{PgConnection, QueryResult, SqliteConnection};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Expands `body` once per database: all of diesel works, nothing is written twice.
macro_rules! each {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite($c) => $body,
            $crate::db::Conn::Pg($c) => $body,
        }
    };
}

#[macro_use]
mod bulk;

pub mod accounts;
pub mod audit;
pub mod carriers;
pub mod companies;
pub mod customers;
pub mod dashboard;
pub mod deadlines;
pub mod decided;
pub mod decisions;
pub mod delivered;
pub mod digests;
pub mod dump;
pub mod feeds;
pub mod file_import_rows;
pub mod file_imports;
pub mod import;
pub mod issues;
pub mod jobs;
pub mod links;
pub mod locations;
pub mod marketplaces;
pub mod migrate;
pub mod moments;
pub mod moves;
pub mod offer_lines;
pub mod offer_products;
pub mod offers;
pub mod order_taxes;
pub mod orders;
pub mod paging;
pub mod picking_changes;
pub mod picking_lines;
pub mod picking_search;
pub mod picking_slips;
pub mod pickings;
mod pool;
pub mod portable;
pub mod product_kits;
pub mod product_words;
pub mod products;
pub mod quants;
pub mod quotas;
pub mod registrations;
pub mod reservations;
pub mod run_progress;
pub mod runs;
pub mod sessions;
pub mod settings;
pub mod shipment_changes;
pub mod shipments;
pub mod standard_records;
pub mod stock;
pub mod taxes;
pub mod teams;
pub mod users;
pub mod validation_undo;
#[rustfmt::skip]
pub mod schema;
mod types;

use pool::{Opener, pool_of};

/// One open connection to either database.
pub enum Conn {
    /// The embedded database.
    Sqlite(SqliteConnection),
    /// A PostgreSQL server.
    Pg(PgConnection),
}

impl fmt::Debug for Conn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Conn::Sqlite",
            Self::Pg(_) => "Conn::Pg",
        })
    }
}

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The address is neither a file of ours nor a PostgreSQL server.
    #[error("the database address must be empty, sqlite:PATH or postgres://…")]
    UnknownScheme,
    /// Another process already uses this SQLite file.
    #[error("another Comptoir uses the database {0}; two nodes need PostgreSQL")]
    InUse(PathBuf),
    /// The database could not be opened.
    #[error("the database could not be opened")]
    Open(#[source] diesel::ConnectionError),
    /// All connections are busy.
    #[error("all database connections are busy")]
    Busy(#[source] r2d2::Error),
    /// The file or its folder could not be used.
    #[error("the database folder could not be used")]
    Folder(#[source] std::io::Error),
    /// The schema could not be brought up to date.
    #[error("the database could not be brought up to date: {0}")]
    Migration(String),
    /// A statement failed.
    #[error("a database statement failed")]
    Query(#[from] diesel::result::Error),
}

impl DbError {
    /// Whether the same transaction may succeed when it is run again.
    pub fn is_clash(&self) -> bool {
        use diesel::result::{DatabaseErrorKind, Error};
        match self {
            Self::Query(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
            Self::Query(Error::DatabaseError(_, info)) => {
                let text = info.message();
                text.contains("database is locked") || text.contains("deadlock detected")
            }
            _ => false,
        }
    }

    /// Whether a uniqueness, reference or check rule of the database refused a row.
    pub fn is_refused_row(&self) -> bool {
        use diesel::result::{DatabaseErrorKind as Kind, Error};
        matches!(
            self,
            Self::Query(Error::DatabaseError(
                Kind::UniqueViolation | Kind::ForeignKeyViolation | Kind::CheckViolation | Kind::NotNullViolation,
                _
            ))
        )
    }
}

/// An error that may hide a clash between two transactions.
pub trait MayClash {
    /// Whether the same transaction may succeed when it is run again.
    fn is_clash(&self) -> bool;
}

impl MayClash for DbError {
    fn is_clash(&self) -> bool {
        Self::is_clash(self)
    }
}

/// Who opens the database: an embedded one serves a single node, beside which commands may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedBy {
    /// A process that serves browsers or works in the background.
    Node,
    /// A command that ends by itself.
    Command,
}

/// The pools of one database.
#[derive(Clone, Debug)]
pub struct Db {
    readers: r2d2::Pool<Opener>,
    writers: r2d2::Pool<Opener>,
    is_shared: bool,
    lock: Option<Arc<std::fs::File>>,
}

/// Reading connections to SQLite; each costs up to 4 MB of cache.
const SQLITE_READERS: u32 = 6;

/// Connections to PostgreSQL per node.
const PG_CONNECTIONS: u32 = 10;

impl Db {
    /// Opens the database that `url` names; an empty one is the SQLite file in `data_dir`.
    ///
    /// An unknown scheme is refused, so that a typo never creates an empty database.
    pub fn open(url: &str, data_dir: &Path, user: OpenedBy) -> Result<Self, DbError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Self::postgres(url);
        }
        let path = match url.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => PathBuf::from(path.trim_start_matches("//")),
            None if url.is_empty() => data_dir.join("comptoir.db"),
            _ => return Err(DbError::UnknownScheme),
        };
        Self::sqlite(&path, user)
    }

    fn sqlite(path: &Path, user: OpenedBy) -> Result<Self, DbError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(DbError::Folder)?;
        }
        let lock = std::fs::File::create(path.with_extension("lock")).map_err(DbError::Folder)?;
        if user == OpenedBy::Node {
            lock.try_lock().map_err(|_held| DbError::InUse(path.to_owned()))?;
        }
        let pool = |size: u32, is_writer: bool| {
            let opener = Opener::Sqlite { path: path.to_owned(), is_writer };
            pool_of(opener, size, u32::from(is_writer))
        };
        let writers = pool(1, true)?;
        Ok(Self { readers: pool(SQLITE_READERS, false)?, writers, is_shared: false, lock: Some(Arc::new(lock)) })
    }

    fn postgres(url: &str) -> Result<Self, DbError> {
        let pool = pool_of(Opener::Pg { url: url.to_owned() }, PG_CONNECTIONS, 0)?;
        Ok(Self { readers: pool.clone(), writers: pool, is_shared: true, lock: None })
    }

    /// Whether several nodes may use this database together.
    pub const fn is_shared(&self) -> bool {
        self.is_shared
    }

    /// The product's name, for the page About.
    pub const fn engine(&self) -> &'static str {
        if self.lock.is_some() { "SQLite" } else { "PostgreSQL" }
    }

    /// Reads with one connection, outside a transaction.
    pub fn read<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        self.readers.get().map_err(DbError::Busy)?.with(work)
    }

    /// Reads figures that must agree with each other: one snapshot for the whole of `work`.
    pub fn snapshot<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        self.readers.get().map_err(DbError::Busy)?.with(|conn| {
            match conn {
                Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN"),
                Conn::Pg(c) => {
                    AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                }
            }
            .map_err(DbError::from)?;
            let done = work(conn);
            each!(conn, |c| AnsiTransactionManager::rollback_transaction(c)).map_err(DbError::from)?;
            done
        })
    }

    /// Writes in one transaction; see the function `write` below.
    pub fn write<T, E: From<DbError> + MayClash>(&self, work: impl FnMut(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        self.writers.get().map_err(DbError::Busy)?.with(|conn| write(conn, work))
    }

    /// Writes what a power cut may take back, such as a count of calls; a crash of the program takes nothing back.
    ///
    /// The embedded database then does not wait for the disk (SQLite, "PRAGMA synchronous"): the next durable write does.
    pub fn write_light<T, E: From<DbError> + MayClash>(
        &self,
        work: impl FnMut(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        self.writers.get().map_err(DbError::Busy)?.with(|conn| {
            set_durability(conn, "NORMAL")?;
            let done = write(conn, work);
            set_durability(conn, "FULL")?;
            done
        })
    }

    /// Does at once what PostgreSQL does by itself some time after many changes: it looks at the tables, so that plans are made for
    /// what they hold. The embedded database needs no statistics.
    pub fn settle(&self) -> Result<(), DbError> {
        self.outside_transaction(|conn| match conn {
            Conn::Sqlite(_) => Ok(()),
            Conn::Pg(c) => Ok(c.batch_execute("VACUUM ANALYZE")?),
        })
    }

    /// Works with a writing connection itself: migrations and the server's own upkeep manage their transactions.
    fn outside_transaction<T>(&self, work: impl FnOnce(&mut Conn) -> Result<T, DbError>) -> Result<T, DbError> {
        self.writers.get().map_err(DbError::Busy)?.with(work)
    }
}

/// Sets whether the embedded database waits for the disk at the end of a transaction.
fn set_durability(conn: &mut Conn, level: &str) -> Result<(), DbError> {
    match conn {
        Conn::Sqlite(c) => Ok(c.batch_execute(&format!("PRAGMA synchronous = {level}"))?),
        Conn::Pg(_) => Ok(()),
    }
}

/// How often a clashing transaction is run again before the user is told.
const MOST_ATTEMPTS: u8 = 50;

/// Runs `work` in the only kind of write transaction Comptoir uses.
///
/// `work` may run several times: it must touch nothing but the database.
pub fn write<T, E: From<DbError> + MayClash>(
    conn: &mut Conn,
    mut work: impl FnMut(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    let mut attempt = 0_u8;
    loop {
        match conn {
            Conn::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
            Conn::Pg(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL SERIALIZABLE"),
        }
        .map_err(DbError::from)?;
        let done = work(conn).and_then(|value| {
            let committed = each!(&mut *conn, |c| AnsiTransactionManager::commit_transaction(c));
            committed.map(|()| value).map_err(|error| DbError::from(error).into())
        });
        let Err(error) = done else { return done };
        roll_back(conn);
        attempt += 1;
        if attempt >= MOST_ATTEMPTS || !error.is_clash() {
            return Err(error);
        }
    }
}

/// Runs `work` inside the current transaction so that its failure undoes only its own changes.
pub fn savepoint<T, E: From<DbError>>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
    each!(&mut *conn, |c| AnsiTransactionManager::begin_transaction(c)).map_err(DbError::from)?;
    match work(conn) {
        Ok(value) => {
            each!(conn, |c| AnsiTransactionManager::commit_transaction(c)).map_err(DbError::from)?;
            Ok(value)
        }
        Err(error) => {
            roll_back(conn);
            Err(error)
        }
    }
}

/// Undoes the innermost transaction; a failure to do so is logged, since the first error matters more.
fn roll_back(conn: &mut Conn) {
    let undone: QueryResult<()> = each!(conn, |c| AnsiTransactionManager::rollback_transaction(c));
    if let Err(error) = undone {
        tracing::warn!(error = %error, "a transaction could not be rolled back");
    }
}

/// Exactly one row changed, or somebody else changed it first.
pub fn exactly_one(changed: usize) -> Result<(), DbError> {
    if changed == 1 { Ok(()) } else { Err(DbError::Query(diesel::result::Error::NotFound)) }
}
