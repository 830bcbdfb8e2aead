//! Feeds: files of many messages for Amazon, how far each is, and what became of every message.

use super::paging::{Choice, Page, Window, choose, window};
use super::portable::Counted;
use super::schema::{accounts, feed_messages, feeds, orders, pickings, shipments};
use super::{Conn, DbError, exactly_one};
use crate::domain::announcement::{FeedState, MessageOutcome};
use crate::domain::ids::{AccountId, AmazonOrderId, CompanyId, FeedId, OrderId, PickingId, ShipmentId};
use crate::domain::picking::AmazonSync;
use chrono::NaiveDateTime;
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
};

/// The kind of feed that tells of parcels.
pub const FULFILLMENT: &str = "order_fulfillment";

/// The states of a feed of which more is to be expected.
const UNDER_WAY: [FeedState; 3] = [FeedState::Built, FeedState::Submitted, FeedState::Processing];

/// Which feeds a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Where they stand.
    pub state: Choice<FeedState>,
    /// Their account.
    pub account: Choice<AccountId>,
}

/// A feed.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = feeds)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct FeedRow {
    pub id: FeedId,
    pub account_id: AccountId,
    pub state: FeedState,
    pub amazon_document_id: Option<String>,
    pub amazon_feed_id: Option<String>,
    pub messages: i64,
    pub accepted: i64,
    pub refused: i64,
    pub created_at: NaiveDateTime,
    pub submitted_at: Option<NaiveDateTime>,
    pub next_look_at: Option<NaiveDateTime>,
    pub finished_at: Option<NaiveDateTime>,
}

#[derive(Insertable)]
#[diesel(table_name = feeds, treat_none_as_default_value = false)]
struct NewFeed<'a> {
    company_id: CompanyId,
    account_id: AccountId,
    kind: &'a str,
    state: FeedState,
    messages: i64,
    accepted: i64,
    refused: i64,
    created_at: NaiveDateTime,
    next_look_at: Option<NaiveDateTime>,
}

/// How many rows one statement writes.
const ROWS_PER_STATEMENT: usize = 500;

/// Keeps a feed with its messages, numbered from 1, before Amazon hears of it.
pub fn insert(
    conn: &mut Conn,
    company: CompanyId,
    account: AccountId,
    of: &[ShipmentId],
    now: NaiveDateTime,
) -> Result<FeedId, DbError> {
    let new = NewFeed {
        company_id: company,
        account_id: account,
        kind: FULFILLMENT,
        state: FeedState::Built,
        messages: i64::try_from(of.len()).unwrap_or(i64::MAX),
        accepted: 0,
        refused: 0,
        created_at: now,
        next_look_at: Some(now),
    };
    let id: FeedId =
        each!(&mut *conn, |c| diesel::insert_into(feeds::table).values(&new).returning(feeds::id).get_result(c))?;
    let rows: Vec<_> = (1_i64..)
        .zip(of)
        .map(|(message, shipment)| {
            (
                feed_messages::feed_id.eq(id),
                feed_messages::message.eq(message),
                feed_messages::shipment_id.eq(*shipment),
            )
        })
        .collect();
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        each!(&mut *conn, |c| diesel::insert_into(feed_messages::table).values(chunk.to_vec()).execute(c))?;
    }
    Ok(id)
}

/// The feed of an account that is under way, the oldest first.
pub fn under_way(conn: &mut Conn, account: AccountId) -> Result<Option<FeedRow>, DbError> {
    Ok(each!(conn, |c| feeds::table
        .filter(feeds::account_id.eq(account))
        .filter(feeds::next_look_at.is_not_null())
        .order(feeds::id)
        .select(FeedRow::as_select())
        .first(c)
        .optional())?)
}

/// Whether a feed of an account came to nothing since `since`.
pub fn failed_since(conn: &mut Conn, account: AccountId, since: NaiveDateTime) -> Result<bool, DbError> {
    let failed = feeds::table
        .filter(feeds::account_id.eq(account))
        .filter(feeds::state.eq_any(vec![FeedState::Fatal, FeedState::Cancelled, FeedState::Lost]))
        .filter(feeds::finished_at.ge(since));
    Ok(each!(conn, |c| diesel::select(diesel::dsl::exists(failed)).get_result(c))?)
}

/// The messages of a feed: number and shipment.
pub fn messages(conn: &mut Conn, feed: FeedId) -> Result<Vec<(i64, ShipmentId)>, DbError> {
    Ok(each!(conn, |c| feed_messages::table
        .filter(feed_messages::feed_id.eq(feed))
        .order(feed_messages::message)
        .select((feed_messages::message, feed_messages::shipment_id))
        .load(c))?)
}

/// The feed that carries a shipment at the moment.
pub fn carrying(conn: &mut Conn, shipment: ShipmentId) -> Result<Option<FeedId>, DbError> {
    Ok(each!(conn, |c| feed_messages::table
        .inner_join(feeds::table)
        .filter(feed_messages::shipment_id.eq(shipment))
        .filter(feeds::state.eq_any(UNDER_WAY.to_vec()))
        .select(feeds::id)
        .first(c)
        .optional())?)
}

/// Notes that the content of a feed is with Amazon.
pub fn uploaded(conn: &mut Conn, id: FeedId, document: &str) -> Result<(), DbError> {
    let target = feeds::table.find(id).filter(feeds::state.eq(FeedState::Built));
    exactly_one(each!(conn, |c| diesel::update(target).set(feeds::amazon_document_id.eq(document)).execute(c))?)
}

