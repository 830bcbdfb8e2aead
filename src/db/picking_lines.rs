//! The lines of transfers: what is to leave, what was counted into the parcel, and what becomes of it.

use super::import::stock::{MoveRow, OPEN};
use super::schema::{moves, order_lines, products};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{
    AccountId, CompanyId, LocationId, MarketplaceId, MoveId, OrderId, OrderLineId, PickingId, ProductId,
};
use crate::domain::kit::{self, Recipes};
use crate::domain::picking::{MoveOrigin, PickingState};
use chrono::NaiveDateTime;
use diesel::{
    BoolExpressionMethods as _, ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};
use std::collections::HashMap;

/// A line of a transfer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = moves)]
pub struct LineRow {
    /// The move.
    pub id: MoveId,
    /// The company.
    pub company_id: CompanyId,
    /// The account.
    pub account_id: Option<AccountId>,
    /// Where the goods were sold.
    pub marketplace_id: Option<MarketplaceId>,
    /// The order.
    pub order_id: Option<OrderId>,
    /// The line of the order; none for what is inside a kit.
    pub order_line_id: Option<OrderLineId>,
    /// The transfer.
    pub picking_id: Option<PickingId>,
    /// What moves.
    pub product_id: ProductId,
    /// The kit inside which it moves; none for goods of their own.
    pub kit_id: Option<ProductId>,
    /// How many units.
    pub quantity: i64,
    /// From where.
    pub source_id: LocationId,
    /// To where.
    pub destination_id: LocationId,
    /// What made it.
    pub origin: MoveOrigin,
    /// Where it stands.
    pub state: PickingState,
    /// How many units are reserved.
    pub reserved: i64,
    /// How many units were counted into the parcel.
    pub picked: i64,
    /// When it was written, was done or was given up.
    pub moved_at: NaiveDateTime,
}

/// A line with what a person calls it.
#[derive(Clone, Debug, Queryable)]
pub struct NamedLine {
    /// The line.
    pub row: LineRow,
    /// The product.
    pub name: String,
    /// Its reference.
    pub reference: String,
    /// What scanners read.
    pub barcode: Option<String>,
}

impl LineRow {
    /// A line like this one for other units, in another transfer or none.
    pub fn like(
        &self,
        picking_id: Option<PickingId>,
        quantity: i64,
        state: PickingState,
        at: NaiveDateTime,
    ) -> MoveRow<'_> {
        MoveRow {
            company_id: self.company_id,
            account_id: self.account_id,
            marketplace_id: self.marketplace_id.as_ref(),
            order_id: self.order_id,
            order_line_id: self.order_line_id,
            picking_id,
            product_id: self.product_id,
            kit_id: self.kit_id,
            quantity,
            source_id: self.source_id,
            destination_id: self.destination_id,
            origin: self.origin,
            state,
            moved_at: at,
        }
    }
}

/// Keys per statement.
const PART: usize = 500;

macro_rules! of_pickings {
    ($part:expr) => {{
        let ids: Vec<Option<PickingId>> = $part.iter().copied().map(Some).collect();
        moves::table.inner_join(products::table).filter(moves::picking_id.eq_any(ids))
    }};
}

/// The lines of transfers that are not done and not cancelled, in their order.
pub fn open(conn: &mut Conn, pickings: &[PickingId]) -> Result<Vec<NamedLine>, DbError> {
    let mut found = Vec::new();
    for part in pickings.chunks(PART) {
        found.extend(each!(&mut *conn, |c| of_pickings!(part)
            .filter(moves::state.eq_any(OPEN))
            .order(moves::id)
            .select((LineRow::as_select(), products::name, products::reference, products::barcode))
            .load::<NamedLine>(c))?);
    }
    Ok(found)
}

/// All lines of transfers, in their order.
pub fn all(conn: &mut Conn, pickings: &[PickingId]) -> Result<Vec<NamedLine>, DbError> {
    let mut found = Vec::new();
    for part in pickings.chunks(PART) {
        found.extend(each!(&mut *conn, |c| of_pickings!(part)
            .order(moves::id)
            .select((LineRow::as_select(), products::name, products::reference, products::barcode))
            .load::<NamedLine>(c))?);
    }
    Ok(found)
}

/// What left inside one unit of each kit with a delivery of an order, or by a correction of what left; a kit of which that
/// is not known is missing.
pub fn left_inside(
    conn: &mut Conn,
    order: OrderId,
    delivery: PickingId,
    destination: LocationId,
) -> Result<Recipes, DbError> {
    let left: Vec<(Option<ProductId>, ProductId, i64)> = each!(conn, |c| moves::table
        .filter(moves::order_id.eq(order))
        .filter(moves::picking_id.eq(delivery).or(moves::picking_id.is_null()))
        .filter(moves::destination_id.eq(destination))
        .filter(moves::state.eq(PickingState::Done))
        .order(moves::id)
        .select((moves::kit_id, moves::product_id, moves::quantity))
        .load(c))?;
    Ok(kit::recipes_of(&left))
}

