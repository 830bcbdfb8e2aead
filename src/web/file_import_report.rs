//! One import: its columns to choose, its progress, and the report of every row.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, FieldErrors};
use super::file_import::{Of, home, list, named_columns, own, state_badge};
use super::file_notes;
use super::orders::records;
use super::page::{self, Chrome};
use crate::app::App;
use crate::db::file_import_rows::{self, ReportRow};
use crate::db::file_imports::ImportRow;
use crate::db::paging::{Cursor, Side, Window};
use crate::db::teams;
use crate::domain::file_rows::{Column, ImportState, RowOutcome, Subject};
use crate::domain::ids::FileImportId;
use crate::domain::offer_rows::Field;
use crate::error::AppError;
use crate::i18n::{Arg, Lang};
use crate::ops::import_files::{columns, heads};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use serde::Deserialize;

/// Rows of the report on one page.
const PER_PAGE: i64 = 80;

/// What the report is asked: one outcome, and from which line on.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    after: i64,
}

/// One column of the file with its choice.
struct Choice {
    number: usize,
    head: String,
    chosen: &'static str,
}

struct Entry {
    line: i64,
    reference: String,
    outcome: Badge,
    notes: Vec<String>,
}

/// How far an import is, and what it does.
struct Progress {
    id: FileImportId,
    state: Badge,
    is_active: bool,
    sentence: String,
    done: i64,
    total: i64,
    counts: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "imports/show.html", blocks = ["job"])]
