//! Days as people write them in addresses: `today`, `2026-11`, `2026-11-01..2026-11-30`.

use crate::db::paging::Span;
use crate::i18n::{Lang, format};
use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _};
use chrono_tz::Tz;

/// The words that a filter of days offers.
pub const WORDS: [&str; 7] = ["today", "yesterday", "last_7d", "this_month", "last_month", "this_quarter", "this_year"];

/// From one day to another, both included; an open end is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
}

impl Between {
    /// These days in words.
    pub fn said(self, lang: Lang) -> String {
        let day = |day| format::date(lang, day);
        match (self.from.map(day), self.to.map(day)) {
            (Some(from), Some(to)) if from == to => from,
            (Some(from), Some(to)) => lang.with("list-between", &[("from", from), ("to", to)]).into_owned(),
            (Some(from), None) => lang.with("list-since", &[("day", from)]).into_owned(),
            (None, Some(to)) => lang.with("list-until", &[("day", to)]).into_owned(),
            (None, None) => String::new(),
        }
    }
}

/// Reads days; `today` is the day on which they are read.
pub fn read(text: &str, today: NaiveDate) -> Option<Between> {
    if let Some(found) = word(text, today) {
        return Some(found);
    }
    if let Some((from, to)) = text.split_once("..") {
        let from = if from.is_empty() { None } else { Some(exact(from)?.0) };
        let to = if to.is_empty() { None } else { Some(exact(to)?.1) };
        let is_ordered = from.zip(to).is_none_or(|(from, to)| from <= to);
        return ((from.is_some() || to.is_some()) && is_ordered).then_some(Between { from, to });
    }
    let (from, to) = exact(text)?;
    Some(Between { from: Some(from), to: Some(to) })
}

/// Whether the text means days at all.
pub fn is_readable(text: &str) -> bool {
    read(text, NaiveDate::default()).is_some()
}

fn word(text: &str, today: NaiveDate) -> Option<Between> {
    let month = today.with_day(1)?;
    let (from, to) = match text {
        "today" => (today, today),
        "yesterday" => (today.pred_opt()?, today.pred_opt()?),
        "last_7d" => (today.checked_sub_days(Days::new(6))?, today),
        "this_month" => (month, last_of(month)?),
        "last_month" => {
            let last = month.checked_sub_months(Months::new(1))?;
            (last, last_of(last)?)
        }
        "this_quarter" => {
            let first = month.checked_sub_months(Months::new(today.month0() % 3))?;
            (first, last_of(first.checked_add_months(Months::new(2))?)?)
        }
        "this_year" => year(today.year())?,
        _ => return None,
    };
    Some(Between { from: Some(from), to: Some(to) })
}

/// The first and the last day of `2026`, `2026-11` or `2026-11-24`.
fn exact(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let parts: Vec<&str> = text.split('-').collect();
    match (is_plain, parts.as_slice()) {
        (true, [year_text]) if year_text.len() == 4 => year(year_text.parse().ok()?),
        (true, [year, month]) if year.len() == 4 && month.len() == 2 => {
            let first = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)?;
            Some((first, last_of(first)?))
        }
        (true, [year, month, day]) if year.len() == 4 && month.len() == 2 && day.len() == 2 => {
            let day = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
            Some((day, day))
        }
        _ => None,
    }
}

fn year(year: i32) -> Option<(NaiveDate, NaiveDate)> {
    if year < 1990 {
        return None;
    }
    Some((NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?))
}

fn last_of(first: NaiveDate) -> Option<NaiveDate> {
    first.checked_add_months(Months::new(1))?.pred_opt()
}

/// The instants of these days in a time zone.
pub fn span(days: Between, zone: Tz) -> Span {
    Span {
        from: days.from.map(|day| midnight(day, zone)),
        to: days.to.and_then(|day| day.succ_opt()).map(|day| midnight(day, zone)),
    }
}

/// The first instant of a day, in UTC; where clocks skip midnight, the day begins an hour later.
pub fn midnight(day: NaiveDate, zone: Tz) -> NaiveDateTime {
    let local = NaiveDateTime::from(day);
    let begins = |at: NaiveDateTime| zone.from_local_datetime(&at).earliest().map(|begin| begin.naive_utc());
    begins(local).or_else(|| begins(local + TimeDelta::hours(1))).unwrap_or(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        let today = day("2026-11-24");
        for (text, from, to) in [
            ("today", "2026-11-24", "2026-11-24"),
            ("yesterday", "2026-11-23", "2026-11-23"),
            ("last_7d", "2026-11-18", "2026-11-24"),
            ("this_month", "2026-11-01", "2026-11-30"),
            ("last_month", "2026-10-01", "2026-10-31"),
            ("this_quarter", "2026-10-01", "2026-12-31"),
            ("this_year", "2026-01-01", "2026-12-31"),
            ("2026", "2026-01-01", "2026-12-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2026-11-24", "2026-11-24", "2026-11-24"),
            ("2026-11-01..2026-11-30", "2026-11-01", "2026-11-30"),
            ("2026-10..2026-11", "2026-10-01", "2026-11-30"),
        ] {
            assert_eq!(read(text, today), Some(Between { from: Some(day(from)), to: Some(day(to)) }), "{text}");
        }
        assert_eq!(read("2026-11-01..", today), Some(Between { from: Some(day("2026-11-01")), to: None }));
        assert_eq!(read("..2026-11", today), Some(Between { from: None, to: Some(day("2026-11-30")) }));
    }

    #[test]
    fn what_is_no_day_is_not_read() {
        for wrong in ["", "..", "soon", "2026-13", "2026-11-31", "26-1-1", "2026-12..2026-11", "1", "2026-11-1", "+026"]
        {
            assert!(!is_readable(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_day_begins_when_it_begins_in_the_zone() {
        let paris = chrono_tz::Europe::Paris;
        let begins = |text| midnight(day(text), paris).to_string();
        assert_eq!(begins("2026-11-24"), "2026-11-23 23:00:00");
        assert_eq!(begins("2026-07-01"), "2026-06-30 22:00:00");
        assert_eq!(midnight(day("2026-04-24"), chrono_tz::Africa::Cairo).to_string(), "2026-04-23 22:00:00");
    }
}
