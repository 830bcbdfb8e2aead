//! Exporting products: all of them, or those of a list, in a form that an import reads back without a change.

use crate::db::paging::{Cursor, Side, Window};
use crate::db::products::{self, Filter, ProductRow, Sort};
use crate::db::{Db, DbError, companies, product_kits};
use crate::domain::ids::{CompanyId, ProductId};
use crate::domain::kit::Component;
use crate::domain::kit_parts;
use crate::domain::money::{Currency, Money};
use crate::export::records::Product;
use crate::export::writer::Writer;
use crate::ops::export_records::ExportError;
use std::collections::HashMap;
use std::io::Write;

/// Rows that are read at a time.
const STEP: i64 = 500;

/// Writes the products of every company, archived ones as well.
pub fn all(db: &Db, mut out: Writer<impl Write>) -> Result<(), ExportError> {
    for company in db.read(companies::all)? {
        let kits = Kits::load(db, company.id)?;
        let mut after = String::new();
        loop {
            let page = db.read(|conn| products::after(conn, company.id, &after, STEP))?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.reference);
            for row in &page {
                out.put(&record(row, company.currency, &kits))?;
            }
        }
    }
    Ok(out.finish()?)
}

/// Writes the products of a list, in its order.
pub fn listed(
    db: &Db,
    company: CompanyId,
    filter: &Filter,
    sort: Sort,
    descending: bool,
    mut out: Writer<impl Write>,
) -> Result<(), ExportError> {
    let (currency, kits) = (db.read(|conn| companies::by_id(conn, company))?.currency, Kits::load(db, company)?);
    let mut window = Window { per: STEP, descending, cursor: None };
    loop {
        let page = db.read(|conn| products::page(conn, company, filter, sort, &window))?;
        for row in &page.rows {
            out.put(&record(row, currency, &kits))?;
        }
        let Some(last) = page.rows.last().filter(|_| page.has_after) else { return Ok(out.finish()?) };
        let value = if sort == Sort::Price { last.price_minor } else { last.id.0 };
        window.cursor = Some(Cursor { value, id: last.id.0, side: Side::After });
    }
}

/// What kits are made of, as files write it.
struct Kits(HashMap<ProductId, String>);

impl Kits {
    fn load(db: &Db, company: CompanyId) -> Result<Self, DbError> {
        let (recipes, references) = db.read(|conn| {
            let recipes = product_kits::recipes(conn, company)?;
            Ok::<_, DbError>((recipes, product_kits::component_references(conn, company)?))
        })?;
        let part = |part: &Component| Some((references.get(&part.product)?.clone(), part.quantity));
        let written = |parts: &Vec<Component>| kit_parts::written(&parts.iter().filter_map(part).collect());
        Ok(Self(recipes.iter().map(|(kit, parts)| (*kit, written(parts))).collect()))
    }
}

fn record(row: &ProductRow, currency: Currency, kits: &Kits) -> Product {
    let amount = |minor| Money::from_minor(minor, currency).to_decimal_string();
    Product {
        reference: row.reference.clone(),
        name: row.name.clone(),
        barcode: row.barcode.clone(),
        r#type: row.product_type.as_str(),
        sales_price: amount(row.price_minor),
        cost: amount(row.cost_minor),
        currency: currency.as_str(),
        tax_class: row.tax_class.clone(),
        active: row.is_active,
        components: kits.0.get(&row.id).cloned().unwrap_or_default(),
    }
}
