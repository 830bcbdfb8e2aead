//! Background jobs: one row per kind and account, taken by a lease with a fencing number.
//!
//! The same code serves one node or five: who holds the newest fencing number may write, all others may not.

use super::portable;
use super::schema::jobs;
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{AccountId, JobId};
use chrono::{DateTime, Duration, NaiveDateTime};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JobKind {
    /// Reads and writes the orders of an account.
    SyncOrders,
    /// Shows what a forced date would do.
    PreviewOrders,
    /// Reads single orders by their reference.
    RecoverOrders,
    /// Tells Amazon what left.
    SyncPickings,
}

impl JobKind {
    /// The code stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SyncOrders => "sync_orders",
            Self::PreviewOrders => "preview_orders",
            Self::RecoverOrders => "recover_orders",
            Self::SyncPickings => "sync_pickings",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let all = [Self::SyncOrders, Self::PreviewOrders, Self::RecoverOrders, Self::SyncPickings];
        all.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// How long a lease lasts without a sign of life, in seconds; the holder renews it every third of that.
pub const LEASE_SECS: i64 = 30;

/// A job in hand.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The job.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// For which account.
    pub account: AccountId,
    /// The number that proves that nobody took the job since.
    pub fencing: i64,
    /// How often it failed in a row.
    pub attempts: i64,
}

/// The moment before every other: a lease that nobody holds.
const NEVER: NaiveDateTime = DateTime::UNIX_EPOCH.naive_utc();

/// Makes sure that the job exists and is due no later than `due_at`.
pub fn request(conn: &mut Conn, kind: JobKind, account: AccountId, due_at: NaiveDateTime) -> Result<(), DbError> {
    let held: Option<(JobId, NaiveDateTime)> = each!(&mut *conn, |c| jobs::table
        .filter(jobs::kind.eq(kind.as_str()))
        .filter(jobs::account_id.eq(account))
        .select((jobs::id, jobs::due_at))
        .first(c)
        .optional())?;
    match held {
        Some((_, held_due)) if held_due <= due_at => {}
        Some((id, _)) => {
            each!(conn, |c| diesel::update(jobs::table.find(id)).set(jobs::due_at.eq(due_at)).execute(c))?;
        }
        None => {
            let row = (
                jobs::kind.eq(kind.as_str()),
                jobs::account_id.eq(account),
                jobs::due_at.eq(due_at),
                jobs::lease_until.eq(NEVER),
                jobs::fencing.eq(0),
                jobs::attempts.eq(0),
            );
            each!(conn, |c| diesel::insert_into(jobs::table).values(row).execute(c))?;
        }
    }
    Ok(())
}

/// Takes the oldest job that is due, or nothing; two workers never get the same one.
///
/// Whether it is due is judged by `now`; whether it is free, by the database's own clock.
pub fn claim(conn: &mut Conn, now: NaiveDateTime) -> Result<Option<Claim>, DbError> {
    let clock = portable::now(conn)?;
    let free = jobs::table.filter(jobs::due_at.le(now)).filter(jobs::lease_until.lt(clock));
    let next: Option<Held> = each!(&mut *conn, |c| free
        .order((jobs::due_at, jobs::id))
        .select((jobs::id, jobs::kind, jobs::account_id, jobs::fencing, jobs::attempts))
        .first(c)
        .optional())?;
    take(conn, next, clock)
}

/// Takes the job of this kind and account if it is due and free.
pub fn claim_of(
    conn: &mut Conn,
    kind: JobKind,
    account: AccountId,
    now: NaiveDateTime,
) -> Result<Option<Claim>, DbError> {
    let clock = portable::now(conn)?;
    let free = jobs::table.filter(jobs::due_at.le(now)).filter(jobs::lease_until.lt(clock));
    let next: Option<Held> = each!(&mut *conn, |c| free
        .filter(jobs::kind.eq(kind.as_str()))
        .filter(jobs::account_id.eq(account))
        .select((jobs::id, jobs::kind, jobs::account_id, jobs::fencing, jobs::attempts))
        .first(c)
        .optional())?;
    take(conn, next, clock)
}

/// A job as read before it is taken: key, kind, account, fencing number, failures.
type Held = (JobId, String, AccountId, i64, i64);

fn take(conn: &mut Conn, next: Option<Held>, clock: NaiveDateTime) -> Result<Option<Claim>, DbError> {
    let Some((id, kind, account, seen, attempts)) = next else { return Ok(None) };
    let Some(kind) = JobKind::parse(&kind) else { return Ok(None) };
    let fencing = seen + 1;
    let lease = (jobs::lease_until.eq(clock + Duration::seconds(LEASE_SECS)), jobs::fencing.eq(fencing));
    let target = jobs::table.find(id).filter(jobs::fencing.eq(seen));
    exactly_one(each!(conn, |c| diesel::update(target).set(lease).execute(c))?)?;
    Ok(Some(Claim { id, kind, account, fencing, attempts }))
}

/// Shows that the holder is alive and still the holder; fails when the job was taken by somebody else.
pub fn renew(conn: &mut Conn, claim: &Claim) -> Result<(), DbError> {
    let clock = portable::now(conn)?;
    let target = jobs::table.find(claim.id).filter(jobs::fencing.eq(claim.fencing));
    let lease = jobs::lease_until.eq(clock + Duration::seconds(LEASE_SECS));
    exactly_one(each!(conn, |c| diesel::update(target).set(lease).execute(c))?)
}

/// Gives the job back, due again at `due_at`.
pub fn release(
    conn: &mut Conn,
    claim: &Claim,
    due_at: NaiveDateTime,
    attempts: i64,
    error: Option<&str>,
) -> Result<(), DbError> {
    let target = jobs::table.find(claim.id).filter(jobs::fencing.eq(claim.fencing));
    let given_back =
        (jobs::due_at.eq(due_at), jobs::lease_until.eq(NEVER), jobs::attempts.eq(attempts), jobs::last_error.eq(error));
    exactly_one(each!(conn, |c| diesel::update(target).set(given_back).execute(c))?)
}

/// Ends a job that is done once: nothing of it is left to do.
pub fn finish(conn: &mut Conn, claim: &Claim) -> Result<(), DbError> {
    let target = jobs::table.find(claim.id).filter(jobs::fencing.eq(claim.fencing));
    exactly_one(each!(conn, |c| diesel::delete(target).execute(c))?)
}

/// Frees every lease: right after the start of the only process that can use an embedded database.
pub fn free_all(conn: &mut Conn) -> Result<(), DbError> {
    each!(conn, |c| diesel::update(jobs::table).set(jobs::lease_until.eq(NEVER)).execute(c))?;
    Ok(())
}

/// When the next job of this kind is due for an account.
pub fn due_at(conn: &mut Conn, kind: JobKind, account: AccountId) -> Result<Option<NaiveDateTime>, DbError> {
    Ok(each!(conn, |c| jobs::table
        .filter(jobs::kind.eq(kind.as_str()))
        .filter(jobs::account_id.eq(account))
        .select(jobs::due_at)
        .first(c)
        .optional())?)
}

/// Whether any job is due and free.
pub fn is_any_free(conn: &mut Conn, now: NaiveDateTime) -> Result<bool, DbError> {
    let clock = portable::now(conn)?;
    let free = jobs::table.filter(jobs::due_at.le(now)).filter(jobs::lease_until.lt(clock));
    Ok(each!(conn, |c| diesel::select(diesel::dsl::exists(free)).get_result(c))?)
}
