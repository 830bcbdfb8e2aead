//! A new sales team, to which accounts and marketplaces can then be given.

use super::Actor;
use crate::app::App;
use crate::db::{audit, teams};
use crate::domain::access::Action;
use crate::domain::ids::TeamId;
use crate::error::AppError;

/// The longest name of a team or a location, in characters.
const LONGEST_NAME: usize = 80;

/// The name that was typed for a team or a location, if it may be one.
pub(super) fn name(typed: &str) -> Result<String, AppError> {
    let name = typed.trim();
    match name.chars().count() {
        0 => Err(AppError::Rule("name-missing")),
        length if length > LONGEST_NAME => Err(AppError::Rule("name-long")),
        _ => Ok(name.to_owned()),
    }
}

/// Adds a team; its name is refused when the company has one of this name, in whatever case.
pub async fn run(app: &App, actor: &Actor, typed: &str) -> Result<TeamId, AppError> {
    actor.must(Action::EditTeams)?;
    let name = name(typed)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let lower = name.to_lowercase();
        if teams::names(conn, actor.company)?.iter().any(|(_, held)| held.to_lowercase() == lower) {
            return Err(AppError::Rule("team-taken"));
        }
        let id = teams::insert(conn, actor.company, &name)?;
        let subject = format!("team {id}");
        let event = audit::NewEvent { new_value: Some(&name), ..actor.event("team_added", &subject, now) };
        audit::insert(conn, &event)?;
        Ok(id)
    })
    .await
}
