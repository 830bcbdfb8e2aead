//! Counting long lists seldom: a list that was found to be longer than what is counted stays "10,000+" for a minute.
//!
//! Counting up to [`MOST_COUNTED`] rows takes longer than reading the page itself. Shorter lists are counted each time,
//! so what a page says of them is never stale.

use super::State;
use crate::db::paging::MOST_COUNTED;
use crate::domain::ids::CompanyId;
use chrono::{DateTime, Duration, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How long a list is known to be long.
const KEPT: Duration = Duration::minutes(1);

/// How many long lists are remembered; each is an address of at most some hundred bytes.
const MOST_KEPT: usize = 1_000;

/// The lists that were longer than [`MOST_COUNTED`] a moment ago.
#[derive(Debug, Default)]
pub struct LongLists(Mutex<HashMap<(CompanyId, String), DateTime<Utc>>>);

impl LongLists {
    /// How many rows the list holds, more than [`MOST_COUNTED`] when it was so a moment ago; else `count` is asked.
    pub fn count<E>(
        &self,
        company: CompanyId,
        list: &State,
        now: DateTime<Utc>,
        count: impl FnOnce() -> Result<i64, E>,
    ) -> Result<i64, E> {
        let key = (company, list.subject());
        if self.known().get(&key).is_some_and(|until| *until > now) {
            return Ok(MOST_COUNTED + 1);
        }
        let counted = count()?;
        if counted > MOST_COUNTED {
            let mut known = self.known();
            known.retain(|_, until| *until > now);
            if known.len() < MOST_KEPT {
                known.insert(key, now + KEPT);
            }
        }
        Ok(counted)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<(CompanyId, String), DateTime<Utc>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Field, Spec};
    use super::*;

    static SPEC: Spec = Spec {
        path: "/sales/orders",
        fields: &[Field::key("team")],
        named: &[],
        sorts: &["date", "number"],
        sort: "-date",
        named_sorts: &[],
        has_search: true,
    };

    fn count(lists: &LongLists, company: i64, query: &str, minute: u32, rows: i64) -> i64 {
        let now = chrono::TimeZone::with_ymd_and_hms(&Utc, 2026, 3, 2, 9, minute, 0).unwrap();
        lists.count(CompanyId(company), &State::read(&SPEC, query), now, || Ok::<_, ()>(rows)).unwrap()
    }

    #[test]
    fn a_long_list_is_counted_once_a_minute_however_it_is_sorted_and_paged() {
        let lists = LongLists::default();
        assert_eq!(count(&lists, 1, "team=1", 0, 10_001), 10_001);
        assert_eq!(count(&lists, 1, "team=1&sort=number&per=20&after=4.4", 0, 7), 10_001);
        assert_eq!(count(&lists, 1, "team=1", 1, 7), 7);
    }

    #[test]
    fn a_short_list_another_filter_and_another_company_are_counted_each_time() {
        let lists = LongLists::default();
        assert_eq!(count(&lists, 1, "team=1", 0, 10_000), 10_000);
        assert_eq!(count(&lists, 1, "team=1", 0, 10_001), 10_001);
        assert_eq!(count(&lists, 1, "team=2", 0, 7), 7);
        assert_eq!(count(&lists, 2, "team=1", 0, 7), 7);
    }
}
