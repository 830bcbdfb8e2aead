//! One registration, many marketplaces: a team, a stock location and a carrier of their own for single marketplaces.
//!
//! Orders that are imported from then on follow it; those held already stay where they are.

use super::Actor;
use super::edit_account::{Seen, knows_carrier, load, note, stale};
use crate::app::App;
use crate::db::{accounts, teams};
use crate::domain::access::Action;
use crate::domain::account::Override;
use crate::domain::ids::MarketplaceId;
use crate::error::AppError;

/// Gives marketplaces of an account what they shall have of their own; those not named keep what they have.
pub async fn run(app: &App, actor: &Actor, seen: Seen, own: Vec<(MarketplaceId, Override)>) -> Result<(), AppError> {
    actor.must(Action::EditAccounts)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    app.write(move |conn| {
        let row = load(conn, &actor, seen)?;
        let (known_teams, known_locations) =
            (teams::names(conn, actor.company)?, teams::locations(conn, actor.company)?);
        let is_known = |own: &Override| {
            own.team.is_none_or(|team| known_teams.iter().any(|(id, _)| *id == team))
                && own.location.is_none_or(|location| known_locations.iter().any(|(id, _)| *id == location))
        };
        if !own.iter().all(|(_, own)| is_known(own)) {
            return Err(AppError::NotFound);
        }
        for (_, own) in &own {
            if !knows_carrier(conn, &actor, own.carrier)? {
                return Err(AppError::NotFound);
            }
        }
        let before = accounts::overrides(conn, seen.account)?;
        accounts::set_overrides(conn, &row, seen.version, &own).map_err(stale)?;
        note(conn, &actor, seen.account, "account_overrides_changed", (&told(&before), &told(&own)), now)
    })
    .await
}

fn told(all: &[(MarketplaceId, Override)]) -> String {
    let one = |(marketplace, own): &(MarketplaceId, Override)| {
        let team = own.team.map(|team| format!(" team {team}")).unwrap_or_default();
        let location = own.location.map(|location| format!(" location {location}")).unwrap_or_default();
        let carrier = own.carrier.map(|carrier| format!(" carrier {carrier}")).unwrap_or_default();
        format!("{marketplace}{team}{location}{carrier}")
    };
    let has_own = |(_, own): &&(MarketplaceId, Override)| *own != Override::default();
    all.iter().filter(has_own).map(one).collect::<Vec<_>>().join(", ")
}
