//! The sessions of browsers, failed sign-ins and first-run codes.
//!
//! A token is never stored, only its hash; an e-mail address is counted under its keyed hash.

use super::companies::CompanyRow;
use super::moments::Moment;
use super::schema::{companies, sessions, setup_codes, sign_in_failures, users};
use super::users::UserRow;
use super::{Conn, DbError, exactly_one};
use crate::domain::ids::UserId;
use chrono::NaiveDateTime;
use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, JoinOnDsl, NullableExpressionMethods, OptionalExtension,
    QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
};

/// One browser's session.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub struct SessionRow {
    /// The hash of the token in the cookie.
    pub token_hash: String,
    /// Who is signed in; nobody on the sign-in page.
    pub user_id: Option<UserId>,
    /// What every form of this session carries.
    pub csrf_token: String,
    /// Whether developer mode is on.
    pub developer_mode: bool,
    /// The code of the language.
    pub language: String,
    /// What to say on the next page, as JSON; empty for nothing.
    pub flash: String,
    /// When the session began.
    #[diesel(deserialize_as = Moment)]
    pub created_at: NaiveDateTime,
    /// When the browser was last heard, to the minute.
    #[diesel(deserialize_as = Moment)]
    pub seen_at: NaiveDateTime,
    /// When it ends whatever happens.
    #[diesel(deserialize_as = Moment)]
    pub expires_at: NaiveDateTime,
}

/// A session, with who is signed in and for which company.
pub type Held = (SessionRow, Option<UserRow>, Option<CompanyRow>);

/// The session under this token hash, with who is signed in and for which company: asked for each page, so by one statement.
pub fn by_hash(conn: &mut Conn, hash: &str) -> Result<Option<Held>, DbError> {
    // One after the other: SQLite reads all users for a join within a join.
    let their_company = companies::table.on(companies::id.nullable().eq(users::company_id.nullable()));
    let held = sessions::table.left_join(users::table).left_join(their_company).filter(sessions::token_hash.eq(hash));
    Ok(each!(conn, |c| held
        .select((SessionRow::as_select(), Option::<UserRow>::as_select(), Option::<CompanyRow>::as_select()))
        .first(c)
        .optional())?)
}

/// The sessions of a person, last used first.
pub fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<SessionRow>, DbError> {
    let query =
        sessions::table.filter(sessions::user_id.eq(user)).order((sessions::seen_at.desc(), sessions::token_hash));
    Ok(each!(conn, |c| query.select(SessionRow::as_select()).load(c))?)
}

/// Stores a new session.
pub fn insert(conn: &mut Conn, session: &SessionRow) -> Result<(), DbError> {
    each!(conn, |c| diesel::insert_into(sessions::table).values(session).execute(c))?;
    Ok(())
}

/// Ends a session; ending it twice is no mistake.
pub fn delete(conn: &mut Conn, hash: &str) -> Result<(), DbError> {
    each!(conn, |c| diesel::delete(sessions::table.find(hash)).execute(c))?;
    Ok(())
}

/// Ends all sessions of a person but one; returns how many.
pub fn delete_others(conn: &mut Conn, user: UserId, kept: &str) -> Result<usize, DbError> {
    let others = sessions::table.filter(sessions::user_id.eq(user).and(sessions::token_hash.ne(kept)));
    Ok(each!(conn, |c| diesel::delete(others).execute(c))?)
}

/// Ends all sessions of a person.
pub fn delete_of_user(conn: &mut Conn, user: UserId) -> Result<usize, DbError> {
    Ok(each!(conn, |c| diesel::delete(sessions::table.filter(sessions::user_id.eq(user))).execute(c))?)
}

/// Forgets sessions, failures and codes that no longer count; returns how many sessions.
pub fn clean_up(conn: &mut Conn, now: NaiveDateTime, failures_before: NaiveDateTime) -> Result<usize, DbError> {
    each!(conn, |c| {
        diesel::delete(setup_codes::table.filter(setup_codes::expires_at.le(now))).execute(c)?;
        diesel::delete(sign_in_failures::table.filter(sign_in_failures::failed_at.lt(failures_before))).execute(c)?;
        Ok(diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(c)?)
    })
}

