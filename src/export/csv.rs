//! Cells of a CSV file that no spreadsheet takes for a formula.

/// A text cell: a leading apostrophe keeps spreadsheets from running what starts like a formula.
///
/// Rule: ASVS 5.0, 1.2.10 (first characters `= + - @`, tab, carriage return, NUL). Amounts are written as numbers
/// and do not pass here.
pub fn text(value: &str) -> String {
    if value.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) { format!("'{value}") } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_cell_that_looks_like_a_formula_is_disarmed() {
        assert_eq!(super::text("=1+1"), "'=1+1");
        assert_eq!(super::text("-5"), "'-5");
        assert_eq!(super::text("Lampe d'appoint"), "Lampe d'appoint");
    }
}
