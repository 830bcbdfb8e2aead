//! Done moves that were booked with another product than the one that left.
//!
//! A done move is never changed. What was booked wrongly is moved back, and the product that really left is moved
//! instead: afterwards the stock of both products is right, and both facts stay visible.

use super::ids::{LocationId, OrderLineId, ProductId};
use std::collections::BTreeMap;

/// What a done move says about stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The order line that it belongs to.
    pub line: OrderLineId,
    /// What moved.
    pub product: ProductId,
    /// From where.
    pub source: LocationId,
    /// To where.
    pub destination: LocationId,
    /// How many units; more than none.
    pub quantity: i64,
}

/// The moves that make it right that `product` left on all these lines: for each other product one back, and one on.
pub fn corrections(booked: &[Booked], product: ProductId) -> Vec<Booked> {
    // What moved between two places, counted in the direction from the smaller key to the larger.
    let mut sums: BTreeMap<(OrderLineId, ProductId, LocationId, LocationId), i64> = BTreeMap::new();
    for one in booked.iter().filter(|one| one.product != product) {
        let is_forward = one.source <= one.destination;
        let (from, to) = if is_forward { (one.source, one.destination) } else { (one.destination, one.source) };
        let sum = sums.entry((one.line, one.product, from, to)).or_default();
        *sum = sum.saturating_add(if is_forward { one.quantity } else { -one.quantity });
    }
    let mut moves = Vec::new();
    for ((line, wrong, low, high), sum) in sums.into_iter().filter(|(_, sum)| *sum != 0) {
        let (source, destination) = if sum > 0 { (low, high) } else { (high, low) };
        let quantity = sum.saturating_abs();
        moves.push(Booked { line, product: wrong, source: destination, destination: source, quantity });
        moves.push(Booked { line, product, source, destination, quantity });
    }
    moves
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const STOCK: LocationId = LocationId(1);
    const CUSTOMERS: LocationId = LocationId(2);

    fn booked(product: i64, source: LocationId, destination: LocationId, quantity: i64) -> Booked {
        Booked { line: OrderLineId(7), product: ProductId(product), source, destination, quantity }
    }

    /// What left the stock of a product, all moves taken together.
    fn left(moves: &[Booked], product: i64) -> i64 {
        let of_product = moves.iter().filter(|one| one.product == ProductId(product));
        of_product.map(|one| if one.source == STOCK { one.quantity } else { -one.quantity }).sum()
    }

    #[test]
    fn what_was_booked_wrongly_comes_back_and_the_right_product_leaves() {
        let held = [booked(1, STOCK, CUSTOMERS, 3)];
        let made = corrections(&held, ProductId(2));
        assert_eq!(made, [booked(1, CUSTOMERS, STOCK, 3), booked(2, STOCK, CUSTOMERS, 3)]);
        assert_eq!(corrections(&held, ProductId(1)), [], "nothing is wrong");
    }

    #[test]
    fn a_second_correction_starts_from_what_the_first_one_left() {
        let mut all = vec![booked(1, STOCK, CUSTOMERS, 3)];
        all.extend(corrections(&all, ProductId(2)));
        let again = corrections(&all, ProductId(3));
        assert_eq!(again, [booked(2, CUSTOMERS, STOCK, 3), booked(3, STOCK, CUSTOMERS, 3)]);
    }

    proptest! {
        #[test]
        fn only_the_right_product_has_left_afterwards_and_as_much_as_before(
            given in proptest::collection::vec((1_i64..4, any::<bool>(), 1_i64..50), 0..12),
            wanted in 1_i64..4,
        ) {
            let mut all: Vec<Booked> = given
                .into_iter()
                .map(|(product, out, units)| {
                    let (source, destination) = if out { (STOCK, CUSTOMERS) } else { (CUSTOMERS, STOCK) };
                    booked(product, source, destination, units)
                })
                .collect();
            let before: i64 = (1..4).map(|product| left(&all, product)).sum();
            let made = corrections(&all, ProductId(wanted));
            prop_assert!(made.iter().all(|one| one.quantity > 0));
            all.extend(made);
            prop_assert_eq!(left(&all, wanted), before);
            prop_assert!((1..4).filter(|product| *product != wanted).all(|product| left(&all, product) == 0));
            prop_assert_eq!(corrections(&all, ProductId(wanted)), []);
        }
    }
}
