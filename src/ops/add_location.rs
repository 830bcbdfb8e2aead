//! A new stock location, for example one for the FBA stock of a single marketplace.

use super::Actor;
use super::add_team;
use crate::app::App;
use crate::db::{audit, locations};
use crate::domain::access::Action;
use crate::domain::ids::LocationId;
use crate::error::AppError;

/// Adds an internal location; its name is refused when the company has one of this name, in whatever case.
///
/// It may go below zero, as the location *Amazon* may: Amazon counts its stock itself, and what is known here lags behind.
pub async fn run(app: &App, actor: &Actor, typed: &str) -> Result<LocationId, AppError> {
    actor.must(Action::EditLocations)?;
    let name = add_team::name(typed)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let lower = name.to_lowercase();
        let is_same = |held: &locations::LocationRow| {
            held.name.to_lowercase() == lower
                || held.code.to_lowercase() == locations::amazon_code(&name).to_lowercase()
        };
        if locations::all(conn, actor.company)?.iter().any(is_same) {
            return Err(AppError::Rule("location-taken"));
        }
        let id = locations::insert_amazon(conn, actor.company, &name)?;
        let subject = format!("location {id}");
        let event = audit::NewEvent { new_value: Some(&name), ..actor.event("location_added", &subject, now) };
        audit::insert(conn, &event)?;
        Ok(id)
    })
    .await
}
