//! Customers as they are read: the list, one customer, and the personal data of the rows that are shown.
//!
//! Names are sealed: only what a page shows is opened, and only for who may see it.

use super::moments::Moment;
use super::paging::{Choice, MOST_FOUND, Page, Window, window};
use super::portable::Counted;
use super::schema::{addresses, customer_words, customers, orders};
use super::{Conn, DbError};
use crate::crypto::Vault;
use crate::domain::ids::{AddressId, CompanyId, CustomerId};
use crate::domain::money::Currency;
use crate::domain::remote::{Buyer, DeliveryAddress};
use chrono::NaiveDateTime;
use diesel::dsl::{count_star, max, sql};
use diesel::sql_types::BigInt;
use diesel::{
    ExpressionMethods, NullableExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::ops::Range;

/// Which customers a list holds.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Their country.
    pub country: Choice<String>,
    /// Businesses only.
    pub business: bool,
    /// Buyers without a name only.
    pub anonymous: bool,
    /// Erased only.
    pub erased: bool,
    /// Only those who carry all these words.
    pub words: Vec<i64>,
}

/// The sealed part of a customer: the name and what else Amazon told of the buyer.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = customers)]
pub struct SealedBuyer {
    /// The owner of the sealed part.
    pub public_id: String,
    /// Amazon told no name.
    pub is_anonymous: bool,
    /// The wrapped key of the sealed part; none once it is erased.
    pub wrapped_key: Option<Vec<u8>>,
    /// The sealed part.
    pub sealed: Option<Vec<u8>>,
}

/// A customer, whose personal data is sealed.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = customers)]
pub struct CustomerRow {
    /// The key.
    pub id: CustomerId,
    /// The sealed part.
    #[diesel(embed)]
    pub buyer: SealedBuyer,
    /// Bought for a business.
    pub is_business: bool,
    /// ISO 3166 country code.
    pub country: Option<String>,
    /// State or region.
    pub region: Option<String>,
    /// The town.
    pub city: Option<String>,
    /// When the customer came here.
    #[diesel(deserialize_as = Moment)]
    pub created_at: NaiveDateTime,
}

/// What a customer bought in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bought {
    /// The currency.
    pub currency: Currency,
    /// How many orders.
    pub orders: i64,
    /// Their total in minor units.
    pub total_minor: i64,
    /// The last order.
    pub last: Option<NaiveDateTime>,
}

macro_rules! filtered {
    ($company:expr, $filter:expr, $customers:expr) => {{
        let filter: &Filter = $filter;
        let mut query = customers::table.filter(customers::company_id.eq($company)).into_boxed();
        if !filter.country.any.is_empty() {
            query = query.filter(customers::country.eq_any(filter.country.any.clone()));
        }
        for country in &filter.country.none {
            query = query.filter(customers::country.ne(country.clone()));
        }
        if filter.business {
            query = query.filter(customers::is_business);
        }
        if filter.anonymous {
            query = query.filter(customers::is_anonymous);
        }
        if filter.erased {
            query = query.filter(customers::wrapped_key.is_null());
        }
        if let Some(only) = &$customers {
            let only: &Vec<CustomerId> = only;
            query = query.filter(customers::id.eq_any(only.clone()));
        }
        query
    }};
}

fn searched(conn: &mut Conn, filter: &Filter) -> Result<Option<Vec<CustomerId>>, DbError> {
    if filter.words.is_empty() { Ok(None) } else { with_words(conn, &filter.words).map(Some) }
}

/// How many customers share a part of the word index.
///
/// A word is random, so in one index of all words each new customer would touch pages all over it. In parts, the words
/// of new customers lie together; a search asks every part, which costs a look-up each.
const PART: i64 = 8_192;

/// How many parts one query asks.
const PARTS_PER_QUERY: i64 = 256;

/// The part of the word index that holds a customer's words.
pub(super) const fn part_of(customer: CustomerId) -> i64 {
    customer.0 / PART
}

