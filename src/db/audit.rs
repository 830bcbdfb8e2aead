//! The audit trail: who did what and when. Lines are added and never changed.

use super::schema::audit_events;
use super::schema::audit_events::dsl as a;
use super::{Conn, DbError};
use crate::domain::ids::{CompanyId, UserId};
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};

/// One line to add. It never holds a password, a token or personal data of a buyer.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = audit_events)]
pub struct NewEvent<'a> {
    /// The company, when it is known.
    pub company_id: Option<CompanyId>,
    /// Who did it; nobody for the schedule or an unknown visitor.
    pub user_id: Option<UserId>,
    /// Where the request came from.
    pub ip: Option<&'a str>,
    /// What was done, as a stable code, for example `signed_in`.
    pub action: &'a str,
    /// To what, for example `user 3`.
    pub subject: &'a str,
    /// The value before.
    pub old_value: Option<&'a str>,
    /// The value after.
    pub new_value: Option<&'a str>,
    /// When.
    pub at: NaiveDateTime,
}

/// One line as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = audit_events)]
pub struct EventRow {
    /// Who did it.
    pub user_id: Option<UserId>,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// The value before.
    pub old_value: Option<String>,
    /// The value after.
    pub new_value: Option<String>,
    /// When.
    pub at: NaiveDateTime,
}

/// Adds a line.
pub fn insert(conn: &mut Conn, event: &NewEvent<'_>) -> Result<(), DbError> {
    each!(conn, |c| diesel::insert_into(a::audit_events).values(event).execute(c))?;
    Ok(())
}

/// Adds some lines in one statement.
pub fn insert_all(conn: &mut Conn, events: &[NewEvent<'_>]) -> Result<(), DbError> {
    each!(conn, |c| diesel::insert_into(a::audit_events).values(events).execute(c))?;
    Ok(())
}

/// The lines about a subject, newest first, at most `limit`.
pub fn about(conn: &mut Conn, subject: &str, limit: i64) -> Result<Vec<EventRow>, DbError> {
    let query = a::audit_events.filter(a::subject.eq(subject)).order(a::id.desc()).limit(limit);
    Ok(each!(conn, |c| query.select(EventRow::as_select()).load(c))?)
}
