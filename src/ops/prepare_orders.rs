//! Preparing a page of orders before it is written: personal data sealed, keyed references and stamps computed.
//!
//! Everything random or slow happens here, outside the transaction, so that the transaction may run twice.

use crate::amazon::Rejected;
use crate::crypto::{CryptoError, Purpose, Sealed, Vault};
use crate::db::import::customers::{Address, Customer, Place};
use crate::domain::ids::{AmazonItemId, AmazonOrderId};
use crate::domain::marketplace::Directory;
use crate::domain::personal::Personal;
use crate::domain::remote::{DeliveryAddress, RemoteOrder};
use crate::domain::sync::{self, Reason};
use crate::domain::tax::rates::TaxClass;
use crate::domain::tax::sale::Sale;
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// An order that is ready to be decided and written.
#[derive(Debug)]
pub struct Prepared {
    /// The order as Amazon told it.
    pub remote: RemoteOrder,
    /// The stamp of its content.
    pub fingerprint: i64,
    /// The public identity of the order, for which its own personal data is sealed.
    pub public_id: String,
    /// Gift messages, the buyer's VAT number and purchase order number, sealed.
    pub secrets: Option<Sealed>,
    /// The customer.
    pub customer: Customer,
    /// The delivery address.
    pub address: Option<Address>,
    /// The business day of the order in the company's zone.
    pub ordered_on: NaiveDate,
    /// What its tax depends on, without personal data.
    pub sale: Sale,
}

/// An order that could not be read; its payload is kept for a later attempt.
#[derive(Debug)]
pub struct Unreadable {
    /// Amazon's reference, when at least that could be read.
    pub amazon_id: Option<AmazonOrderId>,
    /// Why, without personal data.
    pub reason: Reason,
    /// The public identity of the issue, for which the payload is sealed.
    pub public_id: String,
    /// The payload, sealed.
    pub payload: Sealed,
}

/// A page that is ready to be written.
#[derive(Debug, Default)]
pub struct Page {
    /// Readable orders; one per reference, the newest.
    pub orders: Vec<Prepared>,
    /// Orders that were on the page more than once.
    pub repeated: i64,
    /// Orders that could not be read.
    pub unreadable: Vec<Unreadable>,
}

/// The personal data of the order itself.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct OrderSecrets {
    /// Gift messages by Amazon's item number.
    pub gift_messages: BTreeMap<AmazonItemId, String>,
    /// The buyer's VAT number as Amazon told it with this order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_number: Option<String>,
    /// The buyer's own number of this purchase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purchase_order: Option<String>,
}

impl OrderSecrets {
    fn is_empty(&self) -> bool {
        self.gift_messages.is_empty() && self.vat_number.is_none() && self.purchase_order.is_none()
    }
}

/// Prepares a page of orders of marketplaces that `directory` knows.
pub fn run(
    vault: &Vault,
    zone: Tz,
    directory: &Directory,
    orders: Vec<Result<RemoteOrder, Rejected>>,
) -> Result<Page, CryptoError> {
    let mut newest: BTreeMap<AmazonOrderId, RemoteOrder> = BTreeMap::new();
    let mut page = Page::default();
    for order in orders {
        match order {
            Ok(order) => {
                let held = newest.get(&order.amazon_id);
                page.repeated += i64::from(held.is_some());
                if held.is_none_or(|held| held.updated_at <= order.updated_at) {
                    newest.insert(order.amazon_id.clone(), order);
                }
            }
            Err(rejected) => page.unreadable.push(unreadable(vault, &rejected)?),
        }
    }
    for remote in newest.into_values() {
        page.orders.push(prepared(vault, zone, directory, remote)?);
    }
    Ok(page)
}

fn unreadable(vault: &Vault, rejected: &Rejected) -> Result<Unreadable, CryptoError> {
    let public_id = Uuid::now_v7().to_string();
    Ok(Unreadable {
        amazon_id: rejected.amazon_id.clone(),
        reason: Reason::new("unreadable").with("detail", &rejected.reason),
        payload: vault.seal(rejected.raw.reveal().as_bytes(), &public_id)?,
        public_id,
    })
}

