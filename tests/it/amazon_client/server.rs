//! A server of a few lines of literal HTTP: it throttles, fails, lies, hangs and redirects as told.

use super::clock;
use comptoir::amazon::{Amazon, Endpoints, Http, MemoryQuotas, Operation, RateLimit, RetryPolicy, Timeouts};
use std::collections::VecDeque;
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// One answer of the server.
pub(super) enum Reply {
    /// Status, further header lines, body.
    Full(u16, &'static str, Vec<u8>),
    /// Announces more than it sends, then closes.
    CutShort(&'static str),
    /// Sends a body without its length and ends it by closing.
    Unannounced(Vec<u8>),
    /// Sends the beginning and then nothing until the client gives up.
    Hang,
}

pub(super) fn reply(status: u16, body: &str) -> Reply {
    Reply::Full(status, "x-amzn-RequestId: req-1\r\n", body.as_bytes().to_vec())
}

pub(super) fn token(text: &str) -> Reply {
    reply(
        200,
        &format!(r#"{{"access_token":"{text}","token_type":"bearer","expires_in":3600,"refresh_token":"Atzr|r"}}"#),
    )
}

/// What the server got: the request line with its headers and body, and when.
#[derive(Clone)]
pub(super) struct Got {
    pub(super) text: String,
    pub(super) at: Instant,
}

/// A server that gives the prepared answers of the API and of the token service in order, then 418.
pub(super) struct Server {
    pub(super) base: String,
    pub(super) got: Arc<Mutex<Vec<Got>>>,
}

impl Server {
    pub(super) fn start(api: Vec<Reply>, lwa: Vec<Reply>) -> Result<Self, Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let base = format!("http://{}", listener.local_addr()?);
        let got: Arc<Mutex<Vec<Got>>> = Arc::default();
        let (api, lwa) = (Arc::new(Mutex::new(VecDeque::from(api))), Arc::new(Mutex::new(VecDeque::from(lwa))));
        let seen = Arc::clone(&got);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (api, lwa, seen) = (Arc::clone(&api), Arc::clone(&lwa), Arc::clone(&seen));
                std::thread::spawn(move || {
                    // A client that went away is no concern of the server.
                    drop(serve(stream, &api, &lwa, &seen));
                });
            }
        });
        Ok(Self { base, got })
    }

    /// The requests whose first line begins so.
    pub(super) fn requests(&self, beginning: &str) -> Vec<Got> {
        let got = self.got.lock().unwrap_or_else(PoisonError::into_inner);
        got.iter().filter(|got| got.text.starts_with(beginning)).cloned().collect()
    }

    pub(super) fn reads(&self) -> usize {
        self.requests("GET").len()
    }

    pub(super) fn grants(&self) -> usize {
        self.requests("POST").len()
    }

    pub(super) fn endpoints(&self) -> Result<Endpoints, Box<dyn Error>> {
        let lwa = format!("{}/auth/o2/token", self.base);
        Ok(Endpoints::new(Some(self.base.parse()?), Some(lwa.parse()?))?)
    }

    pub(super) fn amazon(
        &self,
        limits: fn(Operation) -> RateLimit,
    ) -> Result<(Amazon, Arc<MemoryQuotas>), Box<dyn Error>> {
        let timeouts = Timeouts { connect: Duration::from_secs(2), total: Duration::from_secs(10) };
        let quotas = Arc::new(MemoryQuotas::with_limits(clock(), limits));
        let shared = Arc::<MemoryQuotas>::clone(&quotas);
        let amazon = Amazon::new(Http::new(self.endpoints()?, timeouts)?, shared, clock());
        let policy = RetryPolicy {
            base: Duration::from_millis(1),
            patience: Duration::from_millis(60),
            ..RetryPolicy::default()
        };
        Ok((amazon.with_policy(policy), quotas))
    }
}

type Answers = Mutex<VecDeque<Reply>>;

fn serve(stream: TcpStream, api: &Answers, lwa: &Answers, seen: &Mutex<Vec<Got>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut text = String::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
        text.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    text.push_str(&String::from_utf8_lossy(&body));
    let answers = if text.starts_with("POST") { lwa } else { api };
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(Got { text, at: Instant::now() });
    let next = answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let mut stream = reader.into_inner();
    match next.unwrap_or_else(|| reply(418, "no answer prepared")) {
        Reply::Full(status, headers, body) => {
            let length = body.len();
            write!(stream, "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n")?;
            stream.write_all(&body)
        }
        Reply::CutShort(body) => write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{body}"),
        Reply::Unannounced(body) => {
            write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")?;
            stream.write_all(&body)
        }
        Reply::Hang => {
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{{\"orders\":[")?;
            stream.read(&mut [0]).map(|_bytes| ())
        }
    }
}
