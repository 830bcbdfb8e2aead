//! Personal data in memory: a wrapper that never shows itself in logs, errors or debug output.
//!
//! It guards against printing by accident; what is stored is sealed elsewhere.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A value about a person: readable on purpose, never by accident.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Wraps a value about a person.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for showing it to who may see it or for sealing it.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(personal)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_value() {
        assert_eq!(format!("{:?}", Personal::new("Nadia".to_owned())), "(personal)");
    }
}
