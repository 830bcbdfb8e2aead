//! What the buyer paid for one item, told apart into goods, shipping, gift wrap and the rest.
//!
//! Amazon says neither whether a discount is written as a negative amount nor whether the tax is inside the
//! price, so both are found by adding up. Nothing is ever rounded, guessed silently or lost: an item that does
//! not add up is marked unclear.

use super::money::{Currency, Money, MoneyError};
use super::remote::{ItemAmounts, TaxReading};

/// What a charge is for (`type` and `subtype` of a breakdown, Orders API 2026-01-01).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChargeKind {
    /// The goods.
    Item,
    /// The shipping.
    Shipping,
    /// The gift wrap.
    GiftWrap,
    /// The fee for cash on delivery.
    CodFee,
    /// Anything else, also a kind that Amazon added later.
    Other,
    /// The tax; as a subtype: the tax part of a discount.
    Tax,
    /// A discount; as a subtype: the tax on the discount.
    Discount,
}

impl ChargeKind {
    /// Reads Amazon's spelling; an unknown kind counts as other.
    pub fn parse(text: &str) -> Self {
        match text {
            "ITEM" => Self::Item,
            "SHIPPING" => Self::Shipping,
            "GIFT_WRAP" => Self::GiftWrap,
            "COD_FEE" => Self::CodFee,
            "TAX" => Self::Tax,
            "DISCOUNT" => Self::Discount,
            _ => Self::Other,
        }
    }
}

/// One line of Amazon's breakdown of an item's price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breakdown {
    /// What the line is for.
    pub kind: ChargeKind,
    /// The amount of the line.
    pub subtotal: Money,
    /// For tax and discount: how much of it concerns what.
    pub details: Vec<(ChargeKind, Money)>,
}

/// Tells apart what the buyer paid for one item.
///
/// The discount (as given, or deducted) and the tax (inside the price, or on top) are read in the way that gives
/// Amazon's `proceeds_total`. When both tax readings do, the marketplace's `usual` one is taken; when none does,
/// the result is [`TaxReading::Unclear`]. Without a total, the usual reading is applied to the breakdown.
pub fn reconcile(
    currency: Currency,
    breakdowns: &[Breakdown],
    proceeds_total: Option<Money>,
    usual: TaxReading,
) -> Result<ItemAmounts, MoneyError> {
    let total = proceeds_total.map(|money| minor(money, currency)).transpose()?;
    let Some(sums) = Sums::of(currency, breakdowns)? else {
        return Found { parts: Parts::only_goods(total.unwrap_or(0)), ..Found::default() }.in_currency(currency, total);
    };
    let usual = if usual == TaxReading::OnTop { TaxReading::OnTop } else { TaxReading::Included };
    let unusual = if usual == TaxReading::OnTop { TaxReading::Included } else { TaxReading::OnTop };
    let candidates = [(usual, false), (usual, true), (unusual, false), (unusual, true)];
    let found = match total {
        None => sums.read(usual, true),
        Some(total) => candidates
            .into_iter()
            .map(|(reading, deducted)| sums.read(reading, deducted))
            .find(|found| found.parts.sum() == total)
            .unwrap_or_else(|| sums.unclear(total)),
    };
    found.in_currency(currency, total)
}

/// The minor units of an amount that must be in `currency`, wide enough for any sum.
fn minor(money: Money, currency: Currency) -> Result<i128, MoneyError> {
    if money.currency() == currency {
        Ok(i128::from(money.minor()))
    } else {
        Err(MoneyError::CurrencyMismatch(currency, money.currency()))
    }
}

/// The four purposes of [`ItemAmounts`], in minor units.
#[derive(Clone, Copy, Debug, Default)]
struct Parts {
    goods: i128,
    shipping: i128,
    gift_wrap: i128,
    other: i128,
}

impl Parts {
    fn only_goods(goods: i128) -> Self {
        Self { goods, ..Self::default() }
    }

