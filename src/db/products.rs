//! Products: the list, one product, and their rows as a person or a file changes them.

use super::paging::{Choice, Page, Window, choose, window};
use super::portable::Counted;
use super::product_words::{self, Found, has_word};
use super::schema::{offers, product_components, product_words as w, products};
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::{CompanyId, ProductId};
use crate::domain::money::{Currency, Money};
use crate::domain::product::{self, Fields, ProductType};
use crate::domain::product_rows::Held;
use chrono::NaiveDateTime;
use diesel::dsl::{count_star, exists, not};
use diesel::{
    ExpressionMethods, NullableExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};
use std::collections::HashMap;

/// Products per statement: a look-up of references stays below the limit of variables of both databases.
pub const ROWS_PER_STATEMENT: usize = 500;

/// Which products a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Their type.
    pub product_type: Choice<ProductType>,
    /// Without a barcode only.
    pub no_barcode: bool,
    /// Only those that no offer sells.
    pub no_offer: bool,
    /// Those that are archived, instead of those in use.
    pub archived: bool,
    /// Carrying words that begin with all of these.
    pub words: Vec<String>,
}

/// What a list of products is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The internal reference.
    Reference,
    /// The name.
    Name,
    /// The sales price.
    Price,
}

/// A product.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = products)]
#[expect(missing_docs, reason = "the columns are described by the domain's Fields")]
pub struct ProductRow {
    pub id: ProductId,
    pub reference: String,
    pub name: String,
    pub barcode: Option<String>,
    pub product_type: ProductType,
    pub price_minor: i64,
    pub cost_minor: i64,
    pub tax_class: String,
    pub default_for: Option<String>,
    pub is_active: bool,
    pub version: i64,
    pub created_at: NaiveDateTime,
}

impl ProductRow {
    /// The product as the rules know it; amounts are in the company's currency.
    pub fn held(&self, currency: Currency) -> Held {
        Held {
            id: self.id,
            fields: Fields {
                reference: self.reference.clone(),
                name: self.name.clone(),
                barcode: self.barcode.clone(),
                product_type: self.product_type,
                price: Money::from_minor(self.price_minor, currency),
                cost: Money::from_minor(self.cost_minor, currency),
                tax_class: self.tax_class.clone(),
            },
            is_active: self.is_active,
            is_default: self.default_for.is_some(),
        }
    }
}

macro_rules! filtered {
    ($company:expr, $filter:expr, $found:expr) => {{
        let filter: &Filter = $filter;
        let mut query = products::table
            .filter(products::company_id.eq($company))
            .filter(products::is_active.eq(!filter.archived))
            .into_boxed();
        choose!(query, products::product_type, filter.product_type);
        if filter.no_barcode {
            query = query.filter(products::barcode.is_null());
        }
        if filter.no_offer {
            query = query.filter(not(exists(offers::table.filter(offers::product_id.eq(products::id.nullable())))));
        }
        match $found {
            Found::All => {}
            Found::These(ids) => query = query.filter(products::id.eq_any(ids.clone())),
            Found::Common => {
                for word in &filter.words {
                    query = query.filter(has_word!(word));
                }
            }
        }
        query
    }};
}

/// One page of products.
pub fn page(
    conn: &mut Conn,
    company: CompanyId,
    filter: &Filter,
    sort: Sort,
    at: &Window,
) -> Result<Page<ProductRow>, DbError> {
    let (found, edge) = (product_words::search(conn, company, &filter.words)?, edge(conn, sort, at)?);
    let rows = each!(conn, |c| {
        let mut query = filtered!(company, filter, &found);
        match sort {
            Sort::Reference => {
                window!(query, at, products::reference, products::id, |_| edge.clone());
            }
            Sort::Name => {
                window!(query, at, products::name, products::id, |_| edge.clone());
            }
            Sort::Price => {
                window!(query, at, products::price_minor, products::id, std::convert::identity);
            }
        }
        at.limited(query.select(ProductRow::as_select())).load::<ProductRow>(c)
    })?;
    Ok(Page::of(rows, at))
}

