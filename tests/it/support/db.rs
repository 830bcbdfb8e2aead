//! A fresh database for one test: a `SQLite` file, or a database of its own on the server that `TEST_DATABASE_URL` names.

use diesel::{Connection as _, PgConnection, RunQueryDsl as _};
use tempfile::TempDir;

/// The database of one test, removed with it.
pub(crate) struct TestDb {
    /// The folder of the embedded database and of the keys.
    pub(crate) folder: TempDir,
    /// The address; empty for the embedded database.
    pub(crate) url: String,
    server: Option<(String, String)>,
}

impl TestDb {
    /// Makes an empty database.
    pub(crate) fn create() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
            return Self { folder, url: String::new(), server: None };
        };
        let name = format!("it_{}", uuid::Uuid::new_v4().simple());
        run(&server, &format!("CREATE DATABASE {name}"));
        let base = server.split('?').next().unwrap();
        let (host, _) = base.rsplit_once('/').unwrap();
        let parameters = server.split_once('?').map(|(_, rest)| format!("?{rest}")).unwrap_or_default();
        Self { folder, url: format!("{host}/{name}{parameters}"), server: Some((server, name)) }
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server {
            run(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn run(server: &str, statement: &str) {
    let mut conn = PgConnection::establish(server).expect("TEST_DATABASE_URL must name a PostgreSQL server");
    diesel::sql_query(statement).execute(&mut conn).unwrap();
}
