//! Carriers and tracking references of many transfers: what was pasted is compared first, and stored only when asked.

use super::edit_picking::{self, Typed};
use super::{Actor, validate_picking};
use crate::app::App;
use crate::db::picking_changes::Seen;
use crate::db::pickings::{self, PickingRow};
use crate::db::{Conn, picking_search};
use crate::domain::access::Action;
use crate::domain::ids::{CompanyId, PickingId};
use crate::domain::picking::labels::{self, Entry, MOST, Unreadable};
use crate::domain::picking::shipping::{self, Doubt, Mistake};
use crate::domain::tracking;
use crate::error::AppError;

/// A line that means an open transfer, as it would be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The transfer as it was seen.
    pub seen: Seen,
    /// The carrier.
    pub carrier: String,
    /// The carrier's reference.
    pub tracking: String,
    /// What may be wrong with it.
    pub doubts: Vec<Doubt>,
}

/// Why a line cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It cannot be read.
    Unreadable(Unreadable),
    /// No transfer of the company is called so.
    Unknown(String),
    /// The transfer is done or cancelled.
    Closed(String),
    /// The order has several open transfers: their own references tell them apart.
    Several(String),
    /// An earlier line is about the same transfer.
    Twice(String),
    /// The label cannot be.
    Wrong(Mistake),
    /// There are more lines than one go takes.
    TooMany,
}

/// What a text says.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The labels that can be stored.
    pub labels: Vec<Label>,
    /// Lines that cannot, with their reasons.
    pub refused: Vec<(usize, Refused)>,
}

/// Compares a text with the transfers of the company; nothing is stored.
pub async fn check(app: &App, actor: &Actor, text: String) -> Result<Checked, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    let company = actor.company;
    app.read(move |conn| {
        let mut checked = Checked::default();
        for (at, read) in labels::read(&text).into_iter().enumerate() {
            let line = match &read {
                Ok(entry) => entry.line,
                Err((line, _)) => *line,
            };
            if at >= MOST {
                checked.refused.push((line, Refused::TooMany));
                break;
            }
            let (line, found) = match read {
                Err((line, why)) => (line, Err(Refused::Unreadable(why))),
                Ok(entry) => (entry.line, compare(conn, company, entry, &checked.labels)?),
            };
            match found {
                Ok(label) => checked.labels.push(label),
                Err(why) => checked.refused.push((line, why)),
            }
        }
        Ok::<_, AppError>(checked)
    })
    .await
}

fn compare(
    conn: &mut Conn,
    company: CompanyId,
    entry: Entry,
    known: &[Label],
) -> Result<Result<Label, Refused>, AppError> {
    let ids = picking_search::referenced(conn, company, &entry.reference)?;
    let rows = pickings::some(conn, company, &ids)?;
    let mut open = rows.iter().filter(|row| row.state.is_open());
    let row = match (open.next(), open.next()) {
        (None, _) if rows.is_empty() => return Ok(Err(Refused::Unknown(entry.reference))),
        (None, _) => return Ok(Err(Refused::Closed(entry.reference))),
        (Some(_), Some(_)) => return Ok(Err(Refused::Several(entry.reference))),
        (Some(row), None) => row,
    };
    if known.iter().any(|label| label.seen.picking == row.id) {
        return Ok(Err(Refused::Twice(entry.reference)));
    }
    let carrier = if entry.carrier.is_empty() { row.carrier.clone().unwrap_or_default() } else { entry.carrier };
    if let Some(mistake) = shipping::check_label(&carrier, &entry.tracking, false).first() {
        return Ok(Err(Refused::Wrong(*mistake)));
    }
    let mut doubts = validate_picking::doubts(conn, company, row.id, &carrier, &entry.tracking)?;
    let tracking = tracking::tidy(&entry.tracking);
    let same = known.iter().find(|label| tracking::tidy(&label.tracking) == tracking);
    doubts.extend(same.map(|label| Doubt::Repeated(label.seen.picking)));
    let seen = Seen { picking: row.id, version: row.version };
    Ok(Ok(Label { seen, carrier, tracking, doubts }))
}

/// What became of one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// It is stored.
    Saved,
    /// It was so already.
    Same,
    /// Somebody changed the transfer meanwhile: this is its label now.
    Changed(Label),
    /// The transfer was done or cancelled meanwhile.
    Closed,
    /// It cannot be.
    Wrong(Vec<Mistake>),
}

/// The label of a transfer as it is.
fn held(row: &PickingRow) -> Label {
    let text = |held: &Option<String>| held.clone().unwrap_or_default();
    let seen = Seen { picking: row.id, version: row.version };
    Label { seen, carrier: text(&row.carrier), tracking: text(&row.tracking), doubts: Vec::new() }
}

impl Label {
    /// Whether both say the same.
    fn is_like(&self, other: &Self) -> bool {
        self.carrier == other.carrier.trim() && self.tracking == tracking::tidy(&other.tracking)
    }
}

/// Stores labels, each over the version that was seen; one that cannot be stored does not keep the others.
pub async fn save(app: &App, actor: &Actor, labels: Vec<Label>) -> Result<Vec<(PickingId, Stored)>, AppError> {
    actor.must(Action::WorkOnTransfers)?;
    if labels.len() > MOST {
        return Err(AppError::BadRequest("more transfers than one action takes"));
    }
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let mut stored = Vec::with_capacity(labels.len());
        for label in &labels {
            let (carrier, tracking) = (Some(label.carrier.clone()), Some(label.tracking.clone()));
            let typed = Typed { carrier, tracking, ..Typed::default() };
            let (row, _) = pickings::by_id(conn, actor.company, label.seen.picking)?.ok_or(AppError::NotFound)?;
            let held = held(&row);
            let outcome = if !row.state.is_open() {
                Stored::Closed
            } else if held.is_like(label) {
                Stored::Same
            } else if row.version != label.seen.version && !(held.carrier.is_empty() && held.tracking.is_empty()) {
                // Without a label there is nothing that somebody could have meant instead.
                Stored::Changed(held)
            } else {
                match edit_picking::store(conn, &actor, &row, &typed, now)? {
                    Ok(()) => Stored::Saved,
                    Err(mistakes) => Stored::Wrong(mistakes),
                }
            };
            stored.push((label.seen.picking, outcome));
        }
        Ok::<_, AppError>(stored)
    })
    .await
}
