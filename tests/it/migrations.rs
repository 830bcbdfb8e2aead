//! The schema: the same on both databases, known to the code, and undone without a trace.

use crate::support::db::TestDb;
use comptoir::db::{Conn, Db, OpenedBy};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName, Debug)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    required: i64,
    #[diesel(sql_type = BigInt)]
    key: i64,
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    target: String,
    #[diesel(sql_type = Text)]
    source: String,
}

fn migrated(url: &str, folder: &TestDb) -> Db {
    let db = Db::open(url, folder.folder.path(), OpenedBy::Command).unwrap();
    db.migrate().unwrap();
    db
}

fn sqlite(conn: &mut Conn) -> &mut SqliteConnection {
    match conn {
        Conn::Sqlite(conn) => conn,
        Conn::Pg(_) => panic!("not SQLite"),
    }
}

fn tables(conn: &mut SqliteConnection) -> Vec<String> {
    let query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' ORDER BY name";
    diesel::sql_query(query).load::<Named>(conn).unwrap().into_iter().map(|row| row.name).collect()
}

fn columns(conn: &mut SqliteConnection, table: &str) -> Vec<Column> {
    let query = format!(
        "SELECT name, type AS kind, \"notnull\" AS required, pk AS key FROM pragma_table_info('{table}') ORDER BY cid"
    );
    diesel::sql_query(query).load(conn).unwrap()
}

/// The diesel type of a column declared in SQLite.
fn diesel_type(column: &Column) -> String {
    let plain = match column.kind.as_str() {
        "BIGINT" | "INTEGER" => "BigInt",
        "TEXT" => "Text",
        "TIMESTAMP" => "Timestamp",
        "DATE" => "Date",
        "BOOLEAN" => "Bool",
        "BLOB" => "Binary",
        other => panic!("no diesel type for {other}"),
    };
    if column.required == 1 { plain.to_owned() } else { format!("Nullable<{plain}>") }
}

/// The text of `schema.rs` as the SQLite migrations define it.
fn schema(conn: &mut SqliteConnection) -> String {
    let mut text =
        "// @generated from migrations/sqlite by the test `schema_rs_matches_the_migrations`; do not edit.\n\n"
            .to_owned();
    let (names, mut joins) = (tables(conn), Vec::new());
    for table in &names {
        let columns = columns(conn, table);
        let mut keys: Vec<&Column> = columns.iter().filter(|column| column.key > 0).collect();
        keys.sort_by_key(|column| column.key);
        let keys: Vec<&str> = keys.iter().map(|column| column.name.as_str()).collect();
        writeln!(text, "diesel::table! {{\n    {table} ({}) {{", keys.join(", ")).unwrap();
        for column in &columns {
            writeln!(text, "        {} -> {},", column.name, diesel_type(column)).unwrap();
        }
        text.push_str("    }\n}\n\n");
        let query = format!("SELECT \"table\" AS target, \"from\" AS source FROM pragma_foreign_key_list('{table}')");
        let mut by_target: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for reference in diesel::sql_query(query).load::<Reference>(conn).unwrap() {
            by_target.entry(reference.target).or_default().push(reference.source);
        }
        for (target, sources) in by_target.into_iter().filter(|(_, sources)| sources.len() == 1) {
            joins.push(format!("diesel::joinable!({table} -> {target} ({}));\n", sources[0]));
        }
    }
    joins.sort();
    text.push_str(&joins.concat());
    text.push_str("\ndiesel::allow_tables_to_appear_in_same_query!(\n");
    for table in &names {
        writeln!(text, "    {table},").unwrap();
    }
    text.push_str(");\n");
    text
}

/// With `UPDATE_SCHEMA=1` the file is written instead of compared.
#[test]
fn schema_rs_matches_the_migrations() {
    let folder = TestDb::create();
    let db = migrated("", &folder);
    let expected = db.read(|conn| Ok::<_, comptoir::db::DbError>(schema(sqlite(conn)))).unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/db/schema.rs");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, &expected).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), expected);
}

/// Look-ups that are made again and again beside many rows, and the index by which each finds its own.
///
/// The first three are the database's own: it looks for rows that refer to one which is deleted.
const LOOK_UPS: [(&str, &str); 6] = [
    ("SELECT 1 FROM moves WHERE order_line_id = 1", "moves_by_line"),
    ("SELECT 1 FROM run_results WHERE run_id = 1", "run_results_by_run"),
    ("SELECT 1 FROM file_import_rows WHERE import_id = 1", "file_import_rows"),
    (
        "SELECT country FROM customers WHERE company_id = 1 AND country > 'DE' ORDER BY country LIMIT 1",
        "customers_by_country",
    ),
    ("SELECT min(send_after) FROM shipments WHERE account_id = 1 AND send_after IS NOT NULL", "shipments_due"),
    ("SELECT product_id, location_id FROM quants WHERE reserved > 0 AND reserved > quantity", "quants_overdrawn"),
];

#[derive(QueryableByName, Debug)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

#[test]
fn what_is_looked_up_again_and_again_is_found_by_an_index() {
    let folder = TestDb::create();
    let db = migrated("", &folder);
    for (look_up, index) in LOOK_UPS {
        let query = format!("EXPLAIN QUERY PLAN {look_up}");
        let plan: Vec<Step> =
            db.read(|conn| Ok::<_, comptoir::db::DbError>(diesel::sql_query(query).load(sqlite(conn))?)).unwrap();
        let [step] = plan.as_slice() else { panic!("{look_up}: {plan:?}") };
        assert!(step.detail.contains("INDEX") && step.detail.contains(index), "{look_up}: {}", step.detail);
    }
}

