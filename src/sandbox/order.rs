//! An order as the simulated Amazon keeps it, and the life it may lead.
//!
//! It must never leak into Comptoir's own types: the two meet only as JSON on the wire.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::market::Market;
use super::packages::Package;

/// Who ships the order.
///
/// Source: Amazon's model `orders_2026-01-01`, parameter `fulfilledBy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    /// Amazon ships from its own warehouse (FBA).
    Amazon,
    /// The merchant ships (FBM).
    Merchant,
}

impl Channel {
    /// The word of the model.
    pub fn word(self) -> &'static str {
        match self {
            Self::Amazon => "AMAZON",
            Self::Merchant => "MERCHANT",
        }
    }
}

/// How far an order is.
///
/// Source: Amazon's model `orders_2026-01-01`, definition `FulfillmentStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// A pre-order whose release date lies ahead.
    PendingAvailability,
    /// Placed, not ready for shipment.
    Pending,
    /// Ready, nothing shipped.
    Unshipped,
    /// Some items shipped.
    PartiallyShipped,
    /// All items shipped.
    Shipped,
    /// Cancelled.
    Cancelled,
    /// An order Amazon should ship for another shop and cannot.
    Unfulfillable,
}

impl Status {
    /// Every status, in the order of the model.
    pub const ALL: [Self; 7] = [
        Self::PendingAvailability,
        Self::Pending,
        Self::Unshipped,
        Self::PartiallyShipped,
        Self::Shipped,
        Self::Cancelled,
        Self::Unfulfillable,
    ];

    /// The word of the model.
    pub fn word(self) -> &'static str {
        match self {
            Self::PendingAvailability => "PENDING_AVAILABILITY",
            Self::Pending => "PENDING",
            Self::Unshipped => "UNSHIPPED",
            Self::PartiallyShipped => "PARTIALLY_SHIPPED",
            Self::Shipped => "SHIPPED",
            Self::Cancelled => "CANCELLED",
            Self::Unfulfillable => "UNFULFILLABLE",
        }
    }
}

/// The peculiarity that an order is made to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrderKind {
    /// One ordinary line.
    #[default]
    Plain,
    /// Several lines and quantities, shipping paid.
    SeveralLines,
    /// A company with a VAT number and a purchase order number.
    Business,
    /// Gift wrap with a message.
    Gift,
    /// A discount on the goods and on the shipping.
    Discounted,
    /// Shipping charged, then given back by a promotion.
    FreeShipping,
    /// A free replacement of an earlier order.
    Replacement,
    /// A buyer whose name needs more than Latin letters.
    Unicode,
    /// A Prime or premium delivery promise.
    Prime,
    /// The tax is withheld by Amazon as marketplace facilitator.
    Facilitated,
    /// A line without SKU.
    NoSku,
    /// A SKU that the merchant's catalogue does not contain.
    UnknownSku,
    /// A buyer who already bought, at the same address.
    RepeatBuyer,
    /// A buyer who already bought, at another address.
    SecondAddress,
    /// A tip for the driver, which belongs to no line.
    Tip,
    /// The buyer has asked for a cancellation.
    CancellationRequested,
    /// Delivered outside the European Union.
    Abroad,
    /// Imported into the European Union; Amazon declares the tax in the Import One-Stop Shop.
    Imported,
    /// Sent with a label of the programme Ship+: the seller may not confirm it.
    ShipPlus,
}

impl OrderKind {
    /// Every kind, for lists of choices.
    pub const ALL: [Self; 19] = [
        Self::Plain,
        Self::SeveralLines,
        Self::Business,
        Self::Gift,
        Self::Discounted,
        Self::FreeShipping,
        Self::Replacement,
        Self::Unicode,
        Self::Prime,
        Self::Facilitated,
        Self::NoSku,
        Self::UnknownSku,
        Self::RepeatBuyer,
        Self::SecondAddress,
        Self::Tip,
        Self::CancellationRequested,
        Self::Abroad,
        Self::Imported,
        Self::ShipPlus,
    ];

    /// The word used by the control endpoints and the forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::SeveralLines => "SEVERAL_LINES",
            Self::Business => "BUSINESS",
            Self::Gift => "GIFT",
            Self::Discounted => "DISCOUNTED",
            Self::FreeShipping => "FREE_SHIPPING",
            Self::Replacement => "REPLACEMENT",
            Self::Unicode => "UNICODE",
            Self::Prime => "PRIME",
            Self::Facilitated => "FACILITATED",
            Self::NoSku => "NO_SKU",
            Self::UnknownSku => "UNKNOWN_SKU",
            Self::RepeatBuyer => "REPEAT_BUYER",
            Self::SecondAddress => "SECOND_ADDRESS",
            Self::Tip => "TIP",
            Self::CancellationRequested => "CANCELLATION_REQUESTED",
            Self::Abroad => "ABROAD",
            Self::Imported => "IMPORTED",
            Self::ShipPlus => "SHIP_PLUS",
        }
    }
}

