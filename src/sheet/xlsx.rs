//! XLSX files: the first sheet, its values as text; a formula is said to be one, its stored result is not trusted.

use super::{MOST_COLUMNS, MOST_ROWS, Row, Sheet, SheetError};
use crate::domain::file_rows::Cell;
use calamine::{DataRef, Reader as _, Xlsx};
use std::io::{Cursor, Read as _};

/// The most that a file may unpack to: a small file can hold gigabytes of nothing.
const MOST_UNPACKED: u64 = 16 * 20 * 1024 * 1024;

/// Reads the first sheet.
pub fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
    check_size(bytes, MOST_UNPACKED)?;
    let damaged = |_cause| SheetError::Damaged;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let name = book.sheet_names().first().cloned().ok_or(SheetError::Empty)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(damaged)?;
    let (mut lines, mut taken): (Vec<(u32, Vec<Cell>)>, usize) = (Vec::new(), 0);
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(damaged)? {
        let value = if cell.formula.is_some() { Cell::Formula } else { Cell::Text(text(&cell.value)) };
        if matches!(&value, Cell::Text(text) if text.is_empty()) {
            continue;
        }
        let (line, column) = (cell.pos.0, usize::try_from(cell.pos.1).map_err(|_wide| SheetError::TooManyColumns)?);
        if column >= MOST_COLUMNS {
            return Err(SheetError::TooManyColumns);
        }
        // Cells of one row follow each other; rows that go back would be a made-up file.
        match lines.last_mut() {
            Some((last, row)) if *last == line => put(row, column, value),
            Some((last, _)) if *last > line => return Err(SheetError::Damaged),
            _ => {
                let mut row = Vec::new();
                put(&mut row, column, value);
                lines.push((line, row));
            }
        }
        taken += 1;
        if lines.len() > MOST_ROWS + 1 || taken > MOST_ROWS * 20 {
            return Err(SheetError::TooManyRows);
        }
    }
    sheet(lines)
}

/// Puts a cell at its column; what stands before it and was not written is empty.
fn put(row: &mut Vec<Cell>, column: usize, value: Cell) {
    while row.len() < column {
        row.push(Cell::Text(String::new()));
    }
    row.truncate(column);
    row.push(value);
}

fn sheet(lines: Vec<(u32, Vec<Cell>)>) -> Result<Sheet, SheetError> {
    let mut lines = lines.into_iter();
    let (_, first) = lines.next().ok_or(SheetError::Empty)?;
    let head = |cell: Cell| match cell {
        Cell::Text(text) => text.trim().to_owned(),
        Cell::Formula => String::new(),
    };
    let heads: Vec<String> = first.into_iter().map(head).collect();
    let width = heads.len();
    let row = |(line, mut cells): (u32, Vec<Cell>)| {
        // A spreadsheet does not write the empty cells at the end of a row.
        while cells.len() < width {
            cells.push(Cell::Text(String::new()));
        }
        Row { line: i64::from(line) + 1, cells }
    };
    Ok(Sheet { heads, rows: lines.map(row).collect(), encoding: "xlsx" })
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // The shortest decimal text that means this very number: 12.1 is "12.1".
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(value) => value.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// Unpacks everything once without keeping it: what a file says about its size need not be true.
fn check_size(bytes: &[u8], most: u64) -> Result<(), SheetError> {
    let damaged = |_cause| SheetError::Damaged;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut left = most;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(damaged)?;
        let unpacked =
            std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).map_err(|_cut| SheetError::Damaged)?;
        left = left.checked_sub(unpacked).ok_or(SheetError::TooLarge)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    /// A workbook with one sheet of these rows (XML of its cells).
    fn workbook(rows: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        for (name, body) in [
            (
                "_rels/.rels",
                format!(
                    "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/workbook.xml",
                format!(
                    "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                format!(
                    "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
            ),
        ] {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(body.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn inline(cell: &str, text: &str) -> String {
        format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    }

    #[test]
    fn values_are_exact_texts_and_formulas_are_told() {
        let rows = format!(
            "<row r=\"1\">{}{}{}</row><row r=\"3\">{}<c r=\"C3\"><v>12.1</v></c></row><row r=\"4\">{}<c r=\"B4\"><f>1+1</f><v>2</v></c></row>",
            inline("A1", "reference"),
            inline("B1", "name"),
            inline("C1", "price"),
            inline("A3", "MUG"),
            inline("A4", "CUP"),
        );
        let sheet = super::super::read(&workbook(&rows)).unwrap();
        assert_eq!((sheet.heads.join(" ").as_str(), sheet.encoding), ("reference name price", "xlsx"));
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(sheet.rows[0], Row { line: 3, cells: vec![text("MUG"), text(""), text("12.1")] });
        assert_eq!(sheet.rows[1], Row { line: 4, cells: vec![text("CUP"), Cell::Formula, text("")] });
    }

    #[test]
    fn other_archives_and_damaged_files_are_refused() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("a.txt", zip::write::SimpleFileOptions::default()).unwrap();
        assert_eq!(super::super::read(&zip.finish().unwrap().into_inner()), Err(SheetError::Damaged));
        assert_eq!(super::super::read(b"PK\x03\x04 nothing more"), Err(SheetError::Damaged));
    }

    #[test]
    fn a_small_file_that_unpacks_to_too_much_is_refused() {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&vec![0; 100_000]).unwrap();
        let bytes = zip.finish().unwrap().into_inner();
        assert!(bytes.len() < 1_000, "{}", bytes.len());
        assert_eq!(check_size(&bytes, 100_000), Ok(()));
        assert_eq!(check_size(&bytes, 99_999), Err(SheetError::TooLarge));
    }
}
