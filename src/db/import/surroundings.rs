//! What an import needs to know about the company around the orders: registration, products, locations.

use crate::db::schema::{account_marketplaces, accounts, carriers, companies, locations, offers, products};
use crate::db::{Conn, DbError};
use crate::domain::account::{Override, Registration};
use crate::domain::ids::{
    AccountId, Asin, CarrierId, CompanyId, LocationId, MarketplaceId, OfferId, ProductId, SellerId, Sku, TeamId,
};
use crate::domain::tax::rates::TaxClass;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl,
    RunQueryDsl,
};
use std::collections::HashMap;

/// A followed marketplace: its registration, itself, the registration's name, and what it has of its own.
type Followed = (AccountId, MarketplaceId, String, Option<TeamId>, Option<LocationId>, Option<CarrierId>);

/// Company, seller, team, location and carrier of an account.
type Of = (CompanyId, SellerId, TeamId, LocationId, Option<CarrierId>);

/// The registration of an account, with the marketplaces that other registrations of the seller follow.
pub fn registration(conn: &mut Conn, account: AccountId) -> Result<Registration, DbError> {
    use account_marketplaces as m;
    // A carrier that is no longer offered is nobody's usual one.
    let (company, seller, team, location, carrier): Of = each!(&mut *conn, |c| accounts::table
        .left_join(carriers::table.on(accounts::carrier_id.eq(carriers::id.nullable()).and(carriers::is_active)))
        .filter(accounts::id.eq(account))
        .select((
            accounts::company_id,
            accounts::seller_id,
            accounts::team_id,
            accounts::location_id,
            carriers::id.nullable(),
        ))
        .first(c))?;
    let followed: Vec<Followed> = each!(&mut *conn, |c| m::table
        .inner_join(accounts::table.on(accounts::id.eq(m::account_id)))
        .left_join(carriers::table.on(m::carrier_id.eq(carriers::id.nullable()).and(carriers::is_active)))
        .filter(m::seller_id.eq(&seller))
        .filter(m::is_active)
        .order(m::marketplace_id)
        .select((m::account_id, m::marketplace_id, accounts::name, m::team_id, m::location_id, carriers::id.nullable()))
        .load(c))?;
    let (mut marketplaces, mut elsewhere, mut overrides) = (Vec::new(), Vec::new(), Vec::new());
    for (owner, marketplace, name, team, location, carrier) in followed {
        if owner == account {
            overrides.push((marketplace.clone(), Override { team, location, carrier }));
            marketplaces.push(marketplace);
        } else {
            elsewhere.push((marketplace, name));
        }
    }
    let siblings = each!(conn, |c| accounts::table
        .filter(accounts::company_id.eq(company))
        .filter(accounts::seller_id.eq(&seller))
        .order(accounts::id)
        .select(accounts::id)
        .load(c))?;
    Ok(Registration { account, company, seller, team, location, carrier, marketplaces, elsewhere, overrides, siblings })
}

/// The zone in which a company's business days are counted (IANA name).
pub fn time_zone(conn: &mut Conn, company: CompanyId) -> Result<String, DbError> {
    Ok(each!(conn, |c| companies::table.find(company).select(companies::time_zone).first(c))?)
}

/// The records that every company has from its first day.
#[derive(Clone, Copy, Debug)]
pub struct Standard {
    /// The product *Amazon Sale*.
    pub sale: ProductId,
    /// The product *Amazon Shipping*.
    pub shipping: ProductId,
    /// The merchant's own stock.
    pub stock: LocationId,
    /// Where goods go when they are sold.
    pub customers: LocationId,
}

/// The code of the merchant's own stock location.
pub const STOCK_CODE: &str = "WH/Stock";
/// The code of the location of sold goods.
pub const CUSTOMERS_CODE: &str = "Customers";

