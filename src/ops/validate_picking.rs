//! Validating a transfer: a person says what leaves, by whom and under which reference.
//!
//! Two people never ship the same parcel: the version that was seen is compared, and a repeated form gets the first answer.

use super::Actor;
use super::ship_parcels::{self, Carrier, Gone, Parcel, Rest, Shelves, Short};
use crate::app::App;
use crate::db::picking_changes::{self, Seen};
use crate::db::picking_lines::{self, NamedLine};
use crate::db::pickings::{self, PickingRow};
use crate::db::{Conn, carriers};
use crate::domain::access::Action;
use crate::domain::ids::{CompanyId, MoveId, PickingId};
use crate::domain::picking::shipping::{self, Line, Mistake, Shipped};
use crate::domain::picking::{PickingKind, PickingState};
use crate::domain::tracking;
use crate::error::AppError;
use chrono::NaiveDateTime;

/// How many units leave.
#[derive(Clone, Debug)]
pub enum Quantities {
    /// What was typed for each line.
    Typed(Vec<(MoveId, String)>),
    /// Everything.
    Whole,
}

/// What a person wants to leave.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The transfer as it was seen.
    pub seen: Seen,
    /// The carrier's name.
    pub carrier: String,
    /// The carrier's reference.
    pub tracking: String,
    /// How many units of each line.
    pub quantities: Quantities,
    /// What becomes of the rest, once it was asked.
    pub rest: Option<Rest>,
    /// Whether the person knows why the transfer is held and ships it all the same.
    pub is_agreed: bool,
}

/// What becomes of a wish.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It left.
    Gone(Gone),
    /// Something that was typed cannot be.
    Mistakes(Vec<Mistake>),
    /// Goods are missing.
    Short(Vec<Short>),
    /// The transfer is held: the person must say that it leaves all the same.
    AskHeld,
    /// Something stays: the person must say what becomes of it.
    AskRest(Shipped),
}

/// Validates a transfer, or asks what must be known before.
pub async fn run(app: &App, actor: &Actor, wish: Wish) -> Result<Answer, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    let answer = app.write(move |conn| validate(conn, &actor, &wish, now)).await?;
    app.wake.notify_one();
    Ok(answer)
}

fn validate(conn: &mut Conn, actor: &Actor, wish: &Wish, now: NaiveDateTime) -> Result<Answer, AppError> {
    let (row, _) = pickings::by_id(conn, actor.company, wish.seen.picking)?.ok_or(AppError::NotFound)?;
    if row.kind != PickingKind::Delivery {
        return Err(AppError::Rule("returns-not-shipped"));
    }
    let carrier = Carrier::meant(&wish.carrier, &carriers::all(conn, actor.company)?);
    let tracking = tracking::tidy(&wish.tracking);
    if row.state == PickingState::Done {
        return repeated(conn, &row, wish, &carrier, &tracking);
    }
    if row.version != wish.seen.version || !row.state.is_open() {
        return Err(AppError::Conflict);
    }
    let lines = picking_lines::open(conn, &[row.id])?;
    let plain: Vec<Line> = lines.iter().map(|line| Line { id: line.row.id, demand: line.row.quantity }).collect();
    let mut mistakes = shipping::check_label(&wish.carrier, &wish.tracking, ship_parcels::is_told(&row));
    let shipped = match &wish.quantities {
        Quantities::Whole => Shipped::whole(&plain),
        Quantities::Typed(typed) => match shipping::read_quantities(&plain, typed) {
            Ok(shipped) => shipped,
            Err(wrong) => {
                mistakes.extend(wrong);
                return Ok(Answer::Mistakes(mistakes));
            }
        },
    };
    if shipped.sums().0 == 0 {
        mistakes.push(Mistake::NothingDone);
    }
    if !mistakes.is_empty() {
        return Ok(Answer::Mistakes(mistakes));
    }
    if row.is_held && !wish.is_agreed {
        return Ok(Answer::AskHeld);
    }
    let rest = match (shipped.is_partial(), wish.rest) {
        (true, None) => return Ok(Answer::AskRest(shipped)),
        (_, rest) => rest.unwrap_or(Rest::Backorder),
    };
    let parcel = Parcel { lines: paired(lines, &shipped), row, carrier, tracking, rest };
    let mut shelves = Shelves::of(conn, actor, parcel.lines.iter().map(|(line, _)| line))?;
    if let Err(short) = shelves.take(&parcel) {
        return Ok(Answer::Short(short));
    }
    let gone = ship_parcels::run(conn, actor, &shelves, &[parcel], now)?;
    let gone = gone.first().copied().ok_or(AppError::Internal("a parcel did not leave"))?;
    Ok(Answer::Gone(gone))
}

