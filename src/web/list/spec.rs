//! What one list can be asked: its filters, its named filters and what it may be sorted by.

use super::days;

/// What a list can be asked.
#[derive(Debug)]
pub struct Spec {
    /// Its address.
    pub path: &'static str,
    /// Its filters, in the order of the address.
    pub fields: &'static [Field],
    /// Named filters, which are asked with `is=`.
    pub named: &'static [&'static str],
    /// What it may be sorted by.
    pub sorts: &'static [&'static str],
    /// How it is sorted when nothing is asked; `-` means the largest first.
    pub sort: &'static str,
    /// How it is sorted instead when a named filter is asked.
    pub named_sorts: &'static [(&'static str, &'static str)],
    /// Whether it has a search field.
    pub has_search: bool,
}

/// One filter.
#[derive(Debug)]
pub struct Field {
    /// Its key in the address.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
}

/// What a filter may hold.
#[derive(Debug)]
pub enum Kind {
    /// One of some codes.
    Code(fn(&str) -> bool),
    /// One of some codes, but never all except some.
    Among(fn(&str) -> bool),
    /// A key of a record.
    Key,
    /// The key of a single record, never of several and never all except it.
    Single,
    /// Days, see [`days`].
    Days,
}

impl Field {
    /// A filter of codes.
    pub const fn code(name: &'static str, is_known: fn(&str) -> bool) -> Self {
        Self { name, kind: Kind::Code(is_known) }
    }

    /// A filter of records.
    pub const fn key(name: &'static str) -> Self {
        Self { name, kind: Kind::Key }
    }

    /// A filter of codes that can be asked for and not left out.
    pub const fn among(name: &'static str, is_known: fn(&str) -> bool) -> Self {
        Self { name, kind: Kind::Among(is_known) }
    }

    /// A filter of a single record.
    pub const fn single(name: &'static str) -> Self {
        Self { name, kind: Kind::Single }
    }

    /// A filter of days.
    pub const fn days(name: &'static str) -> Self {
        Self { name, kind: Kind::Days }
    }

    /// Whether it may ask for all except something.
    pub(super) fn can_exclude(&self) -> bool {
        matches!(self.kind, Kind::Code(_) | Kind::Key)
    }

    /// Whether it holds one value only.
    pub(super) fn is_single(&self) -> bool {
        matches!(self.kind, Kind::Days | Kind::Single)
    }

    /// Whether it may hold this value.
    pub(super) fn accepts(&self, value: &str) -> bool {
        match self.kind {
            Kind::Code(is_known) | Kind::Among(is_known) => is_known(value),
            Kind::Key | Kind::Single => value.parse::<i64>().is_ok_and(|key| key > 0),
            Kind::Days => days::is_readable(value),
        }
    }
}
