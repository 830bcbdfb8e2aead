//! What a page says about the action that led to it: shown once, on the next page of the same browser.
//!
//! It never holds personal data: it is stored in the clear until it is shown.

use serde::{Deserialize, Serialize};

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    /// It was done.
    Success,
    /// It was done, but look.
    Warning,
    /// It was not done.
    Problem,
}

impl Tone {
    /// The letter of the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Success => "s",
            Self::Warning => "w",
            Self::Problem => "d",
        }
    }
}

/// A message for the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence, already in the user's language.
    pub text: String,
    /// The address of what it is about; empty for none.
    pub href: String,
    /// The text of the link.
    pub link: String,
}

impl Flash {
    /// A message without a link.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), href: String::new(), link: String::new() }
    }

    /// It was done.
    pub fn success(text: impl Into<String>) -> Self {
        Self::new(Tone::Success, text)
    }

    /// The same message with a link.
    #[must_use]
    pub fn with_link(mut self, href: impl Into<String>, link: impl Into<String>) -> Self {
        (self.href, self.link) = (href.into(), link.into());
        self
    }
}

/// Reads stored messages; what cannot be read is not shown.
pub fn read(stored: &str) -> Vec<Flash> {
    if stored.is_empty() { Vec::new() } else { serde_json::from_str(stored).unwrap_or_default() }
}

/// Stored messages with one more, at most three.
pub fn add(stored: &str, flash: Flash) -> String {
    let mut all = read(stored);
    all.push(flash);
    let skipped = all.len().saturating_sub(3);
    serde_json::to_string(all.get(skipped..).unwrap_or_default()).unwrap_or_default()
}
