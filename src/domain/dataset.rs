//! The parts of an order that Amazon gives only to those whose application has the right role.
//!
//! The list is the parameter `includedData` of the Orders API 2026-01-01, as far as Comptoir uses it.

use super::coded::coded;

coded! {
    /// A part of an order that is asked for by name.
    Dataset {
        /// The buyer's name and e-mail address.
        Buyer = "BUYER",
        /// The delivery address.
        Recipient = "RECIPIENT",
        /// Status, who ships, until when, and gift messages.
        Fulfillment = "FULFILLMENT",
        /// Prices and totals.
        Proceeds = "PROCEEDS",
        /// Promotions.
        Promotion = "PROMOTION",
        /// Wishes to cancel, and cancellations.
        Cancellation = "CANCELLATION",
        /// Parcels that Amazon knows of.
        Packages = "PACKAGES",
        /// Tax registrations of buyers, and who remits the tax.
        Tax = "TAX",
    }
}

impl Dataset {
    /// Reads the codes of a list, separated by spaces; words that mean nothing are left out.
    pub fn read_list(text: &str) -> Vec<Self> {
        text.split(' ').filter_map(Self::parse).collect()
    }

    /// The codes of a list, separated by spaces.
    pub fn write_list(list: &[Self]) -> String {
        list.iter().map(|dataset| dataset.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Whether orders can be imported without it: without their status nothing can be decided about them.
    pub const fn is_essential(self) -> bool {
        matches!(self, Self::Fulfillment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let list = [Dataset::Recipient, Dataset::Tax];
        assert_eq!(Dataset::write_list(&list), "RECIPIENT TAX");
        assert_eq!(Dataset::read_list("RECIPIENT UNKNOWN TAX"), list);
        assert!(Dataset::read_list("").is_empty());
    }
}
