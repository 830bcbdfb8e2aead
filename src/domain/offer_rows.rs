//! Offers from a file: which account, marketplace and SKU a row means, and what it does to the offers that are held.
//!
//! The dry run and the import itself decide by the same function, so that one cannot promise what the other does not do.

use super::coded::coded;
use super::file_rows::{self, Row};
use super::ids::{AccountId, MarketplaceId, OfferId, ProductId, Sku};
use super::marketplace::{Directory, Region};
use super::offer::read_sku;
use super::sync::Reason;
use std::collections::HashMap;

coded! {
    /// A column of a file of offers.
    Field {
        /// The merchant's code on Amazon.
        Sku = "sku",
        /// The internal reference of the product; empty for none.
        Reference = "reference",
        /// The marketplace; empty for all that the account follows.
        Marketplace = "marketplace",
        /// The name of the account; empty for the one that was chosen for the file.
        Account = "account",
    }
}

/// The heads by which a field is recognised, besides its code.
pub(super) const fn names(field: Field) -> &'static [&'static str] {
    match field {
        Field::Sku => &["seller-sku", "seller sku", "amazon sku", "sku amazon", "item_sku"],
        Field::Reference => &["internal reference", "ref", "référence interne", "référence", "default_code"],
        Field::Marketplace => &["country", "place de marché", "marché", "pays"],
        Field::Account => &["amazon account", "compte", "compte amazon"],
    }
}

/// An account as rows mean it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The key.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Which of Amazon's regions answers.
    pub region: Option<Region>,
    /// The marketplaces that it follows.
    pub followed: Vec<MarketplaceId>,
}

/// Where offers of a file can be.
#[derive(Clone, Debug)]
pub struct Places {
    /// The accounts in use.
    pub accounts: Vec<Place>,
    /// The account of rows that name none.
    pub chosen: Option<AccountId>,
    /// All marketplaces.
    pub directory: Directory,
}

/// One SKU on one marketplace of an account: what makes an offer one.
pub type Spot = (AccountId, MarketplaceId, Sku);

/// An offer that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The key.
    pub id: OfferId,
    /// Its version.
    pub version: i64,
    /// The internal reference of its product.
    pub reference: Option<String>,
}

/// What rows are compared with.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The products that can be chosen, by internal reference.
    pub products: HashMap<String, ProductId>,
    /// The offers that are held.
    pub offers: HashMap<Spot, Held>,
}

/// What a row does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The product, unless the new offers wait for one.
    pub product: Option<(ProductId, String)>,
    /// Offers to make.
    pub new: Vec<Spot>,
    /// Offers that get the product.
    pub changed: Vec<Held>,
}

/// What a row does: one that makes an offer counts as new, whatever it changes besides.
pub type Decision = file_rows::Decision<Plan, Plan>;

/// The offers that a row means, or why it cannot be taken.
pub fn spots(row: &Row, places: &Places) -> Result<Vec<Spot>, Vec<Reason>> {
    let mut refused = Vec::new();
    let sku = read_sku(row.trimmed(Field::Sku));
    if sku.is_none() && !row.is_formula(Field::Sku) {
        refused.push(Reason::new("offer-sku"));
    }
    let place = account(row, places).map_err(|reason| refused.push(reason));
    let found = place.ok().map(|place| (place, marketplaces(row, place, &places.directory)));
    match (sku, found) {
        (Some(sku), Some((place, Ok(found)))) if refused.is_empty() => {
            Ok(found.into_iter().map(|marketplace| (place.account, marketplace, sku.clone())).collect())
        }
        (_, Some((_, Err(reason)))) => {
            refused.push(reason);
            Err(refused)
        }
        _ => Err(refused),
    }
}

