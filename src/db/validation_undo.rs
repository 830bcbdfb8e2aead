//! Taking a validation back: the goods return by moves of their own, since what is done is never changed.

use super::schema::{moves, order_lines, orders, pickings};
use super::{Conn, DbError, exactly_one};
use crate::db::import::stock::{self, MoveRow, OPEN};
use crate::domain::ids::{
    AccountId, CarrierId, CompanyId, LocationId, MarketplaceId, MoveId, OrderId, OrderLineId, PickingId, ProductId,
    UserId,
};
use crate::domain::order::{Delivery, LineKind, OrderState};
use crate::domain::picking::{AmazonSync, MoveOrigin, PickingState};
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl};

/// A done move of a delivery.
#[derive(Clone, Debug, Queryable)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct DoneMove {
    pub company_id: CompanyId,
    pub account_id: Option<AccountId>,
    pub marketplace_id: Option<MarketplaceId>,
    pub order_id: Option<OrderId>,
    pub order_line_id: Option<OrderLineId>,
    pub product_id: ProductId,
    pub quantity: i64,
    pub source_id: LocationId,
    pub destination_id: LocationId,
}

impl DoneMove {
    /// The same goods back, in the same transfer.
    pub const fn back(&self, picking: PickingId, at: NaiveDateTime) -> MoveRow<'_> {
        MoveRow {
            source_id: self.destination_id,
            destination_id: self.source_id,
            ..self.row(picking, PickingState::Done, at)
        }
    }

    const fn row(&self, picking: PickingId, state: PickingState, at: NaiveDateTime) -> MoveRow<'_> {
        MoveRow {
            company_id: self.company_id,
            account_id: self.account_id,
            marketplace_id: self.marketplace_id.as_ref(),
            order_id: self.order_id,
            order_line_id: self.order_line_id,
            picking_id: Some(picking),
            product_id: self.product_id,
            quantity: self.quantity,
            source_id: self.source_id,
            destination_id: self.destination_id,
            origin: MoveOrigin::Transfer,
            state,
            moved_at: at,
        }
    }
}

/// What left with a delivery.
pub fn moves_of(conn: &mut Conn, picking: PickingId) -> Result<Vec<DoneMove>, DbError> {
    Ok(each!(conn, |c| moves::table
        .filter(moves::picking_id.eq(picking))
        .filter(moves::state.eq(PickingState::Done))
        .order(moves::id)
        .select((
            moves::company_id,
            moves::account_id,
            moves::marketplace_id,
            moves::order_id,
            moves::order_line_id,
            moves::product_id,
            moves::quantity,
            moves::source_id,
            moves::destination_id,
        ))
        .load(c))?)
}

