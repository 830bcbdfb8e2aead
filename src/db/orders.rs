//! Sales orders as they are read: the list with its filters, one order with its lines, and the search.

use super::customers::{SealedBuyer, with_words};
use super::moments::{MaybeMoment, Moment};
use super::paging::{Choice, MOST_FOUND, Page, Span, Window, choose, instant, window, within};
use super::portable::{Counted, spelled};
use super::schema::{customers, order_lines, order_taxes, orders, products};
use super::{Conn, DbError};
use crate::domain::ids::{
    AccountId, AddressId, AmazonItemId, AmazonOrderId, Asin, CompanyId, CustomerId, MarketplaceId, OrderId,
    OrderLineId, ProductId, Sku, TeamId,
};
use crate::domain::money::Currency;
use crate::domain::order::{Delivery, LineKind, OrderState};
use crate::domain::remote::{AmazonStatus, Channel};
use crate::domain::tax::amount::Agreement;
use crate::domain::tax::decision::Treatment;
use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::sql_types::{Bool, Timestamp};
use diesel::{
    ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl,
    Selectable, SelectableHelper,
};

/// Named filters that are not fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// To be shipped by the merchant, and overdue at this instant.
    Late(NaiveDateTime),
    /// To be shipped by the merchant between these instants.
    ToShip(NaiveDateTime, NaiveDateTime),
    /// With a line that has the default product.
    Unmatched,
    /// A person must decide.
    Conflict,
    /// A gift.
    Gift,
    /// Sold to a business.
    Business,
    /// A Prime order.
    Prime,
    /// Shipped outside Comptoir.
    Outside,
    /// A person must decide the tax.
    TaxToDecide,
    /// Amazon's tax differs from ours.
    TaxMismatch,
}

/// Which orders a list holds; all conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Their team.
    pub team: Choice<TeamId>,
    /// Their Amazon account.
    pub account: Choice<AccountId>,
    /// Where they were bought.
    pub marketplace: Choice<MarketplaceId>,
    /// Who ships them.
    pub channel: Choice<Channel>,
    /// Where they stand.
    pub state: Choice<OrderState>,
    /// Amazon's status.
    pub amazon_status: Choice<AmazonStatus>,
    /// How much has left.
    pub delivery: Choice<Delivery>,
    /// When they were placed.
    pub ordered: Span,
    /// The latest moment to ship.
    pub ship_by: Span,
    /// Their customer.
    pub customer: Choice<CustomerId>,
    /// Named filters, which must all hold.
    pub named: Vec<Named>,
    /// Only these, found by a search.
    pub only: Option<Vec<OrderId>>,
}

/// What a list of orders may be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// When they were placed.
    Date,
    /// Their number.
    Number,
    /// Their total.
    Total,
    /// The latest moment to ship; orders without one come last.
    ShipBy,
}

/// What lists show of an order: little, because eighty are read for each page.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = orders)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
pub struct OrderHead {
    /// Its key.
    pub id: OrderId,
    /// Amazon's reference.
    pub amazon_order_id: AmazonOrderId,
    /// Where it was bought.
    pub marketplace_id: MarketplaceId,
    /// Who ships it.
    pub channel: Channel,
    /// Where it stands.
    pub state: OrderState,
    /// Amazon's status.
    pub amazon_status: AmazonStatus,
    /// How much has left.
    pub delivery: Delivery,
    /// The currency of its amounts.
    pub currency: Currency,
    /// Amazon's total in minor units.
    pub total_minor: i64,
    /// Its team.
    pub team_id: TeamId,
    /// Who bought.
    pub customer_id: CustomerId,
    /// When it was placed.
    #[diesel(deserialize_as = Moment)]
    pub ordered_at: NaiveDateTime,
    /// The latest moment to ship.
    #[diesel(deserialize_as = MaybeMoment)]
    pub ship_by: Option<NaiveDateTime>,
    /// Sold to a business.
    pub is_business: bool,
    /// A Prime order.
    pub is_prime: bool,
    /// A gift.
    pub is_gift: bool,
    /// Shipped outside Comptoir.
    pub is_shipped_outside: bool,
    /// The buyer asked to cancel.
    pub cancellation_requested: bool,
    /// A person must decide.
    pub needs_decision: bool,
}

/// An order of a list, with what it shows of its customer and of its tax.
#[derive(Clone, Debug, Queryable)]
pub struct Listed {
    /// The order.
    pub head: OrderHead,
    /// Who bought.
    pub buyer: Option<SealedBuyer>,
    /// What stands on the invoice, and how Amazon's tax compares with ours; nothing until that is decided.
    pub tax: Option<(Treatment, Agreement)>,
}

/// The latest moment to ship; the last of all moments when there is none.
pub(super) const DEADLINE: &str = "coalesce(orders.ship_by, '9999-12-31 00:00:00')";

