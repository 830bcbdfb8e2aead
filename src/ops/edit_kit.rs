//! Saying what a kit is made of: known products, whole quantities, and never the kit itself.

use super::edit_account::stale;
use super::edit_product::{Seen, load, note};
use super::{Actor, reserve_stock};
use crate::app::App;
use crate::db::{product_kits, products};
use crate::domain::access::Action;
use crate::domain::kit::{self, Component, KitError};
use crate::domain::product::ProductType;
use crate::error::AppError;

/// A component as it was typed: reference and quantity.
pub type Part = (String, i64);

/// Why components cannot be taken, with the reference that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The product is no kit.
    NotAKit,
    /// No product has this reference.
    Unknown(String),
    /// A rule of kits says no.
    Kit(KitError, String),
}

/// Replaces the components of a kit.
pub async fn run(app: &App, actor: &Actor, seen: Seen, parts: Vec<Part>) -> Result<Result<(), Refused>, AppError> {
    actor.must(Action::EditProducts)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let row = load(conn, &actor, seen)?;
        if row.product_type != ProductType::Kit {
            return Ok(Err(Refused::NotAKit));
        }
        let references: Vec<&str> = parts.iter().map(|(reference, _)| reference.as_str()).collect();
        let known = products::by_references(conn, actor.company, &references)?;
        let mut components = Vec::with_capacity(parts.len());
        for (reference, quantity) in &parts {
            let Some(found) = known.get(reference) else { return Ok(Err(Refused::Unknown(reference.clone()))) };
            components.push(Component { product: found.id, quantity: *quantity });
        }
        let recipes = product_kits::recipes(conn, actor.company)?;
        if let Err(error) = kit::check(row.id, &components, &recipes) {
            let (KitError::Cycle(id) | KitError::Quantity(id) | KitError::Twice(id)) = error;
            let named = known.values().find(|found| found.id == id).map(|found| found.reference.clone());
            return Ok(Err(Refused::Kit(error, named.unwrap_or_default())));
        }
        products::touch(conn, actor.company, row.id, seen.version).map_err(stale)?;
        reserve_stock::give_back_kits(conn, actor.company)?;
        product_kits::replace(conn, row.id, &components)?;
        let told: Vec<String> = parts.iter().map(|(reference, quantity)| format!("{quantity} x {reference}")).collect();
        reserve_stock::all(conn, actor.company)?;
        note(conn, &actor, row.id, "kit_components_changed", ("", &told.join("; ")), now)?;
        Ok::<_, AppError>(Ok(()))
    })
    .await
}
