//! Kits: what they are made of, and how many can be put together from what is there.
//!
//! A kit may hold kits, but never itself, however deep.

use super::ids::ProductId;
use std::collections::{BTreeMap, BTreeSet};

/// One component of a kit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component {
    /// The component.
    pub product: ProductId,
    /// How many of it go into one kit.
    pub quantity: i64,
}

/// The components of every kit of a company.
pub type Recipes = BTreeMap<ProductId, Vec<Component>>;

/// Why components cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KitError {
    /// The kit would hold itself, directly or through this component.
    Cycle(ProductId),
    /// A quantity is below one or too large to count.
    Quantity(ProductId),
    /// The component is named twice.
    Twice(ProductId),
}

/// The largest quantity of one component.
pub const LARGEST_QUANTITY: i64 = 100_000;

/// What one unit of each kit took of each component, by units that moved: inside which kit, of what and how many.
///
/// A kit whose parts do not divide evenly among its units is missing: nobody can say what one of them held.
pub fn recipes_of(moved: &[(Option<ProductId>, ProductId, i64)]) -> Recipes {
    let mut whole: BTreeMap<ProductId, i64> = BTreeMap::new();
    let mut inside: BTreeMap<ProductId, BTreeMap<ProductId, i64>> = BTreeMap::new();
    for (kit, product, units) in moved {
        match kit {
            Some(kit) => *inside.entry(*kit).or_default().entry(*product).or_default() += units,
            None => *whole.entry(*product).or_default() += units,
        }
    }
    let one_of = |(kit, parts): (ProductId, BTreeMap<ProductId, i64>)| {
        let kits = *whole.get(&kit)?;
        let share = |(product, units): (ProductId, i64)| {
            let is_even = units.checked_rem(kits) == Some(0);
            is_even.then(|| Component { product, quantity: units.checked_div(kits).unwrap_or(0) })
        };
        Some((kit, parts.into_iter().map(share).collect::<Option<Vec<_>>>()?))
    };
    inside.into_iter().filter_map(one_of).collect()
}

/// Whether `kit` may be made of `components`, given the recipes of all other kits.
pub fn check(kit: ProductId, components: &[Component], recipes: &Recipes) -> Result<(), KitError> {
    let mut seen = BTreeSet::new();
    for component in components {
        if !(1..=LARGEST_QUANTITY).contains(&component.quantity) {
            return Err(KitError::Quantity(component.product));
        }
        if !seen.insert(component.product) {
            return Err(KitError::Twice(component.product));
        }
        if reaches(component.product, kit, recipes) {
            return Err(KitError::Cycle(component.product));
        }
    }
    Ok(())
}

/// Whether `target` is `from` or is found inside it.
fn reaches(from: ProductId, target: ProductId, recipes: &Recipes) -> bool {
    let (mut open, mut seen) = (vec![from], BTreeSet::new());
    while let Some(product) = open.pop() {
        if product == target {
            return true;
        }
        if seen.insert(product) {
            open.extend(recipes.get(&product).into_iter().flatten().map(|component| component.product));
        }
    }
    false
}

/// What one kit takes of products that are no kits, with kits inside it taken apart; none when it cannot be counted.
///
/// A kit without components stands for itself: nothing says what it is made of.
pub fn needs(kit: ProductId, recipes: &Recipes) -> Option<BTreeMap<ProductId, i64>> {
    taken_apart(kit, recipes, DEEPEST, &mut BTreeMap::new())
}

/// How deep kits may lie in kits before nothing is counted any more.
const DEEPEST: u8 = 100;

/// Needs that were worked out; none while a product is being worked out, so that a circle ends.
type Known = BTreeMap<ProductId, Option<BTreeMap<ProductId, i64>>>;

/// Each kit is taken apart once, however often it occurs.
fn taken_apart(
    product: ProductId,
    recipes: &Recipes,
    depth: u8,
    known: &mut Known,
) -> Option<BTreeMap<ProductId, i64>> {
    if let Some(needs) = known.get(&product) {
        return needs.clone();
    }
    let components = recipes.get(&product).map_or(&[][..], Vec::as_slice);
    if components.is_empty() {
        return Some(BTreeMap::from([(product, 1)]));
    }
    known.insert(product, None);
    let mut all = BTreeMap::new();
    for component in components {
        for (part, need) in taken_apart(component.product, recipes, depth.checked_sub(1)?, known)? {
            let held: &mut i64 = all.entry(part).or_insert(0);
            *held = held.checked_add(need.checked_mul(component.quantity)?)?;
        }
    }
    known.insert(product, Some(all.clone()));
    Some(all)
}

