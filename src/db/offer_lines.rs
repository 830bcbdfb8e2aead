//! The order lines of an offer, and the moves of these lines: what was sold under a SKU, and with which product.
//!
//! Lines of cancelled orders are history and are never among them. Done moves are read and never changed.

use super::import::stock::{MoveRow, OPEN};
use super::portable::Counted;
use super::schema::{moves, order_lines, orders, pickings};
use super::{Conn, DbError};
use crate::domain::booked_moves::Booked;
use crate::domain::ids::{AccountId, Asin, CompanyId, LocationId, MarketplaceId, OrderId, OrderLineId, ProductId, Sku};
use crate::domain::order::{LineKind, OrderState};
use crate::domain::picking::{MoveOrigin, PickingState};
use chrono::NaiveDateTime;
use diesel::{BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl};
use std::collections::HashMap;

/// What is sold: a SKU on a marketplace of an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sold {
    /// The account.
    pub account: AccountId,
    /// Where.
    pub marketplace: MarketplaceId,
    /// The code.
    pub sku: Sku,
}

/// Which lines of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Those that wait for a product: they have the default one.
    Waiting,
    /// All that have another product than this one, the default one included.
    Unlike(Option<ProductId>),
}

/// Lines per statement: a statement may hold some ten thousand values, and readers wait behind a long one.
const PART: usize = 500;

macro_rules! lines_of {
    ($sold:expr, $lines:expr) => {{
        let sold: &Sold = $sold;
        let mut query = order_lines::table
            .inner_join(orders::table)
            .filter(order_lines::sku.eq(sold.sku.clone()))
            .filter(order_lines::kind.eq(LineKind::Item))
            .filter(orders::account_id.eq(sold.account))
            .filter(orders::marketplace_id.eq(sold.marketplace.clone()))
            .filter(orders::state.ne(OrderState::Cancelled))
            .into_boxed();
        match $lines {
            // Spelled out, because only then the index of waiting lines is used.
            Lines::Waiting => query = query.filter(order_lines::is_default_product),
            Lines::Unlike(Some(product)) => {
                query = query.filter(order_lines::product_id.ne(product).or(order_lines::is_default_product));
            }
            Lines::Unlike(None) => {}
        }
        query
    }};
}

/// How many lines these are, as far as they are [`Counted`].
pub fn count(conn: &mut Conn, sold: &Sold, lines: Lines) -> Result<i64, DbError> {
    Ok(each!(conn, |c| {
        let query = lines_of!(sold, lines).select(order_lines::id);
        Counted::of(query).get_result::<i64>(c)
    })?)
}

/// How many of these lines were in orders placed since `since`, as far as they are [`Counted`].
pub fn count_since(conn: &mut Conn, sold: &Sold, since: NaiveDateTime) -> Result<i64, DbError> {
    Ok(each!(conn, |c| {
        let query = lines_of!(sold, Lines::Unlike(None)).filter(orders::ordered_at.ge(since));
        Counted::of(query.select(order_lines::id)).get_result::<i64>(c)
    })?)
}

/// These lines with their orders, in the order of the orders.
pub fn all(conn: &mut Conn, sold: &Sold, lines: Lines) -> Result<Vec<(OrderLineId, OrderId)>, DbError> {
    Ok(each!(conn, |c| lines_of!(sold, lines)
        // In this order the index of waiting lines is read as it lies.
        .order((order_lines::order_id, order_lines::id))
        .select((order_lines::id, order_lines::order_id))
        .load(c))?)
}

/// What Amazon called the SKU last, and its catalogue number.
pub fn newest(conn: &mut Conn, sold: &Sold) -> Result<Option<(String, Option<Asin>)>, DbError> {
    Ok(each!(conn, |c| lines_of!(sold, Lines::Unlike(None))
        .order(order_lines::id.desc())
        .select((order_lines::title, order_lines::asin))
        .first(c)
        .optional())?)
}

/// What waits for a product in a company, each once.
pub fn waiting(conn: &mut Conn, company: CompanyId) -> Result<Vec<Sold>, DbError> {
    // The company is compared here: in the statement it would lead SQLite to read all orders instead of the few lines.
    let rows: Vec<(AccountId, MarketplaceId, Option<Sku>, CompanyId)> = each!(conn, |c| order_lines::table
        .inner_join(orders::table)
        .filter(order_lines::is_default_product)
        .filter(order_lines::sku.is_not_null())
        .filter(order_lines::kind.eq(LineKind::Item))
        .filter(orders::state.ne(OrderState::Cancelled))
        .select((orders::account_id, orders::marketplace_id, order_lines::sku, orders::company_id))
        .distinct()
        .load(c))?;
    let own = rows.into_iter().filter(|(.., owner)| *owner == company);
    Ok(own.filter_map(|(account, marketplace, sku, _)| Some(Sold { account, marketplace, sku: sku? })).collect())
}

