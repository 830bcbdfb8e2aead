//! Goods that come back: how many units of each line of a delivery may, and where they go.
//!
//! Nothing comes back that did not leave, and nothing comes back twice; what is expected back counts as well.

use crate::domain::coded::coded;
use crate::domain::ids::{MoveId, OrderLineId, ProductId};
use std::collections::BTreeMap;

coded! {
    /// Where goods go that came back.
    ReturnTo {
        /// To the shelf that they left.
        Stock = "stock",
        /// Aside: they are ours and nobody can buy them.
        Unsellable = "unsellable",
        /// Away: they are worth nothing any more.
        Loss = "loss",
    }
}

/// Which way a move went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It left with the delivery.
    Out,
    /// The delivery was corrected: it did not leave after all.
    Undone,
    /// It came back.
    Back,
    /// It is expected back.
    Expected,
}

/// A move of a delivery or of its returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// The move.
    pub id: MoveId,
    /// The line of the order.
    pub line: OrderLineId,
    /// What moved.
    pub product: ProductId,
    /// How many units.
    pub units: i64,
    /// Which way.
    pub way: Way,
}

/// What may come back of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returnable {
    /// The move by which it left.
    pub id: MoveId,
    /// The units that left.
    pub shipped: i64,
    /// Those that came back.
    pub returned: i64,
    /// Those that are expected back.
    pub expected: i64,
}

impl Returnable {
    /// The units that may still come back.
    pub const fn most(&self) -> i64 {
        let rest = self.shipped.saturating_sub(self.returned).saturating_sub(self.expected);
        if rest > 0 { rest } else { 0 }
    }
}

/// What may come back of each line and product, in the order in which they left.
pub fn tally(moved: &[Moved]) -> Vec<Returnable> {
    let mut sums: BTreeMap<(OrderLineId, ProductId), Returnable> = BTreeMap::new();
    for one in moved.iter().filter(|one| one.way == Way::Out) {
        let new = Returnable { id: one.id, shipped: 0, returned: 0, expected: 0 };
        let sum = sums.entry((one.line, one.product)).or_insert(new);
        sum.shipped = sum.shipped.saturating_add(one.units);
    }
    for one in moved {
        let Some(sum) = sums.get_mut(&(one.line, one.product)) else { continue };
        match one.way {
            Way::Out => {}
            Way::Undone => sum.shipped = sum.shipped.saturating_sub(one.units),
            Way::Back => sum.returned = sum.returned.saturating_add(one.units),
            Way::Expected => sum.expected = sum.expected.saturating_add(one.units),
        }
    }
    let mut all: Vec<Returnable> = sums.into_values().filter(|sum| sum.shipped > 0).collect();
    all.sort_by_key(|sum| sum.id);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn moved(id: i64, line: i64, units: i64, way: Way) -> Moved {
        Moved { id: MoveId(id), line: OrderLineId(line), product: ProductId(1), units, way }
    }

    #[test]
    fn what_came_back_or_is_expected_cannot_come_back_again() {
        let all = [moved(1, 7, 3, Way::Out), moved(2, 7, 1, Way::Back), moved(3, 7, 1, Way::Expected)];
        let tallied = tally(&all);
        assert_eq!(tallied, [Returnable { id: MoveId(1), shipped: 3, returned: 1, expected: 1 }]);
        assert_eq!(tallied[0].most(), 1);
    }

    #[test]
    fn what_was_booked_wrongly_and_taken_back_did_not_leave() {
        assert_eq!(tally(&[moved(1, 7, 3, Way::Out), moved(2, 7, 3, Way::Undone)]), []);
        assert_eq!(tally(&[moved(1, 7, 3, Way::Back)]), [], "nothing left on this line");
    }

    proptest! {
        #[test]
        fn never_more_comes_back_than_left(
            out in 1_i64..50,
            back in proptest::collection::vec((0_i64..50, any::<bool>()), 0..8),
        ) {
            let mut all = vec![moved(1, 7, out, Way::Out)];
            let mut sum = 0;
            for (wish, is_expected) in back {
                let most = tally(&all)[0].most();
                let units = wish.min(most);
                sum += units;
                all.push(moved(2, 7, units, if is_expected { Way::Expected } else { Way::Back }));
            }
            prop_assert!(sum <= out);
            prop_assert_eq!(tally(&all)[0].most(), out - sum);
        }
    }
}
