//! The pick list: what to fetch for some transfers, location by location, each product once.
//!
//! It must never hold anything about buyers: it lies about in the warehouse.

use super::font::Weight;
use super::paper::{Align, Column, LARGE, LEFT, Paper, PdfError, RIGHT};
use crate::i18n::{Lang, format};

/// What to fetch at one location.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shelf {
    /// The location.
    pub location: String,
    /// The products.
    pub lines: Vec<PickLine>,
}

/// One product to fetch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PickLine {
    /// The product's reference.
    pub product: String,
    /// Its name.
    pub name: String,
    /// How many for all transfers together.
    pub quantity: i64,
    /// For which transfers, and how many for each.
    pub transfers: Vec<(String, i64)>,
}

const COLUMNS: [Column; 4] = [
    (LEFT, 900, Align::End),
    (LEFT + 1_100, 2_500, Align::Start),
    (LEFT + 3_700, 3_600, Align::Start),
    (LEFT + 7_400, RIGHT - LEFT - 7_400, Align::Start),
];

/// The list as a document; `made` says when.
pub fn pick_list(lang: Lang, made: &str, shelves: &[Shelf]) -> Result<Vec<u8>, PdfError> {
    let t = |key: &str| lang.t(key).into_owned();
    let title = t("print-pick-list");
    let mut paper = Paper::new(lang, &title);
    paper.part(&format!("{title} · {made}"));
    paper.text(LEFT, RIGHT - LEFT, LARGE, Weight::Bold, &title);
    if shelves.is_empty() {
        paper.text(LEFT, RIGHT - LEFT, 200, Weight::Regular, &t("print-nothing-to-pick"));
    }
    let head = [t("print-quantity"), t("print-product"), t("print-title"), t("print-transfers")];
    for shelf in shelves {
        paper.heading(&shelf.location);
        paper.head(&COLUMNS, &head);
        for line in &shelf.lines {
            let transfers: Vec<String> = line
                .transfers
                .iter()
                .map(|(reference, quantity)| format!("{reference} × {}", format::number(lang, *quantity)))
                .collect();
            let cells = [
                (format::number(lang, line.quantity), Weight::Bold),
                (line.product.clone(), Weight::Regular),
                (line.name.clone(), Weight::Regular),
                (transfers.join(", "), Weight::Regular),
            ];
            paper.row(&COLUMNS, &head, &cells);
        }
    }
    paper.finish()
}
