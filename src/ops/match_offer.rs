//! Choosing the product of an offer, and mending what was sold under its SKU before.
//!
//! Lines take the product at once. Moves that are not done follow their line. A done move is never changed: it is moved
//! back, and the product that really left is moved instead, so that the stock of both is right.

use super::edit_account::stale;
use super::settle_issue::{self, Verdict};
use super::{Actor, book_moves, reserve_stock};
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::import::decisions;
use crate::db::issues::{self, UNMATCHED_SKU};
use crate::db::offer_lines::{self, Lines, Sold};
use crate::db::offer_products::{self, Choosable};
use crate::db::offers::{self, OfferRow, Wanted};
use crate::db::{Conn, companies, products};
use crate::domain::access::Action;
use crate::domain::booked_moves;
use crate::domain::ids::{CompanyId, IssueId, OfferId, OrderId, ProductId};
use crate::domain::money::Money;
use crate::domain::offer::{MatchedBy, read_subject, subject};
use crate::domain::product::{Fields, ProductType, USUAL_TAX_CLASS};
use crate::error::AppError;
use chrono::NaiveDateTime;

/// The offer that a person saw.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// The offer.
    pub offer: OfferId,
    /// Its version.
    pub version: i64,
}

/// What was mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The offer.
    pub offer: OfferId,
    /// How many lines took the product.
    pub lines: usize,
    /// For how many of them the stock of what had left was corrected.
    pub corrected: usize,
}

/// A new product, as a person named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProduct {
    /// Its internal reference.
    pub reference: String,
    /// Its name.
    pub name: String,
}

/// The longest reference and name of a product that is created here, in characters.
pub const LONGEST_NAME: usize = 200;

/// Why a product cannot be created like this: the field and the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The field to correct.
    pub field: &'static str,
    /// What is wrong.
    pub message: &'static str,
}

/// Sets the product of an offer; with `applies`, all its lines of orders that are not cancelled take it too.
pub async fn run(app: &App, actor: &Actor, seen: Seen, product: ProductId, applies: bool) -> Result<Mended, AppError> {
    actor.must(Action::MatchOffers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let offer = offers::by_id(conn, actor.company, seen.offer)?.ok_or(AppError::NotFound)?.row;
        if offer.version != seen.version {
            return Err(AppError::Conflict);
        }
        let product = choosable(conn, &actor, product)?;
        let lines = applies.then_some(Lines::Unlike(Some(product.id)));
        let mended = match_one(conn, &actor, &offer, &product, lines, now)?;
        let about = subject(&offer.marketplace_id, offer.sku.as_str());
        decisions::settle(conn, &[offer.account_id], &[UNMATCHED_SKU], &[&about], now)?;
        Ok(mended)
    })
    .await
}

/// Settles an issue about a SKU without product: the SKU gets the product, and so does every line that waits for one.
pub async fn settle(app: &App, actor: &Actor, issue: IssueId, product: ProductId) -> Result<Mended, AppError> {
    actor.must(Action::MatchOffers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let product = choosable(conn, &actor, product)?;
        settle_with(conn, &actor, issue, &product, now)
    })
    .await
}

/// The same with a product that is created for it.
pub async fn settle_with_new(
    app: &App,
    actor: &Actor,
    issue: IssueId,
    new: NewProduct,
) -> Result<Result<Mended, Refused>, AppError> {
    actor.must(Action::MatchOffers)?;
    actor.must(Action::EditProducts)?;
    let (reference, name) = (new.reference.trim().to_owned(), new.name.trim().to_owned());
    let is_wrong = |text: &str| text.is_empty() || text.chars().count() > LONGEST_NAME;
    if is_wrong(&reference) {
        return Ok(Err(Refused { field: "reference", message: "offers-reference-wrong" }));
    }
    if is_wrong(&name) {
        return Ok(Err(Refused { field: "name", message: "offers-name-wrong" }));
    }
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        if offer_products::is_taken(conn, actor.company, &reference)? {
            return Ok(Err(Refused { field: "reference", message: "offers-reference-taken" }));
        }
        let nothing = Money::zero(companies::by_id(conn, actor.company)?.currency);
        let fields = Fields {
            reference: reference.clone(),
            name: name.clone(),
            barcode: None,
            product_type: ProductType::Goods,
            price: nothing,
            cost: nothing,
            tax_class: USUAL_TAX_CLASS.to_owned(),
        };
        let id = products::insert(conn, actor.company, &[(fields, true)], now)?;
        let id = id.first().copied().ok_or(AppError::Internal("a product was not stored"))?;
        let about = format!("product {id}");
        let event = NewEvent { new_value: Some(&reference), ..actor.event("product_created", &about, now) };
        audit::insert(conn, &event)?;
        let product = Choosable { id, reference: reference.clone(), name: name.clone() };
        settle_with(conn, &actor, issue, &product, now).map(Ok)
    })
    .await
}

