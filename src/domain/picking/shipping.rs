//! What a person says about a parcel that leaves: how many of each line, by whom and under which reference.
//!
//! Amazon asks for a carrier and a tracking reference with every parcel of the merchant, also with one's own deliveries.

use crate::domain::carrier::{self, LONGEST_NAME, Meaning};
use crate::domain::ids::MoveId;
use crate::domain::tracking;

/// The longest tracking reference that Amazon takes, in characters (Feeds API, `ShipperTrackingNumber`).
pub const LONGEST_TRACKING: usize = 50;

/// One line of a transfer that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The move.
    pub id: MoveId,
    /// How many units are to leave.
    pub demand: i64,
}

/// What is wrong with what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// No carrier.
    CarrierMissing,
    /// A name that nobody has.
    CarrierTooLong,
    /// No tracking reference.
    TrackingMissing,
    /// A tracking reference that no carrier gives.
    TrackingTooLong,
    /// A quantity is no whole number between none and the demand.
    Quantity(Line),
    /// Nothing leaves.
    NothingDone,
}

/// How many units of each line leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// Each line with the units that leave, none included.
    pub lines: Vec<(Line, i64)>,
}

impl Shipped {
    /// Everything.
    pub fn whole(lines: &[Line]) -> Self {
        Self { lines: lines.iter().map(|line| (*line, line.demand)).collect() }
    }

    /// Whether something stays behind.
    pub fn is_partial(&self) -> bool {
        self.lines.iter().any(|(line, done)| *done < line.demand)
    }

    /// The units that leave and those that stay.
    pub fn sums(&self) -> (i64, i64) {
        let add = |sum: (i64, i64), (line, done): &(Line, i64)| {
            (sum.0.saturating_add(*done), sum.1.saturating_add(line.demand.saturating_sub(*done)))
        };
        self.lines.iter().fold((0, 0), add)
    }
}

/// Reads the quantities that were typed for each line; a line about which nothing was said does not leave.
pub fn read_quantities(lines: &[Line], typed: &[(MoveId, String)]) -> Result<Shipped, Vec<Mistake>> {
    let (mut read, mut mistakes) = (Vec::with_capacity(lines.len()), Vec::new());
    for line in lines {
        let text = typed.iter().find(|(id, _)| *id == line.id).map_or("", |(_, text)| text.trim());
        match whole_number(text) {
            Some(done) if done <= line.demand => read.push((*line, done)),
            _ => mistakes.push(Mistake::Quantity(*line)),
        }
    }
    if mistakes.is_empty() { Ok(Shipped { lines: read }) } else { Err(mistakes) }
}

/// Digits and nothing else, none where nothing is typed; a sign, a decimal point or a word is no quantity.
pub fn whole_number(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    let is_plain = text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_plain { text.parse().ok() } else { None }
}

/// What is wrong with the carrier and the reference; with `is_told`, Amazon will be told and both must be there.
pub fn check_label(carrier: &str, tracking: &str, is_told: bool) -> Vec<Mistake> {
    let (carrier, tracking) = (carrier.trim(), tracking::tidy(tracking));
    let mut mistakes = Vec::new();
    if is_told && carrier::key(carrier).is_empty() {
        mistakes.push(Mistake::CarrierMissing);
    } else if carrier.chars().count() > LONGEST_NAME {
        mistakes.push(Mistake::CarrierTooLong);
    }
    if is_told && tracking.is_empty() {
        mistakes.push(Mistake::TrackingMissing);
    } else if tracking.chars().count() > LONGEST_TRACKING {
        mistakes.push(Mistake::TrackingTooLong);
    }
    mistakes
}

/// What may be wrong with a label; it is said and stops nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Amazon does not know the carrier; perhaps this one is meant.
    CarrierUnknown(Option<&'static str>),
    /// The reference does not look like one of this carrier.
    Format,
    /// Another transfer has the reference already.
    Repeated(crate::domain::ids::PickingId),
}

