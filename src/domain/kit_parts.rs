//! Components of kits as a file writes them: `REF-A x 2; REF-B`, read back without a change.
//!
//! A reference that would be read otherwise stands in quotes; nothing here knows a database.

use super::file_rows::Row;
use super::ids::ProductId;
use super::kit::{self, Component, KitError, Recipes};
use super::product::Field;
use super::sync::Reason;
use std::collections::{BTreeMap, HashMap};

/// Components by internal reference, with how many of each go into one kit.
pub type Parts = BTreeMap<String, i64>;

/// Writes components; one of a kind needs no quantity.
pub fn written(parts: &Parts) -> String {
    let all: Vec<String> = parts
        .iter()
        .map(|(reference, quantity)| {
            let is_plain = !reference.contains(';') && !reference.starts_with('"') && times(reference).is_none();
            let name = if is_plain { reference.clone() } else { format!("\"{}\"", reference.replace('"', "\"\"")) };
            if *quantity == 1 { name } else { format!("{name} x {quantity}") }
        })
        .collect();
    all.join("; ")
}

/// Reads components; an empty text has none. The reason says which part cannot be read.
pub fn read(text: &str) -> Result<Parts, Reason> {
    let (mut parts, mut rest) = (Parts::new(), text.trim());
    while !rest.is_empty() {
        let (name, tail) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (name, tail) = unquoted(quoted).ok_or_else(|| Reason::new("kit-quotes"))?;
                (Some(name), tail)
            }
            None => (None, rest),
        };
        let (part, next) = tail.split_once(';').unwrap_or((tail, ""));
        let unreadable = || Reason::new("kit-unreadable").with("part", part.trim());
        let (reference, quantity) = match (name, times(part)) {
            (Some(name), None) if part.trim().is_empty() => (name, "1"),
            (Some(name), Some(("", quantity))) => (name, quantity),
            (Some(_), _) => return Err(unreadable()),
            (None, Some((reference, quantity))) => (reference.to_owned(), quantity),
            (None, None) => (part.trim().to_owned(), "1"),
        };
        if reference.is_empty() {
            return Err(unreadable());
        }
        // Digits that no number holds are refused like a quantity that no kit can have.
        let quantity = quantity.parse().unwrap_or(0);
        if parts.insert(reference.clone(), quantity).is_some() {
            return Err(Reason::new("kit-twice").with("component", reference));
        }
        rest = next.trim();
    }
    Ok(parts)
}

/// A reference in quotes, without them, and what follows; a quote inside is doubled.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let (mut name, mut letters) = (String::new(), text.chars());
    while let Some(letter) = letters.next() {
        if letter != '"' {
            name.push(letter);
        } else if letters.as_str().starts_with('"') {
            letters.next();
            name.push('"');
        } else {
            return Some((name, letters.as_str()));
        }
    }
    None
}

/// What stands before `x 2` or `x2` at the end of a text, and the digits.
fn times(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let before = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = text.strip_prefix(before).filter(|digits| !digits.is_empty())?;
    let name = before.trim_end().strip_suffix(['x', 'X', '×'])?;
    let is_apart = name.is_empty() || name.ends_with(char::is_whitespace);
    is_apart.then(|| (name.trim_end(), digits))
}

/// What the rows of a file know of kits: all recipes as they will be once the file is written.
#[derive(Clone, Debug, Default)]
pub struct Kits {
    ids: HashMap<String, ProductId>,
    held: HashMap<ProductId, Parts>,
    after: Recipes,
}

impl Kits {
    /// Takes the recipes that are held, the references of all products that they or the file name, and the file.
    ///
    /// Products that the file makes have no key yet: they stand under numbers below zero meanwhile.
    pub fn new(held: &Recipes, known: HashMap<String, ProductId>, rows: &[Row]) -> Self {
        let references: HashMap<ProductId, &String> = known.iter().map(|(reference, id)| (*id, reference)).collect();
        let named = |part: &Component| Some(((*references.get(&part.product)?).clone(), part.quantity));
        let parts = held.iter().map(|(kit, parts)| (*kit, parts.iter().filter_map(named).collect())).collect();
        let mut kits = Self { held: parts, after: held.clone(), ids: known };
        for row in rows {
            let reference = row.trimmed(Field::Reference);
            kits.ids.entry(reference.to_owned()).or_insert(ProductId(-row.line));
        }
        for row in rows {
            let parts = row.text(Field::Components).map(read);
            if let (Some(Ok(parts)), Some(kit)) = (parts, kits.ids.get(row.trimmed(Field::Reference))) {
                let (kit, components) = (*kit, kits.components(&parts).unwrap_or_default());
                kits.after.insert(kit, components);
            }
        }
        kits
    }

    /// What a kit is made of now.
    pub fn parts_of(&self, kit: ProductId) -> Parts {
        self.held.get(&kit).cloned().unwrap_or_default()
    }

