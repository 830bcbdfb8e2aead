//! Signing out: the session ends on the server, so that an old cookie opens nothing.

use super::Actor;
use crate::app::App;
use crate::db::{self, audit::NewEvent};
use crate::error::AppError;

/// Ends one session.
pub async fn run(app: &App, actor: Actor, session: String) -> Result<(), AppError> {
    let now = app.clock.now().naive_utc();
    app.write(move |conn| {
        db::sessions::delete(conn, &session)?;
        db::audit::insert(conn, &actor.event("signed_out", &format!("user {}", actor.user), now))
    })
    .await
}

/// Ends the other sessions of the same user; returns how many.
pub async fn others(app: &App, actor: Actor, kept: String) -> Result<usize, AppError> {
    let now = app.clock.now().naive_utc();
    app.write(move |conn| {
        let ended = db::sessions::delete_others(conn, actor.user, &kept)?;
        let count = ended.to_string();
        let subject = format!("user {}", actor.user);
        let event = NewEvent { new_value: Some(&count), ..actor.event("other_sessions_ended", &subject, now) };
        db::audit::insert(conn, &event)?;
        Ok::<_, AppError>(ended)
    })
    .await
}
