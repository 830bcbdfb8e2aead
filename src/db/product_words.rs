//! The words by which products are found: kept beside them, so that a search reads an index and not all names.

use super::schema::{product_words as w, products};
use super::{Conn, DbError};
use crate::domain::ids::{CompanyId, ProductId};
use crate::domain::product;
use diesel::dsl::{exists, not};
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use std::collections::BTreeSet;

/// Words per statement.
const ROWS_PER_STATEMENT: usize = 3_000;

/// Up to how many products a search lists by key; beyond, the list is walked in its order and each row is asked.
const MOST_LISTED: i64 = 2_000;

/// What a search means for a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing was searched.
    All,
    /// Exactly these.
    These(Vec<ProductId>),
    /// So many that each row of the list is asked for the words.
    Common,
}

/// The first text after all texts that begin with `word`: no letter comes after the last one of Unicode.
pub(super) fn end(word: &str) -> String {
    format!("{word}\u{10FFFF}")
}

/// A product of the list carries a word that begins with this.
macro_rules! has_word {
    ($word:expr) => {
        exists(
            w::table
                .filter(w::product_id.eq(products::id))
                .filter(w::word.ge($word.clone()))
                .filter(w::word.lt($crate::db::product_words::end($word))),
        )
    };
}
pub(super) use has_word;

/// Looks for products that carry words beginning with all of `words`.
pub fn search(conn: &mut Conn, company: CompanyId, words: &[String]) -> Result<Found, DbError> {
    if words.is_empty() {
        return Ok(Found::All);
    }
    // The longest word is probably the rarest; a search is as rare as its rarest word.
    let mut longest_first: Vec<&String> = words.iter().collect();
    longest_first.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let mut listed = None;
    for word in longest_first {
        let query = w::table
            .filter(w::company_id.eq(company))
            .filter(w::word.ge(word.clone()))
            .filter(w::word.lt(end(word)))
            .select(w::product_id)
            .limit(MOST_LISTED + 1);
        let found: Vec<ProductId> = each!(&mut *conn, |c| query.load(c))?;
        if i64::try_from(found.len()).is_ok_and(|found| found <= MOST_LISTED) {
            listed = Some((word, found));
            break;
        }
    }
    let Some((rarest, found)) = listed else { return Ok(Found::Common) };
    let mut kept: BTreeSet<ProductId> = found.into_iter().collect();
    for word in words.iter().filter(|word| *word != rarest) {
        let query = w::table
            .filter(w::company_id.eq(company))
            .filter(w::word.ge(word.clone()))
            .filter(w::word.lt(end(word)))
            .select(w::product_id)
            .limit(i64::MAX);
        let of_these = query.filter(w::product_id.eq_any(kept.iter().copied().collect::<Vec<_>>()));
        kept = each!(&mut *conn, |c| of_these.load::<ProductId>(c))?.into_iter().collect();
    }
    Ok(Found::These(kept.into_iter().collect()))
}

/// Adds the words of new products.
pub fn insert(conn: &mut Conn, company: CompanyId, of: &[(ProductId, Vec<String>)]) -> Result<(), DbError> {
    let pairs: Vec<(ProductId, &str)> =
        of.iter().flat_map(|(id, words)| words.iter().map(|word| (*id, word.as_str()))).collect();
    for chunk in pairs.chunks(ROWS_PER_STATEMENT) {
        let row = |(id, word): &(ProductId, &str)| {
            (w::product_id.eq(*id), w::word.eq((*word).to_owned()), w::company_id.eq(company))
        };
        let rows: Vec<_> = chunk.iter().map(row).collect();
        each!(&mut *conn, |c| diesel::insert_into(w::table).values(rows).execute(c))?;
    }
    Ok(())
}

/// Replaces the words of a product.
pub fn replace(conn: &mut Conn, company: CompanyId, id: ProductId, words: &[String]) -> Result<(), DbError> {
    each!(&mut *conn, |c| diesel::delete(w::table.filter(w::product_id.eq(id))).execute(c))?;
    insert(conn, company, &[(id, words.to_vec())])
}

/// A product whose words may be missing.
type Wordless = (ProductId, CompanyId, String, String, Option<String>);

/// Adds the words of products that were there before searches were; answers where to go on, or none at the end.
pub fn catch_up(conn: &mut Conn, after: ProductId) -> Result<Option<ProductId>, DbError> {
    let has_any = w::table.filter(w::product_id.eq(products::id));
    let found: Vec<Wordless> = each!(&mut *conn, |c| products::table
        .filter(products::id.gt(after))
        .filter(not(exists(has_any)))
        .order(products::id)
        .limit(500)
        .select((products::id, products::company_id, products::reference, products::name, products::barcode))
        .load(c))?;
    for (id, company, reference, name, barcode) in &found {
        insert(conn, *company, &[(*id, product::words_of(reference, name, barcode.as_deref()))])?;
    }
    Ok(found.last().map(|(id, ..)| *id))
}
