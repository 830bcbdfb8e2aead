//! What is on hand: a sum of done moves into and out of the company's own locations, never a figure of its own.

use super::locations::of_amazon;
use super::schema::{locations, moves};
use super::{Conn, DbError};
use crate::domain::ids::{CompanyId, LocationId, ProductId};
use crate::domain::picking::PickingState;
use diesel::dsl::{exists, sql};
use diesel::sql_types::BigInt;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::{BTreeMap, HashMap};

/// A location of the company's own stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The key.
    pub id: LocationId,
    /// The name.
    pub name: String,
    /// Whether it stands for stock in Amazon's warehouses.
    pub is_amazon: bool,
}

/// The locations whose stock is the company's.
pub fn places(conn: &mut Conn, company: CompanyId) -> Result<Vec<Place>, DbError> {
    let rows: Vec<(LocationId, String)> = each!(&mut *conn, |c| locations::table
        .filter(locations::company_id.eq(company))
        .filter(locations::kind.eq("internal"))
        .order(locations::id)
        .select((locations::id, locations::name))
        .load(c))?;
    let of_accounts = of_amazon(conn, company)?;
    let place = |(id, name)| Place { id, name, is_amazon: of_accounts.contains(&id) };
    Ok(rows.into_iter().map(place).collect())
}

/// The quantity of each product in each location that it was moved into or out of; lost and sold goods as well.
pub fn on_hand(
    conn: &mut Conn,
    products: &[ProductId],
) -> Result<HashMap<ProductId, BTreeMap<LocationId, i64>>, DbError> {
    let sum = || sql::<BigInt>("CAST(SUM(moves.quantity) AS BIGINT)");
    let done =
        || moves::table.filter(moves::product_id.eq_any(products.to_vec())).filter(moves::state.eq(PickingState::Done));
    let entered: Vec<(ProductId, LocationId, i64)> = each!(&mut *conn, |c| done()
        .group_by((moves::product_id, moves::destination_id))
        .select((moves::product_id, moves::destination_id, sum()))
        .load(c))?;
    let left: Vec<(ProductId, LocationId, i64)> = each!(conn, |c| done()
        .group_by((moves::product_id, moves::source_id))
        .select((moves::product_id, moves::source_id, sum()))
        .load(c))?;
    let mut held: HashMap<ProductId, BTreeMap<LocationId, i64>> = HashMap::new();
    let left = left.into_iter().map(|(product, location, quantity)| (product, location, -quantity));
    for (product, location, quantity) in entered.into_iter().chain(left) {
        *held.entry(product).or_default().entry(location).or_insert(0) += quantity;
    }
    Ok(held)
}

/// Whether a product was ever moved, or is about to be.
pub fn has_moves(conn: &mut Conn, product: ProductId) -> Result<bool, DbError> {
    let of_product = moves::table.filter(moves::product_id.eq(product));
    Ok(each!(conn, |c| diesel::select(exists(of_product)).get_result(c))?)
}
