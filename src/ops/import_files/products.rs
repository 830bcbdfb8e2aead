//! Products in a file: compared with the products that are held, and written with the components of kits.

use super::rules::{CHUNK, Owner, Repeats};
use crate::db::{Conn, DbError, companies, product_kits, products};
use crate::domain::file_rows::{Counts, Row};
use crate::domain::ids::{CompanyId, ProductId};
use crate::domain::kit::Component;
use crate::domain::kit_parts::{self, Kits, Parts};
use crate::domain::money::Currency;
use crate::domain::product::Field;
use crate::domain::product_rows::{self, Beside, Decision};
use crate::error::AppError;
use crate::ops::reserve_stock;
use chrono::NaiveDateTime;
use std::collections::HashMap;

/// What rows of products are compared with.
pub(super) struct Rules {
    company: CompanyId,
    currency: Currency,
    repeats: Repeats,
    kits: Kits,
}

impl Rules {
    pub(super) fn load(conn: &mut Conn, owner: Owner, rows: &[Row]) -> Result<Self, DbError> {
        let key = |row: &Row| {
            let reference = row.trimmed(Field::Reference);
            if reference.is_empty() { Vec::new() } else { vec![reference.to_owned()] }
        };
        let has_components = rows.first().is_some_and(|row| row.text(Field::Components).is_some());
        Ok(Self {
            company: owner.company,
            currency: companies::by_id(conn, owner.company)?.currency,
            repeats: Repeats::of(rows, key),
            kits: if has_components { kits(conn, owner.company, rows)? } else { Kits::default() },
        })
    }

    pub(super) fn decide(&self, conn: &mut Conn, rows: &[Row]) -> Result<Vec<Decision>, DbError> {
        let references: Vec<&str> = rows.iter().map(|row| row.trimmed(Field::Reference)).collect();
        let known = products::by_references(conn, self.company, &references)?;
        let decide = |row: &Row| {
            let held = known.get(row.trimmed(Field::Reference)).map(|found| found.held(self.currency));
            let beside = Beside { currency: self.currency, repeats: self.repeats.line(row), kits: &self.kits };
            product_rows::decide(row, held.as_ref(), &beside)
        };
        Ok(rows.iter().map(decide).collect())
    }

    /// Components come last: they may be products that the same file makes.
    pub(super) fn write(&self, conn: &mut Conn, rows: &[Row], now: NaiveDateTime) -> Result<Counts, AppError> {
        let (mut counts, mut recipes) = (Counts::default(), Vec::new());
        for chunk in rows.chunks(CHUNK) {
            let mut new = Vec::new();
            for decision in self.decide(conn, chunk)? {
                counts.add(decision.outcome());
                match decision {
                    Decision::New(made) => {
                        recipes.extend(
                            Some((made.fields.reference.clone(), made.parts)).filter(|(_, parts)| !parts.is_empty()),
                        );
                        new.push((made.fields, made.is_active));
                    }
                    Decision::Changed(after, _) => {
                        products::update(conn, self.company, (after.id, None), &after.fields, after.is_active)?;
                        recipes.extend(after.parts.map(|parts| (after.fields.reference, parts)));
                    }
                    Decision::Unchanged => {}
                    Decision::Refused(_) => return Err(AppError::Conflict),
                }
            }
            products::insert(conn, self.company, &new, now)?;
        }
        if !recipes.is_empty() {
            self.replace(conn, &recipes)?;
        }
        Ok(counts)
    }

    /// Stock that is reserved for kits is given back before their components change, and reserved again after.
    fn replace(&self, conn: &mut Conn, recipes: &[(String, Parts)]) -> Result<(), AppError> {
        let named = recipes.iter().flat_map(|(kit, parts)| parts.keys().chain([kit])).map(String::as_str);
        let ids = ids(conn, self.company, named)?;
        let id = |reference: &String| {
            ids.get(reference).copied().ok_or(AppError::Internal("an imported product has no key"))
        };
        reserve_stock::give_back_kits(conn, self.company)?;
        for (kit, parts) in recipes {
            let components: Result<Vec<Component>, AppError> = parts
                .iter()
                .map(|(reference, quantity)| Ok(Component { product: id(reference)?, quantity: *quantity }))
                .collect();
            product_kits::replace(conn, id(kit)?, &components?)?;
        }
        reserve_stock::all(conn, self.company)
    }
}

/// The kits of a company as they are and as a file makes them.
fn kits(conn: &mut Conn, company: CompanyId, rows: &[Row]) -> Result<Kits, DbError> {
    let held = product_kits::recipes(conn, company)?;
    let read = |row: &Row| row.text(Field::Components).and_then(|text| kit_parts::read(text).ok());
    let parts: Vec<String> = rows.iter().filter_map(read).flat_map(Parts::into_keys).collect();
    let own = rows.iter().map(|row| row.trimmed(Field::Reference));
    let mut known = ids(conn, company, own.chain(parts.iter().map(String::as_str)))?;
    let components = product_kits::component_references(conn, company)?;
    known.extend(components.into_iter().map(|(id, reference)| (reference, id)));
    Ok(Kits::new(&held, known, rows))
}

/// The keys of the products with these references.
fn ids<'a>(
    conn: &mut Conn,
    company: CompanyId,
    references: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, ProductId>, DbError> {
    let all: Vec<&str> = references.filter(|reference| !reference.is_empty()).collect();
    let mut found = HashMap::new();
    for chunk in all.chunks(CHUNK) {
        found.extend(products::keys(conn, company, chunk)?);
    }
    Ok(found)
}
