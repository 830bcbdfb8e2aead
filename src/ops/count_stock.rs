//! What is on hand of products, and how many kits can be put together from it: asked, never stored.

use crate::db::products::{self, ProductRow};
use crate::db::stock::{self, Place};
use crate::db::{Conn, DbError, product_kits, quants};
use crate::domain::ids::{CompanyId, ProductId};
use crate::domain::kit;
use crate::domain::product::ProductType;
use std::collections::{BTreeMap, HashMap};

/// The stock of one product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// The quantity in each of our places where there is or was any.
    pub places: Vec<(Place, i64)>,
    /// All of it.
    pub on_hand: i64,
    /// What of it is in Amazon's warehouses.
    pub at_amazon: i64,
    /// What of the own warehouse's no transfer waits for.
    pub free: i64,
}

/// What can be said about the quantity of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Its stock is counted.
    Counted(Stock),
    /// So many kits can be put together; none when no component limits them.
    Kits(Option<i64>),
    /// Nothing is counted.
    Uncounted,
}

/// The quantities of some products.
pub fn run(conn: &mut Conn, company: CompanyId, rows: &[ProductRow]) -> Result<HashMap<ProductId, Quantity>, DbError> {
    let is_kit = |row: &&ProductRow| row.product_type == ProductType::Kit;
    let mut needs = BTreeMap::new();
    if rows.iter().any(|row| is_kit(&row)) {
        let recipes = product_kits::recipes(conn, company)?;
        let of_kit = |row: &ProductRow| Some((row.id, kit::needs(row.id, &recipes)?));
        needs.extend(rows.iter().filter(is_kit).filter_map(of_kit));
    }
    let mut parts: Vec<ProductId> = needs.values().flat_map(BTreeMap::keys).copied().collect();
    parts.sort_unstable();
    parts.dedup();
    let parts = if parts.is_empty() { Vec::new() } else { products::some(conn, company, &parts)? };
    let is_counted = |row: &&ProductRow| row.product_type == ProductType::Goods;
    let counted: Vec<ProductId> = rows.iter().chain(&parts).filter(is_counted).map(|row| row.id).collect();
    let places = stock::places(conn, company)?;
    let held = stock::on_hand(conn, &counted)?;
    let shelves = quants::of(conn, &counted.iter().copied().collect())?;
    let of = |id: ProductId| {
        let own = places.iter().filter(|place| !place.is_amazon);
        let free = own.filter_map(|place| shelves.get(&(id, place.id))).map(|shelf| shelf.free()).sum();
        Stock { free, ..of_places(&places, held.get(&id)) }
    };
    let on_hand: BTreeMap<ProductId, i64> = counted.iter().map(|id| (*id, of(*id).on_hand)).collect();
    let quantity = |row: &ProductRow| match row.product_type {
        ProductType::Goods => Quantity::Counted(of(row.id)),
        ProductType::Kit => Quantity::Kits(needs.get(&row.id).and_then(|needs| kit::available(needs, &on_hand))),
        ProductType::Untracked | ProductType::Service => Quantity::Uncounted,
    };
    Ok(rows.iter().map(|row| (row.id, quantity(row))).collect())
}

fn of_places(places: &[Place], held: Option<&BTreeMap<crate::domain::ids::LocationId, i64>>) -> Stock {
    let mut stock = Stock::default();
    for place in places {
        let Some(quantity) = held.and_then(|held| held.get(&place.id)).copied() else { continue };
        stock.on_hand += quantity;
        if place.is_amazon {
            stock.at_amazon += quantity;
        }
        stock.places.push((place.clone(), quantity));
    }
    stock
}
