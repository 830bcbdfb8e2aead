//! Which products a SKU without product may be, best first, each with the evidence for it.
//!
//! It ranks what it is given; it never decides: a person chooses.

use super::ids::{Asin, MarketplaceId, ProductId, Sku};
use super::offer::key;
use std::collections::BTreeSet;

/// What is known of a SKU without product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// The SKU.
    pub sku: Sku,
    /// Amazon's catalogue number, if an order told it.
    pub asin: Option<Asin>,
    /// What Amazon calls it; empty when no order told it.
    pub title: String,
}

/// A product that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The product.
    pub product: ProductId,
    /// Its internal reference.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// An offer of the same catalogue number that has this product.
    pub same_asin: Option<(Sku, MarketplaceId)>,
}

/// Why a product may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Its reference is the SKU.
    SameReference,
    /// Its reference differs from the SKU in case, spaces or dashes only.
    AlikeReference,
    /// An offer with the same catalogue number has it.
    SameAsin(Asin, Sku, MarketplaceId),
    /// Its name has this share of words in common with Amazon's title, in percent.
    SimilarTitle(i64),
}

impl Evidence {
    /// How much it weighs: a reference more than a catalogue number, and that more than any title.
    const fn weight(&self) -> i64 {
        match self {
            Self::SameReference => 1_000,
            Self::AlikeReference => 500,
            Self::SameAsin(..) => 300,
            Self::SimilarTitle(percent) => *percent,
        }
    }
}

/// A product that is suggested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The product.
    pub product: ProductId,
    /// Its internal reference.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// Why, the strongest first; never empty.
    pub evidence: Vec<Evidence>,
}

/// How many products are suggested at most.
pub const MOST_SUGGESTED: usize = 5;

/// Titles that share less than this many percent of their words are not alike.
const LEAST_ALIKE: i64 = 40;

/// The shortest word that tells something of a product; shorter ones are articles and units.
pub const SHORTEST_WORD: usize = 4;

/// The products that may be meant, the likeliest first; those without any evidence are left out.
pub fn suggest(unmatched: &Unmatched, candidates: &[Candidate]) -> Vec<Suggestion> {
    let mut ranked: Vec<(i64, Suggestion)> = Vec::new();
    for candidate in candidates {
        let evidence = evidence(unmatched, candidate);
        let weight: i64 = evidence.iter().map(Evidence::weight).sum();
        let is_known = ranked.iter_mut().find(|(_, held)| held.product == candidate.product);
        match is_known {
            // The same product may come with several offers of the same catalogue number.
            Some((held, suggestion)) if *held < weight => (*held, suggestion.evidence) = (weight, evidence),
            Some(_) => {}
            None if evidence.is_empty() => {}
            None => ranked.push((
                weight,
                Suggestion {
                    product: candidate.product,
                    reference: candidate.reference.clone(),
                    name: candidate.name.clone(),
                    evidence,
                },
            )),
        }
    }
    ranked.sort_by(|(one, first), (other, second)| other.cmp(one).then_with(|| first.reference.cmp(&second.reference)));
    ranked.truncate(MOST_SUGGESTED);
    ranked.into_iter().map(|(_, suggestion)| suggestion).collect()
}

fn evidence(unmatched: &Unmatched, candidate: &Candidate) -> Vec<Evidence> {
    let mut found = Vec::new();
    if candidate.reference == unmatched.sku.as_str() {
        found.push(Evidence::SameReference);
    } else if key(&candidate.reference) == key(unmatched.sku.as_str()) {
        found.push(Evidence::AlikeReference);
    }
    if let (Some(asin), Some((sku, marketplace))) = (&unmatched.asin, &candidate.same_asin) {
        found.push(Evidence::SameAsin(asin.clone(), sku.clone(), marketplace.clone()));
    }
    let percent = likeness(&unmatched.title, &candidate.name);
    if percent >= LEAST_ALIKE {
        found.push(Evidence::SimilarTitle(percent));
    }
    found
}

