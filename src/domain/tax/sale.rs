//! What the tax of one sale depends on: facts without personal data, so that they can be kept and judged again.

use super::place::{Country, Place};
use super::rates::TaxClass;
use super::vat_number::{self, VatNumber};
use crate::domain::dataset::Dataset;
use crate::domain::marketplace::Directory;
use crate::domain::money::{Currency, Money};
use crate::domain::remote::{Channel, Collected, RemoteOrder};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Whether a consignment is small enough for Amazon to owe the tax on its import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consignment {
    /// At most 150 EUR into the EU, or 135 GBP into the United Kingdom.
    Small,
    /// More than that, or nobody can say without the day's exchange rate.
    #[default]
    Other,
}

/// The largest small consignment into the EU, in cents.
const SMALL_EUR: i64 = 15_000;
/// The largest small consignment into the United Kingdom, in pence.
const SMALL_GBP: i64 = 13_500;

/// The buyer's VAT number, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuyerVat {
    /// The country that its first letters name.
    pub country: Option<Country>,
    /// Whether its form is that of the country.
    pub is_well_formed: bool,
}

/// The facts of one sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// Who ships.
    pub channel: Channel,
    /// The country of the marketplace.
    pub marketplace: Option<Country>,
    /// Where the goods left, if Amazon told.
    pub ship_from: Option<Place>,
    /// Where they go.
    pub ship_to: Option<Place>,
    /// The buyer's VAT number, if there is one.
    pub buyer_vat: Option<BuyerVat>,
    /// Whether Amazon collects the tax itself.
    pub collected: Collected,
    /// Whether Amazon declares the import in the Import One-Stop Shop.
    pub is_ioss: bool,
    /// Whether Amazon names the Union One-Stop Shop.
    pub is_uoss: bool,
    /// Whether the consignment is a small one.
    pub consignment: Consignment,
    /// The classes of the goods.
    pub classes: BTreeSet<TaxClass>,
}

impl Sale {
    /// The facts of an order as Amazon told it, with the classes of its goods; `directory` knows its marketplace.
    pub fn of(order: &RemoteOrder, classes: BTreeSet<TaxClass>, directory: &Directory) -> Self {
        let country = |text: Option<&String>| text.and_then(|text| Country::parse(text));
        let facts = &order.tax;
        let ship_from = facts.ship_from.as_ref();
        let ship_from = ship_from.and_then(|from| Some((Country::parse(&from.country)?, from.postal_code.as_deref())));
        let delivery = order.delivery.as_ref();
        let ship_to = delivery.and_then(|to| Some((country(to.country.as_ref())?, to.postal_code.as_ref())));
        let number = order.buyer.vat_number.as_ref().map(|number| number.reveal().as_str());
        let buyer_vat = number.map(|number| BuyerVat {
            country: vat_number::country_of(number),
            is_well_formed: VatNumber::parse(number).is_some(),
        });
        Self {
            channel: order.channel,
            marketplace: directory.find(order.marketplace.as_str()).and_then(|found| Country::parse(found.country)),
            ship_from: ship_from.map(|(country, code)| Place::of(country, code)),
            ship_to: ship_to.map(|(country, code)| Place::of(country, code.map(|code| code.reveal().as_str()))),
            buyer_vat,
            collected: facts.collected,
            is_ioss: facts.is_ioss,
            is_uoss: facts.is_uoss,
            consignment: consignment(order),
            classes,
        }
    }

    /// The facts as they are told now; of parts that Amazon refuses to tell, those that it told `before`.
    #[must_use]
    pub fn keeping(self, before: &Self, refused: &[Dataset]) -> Self {
        let lacks = |part| refused.contains(&part);
        let mut kept = self;
        if lacks(Dataset::Recipient) {
            kept.ship_to = before.ship_to;
        }
        if lacks(Dataset::Packages) {
            kept.ship_from = before.ship_from;
        }
        if lacks(Dataset::Tax) {
            kept.buyer_vat = before.buyer_vat;
            kept.collected = before.collected;
            (kept.is_ioss, kept.is_uoss) = (before.is_ioss, before.is_uoss);
        }
        kept
    }
}

/// Judged by the price of the goods with whatever tax is in it: what is small even so is small in any case.
fn consignment(order: &RemoteOrder) -> Consignment {
    let goods = Money::sum(order.items.iter().map(|item| item.amounts.goods), order.currency).map(Money::minor);
    let most = match order.currency {
        Currency::EUR => SMALL_EUR,
        Currency::GBP => SMALL_GBP,
        _ => return Consignment::Other,
    };
    if goods.is_ok_and(|goods| (1..=most).contains(&goods)) { Consignment::Small } else { Consignment::Other }
}
