//! What a person does about parcels that Amazon is told of: told again, told now, corrected, taken back.
//!
//! Nothing here calls Amazon: it writes what the background worker is to tell, under the same package reference.

use super::ship_parcels::Carrier;
use super::{Actor, announce_grace, validate_picking};
use crate::app::App;
use crate::db::jobs::{self, JobKind};
use crate::db::shipment_changes::{self, Carried, Read};
use crate::db::shipments::{self, ShipmentRow};
use crate::db::{Conn, accounts, audit, carriers, feeds};
use crate::domain::access::Action;
use crate::domain::carrier::OTHER;
use crate::domain::ids::PickingId;
use crate::domain::picking::AmazonSync;
use crate::domain::picking::shipping::{self, Doubt, Mistake};
use crate::domain::tracking;
use crate::error::AppError;
use chrono::NaiveDateTime;

/// The most parcels that are told again at once.
pub const MOST_AT_ONCE: usize = 500;

/// Who carries a parcel, as a person says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Correction {
    /// The carrier.
    pub carrier: String,
    /// Its reference.
    pub tracking: String,
    /// The version of the shipment that was seen.
    pub version: i64,
}

/// What a correction came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Corrected {
    /// It is told to Amazon, with what may be wrong with it.
    Told(Vec<Doubt>),
    /// It is as it was.
    Unchanged,
    /// It cannot be told.
    Wrong(Vec<Mistake>),
}

/// The shipment of a transfer of the actor's company that no feed carries at the moment.
fn shipment(conn: &mut Conn, actor: &Actor, picking: PickingId) -> Result<ShipmentRow, AppError> {
    let row = shipments::of_picking(conn, picking)?.filter(|row| row.company_id == actor.company);
    let row = row.ok_or(AppError::NotFound)?;
    if feeds::carrying(conn, row.id)?.is_some() {
        return Err(AppError::Rule("announce-in-feed"));
    }
    Ok(row)
}

const fn read(row: &ShipmentRow) -> Read {
    Read { id: row.id, picking: row.picking_id, version: row.version }
}

fn note(conn: &mut Conn, actor: &Actor, what: &str, row: &ShipmentRow, now: NaiveDateTime) -> Result<(), AppError> {
    let subject = format!("picking {}", row.picking_id);
    Ok(audit::insert(conn, &actor.event(what, &subject, now))?)
}

/// Tells Amazon again of a parcel that it refused or of which it says nothing.
pub async fn retry(app: &App, actor: &Actor, picking: PickingId) -> Result<(), AppError> {
    actor.must(Action::TellAmazon)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let row = shipment(conn, &actor, picking)?;
        if !matches!(row.amazon_sync, AmazonSync::Failed | AmazonSync::Unknown) {
            return Err(AppError::Rule("announce-nothing-to-retry"));
        }
        again(conn, &actor, &row, now)
    })
    .await?;
    app.wake.notify_one();
    Ok(())
}

fn again(conn: &mut Conn, actor: &Actor, row: &ShipmentRow, now: NaiveDateTime) -> Result<(), AppError> {
    shipment_changes::tell_again(conn, read(row), now)?;
    jobs::request(conn, JobKind::SyncPickings, row.account_id, now)?;
    note(conn, actor, "announcement_retried", row, now)
}

/// Tells Amazon again of those of these parcels that it refused or of which it says nothing; answers how many.
pub async fn retry_many(app: &App, actor: &Actor, pickings: Vec<PickingId>) -> Result<usize, AppError> {
    actor.must(Action::TellAmazon)?;
    if pickings.len() > MOST_AT_ONCE {
        return Err(AppError::BadRequest("too many parcels at once"));
    }
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    let told = app.write(move |conn| {
        let mut told = 0;
        for picking in &pickings {
            let row = match shipment(conn, &actor, *picking) {
                Ok(row) => row,
                Err(AppError::NotFound | AppError::Rule(_)) => continue,
                Err(error) => return Err(error),
            };
            if matches!(row.amazon_sync, AmazonSync::Failed | AmazonSync::Unknown) {
                again(conn, &actor, &row, now)?;
                told += 1;
            }
        }
        Ok(told)
    });
    let told = told.await?;
    app.wake.notify_one();
    Ok(told)
}

/// Tells Amazon now of a parcel that still waits.
pub async fn send_now(app: &App, actor: &Actor, picking: PickingId) -> Result<(), AppError> {
    actor.must(Action::TellAmazon)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let row = shipment(conn, &actor, picking)?;
        if row.send_after.is_none() {
            return Err(AppError::Rule("announce-nothing-waits"));
        }
        shipment_changes::tell_again(conn, read(&row), now)?;
        jobs::request(conn, JobKind::SyncPickings, row.account_id, now)?;
        note(conn, &actor, "announcement_hurried", &row, now)
    })
    .await?;
    app.wake.notify_one();
    Ok(())
}

/// Whether Amazon has the parcel, or may have it because it did not answer.
const fn may_be_known(row: &ShipmentRow) -> bool {
    let is_unanswered = row.attempts > 0 && matches!(row.amazon_sync, AmazonSync::ToSend);
    row.is_correction || row.sent_at.is_some() || row.settled_at.is_some() || is_unanswered
}

/// Corrects who carries a parcel that left; Amazon is told under the same package reference, which changes that package.
pub async fn correct(
    app: &App,
    actor: &Actor,
    picking: PickingId,
    correction: Correction,
) -> Result<Corrected, AppError> {
    actor.must(Action::TellAmazon)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    let mistakes = shipping::check_label(&correction.carrier, &correction.tracking, true);
    if !mistakes.is_empty() {
        return Ok(Corrected::Wrong(mistakes));
    }
    let done = app.write(move |conn| {
        let row = shipment(conn, &actor, picking)?;
        let carrier = Carrier::meant(&correction.carrier, &carriers::all(conn, actor.company)?);
        let reference = tracking::tidy(&correction.tracking);
        let carrier_name = (carrier.code == OTHER).then_some(carrier.name.as_str());
        let is_same = (row.carrier_code.as_str(), row.carrier_name.as_deref(), row.tracking.as_str())
            == (carrier.code.as_str(), carrier_name, reference.as_str());
        if is_same && row.amazon_sync != AmazonSync::Failed {
            return Ok(Corrected::Unchanged);
        }
        if row.version != correction.version {
            return Err(AppError::Conflict);
        }
        let is_correction = may_be_known(&row);
        let told = Carried { carrier_code: &carrier.code, carrier_name, tracking: &reference, is_correction };
        shipment_changes::correct(conn, read(&row), &told, (&carrier.name, carrier.id))?;
        let account = accounts::by_id(conn, actor.company, row.account_id)?.ok_or(AppError::NotFound)?.0;
        let grace = announce_grace::of(conn, account.is_simulated)?;
        // What is due already gets no second time in which it could be taken back: Amazon may be hearing of it now.
        let due = row.send_after.filter(|at| *at > now || row.attempts == 0);
        let at = due.unwrap_or(now + grace);
        shipment_changes::tell_again(conn, read(&row), at)?;
        jobs::request(conn, JobKind::SyncPickings, row.account_id, at)?;
        note(conn, &actor, "tracking_corrected", &row, now)?;
        let doubts = validate_picking::doubts(conn, actor.company, picking, &carrier.name, &reference)?;
        Ok(Corrected::Told(doubts))
    });
    let done = done.await?;
    app.wake.notify_one();
    Ok(done)
}
