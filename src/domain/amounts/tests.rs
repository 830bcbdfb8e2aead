//! The four readings of discount and tax, Amazon's own examples, and amounts at random.

use super::*;
use proptest::prelude::*;

fn line(kind: ChargeKind, text: &str, details: &[(ChargeKind, &str)]) -> Breakdown {
    line_in(Currency::USD, kind, text, details)
}

fn line_in(currency: Currency, kind: ChargeKind, text: &str, details: &[(ChargeKind, &str)]) -> Breakdown {
    let read = |text| Money::parse(text, currency).unwrap();
    Breakdown { kind, subtotal: read(text), details: details.iter().map(|(kind, text)| (*kind, read(text))).collect() }
}

fn usd(breakdowns: &[Breakdown], total: &str, usual: TaxReading) -> ItemAmounts {
    reconcile(Currency::USD, breakdowns, Some(Money::parse(total, Currency::USD).unwrap()), usual).unwrap()
}

/// goods, shipping, gift wrap, other, paid, tax, discount.
fn minors(found: &ItemAmounts) -> [i64; 7] {
    [found.goods, found.shipping, found.gift_wrap, found.other, found.paid, found.tax, found.discount].map(Money::minor)
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
    let breakdowns =
        [line(Item, "20.00", &[]), line(Shipping, "4.00", &[]), line(GiftWrap, "1.00", &[]), line(Tax, "3.00", &[])];
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
                let sum: i128 = parts.iter().map(|part| i128::from(part.minor())).sum();
                prop_assert_eq!(sum, i128::from(found.paid.minor()));
            }
            if let Some(total) = total {
                prop_assert_eq!(found.paid.minor(), total);
            }
        }
    }
}
