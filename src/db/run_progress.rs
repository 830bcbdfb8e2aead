//! The progress of a synchronization run: started, counted page by page, ended.

use super::runs::{ACTIVE, RunRow};
use super::schema::{accounts, run_pages, run_results, sync_runs};
use super::{Conn, DbError, exactly_one};
use crate::crypto::Sealed;
use crate::domain::ids::{AccountId, RunId, UserId};
use crate::domain::run::{Counts, RunCause, RunKind, RunState};
use chrono::NaiveDateTime;
use diesel::{
    AsChangeset, BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, QueryDsl, RunQueryDsl,
    SelectableHelper,
};

/// What a run counted, as its columns hold it.
#[derive(AsChangeset, Insertable)]
#[diesel(table_name = sync_runs)]
struct Counted {
    pages: i64,
    orders_read: i64,
    orders_created: i64,
    orders_updated: i64,
    orders_cancelled: i64,
    orders_unchanged: i64,
    orders_waiting: i64,
    orders_skipped: i64,
    orders_failed: i64,
}

impl From<&Counts> for Counted {
    fn from(counts: &Counts) -> Self {
        Self {
            pages: counts.pages,
            orders_read: counts.read,
            orders_created: counts.created,
            orders_updated: counts.updated,
            orders_cancelled: counts.cancelled,
            orders_unchanged: counts.unchanged,
            orders_waiting: counts.waiting,
            orders_skipped: counts.skipped,
            orders_failed: counts.failed,
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = sync_runs)]
struct NewRun<'a> {
    account_id: AccountId,
    kind: RunKind,
    cause: RunCause,
    requested_by: Option<UserId>,
    state: RunState,
    window_from: Option<NaiveDateTime>,
    parameters: &'a str,
    #[diesel(embed)]
    counted: Counted,
    calls: i64,
    throttled: i64,
    queued_at: NaiveDateTime,
}

/// Who asks for a run, and for what.
#[derive(Clone, Debug)]
pub struct RunRequest<'a> {
    /// For which account.
    pub account: AccountId,
    /// What it does.
    pub kind: RunKind,
    /// Who or what asked.
    pub cause: RunCause,
    /// The person who asked.
    pub requested_by: Option<UserId>,
    /// Where the window starts, when it is not the account's own date.
    pub window_from: Option<NaiveDateTime>,
    /// What else the run needs to know, in JSON.
    pub parameters: &'a str,
}

/// Queues a run.
pub fn queue(conn: &mut Conn, request: &RunRequest<'_>, now: NaiveDateTime) -> Result<RunId, DbError> {
    let row = NewRun {
        account_id: request.account,
        kind: request.kind,
        cause: request.cause,
        requested_by: request.requested_by,
        state: RunState::Queued,
        window_from: request.window_from,
        parameters: request.parameters,
        counted: Counted::from(&Counts::default()),
        calls: 0,
        throttled: 0,
        queued_at: now,
    };
    Ok(each!(conn, |c| diesel::insert_into(sync_runs::table).values(&row).returning(sync_runs::id).get_result(c))?)
}

/// One run.
pub fn by_id(conn: &mut Conn, id: RunId) -> Result<RunRow, DbError> {
    Ok(each!(conn, |c| sync_runs::table.find(id).select(RunRow::as_select()).first(c))?)
}

/// Marks a run as at work; the moment of its first start stays.
pub fn start(conn: &mut Conn, id: RunId, now: NaiveDateTime) -> Result<(), DbError> {
    let target = sync_runs::table.find(id).filter(sync_runs::state.eq_any(ACTIVE));
    let changed = each!(&mut *conn, |c| diesel::update(target)
        .set((sync_runs::state.eq(RunState::Running), sync_runs::resume_at.eq(None::<NaiveDateTime>)))
        .execute(c))?;
    let first = sync_runs::table.find(id).filter(sync_runs::started_at.is_null());
    each!(conn, |c| diesel::update(first).set(sync_runs::started_at.eq(now)).execute(c))?;
    exactly_one(changed)
}

/// Where a run stands in its window.
#[derive(Clone, Debug, Default, AsChangeset)]
#[diesel(table_name = sync_runs, treat_none_as_null = true)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct Position {
    pub window_from: Option<NaiveDateTime>,
    pub window_to: Option<NaiveDateTime>,
    pub next_token: Option<String>,
    pub token_at: Option<NaiveDateTime>,
}

/// Stores where a run stands, and the parameters to which its token is bound.
pub fn set_position(conn: &mut Conn, id: RunId, position: &Position, parameters: &str) -> Result<(), DbError> {
    let target = sync_runs::table.find(id).filter(sync_runs::state.eq(RunState::Running));
    exactly_one(each!(conn, |c| diesel::update(target)
        .set((position, sync_runs::parameters.eq(parameters)))
        .execute(c))?)
}

/// Stores what a run counted.
pub fn count(conn: &mut Conn, id: RunId, counts: &Counts) -> Result<(), DbError> {
    let counted = Counted::from(counts);
    let target = sync_runs::table.find(id).filter(sync_runs::state.eq(RunState::Running));
    exactly_one(each!(conn, |c| diesel::update(target).set(&counted).execute(c))?)
}