/// The columns of a PostgreSQL database, as `table.column type required`, in SQLite's words.
fn postgres_columns(conn: &mut PgConnection) -> Vec<String> {
    let query = "SELECT table_name || '.' || column_name || ' ' || CASE data_type \
         WHEN 'bigint' THEN 'BigInt' WHEN 'text' THEN 'Text' WHEN 'timestamp without time zone' THEN 'Timestamp' \
         WHEN 'date' THEN 'Date' WHEN 'boolean' THEN 'Bool' WHEN 'bytea' THEN 'Binary' ELSE data_type END \
         || ' ' || is_nullable AS name FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%' ORDER BY 1";
    diesel::sql_query(query).load::<Named>(conn).unwrap().into_iter().map(|row| row.name).collect()
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let server = TestDb::create();
    if server.url.is_empty() {
        println!("compared only when TEST_DATABASE_URL names a PostgreSQL server");
        return;
    }
    let db = migrated(&server.url, &server);
    let mut theirs = db
        .read(|conn| match conn {
            Conn::Pg(conn) => Ok::<_, comptoir::db::DbError>(postgres_columns(conn)),
            Conn::Sqlite(_) => panic!("not PostgreSQL"),
        })
        .unwrap();
    let embedded = migrated("", &server);
    let mut ours = embedded
        .read(|conn| {
            let conn = sqlite(conn);
            let mut all = Vec::new();
            for table in tables(conn) {
                for column in columns(conn, &table) {
                    let is_nullable = if column.required == 1 { "NO" } else { "YES" };
                    let name = column.name.clone();
                    let plain = diesel_type(&Column { required: 1, ..column });
                    all.push(format!("{table}.{name} {plain} {is_nullable}"));
                }
            }
            Ok::<_, comptoir::db::DbError>(all)
        })
        .unwrap();
    theirs.sort();
    ours.sort();
    assert_eq!(ours, theirs);
}

/// One line of a plan of PostgreSQL.
#[derive(QueryableByName)]
struct PlanLine {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// The plans of a first import are made while nothing is known of the tables, and kept.
#[test]
fn postgresql_finds_customers_by_their_reference_before_it_knows_its_tables() {
    let server = TestDb::create();
    if server.url.is_empty() {
        println!("looked at only when TEST_DATABASE_URL names a PostgreSQL server");
        return;
    }
    let db = migrated(&server.url, &server);
    let plan = db
        .read(|conn| match conn {
            Conn::Pg(conn) => {
                diesel::sql_query("SET plan_cache_mode = force_generic_plan").execute(conn)?;
                let look_up = "PREPARE look_up(bigint, text[]) AS SELECT id FROM customers WHERE company_id = $1 AND buyer_ref = ANY($2)";
                diesel::sql_query(look_up).execute(conn)?;
                let plan = "EXPLAIN EXECUTE look_up(1, ARRAY['a'])";
                Ok::<_, comptoir::db::DbError>(diesel::sql_query(plan).load::<PlanLine>(conn)?)
            }
            Conn::Sqlite(_) => panic!("not PostgreSQL"),
        })
        .unwrap();
    let plan: Vec<String> = plan.into_iter().map(|step| step.line).collect();
    assert!(plan.iter().any(|line| line.contains("customers_once")), "{plan:?}");
    assert!(!plan.iter().any(|line| line.contains("customers_by_country")), "{plan:?}");
}

#[test]
fn the_schema_can_be_undone_and_made_again() {
    let folder = TestDb::create();
    let db = migrated(&folder.url, &folder);
    assert_eq!(db.migrate().unwrap(), 0, "a second start changes nothing");
    db.undo_all().unwrap();
    assert!(db.migrate().unwrap() > 0);
}

#[test]
fn a_database_of_a_newer_version_is_refused() {
    let folder = TestDb::create();
    let db = migrated(&folder.url, &folder);
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')";
    db.write(|conn| {
        match conn {
            Conn::Sqlite(conn) => diesel::sql_query(newer).execute(conn),
            Conn::Pg(conn) => diesel::sql_query(newer).execute(conn),
        }
        .map_err(comptoir::db::DbError::from)
    })
    .unwrap();
    let refused = db.migrate().unwrap_err().to_string();
    assert!(refused.contains("newer version"), "{refused}");
}

#[test]
fn an_unknown_scheme_creates_no_database() {
    let folder = TestDb::create();
    for url in ["mysql://root@db/x", "sqlite:", "postgress://x"] {
        assert!(Db::open(url, folder.folder.path(), OpenedBy::Node).is_err(), "{url}");
    }
    assert_eq!(std::fs::read_dir(folder.folder.path()).unwrap().count(), 0);
}

#[test]
fn a_second_node_on_the_same_file_is_refused_but_a_command_is_not() {
    let folder = TestDb::create();
    let _first = Db::open("", folder.folder.path(), OpenedBy::Node).unwrap();
    assert!(Db::open("", folder.folder.path(), OpenedBy::Command).is_ok());
    let refused = Db::open("", folder.folder.path(), OpenedBy::Node).unwrap_err().to_string();
    assert!(refused.contains("another Comptoir"), "{refused}");
}