/// Gives lines the products that their order lines have by now: what was booked wrongly and corrected really left as them.
pub fn correct_products(conn: &mut Conn, lines: &mut [NamedLine]) -> Result<(), DbError> {
    let ids: Vec<OrderLineId> = lines.iter().filter_map(|line| line.row.order_line_id).collect();
    let mut known: HashMap<OrderLineId, (ProductId, String, String, Option<String>)> = HashMap::new();
    for part in ids.chunks(PART) {
        let rows: Vec<(OrderLineId, ProductId, String, String, Option<String>)> =
            each!(&mut *conn, |c| order_lines::table
                .inner_join(products::table)
                .filter(order_lines::id.eq_any(part))
                .select((order_lines::id, products::id, products::name, products::reference, products::barcode))
                .load(c))?;
        known.extend(rows.into_iter().map(|(line, id, name, reference, code)| (line, (id, name, reference, code))));
    }
    for line in lines {
        let Some((product, name, reference, barcode)) = line.row.order_line_id.and_then(|id| known.get(&id)) else {
            continue;
        };
        line.row.product_id = *product;
        (line.name, line.reference, line.barcode) = (name.clone(), reference.clone(), barcode.clone());
    }
    Ok(())
}

/// These lines are done whole.
pub fn finish(conn: &mut Conn, ids: &[MoveId], now: NaiveDateTime) -> Result<(), DbError> {
    for part in ids.chunks(PART) {
        let target = moves::table.filter(moves::id.eq_any(part)).filter(moves::state.eq_any(OPEN));
        let done = (
            moves::state.eq(PickingState::Done),
            moves::picked.eq(moves::quantity),
            moves::reserved.eq(0),
            moves::moved_at.eq(now),
        );
        let changed = each!(&mut *conn, |c| diesel::update(target).set(done).execute(c))?;
        if changed != part.len() {
            return Err(DbError::Query(diesel::result::Error::NotFound));
        }
    }
    Ok(())
}

/// Some units of a line are done; the others are the caller's to write.
pub fn finish_part(conn: &mut Conn, id: MoveId, units: i64, now: NaiveDateTime) -> Result<(), DbError> {
    let target = moves::table.find(id).filter(moves::state.eq_any(OPEN)).filter(moves::quantity.gt(units));
    let done = (
        moves::state.eq(PickingState::Done),
        moves::quantity.eq(units),
        moves::picked.eq(units),
        moves::reserved.eq(0),
        moves::moved_at.eq(now),
    );
    exactly_one(each!(conn, |c| diesel::update(target).set(done).execute(c))?)
}

/// A line goes to another transfer whole, with nothing reserved and nothing counted.
pub fn carry_over(conn: &mut Conn, id: MoveId, to: PickingId, state: PickingState) -> Result<(), DbError> {
    let target = moves::table.find(id).filter(moves::state.eq_any(OPEN));
    let carried = (moves::picking_id.eq(to), moves::reserved.eq(0), moves::picked.eq(0), moves::state.eq(state));
    exactly_one(each!(conn, |c| diesel::update(target).set(carried).execute(c))?)
}

/// These lines will not be done; they carry the moment at which that was decided.
pub fn cancel(conn: &mut Conn, ids: &[MoveId], now: NaiveDateTime) -> Result<(), DbError> {
    for part in ids.chunks(PART) {
        let target = moves::table.filter(moves::id.eq_any(part)).filter(moves::state.eq_any(OPEN));
        let cancelled = (moves::state.eq(PickingState::Cancelled), moves::reserved.eq(0), moves::moved_at.eq(now));
        each!(&mut *conn, |c| diesel::update(target).set(cancelled).execute(c))?;
    }
    Ok(())
}

/// Stores how many units of a line were counted into the parcel.
pub fn set_picked(conn: &mut Conn, id: MoveId, units: i64) -> Result<(), DbError> {
    let target = moves::table.find(id).filter(moves::state.eq_any(OPEN)).filter(moves::quantity.ge(units));
    exactly_one(each!(conn, |c| diesel::update(target).set(moves::picked.eq(units)).execute(c))?)
}

/// Counts units into the parcel, or out of it; answers how many are in it then, nothing when there is no room for them.
pub fn count(conn: &mut Conn, id: MoveId, units: i64) -> Result<Option<i64>, DbError> {
    let after = || moves::picked + units;
    let target = moves::table
        .find(id)
        .filter(moves::state.eq_any(OPEN))
        .filter(after().ge(0))
        .filter(after().le(moves::quantity));
    Ok(each!(conn, |c| diesel::update(target)
        .set(moves::picked.eq(after()))
        .returning(moves::picked)
        .get_result(c)
        .optional())?)
}

/// How many units each of these transfers moves; what is cancelled and what is inside kits does not count.
pub fn units(conn: &mut Conn, pickings: &[PickingId]) -> Result<HashMap<PickingId, i64>, DbError> {
    let mut units: HashMap<PickingId, i64> = HashMap::new();
    for part in pickings.chunks(PART) {
        let lines: Vec<(Option<PickingId>, i64)> = each!(&mut *conn, |c| moves::table
            .filter(moves::picking_id.eq_any(part))
            .filter(moves::state.ne(PickingState::Cancelled))
            .filter(moves::order_line_id.is_not_null())
            .select((moves::picking_id, moves::quantity))
            .load(c))?;
        for (picking, quantity) in lines {
            if let Some(picking) = picking {
                *units.entry(picking).or_default() += quantity;
            }
        }
    }
    Ok(units)
}
