//! Synchronization runs as they are read, and the two marks that a person leaves on them: asked for, and to be stopped.

use super::paging::{Choice, Page, Span, Window, choose, instant, window, within};
use super::portable::Counted;
use super::schema::{accounts, sync_runs, users};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{AccountId, CompanyId, RunId, UserId};
use crate::domain::run::{Counts, RunCause, RunKind, RunState};
use chrono::NaiveDateTime;
use diesel::{
    ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl,
    Selectable, SelectableHelper,
};

/// The states of a run that has not ended.
pub const ACTIVE: [RunState; 3] = [RunState::Queued, RunState::Running, RunState::Waiting];

/// Which runs a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// What they do.
    pub kind: Choice<RunKind>,
    /// Where they stand.
    pub state: Choice<RunState>,
    /// Who or what asked.
    pub cause: Choice<RunCause>,
    /// Their account.
    pub account: Choice<AccountId>,
    /// When they were asked for.
    pub queued: Span,
}

/// A run.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sync_runs)]
pub struct RunRow {
    /// The key.
    pub id: RunId,
    /// The account.
    pub account_id: AccountId,
    /// What it does.
    pub kind: RunKind,
    /// Who or what asked.
    pub cause: RunCause,
    /// Where it stands.
    pub state: RunState,
    /// The first instant that it reads.
    pub window_from: Option<NaiveDateTime>,
    /// The last instant that it reads.
    pub window_to: Option<NaiveDateTime>,
    /// What else it needs to know, in JSON.
    pub parameters: String,
    /// The token of the next page.
    pub next_token: Option<String>,
    /// When that token was given.
    pub token_at: Option<NaiveDateTime>,
    /// Pages read.
    pub pages: i64,
    /// Orders read.
    pub orders_read: i64,
    /// Orders created.
    pub orders_created: i64,
    /// Orders updated.
    pub orders_updated: i64,
    /// Orders cancelled.
    pub orders_cancelled: i64,
    /// Orders as we know them.
    pub orders_unchanged: i64,
    /// Orders that are not ready.
    pub orders_waiting: i64,
    /// Orders that are not for this account.
    pub orders_skipped: i64,
    /// Orders that need attention.
    pub orders_failed: i64,
    /// Calls to Amazon.
    pub calls: i64,
    /// Calls that Amazon asked to repeat later.
    pub throttled: i64,
    /// Who asked to stop it.
    pub stop_requested_by: Option<UserId>,
    /// Why it was given up.
    pub error: Option<String>,
    /// When it goes on.
    pub resume_at: Option<NaiveDateTime>,
    /// When it was asked for.
    pub queued_at: NaiveDateTime,
    /// When it started.
    pub started_at: Option<NaiveDateTime>,
    /// When it ended.
    pub finished_at: Option<NaiveDateTime>,
}

impl RunRow {
    /// What it counted.
    pub const fn counts(&self) -> Counts {
        Counts {
            pages: self.pages,
            read: self.orders_read,
            created: self.orders_created,
            updated: self.orders_updated,
            cancelled: self.orders_cancelled,
            unchanged: self.orders_unchanged,
            waiting: self.orders_waiting,
            skipped: self.orders_skipped,
            failed: self.orders_failed,
        }
    }

    /// The same run before its first page.
    #[must_use]
    pub fn restarted(self) -> Self {
        Self {
            pages: 0,
            orders_read: 0,
            orders_created: 0,
            orders_updated: 0,
            orders_cancelled: 0,
            orders_unchanged: 0,
            orders_waiting: 0,
            orders_skipped: 0,
            orders_failed: 0,
            next_token: None,
            token_at: None,
            window_to: None,
            ..self
        }
    }
}

macro_rules! filtered {
    ($company:expr, $filter:expr) => {{
        let filter: &Filter = $filter;
        let mut query =
            sync_runs::table.inner_join(accounts::table).filter(accounts::company_id.eq($company)).into_boxed();
        choose!(query, sync_runs::kind, filter.kind);
        choose!(query, sync_runs::state, filter.state);
        choose!(query, sync_runs::cause, filter.cause);
        choose!(query, sync_runs::account_id, filter.account);
        within!(query, sync_runs::queued_at, filter.queued);
        query
    }};
}

