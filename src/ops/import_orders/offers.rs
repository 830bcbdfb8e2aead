//! Every SKU that is sold has an offer from its first order on, also one without a product.
//!
//! An offer without product keeps none, instead of the default product: so it stays visible as unmatched, the default
//! product may be exchanged, and a product that gets the SKU as its reference later is found at the next order.

use super::{Around, Decided};
use crate::db::Conn;
use crate::db::import::offers::{self, OfferRow};
use crate::domain::ids::{MarketplaceId, Sku};
use crate::domain::offer::{MatchedBy, key};
use crate::domain::remote::RemoteItem;
use crate::domain::sync::Plan;
use crate::error::AppError;
use std::collections::BTreeMap;

/// Makes the offers that the written orders lack, in one statement; a page whose SKUs are all known costs nothing.
pub(super) fn run(conn: &mut Conn, around: &Around, decided: &[Decided<'_>]) -> Result<(), AppError> {
    let mut sold: BTreeMap<(&MarketplaceId, &Sku), &RemoteItem> = BTreeMap::new();
    for one in decided.iter().filter(|one| matches!(one.decision.plan, Plan::Create(_) | Plan::Update(_))) {
        let remote = &one.order.remote;
        for item in &remote.items {
            if let Some(sku) = &item.sku {
                sold.entry((&remote.marketplace, sku)).or_insert(item);
            }
        }
    }
    let mut rows = Vec::new();
    for ((marketplace, sku), item) in sold {
        let by_reference = around.catalogue.by_reference(sku);
        let Some(known) = around.catalogue.offer(marketplace, sku) else {
            rows.push(OfferRow {
                company_id: around.registration.company,
                account_id: around.registration.account,
                marketplace_id: marketplace,
                sku,
                sku_key: key(sku.as_str()),
                asin: item.asin.as_ref(),
                product_id: by_reference,
                matched_by: if by_reference.is_some() { MatchedBy::Reference } else { MatchedBy::Nobody },
                version: 1,
                created_at: around.now,
            });
            continue;
        };
        if let (None, Some(product)) = (known.product, by_reference) {
            offers::match_by_reference(conn, known.id, product)?;
        }
        if let (false, Some(asin)) = (known.has_asin, &item.asin) {
            offers::learn_asin(conn, known.id, asin)?;
        }
    }
    Ok(offers::insert(conn, &rows)?)
}
