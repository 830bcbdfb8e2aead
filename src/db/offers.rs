//! Offers as they are read and matched: the list, one offer, and the product behind it.

use super::import::offers::{self as new, OfferRow as NewOffer};
use super::paging::{Choice, MOST_FOUND, Page, Window, choose, window};
use super::portable::Counted;
use super::schema::{accounts, offers, products};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{AccountId, Asin, CompanyId, MarketplaceId, OfferId, ProductId, Sku};
use crate::domain::offer::{self, Behind, MatchedBy, OfferState};
use crate::domain::offer_matching::Offered;
use crate::domain::offer_rows::{Held, Spot};
use chrono::NaiveDateTime;
use diesel::{
    ExpressionMethods, NullableExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};
use std::collections::HashMap;

/// Which offers a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Their account.
    pub account: Choice<AccountId>,
    /// Where they are sold.
    pub marketplace: Choice<MarketplaceId>,
    /// Only those of this product.
    pub product: Choice<ProductId>,
    /// Only those without a product.
    pub unmatched: bool,
    /// Only those whose SKU begins like this; empty for all.
    pub search: String,
}

/// An offer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = offers)]
pub struct OfferRow {
    /// The key.
    pub id: OfferId,
    /// The account.
    pub account_id: AccountId,
    /// Where it is sold.
    pub marketplace_id: MarketplaceId,
    /// The merchant's code.
    pub sku: Sku,
    /// Amazon's catalogue number.
    pub asin: Option<Asin>,
    /// The product.
    pub product_id: Option<ProductId>,
    /// Who found the product.
    pub matched_by: MatchedBy,
    /// Counts the changes, so that two people never overwrite each other.
    pub version: i64,
    /// When it was made.
    pub created_at: NaiveDateTime,
}

/// The product behind an offer.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = products)]
pub struct ProductBehind {
    /// Its internal reference.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// Whether it is not archived.
    pub is_active: bool,
}

/// An offer with what lists show beside it.
#[derive(Clone, Debug, Queryable)]
pub struct NamedOffer {
    /// The offer.
    pub row: OfferRow,
    /// The name of its account.
    pub account: String,
    /// Its product.
    pub product: Option<ProductBehind>,
}

impl NamedOffer {
    /// How it stands; `references` are the products whose reference is a SKU.
    pub fn state(&self, references: &HashMap<String, ProductId>) -> OfferState {
        let is_active = self.product.as_ref().is_some_and(|product| product.is_active);
        let behind = self.row.product_id.map(|product| Behind { product, is_active });
        offer::state(behind, self.row.matched_by, references.get(self.row.sku.as_str()).copied())
    }
}

/// The end of all keys that begin alike: no text that is typed reaches it.
const LAST: char = char::MAX;

/// The offers whose SKU begins like a search, at most [`MOST_FOUND`].
fn searched(conn: &mut Conn, company: CompanyId, filter: &Filter) -> Result<Option<Vec<OfferId>>, DbError> {
    if filter.search.trim().is_empty() {
        return Ok(None);
    }
    let key = offer::key(&filter.search);
    let end = format!("{key}{LAST}");
    Ok(Some(each!(conn, |c| offers::table
        .filter(offers::company_id.eq(company))
        .filter(offers::sku_key.ge(&key))
        .filter(offers::sku_key.lt(&end))
        .limit(MOST_FOUND)
        .select(offers::id)
        .load(c))?))
}

macro_rules! filtered {
    ($company:expr, $filter:expr, $only:expr) => {{
        let filter: &Filter = $filter;
        let mut query = offers::table
            .inner_join(accounts::table)
            .left_join(products::table)
            .filter(offers::company_id.eq($company))
            .into_boxed();
        choose!(query, offers::account_id, filter.account);
        choose!(query, offers::marketplace_id, filter.marketplace);
        if let [only] = filter.product.any.as_slice() {
            query = query.filter(offers::product_id.eq(*only));
        }
        if filter.unmatched {
            query = query.filter(offers::product_id.is_null());
        }
        if let Some(only) = &$only {
            let only: &Vec<OfferId> = only;
            query = query.filter(offers::id.eq_any(only.clone()));
        }
        query
    }};
}

/// One page of offers, the newest first.
pub fn page(conn: &mut Conn, company: CompanyId, filter: &Filter, at: &Window) -> Result<Page<NamedOffer>, DbError> {
    let only = searched(conn, company, filter)?;
    let rows = each!(conn, |c| {
        let mut query = filtered!(company, filter, only);
        window!(query, at, offers::id, offers::id, std::convert::identity);
        at.limited(query.select((OfferRow::as_select(), accounts::name, Option::<ProductBehind>::as_select())))
            .load::<NamedOffer>(c)
    })?;
    Ok(Page::of(rows, at))
}

/// How many offers a filter keeps, as far as they are [`Counted`].
pub fn count(conn: &mut Conn, company: CompanyId, filter: &Filter) -> Result<i64, DbError> {
    let only = searched(conn, company, filter)?;
    Ok(each!(conn, |c| {
        let query = filtered!(company, filter, only).select(offers::id);
        Counted::of(query).get_result::<i64>(c)
    })?)
}

