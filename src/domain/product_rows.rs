//! Products from a file: which column is which, and what each row would do to the products that are held.
//!
//! The dry run and the import itself decide by the same function, so that one cannot promise what the other does not do.

use super::file_rows::{self, Row};
use super::ids::ProductId;
use super::kit_parts::{self, Kits, Parts};
use super::money::Currency;
use super::product::{self, Field, Fields, ProductType, Typed, Wrong};
use super::sync::Reason;

/// The heads by which a field is recognised, besides its code.
pub(super) const fn names(field: Field) -> &'static [&'static str] {
    match field {
        Field::Reference => &["internal reference", "ref", "sku", "référence interne", "référence", "default_code"],
        Field::Name => &["product", "product name", "title", "nom", "article", "désignation"],
        Field::Barcode => &["ean", "gtin", "ean13", "upc", "code-barres", "code barres"],
        Field::Type => &["product type", "product_type", "type d’article", "type d'article"],
        Field::Price => &["sales price", "price", "prix de vente", "prix", "list_price"],
        Field::Cost => &["unit cost", "coût", "cout", "prix d’achat", "prix d'achat", "standard_price"],
        Field::TaxClass => &["tax class", "taxes", "classe de taxe"],
        Field::Active => &["in use", "is_active", "actif"],
        Field::Components => &["kit", "bom", "composants", "nomenclature"],
    }
}

/// A product that is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The key.
    pub id: ProductId,
    /// Its fields.
    pub fields: Fields,
    /// Whether it is in use.
    pub is_active: bool,
    /// Whether it stands for what matches no product.
    pub is_default: bool,
}

/// A new product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its fields.
    pub fields: Fields,
    /// Whether it is in use.
    pub is_active: bool,
    /// What it is made of, if it is a kit.
    pub parts: Parts,
}

/// What a product that is held becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The key.
    pub id: ProductId,
    /// Its fields afterwards.
    pub fields: Fields,
    /// Whether it is in use afterwards.
    pub is_active: bool,
    /// What it is made of afterwards, when that changes.
    pub parts: Option<Parts>,
}

/// What a row does.
pub type Decision = file_rows::Decision<Made, Changed>;

/// What a row is read beside.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// The currency of the company.
    pub currency: Currency,
    /// An earlier line with the same reference.
    pub repeats: Option<i64>,
    /// The kits, as they will be once the file is written.
    pub kits: &'a Kits,
}

/// Decides one row, given the product with its reference.
///
/// A column that the file lacks changes nothing; an empty cell empties its field. Types change to and from kits on a
/// product's own page only, and default products are never changed by a file.
pub fn decide(row: &Row, held: Option<&Held>, beside: &Beside<'_>) -> Decision {
    let mut refused = row.shape(beside.repeats);
    let typed = typed(row, held);
    let is_active = match row.text(Field::Active).map(read_active) {
        None => held.is_none_or(|held| held.is_active),
        Some(Some(is_active)) => is_active,
        Some(None) => {
            refused.push(problem(Field::Active, Wrong::Unreadable, row));
            true
        }
    };
    let fields = match product::read(&typed, beside.currency) {
        Ok(fields) => fields,
        Err(problems) => {
            let told = problems.into_iter().filter(|(field, _)| !row.is_formula(*field));
            refused.extend(told.map(|(field, wrong)| problem(field, wrong, row)));
            return Decision::Refused(refused);
        }
    };
    let parts = match row.text(Field::Components).map(|text| parts(text, &fields, beside.kits)).transpose() {
        Ok(parts) => parts,
        Err(reasons) => {
            refused.extend(reasons);
            None
        }
    };
    if !refused.is_empty() {
        return Decision::Refused(refused);
    }
    let Some(held) = held else {
        return Decision::New(Made { fields, is_active, parts: parts.unwrap_or_default() });
    };
    let mut changes = changes(held, &fields, is_active);
    let before = beside.kits.parts_of(held.id);
    let parts = parts.filter(|parts| *parts != before);
    if let Some(parts) = &parts {
        changes.push(change(Field::Components, kit_parts::written(&before), kit_parts::written(parts)));
    }
    if changes.is_empty() {
        return Decision::Unchanged;
    }
    if held.is_default {
        return Decision::Refused(vec![Reason::new("product-is-default")]);
    }
    let (from, to) = (held.fields.product_type, fields.product_type);
    if from != to && (from == ProductType::Kit || to == ProductType::Kit) {
        return Decision::Refused(vec![Reason::new("product-kit-type")]);
    }
    Decision::Changed(Changed { id: held.id, fields, is_active, parts }, changes)
}