/// The text at the edge of a page: an address holds only the product's key, and the text is looked up.
fn edge(conn: &mut Conn, sort: Sort, at: &Window) -> Result<String, DbError> {
    let Some(cursor) = at.cursor.filter(|_| sort != Sort::Price) else { return Ok(String::new()) };
    let row: Option<(String, String)> = each!(conn, |c| products::table
        .find(ProductId(cursor.id))
        .select((products::reference, products::name))
        .first(c)
        .optional())?;
    let (reference, name) = row.unwrap_or_default();
    Ok(if sort == Sort::Name { name } else { reference })
}

/// How many products a filter keeps, as far as they are [`Counted`].
pub fn count(conn: &mut Conn, company: CompanyId, filter: &Filter) -> Result<i64, DbError> {
    let found = product_words::search(conn, company, &filter.words)?;
    Ok(each!(conn, |c| {
        let query = filtered!(company, filter, &found).select(products::id);
        Counted::of(query).get_result::<i64>(c)
    })?)
}

/// How many offers sell each of these products; one that none sells is missing.
pub fn offer_counts(conn: &mut Conn, ids: &[ProductId]) -> Result<HashMap<ProductId, i64>, DbError> {
    let rows: Vec<(Option<ProductId>, i64)> = each!(conn, |c| offers::table
        .filter(offers::product_id.eq_any(ids.to_vec()))
        .group_by(offers::product_id)
        .select((offers::product_id, count_star()))
        .load(c))?;
    Ok(rows.into_iter().filter_map(|(product, count)| Some((product?, count))).collect())
}

/// The product with this key, if it is the company's.
pub fn by_id(conn: &mut Conn, company: CompanyId, id: ProductId) -> Result<Option<ProductRow>, DbError> {
    Ok(each!(conn, |c| products::table
        .find(id)
        .filter(products::company_id.eq(company))
        .select(ProductRow::as_select())
        .first(c)
        .optional())?)
}

/// The company's products with these keys.
pub fn some(conn: &mut Conn, company: CompanyId, ids: &[ProductId]) -> Result<Vec<ProductRow>, DbError> {
    Ok(each!(conn, |c| products::table
        .filter(products::id.eq_any(ids.to_vec()))
        .filter(products::company_id.eq(company))
        .order(products::reference)
        .select(ProductRow::as_select())
        .load(c))?)
}

/// The company's products with these references.
pub fn by_references(
    conn: &mut Conn,
    company: CompanyId,
    references: &[&str],
) -> Result<HashMap<String, ProductRow>, DbError> {
    let rows: Vec<ProductRow> = each!(conn, |c| products::table
        .filter(products::company_id.eq(company))
        .filter(products::reference.eq_any(references.iter().copied()))
        .select(ProductRow::as_select())
        .load(c))?;
    Ok(rows.into_iter().map(|row| (row.reference.clone(), row)).collect())
}

/// The keys of the company's products with these references.
pub fn keys(conn: &mut Conn, company: CompanyId, references: &[&str]) -> Result<Vec<(String, ProductId)>, DbError> {
    Ok(each!(conn, |c| products::table
        .filter(products::company_id.eq(company))
        .filter(products::reference.eq_any(references.iter().copied()))
        .select((products::reference, products::id))
        .load(c))?)
}

/// The company's products after a reference, for exports; archived ones as well.
pub fn after(conn: &mut Conn, company: CompanyId, reference: &str, limit: i64) -> Result<Vec<ProductRow>, DbError> {
    Ok(each!(conn, |c| products::table
        .filter(products::company_id.eq(company))
        .filter(products::reference.gt(reference))
        .order(products::reference)
        .limit(limit)
        .select(ProductRow::as_select())
        .load(c))?)
}

