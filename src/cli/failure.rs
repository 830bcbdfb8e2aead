//! How a command fails: a sentence on the error stream and a code for scripts.

use crate::config::ConfigError;
use crate::error::AppError;
use std::io::Write;
use std::process::ExitCode;

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration is wrong; nothing was started. Code 2.
    #[error(transparent)]
    Config(ConfigError),
    /// What was asked cannot be done; the sentence says why.
    #[error("{0}")]
    Refused(String),
    /// The application could not work.
    #[error(transparent)]
    App(#[from] AppError),
    /// A file, a socket or the terminal failed.
    #[error(transparent)]
    Io(std::io::Error),
}

impl Failure {
    /// Prints the failure with its causes and gives the exit code.
    pub fn tell(&self) -> ExitCode {
        let mut text = format!("comptoir: {self}");
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        if writeln!(std::io::stderr().lock(), "{text}").is_err() {
            tracing::debug!("the error stream is closed");
        }
        match self {
            Self::Config(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}
