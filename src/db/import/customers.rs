//! Customers and their delivery addresses: found again by keyed reference, else created.

use crate::crypto::Sealed;
use crate::db::customers::part_of;
use crate::db::schema::{addresses, customer_words, customers};
use crate::db::{Conn, DbError};
use crate::domain::ids::{AddressId, CompanyId, CustomerId};
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, Insertable, QueryDsl, RunQueryDsl};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What stays readable of a place, for taxes and reports.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// ISO 3166 country code.
    pub country: Option<String>,
    /// State, region or county.
    pub region: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// The first characters of the postal code.
    pub postcode_area: Option<String>,
}

/// A customer to find or create.
#[derive(Clone, Debug)]
pub struct Customer {
    /// The keyed reference by which the customer is found again.
    pub buyer_ref: String,
    /// The public identity, for which the personal data is sealed.
    pub public_id: String,
    /// Whether this is a business buyer.
    pub is_business: bool,
    /// Whether Amazon told nothing about the buyer.
    pub is_anonymous: bool,
    /// Where the customer is.
    pub place: Place,
    /// The personal data, sealed.
    pub sealed: Option<Sealed>,
    /// Keyed hashes of the words by which the customer can be searched.
    pub words: Vec<i64>,
}

/// A delivery address to find or create.
#[derive(Clone, Debug)]
pub struct Address {
    /// The keyed reference by which the address is found again.
    pub reference: String,
    /// The public identity, for which the personal data is sealed.
    pub public_id: String,
    /// Where it is.
    pub place: Place,
    /// The personal data, sealed.
    pub sealed: Option<Sealed>,
}

#[derive(Insertable)]
#[diesel(table_name = customers, treat_none_as_default_value = false)]
struct CustomerRow<'a> {
    company_id: CompanyId,
    buyer_ref: &'a str,
    public_id: &'a str,
    is_business: bool,
    is_anonymous: bool,
    country: Option<&'a str>,
    region: Option<&'a str>,
    city: Option<&'a str>,
    postcode_area: Option<&'a str>,
    wrapped_key: Option<&'a [u8]>,
    sealed: Option<&'a [u8]>,
    created_at: NaiveDateTime,
}

#[derive(Insertable)]
#[diesel(table_name = customer_words, treat_none_as_default_value = false)]
struct WordRow {
    part: i64,
    word_hash: i64,
    customer_id: CustomerId,
}

#[derive(Insertable)]
#[diesel(table_name = addresses, treat_none_as_default_value = false)]
struct AddressRow<'a> {
    customer_id: CustomerId,
    address_ref: &'a str,
    public_id: &'a str,
    country: Option<&'a str>,
    region: Option<&'a str>,
    city: Option<&'a str>,
    postcode_area: Option<&'a str>,
    wrapped_key: Option<&'a [u8]>,
    sealed: Option<&'a [u8]>,
    created_at: NaiveDateTime,
}

/// Customers by their reference.
#[derive(Debug)]
pub struct Customers {
    /// The key of each.
    pub keys: HashMap<String, CustomerId>,
    /// Those that were there before.
    pub known: BTreeSet<CustomerId>,
}

/// The customers of a company that carry one of these references.
macro_rules! with_references {
    ($company:expr, $references:expr) => {
        customers::table.filter(customers::company_id.eq($company)).filter(customers::buyer_ref.eq_any($references))
    };
}

/// The keys of these customers by their reference; those not held yet are created.
pub fn find_or_create<'a>(
    conn: &mut Conn,
    company: CompanyId,
    wanted: impl Iterator<Item = &'a Customer>,
    now: NaiveDateTime,
) -> Result<Customers, DbError> {
    let wanted: BTreeMap<&str, &Customer> = wanted.map(|customer| (customer.buyer_ref.as_str(), customer)).collect();
    let held: Vec<(String, CustomerId)> = each!(&mut *conn, |c| with_references!(company, wanted.keys().copied())
        .select((customers::buyer_ref, customers::id))
        .load(c))?;
    let mut keys: HashMap<String, CustomerId> = held.into_iter().collect();
    let known = keys.values().copied().collect();
    let missing: Vec<&Customer> = wanted.into_values().filter(|one| !keys.contains_key(&one.buyer_ref)).collect();
    let rows: Vec<CustomerRow<'_>> = missing.iter().map(|customer| customer_row(company, customer, now)).collect();
    let created = insert_keyed!(
        conn,
        customers::table,
        &rows,
        (customers::buyer_ref, customers::id) => (String, CustomerId),
        with_references!(company, rows.iter().map(|row| row.buyer_ref))
    );
    keys.extend(created);
    let words: Vec<WordRow> = missing
        .iter()
        .filter_map(|customer| keys.get(&customer.buyer_ref).map(|id| (customer, *id)))
        .flat_map(|(customer, customer_id)| {
            let part = part_of(customer_id);
            customer.words.iter().map(move |word_hash| WordRow { part, word_hash: *word_hash, customer_id })
        })
        .collect();
    insert_rows!(conn, customer_words::table, &words);
    Ok(Customers { keys, known })
}