/// Adds products with their words; answers their keys in the same order.
pub fn insert(
    conn: &mut Conn,
    company: CompanyId,
    new: &[(Fields, bool)],
    now: NaiveDateTime,
) -> Result<Vec<ProductId>, DbError> {
    let mut ids = Vec::with_capacity(new.len());
    for chunk in new.chunks(ROWS_PER_STATEMENT) {
        let row = |(fields, is_active): &(Fields, bool)| {
            (
                (products::company_id.eq(company), products::is_active.eq(*is_active), products::created_at.eq(now)),
                products::reference.eq(fields.reference.clone()),
                products::name.eq(fields.name.clone()),
                products::barcode.eq(fields.barcode.clone()),
                products::kind.eq(fields.product_type.kind()),
                products::product_type.eq(fields.product_type),
                products::price_minor.eq(fields.price.minor()),
                products::cost_minor.eq(fields.cost.minor()),
                products::tax_class.eq(fields.tax_class.clone()),
                products::version.eq(1_i64),
            )
        };
        let rows: Vec<_> = chunk.iter().map(row).collect();
        let created: Vec<(String, ProductId)> = each!(&mut *conn, |c| diesel::insert_into(products::table)
            .values(rows)
            .returning((products::reference, products::id))
            .get_results(c))?;
        let keys: HashMap<String, ProductId> = created.into_iter().collect();
        let key = |fields: &Fields| keys.get(&fields.reference).copied().ok_or(diesel::result::Error::NotFound);
        let mut words = Vec::with_capacity(chunk.len());
        for (fields, _) in chunk {
            let id = key(fields)?;
            ids.push(id);
            words.push((id, product::words_of(&fields.reference, &fields.name, fields.barcode.as_deref())));
        }
        product_words::insert(conn, company, &words)?;
    }
    Ok(ids)
}

/// Changes the fields of a product; fails when its version is another one by now.
pub fn update(
    conn: &mut Conn,
    company: CompanyId,
    (id, version): (ProductId, Option<i64>),
    new: &Fields,
    is_active: bool,
) -> Result<(), DbError> {
    let values = (
        products::reference.eq(&new.reference),
        products::name.eq(&new.name),
        products::barcode.eq(&new.barcode),
        products::kind.eq(new.product_type.kind()),
        products::product_type.eq(new.product_type),
        products::price_minor.eq(new.price.minor()),
        products::cost_minor.eq(new.cost.minor()),
        products::tax_class.eq(&new.tax_class),
        products::is_active.eq(is_active),
        products::version.eq(products::version + 1),
    );
    let target = products::table.find(id).filter(products::company_id.eq(company));
    exactly_one(match version {
        Some(version) => {
            each!(&mut *conn, |c| diesel::update(target.filter(products::version.eq(version))).set(values).execute(c))?
        }
        None => each!(&mut *conn, |c| diesel::update(target).set(values).execute(c))?,
    })?;
    product_words::replace(conn, company, id, &product::words_of(&new.reference, &new.name, new.barcode.as_deref()))
}

/// Archives products, or takes them back into use; answers how many changed. Default products stay in use.
pub fn set_active(conn: &mut Conn, company: CompanyId, ids: &[ProductId], is_active: bool) -> Result<usize, DbError> {
    let target = products::table
        .filter(products::id.eq_any(ids.to_vec()))
        .filter(products::company_id.eq(company))
        .filter(products::is_active.eq(!is_active))
        .filter(products::default_for.is_null());
    let values = (products::is_active.eq(is_active), products::version.eq(products::version + 1));
    Ok(each!(conn, |c| diesel::update(target).set(values).execute(c))?)
}

/// Counts a change of what belongs to a product, for example its components.
pub fn touch(conn: &mut Conn, company: CompanyId, id: ProductId, version: i64) -> Result<(), DbError> {
    let target =
        products::table.find(id).filter(products::company_id.eq(company)).filter(products::version.eq(version));
    exactly_one(each!(conn, |c| diesel::update(target).set(products::version.eq(version + 1)).execute(c))?)
}

/// Whether a product has components, for the rule about its type.
pub fn has_components(conn: &mut Conn, id: ProductId) -> Result<bool, DbError> {
    let parts = product_components::table.filter(product_components::kit_id.eq(id));
    Ok(each!(conn, |c| diesel::select(exists(parts)).get_result(c))?)
}

/// The product with this internal reference or barcode.
pub fn by_code(conn: &mut Conn, company: CompanyId, code: &str) -> Result<Option<ProductId>, DbError> {
    let own = || products::table.filter(products::company_id.eq(company)).order(products::id).select(products::id);
    let found: Option<ProductId> =
        each!(&mut *conn, |c| own().filter(products::reference.eq(code)).first(c).optional())?;
    match found {
        Some(id) => Ok(Some(id)),
        None => Ok(each!(conn, |c| own().filter(products::barcode.eq(code)).first(c).optional())?),
    }
}
