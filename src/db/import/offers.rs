//! The offers of the product codes that a page of orders sells: made at the first order of a code.

use crate::db::bulk::ROWS_PER_STATEMENT;
use crate::db::schema::offers;
use crate::db::{Conn, DbError};
use crate::domain::ids::{AccountId, Asin, CompanyId, MarketplaceId, OfferId, ProductId, Sku};
use crate::domain::offer::MatchedBy;
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, Insertable, QueryDsl, RunQueryDsl};

/// One new offer.
#[derive(Debug, Insertable)]
#[diesel(table_name = offers, treat_none_as_default_value = false)]
#[expect(missing_docs, reason = "the columns are described by the table")]
pub struct OfferRow<'a> {
    pub company_id: CompanyId,
    pub account_id: AccountId,
    pub marketplace_id: &'a MarketplaceId,
    pub sku: &'a Sku,
    pub sku_key: String,
    pub asin: Option<&'a Asin>,
    pub product_id: Option<ProductId>,
    pub matched_by: MatchedBy,
    pub version: i64,
    pub created_at: NaiveDateTime,
}

/// Inserts offers; one that is there already is left as it is.
pub fn insert(conn: &mut Conn, rows: &[OfferRow<'_>]) -> Result<(), DbError> {
    for chunk in rows.chunks(ROWS_PER_STATEMENT) {
        each!(&mut *conn, |c| diesel::insert_into(offers::table).values(chunk).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// Gives an offer that has no product the one whose reference is its SKU.
pub fn match_by_reference(conn: &mut Conn, id: OfferId, product: ProductId) -> Result<(), DbError> {
    let waiting = offers::table.find(id).filter(offers::product_id.is_null());
    let change = (
        offers::product_id.eq(product),
        offers::matched_by.eq(MatchedBy::Reference),
        offers::version.eq(offers::version + 1),
    );
    each!(conn, |c| diesel::update(waiting).set(change).execute(c))?;
    Ok(())
}

/// Notes Amazon's catalogue number on an offer that has none, for example one that a person made.
pub fn learn_asin(conn: &mut Conn, id: OfferId, asin: &Asin) -> Result<(), DbError> {
    let unknown = offers::table.find(id).filter(offers::asin.is_null());
    each!(conn, |c| diesel::update(unknown).set(offers::asin.eq(asin)).execute(c))?;
    Ok(())
}
