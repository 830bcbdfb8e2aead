//! What every list shows around its rows: search, filters, chips, count, column heads and pages.

use super::{Field, Kind, Notice, State, days};
use crate::db::paging::{MOST_COUNTED, Page, Side};
use crate::i18n::{Arg, Lang, format};
use chrono::NaiveDate;
use std::borrow::Cow;

/// One value that a filter offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosable {
    /// The value in the address.
    pub value: String,
    /// Its name.
    pub label: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// One filter of the panel.
#[derive(Clone, Debug)]
pub struct Group {
    /// The key in the address.
    pub name: &'static str,
    /// Its name.
    pub label: Cow<'static, str>,
    /// The values.
    pub values: Vec<Choosable>,
    /// For days: the first and the last of a range, as inputs hold them.
    pub range: Option<(String, String)>,
}

/// One filter that is on, with the link that turns it off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// What is filtered.
    pub text: String,
    /// The address without it.
    pub remove: String,
}

/// The head of one column.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its name.
    pub label: Cow<'static, str>,
    /// The address sorted by it; empty when it does not sort.
    pub href: String,
    /// `asc` or `desc` when the list is sorted by it, else empty.
    pub direction: &'static str,
    /// Whether it holds numbers.
    pub is_number: bool,
}

impl Head {
    /// The class of its cell.
    pub const fn class(&self) -> &'static str {
        if self.is_number { "num" } else { "" }
    }
}

/// What surrounds the rows of a list.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The list's address.
    pub path: &'static str,
    /// The language.
    pub lang: Lang,
    /// The search; none when the list has none.
    pub search: Option<String>,
    /// The filters.
    pub groups: Vec<Group>,
    /// What the form must carry along unseen.
    pub hidden: Vec<(String, String)>,
    /// The filters that are on.
    pub chips: Vec<Chip>,
    /// The address without any filter.
    pub cleared: String,
    /// What could not be understood.
    pub notices: Vec<Cow<'static, str>>,
    /// How many rows there are.
    pub count: String,
    /// How many of them are shown.
    pub shown: Cow<'static, str>,
    /// The column heads.
    pub heads: Vec<Head>,
    /// The address of the first page; empty when this is it.
    pub first: String,
    /// The address of the page before; empty for none.
    pub previous: String,
    /// The address of the page after; empty for none.
    pub next: String,
    /// The sizes of a page: size, address, whether it is this one.
    pub sizes: Vec<(i64, String, bool)>,
    /// Whether anything is filtered.
    pub is_filtered: bool,
}

/// The values that the filters of a list offer, by their key.
pub type Offers = Vec<(&'static str, Vec<(String, String)>)>;

/// The columns of a list: message, what it sorts by (empty for nothing), whether it holds numbers.
pub type Columns<'a> = &'a [(&'a str, &'a str, bool)];

impl Frame {
    /// Prepares everything but the pages; `noun` is the list's word in the catalogue, for example `orders`.
    pub fn new(state: &State, lang: Lang, offers: &Offers, columns: Columns<'_>, noun: &str, count: i64) -> Self {
        let groups = groups(state, lang, offers);
        let chips = chips(state, lang, &groups);
        let number_key = format!("list-count-{noun}");
        let count = if count > MOST_COUNTED {
            let capped = format!("{}+", format::number(lang, MOST_COUNTED));
            lang.with(&format!("{number_key}-many"), &[("count", capped)])
        } else {
            lang.with(&number_key, &[("count", count)])
        };
        Self {
            path: state.spec.path,
            lang,
            search: state.spec.has_search.then(|| state.q.clone()),
            hidden: hidden(state, offers),
            groups,
            chips,
            cleared: state.cleared(),
            notices: state.notices.iter().map(|notice| said(notice, lang)).collect(),
            count: count.into_owned(),
            shown: Cow::Borrowed(""),
            heads: columns.iter().map(|column| head(state, lang, *column)).collect(),
            first: String::new(),
            previous: String::new(),
            next: String::new(),
            sizes: super::SIZES.iter().map(|size| (*size, state.sized(*size), *size == state.per())).collect(),
            is_filtered: state.is_filtered(),
        }
    }

    /// Adds the links to the pages around this one; `key` gives the value that a row is sorted by, and its key.
    #[must_use]
    pub fn paged<R>(mut self, state: &State, page: &Page<R>, key: impl Fn(&R) -> (i64, i64)) -> Self {
        let link = |row: Option<&R>, side| row.map(&key).map(|(value, id)| state.beyond(value, id, side));
        if page.has_before {
            self.first = state.first();
            self.previous = link(page.rows.first(), Side::Before).unwrap_or_default();
        }
        if page.has_after {
            self.next = link(page.rows.last(), Side::After).unwrap_or_default();
        }
        self.shown = self.lang.with("list-shown", &[("count", page.rows.len())]);
        self
    }

    /// How many columns there are, for cells that span all of them.
    pub fn width(&self) -> usize {
        self.heads.len()
    }

    /// The message under `key`.
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        self.lang.t(key)
    }
}

