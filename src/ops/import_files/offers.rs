//! Offers in a file: compared with the offers that are held, and written; lines that wait for a product take it.

use super::rules::{CHUNK, Owner, Repeats};
use crate::db::audit::{self, NewEvent};
use crate::db::offers::{self, Wanted};
use crate::db::{Conn, DbError, accounts, marketplaces};
use crate::domain::file_rows::{Counts, Row};
use crate::domain::ids::{OfferId, ProductId};
use crate::domain::offer::MatchedBy;
use crate::domain::offer_rows::{self, Decision, Field, Known, Place, Places, Plan, Spot};
use crate::error::AppError;
use crate::ops::match_offers::mend_waiting;
use chrono::NaiveDateTime;

/// What rows of offers are compared with.
pub(super) struct Rules {
    owner: Owner,
    places: Places,
    repeats: Repeats,
}

/// An offer that was written, and the product that it got.
type Written = (OfferId, Option<(ProductId, String)>);

impl Rules {
    pub(super) fn load(conn: &mut Conn, owner: Owner, rows: &[Row]) -> Result<Self, DbError> {
        let mut held = accounts::marketplaces(conn, owner.company)?;
        let place = |(row, ..): accounts::NamedAccount| {
            let followed = held.remove(&row.id).unwrap_or_default().into_iter();
            let followed = followed.filter(|(_, is_on)| *is_on).map(|(marketplace, _)| marketplace).collect();
            Place { account: row.id, region: row.region(), name: row.name, followed }
        };
        let places = Places {
            accounts: accounts::all(conn, owner.company, false)?.into_iter().map(place).collect(),
            chosen: owner.account,
            directory: marketplaces::directory(conn, owner.company)?,
        };
        let repeats = Repeats::of(rows, |row| offer_rows::spots(row, &places).unwrap_or_default());
        Ok(Self { owner, places, repeats })
    }

    pub(super) fn decide(&self, conn: &mut Conn, rows: &[Row]) -> Result<Vec<Decision>, DbError> {
        let texts = |field: Field| -> Vec<&str> { rows.iter().map(|row| row.trimmed(field)).collect() };
        let known = Known {
            products: offers::references(conn, self.owner.company, &texts(Field::Reference))?,
            offers: offers::by_skus(conn, self.owner.company, &texts(Field::Sku))?,
        };
        let decide = |row: &Row| offer_rows::decide(row, self.repeats.line(row), &self.places, &known);
        Ok(rows.iter().map(decide).collect())
    }

    /// Also answers how many order lines took a product.
    pub(super) fn write(&self, conn: &mut Conn, rows: &[Row], now: NaiveDateTime) -> Result<(Counts, i64), AppError> {
        let (mut counts, mut chosen) = (Counts::default(), Vec::new());
        for chunk in rows.chunks(CHUNK) {
            let mut plans = Vec::new();
            for decision in self.decide(conn, chunk)? {
                counts.add(decision.outcome());
                match decision {
                    Decision::New(plan) | Decision::Changed(plan, _) => plans.push(plan),
                    Decision::Unchanged => {}
                    Decision::Refused(_) => return Err(AppError::Conflict),
                }
            }
            let written = self.write_plans(conn, plans, now)?;
            self.note(conn, &written, now)?;
            chosen.extend(written.into_iter().filter_map(|(offer, product)| Some((offer, product?.0))));
        }
        let lines = mend_waiting(conn, self.owner.company, &chosen, now)?;
        Ok((counts, i64::try_from(lines).unwrap_or(i64::MAX)))
    }

    fn write_plans(&self, conn: &mut Conn, plans: Vec<Plan>, now: NaiveDateTime) -> Result<Vec<Written>, AppError> {
        let (mut written, mut made, mut wanted) = (Vec::new(), Vec::new(), Vec::new());
        for plan in plans {
            for held in plan.changed {
                if let Some((product, _)) = &plan.product {
                    offers::set_product(conn, (held.id, held.version), *product, MatchedBy::Import)?;
                    written.push((held.id, plan.product.clone()));
                }
            }
            for spot in plan.new {
                wanted.push(new(&spot, plan.product.as_ref().map(|(product, _)| *product)));
                made.push((spot, plan.product.clone()));
            }
        }
        offers::insert(conn, self.owner.company, &wanted, now)?;
        let mut skus: Vec<&str> = made.iter().map(|((.., sku), _)| sku.as_str()).collect();
        skus.dedup();
        let stored = offers::by_skus(conn, self.owner.company, &skus)?;
        for (spot, product) in made {
            let held = stored.get(&spot).ok_or(AppError::Internal("an offer was not stored"))?;
            written.push((held.id, product));
        }
        Ok(written)
    }

    fn note(&self, conn: &mut Conn, written: &[Written], now: NaiveDateTime) -> Result<(), AppError> {
        let subjects: Vec<String> = written.iter().map(|(offer, _)| format!("offer {offer}")).collect();
        let events: Vec<NewEvent<'_>> = written
            .iter()
            .zip(&subjects)
            .map(|((_, product), subject)| NewEvent {
                new_value: product.as_ref().map(|(_, reference)| reference.as_str()),
                ..self.owner.event("offer_imported", subject, now)
            })
            .collect();
        Ok(events.chunks(CHUNK).try_for_each(|part| audit::insert_all(conn, part))?)
    }
}

fn new((account, marketplace, sku): &Spot, product: Option<ProductId>) -> Wanted {
    let matched_by = if product.is_some() { MatchedBy::Import } else { MatchedBy::Nobody };
    Wanted { account: *account, marketplace: marketplace.clone(), sku: sku.clone(), product, matched_by }
}