/// The account of a row; two accounts of one name cannot be told apart by it.
fn account<'a>(row: &Row, places: &'a Places) -> Result<&'a Place, Reason> {
    let name = row.trimmed(Field::Account);
    let is_meant =
        |place: &&Place| if name.is_empty() { Some(place.account) == places.chosen } else { place.name == name };
    let mut meant = places.accounts.iter().filter(is_meant);
    match (meant.next(), meant.next()) {
        (Some(place), None) => Ok(place),
        (Some(_), Some(_)) => Err(Reason::new("offer-accounts-alike").with("account", name)),
        (None, _) if name.is_empty() => Err(Reason::new("offer-no-account")),
        (None, _) => Err(Reason::new("offer-unknown-account").with("account", name)),
    }
}

/// The marketplaces of a row: the one that it names, or all that its account follows.
fn marketplaces(row: &Row, place: &Place, directory: &Directory) -> Result<Vec<MarketplaceId>, Reason> {
    let named = row.trimmed(Field::Marketplace);
    if named.is_empty() {
        let none = || Reason::new("offer-no-marketplace");
        return if place.followed.is_empty() { Err(none()) } else { Ok(place.followed.clone()) };
    }
    let known = directory.by_code(named).or_else(|| directory.find(named));
    match known.filter(|known| Some(known.region) == place.region) {
        Some(known) => Ok(vec![known.id.into()]),
        None => Err(Reason::new("offer-unknown-marketplace").with("marketplace", named)),
    }
}

