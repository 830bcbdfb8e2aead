//! How the simulated Amazon answers the questions that Amazon's documents leave open.
//!
//! It must never pick one answer for good: Comptoir has to work whichever way the real Amazon turns out.

use serde::{Deserialize, Serialize};

/// Whether a discount is written as a negative or as a positive amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DiscountSign {
    /// The discount is below zero and simply added up.
    #[default]
    Negative,
    /// The discount is above zero and has to be taken off, as the older Orders v0 did.
    Positive,
}

/// The open questions, with the answers given at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// Whether prices contain the tax where shops show prices with tax; otherwise tax comes on top everywhere.
    pub vat_included: bool,
    /// How discounts are written.
    pub discount_sign: DiscountSign,
    /// How many seconds pass between the confirmation of a parcel and the order that shows it.
    pub confirmation_delay_secs: u32,
    /// How many seconds a feed waits, and how many it is worked on.
    pub feed_step_secs: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            vat_included: true,
            discount_sign: DiscountSign::Negative,
            confirmation_delay_secs: 5,
            feed_step_secs: 10,
        }
    }
}
