//! What a scanner reads while a parcel is packed: commands, and the codes of goods, carriers and labels.

use crate::domain::coded::coded;
use crate::domain::ids::MoveId;

coded! {
    /// What one does without a hand on the screen.
    Command {
        /// The parcel leaves with what is counted.
        Validate = "CMD:VALIDATE",
        /// Everything leaves.
        ShipAll = "CMD:SHIPALL",
        /// The last scan was wrong.
        Undo = "CMD:UNDO",
        /// On to the next transfer.
        Next = "CMD:NEXT",
        /// The delivery slip is wanted.
        Print = "CMD:PRINT",
    }
}

impl Command {
    /// Reads a command in capital or small letters.
    pub fn read(text: &str) -> Option<Self> {
        Self::parse(&text.trim().to_ascii_uppercase())
    }
}

/// A code as it is compared: what the scanner added is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// What was read.
    pub text: String,
    /// The article's number inside a longer code (GS1, element 01).
    gtin: Option<String>,
}

/// A prefix of three signs by which scanners say what kind of code they read, such as `]C1` (ISO/IEC 15424).
fn without_prefix(text: &str) -> &str {
    let mut signs = text.chars();
    let is_prefix = signs.next() == Some(']')
        && signs.next().is_some_and(|sign| sign.is_ascii_alphabetic())
        && signs.next().is_some_and(|sign| sign.is_ascii_alphanumeric());
    if is_prefix { signs.as_str() } else { text }
}

/// The article's number of a GS1 code, with the element's name in brackets or behind a prefix that announces GS1.
fn gtin(text: &str, is_gs1: bool) -> Option<String> {
    let rest = text.strip_prefix("(01)").or_else(|| text.strip_prefix("01").filter(|_| is_gs1))?;
    let digits: String = rest.chars().take(14).collect();
    (digits.len() == 14 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

impl Code {
    /// Reads a code; nothing when nothing was read.
    pub fn read(text: &str) -> Option<Self> {
        let is_noise = |sign: char| sign.is_whitespace() || sign.is_control();
        let whole = text.trim_matches(is_noise);
        let plain = without_prefix(whole).trim_matches(is_noise);
        if plain.is_empty() {
            return None;
        }
        let is_gs1 = ["]C1", "]d2", "]Q3", "]e0"].iter().any(|prefix| whole.starts_with(prefix));
        Some(Self { text: plain.to_owned(), gtin: gtin(plain, is_gs1) })
    }

    /// Whether it is this reference or barcode; leading zeros of article numbers do not count (a UPC is an EAN with one).
    pub fn means(&self, known: &str) -> bool {
        let known = known.trim();
        let is_same = |read: &str| {
            let is_number = |text: &str| text.len() >= 8 && text.bytes().all(|byte| byte.is_ascii_digit());
            let zeroless = |text: &str| text.trim_start_matches('0').to_owned();
            read.to_lowercase() == known.to_lowercase()
                || (is_number(read) && is_number(known) && zeroless(read) == zeroless(known))
        };
        !known.is_empty() && (is_same(&self.text) || self.gtin.as_deref().is_some_and(is_same))
    }

    /// Whether it is an article's number with the right check digit (GTIN-8, -12, -13, -14).
    pub fn is_article(&self) -> bool {
        let digits: Option<Vec<u32>> = self.text.chars().map(|sign| sign.to_digit(10)).collect();
        let Some(digits) = digits else { return false };
        let weighed = digits.iter().rev().enumerate().map(|(at, digit)| if at % 2 == 1 { digit * 3 } else { *digit });
        matches!(digits.len(), 8 | 12 | 13 | 14) && weighed.sum::<u32>() % 10 == 0
    }
}

/// What the last scan changed, so that it can be taken back while nothing else changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// One more unit of a line: so many since.
    Line(MoveId, i64),
    /// The tracking reference, which made this version of the transfer.
    Tracking(i64),
    /// The carrier, which made this version of the transfer.
    Carrier(i64),
}

impl Last {
    /// As a form carries it.
    pub fn to_text(self) -> String {
        match self {
            Self::Line(line, units) => format!("line.{line}.{units}"),
            Self::Tracking(version) => format!("tracking.{version}"),
            Self::Carrier(version) => format!("carrier.{version}"),
        }
    }

    /// Reads what a form carried.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (kind, number) = (parts.next()?, parts.next()?.parse().ok()?);
        match (kind, parts.next()) {
            ("line", Some(units)) => Some(Self::Line(MoveId(number), units.parse().ok()?)),
            ("tracking", None) => Some(Self::Tracking(number)),
            ("carrier", None) => Some(Self::Carrier(number)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(text: &str) -> Code {
        Code::read(text).unwrap()
    }

    #[test]
    fn what_a_scanner_adds_does_not_count() {
        for read in
            ["4006381333931", " 4006381333931\r", "]E04006381333931", "]C10104006381333931", "(01)04006381333931(10)B7"]
        {
            assert!(code(read).means("4006381333931"), "{read}");
        }
        assert!(code("mug-1").means("MUG-1") && code("]C1MUG-1").means("mug-1"));
        assert!(code("036000291452").means("0036000291452"), "a UPC is an EAN with a zero before it");
        assert!(!code("01").means("1") && !code("MUG-1").means("MUG-11") && !code("x").means(""));
        for nothing in ["", "  ", "]C1", "\u{1d}"] {
            assert_eq!(Code::read(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn an_article_number_is_told_from_a_label() {
        for number in ["4006381333931", "036000291452", "96385074", "04006381333931"] {
            assert!(code(number).is_article(), "{number}");
        }
        for label in ["4006381333932", "6A12345678901", "1Z999AA10123456784", "12345"] {
            assert!(!code(label).is_article(), "{label}");
        }
    }

    #[test]
    fn commands_are_read_in_any_case_and_nothing_else_is_one() {
        assert_eq!(Command::read(" cmd:validate "), Some(Command::Validate));
        assert_eq!(Command::read("CMD:NEXT"), Some(Command::Next));
        for wrong in ["VALIDATE", "CMD:", "CMD: VALIDATE", "CMD:FORMAT"] {
            assert_eq!(Command::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_was_scanned_last_is_read_as_it_was_written() {
        for last in [Last::Line(MoveId(12), 3), Last::Tracking(7), Last::Carrier(8)] {
            assert_eq!(Last::read(&last.to_text()), Some(last));
        }
        for wrong in ["", "line.1", "line.x.1", "tracking", "tracking.1.2", "other.1"] {
            assert_eq!(Last::read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_code_is_read_and_means_itself(text in "\\PC{0,40}") {
            if let Some(code) = Code::read(&text) {
                prop_assert!(code.means(&code.text) && !code.text.is_empty());
            }
        }
    }
}
