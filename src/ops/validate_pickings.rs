//! Shipping many transfers whole in one go: those that can leave do, and each of the others says why it stays.
//!
//! It is one transaction: what is told as shipped is shipped, and the shelves are never overdrawn on the way.

use super::Actor;
use super::reserve_stock::own;
use super::ship_parcels::{self, Carrier, Gone, Parcel, Rest, Shelves, Short};
use crate::app::App;
use crate::db::picking_lines::{self, NamedLine};
use crate::db::pickings::PickingRow;
use crate::db::{Conn, carriers};
use crate::domain::access::Action;
use crate::domain::ids::PickingId;
use crate::domain::picking::PickingKind;
use crate::domain::picking::shipping::{self, Mistake};
use crate::domain::tracking;
use crate::error::AppError;
use chrono::NaiveDateTime;
use std::collections::BTreeMap;

/// The most transfers of one go.
pub const MOST: usize = 500;

/// Why a transfer stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stays {
    /// It is done or cancelled.
    Closed,
    /// Goods come back with it.
    Return,
    /// It is held, and nobody said that it leaves all the same.
    Held,
    /// Nothing is left in it.
    Empty,
    /// Its label is not complete.
    Label(Vec<Mistake>),
    /// Goods are missing.
    Short(Vec<Short>),
}

/// What became of the transfers.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Those that left.
    pub gone: Vec<Gone>,
    /// Those that stay.
    pub stays: Vec<(PickingId, Stays)>,
}

/// Ships these transfers whole, those that can leave.
pub async fn run(app: &App, actor: &Actor, ids: Vec<PickingId>) -> Result<Report, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    let report = app.write(move |conn| ship(conn, &actor, &ids, now)).await?;
    app.wake.notify_one();
    Ok(report)
}

fn ship(conn: &mut Conn, actor: &Actor, ids: &[PickingId], now: NaiveDateTime) -> Result<Report, AppError> {
    let rows = own(conn, actor, ids)?;
    let mut lines: BTreeMap<PickingId, Vec<NamedLine>> = BTreeMap::new();
    for line in picking_lines::open(conn, ids)? {
        if let Some(picking) = line.row.picking_id {
            lines.entry(picking).or_default().push(line);
        }
    }
    let ours = carriers::all(conn, actor.company)?;
    let mut shelves = Shelves::of(conn, actor, lines.values().flatten())?;
    let (mut report, mut parcels) = (Report::default(), Vec::with_capacity(rows.len()));
    for row in rows {
        let id = row.id;
        let parcel = parcel(row, lines.remove(&id).unwrap_or_default(), &ours);
        match parcel.and_then(|parcel| shelves.take(&parcel).map(|()| parcel).map_err(Stays::Short)) {
            Ok(parcel) => parcels.push(parcel),
            Err(why) => report.stays.push((id, why)),
        }
    }
    if !parcels.is_empty() {
        report.gone = ship_parcels::run(conn, actor, &shelves, &parcels, now)?;
    }
    Ok(report)
}

/// A transfer as a whole parcel, or why it cannot leave.
fn parcel(row: PickingRow, lines: Vec<NamedLine>, ours: &[carriers::CarrierRow]) -> Result<Parcel, Stays> {
    if !row.state.is_open() {
        return Err(Stays::Closed);
    }
    if row.kind != PickingKind::Delivery {
        return Err(Stays::Return);
    }
    if row.is_held {
        return Err(Stays::Held);
    }
    if lines.is_empty() {
        return Err(Stays::Empty);
    }
    let (carrier, tracking) = (row.carrier.clone().unwrap_or_default(), row.tracking.clone().unwrap_or_default());
    let mistakes = shipping::check_label(&carrier, &tracking, ship_parcels::is_told(&row));
    if !mistakes.is_empty() {
        return Err(Stays::Label(mistakes));
    }
    let lines = lines.into_iter().map(|line| (line.row.quantity, line)).map(|(units, line)| (line, units)).collect();
    let (carrier, tracking) = (Carrier::meant(&carrier, ours), tracking::tidy(&tracking));
    Ok(Parcel { row, lines, carrier, tracking, rest: Rest::Backorder })
}
