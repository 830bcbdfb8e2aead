//! The demonstration: what it refuses before it makes anything.

use crate::support::db::TestDb;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use tokio::time::timeout;

/// Far longer than it takes to refuse, so that a demonstration that is served after all ends the test.
const LONGEST: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_kept_password_is_not_told_for_another_database() {
    let db = TestDb::create();
    // Apart from real data, unless a database is named.
    let data = if db.url.is_empty() { db.folder.path().join("demo") } else { db.folder.path().to_owned() };
    std::fs::create_dir_all(&data).unwrap();
    let kept = data.join("demo-password");
    std::fs::write(&kept, "Essai-earlier-7").unwrap();
    let demo = Command::new(env!("CARGO_BIN_EXE_comptoir"))
        .args(["demo", "--listen", "127.0.0.1:0", "--sandbox-listen", "127.0.0.1:0"])
        .env("DATABASE_URL", &db.url)
        .env("COMPTOIR_DATA_DIR", db.folder.path())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let ended = timeout(LONGEST, demo).await.expect("the demonstration is served").unwrap();
    let said = [ended.stdout, ended.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    assert_eq!(ended.status.code(), Some(1), "{said}");
    assert!(said.contains("another database") && said.contains("demo-password"), "{said}");
    assert!(!said.contains("Essai-earlier-7"), "the password is not told");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "Essai-earlier-7", "it stays with what it belongs to");
}
