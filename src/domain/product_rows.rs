//! Products from a file: which column is which, and what each row would do to the products that are held.
//!
//! The dry run and the import itself decide by the same function, so that one cannot promise what the other does not do.

use super::coded::coded;
use super::ids::ProductId;
use super::money::Currency;
use super::product::{self, Field, Fields, ProductType, Typed, Wrong};
use super::sync::Reason;

coded! {
    /// Where an import stands.
    ImportState {
        /// The file is here; its columns are to be chosen.
        Uploaded = "uploaded",
        /// Its rows are compared with the products that are held.
        Checking = "checking",
        /// The report is there.
        Checked = "checked",
        /// It is being written.
        Applying = "applying",
        /// It was written.
        Applied = "applied",
        /// Nothing was written.
        Failed = "failed",
    }
}

impl ImportState {
    /// Whether the background worker has something to do.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Checking | Self::Applying)
    }
}

coded! {
    /// What one row of a file does.
    RowOutcome {
        /// A new product.
        New = "new",
        /// Other fields of a product.
        Changed = "changed",
        /// Nothing.
        Unchanged = "unchanged",
        /// It cannot be taken.
        Refused = "refused",
    }
}

/// The names by which columns are recognised, besides the codes of their fields.
const NAMES: &[(Field, &[&str])] = &[
    (Field::Reference, &["internal reference", "ref", "sku", "référence interne", "référence", "default_code"]),
    (Field::Name, &["product", "product name", "title", "nom", "article", "désignation"]),
    (Field::Barcode, &["ean", "gtin", "ean13", "upc", "code-barres", "code barres"]),
    (Field::Type, &["product type", "product_type", "type d’article", "type d'article"]),
    (Field::Price, &["sales price", "price", "prix de vente", "prix", "list_price"]),
    (Field::Cost, &["unit cost", "coût", "cout", "prix d’achat", "prix d'achat", "standard_price"]),
    (Field::TaxClass, &["tax class", "taxes", "classe de taxe"]),
    (Field::Active, &["in use", "is_active", "actif"]),
];

/// The field that a column's head names.
pub fn recognised(head: &str) -> Option<Field> {
    let head = head.trim().to_lowercase();
    let is_named = |(_, names): &&(Field, &[&str])| names.contains(&head.as_str());
    Field::parse(&head.replace(' ', "_")).or_else(|| NAMES.iter().find(is_named).map(|(field, _)| *field))
}

/// Which field each column holds, in the order of the columns; a field is taken from its first column only.
pub fn suggested(heads: &[String]) -> Vec<Option<Field>> {
    let mut taken = Vec::new();
    let take = |head: &String| {
        let field = recognised(head).filter(|field| !taken.contains(field))?;
        taken.push(field);
        Some(field)
    };
    heads.iter().map(take).collect()
}

/// Why a choice of columns cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongColumns {
    /// No column holds the internal reference.
    NoReference,
    /// Two columns hold the same field.
    Twice(Field),
}

/// A choice of columns needs the reference, and each field once at most.
pub fn check_columns(columns: &[Option<Field>]) -> Result<(), WrongColumns> {
    let chosen: Vec<Field> = columns.iter().copied().flatten().collect();
    for (index, field) in chosen.iter().enumerate() {
        if chosen.iter().take(index).any(|other| other == field) {
            return Err(WrongColumns::Twice(*field));
        }
    }
    if chosen.contains(&Field::Reference) { Ok(()) } else { Err(WrongColumns::NoReference) }
}

/// One cell of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A value.
    Text(String),
    /// A formula, whose result nobody can vouch for.
    Formula,
}

/// One row of a file: the fields that it holds, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line, as a spreadsheet counts.
    pub line: i64,
    /// Its fields, in the order of the columns.
    pub cells: Vec<(Field, Cell)>,
    /// How many cells it should have and has, when they differ.
    pub misshapen: Option<(usize, usize)>,
    /// The earlier line with the same reference.
    pub repeats: Option<i64>,
}

impl Row {
    /// What stands in a field; none when the file has no such column.
    pub fn text(&self, field: Field) -> Option<&str> {
        self.cells.iter().find(|(held, _)| *held == field).map(|(_, cell)| match cell {
            Cell::Text(text) => plain(text),
            Cell::Formula => "",
        })
    }

