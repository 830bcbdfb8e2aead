//! The configuration: read once from flags and environment, checked once, then passed around.
//!
//! A wrong value stops the start with the variable's name, what it holds and what it should hold.

use crate::domain::network::{self, Network};
use crate::mail::{self, MailConfig, SmtpServer};
use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use std::net::SocketAddr;
use std::path::PathBuf;

/// The settings of one process, from flags or environment.
#[derive(Clone, Debug, Args)]
pub struct Settings {
    /// PostgreSQL address (postgres://…); empty: the embedded SQLite file in the data directory.
    #[arg(long, env = "DATABASE_URL", default_value = "", hide_env_values = true, global = true)]
    pub database_url: String,
    /// Address and port on which the browser is answered.
    #[arg(long, env = "COMPTOIR_LISTEN", default_value = "127.0.0.1:8080", global = true)]
    pub listen: String,
    /// Folder of the embedded database and of the key file.
    #[arg(long, env = "COMPTOIR_DATA_DIR", default_value = "comptoir-data", global = true)]
    pub data_dir: PathBuf,
    /// Base URL that replaces Amazon's regional hosts; loopback only.
    #[arg(long, env = "COMPTOIR_AMAZON_ENDPOINT", default_value = "", global = true)]
    pub amazon_endpoint: String,
    /// Token URL that replaces Login with Amazon; loopback only.
    #[arg(long, env = "COMPTOIR_LWA_ENDPOINT", default_value = "", global = true)]
    pub lwa_endpoint: String,
    /// The address under which browsers reach Comptoir; https makes cookies secure.
    #[arg(long, env = "COMPTOIR_PUBLIC_URL", default_value = "", global = true)]
    pub public_url: String,
    /// The master key file; empty: `master.key` in the data directory.
    #[arg(long, env = "COMPTOIR_MASTER_KEY_FILE", default_value = "", global = true)]
    pub master_key_file: String,
    /// Reverse proxies whose X-Forwarded-For is believed: addresses or networks, separated by commas.
    #[arg(long, env = "COMPTOIR_TRUSTED_PROXIES", default_value = "", global = true)]
    pub trusted_proxies: String,
    /// The mail server for e-mails about refused deliveries (smtp://… or smtps://…); empty: no e-mail.
    #[arg(long, env = "COMPTOIR_SMTP_URL", default_value = "", hide_env_values = true, global = true)]
    pub smtp_url: SecretString,
    /// The sender of e-mails, for example Comptoir <comptoir@shop.example>.
    #[arg(long, env = "COMPTOIR_MAIL_FROM", default_value = "", global = true)]
    pub mail_from: String,
}

/// A setting that cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable} holds “{value}”, but should hold {wanted}")]
pub struct ConfigError {
    /// The environment variable.
    pub variable: &'static str,
    /// What it holds; passwords are hidden.
    pub value: String,
    /// What it should hold.
    pub wanted: &'static str,
}

/// The checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The database address, empty for the embedded one.
    pub database_url: String,
    /// Where the browser is answered.
    pub listen: SocketAddr,
    /// Folder of the embedded database.
    pub data_dir: PathBuf,
    /// Replaces Amazon's regional hosts.
    pub amazon_endpoint: Option<String>,
    /// Replaces Login with Amazon.
    pub lwa_endpoint: Option<String>,
    /// The address under which browsers reach Comptoir, without a final slash.
    pub public_url: String,
    /// The master key file.
    pub master_key_file: PathBuf,
    /// The reverse proxies whose word about a client's address is taken.
    pub trusted_proxies: Vec<Network>,
    /// The way of e-mails, if there is one.
    pub mail: Option<MailConfig>,
}

