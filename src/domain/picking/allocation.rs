//! Which goods wait for which transfers: what a product takes from the shelves, and who gets the last unit.
//!
//! Who waits longest is served first; nobody gets more than there is, and nothing is given twice.

use crate::domain::ids::{LocationId, MoveId, ProductId};
use crate::domain::kit::{self, Recipes};
use std::collections::{BTreeMap, BTreeSet};

/// A product at a place.
pub type Shelf = (ProductId, LocationId);

/// What one unit of each product takes of goods that are counted; nothing for what is not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    of: BTreeMap<ProductId, BTreeMap<ProductId, i64>>,
    kits: BTreeMap<ProductId, BTreeMap<ProductId, i64>>,
    counted: BTreeSet<ProductId>,
}

impl Parts {
    /// Counted goods take themselves, kits take their counted components, everything else takes nothing.
    ///
    /// A kit that cannot be taken apart takes nothing: nobody can say what leaves with it.
    pub fn new(counted: BTreeSet<ProductId>, kits: &[ProductId], recipes: &Recipes) -> Self {
        let mut of: BTreeMap<_, _> = counted.iter().map(|id| (*id, BTreeMap::from([(*id, 1)]))).collect();
        let mut apart = BTreeMap::new();
        for kit in kits {
            let all = kit::needs(*kit, recipes).filter(|needs| !needs.contains_key(kit)).unwrap_or_default();
            let some = all.iter().filter(|(part, _)| counted.contains(part)).map(|(part, need)| (*part, *need));
            of.insert(*kit, some.collect());
            apart.insert(*kit, all);
        }
        Self { of, kits: apart, counted }
    }

    /// What one unit takes from the shelves.
    pub fn of(&self, product: ProductId) -> impl Iterator<Item = (ProductId, i64)> + '_ {
        self.of.get(&product).into_iter().flatten().map(|(part, need)| (*part, *need))
    }

    /// Whether a unit of it takes anything from the shelves.
    pub fn needs_stock(&self, product: ProductId) -> bool {
        self.of(product).next().is_some()
    }

    /// Everything that leaves with one unit of a kit, counted or not; nothing when the product is no kit.
    pub fn components(&self, product: ProductId) -> impl Iterator<Item = (ProductId, i64)> + '_ {
        self.kits.get(&product).into_iter().flatten().map(|(part, need)| (*part, *need))
    }

    /// Whether its stock is counted.
    pub fn is_counted(&self, product: ProductId) -> bool {
        self.counted.contains(&product)
    }

    /// What some units take from each shelf of a place.
    pub fn taken(&self, (product, place): Shelf, units: i64) -> impl Iterator<Item = (Shelf, i64)> + '_ {
        self.of(product).map(move |(part, need)| ((part, place), need.saturating_mul(units)))
    }

    /// How many units of a product the shelves of a place hold; none when nothing limits it.
    pub fn available(&self, (product, place): Shelf, free: &BTreeMap<Shelf, i64>) -> Option<i64> {
        let limits = self.of(product).map(|(part, need)| {
            let held = free.get(&(part, place)).copied().unwrap_or(0).max(0);
            held.checked_div(need).unwrap_or(0)
        });
        limits.min()
    }
}

/// A move that waits for goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The move.
    pub id: MoveId,
    /// What it takes, and from where.
    pub shelf: Shelf,
    /// How many units it still lacks.
    pub lacking: i64,
}

