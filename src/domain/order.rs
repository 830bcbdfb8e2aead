//! A sales order: its states, how far it is delivered and what its lines are for.

use super::coded::coded;
use super::ids::OrderId;

coded! {
    /// Where a sales order stands.
    OrderState {
        /// To be worked on.
        Sale = "sale",
        /// Finished: nothing of it changes any more.
        Locked = "locked",
        /// Cancelled, on Amazon or here.
        Cancelled = "cancelled",
    }
}

coded! {
    /// How much of an order has left.
    Delivery {
        /// Nothing yet.
        None = "none",
        /// Some of it.
        Partial = "partial",
        /// All of it.
        Full = "full",
    }
}

coded! {
    /// What an order line is for.
    LineKind {
        /// An item that the buyer ordered.
        Item = "item",
        /// Shipping paid by the buyer.
        Shipping = "shipping",
        /// Gift wrap paid by the buyer.
        GiftWrap = "gift_wrap",
        /// A text without amount, such as a gift message.
        Note = "note",
        /// Other charges, such as cash on delivery or a tip.
        Other = "other",
        /// The visible difference between Amazon's total and the sum of the lines.
        Adjustment = "adjustment",
    }
}

impl Delivery {
    /// How much has left, from the units ordered and delivered.
    pub const fn of(ordered: i64, delivered: i64) -> Self {
        if delivered <= 0 && ordered > 0 {
            Self::None
        } else if delivered < ordered {
            Self::Partial
        } else {
            Self::Full
        }
    }
}

/// The number by which people call an order: `S` and its key, at least five digits.
pub fn number(id: OrderId) -> String {
    format!("S{:05}", id.0)
}

/// Reads an order number such as `S01003`.
pub fn parse_number(text: &str) -> Option<OrderId> {
    let digits = text.strip_prefix(['S', 's'])?;
    let is_number = (5..=18).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { digits.parse().ok().map(OrderId) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_reads_back_to_its_order() {
        for id in [1, 1003, 99_999, 100_000, 1_234_567] {
            assert_eq!(parse_number(&number(OrderId(id))), Some(OrderId(id)));
        }
        for wrong in ["", "S", "S12", "12345", "S1234x", "402-1234567-1234567"] {
            assert_eq!(parse_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_order_is_delivered_when_every_unit_has_left() {
        assert_eq!(Delivery::of(3, 0), Delivery::None);
        assert_eq!(Delivery::of(3, 2), Delivery::Partial);
        assert_eq!(Delivery::of(3, 3), Delivery::Full);
        assert_eq!(Delivery::of(0, 0), Delivery::Full);
    }
}
