//! Transfers as they are read: the list and one transfer.

use super::deadlines::{deadline, is_open};
use super::moments::{MaybeMoment, Moment};
use super::paging::{Choice, Page, Span, Window, choose, instant, window, within};
use super::portable::Counted;
use super::schema::{carriers, moves, orders, pickings};
use super::{Conn, DbError};
use crate::domain::ids::{
    AccountId, AmazonOrderId, CarrierId, CompanyId, CustomerId, LocationId, MarketplaceId, OrderId, PickingId, TeamId,
    UserId,
};
use crate::domain::picking::{AmazonSync, PickingKind, PickingState};
use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::{
    ExpressionMethods, NullableExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};

/// Keys per statement.
const KEYS: usize = 500;

/// Which transfers a list holds.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a filter of its own")]
pub struct Filter {
    /// Where they stand.
    pub state: Choice<PickingState>,
    /// Which way they go.
    pub kind: Choice<PickingKind>,
    /// What Amazon knows of them; only what left is known to it.
    pub amazon_sync: Choice<AmazonSync>,
    /// Their account.
    pub account: Choice<AccountId>,
    /// The team of their order.
    pub team: Choice<TeamId>,
    /// The latest moment to ship.
    pub ship_by: Span,
    /// Not gone, and overdue at this instant.
    pub late: Option<NaiveDateTime>,
    /// With a gift.
    pub gift: bool,
    /// Held back.
    pub held: bool,
    /// Of this order only.
    pub order: Option<OrderId>,
    /// Carried by one of these.
    pub carrier: Choice<CarrierId>,
    /// Not gone, and on the hands of this person.
    pub mine: Option<UserId>,
    /// Not gone, and to leave in this span.
    pub due: Option<Span>,
    /// Not gone, and without a tracking reference.
    pub no_tracking: bool,
    /// To be done first.
    pub starred: bool,
    /// What another transfer left behind.
    pub backorder: bool,
    /// Waiting, with some of its goods reserved.
    pub partly: bool,
    /// Bought on one of these.
    pub marketplace: Choice<MarketplaceId>,
    /// One of these only.
    pub found: Option<Vec<PickingId>>,
}

impl Filter {
    /// Whether it keeps none but transfers that are neither gone nor cancelled.
    fn is_of_open(&self) -> bool {
        let is_asked = self.late.is_some() || self.mine.is_some() || self.due.is_some() || self.no_tracking;
        is_asked || (!self.state.any.is_empty() && self.state.any.iter().all(|state| state.is_open()))
    }
}

/// What a list of transfers may be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Their reference.
    Number,
    /// The latest moment to ship.
    ShipBy,
}

/// A transfer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = pickings)]
pub struct PickingRow {
    /// The key.
    pub id: PickingId,
    /// The company.
    pub company_id: CompanyId,
    /// The account.
    pub account_id: AccountId,
    /// The order that it delivers.
    pub order_id: OrderId,
    /// Where it stands.
    pub state: PickingState,
    /// Where the goods come from.
    pub source_id: LocationId,
    /// Where they go.
    pub destination_id: LocationId,
    /// The latest moment to ship.
    #[diesel(deserialize_as = MaybeMoment)]
    pub ship_by: Option<NaiveDateTime>,
    /// Who carries it.
    pub carrier: Option<String>,
    /// The carrier's reference.
    pub tracking: Option<String>,
    /// What Amazon knows of it.
    pub amazon_sync: AmazonSync,
    /// Held back.
    pub is_held: bool,
    /// With a gift.
    pub has_gift: bool,
    /// When it was made.
    #[diesel(deserialize_as = Moment)]
    pub created_at: NaiveDateTime,
    /// When it left.
    #[diesel(deserialize_as = MaybeMoment)]
    pub done_at: Option<NaiveDateTime>,
    /// Which way it goes.
    pub kind: PickingKind,
    /// The carrier, when it is one of ours.
    pub carrier_id: Option<CarrierId>,
    /// The transfer that left without these goods.
    pub backorder_of_id: Option<PickingId>,
    /// The transfer whose goods came back with this one.
    pub return_of_id: Option<PickingId>,
    /// Who works on it.
    pub assigned_to_id: Option<UserId>,
    /// To be done first.
    pub is_starred: bool,
    /// When its papers were printed.
    #[diesel(deserialize_as = MaybeMoment)]
    pub printed_at: Option<NaiveDateTime>,
    /// When the address changed after that.
    #[diesel(deserialize_as = MaybeMoment)]
    pub address_changed_at: Option<NaiveDateTime>,
    /// How often a person or Amazon changed it.
    pub version: i64,
}

/// What a transfer shows of its order.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = orders)]
pub struct SourceOrder {
    /// The order.
    pub id: OrderId,
    /// Amazon's reference.
    pub amazon_order_id: AmazonOrderId,
    /// Where it was bought.
    pub marketplace_id: MarketplaceId,
    /// Who bought.
    pub customer_id: CustomerId,
}

