//! CSV files: separated by semicolons, commas or tabs, whichever their heads use.

use super::{MOST_COLUMNS, MOST_ROWS, Row, Sheet, SheetError, encoding};
use crate::domain::file_rows::Cell;

/// Reads a CSV file.
pub fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
    let (text, encoding) = encoding::text(bytes)?;
    let mut reader = ::csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let unreadable = |_cause| SheetError::Unknown;
    let first = records.next().ok_or(SheetError::Empty)?.map_err(unreadable)?;
    let heads: Vec<String> = first.iter().map(|head| head.trim().to_owned()).collect();
    if heads.len() > MOST_COLUMNS {
        return Err(SheetError::TooManyColumns);
    }
    let mut rows = Vec::new();
    for record in records {
        let record = record.map_err(unreadable)?;
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() >= MOST_ROWS {
            return Err(SheetError::TooManyRows);
        }
        let line = record.position().map_or(0, |position| line_of(&text, position));
        let cells = record.iter().map(|cell| Cell::Text(cell.to_owned())).collect();
        rows.push(Row { line: i64::try_from(line).unwrap_or(i64::MAX), cells });
    }
    Ok(Sheet { heads, rows, encoding })
}

/// The line on which a record begins: its position is that of the empty lines before it.
fn line_of(text: &str, position: &::csv::Position) -> u64 {
    let rest = usize::try_from(position.byte()).ok().and_then(|byte| text.as_bytes().get(byte..)).unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n');
    position.line() + u64::try_from(ends.count()).unwrap_or(0)
}

/// The sign that the first line uses most, outside quotes.
fn delimiter(text: &str) -> u8 {
    let (mut is_quoted, mut counts) = (false, [(b';', 0), (b',', 0), (b'\t', 0)]);
    for byte in text.bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => break,
            _ if is_quoted => {}
            _ => counts.iter_mut().filter(|(sign, _)| *sign == byte).for_each(|(_, count)| *count += 1),
        }
    }
    // Of equal counts the first one wins.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(sign, _)| *sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(row: &Row) -> Vec<&str> {
        let text = |cell: &'static str| cell;
        row.cells.iter().map(|cell| if let Cell::Text(text) = cell { text.as_str() } else { text("formula") }).collect()
    }

    #[test]
    fn separators_quotes_and_lines_are_read_as_spreadsheets_write_them() {
        for (text, cells) in [
            ("reference;name\nA-1;\"Cup; blue\"\n", ["A-1", "Cup; blue"]),
            ("reference,name\r\n\r\nA-1,\"Cup \"\"x\"\"\"\r\n", ["A-1", "Cup \"x\""]),
            ("reference\tname\nA-1\tCup\n", ["A-1", "Cup"]),
        ] {
            let sheet = read(text.as_bytes()).unwrap();
            assert_eq!((sheet.heads.len(), sheet.rows.len()), (2, 1), "{text}");
            assert_eq!(texts(&sheet.rows[0]), cells);
        }
    }

    #[test]
    fn a_row_keeps_its_line_and_its_number_of_cells() {
        let sheet = read(b"a;b\n1;2\n\n\"x\ny\";2\n3\n").unwrap();
        let shape: Vec<(i64, usize)> = sheet.rows.iter().map(|row| (row.line, row.cells.len())).collect();
        assert_eq!(shape, [(2, 2), (4, 2), (6, 1)]);
    }
}
