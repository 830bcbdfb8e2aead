//! The components of kits.

use super::schema::{product_components as k, products};
use super::{Conn, DbError};
use crate::domain::ids::{CompanyId, ProductId};
use crate::domain::kit::{Component, Recipes};
use diesel::{ExpressionMethods, JoinOnDsl, QueryDsl, RunQueryDsl};
use std::collections::HashMap;

/// The components of all kits of a company.
pub fn recipes(conn: &mut Conn, company: CompanyId) -> Result<Recipes, DbError> {
    let rows: Vec<(ProductId, ProductId, i64)> = each!(conn, |c| k::table
        .inner_join(products::table.on(products::id.eq(k::kit_id)))
        .filter(products::company_id.eq(company))
        .order((k::kit_id, k::component_id))
        .select((k::kit_id, k::component_id, k::quantity))
        .load(c))?;
    let mut recipes = Recipes::new();
    for (kit, product, quantity) in rows {
        recipes.entry(kit).or_default().push(Component { product, quantity });
    }
    Ok(recipes)
}

/// The internal references of all products that are components in a company.
pub fn component_references(conn: &mut Conn, company: CompanyId) -> Result<HashMap<ProductId, String>, DbError> {
    let rows: Vec<(ProductId, String)> = each!(conn, |c| k::table
        .inner_join(products::table.on(products::id.eq(k::component_id)))
        .filter(products::company_id.eq(company))
        .select((products::id, products::reference))
        .distinct()
        .load(c))?;
    Ok(rows.into_iter().collect())
}

/// The kits that hold this product themselves.
pub fn holding(conn: &mut Conn, component: ProductId) -> Result<Vec<ProductId>, DbError> {
    Ok(each!(conn, |c| k::table.filter(k::component_id.eq(component)).order(k::kit_id).select(k::kit_id).load(c))?)
}

/// Replaces the components of a kit.
pub fn replace(conn: &mut Conn, kit: ProductId, components: &[Component]) -> Result<(), DbError> {
    each!(&mut *conn, |c| diesel::delete(k::table.filter(k::kit_id.eq(kit))).execute(c))?;
    let row = |part: &Component| (k::kit_id.eq(kit), k::component_id.eq(part.product), k::quantity.eq(part.quantity));
    let rows: Vec<_> = components.iter().map(row).collect();
    each!(conn, |c| diesel::insert_into(k::table).values(rows).execute(c))?;
    Ok(())
}
