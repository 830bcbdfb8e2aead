//! The answers of the Selling Partner API, whole or broken.
//!
//! A broken answer must never be broken by accident: each way of breaking has its fault.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::HttpResponse;
use actix_web::body::{BodySize, MessageBody};
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use serde_json::{Value, json};

/// What a transport fault does to an answer that is otherwise ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    Hang,
    Refuse,
    Cut,
    Truncate,
    Html,
    Latin1,
    ByteOrderMark,
}

/// An answer before it is put on the wire.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// The value of `x-amzn-RateLimit-Limit`, if the answer carries it.
    pub(crate) rate: Option<String>,
    pub(crate) retry_after_secs: Option<u32>,
    pub(crate) error_type: Option<&'static str>,
    pub(crate) damage: Option<Damage>,
    pub(crate) delay_secs: u64,
}

impl Answer {
    pub(crate) fn new(status: u16, body: Value) -> Self {
        Self { status, body, rate: None, retry_after_secs: None, error_type: None, damage: None, delay_secs: 0 }
    }

    /// An error as Amazon writes it.
    ///
    /// Source: Amazon's model `orders_2026-01-01`, definition `ErrorList`.
    pub(crate) fn error(status: u16, code: &str, message: &str, details: &str) -> Self {
        Self::new(status, json!({ "errors": [{ "code": code, "message": message, "details": details }] }))
    }

    pub(crate) fn into_response(self) -> HttpResponse {
        let is_empty = self.body.is_null() && self.damage.is_none();
        // A spoilt answer needs a body, which 204 forbids.
        let status = if self.status == 204 && !is_empty { 200 } else { self.status };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        if let Some(rate) = self.rate {
            response.insert_header(("x-amzn-RateLimit-Limit", rate));
        }
        if let Some(seconds) = self.retry_after_secs {
            response.insert_header(("Retry-After", seconds.to_string()));
        }
        if let Some(error_type) = self.error_type {
            response.insert_header(("x-amzn-ErrorType", error_type));
        }
        if is_empty {
            return response.finish();
        }
        let text = self.body.to_string();
        match self.damage {
            None => response.content_type("application/json").body(text),
            Some(Damage::Html) => response.content_type("text/html;charset=UTF-8").body(GATEWAY_PAGE),
            Some(Damage::Latin1) => response.content_type("application/json;charset=UTF-8").body(latin1(&text)),
            Some(Damage::ByteOrderMark) => response.content_type("application/json").body(format!("\u{feff}{text}")),
            Some(Damage::Truncate) => {
                let mut bytes = text.into_bytes();
                bytes.truncate(bytes.len() / 2);
                response.content_type("application/json").body(bytes)
            }
            Some(damage @ (Damage::Hang | Damage::Refuse | Damage::Cut)) => {
                response.content_type("application/json").body(Broken::new(&text, damage))
            }
        }
    }
}

/// The page that load balancers send instead of JSON.
pub(crate) const GATEWAY_PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>";

/// The text in Latin-1; what Latin-1 lacks becomes a question mark.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect()
}

/// A body that promises its full length and does not keep the promise.
struct Broken {
    size: u64,
    first: Option<Bytes>,
    damage: Damage,
    has_paused: bool,
}

impl Broken {
    fn new(text: &str, damage: Damage) -> Self {
        let half = text.len() / 2;
        let first = Bytes::copy_from_slice(text.as_bytes().get(..half).unwrap_or_default());
        Self {
            size: u64::try_from(text.len()).unwrap_or(1),
            first: (damage != Damage::Refuse).then_some(first),
            damage,
            has_paused: damage == Damage::Refuse,
        }
    }
}

impl MessageBody for Broken {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.size)
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, io::Error>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        if self.damage == Damage::Hang {
            return Poll::Pending;
        }
        if !self.has_paused {
            // The pause lets the server send what it has before the connection breaks.
            self.has_paused = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionReset))))
    }

    fn try_into_bytes(self) -> Result<Bytes, Self>
    where
        Self: Sized,
    {
        Err(self)
    }
}
