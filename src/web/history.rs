//! What people did with a record, told out of the audit trail.

use super::badges;
use super::page::Chrome;
use super::when::When;
use crate::db::audit::EventRow;
use crate::db::users::UserRow;
use std::borrow::Cow;

/// How many deeds a page shows.
pub const MOST: i64 = 50;

/// Something that was done with a record.
pub struct Deed {
    /// When.
    pub at: When,
    /// By whom; empty for the schedule.
    pub who: String,
    /// What.
    pub what: Cow<'static, str>,
    /// The values before and after.
    pub change: String,
}

/// The deeds of these lines; `area` is the first word of their messages.
pub fn deeds(chrome: &Chrome, area: &str, rows: Vec<EventRow>, people: &[UserRow]) -> Vec<Deed> {
    let deed = |event: EventRow| {
        let change = match (event.old_value, event.new_value) {
            (Some(old), Some(new)) => format!("{old} → {new}"),
            (old, new) => new.or(old).unwrap_or_default(),
        };
        let key = badges::key(&format!("{area}-event"), &event.action);
        let name = event.user_id.and_then(|id| people.iter().find(|one| one.id == id));
        Deed {
            at: When::of(chrome, event.at),
            who: name.map(|one| one.name.clone()).unwrap_or_default(),
            what: if chrome.lang.has(&key) { chrome.lang.t(&key) } else { Cow::Owned(event.action) },
            change,
        }
    };
    rows.into_iter().map(deed).collect()
}
