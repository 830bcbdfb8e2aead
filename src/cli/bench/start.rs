//! From starting the program to its first answer, and its memory when idle.

use super::memory;
use crate::cli::Failure;
use crate::cli::terminal::say;
use crate::config::Config;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long a start may take before the measurement gives up.
const LONGEST: Duration = Duration::from_secs(20);

/// Starts `comptoir serve` on this configuration and tells how long its first answer took.
pub(super) async fn report(config: &Config) -> Result<(), Failure> {
    let begun = Instant::now();
    // A server of this very process may hold an embedded database for a moment still: then the program ends at once.
    while begun.elapsed() < LONGEST {
        if let Some((taken, resident)) = start(config).await? {
            say!("start to first answer: {taken:.0?}, resident when idle: {} MB", resident / 1024);
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(Failure::Refused("the server did not answer".to_owned()))
}

/// How long the first answer took, and the memory in KiB; nothing when the program ended instead of answering.
async fn start(config: &Config) -> Result<Option<(Duration, u64)>, Failure> {
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).map_err(Failure::Io)?;
    let program = std::env::current_exe().map_err(Failure::Io)?;
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(["serve", "--no-worker"])
        .env("COMPTOIR_LISTEN", address.to_string())
        .env("COMPTOIR_DATA_DIR", &config.data_dir)
        .env("COMPTOIR_MASTER_KEY_FILE", &config.master_key_file)
        .env("DATABASE_URL", &config.database_url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(Failure::Io)?;
    let mut answered = false;
    while !answered && start.elapsed() < LONGEST && child.try_wait().map_err(Failure::Io)?.is_none() {
        answered = asks(address).await.is_ok();
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let taken = start.elapsed();
    let resident = memory::kib_of(child.id(), "VmRSS").unwrap_or(0);
    child.kill().and_then(|()| child.wait()).map_err(Failure::Io)?;
    Ok(answered.then_some((taken, resident)))
}

async fn asks(address: std::net::SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /login HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    if answer.starts_with(b"HTTP/1.1") { Ok(()) } else { Err(std::io::ErrorKind::InvalidData.into()) }
}
