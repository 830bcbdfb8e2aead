//! The addresses of a list: its own, and those of its links, each of which changes one thing.

use super::{Chosen, State, USUAL_SIZE};
use crate::db::paging::{Cursor, Side};

impl State {
    /// The tidy address, when a plain form sent empty fields.
    pub fn tidy(&self) -> Option<String> {
        self.has_empty.then(|| {
            let mut pairs = self.pairs();
            pairs.extend(self.strangers.clone());
            address(self.spec.path, &pairs)
        })
    }

    /// The address of this list: always the same order, nothing empty, nothing that goes without saying.
    pub fn url(&self) -> String {
        address(self.spec.path, &self.pairs())
    }

    /// The query of [`State::url`], without its question mark.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        let mut add = |key: &str, value: &str| pairs.push((key.to_owned(), value.to_owned()));
        if !self.q.is_empty() {
            add("q", &self.q);
        }
        for chosen in &self.chosen {
            let name = self.name_of(chosen);
            let key = if chosen.is_not { format!("not.{name}") } else { name.to_owned() };
            chosen.values.iter().for_each(|value| add(&key, value));
        }
        self.named.iter().for_each(|named| add("is", named));
        if self.sort() != self.usual_sort() {
            add("sort", self.sort());
        }
        if let Some(cursor) = self.cursor {
            let key = if cursor.side == Side::After { "after" } else { "before" };
            add(key, &format!("{}.{}", cursor.value, cursor.id));
        }
        if self.per != USUAL_SIZE {
            add("per", &self.per.to_string());
        }
        pairs
    }

    /// The address after a change; a changed list starts at its first page.
    fn changed(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut next = self.clone();
        next.cursor = None;
        change(&mut next);
        next.url()
    }

    /// The address without one filter.
    pub fn without(&self, name: &str, is_not: bool) -> String {
        let keeps = |chosen: &Chosen| chosen.is_not != is_not || self.name_of(chosen) != name;
        self.changed(|next| next.chosen.retain(keeps))
    }

    /// The address without one named filter.
    pub fn without_named(&self, named: &str) -> String {
        self.changed(|next| next.named.retain(|held| *held != named))
    }

    /// The address without the search.
    pub fn without_search(&self) -> String {
        self.changed(|next| next.q.clear())
    }

    /// The address without any filter.
    pub fn cleared(&self) -> String {
        self.changed(|next| {
            next.q.clear();
            next.chosen.clear();
            next.named.clear();
        })
    }

    /// The address of all the rows, however they are sorted and paged.
    pub fn subject(&self) -> String {
        self.changed(|next| {
            next.sort.clear();
            next.per = USUAL_SIZE;
        })
    }

    /// The address sorted by a column; by the same column again, the other way round.
    pub fn sorted(&self, name: &str) -> String {
        let starts_descending = self.spec.sort.strip_prefix('-') == Some(name);
        let descending = if self.sorted_by() == name { !self.is_descending() } else { starts_descending };
        self.changed(|next| next.sort = if descending { format!("-{name}") } else { name.to_owned() })
    }

    /// The address with another number of rows.
    pub fn sized(&self, per: i64) -> String {
        self.changed(|next| next.per = per)
    }

    /// The address of the page on one side of a row.
    pub fn beyond(&self, value: i64, id: i64, side: Side) -> String {
        self.changed(|next| next.cursor = Some(Cursor { value, id, side }))
    }

    /// The address of the first page.
    pub fn first(&self) -> String {
        self.changed(|_same| ())
    }
}

/// An address with a query; without one, it has no question mark.
pub fn address(path: &str, pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return path.to_owned();
    }
    serde_html_form::to_string(pairs).map_or_else(|_unwritable| path.to_owned(), |query| format!("{path}?{query}"))
}
