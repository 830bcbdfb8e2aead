//! What changes on transfers: their label, who works on them, and that they are done.
//!
//! Each change names the version that the person saw and must hit exactly one row.

use super::import::stock::OPEN;
use super::pickings::PickingRow;
use super::schema::{moves, pickings};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{AccountId, CarrierId, CompanyId, LocationId, OrderId, PickingId, UserId};
use crate::domain::picking::{AmazonSync, PickingKind, PickingState};
use chrono::NaiveDateTime;
use diesel::{AsChangeset, ExpressionMethods, Insertable, QueryDsl, RunQueryDsl};

/// Who carries a parcel, and under which reference.
#[derive(Clone, Copy, Debug, AsChangeset)]
#[diesel(table_name = pickings, treat_none_as_null = true)]
pub struct Label<'a> {
    /// The carrier's name.
    pub carrier: Option<&'a str>,
    /// The carrier, when it is one of ours.
    pub carrier_id: Option<CarrierId>,
    /// The carrier's reference.
    pub tracking: Option<&'a str>,
}

/// A transfer that somebody saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The transfer.
    pub picking: PickingId,
    /// Its version.
    pub version: i64,
}

macro_rules! seen {
    ($seen:expr) => {
        pickings::table
            .find($seen.picking)
            .filter(pickings::version.eq($seen.version))
            .filter(pickings::state.eq_any(OPEN))
    };
}

/// Stores the label of an open transfer.
pub fn set_label(conn: &mut Conn, seen: Seen, label: &Label<'_>) -> Result<(), DbError> {
    let change = (label, pickings::version.eq(seen.version + 1));
    exactly_one(each!(conn, |c| diesel::update(seen!(seen)).set(change).execute(c))?)
}

/// A delivery is done, with its label.
pub fn finish(
    conn: &mut Conn,
    seen: Seen,
    label: &Label<'_>,
    sync: AmazonSync,
    now: NaiveDateTime,
) -> Result<(), DbError> {
    let change = (
        label,
        pickings::state.eq(PickingState::Done),
        pickings::amazon_sync.eq(sync),
        pickings::done_at.eq(now),
        pickings::is_held.eq(false),
        pickings::version.eq(seen.version + 1),
    );
    exactly_one(each!(conn, |c| diesel::update(seen!(seen)).set(change).execute(c))?)
}

/// Counts that something came back of a done delivery, so that nobody takes the same goods back on what they saw before.
pub fn note_return(conn: &mut Conn, seen: Seen) -> Result<(), DbError> {
    let target = pickings::table
        .find(seen.picking)
        .filter(pickings::version.eq(seen.version))
        .filter(pickings::state.eq(PickingState::Done))
        .filter(pickings::kind.eq(PickingKind::Delivery));
    exactly_one(each!(conn, |c| diesel::update(target).set(pickings::version.eq(seen.version + 1)).execute(c))?)
}

/// An open transfer and its open moves go to another place than was thought.
pub fn redirect(conn: &mut Conn, picking: PickingId, to: LocationId) -> Result<(), DbError> {
    let target = pickings::table.find(picking).filter(pickings::state.eq_any(OPEN));
    exactly_one(each!(&mut *conn, |c| diesel::update(target).set(pickings::destination_id.eq(to)).execute(c))?)?;
    let open = moves::table.filter(moves::picking_id.eq(picking)).filter(moves::state.eq_any(OPEN));
    each!(conn, |c| diesel::update(open).set(moves::destination_id.eq(to)).execute(c))?;
    Ok(())
}

/// An open transfer will not be done.
pub fn cancel(conn: &mut Conn, seen: Seen) -> Result<(), DbError> {
    let change = (
        pickings::state.eq(PickingState::Cancelled),
        pickings::is_held.eq(false),
        pickings::version.eq(seen.version + 1),
    );
    exactly_one(each!(conn, |c| diesel::update(seen!(seen)).set(change).execute(c))?)
}

/// Notes that goods were counted into the parcel of an open transfer, or out of it: who has its page open saw other counts.
pub fn count(conn: &mut Conn, picking: PickingId) -> Result<(), DbError> {
    let target = pickings::table.find(picking);
    exactly_one(each!(conn, |c| diesel::update(target).set(pickings::version.eq(pickings::version + 1)).execute(c))?)
}

