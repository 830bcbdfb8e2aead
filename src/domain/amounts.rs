//! What the buyer paid for one item, told apart into goods, shipping, gift wrap and the rest.
//!
//! Amazon says neither whether a discount is written as a negative amount nor whether the tax is inside the
//! price, so both are found by adding up. Nothing is ever rounded, guessed silently or lost: an item that does
//! not add up is marked unclear.

use super::money::{Currency, Money, MoneyError};
use super::remote::{ItemAmounts, TaxReading};

/// What a charge is for.
///
/// `type` and `subtype` of a breakdown (Orders API 2026-01-01 model).
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

/// The minor units of an amount that must be in `currency`.
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

    /// The parts under one reading of the tax.
    ///
    /// The discount counts as given, or, when `deducted`, below zero whichever sign it has.
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

/// The details of a subtotal, made to add up to it.
///
/// They are brought to its sign; what they leave over concerns the goods.
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
mod tests;
