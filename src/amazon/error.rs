//! What can go wrong with a call to Amazon, and what to do about it.
//!
//! An error says what failed on what; it never holds a body, a token or anything about a person.

use super::limits::QuotaError;
use std::time::Duration;

/// What to do after a failed call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryClass {
    /// Too many calls: come back after this time, or after the allowance's own.
    Throttled {
        /// How long to wait, when Amazon or the allowance says so.
        retry_after: Option<Duration>,
    },
    /// Amazon is out of order or out of reach: try again later.
    Retryable,
    /// Amazon refuses even a new access token: the role or the region is wrong.
    Auth,
    /// The merchant withdrew the authorization: authorize again.
    AuthorizationLost,
    /// Amazon refuses the application itself: the administrator must act.
    ClientRefused,
    /// Amazon refuses the page token: start the search again.
    ///
    /// A page token is valid for 24 hours (Orders API 2026-01-01 model).
    PageTokenRefused,
    /// Amazon refuses the request as it is.
    BadRequest,
    /// Amazon does not know it.
    NotFound,
    /// Trying again does not help.
    Permanent,
}

/// Why an answer could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The answer stopped before its end.
    #[error("the answer is cut short")]
    CutShort,
    /// The answer is larger than 10 MiB.
    #[error("the answer is larger than 10 MiB")]
    TooLarge,
    /// The answer is not text in UTF-8.
    #[error("the answer is not UTF-8 text")]
    NotUtf8,
    /// The answer is not JSON.
    #[error("the answer is not JSON")]
    NotJson,
    /// The answer is JSON without the expected parts.
    #[error("the answer lacks what was asked for")]
    Incomplete,
}

/// A call to Amazon that failed.
#[derive(Debug, thiserror::Error)]
pub enum AmazonError {
    /// Amazon answered with an error.
    #[error("{operation}: Amazon answered {status}{}", details(code.as_deref(), request_id.as_deref()))]
    Refused {
        /// Amazon's name of the operation.
        operation: &'static str,
        /// The HTTP status.
        status: u16,
        /// Amazon's own code of the error, to quote, not to decide on.
        code: Option<String>,
        /// Amazon's reference of the call, which its support asks for.
        request_id: Option<String>,
        /// How long Amazon asks to wait.
        retry_after: Option<Duration>,
        /// Whether the request continued a search with a page token.
        continued: bool,
    },
    /// Amazon's token service refused a grant for a reason of its own.
    #[error("{operation}: Amazon refuses the grant{}", details(code.as_deref(), request_id.as_deref()))]
    GrantRefused {
        /// The kind of grant.
        operation: &'static str,
        /// Amazon's own code of the error.
        code: Option<String>,
        /// Amazon's reference of the call.
        request_id: Option<String>,
    },
    /// The merchant's authorization is revoked, expired or of another application.
    #[error("{operation}: the merchant's authorization is no longer valid{}", details(None, request_id.as_deref()))]
    AuthorizationLost {
        /// The kind of grant.
        operation: &'static str,
        /// Amazon's reference of the call.
        request_id: Option<String>,
    },
    /// The application's identifier or secret is wrong or expired.
    #[error("{operation}: Amazon refuses the application or its secret{}", details(None, request_id.as_deref()))]
    ClientRefused {
        /// The kind of grant.
        operation: &'static str,
        /// Amazon's reference of the call.
        request_id: Option<String>,
    },
    /// Amazon could not be reached.
    #[error("{operation}: Amazon cannot be reached")]
    Unreachable {
        /// What was asked.
        operation: &'static str,
        /// The cause, without the address.
        #[source]
        cause: reqwest::Error,
    },
    /// Amazon did not answer in time.
    #[error("{operation}: Amazon did not answer in time")]
    TimedOut {
        /// What was asked.
        operation: &'static str,
    },
    /// Amazon's answer could not be read.
    #[error("{operation}: {what}{}", details(None, request_id.as_deref()))]
    Malformed {
        /// What was asked.
        operation: &'static str,
        /// What is wrong with the answer.
        what: Malformed,
        /// Amazon's reference of the call.
        request_id: Option<String>,
    },
    /// The call must wait longer than it is worth keeping a run for.
    #[error("Amazon's allowance is used up or Amazon asks to wait: come back in {} s", .0.as_millis().div_ceil(1_000))]
    Wait(Duration),
    /// The shared count of calls failed.
    #[error(transparent)]
    Quota(#[from] QuotaError),
}

/// Amazon's own code and reference, for the end of a message.
fn details(code: Option<&str>, request_id: Option<&str>) -> String {
    let code = code.map(|code| format!(" {code}")).unwrap_or_default();
    let request = request_id.map(|id| format!(" (request {id})")).unwrap_or_default();
    format!("{code}{request}")
}

impl AmazonError {
    /// What to do about it.
    ///
    /// The HTTP status decides, never Amazon's code alone: Amazon writes several codes for one situation.
    pub fn class(&self) -> RetryClass {
        match self {
            Self::Refused { status, retry_after, continued, .. } => match status {
                429 => RetryClass::Throttled { retry_after: *retry_after },
                401 | 403 => RetryClass::Auth,
                404 => RetryClass::NotFound,
                400 if *continued => RetryClass::PageTokenRefused,
                400 | 413 | 414 | 415 | 422 => RetryClass::BadRequest,
                408 | 500..=599 => RetryClass::Retryable,
                _ => RetryClass::Permanent,
            },
            Self::AuthorizationLost { .. } => RetryClass::AuthorizationLost,
            Self::ClientRefused { .. } => RetryClass::ClientRefused,
            Self::GrantRefused { .. } | Self::Malformed { what: Malformed::TooLarge, .. } => RetryClass::Permanent,
            Self::Unreachable { .. } | Self::TimedOut { .. } | Self::Malformed { .. } | Self::Quota(_) => {
                RetryClass::Retryable
            }
            Self::Wait(wait) => RetryClass::Throttled { retry_after: Some(*wait) },
        }
    }

