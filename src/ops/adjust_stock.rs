//! Counting what the warehouse holds of a product: the difference is a move from or to the location of losses.
//!
//! Nothing that was moved before is changed; a count that agrees with the books writes nothing.

use super::{Actor, book_moves, reserve_stock};
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::import::stock::MoveRow;
use crate::db::import::surroundings;
use crate::db::{Conn, locations, products, quants};
use crate::domain::access::Action;
use crate::domain::ids::{CompanyId, ProductId};
use crate::domain::picking::{MoveOrigin, PickingState};
use crate::domain::product::ProductType;
use crate::error::AppError;
use chrono::NaiveDateTime;
use std::collections::BTreeSet;

/// The largest count of one product.
pub const LARGEST_COUNT: i64 = 10_000_000;

/// Why a count is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is no whole number from none to [`LARGEST_COUNT`].
    Unreadable,
    /// The stock of this product is not counted.
    Uncounted,
}

/// What was counted, and how many units the page showed.
#[derive(Clone, Debug)]
pub struct Count {
    /// The product.
    pub product: ProductId,
    /// What the books said when the person began to count.
    pub seen: i64,
    /// What was typed.
    pub counted: String,
}

/// Takes a count; somebody else's move in between is a conflict, since nobody knows whether it was counted.
pub async fn run(app: &App, actor: &Actor, count: Count) -> Result<Result<(), Refused>, AppError> {
    actor.must(Action::CountStock)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    let text = count.counted.trim();
    let is_plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    let counted = text.parse::<i64>().ok().filter(|units| is_plain && *units <= LARGEST_COUNT);
    let Some(counted) = counted else { return Ok(Err(Refused::Unreadable)) };
    app.write(move |conn| {
        let row = products::by_id(conn, actor.company, count.product)?.ok_or(AppError::NotFound)?;
        if row.product_type != ProductType::Goods || row.default_for.is_some() {
            return Ok(Err(Refused::Uncounted));
        }
        let held = on_hand(conn, actor.company, row.id)?;
        if held != count.seen {
            return Err(AppError::Conflict);
        }
        set(conn, actor.company, row.id, counted, now)?;
        if counted != held {
            let (subject, old, new) = (format!("product {}", row.id), held.to_string(), counted.to_string());
            let event = NewEvent {
                old_value: Some(&old),
                new_value: Some(&new),
                ..actor.event("product_counted", &subject, now)
            };
            audit::insert(conn, &event)?;
        }
        Ok(Ok(()))
    })
    .await
}

/// How many units of a product the warehouse holds.
pub fn on_hand(conn: &mut Conn, company: CompanyId, product: ProductId) -> Result<i64, AppError> {
    let standard = surroundings::standard(conn, company)?;
    let place = standard.ok_or(AppError::Internal("the company lacks its standard locations"))?.stock;
    let held = quants::of(conn, &BTreeSet::from([product]))?;
    Ok(held.get(&(product, place)).map_or(0, |quant| quant.quantity))
}

/// Moves the difference to what was counted, and reserves what became free.
pub fn set(
    conn: &mut Conn,
    company: CompanyId,
    product: ProductId,
    counted: i64,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    let missing = AppError::Internal("the company lacks its standard locations");
    let Some(standard) = surroundings::standard(conn, company)? else { return Err(missing) };
    let Some(loss) = locations::of_losses(conn, company)? else { return Err(missing) };
    let difference = counted.saturating_sub(on_hand(conn, company, product)?);
    if difference == 0 {
        return Ok(());
    }
    let (source_id, destination_id) = if difference > 0 { (loss, standard.stock) } else { (standard.stock, loss) };
    let row = MoveRow {
        company_id: company,
        account_id: None,
        marketplace_id: None,
        order_id: None,
        order_line_id: None,
        picking_id: None,
        product_id: product,
        kit_id: None,
        quantity: difference.saturating_abs(),
        source_id,
        destination_id,
        origin: MoveOrigin::Adjustment,
        state: PickingState::Done,
        moved_at: now,
    };
    book_moves::run(conn, &[row])?;
    reserve_stock::all(conn, company)
}
