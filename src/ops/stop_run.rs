//! Stopping a run: the worker finishes the page that it reads, keeps what is done and leaves the date alone.
//!
//! A run that waits, for the worker or for Amazon, has nothing in hand and ends at once.

use super::Actor;
use crate::app::App;
use crate::db::audit;
use crate::db::{run_progress, runs};
use crate::domain::access::Action;
use crate::domain::ids::RunId;
use crate::domain::run::RunState;
use crate::error::AppError;

/// Asks an active run to stop; a run that already ended is left as it is, and the answer is `false`.
pub async fn run(app: &App, actor: &Actor, run: RunId) -> Result<bool, AppError> {
    actor.must(Action::Synchronize)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    let is_asked = app
        .write(move |conn| {
            let (row, ..) = runs::by_id(conn, actor.company, run)?.ok_or(AppError::NotFound)?;
            if !row.state.is_active() {
                return Ok(false);
            }
            runs::ask_to_stop(conn, run, actor.user)?;
            if row.state != RunState::Running {
                run_progress::end(conn, run, RunState::Stopped, None, None, now)?;
            }
            let subject = format!("run {run}");
            let event = actor.event("asked_to_stop", &subject, now);
            audit::insert(conn, &event)?;
            Ok::<_, AppError>(true)
        })
        .await?;
    if is_asked {
        app.wake.notify_one();
    }
    Ok(is_asked)
}