/// The offer with this key, if it is the company's.
pub fn by_id(conn: &mut Conn, company: CompanyId, id: OfferId) -> Result<Option<NamedOffer>, DbError> {
    Ok(each!(conn, |c| {
        offers::table
            .inner_join(accounts::table)
            .left_join(products::table)
            .filter(offers::id.eq(id))
            .filter(offers::company_id.eq(company))
            .select((OfferRow::as_select(), accounts::name, Option::<ProductBehind>::as_select()))
            .first(c)
            .optional()
    })?)
}

/// The offer of a SKU on a marketplace of an account.
pub fn by_sku(
    conn: &mut Conn,
    account: AccountId,
    marketplace: &MarketplaceId,
    sku: &Sku,
) -> Result<Option<OfferRow>, DbError> {
    Ok(each!(conn, |c| {
        offers::table
            .filter(offers::account_id.eq(account))
            .filter(offers::marketplace_id.eq(marketplace))
            .filter(offers::sku.eq(sku))
            .select(OfferRow::as_select())
            .first(c)
            .optional()
    })?)
}

/// The active products whose reference is one of these SKUs; default products are nobody's match.
pub fn references(conn: &mut Conn, company: CompanyId, skus: &[&str]) -> Result<HashMap<String, ProductId>, DbError> {
    let rows: Vec<(String, ProductId)> = each!(conn, |c| products::table
        .filter(products::company_id.eq(company))
        .filter(products::is_active)
        .filter(products::default_for.is_null())
        .filter(products::reference.eq_any(skus.iter().copied()))
        .select((products::reference, products::id))
        .load(c))?;
    Ok(rows.into_iter().collect())
}

/// An offer to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its account.
    pub account: AccountId,
    /// Where it is sold.
    pub marketplace: MarketplaceId,
    /// The merchant's code.
    pub sku: Sku,
    /// Its product, if one was chosen.
    pub product: Option<ProductId>,
    /// Who chose it.
    pub matched_by: MatchedBy,
}

/// Makes offers that are not there yet.
pub fn insert(conn: &mut Conn, company: CompanyId, wanted: &[Wanted], now: NaiveDateTime) -> Result<(), DbError> {
    let rows: Vec<NewOffer<'_>> = wanted
        .iter()
        .map(|one| NewOffer {
            company_id: company,
            account_id: one.account,
            marketplace_id: &one.marketplace,
            sku: &one.sku,
            sku_key: offer::key(one.sku.as_str()),
            asin: None,
            product_id: one.product,
            matched_by: one.matched_by,
            version: 1,
            created_at: now,
        })
        .collect();
    new::insert(conn, &rows)
}

/// Sets the product of an offer that is still as it was seen.
pub fn set_product(
    conn: &mut Conn,
    (id, version): (OfferId, i64),
    product: ProductId,
    matched_by: MatchedBy,
) -> Result<(), DbError> {
    let seen = offers::table.find(id).filter(offers::version.eq(version));
    let change =
        (offers::product_id.eq(product), offers::matched_by.eq(matched_by), offers::version.eq(offers::version + 1));
    exactly_one(each!(conn, |c| diesel::update(seen).set(change).execute(c))?)
}

/// What matching by reference must know of all offers of a company, in their order.
pub fn to_match(conn: &mut Conn, company: CompanyId) -> Result<Vec<Offered>, DbError> {
    let rows: Vec<(OfferId, String, Option<ProductId>, MatchedBy)> = each!(conn, |c| offers::table
        .filter(offers::company_id.eq(company))
        .order(offers::id)
        .select((offers::id, offers::sku, offers::product_id, offers::matched_by))
        .load(c))?;
    Ok(rows.into_iter().map(|(id, sku, product, matched_by)| Offered { id, sku, product, matched_by }).collect())
}

/// The offers with these keys.
pub fn some(conn: &mut Conn, company: CompanyId, ids: &[OfferId]) -> Result<Vec<NamedOffer>, DbError> {
    Ok(each!(conn, |c| {
        offers::table
            .inner_join(accounts::table)
            .left_join(products::table)
            .filter(offers::company_id.eq(company))
            .filter(offers::id.eq_any(ids))
            .order(offers::id)
            .select((OfferRow::as_select(), accounts::name, Option::<ProductBehind>::as_select()))
            .load(c)
    })?)
}

/// Gives offers that have no product the ones whose references their SKUs are.
pub fn match_by_reference(conn: &mut Conn, chosen: &[(OfferId, ProductId)]) -> Result<(), DbError> {
    chosen.iter().try_for_each(|(offer, product)| new::match_by_reference(conn, *offer, *product))
}

/// What is read of an offer before a file changes it: its key, its version, and the reference of its product.
type Read = (OfferId, i64, Option<String>);

/// The offers with these SKUs, on every marketplace of every account of a company.
pub fn by_skus(conn: &mut Conn, company: CompanyId, skus: &[&str]) -> Result<HashMap<Spot, Held>, DbError> {
    // The index is one of keys; two SKUs that differ in case have the same.
    let keys: Vec<String> = skus.iter().map(|sku| offer::key(sku)).collect();
    let rows: Vec<(Spot, Read)> = each!(conn, |c| offers::table
        .left_join(products::table)
        .filter(offers::company_id.eq(company))
        .filter(offers::sku_key.eq_any(&keys))
        .filter(offers::sku.eq_any(skus.iter().copied()))
        .select((
            (offers::account_id, offers::marketplace_id, offers::sku),
            (offers::id, offers::version, products::reference.nullable()),
        ))
        .load(c))?;
    Ok(rows.into_iter().map(|(spot, (id, version, reference))| (spot, Held { id, version, reference })).collect())
}