/// The components that a row names, or why its product cannot be made of them.
fn parts(text: &str, fields: &Fields, kits: &Kits) -> Result<Parts, Vec<Reason>> {
    let parts = kit_parts::read(text).map_err(|reason| vec![reason])?;
    if !parts.is_empty() && fields.product_type != ProductType::Kit {
        return Err(vec![Reason::new("kit-none")]);
    }
    let refused = kits.refuse(&fields.reference, &parts);
    if refused.is_empty() { Ok(parts) } else { Err(refused) }
}

fn problem(field: Field, wrong: Wrong, row: &Row) -> Reason {
    let value: String = row.text(field).unwrap_or_default().chars().take(60).collect();
    let reason = Reason::new("product-row-field").with("field", field.as_str());
    reason.with("wrong", wrong.as_str()).with("value", value)
}

/// The fields as they would be typed: from the file where it has the column, else as they are held.
fn typed(row: &Row, held: Option<&Held>) -> Typed {
    let of = |field: Field, kept: fn(&Fields) -> String| {
        let kept = || held.map(|held| kept(&held.fields)).unwrap_or_default();
        row.text(field).map_or_else(kept, ToOwned::to_owned)
    };
    Typed {
        reference: row.trimmed(Field::Reference).to_owned(),
        name: of(Field::Name, |fields| fields.name.clone()),
        barcode: of(Field::Barcode, |fields| fields.barcode.clone().unwrap_or_default()),
        product_type: of(Field::Type, |fields| fields.product_type.as_str().to_owned()),
        price: of(Field::Price, |fields| fields.price.to_decimal_string()),
        cost: of(Field::Cost, |fields| fields.cost.to_decimal_string()),
        tax_class: of(Field::TaxClass, |fields| fields.tax_class.clone()),
    }
}

/// Reads yes and no; nothing means yes.
fn read_active(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "" | "true" | "yes" | "1" | "oui" | "vrai" => Some(true),
        "false" | "no" | "0" | "non" | "faux" => Some(false),
        _ => None,
    }
}

/// What differs between a product and new fields, as sentences for people.
pub fn changes(held: &Held, new: &Fields, is_active: bool) -> Vec<Reason> {
    let old = &held.fields;
    let barcode = |fields: &Fields| fields.barcode.clone().unwrap_or_default();
    let all = [
        (Field::Reference, old.reference.clone(), new.reference.clone()),
        (Field::Name, old.name.clone(), new.name.clone()),
        (Field::Barcode, barcode(old), barcode(new)),
        (Field::Type, old.product_type.as_str().to_owned(), new.product_type.as_str().to_owned()),
        (Field::Price, old.price.to_decimal_string(), new.price.to_decimal_string()),
        (Field::Cost, old.cost.to_decimal_string(), new.cost.to_decimal_string()),
        (Field::TaxClass, old.tax_class.clone(), new.tax_class.clone()),
        (Field::Active, held.is_active.to_string(), is_active.to_string()),
    ];
    let differing = all.into_iter().filter(|(_, old, new)| old != new);
    differing.map(|(field, old, new)| change(field, old, new)).collect()
}