/// Gives lines and their moves that are not done another product.
pub fn set_product(conn: &mut Conn, lines: &[(OrderLineId, OrderId)], product: ProductId) -> Result<(), DbError> {
    for part in lines.chunks(PART) {
        let (ids, of): (Vec<OrderLineId>, Vec<OrderId>) = part.iter().copied().unzip();
        let wanted = order_lines::table.filter(order_lines::id.eq_any(&ids));
        let change = (order_lines::product_id.eq(product), order_lines::is_default_product.eq(false));
        each!(&mut *conn, |c| diesel::update(wanted).set(change).execute(c))?;
        let open = moves::table
            .filter(moves::order_id.eq_any(&of))
            .filter(moves::order_line_id.eq_any(&ids))
            .filter(moves::state.eq_any(OPEN));
        // What was counted into the parcel was counted as another product, and a form that shows it is not taken.
        let change = (moves::product_id.eq(product), moves::picked.eq(0));
        each!(&mut *conn, |c| diesel::update(open).set(change).execute(c))?;
        let waiting = pickings::table.filter(pickings::order_id.eq_any(&of)).filter(pickings::state.eq_any(OPEN));
        let seen = pickings::version.eq(pickings::version + 1);
        each!(&mut *conn, |c| diesel::update(waiting).set(seen).execute(c))?;
    }
    Ok(())
}

/// A done move of a line.
#[derive(Clone, Debug, Queryable)]
struct DoneMove {
    company_id: CompanyId,
    account_id: Option<AccountId>,
    marketplace_id: Option<MarketplaceId>,
    order_id: Option<OrderId>,
    order_line_id: Option<OrderLineId>,
    product_id: ProductId,
    quantity: i64,
    source_id: LocationId,
    destination_id: LocationId,
    origin: MoveOrigin,
}

impl DoneMove {
    fn booked(&self) -> Option<Booked> {
        Some(Booked {
            line: self.order_line_id?,
            product: self.product_id,
            source: self.source_id,
            destination: self.destination_id,
            quantity: self.quantity,
        })
    }
}

/// Has the moves booked that `correct` answers for the done moves of these lines, and counts the corrected lines.
///
/// They belong to the same orders and lines, to no transfer, and are done at `now`: what was known before stays as it was
/// known.
pub fn correct_done(
    conn: &mut Conn,
    lines: &[(OrderLineId, OrderId)],
    now: NaiveDateTime,
    correct: impl Fn(&[Booked]) -> Vec<Booked>,
    book: impl Fn(&mut Conn, &[MoveRow<'_>]) -> Result<(), DbError>,
) -> Result<usize, DbError> {
    let mut corrected = 0;
    for part in lines.chunks(PART) {
        let (ids, of): (Vec<OrderLineId>, Vec<OrderId>) = part.iter().copied().unzip();
        let done: Vec<DoneMove> = each!(&mut *conn, |c| moves::table
            .filter(moves::order_id.eq_any(&of))
            .filter(moves::order_line_id.eq_any(&ids))
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
                moves::origin,
            ))
            .load(c))?;
        let booked: Vec<Booked> = done.iter().filter_map(DoneMove::booked).collect();
        // The first move of a line is how it left; a later one may be how some of it came back.
        let by_line: HashMap<OrderLineId, &DoneMove> =
            done.iter().rev().filter_map(|one| Some((one.order_line_id?, one))).collect();
        let made = correct(&booked);
        let rows: Vec<MoveRow<'_>> =
            made.iter().filter_map(|one| Some(row(by_line.get(&one.line)?, one, now))).collect();
        book(conn, &rows)?;
        let mut touched: Vec<OrderLineId> = made.iter().map(|one| one.line).collect();
        touched.dedup();
        corrected += touched.len();
    }
    Ok(corrected)
}

fn row<'a>(first: &'a DoneMove, made: &Booked, now: NaiveDateTime) -> MoveRow<'a> {
    MoveRow {
        company_id: first.company_id,
        account_id: first.account_id,
        marketplace_id: first.marketplace_id.as_ref(),
        order_id: first.order_id,
        order_line_id: first.order_line_id,
        picking_id: None,
        product_id: made.product,
        kit_id: None,
        quantity: made.quantity,
        source_id: made.source,
        destination_id: made.destination,
        origin: first.origin,
        state: PickingState::Done,
        moved_at: now,
    }
}
