//! When people are told by e-mail of deliveries that Amazon refused: soon, together, and not more than once an hour.
//!
//! An e-mail may be lost, it is never sent twice: the dashboard shows what stands in it all the same.

use super::coded::coded;
use chrono::{Duration, NaiveDateTime};

coded! {
    /// Why an e-mail did not go.
    MailProblem {
        /// The mail server cannot be reached, or fell silent before it had the e-mail.
        Unreachable = "unreachable",
        /// The connection cannot be encrypted.
        Encryption = "encryption",
        /// The mail server does not take the user name and the password.
        SignIn = "sign_in",
        /// The mail server wants to be asked later.
        Busy = "busy",
        /// The mail server does not take the e-mail, or nothing from this sender.
        Refused = "refused",
        /// The mail server does not take e-mail for this person.
        Recipient = "recipient",
        /// The mail server had the e-mail and did not say whether it took it.
        Unanswered = "unanswered",
    }
}

impl MailProblem {
    /// Whether the e-mail certainly did not go, so that sending it again makes no second one.
    pub const fn is_certain(self) -> bool {
        !matches!(self, Self::Unanswered)
    }

    /// Whether an e-mail to somebody else would fare the same.
    pub const fn concerns_all(self) -> bool {
        matches!(self, Self::Unreachable | Self::Encryption | Self::SignIn)
    }
}

/// How long a refusal waits for others, so that one e-mail tells of all that were refused together.
pub const COLLECTED_MINUTES: i64 = 5;

/// How long lies between two e-mails to the same person.
pub const EVERY_MINUTES: i64 = 60;

/// The most deliveries that an e-mail names; of the others it tells how many there are.
pub const MOST_NAMED: i64 = 50;

/// How old a refusal must be to be told: by then every node sees it, whatever its clock says.
const SEEN_AFTER_SECS: i64 = 60;

/// The first pause after an e-mail that did not go, in seconds; it doubles up to [`EVERY_MINUTES`].
const FIRST_PAUSE_SECS: i64 = 60;

/// Up to which moment refusals are told now.
pub fn told_until(now: NaiveDateTime) -> NaiveDateTime {
    now - Duration::seconds(SEEN_AFTER_SECS)
}

/// Whether to write to somebody who may get the next e-mail at `next_at` and does not know of refusals since `oldest`.
pub fn is_due(oldest: Option<NaiveDateTime>, next_at: NaiveDateTime, now: NaiveDateTime) -> bool {
    next_at <= now && oldest.is_some_and(|at| at + Duration::minutes(COLLECTED_MINUTES) <= now)
}

/// How long to wait after this many e-mails in a row that did not go.
pub fn pause(attempts: i64) -> Duration {
    Duration::seconds((FIRST_PAUSE_SECS << attempts.clamp(0, 10)).min(EVERY_MINUTES * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: u32) -> NaiveDateTime {
        chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap().and_hms_opt(13, minute, 0).unwrap()
    }

    #[test]
    fn refusals_are_collected_and_an_hour_passes_between_two_emails() {
        assert!(!is_due(None, at(0), at(30)), "no failure, no e-mail");
        assert!(!is_due(Some(at(10)), at(0), at(14)));
        assert!(is_due(Some(at(10)), at(0), at(15)));
        assert!(!is_due(Some(at(10)), at(40), at(39)));
        assert!(is_due(Some(at(10)), at(40), at(40)));
    }

    #[test]
    fn pauses_double_up_to_an_hour() {
        let minutes: Vec<i64> = (0..8).map(|attempts| pause(attempts).num_minutes()).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!((pause(-1).num_minutes(), pause(i64::MAX).num_minutes()), (1, 60));
    }

    #[test]
    fn only_what_was_not_answered_may_have_gone() {
        let unsure: Vec<_> = MailProblem::ALL.iter().filter(|problem| !problem.is_certain()).collect();
        assert_eq!(unsure, [&MailProblem::Unanswered]);
    }
}