    /// The reference, without spaces around it.
    pub fn reference(&self) -> &str {
        self.text(Field::Reference).unwrap_or_default().trim()
    }
}

/// A text without the apostrophe by which an export disarmed what looks like a formula.
fn plain(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
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

/// What a row does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// A new product, and whether it is in use.
    New(Fields, bool),
    /// Other fields of a product that is held, and what changes.
    Changed(Held, Vec<Reason>),
    /// Nothing.
    Unchanged,
    /// It cannot be taken.
    Refused(Vec<Reason>),
}

impl Decision {
    /// Which of the four outcomes it is.
    pub const fn outcome(&self) -> RowOutcome {
        match self {
            Self::New(..) => RowOutcome::New,
            Self::Changed(..) => RowOutcome::Changed,
            Self::Unchanged => RowOutcome::Unchanged,
            Self::Refused(_) => RowOutcome::Refused,
        }
    }

    /// What a person is told about it.
    pub fn notes(&self) -> &[Reason] {
        match self {
            Self::Changed(_, reasons) | Self::Refused(reasons) => reasons,
            Self::New(..) | Self::Unchanged => &[],
        }
    }
}

/// How many rows do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// New products.
    pub new: i64,
    /// Changed products.
    pub changed: i64,
    /// Products that stay as they are.
    pub unchanged: i64,
    /// Rows that cannot be taken.
    pub refused: i64,
}

impl Counts {
    /// Counts one more row.
    pub const fn add(&mut self, outcome: RowOutcome) {
        match outcome {
            RowOutcome::New => self.new += 1,
            RowOutcome::Changed => self.changed += 1,
            RowOutcome::Unchanged => self.unchanged += 1,
            RowOutcome::Refused => self.refused += 1,
        }
    }

    /// All or nothing: a file with a refused row is not taken, one that changes nothing need not be.
    pub const fn may_apply(self) -> bool {
        self.refused == 0 && self.new + self.changed > 0
    }
}

/// Decides one row, given the product with its reference.
///
/// A column that the file lacks changes nothing; an empty cell empties its field. Types change to and from kits on a
/// product's own page only, and default products are never changed by a file.
pub fn decide(row: &Row, held: Option<&Held>, currency: Currency) -> Decision {
    let mut refused = shape(row);
    let typed = typed(row, held);
    let is_active = match row.text(Field::Active).map(read_active) {
        None => held.is_none_or(|held| held.is_active),
        Some(Some(is_active)) => is_active,
        Some(None) => {
            refused.push(problem(Field::Active, Wrong::Unreadable, row));
            true
        }
    };
    let fields = match product::read(&typed, currency) {
        Ok(fields) => fields,
        Err(problems) => {
            let told = problems.into_iter().filter(|(field, _)| !is_formula(row, *field));
            refused.extend(told.map(|(field, wrong)| problem(field, wrong, row)));
            return Decision::Refused(refused);
        }
    };
    if !refused.is_empty() {
        return Decision::Refused(refused);
    }
    let Some(held) = held else { return Decision::New(fields, is_active) };
    let changes = changes(held, &fields, is_active);
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
    Decision::Changed(Held { id: held.id, fields, is_active, is_default: false }, changes)
}

/// What is wrong with a row before its fields are read.
fn shape(row: &Row) -> Vec<Reason> {
    let mut wrong = Vec::new();
    if let Some((expected, found)) = row.misshapen {
        wrong.push(Reason::new("product-row-shape").with("expected", expected).with("found", found));
    }
    if let Some(line) = row.repeats {
        wrong.push(Reason::new("product-row-repeats").with("line", line));
    }
    let formulas = row.cells.iter().filter(|(_, cell)| is_formula_cell(cell));
    wrong.extend(formulas.map(|(field, _)| Reason::new("product-row-formula").with("field", field.as_str())));
    wrong
}

fn is_formula_cell(cell: &Cell) -> bool {
    match cell {
        Cell::Formula => true,
        Cell::Text(text) => text.starts_with('='),
    }
}