fn settle_with(
    conn: &mut Conn,
    actor: &Actor,
    issue: IssueId,
    product: &Choosable,
    now: NaiveDateTime,
) -> Result<Mended, AppError> {
    let (row, _) = issues::by_id(conn, actor.company, issue)?.ok_or(AppError::NotFound)?;
    let (marketplace, sku) =
        Some(&row).filter(|row| row.kind == UNMATCHED_SKU).and_then(|row| read_subject(&row.subject)).ok_or(
            // The page offers no product for any other issue.
            AppError::BadRequest("an issue that no product settles"),
        )?;
    settle_issue::settle(conn, actor, issue, (Verdict::Resolved, Verdict::Resolved.as_str()), now)?;
    let held = offers::by_sku(conn, row.account_id, &marketplace, &sku)?;
    let offer = if let Some(held) = held {
        held
    } else {
        let (account, product, matched_by) = (row.account_id, None, MatchedBy::Nobody);
        let wanted = Wanted { account, marketplace: marketplace.clone(), sku: sku.clone(), product, matched_by };
        offers::insert(conn, actor.company, &[wanted], now)?;
        let made = offers::by_sku(conn, row.account_id, &marketplace, &sku)?;
        made.ok_or(AppError::Internal("an offer was not stored"))?
    };
    match_one(conn, actor, &offer, product, Some(Lines::Waiting), now)
}

/// The product, if it may stand behind an offer.
pub(super) fn choosable(conn: &mut Conn, actor: &Actor, id: ProductId) -> Result<Choosable, AppError> {
    offer_products::by_id(conn, actor.company, id)?.ok_or(AppError::Rule("offers-product-unusable"))
}

/// Sets the product of an offer, mends the lines, and notes both in the audit trail.
fn match_one(
    conn: &mut Conn,
    actor: &Actor,
    offer: &OfferRow,
    product: &Choosable,
    lines: Option<Lines>,
    now: NaiveDateTime,
) -> Result<Mended, AppError> {
    let about = format!("offer {}", offer.id);
    if offer.product_id != Some(product.id) || offer.matched_by != MatchedBy::Person {
        let old = offer.product_id.map(|id| offer_products::reference_of(conn, id)).transpose()?;
        offers::set_product(conn, (offer.id, offer.version), product.id, MatchedBy::Person).map_err(stale)?;
        let event = NewEvent {
            old_value: old.as_deref(),
            new_value: Some(&product.reference),
            ..actor.event("offer_matched", &about, now)
        };
        audit::insert(conn, &event)?;
    }
    let sold = Sold { account: offer.account_id, marketplace: offer.marketplace_id.clone(), sku: offer.sku.clone() };
    let (mended, corrected) = match lines {
        Some(lines) => mend(conn, actor.company, &sold, lines, product.id, now)?,
        None => (0, 0),
    };
    if mended > 0 {
        let told = mended.to_string();
        let event = NewEvent { new_value: Some(&told), ..actor.event("offer_lines_mended", &about, now) };
        audit::insert(conn, &event)?;
    }
    Ok(Mended { offer: offer.id, lines: mended, corrected })
}

/// Gives these lines of an offer the product; answers how many, and for how many done moves were corrected.
pub(super) fn mend(
    conn: &mut Conn,
    company: CompanyId,
    sold: &Sold,
    lines: Lines,
    product: ProductId,
    now: NaiveDateTime,
) -> Result<(usize, usize), AppError> {
    let found = offer_lines::all(conn, sold, lines)?;
    let mut orders: Vec<OrderId> = found.iter().map(|(_, order)| *order).collect();
    orders.dedup();
    // What is reserved is another product: it is given back first, and the right one is reserved.
    reserve_stock::give_back_orders(conn, company, &orders)?;
    offer_lines::set_product(conn, &found, product)?;
    let correct = |booked: &[booked_moves::Booked]| booked_moves::corrections(booked, product);
    let corrected = offer_lines::correct_done(conn, &found, now, correct, book_moves::run)?;
    reserve_stock::renew(conn, company, &orders)?;
    Ok((found.len(), corrected))
}
