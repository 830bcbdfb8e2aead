//! The products among which the one of an offer is chosen: found by reference or name, and candidates for a SKU.
//!
//! Default products and archived ones are never among them.

use super::schema::{offers, products};
use super::{Conn, DbError};
use crate::domain::ids::{Asin, CompanyId, MarketplaceId, OfferId, ProductId, Sku};
use crate::domain::offer::key;
use crate::domain::offer_suggestions::{Candidate, SHORTEST_WORD, Unmatched, words};
use diesel::dsl::sql;
use diesel::sql_types::Text;
use diesel::{
    BoolExpressionMethods, EscapeExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods,
    OptionalExtension, QueryDsl, Queryable, RunQueryDsl, TextExpressionMethods,
};

/// A product that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Choosable {
    /// The key.
    pub id: ProductId,
    /// Its internal reference.
    pub reference: String,
    /// Its name.
    pub name: String,
}

/// How many products a search shows.
pub const MOST_SHOWN: i64 = 20;

/// How many products with a word in common are compared with a title.
const MOST_COMPARED: i64 = 500;

/// A reference without case, spaces and dashes, as both databases spell it.
const REFERENCE_KEY: &str = "lower(replace(replace(replace(products.reference, ' ', ''), '-', ''), '_', ''))";

macro_rules! choosable {
    ($company:expr) => {
        products::table
            .filter(products::company_id.eq($company))
            .filter(products::is_active)
            .filter(products::default_for.is_null())
    };
}

/// The product with this key, if it can be chosen.
pub fn by_id(conn: &mut Conn, company: CompanyId, id: ProductId) -> Result<Option<Choosable>, DbError> {
    Ok(each!(conn, |c| choosable!(company)
        .filter(products::id.eq(id))
        .select((products::id, products::reference, products::name))
        .first(c)
        .optional())?)
}

/// The product with exactly this reference, if it can be chosen.
pub fn by_reference(conn: &mut Conn, company: CompanyId, reference: &str) -> Result<Option<Choosable>, DbError> {
    Ok(each!(conn, |c| choosable!(company)
        .filter(products::reference.eq(reference))
        .select((products::id, products::reference, products::name))
        .first(c)
        .optional())?)
}

/// Whether a product of the company has this reference, archived and default ones included.
pub fn is_taken(conn: &mut Conn, company: CompanyId, reference: &str) -> Result<bool, DbError> {
    let held = products::table.filter(products::company_id.eq(company)).filter(products::reference.eq(reference));
    Ok(each!(conn, |c| diesel::select(diesel::dsl::exists(held)).get_result(c))?)
}

/// A pattern that finds a text anywhere, its own wildcards taken literally.
fn anywhere(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// The products whose reference or name holds a text, the exact reference first, at most [`MOST_SHOWN`].
pub fn search(conn: &mut Conn, company: CompanyId, text: &str) -> Result<Vec<Choosable>, DbError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<Choosable> = by_reference(conn, company, text)?.into_iter().collect();
    let pattern = anywhere(text);
    let rows: Vec<Choosable> = each!(conn, |c| choosable!(company)
        .filter(
            sql::<Text>("lower(products.reference)").like(&pattern).escape('\\').or(sql::<Text>(
                "lower(products.name)"
            )
            .like(&pattern)
            .escape('\\'))
        )
        .order((products::reference, products::id))
        .limit(MOST_SHOWN)
        .select((products::id, products::reference, products::name))
        .load(c))?;
    found.extend(rows.into_iter().filter(|row| row.reference != text));
    Ok(found)
}

/// The products that a SKU may be: with a reference alike, an offer of the same catalogue number, or a name with a word
/// of the title.
pub fn candidates(
    conn: &mut Conn,
    company: CompanyId,
    unmatched: &Unmatched,
    except: Option<OfferId>,
) -> Result<Vec<Candidate>, DbError> {
    let plain =
        |row: Choosable| Candidate { product: row.id, reference: row.reference, name: row.name, same_asin: None };
    let alike: Vec<Choosable> = each!(&mut *conn, |c| choosable!(company)
        .filter(sql::<Text>(REFERENCE_KEY).eq(key(unmatched.sku.as_str())))
        .limit(MOST_SHOWN)
        .select((products::id, products::reference, products::name))
        .load(c))?;
    let mut found: Vec<Candidate> = alike.into_iter().map(plain).collect();
    found.extend(by_reference(conn, company, unmatched.sku.as_str())?.map(plain));
    if let Some(asin) = &unmatched.asin {
        found.extend(with_asin(conn, company, asin, except)?);
    }
    found.extend(with_words(conn, company, &unmatched.title)?.into_iter().map(plain));
    Ok(found)
}

fn with_asin(
    conn: &mut Conn,
    company: CompanyId,
    asin: &Asin,
    except: Option<OfferId>,
) -> Result<Vec<Candidate>, DbError> {
    let rows: Vec<(Choosable, Sku, MarketplaceId)> = each!(conn, |c| choosable!(company)
        .inner_join(offers::table.on(offers::product_id.eq(products::id.nullable())))
        .filter(offers::company_id.eq(company))
        .filter(offers::asin.eq(asin))
        .filter(offers::id.ne(except.unwrap_or(OfferId(0))))
        .order(offers::id)
        .limit(MOST_SHOWN)
        .select(((products::id, products::reference, products::name), offers::sku, offers::marketplace_id))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(row, sku, marketplace)| Candidate {
            product: row.id,
            reference: row.reference,
            name: row.name,
            same_asin: Some((sku, marketplace)),
        })
        .collect())
}

/// The newest products whose name holds one of the longest words of a title, read in one pass.
fn with_words(conn: &mut Conn, company: CompanyId, title: &str) -> Result<Vec<Choosable>, DbError> {
    let mut all: Vec<String> = words(title).into_iter().filter(|word| word.chars().count() >= SHORTEST_WORD).collect();
    all.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let Some(first) = all.first().map(|word| anywhere(word)) else { return Ok(Vec::new()) };
    let nth = |place: usize| all.get(place).map_or_else(|| first.clone(), |word| anywhere(word));
    let (second, third) = (nth(1), nth(2));
    let holds = |pattern: &str| sql::<Text>("lower(products.name)").like(pattern.to_owned()).escape('\\');
    Ok(each!(conn, |c| choosable!(company)
        .filter(holds(&first).or(holds(&second)).or(holds(&third)))
        .order(products::id.desc())
        .limit(MOST_COMPARED)
        .select((products::id, products::reference, products::name))
        .load(c))?)
}

/// The reference of a product, whatever became of it.
pub fn reference_of(conn: &mut Conn, id: ProductId) -> Result<String, DbError> {
    Ok(each!(conn, |c| products::table.find(id).select(products::reference).first(c))?)
}

/// All products that can be chosen, with their references.
pub fn references(conn: &mut Conn, company: CompanyId) -> Result<Vec<(ProductId, String)>, DbError> {
    Ok(each!(conn, |c| choosable!(company).select((products::id, products::reference)).load(c))?)
}

/// The products with these keys, archived ones included.
pub fn some(conn: &mut Conn, company: CompanyId, ids: &[ProductId]) -> Result<Vec<Choosable>, DbError> {
    Ok(each!(conn, |c| products::table
        .filter(products::company_id.eq(company))
        .filter(products::id.eq_any(ids))
        .select((products::id, products::reference, products::name))
        .load(c))?)
}
