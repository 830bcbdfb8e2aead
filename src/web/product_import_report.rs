//! One import of products: its columns to choose, its progress, and the report of every row.

use super::badges::{self, Badge};
use super::extract::{CurrentUser, FieldErrors};
use super::page::{self, Chrome, Place};
use super::product_import::{own, state_badge};
use super::product_notes;
use crate::app::App;
use crate::db::paging::{Cursor, Side, Window};
use crate::db::product_import_rows::{self, ReportRow};
use crate::db::product_imports::ImportRow;
use crate::domain::ids::ProductImportId;
use crate::domain::product::Field;
use crate::domain::product_rows::{ImportState, RowOutcome};
use crate::error::AppError;
use crate::i18n::{Arg, Lang};
use crate::ops::import_products::{columns, heads};
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
struct Column {
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
    id: ProductImportId,
    state: Badge,
    is_active: bool,
    sentence: String,
    done: i64,
    total: i64,
    counts: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "products/import.html", blocks = ["job"])]
struct ImportPage {
    chrome: Chrome,
    progress: Progress,
    encoding: String,
    columns: Vec<Column>,
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
    badges::flag(lang, kind, &badges::key("products-row", outcome.as_str()))
}

fn progress_of(user: &CurrentUser, chrome: &Chrome, row: &ImportRow) -> Progress {
    let (lang, counts) = (user.lang, row.counts());
    let all = [
        (RowOutcome::New, counts.new),
        (RowOutcome::Changed, counts.changed),
        (RowOutcome::Unchanged, counts.unchanged),
        (RowOutcome::Refused, counts.refused),
    ];
    let key = badges::key("products-import-says", row.state.as_str());
    let values = [
        ("done", Arg::Number(row.rows_done)),
        ("total", Arg::Number(row.rows_total)),
        ("new", Arg::Number(counts.new)),
        ("changed", Arg::Number(counts.changed)),
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

fn page_of(user: &CurrentUser, row: &ImportRow, chosen: &[Option<Field>]) -> ImportPage {
    let lang = user.lang;
    let chrome = user.chrome_titled(row.file_name.clone(), Place::Products);
    let is_open = matches!(row.state, ImportState::Uploaded | ImportState::Checked);
    let counts = row.counts();
    let column = |(index, head): (usize, String)| Column {
        number: index + 1,
        head,
        chosen: chosen.get(index).copied().flatten().map_or("", Field::as_str),
    };
    let mut fields = vec![("", lang.t("products-import-leave-out").into_owned())];
    fields.extend(Field::ALL.iter().map(|field| (field.as_str(), product_notes::field(lang, *field).into_owned())));
    let refused_why = match row.state {
        ImportState::Checked if counts.refused > 0 => {
            lang.with("products-import-refused-rows-why", &[("count", counts.refused)]).into_owned()
        }
        ImportState::Checked if !counts.may_apply() => lang.t("products-import-nothing").into_owned(),
        _ => String::new(),
    };
    let problem = row.problem.as_deref().map(|problem| badges::key("products-import-problem", problem));
    ImportPage {
        progress: progress_of(user, &chrome, row),
        encoding: lang.t(&badges::key("products-encoding", &row.encoding)).into_owned(),
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
        chrome,
    }
}

/// The page of an import.
pub(super) async fn show(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    asked: Query<Asked>,
) -> Result<HttpResponse, AppError> {
    let row = own(&user, &app, *path).await?;
    let mut page = page_of(&user, &row, &columns(&row));
    if !matches!(row.state, ImportState::Uploaded | ImportState::Checking) {
        let outcome = RowOutcome::parse(&asked.outcome);
        let cursor = Cursor { value: asked.after, id: asked.after, side: Side::After };
        let window = Window { per: PER_PAGE, descending: false, cursor: Some(cursor).filter(|_| asked.after > 0) };
        let id = row.id;
        let loaded = app.read(move |conn| product_import_rows::page(conn, id, outcome, &window)).await?;
        let filter = outcome.map(|outcome| format!("outcome={}&", outcome.as_str())).unwrap_or_default();
        let last = loaded.rows.last().filter(|_| loaded.has_after);
        page.next = last.map(|last| format!("?{filter}after={}", last.line)).unwrap_or_default();
        let link = |one: &RowOutcome| {
            (outcome_badge(user.lang, *one), format!("?outcome={}", one.as_str()), Some(*one) == outcome)
        };
        page.outcomes = RowOutcome::ALL.iter().map(link).collect();
        page.lines = loaded.rows.iter().map(|row| shown(&user, row)).collect();
    }
    page::html(&page)
}

fn shown(user: &CurrentUser, row: &ReportRow) -> Entry {
    Entry {
        line: row.line,
        reference: row.reference.clone(),
        outcome: outcome_badge(user.lang, row.outcome),
        notes: product_notes::stored(user.lang, &row.notes, user.currency),
    }
}

/// How far an import is: the whole page once it got on.
pub(super) async fn progress(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    let row = own(&user, &app, *path).await?;
    if !row.state.is_active() {
        // The report is another page than the progress: a script loads it whole.
        let mut answer = HttpResponse::NoContent();
        return Ok(answer.insert_header(("HX-Redirect", format!("/sales/products/imports/{path}"))).finish());
    }
    let page = page_of(&user, &row, &columns(&row));
    page::html(&page.as_job())
}

/// The page with a choice of columns that cannot be used.
pub(super) fn refused(
    user: &CurrentUser,
    row: &ImportRow,
    chosen: &[Option<Field>],
    text: String,
) -> Result<HttpResponse, AppError> {
    let mut page = page_of(user, row, chosen);
    page.errors.add("column-1", text);
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
