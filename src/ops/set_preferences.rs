//! What a user chooses for themselves: language, theme, keyboard shortcuts, e-mails and password.

use super::Actor;
use super::start_session::{self, Started};
use crate::app::App;
use crate::crypto;
use crate::db;
use crate::domain::password::{self, PasswordError};
use crate::error::AppError;
use std::fmt;

/// The themes, as they are stored.
pub const THEMES: &[&str] = &["system", "light", "dark"];

/// Stores the theme.
pub async fn theme(app: &App, actor: Actor, theme: String) -> Result<(), AppError> {
    if !THEMES.contains(&theme.as_str()) {
        return Err(AppError::BadRequest("unknown theme"));
    }
    app.write(move |conn| db::users::set_theme(conn, actor.user, &theme)).await
}

/// Switches the keyboard shortcuts of a single key on or off.
pub async fn shortcuts(app: &App, actor: Actor, is_on: bool) -> Result<(), AppError> {
    app.write(move |conn| db::users::set_shortcuts(conn, actor.user, is_on)).await
}

/// Switches the e-mail of deliveries that Amazon refused on or off.
pub async fn digest(app: &App, actor: Actor, is_on: bool) -> Result<(), AppError> {
    app.write(move |conn| db::users::set_digest(conn, actor.user, is_on)).await
}

/// Stores the language, for this user and for this session.
pub async fn language(app: &App, actor: Actor, session: String, code: &'static str) -> Result<(), AppError> {
    app.write(move |conn| {
        db::users::set_language(conn, actor.user, code)?;
        db::sessions::set_language(conn, &session, code)
    })
    .await
}

/// Stores the language of somebody who is not signed in.
pub async fn language_of_visitor(app: &App, session: String, code: &'static str) -> Result<(), AppError> {
    app.write(move |conn| db::sessions::set_language(conn, &session, code)).await
}

/// A change of password.
pub struct NewPassword {
    /// The password until now.
    pub current: String,
    /// The password from now on.
    pub new: String,
}

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword")
    }
}

/// Why a password was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The current password is not right.
    #[error("the current password is not right")]
    WrongCurrent,
    /// The new one is too weak.
    #[error(transparent)]
    Weak(#[from] PasswordError),
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] AppError),
}

/// Changes the password; all sessions end and this browser gets a new one.
pub async fn password(app: &App, actor: Actor, change: NewPassword) -> Result<Started, Refused> {
    let (id, now) = (actor.user, app.clock.now());
    let (user, stored) = app
        .read(move |conn| {
            let user = db::users::by_id(conn, id)?.ok_or(AppError::NotFound)?;
            Ok::<_, AppError>((user, db::users::password_hash(conn, id)?))
        })
        .await?;
    let current = change.current;
    let is_right = app.blocking(move || Ok(crypto::verify_password(&current, &stored)?)).await?;
    if !is_right {
        return Err(Refused::WrongCurrent);
    }
    password::check(&change.new, &user.email, &user.name)?;
    let new = change.new;
    let hash = app.blocking(move || Ok(crypto::hash_password(&new)?)).await?;
    let started = start_session::prepare(now, Some(id), &user.language)?;
    let row = started.row.clone();
    app.write(move |conn| {
        db::users::set_password_hash(conn, id, &hash)?;
        db::sessions::delete_of_user(conn, id)?;
        db::sessions::insert(conn, &row)?;
        db::audit::insert(conn, &actor.event("password_changed", &format!("user {id}"), now.naive_utc()))
    })
    .await?;
    Ok(started)
}
