//! Writes records one after the other, so that any number of them fits in memory.

use super::records::Flat;
use serde::Serialize;
use std::io::Write;

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a head line.
    Csv,
    /// One JSON array.
    Json,
}

/// Why an export was cut short.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file or terminal refused.
    #[error("the export could not be written")]
    Io(#[from] std::io::Error),
    /// A record has no JSON form.
    #[error("a record could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A record has no CSV form.
    #[error("a record could not be written as CSV")]
    Csv(#[from] ::csv::Error),
}

/// Where records of one kind are written.
pub enum Writer<W: Write> {
    /// Comma-separated values.
    Csv(Box<::csv::Writer<W>>),
    /// A JSON array; the flag says whether an element was written.
    Json(W, bool),
}

impl<W: Write> std::fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Writer")
    }
}

impl<W: Write> Writer<W> {
    /// Starts an export of records of the kind `R`.
    pub fn start<R: Flat>(mut out: W, format: Format) -> Result<Self, WriteError> {
        match format {
            Format::Csv => {
                let mut writer = ::csv::Writer::from_writer(out);
                writer.write_record(R::HEADS)?;
                Ok(Self::Csv(Box::new(writer)))
            }
            Format::Json => {
                out.write_all(b"[")?;
                Ok(Self::Json(out, false))
            }
        }
    }

    /// Starts an export for a spreadsheet, with the separator of its language.
    pub fn spreadsheet<R: Flat>(mut out: W, separator: u8) -> Result<Self, WriteError> {
        // The mark tells spreadsheets that the text is UTF-8.
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = ::csv::WriterBuilder::new().delimiter(separator).from_writer(out);
        writer.write_record(R::HEADS)?;
        Ok(Self::Csv(Box::new(writer)))
    }

    /// Writes one record.
    pub fn put<R: Flat + Serialize>(&mut self, record: &R) -> Result<(), WriteError> {
        match self {
            Self::Csv(writer) => {
                for row in record.rows() {
                    writer.write_record(&row)?;
                }
            }
            Self::Json(out, has_element) => {
                out.write_all(if *has_element { b",\n" } else { b"\n" })?;
                *has_element = true;
                serde_json::to_writer(&mut *out, record)?;
            }
        }
        Ok(())
    }

    /// Ends the export.
    pub fn finish(self) -> Result<(), WriteError> {
        match self {
            Self::Csv(mut writer) => Ok(writer.flush()?),
            Self::Json(mut out, _) => {
                out.write_all(b"\n]\n")?;
                Ok(out.flush()?)
            }
        }
    }
}
