//! Things that need somebody's attention, as they are read and settled.

use super::paging::{Choice, Page, Window, choose, instant, window};
use super::portable::Counted;
use super::schema::{accounts, issues};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{AccountId, AmazonOrderId, CompanyId, IssueId, OrderId};
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};

/// The kind of an issue about a SKU without product.
pub const UNMATCHED_SKU: &str = "unmatched_sku";

/// The kind of an issue that asks for a decision about an order.
pub const ORDER_CONFLICT: &str = "order_conflict";

/// The kinds that are known, in the order in which filters offer them.
pub const KINDS: [&str; 12] = [
    UNMATCHED_SKU,
    "total_differs",
    ORDER_CONFLICT,
    "cancellation_requested",
    "unknown_status",
    "unfulfillable",
    "no_items",
    "unreadable_order",
    "order_not_written",
    "authorization_lost",
    "throttled",
    "no_marketplace",
];

/// The states of an issue: still open, resolved, ignored.
pub const STATES: [&str; 3] = ["open", "resolved", "ignored"];

/// Which issues a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Whether they are open, resolved or ignored.
    pub state: Choice<String>,
    /// What they are about.
    pub kind: Choice<String>,
    /// How bad they are.
    pub severity: Choice<String>,
    /// Their account.
    pub account: Choice<AccountId>,
    /// Of this order only.
    pub order: Option<OrderId>,
}

/// An issue.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = issues)]
pub struct IssueRow {
    /// The key.
    pub id: IssueId,
    /// The account.
    pub account_id: AccountId,
    /// What it is about.
    pub kind: String,
    /// What exactly: a product code, an order reference.
    pub subject: String,
    /// How bad it is: `warning` or `blocking`.
    pub severity: String,
    /// `open`, `resolved` or `ignored`.
    pub state: String,
    /// The order.
    pub order_id: Option<OrderId>,
    /// Amazon's reference of the order, held or not.
    pub amazon_order_id: Option<AmazonOrderId>,
    /// A JSON array of reasons.
    pub detail: String,
    /// The owner of the sealed payload.
    pub public_id: String,
    /// The wrapped key of the sealed payload.
    pub wrapped_key: Option<Vec<u8>>,
    /// The sealed payload.
    pub sealed: Option<Vec<u8>>,
    /// How often it was seen.
    pub times: i64,
    /// When it was seen first.
    pub first_seen_at: NaiveDateTime,
    /// When it was seen last.
    pub last_seen_at: NaiveDateTime,
}

macro_rules! filtered {
    ($company:expr, $filter:expr) => {{
        let filter: &Filter = $filter;
        let mut query = issues::table.inner_join(accounts::table).filter(issues::company_id.eq($company)).into_boxed();
        choose!(query, issues::state, filter.state);
        choose!(query, issues::kind, filter.kind);
        choose!(query, issues::severity, filter.severity);
        choose!(query, issues::account_id, filter.account);
        if let Some(order) = filter.order {
            query = query.filter(issues::order_id.eq(order));
        }
        query
    }};
}

/// One page of issues with the names of their accounts, the last seen first.
pub fn page(
    conn: &mut Conn,
    company: CompanyId,
    filter: &Filter,
    at: &Window,
) -> Result<Page<(IssueRow, String)>, DbError> {
    let rows = each!(conn, |c| {
        let mut query = filtered!(company, filter);
        window!(query, at, issues::last_seen_at, issues::id, instant);
        at.limited(query.select((IssueRow::as_select(), accounts::name))).load(c)
    })?;
    Ok(Page::of(rows, at))
}

/// How many issues a filter keeps, as far as they are [`Counted`].
pub fn count(conn: &mut Conn, company: CompanyId, filter: &Filter) -> Result<i64, DbError> {
    Ok(each!(conn, |c| {
        let query = filtered!(company, filter).select(issues::id);
        Counted::of(query).get_result::<i64>(c)
    })?)
}

/// The issue with this key and its account's name, if it is the company's.
pub fn by_id(conn: &mut Conn, company: CompanyId, id: IssueId) -> Result<Option<(IssueRow, String)>, DbError> {
    Ok(each!(conn, |c| {
        issues::table
            .inner_join(accounts::table)
            .filter(issues::id.eq(id))
            .filter(issues::company_id.eq(company))
            .select((IssueRow::as_select(), accounts::name))
            .first(c)
            .optional()
    })?)
}

/// The open issues of a kind about an order.
pub fn open_about(conn: &mut Conn, order: OrderId, kind: &str) -> Result<Vec<IssueId>, DbError> {
    Ok(each!(conn, |c| issues::table
        .filter(issues::order_id.eq(order))
        .filter(issues::kind.eq(kind))
        .filter(issues::state.eq("open"))
        .order(issues::id)
        .select(issues::id)
        .load(c))?)
}

/// Turns an open issue into a settled one; one that is not open any more is not touched.
pub fn settle(conn: &mut Conn, company: CompanyId, id: IssueId, state: &str) -> Result<(), DbError> {
    exactly_one(each!(conn, |c| {
        diesel::update(issues::table.find(id).filter(issues::company_id.eq(company)).filter(issues::state.eq("open")))
            .set(issues::state.eq(state))
            .execute(c)
    })?)
}
