//! Typed identifiers: an order's key can never be passed where an account's is expected.
//!
//! Keys given by the database wrap an `i64`; codes given by Amazon wrap a `String` and are kept exactly as
//! received. Nothing here checks that a record exists.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Declares a key type: a database identity of one table.
macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}

/// Declares a code type: a text that Amazon or a merchant chose.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

keys! {
    /// A company that keeps its books in this installation.
    CompanyId,
    /// A person who signs in.
    UserId,
    /// A sales team.
    TeamId,
    /// A stock location.
    LocationId,
    /// Who carries parcels.
    CarrierId,
    /// An Amazon account registration.
    AccountId,
    /// A product that the merchant sells.
    ProductId,
    /// An import of products from a file.
    FileImportId,
    /// A SKU on a marketplace, with the product behind it.
    OfferId,
    /// A customer.
    CustomerId,
    /// A delivery address of a customer.
    AddressId,
    /// A sales order.
    OrderId,
    /// One line of a sales order.
    OrderLineId,
    /// A transfer of goods.
    PickingId,
    /// What Amazon is told of one delivery.
    ShipmentId,
    /// A file of messages for Amazon.
    FeedId,
    /// One product moving between two locations.
    MoveId,
    /// One synchronization run.
    RunId,
    /// One thing that needs somebody's attention.
    IssueId,
    /// One background job.
    JobId,
}

codes! {
    /// Amazon's order reference, for example `902-1106328-1059050`.
    AmazonOrderId,
    /// Amazon's number of one item of an order; digits, may exceed 2^53.
    AmazonItemId,
    /// Amazon's marketplace identifier, for example `A13V1IB3VIYZZH` for France.
    MarketplaceId,
    /// Amazon's identifier of a seller (`selling_partner_id`).
    SellerId,
    /// The seller's own product code on Amazon.
    Sku,
    /// Amazon's catalogue number.
    Asin,
}

impl AmazonOrderId {
    /// Whether the text has the form of an Amazon order reference: 3, 7 and 7 digits.
    pub fn looks_right(text: &str) -> bool {
        let parts: Vec<&str> = text.split('-').collect();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        lengths == [3, 7, 7] && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amazon_order_reference_has_three_seven_and_seven_digits() {
        assert!(AmazonOrderId::looks_right("902-1106328-1059050"));
        for wrong in ["", "902-1106328", "902-1106328-105905", "90a-1106328-1059050", "902-1106328-1059050-1"] {
            assert!(!AmazonOrderId::looks_right(wrong), "{wrong}");
        }
    }
}
