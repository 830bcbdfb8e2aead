//! What an order tells about its tax besides amounts: who collects it, in which scheme, and from where the goods left.
//!
//! Nothing here decides which tax applies.

use super::{amazon, told};
use crate::domain::remote::{Collected, ShipFrom, TaxFacts};

/// The tax facts of an order: of its items, and of its first parcel that names a country.
pub(super) fn facts(items: &[amazon::OrderItem], packages: &[amazon::OrderPackage]) -> TaxFacts {
    let collected = items.iter().filter(|item| is_collected(item)).count();
    let has_scheme = |name| items.iter().any(|item| names_scheme(item, name));
    TaxFacts {
        ship_from: packages.iter().find_map(ship_from),
        collected: match collected {
            0 => Collected::None,
            all if all == items.len() => Collected::All,
            _ => Collected::InPart,
        },
        is_ioss: has_scheme("IOSS") || items.iter().any(has_ioss_number),
        is_uoss: has_scheme("UOSS"),
    }
}

fn is_collected(item: &amazon::OrderItem) -> bool {
    let collections = item.tax.iter().flat_map(|tax| &tax.tax_collections);
    collections.into_iter().any(|collection| collection.model.as_deref() == Some("MARKETPLACE_FACILITATOR"))
}

fn names_scheme(item: &amazon::OrderItem, name: &str) -> bool {
    let breakdowns = item.tax.iter().flat_map(|tax| &tax.tax_calculation_breakdowns);
    breakdowns.into_iter().any(|breakdown| breakdown.reporting_scheme.as_deref() == Some(name))
}

fn has_ioss_number(item: &amazon::OrderItem) -> bool {
    let shipping = item.fulfillment.as_ref().and_then(|fulfillment| fulfillment.shipping.as_ref());
    let number = shipping.and_then(|shipping| shipping.international_shipping.as_ref()?.ioss_number.clone());
    told(number).is_some()
}

fn ship_from(package: &amazon::OrderPackage) -> Option<ShipFrom> {
    let address = package.ship_from_address.as_ref()?;
    Some(ShipFrom { country: told(address.country_code.clone())?, postal_code: told(address.postal_code.clone()) })
}
