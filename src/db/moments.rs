//! Moments as lists read them: quickly, since eighty rows have several each.
//!
//! Diesel reads `SQLite`'s text of a moment by trying eighteen formats in turn, each by an interpreter of formats. What
//! Comptoir itself wrote has one shape, `2026-11-24 13:05:00.123456`; whatever else stands there is left to Diesel.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::Pg;
use diesel::sql_types::{Nullable, Timestamp};
use diesel::sqlite::Sqlite;

/// A moment of a row that is read as one of many.
#[derive(Clone, Copy, Debug, FromSqlRow)]
pub struct Moment(NaiveDateTime);

/// A moment that may be missing.
#[derive(Clone, Copy, Debug, FromSqlRow)]
pub struct MaybeMoment(Option<NaiveDateTime>);

impl From<Moment> for NaiveDateTime {
    fn from(moment: Moment) -> Self {
        moment.0
    }
}

impl From<MaybeMoment> for Option<NaiveDateTime> {
    fn from(moment: MaybeMoment) -> Self {
        moment.0
    }
}

impl FromSql<Timestamp, Sqlite> for Moment {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        match read(value.read_text()) {
            Some(moment) => Ok(Self(moment)),
            None => <NaiveDateTime as FromSql<Timestamp, Sqlite>>::from_sql(value).map(Self),
        }
    }
}

impl FromSql<Timestamp, Pg> for Moment {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <NaiveDateTime as FromSql<Timestamp, Pg>>::from_sql(value).map(Self)
    }
}

impl<DB: Backend> FromSql<Nullable<Timestamp>, DB> for MaybeMoment
where
    Moment: FromSql<Timestamp, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Moment::from_sql(value).map(|moment| Self(Some(moment.0)))
    }

    fn from_nullable_sql(value: Option<DB::RawValue<'_>>) -> deserialize::Result<Self> {
        value.map_or(Ok(Self(None)), <Self as FromSql<Nullable<Timestamp>, DB>>::from_sql)
    }
}

/// Reads `2026-11-24 13:05:00`, with up to nine digits of a fraction of a second.
fn read(text: &str) -> Option<NaiveDateTime> {
    let (day, time) = text.split_once(' ')?;
    let (time, fraction) = time.split_once('.').map_or((time, None), |(time, fraction)| (time, Some(fraction)));
    let [year, month, day] = numbers(day, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let nanoseconds = match fraction.map(|digits| (digits, digits.len())) {
        None => 0,
        Some((digits, length @ 1..=9)) => {
            digit_by_digit(digits)?.checked_mul(10_u32.pow(9 - u32::try_from(length).ok()?))?
        }
        Some(_) => return None,
    };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?.and_hms_nano_opt(hour, minute, second, nanoseconds)
}

/// Three numbers of so many digits each.
fn numbers(text: &str, between: char, lengths: [usize; 3]) -> Option<[u32; 3]> {
    let mut parts = text.split(between).zip(lengths).map(|(part, length)| {
        let has_length = part.len() == length;
        digit_by_digit(part).filter(|_| has_length)
    });
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    (text.len() == lengths.iter().sum::<usize>() + 2).then_some(numbers)
}

fn digit_by_digit(text: &str) -> Option<u32> {
    text.chars().try_fold(0_u32, |number, digit| number.checked_mul(10)?.checked_add(digit.to_digit(10)?))
}

#[cfg(test)]
mod tests {
    use super::read;
    use chrono::NaiveDateTime;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn whatever_diesel_writes_is_read_as_it_was(seconds in -60_000_000_000_i64..200_000_000_000, nanoseconds in 0_u32..1_000_000_000) {
            let moment = chrono::DateTime::from_timestamp(seconds, nanoseconds).unwrap().naive_utc();
            // The format of Diesel's `ToSql<Timestamp, Sqlite>`.
            prop_assert_eq!(read(&moment.format("%F %T%.f").to_string()), Some(moment));
        }

        #[test]
        fn what_is_read_is_what_diesel_would_read(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{0,10})?") {
            if let Some(moment) = read(&text) {
                let known = NaiveDateTime::parse_from_str(&text, "%F %T%.f").or_else(|_| NaiveDateTime::parse_from_str(&text, "%F %T"));
                prop_assert_eq!(known, Ok(moment));
            }
        }
    }

    #[test]
    fn what_is_written_otherwise_is_left_to_diesel() {
        for text in [
            "",
            "2026-11-24",
            "2026-11-24T13:05:00",
            "2026-11-24 13:05",
            "2026-13-24 13:05:00",
            "2026-11-24 13:05:00+01:00",
            "2026-11-24 13:05:00.",
            "2460000.5",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
