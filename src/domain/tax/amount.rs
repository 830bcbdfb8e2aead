//! The tax in an amount, rounded once per rate, and how it compares with what Amazon told.

use super::decision::{TaxDecision, Treatment};
use super::rates::BasisPoints;
use crate::domain::coded::coded;

coded! {
    /// How Amazon's tax amount compares with ours.
    Agreement {
        /// Amazon told no tax, or a person has to decide first.
        NotCompared = "not_compared",
        /// They agree, within the cents that rounding explains.
        Agrees = "agrees",
        /// They differ.
        Differs = "differs",
    }
}

/// What Amazon told of the amounts of an order, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// What the buyer paid.
    pub total: i64,
    /// The tax in it.
    pub tax: i64,
    /// How many lines the order has.
    pub lines: usize,
    /// Whether Amazon told any tax, and in a way that adds up.
    pub has_tax: bool,
}

/// The tax of an order by our rates, and how Amazon's tax compares with it.
///
/// `is_included` says whether the marketplace's prices contain the tax. What Amazon collects itself is only noted, and
/// what a person has to decide is not computed; nor are goods of several classes, whose shares are known with an invoice.
pub fn check(decision: &TaxDecision, told: &Told, is_included: Option<bool>) -> (Option<i64>, Agreement) {
    let ours = match decision.treatment {
        Treatment::ToDecide | Treatment::Deemed => None,
        // Without a category the sale is one that Amazon taxes by itself.
        Treatment::None if decision.category.is_none() => None,
        Treatment::None | Treatment::Exempt => Some(0),
        Treatment::Rate => match (decision.rates.as_slice(), is_included) {
            ([(_, rate)], Some(true)) => tax_of(told.total, *rate, true),
            ([(_, rate)], Some(false)) => told.total.checked_sub(told.tax).and_then(|net| tax_of(net, *rate, false)),
            _ => None,
        },
    };
    let agreement = ours.filter(|_| told.has_tax).map(|ours| compare(told.tax, ours, told.lines));
    (ours, agreement.unwrap_or(Agreement::NotCompared))
}

/// The most minor units that rounding may explain on one document.
const MOST_ROUNDING: i64 = 5;

/// The tax of an amount: contained in it, or to be added to it. Half a minor unit is rounded away from zero.
///
/// Nothing when the result does not fit, or the rate is below nothing.
pub fn tax_of(amount: i64, rate: BasisPoints, is_included: bool) -> Option<i64> {
    let (rate, whole) = (i128::from(rate.0), 10_000_i128);
    if rate < 0 {
        return None;
    }
    let divisor = if is_included { whole + rate } else { whole };
    let doubled = i128::from(amount) * rate * 2 + i128::from(amount.signum()) * divisor;
    i64::try_from(doubled.checked_div(divisor * 2)?).ok()
}

