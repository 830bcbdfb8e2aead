//! The rows of a file of offers: which SKU has which product, read with a reason for every row that cannot be taken.

use super::ids::Sku;
use super::offer::read_sku;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its line, the head line being the first.
    pub line: usize,
    /// The SKU.
    pub sku: Sku,
    /// The internal reference of its product.
    pub reference: String,
    /// The marketplace as it is written; empty for all that the account follows.
    pub marketplace: String,
}

/// What is wrong with a row, or with the whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing but a head line, or nothing at all.
    Empty,
    /// The head line lacks a column that is needed.
    MissingColumn(&'static str),
    /// The head line has a column that is not known.
    UnknownColumn(String),
    /// There are more rows than one import takes.
    TooMany(usize),
    /// The row has another number of cells than the head line.
    Cells,
    /// Amazon would not take the SKU.
    Sku,
    /// The reference is empty.
    NoReference,
    /// No active product has this reference.
    UnknownReference(String),
    /// No marketplace of the account's region is called so.
    UnknownMarketplace(String),
    /// The account follows no marketplace that the row could mean.
    NoMarketplace,
    /// An earlier line says it already.
    Twice(usize),
}

/// The rows that can be read and those that cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Rows, in their order.
    pub rows: Vec<Row>,
    /// Lines that cannot be read, with their reasons.
    pub refused: Vec<(usize, Problem)>,
}

/// The most rows of one import.
pub const MOST_ROWS: usize = 100_000;

/// The columns that are known; the first two are needed.
const COLUMNS: [&str; 3] = ["sku", "reference", "marketplace"];

/// Columns of an export that an import leaves out.
const LEFT_OUT: [&str; 4] = ["account", "product", "asin", "matched_by"];

/// Reads comma-, semicolon- or tab-separated values with a head line.
pub fn read(text: &str) -> Result<Sheet, Problem> {
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let Some((_, head)) = lines.next() else { return Err(Problem::Empty) };
    let separator = [';', '\t'].into_iter().find(|separator| head.contains(*separator)).unwrap_or(',');
    let heads: Vec<String> = cells(head, separator).into_iter().map(|cell| cell.trim().to_lowercase()).collect();
    let is_known = |head: &String| COLUMNS.contains(&head.as_str()) || LEFT_OUT.contains(&head.as_str());
    if let Some(unknown) = heads.iter().find(|head| !is_known(head)) {
        return Err(Problem::UnknownColumn(unknown.clone()));
    }
    let place = |name: &'static str| heads.iter().position(|head| head == name);
    let sku_at = place("sku").ok_or(Problem::MissingColumn("sku"))?;
    let reference_at = place("reference").ok_or(Problem::MissingColumn("reference"))?;
    let marketplace_at = place("marketplace");
    let mut sheet = Sheet::default();
    for (number, line) in lines {
        let number = number.saturating_add(1);
        if sheet.rows.len().saturating_add(sheet.refused.len()) >= MOST_ROWS {
            return Err(Problem::TooMany(MOST_ROWS));
        }
        let cells = cells(line, separator);
        if cells.len() != heads.len() {
            sheet.refused.push((number, Problem::Cells));
            continue;
        }
        let cell = |at: Option<usize>| {
            at.and_then(|at| cells.get(at)).map(|cell| plain(cell.trim()).to_owned()).unwrap_or_default()
        };
        let Some(sku) = read_sku(&cell(Some(sku_at))) else {
            sheet.refused.push((number, Problem::Sku));
            continue;
        };
        let (reference, marketplace) = (cell(Some(reference_at)), cell(marketplace_at));
        if reference.is_empty() {
            sheet.refused.push((number, Problem::NoReference));
            continue;
        }
        sheet.rows.push(Row { line: number, sku, reference, marketplace });
    }
    if sheet.rows.is_empty() && sheet.refused.is_empty() { Err(Problem::Empty) } else { Ok(sheet) }
}

/// A cell without the apostrophe by which an export keeps spreadsheets from taking it for a formula.
fn plain(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell)
}

/// The cells of one line; a cell in quotes may hold separators and doubled quotes.
fn cells(line: &str, separator: char) -> Vec<String> {
    let (mut cells, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                is_quoted = true;
            }
            _ if letter == separator && !is_quoted => cells.push(std::mem::take(&mut cell)),
            _ => cell.push(letter),
        }
    }
    cells.push(cell);
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(line: usize, sku: &str, reference: &str, marketplace: &str) -> Row {
        Row { line, sku: sku.into(), reference: reference.to_owned(), marketplace: marketplace.to_owned() }
    }

    #[test]
    fn rows_are_read_with_any_separator_quotes_a_mark_and_columns_in_any_order() {
        let comma = read("\u{feff}sku,reference,marketplace\nMUG-1,REF-1,FR\n\n\"a,\"\"b\",REF-2,\n").unwrap();
        assert_eq!(comma.rows, [row(2, "MUG-1", "REF-1", "FR"), row(4, "a,\"b", "REF-2", "")]);
        let semicolon = read("Reference;SKU\r\nREF-1;MUG-1\r\n").unwrap();
        assert_eq!(semicolon.rows, [row(2, "MUG-1", "REF-1", "")]);
        let tab = read("sku\treference\n'-MUG\tREF 1").unwrap();
        assert_eq!(tab.rows, [row(2, "-MUG", "REF 1", "")]);
    }

    #[test]
    fn a_text_without_the_needed_columns_is_refused_as_a_whole() {
        assert_eq!(read(" \n"), Err(Problem::Empty));
        assert_eq!(read("sku,reference\n"), Err(Problem::Empty));
        assert_eq!(read("sku,marketplace\nA,FR"), Err(Problem::MissingColumn("reference")));
        assert_eq!(read("sku,reference,price\nA,B,1"), Err(Problem::UnknownColumn("price".to_owned())));
        let many = format!("sku,reference{}", "\nA,B".repeat(MOST_ROWS + 1));
        assert_eq!(read(&many), Err(Problem::TooMany(MOST_ROWS)));
    }

    #[test]
    fn each_wrong_row_is_refused_with_its_line_and_reason() {
        let sheet = read("sku,reference\nA,B,C\n,B\nA,\nA,B").unwrap();
        assert_eq!(sheet.refused, [(2, Problem::Cells), (3, Problem::Sku), (4, Problem::NoReference)]);
        assert_eq!(sheet.rows, [row(5, "A", "B", "")]);
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,80}(\n\\PC{0,40}){0,5}") {
            if let Ok(sheet) = read(&format!("sku,reference\n{text}")) {
                prop_assert!(sheet.rows.len() + sheet.refused.len() <= text.lines().count());
            }
        }
    }
}
