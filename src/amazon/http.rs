//! The one HTTP client that talks to Amazon.
//!
//! It follows no redirect, reads no more than 10 MiB, waits no longer than told, checks every certificate and
//! never writes a body or a token to the log.

use super::endpoints::Endpoints;
use super::error::{AmazonError, Malformed, plain};
use super::limits::parse_rate;
use chrono::{DateTime, Utc};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// The largest answer that is read, in bytes once unpacked.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// The largest error answer that is read for Amazon's code, in bytes.
const LARGEST_ERROR: usize = 64 * 1024;

/// How long a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the connection stands.
    pub connect: Duration,
    /// Until the last byte of the answer.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(30) }
    }
}

/// Why the HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The encryption could not be set up.
    ///
    /// The usual cause is a machine without certificate authorities.
    #[error("the encryption towards Amazon cannot be set up")]
    Tls(#[source] rustls::Error),
    /// The client could not be made.
    #[error("the HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
}

/// The HTTP client and the addresses that it may call.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
    endpoints: Arc<Endpoints>,
}

impl Http {
    /// Makes the client for the given addresses.
    pub fn new(endpoints: Endpoints, timeouts: Timeouts) -> Result<Self, HttpError> {
        let builder = Client::builder()
            .tls_backend_preconfigured(tls(&endpoints).map_err(HttpError::Tls)?)
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .gzip(true)
            .user_agent(user_agent());
        let builder = if endpoints.is_simulated() {
            let this_machine = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            builder.no_proxy().resolve("localhost", this_machine)
        } else {
            builder.https_only(true)
        };
        let client = builder.build().map_err(HttpError::Client)?;
        Ok(Self { client, endpoints: Arc::new(endpoints) })
    }

    /// The addresses that are called.
    pub fn endpoints(&self) -> &Endpoints {
        &self.endpoints
    }

    /// Calls the Selling Partner API: a read, or a post of a JSON text.
    pub(super) async fn call(
        &self,
        operation: &'static str,
        url: Url,
        json: Option<&str>,
        token: &SecretString,
    ) -> Result<Answer, AmazonError> {
        // A token with a line break in it can only come from an unreadable answer of the token service.
        let mut secret = HeaderValue::from_str(token.expose_secret()).map_err(|_secret| AmazonError::Malformed {
            operation,
            what: Malformed::Incomplete,
            request_id: None,
        })?;
        secret.set_sensitive(true);
        let request = match json {
            None => self.client.get(url),
            Some(json) => self.client.post(url).header(CONTENT_TYPE, "application/json").body(json.to_owned()),
        };
        let request = request.header("x-amz-access-token", secret).header(ACCEPT, "application/json");
        let sent = request.send().await;
        Answer::read(operation, sent.map_err(|cause| transport(operation, cause))?).await
    }

    /// Puts a document to the address that Amazon gave for it; it carries no token.
    pub(super) async fn put_document(
        &self,
        operation: &'static str,
        url: Url,
        content_type: &'static str,
        content: Vec<u8>,
    ) -> Result<Answer, AmazonError> {
        let sent = self.client.put(url).header(CONTENT_TYPE, content_type).body(content).send().await;
        Answer::read(operation, sent.map_err(|cause| transport(operation, cause))?).await
    }

    /// Reads a document from the address that Amazon gave for it; it carries no token.
    pub(super) async fn get_document(&self, operation: &'static str, url: Url) -> Result<Answer, AmazonError> {
        let sent = self.client.get(url).send().await;
        Answer::read(operation, sent.map_err(|cause| transport(operation, cause))?).await
    }

    /// Posts a form to the token service.
    pub(super) async fn post_form(
        &self,
        operation: &'static str,
        form: &[(&str, &str)],
    ) -> Result<Answer, AmazonError> {
        let content_type = "application/x-www-form-urlencoded;charset=UTF-8";
        let request = self.client.post(self.endpoints.lwa().clone()).form(form).header(CONTENT_TYPE, content_type);
        let sent = request.send().await;
        Answer::read(operation, sent.map_err(|cause| transport(operation, cause))?).await
    }
}

