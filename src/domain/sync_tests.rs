//! The rules of the synchronization, one test per row of the table that was agreed.

use super::*;
use crate::domain::ids::{AccountId, AmazonOrderId, CompanyId, LocationId, MarketplaceId, SellerId, TeamId};
use crate::domain::money::{Currency, Money};
use crate::domain::remote::{Buyer, ItemAmounts, TaxFacts, TaxReading};
use chrono::{Duration, TimeZone};
use proptest::prelude::*;

fn at(minute: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 24, 10, 0, 0).unwrap() + Duration::minutes(minute)
}

fn item(id: &str, ordered: u32, fulfilled: u32) -> RemoteItem {
    let euros = |minor| Money::from_minor(minor, Currency::EUR);
    let amounts = ItemAmounts {
        goods: euros(1000),
        shipping: euros(0),
        gift_wrap: euros(0),
        other: euros(0),
        paid: euros(1000),
        tax: euros(0),
        discount: euros(0),
        reading: TaxReading::NoTax,
    };
    RemoteItem {
        item_id: id.into(),
        sku: Some("SKU-1".into()),
        asin: None,
        title: "Lamp".to_owned(),
        ordered,
        fulfilled,
        amounts,
        gift_message: None,
        is_gift: false,
        cancellation_requested: false,
    }
}

