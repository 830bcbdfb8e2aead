//! Rows of a file that is imported: which column is which, and what each row does to what is held.
//!
//! It knows no rule of products or offers: their own files decide, and the report and the writing ask the same function.

use super::coded::coded;
use super::sync::Reason;
use super::{offer_rows, product_rows};

coded! {
    /// What the rows of a file are.
    Subject {
        /// Products.
        Products = "products",
        /// Offers.
        Offers = "offers",
    }
}

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

/// What a column of a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// A field of a product.
    Product(super::product::Field),
    /// A field of an offer.
    Offer(offer_rows::Field),
}

impl From<super::product::Field> for Column {
    fn from(field: super::product::Field) -> Self {
        Self::Product(field)
    }
}

impl From<offer_rows::Field> for Column {
    fn from(field: offer_rows::Field) -> Self {
        Self::Offer(field)
    }
}

impl Column {
    /// The columns that a file of this subject may have.
    pub fn all(subject: Subject) -> Vec<Self> {
        match subject {
            Subject::Products => super::product::Field::ALL.iter().copied().map(Self::Product).collect(),
            Subject::Offers => offer_rows::Field::ALL.iter().copied().map(Self::Offer).collect(),
        }
    }

    /// The columns without which a file says nothing.
    const fn needed(subject: Subject) -> &'static [Self] {
        match subject {
            Subject::Products => &[Self::Product(super::product::Field::Reference)],
            Subject::Offers => &[Self::Offer(offer_rows::Field::Sku), Self::Offer(offer_rows::Field::Reference)],
        }
    }

    /// The stable code, which is also the head in an export.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Product(field) => field.as_str(),
            Self::Offer(field) => field.as_str(),
        }
    }

    /// Reads a stable code.
    pub fn parse(subject: Subject, code: &str) -> Option<Self> {
        Self::all(subject).into_iter().find(|column| column.as_str() == code)
    }

    /// The other heads by which it is recognised, in small letters.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Product(field) => product_rows::names(field),
            Self::Offer(field) => offer_rows::names(field),
        }
    }

    /// The column that a head names.
    pub fn recognised(subject: Subject, head: &str) -> Option<Self> {
        let head = head.trim().to_lowercase();
        let is_named = |column: &Self| column.names().contains(&head.as_str());
        Self::parse(subject, &head.replace(' ', "_")).or_else(|| Self::all(subject).into_iter().find(is_named))
    }
}

/// What each column of a file holds, in the order of the columns; a field is taken from its first column only.
pub fn suggested(subject: Subject, heads: &[String]) -> Vec<Option<Column>> {
    let mut taken = Vec::new();
    let take = |head: &String| {
        let column = Column::recognised(subject, head).filter(|column| !taken.contains(column))?;
        taken.push(column);
        Some(column)
    };
    heads.iter().map(take).collect()
}

/// Why a choice of columns cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongColumns {
    /// No column holds what every row must say.
    Missing(Column),
    /// Two columns hold the same field.
    Twice(Column),
}

/// A choice of columns needs what every row must say, and each field once at most.
pub fn check_columns(subject: Subject, columns: &[Option<Column>]) -> Result<(), WrongColumns> {
    let chosen: Vec<Column> = columns.iter().copied().flatten().collect();
    for (index, column) in chosen.iter().enumerate() {
        if chosen.iter().take(index).any(|other| other == column) {
            return Err(WrongColumns::Twice(*column));
        }
    }
    let missing = Column::needed(subject).iter().find(|column| !chosen.contains(column));
    missing.map_or(Ok(()), |column| Err(WrongColumns::Missing(*column)))
}

/// One cell of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A value.
    Text(String),
    /// A formula, whose result nobody can vouch for.
    Formula,
}

impl Cell {
    /// Whether it is a formula, or a text that a spreadsheet would take for one.
    fn is_formula(&self) -> bool {
        match self {
            Self::Formula => true,
            Self::Text(text) => text.starts_with('='),
        }
    }
}

/// One row of a file: its cells with what they hold, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line, as a spreadsheet counts.
    pub line: i64,
    /// Its cells, in the order of the columns.
    pub cells: Vec<(Column, Cell)>,
    /// How many cells it should have and has, when they differ.
    pub misshapen: Option<(usize, usize)>,
}

