//! Packing a parcel with a scanner: each code counts a unit, or names the carrier or the label. Nothing leaves by it.

use super::edit_picking::{self, Typed};
use super::{Actor, validate_picking};
use crate::app::App;
use crate::db::carriers::{self, CarrierRow};
use crate::db::picking_lines::{self, NamedLine};
use crate::db::pickings::{self, PickingRow};
use crate::db::{Conn, picking_changes, picking_search};
use crate::domain::access::Action;
use crate::domain::carrier::{self, Meaning};
use crate::domain::ids::{MoveId, PickingId};
use crate::domain::picking::scan::{Code, Last};
use crate::domain::picking::shipping::{Doubt, Mistake};
use crate::domain::tracking;
use crate::error::AppError;
use chrono::NaiveDateTime;

/// What a person does at the packing table.
#[derive(Clone, Debug)]
pub enum Step {
    /// A code was scanned.
    Scan(Code),
    /// One more unit of a line, or one less.
    Count(MoveId, i64),
    /// The last scan is taken back.
    Undo(Last),
}

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packed {
    /// A line holds so many units now.
    Counted {
        /// The product.
        product: String,
        /// How many of it are in the parcel.
        units: i64,
        /// How many are to be.
        demand: i64,
        /// To take it back.
        last: Last,
    },
    /// All units of the product are in the parcel already.
    Full {
        /// The product.
        product: String,
        /// How many are to be in the parcel.
        demand: i64,
    },
    /// Nothing of the product is in the parcel.
    Empty {
        /// The product.
        product: String,
    },
    /// The parcel has this label.
    Labelled {
        /// The carrier's name.
        carrier: String,
        /// The carrier's reference.
        tracking: String,
        /// To take it back.
        last: Last,
        /// What may be wrong with it.
        doubts: Vec<Doubt>,
    },
    /// The last scan is taken back.
    Undone,
    /// What was scanned last is not as it was left.
    NothingToUndo,
    /// The code is nothing of this transfer.
    Unknown,
    /// The label cannot be.
    Wrong(Vec<Mistake>),
    /// The transfer is done or cancelled.
    Closed,
}

/// Carries out one step.
pub async fn run(app: &App, actor: &Actor, picking: PickingId, step: Step) -> Result<Packed, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let (row, _) = pickings::by_id(conn, actor.company, picking)?.ok_or(AppError::NotFound)?;
        if !row.state.is_open() {
            return Ok(Packed::Closed);
        }
        let lines = picking_lines::open(conn, &[picking])?;
        match &step {
            Step::Scan(code) => scan(conn, &actor, &row, &lines, code, now),
            Step::Count(line, units) => {
                let line = lines.iter().find(|one| one.row.id == *line).ok_or(AppError::NotFound)?;
                count(conn, picking, line, *units)
            }
            Step::Undo(last) => undo(conn, &actor, &row, &lines, *last, now),
        }
    })
    .await
}

fn scan(
    conn: &mut Conn,
    actor: &Actor,
    row: &PickingRow,
    lines: &[NamedLine],
    code: &Code,
    now: NaiveDateTime,
) -> Result<Packed, AppError> {
    let is_meant = |line: &&NamedLine| {
        code.means(&line.reference) || line.barcode.as_deref().is_some_and(|barcode| code.means(barcode))
    };
    let has_room = |line: &&NamedLine| line.row.picked < line.row.quantity;
    let meant = lines.iter().filter(is_meant).find(has_room).or_else(|| lines.iter().find(is_meant));
    if let Some(line) = meant {
        return count(conn, row.id, line, 1);
    }
    let ours = carriers::all(conn, actor.company)?;
    if let Some(name) = carrier_named(&ours, &code.text) {
        let typed = Typed { carrier: Some(name), ..Typed::default() };
        return label(conn, actor, row, &typed, now);
    }
    if picking_search::is_product(conn, actor.company, &code.text)? {
        return Ok(Packed::Unknown);
    }
    let is_packed = lines.iter().all(|line| line.row.picked >= line.row.quantity);
    match label_of(&ours, row, code, is_packed) {
        Label::Ours { carrier } => {
            let typed = Typed { carrier, tracking: Some(code.text.clone()), ..Typed::default() };
            label(conn, actor, row, &typed, now)
        }
        Label::None => Ok(Packed::Unknown),
    }
}

/// What a code is to a parcel.
enum Label {
    /// Its label; with the carrier that it tells, if none is known yet.
    Ours {
        /// The carrier's name.
        carrier: Option<String>,
    },
    /// No label.
    None,
}