/// Whether a person asked to stop the run.
pub fn stop_requested(conn: &mut Conn, id: RunId) -> Result<bool, DbError> {
    let asked: Option<UserId> =
        each!(conn, |c| sync_runs::table.find(id).select(sync_runs::stop_requested_by).first(c))?;
    Ok(asked.is_some())
}

/// Ends a run, or pauses it until `resume_at`.
pub fn end(
    conn: &mut Conn,
    id: RunId,
    state: RunState,
    error: Option<&str>,
    resume_at: Option<NaiveDateTime>,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    let finished_at = if state.is_active() { None } else { Some(now) };
    let target = sync_runs::table.find(id).filter(sync_runs::state.eq_any(ACTIVE));
    exactly_one(each!(conn, |c| diesel::update(target)
        .set((
            sync_runs::state.eq(state),
            sync_runs::error.eq(error),
            sync_runs::resume_at.eq(resume_at),
            sync_runs::finished_at.eq(finished_at),
        ))
        .execute(c))?)
}

/// Stores how many calls a run made, and how many of them Amazon turned away.
pub fn set_calls(conn: &mut Conn, id: RunId, calls: i64, throttled: i64) -> Result<(), DbError> {
    let target = sync_runs::table.find(id);
    let values = (sync_runs::calls.eq(calls), sync_runs::throttled.eq(throttled));
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// Forgets the results and the pages of a run that starts its window again.
pub fn forget_results(conn: &mut Conn, id: RunId) -> Result<(), DbError> {
    each!(&mut *conn, |c| diesel::delete(run_results::table.filter(run_results::run_id.eq(id))).execute(c))?;
    each!(conn, |c| diesel::delete(run_pages::table.filter(run_pages::run_id.eq(id))).execute(c))?;
    Ok(())
}

/// Moves an account's Last Order Sync from where the run started; a date that a person set meanwhile stays. Says whether it moved.
pub fn move_last_order_sync(
    conn: &mut Conn,
    account: AccountId,
    from: NaiveDateTime,
    to: NaiveDateTime,
) -> Result<bool, DbError> {
    let target = accounts::table.find(account).filter(accounts::last_order_sync.eq(from));
    Ok(each!(conn, |c| diesel::update(target).set(accounts::last_order_sync.eq(to)).execute(c))? > 0)
}

/// Keeps a page that a preview read, sealed.
pub fn keep_page(conn: &mut Conn, id: RunId, position: i64, page: &Sealed) -> Result<(), DbError> {
    let row = (
        run_pages::run_id.eq(id),
        run_pages::position.eq(position),
        run_pages::wrapped_key.eq(&page.wrapped_key),
        run_pages::sealed.eq(&page.body),
    );
    each!(conn, |c| diesel::insert_into(run_pages::table).values(row).execute(c))?;
    Ok(())
}

/// A page that a preview read.
pub fn kept_page(conn: &mut Conn, id: RunId, position: i64) -> Result<Option<Sealed>, DbError> {
    let kept: Option<(Vec<u8>, Vec<u8>)> = each!(conn, |c| run_pages::table
        .find((id, position))
        .select((run_pages::wrapped_key, run_pages::sealed))
        .first(c)
        .optional())?;
    Ok(kept.map(|(wrapped_key, body)| Sealed { wrapped_key, body }))
}

/// The newest preview of an account that finished since `since` and read from the same date, with its parameters.
pub fn fresh_preview(
    conn: &mut Conn,
    account: AccountId,
    window_from: NaiveDateTime,
    since: NaiveDateTime,
) -> Result<Option<(RunId, String)>, DbError> {
    Ok(each!(conn, |c| sync_runs::table
        .filter(sync_runs::account_id.eq(account))
        .filter(sync_runs::kind.eq(RunKind::Preview))
        .filter(sync_runs::state.eq(RunState::Succeeded).or(sync_runs::state.eq(RunState::Warned)))
        .filter(sync_runs::window_from.eq(window_from))
        .filter(sync_runs::finished_at.ge(since))
        .order(sync_runs::id.desc())
        .select((sync_runs::id, sync_runs::parameters))
        .first(c)
        .optional())?)
}

/// Forgets what previews read that finished before `before`.
pub fn forget_previews(conn: &mut Conn, before: NaiveDateTime) -> Result<usize, DbError> {
    let old: Vec<RunId> = each!(&mut *conn, |c| sync_runs::table
        .filter(sync_runs::kind.eq(RunKind::Preview))
        .filter(sync_runs::finished_at.lt(before))
        .inner_join(run_pages::table)
        .select(sync_runs::id)
        .distinct()
        .load(c))?;
    each!(&mut *conn, |c| diesel::delete(run_pages::table.filter(run_pages::run_id.eq_any(&old))).execute(c))?;
    Ok(each!(conn, |c| diesel::delete(run_results::table.filter(run_results::run_id.eq_any(&old))).execute(c))?)
}

/// Stores what a run still needs to know.
pub fn set_parameters(conn: &mut Conn, id: RunId, parameters: &str) -> Result<(), DbError> {
    let target = sync_runs::table.find(id);
    exactly_one(each!(conn, |c| diesel::update(target).set(sync_runs::parameters.eq(parameters)).execute(c))?)
}