/// TLS with the machine's certificate authorities.
///
/// Towards a simulation there are none, so that no encrypted connection can be made there by mistake.
fn tls(endpoints: &Endpoints) -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    let builder = if endpoints.is_simulated() {
        builder.with_root_certificates(RootCertStore::empty())
    } else {
        builder.with_platform_verifier()?
    };
    Ok(builder.with_no_client_auth())
}

/// The name by which Amazon knows the caller.
///
/// Selling Partner API documentation, Include a User-Agent header.
fn user_agent() -> String {
    let system = if std::env::consts::OS == "linux" { "Linux" } else { std::env::consts::OS };
    format!(
        "{}/{} (Language={}/{}; Platform={})",
        escaped("Comptoir"),
        escaped(env!("CARGO_PKG_VERSION")),
        escaped("Rust"),
        escaped(env!("CARGO_PKG_RUST_VERSION")),
        escaped(system),
    )
}

/// A name or value of the user agent.
///
/// A backslash stands before the signs that have a meaning there.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        if matches!(sign, '\\' | '/' | '(' | ')' | ';' | '=') {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}

/// A call that got no answer.
fn transport(operation: &'static str, cause: reqwest::Error) -> AmazonError {
    if cause.is_timeout() {
        AmazonError::TimedOut { operation }
    } else {
        // The address holds the page token and the order's reference.
        AmazonError::Unreachable { operation, cause: cause.without_url() }
    }
}

/// An answer of Amazon, read to its end.
pub(super) struct Answer {
    pub(super) operation: &'static str,
    pub(super) status: StatusCode,
    pub(super) request_id: Option<String>,
    /// The rate that Amazon told, in millionths of a call per second.
    pub(super) rate_micro_per_sec: Option<i64>,
    /// What the body is written in.
    pub(super) content_type: Option<String>,
    retry_after: Option<HeaderValue>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    async fn read(operation: &'static str, mut response: Response) -> Result<Self, AmazonError> {
        let headers = response.headers();
        let request_id = text(headers, "x-amzn-requestid").or_else(|| text(headers, "x-amz-apigw-id")).and_then(plain);
        let rate_micro_per_sec = text(headers, "x-amzn-ratelimit-limit").and_then(parse_rate);
        let retry_after = headers.get(RETRY_AFTER).cloned();
        let content_type = text(headers, CONTENT_TYPE.as_str()).map(str::to_owned);
        let status = response.status();
        let limit = if status.is_success() { LARGEST_BODY } else { LARGEST_ERROR };
        let mut body = Vec::new();
        let read = read_body(&mut response, limit, &mut body).await;
        tracing::debug!(
            operation,
            status = status.as_u16(),
            amazon.request_id = request_id,
            bytes = body.len(),
            "Amazon answered"
        );
        match read {
            // The status of an error says enough, also without the rest of its body.
            Err(_) if !status.is_success() => {}
            Err(Unread::Transport(cause)) if cause.is_timeout() => return Err(AmazonError::TimedOut { operation }),
            Err(Unread::Transport(_)) => {
                return Err(AmazonError::Malformed { operation, what: Malformed::CutShort, request_id });
            }
            Err(Unread::TooLarge) => {
                return Err(AmazonError::Malformed { operation, what: Malformed::TooLarge, request_id });
            }
            Ok(()) => {}
        }
        Ok(Self { operation, status, request_id, rate_micro_per_sec, content_type, retry_after, body })
    }

    /// The body as text, without the mark that some servers put before UTF-8.
    pub(super) fn text(&self) -> Result<&str, AmazonError> {
        // The cause would quote bytes of the body.
        let text = std::str::from_utf8(&self.body).map_err(|_body| self.malformed(Malformed::NotUtf8))?;
        Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
    }

    /// The error that says what is wrong with this answer.
    pub(super) fn malformed(&self, what: Malformed) -> AmazonError {
        AmazonError::Malformed { operation: self.operation, what, request_id: self.request_id.clone() }
    }