    fn add(&mut self, kind: ChargeKind, amount: i128) {
        let part = match kind {
            ChargeKind::Item | ChargeKind::Tax | ChargeKind::Discount => &mut self.goods,
            ChargeKind::Shipping => &mut self.shipping,
            ChargeKind::GiftWrap => &mut self.gift_wrap,
            ChargeKind::CodFee | ChargeKind::Other => &mut self.other,
        };
        *part += amount;
    }

    fn sum(self) -> i128 {
        self.goods + self.besides_goods()
    }

    fn besides_goods(self) -> i128 {
        self.shipping + self.gift_wrap + self.other
    }

    /// Adds another set of parts, taken `factor` times.
    fn plus(self, others: Self, factor: i128) -> Self {
        Self {
            goods: self.goods + others.goods * factor,
            shipping: self.shipping + others.shipping * factor,
            gift_wrap: self.gift_wrap + others.gift_wrap * factor,
            other: self.other + others.other * factor,
        }
    }

    /// The purpose that holds the largest amount; the goods when nothing is held.
    fn largest(self) -> ChargeKind {
        let mut largest = (ChargeKind::Item, self.goods.abs());
        let others = [
            (ChargeKind::Shipping, self.shipping),
            (ChargeKind::GiftWrap, self.gift_wrap),
            (ChargeKind::Other, self.other),
        ];
        for (kind, amount) in others {
            if amount.abs() > largest.1 {
                largest = (kind, amount.abs());
            }
        }
        largest.0
    }
}

/// The breakdown of one item, added up by purpose.
struct Sums {
    price: Parts,
    tax: Parts,
    discount: Parts,
}

impl Sums {
    /// Adds up a breakdown; nothing when there is none.
    fn of(currency: Currency, breakdowns: &[Breakdown]) -> Result<Option<Self>, MoneyError> {
        let mut sums = Self { price: Parts::default(), tax: Parts::default(), discount: Parts::default() };
        let mut tax_on_discount = 0;
        for breakdown in breakdowns {
            let subtotal = minor(breakdown.subtotal, currency)?;
            let mut details = Vec::with_capacity(breakdown.details.len());
            for (kind, amount) in &breakdown.details {
                details.push((*kind, minor(*amount, currency)?));
            }
            match breakdown.kind {
                ChargeKind::Tax => {
                    for (kind, amount) in with_rest(subtotal, details) {
                        if kind == ChargeKind::Discount {
                            tax_on_discount += amount;
                        } else {
                            sums.tax.add(kind, amount);
                        }
                    }
                }
                ChargeKind::Discount => {
                    for (kind, amount) in with_rest(subtotal, details) {
                        sums.discount.add(kind, amount);
                    }
                }
                kind => sums.price.add(kind, subtotal),
            }
        }
        // The tax on a discount belongs where the discount went.
        sums.tax.add(sums.discount.largest(), tax_on_discount);
        Ok((!breakdowns.is_empty()).then_some(sums))
    }

    /// The parts under one reading of the tax, with the discount as given or surely `deducted`.
    fn read(&self, reading: TaxReading, deducted: bool) -> Found {
        let discount = self.discount.sum();
        let factor = if deducted && discount > 0 { -1 } else { 1 };
        let taxed = match reading {
            TaxReading::OnTop => self.price.plus(self.tax, 1),
            TaxReading::NoTax | TaxReading::Included | TaxReading::Unclear => self.price,
        };
        let tax = self.tax.sum();
        Found {
            parts: taxed.plus(self.discount, factor),
            tax,
            discount: (-discount * factor).max(0),
            reading: if tax == 0 { TaxReading::NoTax } else { reading },
        }
    }

    /// The best that can be said when no reading gives Amazon's total.
    fn unclear(&self, total: i128) -> Found {
        let rest = total - self.price.besides_goods();
        let goods = if rest >= 0 { rest } else { self.price.goods };
        Found {
            parts: Parts { goods, ..self.price },
            tax: self.tax.sum(),
            discount: self.discount.sum().abs(),
            reading: TaxReading::Unclear,
        }
    }
}

