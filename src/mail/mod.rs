//! E-mails to the people who work here: handed to the mail server of the configuration, one by one.
//!
//! No e-mail goes to a buyer, and no address, password or answer of the mail server goes into a log.

mod server;
pub mod texts;

use crate::domain::digest::MailProblem;
use chrono::{DateTime, Utc};
use lettre::message::Mailbox;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};
use secrecy::ExposeSecret;
pub use server::{Encryption, SmtpServer, WANTED};
use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// How long handing in one e-mail may take; less than the half minute in which Comptoir stops.
const LONGEST: Duration = Duration::from_secs(20);

/// How long connecting may take.
const LONGEST_CONNECT: Duration = Duration::from_secs(10);

/// Through which server e-mails go, and from whom.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// The mail server.
    pub server: SmtpServer,
    /// The sender.
    pub from: Mailbox,
}

/// An e-mail to one person.
#[derive(Clone)]
pub struct Mail {
    /// The person's address.
    pub to: String,
    /// The person's name.
    pub name: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mail")
    }
}

/// Why an e-mail did not go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an e-mail did not go: {}", .problem.as_str())]
pub struct Unsent {
    /// What is wrong.
    pub problem: MailProblem,
    /// The number of the mail server's answer; its words may hold addresses and are not kept.
    pub answer: Option<u16>,
}

impl Unsent {
    /// A failure while something was asked that may be refused as `problem`.
    fn of(problem: MailProblem, error: &Error) -> Self {
        match error.status() {
            Some(code) if error.is_transient() => Self { problem: MailProblem::Busy, answer: Some(code.into()) },
            Some(code) => Self { problem, answer: Some(code.into()) },
            None if is_of_encryption(error) => Self { problem: MailProblem::Encryption, answer: None },
            None if error.is_client() => Self { problem, answer: None },
            None => Self { problem: MailProblem::Unreachable, answer: None },
        }
    }
}

/// Whether a connection failed because it could not be encrypted: a certificate, or a server that speaks no TLS.
fn is_of_encryption(error: &Error) -> bool {
    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    error.is_tls()
        || causes.any(|cause| {
            let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
            inner.is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>)
        })
}

/// The way to the mail server.
#[derive(Clone, Debug)]
pub struct Mailer {
    config: Arc<MailConfig>,
}

impl Mailer {
    /// The way to the configured mail server.
    pub fn new(config: MailConfig) -> Self {
        Self { config: Arc::new(config) }
    }

    /// The mail server, without its user.
    pub fn server(&self) -> &SmtpServer {
        &self.config.server
    }

    /// From whom e-mails come.
    pub fn from(&self) -> String {
        self.config.from.to_string()
    }

    /// Hands an e-mail in; it carries the date `now`.
    pub async fn send(&self, mail: &Mail, now: DateTime<Utc>) -> Result<(), Unsent> {
        let to: Address = mail.to.parse().map_err(|_not_an_address| RECIPIENT)?;
        let message = self.message(mail, to.clone(), now).map_err(|_not_a_header| RECIPIENT)?;
        let mut was_given = false;
        let done = tokio::time::timeout(LONGEST, self.hand_in(to, &message, &mut was_given)).await;
        let problem = if was_given { MailProblem::Unanswered } else { MailProblem::Unreachable };
        done.unwrap_or(Err(Unsent { problem, answer: None }))
    }

    fn message(&self, mail: &Mail, to: Address, now: DateTime<Utc>) -> Result<Vec<u8>, lettre::error::Error> {
        let from = &self.config.from;
        let mut message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(Some(mail.name.clone()), to))
            .subject(mail.subject.as_str())
            .date(now.into())
            .message_id(Some(format!("<{}@{}>", Uuid::new_v4(), from.email.domain())))
            .header(ContentType::TEXT_PLAIN)
            .body(mail.text.clone())?;
        // Nobody's out-of-office note answers a machine (RFC 3834).
        let name = HeaderName::new_from_ascii_str("Auto-Submitted");
        message.headers_mut().insert_raw(HeaderValue::new(name, "auto-generated".to_owned()));
        Ok(message.formatted())
    }

    /// Talks to the mail server; `was_given` becomes true before it gets the e-mail itself.
    async fn hand_in(&self, to: Address, message: &[u8], was_given: &mut bool) -> Result<(), Unsent> {
        let MailConfig { server, from } = &*self.config;
        let hello = ClientId::Domain(from.email.domain().to_owned());
        let tls =
            || TlsParameters::new(server.host.clone()).map_err(|error| Unsent::of(MailProblem::Encryption, &error));
        let wrapped = if server.encryption == Encryption::FromTheStart { Some(tls()?) } else { None };
        let place = (server.host.as_str(), server.port);
        let mut smtp = AsyncSmtpConnection::connect_tokio1(place, Some(LONGEST_CONNECT), &hello, wrapped, None)
            .await
            .map_err(|error| Unsent::of(MailProblem::Refused, &error))?;
        if server.encryption == Encryption::Upgraded {
            let upgraded = smtp.starttls(tls()?, &hello).await;
            upgraded.map_err(|error| Unsent::of(MailProblem::Encryption, &error))?;
        }
        if let Some((user, password)) = &server.user {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let known = smtp.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await;
            known.map_err(|error| Unsent::of(MailProblem::SignIn, &error))?;
        }
        let refused = |error: Error| Unsent::of(MailProblem::Refused, &error);
        smtp.command(MailFrom::new(Some(from.email.clone()), Vec::new())).await.map_err(refused)?;
        let known = smtp.command(Rcpt::new(to, Vec::new())).await;
        known.map_err(|error| Unsent::of(MailProblem::Recipient, &error))?;
        smtp.command(Data).await.map_err(refused)?;
        *was_given = true;
        let taken = smtp.message(message).await;
        if let Err(error) = taken {
            let is_refused = error.status().is_some();
            let unsure = Unsent { problem: MailProblem::Unanswered, answer: None };
            return Err(if is_refused { refused(error) } else { unsure });
        }
        // It has the e-mail: whether it also hears our goodbye changes nothing.
        smtp.quit().await.ok();
        Ok(())
    }
}

/// The person's address is none.
const RECIPIENT: Unsent = Unsent { problem: MailProblem::Recipient, answer: None };