fn customer_row(company_id: CompanyId, customer: &Customer, created_at: NaiveDateTime) -> CustomerRow<'_> {
    CustomerRow {
        company_id,
        buyer_ref: &customer.buyer_ref,
        public_id: &customer.public_id,
        is_business: customer.is_business,
        is_anonymous: customer.is_anonymous,
        country: customer.place.country.as_deref(),
        region: customer.place.region.as_deref(),
        city: customer.place.city.as_deref(),
        postcode_area: customer.place.postcode_area.as_deref(),
        wrapped_key: customer.sealed.as_ref().map(|sealed| sealed.wrapped_key.as_slice()),
        sealed: customer.sealed.as_ref().map(|sealed| sealed.body.as_slice()),
        created_at,
    }
}

/// The keys of these addresses by customer and reference; those not held yet are created.
///
/// `known` are the customers that may have addresses already; a new one has none. All addresses of a customer are read, who
/// has few: with the references in the condition as well, PostgreSQL read the whole table for each page of orders.
pub fn find_or_create_addresses<'a>(
    conn: &mut Conn,
    wanted: impl Iterator<Item = (CustomerId, &'a Address)>,
    known: &BTreeSet<CustomerId>,
    now: NaiveDateTime,
) -> Result<HashMap<(CustomerId, String), AddressId>, DbError> {
    let wanted: BTreeMap<(CustomerId, &str), &Address> =
        wanted.map(|(customer, address)| ((customer, address.reference.as_str()), address)).collect();
    let owners: BTreeSet<CustomerId> =
        wanted.keys().map(|(customer, _)| *customer).filter(|customer| known.contains(customer)).collect();
    let held: Vec<(CustomerId, String, AddressId)> = each!(&mut *conn, |c| addresses::table
        .filter(addresses::customer_id.eq_any(owners))
        .select((addresses::customer_id, addresses::address_ref, addresses::id))
        .load(c))?;
    let among_wanted = |(customer, reference, id): (CustomerId, String, AddressId)| {
        wanted.contains_key(&(customer, reference.as_str())).then_some(((customer, reference), id))
    };
    let mut keys: HashMap<(CustomerId, String), AddressId> = held.into_iter().filter_map(among_wanted).collect();
    let rows: Vec<AddressRow<'_>> = wanted
        .iter()
        .filter(|((customer, reference), _)| !keys.contains_key(&(*customer, (*reference).to_owned())))
        .map(|((customer_id, address_ref), address)| AddressRow {
            customer_id: *customer_id,
            address_ref,
            public_id: &address.public_id,
            country: address.place.country.as_deref(),
            region: address.place.region.as_deref(),
            city: address.place.city.as_deref(),
            postcode_area: address.place.postcode_area.as_deref(),
            wrapped_key: address.sealed.as_ref().map(|sealed| sealed.wrapped_key.as_slice()),
            sealed: address.sealed.as_ref().map(|sealed| sealed.body.as_slice()),
            created_at: now,
        })
        .collect();
    let created = insert_keyed!(
        conn,
        addresses::table,
        &rows,
        (addresses::customer_id, addresses::address_ref, addresses::id) => (CustomerId, String, AddressId),
        addresses::table.filter(addresses::customer_id.eq_any(rows.iter().map(|row| row.customer_id)))
    );
    keys.extend(created.into_iter().filter_map(among_wanted));
    Ok(keys)
}
