//! What one line of an order comes to, with its tax and its discounts.
//!
//! It must never let the parts and the total disagree: Comptoir's own arithmetic is checked against this one.

use super::market::Market;
use super::money::{tax_inside, tax_on_top};
use super::order::{Charges, Item, TaxLine};
use super::settings::{DiscountSign, Settings};

/// The amounts of one line, ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct ItemTotals {
    /// `proceedsTotal`: what the buyer pays for the line.
    pub(crate) total: i64,
    charges: Charges,
    discount_sign: i64,
    tax: Option<Tax>,
}

#[derive(Clone, Copy, Debug)]
struct Tax {
    goods: i64,
    shipping: i64,
    gift_wrap: i64,
    discount: i64,
}

impl Tax {
    fn sum(self) -> i64 {
        self.goods + self.shipping + self.gift_wrap + self.discount
    }
}

/// Adds up a line.
///
/// Source: Amazon's model `orders_2026-01-01`: `proceedsTotal` is the sum of the breakdowns. Where the price contains the
/// tax, a TAX breakdown only informs and the sum without it is the total; where it does not, TAX is part of the sum.
pub(crate) fn item_totals(item: &Item, market: &Market, settings: Settings) -> ItemTotals {
    let charges = item.charges;
    let discount = charges.goods_discount + charges.shipping_discount;
    let without_tax = charges.goods + charges.shipping + charges.gift_wrap - discount;
    let rate = market.tax_rate;
    let is_inside = market.tax_inside && settings.vat_included;
    let part = |amount| if is_inside { tax_inside(amount, rate) } else { tax_on_top(amount, rate) };
    let tax = Tax {
        goods: part(charges.goods),
        shipping: part(charges.shipping),
        gift_wrap: part(charges.gift_wrap),
        discount: -part(discount),
    };
    let is_taxable = charges.goods != 0 || charges.shipping != 0 || charges.gift_wrap != 0;
    let is_shown = is_taxable && (!is_inside || item.tax_line == TaxLine::Shown);
    ItemTotals {
        total: if is_inside { without_tax } else { without_tax + tax.sum() },
        charges,
        discount_sign: if settings.discount_sign == DiscountSign::Negative { -1 } else { 1 },
        tax: is_shown.then_some(tax),
    }
}

impl ItemTotals {
    /// The breakdowns in the order Amazon's examples give them; what is zero is left out, but for the goods.
    pub(crate) fn breakdowns(&self) -> impl Iterator<Item = (&'static str, i64)> + use<> {
        let discount = self.discount_sign * (self.charges.goods_discount + self.charges.shipping_discount);
        let goods = Some(("ITEM", self.charges.goods));
        let shipping = Some(("SHIPPING", self.charges.shipping)).filter(|(_, amount)| *amount != 0);
        let gift_wrap = Some(("GIFT_WRAP", self.charges.gift_wrap)).filter(|(_, amount)| *amount != 0);
        let discount = Some(("DISCOUNT", discount)).filter(|(_, amount)| *amount != 0);
        let tax = self.tax.map(|tax| ("TAX", tax.sum()));
        [goods, shipping, gift_wrap, discount, tax].into_iter().flatten()
    }

    /// What is taxed or discounted; the model gives details for these two types only.
    pub(crate) fn details(&self, breakdown: &str) -> impl Iterator<Item = (&'static str, i64)> + use<> {
        let list = match (breakdown, self.tax) {
            ("DISCOUNT", _) => [
                ("ITEM", self.discount_sign * self.charges.goods_discount),
                ("SHIPPING", self.discount_sign * self.charges.shipping_discount),
                ("GIFT_WRAP", 0),
                ("DISCOUNT", 0),
            ],
            ("TAX", Some(tax)) => [
                ("ITEM", tax.goods),
                ("SHIPPING", tax.shipping),
                ("GIFT_WRAP", tax.gift_wrap),
                ("DISCOUNT", tax.discount),
            ],
            _ => [("ITEM", 0), ("SHIPPING", 0), ("GIFT_WRAP", 0), ("DISCOUNT", 0)],
        };
        list.into_iter().filter(|(_, amount)| *amount != 0)
    }
}