/// The customers who carry all these words, the newest first, at most [`MOST_FOUND`].
pub(super) fn with_words(conn: &mut Conn, words: &[i64]) -> Result<Vec<CustomerId>, DbError> {
    let newest: Option<CustomerId> = each!(&mut *conn, |c| customers::table.select(max(customers::id)).first(c))?;
    let mut parts = newest.map_or(0, |newest| part_of(newest) + 1);
    let mut found = Vec::new();
    let most = usize::try_from(MOST_FOUND).unwrap_or(usize::MAX);
    while parts > 0 && found.len() < most {
        let first = parts.saturating_sub(PARTS_PER_QUERY).max(0);
        found.extend(with_words_in(conn, words, first..parts)?);
        parts = first;
    }
    found.truncate(most);
    Ok(found)
}

fn with_words_in(conn: &mut Conn, words: &[i64], parts: Range<i64>) -> Result<Vec<CustomerId>, DbError> {
    let mut left: Option<Vec<CustomerId>> = None;
    for word in words {
        let narrowed = left.take();
        let found: Vec<CustomerId> = each!(&mut *conn, |c| {
            let mut query = customer_words::table
                .filter(customer_words::part.eq_any(parts.clone()))
                .filter(customer_words::word_hash.eq(word))
                .into_boxed();
            if let Some(customers) = &narrowed {
                query = query.filter(customer_words::customer_id.eq_any(customers.clone()));
            }
            query
                .order(customer_words::customer_id.desc())
                .limit(MOST_FOUND)
                .select(customer_words::customer_id)
                .load(c)
        })?;
        if found.is_empty() {
            return Ok(found);
        }
        left = Some(found);
    }
    Ok(left.unwrap_or_default())
}

/// One page of customers, the newest first.
pub fn page(conn: &mut Conn, company: CompanyId, filter: &Filter, at: &Window) -> Result<Page<CustomerRow>, DbError> {
    let only = searched(conn, filter)?;
    let rows = each!(conn, |c| {
        let mut query = filtered!(company, filter, only);
        window!(query, at, customers::id, customers::id, std::convert::identity);
        at.limited(query.select(CustomerRow::as_select())).load::<CustomerRow>(c)
    })?;
    Ok(Page::of(rows, at))
}

/// How many customers a filter keeps, as far as they are [`Counted`].
pub fn count(conn: &mut Conn, company: CompanyId, filter: &Filter) -> Result<i64, DbError> {
    let only = searched(conn, filter)?;
    Ok(each!(conn, |c| {
        let query = filtered!(company, filter, only).select(customers::id);
        Counted::of(query).get_result::<i64>(c)
    })?)
}

/// The customer with this key, if it is the company's.
pub fn by_id(conn: &mut Conn, company: CompanyId, id: CustomerId) -> Result<Option<CustomerRow>, DbError> {
    Ok(each!(conn, |c| {
        customers::table
            .find(id)
            .filter(customers::company_id.eq(company))
            .select(CustomerRow::as_select())
            .first(c)
            .optional()
    })?)
}

/// The sealed parts of the customers with these keys.
pub fn some(conn: &mut Conn, ids: &[CustomerId]) -> Result<HashMap<CustomerId, SealedBuyer>, DbError> {
    let found = customers::table.filter(customers::id.eq_any(ids));
    let rows: Vec<(CustomerId, SealedBuyer)> =
        each!(conn, |c| found.select((customers::id, SealedBuyer::as_select())).load(c))?;
    Ok(rows.into_iter().collect())
}