/// One page of runs with the names of their accounts.
pub fn page(
    conn: &mut Conn,
    company: CompanyId,
    filter: &Filter,
    at: &Window,
) -> Result<Page<(RunRow, String)>, DbError> {
    let rows = each!(conn, |c| {
        let mut query = filtered!(company, filter);
        window!(query, at, sync_runs::queued_at, sync_runs::id, instant);
        at.limited(query.select((RunRow::as_select(), accounts::name))).load(c)
    })?;
    Ok(Page::of(rows, at))
}

/// How many runs a filter keeps, as far as they are [`Counted`].
pub fn count(conn: &mut Conn, company: CompanyId, filter: &Filter) -> Result<i64, DbError> {
    Ok(each!(conn, |c| {
        let query = filtered!(company, filter).select(sync_runs::id);
        Counted::of(query).get_result::<i64>(c)
    })?)
}

/// A run, its account's name, and the name of who asked for it.
pub type NamedRun = (RunRow, String, Option<String>);

/// The run with this key, if it is the company's.
pub fn by_id(conn: &mut Conn, company: CompanyId, id: RunId) -> Result<Option<NamedRun>, DbError> {
    Ok(each!(conn, |c| {
        sync_runs::table
            .inner_join(accounts::table)
            .left_join(users::table.on(sync_runs::requested_by.eq(users::id.nullable())))
            .filter(sync_runs::id.eq(id))
            .filter(accounts::company_id.eq(company))
            .select((RunRow::as_select(), accounts::name, users::name.nullable()))
            .first(c)
            .optional()
    })?)
}

/// The name of a user.
pub fn user_name(conn: &mut Conn, id: UserId) -> Result<Option<String>, DbError> {
    Ok(each!(conn, |c| users::table.find(id).select(users::name).first(c).optional())?)
}

/// The runs of this kind that have not ended, the oldest first: of recoveries an account may have several.
pub fn all_active(conn: &mut Conn, account: AccountId, kind: RunKind) -> Result<Vec<RunRow>, DbError> {
    Ok(each!(conn, |c| {
        sync_runs::table
            .filter(sync_runs::account_id.eq(account))
            .filter(sync_runs::kind.eq(kind))
            .filter(sync_runs::state.eq_any(ACTIVE.to_vec()))
            .order(sync_runs::id)
            .select(RunRow::as_select())
            .load(c)
    })?)
}

/// The oldest run of this kind that has not ended, if the account has one.
pub fn active(conn: &mut Conn, account: AccountId, kind: RunKind) -> Result<Option<RunRow>, DbError> {
    Ok(all_active(conn, account, kind)?.into_iter().next())
}

/// The run of the same account and kind that was asked for before `run`.
pub fn before(conn: &mut Conn, run: &RunRow) -> Result<Option<RunRow>, DbError> {
    Ok(each!(conn, |c| {
        sync_runs::table
            .filter(sync_runs::account_id.eq(run.account_id))
            .filter(sync_runs::kind.eq(run.kind))
            .filter(sync_runs::id.lt(run.id))
            .order(sync_runs::id.desc())
            .select(RunRow::as_select())
            .first(c)
            .optional()
    })?)
}

/// The last run of this kind that an account had.
pub fn last(conn: &mut Conn, account: AccountId, kind: RunKind) -> Result<Option<RunRow>, DbError> {
    Ok(each!(conn, |c| {
        sync_runs::table
            .filter(sync_runs::account_id.eq(account))
            .filter(sync_runs::kind.eq(kind))
            .order(sync_runs::id.desc())
            .select(RunRow::as_select())
            .first(c)
            .optional()
    })?)
}

/// Notes who wants an active run to stop; a run that ended meanwhile is not touched.
pub fn ask_to_stop(conn: &mut Conn, id: RunId, by: UserId) -> Result<(), DbError> {
    exactly_one(each!(conn, |c| {
        diesel::update(sync_runs::table.find(id).filter(sync_runs::state.eq_any(ACTIVE.to_vec())))
            .set(sync_runs::stop_requested_by.eq(by))
            .execute(c)
    })?)
}