/// A line asked for when an order is placed by hand or by a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LineSpec {
    /// The SKU, from `CATALOGUE` or not.
    pub sku: String,
    /// How many.
    pub quantity: u32,
    /// The price of one, in minor units of the marketplace's currency; the catalogue's price when absent.
    #[serde(default)]
    pub unit_price_minor: Option<i64>,
}

/// What the next order shall look like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct OrderSpec {
    /// A marketplace identifier or a country code such as `FR`.
    pub marketplace: String,
    /// Who ships.
    pub channel: Channel,
    /// What is special about it.
    pub kind: OrderKind,
    /// The status it is born with.
    pub status: Status,
    /// The lines; drawn from the catalogue when empty.
    pub lines: Vec<LineSpec>,
    /// Which seller sells it; the demonstration seller when absent.
    pub seller_id: Option<String>,
}

impl Default for OrderSpec {
    fn default() -> Self {
        Self {
            marketplace: "FR".to_owned(),
            channel: Channel::Merchant,
            kind: OrderKind::Plain,
            status: Status::Unshipped,
            lines: Vec::new(),
            seller_id: None,
        }
    }
}

/// A postal address; an empty text means that Amazon does not give the field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Address {
    pub(crate) name: String,
    pub(crate) company: String,
    pub(crate) lines: Vec<String>,
    pub(crate) city: String,
    pub(crate) state: String,
    pub(crate) postal_code: String,
    pub(crate) country: &'static str,
    pub(crate) phone: String,
    pub(crate) kind: &'static str,
}

/// Who bought.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buyer {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) company: String,
    pub(crate) purchase_order: String,
    pub(crate) vat_number: String,
}

/// What the till counted for one line, in minor units. Discounts are kept as positive amounts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Charges {
    pub(crate) goods: i64,
    pub(crate) shipping: i64,
    pub(crate) gift_wrap: i64,
    pub(crate) goods_discount: i64,
    pub(crate) shipping_discount: i64,
}

/// Whether the line shows its tax when shop prices contain it; the real Amazon is not consistent here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TaxLine {
    Shown,
    Hidden,
}

/// One line of an order.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) sku: Option<String>,
    pub(crate) asin: String,
    pub(crate) title: String,
    pub(crate) quantity: i64,
    pub(crate) fulfilled: i64,
    pub(crate) unit_price: i64,
    pub(crate) charges: Charges,
    pub(crate) tax_line: TaxLine,
    pub(crate) facilitated: bool,
    pub(crate) imported: bool,
    pub(crate) business_price: bool,
    pub(crate) promotions: Vec<String>,
    pub(crate) gift_message: Option<String>,
    pub(crate) points: i64,
    pub(crate) cancel_request: Option<&'static str>,
    pub(crate) cancelled: Option<(&'static str, &'static str)>,
}

/// One order.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) seller: usize,
    pub(crate) created: DateTime<Utc>,
    pub(crate) updated: DateTime<Utc>,
    pub(crate) market: &'static Market,
    pub(crate) channel: Channel,
    pub(crate) status: Status,
    pub(crate) programs: Vec<&'static str>,
    pub(crate) replaces: Option<String>,
    pub(crate) alias: Option<String>,
    pub(crate) buyer: Buyer,
    pub(crate) address: Address,
    pub(crate) service: &'static str,
    pub(crate) ship_by: DateTime<Utc>,
    pub(crate) deliver_by: DateTime<Utc>,
    pub(crate) tip: i64,
    pub(crate) payment_method: &'static str,
    pub(crate) amounts_hidden: bool,
    pub(crate) items: Vec<Item>,
    pub(crate) packages: Vec<Package>,
}

impl Order {
    /// Books `quantities` (line, quantity) as shipped and moves the status accordingly.
    ///
    /// Returns what was really shipped: never more than what is left on a line.
    pub(crate) fn ship(&mut self, quantities: &[(String, i64)]) -> Vec<(String, i64)> {
        let mut shipped = Vec::new();
        for item in &mut self.items {
            let asked: i64 = quantities.iter().filter(|(id, _)| *id == item.id).map(|(_, quantity)| *quantity).sum();
            let taken = asked.clamp(0, item.quantity - item.fulfilled);
            if taken > 0 {
                item.fulfilled += taken;
                shipped.push((item.id.clone(), taken));
            }
        }
        self.follow_quantities();
        shipped
    }

    /// Brings the status in line with what has left.
    pub(crate) fn follow_quantities(&mut self) {
        self.status = if self.items.iter().all(|item| item.fulfilled == item.quantity) {
            Status::Shipped
        } else if self.items.iter().any(|item| item.fulfilled > 0) {
            Status::PartiallyShipped
        } else {
            Status::Unshipped
        };
    }

    /// What is still to be shipped, line by line.
    pub(crate) fn rest(&self) -> Vec<(String, i64)> {
        let open = self.items.iter().filter(|item| item.quantity > item.fulfilled);
        open.map(|item| (item.id.clone(), item.quantity - item.fulfilled)).collect()
    }
}
