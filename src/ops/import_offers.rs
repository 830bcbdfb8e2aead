//! Importing offers from a CSV text: checked row by row, then written all or nothing.
//!
//! Columns: `sku`, `reference` and optionally `marketplace` (country code or Amazon's identifier). A row without
//! marketplace stands for every marketplace that the account follows. Lines that wait for a product take it.

use super::Actor;
use super::match_offers::mend_waiting;
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::offers::{self, Wanted};
use crate::db::{Conn, accounts, marketplaces, offer_products};
use crate::domain::access::Action;
use crate::domain::ids::{AccountId, MarketplaceId, OfferId, ProductId, Sku};
use crate::domain::marketplace::{Directory, Region};
use crate::domain::offer::MatchedBy;
use crate::domain::offer_rows::{self, Problem, Row, Sheet};
use crate::error::AppError;
use chrono::NaiveDateTime;
use std::collections::{BTreeMap, HashMap};

/// A row that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its line in the text, the head line being the first.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What an import would do, or did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Offers that are made.
    pub new: usize,
    /// Offers that get another product.
    pub changed: usize,
    /// Offers that have their product already.
    pub unchanged: usize,
    /// Rows that cannot be imported.
    pub refused: Vec<Refused>,
    /// Order lines that took a product.
    pub lines: usize,
    /// Whether it was written.
    pub is_written: bool,
}

/// One offer that a row asks for.
struct Asked {
    sku: Sku,
    marketplace: MarketplaceId,
    product: ProductId,
    reference: String,
}

/// Checks a text, and writes it when `applies` and nothing is refused; a text that is no table is told as a problem.
pub async fn run(
    app: &App,
    actor: &Actor,
    account: AccountId,
    text: String,
    applies: bool,
) -> Result<Result<Report, Problem>, AppError> {
    actor.must(Action::MatchOffers)?;
    let sheet = match offer_rows::read(&text) {
        Ok(sheet) => sheet,
        Err(problem) => return Ok(Err(problem)),
    };
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| perform(conn, &actor, account, &sheet, applies, now).map(Ok)).await
}

fn perform(
    conn: &mut Conn,
    actor: &Actor,
    account: AccountId,
    sheet: &Sheet,
    applies: bool,
    now: NaiveDateTime,
) -> Result<Report, AppError> {
    let (row, ..) = accounts::by_id(conn, actor.company, account)?.ok_or(AppError::NotFound)?;
    let held = accounts::marketplaces(conn, actor.company)?.remove(&account).unwrap_or_default();
    let followed: Vec<MarketplaceId> = held.into_iter().filter(|(_, is_on)| *is_on).map(|(id, _)| id).collect();
    let products: HashMap<String, ProductId> =
        offer_products::references(conn, actor.company)?.into_iter().map(|(id, reference)| (reference, id)).collect();
    let directory = marketplaces::directory(conn, actor.company)?;
    let mut report = Report::default();
    report
        .refused
        .extend(sheet.refused.iter().map(|(line, problem)| Refused { line: *line, problem: problem.clone() }));
    let mut asked: BTreeMap<(Sku, MarketplaceId), (usize, Asked)> = BTreeMap::new();
    for one in &sheet.rows {
        let places = match places(one, &followed, &directory, row.region()) {
            Ok(places) => places,
            Err(problem) => {
                report.refused.push(Refused { line: one.line, problem });
                continue;
            }
        };
        let Some(product) = products.get(&one.reference).copied() else {
            let problem = Problem::UnknownReference(one.reference.clone());
            report.refused.push(Refused { line: one.line, problem });
            continue;
        };
        for marketplace in places {
            let key = (one.sku.clone(), marketplace.clone());
            if let Some((line, _)) = asked.get(&key) {
                report.refused.push(Refused { line: one.line, problem: Problem::Twice(*line) });
                break;
            }
            let wanted = Asked { sku: one.sku.clone(), marketplace, product, reference: one.reference.clone() };
            asked.insert(key, (one.line, wanted));
        }
    }
    report.refused.sort_by_key(|refused| refused.line);
    let writes = applies && report.refused.is_empty();
    write(conn, actor, account, asked.into_values().map(|(_, asked)| asked), (&mut report, writes), now)?;
    report.is_written = writes;
    Ok(report)
}

/// The marketplaces that a row means.
fn places(
    row: &Row,
    followed: &[MarketplaceId],
    directory: &Directory,
    region: Option<Region>,
) -> Result<Vec<MarketplaceId>, Problem> {
    if row.marketplace.is_empty() {
        return if followed.is_empty() { Err(Problem::NoMarketplace) } else { Ok(followed.to_vec()) };
    }
    let known = directory.by_code(&row.marketplace).or_else(|| directory.find(&row.marketplace));
    match known.filter(|known| Some(known.region) == region) {
        Some(known) => Ok(vec![known.id.into()]),
        None => Err(Problem::UnknownMarketplace(row.marketplace.clone())),
    }
}

fn write(
    conn: &mut Conn,
    actor: &Actor,
    account: AccountId,
    asked: impl Iterator<Item = Asked>,
    (report, writes): (&mut Report, bool),
    now: NaiveDateTime,
) -> Result<(), AppError> {
    let known = offers::of_account(conn, account)?;
    let (mut new, mut references) = (Vec::new(), HashMap::new());
    let mut chosen = Vec::new();
    for one in asked {
        match known.get(&(one.marketplace.clone(), one.sku.clone())) {
            Some((_, Some(product), _)) if *product == one.product => report.unchanged += 1,
            Some((id, _, version)) => {
                report.changed += 1;
                if writes {
                    offers::set_product(conn, (*id, *version), one.product, MatchedBy::Import)?;
                    note(conn, actor, *id, &one.reference, now)?;
                    chosen.push((*id, one.product));
                }
            }
            None => {
                report.new += 1;
                references.insert((one.marketplace.clone(), one.sku.clone()), one.reference);
                let (product, matched_by) = (Some(one.product), MatchedBy::Import);
                new.push(Wanted { account, marketplace: one.marketplace, sku: one.sku, product, matched_by });
            }
        }
    }
    if writes {
        offers::insert(conn, actor.company, &new, now)?;
        let made = offers::of_account(conn, account)?;
        for (key, reference) in references {
            let (id, product, _) = made.get(&key).ok_or(AppError::Internal("an offer was not stored"))?;
            chosen.extend(product.map(|product| (*id, product)));
            note(conn, actor, *id, &reference, now)?;
        }
        report.lines = mend_waiting(conn, actor, &chosen, now)?;
    }
    Ok(())
}

fn note(conn: &mut Conn, actor: &Actor, offer: OfferId, reference: &str, now: NaiveDateTime) -> Result<(), AppError> {
    let about = format!("offer {offer}");
    let event = NewEvent { new_value: Some(reference), ..actor.event("offer_imported", &about, now) };
    Ok(audit::insert(conn, &event)?)
}
