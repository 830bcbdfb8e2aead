//! How far people were told by e-mail of deliveries that Amazon refused, and how the last e-mail to each fared.

use super::schema::{digests, users};
use super::{Conn, DbError, exactly_one};
use crate::domain::digest::MailProblem;
use crate::domain::ids::{CompanyId, UserId};
use chrono::{DateTime, NaiveDateTime};
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
};

/// The moment before every refusal: somebody who was told of none.
pub const NEVER: NaiveDateTime = DateTime::UNIX_EPOCH.naive_utc();

/// How far one person was told.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = digests)]
pub struct DigestRow {
    /// The person.
    pub user_id: UserId,
    /// The person knows of what was refused up to here.
    pub told_until: NaiveDateTime,
    /// When the next e-mail may go.
    pub next_at: NaiveDateTime,
    /// How many e-mails in a row did not go.
    pub attempts: i64,
    /// When the last e-mail was begun.
    pub tried_at: Option<NaiveDateTime>,
    /// When the mail server last took one.
    pub sent_at: Option<NaiveDateTime>,
    /// Why the last one did not go.
    pub problem: Option<MailProblem>,
    /// The number of the mail server's answer to it.
    pub answer: Option<i64>,
}

impl DigestRow {
    /// Somebody to whom nothing was sent yet.
    pub const fn new(user_id: UserId) -> Self {
        let (tried_at, sent_at, problem, answer) = (None, None, None, None);
        Self { user_id, told_until: NEVER, next_at: NEVER, attempts: 0, tried_at, sent_at, problem, answer }
    }
}

/// How far a person was told.
pub fn of_user(conn: &mut Conn, user: UserId) -> Result<DigestRow, DbError> {
    let held: Option<DigestRow> =
        each!(conn, |c| digests::table.find(user).select(DigestRow::as_select()).first(c).optional())?;
    Ok(held.unwrap_or(DigestRow::new(user)))
}

/// How far the people of a company were told, whoever was written to last first.
pub fn of_company(conn: &mut Conn, company: CompanyId) -> Result<Vec<DigestRow>, DbError> {
    let query = digests::table
        .inner_join(users::table)
        .filter(users::company_id.eq(company))
        .order((digests::tried_at.desc(), digests::user_id));
    Ok(each!(conn, |c| query.select(DigestRow::as_select()).load(c))?)
}

/// Counts what was refused up to `told_until` as told, before the e-mail goes; fails if another node does the same.
pub fn claim(
    conn: &mut Conn,
    seen: &DigestRow,
    told_until: NaiveDateTime,
    next_at: NaiveDateTime,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    let first = DigestRow::new(seen.user_id);
    each!(&mut *conn, |c| diesel::insert_into(digests::table).values(&first).on_conflict_do_nothing().execute(c))?;
    let target = digests::table.find(seen.user_id).filter(digests::next_at.eq(seen.next_at));
    let claimed = (digests::told_until.eq(told_until), digests::next_at.eq(next_at), digests::tried_at.eq(now));
    exactly_one(each!(conn, |c| diesel::update(target).set(claimed).execute(c))?)
}

/// The mail server took the e-mail that was begun at `tried_at`.
pub fn sent(conn: &mut Conn, user: UserId, tried_at: NaiveDateTime) -> Result<(), DbError> {
    let target = digests::table.find(user).filter(digests::tried_at.eq(tried_at));
    let good = (
        digests::attempts.eq(0),
        digests::sent_at.eq(tried_at),
        digests::problem.eq(None::<MailProblem>),
        digests::answer.eq(None::<i64>),
    );
    exactly_one(each!(conn, |c| diesel::update(target).set(good).execute(c))?)
}

/// Nobody knows whether the e-mail that was begun at `tried_at` went: it counts as sent.
pub fn unanswered(conn: &mut Conn, user: UserId, tried_at: NaiveDateTime, problem: MailProblem) -> Result<(), DbError> {
    let target = digests::table.find(user).filter(digests::tried_at.eq(tried_at));
    let unsure = (digests::attempts.eq(0), digests::problem.eq(problem), digests::answer.eq(None::<i64>));
    exactly_one(each!(conn, |c| diesel::update(target).set(unsure).execute(c))?)
}

/// The e-mail that was begun at `tried_at` did not go: what was known before stands again, and the next may go at `next_at`.
pub fn failed(
    conn: &mut Conn,
    before: &DigestRow,
    tried_at: NaiveDateTime,
    next_at: NaiveDateTime,
    (problem, answer): (MailProblem, Option<i64>),
) -> Result<(), DbError> {
    let target = digests::table.find(before.user_id).filter(digests::tried_at.eq(tried_at));
    let again = (
        digests::told_until.eq(before.told_until),
        digests::next_at.eq(next_at),
        digests::attempts.eq(before.attempts + 1),
        digests::problem.eq(problem),
        digests::answer.eq(answer),
    );
    exactly_one(each!(conn, |c| diesel::update(target).set(again).execute(c))?)
}
