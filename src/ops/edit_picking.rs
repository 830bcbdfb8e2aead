//! Work on a transfer before it leaves: its label, what is counted into the parcel, who does it, and that it is not done.

use super::edit_account::stale;
use super::ship_parcels::Carrier;
use super::{Actor, reserve_stock};
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::picking_changes::{self, Label, Seen};
use crate::db::pickings::{self, PickingRow};
use crate::db::{Conn, carriers, picking_lines, reservations, users};
use crate::domain::access::Action;
use crate::domain::ids::{MoveId, PickingId, UserId};
use crate::domain::picking::shipping::{self, Line, Mistake};
use crate::domain::tracking;
use crate::error::AppError;
use chrono::NaiveDateTime;

/// What a person typed about an open transfer; what is absent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The carrier's name.
    pub carrier: Option<String>,
    /// The carrier's reference.
    pub tracking: Option<String>,
    /// How many units of each line are in the parcel.
    pub quantities: Vec<(MoveId, String)>,
}

/// Stores what was typed; nothing leaves.
pub async fn save(app: &App, actor: &Actor, seen: Seen, typed: Typed) -> Result<Result<(), Vec<Mistake>>, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let row = load(conn, &actor, seen)?;
        store(conn, &actor, &row, &typed, now)
    })
    .await
}

/// Stores the tracking reference of a transfer from a list, whatever else changed on it meanwhile.
pub async fn set_label(
    app: &App,
    actor: &Actor,
    picking: PickingId,
    typed: Typed,
) -> Result<Result<(), Vec<Mistake>>, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let (row, _) = pickings::by_id(conn, actor.company, picking)?.ok_or(AppError::NotFound)?;
        if !row.state.is_open() {
            return Err(AppError::Conflict);
        }
        store(conn, &actor, &row, &typed, now)
    })
    .await
}

/// Gives transfers one carrier, all or none; those that are closed are left alone. Answers how many have it now.
pub async fn set_carrier(
    app: &App,
    actor: &Actor,
    ids: Vec<PickingId>,
    carrier: String,
) -> Result<Result<usize, Vec<Mistake>>, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    // Nobody means to take the carrier off many transfers by leaving a field empty.
    if carrier.trim().is_empty() {
        return Ok(Err(vec![Mistake::CarrierMissing]));
    }
    let typed = Typed { carrier: Some(carrier), ..Typed::default() };
    app.write(move |conn| {
        let rows = reserve_stock::own(conn, &actor, &ids)?;
        let open: Vec<&PickingRow> = rows.iter().filter(|row| row.state.is_open()).collect();
        for row in &open {
            // What is wrong with a carrier's name is wrong with the first transfer already.
            if let Err(mistakes) = store(conn, &actor, row, &typed, now)? {
                return Ok(Err(mistakes));
            }
        }
        Ok::<_, AppError>(Ok(open.len()))
    })
    .await
}

/// The transfer as it is now, if it is open and the person saw this version of it.
pub(super) fn load(conn: &mut Conn, actor: &Actor, seen: Seen) -> Result<PickingRow, AppError> {
    let (row, _) = pickings::by_id(conn, actor.company, seen.picking)?.ok_or(AppError::NotFound)?;
    if row.version == seen.version && row.state.is_open() { Ok(row) } else { Err(AppError::Conflict) }
}

