//! Developer mode: it shows the controls that move a date or recover an order, and grants no right.
//!
//! It is on for one session only, needs the right "Force synchronization", and leaves a line in the audit trail.

use super::Actor;
use crate::app::App;
use crate::db::{self, audit::NewEvent};
use crate::domain::access::Action;
use crate::error::AppError;

/// Turns developer mode of this session on or off.
pub async fn run(app: &App, actor: Actor, session: String, is_on: bool) -> Result<(), AppError> {
    actor.must(Action::ForceSynchronization)?;
    let now = app.clock.now().naive_utc();
    app.write(move |conn| {
        db::sessions::set_developer_mode(conn, &session, is_on)?;
        let subject = format!("user {}", actor.user);
        let value = if is_on { "on" } else { "off" };
        db::audit::insert(conn, &NewEvent { new_value: Some(value), ..actor.event("developer_mode", &subject, now) })
    })
    .await
}