impl Config {
    /// Checks the settings.
    pub fn check(settings: &Settings) -> Result<Self, ConfigError> {
        let wrong = |variable, value: &str, wanted| ConfigError { variable, value: value.to_owned(), wanted };
        let listen: SocketAddr = settings.listen.parse().map_err(|_cause| {
            wrong("COMPTOIR_LISTEN", &settings.listen, "an IP address and a port, for example 127.0.0.1:8080")
        })?;
        let url = &settings.database_url;
        let known = ["postgres://", "postgresql://", "sqlite:"].iter().any(|scheme| url.starts_with(scheme));
        if !url.is_empty() && !known {
            let scheme = url.split(':').next().unwrap_or_default();
            return Err(wrong(
                "DATABASE_URL",
                &format!("{scheme}:…"),
                "postgres://user:password@host/database, sqlite:PATH, or nothing",
            ));
        }
        let public_url = if settings.public_url.is_empty() {
            format!("http://{listen}")
        } else {
            settings.public_url.trim_end_matches('/').to_owned()
        };
        if !public_url.starts_with("https://") && !public_url.starts_with("http://") {
            return Err(wrong("COMPTOIR_PUBLIC_URL", &public_url, "an address that starts with https:// or http://"));
        }
        let (amazon_endpoint, lwa_endpoint) = simulated_amazon(settings)?;
        let proxies = settings.trusted_proxies.split(',').map(str::trim).filter(|text| !text.is_empty());
        let trusted_proxies = proxies.map(Network::parse).collect::<Result<_, _>>().map_err(|_cause| {
            wrong(
                "COMPTOIR_TRUSTED_PROXIES",
                &settings.trusted_proxies,
                "IP addresses or networks separated by commas, for example 127.0.0.1,10.0.0.0/8, or nothing",
            )
        })?;
        Ok(Self {
            database_url: url.clone(),
            listen,
            data_dir: settings.data_dir.clone(),
            amazon_endpoint,
            lwa_endpoint,
            public_url,
            master_key_file: match settings.master_key_file.as_str() {
                "" => settings.data_dir.join("master.key"),
                path => PathBuf::from(path),
            },
            trusted_proxies,
            mail: mail_config(settings)?,
        })
    }

