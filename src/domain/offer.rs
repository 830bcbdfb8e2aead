//! An offer: a SKU that a merchant sells on a marketplace, and the product behind it.
//!
//! An offer without a product is served by the default product; it never guesses a product by itself.

use super::coded::coded;
use super::ids::{MarketplaceId, ProductId, Sku};

coded! {
    /// Who found the product of an offer.
    MatchedBy {
        /// Nobody yet: it has none.
        Nobody = "nobody",
        /// Its SKU is the internal reference of the product.
        Reference = "reference",
        /// A person chose it.
        Person = "person",
        /// A file told it.
        Import = "import",
    }
}

coded! {
    /// How an offer stands.
    OfferState {
        /// It has its product.
        Matched = "matched",
        /// It has none: what is sold counts as the default product.
        DefaultProduct = "default_product",
        /// Its product is archived, or its SKU became the reference of another product.
        Conflict = "conflict",
    }
}

/// The product of an offer, as far as its state depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behind {
    /// The product.
    pub product: ProductId,
    /// Whether it is not archived.
    pub is_active: bool,
}

/// How an offer stands; `same_reference` is the active product whose reference is the SKU.
///
/// Rule: what a person or a file chose stays chosen. Only a product that was found by its reference is in conflict when
/// the reference belongs to another product now.
pub fn state(behind: Option<Behind>, matched_by: MatchedBy, same_reference: Option<ProductId>) -> OfferState {
    match behind {
        None => OfferState::DefaultProduct,
        Some(behind) if !behind.is_active => OfferState::Conflict,
        Some(behind)
            if matched_by == MatchedBy::Reference && same_reference.is_some_and(|other| other != behind.product) =>
        {
            OfferState::Conflict
        }
        Some(_) => OfferState::Matched,
    }
}

/// A code without case, spaces, dashes and underscores, for comparing and finding; one of dashes only is kept.
pub fn key(code: &str) -> String {
    let is_filler = |letter: char| letter.is_whitespace() || matches!(letter, '-' | '_' | '\u{2010}'..='\u{2015}');
    let key: String = code.chars().filter(|letter| !is_filler(*letter)).flat_map(char::to_lowercase).collect();
    if key.is_empty() { code.trim().to_lowercase() } else { key }
}

/// The subject of the issue about a SKU without product.
pub fn subject(marketplace: &MarketplaceId, sku: &str) -> String {
    format!("{marketplace}/{sku}")
}

/// The marketplace and the SKU that an issue is about; nothing when the item had no SKU.
pub fn read_subject(subject: &str) -> Option<(MarketplaceId, Sku)> {
    let (marketplace, sku) = subject.split_once('/')?;
    let is_whole = !marketplace.is_empty() && !sku.is_empty();
    is_whole.then(|| (marketplace.into(), sku.into()))
}

/// The longest SKU that Amazon takes, in characters (Selling Partner API, listings: `sku`).
pub const LONGEST_SKU: usize = 40;

/// A SKU as it was typed, or nothing when Amazon would not take it.
pub fn read_sku(typed: &str) -> Option<Sku> {
    let sku = typed.trim();
    let length = sku.chars().count();
    let is_plain = !sku.chars().any(char::is_control);
    (length > 0 && length <= LONGEST_SKU && is_plain).then(|| sku.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_forgets_case_spaces_and_dashes_and_nothing_else() {
        assert_eq!(key("Mug_Blue 35–cl"), "mugblue35cl");
        assert_eq!(key("THÉ-01"), "thé01");
        assert_eq!(key("A.1/b"), "a.1/b");
        assert_eq!(key(" -- "), "--");
        assert_eq!(key(""), "");
    }

    #[test]
    fn only_a_product_found_by_reference_is_in_conflict_with_the_references_new_owner() {
        let (mug, cup) = (ProductId(1), ProductId(2));
        let behind = |is_active| Some(Behind { product: mug, is_active });
        for (given, wanted) in [
            ((None, MatchedBy::Nobody, Some(cup)), OfferState::DefaultProduct),
            ((behind(true), MatchedBy::Reference, Some(mug)), OfferState::Matched),
            ((behind(true), MatchedBy::Reference, None), OfferState::Matched),
            ((behind(true), MatchedBy::Reference, Some(cup)), OfferState::Conflict),
            ((behind(true), MatchedBy::Person, Some(cup)), OfferState::Matched),
            ((behind(true), MatchedBy::Import, Some(cup)), OfferState::Matched),
            ((behind(false), MatchedBy::Person, None), OfferState::Conflict),
        ] {
            assert_eq!(state(given.0, given.1, given.2), wanted, "{given:?}");
        }
    }

    #[test]
    fn a_subject_names_marketplace_and_sku_also_with_slashes_in_it() {
        let (marketplace, sku) = (MarketplaceId::from("A13V1IB3VIYZZH"), Sku::from("MUG/35"));
        assert_eq!(read_subject(&subject(&marketplace, "MUG/35")), Some((marketplace, sku)));
        assert_eq!(read_subject("A13V1IB3VIYZZH/"), None);
        assert_eq!(read_subject("MUG-77"), None);
    }

    #[test]
    fn a_typed_sku_is_trimmed_and_of_amazons_length() {
        assert_eq!(read_sku(" MUG 1 "), Some(Sku::from("MUG 1")));
        assert_eq!(read_sku(&"x".repeat(LONGEST_SKU)).map(|sku| sku.0.len()), Some(LONGEST_SKU));
        for wrong in ["", "  ", "a\tb", &"x".repeat(LONGEST_SKU + 1)] {
            assert_eq!(read_sku(wrong), None, "{wrong:?}");
        }
    }
}
