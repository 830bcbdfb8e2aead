//! Matching all offers without a product by internal reference: first what would be done, then doing it.

use super::Actor;
use super::match_offer::mend;
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::import::decisions;
use crate::db::issues::UNMATCHED_SKU;
use crate::db::offer_lines::{self, Lines, Sold};
use crate::db::offer_products::{self, Choosable};
use crate::db::offers::{self, NamedOffer};
use crate::db::{Conn, DbError};
use crate::domain::access::Action;
use crate::domain::ids::{CompanyId, OfferId, ProductId};
use crate::domain::offer::subject;
use crate::domain::offer_matching::{Counts, Proposal, References};
use crate::error::AppError;
use chrono::NaiveDateTime;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many offers of each kind a dry run names.
const MOST_NAMED: usize = 100;

/// How many lines of the audit trail or keys one statement holds.
const PART: usize = 500;

/// An offer that a dry run names.
#[derive(Clone, Debug)]
pub struct Named {
    /// The offer.
    pub offer: NamedOffer,
    /// What would be done with it.
    pub proposal: Proposal,
    /// The product that is proposed, or that has the reference now.
    pub product: Option<Choosable>,
}

/// What matching would do.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How many offers of each kind.
    pub counts: Counts,
    /// Some offers that would be matched.
    pub matched: Vec<Named>,
    /// Some offers in conflict.
    pub conflicts: Vec<Named>,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// How many offers got a product.
    pub offers: usize,
    /// How many order lines took it.
    pub lines: usize,
}

/// What a person saw before they agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// How many offers would be matched.
    pub same: i64,
    /// How many would be matched by a reference alike.
    pub alike: i64,
    /// Whether these are wanted too.
    pub takes_alike: bool,
}

/// All proposals that are worth telling, in the order of the offers, and how many of each kind there are.
fn proposals(conn: &mut Conn, company: CompanyId) -> Result<(Counts, Vec<(OfferId, Proposal)>), DbError> {
    let products = offer_products::references(conn, company)?;
    let references = References::of(&products);
    let mut counts = Counts::default();
    let mut told = Vec::new();
    for offer in offers::to_match(conn, company)? {
        let proposal = references.propose(&offer);
        counts.add(proposal);
        if !matches!(proposal, Proposal::Held | Proposal::Unknown) {
            told.push((offer.id, proposal));
        }
    }
    Ok((counts, told))
}

/// What matching would do; nothing is written.
pub fn dry_run(conn: &mut Conn, company: CompanyId) -> Result<Report, DbError> {
    let (counts, told) = proposals(conn, company)?;
    let is_conflict = |proposal: &Proposal| matches!(proposal, Proposal::Ambiguous | Proposal::Moved(_));
    let (conflicts, matched): (Vec<_>, Vec<_>) = told.into_iter().partition(|(_, proposal)| is_conflict(proposal));
    Ok(Report { counts, matched: named(conn, company, matched)?, conflicts: named(conn, company, conflicts)? })
}

fn named(conn: &mut Conn, company: CompanyId, mut told: Vec<(OfferId, Proposal)>) -> Result<Vec<Named>, DbError> {
    told.truncate(MOST_NAMED);
    let ids: Vec<OfferId> = told.iter().map(|(id, _)| *id).collect();
    let mut held: HashMap<OfferId, NamedOffer> =
        offers::some(conn, company, &ids)?.into_iter().map(|offer| (offer.row.id, offer)).collect();
    let wanted: Vec<ProductId> = told.iter().filter_map(|(_, proposal)| product_of(*proposal)).collect();
    let products: HashMap<ProductId, Choosable> =
        offer_products::some(conn, company, &wanted)?.into_iter().map(|product| (product.id, product)).collect();
    let name = |(id, proposal): (OfferId, Proposal)| {
        let product = product_of(proposal).and_then(|product| products.get(&product)).cloned();
        Some(Named { offer: held.remove(&id)?, proposal, product })
    };
    Ok(told.into_iter().filter_map(name).collect())
}

