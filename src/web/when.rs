//! Instants as lists and forms show them, in the company's time zone.

use super::page::Chrome;
use crate::i18n::format;
use chrono::{DateTime, LocalResult, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;

/// An instant in two short lines: the day and the time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// For machines.
    pub machine: String,
    /// The day.
    pub day: String,
    /// The time of day.
    pub time: String,
    /// How long ago, or in how long.
    pub relative: String,
}

impl When {
    /// An instant of the database.
    pub fn of(chrome: &Chrome, at: NaiveDateTime) -> Self {
        let local = at.and_utc().with_timezone(&chrome.zone);
        Self {
            machine: format::machine(at),
            day: chrome.date(local.date_naive()),
            time: format::hours(local.time()),
            relative: chrome.relative(at),
        }
    }
}

/// The value of a date-time input for an instant, in a zone.
pub fn input(at: NaiveDateTime, zone: Tz) -> String {
    at.and_utc().with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string()
}

/// Reads a date-time input that was typed in a zone; the earlier of two moments when clocks go back.
pub fn typed(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.to_utc()),
        LocalResult::None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_moment_is_read_in_the_zone_and_kept_in_utc() {
        let paris = chrono_tz::Europe::Paris;
        let read = |text| typed(text, paris).map(|at| at.to_rfc3339());
        assert_eq!(read("2026-11-20T00:00").as_deref(), Some("2026-11-19T23:00:00+00:00"));
        assert_eq!(read("20/11/2026 00:00").as_deref(), Some("2026-11-19T23:00:00+00:00"));
        assert_eq!(read("2026-07-01T12:30").as_deref(), Some("2026-07-01T10:30:00+00:00"));
        assert_eq!(read("2026-03-29T02:30"), None);
        assert_eq!(read("2026-10-25T02:30").as_deref(), Some("2026-10-25T00:30:00+00:00"));
        assert_eq!(read("yesterday"), None);
        assert_eq!(input(typed("2026-11-20T08:05", paris).unwrap().naive_utc(), paris), "2026-11-20T08:05");
    }
}
