//! Telling people by e-mail of deliveries that Amazon refused: who is to be told of what, and what becomes of the e-mail.
//!
//! What an e-mail tells counts as told before it goes, so that a crash may lose one but never sends it twice. Only when
//! the mail server certainly did not take it, the same refusals are told again later. Nothing here talks to it.

use crate::app::App;
use crate::db::digests::{self, DigestRow, NEVER};
use crate::db::shipments::{self, ShipmentRow};
use crate::db::users::{self, UserRow};
use crate::db::{Conn, DbError, companies};
use crate::domain::access::Action;
use crate::domain::digest::{self, EVERY_MINUTES, MOST_NAMED};
use crate::domain::ids::{CompanyId, UserId};
use crate::error::AppError;
use crate::mail::Unsent;
use chrono::{Duration, NaiveDateTime};

/// An e-mail in hand.
#[derive(Clone, Debug)]
pub struct Digest {
    /// Who gets it.
    pub person: UserRow,
    /// The name of the company.
    pub company: String,
    /// The deliveries that it names, the oldest refusal first.
    pub named: Vec<ShipmentRow>,
    /// How many deliveries were refused, named or not.
    pub count: i64,
    /// What the person was told before.
    before: DigestRow,
    /// When it was begun.
    tried_at: NaiveDateTime,
}

/// The people of a company who get e-mails of refused deliveries: who may tell Amazon of them, unless switched off.
pub fn readers(conn: &mut Conn, company: CompanyId) -> Result<Vec<UserRow>, DbError> {
    let people = users::of_company(conn, company)?.into_iter();
    Ok(people.filter(is_reader).collect())
}

fn is_reader(person: &UserRow) -> bool {
    person.is_active && person.gets_digest && person.rights().may(Action::TellAmazon)
}

/// Who is to be written to now.
pub fn due(conn: &mut Conn, now: NaiveDateTime) -> Result<Vec<UserId>, DbError> {
    let until = digest::told_until(now);
    let mut found = Vec::new();
    for company in companies::all(conn)? {
        if shipments::oldest_refused(conn, company.id, (NEVER, until))?.is_none() {
            continue;
        }
        for person in readers(conn, company.id)? {
            let told = digests::of_user(conn, person.id)?;
            if is_due(conn, company.id, &told, now)? {
                found.push(person.id);
            }
        }
    }
    Ok(found)
}

fn is_due(conn: &mut Conn, company: CompanyId, told: &DigestRow, now: NaiveDateTime) -> Result<bool, DbError> {
    let span = (told.told_until, digest::told_until(now));
    Ok(digest::is_due(shipments::oldest_refused(conn, company, span)?, told.next_at, now))
}

/// Counts what one person is to be told as told; nothing if there is nothing, or if another node was faster.
pub async fn claim(app: &App, person: UserId) -> Result<Option<Digest>, AppError> {
    let now = app.clock.now().naive_utc();
    app.write(move |conn| {
        let Some(person) = users::by_id(conn, person)?.filter(is_reader) else { return Ok(None) };
        let before = digests::of_user(conn, person.id)?;
        if !is_due(conn, person.company_id, &before, now)? {
            return Ok(None);
        }
        let (until, next_at) = (digest::told_until(now), now + Duration::minutes(EVERY_MINUTES));
        let span = (before.told_until, until);
        let named = shipments::refused(conn, person.company_id, span, MOST_NAMED)?;
        let count = shipments::count_refused(conn, person.company_id, span)?;
        digests::claim(conn, &before, until, next_at, now)?;
        let company = companies::by_id(conn, person.company_id)?.name;
        Ok::<_, AppError>(Some(Digest { person, company, named, count, before, tried_at: now }))
    })
    .await
}

/// Keeps what became of an e-mail.
pub async fn settle(app: &App, sent: Digest, done: Result<(), Unsent>) -> Result<(), AppError> {
    let Digest { before, tried_at, .. } = sent;
    let again = app.clock.now().naive_utc() + digest::pause(before.attempts);
    app.write(move |conn| match done {
        Ok(()) => digests::sent(conn, before.user_id, tried_at),
        Err(unsent) if unsent.problem.is_certain() => {
            let why = (unsent.problem, unsent.answer.map(i64::from));
            digests::failed(conn, &before, tried_at, again, why)
        }
        Err(unsent) => digests::unanswered(conn, before.user_id, tried_at, unsent.problem),
    })
    .await
}
