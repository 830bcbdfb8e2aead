//! Starting a browser's session: a random token for the cookie, its hash for the database.

use crate::app::App;
use crate::crypto;
use crate::db::{self, sessions::SessionRow};
use crate::domain::ids::UserId;
use crate::error::AppError;
use chrono::{DateTime, TimeDelta, Utc};

/// A session ends after this time in any case (Application Security Verification Standard 7.3.2).
pub const LONGEST: TimeDelta = TimeDelta::hours(12);

/// A session of somebody who is not signed in only carries a form.
const LONGEST_ANONYMOUS: TimeDelta = TimeDelta::hours(1);

/// A session that was prepared, and the token that names it.
#[derive(Clone, Debug)]
pub struct Started {
    /// What the cookie holds.
    pub token: String,
    /// What the database holds.
    pub row: SessionRow,
}

/// Makes the token and the row; nothing is stored yet.
pub fn prepare(now: DateTime<Utc>, user: Option<UserId>, language: &str) -> Result<Started, AppError> {
    let token = crypto::random_token()?;
    let longest = if user.is_some() { LONGEST } else { LONGEST_ANONYMOUS };
    let row = SessionRow {
        token_hash: crypto::token_hash(&token),
        user_id: user,
        csrf_token: crypto::random_token()?,
        developer_mode: false,
        language: language.to_owned(),
        flash: String::new(),
        created_at: now.naive_utc(),
        seen_at: now.naive_utc(),
        expires_at: (now + longest).naive_utc(),
    };
    Ok(Started { token, row })
}

/// Starts a session for somebody who is not signed in, so that the form they see can be checked.
pub async fn anonymous(app: &App, language: &str) -> Result<Started, AppError> {
    let started = prepare(app.clock.now(), None, language)?;
    let row = started.row.clone();
    app.write(move |conn| db::sessions::insert(conn, &row)).await?;
    Ok(started)
}
