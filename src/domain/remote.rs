//! An order as Amazon tells it, in Comptoir's words.
//!
//! Plain data without Amazon's spelling: the synchronization rules read nothing else. Nothing here decides.

use super::ids::{AmazonItemId, AmazonOrderId, Asin, MarketplaceId, Sku};
use super::money::{Currency, Money};
use super::personal::Personal;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Who ships the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Fulfilled by Amazon, out of Amazon's warehouses.
    Fba,
    /// Fulfilled by the merchant.
    Fbm,
}

impl Channel {
    /// All channels.
    pub const ALL: [Self; 2] = [Self::Fba, Self::Fbm];

    /// The code used in the database and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fba => "fba",
            Self::Fbm => "fbm",
        }
    }

    /// Reads `fba` or `fbm`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text)
    }
}

/// Amazon's status of an order (`fulfillmentStatus`, Orders API 2026-01-01); an unknown one is kept as it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AmazonStatus {
    /// Pre-order with a release date in the future.
    PendingAvailability,
    /// Placed, payment not settled.
    Pending,
    /// Ready to be shipped.
    Unshipped,
    /// Some items shipped.
    PartiallyShipped,
    /// All items shipped.
    Shipped,
    /// Cancelled by the buyer, the merchant or Amazon.
    Cancelled,
    /// Amazon cannot fulfil it.
    Unfulfillable,
    /// A value that Amazon added after this version was written.
    Other(String),
}

impl AmazonStatus {
    /// The statuses that Comptoir knows, in the order of an order's life.
    pub const KNOWN: [Self; 7] = [
        Self::PendingAvailability,
        Self::Pending,
        Self::Unshipped,
        Self::PartiallyShipped,
        Self::Shipped,
        Self::Cancelled,
        Self::Unfulfillable,
    ];

    /// Amazon's own spelling.
    pub fn as_str(&self) -> &str {
        match self {
            Self::PendingAvailability => "PENDING_AVAILABILITY",
            Self::Pending => "PENDING",
            Self::Unshipped => "UNSHIPPED",
            Self::PartiallyShipped => "PARTIALLY_SHIPPED",
            Self::Shipped => "SHIPPED",
            Self::Cancelled => "CANCELLED",
            Self::Unfulfillable => "UNFULFILLABLE",
            Self::Other(text) => text,
        }
    }

    /// Reads Amazon's spelling; never fails.
    pub fn parse(text: &str) -> Self {
        Self::KNOWN.into_iter().find(|status| status.as_str() == text).unwrap_or_else(|| Self::Other(text.to_owned()))
    }
}

/// How an item's tax relates to its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TaxReading {
    /// Amazon gave no tax amount.
    NoTax,
    /// The price contains the tax (the usual way in Europe and Japan).
    Included,
    /// The tax comes on top of the price (the usual way in the United States and Canada).
    OnTop,
    /// Neither reading adds up to Amazon's total; the order is flagged.
    Unclear,
}

impl TaxReading {
    /// All readings.
    pub const ALL: [Self; 4] = [Self::NoTax, Self::Included, Self::OnTop, Self::Unclear];

    /// The code used in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoTax => "none",
            Self::Included => "included",
            Self::OnTop => "on_top",
            Self::Unclear => "unclear",
        }
    }

    /// Reads the code used in the database.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reading| reading.as_str() == text)
    }
}

/// What the buyer paid for one item, by purpose, tax included and discounts deducted.
///
/// The four parts always add up to `paid`, except when `reading` is [`TaxReading::Unclear`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemAmounts {
    /// The goods.
    pub goods: Money,
    /// The shipping of this item.
    pub shipping: Money,
    /// The gift wrap of this item.
    pub gift_wrap: Money,
    /// Cash on delivery and other charges.
    pub other: Money,
    /// Amazon's `proceedsTotal`, or the sum of the parts when Amazon gave none.
    pub paid: Money,
    /// The tax contained in `paid`, as far as Amazon told it.
    pub tax: Money,
    /// The discounts already deducted, as a positive amount.
    pub discount: Money,
    /// How tax and price relate.
    pub reading: TaxReading,
}