/// An order as its page shows it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = orders)]
pub struct OrderRow {
    /// What lists show of it.
    #[diesel(embed)]
    pub head: OrderHead,
    /// The account that it came through.
    pub account_id: AccountId,
    /// The tax in it.
    pub tax_minor: i64,
    /// Where it goes.
    pub address_id: Option<AddressId>,
    /// The latest moment to deliver.
    pub deliver_by: Option<NaiveDateTime>,
    /// When Amazon last changed it.
    pub amazon_updated_at: NaiveDateTime,
    /// The order that it replaces.
    pub replaces: Option<String>,
    /// The owner of its sealed part.
    pub public_id: String,
    /// The wrapped key of its sealed part.
    pub wrapped_key: Option<Vec<u8>>,
    /// Its sealed part: gift messages.
    pub sealed: Option<Vec<u8>>,
    /// When it came here.
    pub created_at: NaiveDateTime,
}

/// One line of an order.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = order_lines)]
pub struct LineRow {
    /// Its key.
    pub id: OrderLineId,
    /// What it is for.
    pub kind: LineKind,
    /// Amazon's number of the item.
    pub amazon_item_id: Option<AmazonItemId>,
    /// The seller's product code.
    pub sku: Option<Sku>,
    /// Amazon's catalogue number.
    pub asin: Option<Asin>,
    /// What it says.
    pub title: String,
    /// The product.
    pub product_id: Option<ProductId>,
    /// Whether the product is only the default one.
    pub is_default_product: bool,
    /// Units ordered.
    pub quantity: i64,
    /// Units that left.
    pub delivered: i64,
    /// What the buyer paid for it, in minor units.
    pub total_minor: i64,
    /// The tax in it.
    pub tax_minor: i64,
    /// The discount already deducted.
    pub discount_minor: i64,
}

/// Applies a [`Filter`] to orders, or to orders with what belongs to them.
macro_rules! filtered {
    ($orders:expr, $company:expr, $filter:expr) => {{
        let filter: &Filter = $filter;
        let mut query = $orders.filter(orders::company_id.eq($company)).into_boxed();
        choose!(query, orders::team_id, filter.team);
        choose!(query, orders::account_id, filter.account);
        choose!(query, orders::marketplace_id, filter.marketplace);
        choose!(query, orders::channel, filter.channel);
        choose!(query, orders::amazon_status, filter.amazon_status);
        choose!(query, orders::delivery, filter.delivery);
        choose!(query, orders::customer_id, filter.customer);
        if filter.state.any == [OrderState::Sale] && filter.state.none.is_empty() {
            // Spelled out, because only a literal lets SQLite use the index of open orders.
            query = query.filter(spelled::<Bool>("orders.state = 'sale'"));
        } else {
            choose!(query, orders::state, filter.state);
        }
        within!(query, orders::ordered_at, filter.ordered);
        within!(query, orders::ship_by, filter.ship_by);
        for named in &filter.named {
            let to_ship = spelled::<Bool>("orders.state = 'sale' AND orders.channel = 'fbm'");
            query = match *named {
                Named::Late(now) => query.filter(to_ship).filter(orders::ship_by.lt(now)),
                Named::ToShip(from, to) => {
                    query.filter(to_ship).filter(orders::ship_by.ge(from)).filter(orders::ship_by.lt(to))
                }
                Named::Unmatched => query.filter(exists(
                    order_lines::table
                        .filter(order_lines::order_id.eq(orders::id))
                        .filter(order_lines::is_default_product)
                        .filter(order_lines::kind.eq(LineKind::Item)),
                )),
                Named::Conflict => query.filter(spelled::<Bool>("orders.needs_decision")),
                Named::Gift => query.filter(orders::is_gift),
                Named::Business => query.filter(orders::is_business),
                Named::Prime => query.filter(orders::is_prime),
                Named::Outside => query.filter(orders::is_shipped_outside),
                // Few orders are of these: their own partial index is read, not the list of all orders.
                Named::TaxToDecide => query.filter(
                    orders::id.eq_any(
                        order_taxes::table
                            .filter(order_taxes::company_id.eq($company))
                            .filter(spelled::<Bool>("order_taxes.treatment = 'to_decide'"))
                            .select(order_taxes::order_id),
                    ),
                ),
                Named::TaxMismatch => query.filter(
                    orders::id.eq_any(
                        order_taxes::table
                            .filter(order_taxes::company_id.eq($company))
                            .filter(spelled::<Bool>("order_taxes.agreement = 'differs'"))
                            .select(order_taxes::order_id),
                    ),
                ),
            };
        }
        if let Some(only) = &filter.only {
            query = query.filter(orders::id.eq_any(only.clone()));
        }
        query
    }};
}

// The taxes beside the orders of a list, apart from those that a filter looks for.
diesel::alias!(order_taxes as taxes: TaxesAlias);

