//! The report of an import, row by row.

use super::paging::{Page, Window, window};
use super::schema::file_import_rows as r;
use super::{Conn, DbError};
use crate::domain::file_rows::RowOutcome;
use crate::domain::ids::FileImportId;
use diesel::{ExpressionMethods, Insertable, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper};

/// What a row of the file does.
#[derive(Clone, Debug, Insertable, Queryable, Selectable)]
#[diesel(table_name = r)]
#[expect(missing_docs, reason = "the columns are named after what they hold")]
pub struct ReportRow {
    pub import_id: FileImportId,
    pub line: i64,
    pub outcome: RowOutcome,
    pub reference: String,
    /// Reasons as JSON.
    pub notes: String,
}

/// Adds rows to a report.
pub fn insert(conn: &mut Conn, rows: &[ReportRow]) -> Result<(), DbError> {
    for chunk in rows.chunks(super::products::ROWS_PER_STATEMENT) {
        each!(&mut *conn, |c| diesel::insert_into(r::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// Removes the report of an import, before it is made again.
pub fn clear(conn: &mut Conn, import: FileImportId) -> Result<(), DbError> {
    each!(conn, |c| diesel::delete(r::table.filter(r::import_id.eq(import))).execute(c))?;
    Ok(())
}

/// One page of a report, in the order of the file.
pub fn page(
    conn: &mut Conn,
    import: FileImportId,
    outcome: Option<RowOutcome>,
    at: &Window,
) -> Result<Page<ReportRow>, DbError> {
    let rows = each!(conn, |c| {
        let mut query = r::table.filter(r::import_id.eq(import)).into_boxed();
        if let Some(outcome) = outcome {
            query = query.filter(r::outcome.eq(outcome));
        }
        window!(query, at, r::line, r::line, std::convert::identity);
        at.limited(query.select(ReportRow::as_select())).load::<ReportRow>(c)
    })?;
    Ok(Page::of(rows, at))
}
