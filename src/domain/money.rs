//! Money: exact amounts in one currency, as whole minor units.
//!
//! Never a floating-point number, never a sum across currencies, never a silent rounding.

use rust_decimal::Decimal;
use std::fmt;

/// Why an amount could not be read or computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two amounts of different currencies were to be combined.
    #[error("cannot combine {0} with {1}")]
    CurrencyMismatch(Currency, Currency),
    /// The result does not fit in 64 bits of minor units.
    #[error("the amount is too large")]
    Overflow,
    /// The text is not a decimal number.
    #[error("“{0}” is not an amount")]
    NotAnAmount(String),
    /// The text has more decimals than the currency has.
    #[error("{0} has at most {1} decimals")]
    TooPrecise(Currency, u32),
    /// The currency code is not one that Comptoir knows.
    #[error("“{0}” is not a known currency")]
    UnknownCurrency(String),
}

macro_rules! currencies {
    ($($code:ident $decimals:literal),+ $(,)?) => {
        /// The currencies of Amazon's marketplaces and of their neighbours (ISO 4217).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(clippy::upper_case_acronyms, reason = "ISO 4217 writes its codes in capitals")]
        pub enum Currency {
            $(#[doc = concat!("ISO 4217 code ", stringify!($code), ".")] $code),+
        }

        impl Currency {
            /// All known currencies.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// The ISO 4217 code.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$code => stringify!($code)),+ }
            }

            /// How many decimals the currency has (ISO 4217 minor unit).
            pub const fn decimals(self) -> u32 {
                match self { $(Self::$code => $decimals),+ }
            }

            /// Reads an ISO 4217 code.
            pub fn parse(code: &str) -> Result<Self, MoneyError> {
                match code {
                    $(stringify!($code) => Ok(Self::$code),)+
                    other => Err(MoneyError::UnknownCurrency(other.to_owned())),
                }
            }
        }
    };
}

currencies! {
    EUR 2, GBP 2, USD 2, CAD 2, MXN 2, BRL 2, SEK 2, PLN 2, TRY 2, EGP 2, ZAR 2, SAR 2, AED 2, INR 2, SGD 2,
    AUD 2, JPY 0, CHF 2, CZK 2, DKK 2, NOK 2, HUF 2, RON 2, BGN 2, CNY 2, HKD 2, NZD 2,
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An exact amount: a whole number of minor units in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// An amount from its minor units (cents; yen for JPY).
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in one currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// The whole number of minor units.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether the amount is nothing.
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// Reads a decimal text such as `"19.99"`, `"-4"` or `"5980"`, exactly.
    ///
    /// Trailing zeros beyond the currency's decimals are accepted, other digits there are refused.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let wrong = || MoneyError::NotAnAmount(text.chars().take(32).collect());
        let decimal = Decimal::from_str_exact(text.trim()).map_err(|_cause| wrong())?.normalize();
        if decimal.scale() > currency.decimals() {
            return Err(MoneyError::TooPrecise(currency, currency.decimals()));
        }
        let factor = Decimal::from(10_i64.pow(currency.decimals()));
        let minor = decimal.checked_mul(factor).ok_or(MoneyError::Overflow)?.normalize();
        let minor = i64::try_from(minor).map_err(|_cause| MoneyError::Overflow)?;
        Ok(Self { minor, currency })
    }

    /// Adds two amounts of the same currency.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch(self.currency, other.currency));
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// Subtracts an amount of the same currency.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.checked_add(other.checked_neg()?)
    }

    /// The opposite amount.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_neg().ok_or(MoneyError::Overflow)?;
        Ok(Self { minor, ..self })
    }

    /// The sum of amounts that must all be in `currency`.
    pub fn sum(amounts: impl IntoIterator<Item = Self>, currency: Currency) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }

    /// The amount as a plain decimal text with a point, for example `-19.90` or `5980`.
    pub fn to_decimal_string(self) -> String {
        let decimals = self.currency.decimals();
        Decimal::from_i128_with_scale(i128::from(self.minor), decimals).to_string()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal_string(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amazons_texts_become_exact_minor_units() {
        let read = |text, currency| Money::parse(text, currency).map(Money::minor);
        assert_eq!(read("19.99", Currency::EUR), Ok(1999));
        assert_eq!(read("5980", Currency::JPY), Ok(5980));
        assert_eq!(read("5980.00", Currency::JPY), Ok(5980));
        assert_eq!(read("-4", Currency::USD), Ok(-400));
        assert_eq!(read("0.1", Currency::EUR), Ok(10));
    }

    #[test]
    fn what_is_not_exact_is_refused() {
        assert!(matches!(Money::parse("1.999", Currency::EUR), Err(MoneyError::TooPrecise(..))));
        assert!(matches!(Money::parse("1.5", Currency::JPY), Err(MoneyError::TooPrecise(..))));
        assert!(matches!(Money::parse("abc", Currency::EUR), Err(MoneyError::NotAnAmount(_))));
        assert!(matches!(Money::parse("99999999999999999999", Currency::EUR), Err(MoneyError::Overflow)));
        assert!(matches!(Money::parse("79228162514264337593543950335", Currency::EUR), Err(MoneyError::Overflow)));
    }

    #[test]
    fn currencies_are_never_mixed() {
        let sum = Money::from_minor(1, Currency::EUR).checked_add(Money::from_minor(1, Currency::USD));
        assert_eq!(sum, Err(MoneyError::CurrencyMismatch(Currency::EUR, Currency::USD)));
    }

    proptest! {
        #[test]
        fn writing_then_reading_an_amount_gives_it_back(minor in any::<i64>(), index in 0..Currency::ALL.len()) {
            let money = Money::from_minor(minor, Currency::ALL[index]);
            prop_assert_eq!(Money::parse(&money.to_decimal_string(), money.currency()), Ok(money));
        }
    }
}
