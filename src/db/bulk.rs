//! Inserting many rows at once.

/// Rows per statement: 1,000 rows of up to 31 columns stay under SQLite's limit of 32,766 bound values.
pub(super) const ROWS_PER_STATEMENT: usize = 1_000;

/// PostgreSQL's COPY has nothing to parse and to plan for each value, unlike INSERT (docs/performance.md).
macro_rules! copy_rows {
    ($c:expr, $table:expr, $rows:expr) => {
        if !$rows.is_empty() {
            diesel::ExecuteCopyFromDsl::execute(diesel::copy_from($table).from_insertable($rows), $c)?;
        }
    };
}

/// Inserts rows of one table.
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr) => {
        match &mut *$conn {
            $crate::db::Conn::Sqlite(c) => {
                for chunk in $rows.chunks($crate::db::bulk::ROWS_PER_STATEMENT) {
                    diesel::insert_into($table).values(chunk).execute(c)?;
                }
            }
            $crate::db::Conn::Pg(c) => copy_rows!(c, $table, $rows),
        }
    };
}

/// Inserts rows of one table and answers their `columns`, of which the database made some, as values of `row`.
///
/// COPY answers nothing: `stored` finds the rows again, by an index.
macro_rules! insert_keyed {
    ($conn:expr, $table:expr, $rows:expr, $columns:expr => $row:ty, $stored:expr) => {
        match &mut *$conn {
            $crate::db::Conn::Sqlite(c) => {
                let mut created = Vec::with_capacity($rows.len());
                for chunk in $rows.chunks($crate::db::bulk::ROWS_PER_STATEMENT) {
                    let inserted = diesel::insert_into($table).values(chunk).returning($columns);
                    created.extend(inserted.get_results::<$row>(c)?);
                }
                created
            }
            $crate::db::Conn::Pg(_) if $rows.is_empty() => Vec::new(),
            $crate::db::Conn::Pg(c) => {
                copy_rows!(c, $table, $rows);
                $stored.select($columns).load::<$row>(c)?
            }
        }
    };
}