fn groups(state: &State, lang: Lang, offers: &Offers) -> Vec<Group> {
    let mut groups = Vec::new();
    for field in state.spec.fields {
        let chosen = state.values(field.name, false);
        let choosable = |value: String, label: String| Choosable { is_chosen: chosen.contains(&value), value, label };
        let label = lang.t(&format!("list-field-{}", field.name));
        if matches!(field.kind, Kind::Days) {
            let word = |word: &&str| choosable((*word).to_owned(), lang.t(&day_key(word)).into_owned());
            let values: Vec<_> = days::WORDS.iter().map(word).collect();
            let is_word = values.iter().any(|value| value.is_chosen);
            let range = chosen.first().filter(|_| !is_word).map(|text| ends(text)).unwrap_or_default();
            groups.push(Group { name: field.name, label, values, range: Some(range) });
        } else if let Some((_, offered)) = offers.iter().find(|(name, _)| *name == field.name) {
            let values = offered.iter().map(|(value, label)| choosable(value.clone(), label.clone())).collect();
            groups.push(Group { name: field.name, label, values, range: None });
        }
    }
    if !state.spec.named.is_empty() {
        let values = state.spec.named.iter().map(|named| Choosable {
            value: (*named).to_owned(),
            label: lang.t(&format!("list-is-{named}")).into_owned(),
            is_chosen: state.is(named),
        });
        groups.push(Group { name: "is", label: lang.t("list-field-is"), values: values.collect(), range: None });
    }
    groups
}

fn day_key(word: &str) -> String {
    format!("list-days-{}", word.replace('_', "-"))
}

/// The two ends of a range as date inputs hold them.
fn ends(text: &str) -> (String, String) {
    let between = days::read(text, chrono::NaiveDate::default());
    let end = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    between.map(|between| (end(between.from), end(between.to))).unwrap_or_default()
}

/// Exclusions and the sorting have no input of their own: the form carries them along.
fn hidden(state: &State, offers: &Offers) -> Vec<(String, String)> {
    let is_shown = |key: &str| {
        let is_days = state.spec.fields.iter().any(|field| field.name == key && matches!(field.kind, Kind::Days));
        key == "q" || key == "is" || is_days || offers.iter().any(|(name, _)| *name == key)
    };
    state.pairs().into_iter().filter(|(key, _)| !is_shown(key) && key != "after" && key != "before").collect()
}

fn chips(state: &State, lang: Lang, groups: &[Group]) -> Vec<Chip> {
    let mut chips = Vec::new();
    let or = lang.t("list-or");
    if !state.q.is_empty() {
        let text = lang.with("list-chip-search", &[("text", state.q.as_str())]).into_owned();
        chips.push(Chip { text, remove: state.without_search() });
    }
    for field in state.spec.fields {
        for is_not in [false, true] {
            let values = state.values(field.name, is_not);
            if values.is_empty() {
                continue;
            }
            let group = groups.iter().find(|group| group.name == field.name);
            let names: Vec<String> = values.iter().map(|value| name_of(group, value, field, lang)).collect();
            let key = if is_not { "list-chip-not" } else { "list-chip" };
            let label = lang.t(&format!("list-field-{}", field.name)).into_owned();
            let text = lang.with(key, &[("field", label), ("values", names.join(&format!(" {or} ")))]);
            chips.push(Chip { text: text.into_owned(), remove: state.without(field.name, is_not) });
        }
    }
    for named in state.named() {
        let text = lang.t(&format!("list-is-{named}")).into_owned();
        chips.push(Chip { text, remove: state.without_named(named) });
    }
    chips
}

fn name_of(group: Option<&Group>, value: &str, field: &Field, lang: Lang) -> String {
    let known = group.and_then(|group| group.values.iter().find(|known| known.value == value));
    if let Some(known) = known {
        return known.label.clone();
    }
    if ["order", "product", "customer"].contains(&field.name) {
        return lang.with("list-one", &[("id", value)]).into_owned();
    }
    // Words such as "today" were found above, so the day on which it is read does not matter.
    let between = matches!(field.kind, Kind::Days).then(|| days::read(value, NaiveDate::default())).flatten();
    between.map_or_else(|| value.to_owned(), |between| between.said(lang))
}

fn said(notice: &Notice, lang: Lang) -> Cow<'static, str> {
    match notice {
        Notice::Unknown(name) => lang.with("list-unknown", &[("name", name)]),
        Notice::Unreadable(name, value) => {
            let args = [("name", Arg::Text(name.clone())), ("value", Arg::Text(value.clone()))];
            lang.with("list-unreadable", &args)
        }
        Notice::Said(key) => lang.t(key),
    }
}

fn head(state: &State, lang: Lang, (key, sort, is_number): (&str, &str, bool)) -> Head {
    let is_sorted = !sort.is_empty() && state.sorted_by() == sort;
    Head {
        label: lang.t(key),
        href: if sort.is_empty() { String::new() } else { state.sorted(sort) },
        direction: match (is_sorted, state.is_descending()) {
            (false, _) => "",
            (true, true) => "desc",
            (true, false) => "asc",
        },
        is_number,
    }
}
