//! Tracking references for many transfers at once, as people paste or import them: one line each.

/// The most lines of one go.
pub const MOST: usize = 200;

/// What one line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its line in the text.
    pub line: usize,
    /// Our reference, an order's number or Amazon's.
    pub reference: String,
    /// The carrier; empty when the line does not say.
    pub carrier: String,
    /// The carrier's reference.
    pub tracking: String,
}

/// Why the text, or a line of it, cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It has neither two nor three columns.
    Columns,
    /// The reference or the tracking reference is missing.
    Incomplete,
}

/// The words by which the last column of a head line is called.
const HEADS: [&str; 7] = [
    "tracking",
    "tracking reference",
    "tracking number",
    "suivi",
    "référence de suivi",
    "numéro de suivi",
    "tracking_ref",
];

/// Reads `reference, tracking` or `reference, carrier, tracking`, with tabs, semicolons or commas between.
pub fn read(text: &str) -> Vec<Result<Entry, (usize, Unreadable)>> {
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let mut read = Vec::new();
    for (at, line) in lines {
        let separator = ['\t', ';'].into_iter().find(|sign| line.contains(*sign)).unwrap_or(',');
        let cells: Vec<&str> = line.split(separator).map(|cell| cell.trim().trim_matches('"').trim()).collect();
        let line = at + 1;
        let (reference, carrier, tracking) = match cells.as_slice() {
            [reference, tracking] => (*reference, "", *tracking),
            [reference, carrier, tracking] => (*reference, *carrier, *tracking),
            _ => {
                read.push(Err((line, Unreadable::Columns)));
                continue;
            }
        };
        if read.is_empty() && HEADS.contains(&tracking.to_lowercase().as_str()) {
            continue;
        }
        if reference.is_empty() || tracking.is_empty() {
            read.push(Err((line, Unreadable::Incomplete)));
            continue;
        }
        let (reference, carrier, tracking) = (reference.to_owned(), carrier.to_owned(), tracking.to_owned());
        read.push(Ok(Entry { line, reference, carrier, tracking }));
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(line: usize, reference: &str, carrier: &str, tracking: &str) -> Entry {
        Entry { line, reference: reference.into(), carrier: carrier.into(), tracking: tracking.into() }
    }

    #[test]
    fn two_or_three_columns_are_read_with_any_separator_and_without_the_head_line() {
        let text =
            "Reference;Carrier;Tracking\nWH/OUT/00042;Colissimo;6A1\n\n402-1234567-1234567\t1Z 9\nS01003, \"6A2\"";
        let expected = [
            Ok(entry(2, "WH/OUT/00042", "Colissimo", "6A1")),
            Ok(entry(4, "402-1234567-1234567", "", "1Z 9")),
            Ok(entry(5, "S01003", "", "6A2")),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn a_line_that_cannot_be_read_says_why() {
        assert_eq!(
            read("A\nB;\n;C\na;b;c;d"),
            [
                Err((1, Unreadable::Columns)),
                Err((2, Unreadable::Incomplete)),
                Err((3, Unreadable::Incomplete)),
                Err((4, Unreadable::Columns)),
            ]
        );
        assert_eq!(read(" \n"), []);
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,60}(\n\\PC{0,40}){0,5}") {
            prop_assert!(read(&text).len() <= text.lines().count());
        }
    }
}