/// Says who works on open transfers; their version stays, since nothing that is typed depends on it.
pub fn assign(conn: &mut Conn, company: CompanyId, ids: &[PickingId], to: Option<UserId>) -> Result<usize, DbError> {
    let target = pickings::table
        .filter(pickings::company_id.eq(company))
        .filter(pickings::id.eq_any(ids))
        .filter(pickings::state.eq_any(OPEN));
    Ok(each!(conn, |c| diesel::update(target).set(pickings::assigned_to_id.eq(to)).execute(c))?)
}

/// Says whether open transfers are to be done first.
pub fn star(conn: &mut Conn, company: CompanyId, ids: &[PickingId], is_starred: bool) -> Result<usize, DbError> {
    let target = pickings::table
        .filter(pickings::company_id.eq(company))
        .filter(pickings::id.eq_any(ids))
        .filter(pickings::state.eq_any(OPEN));
    Ok(each!(conn, |c| diesel::update(target).set(pickings::is_starred.eq(is_starred)).execute(c))?)
}

/// A transfer that comes out of another one.
#[derive(Debug, Insertable)]
#[diesel(table_name = pickings, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct Following {
    pub company_id: CompanyId,
    pub account_id: AccountId,
    pub order_id: OrderId,
    pub state: PickingState,
    pub source_id: LocationId,
    pub destination_id: LocationId,
    pub ship_by: Option<NaiveDateTime>,
    pub amazon_sync: AmazonSync,
    pub is_held: bool,
    pub has_gift: bool,
    pub created_at: NaiveDateTime,
    pub done_at: Option<NaiveDateTime>,
    pub kind: PickingKind,
    pub backorder_of_id: Option<PickingId>,
    pub return_of_id: Option<PickingId>,
    pub assigned_to_id: Option<UserId>,
    pub is_starred: bool,
    pub carrier: Option<String>,
    pub carrier_id: Option<CarrierId>,
    pub tracking: Option<String>,
}

impl Following {
    /// An open transfer of the same goods the same way, with the same label, by the same person; it waits.
    pub fn like(row: &PickingRow, now: NaiveDateTime) -> Self {
        Self {
            company_id: row.company_id,
            account_id: row.account_id,
            order_id: row.order_id,
            state: PickingState::Confirmed,
            source_id: row.source_id,
            destination_id: row.destination_id,
            ship_by: row.ship_by,
            amazon_sync: row.amazon_sync,
            is_held: false,
            has_gift: row.has_gift,
            created_at: now,
            done_at: None,
            kind: row.kind,
            backorder_of_id: row.backorder_of_id,
            return_of_id: row.return_of_id,
            assigned_to_id: row.assigned_to_id,
            is_starred: row.is_starred,
            carrier: row.carrier.clone(),
            carrier_id: row.carrier_id,
            tracking: row.tracking.clone(),
        }
    }
}

/// Writes a transfer that comes out of another one.
pub fn insert(conn: &mut Conn, row: &Following) -> Result<PickingId, DbError> {
    Ok(each!(conn, |c| diesel::insert_into(pickings::table).values(row).returning(pickings::id).get_result(c))?)
}

/// The transfers that came out of one: its backorder first, then its returns.
pub fn following(conn: &mut Conn, id: PickingId) -> Result<(Vec<PickingId>, Vec<PickingId>), DbError> {
    let backorders = pickings::table.filter(pickings::backorder_of_id.eq(id)).order(pickings::id);
    let backorders: Vec<PickingId> = each!(&mut *conn, |c| backorders.select(pickings::id).load(c))?;
    let returns = pickings::table.filter(pickings::return_of_id.eq(id)).order(pickings::id);
    Ok((backorders, each!(conn, |c| returns.select(pickings::id).load(c))?))
}

/// Another transfer of the company with this tracking reference, if there is one.
pub fn with_tracking(
    conn: &mut Conn,
    company: CompanyId,
    tracking: &str,
    but: PickingId,
) -> Result<Option<PickingId>, DbError> {
    use diesel::OptionalExtension as _;
    Ok(each!(conn, |c| pickings::table
        .filter(pickings::company_id.eq(company))
        .filter(pickings::tracking.eq(tracking))
        .filter(pickings::id.ne(but))
        .filter(pickings::state.ne(PickingState::Cancelled))
        .order(pickings::id)
        .select(pickings::id)
        .first(c)
        .optional())?)
}
