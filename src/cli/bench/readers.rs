//! Readers of a page: each keeps one connection and asks again as soon as it is answered, or after a pause.

use crate::cli::Failure;
use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What the readers do.
#[derive(Clone)]
pub(super) struct Load {
    pub(super) address: SocketAddr,
    pub(super) path: &'static str,
    pub(super) cookie: String,
    pub(super) readers: u16,
    pub(super) pages: u32,
    /// What each waits between an answer and its next question.
    pub(super) pause: Duration,
}

/// What they measured.
pub(super) struct Latencies {
    sorted: Vec<Duration>,
    whole: Duration,
    bytes: usize,
}

impl Load {
    /// One reader, who asks again as soon as it is answered.
    pub(super) const fn of_one(address: SocketAddr, path: &'static str, cookie: String, pages: u32) -> Self {
        Self { address, path, cookie, readers: 1, pages, pause: Duration::ZERO }
    }

    /// Lets all readers read to their end.
    pub(super) async fn run(&self) -> Result<Latencies, Failure> {
        let start = Instant::now();
        let reading: Vec<_> = (0..self.readers)
            .map(|_| tokio::spawn(read(self.address, request(self.path, &self.cookie), self.pages, self.pause)))
            .collect();
        let (mut sorted, mut bytes) = (Vec::new(), 0);
        for reader in reading {
            let (times, size) = reader.await.map_err(|stopped| Failure::Refused(stopped.to_string()))??;
            sorted.extend(times);
            bytes = size;
        }
        sorted.sort_unstable();
        Ok(Latencies { sorted, whole: start.elapsed(), bytes })
    }
}

fn request(path: &str, cookie: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nAccept: text/html\r\n\r\n")
}

async fn read(
    address: SocketAddr,
    request: String,
    pages: u32,
    pause: Duration,
) -> Result<(Vec<Duration>, usize), Failure> {
    let mut stream = TcpStream::connect(address).await.map_err(Failure::Io)?;
    let (mut times, mut size) = (Vec::new(), 0);
    // One for all answers, so that little of what is measured is the reader's own work.
    let mut held = Vec::with_capacity(128 * 1024);
    for page in 0..=pages {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        let start = Instant::now();
        stream.write_all(request.as_bytes()).await.map_err(Failure::Io)?;
        size = answer(&mut stream, &mut held).await?;
        // The first answer also pays for the connection's set-up on the server.
        if page > 0 {
            times.push(start.elapsed());
        }
    }
    Ok((times, size))
}

/// Reads one answer to its end into `answer` and gives its size; anything but 200 is a failure.
async fn answer(stream: &mut TcpStream, answer: &mut Vec<u8>) -> Result<usize, Failure> {
    answer.clear();
    let mut end = None;
    loop {
        if end.is_some_and(|end| answer.len() >= end) {
            return Ok(answer.len());
        }
        if stream.read_buf(answer).await.map_err(Failure::Io)? == 0 {
            return Err(Failure::Refused("the server closed the connection".to_owned()));
        }
        if end.is_none() {
            end = whole_length(answer)?;
        }
    }
}

/// The length of head and body together, once the head has arrived.
fn whole_length(answer: &[u8]) -> Result<Option<usize>, Failure> {
    let Some(head) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { return Ok(None) };
    let text = String::from_utf8_lossy(answer.get(..head).unwrap_or_default()).to_lowercase();
    if !text.starts_with("http/1.1 200") {
        let line = text.lines().next().unwrap_or_default().to_owned();
        return Err(Failure::Refused(format!("the page answered “{line}”")));
    }
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    let length = length.ok_or_else(|| Failure::Refused("the page has no length".to_owned()))?;
    Ok(Some(head + 4 + length))
}

impl Latencies {
    /// The time under which `part` of `whole` answers stay.
    fn quantile(&self, part: usize, whole: usize) -> Duration {
        let place = (self.sorted.len().saturating_sub(1)) * part / whole;
        self.sorted.get(place).copied().unwrap_or_default()
    }
}

impl fmt::Display for Latencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = u128::try_from(self.sorted.len()).unwrap_or(0);
        let rate = count * 1000 / self.whole.as_millis().max(1);
        write!(
            f,
            "{count} pages of {} kB, median {:.1?}, p99 {:.1?}, longest {:.1?}, {rate} pages/s",
            self.bytes / 1000,
            self.quantile(50, 100),
            self.quantile(99, 100),
            self.quantile(1, 1),
        )
    }
}
