//! Which units a parcel holds, and which parcels the quantities that Amazon shows confirm.

use super::*;
use crate::domain::kit::Component;

fn left(line: i64, ordered: i64, moved: i64, quantity: i64) -> Left {
    let item = AmazonItemId(format!("item {line}"));
    Left { line: OrderLineId(line), item, ordered: Some(ProductId(ordered)), moved: ProductId(moved), quantity }
}

fn item(number: i64) -> AmazonItemId {
    AmazonItemId(format!("item {number}"))
}

fn told(id: i64, sync: AmazonSync, units: i64) -> Told {
    let was_tried = sync != AmazonSync::ToSend;
    let items = vec![(item(1), units)];
    Told { id: ShipmentId(id), reference: id, sync, is_changing: false, was_tried, items }
}

fn shown(units: i64) -> BTreeMap<AmazonItemId, i64> {
    BTreeMap::from([(item(1), units)])
}

#[test]
fn the_units_of_a_line_are_the_sum_of_what_moved() {
    let moved = [left(1, 7, 7, 2), left(2, 8, 8, 1), left(1, 7, 7, 3)];
    assert_eq!(units(&moved, &Recipes::new()), [(item(1), 5), (item(2), 1)]);
    // The product of the line was corrected after it left.
    assert_eq!(units(&[left(1, 9, 7, 2)], &Recipes::new()), [(item(1), 2)]);
}

#[test]
fn of_a_kit_its_own_units_are_told_and_only_those_that_are_complete() {
    let part = |product, quantity| Component { product: ProductId(product), quantity };
    let recipes = Recipes::from([(ProductId(1), vec![part(2, 2), part(3, 1)])]);
    assert_eq!(units(&[left(1, 1, 2, 4), left(1, 1, 3, 2)], &recipes), [(item(1), 2)]);
    assert_eq!(units(&[left(1, 1, 2, 3), left(1, 1, 3, 2)], &recipes), [(item(1), 1)]);
    assert_eq!(units(&[left(1, 1, 2, 4)], &recipes), [(item(1), 2)], "a part that is not counted does not move");
    assert_eq!(units(&[left(1, 1, 2, 1), left(1, 1, 3, 1)], &recipes), []);
}

#[test]
fn a_parcel_is_confirmed_once_amazon_shows_all_of_its_units() {
    use AmazonSync::{Failed, Ok, Sent, ToSend, Unknown};
    let none = BTreeMap::new();
    let table: &[(i64, &[Told], &[i64])] = &[
        (0, &[told(1, Sent, 2)], &[]),
        (1, &[told(1, Sent, 2)], &[]),
        (2, &[told(1, Sent, 2)], &[1]),
        (2, &[told(1, Ok, 2), told(2, Sent, 1)], &[]),
        (3, &[told(1, Ok, 2), told(2, Sent, 1)], &[2]),
        (1, &[told(1, Sent, 2), told(2, Sent, 1)], &[2]),
        (2, &[told(1, Failed, 2), told(2, Sent, 2)], &[2]),
        (4, &[told(1, Failed, 2), told(2, Sent, 2)], &[2, 1]),
        (1, &[told(1, Unknown, 1)], &[1]),
        (1, &[told(1, ToSend, 1)], &[1]),
    ];
    for (units, parcels, expected) in table {
        let found: Vec<i64> = confirmed(&shown(*units), &none, parcels).iter().map(|id| id.0).collect();
        assert_eq!(found, *expected, "{units} shown, {parcels:?}");
    }
}

#[test]
fn what_left_without_us_confirms_nothing_of_ours() {
    assert!(confirmed(&shown(1), &shown(1), &[told(1, AmazonSync::Sent, 1)]).is_empty());
    assert_eq!(confirmed(&shown(2), &shown(1), &[told(1, AmazonSync::Sent, 1)]), [ShipmentId(1)]);
}

#[test]
fn a_change_that_amazon_was_not_told_of_is_still_told() {
    let changing = Told { is_changing: true, ..told(1, AmazonSync::ToSend, 1) };
    assert!(confirmed(&shown(1), &BTreeMap::new(), std::slice::from_ref(&changing)).is_empty());
    let other = told(2, AmazonSync::Sent, 1);
    assert_eq!(confirmed(&shown(1), &BTreeMap::new(), &[changing.clone(), other.clone()]), [ShipmentId(2)]);
}

#[test]
fn pauses_double_up_to_a_quarter_of_an_hour() {
    assert_eq!([0, 1, 2].map(|attempts| pause(attempts).num_seconds()), [30, 60, 120]);
    assert_eq!(pause(40), Duration::minutes(15));
}
