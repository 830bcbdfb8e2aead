//! A new sales team, to which accounts and marketplaces can then be given.

use super::Actor;
use crate::app::App;
use crate::db::{audit, teams};
use crate::domain::access::Action;
use crate::domain::ids::TeamId;
use crate::error::AppError;

/// The longest name of a team or a location, in characters.
pub const LONGEST_NAME: usize = 80;

/// Adds a team; `None` when the company has one of this name, in whatever case.
pub async fn run(app: &App, actor: &Actor, name: &str) -> Result<Option<TeamId>, AppError> {
    actor.must(Action::EditTeams)?;
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(AppError::BadRequest("a name of a team out of range"));
    }
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let lower = name.to_lowercase();
        if teams::names(conn, actor.company)?.iter().any(|(_, held)| held.to_lowercase() == lower) {
            return Ok(None);
        }
        let id = teams::insert(conn, actor.company, &name)?;
        let subject = format!("team {id}");
        let event = audit::NewEvent { new_value: Some(&name), ..actor.event("team_added", &subject, now) };
        audit::insert(conn, &event)?;
        Ok::<_, AppError>(Some(id))
    })
    .await
}