const fn product_of(proposal: Proposal) -> Option<ProductId> {
    match proposal {
        Proposal::Same(product) | Proposal::Alike(product) | Proposal::Moved(product) => Some(product),
        Proposal::Ambiguous | Proposal::Held | Proposal::Unknown => None,
    }
}

/// Matches what a person agreed to; answers a new dry run when it is not the same any more.
///
/// Lines that wait for one of these SKUs take the product, and their issues are settled.
pub async fn run(app: &App, actor: &Actor, agreed: Agreed) -> Result<Result<Applied, Report>, AppError> {
    actor.must(Action::MatchOffers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let (counts, told) = proposals(conn, actor.company)?;
        if counts.same != agreed.same || (agreed.takes_alike && counts.alike != agreed.alike) {
            return Ok(Err(dry_run(conn, actor.company)?));
        }
        let chosen: Vec<(OfferId, ProductId)> = told
            .into_iter()
            .filter_map(|(id, proposal)| match proposal {
                Proposal::Same(product) => Some((id, product)),
                Proposal::Alike(product) if agreed.takes_alike => Some((id, product)),
                _ => None,
            })
            .collect();
        offers::match_by_reference(conn, &chosen)?;
        note(conn, &actor, &chosen, now)?;
        let lines = mend_waiting(conn, actor.company, &chosen, now)?;
        Ok::<_, AppError>(Ok(Applied { offers: chosen.len(), lines }))
    })
    .await
}

fn note(conn: &mut Conn, actor: &Actor, chosen: &[(OfferId, ProductId)], now: NaiveDateTime) -> Result<(), AppError> {
    for part in chosen.chunks(PART) {
        let ids: Vec<ProductId> = part.iter().map(|(_, product)| *product).collect();
        let products: HashMap<ProductId, String> = offer_products::some(conn, actor.company, &ids)?
            .into_iter()
            .map(|product| (product.id, product.reference))
            .collect();
        let subjects: Vec<String> = part.iter().map(|(offer, _)| format!("offer {offer}")).collect();
        let events: Vec<NewEvent<'_>> = part
            .iter()
            .zip(&subjects)
            .map(|((_, product), about)| NewEvent {
                new_value: products.get(product).map(String::as_str),
                ..actor.event("offer_matched_in_bulk", about, now)
            })
            .collect();
        audit::insert_all(conn, &events)?;
    }
    Ok(())
}

/// Gives the lines that wait for these offers their products, and settles their issues; answers how many lines.
pub(super) fn mend_waiting(
    conn: &mut Conn,
    company: CompanyId,
    chosen: &[(OfferId, ProductId)],
    now: NaiveDateTime,
) -> Result<usize, AppError> {
    let waiting: HashSet<Sold> = offer_lines::waiting(conn, company)?.into_iter().collect();
    let mut lines = 0;
    for part in chosen.chunks(PART) {
        let products: HashMap<OfferId, ProductId> = part.iter().copied().collect();
        let ids: Vec<OfferId> = part.iter().map(|(offer, _)| *offer).collect();
        let mut settled: BTreeMap<_, Vec<String>> = BTreeMap::new();
        for offer in offers::some(conn, company, &ids)? {
            let row = offer.row;
            settled.entry(row.account_id).or_default().push(subject(&row.marketplace_id, row.sku.as_str()));
            let sold = Sold { account: row.account_id, marketplace: row.marketplace_id, sku: row.sku };
            if let Some(product) = products.get(&row.id).filter(|_| waiting.contains(&sold)) {
                lines += mend(conn, company, &sold, Lines::Waiting, *product, now)?.0;
            }
        }
        for (account, subjects) in settled {
            let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
            decisions::settle(conn, &[account], &[UNMATCHED_SKU], &subjects, now)?;
        }
    }
    Ok(lines)
}
