//! The pick list: what to fetch for some transfers, location by location, each product once.
//!
//! It must never hold anything about buyers: it lies about in the warehouse.

use super::font::Weight;
use super::paper::{Align, Column, LARGE, LEFT, Paper, PdfError, RIGHT, SMALL};
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

/// The narrowest bar of a code, and the blank margin of ten of them that belongs to it.
const MODULE: i64 = 26;
const MARGIN: i64 = 300;

/// The list as a document; `made` says when.
pub fn pick_list(lang: Lang, made: &str, shelves: &[Shelf]) -> Result<Vec<u8>, PdfError> {
    let t = |key: &str| lang.t(key).into_owned();
    let title = t("print-pick-list");
    let mut paper = Paper::new(lang, &title);
    paper.part(&format!("{title} · {made}"));
    let transfers = transfers(shelves);
    let top = paper.place();
    if let [only] = transfers.as_slice() {
        paper.bar_code(None, 640, MODULE, only);
        paper.text(LEFT, (RIGHT - LEFT) / 2, LARGE, Weight::Bold, &title);
        paper.text(LEFT, (RIGHT - LEFT) / 2, LARGE, Weight::Regular, only);
        paper.go_to(paper.place().max(top + 800));
    } else {
        paper.text(LEFT, RIGHT - LEFT, LARGE, Weight::Bold, &title);
    }
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
    if transfers.len() > 1 {
        paper.heading(&t("print-pick-codes"));
        codes(&mut paper, &transfers);
    }
    paper.finish()
}

/// The transfers for which something is fetched, each once.
fn transfers(shelves: &[Shelf]) -> Vec<&str> {
    let lines = shelves.iter().flat_map(|shelf| &shelf.lines);
    let mut found: Vec<&str> = lines.flat_map(|line| &line.transfers).map(|(name, _)| name.as_str()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The bar codes of several transfers, two beside each other, each with its text.
fn codes(paper: &mut Paper, transfers: &[&str]) {
    let half = (RIGHT - LEFT) / 2;
    for pair in transfers.chunks(2) {
        paper.need(1_000);
        let top = paper.place();
        for (x, reference) in [LEFT + MARGIN, LEFT + half + MARGIN].into_iter().zip(pair) {
            paper.go_to(top);
            paper.bar_code(Some(x), 560, MODULE, reference);
            paper.go_to(top + 600);
            paper.text(x, half - MARGIN, SMALL, Weight::Regular, reference);
        }
        paper.space(240);
    }
}
