//! How every list is asked for: filters, sorting and pages, all in the address.
//!
//! An address that cannot be read in full is answered all the same, with a notice of what was left out.

pub mod answer;
pub mod counts;
pub mod days;
mod links;
mod spec;
pub mod view;

pub use links::address;
pub use spec::{Field, Kind, Spec};

use crate::db::paging::{Choice, Cursor, Side, Span, Window};
use chrono::NaiveDate;
use chrono_tz::Tz;

/// How many rows a page may hold.
pub const SIZES: [i64; 4] = [20, 40, 80, 200];

/// How many rows a page holds when nothing is asked.
pub const USUAL_SIZE: i64 = 80;

/// The most values that one filter takes; more would be a mistake of a program.
const MOST_VALUES: usize = 100;

/// The longest search, in characters.
const LONGEST_SEARCH: usize = 200;

/// What of an address could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// No filter has this name.
    Unknown(String),
    /// The filter cannot hold this value.
    Unreadable(String, String),
    /// Something of ours, already as a sentence.
    Said(String),
}

/// What one filter holds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Chosen {
    field: usize,
    is_not: bool,
    values: Vec<String>,
}

/// What a list is asked.
#[derive(Clone, Debug)]
pub struct State {
    /// The list.
    pub spec: &'static Spec,
    /// The search; empty for none.
    pub q: String,
    chosen: Vec<Chosen>,
    named: Vec<&'static str>,
    /// As it was asked; empty when nothing was.
    sort: String,
    cursor: Option<Cursor>,
    per: i64,
    /// What could not be understood.
    pub notices: Vec<Notice>,
    strangers: Vec<(String, String)>,
    has_empty: bool,
}

impl State {
    /// Reads the query of an address; never fails.
    pub fn read(spec: &'static Spec, query: &str) -> Self {
        let mut state = Self::blank(spec);
        let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
        for (key, value) in state.joined(pairs) {
            let value = value.trim();
            if value.is_empty() {
                state.has_empty = true;
            } else {
                state.take(&key, value);
            }
        }
        state.chosen.sort_by_key(|chosen| (chosen.is_not, chosen.field));
        state
    }

    /// Two fields of a plain form, `date.from` and `date.to`, become the one that addresses know: `date=from..to`.
    fn joined(&mut self, pairs: Vec<(String, String)>) -> Vec<(String, String)> {
        let mut joined = pairs;
        for field in self.spec.fields.iter().filter(|field| matches!(field.kind, Kind::Days)) {
            let (from, to) = (format!("{}.from", field.name), format!("{}.to", field.name));
            let value = |key: &str| joined.iter().find(|pair| pair.0 == key).map(|pair| pair.1.trim().to_owned());
            let (first, last) = (value(&from), value(&to));
            if first.is_none() && last.is_none() {
                continue;
            }
            self.has_empty = true;
            let range = format!("{}..{}", first.unwrap_or_default(), last.unwrap_or_default());
            // A range that the form held already gives way to a word that was chosen now.
            let held = format!("{}.held", field.name);
            let is_word = value(field.name).is_some_and(|word| !word.is_empty());
            let has_range = range != ".." && !(is_word && value(&held).as_ref() == Some(&range));
            let is_spent = |key: &String| [&from, &to, &held].contains(&key) || (has_range && key == field.name);
            joined.retain(|pair| !is_spent(&pair.0));
            if has_range {
                joined.push((field.name.to_owned(), range));
            }
        }
        joined
    }

    /// A list that was asked nothing.
    pub fn blank(spec: &'static Spec) -> Self {
        Self {
            spec,
            q: String::new(),
            chosen: Vec::new(),
            named: Vec::new(),
            sort: String::new(),
            cursor: None,
            per: USUAL_SIZE,
            notices: Vec::new(),
            strangers: Vec::new(),
            has_empty: false,
        }
    }

    fn take(&mut self, key: &str, value: &str) {
        let is_taken = match key {
            "q" if self.spec.has_search => {
                self.q = value.chars().take(LONGEST_SEARCH).collect();
                true
            }
            "is" => self.take_named(value),
            "sort" => self.take_sort(value),
            "per" => match value.parse() {
                Ok(per) if SIZES.contains(&per) => {
                    self.per = per;
                    true
                }
                _ => false,
            },
            "after" | "before" => {
                let side = if key == "after" { Side::After } else { Side::Before };
                let cursor = read_cursor(value, side);
                self.cursor = cursor.or(self.cursor);
                cursor.is_some()
            }
            _ => {
                let Some(is_taken) = self.take_field(key, value) else {
                    self.strangers.push((key.to_owned(), value.to_owned()));
                    self.notices.push(Notice::Unknown(shortened(key)));
                    return;
                };
                is_taken
            }
        };
        if !is_taken {
            self.notices.push(Notice::Unreadable(shortened(key), shortened(value)));
        }
    }