/// Decides one row; `repeats` is an earlier line that means one of the same offers.
///
/// A product that an offer has already is kept, archived or not; any other one must be in use. A file never takes a
/// product away: an empty reference makes offers that wait for one, and leaves those that are there.
pub fn decide(row: &Row, repeats: Option<i64>, places: &Places, known: &Known) -> Decision {
    let mut refused = row.shape(repeats);
    let reference = row.trimmed(Field::Reference);
    let spots = spots(row, places).map_err(|reasons| refused.extend(reasons)).unwrap_or_default();
    let mut plan = Plan::default();
    let mut changes = Vec::new();
    for spot in spots {
        match known.offers.get(&spot) {
            Some(held) if reference.is_empty() || held.reference.as_deref() == Some(reference) => {}
            Some(held) => {
                let old = held.reference.clone().unwrap_or_default();
                let told = Reason::new("offer-changed").with("marketplace", places.directory.short(spot.1.as_str()));
                changes.push(told.with("old", old).with("new", reference));
                plan.changed.push(held.clone());
            }
            None => plan.new.push(spot),
        }
    }
    let has_work = !(plan.new.is_empty() && plan.changed.is_empty());
    if has_work && !reference.is_empty() {
        plan.product = known.products.get(reference).map(|product| (*product, reference.to_owned()));
        if plan.product.is_none() && !row.is_formula(Field::Reference) {
            refused.push(Reason::new("offer-unknown-reference").with("reference", reference));
        }
    }
    if !refused.is_empty() {
        Decision::Refused(refused)
    } else if !plan.new.is_empty() {
        Decision::New(plan)
    } else if has_work {
        Decision::Changed(plan, changes)
    } else {
        Decision::Unchanged
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::file_rows::{Cell, RowOutcome};
    use proptest::prelude::*;

    const FRANCE: &str = "A13V1IB3VIYZZH";
    const GERMANY: &str = "A1PA6795UKMFR9";

    fn row(cells: &[(Field, &str)]) -> Row {
        let cell = |(field, text): &(Field, &str)| ((*field).into(), Cell::Text((*text).to_owned()));
        Row { line: 2, cells: cells.iter().map(cell).collect(), misshapen: None }
    }

    fn place(id: i64, name: &str, followed: &[&str]) -> Place {
        let followed = followed.iter().map(|id| MarketplaceId::from(*id)).collect();
        Place { account: AccountId(id), name: name.to_owned(), region: Some(Region::Eu), followed }
    }

    fn places() -> Places {
        let accounts = vec![place(1, "Europe", &[FRANCE, GERMANY]), place(2, "Asleep", &[])];
        Places { accounts, chosen: Some(AccountId(1)), directory: Directory::default() }
    }

    fn known() -> Known {
        let products = HashMap::from([("MUG".to_owned(), ProductId(1)), ("CUP".to_owned(), ProductId(2))]);
        let held =
            |id, reference: Option<&str>| Held { id: OfferId(id), version: 1, reference: reference.map(Into::into) };
        let spot = |marketplace: &str, sku: &str| (AccountId(1), marketplace.into(), sku.into());
        let offers = HashMap::from([
            (spot(FRANCE, "A"), held(5, Some("MUG"))),
            (spot(GERMANY, "A"), held(6, None)),
            (spot(FRANCE, "OLD"), held(7, Some("ARCHIVED"))),
        ]);
        Known { products, offers }
    }

    fn told(cells: &[(Field, &str)]) -> (RowOutcome, Vec<String>) {
        let decision = decide(&row(cells), None, &places(), &known());
        (decision.outcome(), decision.into_notes().into_iter().map(|reason| reason.code).collect())
    }

    #[test]
    fn a_row_without_marketplace_stands_for_all_that_the_account_follows() {
        let decision = decide(&row(&[(Field::Sku, "B"), (Field::Reference, "MUG")]), None, &places(), &known());
        let Decision::New(plan) = decision else { panic!("{decision:?}") };
        assert_eq!((plan.new.len(), plan.product), (2, Some((ProductId(1), "MUG".to_owned()))));
        let one = row(&[(Field::Sku, "A"), (Field::Reference, "CUP"), (Field::Marketplace, "fr")]);
        let Decision::Changed(plan, notes) = decide(&one, None, &places(), &known()) else { panic!() };
        assert_eq!((plan.changed[0].id, notes[0].code.as_str()), (OfferId(5), "offer-changed"));
    }

    #[test]
    fn what_an_offer_has_already_is_no_change_even_when_the_product_is_archived() {
        let of = |sku, reference| [(Field::Sku, sku), (Field::Reference, reference), (Field::Marketplace, "FR")];
        for row in [of("A", "MUG"), of("OLD", "ARCHIVED"), of("A", "")] {
            assert_eq!(told(&row), (RowOutcome::Unchanged, vec![]), "{row:?}");
        }
        assert_eq!(told(&of("NEW", "")), (RowOutcome::New, vec![]), "it waits for a product");
        assert_eq!(told(&of("NEW", "ARCHIVED")).1, ["offer-unknown-reference"]);
    }

    #[test]
    fn every_wrong_row_says_why() {
        let with = |field, text| [(Field::Sku, "A"), (Field::Reference, "MUG"), (field, text)];
        for (row, code) in [
            (with(Field::Marketplace, "US"), "offer-unknown-marketplace"),
            (with(Field::Account, "Nobody"), "offer-unknown-account"),
            (with(Field::Account, "Asleep"), "offer-no-marketplace"),
            ([(Field::Sku, ""), (Field::Reference, "MUG"), (Field::Account, "")], "offer-sku"),
            ([(Field::Sku, "A"), (Field::Reference, "NOPE"), (Field::Account, "")], "offer-unknown-reference"),
        ] {
            assert_eq!(told(&row), (RowOutcome::Refused, vec![code.to_owned()]), "{row:?}");
        }
        let nowhere = Places { chosen: None, ..places() };
        let row = row(&[(Field::Sku, "A"), (Field::Reference, "MUG")]);
        assert_eq!(spots(&row, &nowhere), Err(vec![Reason::new("offer-no-account")]));
        let mut twins = places();
        twins.accounts.push(place(3, "Europe", &[]));
        let named = super::tests::row(&with(Field::Account, "Europe"));
        assert_eq!(spots(&named, &twins).unwrap_err()[0].code, "offer-accounts-alike");
    }

    proptest! {
        #[test]
        fn any_row_is_answered(sku in "\\PC{0,50}", reference in "\\PC{0,8}", marketplace in "\\PC{0,4}") {
            let cells = [(Field::Sku, &*sku), (Field::Reference, &*reference), (Field::Marketplace, &*marketplace)];
            let (outcome, notes) = told(&cells);
            prop_assert_eq!(outcome == RowOutcome::Refused, !notes.is_empty());
        }
    }
}