macro_rules! filtered {
    ($company:expr, $filter:expr) => {{
        let filter: &Filter = $filter;
        let mut query =
            pickings::table.inner_join(orders::table).filter(pickings::company_id.eq($company)).into_boxed();
        choose!(query, pickings::state, filter.state);
        choose!(query, pickings::kind, filter.kind);
        choose!(query, pickings::amazon_sync, filter.amazon_sync);
        if !filter.amazon_sync.any.is_empty() {
            query = query.filter(pickings::state.eq(PickingState::Done));
        }
        choose!(query, pickings::account_id, filter.account);
        choose!(query, orders::team_id, filter.team);
        within!(query, deadline(), filter.ship_by);
        if filter.ship_by.from.is_some() && filter.ship_by.to.is_none() {
            query = query.filter(pickings::ship_by.is_not_null());
        }
        if let Some(now) = filter.late {
            query = query.filter(deadline().lt(now));
        }
        if filter.gift {
            query = query.filter(pickings::has_gift);
        }
        if filter.held {
            query = query.filter(pickings::is_held);
        }
        if let Some(order) = filter.order {
            query = query.filter(pickings::order_id.eq(order));
        }
        choose!(query, pickings::carrier_id, filter.carrier);
        if filter.is_of_open() {
            query = query.filter(is_open());
        }
        if let Some(user) = filter.mine {
            query = query.filter(pickings::assigned_to_id.eq(user));
        }
        if let Some(due) = filter.due {
            within!(query, deadline(), due);
        }
        if filter.no_tracking {
            query = query.filter(pickings::tracking.is_null());
        }
        if filter.starred {
            query = query.filter(pickings::is_starred);
        }
        if filter.backorder {
            query = query.filter(pickings::backorder_of_id.is_not_null());
        }
        if filter.partly {
            let reserved =
                moves::table.filter(moves::picking_id.eq(pickings::id.nullable())).filter(moves::reserved.gt(0));
            query = query.filter(pickings::state.eq(PickingState::Confirmed)).filter(exists(reserved));
        }
        choose!(query, orders::marketplace_id, filter.marketplace);
        if let Some(found) = &filter.found {
            query = query.filter(pickings::id.eq_any(found.clone()));
        }
        query
    }};
}

/// One page of transfers with their orders.
pub fn page(
    conn: &mut Conn,
    company: CompanyId,
    filter: &Filter,
    sort: Sort,
    at: &Window,
) -> Result<Page<(PickingRow, SourceOrder)>, DbError> {
    let rows = each!(conn, |c| {
        let mut query = filtered!(company, filter);
        match sort {
            Sort::Number => {
                window!(query, at, pickings::id, pickings::id, std::convert::identity);
            }
            Sort::ShipBy => {
                window!(query, at, deadline(), pickings::id, instant);
            }
        }
        at.limited(query.select((PickingRow::as_select(), SourceOrder::as_select()))).load(c)
    })?;
    let mut page = Page::of(rows, at);
    name_carriers(conn, page.rows.iter_mut().map(|(row, _)| row))?;
    Ok(page)
}

/// Gives a transfer that began with a usual carrier that carrier's name, until somebody names another one.
fn name_carriers<'a>(conn: &mut Conn, rows: impl Iterator<Item = &'a mut PickingRow>) -> Result<(), DbError> {
    let mut unnamed: Vec<&mut PickingRow> =
        rows.filter(|row| row.carrier.is_none() && row.carrier_id.is_some() && row.state.is_open()).collect();
    let mut ids: Vec<CarrierId> = unnamed.iter().filter_map(|row| row.carrier_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(());
    }
    let names: Vec<(CarrierId, String)> = each!(conn, |c| carriers::table
        .filter(carriers::id.eq_any(ids))
        .select((carriers::id, carriers::name))
        .load(c))?;
    for row in &mut unnamed {
        row.carrier = names.iter().find(|(id, _)| Some(*id) == row.carrier_id).map(|(_, name)| name.clone());
    }
    Ok(())
}

/// How many transfers a filter keeps, as far as they are [`Counted`].
pub fn count(conn: &mut Conn, company: CompanyId, filter: &Filter) -> Result<i64, DbError> {
    Ok(each!(conn, |c| {
        let query = filtered!(company, filter).select(pickings::id);
        Counted::of(query).get_result::<i64>(c)
    })?)
}

/// These transfers, those that are the company's, by their keys.
pub fn some(conn: &mut Conn, company: CompanyId, ids: &[PickingId]) -> Result<Vec<PickingRow>, DbError> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(KEYS) {
        found.extend(each!(&mut *conn, |c| pickings::table
            .filter(pickings::company_id.eq(company))
            .filter(pickings::id.eq_any(part))
            .order(pickings::id)
            .select(PickingRow::as_select())
            .load::<PickingRow>(c))?);
    }
    name_carriers(conn, found.iter_mut())?;
    Ok(found)
}

/// The transfer with this key, if it is the company's.
pub fn by_id(conn: &mut Conn, company: CompanyId, id: PickingId) -> Result<Option<(PickingRow, SourceOrder)>, DbError> {
    let mut found: Option<(PickingRow, SourceOrder)> = each!(&mut *conn, |c| {
        pickings::table
            .inner_join(orders::table)
            .filter(pickings::id.eq(id))
            .filter(pickings::company_id.eq(company))
            .select((PickingRow::as_select(), SourceOrder::as_select()))
            .first(c)
            .optional()
    })?;
    name_carriers(conn, found.iter_mut().map(|(row, _)| row))?;
    Ok(found)
}
