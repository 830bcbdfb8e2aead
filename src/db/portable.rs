//! The few expressions that each database spells its own way.

use super::{Conn, DbError};
use chrono::NaiveDateTime;
use diesel::RunQueryDsl;
use diesel::dsl::sql;
use diesel::sql_types::Timestamp;

/// The database's own clock in UTC: leases are compared on it, so that nodes with wrong clocks agree.
pub fn now(conn: &mut Conn) -> Result<NaiveDateTime, DbError> {
    Ok(match conn {
        Conn::Sqlite(c) => diesel::select(sql::<Timestamp>("strftime('%Y-%m-%d %H:%M:%f', 'now')")).get_result(c)?,
        Conn::Pg(c) => diesel::select(sql::<Timestamp>("(clock_timestamp() AT TIME ZONE 'UTC')")).get_result(c)?,
    })
}
