//! One page of a list: where it starts, how it is sorted, and what a filter chose.
//!
//! A page starts at a row, never at a number of rows, so that the thousandth page costs what the first costs.

use super::portable::Limited;
use chrono::NaiveDateTime;

/// The most rows that are counted; more are shown as "10,000+".
pub const MOST_COUNTED: i64 = 10_000;

/// The most records that one search looks at.
pub const MOST_FOUND: i64 = 5_000;

/// On which side of a row a page lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The rows that follow it.
    After,
    /// The rows that come before it.
    Before,
}

/// A row at the edge of a page: what it is sorted by, and its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The sorted value: microseconds of an instant, minor units or a key.
    pub value: i64,
    /// The row's key.
    pub id: i64,
    /// On which side of it the page lies.
    pub side: Side,
}

/// Which rows of a sorted list are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The most rows of a page.
    pub per: i64,
    /// Whether the largest comes first.
    pub descending: bool,
    /// The row at the edge; the first page has none.
    pub cursor: Option<Cursor>,
}

impl Window {
    /// The first `per` rows, the largest first.
    pub const fn newest(per: i64) -> Self {
        Self { per, descending: true, cursor: None }
    }

    /// Whether the database reads upwards: a page before a row is read backwards and turned round.
    pub fn reads_upwards(&self) -> bool {
        let backwards = self.cursor.is_some_and(|cursor| cursor.side == Side::Before);
        self.descending == backwards
    }

    /// The rows that a page reads: one more than it holds tells whether another page follows.
    pub const fn limited<Q>(&self, query: Q) -> Limited<Q> {
        Limited { query, most: self.per.saturating_add(1) }
    }
}

/// The rows of one page, and whether there are more on either side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<R> {
    /// The rows, in the order of the list.
    pub rows: Vec<R>,
    /// Whether rows come before.
    pub has_before: bool,
    /// Whether rows follow.
    pub has_after: bool,
}

impl<R> Page<R> {
    /// Makes a page of what the database read, in its order, with one row too many when more follow.
    pub fn of(mut rows: Vec<R>, window: &Window) -> Self {
        let most = usize::try_from(window.per).unwrap_or(usize::MAX);
        let more = rows.len() > most;
        rows.truncate(most);
        match window.cursor.map(|cursor| cursor.side) {
            Some(Side::Before) => {
                rows.reverse();
                Self { rows, has_before: more, has_after: true }
            }
            Some(Side::After) => Self { rows, has_before: true, has_after: more },
            None => Self { rows, has_before: false, has_after: more },
        }
    }
}

/// What a filter chose: any of some values, and none of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice<T> {
    /// One of these; empty means anything.
    pub any: Vec<T>,
    /// None of these.
    pub none: Vec<T>,
}

impl<T> Default for Choice<T> {
    fn default() -> Self {
        Self { any: Vec::new(), none: Vec::new() }
    }
}

/// A span of time in UTC, from its first instant up to and without its last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first instant.
    pub from: Option<NaiveDateTime>,
    /// The first instant after it.
    pub to: Option<NaiveDateTime>,
}

/// An instant as microseconds, the value of a cursor.
pub fn micros(at: NaiveDateTime) -> i64 {
    at.and_utc().timestamp_micros()
}

/// The instant of a cursor's microseconds; one that no calendar knows is the beginning.
pub fn instant(micros: i64) -> NaiveDateTime {
    chrono::DateTime::from_timestamp_micros(micros).unwrap_or_default().naive_utc()
}

/// The instant that stands for "never" when rows without a date are sorted: the last of the year 9999.
pub fn never() -> NaiveDateTime {
    chrono::NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default().into()
}

/// Keeps the rows that a [`Choice`] allows.
macro_rules! choose {
    ($query:ident, $column:expr, $choice:expr) => {
        // A single value is spelled as equality: only then does PostgreSQL read an index in its order.
        if let [only] = $choice.any.as_slice() {
            $query = $query.filter($column.eq(only.clone()));
        } else if !$choice.any.is_empty() {
            $query = $query.filter($column.eq_any($choice.any.clone()));
        }
        if !$choice.none.is_empty() {
            $query = $query.filter($column.ne_all($choice.none.clone()));
        }
    };
}

/// Keeps the rows whose instant lies in a [`Span`].
macro_rules! within {
    ($query:ident, $column:expr, $span:expr) => {
        if let Some(from) = $span.from {
            $query = $query.filter($column.ge(from));
        }
        if let Some(to) = $span.to {
            $query = $query.filter($column.lt(to));
        }
    };
}

/// Sorts by a column and the key, and starts where the [`Window`] says.
macro_rules! window {
    ($query:ident, $window:expr, $column:expr, $id:expr, $value:expr) => {
        let upwards = $window.reads_upwards();
        if let Some(cursor) = $window.cursor {
            $query =
                $query.filter($crate::db::portable::beyond(($column, $id), ($value(cursor.value), cursor.id), upwards));
        }
        $query =
            if upwards { $query.order(($column.asc(), $id.asc())) } else { $query.order(($column.desc(), $id.desc())) };
    };
}

pub(crate) use {choose, window, within};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_before_a_row_is_read_backwards_and_turned_round() {
        let at = |side| Some(Cursor { value: 5, id: 5, side });
        let window = |cursor, descending| Window { per: 2, descending, cursor };
        assert!(!window(None, true).reads_upwards() && window(None, false).reads_upwards());
        assert!(window(at(Side::Before), true).reads_upwards());
        let page = Page::of(vec![6, 7, 8], &window(at(Side::Before), true));
        assert_eq!(page, Page { rows: vec![7, 6], has_before: true, has_after: true });
        let page = Page::of(vec![4, 3], &window(at(Side::After), true));
        assert_eq!(page, Page { rows: vec![4, 3], has_before: true, has_after: false });
        let page = Page::of(vec![9, 8, 7], &window(None, true));
        assert_eq!(page, Page { rows: vec![9, 8], has_before: false, has_after: true });
    }
}