fn is_formula(row: &Row, field: Field) -> bool {
    row.cells.iter().any(|(held, cell)| *held == field && is_formula_cell(cell))
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
        reference: row.reference().to_owned(),
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
    let told = |(field, old, new): (Field, String, String)| {
        Reason::new("product-changed").with("field", field.as_str()).with("old", old).with("new", new)
    };
    differing.map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(Field, &str)]) -> Row {
        let cell = |(field, text): &(Field, &str)| (*field, Cell::Text((*text).to_owned()));
        Row { line: 2, cells: cells.iter().map(cell).collect(), misshapen: None, repeats: None }
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
    fn columns_are_recognised_in_both_languages_and_each_field_once() {
        let heads = ["Référence interne", "Nom", "SKU", "colour", "Sales price", "sales_price"].map(str::to_owned);
        let columns = suggested(&heads);
        assert_eq!(columns, [Some(Field::Reference), Some(Field::Name), None, None, Some(Field::Price), None]);
        assert_eq!(check_columns(&columns), Ok(()));
        assert_eq!(check_columns(&[Some(Field::Name)]), Err(WrongColumns::NoReference));
        let twice = [Some(Field::Reference), Some(Field::Name), Some(Field::Name)];
        assert_eq!(check_columns(&twice), Err(WrongColumns::Twice(Field::Name)));
    }

    #[test]
    fn an_unknown_reference_is_a_new_product_and_needs_a_name() {
        let new = decide(&row(&[(Field::Reference, "LAMP-9"), (Field::Name, "Lamp")]), None, Currency::EUR);
        assert!(matches!(new, Decision::New(fields, true) if fields.reference == "LAMP-9"));
        let nameless = decide(&row(&[(Field::Reference, "LAMP-9")]), None, Currency::EUR);
        assert_eq!(codes(&nameless), ["product-row-field"]);
    }

    #[test]
    fn a_column_that_the_file_lacks_changes_nothing_and_an_empty_cell_empties_its_field() {
        let same = row(&[(Field::Reference, "MUG-01"), (Field::Price, "12,00")]);
        assert_eq!(decide(&same, Some(&held()), Currency::EUR), Decision::Unchanged);
        let emptied = row(&[(Field::Reference, "MUG-01"), (Field::Price, "")]);
        let decision = decide(&emptied, Some(&held()), Currency::EUR);
        let Decision::Changed(after, reasons) = &decision else { panic!("{decision:?}") };
        assert_eq!((after.fields.price.minor(), after.fields.name.as_str()), (0, "Mug"));
        assert_eq!(reasons[0].values[1], ("old".to_owned(), "12.00".to_owned()));
    }

    #[test]
    fn formulas_repetitions_and_broken_rows_are_refused() {
        let mut broken = row(&[(Field::Reference, "MUG-01"), (Field::Name, "=HYPERLINK(1)")]);
        broken.misshapen = Some((3, 2));
        broken.repeats = Some(5);
        broken.cells.push((Field::Price, Cell::Formula));
        let expected = ["product-row-shape", "product-row-repeats", "product-row-formula", "product-row-formula"];
        assert_eq!(codes(&decide(&broken, None, Currency::EUR)), expected);
    }

    #[test]
    fn an_exported_text_that_was_disarmed_comes_back_as_it_was() {
        let disarmed = row(&[(Field::Reference, "'-5"), (Field::Name, "'=1+1")]);
        let decision = decide(&disarmed, None, Currency::EUR);
        let Decision::New(fields, _) = decision else { panic!("{decision:?}") };
        assert_eq!((fields.reference.as_str(), fields.name.as_str()), ("-5", "=1+1"));
    }

    #[test]
    fn default_products_and_kits_are_not_changed_by_a_file() {
        let renamed = row(&[(Field::Reference, "MUG-01"), (Field::Name, "Other")]);
        let default = Held { is_default: true, ..held() };
        assert_eq!(codes(&decide(&renamed, Some(&default), Currency::EUR)), ["product-is-default"]);
        let kit = row(&[(Field::Reference, "MUG-01"), (Field::Type, "kit")]);
        assert_eq!(codes(&decide(&kit, Some(&held()), Currency::EUR)), ["product-kit-type"]);
    }
}
