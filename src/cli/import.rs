//! `comptoir import products`: a CSV or XLSX file, compared row by row and then written all or nothing.

use super::terminal::say;
use super::{Failure, first_company};
use crate::app::App;
use crate::db::companies;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::import_products::{self, FileError, FileReport};
use crate::sheet::{LARGEST, SheetError};
use crate::web::product_notes;
use clap::Subcommand;
use std::path::{Path, PathBuf};

/// What can be imported.
#[derive(Debug, Subcommand)]
pub(super) enum Import {
    /// Products; columns are recognised by their heads, as an export names them.
    Products {
        /// The file.
        #[arg(long)]
        file: PathBuf,
        /// Only say what would be done.
        #[arg(long)]
        dry_run: bool,
    },
}

/// How many rows lie between two lines of progress.
const TOLD_EVERY: usize = 10_000;

impl Import {
    pub(super) async fn run(self, app: &App) -> Result<(), Failure> {
        let Self::Products { file, dry_run } = self;
        let content = content(&file)?;
        let company = first_company(app).await?;
        let worker = app.clone();
        let told = |done: usize, total: usize| {
            if done == total || done.is_multiple_of(TOLD_EVERY) {
                say!("{done} of {total} rows compared");
            }
        };
        let done =
            tokio::task::spawn_blocking(move || import_products::run_file(&worker, company, &content, dry_run, told));
        let report = match done.await.unwrap_or(Err(AppError::Internal("the import was interrupted").into())) {
            Ok(report) => report,
            Err(FileError::App(AppError::Conflict)) => {
                let text = "products were changed meanwhile; nothing was written, run the import again";
                return Err(Failure::Refused(text.to_owned()));
            }
            Err(FileError::App(error)) => return Err(Failure::App(error)),
            Err(error) => return Err(Failure::Refused(error.to_string())),
        };
        let currency = app.read(move |conn| companies::by_id(conn, company)).await?.currency;
        tell(&report, currency);
        if report.counts.refused > 0 && !dry_run {
            return Err(Failure::Refused("rows are refused; nothing was written".to_owned()));
        }
        Ok(())
    }
}

/// The bytes of a file that is not too large to be read.
fn content(file: &Path) -> Result<Vec<u8>, Failure> {
    let shown = file.display();
    let unreadable = |error| Failure::Refused(format!("the file {shown} could not be read: {error}"));
    let length = std::fs::metadata(file).map_err(unreadable)?.len();
    if usize::try_from(length).is_ok_and(|length| length <= LARGEST) {
        return std::fs::read(file).map_err(unreadable);
    }
    Err(Failure::Refused(SheetError::TooLarge.to_string()))
}

fn tell(report: &FileReport, currency: crate::domain::money::Currency) {
    if !report.unknown.is_empty() {
        say!("columns that are not imported: {}", report.unknown.join(", "));
    }
    for row in &report.refused {
        let notes: Vec<String> = row.reasons.iter().map(|one| product_notes::note(Lang::En, one, currency)).collect();
        say!("line {} ({}): {}", row.line, row.reference, notes.join("; "));
    }
    let counts = report.counts;
    say!(
        "{} new, {} changed, {} unchanged, {} refused, read as {}; {}",
        counts.new,
        counts.changed,
        counts.unchanged,
        counts.refused,
        report.encoding,
        if report.is_written { "written" } else { "nothing was written" }
    );
}