/// Gives what is free to those who wait, in their order; takes it out of `free`.
///
/// Answers how many units each gets, without those who get nothing. What takes nothing from the shelves is given whole.
pub fn allocate(waiting: &[Waiting], parts: &Parts, free: &mut BTreeMap<Shelf, i64>) -> Vec<(MoveId, i64)> {
    let mut given = Vec::new();
    for one in waiting {
        let units = parts.available(one.shelf, free).map_or(one.lacking, |most| most.min(one.lacking));
        if units <= 0 {
            continue;
        }
        for (shelf, quantity) in parts.taken(one.shelf, units) {
            let held: &mut i64 = free.entry(shelf).or_insert(0);
            *held = held.saturating_sub(quantity);
        }
        given.push((one.id, units));
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::kit::Component;
    use proptest::prelude::*;

    const STOCK: LocationId = LocationId(1);

    fn waiting(rows: &[(i64, i64, i64)]) -> Vec<Waiting> {
        let one = |&(id, product, lacking): &(i64, i64, i64)| Waiting {
            id: MoveId(id),
            shelf: (ProductId(product), STOCK),
            lacking,
        };
        rows.iter().map(one).collect()
    }

    fn shelves(rows: &[(i64, i64)]) -> BTreeMap<Shelf, i64> {
        rows.iter().map(|(product, held)| ((ProductId(*product), STOCK), *held)).collect()
    }

    /// Products 1 to 3 are counted; 10 is a kit of two of 1, one of 2 and one of 9, which is not counted.
    fn parts() -> Parts {
        let part = |product: i64, quantity: i64| Component { product: ProductId(product), quantity };
        let recipes = Recipes::from([(ProductId(10), vec![part(1, 2), part(2, 1), part(9, 1)])]);
        Parts::new((1..4).map(ProductId).collect(), &[ProductId(10)], &recipes)
    }

    #[test]
    fn who_waits_longest_gets_the_last_unit_and_a_part_is_given_too() {
        let mut free = shelves(&[(1, 3)]);
        let given = allocate(&waiting(&[(1, 1, 2), (2, 1, 2), (3, 1, 1)]), &parts(), &mut free);
        assert_eq!(given, [(MoveId(1), 2), (MoveId(2), 1)]);
        assert_eq!(free, shelves(&[(1, 0)]));
    }

    #[test]
    fn a_kit_takes_its_counted_components_and_the_scarcest_decides() {
        let mut free = shelves(&[(1, 5), (2, 9)]);
        let given = allocate(&waiting(&[(1, 10, 4), (2, 1, 4)]), &parts(), &mut free);
        assert_eq!(given, [(MoveId(1), 2), (MoveId(2), 1)]);
        assert_eq!(free, shelves(&[(1, 0), (2, 7)]));
        let parts = parts();
        let whole: Vec<_> = parts.components(ProductId(10)).collect();
        assert_eq!(whole, [(ProductId(1), 2), (ProductId(2), 1), (ProductId(9), 1)]);
        assert_eq!(parts.components(ProductId(1)).count(), 0);
    }

    #[test]
    fn what_is_not_counted_is_always_there() {
        let mut free = BTreeMap::new();
        assert_eq!(allocate(&waiting(&[(1, 9, 7)]), &parts(), &mut free), [(MoveId(1), 7)]);
        assert!(!parts().needs_stock(ProductId(9)) && parts().needs_stock(ProductId(10)));
        // A kit that nobody described stands for nothing that could be counted.
        let bare = Parts::new(BTreeSet::new(), &[ProductId(11)], &Recipes::new());
        assert!(!bare.needs_stock(ProductId(11)) && bare.components(ProductId(11)).count() == 0);
    }

    proptest! {
        #[test]
        fn no_shelf_is_overdrawn_and_nobody_gets_more_than_is_lacking(
            held in proptest::collection::vec(-3_i64..20, 3),
            asked in proptest::collection::vec((prop_oneof![1_i64..4, Just(9), Just(10)], 1_i64..6), 0..20),
        ) {
            let before: BTreeMap<Shelf, i64> =
                (1..4).zip(&held).map(|(product, held)| ((ProductId(product), STOCK), *held)).collect();
            let rows: Vec<(i64, i64, i64)> =
                (1..).zip(&asked).map(|(id, (product, lacking))| (id, *product, *lacking)).collect();
            let (waiting, parts, mut free) = (waiting(&rows), parts(), before.clone());
            let given = allocate(&waiting, &parts, &mut free);
            let mut taken: BTreeMap<Shelf, i64> = BTreeMap::new();
            for (id, units) in &given {
                let one = waiting.iter().find(|one| one.id == *id).unwrap();
                prop_assert!((1..=one.lacking).contains(units));
                for (shelf, quantity) in parts.taken(one.shelf, *units) {
                    *taken.entry(shelf).or_insert(0) += quantity;
                }
            }
            for (shelf, held) in &before {
                let took = taken.get(shelf).copied().unwrap_or(0);
                prop_assert!(took <= (*held).max(0));
                prop_assert_eq!(free[shelf], held - took);
            }
            // A second time there is nothing more to give to the same ones.
            let left: Vec<Waiting> = waiting
                .iter()
                .map(|one| {
                    let got = given.iter().find(|(id, _)| *id == one.id).map_or(0, |(_, units)| *units);
                    Waiting { lacking: one.lacking - got, ..*one }
                })
                .collect();
            prop_assert_eq!(allocate(&left, &parts, &mut free), vec![]);
        }
    }
}
