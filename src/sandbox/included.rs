//! Which parts of an order a caller has asked for.
//!
//! It must never hand out a part that was not asked for: without `FULFILLMENT` even the status stays unknown.

/// The values of `includedData` and the fields each of them unlocks.
///
/// Source: Amazon's model `orders_2026-01-01`, parameter `includedData`.
const NAMES: [(&str, u16); 11] = [
    ("BUYER", Included::BUYER),
    ("RECIPIENT", Included::RECIPIENT),
    ("PROCEEDS", Included::PROCEEDS),
    ("EXPENSE", Included::EXPENSE),
    ("PROMOTION", Included::PROMOTION),
    ("CANCELLATION", Included::CANCELLATION),
    ("FULFILLMENT", Included::FULFILLMENT),
    ("PACKAGES", Included::PACKAGES),
    ("TAX", Included::TAX),
    ("PAYMENT", Included::PAYMENT),
    ("FULFILLMENT_ORDERS", Included::FULFILLMENT_ORDERS),
];

/// Fields of an order that need a value of `includedData`.
const ORDER_FIELDS: [(&str, u16); 8] = [
    ("buyer", Included::BUYER),
    ("recipient", Included::RECIPIENT),
    ("fulfillment", Included::FULFILLMENT),
    ("proceeds", Included::PROCEEDS),
    ("packages", Included::PACKAGES),
    ("tax", Included::TAX),
    ("payment", Included::PAYMENT),
    ("fulfillmentOrders", Included::FULFILLMENT_ORDERS),
];

/// Fields of an order line that need a value of `includedData`.
const ITEM_FIELDS: [(&str, u16); 6] = [
    ("fulfillment", Included::FULFILLMENT),
    ("proceeds", Included::PROCEEDS),
    ("expense", Included::EXPENSE),
    ("promotion", Included::PROMOTION),
    ("cancellation", Included::CANCELLATION),
    ("tax", Included::TAX),
];

/// A set of `includedData` values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Included(u16);

impl Included {
    pub(crate) const BUYER: u16 = 1;
    pub(crate) const RECIPIENT: u16 = 1 << 1;
    pub(crate) const PROCEEDS: u16 = 1 << 2;
    pub(crate) const EXPENSE: u16 = 1 << 3;
    pub(crate) const PROMOTION: u16 = 1 << 4;
    pub(crate) const CANCELLATION: u16 = 1 << 5;
    pub(crate) const FULFILLMENT: u16 = 1 << 6;
    pub(crate) const PACKAGES: u16 = 1 << 7;
    pub(crate) const TAX: u16 = 1 << 8;
    pub(crate) const PAYMENT: u16 = 1 << 9;
    pub(crate) const FULFILLMENT_ORDERS: u16 = 1 << 10;

    /// Everything there is.
    pub(crate) const ALL: Self = Self(u16::MAX);

    /// Reads the comma-joined parameter; the first unknown value is the error.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut set = 0;
        for word in text.split(',') {
            let known = NAMES.iter().find(|(name, _)| *name == word);
            set |= known.ok_or_else(|| word.to_owned())?.1;
        }
        Ok(Self(set))
    }

    /// The names of all parts.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        NAMES.into_iter().map(|(name, _)| name)
    }

    /// Adds the part of this name, or takes it away; false when there is none.
    pub(crate) fn put(&mut self, name: &str, is_in: bool) -> bool {
        let Some((_, part)) = NAMES.iter().find(|(known, _)| *known == name) else { return false };
        self.0 = if is_in { self.0 | part } else { self.0 & !part };
        true
    }

    /// The names of the parts that are in the set.
    pub(crate) fn list(self) -> Vec<&'static str> {
        NAMES.into_iter().filter(|(_, part)| self.has(*part)).map(|(name, _)| name).collect()
    }

    /// Whether the two sets have a part in common.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the part was asked for.
    pub(crate) fn has(self, part: u16) -> bool {
        self.0 & part != 0
    }

    /// Removes from a complete order whatever was not asked for.
    pub(crate) fn prune(self, order: &mut serde_json::Value) {
        let Some(fields) = order.as_object_mut() else { return };
        for (name, part) in ORDER_FIELDS {
            if !self.has(part) {
                fields.remove(name);
            }
        }
        let items = fields.get_mut("orderItems").and_then(serde_json::Value::as_array_mut);
        for item in items.into_iter().flatten().filter_map(serde_json::Value::as_object_mut) {
            for (name, part) in ITEM_FIELDS {
                if !self.has(part) {
                    item.remove(name);
                }
            }
        }
    }
}