fn remote(channel: Channel, status: AmazonStatus, items: Vec<RemoteItem>) -> RemoteOrder {
    RemoteOrder {
        amazon_id: AmazonOrderId::from("902-1106328-1059050"),
        marketplace: MarketplaceId::from("A13V1IB3VIYZZH"),
        created_at: at(-60),
        updated_at: at(0),
        channel,
        status,
        currency: Currency::EUR,
        grand_total: Some(Money::from_minor(1000, Currency::EUR)),
        tip: Money::zero(Currency::EUR),
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

fn held(state: OrderState, lines: &[(&str, i64, i64)]) -> HeldOrder {
    let line = |&(id, ordered, delivered): &(&str, i64, i64)| HeldLine { item_id: id.into(), ordered, delivered };
    HeldOrder {
        id: OrderId(7),
        account: AccountId(1),
        state,
        amazon_updated_at: at(-10),
        fingerprint: 1,
        is_decided: false,
        lines: lines.iter().map(line).collect(),
    }
}

fn registration() -> Registration {
    Registration {
        account: AccountId(1),
        company: CompanyId(1),
        seller: SellerId::from("A2SELLER"),
        team: TeamId(1),
        location: LocationId(1),
        carrier: None,
        marketplaces: vec![MarketplaceId::from("A13V1IB3VIYZZH")],
        elsewhere: vec![(MarketplaceId::from("A1PA6795UKMFR9"), "Germany".to_owned())],
        overrides: Vec::new(),
        siblings: vec![AccountId(1)],
    }
}

fn judged(held: Option<&HeldOrder>, remote: &RemoteOrder) -> (Rule, Outcome) {
    let decision = decide(held, remote, 2, &registration());
    (decision.rule, decision.outcome)
}

use AmazonStatus as S;
use Channel::{Fba, Fbm};

#[test]
fn new_orders_are_created_when_fba_has_shipped_or_fbm_is_to_be_shipped() {
    let one = || vec![item("1", 2, 0)];
    let done = || vec![item("1", 2, 2)];
    assert_eq!(judged(None, &remote(Fba, S::Shipped, done())), (Rule::R6, Outcome::Create));
    assert_eq!(judged(None, &remote(Fba, S::Unshipped, one())), (Rule::R3, Outcome::Wait));
    assert_eq!(judged(None, &remote(Fba, S::PartiallyShipped, one())), (Rule::R3, Outcome::Wait));
    assert_eq!(judged(None, &remote(Fbm, S::Unshipped, one())), (Rule::R5, Outcome::Create));
    assert_eq!(judged(None, &remote(Fbm, S::Pending, one())), (Rule::R4, Outcome::Wait));
    assert_eq!(judged(None, &remote(Fba, S::PendingAvailability, one())), (Rule::R4, Outcome::Wait));
}

#[test]
fn an_fbm_order_shipped_without_comptoir_is_created_and_flagged() {
    let decision = decide(None, &remote(Fbm, S::Shipped, vec![item("1", 2, 2)]), 2, &registration());
    let expected = NewOrder { state: OrderState::Locked, delivery: Delivery::Full, is_shipped_outside: true };
    assert_eq!(decision.plan, Plan::Create(expected));
    let decision = decide(None, &remote(Fbm, S::PartiallyShipped, vec![item("1", 3, 1)]), 2, &registration());
    let expected = NewOrder { state: OrderState::Sale, delivery: Delivery::Partial, is_shipped_outside: true };
    assert_eq!(decision.plan, Plan::Create(expected));
}

#[test]
fn a_cancelled_order_is_cancelled_here_unless_something_was_shipped() {
    let gone = remote(Fbm, S::Cancelled, vec![item("1", 2, 0)]);
    assert_eq!(judged(None, &gone), (Rule::R10, Outcome::Skip));
    assert_eq!(judged(Some(&held(OrderState::Sale, &[("1", 2, 0)])), &gone), (Rule::R8, Outcome::Cancel));
    assert_eq!(judged(Some(&held(OrderState::Locked, &[("1", 2, 2)])), &gone), (Rule::R9, Outcome::NeedsDecision));
    assert_eq!(judged(Some(&held(OrderState::Cancelled, &[("1", 2, 0)])), &gone), (Rule::R2, Outcome::Unchanged));
    let decided = HeldOrder { is_decided: true, ..held(OrderState::Locked, &[("1", 2, 2)]) };
    assert_eq!(judged(Some(&decided), &gone), (Rule::R2, Outcome::Unchanged), "nobody is asked twice");
}

#[test]
fn an_order_that_lives_again_after_its_cancellation_is_shown_to_a_person() {
    let alive = remote(Fbm, S::Unshipped, vec![item("1", 2, 0)]);
    assert_eq!(judged(Some(&held(OrderState::Cancelled, &[("1", 2, 0)])), &alive), (Rule::R9, Outcome::NeedsDecision));
}

#[test]
fn an_order_as_we_know_it_or_older_is_left_alone() {
    let mut known = held(OrderState::Sale, &[("1", 2, 0)]);
    known.fingerprint = 2;
    let now = remote(Fbm, S::Unshipped, vec![item("1", 2, 0)]);
    assert_eq!(judged(Some(&known), &now), (Rule::R2, Outcome::Unchanged));
    known.fingerprint = 1;
    known.amazon_updated_at = at(1);
    assert_eq!(judged(Some(&known), &now), (Rule::R2, Outcome::Unchanged), "a late page never wins over newer news");
}

#[test]
fn only_the_units_shipped_since_the_last_look_are_moved() {
    let known = held(OrderState::Locked, &[("1", 3, 1)]);
    let now = remote(Fba, S::Shipped, vec![item("1", 3, 3)]);
    let Plan::Update(changes) = decide(Some(&known), &now, 2, &registration()).plan else { panic!("not an update") };
    assert_eq!(changes.shipped, [(AmazonItemId::from("1"), 2)]);
    assert_eq!(changes.delivery, Delivery::Full);
}

#[test]
fn a_changed_quantity_updates_what_is_not_shipped() {
    let known = held(OrderState::Sale, &[("1", 3, 0)]);
    let now = remote(Fbm, S::Unshipped, vec![item("1", 2, 0)]);
    let Plan::Update(changes) = decide(Some(&known), &now, 2, &registration()).plan else { panic!("not an update") };
    assert_eq!(changes.quantities, [(AmazonItemId::from("1"), 2)]);
    assert_eq!((changes.state, changes.delivery), (OrderState::Sale, Delivery::None));
}

#[test]
fn marketplaces_followed_elsewhere_or_nowhere_are_skipped() {
    let mut order = remote(Fbm, S::Unshipped, vec![item("1", 1, 0)]);
    order.marketplace = MarketplaceId::from("A1PA6795UKMFR9");
    assert_eq!(judged(None, &order), (Rule::R13, Outcome::Skip));
    order.marketplace = MarketplaceId::from("ATVPDKIKX0DER");
    assert_eq!(judged(None, &order), (Rule::R1, Outcome::Skip));
}

#[test]
fn what_cannot_be_understood_is_set_aside() {
    let odd = remote(Fbm, S::Other("TELEPORTED".to_owned()), vec![item("1", 1, 0)]);
    assert_eq!(decide(None, &odd, 2, &registration()).plan, Plan::SetAside("unknown_status"));
    assert_eq!(
        decide(None, &remote(Fba, S::Unfulfillable, vec![]), 2, &registration()).plan,
        Plan::SetAside("unfulfillable")
    );
    assert_eq!(decide(None, &remote(Fba, S::Shipped, vec![]), 2, &registration()).plan, Plan::SetAside("no_items"));
}

proptest! {
    #[test]
    fn every_combination_has_an_answer_and_never_ships_more_than_ordered(
        status in 0..8_usize, fba: bool, ordered in 0..5_u32, fulfilled in 0..9_u32,
        held_state in 0..4_usize, delivered in 0..5_i64, minute in -20..20_i64,
    ) {
        let status = S::KNOWN.get(status).cloned().unwrap_or_else(|| S::Other("NEW".to_owned()));
        let mut order = remote(if fba { Fba } else { Fbm }, status, vec![item("1", ordered, fulfilled)]);
        order.updated_at = at(minute);
        let known = OrderState::ALL.get(held_state).map(|state| held(*state, &[("1", i64::from(ordered), delivered)]));
        let decision = decide(known.as_ref(), &order, 2, &registration());
        prop_assert!(!decision.reasons.is_empty());
        if let Plan::Update(changes) = &decision.plan {
            let more: i64 = changes.shipped.iter().map(|(_, units)| units).sum();
            prop_assert!(delivered + more <= i64::from(ordered).max(delivered));
        }
        if let Plan::Create(_) = decision.plan {
            prop_assert!(known.is_none());
        }
    }

    #[test]
    fn the_fingerprint_changes_when_the_content_does(ordered in 1..50_u32, fulfilled in 0..50_u32) {
        let one = remote(Fbm, S::Unshipped, vec![item("1", ordered, fulfilled)]);
        let other = remote(Fbm, S::Unshipped, vec![item("1", ordered + 1, fulfilled)]);
        prop_assert_eq!(fingerprint(&one, None), fingerprint(&one.clone(), None));
        prop_assert_ne!(fingerprint(&one, None), fingerprint(&other, None));
        prop_assert_ne!(fingerprint(&one, None), fingerprint(&one, Some("elsewhere")));
    }
}
