//! Writing to the terminal and reading secrets from it.

use super::Failure;
use std::io::{BufRead, IsTerminal, Write};

/// Writes a line to the standard output; a closed pipe ends the command quietly.
macro_rules! say {
    ($($text:tt)*) => {
        $crate::cli::terminal::line(&format!($($text)*))
    };
}
pub(super) use say;

/// Writes a line to the standard output.
pub(super) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        tracing::debug!("the standard output is closed");
    }
}

/// Reads one line from the standard input, for example a password that is piped in.
pub(super) fn read_secret(what: &str) -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        line(&format!("Type {what} and press Enter (it is shown while you type; pipe it in to avoid that):"));
    }
    let mut text = String::new();
    std::io::stdin().lock().read_line(&mut text).map_err(Failure::Io)?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        Err(Failure::Refused(format!("{what} is missing on the standard input")))
    } else {
        Ok(text.to_owned())
    }
}
