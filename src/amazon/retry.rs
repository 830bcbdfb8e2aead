//! How often and after what pause a failed call to Amazon is made again.
//!
//! Long waits are handed back to the caller, so that no run holds its place while it does nothing.

use super::error::{AmazonError, RetryClass};
use std::fmt;
use std::time::Duration;

/// A longer request to wait is taken as a mistake; Amazon documents none at all.
const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(1);

/// How a failed call is repeated.
#[derive(Clone, Copy)]
pub struct RetryPolicy {
    /// Calls made in all, the first one included.
    pub attempts: u32,
    /// Repetitions after an answer that could not be read.
    pub malformed_retries: u32,
    /// The longest first pause; it doubles each time.
    pub base: Duration,
    /// The longest pause.
    pub cap: Duration,
    /// The longest wait that is slept through; a longer one is [`AmazonError::Wait`].
    pub patience: Duration,
    /// Where chance comes from.
    pub jitter: fn() -> u64,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 5,
            malformed_retries: 3,
            base: Duration::from_millis(500),
            cap: Duration::from_mins(15),
            patience: Duration::from_secs(5),
            jitter: || getrandom::u64().unwrap_or(u64::MAX),
        }
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("attempts", &self.attempts)
            .field("malformed_retries", &self.malformed_retries)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

impl RetryPolicy {
    /// A pause after the given number of failures.
    ///
    /// Exponential with full jitter, at most `cap`.
    pub fn backoff(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(31);
        let longest = self.base.saturating_mul(1_u32 << doublings).min(self.cap);
        let millis = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX - 1);
        Duration::from_millis((self.jitter)() % (millis + 1))
    }

    /// Sleeps through a short wait; hands a long one back.
    pub(super) async fn sleep(&self, wait: Duration) -> Result<(), AmazonError> {
        if wait > self.patience {
            return Err(AmazonError::Wait(wait));
        }
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// Begins to count the failures of one call.
    pub(super) const fn failures(&self) -> Failures<'_> {
        Failures { policy: self, all: 0, malformed: 0 }
    }
}

/// The failures of one call so far.
pub(super) struct Failures<'a> {
    policy: &'a RetryPolicy,
    all: u32,
    malformed: u32,
}

impl Failures<'_> {
    /// Pauses before the next attempt; gives the error back when there is none.
    pub(super) async fn pause(&mut self, error: AmazonError) -> Result<(), AmazonError> {
        self.all += 1;
        if matches!(error, AmazonError::Malformed { .. }) {
            self.malformed += 1;
        }
        let repeats = match &error {
            // Each of these was already repeated where it arose, or is an order to wait.
            AmazonError::Wait(_) | AmazonError::Quota(_) => false,
            other => matches!(other.class(), RetryClass::Throttled { .. } | RetryClass::Retryable),
        };
        if !repeats || self.all >= self.policy.attempts || self.malformed > self.policy.malformed_retries {
            return Err(error);
        }
        let asked = error.retry_after().unwrap_or_default().min(LONGEST_RETRY_AFTER);
        let wait = self.policy.backoff(self.all).max(asked);
        tracing::warn!(
            error = %error, amazon.request_id = error.request_id(), attempt = self.all, wait_ms = wait.as_millis(),
            "A call to Amazon failed and will be made again"
        );
        self.policy.sleep(wait).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        let longest = RetryPolicy { jitter: || 0, ..RetryPolicy::default() };
        assert_eq!(longest.backoff(5), Duration::ZERO, "full jitter may choose no pause");
        // A jitter of `longest` modulo (longest + 1) is the longest pause itself.
        let policy = |jitter| RetryPolicy { jitter, ..RetryPolicy::default() };
        assert_eq!(policy(|| 500).backoff(1), Duration::from_millis(500));
        assert_eq!(policy(|| 1_000).backoff(2), Duration::from_secs(1));
        assert_eq!(policy(|| 8_000).backoff(5), Duration::from_secs(8));
        assert_eq!(policy(|| 900_000).backoff(u32::MAX), Duration::from_mins(15));
        assert!((1..40).all(|failures| RetryPolicy::default().backoff(failures) <= Duration::from_mins(15)));
    }

    #[tokio::test]
    async fn a_long_wait_is_handed_back_instead_of_slept_through() {
        let refused = AmazonError::Refused {
            operation: "getOrder",
            status: 503,
            code: None,
            request_id: None,
            retry_after: Some(Duration::from_mins(1)),
            continued: false,
        };
        let policy = RetryPolicy::default();
        let handed_back = policy.failures().pause(refused).await;
        assert!(matches!(handed_back, Err(AmazonError::Wait(wait)) if wait == Duration::from_mins(1)));
    }
}
