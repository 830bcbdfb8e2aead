//! What the report of an import says about a row: sentences for reasons, whatever the rows are.

use super::badges;
use super::product_notes;
use crate::domain::file_rows::{Column, Subject};
use crate::domain::money::Currency;
use crate::domain::sync::Reason;
use crate::i18n::{Arg, Lang};
use std::borrow::Cow;

/// The name of what a column holds.
pub fn column(lang: Lang, column: Column) -> Cow<'static, str> {
    match column {
        Column::Product(field) => product_notes::field(lang, field),
        Column::Offer(field) => lang.t(&badges::key("import-field", field.as_str())),
    }
}

/// One note of a report, as a sentence.
pub fn note(lang: Lang, subject: Subject, reason: &Reason, currency: Currency) -> String {
    let value = |name: &str| {
        reason.values.iter().find(|(held, _)| held == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let with = |key: &str, names: &[&'static str]| {
        let values: Vec<(&'static str, Arg)> =
            names.iter().map(|name| (*name, Arg::Text(value(name).to_owned()))).collect();
        lang.with(key, &values).into_owned()
    };
    match reason.code.as_str() {
        "row-shape" => with("import-note-shape", &["expected", "found"]),
        "row-repeats" => with(&badges::key("import-note-repeats", subject.as_str()), &["line"]),
        "row-formula" => {
            let field = Column::parse(subject, value("field")).map(|found| column(lang, found).into_owned());
            lang.with("import-note-formula", &[("field", field.unwrap_or_default())]).into_owned()
        }
        "offer-sku" => with("import-note-sku", &[]),
        "offer-unknown-reference" => with("import-note-unknown-reference", &["reference"]),
        "offer-unknown-marketplace" => with("import-note-unknown-marketplace", &["marketplace"]),
        "offer-no-marketplace" => with("import-note-no-marketplace", &[]),
        "offer-unknown-account" => with("import-note-unknown-account", &["account"]),
        "offer-accounts-alike" => with("import-note-accounts-alike", &["account"]),
        "offer-no-account" => with("import-note-no-account", &[]),
        "offer-changed" => {
            let old = Some(value("old")).filter(|old| !old.is_empty()).unwrap_or("–");
            let values = [("marketplace", value("marketplace")), ("old", old), ("new", value("new"))];
            lang.with("import-note-offer-changed", &values).into_owned()
        }
        _ => product_notes::note(lang, reason, currency),
    }
}

/// The notes of a report row, stored as JSON; a list that cannot be read has none.
pub fn stored(lang: Lang, subject: Subject, notes: &str, currency: Currency) -> Vec<String> {
    let reasons: Vec<Reason> = serde_json::from_str(notes).unwrap_or_default();
    reasons.iter().map(|reason| note(lang, subject, reason, currency)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_and_reason_has_its_words_in_both_languages() {
        let codes = [
            "row-shape",
            "row-repeats",
            "row-formula",
            "offer-sku",
            "offer-unknown-reference",
            "offer-unknown-marketplace",
            "offer-no-marketplace",
            "offer-unknown-account",
            "offer-accounts-alike",
            "offer-no-account",
            "offer-changed",
            "product-is-default",
            "product-kit-type",
            "kit-none",
            "kit-unknown",
            "kit-itself",
            "kit-cycle",
            "kit-twice",
            "kit-quantity",
            "kit-unreadable",
            "kit-quotes",
        ];
        for lang in Lang::ALL {
            for subject in Subject::ALL {
                for one in Column::all(*subject) {
                    let name = column(*lang, one);
                    assert!(!name.contains("-field-"), "{name}");
                }
                for code in codes {
                    let text = note(*lang, *subject, &Reason::new(code), Currency::EUR);
                    assert!(text != code && !text.contains('{') && !text.starts_with("import-"), "{text}");
                }
            }
        }
    }
}
