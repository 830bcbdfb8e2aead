//! The delivery slip that goes into a parcel, and on which the packer finds what belongs in it.
//!
//! It must never show a price: gifts travel with it.

use super::font::Weight;
use super::paper::{Align, Column, LARGE, LEFT, NORMAL, Paper, PdfError, RIGHT, SMALL};
use crate::i18n::{Lang, format};

/// One delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slip {
    /// The transfer, such as `WH/OUT/00012`; also as a bar code.
    pub reference: String,
    /// Who sends.
    pub company: String,
    /// Amazon's number of the order.
    pub order: String,
    /// Where it was bought.
    pub marketplace: String,
    /// The day of the order.
    pub ordered: String,
    /// The latest moment to ship.
    pub ship_by: String,
    /// Who carries it; empty when not yet known.
    pub carrier: String,
    /// The carrier's reference; empty when not yet known.
    pub tracking: String,
    /// Where it goes, line by line; empty when Amazon did not tell.
    pub address: Vec<String>,
    /// What is inside.
    pub lines: Vec<SlipLine>,
    /// For which item, and what the buyer wrote.
    pub gift_messages: Vec<(String, String)>,
    /// The delivery whose rest this is.
    pub rest_of: Option<String>,
    /// The deliveries that bring what is missing here.
    pub followed_by: Vec<String>,
}

/// One line of a delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlipLine {
    /// The product's reference.
    pub product: String,
    /// What it is.
    pub title: String,
    /// How many.
    pub quantity: i64,
}

const QUANTITY: Column = (LEFT, 900, Align::End);
const PRODUCT: Column = (LEFT + 1_100, 2_700, Align::Start);
const TITLE: Column = (LEFT + 4_000, RIGHT - LEFT - 4_000, Align::Start);

/// Some slips in one document, each on its own sheets.
pub fn slips(lang: Lang, slips: &[Slip]) -> Result<Vec<u8>, PdfError> {
    let title = match slips {
        [one] => format!("{} {}", lang.t("print-slip"), one.reference),
        _ => lang.t("print-slips").into_owned(),
    };
    let mut paper = Paper::new(lang, &title);
    for slip in slips {
        set(&mut paper, lang, slip);
    }
    paper.finish()
}

fn set(paper: &mut Paper, lang: Lang, slip: &Slip) {
    let t = |key: &str| lang.t(key).into_owned();
    paper.part(&format!("{} {} · {}", t("print-slip"), slip.reference, slip.order));
    let half = (RIGHT - LEFT) / 2;
    let top = paper.place();
    paper.bar_code(None, 640, 26, &slip.reference);
    paper.text(LEFT, half, NORMAL, Weight::Bold, &slip.company);
    paper.text(LEFT, half, LARGE, Weight::Bold, &t("print-slip"));
    paper.text(LEFT, half, LARGE, Weight::Regular, &slip.reference);
    paper.go_to(paper.place().max(top + 800));
    paper.rule();
    paper.space(120);
    let below = paper.place();
    let facts = [
        ("print-order", &slip.order),
        ("print-marketplace", &slip.marketplace),
        ("print-ordered", &slip.ordered),
        ("print-ship-by", &slip.ship_by),
        ("print-carrier", &slip.carrier),
        ("print-tracking", &slip.tracking),
    ];
    for (key, value) in facts.into_iter().filter(|(_, value)| !value.is_empty()) {
        paper.text(LEFT, half - 200, SMALL, Weight::Regular, &t(key));
        paper.text(LEFT, half - 200, NORMAL, Weight::Bold, value);
    }
    let after = paper.place();
    paper.go_to(below);
    paper.text(LEFT + half, half, SMALL, Weight::Regular, &t("print-ship-to"));
    if slip.address.is_empty() {
        paper.text(LEFT + half, half, NORMAL, Weight::Regular, &t("print-no-address"));
    }
    for (at, line) in slip.address.iter().enumerate() {
        let weight = if at == 0 { Weight::Bold } else { Weight::Regular };
        paper.text(LEFT + half, half, 240, weight, line);
    }
    paper.go_to(paper.place().max(after));
    paper.space(240);
    let columns = [QUANTITY, PRODUCT, TITLE];
    let head = [t("print-quantity"), t("print-product"), t("print-title")];
    paper.head(&columns, &head);
    for line in &slip.lines {
        let cells = [
            (format::number(lang, line.quantity), Weight::Bold),
            (line.product.clone(), Weight::Regular),
            (line.title.clone(), Weight::Regular),
        ];
        paper.row(&columns, &head, &cells);
    }
    if let Some(first) = &slip.rest_of {
        paper.space(120);
        paper.text(
            LEFT,
            RIGHT - LEFT,
            NORMAL,
            Weight::Bold,
            &lang.with("print-rest-of", &[("reference", first.as_str())]),
        );
    }
    if !slip.followed_by.is_empty() {
        paper.space(120);
        let others = slip.followed_by.join(", ");
        let text = lang.with("print-followed-by", &[("references", others.as_str())]);
        paper.text(LEFT, RIGHT - LEFT, NORMAL, Weight::Bold, &text);
    }
    if !slip.gift_messages.is_empty() {
        paper.heading(&t("print-gift"));
        for (title, message) in &slip.gift_messages {
            paper.text(LEFT, RIGHT - LEFT, SMALL, Weight::Regular, title);
            paper.text(LEFT + 300, RIGHT - LEFT - 300, 240, Weight::Regular, message);
            paper.space(120);
        }
    }
}