/// Notes that the browser was heard.
pub fn touch(conn: &mut Conn, hash: &str, now: NaiveDateTime) -> Result<(), DbError> {
    each!(conn, |c| diesel::update(sessions::table.find(hash)).set(sessions::seen_at.eq(now)).execute(c))?;
    Ok(())
}

/// Turns developer mode of one session on or off.
pub fn set_developer_mode(conn: &mut Conn, hash: &str, is_on: bool) -> Result<(), DbError> {
    let change = diesel::update(sessions::table.find(hash)).set(sessions::developer_mode.eq(is_on));
    exactly_one(each!(conn, |c| change.execute(c))?)
}

/// Replaces the language of one session.
pub fn set_language(conn: &mut Conn, hash: &str, language: &str) -> Result<(), DbError> {
    let change = diesel::update(sessions::table.find(hash)).set(sessions::language.eq(language));
    exactly_one(each!(conn, |c| change.execute(c))?)
}

/// Replaces what to say on the next page.
pub fn set_flash(conn: &mut Conn, hash: &str, flash: &str) -> Result<(), DbError> {
    each!(conn, |c| diesel::update(sessions::table.find(hash)).set(sessions::flash.eq(flash)).execute(c))?;
    Ok(())
}

/// When sign-ins failed since `since`: for this e-mail from this address, and from this address for anybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// For this e-mail from this address, oldest first.
    pub for_email: Vec<NaiveDateTime>,
    /// From this address, oldest first.
    pub from_ip: Vec<NaiveDateTime>,
}

/// The failed sign-ins that still count.
pub fn failures(conn: &mut Conn, email_hash: &str, ip: &str, since: NaiveDateTime) -> Result<Failures, DbError> {
    use sign_in_failures::dsl as f;
    each!(conn, |c| {
        let recent = f::sign_in_failures.filter(f::ip.eq(ip)).filter(f::failed_at.gt(since));
        Ok(Failures {
            for_email: recent.filter(f::email_hash.eq(email_hash)).order(f::failed_at).select(f::failed_at).load(c)?,
            from_ip: recent.order(f::failed_at).select(f::failed_at).load(c)?,
        })
    })
}

/// Counts a failed sign-in.
pub fn add_failure(conn: &mut Conn, email_hash: &str, ip: &str, now: NaiveDateTime) -> Result<(), DbError> {
    use sign_in_failures::dsl as f;
    let row = (f::email_hash.eq(email_hash), f::ip.eq(ip), f::failed_at.eq(now));
    each!(conn, |c| diesel::insert_into(f::sign_in_failures).values(row).execute(c))?;
    Ok(())
}

/// Forgets the failures for an e-mail from an address, after a success.
pub fn clear_failures(conn: &mut Conn, email_hash: &str, ip: &str) -> Result<(), DbError> {
    use sign_in_failures::dsl as f;
    let spent = f::sign_in_failures.filter(f::email_hash.eq(email_hash).and(f::ip.eq(ip)));
    each!(conn, |c| diesel::delete(spent).execute(c))?;
    Ok(())
}

/// Replaces the first-run code.
pub fn put_setup_code(conn: &mut Conn, hash: &str, expires_at: NaiveDateTime) -> Result<(), DbError> {
    let row = (setup_codes::code_hash.eq(hash), setup_codes::expires_at.eq(expires_at));
    each!(conn, |c| {
        diesel::delete(setup_codes::table).execute(c)?;
        diesel::insert_into(setup_codes::table).values(row).execute(c)?;
        Ok(())
    })
}

/// Uses the first-run code up; whether it was the right one and still good.
pub fn spend_setup_code(conn: &mut Conn, hash: &str, now: NaiveDateTime) -> Result<bool, DbError> {
    let good = setup_codes::table.filter(setup_codes::code_hash.eq(hash).and(setup_codes::expires_at.gt(now)));
    Ok(each!(conn, |c| diesel::delete(good).execute(c))? == 1)
}