/// The details of a subtotal, brought to its sign and completed so that they add up to it.
fn with_rest(subtotal: i128, mut details: Vec<(ChargeKind, i128)>) -> Vec<(ChargeKind, i128)> {
    let told: i128 = details.iter().map(|(_, amount)| amount).sum();
    if told != subtotal && told == -subtotal {
        for (_, amount) in &mut details {
            *amount = -*amount;
        }
    } else if told != subtotal {
        details.push((ChargeKind::Item, subtotal - told));
    }
    details
}

/// A result before it becomes money again.
struct Found {
    parts: Parts,
    tax: i128,
    discount: i128,
    reading: TaxReading,
}

impl Default for Found {
    fn default() -> Self {
        Self { parts: Parts::default(), tax: 0, discount: 0, reading: TaxReading::NoTax }
    }
}

impl Found {
    fn in_currency(self, currency: Currency, total: Option<i128>) -> Result<ItemAmounts, MoneyError> {
        let money = |amount: i128| {
            // The only way to fail is a number that does not fit, which is what the new error says.
            let minor = i64::try_from(amount).map_err(|_too_large| MoneyError::Overflow)?;
            Ok(Money::from_minor(minor, currency))
        };
        Ok(ItemAmounts {
            goods: money(self.parts.goods)?,
            shipping: money(self.parts.shipping)?,
            gift_wrap: money(self.parts.gift_wrap)?,
            other: money(self.parts.other)?,
            paid: money(total.unwrap_or_else(|| self.parts.sum()))?,
            tax: money(self.tax)?,
            discount: money(self.discount)?,
            reading: self.reading,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(kind: ChargeKind, text: &str, details: &[(ChargeKind, &str)]) -> Breakdown {
        line_in(Currency::USD, kind, text, details)
    }

    fn line_in(currency: Currency, kind: ChargeKind, text: &str, details: &[(ChargeKind, &str)]) -> Breakdown {
        let read = |text| Money::parse(text, currency).unwrap();
        Breakdown {
            kind,
            subtotal: read(text),
            details: details.iter().map(|(kind, text)| (*kind, read(text))).collect(),
        }
    }

    fn usd(breakdowns: &[Breakdown], total: &str, usual: TaxReading) -> ItemAmounts {
        reconcile(Currency::USD, breakdowns, Some(Money::parse(total, Currency::USD).unwrap()), usual).unwrap()
    }

    /// goods, shipping, gift wrap, other, paid, tax, discount.
    fn minors(found: &ItemAmounts) -> [i64; 7] {
        [found.goods, found.shipping, found.gift_wrap, found.other, found.paid, found.tax, found.discount]
            .map(Money::minor)
    }

    #[test]
    fn amazons_official_examples_add_up() {
        use ChargeKind::{Item, Shipping, Tax};
        let found = usd(&[line(Item, "39.99", &[]), line(Tax, "10.00", &[])], "49.99", TaxReading::OnTop);
        assert_eq!(minors(&found), [4999, 0, 0, 0, 4999, 1000, 0]);
        assert_eq!(found.reading, TaxReading::OnTop);

        let three = [
            line(Item, "89.97", &[]),
            line(Shipping, "10.00", &[]),
            line(Tax, "4.00", &[(Item, "3.00"), (Shipping, "1.00")]),
        ];
        let found = usd(&three, "103.97", TaxReading::Included);
        assert_eq!(minors(&found), [9297, 1100, 0, 0, 10397, 400, 0]);
        assert_eq!(found.reading, TaxReading::OnTop);

        let cents = [line(Item, "99.98", &[]), line(Tax, "0.02", &[(Item, "0.02")])];
        assert_eq!(minors(&usd(&cents, "100.00", TaxReading::OnTop)), [10000, 0, 0, 0, 10000, 2, 0]);

        let yen = [line_in(Currency::JPY, Item, "13960", &[])];
        let total = Some(Money::from_minor(13960, Currency::JPY));
        let found = reconcile(Currency::JPY, &yen, total, TaxReading::Included).unwrap();
        assert_eq!((found.goods.minor(), found.paid.minor(), found.reading), (13960, 13960, TaxReading::NoTax));
    }

    #[test]
    fn a_discount_is_deducted_whichever_sign_amazon_writes() {
        use ChargeKind::{Discount, Item, Shipping, Tax};
        for (item, shipping, whole) in [("2.00", "4.00", "6.00"), ("-2.00", "-4.00", "-6.00")] {
            let breakdowns = [
                line(Item, "20.00", &[]),
                line(Shipping, "4.00", &[]),
                line(Tax, "3.00", &[(Item, "3.40"), (Discount, "-0.40")]),
                line(Discount, whole, &[(Item, item), (Shipping, shipping)]),
            ];
            let included = usd(&breakdowns, "18.00", TaxReading::Included);
            assert_eq!(minors(&included), [1800, 0, 0, 0, 1800, 300, 600]);
            assert_eq!(included.reading, TaxReading::Included);
            let on_top = usd(&breakdowns, "21.00", TaxReading::Included);
            assert_eq!(minors(&on_top), [2140, -40, 0, 0, 2100, 300, 600]);
            assert_eq!(on_top.reading, TaxReading::OnTop);
        }
    }

    #[test]
    fn details_written_with_the_opposite_sign_still_count() {
        use ChargeKind::{Discount, Item, Shipping};
        let breakdowns =
            [line(Item, "20.00", &[]), line(Shipping, "4.00", &[]), line(Discount, "-4.00", &[(Shipping, "4.00")])];
        assert_eq!(minors(&usd(&breakdowns, "20.00", TaxReading::Included)), [2000, 0, 0, 0, 2000, 0, 400]);
    }

    #[test]
    fn when_both_readings_fit_the_marketplaces_usual_one_is_taken() {
        use ChargeKind::{Discount, Item, Tax};
        let breakdowns = [line(Item, "100.00", &[]), line(Tax, "10.00", &[]), line(Discount, "5.00", &[])];
        for usual in [TaxReading::Included, TaxReading::OnTop] {
            let found = usd(&breakdowns, "105.00", usual);
            assert_eq!((found.reading, found.goods.minor()), (usual, 10500));
        }
    }

    #[test]
    fn what_does_not_add_up_is_unclear_and_keeps_amazons_total() {
        use ChargeKind::{GiftWrap, Item, Shipping, Tax};
        let breakdowns = [
            line(Item, "20.00", &[]),
            line(Shipping, "4.00", &[]),
            line(GiftWrap, "1.00", &[]),
            line(Tax, "3.00", &[]),
        ];
        let found = usd(&breakdowns, "26.00", TaxReading::Included);
        assert_eq!(minors(&found), [2100, 400, 100, 0, 2600, 300, 0]);
        assert_eq!(found.reading, TaxReading::Unclear);
        let found = usd(&breakdowns, "2.00", TaxReading::Included);
        assert_eq!(minors(&found), [2000, 400, 100, 0, 200, 300, 0]);
    }

    #[test]
    fn without_breakdown_everything_is_goods_and_without_total_the_parts_are_added() {
        use ChargeKind::{CodFee, Discount, Item, Tax};
        assert_eq!(minors(&usd(&[], "12.00", TaxReading::OnTop)), [1200, 0, 0, 0, 1200, 0, 0]);
        let nothing = reconcile(Currency::USD, &[], None, TaxReading::OnTop).unwrap();
        assert_eq!((minors(&nothing), nothing.reading), ([0; 7], TaxReading::NoTax));
        let breakdowns =
            [line(Item, "20.00", &[]), line(CodFee, "2.00", &[]), line(Tax, "3.00", &[]), line(Discount, "1.00", &[])];
        let found = reconcile(Currency::USD, &breakdowns, None, TaxReading::OnTop).unwrap();
        assert_eq!(minors(&found), [2200, 0, 0, 200, 2400, 300, 100]);
    }

    #[test]
    fn currencies_are_never_mixed() {
        let euro = [line_in(Currency::EUR, ChargeKind::Item, "1.00", &[])];
        let mixed = reconcile(Currency::USD, &euro, None, TaxReading::OnTop);
        assert_eq!(mixed, Err(MoneyError::CurrencyMismatch(Currency::USD, Currency::EUR)));
    }

    fn kinds() -> impl Strategy<Value = ChargeKind> {
        prop::sample::select(vec![
            ChargeKind::Item,
            ChargeKind::Shipping,
            ChargeKind::GiftWrap,
            ChargeKind::CodFee,
            ChargeKind::Other,
            ChargeKind::Tax,
            ChargeKind::Discount,
        ])
    }

    proptest! {
        #[test]
        fn exact_items_are_told_apart_without_losing_a_cent(
            prices in prop::collection::vec((0..5_usize, 0..1_000_000_i64), 1..6),
            tax in prop::collection::vec((kinds(), 0..10_000_i64), 0..4),
            discount in prop::collection::vec((kinds(), 0..10_000_i64), 0..4),
            negative in any::<bool>(), on_top in any::<bool>(), usual_on_top in any::<bool>(), detailed in any::<bool>(),
        ) {
            let money = |amount| Money::from_minor(amount, Currency::EUR);
            let simple = [ChargeKind::Item, ChargeKind::Shipping, ChargeKind::GiftWrap, ChargeKind::CodFee, ChargeKind::Other];
            let mut breakdowns: Vec<Breakdown> = prices.iter()
                .map(|(kind, amount)| Breakdown { kind: simple[*kind], subtotal: money(*amount), details: Vec::new() })
                .collect();
            let sum = |parts: &[(ChargeKind, i64)]| parts.iter().map(|(_, amount)| amount).sum::<i64>();
            let (taxed, off) = (sum(&tax), sum(&discount));
            let sign = if negative { -1 } else { 1 };
            let details = |parts: &[(ChargeKind, i64)], sign: i64| {
                if detailed { parts.iter().map(|(kind, amount)| (*kind, money(amount * sign))).collect() } else { Vec::new() }
            };
            breakdowns.push(Breakdown { kind: ChargeKind::Tax, subtotal: money(taxed), details: details(&tax, 1) });
            breakdowns.push(Breakdown {
                kind: ChargeKind::Discount, subtotal: money(off * sign), details: details(&discount, sign),
            });
            let total = prices.iter().map(|(_, amount)| amount).sum::<i64>() - off + if on_top { taxed } else { 0 };
            let usual = if usual_on_top { TaxReading::OnTop } else { TaxReading::Included };
            let found = reconcile(Currency::EUR, &breakdowns, Some(money(total)), usual).unwrap();
            prop_assert_ne!(found.reading, TaxReading::Unclear);
            let parts = [found.goods, found.shipping, found.gift_wrap, found.other];
            prop_assert_eq!(Money::sum(parts, Currency::EUR), Ok(money(total)));
            prop_assert_eq!(found.paid, money(total));
            prop_assert_eq!(found.tax, money(taxed));
            if taxed != 0 && taxed != 2 * off {
                prop_assert_eq!(found.reading, if on_top { TaxReading::OnTop } else { TaxReading::Included });
                prop_assert_eq!(found.discount, money(off));
            }
        }

        #[test]
        fn any_amounts_give_a_result_or_an_error_and_never_a_panic(
            lines in prop::collection::vec(
                (kinds(), any::<i64>(), prop::collection::vec((kinds(), any::<i64>()), 0..3)), 0..5),
            total in any::<Option<i64>>(), usual in prop::sample::select(TaxReading::ALL.to_vec()),
        ) {
            let money = |amount| Money::from_minor(amount, Currency::EUR);
            let breakdowns: Vec<Breakdown> = lines.into_iter().map(|(kind, subtotal, details)| Breakdown {
                kind,
                subtotal: money(subtotal),
                details: details.into_iter().map(|(kind, amount)| (kind, money(amount))).collect(),
            }).collect();
            if let Ok(found) = reconcile(Currency::EUR, &breakdowns, total.map(money), usual) {
                let parts = [found.goods, found.shipping, found.gift_wrap, found.other];
                if found.reading != TaxReading::Unclear {
                    prop_assert_eq!(Money::sum(parts, Currency::EUR).unwrap(), found.paid);
                }
                if let Some(total) = total {
                    prop_assert_eq!(found.paid.minor(), total);
                }
            }
        }
    }
}