pub(super) fn store(
    conn: &mut Conn,
    actor: &Actor,
    row: &PickingRow,
    typed: &Typed,
    now: NaiveDateTime,
) -> Result<Result<(), Vec<Mistake>>, AppError> {
    let held = |text: &Option<String>| text.clone().unwrap_or_default();
    let carrier = typed.carrier.clone().unwrap_or_else(|| held(&row.carrier));
    let tracking = tracking::tidy(&typed.tracking.clone().unwrap_or_else(|| held(&row.tracking)));
    let mut mistakes = shipping::check_label(&carrier, &tracking, false);
    // A label alone, which a list gives to hundreds, is about no line.
    let lines = if typed.quantities.is_empty() { Vec::new() } else { picking_lines::open(conn, &[row.id])? };
    let plain: Vec<Line> = lines
        .iter()
        .filter(|line| typed.quantities.iter().any(|(id, _)| *id == line.row.id))
        .map(|line| Line { id: line.row.id, demand: line.row.quantity })
        .collect();
    let picked = match shipping::read_quantities(&plain, &typed.quantities) {
        Ok(read) => read.lines,
        Err(wrong) => {
            mistakes.extend(wrong);
            Vec::new()
        }
    };
    if !mistakes.is_empty() {
        return Ok(Err(mistakes));
    }
    let meant = Carrier::meant(&carrier, &carriers::all(conn, actor.company)?);
    let label = Label {
        carrier: Some(meant.name.as_str()).filter(|name| !name.is_empty()),
        carrier_id: meant.id,
        tracking: Some(tracking.as_str()).filter(|text| !text.is_empty()),
    };
    let seen = Seen { picking: row.id, version: row.version };
    picking_changes::set_label(conn, seen, &label).map_err(stale)?;
    for (line, units) in picked {
        picking_lines::set_picked(conn, line.id, units).map_err(stale)?;
    }
    let told = |carrier: &str, tracking: &str| format!("{carrier} {tracking}").trim().to_owned();
    let (old, new) = (told(&held(&row.carrier), &held(&row.tracking)), told(&meant.name, &tracking));
    if old != new {
        let subject = format!("picking {}", row.id);
        let event = NewEvent {
            old_value: Some(old.as_str()).filter(|text| !text.is_empty()),
            new_value: Some(new.as_str()).filter(|text| !text.is_empty()),
            ..actor.event("transfer_label_changed", &subject, now)
        };
        audit::insert(conn, &event)?;
    }
    Ok(Ok(()))
}

/// Cancels an open transfer: what is reserved for it is given back. Amazon is not told.
pub async fn cancel(app: &App, actor: &Actor, seen: Seen) -> Result<(), AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let row = load(conn, &actor, seen)?;
        let open = reservations::of_pickings(conn, &[row.id])?;
        reserve_stock::give_back(conn, actor.company, &open)?;
        let ids: Vec<MoveId> = picking_lines::open(conn, &[row.id])?.iter().map(|line| line.row.id).collect();
        picking_lines::cancel(conn, &ids, now)?;
        picking_changes::cancel(conn, seen).map_err(stale)?;
        reserve_stock::all(conn, actor.company)?;
        reserve_stock::note(conn, &actor, &[row.id], "transfer_cancelled", now)
    })
    .await
}

/// Says who works on transfers; nobody takes them off everybody's hands. Answers how many are open.
pub async fn assign(app: &App, actor: &Actor, ids: Vec<PickingId>, to: Option<UserId>) -> Result<usize, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        if let Some(user) = to
            && !users::of_company(conn, actor.company)?.iter().any(|one| one.id == user)
        {
            return Err(AppError::NotFound);
        }
        let rows = reserve_stock::own(conn, &actor, &ids)?;
        let open: Vec<PickingId> = rows.iter().filter(|row| row.state.is_open()).map(|row| row.id).collect();
        picking_changes::assign(conn, actor.company, &open, to)?;
        reserve_stock::note(conn, &actor, &open, "transfer_assigned", now)?;
        Ok::<_, AppError>(open.len())
    })
    .await
}

/// Says whether transfers are to be done first. Answers how many are open.
pub async fn star(app: &App, actor: &Actor, ids: Vec<PickingId>, is_starred: bool) -> Result<usize, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let actor = actor.clone();
    app.write(move |conn| {
        reserve_stock::own(conn, &actor, &ids)?;
        Ok::<_, AppError>(picking_changes::star(conn, actor.company, &ids, is_starred)?)
    })
    .await
}