fn prepared(vault: &Vault, zone: Tz, directory: &Directory, remote: RemoteOrder) -> Result<Prepared, CryptoError> {
    let address = remote.delivery.as_ref().map(|delivery| address(vault, delivery)).transpose()?;
    let customer = customer(vault, &remote)?;
    let public_id = Uuid::now_v7().to_string();
    let messages = remote
        .items
        .iter()
        .filter_map(|item| item.gift_message.as_ref().map(|text| (item.item_id.clone(), text.reveal().clone())));
    let plain = |text: &Option<Personal<String>>| text.as_ref().map(|text| text.reveal().clone());
    let secrets = OrderSecrets {
        gift_messages: messages.collect(),
        vat_number: plain(&remote.buyer.vat_number),
        purchase_order: plain(&remote.buyer.purchase_order),
    };
    let secrets = if secrets.is_empty() { None } else { Some(seal_json(vault, &secrets, &public_id)?) };
    // No product carries a class of its own yet: its goods are of the standard one.
    let sale = Sale::of(&remote, BTreeSet::from([TaxClass::Standard]), directory);
    let fingerprint = sync::fingerprint(&remote, address.as_ref().map(|address| address.reference.as_str()));
    let ordered_on = remote.created_at.with_timezone(&zone).date_naive();
    Ok(Prepared { remote, fingerprint, public_id, secrets, customer, address, ordered_on, sale })
}

fn seal_json(vault: &Vault, value: &impl Serialize, owner: &str) -> Result<Sealed, CryptoError> {
    let json = serde_json::to_vec(value).map_err(|_never_for_plain_data| CryptoError::NotAuthentic)?;
    vault.seal(&json, owner)
}

/// Who bought: found again by the e-mail address that Amazon gives each buyer, else by name and postal code.
///
/// Without either, nobody can be recognised: such an order has a customer of its own.
fn customer(vault: &Vault, remote: &RemoteOrder) -> Result<Customer, CryptoError> {
    let buyer = &remote.buyer;
    let delivery = remote.delivery.as_ref();
    let name = buyer.name.as_ref().or_else(|| delivery.and_then(|delivery| delivery.name.as_ref()));
    let postcode = delivery.and_then(|delivery| delivery.postal_code.as_ref());
    let identity = match (&buyer.email, name, postcode) {
        (Some(email), ..) => format!("email {}", email.reveal().to_lowercase()),
        (None, Some(name), Some(postcode)) => {
            format!("name {} {}", name.reveal().to_lowercase(), postcode.reveal().to_lowercase())
        }
        _ => format!("order {}", remote.amazon_id),
    };
    let is_anonymous = buyer.email.is_none() && name.is_none() && buyer.company.is_none();
    let public_id = Uuid::now_v7().to_string();
    let known = crate::domain::remote::Buyer { name: name.cloned(), ..buyer.clone() };
    let texts = [known.name.as_ref(), known.company.as_ref()].into_iter().flatten();
    let mut words: Vec<i64> = texts.flat_map(|text| words(text.reveal())).map(|word| vault.word_hash(&word)).collect();
    words.extend(known.email.as_ref().map(|email| vault.word_hash(&email.reveal().to_lowercase())));
    words.sort_unstable();
    words.dedup();
    Ok(Customer {
        buyer_ref: vault.reference(Purpose::Buyer, &identity),
        is_business: remote.is_business,
        is_anonymous,
        place: delivery.map(place).unwrap_or_default(),
        sealed: Some(seal_json(vault, &known, &public_id)?),
        public_id,
        words,
    })
}

/// The words of a name, as they are searched: lower case, without signs.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Where a parcel goes; the phone number is no part of what makes an address the same one.
fn address(vault: &Vault, delivery: &DeliveryAddress) -> Result<Address, CryptoError> {
    let texts = [&delivery.name, &delivery.company, &delivery.postal_code].into_iter().flatten();
    let mut parts: Vec<String> = texts.chain(&delivery.lines).map(|text| text.reveal().to_lowercase()).collect();
    let plain = [&delivery.city, &delivery.region, &delivery.country].into_iter().flatten();
    parts.extend(plain.map(|text| text.to_lowercase()));
    let public_id = Uuid::now_v7().to_string();
    Ok(Address {
        reference: vault.reference(Purpose::Address, &parts.join("\n")),
        place: place(delivery),
        sealed: Some(seal_json(vault, delivery, &public_id)?),
        public_id,
    })
}

/// What of a place stays readable: the postal code is cut to its area (two characters).
fn place(delivery: &DeliveryAddress) -> Place {
    Place {
        country: delivery.country.clone(),
        region: delivery.region.clone(),
        city: delivery.city.clone(),
        postcode_area: delivery.postal_code.as_ref().map(|code| code.reveal().chars().take(2).collect()),
    }
}