struct ImportPage {
    chrome: Chrome,
    progress: Progress,
    encoding: String,
    columns: Vec<Choice>,
    accounts: Vec<(String, String)>,
    account: String,
    home: String,
    list: (&'static str, &'static str),
    list_title: String,
    /// What names a row: a message.
    name: &'static str,
    fields: Vec<(&'static str, String)>,
    may_choose: bool,
    may_apply: bool,
    refused_why: String,
    problem: String,
    outcomes: Vec<(Badge, String, bool)>,
    lines: Vec<Entry>,
    next: String,
    errors: FieldErrors,
}

fn outcome_badge(lang: Lang, outcome: RowOutcome) -> Badge {
    let kind = match outcome {
        RowOutcome::New | RowOutcome::Changed => "i",
        RowOutcome::Unchanged => "n",
        RowOutcome::Refused => "d",
    };
    badges::flag(lang, kind, &badges::key("import-row", outcome.as_str()))
}

fn progress_of(user: &CurrentUser, chrome: &Chrome, row: &ImportRow) -> Progress {
    let (lang, counts) = (user.lang, row.counts());
    let all = [
        (RowOutcome::New, counts.new),
        (RowOutcome::Changed, counts.changed),
        (RowOutcome::Unchanged, counts.unchanged),
        (RowOutcome::Refused, counts.refused),
    ];
    let key = badges::key("import-says", row.state.as_str());
    let values = [
        ("done", Arg::Number(row.rows_done)),
        ("total", Arg::Number(row.rows_total)),
        ("new", Arg::Number(counts.new)),
        ("changed", Arg::Number(counts.changed)),
        ("lines", Arg::Number(row.lines_mended)),
    ];
    Progress {
        id: row.id,
        state: state_badge(lang, row.state),
        is_active: row.state.is_active(),
        sentence: lang.with(&key, &values).into_owned(),
        done: row.rows_done,
        total: row.rows_total,
        counts: if row.state == ImportState::Uploaded {
            Vec::new()
        } else {
            let count = |(outcome, count)| (outcome_badge(lang, outcome).text.into_owned(), chrome.number(count));
            all.into_iter().map(count).collect()
        },
    }
}

async fn page_of(
    user: &CurrentUser,
    app: &App,
    row: &ImportRow,
    chosen: &[Option<Column>],
) -> Result<ImportPage, AppError> {
    let (lang, subject, company) = (user.lang, row.subject, user.company);
    let (href, title, place) = list(subject);
    let chrome = user.chrome_titled(row.file_name.clone(), place);
    let (accounts, account) = match subject {
        Subject::Products => (Vec::new(), String::new()),
        Subject::Offers => {
            let held = app.read(move |conn| teams::accounts_in_use(conn, company)).await?;
            // With one account there is nothing to choose, unless a column says so.
            let only = held.first().filter(|_| held.len() == 1 && !chosen.contains(&Some(Field::Account.into())));
            let account = row.account_id.or(only.map(|(id, _)| *id));
            let mut options = vec![(String::new(), lang.t("import-account-by-column").into_owned())];
            options.extend(records(&held));
            (options, account.map(|id| id.to_string()).unwrap_or_default())
        }
    };
    let is_open = matches!(row.state, ImportState::Uploaded | ImportState::Checked);
    let counts = row.counts();
    let column = |(index, head): (usize, String)| Choice {
        number: index + 1,
        head,
        chosen: chosen.get(index).copied().flatten().map_or("", Column::as_str),
    };
    let mut fields = vec![("", lang.t("import-leave-out").into_owned())];
    fields.extend(named_columns(lang, subject));
    let refused_why = match row.state {
        ImportState::Checked if counts.refused > 0 => {
            lang.with("import-refused-rows-why", &[("count", counts.refused)]).into_owned()
        }
        ImportState::Checked if !counts.may_apply() => lang.t("import-nothing").into_owned(),
        _ => String::new(),
    };
    let problem = row.problem.as_deref().map(|problem| badges::key("import-problem", problem));
    Ok(ImportPage {
        progress: progress_of(user, &chrome, row),
        encoding: lang.t(&badges::key("import-encoding", &row.encoding)).into_owned(),
        columns: heads(row).into_iter().enumerate().map(column).collect(),
        fields,
        may_choose: is_open,
        may_apply: row.state == ImportState::Checked && counts.may_apply(),
        refused_why,
        problem: problem.map(|key| lang.t(&key).into_owned()).unwrap_or_default(),
        outcomes: Vec::new(),
        lines: Vec::new(),
        next: String::new(),
        errors: FieldErrors::new(),
        accounts,
        account,
        home: home(subject),
        list: (href, title),
        name: match subject {
            Subject::Products => "products-field-reference",
            Subject::Offers => "import-field-sku",
        },
        list_title: badges::key("import-title", subject.as_str()),
        chrome,
    })
}

/// The page of an import.
pub(super) async fn show<S: Of>(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    asked: Query<Asked>,
) -> Result<HttpResponse, AppError> {
    let row = own::<S>(&user, &app, *path).await?;
    let mut page = page_of(&user, &app, &row, &columns(&row)).await?;
    if !matches!(row.state, ImportState::Uploaded | ImportState::Checking) {
        let outcome = RowOutcome::parse(&asked.outcome);
        let cursor = Cursor { value: asked.after, id: asked.after, side: Side::After };
        let window = Window { per: PER_PAGE, descending: false, cursor: Some(cursor).filter(|_| asked.after > 0) };
        let id = row.id;
        let loaded = app.read(move |conn| file_import_rows::page(conn, id, outcome, &window)).await?;
        let filter = outcome.map(|outcome| format!("outcome={}&", outcome.as_str())).unwrap_or_default();
        let last = loaded.rows.last().filter(|_| loaded.has_after);
        page.next = last.map(|last| format!("?{filter}after={}", last.line)).unwrap_or_default();
        let link = |one: &RowOutcome| {
            (outcome_badge(user.lang, *one), format!("?outcome={}", one.as_str()), Some(*one) == outcome)
        };
        page.outcomes = RowOutcome::ALL.iter().map(link).collect();
        page.lines = loaded.rows.iter().map(|line| shown(&user, S::SUBJECT, line)).collect();
    }
    page::html(&page)
}

fn shown(user: &CurrentUser, subject: Subject, row: &ReportRow) -> Entry {
    Entry {
        line: row.line,
        reference: row.reference.clone(),
        outcome: outcome_badge(user.lang, row.outcome),
        notes: file_notes::stored(user.lang, subject, &row.notes, user.currency),
    }
}

/// How far an import is: the whole page once it got on.
pub(super) async fn progress<S: Of>(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
) -> Result<HttpResponse, AppError> {
    let row = own::<S>(&user, &app, *path).await?;
    if !row.state.is_active() {
        // The report is another page than the progress: a script loads it whole.
        let mut answer = HttpResponse::NoContent();
        return Ok(answer.insert_header(("HX-Redirect", format!("{}/{path}", home(S::SUBJECT)))).finish());
    }
    let page = page_of(&user, &app, &row, &columns(&row)).await?;
    page::html(&page.as_job())
}

/// The page with a choice that cannot be used: the field to correct, and what is wrong.
pub(super) async fn refused(
    user: &CurrentUser,
    app: &App,
    row: &ImportRow,
    chosen: &[Option<Column>],
    (field, text): (&'static str, String),
) -> Result<HttpResponse, AppError> {
    let mut page = page_of(user, app, row, chosen).await?;
    page.errors.add(field, text);
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