/// Notes that Amazon has a feed in its queue.
pub fn submitted(
    conn: &mut Conn,
    id: FeedId,
    amazon_id: &str,
    now: NaiveDateTime,
    next: NaiveDateTime,
) -> Result<(), DbError> {
    let target = feeds::table.find(id).filter(feeds::state.eq(FeedState::Built));
    let values = (
        feeds::state.eq(FeedState::Submitted),
        feeds::amazon_feed_id.eq(amazon_id),
        feeds::submitted_at.eq(now),
        feeds::next_look_at.eq(next),
    );
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// Notes how far a feed is and when to ask again.
pub fn look_again(conn: &mut Conn, id: FeedId, state: FeedState, next: NaiveDateTime) -> Result<(), DbError> {
    let target = feeds::table.find(id).filter(feeds::state.eq_any(UNDER_WAY.to_vec()));
    let values = (feeds::state.eq(state), feeds::next_look_at.eq(next));
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// Ends a feed with what became of its messages.
pub fn finish(
    conn: &mut Conn,
    id: FeedId,
    state: FeedState,
    (accepted, refused): (i64, i64),
    now: NaiveDateTime,
) -> Result<(), DbError> {
    let target = feeds::table.find(id).filter(feeds::state.eq_any(UNDER_WAY.to_vec()));
    let values = (
        feeds::state.eq(state),
        feeds::accepted.eq(accepted),
        feeds::refused.eq(refused),
        feeds::next_look_at.eq(None::<NaiveDateTime>),
        feeds::finished_at.eq(now),
    );
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// What Amazon said to one message.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct MessageVerdict<'a> {
    pub message: i64,
    pub result: MessageOutcome,
    pub code: &'a str,
    pub explanation: &'a str,
}

/// Keeps what Amazon said to the messages of a feed; those that it does not name it took.
pub fn judge(conn: &mut Conn, id: FeedId, named: &[MessageVerdict<'_>]) -> Result<(), DbError> {
    let all = feed_messages::table.filter(feed_messages::feed_id.eq(id));
    let accepted = feed_messages::result.eq(MessageOutcome::Accepted);
    each!(&mut *conn, |c| diesel::update(all).set(accepted).execute(c))?;
    for one in named {
        let target = feed_messages::table.find((id, one.message));
        let said = (
            feed_messages::result.eq(one.result),
            feed_messages::code.eq(one.code),
            feed_messages::explanation.eq(one.explanation),
        );
        each!(&mut *conn, |c| diesel::update(target).set(said).execute(c))?;
    }
    Ok(())
}

macro_rules! filtered {
    ($company:expr, $filter:expr) => {{
        let filter: &Filter = $filter;
        let mut query = feeds::table.inner_join(accounts::table).filter(feeds::company_id.eq($company)).into_boxed();
        choose!(query, feeds::state, filter.state);
        choose!(query, feeds::account_id, filter.account);
        query
    }};
}

/// One page of feeds with the names of their accounts.
pub fn page(
    conn: &mut Conn,
    company: CompanyId,
    filter: &Filter,
    at: &Window,
) -> Result<Page<(FeedRow, String)>, DbError> {
    let rows = each!(conn, |c| {
        let mut query = filtered!(company, filter);
        window!(query, at, feeds::id, feeds::id, std::convert::identity);
        at.limited(query.select((FeedRow::as_select(), accounts::name))).load(c)
    })?;
    Ok(Page::of(rows, at))
}

/// How many feeds a filter keeps, as far as they are [`Counted`].
pub fn count(conn: &mut Conn, company: CompanyId, filter: &Filter) -> Result<i64, DbError> {
    Ok(each!(conn, |c| {
        let query = filtered!(company, filter).select(feeds::id);
        Counted::of(query).get_result::<i64>(c)
    })?)
}

/// The feed with this key, if it is the company's, and the name of its account.
pub fn by_id(conn: &mut Conn, company: CompanyId, id: FeedId) -> Result<Option<(FeedRow, String)>, DbError> {
    Ok(each!(conn, |c| feeds::table
        .inner_join(accounts::table)
        .filter(feeds::id.eq(id))
        .filter(feeds::company_id.eq(company))
        .select((FeedRow::as_select(), accounts::name))
        .first(c)
        .optional())?)
}

/// One message of a feed as it is shown.
#[derive(Clone, Debug, Queryable)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct MessageRow {
    pub message: i64,
    pub picking_id: PickingId,
    pub order_id: OrderId,
    pub amazon_order_id: AmazonOrderId,
    pub package_reference: i64,
    pub amazon_sync: AmazonSync,
    pub result: Option<MessageOutcome>,
    pub code: Option<String>,
    pub explanation: Option<String>,
}

/// Some messages of a feed from one on: refused ones only, or all.
pub fn shown_messages(
    conn: &mut Conn,
    feed: FeedId,
    only: Option<MessageOutcome>,
    after: i64,
    limit: i64,
) -> Result<Vec<MessageRow>, DbError> {
    Ok(each!(conn, |c| {
        let mut query = feed_messages::table
            .inner_join(shipments::table.inner_join(orders::table).inner_join(pickings::table))
            .filter(feed_messages::feed_id.eq(feed))
            .filter(feed_messages::message.gt(after))
            .into_boxed();
        if let Some(only) = only {
            query = query.filter(feed_messages::result.eq(only));
        }
        query
            .order(feed_messages::message)
            .limit(limit)
            .select((
                feed_messages::message,
                shipments::picking_id,
                orders::id,
                orders::amazon_order_id,
                shipments::package_reference,
                pickings::amazon_sync,
                feed_messages::result,
                feed_messages::code,
                feed_messages::explanation,
            ))
            .load(c)
    })?)
}