/// The carrier that a code names: one of ours by its name or Amazon's code, else one that Amazon knows.
fn carrier_named(ours: &[CarrierRow], text: &str) -> Option<String> {
    let key = carrier::key(text);
    let is_named = |one: &&CarrierRow| one.is_active && !key.is_empty() && carrier::key(&one.name) == key;
    let is_coded =
        |one: &&CarrierRow| one.is_active && one.amazon_code != carrier::OTHER && carrier::key(&one.amazon_code) == key;
    if let Some(one) = ours.iter().find(is_named).or_else(|| ours.iter().find(is_coded)) {
        return Some(one.name.clone());
    }
    match carrier::meaning(text) {
        Meaning::Code(code) if code != carrier::OTHER => Some(code.to_owned()),
        _ => None,
    }
}

/// Whether a code is the label of this parcel.
///
/// While goods are still to be packed, only what looks like a reference of the carrier is one, and no article number.
fn label_of(ours: &[CarrierRow], row: &PickingRow, code: &Code, is_packed: bool) -> Label {
    let has_form =
        |one: &&CarrierRow| one.tracking_format.as_deref().is_some_and(|forms| tracking::has_form(forms, &code.text));
    let fits = if let Some(name) = row.carrier.as_deref() {
        ours.iter().filter(|one| carrier::key(&one.name) == carrier::key(name)).any(|one| has_form(&one))
    } else {
        let mut fitting = ours.iter().filter(|one| one.is_active).filter(has_form);
        match (fitting.next(), fitting.next()) {
            (Some(only), None) if is_packed || !code.is_article() => {
                return Label::Ours { carrier: Some(only.name.clone()) };
            }
            (found, _) => found.is_some(),
        }
    };
    if is_packed || (fits && !code.is_article()) { Label::Ours { carrier: None } } else { Label::None }
}

fn count(conn: &mut Conn, picking: PickingId, line: &NamedLine, units: i64) -> Result<Packed, AppError> {
    let (product, demand) = (line.name.clone(), line.row.quantity);
    Ok(match picking_lines::count(conn, line.row.id, units)? {
        Some(units) => {
            picking_changes::count(conn, picking)?;
            Packed::Counted { product, units, demand, last: Last::Line(line.row.id, units) }
        }
        None if units > 0 => Packed::Full { product, demand },
        None => Packed::Empty { product },
    })
}

fn label(
    conn: &mut Conn,
    actor: &Actor,
    row: &PickingRow,
    typed: &Typed,
    now: NaiveDateTime,
) -> Result<Packed, AppError> {
    if let Err(mistakes) = edit_picking::store(conn, actor, row, typed, now)? {
        return Ok(Packed::Wrong(mistakes));
    }
    let (held, _) = pickings::by_id(conn, actor.company, row.id)?.ok_or(AppError::NotFound)?;
    let (carrier, tracking) = (held.carrier.unwrap_or_default(), held.tracking.unwrap_or_default());
    let doubts = validate_picking::doubts(conn, actor.company, row.id, &carrier, &tracking)?;
    let last = if typed.tracking.is_some() { Last::Tracking(held.version) } else { Last::Carrier(held.version) };
    Ok(Packed::Labelled { carrier, tracking, last, doubts })
}

fn undo(
    conn: &mut Conn,
    actor: &Actor,
    row: &PickingRow,
    lines: &[NamedLine],
    last: Last,
    now: NaiveDateTime,
) -> Result<Packed, AppError> {
    let typed = match last {
        Last::Line(line, units) => {
            let is_as_left = lines.iter().any(|one| one.row.id == line && one.row.picked == units);
            let is_undone = is_as_left && picking_lines::count(conn, line, -1)?.is_some();
            if is_undone {
                picking_changes::count(conn, row.id)?;
            }
            return Ok(if is_undone { Packed::Undone } else { Packed::NothingToUndo });
        }
        Last::Tracking(version) if version == row.version => {
            Typed { tracking: Some(String::new()), ..Typed::default() }
        }
        Last::Carrier(version) if version == row.version => Typed { carrier: Some(String::new()), ..Typed::default() },
        Last::Tracking(_) | Last::Carrier(_) => return Ok(Packed::NothingToUndo),
    };
    match edit_picking::store(conn, actor, row, &typed, now)? {
        Ok(()) => Ok(Packed::Undone),
        Err(mistakes) => Ok(Packed::Wrong(mistakes)),
    }
}