/// The delivery is as if it had been cancelled; Amazon need not know of it.
pub fn cancel(conn: &mut Conn, picking: PickingId) -> Result<(), DbError> {
    let target = pickings::table.find(picking).filter(pickings::state.eq(PickingState::Done));
    let values = (
        pickings::state.eq(PickingState::Cancelled),
        pickings::amazon_sync.eq(AmazonSync::NotNeeded),
        pickings::version.eq(pickings::version + 1),
    );
    exactly_one(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// What a reopened delivery takes over: company, account, from, to, deadline, carrier, tracking reference, gift.
type Held = (CompanyId, AccountId, LocationId, LocationId, Option<NaiveDateTime>, Option<String>, Option<String>, bool);

/// Its usual carrier, its parent, who works on it, whether it comes first.
type Worked = (Option<CarrierId>, Option<PickingId>, Option<UserId>, bool);

/// The delivery that takes what came back: the open one of the order, else a new one like the one taken back.
pub fn reopen(conn: &mut Conn, picking: PickingId, order: OrderId, now: NaiveDateTime) -> Result<PickingId, DbError> {
    if let Some(open) = stock::open_picking(conn, order)? {
        return Ok(open);
    }
    let held: Held = each!(&mut *conn, |c| pickings::table
        .find(picking)
        .select((
            pickings::company_id,
            pickings::account_id,
            pickings::source_id,
            pickings::destination_id,
            pickings::ship_by,
            pickings::carrier,
            pickings::tracking,
            pickings::has_gift,
        ))
        .first(c))?;
    let (company, account, source, destination, ship_by, carrier, tracking, has_gift) = held;
    let new = (
        pickings::company_id.eq(company),
        pickings::account_id.eq(account),
        pickings::order_id.eq(order),
        pickings::state.eq(PickingState::Confirmed),
        pickings::source_id.eq(source),
        pickings::destination_id.eq(destination),
        pickings::ship_by.eq(ship_by),
        pickings::carrier.eq(carrier),
        pickings::tracking.eq(tracking),
        pickings::amazon_sync.eq(AmazonSync::ToSend),
        pickings::is_held.eq(false),
        pickings::has_gift.eq(has_gift),
        pickings::created_at.eq(now),
    );
    let id: PickingId =
        each!(&mut *conn, |c| diesel::insert_into(pickings::table).values(new).returning(pickings::id).get_result(c))?;
    let worked: Worked = each!(&mut *conn, |c| pickings::table
        .find(picking)
        .select((pickings::carrier_id, pickings::backorder_of_id, pickings::assigned_to_id, pickings::is_starred))
        .first(c))?;
    let values = (
        pickings::carrier_id.eq(worked.0),
        pickings::backorder_of_id.eq(worked.1),
        pickings::assigned_to_id.eq(worked.2),
        pickings::is_starred.eq(worked.3),
    );
    each!(conn, |c| diesel::update(pickings::table.find(id)).set(values).execute(c))?;
    Ok(id)
}

/// What came back is to leave again with an open delivery: added to its move of the same line and product, or a new one.
///
/// What is inside a kit is not asked for by itself: it leaves with the kit.
pub fn demand(conn: &mut Conn, picking: PickingId, left: &[DoneMove], now: NaiveDateTime) -> Result<(), DbError> {
    for one in left.iter().filter(|one| one.order_line_id.is_some()) {
        let open: Option<MoveId> = each!(&mut *conn, |c| moves::table
            .filter(moves::picking_id.eq(picking))
            .filter(moves::order_line_id.eq(one.order_line_id))
            .filter(moves::product_id.eq(one.product_id))
            .filter(moves::state.eq_any(OPEN))
            .order(moves::id)
            .select(moves::id)
            .first(c)
            .optional())?;
        if let Some(open) = open {
            let more = (moves::quantity.eq(moves::quantity + one.quantity), moves::state.eq(PickingState::Confirmed));
            each!(&mut *conn, |c| diesel::update(moves::table.find(open)).set(more).execute(c))?;
        } else {
            stock::insert_moves(conn, &[one.row(picking, PickingState::Confirmed, now)])?;
        }
    }
    let target = pickings::table.find(picking).filter(pickings::state.eq_any(OPEN));
    let changed = pickings::version.eq(pickings::version + 1);
    exactly_one(each!(conn, |c| diesel::update(target).set(changed).execute(c))?)
}

/// Units of order lines did not leave after all; the order is open again.
pub fn undeliver(conn: &mut Conn, order: OrderId, units: &[(OrderLineId, i64)]) -> Result<(), DbError> {
    for (line, units) in units {
        let less = order_lines::delivered.eq(order_lines::delivered - units);
        exactly_one(each!(&mut *conn, |c| diesel::update(order_lines::table.find(*line)).set(less).execute(c))?)?;
    }
    let lines: Vec<(i64, i64)> = each!(&mut *conn, |c| order_lines::table
        .filter(order_lines::order_id.eq(order))
        .filter(order_lines::kind.eq(LineKind::Item))
        .select((order_lines::quantity, order_lines::delivered))
        .load(c))?;
    let (ordered, delivered) = lines.iter().fold((0, 0), |sum, line| (sum.0 + line.0, sum.1 + line.1));
    let delivery = Delivery::of(ordered, delivered);
    let target = orders::table.find(order);
    each!(&mut *conn, |c| diesel::update(target).set(orders::delivery.eq(delivery)).execute(c))?;
    let locked = target.filter(orders::state.eq(OrderState::Locked));
    each!(conn, |c| diesel::update(locked).set(orders::state.eq(OrderState::Sale)).execute(c))?;
    Ok(())
}
