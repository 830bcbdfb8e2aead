//! What is said about fields of products: their names, what is wrong with them, and what changes.

use super::badges;
use crate::domain::kit::LARGEST_QUANTITY;
use crate::domain::money::Currency;
use crate::domain::product::{Field, LONGEST_BARCODE, LONGEST_NAME, LONGEST_REFERENCE, Problem, ProductType, Wrong};
use crate::domain::sync::Reason;
use crate::i18n::{Arg, Lang};
use std::borrow::Cow;

/// The name of a field.
pub fn field(lang: Lang, field: Field) -> Cow<'static, str> {
    lang.t(&badges::key("products-field", field.as_str()))
}

/// The name of a type.
pub fn product_type(lang: Lang, product_type: ProductType) -> Cow<'static, str> {
    lang.t(&badges::key("products-type", product_type.as_str()))
}

/// The name of a tax class.
pub fn tax_class(lang: Lang, code: &str) -> Cow<'static, str> {
    lang.t(&badges::key("tax-class", code))
}

/// What is wrong with a field, and what to type instead.
pub fn problem(lang: Lang, (of, wrong): Problem, currency: Currency) -> String {
    let most = match of {
        Field::Reference => LONGEST_REFERENCE,
        Field::Barcode => LONGEST_BARCODE,
        _ => LONGEST_NAME,
    };
    let text = |value: &str| Arg::Text(value.to_owned());
    let values = [
        ("field", text(&field(lang, of))),
        ("code", text(of.as_str())),
        ("currency", text(currency.as_str())),
        ("most", Arg::Number(i64::try_from(most).unwrap_or(i64::MAX))),
    ];
    lang.with(&badges::key("products-wrong", wrong.as_str()), &values).into_owned()
}

/// One note of a report, as a sentence.
pub fn note(lang: Lang, reason: &Reason, currency: Currency) -> String {
    let value = |name: &str| {
        reason.values.iter().find(|(held, _)| held == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let text = |name: &str| Arg::Text(value(name).to_owned());
    let component = |key: &str| lang.with(key, &[("reference", text("component"))]).into_owned();
    let of = Field::parse(value("field"));
    let name = || of.map(|of| field(lang, of).into_owned()).unwrap_or_default();
    match (reason.code.as_str(), of, Wrong::parse(value("wrong"))) {
        ("product-row-field", Some(of), Some(wrong)) => {
            let sentence = problem(lang, (of, wrong), currency);
            match value("value") {
                "" => sentence,
                found => {
                    lang.with("products-note-found", &[("sentence", sentence.as_str()), ("found", found)]).into_owned()
                }
            }
        }
        ("product-changed", ..) => {
            let (old, new) = (shown(lang, of, value("old")), shown(lang, of, value("new")));
            lang.with("products-note-changed", &[("field", name()), ("old", old), ("new", new)]).into_owned()
        }
        ("product-is-default", ..) => lang.t("products-note-default").into_owned(),
        ("product-kit-type", ..) => lang.t("products-note-kit").into_owned(),
        ("kit-none", ..) => lang.t("import-note-kit-none").into_owned(),
        ("kit-quotes", ..) => lang.t("import-note-kit-quotes").into_owned(),
        ("kit-unreadable", ..) => lang.with("import-note-kit-unreadable", &[("part", value("part"))]).into_owned(),
        ("kit-itself", ..) => lang.with("import-note-kit-itself", &[("component", value("component"))]).into_owned(),
        ("kit-unknown", ..) => component("products-kit-unknown"),
        ("kit-cycle", ..) => component("products-kit-cycle"),
        ("kit-twice", ..) => component("products-kit-twice"),
        ("kit-quantity", ..) => {
            let values = [("reference", text("component")), ("most", Arg::Number(LARGEST_QUANTITY))];
            lang.with("products-kit-quantity", &values).into_owned()
        }
        (code, ..) => code.to_owned(),
    }
}

/// A value in the reader's words; an empty one is a dash.
fn shown(lang: Lang, of: Option<Field>, value: &str) -> String {
    match (of, value) {
        (_, "") => "–".to_owned(),
        (Some(Field::Type), code) => {
            ProductType::parse(code).map_or_else(|| code.to_owned(), |found| product_type(lang, found).into_owned())
        }
        (Some(Field::Active), code) => lang.t(if code == "true" { "shell-yes" } else { "shell-no" }).into_owned(),
        (_, text) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_type_and_mistake_has_its_words_in_both_languages() {
        for lang in Lang::ALL {
            for of in Field::ALL {
                assert!(lang.has(&badges::key("products-field", of.as_str())), "{of:?}");
                for wrong in Wrong::ALL {
                    let text = problem(*lang, (*of, *wrong), Currency::EUR);
                    assert!(!text.contains('{') && !text.starts_with("products-"), "{text}");
                }
            }
            for one in ProductType::ALL {
                assert!(lang.has(&badges::key("products-type", one.as_str())), "{one:?}");
            }
        }
    }

    #[test]
    fn a_change_and_a_mistake_are_sentences_with_their_values() {
        let changed = Reason::new("product-changed").with("field", "type").with("old", "goods").with("new", "service");
        assert_eq!(note(Lang::En, &changed, Currency::EUR), "Type: Goods, tracked → Service");
        let wrong = Reason::new("product-row-field").with("field", "sales_price").with("wrong", "unreadable");
        let text = note(Lang::En, &wrong.with("value", "12 €"), Currency::EUR);
        assert_eq!(text, "Sales price must be a number such as 19.90 (found: 12 €)");
    }
}
