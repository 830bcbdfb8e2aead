//! Founding the company: its team, its locations, its default products and its usual carriers, in the caller's transaction.
//!
//! An installation has its first company from the first command or the first-run page, whichever comes first.

use crate::db::companies::{self, NewDefaultProduct, NewLocation};
use crate::db::import::surroundings::{CUSTOMERS_CODE, STOCK_CODE};
use crate::db::standard_records::{self, AMAZON_LOCATION, AMAZON_TEAM};
use crate::db::{Conn, DbError};
use crate::domain::ids::{CompanyId, LocationId};
use crate::domain::money::Currency;
use chrono::NaiveDateTime;
use chrono_tz::Tz;

/// The locations of a new company.
const LOCATIONS: &[NewLocation] = &[
    NewLocation { code: STOCK_CODE, name: "WH/Stock", kind: "internal", allow_negative: false },
    // FBA stock is counted by Amazon: what we know may lag behind what was sold.
    NewLocation { code: AMAZON_LOCATION, name: "Amazon", kind: "internal", allow_negative: true },
    NewLocation { code: CUSTOMERS_CODE, name: "Customers", kind: "customer", allow_negative: false },
    NewLocation { code: "Inventory loss", name: "Inventory loss", kind: "loss", allow_negative: false },
    NewLocation { code: "Suppliers", name: "Suppliers", kind: "supplier", allow_negative: false },
];

/// Where goods lie that came back and that nobody can buy; a company has it from the first of them on.
const UNSELLABLE: NewLocation =
    NewLocation { code: "WH/Unsellable", name: "WH/Unsellable", kind: "internal", allow_negative: false };

/// The products that stand for what matches no product of the merchant.
const PRODUCTS: &[NewDefaultProduct] = &[
    NewDefaultProduct { reference: "AMAZON-SALE", name: "Amazon Sale", kind: "goods", default_for: "sale" },
    NewDefaultProduct {
        reference: "AMAZON-SHIPPING",
        name: "Amazon Shipping",
        kind: "service",
        default_for: "shipping",
    },
];

/// What a company is called and where it is.
#[derive(Clone, Debug)]
pub struct Founding {
    /// The name.
    pub name: String,
    /// The country, ISO 3166-1 alpha-2.
    pub country: String,
    /// The currency of the books.
    pub currency: Currency,
    /// The time zone in which days begin.
    pub time_zone: Tz,
}

impl Default for Founding {
    /// A company that nobody described yet; the first-run page describes it.
    fn default() -> Self {
        Self {
            name: "My company".to_owned(),
            country: "FR".to_owned(),
            currency: Currency::EUR,
            time_zone: chrono_tz::Europe::Paris,
        }
    }
}

/// Founds the first company, or describes the one that a command founded before.
pub fn run(conn: &mut Conn, founding: &Founding, now: NaiveDateTime) -> Result<CompanyId, DbError> {
    let Founding { name, country, currency, time_zone } = founding;
    if let Some(company) = standard_records::first_company(conn)? {
        companies::describe(conn, company, name, country, *currency, time_zone.name())?;
        return Ok(company);
    }
    let company = companies::insert(conn, name, country, *currency, time_zone.name(), now)?;
    companies::insert_team(conn, company, AMAZON_TEAM)?;
    for location in LOCATIONS {
        companies::furnish_location(conn, company, *location)?;
    }
    for product in PRODUCTS {
        companies::insert_default_product(conn, company, *product, now)?;
    }
    super::edit_carrier::furnish(conn, company, now)?;
    Ok(company)
}

/// The location of goods that cannot be sold; it is added when it is needed for the first time.
pub(super) fn unsellable(conn: &mut Conn, company: CompanyId) -> Result<LocationId, DbError> {
    companies::furnish_location(conn, company, UNSELLABLE)
}