/// What these customers bought, per currency.
pub fn bought(conn: &mut Conn, ids: &[CustomerId]) -> Result<HashMap<CustomerId, Vec<Bought>>, DbError> {
    let sum = || sql::<BigInt>("CAST(SUM(orders.total_minor) AS BIGINT)");
    let rows: Vec<(CustomerId, Currency, i64, i64, Option<NaiveDateTime>)> = each!(conn, |c| {
        orders::table
            .filter(orders::customer_id.eq_any(ids.to_vec()))
            .group_by((orders::customer_id, orders::currency))
            .select((orders::customer_id, orders::currency, count_star(), sum(), max(orders::ordered_at)))
            .order((orders::customer_id, orders::currency))
            .load(c)
    })?;
    let mut bought: HashMap<CustomerId, Vec<Bought>> = HashMap::new();
    for (customer, currency, orders, total_minor, last) in rows {
        bought.entry(customer).or_default().push(Bought { currency, orders, total_minor, last });
    }
    Ok(bought)
}

/// The countries of the company's customers, in order: from one to the next by an index, however many customers there are.
pub fn countries(conn: &mut Conn, company: CompanyId) -> Result<Vec<String>, DbError> {
    let mut found: Vec<String> = Vec::new();
    loop {
        let last = found.last().map_or("", String::as_str);
        let next = customers::table
            .filter(customers::company_id.eq(company))
            .filter(customers::country.gt(last))
            .order(customers::country)
            .select(customers::country.assume_not_null());
        match each!(&mut *conn, |c| next.first::<String>(c).optional())? {
            Some(country) => found.push(country),
            None => return Ok(found),
        }
    }
}

/// A delivery address; its personal part is sealed.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = addresses)]
pub struct AddressRow {
    /// The key.
    pub id: AddressId,
    /// The owner of the sealed part.
    pub public_id: String,
    /// ISO 3166 country code.
    pub country: Option<String>,
    /// State or region.
    pub region: Option<String>,
    /// The town.
    pub city: Option<String>,
    /// The wrapped key of the sealed part; none once it is erased.
    pub wrapped_key: Option<Vec<u8>>,
    /// The sealed part.
    pub sealed: Option<Vec<u8>>,
}

/// The address with this key.
pub fn address(conn: &mut Conn, id: AddressId) -> Result<Option<AddressRow>, DbError> {
    Ok(each!(conn, |c| addresses::table.find(id).select(AddressRow::as_select()).first(c).optional())?)
}

/// The addresses of a customer, the newest first.
pub fn addresses_of(conn: &mut Conn, customer: CustomerId) -> Result<Vec<AddressRow>, DbError> {
    Ok(each!(conn, |c| {
        addresses::table
            .filter(addresses::customer_id.eq(customer))
            .order(addresses::id.desc())
            .select(AddressRow::as_select())
            .load(c)
    })?)
}

/// What could be read of a sealed record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened<T> {
    /// Its content.
    Known(T),
    /// Nothing was ever sealed, or it was erased.
    Erased,
    /// It is there, but cannot be read with our keys.
    Unreadable,
}

impl SealedBuyer {
    /// Whether it was erased.
    pub const fn is_erased(&self) -> bool {
        self.wrapped_key.is_none() && !self.is_anonymous
    }

    /// Opens the name and what else Amazon told of the buyer.
    pub fn open(&self, vault: &Vault) -> Opened<Buyer> {
        open(vault, self.wrapped_key.as_deref(), self.sealed.as_deref(), &self.public_id)
    }
}

impl AddressRow {
    /// Opens the postal address.
    pub fn open(&self, vault: &Vault) -> Opened<DeliveryAddress> {
        open(vault, self.wrapped_key.as_deref(), self.sealed.as_deref(), &self.public_id)
    }
}

/// Opens a sealed JSON record; what cannot be read is logged by its owner, never by its content.
pub fn open<T: DeserializeOwned>(
    vault: &Vault,
    wrapped_key: Option<&[u8]>,
    sealed: Option<&[u8]>,
    owner: &str,
) -> Opened<T> {
    let (Some(key), Some(body)) = (wrapped_key, sealed) else { return Opened::Erased };
    let read = vault.unseal(key, body, owner).ok().and_then(|text| serde_json::from_slice(&text).ok());
    read.map_or_else(
        || {
            tracing::warn!(record = owner, "a sealed record could not be read");
            Opened::Unreadable
        },
        Opened::Known,
    )
}
