//! Exporting orders, customers, transfers, moves, products and offers: read page by page, opened, written.
//!
//! The order of the records does not depend on when they were imported, so two exports can be compared.

use crate::crypto::Vault;
use crate::db::dump::{self, SealedRecord};
use crate::db::{Db, DbError, marketplaces};
use crate::domain::ids::{CompanyId, CustomerId, MoveId, OfferId, PickingId};
use crate::domain::marketplace::Directory;
use crate::domain::money::Money;
use crate::domain::picking::PickingState;
use crate::domain::remote::{Buyer, Channel};
use crate::error::AppError;
use crate::export::records::{Customer, Line, Move, Offer, Order, Picking, Product};
use crate::export::writer::{Format, WriteError, Writer};
use crate::ops::export_products;
use chrono::NaiveDateTime;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io::Write;

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Sales orders with their lines.
    Orders,
    /// Customers.
    Customers,
    /// Transfers.
    Pickings,
    /// Stock moves of orders.
    Moves,
    /// Products.
    Products,
    /// Offers with their products.
    Offers,
}

/// Why an export failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Reading failed.
    #[error(transparent)]
    App(#[from] AppError),
    /// Writing failed.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl From<DbError> for ExportError {
    fn from(error: DbError) -> Self {
        Self::App(error.into())
    }
}

/// Writes all records of a subject.
pub fn run(db: &Db, vault: &Vault, subject: Subject, format: Format, out: impl Write) -> Result<(), ExportError> {
    match subject {
        Subject::Orders => orders(db, vault, Writer::start::<Order>(out, format)?),
        Subject::Customers => customers(db, vault, Writer::start::<Customer>(out, format)?),
        Subject::Pickings => pickings(db, Writer::start::<Picking>(out, format)?),
        Subject::Moves => moves(db, Writer::start::<Move>(out, format)?),
        Subject::Products => export_products::all(db, Writer::start::<Product>(out, format)?),
        Subject::Offers => offers_of(db, None, format, out),
    }
}

/// The buyer's data, unless it was erased.
fn buyer(vault: &Vault, record: &SealedRecord) -> Result<Buyer, AppError> {
    let (Some(key), Some(body)) = (&record.wrapped_key, &record.sealed) else { return Ok(Buyer::default()) };
    let json = vault.unseal(key, body, &record.public_id)?;
    serde_json::from_slice(&json).map_err(|_altered| AppError::Internal("a customer's data has another shape"))
}

fn instant(at: NaiveDateTime) -> String {
    at.and_utc().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}

fn orders(db: &Db, vault: &Vault, mut out: Writer<impl Write>) -> Result<(), ExportError> {
    let mut after = String::new();
    loop {
        let page = db.read(|conn| dump::orders_after(conn, &after))?;
        let Some(last) = page.last() else { return Ok(out.finish()?) };
        after.clone_from(&last.amazon_order_id.0);
        let ids: Vec<_> = page.iter().map(|order| order.id).collect();
        let mut lines = db.read(|conn| dump::lines_of(conn, &ids))?;
        for order in page {
            let buyer = buyer(vault, &order.customer)?;
            let amount = |minor| Money::from_minor(minor, order.currency).to_decimal_string();
            let lines = lines.remove(&order.id).unwrap_or_default().into_iter().map(|line| Line {
                amazon_item_id: line.amazon_item_id.map(|id| id.0),
                sku: line.sku.map(|sku| sku.0),
                product: line.product,
                kind: line.kind.as_str(),
                quantity: line.quantity,
                delivered: line.delivered,
                total: amount(line.total_minor),
            });
            out.put(&Order {
                lines: lines.collect(),
                amazon_order_id: order.amazon_order_id.0,
                marketplace_id: order.marketplace_id.0,
                fulfilled_by: if order.channel == Channel::Fba { "AMAZON" } else { "MERCHANT" },
                amazon_status: order.amazon_status.as_str().to_owned(),
                state: order.state.as_str(),
                delivery: order.delivery.as_str(),
                needs_decision: order.needs_decision,
                currency: order.currency.as_str(),
                total: amount(order.total_minor),
                customer: buyer.company.or(buyer.name).map(|name| name.reveal().clone()),
                team: order.team,
            })?;
        }
    }
}

