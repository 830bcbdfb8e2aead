//! The lines of a sales order, as the buyer paid them: items, shipping, gift wrap, messages and what is left over.
//!
//! Amazon's amounts stay untouched; a difference to Amazon's total becomes a visible line, never a silent change.

use super::ids::AmazonItemId;
use super::money::{Money, MoneyError};
use super::order::LineKind;
use super::remote::{RemoteItem, RemoteOrder, TaxReading};

/// One line to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftLine<'a> {
    /// What it is for.
    pub kind: LineKind,
    /// The item behind an item line or a note.
    pub item: Option<&'a RemoteItem>,
    /// Units; 1 for charges, 0 for notes.
    pub quantity: i64,
    /// What the buyer paid, tax included and discounts deducted.
    pub total: Money,
    /// The tax contained in it, as far as Amazon told it; the tax of an item's shipping counts with the item.
    pub tax: Money,
    /// The discounts already deducted, as a positive amount.
    pub discount: Money,
    /// How tax and price relate.
    pub reading: TaxReading,
}

/// All lines of an order and its total.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftLines<'a> {
    /// The lines, in the order in which they are shown.
    pub lines: Vec<DraftLine<'a>>,
    /// What the buyer paid: Amazon's total, or the sum of the lines when Amazon gave none.
    pub total: Money,
    /// The tax contained in the total.
    pub tax: Money,
    /// Amazon's total minus the sum of the lines; nothing when they agree.
    pub difference: Money,
}

/// Builds the lines of an order: one per item, one for shipping, one for gift wrap, one per gift message.
pub fn draft(order: &RemoteOrder) -> Result<DraftLines<'_>, MoneyError> {
    let currency = order.currency;
    let sum = |part: fn(&RemoteItem) -> Money| Money::sum(order.items.iter().map(part), currency);
    let mut lines: Vec<DraftLine<'_>> = order.items.iter().map(item_line).collect();
    let charge = |kind, total: Money| DraftLine {
        kind,
        item: None,
        quantity: 1,
        total,
        tax: Money::zero(currency),
        discount: Money::zero(currency),
        reading: TaxReading::NoTax,
    };
    let charges = [
        (LineKind::Shipping, sum(|item| item.amounts.shipping)?),
        (LineKind::GiftWrap, sum(|item| item.amounts.gift_wrap)?),
        (LineKind::Other, sum(|item| item.amounts.other)?.checked_add(order.tip)?),
    ];
    lines.extend(charges.into_iter().filter(|(_, total)| !total.is_zero()).map(|(kind, total)| charge(kind, total)));
    let told = Money::sum(lines.iter().map(|line| line.total), currency)?;
    let total = order.grand_total.unwrap_or(told);
    let difference = total.checked_sub(told)?;
    if !difference.is_zero() {
        lines.push(charge(LineKind::Adjustment, difference));
    }
    let with_message = order.items.iter().filter(|item| item.gift_message.is_some());
    lines.extend(with_message.map(|item| DraftLine {
        item: Some(item),
        quantity: 0,
        ..charge(LineKind::Note, Money::zero(currency))
    }));
    Ok(DraftLines { lines, total, tax: sum(|item| item.amounts.tax)?, difference })
}

fn item_line(item: &RemoteItem) -> DraftLine<'_> {
    DraftLine {
        kind: LineKind::Item,
        item: Some(item),
        quantity: i64::from(item.ordered),
        total: item.amounts.goods,
        tax: item.amounts.tax,
        discount: item.amounts.discount,
        reading: item.amounts.reading,
    }
}

impl DraftLine<'_> {
    /// Amazon's number of the item behind the line.
    pub fn item_id(&self) -> Option<&AmazonItemId> {
        self.item.map(|item| &item.item_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::money::Currency;
    use crate::domain::personal::Personal;
    use crate::domain::remote::{AmazonStatus, Buyer, Channel, ItemAmounts, TaxFacts};
    use chrono::DateTime;

    fn euros(minor: i64) -> Money {
        Money::from_minor(minor, Currency::EUR)
    }

    fn item(goods: i64, shipping: i64, gift_wrap: i64, message: Option<&str>) -> RemoteItem {
        let amounts = ItemAmounts {
            goods: euros(goods),
            shipping: euros(shipping),
            gift_wrap: euros(gift_wrap),
            other: euros(0),
            paid: euros(goods + shipping + gift_wrap),
            tax: euros(0),
            discount: euros(0),
            reading: TaxReading::NoTax,
        };
        RemoteItem {
            item_id: "1".into(),
            sku: None,
            asin: None,
            title: "Lamp".to_owned(),
            ordered: 1,
            fulfilled: 0,
            amounts,
            gift_message: message.map(|text| Personal::new(text.to_owned())),
            is_gift: message.is_some(),
            cancellation_requested: false,
        }
    }

    fn order(items: Vec<RemoteItem>, grand_total: Option<i64>, tip: i64) -> RemoteOrder {
        RemoteOrder {
            amazon_id: "902-1106328-1059050".into(),
            marketplace: "A13V1IB3VIYZZH".into(),
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
            channel: Channel::Fbm,
            status: AmazonStatus::Unshipped,
            currency: Currency::EUR,
            grand_total: grand_total.map(euros),
            tip: euros(tip),
            items,
            is_business: false,
            is_prime: false,
            replaces: None,
            ship_by: None,
            deliver_by: None,
            buyer: Buyer::default(),
            delivery: None,
            tax: TaxFacts::default(),
        }
    }

    fn shown(order: &RemoteOrder) -> Vec<(LineKind, i64)> {
        draft(order).unwrap().lines.iter().map(|line| (line.kind, line.total.minor())).collect()
    }

    #[test]
    fn one_line_per_item_one_for_shipping_one_for_gift_wrap_and_one_per_message() {
        let two = order(vec![item(1000, 300, 200, Some("Bon anniversaire")), item(500, 100, 0, None)], Some(2100), 0);
        let expected = [
            (LineKind::Item, 1000),
            (LineKind::Item, 500),
            (LineKind::Shipping, 400),
            (LineKind::GiftWrap, 200),
            (LineKind::Note, 0),
        ];
        assert_eq!(shown(&two), expected);
        assert!(draft(&two).unwrap().difference.is_zero());
    }

    #[test]
    fn a_difference_to_amazons_total_is_a_visible_line() {
        let odd = order(vec![item(1000, 0, 0, None)], Some(1002), 0);
        assert_eq!(shown(&odd), [(LineKind::Item, 1000), (LineKind::Adjustment, 2)]);
        assert_eq!(draft(&odd).unwrap().total, euros(1002));
        assert_eq!(draft(&odd).unwrap().difference, euros(2));
    }

    #[test]
    fn a_tip_is_another_charge_and_a_missing_total_is_the_sum_of_the_lines() {
        let tipped = order(vec![item(1000, 0, 0, None)], None, 500);
        assert_eq!(shown(&tipped), [(LineKind::Item, 1000), (LineKind::Other, 500)]);
        assert_eq!(draft(&tipped).unwrap().total, euros(1500));
    }

    #[test]
    fn a_free_replacement_has_its_items_at_zero() {
        assert_eq!(shown(&order(vec![item(0, 0, 0, None)], Some(0), 0)), [(LineKind::Item, 0)]);
    }
}