/// One item of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteItem {
    /// Amazon's number of the item.
    pub item_id: AmazonItemId,
    /// The seller's product code; Amazon may omit it.
    pub sku: Option<Sku>,
    /// Amazon's catalogue number; Amazon may omit it.
    pub asin: Option<Asin>,
    /// The title of the listing.
    pub title: String,
    /// Units ordered.
    pub ordered: u32,
    /// Units already shipped.
    pub fulfilled: u32,
    /// What the buyer paid.
    pub amounts: ItemAmounts,
    /// The gift message written by the buyer.
    pub gift_message: Option<Personal<String>>,
    /// Whether the item is to be gift-wrapped or carries a gift message.
    pub is_gift: bool,
    /// Whether the buyer asked to cancel this item.
    pub cancellation_requested: bool,
}

/// Who bought; every field may be missing, most of all on FBA orders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// The buyer's name.
    pub name: Option<Personal<String>>,
    /// The anonymised e-mail address that Amazon forwards.
    pub email: Option<Personal<String>>,
    /// The company of a business buyer.
    pub company: Option<Personal<String>>,
    /// The buyer's purchase order number.
    pub purchase_order: Option<Personal<String>>,
    /// The buyer's VAT number.
    pub vat_number: Option<Personal<String>>,
}

/// Where the parcel goes; every field may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryAddress {
    /// The name of the recipient.
    pub name: Option<Personal<String>>,
    /// The company of the recipient.
    pub company: Option<Personal<String>>,
    /// The street lines, in order, without empty ones.
    pub lines: Vec<Personal<String>>,
    /// The town.
    pub city: Option<String>,
    /// State, region or county.
    pub region: Option<String>,
    /// The postal code.
    pub postal_code: Option<Personal<String>>,
    /// ISO 3166 country code.
    pub country: Option<String>,
    /// The phone number.
    pub phone: Option<Personal<String>>,
}

/// Whether Amazon collects the tax of an order itself (`taxCollections` of its items).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Collected {
    /// Of no item.
    #[default]
    None,
    /// Of some items.
    InPart,
    /// Of all items.
    All,
}

/// From where the goods left: the merchant's address, never a buyer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShipFrom {
    /// ISO 3166 country code.
    pub country: String,
    /// The postal code.
    pub postal_code: Option<String>,
}

/// What Amazon told about the tax of an order, besides its amounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxFacts {
    /// From where the goods left, once a parcel is known.
    pub ship_from: Option<ShipFrom>,
    /// Whether Amazon collects the tax itself.
    pub collected: Collected,
    /// Whether Amazon declares the import in the Import One-Stop Shop.
    pub is_ioss: bool,
    /// Whether Amazon names the Union One-Stop Shop.
    pub is_uoss: bool,
}

/// An order as Amazon told it at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemoteOrder {
    /// Amazon's order reference.
    pub amazon_id: AmazonOrderId,
    /// The marketplace where it was bought.
    pub marketplace: MarketplaceId,
    /// When the buyer placed it.
    pub created_at: DateTime<Utc>,
    /// When Amazon last changed it.
    pub updated_at: DateTime<Utc>,
    /// Who ships it.
    pub channel: Channel,
    /// Amazon's status.
    pub status: AmazonStatus,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// What the buyer paid for everything, if Amazon says so.
    pub grand_total: Option<Money>,
    /// The delivery tip, which belongs to no item.
    pub tip: Money,
    /// The items.
    pub items: Vec<RemoteItem>,
    /// Sold through Amazon Business.
    pub is_business: bool,
    /// A Prime order.
    pub is_prime: bool,
    /// The order that this one replaces free of charge.
    pub replaces: Option<AmazonOrderId>,
    /// The latest moment to ship.
    pub ship_by: Option<DateTime<Utc>>,
    /// The latest moment to deliver.
    pub deliver_by: Option<DateTime<Utc>>,
    /// Who bought.
    pub buyer: Buyer,
    /// Where it goes.
    pub delivery: Option<DeliveryAddress>,
    /// What Amazon told about its tax.
    pub tax: TaxFacts,
}

impl RemoteOrder {
    /// Whether the buyer asked to cancel any item.
    pub fn cancellation_requested(&self) -> bool {
        self.items.iter().any(|item| item.cancellation_requested)
    }

    /// Whether any item is a gift.
    pub fn is_gift(&self) -> bool {
        self.items.iter().any(|item| item.is_gift)
    }
}