    /// Whether the same call may succeed later without anybody doing anything.
    pub fn retryable(&self) -> bool {
        matches!(self.class(), RetryClass::Throttled { .. } | RetryClass::Retryable)
    }

    /// The HTTP status, when Amazon answered with an error.
    pub const fn status(&self) -> Option<u16> {
        if let Self::Refused { status, .. } = self { Some(*status) } else { None }
    }

    /// Amazon's own code of the error, to quote.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } | Self::GrantRefused { code, .. } => code.as_deref(),
            _ => None,
        }
    }

    /// Amazon's reference of the call.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Refused { request_id, .. }
            | Self::GrantRefused { request_id, .. }
            | Self::AuthorizationLost { request_id, .. }
            | Self::ClientRefused { request_id, .. }
            | Self::Malformed { request_id, .. } => request_id.as_deref(),
            Self::Unreachable { .. } | Self::TimedOut { .. } | Self::Wait(_) | Self::Quota(_) => None,
        }
    }

    /// How long Amazon asks to wait, on a throttled or failed call.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        if let Self::Refused { retry_after, .. } = self { *retry_after } else { None }
    }
}

/// Keeps a short text of plain signs, such as a code or a reference.
///
/// Anything else may be about a person.
pub(super) fn plain(text: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:=/+".contains(&byte);
    (!text.is_empty() && text.len() <= 100 && text.bytes().all(is_plain)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, continued: bool) -> AmazonError {
        AmazonError::Refused {
            operation: "searchOrders",
            status,
            code: Some("QuotaExceeded".to_owned()),
            request_id: Some("r-1".to_owned()),
            retry_after: None,
            continued,
        }
    }

    #[test]
    fn the_http_status_decides_what_to_do() {
        let table = [
            (429, RetryClass::Throttled { retry_after: None }),
            (401, RetryClass::Auth),
            (403, RetryClass::Auth),
            (404, RetryClass::NotFound),
            (400, RetryClass::BadRequest),
            (413, RetryClass::BadRequest),
            (500, RetryClass::Retryable),
            (503, RetryClass::Retryable),
            (302, RetryClass::Permanent),
        ];
        for (status, class) in table {
            assert_eq!(refused(status, false).class(), class, "{status}");
        }
        assert_eq!(refused(400, true).class(), RetryClass::PageTokenRefused);
    }

    #[test]
    fn a_message_says_what_failed_on_what() {
        assert_eq!(refused(429, false).to_string(), "searchOrders: Amazon answered 429 QuotaExceeded (request r-1)");
        let wait = AmazonError::Wait(Duration::from_millis(1500)).to_string();
        assert_eq!(wait, "Amazon's allowance is used up or Amazon asks to wait: come back in 2 s");
    }

    #[test]
    fn only_plain_codes_are_quoted() {
        assert_eq!(plain("InvalidInput").as_deref(), Some("InvalidInput"));
        for text in ["", "Nadia Petit", "nadia@example.com", "é", &"x".repeat(101)] {
            assert_eq!(plain(text), None, "{text}");
        }
    }
}