    /// The error that this answer is; `continued` when the request held a page token.
    pub(super) fn refused(&self, continued: bool, now: DateTime<Utc>) -> AmazonError {
        AmazonError::Refused {
            operation: self.operation,
            status: self.status.as_u16(),
            code: self.code(),
            request_id: self.request_id.clone(),
            retry_after: self.retry_after.as_ref().and_then(|value| pause(value.to_str().ok()?, now)),
            continued,
        }
    }

    /// Amazon's own code: `errors[0].code`, or `error` from the token service.
    pub(super) fn code(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Entry {
            code: Option<String>,
        }
        #[derive(Deserialize)]
        struct Failure {
            errors: Option<Vec<Entry>>,
            error: Option<String>,
        }
        let failure: Failure = serde_json::from_str(self.text().ok()?).ok()?;
        let first = failure.errors.into_iter().flatten().find_map(|entry| entry.code);
        first.or(failure.error).as_deref().and_then(plain)
    }
}

/// The most of Amazon's words that are kept, in characters.
const LONGEST_WORDS: usize = 500;

impl Answer {
    /// Why Amazon refuses a request as it is, in Amazon's own words.
    pub(super) fn refusal(&self) -> Refusal {
        #[derive(Deserialize)]
        struct Entry {
            message: Option<String>,
            details: Option<String>,
        }
        #[derive(Deserialize)]
        struct Failure {
            #[serde(default)]
            errors: Vec<Entry>,
        }
        let text = self.text().unwrap_or_default();
        let failure = serde_json::from_str(text).unwrap_or(Failure { errors: Vec::new() });
        let words = failure.errors.into_iter().flat_map(|entry| [entry.message, entry.details]).flatten();
        let words: Vec<String> = words.filter(|words| !words.trim().is_empty()).collect();
        let code = self.code().unwrap_or_else(|| self.status.as_str().to_owned());
        Refusal { code, words: tidy_words(&words.join(" ")) }
    }
}

/// A text of Amazon as one line of bounded length.
pub(super) fn tidy_words(text: &str) -> String {
    let words = text.split(|sign: char| sign.is_whitespace() || sign.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(LONGEST_WORDS).collect()
}

/// What Amazon says when it refuses something as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Amazon's code, to quote.
    pub code: String,
    /// Amazon's words, to quote; empty when it gave none.
    pub words: String,
}

/// Why a body was not read to its end.
enum Unread {
    Transport(reqwest::Error),
    TooLarge,
}

async fn read_body(response: &mut Response, limit: usize, body: &mut Vec<u8>) -> Result<(), Unread> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Unread::TooLarge);
    }
    while let Some(chunk) = response.chunk().await.map_err(Unread::Transport)? {
        if body.len() + chunk.len() > limit {
            return Err(Unread::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Reads the header `Retry-After`: seconds or a date.
fn pause(header: &str, now: DateTime<Utc>) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(header).ok()?.with_timezone(&Utc);
    Some(until.signed_duration_since(now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_agent_names_the_program_as_amazon_asks() {
        let expected = concat!("Comptoir/", env!("CARGO_PKG_VERSION"), " (Language=Rust/1.95; Platform=Linux)");
        assert_eq!(user_agent(), expected);
        assert_eq!(escaped(r"a\b/c(d);e=f"), r"a\\b\/c\(d\)\;e\=f");
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date() {
        let now = DateTime::from_timestamp(1_445_412_450, 0).unwrap();
        assert_eq!(pause("7", now), Some(Duration::from_secs(7)));
        assert_eq!(pause("Wed, 21 Oct 2015 07:28:00 GMT", now), Some(Duration::from_secs(30)));
        assert_eq!(pause("Wed, 21 Oct 2015 07:27:00 GMT", now), Some(Duration::ZERO));
        assert_eq!(pause("-1", now), None);
        assert_eq!(pause("soon", now), None);
    }
}
