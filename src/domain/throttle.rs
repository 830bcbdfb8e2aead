//! How often somebody may try a password: enough for a bad memory, too little for a guesser.
//!
//! Nobody is locked out for good: an address that failed too often waits, and others are not concerned.

use chrono::{DateTime, TimeDelta, Utc};

/// How long a failure counts.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Failures of one e-mail from one address (Application Security Verification Standard 6.3.1 allows up to 10).
const FOR_EMAIL: usize = 5;

/// Failures from one address, whatever the e-mail.
const FROM_ADDRESS: usize = 20;

/// When the next try is allowed, if not now; the failures that count come oldest first.
pub fn wait_until(for_email: &[DateTime<Utc>], from_address: &[DateTime<Utc>]) -> Option<DateTime<Utc>> {
    let ends = |failures: &[DateTime<Utc>], limit: usize| {
        let oldest = failures.len().checked_sub(limit)?;
        failures.get(oldest).map(|at| *at + WINDOW)
    };
    ends(for_email, FOR_EMAIL).max(ends(from_address, FROM_ADDRESS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    #[test]
    fn the_sixth_try_waits_until_the_first_failure_is_a_quarter_of_an_hour_old() {
        let at = |minute| Utc.with_ymd_and_hms(2026, 11, 24, 14, minute, 0).unwrap();
        let failures: Vec<_> = (0..5).map(at).collect();
        assert_eq!(wait_until(&failures[..4], &failures[..4]), None);
        assert_eq!(wait_until(&failures, &failures), Some(at(15)));
        let many: Vec<_> = (0..25).map(at).collect();
        assert_eq!(wait_until(&[], &many), Some(at(20)));
        assert_eq!(wait_until(&[], &[]), None);
    }
}