/// What may be wrong with a carrier's name and a reference, given the forms that the carrier's references have.
///
/// A carrier of the company is known, whatever it is called: somebody chose what Amazon is told.
pub fn doubts(carrier: &str, is_ours: bool, tracking: &str, forms: Option<&str>) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    if !is_ours && !carrier::key(carrier).is_empty() {
        match carrier::meaning(carrier) {
            Meaning::Code(_) => {}
            Meaning::Near(near) => doubts.push(Doubt::CarrierUnknown(Some(near))),
            Meaning::Unknown => doubts.push(Doubt::CarrierUnknown(None)),
        }
    }
    if !tracking.is_empty() && forms.is_some_and(|forms| !tracking::has_form(forms, tracking)) {
        doubts.push(Doubt::Format);
    }
    doubts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: Line = Line { id: MoveId(1), demand: 2 };

    fn typed(text: &str) -> Vec<(MoveId, String)> {
        vec![(MoveId(1), text.to_owned())]
    }

    #[test]
    fn a_quantity_is_a_whole_number_between_none_and_the_demand() {
        for (text, done) in [("2", 2), (" 1 ", 1), ("0", 0), ("", 0)] {
            assert_eq!(read_quantities(&[LINE], &typed(text)).unwrap().lines, [(LINE, done)], "{text}");
        }
        for wrong in ["3", "-1", "+1", "1.5", "1,5", "two", "1 1", "99999999999999999999", "٢"] {
            assert_eq!(read_quantities(&[LINE], &typed(wrong)), Err(vec![Mistake::Quantity(LINE)]), "{wrong}");
        }
        assert_eq!(read_quantities(&[LINE], &[]).unwrap().sums(), (0, 2), "nothing said, nothing leaves");
    }

    #[test]
    fn amazon_wants_a_carrier_and_a_reference_with_every_parcel() {
        assert_eq!(check_label(" - ", "  ", true), [Mistake::CarrierMissing, Mistake::TrackingMissing]);
        assert_eq!(check_label("", "", false), []);
        assert_eq!(check_label("Self Delivery", "", true), [Mistake::TrackingMissing]);
        assert_eq!(check_label("Self Delivery", "12", true), []);
        let long = "x".repeat(61);
        assert_eq!(check_label(&long, &long, true), [Mistake::CarrierTooLong, Mistake::TrackingTooLong]);
    }

    #[test]
    fn doubts_are_said_and_stop_nobody() {
        assert_eq!(doubts("Colisimo", false, "", None), [Doubt::CarrierUnknown(Some("Colissimo"))]);
        assert_eq!(doubts("Coursier Dupont", false, "1", None), [Doubt::CarrierUnknown(None)]);
        assert_eq!(doubts("Coursier Dupont", true, "1", None), []);
        assert_eq!(doubts("UPS", true, "6A12345678901", Some("1Z****************")), [Doubt::Format]);
        assert_eq!(doubts("UPS", true, "1z 999AA1 0123456784", Some("1Z****************")), []);
    }

    proptest! {
        #[test]
        fn what_leaves_and_what_stays_is_what_was_asked_for(rows in proptest::collection::vec((0_i64..50, 0_i64..60), 0..8)) {
            let lines: Vec<Line> = (1..).zip(&rows).map(|(id, (demand, _))| Line { id: MoveId(id), demand: *demand }).collect();
            let typed: Vec<(MoveId, String)> =
                lines.iter().zip(&rows).map(|(line, (_, done))| (line.id, done.to_string())).collect();
            match read_quantities(&lines, &typed) {
                Ok(shipped) => {
                    let (left, stays) = shipped.sums();
                    prop_assert_eq!(left + stays, lines.iter().map(|line| line.demand).sum::<i64>());
                    prop_assert_eq!(shipped.is_partial(), stays > 0);
                }
                Err(mistakes) => {
                    let over = rows.iter().filter(|(demand, done)| done > demand).count();
                    prop_assert_eq!(mistakes.len(), over);
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,20}") {
            if let Ok(shipped) = read_quantities(&[LINE], &typed(&text)) {
                prop_assert!((0..=2).contains(&shipped.lines[0].1));
            }
        }
    }
}