    /// Whether browsers reach Comptoir by TLS, so that cookies are secure.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// Where a simulated Amazon answers, and where it gives tokens: both or neither, so that no real token is asked for in a simulation.
fn simulated_amazon(settings: &Settings) -> Result<(Option<String>, Option<String>), ConfigError> {
    const API: &str = "COMPTOIR_AMAZON_ENDPOINT";
    const LWA: &str = "COMPTOIR_LWA_ENDPOINT";
    let wrong = |variable, value: &str, wanted| ConfigError { variable, value: value.to_owned(), wanted };
    let endpoint = |variable, value: &str| match value {
        "" => Ok(None),
        text if is_loopback_url(text) => Ok(Some(text.trim_end_matches('/').to_owned())),
        text => Err(wrong(variable, text, "an http address on this machine, for example http://127.0.0.1:8081")),
    };
    match (endpoint(API, &settings.amazon_endpoint)?, endpoint(LWA, &settings.lwa_endpoint)?) {
        (Some(_), None) => {
            Err(wrong(LWA, "", "the token URL of the simulated Amazon that COMPTOIR_AMAZON_ENDPOINT names"))
        }
        (None, Some(_)) => Err(wrong(API, "", "the base URL of the simulated Amazon that COMPTOIR_LWA_ENDPOINT names")),
        both => Ok(both),
    }
}

/// The way of e-mails; without a mail server there is none.
fn mail_config(settings: &Settings) -> Result<Option<MailConfig>, ConfigError> {
    let url = settings.smtp_url.expose_secret();
    if url.is_empty() {
        return Ok(None);
    }
    // Whatever it holds, a password may be in it.
    let hidden = || "…".to_owned();
    let server = SmtpServer::parse(url).ok_or_else(|| ConfigError {
        variable: "COMPTOIR_SMTP_URL",
        value: hidden(),
        wanted: mail::WANTED,
    })?;
    let from = settings.mail_from.parse().map_err(|_not_a_mailbox| ConfigError {
        variable: "COMPTOIR_MAIL_FROM",
        value: settings.mail_from.clone(),
        wanted: "an e-mail address, for example Comptoir <comptoir@shop.example>",
    })?;
    Ok(Some(MailConfig { server, from }))
}

/// Whether an address is plain http on this machine, without credentials.
fn is_loopback_url(text: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(text) else { return false };
    let is_local = url.host_str().is_some_and(network::is_this_machine);
    url.scheme() == "http" && is_local && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            database_url: String::new(),
            listen: "127.0.0.1:8080".to_owned(),
            data_dir: PathBuf::from("data"),
            amazon_endpoint: String::new(),
            lwa_endpoint: String::new(),
            public_url: String::new(),
            master_key_file: String::new(),
            trusted_proxies: String::new(),
            smtp_url: SecretString::default(),
            mail_from: String::new(),
        }
    }

    #[test]
    fn a_wrong_setting_names_its_variable_what_it_holds_and_what_it_should_hold() {
        let refused = |change: fn(&mut Settings)| {
            let mut settings = settings();
            change(&mut settings);
            Config::check(&settings).unwrap_err()
        };
        assert_eq!(refused(|s| s.listen = "here".into()).variable, "COMPTOIR_LISTEN");
        assert_eq!(refused(|s| s.public_url = "ftp://x".into()).variable, "COMPTOIR_PUBLIC_URL");
        let proxies = refused(|s| s.trusted_proxies = "127.0.0.1, proxy.example".into());
        assert_eq!(
            (proxies.variable, proxies.value.as_str()),
            ("COMPTOIR_TRUSTED_PROXIES", "127.0.0.1, proxy.example")
        );
        assert!(proxies.wanted.contains("10.0.0.0/8"));
        let database = refused(|s| s.database_url = "mysql://root:hunter2@db/x".into());
        assert_eq!(database.variable, "DATABASE_URL");
        assert!(!database.to_string().contains("hunter2"));
        for outside in
            ["http://example.com", "https://127.0.0.1", "http://user@127.0.0.1", "http://10.0.0.1", "127.0.0.1"]
        {
            let mut settings = settings();
            settings.amazon_endpoint = outside.to_owned();
            assert_eq!(Config::check(&settings).unwrap_err().variable, "COMPTOIR_AMAZON_ENDPOINT", "{outside}");
        }
    }

    #[test]
    fn a_mail_server_needs_a_sender_and_its_password_is_never_told() {
        let mut settings = settings();
        assert!(Config::check(&settings).unwrap().mail.is_none(), "without a mail server there is no e-mail");
        settings.smtp_url = "smtp://me:hunter2@mail.example".into();
        assert_eq!(Config::check(&settings).unwrap_err().variable, "COMPTOIR_MAIL_FROM");
        settings.mail_from = "Comptoir <comptoir@shop.example>".to_owned();
        let config = Config::check(&settings).unwrap();
        assert_eq!(config.mail.as_ref().unwrap().server.to_string(), "mail.example:587");
        settings.smtp_url = "mail://me:hunter2@mail.example".into();
        let refused = Config::check(&settings).unwrap_err();
        assert_eq!(refused.variable, "COMPTOIR_SMTP_URL");
        let told = format!("{refused} {refused:?} {settings:?} {config:?}");
        assert!(!told.contains("hunter2"), "{told}");
    }

    #[test]
    fn the_defaults_are_usable_and_cookies_follow_the_public_address() {
        let mut settings = settings();
        assert!(!Config::check(&settings).unwrap().is_secure());
        settings.public_url = "https://comptoir.example/".to_owned();
        let config = Config::check(&settings).unwrap();
        assert_eq!(config.public_url, "https://comptoir.example");
        assert!(config.is_secure());
        assert!(config.trusted_proxies.is_empty(), "nobody is believed unless told so");
        settings.trusted_proxies = "127.0.0.1, 10.0.0.0/8,".to_owned();
        assert_eq!(Config::check(&settings).unwrap().trusted_proxies.len(), 2);
        settings.amazon_endpoint = "http://127.0.0.1:8081/".to_owned();
        settings.lwa_endpoint = "http://127.0.0.1:8081/auth/o2/token".to_owned();
        assert_eq!(Config::check(&settings).unwrap().amazon_endpoint.as_deref(), Some("http://127.0.0.1:8081"));
    }

    #[test]
    fn one_endpoint_of_a_simulated_amazon_is_refused_without_the_other() {
        let both = ["http://127.0.0.1:8081", "http://127.0.0.1:8081/auth/o2/token"].map(ToOwned::to_owned);
        let [amazon_endpoint, lwa_endpoint] = both;
        let refused = Config::check(&Settings { amazon_endpoint, ..settings() }).unwrap_err();
        assert_eq!(refused.variable, "COMPTOIR_LWA_ENDPOINT");
        let refused = Config::check(&Settings { lwa_endpoint, ..settings() }).unwrap_err();
        assert_eq!(refused.variable, "COMPTOIR_AMAZON_ENDPOINT");
    }
}
