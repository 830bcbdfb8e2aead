//! Brings the database up to the version of this program, and refuses one that is newer.

use super::{Conn, Db, DbError};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Runs `steps` with the harness of the connection's own database.
macro_rules! harness {
    ($conn:expr, |$c:ident, $source:ident| $body:expr) => {
        match $conn {
            Conn::Sqlite($c) => {
                let $source = SQLITE;
                $body
            }
            Conn::Pg($c) => {
                let $source = POSTGRES;
                $body
            }
        }
    };
}

impl Db {
    /// Applies what is missing; answers how many migrations were applied.
    pub fn migrate(&self) -> Result<usize, DbError> {
        self.outside_transaction(|conn| {
            lock_schema(conn)?;
            let done = harness!(&mut *conn, |c, source| {
                refuse_newer(c, &source)?;
                c.run_pending_migrations(source).map(|done| done.len()).map_err(|error| told(error.as_ref()))
            });
            unlock_schema(conn)?;
            done
        })
    }

    /// Undoes every migration; only tests of the way up and down use it.
    pub fn undo_all(&self) -> Result<(), DbError> {
        self.outside_transaction(|conn| {
            harness!(conn, |c, source| c
                .revert_all_migrations(source)
                .map(|_| ())
                .map_err(|error| told(error.as_ref())))
        })
    }
}

/// A database that a newer Comptoir has changed is not touched by an older one.
fn refuse_newer<DB: diesel::backend::Backend>(
    conn: &mut impl MigrationHarness<DB>,
    source: &impl diesel::migration::MigrationSource<DB>,
) -> Result<(), DbError> {
    let known: Vec<String> = source
        .migrations()
        .map_err(|error| told(error.as_ref()))?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    let applied = conn.applied_migrations().map_err(|error| told(error.as_ref()))?;
    match applied.iter().find(|version| !known.contains(&version.to_string())) {
        Some(version) => Err(DbError::Migration(format!(
            "it was changed by a newer version of Comptoir (migration {version}); start that version instead"
        ))),
        None => Ok(()),
    }
}

/// Two nodes that start together migrate one after the other (PostgreSQL advisory lock).
fn lock_schema(conn: &mut Conn) -> Result<(), DbError> {
    advisory(conn, "SELECT pg_advisory_lock(7305021)")
}

fn unlock_schema(conn: &mut Conn) -> Result<(), DbError> {
    advisory(conn, "SELECT pg_advisory_unlock(7305021)")
}

fn advisory(conn: &mut Conn, statement: &str) -> Result<(), DbError> {
    use diesel::connection::SimpleConnection;
    match conn {
        Conn::Sqlite(_) => Ok(()),
        Conn::Pg(c) => Ok(c.batch_execute(statement)?),
    }
}

fn told(error: &(dyn std::error::Error + Send + Sync)) -> DbError {
    DbError::Migration(error.to_string())
}
