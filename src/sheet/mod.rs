//! Tables that people bring as files: CSV in whatever encoding their program wrote, and XLSX.
//!
//! It reads cells and nothing more: it knows no request and no table of the database, and it never works a formula out.

use crate::domain::file_rows::Cell;

pub mod csv;
pub mod encoding;
pub mod xlsx;

/// The largest file, in bytes.
pub const LARGEST: usize = 20 * 1024 * 1024;
/// The most rows of a file.
pub const MOST_ROWS: usize = 200_000;
/// The most columns of a file.
pub const MOST_COLUMNS: usize = 100;

/// One row, with its line as a spreadsheet counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The line; heads are on line 1.
    pub line: i64,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// A table that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The heads of the columns.
    pub heads: Vec<String>,
    /// The rows below them; empty ones are left out.
    pub rows: Vec<Row>,
    /// How it was written: `utf-8`, `windows-1252` or `xlsx`.
    pub encoding: &'static str,
}

/// Why a file cannot be read as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// It holds nothing.
    #[error("the file is empty")]
    Empty,
    /// It has heads and no row below them.
    #[error("the file has no row below its heads")]
    NoRows,
    /// It is larger than [`LARGEST`].
    #[error("the file is larger than 20 MB")]
    TooLarge,
    /// It has more rows than [`MOST_ROWS`].
    #[error("the file has more than 200,000 rows")]
    TooManyRows,
    /// It has more columns than [`MOST_COLUMNS`].
    #[error("the file has more than 100 columns")]
    TooManyColumns,
    /// It is text in an encoding that is not read.
    #[error("the file is neither UTF-8 nor Windows-1252; save it as CSV UTF-8")]
    Encoding,
    /// It is UTF-16 text.
    #[error("the file is UTF-16; save it as CSV UTF-8")]
    Utf16,
    /// It is an old spreadsheet, a PDF, a picture: nothing that is read.
    #[error("the file is neither CSV nor XLSX")]
    Unknown,
    /// It begins like an XLSX file and is none.
    #[error("the file is a damaged or protected XLSX")]
    Damaged,
}

impl SheetError {
    /// The stable code, for messages.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoRows => "no-rows",
            Self::TooLarge => "too-large",
            Self::TooManyRows => "too-many-rows",
            Self::TooManyColumns => "too-many-columns",
            Self::Encoding => "encoding",
            Self::Utf16 => "utf16",
            Self::Unknown => "unknown",
            Self::Damaged => "damaged",
        }
    }
}

/// Reads a file by what it holds, whatever its name says.
pub fn read(bytes: &[u8]) -> Result<Sheet, SheetError> {
    if bytes.is_empty() {
        return Err(SheetError::Empty);
    }
    if bytes.len() > LARGEST {
        return Err(SheetError::TooLarge);
    }
    let sheet = if bytes.starts_with(b"PK\x03\x04") { xlsx::read(bytes)? } else { csv::read(bytes)? };
    if sheet.heads.iter().all(String::is_empty) {
        return Err(SheetError::Empty);
    }
    if sheet.rows.is_empty() { Err(SheetError::NoRows) } else { Ok(sheet) }
}
