//! Choosing the product behind a SKU: suggestions with their evidence, and a search by reference or name.
//!
//! Every product is a button of one form, so that one click chooses it, with and without scripts.

use crate::db::offer_lines::{self, Sold};
use crate::db::offer_products::{self, Choosable};
use crate::db::{Conn, DbError};
use crate::domain::ids::{CompanyId, OfferId, ProductId};
use crate::domain::marketplace::Directory;
use crate::domain::offer_suggestions::{Evidence, Suggestion, Unmatched, suggest};
use crate::i18n::{Arg, Lang};

/// What is known of a SKU, and the products that it may be.
#[derive(Clone, Debug)]
pub struct Found {
    /// What is known of it.
    pub about: Unmatched,
    /// The products that it may be.
    pub suggestions: Vec<Suggestion>,
    /// What a search found.
    pub searched: Vec<Choosable>,
}

/// Looks for the products that a SKU may be, and for those that a person searches.
pub fn find(
    conn: &mut Conn,
    company: CompanyId,
    sold: &Sold,
    offer: Option<OfferId>,
    search: &str,
) -> Result<Found, DbError> {
    let (title, asin) = offer_lines::newest(conn, sold)?.unwrap_or_default();
    let about = Unmatched { sku: sold.sku.clone(), asin, title };
    let candidates = offer_products::candidates(conn, company, &about, offer)?;
    let suggestions = suggest(&about, &candidates);
    Ok(Found { about, suggestions, searched: offer_products::search(conn, company, search)? })
}

/// One product that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The product.
    pub id: ProductId,
    /// Its internal reference.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// Why it is suggested; empty when it was searched for.
    pub evidence: Vec<String>,
}

/// The products as a page offers them.
#[derive(Clone, Debug)]
pub struct Picker {
    /// What was searched.
    pub search: String,
    /// The suggestions, the likeliest first.
    pub suggested: Vec<Choice>,
    /// What the search found.
    pub searched: Vec<Choice>,
}

impl Picker {
    /// Prepares what was found; the product that an offer has already is left out.
    pub fn new((lang, directory): (Lang, &Directory), found: &Found, search: &str, held: Option<ProductId>) -> Self {
        let suggested = found.suggestions.iter().filter(|one| Some(one.product) != held).map(|one| Choice {
            id: one.product,
            reference: one.reference.clone(),
            name: one.name.clone(),
            evidence: one.evidence.iter().map(|evidence| sentence(lang, directory, evidence)).collect(),
        });
        let searched = found.searched.iter().filter(|one| Some(one.id) != held).map(|one| Choice {
            id: one.id,
            reference: one.reference.clone(),
            name: one.name.clone(),
            evidence: Vec::new(),
        });
        Self { search: search.to_owned(), suggested: suggested.collect(), searched: searched.collect() }
    }
}

fn sentence(lang: Lang, directory: &Directory, evidence: &Evidence) -> String {
    let text = match evidence {
        Evidence::SameReference => lang.t("offers-evidence-same-reference"),
        Evidence::AlikeReference => lang.t("offers-evidence-alike-reference"),
        Evidence::SameAsin(asin, sku, marketplace) => {
            let place = directory.name(marketplace.as_str());
            let values = [("asin", asin.as_str()), ("sku", sku.as_str()), ("marketplace", place)];
            lang.with("offers-evidence-same-asin", &values)
        }
        Evidence::SimilarTitle(percent) => {
            lang.with("offers-evidence-similar-title", &[("percent", Arg::Number(*percent))])
        }
    };
    text.into_owned()
}
