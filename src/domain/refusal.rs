//! Why Amazon refused a parcel, as far as its words tell: it has one code for many reasons.

use super::coded::coded;

coded! {
    /// What a merchant can do something about.
    Cause {
        /// Amazon does not know the carrier.
        Carrier = "carrier",
        /// The tracking reference is missing or wrong.
        Tracking = "tracking",
        /// The order left already, or Amazon does not know the package.
        Fulfilled = "fulfilled",
        /// An item is not of this order.
        Item = "item",
        /// More units than are left of the order.
        Quantity = "quantity",
        /// The day of shipping.
        Date = "date",
        /// Amazon does not know the order.
        Order = "order",
        /// Anything else.
        Other = "other",
    }
}

/// What helps against a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Another carrier or tracking reference.
    Correct,
    /// To tell the same once more.
    Retry,
    /// To look at the order first: whatever is told of the parcel, Amazon refuses it again.
    Look,
}

impl Cause {
    /// What a merchant does about it.
    pub const fn remedy(self) -> Remedy {
        match self {
            Self::Carrier | Self::Tracking => Remedy::Correct,
            Self::Item | Self::Date | Self::Other => Remedy::Retry,
            Self::Fulfilled | Self::Quantity | Self::Order => Remedy::Look,
        }
    }
}

/// The cause that Amazon's code and words name.
pub fn cause(code: &str, words: &str) -> Cause {
    let text = format!("{code} {words}").to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    if has(&["packagetoupdatenotfound", "already fulfilled", "already shipped"]) {
        Cause::Fulfilled
    } else if has(&["carrier"]) {
        Cause::Carrier
    } else if has(&["tracking"]) {
        Cause::Tracking
    } else if has(&["quantity"]) {
        Cause::Quantity
    } else if has(&["orderitem", "order item", "nothingtotell"]) {
        Cause::Item
    } else if has(&["shipdate", "ship date", "fulfillmentdate"]) {
        Cause::Date
    } else if has(&["notfound", "order id", "orderid"]) {
        Cause::Order
    } else {
        Cause::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amazons_words_name_the_cause() {
        let table = [
            ("InvalidInput", "The carrierCode Colisimo is invalid", Cause::Carrier),
            ("InvalidInput", "trackingNumber is missing", Cause::Tracking),
            ("InvalidInput", "PackageToUpdateNotFound", Cause::Fulfilled),
            ("InvalidInput", "OrderItemId 79 is invalid for the order", Cause::Item),
            ("InvalidInput", "The quantity of item 79 exceeds what is left", Cause::Quantity),
            ("NotFound", "", Cause::Order),
            ("InvalidInput", "Something new", Cause::Other),
        ];
        for (code, words, expected) in table {
            assert_eq!(cause(code, words), expected, "{code} {words}");
        }
    }

    #[test]
    fn a_wrong_label_is_corrected_and_what_amazon_has_already_is_not_told_again() {
        let remedy = |words| cause("InvalidInput", words).remedy();
        assert_eq!(remedy("The carrierCode Colisimo is invalid"), Remedy::Correct);
        assert_eq!(remedy("trackingNumber is missing"), Remedy::Correct);
        assert_eq!(remedy("Something new"), Remedy::Retry);
        assert_eq!(remedy("The order is already shipped"), Remedy::Look);
    }
}