    fn take_named(&mut self, value: &str) -> bool {
        let Some(known) = self.spec.named.iter().find(|named| **named == value) else { return false };
        if !self.named.contains(known) {
            self.named.push(known);
        }
        true
    }

    fn take_sort(&mut self, value: &str) -> bool {
        let is_known = self.spec.sorts.contains(&value.trim_start_matches('-')) && !value.starts_with("--");
        if is_known {
            value.clone_into(&mut self.sort);
        }
        is_known
    }

    /// Whether the value was taken; none when no filter has this name.
    fn take_field(&mut self, key: &str, value: &str) -> Option<bool> {
        let (name, is_not) = key.strip_prefix("not.").map_or((key, false), |name| (name, true));
        let (index, field) = self.spec.fields.iter().enumerate().find(|(_, field)| field.name == name)?;
        if !field.accepts(value) || (is_not && !field.can_exclude()) {
            return Some(false);
        }
        let known = self.chosen.iter_mut().find(|chosen| chosen.field == index && chosen.is_not == is_not);
        match known {
            Some(chosen) if chosen.values.iter().any(|held| held == value) => {}
            Some(chosen) if field.is_single() || chosen.values.len() >= MOST_VALUES => {
                return Some(chosen.values.is_empty());
            }
            Some(chosen) => chosen.values.push(value.to_owned()),
            None => self.chosen.push(Chosen { field: index, is_not, values: vec![value.to_owned()] }),
        }
        Some(true)
    }

    /// What a filter chose, as typed values.
    pub fn choice<T>(&self, name: &str, parse: impl Fn(&str) -> Option<T>) -> Choice<T> {
        let values = |is_not| self.values(name, is_not).iter().filter_map(|value| parse(value)).collect();
        Choice { any: values(false), none: values(true) }
    }

    /// What a filter chose among records.
    pub fn keys<T>(&self, name: &str, make: impl Fn(i64) -> T) -> Choice<T> {
        self.choice(name, |value| value.parse().ok().map(&make))
    }

    /// The values of a filter, as written.
    pub fn values(&self, name: &str, is_not: bool) -> &[String] {
        self.chosen
            .iter()
            .find(|chosen| chosen.is_not == is_not && self.name_of(chosen) == name)
            .map_or(&[], |chosen| chosen.values.as_slice())
    }

    fn name_of(&self, chosen: &Chosen) -> &'static str {
        self.spec.fields.get(chosen.field).map_or("", |field| field.name)
    }

    /// The instants that a filter of days means in a time zone.
    pub fn span(&self, name: &str, today: NaiveDate, zone: Tz) -> Span {
        let text = self.values(name, false).first();
        let between = text.and_then(|text| days::read(text, today));
        between.map(|between| days::span(between, zone)).unwrap_or_default()
    }

    /// The named filters that were asked.
    pub fn named(&self) -> &[&'static str] {
        &self.named
    }

    /// Whether a named filter was asked.
    pub fn is(&self, named: &str) -> bool {
        self.named.contains(&named)
    }

    /// How the list is sorted when nothing is asked.
    fn usual_sort(&self) -> &'static str {
        let named = self.spec.named_sorts.iter().find(|(named, _)| self.is(named));
        named.map_or(self.spec.sort, |(_, sort)| *sort)
    }

    /// How the list is sorted; `-` means the largest first.
    fn sort(&self) -> &str {
        if self.sort.is_empty() { self.usual_sort() } else { &self.sort }
    }

    /// What the list is sorted by.
    pub fn sorted_by(&self) -> &str {
        self.sort().trim_start_matches('-')
    }

    /// Whether the largest comes first.
    pub fn is_descending(&self) -> bool {
        self.sort().starts_with('-')
    }

    /// Which rows are wanted.
    pub fn window(&self) -> Window {
        Window { per: self.per, descending: self.is_descending(), cursor: self.cursor }
    }

    /// How many rows a page holds.
    pub const fn per(&self) -> i64 {
        self.per
    }

    /// Whether anything is filtered or searched.
    pub fn is_filtered(&self) -> bool {
        !(self.q.is_empty() && self.chosen.is_empty() && self.named.is_empty())
    }

    /// Whether nothing at all was asked.
    pub fn is_blank(&self) -> bool {
        !self.is_filtered() && self.sort() == self.spec.sort && self.cursor.is_none() && self.strangers.is_empty()
    }

    /// Adds a filter, as if the address held it.
    #[must_use]
    pub fn holding(mut self, key: &str, value: &str) -> Self {
        self.take(key, value);
        self.chosen.sort_by_key(|chosen| (chosen.is_not, chosen.field));
        self
    }

    /// Whether this is not the first page.
    pub const fn is_beyond(&self) -> bool {
        self.cursor.is_some()
    }
}

fn read_cursor(text: &str, side: Side) -> Option<Cursor> {
    let (value, id) = text.split_once('.')?;
    Some(Cursor { value: value.parse().ok()?, id: id.parse().ok()?, side })
}

/// At most 40 characters of what somebody typed, to be shown back.
fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests;