impl Row {
    /// What stands in a column; none when the file has no such column.
    pub fn text(&self, column: impl Into<Column>) -> Option<&str> {
        let column = column.into();
        self.cells.iter().find(|(held, _)| *held == column).map(|(_, cell)| match cell {
            Cell::Text(text) => plain(text),
            Cell::Formula => "",
        })
    }

    /// What stands in a column without spaces around it; empty when the file has no such column.
    pub fn trimmed(&self, column: impl Into<Column>) -> &str {
        self.text(column).unwrap_or_default().trim()
    }

    /// What a person knows it by: the internal reference of a product, the SKU of an offer.
    pub fn name(&self, subject: Subject) -> &str {
        match subject {
            Subject::Products => self.trimmed(super::product::Field::Reference),
            Subject::Offers => self.trimmed(offer_rows::Field::Sku),
        }
    }

    /// Whether a formula stands in a column.
    pub fn is_formula(&self, column: impl Into<Column>) -> bool {
        let column = column.into();
        self.cells.iter().any(|(held, cell)| *held == column && cell.is_formula())
    }

    /// What is wrong with it before its cells are read; `repeats` is an earlier line that says the same.
    pub fn shape(&self, repeats: Option<i64>) -> Vec<Reason> {
        let mut wrong = Vec::new();
        if let Some((expected, found)) = self.misshapen {
            wrong.push(Reason::new("row-shape").with("expected", expected).with("found", found));
        }
        if let Some(line) = repeats {
            wrong.push(Reason::new("row-repeats").with("line", line));
        }
        let formulas = self.cells.iter().filter(|(_, cell)| cell.is_formula());
        wrong.extend(formulas.map(|(column, _)| Reason::new("row-formula").with("field", column.as_str())));
        wrong
    }
}

/// A text without the apostrophe by which an export disarmed what looks like a formula.
fn plain(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
    }
}

/// What a row does: `N` is what it makes, `C` what it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision<N, C> {
    /// Something new.
    New(N),
    /// Something that is held becomes other, and what changes.
    Changed(C, Vec<Reason>),
    /// Nothing.
    Unchanged,
    /// It cannot be taken.
    Refused(Vec<Reason>),
}

impl<N, C> Decision<N, C> {
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
    pub fn into_notes(self) -> Vec<Reason> {
        match self {
            Self::Changed(_, reasons) | Self::Refused(reasons) => reasons,
            Self::New(..) | Self::Unchanged => Vec::new(),
        }
    }
}

/// How many rows do what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows that make something.
    pub new: i64,
    /// Rows that change something.
    pub changed: i64,
    /// Rows that change nothing.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::product::Field;

    #[test]
    fn columns_are_recognised_in_both_languages_and_each_field_once() {
        let heads = ["Référence interne", "Nom", "SKU", "colour", "Sales price", "sales_price"].map(str::to_owned);
        let product = |field| Some(Column::Product(field));
        let columns = suggested(Subject::Products, &heads);
        let wanted = [Field::Reference, Field::Name].map(product);
        assert_eq!(columns, [wanted[0], wanted[1], None, None, product(Field::Price), None]);
        assert_eq!(check_columns(Subject::Products, &columns), Ok(()));
        let nameless = check_columns(Subject::Products, &[product(Field::Name)]);
        assert_eq!(nameless, Err(WrongColumns::Missing(Field::Reference.into())));
        let twice = [Field::Reference, Field::Name, Field::Name].map(product);
        assert_eq!(check_columns(Subject::Products, &twice), Err(WrongColumns::Twice(Field::Name.into())));
    }

    #[test]
    fn a_head_means_another_thing_in_a_file_of_offers() {
        let heads = ["SKU", "Référence interne", "Place de marché", "Compte"].map(str::to_owned);
        let columns = suggested(Subject::Offers, &heads);
        let codes: Vec<&str> = columns.iter().flatten().map(|column| column.as_str()).collect();
        assert_eq!(codes, ["sku", "reference", "marketplace", "account"]);
        let without = check_columns(Subject::Offers, &columns[..1]);
        assert_eq!(without, Err(WrongColumns::Missing(offer_rows::Field::Reference.into())));
    }
}
