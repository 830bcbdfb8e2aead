//! Creating, changing and archiving products: references stay unique, default products stay as they are.
//!
//! It never changes what was sold or moved: those rows keep pointing at the product.

use super::Actor;
use super::edit_account::stale;
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::products::{self, ProductRow};
use crate::db::{Conn, companies, stock};
use crate::domain::access::Action;
use crate::domain::ids::ProductId;
use crate::domain::product::{self, Fields, Problem, TypeKept, Typed};
use crate::domain::product_rows;
use crate::domain::sync::Reason;
use crate::error::AppError;
use chrono::NaiveDateTime;

/// What a person wants to change, and the version of the product that was shown.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// The product.
    pub product: ProductId,
    /// Its version.
    pub version: i64,
}

/// Why fields cannot be taken; each says which field to correct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// What was typed cannot be read.
    Fields(Vec<Problem>),
    /// Another product has this reference.
    ReferenceTaken(ProductId),
    /// It cannot become this type.
    Type(TypeKept),
}

/// Creates a product.
pub async fn create(app: &App, actor: &Actor, typed: Typed) -> Result<Result<ProductId, Refused>, AppError> {
    actor.must(Action::EditProducts)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let fields = match read(conn, &actor, &typed, None)? {
            Ok(fields) => fields,
            Err(refused) => return Ok(Err(refused)),
        };
        let reference = fields.reference.clone();
        let created = products::insert(conn, actor.company, &[(fields, true)], now)?;
        let id = created.first().copied().ok_or(AppError::Internal("a new product has no key"))?;
        note(conn, &actor, id, "product_created", ("", &reference), now)?;
        Ok::<_, AppError>(Ok(id))
    })
    .await
}

/// Changes the fields of a product; a default product is changed in developer mode only.
pub async fn edit(app: &App, actor: &Actor, seen: Seen, typed: Typed) -> Result<Result<(), Refused>, AppError> {
    actor.must(Action::EditProducts)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let row = load(conn, &actor, seen)?;
        if row.default_for.is_some() {
            actor.must_be_developer()?;
        }
        let fields = match read(conn, &actor, &typed, Some(row.id))? {
            Ok(fields) => fields,
            Err(refused) => return Ok(Err(refused)),
        };
        let has_components = products::has_components(conn, row.id)?;
        let has_moves = stock::has_moves(conn, row.id)?;
        if let Err(kept) = product::check_type(row.product_type, fields.product_type, has_components, has_moves) {
            return Ok(Err(Refused::Type(kept)));
        }
        let changes = product_rows::changes(&row.held(fields.price.currency()), &fields, row.is_active);
        if changes.is_empty() {
            return Ok(Ok(()));
        }
        let target = (row.id, Some(seen.version));
        products::update(conn, actor.company, target, &fields, row.is_active).map_err(stale)?;
        note(conn, &actor, row.id, "product_changed", (&told(&changes, "old"), &told(&changes, "new")), now)?;
        Ok::<_, AppError>(Ok(()))
    })
    .await
}

/// What archiving did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archived {
    /// How many products changed.
    pub changed: usize,
    /// The references of default products, which stay in use.
    pub defaults: Vec<String>,
}

/// Archives products, or takes them back into use; those that are so already are left alone.
pub async fn set_active(app: &App, actor: &Actor, ids: Vec<ProductId>, is_active: bool) -> Result<Archived, AppError> {
    actor.must(Action::EditProducts)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let rows = products::some(conn, actor.company, &ids)?;
        if rows.len() < ids.len() {
            return Err(AppError::NotFound);
        }
        let is_default = |row: &&ProductRow| row.default_for.is_some();
        let defaults = rows.iter().filter(is_default).map(|row| row.reference.clone()).collect();
        let changing: Vec<ProductId> = rows
            .iter()
            .filter(|row| row.default_for.is_none() && row.is_active != is_active)
            .map(|row| row.id)
            .collect();
        let changed = products::set_active(conn, actor.company, &changing, is_active)?;
        let action = if is_active { "product_unarchived" } else { "product_archived" };
        for id in changing {
            note(conn, &actor, id, action, ("", ""), now)?;
        }
        Ok(Archived { changed, defaults })
    })
    .await
}

/// Reads what was typed in the company's currency and looks whether the reference is free.
fn read(
    conn: &mut Conn,
    actor: &Actor,
    typed: &Typed,
    own: Option<ProductId>,
) -> Result<Result<Fields, Refused>, AppError> {
    let currency = companies::by_id(conn, actor.company)?.currency;
    let fields = match product::read(typed, currency) {
        Ok(fields) => fields,
        Err(problems) => return Ok(Err(Refused::Fields(problems))),
    };
    let taken = products::by_references(conn, actor.company, &[&fields.reference])?;
    let other = taken.values().map(|row| row.id).find(|id| Some(*id) != own);
    Ok(other.map_or(Ok(fields), |id| Err(Refused::ReferenceTaken(id))))
}

/// The product as it is now, if the person saw this version of it.
pub(super) fn load(conn: &mut Conn, actor: &Actor, seen: Seen) -> Result<ProductRow, AppError> {
    let row = products::by_id(conn, actor.company, seen.product)?.ok_or(AppError::NotFound)?;
    if row.version == seen.version { Ok(row) } else { Err(AppError::Conflict) }
}

/// The old or the new values of changed fields, as one text.
fn told(changes: &[Reason], side: &str) -> String {
    let value = |change: &Reason, name: &str| {
        change.values.iter().find(|(held, _)| held == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let all: Vec<String> = changes.iter().map(|one| format!("{}: {}", value(one, "field"), value(one, side))).collect();
    all.join("; ")
}

/// Adds a line about a product to the audit trail; empty values are left out.
pub(super) fn note(
    conn: &mut Conn,
    actor: &Actor,
    product: ProductId,
    action: &str,
    (old, new): (&str, &str),
    at: NaiveDateTime,
) -> Result<(), AppError> {
    let subject = format!("product {product}");
    let event = NewEvent {
        old_value: Some(old).filter(|value| !value.is_empty()),
        new_value: Some(new).filter(|value| !value.is_empty()),
        ..actor.event(action, &subject, at)
    };
    Ok(audit::insert(conn, &event)?)
}
