//! What buyers wrote for those who get their gifts: read where an order or its transfer is shown.
//!
//! The messages are personal: they are opened only for who may read customers, and never stored in the clear.

use crate::crypto::Vault;
use crate::db::customers::{self, Opened};
use crate::db::orders::{LineRow, OrderRow};
use crate::domain::order::LineKind;
use serde::Deserialize;
use std::collections::HashMap;

/// The messages of one order, by Amazon's number of the item.
#[derive(Default, Deserialize)]
pub struct Messages {
    #[serde(default)]
    gift_messages: HashMap<String, String>,
}

impl Messages {
    /// Opens the messages of an order; none when they were erased or cannot be read.
    pub fn of(order: &OrderRow, vault: &Vault) -> Self {
        match customers::open(vault, order.wrapped_key.as_deref(), order.sealed.as_deref(), &order.public_id) {
            Opened::Known(messages) => messages,
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
