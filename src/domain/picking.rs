//! A transfer of goods, its states, what Amazon was told of it, and the moves that it groups.

pub mod allocation;
pub mod labels;
pub mod returning;
pub mod scan;
pub mod shipping;

use super::coded::coded;
use super::ids::PickingId;

coded! {
    /// Where a transfer or a move stands.
    PickingState {
        /// Being prepared.
        Draft = "draft",
        /// Waiting for another transfer.
        Waiting = "waiting",
        /// Waiting for goods.
        Confirmed = "confirmed",
        /// Goods reserved, ready to leave.
        Assigned = "assigned",
        /// Gone.
        Done = "done",
        /// Cancelled.
        Cancelled = "cancelled",
    }
}

impl PickingState {
    /// Whether goods may still leave or be cancelled.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Cancelled)
    }
}

coded! {
    /// What Amazon knows of a transfer.
    AmazonSync {
        /// Amazon need not be told.
        NotNeeded = "not_needed",
        /// To be told.
        ToSend = "to_send",
        /// Told; no verdict yet.
        Sent = "sent",
        /// Confirmed by Amazon.
        Ok = "ok",
        /// Refused by Amazon.
        Failed = "failed",
        /// No verdict in a day.
        Unknown = "unknown",
    }
}

coded! {
    /// Which way a transfer goes.
    PickingKind {
        /// To the customer.
        Delivery = "delivery",
        /// Back from the customer.
        Return = "return",
    }
}

coded! {
    /// What made a move.
    MoveOrigin {
        /// An order that Amazon shipped out of its own warehouse.
        FbaOrder = "fba_order",
        /// A transfer of ours.
        Transfer = "transfer",
        /// Goods that came back.
        Return = "return",
        /// A count that differed from the books.
        Adjustment = "adjustment",
    }
}

/// The reference by which people call a delivery: `WH/OUT/` and its key, at least five digits.
pub fn reference(id: PickingId) -> String {
    format!("WH/OUT/{:05}", id.0)
}

/// Reads a reference such as `WH/OUT/00042`, in capital or small letters.
pub fn read_reference(text: &str) -> Option<PickingId> {
    let text = text.trim().to_ascii_uppercase();
    let digits = text.strip_prefix("WH/OUT/")?;
    let is_plain = !digits.is_empty() && digits.len() <= 18 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { digits.parse().ok().map(PickingId) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_as_it_is_written() {
        assert_eq!(read_reference(&reference(PickingId(42))), Some(PickingId(42)));
        assert_eq!(read_reference(" wh/out/7 "), Some(PickingId(7)));
        for wrong in ["", "42", "WH/OUT/", "WH/OUT/-1", "WH/OUT/4x", "WH/OUT/99999999999999999999"] {
            assert_eq!(read_reference(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_what_has_not_left_and_is_not_cancelled_is_open() {
        let open: Vec<_> =
            PickingState::ALL.iter().filter(|state| state.is_open()).map(|state| state.as_str()).collect();
        assert_eq!(open, ["draft", "waiting", "confirmed", "assigned"]);
    }
}
