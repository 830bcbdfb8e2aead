//! What is on hand at each of the company's own locations and what of it is reserved: kept beside the moves.
//!
//! Whoever writes a done move of counted goods changes these rows in the same transaction.

use super::schema::{locations, products, quants};
use super::{Conn, DbError};
use crate::domain::ids::{CompanyId, LocationId, ProductId};
use crate::domain::kit::Recipes;
use crate::domain::picking::allocation::{Parts, Shelf};
use crate::domain::product::ProductType;
use diesel::upsert::excluded;
use diesel::{ExpressionMethods, QueryDsl, Queryable, RunQueryDsl};
use std::collections::{BTreeMap, BTreeSet};

/// What lies on a shelf.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Queryable)]
pub struct Quant {
    /// The units on hand; below none when more left than was known.
    pub quantity: i64,
    /// The units that wait for transfers.
    pub reserved: i64,
}

impl Quant {
    /// The units that nobody waits for.
    pub const fn free(self) -> i64 {
        self.quantity.saturating_sub(self.reserved)
    }
}

/// Products per statement.
const PART: usize = 500;

/// What lies on the shelves of these products, wherever that is.
pub fn of(conn: &mut Conn, wanted: &BTreeSet<ProductId>) -> Result<BTreeMap<Shelf, Quant>, DbError> {
    let ids: Vec<ProductId> = wanted.iter().copied().collect();
    let mut found = BTreeMap::new();
    for part in ids.chunks(PART) {
        let rows: Vec<(ProductId, LocationId, i64, i64)> = each!(&mut *conn, |c| quants::table
            .filter(quants::product_id.eq_any(part))
            .select((quants::product_id, quants::location_id, quants::quantity, quants::reserved))
            .load(c))?;
        found.extend(
            rows.into_iter()
                .map(|(product, location, quantity, reserved)| ((product, location), Quant { quantity, reserved })),
        );
    }
    Ok(found)
}

/// The counted goods of a company of which something is free.
pub fn with_free(conn: &mut Conn, company: CompanyId) -> Result<Vec<ProductId>, DbError> {
    let mut found: Vec<ProductId> = each!(conn, |c| quants::table
        .inner_join(locations::table)
        .inner_join(products::table)
        .filter(locations::company_id.eq(company))
        .filter(products::product_type.eq(ProductType::Goods))
        .filter(quants::quantity.gt(quants::reserved))
        .order(quants::product_id)
        .select(quants::product_id)
        .load(c))?;
    found.dedup();
    Ok(found)
}

/// The counted goods of a company of which more is reserved than there is.
pub fn overdrawn(conn: &mut Conn, company: CompanyId) -> Result<Vec<Shelf>, DbError> {
    Ok(each!(conn, |c| quants::table
        .inner_join(locations::table)
        .filter(locations::company_id.eq(company))
        .filter(quants::reserved.gt(0))
        .filter(quants::reserved.gt(quants::quantity))
        .select((quants::product_id, quants::location_id))
        .load(c))?)
}

/// What is added to a shelf, or taken from it when below none.
pub type Change = Quant;

/// Changes shelves; one that nothing was known of begins with nothing.
pub fn change(conn: &mut Conn, changes: &BTreeMap<Shelf, Change>) -> Result<(), DbError> {
    let rows: Vec<_> = changes
        .iter()
        .filter(|(_, by)| **by != Change::default())
        .map(|((product, location), by)| {
            (
                quants::product_id.eq(*product),
                quants::location_id.eq(*location),
                quants::quantity.eq(by.quantity),
                quants::reserved.eq(by.reserved),
            )
        })
        .collect();
    for part in rows.chunks(PART) {
        let sum = (
            quants::quantity.eq(quants::quantity + excluded(quants::quantity)),
            quants::reserved.eq(quants::reserved + excluded(quants::reserved)),
        );
        each!(&mut *conn, |c| diesel::insert_into(quants::table)
            .values(part)
            .on_conflict((quants::product_id, quants::location_id))
            .do_update()
            .set(sum)
            .execute(c))?;
    }
    Ok(())
}

/// What these products take from the shelves; a default product stands for goods that nobody knows and takes nothing.
pub fn parts(
    conn: &mut Conn,
    company: CompanyId,
    wanted: impl IntoIterator<Item = ProductId>,
) -> Result<Parts, DbError> {
    parts_as(conn, company, wanted, Recipes::new())
}

/// What these products take from the shelves, where some kits were made as `known` says, whatever they are made of now.
pub fn parts_as(
    conn: &mut Conn,
    company: CompanyId,
    wanted: impl IntoIterator<Item = ProductId>,
    known: Recipes,
) -> Result<Parts, DbError> {
    let wanted: BTreeSet<ProductId> = wanted.into_iter().collect();
    let types = types(conn, &wanted)?;
    let is_kit = |(id, kind): &&(ProductId, ProductType)| *kind == ProductType::Kit || known.contains_key(id);
    let kits: Vec<ProductId> = types.iter().filter(is_kit).map(|(id, _)| *id).collect();
    let mut goods = counted(&types);
    let mut recipes = if kits.is_empty() { Recipes::new() } else { super::product_kits::recipes(conn, company)? };
    goods.retain(|id| !known.contains_key(id));
    recipes.extend(known);
    if !kits.is_empty() {
        let inside: BTreeSet<ProductId> = recipes.values().flatten().map(|part| part.product).collect();
        goods.extend(counted(&self::types(conn, &inside)?));
    }
    Ok(Parts::new(goods, &kits, &recipes))
}

fn counted(types: &[(ProductId, ProductType)]) -> BTreeSet<ProductId> {
    types.iter().filter(|(_, kind)| *kind == ProductType::Goods).map(|(id, _)| *id).collect()
}

fn types(conn: &mut Conn, wanted: &BTreeSet<ProductId>) -> Result<Vec<(ProductId, ProductType)>, DbError> {
    let ids: Vec<ProductId> = wanted.iter().copied().collect();
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(PART) {
        found.extend(each!(&mut *conn, |c| products::table
            .filter(products::id.eq_any(part))
            .filter(products::default_for.is_null())
            .select((products::id, products::product_type))
            .load::<(ProductId, ProductType)>(c))?);
    }
    Ok(found)
}
