//! The only place that reads the time, so that a test can decide what time it is.

use chrono::{DateTime, SubsecRound, Utc};
use std::sync::{Arc, PoisonError, RwLock};

/// Tells the time: the system's, or one that a test sets.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The time of this machine.
    System,
    /// A time that stands still until it is set.
    Fixed(Arc<RwLock<DateTime<Utc>>>),
}

impl Clock {
    /// A clock that stands at `now`.
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self::Fixed(Arc::new(RwLock::new(now)))
    }

    /// The time in UTC, to the microsecond (what both databases store).
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the time")]
            Self::System => Utc::now().trunc_subsecs(6),
            Self::Fixed(time) => *time.read().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a fixed clock; the system's clock is left alone.
    pub fn set(&self, now: DateTime<Utc>) {
        if let Self::Fixed(time) = self {
            *time.write().unwrap_or_else(PoisonError::into_inner) = now;
        }
    }
}
