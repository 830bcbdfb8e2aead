//! Moves as they are read: what went from where to where, and why.

use super::paging::{Choice, Page, Span, Window, choose, instant, window, within};
use super::portable::Counted;
use super::schema::{moves, orders, products};
use super::{Conn, DbError};
use crate::domain::ids::{
    AccountId, AmazonOrderId, CompanyId, LocationId, MarketplaceId, MoveId, OrderId, PickingId, ProductId,
};
use crate::domain::picking::{MoveOrigin, PickingState};
use chrono::NaiveDateTime;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};

/// Which moves a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// From or to one of these locations.
    pub location: Option<Vec<LocationId>>,
    /// From one of these.
    pub from: Choice<LocationId>,
    /// To one of these.
    pub to: Choice<LocationId>,
    /// What made them.
    pub source: Choice<MoveOrigin>,
    /// Where they stand.
    pub state: Choice<PickingState>,
    /// Their account.
    pub account: Choice<AccountId>,
    /// Where the goods were sold.
    pub marketplace: Choice<MarketplaceId>,
    /// What moved.
    pub product: Choice<ProductId>,
    /// When.
    pub moved: Span,
    /// Of this order only.
    pub order: Option<OrderId>,
    /// Of this transfer only.
    pub picking: Option<PickingId>,
}

/// A move.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = moves)]
pub struct MoveRow {
    /// The key.
    pub id: MoveId,
    /// The account.
    pub account_id: Option<AccountId>,
    /// Where the goods were sold.
    pub marketplace_id: Option<MarketplaceId>,
    /// The order.
    pub order_id: Option<OrderId>,
    /// The transfer.
    pub picking_id: Option<PickingId>,
    /// How many units.
    pub quantity: i64,
    /// Where they come from.
    pub source_id: LocationId,
    /// Where they go.
    pub destination_id: LocationId,
    /// What made it.
    pub origin: MoveOrigin,
    /// Where it stands.
    pub state: PickingState,
    /// When.
    pub moved_at: NaiveDateTime,
}

/// A move with the names that a list shows.
#[derive(Clone, Debug, Queryable)]
pub struct NamedMove {
    /// The move.
    pub row: MoveRow,
    /// What moved.
    pub product: String,
    /// The product's reference.
    pub reference: String,
    /// Amazon's reference of the order.
    pub amazon_order_id: Option<AmazonOrderId>,
}

macro_rules! filtered {
    ($company:expr, $filter:expr) => {{
        let filter: &Filter = $filter;
        let mut query = moves::table
            .inner_join(products::table)
            .left_join(orders::table)
            .filter(moves::company_id.eq($company))
            .into_boxed();
        if let Some(locations) = &filter.location {
            query = query
                .filter(moves::source_id.eq_any(locations.clone()).or(moves::destination_id.eq_any(locations.clone())));
        }
        choose!(query, moves::source_id, filter.from);
        choose!(query, moves::destination_id, filter.to);
        choose!(query, moves::origin, filter.source);
        choose!(query, moves::state, filter.state);
        choose!(query, moves::account_id, filter.account);
        choose!(query, moves::marketplace_id, filter.marketplace);
        choose!(query, moves::product_id, filter.product);
        within!(query, moves::moved_at, filter.moved);
        if let Some(order) = filter.order {
            query = query.filter(moves::order_id.eq(order));
        }
        if let Some(picking) = filter.picking {
            query = query.filter(moves::picking_id.eq(picking));
        }
        query
    }};
}

/// One page of moves.
pub fn page(conn: &mut Conn, company: CompanyId, filter: &Filter, at: &Window) -> Result<Page<NamedMove>, DbError> {
    let rows = each!(conn, |c| {
        let mut query = filtered!(company, filter);
        window!(query, at, moves::moved_at, moves::id, instant);
        at.limited(query.select((
            MoveRow::as_select(),
            products::name,
            products::reference,
            orders::amazon_order_id.nullable(),
        )))
        .load::<NamedMove>(c)
    })?;
    Ok(Page::of(rows, at))
}

/// How many moves a filter keeps, as far as they are [`Counted`].
pub fn count(conn: &mut Conn, company: CompanyId, filter: &Filter) -> Result<i64, DbError> {
    Ok(each!(conn, |c| {
        let query = filtered!(company, filter).select(moves::id);
        Counted::of(query).get_result::<i64>(c)
    })?)
}