fn change(field: Field, old: String, new: String) -> Reason {
    Reason::new("product-changed").with("field", field.as_str()).with("old", old).with("new", new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::file_rows::Cell;
    use crate::domain::kit::{Component, Recipes};
    use std::collections::HashMap;

    fn row(cells: &[(Field, &str)]) -> Row {
        let cell = |(field, text): &(Field, &str)| ((*field).into(), Cell::Text((*text).to_owned()));
        Row { line: 2, cells: cells.iter().map(cell).collect(), misshapen: None }
    }

    fn decide(row: &Row, held: Option<&Held>) -> Decision {
        let known = held.map(|held| (held.fields.reference.clone(), held.id)).into_iter().collect();
        let kits = Kits::new(&Recipes::new(), known, std::slice::from_ref(row));
        super::decide(row, held, &Beside { currency: Currency::EUR, repeats: None, kits: &kits })
    }

    fn held() -> Held {
        let typed = Typed { reference: "MUG-01".to_owned(), name: "Mug".to_owned(), ..Typed::default() };
        let fields = product::read(&Typed { price: "12".to_owned(), ..typed }, Currency::EUR).unwrap();
        Held { id: ProductId(7), fields, is_active: true, is_default: false }
    }

    fn codes(decision: &Decision) -> Vec<&str> {
        match decision {
            Decision::Refused(reasons) | Decision::Changed(_, reasons) => {
                reasons.iter().map(|reason| reason.code.as_str()).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_unknown_reference_is_a_new_product_and_needs_a_name() {
        let new = decide(&row(&[(Field::Reference, "LAMP-9"), (Field::Name, "Lamp")]), None);
        assert!(matches!(new, Decision::New(Made { fields, is_active: true, .. }) if fields.reference == "LAMP-9"));
        let nameless = decide(&row(&[(Field::Reference, "LAMP-9")]), None);
        assert_eq!(codes(&nameless), ["product-row-field"]);
    }

    #[test]
    fn a_column_that_the_file_lacks_changes_nothing_and_an_empty_cell_empties_its_field() {
        let same = row(&[(Field::Reference, "MUG-01"), (Field::Price, "12,00")]);
        assert_eq!(decide(&same, Some(&held())), Decision::Unchanged);
        let emptied = row(&[(Field::Reference, "MUG-01"), (Field::Price, "")]);
        let decision = decide(&emptied, Some(&held()));
        let Decision::Changed(after, reasons) = &decision else { panic!("{decision:?}") };
        assert_eq!((after.fields.price.minor(), after.fields.name.as_str()), (0, "Mug"));
        assert_eq!(reasons[0].values[1], ("old".to_owned(), "12.00".to_owned()));
    }

    #[test]
    fn formulas_repetitions_and_broken_rows_are_refused() {
        let mut broken = row(&[(Field::Reference, "MUG-01"), (Field::Name, "=HYPERLINK(1)")]);
        broken.misshapen = Some((3, 2));
        broken.cells.push((Field::Price.into(), Cell::Formula));
        let expected = ["row-shape", "row-repeats", "row-formula", "row-formula"];
        let beside = Beside { currency: Currency::EUR, repeats: Some(5), kits: &Kits::default() };
        assert_eq!(codes(&super::decide(&broken, None, &beside)), expected);
    }

    #[test]
    fn an_exported_text_that_was_disarmed_comes_back_as_it_was() {
        let disarmed = row(&[(Field::Reference, "'-5"), (Field::Name, "'=1+1")]);
        let decision = decide(&disarmed, None);
        let Decision::New(Made { fields, .. }) = decision else { panic!("{decision:?}") };
        assert_eq!((fields.reference.as_str(), fields.name.as_str()), ("-5", "=1+1"));
    }

    #[test]
    fn default_products_and_kits_are_not_changed_by_a_file() {
        let renamed = row(&[(Field::Reference, "MUG-01"), (Field::Name, "Other")]);
        let default = Held { is_default: true, ..held() };
        assert_eq!(codes(&decide(&renamed, Some(&default))), ["product-is-default"]);
        let kit = row(&[(Field::Reference, "MUG-01"), (Field::Type, "kit")]);
        assert_eq!(codes(&decide(&kit, Some(&held()))), ["product-kit-type"]);
    }

    #[test]
    fn components_are_taken_by_kits_only_and_an_empty_cell_takes_them_out() {
        let named = |kind, components| {
            row(&[
                (Field::Reference, "MUG-01"),
                (Field::Name, "Mug"),
                (Field::Type, kind),
                (Field::Components, components),
            ])
        };
        assert_eq!(codes(&decide(&named("goods", "MUG-01"), None)), ["kit-none"]);
        assert_eq!(codes(&decide(&named("kit", "CUP x 2"), None)), ["kit-unknown"]);
        assert!(matches!(decide(&named("kit", ""), None), Decision::New(made) if made.parts.is_empty()));
        let mut kit = held();
        kit.fields.product_type = ProductType::Kit;
        let known = HashMap::from([("MUG-01".to_owned(), ProductId(7)), ("CUP".to_owned(), ProductId(8))]);
        let recipes = Recipes::from([(ProductId(7), vec![Component { product: ProductId(8), quantity: 2 }])]);
        for (text, wanted) in [("CUP x 2", None), ("", Some(Parts::new()))] {
            let row = named("kit", text);
            let kits = Kits::new(&recipes, known.clone(), std::slice::from_ref(&row));
            let beside = Beside { currency: Currency::EUR, repeats: None, kits: &kits };
            match super::decide(&row, Some(&kit), &beside) {
                Decision::Unchanged => assert_eq!(wanted, None),
                Decision::Changed(after, reasons) => {
                    assert_eq!(after.parts, wanted);
                    assert_eq!(reasons[0].values[1], ("old".to_owned(), "CUP x 2".to_owned()));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
