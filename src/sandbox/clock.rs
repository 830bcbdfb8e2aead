//! The clock of the simulated Amazon, which a test may stop and move.
//!
//! Nothing else in the simulator may read the time.

use chrono::{DateTime, TimeDelta, Utc};

/// Where the simulator takes the time from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SandboxClock {
    /// The clock of the machine.
    System,
    /// A time that stands still until it is advanced.
    Fixed(DateTime<Utc>),
}

impl SandboxClock {
    /// The present instant, in whole milliseconds as Amazon writes them.
    pub fn now(self) -> DateTime<Utc> {
        let now = match self {
            Self::System => system_now(),
            Self::Fixed(instant) => instant,
        };
        DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
    }
}

#[expect(clippy::disallowed_methods, reason = "the simulator keeps its own clock")]
fn system_now() -> DateTime<Utc> {
    Utc::now()
}

/// A clock with the distance it has been moved by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    base: SandboxClock,
    moved: TimeDelta,
}

impl Clock {
    pub(crate) fn new(base: SandboxClock) -> Self {
        Self { base, moved: TimeDelta::zero() }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        let now = self.base.now();
        now.checked_add_signed(self.moved).unwrap_or(now)
    }

    /// Moves the clock; it stays moved.
    pub(crate) fn advance(&mut self, by: TimeDelta) {
        self.moved = self.moved.checked_add(&by).unwrap_or(self.moved);
    }

    /// Sets the clock to `instant`, whence it runs on (or stands still).
    pub(crate) fn set(&mut self, instant: DateTime<Utc>) {
        self.moved = instant.signed_duration_since(self.base.now());
    }
}