fn customers(db: &Db, vault: &Vault, mut out: Writer<impl Write>) -> Result<(), ExportError> {
    let mut after = CustomerId(0);
    loop {
        let page = db.read(|conn| dump::customers_after(conn, after))?;
        let Some(last) = page.last() else { return Ok(out.finish()?) };
        after = last.id;
        let ids: Vec<_> = page.iter().map(|customer| customer.id).collect();
        let addresses = db.read(|conn| dump::address_counts(conn, &ids))?;
        let mut orders = db.read(|conn| dump::orders_of_customers(conn, &ids))?;
        for customer in page {
            let buyer = buyer(vault, &customer.secret)?;
            out.put(&Customer {
                name: buyer.name.map(|name| name.reveal().clone()),
                company: buyer.company.map(|company| company.reveal().clone()),
                is_business: customer.is_business,
                is_anonymous: customer.is_anonymous,
                country: customer.country,
                region: customer.region,
                city: customer.city,
                addresses: addresses.get(&customer.id).copied().unwrap_or(0),
                orders: orders.remove(&customer.id).unwrap_or_default().into_iter().map(|order| order.0).collect(),
            })?;
        }
    }
}

fn pickings(db: &Db, mut out: Writer<impl Write>) -> Result<(), ExportError> {
    let mut after = (String::new(), PickingId(0));
    loop {
        let page = db.read(|conn| dump::pickings_after(conn, (&after.0, after.1)))?;
        let Some(last) = page.last() else { return Ok(out.finish()?) };
        after = (last.amazon_order_id.0.clone(), last.id);
        for picking in page {
            out.put(&Picking {
                amazon_order_id: picking.amazon_order_id.0,
                state: picking.state.as_str(),
                ship_by: picking.ship_by.map(instant),
                carrier: picking.carrier,
                tracking: picking.tracking,
                amazon_sync: picking.amazon_sync.as_str(),
                is_held: picking.is_held,
                has_gift: picking.has_gift,
            })?;
        }
    }
}

fn moves(db: &Db, mut out: Writer<impl Write>) -> Result<(), ExportError> {
    let mut after = (String::new(), MoveId(0));
    loop {
        let page = db.read(|conn| dump::moves_after(conn, (&after.0, after.1)))?;
        let Some(last) = page.last() else { return Ok(out.finish()?) };
        after = (last.amazon_order_id.0.clone(), last.id);
        for one in page {
            out.put(&Move {
                amazon_order_id: one.amazon_order_id.0,
                amazon_item_id: one.amazon_item_id.map(|id| id.0),
                product: one.product,
                quantity: one.quantity,
                from: one.from,
                to: one.to,
                origin: one.origin.as_str(),
                state: one.state.as_str(),
                moved_at: if one.state == PickingState::Done { Some(instant(one.moved_at)) } else { None },
            })?;
        }
    }
}

/// Writes the offers of one company, or of all.
pub fn offers_of(db: &Db, company: Option<CompanyId>, format: Format, out: impl Write) -> Result<(), ExportError> {
    let mut out = Writer::start::<Offer>(out, format)?;
    let mut after = (String::new(), OfferId(0));
    let mut directories: HashMap<CompanyId, Directory> = HashMap::new();
    loop {
        let page = db.read(|conn| dump::offers_after(conn, company, (&after.0, after.1)))?;
        let Some(last) = page.last() else { return Ok(out.finish()?) };
        after = (last.sku.0.clone(), last.id);
        for one in page {
            let (reference, product) = one.product.unzip();
            let directory = match directories.entry(one.company_id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(db.read(|conn| marketplaces::directory(conn, one.company_id))?),
            };
            out.put(&Offer {
                sku: one.sku.0,
                reference,
                marketplace: directory.short(one.marketplace_id.as_str()).to_owned(),
                account: one.account,
                product,
                asin: one.asin.map(|asin| asin.0),
                matched_by: one.matched_by.as_str(),
            })?;
        }
    }
}
