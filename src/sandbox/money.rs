//! Money as the simulated Amazon counts it: whole cents, written as Amazon writes them.
//!
//! It must never use a floating-point number: a cent that is lost here would be blamed on Comptoir.

use serde_json::{Value, json};

/// Writes an amount the way Amazon does, as a decimal text without a currency.
///
/// Source: Amazon's model `orders_2026-01-01`, definition `Decimal`; yen have no decimal point.
pub(crate) fn decimal(minor: i64, decimals: u32) -> String {
    let unit = 10_i64.checked_pow(decimals).unwrap_or(1);
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, rest) = (minor.unsigned_abs() / unit.unsigned_abs(), minor.unsigned_abs() % unit.unsigned_abs());
    if decimals == 0 {
        format!("{sign}{whole}")
    } else {
        let width = usize::try_from(decimals).unwrap_or(2);
        format!("{sign}{whole}.{rest:0width$}")
    }
}

/// The `Money` object of Amazon's model `orders_2026-01-01`.
pub(crate) fn money(minor: i64, currency: &str, decimals: u32) -> Value {
    json!({ "amount": decimal(minor, decimals), "currencyCode": currency })
}

/// `amount × numerator / denominator`, rounded half away from zero.
pub(crate) fn fraction(amount: i64, numerator: i64, denominator: i64) -> i64 {
    let exact = i128::from(amount) * i128::from(numerator) * 2 + i128::from(denominator) * i128::from(amount.signum());
    exact.checked_div(i128::from(denominator) * 2).and_then(|rounded| i64::try_from(rounded).ok()).unwrap_or(0)
}

/// The tax inside an amount that already contains it; the rate is in hundredths of a percent.
pub(crate) fn tax_inside(gross: i64, rate: i64) -> i64 {
    fraction(gross, rate, 10_000 + rate)
}

/// The tax to add to an amount without tax; the rate is in hundredths of a percent.
pub(crate) fn tax_on_top(net: i64, rate: i64) -> i64 {
    fraction(net, rate, 10_000)
}

#[cfg(test)]
mod tests {
    use super::{decimal, fraction, tax_inside, tax_on_top};

    #[test]
    fn amounts_are_written_with_the_decimals_of_their_currency() {
        assert_eq!(decimal(1999, 2), "19.99");
        assert_eq!(decimal(5, 2), "0.05");
        assert_eq!(decimal(-105, 2), "-1.05");
        assert_eq!(decimal(5980, 0), "5980");
    }

    #[test]
    fn tax_is_rounded_half_away_from_zero() {
        assert_eq!(tax_inside(12_000, 2_000), 2_000);
        assert_eq!(tax_on_top(10_050, 1_000), 1_005);
        assert_eq!(fraction(5, 1, 2), 3);
        assert_eq!(fraction(-5, 1, 2), -3);
        assert_eq!(fraction(5, 1, 0), 0);
    }
}
