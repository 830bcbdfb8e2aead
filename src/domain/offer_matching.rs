//! Matching all offers without a product by internal reference: what would be matched, what is in conflict, what stays.
//!
//! It proposes and changes nothing. What a person or a file chose is never touched.

use super::ids::{OfferId, ProductId};
use super::offer::{MatchedBy, key};
use std::collections::HashMap;

/// An offer, as far as its matching depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// The offer.
    pub id: OfferId,
    /// Its SKU.
    pub sku: String,
    /// Its product.
    pub product: Option<ProductId>,
    /// Who found it.
    pub matched_by: MatchedBy,
}

/// What matching would do with one offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// Its SKU is the reference of this product.
    Same(ProductId),
    /// Its SKU is the reference of this product but for case, spaces or dashes, and of no other.
    Alike(ProductId),
    /// Several products have a reference alike: a person chooses.
    Ambiguous,
    /// It was matched by reference to another product than the one that has the reference now.
    Moved(ProductId),
    /// Nothing is to be done: it has its product.
    Held,
    /// No product has a reference like it.
    Unknown,
}

/// Products by reference, exactly and alike.
#[derive(Clone, Debug, Default)]
pub struct References<'a> {
    same: HashMap<&'a str, ProductId>,
    alike: HashMap<String, Option<ProductId>>,
}

impl<'a> References<'a> {
    /// Prepares the products; a key that several of them share belongs to none.
    pub fn of(products: &'a [(ProductId, String)]) -> Self {
        let mut alike: HashMap<String, Option<ProductId>> = HashMap::with_capacity(products.len());
        for (id, reference) in products {
            alike.entry(key(reference)).and_modify(|held| *held = None).or_insert(Some(*id));
        }
        Self { same: products.iter().map(|(id, reference)| (reference.as_str(), *id)).collect(), alike }
    }

    /// What matching would do with an offer.
    pub fn propose(&self, offer: &Offered) -> Proposal {
        let same = self.same.get(offer.sku.as_str()).copied();
        match (offer.product, same) {
            (Some(held), Some(other)) if held != other && offer.matched_by == MatchedBy::Reference => {
                Proposal::Moved(other)
            }
            (Some(_), _) => Proposal::Held,
            (None, Some(product)) => Proposal::Same(product),
            (None, None) => match self.alike.get(&key(&offer.sku)) {
                Some(Some(product)) => Proposal::Alike(*product),
                Some(None) => Proposal::Ambiguous,
                None => Proposal::Unknown,
            },
        }
    }
}

/// How many offers each proposal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// To be matched, the reference being the same.
    pub same: i64,
    /// To be matched if alike is good enough.
    pub alike: i64,
    /// In conflict: ambiguous, or the reference belongs to another product now.
    pub conflicts: i64,
    /// Matched already.
    pub held: i64,
    /// Without any product like them.
    pub unknown: i64,
}

impl Counts {
    /// Counts one more proposal.
    pub const fn add(&mut self, proposal: Proposal) {
        let count = match proposal {
            Proposal::Same(_) => &mut self.same,
            Proposal::Alike(_) => &mut self.alike,
            Proposal::Ambiguous | Proposal::Moved(_) => &mut self.conflicts,
            Proposal::Held => &mut self.held,
            Proposal::Unknown => &mut self.unknown,
        };
        *count = count.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offered(sku: &str, product: Option<i64>, matched_by: MatchedBy) -> Offered {
        Offered { id: OfferId(1), sku: sku.to_owned(), product: product.map(ProductId), matched_by }
    }

    #[test]
    fn each_offer_has_one_proposal_and_what_a_person_chose_is_never_touched() {
        let products: Vec<(ProductId, String)> = [(1, "MUG-1"), (2, "CUP 1"), (3, "LAMP-1"), (4, "lamp 1")]
            .map(|(id, reference)| (ProductId(id), reference.to_owned()))
            .to_vec();
        let references = References::of(&products);
        let nobody = MatchedBy::Nobody;
        for (offer, wanted) in [
            (offered("MUG-1", None, nobody), Proposal::Same(ProductId(1))),
            (offered("cup-1", None, nobody), Proposal::Alike(ProductId(2))),
            (offered("LAMP-1", None, nobody), Proposal::Same(ProductId(3))),
            (offered("LAMP1", None, nobody), Proposal::Ambiguous),
            (offered("TABLE", None, nobody), Proposal::Unknown),
            (offered("MUG-1", Some(1), MatchedBy::Reference), Proposal::Held),
            (offered("MUG-1", Some(2), MatchedBy::Reference), Proposal::Moved(ProductId(1))),
            (offered("MUG-1", Some(2), MatchedBy::Person), Proposal::Held),
            (offered("MUG-1", Some(2), MatchedBy::Import), Proposal::Held),
            (offered("TABLE", Some(2), MatchedBy::Reference), Proposal::Held),
        ] {
            assert_eq!(references.propose(&offer), wanted, "{offer:?}");
        }
    }

    #[test]
    fn every_offer_is_counted_once() {
        let mut counts = Counts::default();
        let all = [Proposal::Same(ProductId(1)), Proposal::Alike(ProductId(1)), Proposal::Ambiguous, Proposal::Held];
        all.into_iter().chain([Proposal::Moved(ProductId(1)), Proposal::Unknown]).for_each(|one| counts.add(one));
        assert_eq!(counts, Counts { same: 1, alike: 1, conflicts: 2, held: 1, unknown: 1 });
    }
}
