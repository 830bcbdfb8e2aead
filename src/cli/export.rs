//! `comptoir export`: records on the standard output, as JSON or CSV.

use super::Failure;
use crate::app::App;
use crate::export::writer::Format;
use crate::ops::export_records::{self, ExportError, Subject};
use clap::{Args, ValueEnum};
use std::io::BufWriter;

/// Options of `export`.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// What to write.
    #[arg(value_enum)]
    subject: What,
    /// The form.
    #[arg(long, value_enum, default_value_t = Form::Csv)]
    format: Form,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    Orders,
    Customers,
    Pickings,
    Moves,
    Products,
    Offers,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    Csv,
    Json,
}

impl Export {
    pub(super) fn run(&self, app: &App) -> Result<(), Failure> {
        let subject = match self.subject {
            What::Orders => Subject::Orders,
            What::Customers => Subject::Customers,
            What::Pickings => Subject::Pickings,
            What::Moves => Subject::Moves,
            What::Products => Subject::Products,
            What::Offers => Subject::Offers,
        };
        let format = match self.format {
            Form::Csv => Format::Csv,
            Form::Json => Format::Json,
        };
        let out = BufWriter::new(std::io::stdout().lock());
        export_records::run(&app.db, &app.vault, subject, format, out).map_err(|error| match error {
            ExportError::App(error) => Failure::App(error),
            ExportError::Write(error) => Failure::Refused(error.to_string()),
        })
    }
}
