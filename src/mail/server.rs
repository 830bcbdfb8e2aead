//! Where e-mails are handed in: the mail server's address with its user, read from one setting.
//!
//! The password is in no text that can be shown.

use crate::domain::network::is_this_machine;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use secrecy::SecretString;
use std::fmt;

/// How the connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte (`smtps://`).
    FromTheStart,
    /// Before anything is said (`smtp://`, STARTTLS); a server that cannot is refused.
    Upgraded,
    /// Not at all (`smtp://…?tls=none`): for a server on this machine or in a network that is trusted.
    None,
}

/// A mail server.
#[derive(Clone, Debug)]
pub struct SmtpServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// The user and the password, if it wants any.
    pub user: Option<(String, SecretString)>,
}

/// What the setting should hold.
pub const WANTED: &str = "smtp://user:password@host:587 (encrypted by STARTTLS) or smtps://user:password@host:465; \
                          smtp://host:25?tls=none is not encrypted, then a password goes to this machine only";

impl SmtpServer {
    /// Reads the address; nothing if it should be refused.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let host = url.host_str().filter(|host| !host.is_empty())?.to_owned();
        let is_bare = matches!(url.path(), "" | "/") && url.fragment().is_none();
        let (encryption, usual_port) = match (url.scheme(), url.query()) {
            ("smtps", None) => (Encryption::FromTheStart, 465),
            ("smtp", None) => (Encryption::Upgraded, 587),
            ("smtp", Some("tls=none")) => (Encryption::None, 25),
            _ => return None,
        };
        let decoded = |text: &str| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
        let user = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() => {
                Some((decoded(user)?, SecretString::from(decoded(password)?)))
            }
            _ => return None,
        };
        let tells_a_secret = user.is_some() && encryption == Encryption::None && !is_this_machine(&host);
        if !is_bare || tells_a_secret {
            return None;
        }
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Some(Self { host, port: url.port().unwrap_or(usual_port), encryption, user })
    }
}

impl fmt::Display for SmtpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn the_scheme_says_how_the_connection_is_encrypted() {
        let read = |text| SmtpServer::parse(text).map(|server| (server.to_string(), server.encryption));
        assert_eq!(read("smtp://mail.example"), Some(("mail.example:587".to_owned(), Encryption::Upgraded)));
        assert_eq!(read("smtps://mail.example/"), Some(("mail.example:465".to_owned(), Encryption::FromTheStart)));
        assert_eq!(read("smtp://relay:2525?tls=none"), Some(("relay:2525".to_owned(), Encryption::None)));
        assert_eq!(read("smtp://[::1]:25?tls=none"), Some(("[::1]:25".to_owned(), Encryption::None)));
        for wrong in ["", "mail.example", "mail.example:587", "http://mail.example", "smtp://", "smtp://host/path"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        for wrong in
            ["smtp://host?tls=no", "smtps://host?tls=none", "smtp://host#x", "smtp://me@host", "smtp://:pw@host"]
        {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_password_is_read_with_its_special_characters_and_never_shown() {
        let server = SmtpServer::parse("smtp://me%40shop.example:p%40ss%2Fw%3Ard@mail.example").unwrap();
        let (user, password) = server.user.as_ref().unwrap();
        assert_eq!((user.as_str(), password.expose_secret()), ("me@shop.example", "p@ss/w:rd"));
        let shown = format!("{server} {server:?}");
        assert!(!shown.contains("p@ss") && !shown.contains("p%40ss"), "{shown}");
    }

    #[test]
    fn a_password_never_crosses_a_network_in_the_clear() {
        assert!(SmtpServer::parse("smtp://me:pw@mail.example?tls=none").is_none());
        for here in ["localhost", "127.0.0.1", "[::1]"] {
            assert!(SmtpServer::parse(&format!("smtp://me:pw@{here}:25?tls=none")).is_some(), "{here}");
        }
    }
}