    /// The components by their keys, or the references that no product has.
    fn components(&self, parts: &Parts) -> Result<Vec<Component>, Vec<String>> {
        let unknown: Vec<String> = parts.keys().filter(|part| !self.ids.contains_key(*part)).cloned().collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let component =
            |(part, quantity): (&String, &i64)| Some(Component { product: *self.ids.get(part)?, quantity: *quantity });
        Ok(parts.iter().filter_map(component).collect())
    }

    /// Why a product cannot be made of these components; nothing when it can.
    pub fn refuse(&self, reference: &str, parts: &Parts) -> Vec<Reason> {
        let about = |code: &str, component: &str| Reason::new(code).with("component", component);
        let components = match self.components(parts) {
            Ok(components) => components,
            Err(unknown) => return unknown.iter().map(|component| about("kit-unknown", component)).collect(),
        };
        let Some(kit) = self.ids.get(reference).copied() else { return Vec::new() };
        let Err(error) = kit::check(kit, &components, &self.after) else { return Vec::new() };
        let (KitError::Cycle(id) | KitError::Quantity(id) | KitError::Twice(id)) = error;
        let named = parts.keys().find(|part| self.ids.get(*part) == Some(&id));
        let named = named.map(String::as_str).unwrap_or_default();
        vec![match error {
            KitError::Cycle(id) if id == kit => about("kit-itself", named),
            KitError::Cycle(_) => about("kit-cycle", named),
            KitError::Twice(_) => about("kit-twice", named),
            KitError::Quantity(_) => about("kit-quantity", named),
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::file_rows::Cell;
    use crate::domain::kit::LARGEST_QUANTITY;
    use proptest::prelude::*;

    fn parts(all: &[(&str, i64)]) -> Parts {
        all.iter().map(|(reference, quantity)| ((*reference).to_owned(), *quantity)).collect()
    }

    fn row(line: i64, reference: &str, components: &str) -> Row {
        let cell = |field: Field, text: &str| (field.into(), Cell::Text(text.to_owned()));
        let cells = vec![cell(Field::Reference, reference), cell(Field::Components, components)];
        Row { line, cells, misshapen: None }
    }

    #[test]
    fn components_are_read_as_people_write_them() {
        for text in ["REF-A x 2; REF-B", "REF-B;REF-A × 2;", " REF-A X2 ; REF-B x 1 ", "\"REF-A\" x 2; \"REF-B\""] {
            assert_eq!(read(text), Ok(parts(&[("REF-A", 2), ("REF-B", 1)])), "{text}");
        }
        assert_eq!(read("  "), Ok(Parts::new()));
        assert_eq!(read("5\" disc x 3; Box 2"), Ok(parts(&[("5\" disc", 3), ("Box 2", 1)])));
        for (text, code) in [
            ("A; ; B", "kit-unreadable"),
            ("x 2", "kit-unreadable"),
            ("\"A\" and B", "kit-unreadable"),
            ("\"A", "kit-quotes"),
            ("A; A x 3", "kit-twice"),
        ] {
            assert_eq!(read(text).map_err(|reason| reason.code), Err(code.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_component_is_unknown_itself_or_closes_a_circle() {
        let known = HashMap::from([("OLD".to_owned(), ProductId(1)), ("CUP".to_owned(), ProductId(2))]);
        let held = Recipes::from([(ProductId(1), vec![Component { product: ProductId(2), quantity: 2 }])]);
        let rows = [row(2, "NEW", "OLD; CUP x 3"), row(3, "A", "B"), row(4, "B", "A")];
        let kits = Kits::new(&held, known, &rows);
        let codes = |reference: &str, text: &str| -> Vec<String> {
            kits.refuse(reference, &read(text).unwrap()).into_iter().map(|reason| reason.code).collect()
        };
        assert_eq!(codes("NEW", "OLD; CUP x 3"), [""; 0]);
        assert_eq!(codes("NEW", "OLD; NOPE; NEITHER"), ["kit-unknown", "kit-unknown"]);
        assert_eq!(codes("NEW", "NEW"), ["kit-itself"]);
        assert_eq!((codes("A", "B"), codes("B", "A")), (vec!["kit-cycle".to_owned()], vec!["kit-cycle".to_owned()]));
        assert_eq!(codes("NEW", "CUP x 0"), ["kit-quantity"]);
        assert_eq!(kits.parts_of(ProductId(1)), parts(&[("CUP", 2)]));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back_and_no_text_panics(
            all in proptest::collection::btree_map("[A-Z\"; x0-9×]{0,7}[A-Z\";x0-9]", 1_i64..=LARGEST_QUANTITY, 0..5),
            text in "\\PC{0,40}",
        ) {
            let all: Parts = all.into_iter().map(|(name, quantity)| (name.trim().to_owned(), quantity)).collect();
            prop_assert_eq!(read(&written(&all)), Ok(all));
            if let Ok(parts) = read(&text) {
                prop_assert!(parts.keys().all(|reference| !reference.is_empty()));
            }
        }
    }
}
