//! How amounts, dates and numbers are written in English and French.
//!
//! It never rounds and never converts a currency: it writes what it is given. A list writes hundreds of dates, so they are
//! not written by chrono's patterns, which read the pattern anew each time, nor by Rust's, which weigh every possibility of
//! a width.

use super::Lang;
use crate::domain::money::{Currency, Money};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Utc};
use chrono_tz::Tz;
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

/// The narrow space between thousands in French (Imprimerie nationale).
const NARROW: char = '\u{202f}';

/// The unbreakable space before a French currency sign.
const UNBREAKABLE: char = '\u{a0}';

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A point in time, as the clock or as the database gives it.
pub trait Moment {
    /// The same point in UTC.
    fn utc(&self) -> DateTime<Utc>;
}

impl Moment for DateTime<Utc> {
    fn utc(&self) -> DateTime<Utc> {
        *self
    }
}

impl Moment for NaiveDateTime {
    fn utc(&self) -> DateTime<Utc> {
        self.and_utc()
    }
}

impl<T: Moment + ?Sized> Moment for &T {
    fn utc(&self) -> DateTime<Utc> {
        (**self).utc()
    }
}

/// A whole number: `12,345` or `12 345`.
pub fn number(lang: Lang, number: i64) -> String {
    let digits = group(lang, &number.unsigned_abs().to_string());
    if number < 0 { format!("{}{digits}", minus(lang)) } else { digits }
}

/// An amount with its currency: `€1,234.56` or `1 234,56 €`; yen have no decimals.
pub fn money(lang: Lang, money: Money) -> String {
    let plain = money.to_decimal_string();
    let (sign, plain) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| (minus(lang), rest));
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let mut amount = group(lang, whole);
    if !fraction.is_empty() {
        amount.push(if lang == Lang::Fr { ',' } else { '.' });
        amount.push_str(fraction);
    }
    let symbol = symbol(money.currency());
    match (lang, symbol) {
        (Lang::Fr, Some(symbol)) => format!("{sign}{amount}{UNBREAKABLE}{symbol}"),
        (Lang::Fr, None) => format!("{sign}{amount}{UNBREAKABLE}{}", money.currency().as_str()),
        (Lang::En, Some(symbol)) => format!("{sign}{symbol}{amount}"),
        (Lang::En, None) => format!("{sign}{}{UNBREAKABLE}{amount}", money.currency().as_str()),
    }
}

/// Signs that mean one currency only; the other currencies are written by their code.
const fn symbol(currency: Currency) -> Option<&'static str> {
    match currency {
        Currency::EUR => Some("€"),
        Currency::GBP => Some("£"),
        _ => None,
    }
}

/// A percentage from its plain decimal text: `5.5%` or `5,5 %`.
pub fn percent(lang: Lang, decimal: &str) -> String {
    match lang {
        Lang::En => format!("{decimal}%"),
        Lang::Fr => format!("{}{NARROW}%", decimal.replace('.', ",")),
    }
}

/// A day: `24 Nov 2026` or `24/11/2026`.
pub fn date(lang: Lang, day: NaiveDate) -> String {
    let (year, mut text) = (day.year(), String::with_capacity(11));
    match lang {
        Lang::Fr => {
            two(&mut text, day.day());
            text.push('/');
            two(&mut text, day.month());
            text.push('/');
        }
        Lang::En => {
            let month = usize::try_from(day.month0()).ok().and_then(|month| MONTHS.get(month)).unwrap_or(&"");
            if day.day() >= 10 {
                two(&mut text, day.day());
            } else {
                text.push(digit(day.day()));
            }
            text.push(' ');
            text.push_str(month);
            text.push(' ');
        }
    }
    four(&mut text, year);
    text
}

fn digit(number: u32) -> char {
    char::from_digit(number % 10, 10).unwrap_or('0')
}

/// A number below 100 with both its digits.
fn two(text: &mut String, number: u32) {
    text.push(digit(number / 10));
    text.push(digit(number));
}

/// A year with its four digits, or as it is when it has others.
fn four(text: &mut String, year: i32) {
    match u32::try_from(year) {
        Ok(year @ 1_000..=9_999) => {
            two(text, year / 100);
            two(text, year % 100);
        }
        _ => text.extend(format!("{year:04}").chars()),
    }
}

/// An instant in a time zone: `24 Nov 2026, 14:05` or `24/11/2026 14:05`.
pub fn date_time(lang: Lang, at: impl Moment, zone: Tz) -> String {
    let local = at.utc().with_timezone(&zone);
    let separator = if lang == Lang::Fr { " " } else { ", " };
    format!("{}{separator}{}", date(lang, local.date_naive()), hours(local.time()))
}

/// The time of day in a time zone: `14:05`.
pub fn time(at: impl Moment, zone: Tz) -> String {
    hours(at.utc().with_timezone(&zone).time())
}

/// A time of day: `14:05`.
pub fn hours(time: NaiveTime) -> String {
    let mut text = String::with_capacity(5);
    two(&mut text, time.hour());
    text.push(':');
    two(&mut text, time.minute());
    text
}