/// How many percent of the words of two titles are the same: twice the common words over all words.
fn likeness(one: &str, other: &str) -> i64 {
    let (one, other) = (words(one), words(other));
    let count = |set: usize| i64::try_from(set).unwrap_or(i64::MAX / 200);
    let all = count(one.len()).saturating_add(count(other.len()));
    let common = count(one.intersection(&other).count());
    if all == 0 { 0 } else { common.saturating_mul(200) / all }
}

/// The distinct words of a title, without case; single letters tell nothing.
pub fn words(title: &str) -> BTreeSet<String> {
    title
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() > 1)
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unmatched() -> Unmatched {
        Unmatched {
            sku: "MUG-BLUE-35".into(),
            asin: Some("B09H7J3K9H".into()),
            title: "Mug en grès bleu nuit, 35 cl".to_owned(),
        }
    }

    fn candidate(id: i64, reference: &str, name: &str) -> Candidate {
        Candidate { product: ProductId(id), reference: reference.to_owned(), name: name.to_owned(), same_asin: None }
    }

    #[test]
    fn the_same_reference_comes_before_an_alike_one_a_catalogue_number_and_a_title() {
        let by_asin = Candidate {
            same_asin: Some(("MUG-FR".into(), "A13V1IB3VIYZZH".into())),
            ..candidate(3, "CUP", "Something else")
        };
        let all = [
            candidate(4, "XX", "Mug en grès bleu nuit"),
            by_asin,
            candidate(2, "mug blue_35", "Anything"),
            candidate(1, "MUG-BLUE-35", "Anything"),
            candidate(5, "LAMP", "Lampe de bureau"),
        ];
        let found = suggest(&unmatched(), &all);
        let order: Vec<i64> = found.iter().map(|one| one.product.0).collect();
        assert_eq!(order, [1, 2, 3, 4], "the lamp has no evidence");
        assert_eq!(found[0].evidence, [Evidence::SameReference]);
        assert_eq!(found[1].evidence, [Evidence::AlikeReference]);
        assert!(matches!(found[2].evidence[..], [Evidence::SameAsin(..)]));
        assert!(matches!(found[3].evidence[..], [Evidence::SimilarTitle(percent)] if percent > 80));
    }

    #[test]
    fn several_signs_for_one_product_are_told_together_and_it_is_suggested_once() {
        let held = candidate(1, "MUG BLUE 35", "Mug bleu nuit en grès 35 cl");
        let twice = Candidate { same_asin: Some(("MUG-DE".into(), "A1PA6795UKMFR9".into())), ..held.clone() };
        let found = suggest(&unmatched(), &[held, twice]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].evidence.len(), 3);
    }

    #[test]
    fn titles_are_alike_by_their_words_whatever_the_order_and_the_case() {
        assert_eq!(likeness("Lampe LED, bras articulé", "BRAS ARTICULÉ lampe led"), 100);
        assert_eq!(likeness("Lampe LED", "Tasse bleue"), 0);
        assert_eq!(likeness("", ""), 0);
    }

    proptest! {
        #[test]
        fn suggestions_are_few_distinct_and_each_has_a_reason(
            names in proptest::collection::vec("[a-z]{2,5}( [a-z]{2,5}){0,3}", 0..20),
            title in "[a-z]{2,5}( [a-z]{2,5}){0,3}",
        ) {
            let unmatched = Unmatched { sku: "A-1".into(), asin: None, title };
            let all: Vec<Candidate> =
                (0_i64..).zip(&names).map(|(id, name)| candidate(id % 7, &format!("R{}", id % 7), name)).collect();
            let found = suggest(&unmatched, &all);
            let distinct: BTreeSet<ProductId> = found.iter().map(|one| one.product).collect();
            prop_assert!(found.len() <= MOST_SUGGESTED && distinct.len() == found.len());
            prop_assert!(found.iter().all(|one| !one.evidence.is_empty()));
        }
    }
}
