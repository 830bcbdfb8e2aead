//! An order that cannot be taken over, set aside so that the others can.
//!
//! Its text is kept for the quarantine as personal data; the reason never quotes it.

use crate::domain::ids::AmazonOrderId;
use crate::domain::money::MoneyError;
use crate::domain::personal::Personal;

/// Why an order cannot be taken over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RejectReason {
    /// The order is not written as Amazon documents it.
    #[error("the order is not written as Amazon documents it")]
    Malformed,
    /// A field without which the order means nothing is missing.
    #[error("the field {0} is missing")]
    MissingField(&'static str),
    /// A field should hold an instant and does not.
    #[error("the field {0} is not an instant")]
    BadDate(&'static str),
    /// An amount cannot be read.
    #[error("an amount cannot be read: {0}")]
    BadMoney(MoneyError),
    /// A quantity is below zero.
    #[error("the quantity {0} is negative")]
    NegativeQuantity(i64),
    /// A quantity is above 4,294,967,295.
    #[error("the quantity {0} is too large")]
    HugeQuantity(i64),
    /// The order holds amounts in two currencies.
    #[error("the order holds amounts in different currencies")]
    MixedCurrencies,
    /// The order holds no amount and its marketplace is unknown.
    #[error("the order holds no amount and its marketplace is not known, so neither is its currency")]
    UnknownCurrency,
    /// Two items of the order have the same number.
    #[error("two items of the order have the same number")]
    RepeatedItem,
}

impl From<MoneyError> for RejectReason {
    /// Keeps the cause, but no text except an amount or a currency code.
    fn from(cause: MoneyError) -> Self {
        let hidden = || "?".to_owned();
        let is_amount = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || b".,+-eE".contains(&byte));
        let is_code = |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
        match cause {
            MoneyError::CurrencyMismatch(..) => Self::MixedCurrencies,
            MoneyError::NotAnAmount(text) if !is_amount(&text) => Self::BadMoney(MoneyError::NotAnAmount(hidden())),
            MoneyError::UnknownCurrency(code) if !is_code(&code) => {
                Self::BadMoney(MoneyError::UnknownCurrency(hidden()))
            }
            other => Self::BadMoney(other),
        }
    }
}

/// An order that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Amazon's order reference, when at least that could be read.
    pub amazon_id: Option<AmazonOrderId>,
    /// Why.
    pub reason: RejectReason,
    /// The order as Amazon wrote it, for the sealed quarantine.
    pub raw: Personal<String>,
}
