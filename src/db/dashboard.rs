//! The figures of the dashboard: each is the count of the very list to which its card links.

use super::issues::{self, Filter, KINDS};
use super::paging::Choice;
use super::{Conn, DbError};
use crate::domain::ids::CompanyId;

/// How many open issues there are of each kind, the most frequent first.
pub fn open_issues(conn: &mut Conn, company: CompanyId) -> Result<Vec<(&'static str, i64)>, DbError> {
    let only = |value: &str| Choice { any: vec![value.to_owned()], none: Vec::new() };
    let mut counts = Vec::new();
    for kind in KINDS {
        let filter = Filter { state: only("open"), kind: only(kind), ..Filter::default() };
        let count = issues::count(conn, company, &filter)?;
        if count > 0 {
            counts.push((kind, count));
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    Ok(counts)
}