/// How many kits can be put together: the scarcest component decides, what is not counted never does.
///
/// `on_hand` holds the products whose stock is counted; none means that nothing limits the number. Stock below zero
/// makes no kit.
pub fn available(needs: &BTreeMap<ProductId, i64>, on_hand: &BTreeMap<ProductId, i64>) -> Option<i64> {
    let counted = needs.iter().filter_map(|(product, need)| Some((on_hand.get(product)?, *need)));
    counted.map(|(held, need)| (*held).max(0).checked_div(need).unwrap_or(0)).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn recipes(rows: &[(i64, &[(i64, i64)])]) -> Recipes {
        let component = |&(product, quantity): &(i64, i64)| Component { product: ProductId(product), quantity };
        rows.iter().map(|(kit, parts)| (ProductId(*kit), parts.iter().map(component).collect())).collect()
    }

    fn stock(rows: &[(i64, i64)]) -> BTreeMap<ProductId, i64> {
        rows.iter().map(|(product, held)| (ProductId(*product), *held)).collect()
    }

    #[test]
    fn the_scarcest_component_decides() {
        let all = recipes(&[(1, &[(2, 2), (3, 1), (4, 1)])]);
        let needs = needs(ProductId(1), &all).unwrap();
        // Product 4 is not counted.
        assert_eq!(available(&needs, &stock(&[(2, 7), (3, 9)])), Some(3));
        assert_eq!(available(&needs, &stock(&[(2, 7), (3, -1)])), Some(0), "stock below zero makes no kit");
        assert_eq!(available(&needs, &stock(&[])), None, "nothing counted, nothing limits");
    }

    #[test]
    fn what_left_tells_what_was_inside_one_kit_where_it_divides_evenly() {
        let moved = |kit: Option<i64>, product: i64, units: i64| (kit.map(ProductId), ProductId(product), units);
        let left =
            [moved(None, 1, 2), moved(Some(1), 10, 4), moved(None, 1, 1), moved(Some(1), 10, 2), moved(Some(1), 11, 3)];
        assert_eq!(recipes_of(&left), recipes(&[(1, &[(10, 2), (11, 1)])]));
        assert_eq!(recipes_of(&[moved(None, 1, 2), moved(Some(1), 10, 3)]), Recipes::new(), "one and a half is none");
        assert_eq!(recipes_of(&[moved(Some(1), 10, 3), moved(None, 2, 1)]), Recipes::new());
    }

    #[test]
    fn what_is_in_two_kits_is_counted_once() {
        // 1 = 2 × A(10) + one of kit 5, which is A and B(11).
        let all = recipes(&[(1, &[(10, 2), (5, 1)]), (5, &[(10, 1), (11, 4)])]);
        let needs = needs(ProductId(1), &all).unwrap();
        assert_eq!(needs, stock(&[(10, 3), (11, 4)]));
        assert_eq!(available(&needs, &stock(&[(10, 5), (11, 100)])), Some(1));
    }

    #[test]
    fn a_kit_never_holds_itself_however_deep() {
        let all = recipes(&[(2, &[(3, 1)]), (3, &[(4, 1)])]);
        let of = |product| [Component { product: ProductId(product), quantity: 1 }];
        assert_eq!(check(ProductId(1), &of(2), &all), Ok(()));
        assert_eq!(check(ProductId(1), &of(1), &all), Err(KitError::Cycle(ProductId(1))));
        assert_eq!(check(ProductId(4), &of(2), &all), Err(KitError::Cycle(ProductId(2))));
    }

    #[test]
    fn quantities_and_repetitions_are_refused() {
        let part = |quantity| Component { product: ProductId(2), quantity };
        let none = Recipes::new();
        assert_eq!(check(ProductId(1), &[part(0)], &none), Err(KitError::Quantity(ProductId(2))));
        assert_eq!(check(ProductId(1), &[part(100_001)], &none), Err(KitError::Quantity(ProductId(2))));
        assert_eq!(check(ProductId(1), &[part(1), part(2)], &none), Err(KitError::Twice(ProductId(2))));
    }

    proptest! {
        #[test]
        fn accepted_kits_can_always_be_taken_apart(edges in proptest::collection::vec((0_i64..8, 0_i64..8, 1_i64..4), 0..20)) {
            let mut all = Recipes::new();
            for (kit, product, quantity) in edges {
                let (kit, new) = (ProductId(kit), Component { product: ProductId(product), quantity });
                let mut parts = all.get(&kit).cloned().unwrap_or_default();
                parts.push(new);
                if check(kit, &parts, &all).is_ok() {
                    all.insert(kit, parts);
                }
            }
            for kit in all.keys() {
                prop_assert!(needs(*kit, &all).is_some());
            }
        }
    }
}