/// One page of the orders that a filter keeps.
pub fn page(
    conn: &mut Conn,
    company: CompanyId,
    filter: &Filter,
    sort: Sort,
    at: &Window,
) -> Result<Page<Listed>, DbError> {
    let rows = each!(conn, |c| {
        // Joined from the left, so that the orders are read in their own order whatever the planner thinks of customers.
        let of_order = taxes.on(taxes.field(order_taxes::order_id).eq(orders::id));
        let listed = orders::table.left_join(customers::table).left_join(of_order);
        let mut query = filtered!(listed, company, filter);
        match sort {
            Sort::Date => {
                window!(query, at, orders::ordered_at, orders::id, instant);
            }
            Sort::Number => {
                window!(query, at, orders::id, orders::id, std::convert::identity);
            }
            Sort::Total => {
                window!(query, at, orders::total_minor, orders::id, std::convert::identity);
            }
            Sort::ShipBy => {
                window!(query, at, spelled::<Timestamp>(DEADLINE), orders::id, instant);
            }
        }
        let tax = (taxes.field(order_taxes::treatment), taxes.field(order_taxes::agreement)).nullable();
        let shown = (OrderHead::as_select(), Option::<SealedBuyer>::as_select(), tax);
        at.limited(query.select(shown)).load::<Listed>(c)
    })?;
    Ok(Page::of(rows, at))
}

/// How many orders a filter keeps, as far as they are [`Counted`].
pub fn count(conn: &mut Conn, company: CompanyId, filter: &Filter) -> Result<i64, DbError> {
    Ok(each!(conn, |c| {
        let query = filtered!(orders::table, company, filter).select(orders::id);
        Counted::of(query).get_result::<i64>(c)
    })?)
}

/// The order with this key, if it is the company's.
pub fn by_id(conn: &mut Conn, company: CompanyId, id: OrderId) -> Result<Option<OrderRow>, DbError> {
    Ok(each!(conn, |c| {
        orders::table.find(id).filter(orders::company_id.eq(company)).select(OrderRow::as_select()).first(c).optional()
    })?)
}

/// The newest order that Amazon calls `amazon_id`, through whichever account it came.
pub fn by_amazon_id(
    conn: &mut Conn,
    company: CompanyId,
    amazon_id: &AmazonOrderId,
) -> Result<Option<OrderId>, DbError> {
    Ok(each!(conn, |c| {
        orders::table
            .filter(orders::amazon_order_id.eq(amazon_id))
            .filter(orders::company_id.eq(company))
            .order(orders::id.desc())
            .select(orders::id)
            .first(c)
            .optional()
    })?)
}

/// Amazon's reference of the newest order of an account that was placed since `since`.
pub fn newest_reference(
    conn: &mut Conn,
    company: CompanyId,
    account: AccountId,
    since: NaiveDateTime,
) -> Result<Option<AmazonOrderId>, DbError> {
    Ok(each!(conn, |c| {
        orders::table
            .filter(orders::company_id.eq(company))
            .filter(orders::account_id.eq(account))
            .filter(orders::ordered_at.ge(since))
            .order((orders::ordered_at.desc(), orders::id.desc()))
            .select(orders::amazon_order_id)
            .first(c)
            .optional()
    })?)
}

/// The lines of an order, in their order, with the names of their products.
pub fn lines(conn: &mut Conn, order: OrderId) -> Result<Vec<(LineRow, Option<String>)>, DbError> {
    Ok(each!(conn, |c| {
        order_lines::table
            .left_join(products::table)
            .filter(order_lines::order_id.eq(order))
            .order(order_lines::position)
            .select((LineRow::as_select(), products::name.nullable()))
            .load(c)
    })?)
}

/// The orders of customers who carry all these words, and those with a line of exactly this product code.
///
/// At most [`MOST_FOUND`] of them, the newest: a search is for finding something, not for counting everything.
pub fn found(conn: &mut Conn, company: CompanyId, words: &[i64], sku: &Sku) -> Result<Vec<OrderId>, DbError> {
    let mut ids = Vec::new();
    if !words.is_empty() {
        let customers = with_words(conn, words)?;
        ids.extend(each!(&mut *conn, |c| {
            orders::table
                .filter(orders::customer_id.eq_any(customers))
                .order(orders::id.desc())
                .limit(MOST_FOUND)
                .select((orders::id, orders::company_id))
                .load::<(OrderId, CompanyId)>(c)
        })?);
    }
    ids.extend(each!(conn, |c| {
        order_lines::table
            .inner_join(orders::table)
            .filter(order_lines::sku.eq(sku))
            .order(order_lines::id.desc())
            .limit(MOST_FOUND)
            .select((orders::id, orders::company_id))
            .load::<(OrderId, CompanyId)>(c)
    })?);
    let mut ids: Vec<OrderId> = ids.into_iter().filter(|(_, owner)| *owner == company).map(|(id, _)| id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}
