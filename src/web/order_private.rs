//! What is personal in an order itself: what buyers wrote for those who get their gifts, and the numbers of a business.
//!
//! It is opened only for who may read customers, and never stored in the clear.

use crate::crypto::Vault;
use crate::db::customers::{self, Opened};
use crate::db::orders::{LineRow, OrderRow};
use crate::domain::order::LineKind;
use serde::Deserialize;
use std::collections::HashMap;

/// The personal part of one order.
#[derive(Default, Deserialize)]
pub struct Private {
    /// The gift messages, by Amazon's number of the item.
    #[serde(default)]
    gift_messages: HashMap<String, String>,
    /// The buyer's VAT number.
    #[serde(default)]
    pub vat_number: Option<String>,
    /// The buyer's purchase-order number.
    #[serde(default)]
    pub purchase_order: Option<String>,
}

impl Private {
    /// Opens the personal part of an order; none when they were erased or cannot be read.
    pub fn of(order: &OrderRow, vault: &Vault) -> Self {
        match customers::open(vault, order.wrapped_key.as_deref(), order.sealed.as_deref(), &order.public_id) {
            Opened::Known(private) => private,
            Opened::Erased | Opened::Unreadable => Self::default(),
        }
    }

    /// The message that a line is there for: only a note has one, so that each message is shown once.
    pub fn on(&self, line: &LineRow) -> Option<&String> {
        if line.kind != LineKind::Note {
            return None;
        }
        line.amazon_item_id.as_ref().and_then(|item| self.gift_messages.get(item.as_str()))
    }
}
