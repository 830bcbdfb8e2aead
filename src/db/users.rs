//! The people who sign in, one row each.

use super::schema::users;
use super::schema::users::dsl as u;
use super::{Conn, DbError, exactly_one};
use crate::domain::access::{Rights, Role};
use crate::domain::ids::{CompanyId, UserId};
use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
};
use std::fmt;

/// A person who signs in, without the password.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = users)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
pub struct UserRow {
    /// The key.
    pub id: UserId,
    /// The company the person works for.
    pub company_id: CompanyId,
    /// The e-mail address, in lower case.
    pub email: String,
    /// The name shown on pages.
    pub name: String,
    /// The role.
    pub role: Role,
    /// Whether the person holds the right "Force synchronization".
    pub may_force_sync: bool,
    /// The code of the language.
    pub language: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Whether the person may still sign in.
    pub is_active: bool,
    /// Whether keyboard shortcuts of a single key are on.
    pub has_shortcuts: bool,
    /// Whether the person wants an e-mail of deliveries that Amazon refused.
    pub gets_digest: bool,
}

impl UserRow {
    /// What the person is allowed.
    pub const fn rights(&self) -> Rights {
        Rights { role: self.role, may_force_sync: self.may_force_sync }
    }
}

/// A person to add.
#[derive(Clone, Insertable)]
#[diesel(table_name = users)]
pub struct NewUser {
    /// The company the person works for.
    pub company_id: CompanyId,
    /// The e-mail address, in lower case.
    pub email: String,
    /// The name shown on pages.
    pub name: String,
    /// The argon2id hash (PHC string).
    pub password_hash: String,
    /// The role.
    pub role: Role,
    /// Whether the person holds the right "Force synchronization".
    pub may_force_sync: bool,
    /// The code of the language.
    pub language: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Whether the person may sign in.
    pub is_active: bool,
    /// When the person was added.
    pub created_at: NaiveDateTime,
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewUser({})", self.role.as_str())
    }
}

/// Whether anybody can sign in; until then the first-run page is open.
pub fn any(conn: &mut Conn) -> Result<bool, DbError> {
    Ok(each!(conn, |c| diesel::select(exists(u::users.select(u::id))).get_result(c))?)
}

/// The person under this key.
pub fn by_id(conn: &mut Conn, id: UserId) -> Result<Option<UserRow>, DbError> {
    Ok(each!(conn, |c| u::users.filter(u::id.eq(id)).select(UserRow::as_select()).first(c).optional())?)
}

/// The person with this e-mail address (lower case).
pub fn by_email(conn: &mut Conn, email: &str) -> Result<Option<UserRow>, DbError> {
    Ok(each!(conn, |c| u::users.filter(u::email.eq(email)).select(UserRow::as_select()).first(c).optional())?)
}

/// The people of a company, by name.
pub fn of_company(conn: &mut Conn, company: CompanyId) -> Result<Vec<UserRow>, DbError> {
    let query = u::users.filter(u::company_id.eq(company)).order((u::name, u::id));
    Ok(each!(conn, |c| query.select(UserRow::as_select()).load(c))?)
}

/// The stored password hash.
pub fn password_hash(conn: &mut Conn, id: UserId) -> Result<String, DbError> {
    Ok(each!(conn, |c| u::users.filter(u::id.eq(id)).select(u::password_hash).first(c))?)
}

/// Adds a person.
pub fn insert(conn: &mut Conn, user: &NewUser) -> Result<UserId, DbError> {
    Ok(each!(conn, |c| diesel::insert_into(u::users).values(user).returning(u::id).get_result(c))?)
}

/// Replaces the password hash.
pub fn set_password_hash(conn: &mut Conn, id: UserId, hash: &str) -> Result<(), DbError> {
    let change = diesel::update(u::users.filter(u::id.eq(id))).set(u::password_hash.eq(hash));
    exactly_one(each!(conn, |c| change.execute(c))?)
}

/// Replaces the language.
pub fn set_language(conn: &mut Conn, id: UserId, language: &str) -> Result<(), DbError> {
    let change = diesel::update(u::users.filter(u::id.eq(id))).set(u::language.eq(language));
    exactly_one(each!(conn, |c| change.execute(c))?)
}

/// Replaces the theme.
pub fn set_theme(conn: &mut Conn, id: UserId, theme: &str) -> Result<(), DbError> {
    let change = diesel::update(u::users.filter(u::id.eq(id))).set(u::theme.eq(theme));
    exactly_one(each!(conn, |c| change.execute(c))?)
}

/// Switches the keyboard shortcuts of a single key on or off.
pub fn set_shortcuts(conn: &mut Conn, id: UserId, has_shortcuts: bool) -> Result<(), DbError> {
    let change = diesel::update(u::users.filter(u::id.eq(id))).set(u::has_shortcuts.eq(has_shortcuts));
    exactly_one(each!(conn, |c| change.execute(c))?)
}

/// Switches the e-mail of deliveries that Amazon refused on or off.
pub fn set_digest(conn: &mut Conn, id: UserId, gets_digest: bool) -> Result<(), DbError> {
    let change = diesel::update(u::users.filter(u::id.eq(id))).set(u::gets_digest.eq(gets_digest));
    exactly_one(each!(conn, |c| change.execute(c))?)
}