/// Compares two tax amounts of a document with so many lines: one minor unit per line may differ, five at most.
pub fn compare(amazon: i64, ours: i64, lines: usize) -> Agreement {
    let tolerance = i64::try_from(lines).unwrap_or(MOST_ROUNDING).min(MOST_ROUNDING);
    let differs = amazon.checked_sub(ours).and_then(i64::checked_abs).is_none_or(|gap| gap > tolerance);
    if differs { Agreement::Differs } else { Agreement::Agrees }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::tax::decision::Category;
    use crate::domain::tax::rates::TaxClass;
    use proptest::prelude::*;

    const TWENTY: BasisPoints = BasisPoints(2_000);

    /// The worked examples of the accounting rules: included tax is found from the sum of a rate, not line by line.
    #[test]
    fn the_worked_examples_come_out_to_the_cent() {
        for (gross, rate, tax) in [
            (4_830, 2_000, 805),
            (1_700, 550, 89),
            (2_789, 2_000, 465),
            (2_997, 2_000, 500),
            (5_990, 2_000, 998),
            (8_260, 2_000, 1_377),
            (3_050, 2_200, 550),
            (4_390, 1_000, 399),
        ] {
            assert_eq!(tax_of(gross, BasisPoints(rate), true), Some(tax), "{gross} at {rate}");
        }
        assert_eq!(tax_of(13_000, TWENTY, false), Some(2_600), "on top");
        assert_eq!(tax_of(999, TWENTY, true), Some(167), "half away from zero");
        assert_eq!(tax_of(-999, TWENTY, true), Some(-167));
        assert_eq!(tax_of(1_000, BasisPoints(0), true), Some(0));
        assert_eq!(tax_of(1_000, BasisPoints(-1), true), None);
    }

    fn decided(treatment: Treatment, category: Option<Category>, rates: &[i64]) -> TaxDecision {
        TaxDecision {
            row: None,
            treatment,
            income: None,
            category,
            rate_country: None,
            rates: rates.iter().map(|rate| (TaxClass::Standard, BasisPoints(*rate))).collect(),
            reasons: Vec::new(),
        }
    }

    #[test]
    fn amazons_tax_is_compared_only_where_the_seller_owes_a_known_one() {
        let told = |tax| Told { total: 12_000, tax, lines: 2, has_tax: true };
        let rate = decided(Treatment::Rate, Some(Category::S), &[2_000]);
        assert_eq!(check(&rate, &told(2_001), Some(true)), (Some(2_000), Agreement::Agrees));
        assert_eq!(check(&rate, &told(1_916), Some(true)), (Some(2_000), Agreement::Differs));
        assert_eq!(check(&rate, &told(2_000), Some(false)), (Some(2_000), Agreement::Agrees), "on top of 100.00");
        assert_eq!(check(&rate, &told(2_000), None), (None, Agreement::NotCompared), "an unknown marketplace");
        assert_eq!(
            check(&rate, &Told { has_tax: false, ..told(0) }, Some(true)),
            (Some(2_000), Agreement::NotCompared)
        );
        let export = decided(Treatment::Exempt, Some(Category::G), &[]);
        assert_eq!(check(&export, &told(0), Some(true)), (Some(0), Agreement::Agrees));
        assert_eq!(check(&export, &told(2_000), Some(true)), (Some(0), Agreement::Differs));
        for noted in [decided(Treatment::None, None, &[]), decided(Treatment::Deemed, None, &[])] {
            assert_eq!(check(&noted, &told(990), Some(false)), (None, Agreement::NotCompared));
        }
        let small = decided(Treatment::None, Some(Category::E), &[]);
        assert_eq!(check(&small, &told(2_000), Some(true)), (Some(0), Agreement::Differs));
        assert_eq!(
            check(&decided(Treatment::ToDecide, None, &[]), &told(9), Some(true)),
            (None, Agreement::NotCompared)
        );
        let two = decided(Treatment::Rate, Some(Category::S), &[2_000, 550]);
        assert_eq!(check(&two, &told(9), Some(true)), (None, Agreement::NotCompared));
    }

    #[test]
    fn a_cent_per_line_is_rounding_and_six_never_are() {
        assert_eq!(compare(500, 501, 1), Agreement::Agrees);
        assert_eq!(compare(500, 502, 1), Agreement::Differs);
        assert_eq!(compare(500, 505, 9), Agreement::Agrees);
        assert_eq!(compare(500, 506, 9), Agreement::Differs);
        assert_eq!(compare(i64::MIN, i64::MAX, 9), Agreement::Differs);
    }

    proptest! {
        #[test]
        fn base_and_tax_are_the_gross_again(gross in any::<i64>(), rate in 0..=10_000_i64) {
            let tax = tax_of(gross, BasisPoints(rate), true).unwrap();
            prop_assert!(tax.signum() * gross.signum() >= 0 && tax.unsigned_abs() <= gross.unsigned_abs());
            let base = gross - tax;
            let exact = i128::from(base) * i128::from(rate);
            prop_assert!((i128::from(tax) * 10_000 - exact).abs() <= 10_000, "within a minor unit of the base's tax");
        }
    }
}