/// The lines with the units that leave.
fn paired(lines: Vec<NamedLine>, shipped: &Shipped) -> Vec<(NamedLine, i64)> {
    let units = |id: MoveId| shipped.lines.iter().find(|(line, _)| line.id == id).map_or(0, |(_, done)| *done);
    lines.into_iter().map(|line| (units(line.row.id), line)).map(|(units, line)| (line, units)).collect()
}

/// The first answer once more, when this very parcel left already; else somebody else was faster.
fn repeated(
    conn: &mut Conn,
    row: &PickingRow,
    wish: &Wish,
    carrier: &Carrier,
    tracking: &str,
) -> Result<Answer, AppError> {
    let lines = picking_lines::all(conn, &[row.id])?;
    let done: Vec<(MoveId, i64)> = lines
        .iter()
        .filter(|line| line.row.state == PickingState::Done && line.row.order_line_id.is_some())
        .map(|line| (line.row.id, line.row.picked))
        .collect();
    let (backorders, _) = picking_changes::following(conn, row.id)?;
    let left = |id: MoveId| done.iter().find(|(line, _)| *line == id).map_or(0, |(_, units)| *units);
    // What did not leave waits in a backorder, or was given up with the validation; what was cancelled before is neither.
    let given_up =
        |line: &NamedLine| line.row.state == PickingState::Cancelled && Some(line.row.moved_at) == row.done_at;
    let was_given_up = lines.iter().any(given_up);
    let is_same = match &wish.quantities {
        Quantities::Whole => backorders.is_empty() && !was_given_up,
        Quantities::Typed(typed) => {
            let is_left = |(id, text): &(MoveId, String)| shipping::whole_number(text.trim()) == Some(left(*id));
            let is_rest = match wish.rest {
                Some(Rest::Backorder) => !was_given_up,
                Some(Rest::Cancelled) => backorders.is_empty(),
                None => true,
            };
            is_rest && typed.iter().all(is_left) && done.iter().all(|(id, _)| typed.iter().any(|(line, _)| line == id))
        }
    };
    let is_label = row.carrier.as_deref().unwrap_or_default() == carrier.name
        && row.tracking.as_deref().unwrap_or_default() == tracking;
    if !is_same || !is_label {
        return Err(AppError::Conflict);
    }
    Ok(Answer::Gone(Gone { picking: row.id, backorder: backorders.first().copied(), told_at: None }))
}

/// What may be wrong with the label of a transfer; it is said and stops nobody.
pub fn doubts(
    conn: &mut Conn,
    company: CompanyId,
    picking: PickingId,
    carrier: &str,
    tracking: &str,
) -> Result<Vec<shipping::Doubt>, AppError> {
    let meant = Carrier::meant(carrier, &carriers::all(conn, company)?);
    let tracking = tracking::tidy(tracking);
    let mut doubts = shipping::doubts(carrier, meant.id.is_some(), &tracking, meant.forms.as_deref());
    if !tracking.is_empty() {
        let other = picking_changes::with_tracking(conn, company, &tracking, picking)?;
        doubts.extend(other.map(shipping::Doubt::Repeated));
    }
    Ok(doubts)
}