/// An instant as machines read it, for `<time datetime>`.
pub fn machine(at: impl Moment) -> String {
    let at = at.utc();
    let mut text = String::with_capacity(20);
    four(&mut text, at.year());
    let rest = [('-', at.month()), ('-', at.day()), ('T', at.hour()), (':', at.minute()), (':', at.second())];
    for (before, number) in rest {
        text.push(before);
        two(&mut text, number);
    }
    text.push('Z');
    text
}

/// How long ago, or in how long: `2 min ago`, `il y a 2 min`, `in 3 h`.
pub fn relative(lang: Lang, at: impl Moment, now: impl Moment) -> String {
    let passed = now.utc() - at.utc();
    let (key, span) = if passed < TimeDelta::zero() { ("shell-in", -passed) } else { ("shell-ago", passed) };
    if span < TimeDelta::minutes(1) {
        return lang.t("shell-just-now").into_owned();
    }
    let (unit, count) = parts(span);
    let told = (lang, key, unit, count);
    if let Some(text) = TOLD.read().unwrap_or_else(PoisonError::into_inner).get(&told) {
        return text.clone();
    }
    let text = lang.with(key, &[("span", lang.with(unit, &[("count", count)]))]).into_owned();
    if count <= MOST_TOLD {
        TOLD.write().unwrap_or_else(PoisonError::into_inner).insert(told, text.clone());
    }
    text
}

/// A span of time in its largest unit: `2 min`, `3 h`, `4 days`.
pub fn span(lang: Lang, span: TimeDelta) -> String {
    let (unit, count) = parts(span);
    lang.with(unit, &[("count", count)]).into_owned()
}

/// The message of the largest unit of a span, and how many.
fn parts(span: TimeDelta) -> (&'static str, i64) {
    if span < TimeDelta::hours(1) {
        ("shell-minutes", span.num_minutes())
    } else if span < TimeDelta::days(1) {
        ("shell-hours", span.num_hours())
    } else {
        ("shell-days", span.num_days())
    }
}

/// A span in words: the language, before or after, the unit, how many.
type Told = (Lang, &'static str, &'static str, i64);

/// Spans that were put into words already: a list shows a few of them hundreds of times.
static TOLD: LazyLock<RwLock<HashMap<Told, String>>> = LazyLock::new(RwLock::default);

/// The most days that are kept in words: those that lists show.
const MOST_TOLD: i64 = 400;

const fn minus(lang: Lang) -> &'static str {
    match lang {
        Lang::En | Lang::Fr => "\u{2212}",
    }
}

fn group(lang: Lang, digits: &str) -> String {
    let separator = if lang == Lang::Fr { NARROW } else { ',' };
    let mut grouped = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    #[test]
    fn amounts_are_written_as_each_language_does() {
        let euros = Money::from_minor(123_456, Currency::EUR);
        assert_eq!(money(Lang::Fr, euros), "1\u{202f}234,56\u{a0}€");
        assert_eq!(money(Lang::En, euros), "€1,234.56");
        assert_eq!(money(Lang::En, Money::from_minor(-5, Currency::GBP)), "\u{2212}£0.05");
        assert_eq!(money(Lang::Fr, Money::from_minor(1_234_567, Currency::JPY)), "1\u{202f}234\u{202f}567\u{a0}JPY");
        assert_eq!(money(Lang::En, Money::from_minor(1_000, Currency::USD)), "USD\u{a0}10.00");
    }

    #[test]
    fn instants_are_shown_in_the_zone_of_the_reader() {
        let at = Utc.with_ymd_and_hms(2026, 11, 24, 13, 5, 0).unwrap();
        assert_eq!(date_time(Lang::En, at, chrono_tz::Europe::Paris), "24 Nov 2026, 14:05");
        assert_eq!(date_time(Lang::Fr, at, chrono_tz::Europe::Paris), "24/11/2026 14:05");
        assert_eq!(date_time(Lang::En, at, chrono_tz::Asia::Tokyo), "24 Nov 2026, 22:05");
        assert_eq!(machine(at), "2026-11-24T13:05:00Z");
    }

    #[test]
    fn relative_times_name_the_largest_unit() {
        let now = Utc.with_ymd_and_hms(2026, 11, 24, 13, 5, 0).unwrap();
        let ago = |lang, span| relative(lang, now - span, now);
        assert_eq!(ago(Lang::En, TimeDelta::seconds(20)), "just now");
        assert_eq!(ago(Lang::En, TimeDelta::minutes(2)), "2\u{a0}min ago");
        assert_eq!(ago(Lang::Fr, TimeDelta::hours(3)), "il y a 3\u{a0}h");
        assert_eq!(ago(Lang::Fr, TimeDelta::days(1)), "il y a 1\u{a0}jour");
        assert_eq!(ago(Lang::En, TimeDelta::minutes(-90)), "in 1\u{a0}h");
    }

    #[test]
    fn whole_numbers_are_grouped_by_three() {
        assert_eq!(number(Lang::En, 0), "0");
        assert_eq!(number(Lang::En, 999), "999");
        assert_eq!(number(Lang::Fr, -1_240), "\u{2212}1\u{202f}240");
    }
}