/// The standard records of a company; `None` when one of them is missing.
pub fn standard(conn: &mut Conn, company: CompanyId) -> Result<Option<Standard>, DbError> {
    let defaults: Vec<(ProductId, Option<String>)> = each!(conn, |c| products::table
        .filter(products::company_id.eq(company))
        .filter(products::default_for.is_not_null())
        .select((products::id, products::default_for))
        .load(c))?;
    let product = |what: &str| defaults.iter().find(|(_, role)| role.as_deref() == Some(what)).map(|(id, _)| *id);
    let mut location = |code: &str| -> Result<Option<LocationId>, DbError> {
        Ok(each!(&mut *conn, |c| locations::table
            .filter(locations::company_id.eq(company))
            .filter(locations::code.eq(code))
            .select(locations::id)
            .first(c)
            .optional())?)
    };
    let (stock, customers) = (location(STOCK_CODE)?, location(CUSTOMERS_CODE)?);
    Ok((|| {
        Some(Standard { sale: product("sale")?, shipping: product("shipping")?, stock: stock?, customers: customers? })
    })())
}

/// An offer that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldOffer {
    /// The offer.
    pub id: OfferId,
    /// Its product; none while it is unmatched.
    pub product: Option<ProductId>,
    /// Whether Amazon's catalogue number is known.
    pub has_asin: bool,
}

/// The products behind product codes: by offer first, then by internal reference.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    by_offer: HashMap<(String, String), HeldOffer>,
    by_reference: HashMap<String, ProductId>,
    /// The tax classes of those that are not in the usual one.
    classes: HashMap<ProductId, TaxClass>,
}

impl Catalogue {
    /// The product behind a product code on a marketplace.
    pub fn product(&self, marketplace: &MarketplaceId, sku: &Sku) -> Option<ProductId> {
        self.offer(marketplace, sku).and_then(|offer| offer.product).or_else(|| self.by_reference(sku))
    }

    /// How a product is taxed.
    pub fn tax_class(&self, product: ProductId) -> TaxClass {
        self.classes.get(&product).copied().unwrap_or(TaxClass::Standard)
    }

    /// Every product that was found.
    pub fn products(&self) -> impl Iterator<Item = ProductId> + '_ {
        let by_offer = self.by_offer.values().filter_map(|offer| offer.product);
        by_offer.chain(self.by_reference.values().copied())
    }

    /// The offer of a product code on a marketplace.
    pub fn offer(&self, marketplace: &MarketplaceId, sku: &Sku) -> Option<&HeldOffer> {
        self.by_offer.get(&(marketplace.0.clone(), sku.0.clone()))
    }

    /// The product whose internal reference is the product code.
    pub fn by_reference(&self, sku: &Sku) -> Option<ProductId> {
        self.by_reference.get(&sku.0).copied()
    }
}

/// Marketplace, SKU, key, product and catalogue number of an offer.
type OfferColumns = (String, String, OfferId, Option<ProductId>, Option<Asin>);

/// The products behind these product codes.
pub fn catalogue(conn: &mut Conn, registration: &Registration, skus: &[&str]) -> Result<Catalogue, DbError> {
    let offers: Vec<OfferColumns> = each!(&mut *conn, |c| offers::table
        .filter(offers::account_id.eq(registration.account))
        .filter(offers::sku.eq_any(skus.iter().copied()))
        .select((offers::marketplace_id, offers::sku, offers::id, offers::product_id, offers::asin))
        .load(c))?;
    let references: Vec<(String, ProductId)> = each!(&mut *conn, |c| products::table
        .filter(products::company_id.eq(registration.company))
        .filter(products::is_active.eq(true))
        .filter(products::default_for.is_null())
        .filter(products::reference.eq_any(skus.iter().copied()))
        .select((products::reference, products::id))
        .load(c))?;
    let held = |(marketplace, sku, id, product, asin): OfferColumns| {
        ((marketplace, sku), HeldOffer { id, product, has_asin: asin.is_some() })
    };
    let by_offer: HashMap<_, _> = offers.into_iter().map(held).collect();
    let mut found: Vec<ProductId> = by_offer.values().filter_map(|offer: &HeldOffer| offer.product).collect();
    found.extend(references.iter().map(|(_, product)| *product));
    let classes: Vec<(ProductId, TaxClass)> = each!(conn, |c| products::table
        .filter(products::id.eq_any(found))
        .filter(products::tax_class.ne(TaxClass::Standard))
        .select((products::id, products::tax_class))
        .load(c))?;
    Ok(Catalogue { by_offer, by_reference: references.into_iter().collect(), classes: classes.into_iter().collect() })
}
