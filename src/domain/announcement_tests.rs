//! What Amazon is told of a parcel, by example.

use super::*;

fn left(number: i64, quantity: i64) -> Left {
    Left { item: item(number), quantity }
}

fn item(number: i64) -> AmazonItemId {
    AmazonItemId(format!("item {number}"))
}

fn told(id: i64, sync: AmazonSync, units: i64) -> Told {
    let was_tried = sync != AmazonSync::ToSend;
    let items = vec![(item(1), units)];
    Told { id: ShipmentId(id), reference: id, sync, is_correction: false, was_tried, items }
}

fn shown(units: i64) -> BTreeMap<AmazonItemId, i64> {
    BTreeMap::from([(item(1), units)])
}

#[test]
fn the_units_of_an_item_are_the_sum_of_what_left() {
    assert_eq!(units(&[left(1, 2), left(2, 1), left(1, 3)]), [(item(1), 5), (item(2), 1)]);
    assert_eq!(units(&[]), []);
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
        // Told by hand, perhaps, after Amazon refused it; the other one is still to be told.
        (1, &[told(1, Failed, 1), told(2, ToSend, 1)], &[1]),
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
    let changing = Told { is_correction: true, ..told(1, AmazonSync::ToSend, 1) };
    assert!(confirmed(&shown(1), &BTreeMap::new(), std::slice::from_ref(&changing)).is_empty());
    let other = told(2, AmazonSync::Sent, 1);
    let both = [changing.clone(), other.clone()];
    assert!(confirmed(&shown(1), &BTreeMap::new(), &both).is_empty(), "Amazon took the first one before");
    assert_eq!(confirmed(&shown(2), &BTreeMap::new(), &both), [ShipmentId(2)]);
    // Amazon shows the units of the parcel as it took it first, which says nothing about the change that it refused.
    let refused = Told { is_correction: true, ..told(1, AmazonSync::Failed, 1) };
    assert!(confirmed(&shown(1), &BTreeMap::new(), &[refused]).is_empty());
}

#[test]
fn pauses_double_up_to_a_quarter_of_an_hour() {
    assert_eq!([0, 1, 2].map(|attempts| pause(attempts).num_seconds()), [30, 60, 120]);
    assert_eq!(pause(40), Duration::minutes(15));
}
