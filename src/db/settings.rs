//! Single values of the installation, by name.

use super::schema::settings::dsl as s;
use super::{Conn, DbError};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

/// The value stored under `name`.
pub fn value(conn: &mut Conn, name: &str) -> Result<Option<String>, DbError> {
    Ok(each!(conn, |c| s::settings.find(name).select(s::value).first(c).optional())?)
}

/// Stores a value under `name`.
pub fn put(conn: &mut Conn, name: &str, value: &str) -> Result<(), DbError> {
    each!(conn, |c| {
        diesel::insert_into(s::settings)
            .values((s::name.eq(name), s::value.eq(value)))
            .on_conflict(s::name)
            .do_update()
            .set(s::value.eq(value))
            .execute(c)
    })?;
    Ok(())
}
