//! `comptoir import`: a CSV or XLSX file of products or offers, compared row by row and then written all or nothing.

use super::terminal::say;
use super::{Failure, first_company};
use crate::app::App;
use crate::db::{companies, teams};
use crate::domain::file_rows::Subject;
use crate::domain::ids::{AccountId, CompanyId};
use crate::domain::money::Currency;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::import_files::{self, FileError, FileReport, Owner};
use crate::sheet::{LARGEST, SheetError};
use crate::web::file_notes;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// What can be imported; columns are recognised by their heads, as an export names them.
#[derive(Debug, Subcommand)]
pub(super) enum Import {
    /// Products, and the components of kits.
    Products(Source),
    /// Offers: which product a SKU sells.
    Offers {
        #[command(flatten)]
        source: Source,
        /// The name of the account of offers that name none; needed when there are several.
        #[arg(long)]
        account: Option<String>,
    },
}

/// The file, and what to do with it.
#[derive(Debug, Args)]
pub(super) struct Source {
    /// The file.
    #[arg(required_unless_present = "named", conflicts_with = "named")]
    file: Option<PathBuf>,
    /// The file, by name.
    #[arg(long = "file", id = "named", value_name = "FILE")]
    named: Option<PathBuf>,
    /// Only say what would be done.
    #[arg(long)]
    dry_run: bool,
}

/// How many rows lie between two lines of progress.
const TOLD_EVERY: usize = 10_000;

impl Import {
    pub(super) async fn run(self, app: &App) -> Result<(), Failure> {
        let company = first_company(app).await?;
        let (source, subject, account) = match self {
            Self::Products(source) => (source, Subject::Products, None),
            Self::Offers { source, account } => {
                let account = chosen(app, company, account).await?;
                (source, Subject::Offers, account)
            }
        };
        let is_dry = source.dry_run;
        let content = content(&source.file.or(source.named).unwrap_or_default())?;
        let (worker, owner) = (app.clone(), Owner { company, user: None, subject, account });
        let told = |done: usize, total: usize| {
            if done == total || done.is_multiple_of(TOLD_EVERY) {
                say!("{done} of {total} rows compared");
            }
        };
        let done = tokio::task::spawn_blocking(move || import_files::run_file(&worker, owner, &content, is_dry, told));
        let report = match done.await.unwrap_or(Err(AppError::Internal("the import was interrupted").into())) {
            Ok(report) => report,
            Err(FileError::App(AppError::Conflict)) => {
                let text =
                    format!("{} were changed meanwhile; nothing was written, run the import again", subject.as_str());
                return Err(Failure::Refused(text));
            }
            Err(FileError::App(error)) => return Err(Failure::App(error)),
            Err(error) => return Err(Failure::Refused(error.to_string())),
        };
        let currency = app.read(move |conn| companies::by_id(conn, company)).await?.currency;
        tell(&report, subject, currency);
        if report.counts.refused > 0 && !is_dry {
            return Err(Failure::Refused("rows are refused; nothing was written".to_owned()));
        }
        Ok(())
    }
}

/// The account of this name, or the only one; none when there are several and rows must name theirs.
async fn chosen(app: &App, company: CompanyId, name: Option<String>) -> Result<Option<AccountId>, Failure> {
    let accounts = app.read(move |conn| teams::accounts_in_use(conn, company)).await?;
    let Some(name) = name else {
        return Ok(accounts.first().filter(|_| accounts.len() == 1).map(|(id, _)| *id));
    };
    let mut named = accounts.iter().filter(|(_, held)| *held == name);
    match (named.next(), named.next()) {
        (Some((id, _)), None) => Ok(Some(*id)),
        (Some(_), Some(_)) => Err(Failure::Refused(format!("several accounts are called “{name}”"))),
        (None, _) => {
            let held: Vec<&str> = accounts.iter().map(|(_, held)| held.as_str()).collect();
            Err(Failure::Refused(format!("no account is called “{name}”; there are: {}", held.join(", "))))
        }
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

fn tell(report: &FileReport, subject: Subject, currency: Currency) {
    if !report.unknown.is_empty() {
        say!("columns that are not imported: {}", report.unknown.join(", "));
    }
    for row in &report.refused {
        let note = |one| file_notes::note(Lang::En, subject, one, currency);
        let notes: Vec<String> = row.reasons.iter().map(note).collect();
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
    if report.lines > 0 {
        say!("order lines that took their product: {}", report.lines);
    }
}
