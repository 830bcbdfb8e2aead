//! Printed documents as PDF: delivery slips, the pick list, and the sheet of command codes.
//!
//! Each is a pure function from what it shows to bytes. It knows no request and reads no database.

mod commands;
mod font;
mod paper;
mod pick_list;
mod slip;

pub use commands::{COMMANDS, scan_commands};
pub use paper::PdfError;
pub use pick_list::{PickLine, Shelf, pick_list};
pub use slip::{Slip, SlipLine, slips};

#[cfg(test)]
mod tests {
    use super::{COMMANDS, PickLine, Shelf, Slip, SlipLine, pick_list, scan_commands, slips};
    use crate::domain::code128;
    use crate::i18n::Lang;
    use lopdf::Document;
    use lopdf::content::Content;

    fn read(bytes: &[u8]) -> Document {
        Document::load_mem(bytes).unwrap()
    }

    /// The text of a sheet, without the spaces that a reader of PDF may see or not.
    fn text(document: &Document, page: u32) -> String {
        document.extract_text(&[page]).unwrap().split_whitespace().collect()
    }

    fn squeezed(text: &str) -> String {
        text.split_whitespace().collect()
    }

    /// The bars of a sheet in the order in which they were drawn: their left edges and widths in modules of `unit`.
    fn bars(document: &Document, page: u32, unit: i64) -> Vec<(i64, i64)> {
        let id = document.get_pages()[&page];
        let content = Content::decode(&document.get_page_content(id)).unwrap();
        let number = |object: &lopdf::Object| format!("{:.0}", object.as_float().unwrap()).parse::<i64>().unwrap();
        // A rectangle is drawn as a walk around its corners: m, l, l, l, h.
        let mut rects = Vec::new();
        let mut corners: Vec<(i64, i64)> = Vec::new();
        for operation in &content.operations {
            match operation.operator.as_str() {
                "m" => corners = vec![(number(&operation.operands[0]), number(&operation.operands[1]))],
                "l" => corners.push((number(&operation.operands[0]), number(&operation.operands[1]))),
                "h" => rects.push([corners[0].0, corners[2].0 - corners[0].0, corners[2].1 - corners[0].1]),
                _ => {}
            }
        }
        // A rule is thin and long, a bar high and narrow.
        let bars = rects.iter().filter(|[_, width, height]| height > width);
        bars.map(|[left, width, _]| (*left, width / unit)).collect()
    }

    /// The widths of bars and gaps, as a scanner sees them.
    fn scanned(bars: &[(i64, i64)], unit: i64) -> Vec<u8> {
        let mut widths = Vec::new();
        for (at, (left, width)) in bars.iter().enumerate() {
            widths.push(u8::try_from(*width).unwrap());
            if let Some((next, _)) = bars.get(at + 1) {
                widths.push(u8::try_from((next - left) / unit - width).unwrap());
            }
        }
        widths
    }

    fn slip() -> Slip {
        Slip {
            reference: "WH/OUT/00012".to_owned(),
            company: "Comptoir démo".to_owned(),
            order: "902-1106328-1059050".to_owned(),
            marketplace: "Amazon.fr".to_owned(),
            ordered: "24/11/2026".to_owned(),
            carrier: "Colissimo".to_owned(),
            tracking: "6A12345678901".to_owned(),
            address: ["Zażółć Öberg", "Şişli Cd. 3", "Αθήνα"].map(str::to_owned).to_vec(),
            lines: vec![SlipLine { product: "MUG-01".to_owned(), title: "Mug en grès".to_owned(), quantity: 1_200 }],
            gift_messages: vec![("Mug en grès".to_owned(), "Joyeux anniversaire !\nMamie 🎂".to_owned())],
            rest_of: Some("WH/OUT/00007".to_owned()),
            followed_by: vec!["WH/OUT/00019".to_owned()],
            ..Slip::default()
        }
    }

    #[test]
    fn a_slip_says_what_is_inside_to_whom_it_goes_and_what_the_giver_wrote() {
        let document = read(&slips(Lang::Fr, &[slip()]).unwrap());
        let shown = text(&document, 1);
        for part in [
            "Bon de livraison",
            "WH/OUT/00012",
            "902-1106328-1059050",
            "Zażółć Öberg",
            "Şişli Cd. 3",
            "Αθήνα",
            "Colissimo",
            "6A12345678901",
            "Mug en grès",
            "Joyeux anniversaire !",
            "Mamie \u{fffd}",
            "le reste de WH/OUT/00007",
            "suit dans WH/OUT/00019",
            "1 / 1",
            "remplace une lettre qui ne peut pas être imprimée",
        ] {
            assert!(shown.contains(&squeezed(part)), "{part} in {shown}");
        }
        let catalog = document.catalog().unwrap();
        assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"fr");
    }

    #[test]
    fn nothing_is_said_of_missing_letters_where_none_is_missing() {
        let document = read(&slips(Lang::En, &[Slip { gift_messages: Vec::new(), ..slip() }]).unwrap());
        assert!(!text(&document, 1).contains("cannotbeprinted"));
    }

    #[test]
    fn the_bars_of_a_slip_are_those_of_its_reference() {
        let document = read(&slips(Lang::En, &[slip()]).unwrap());
        assert_eq!(scanned(&bars(&document, 1, 26), 26), code128::encode("WH/OUT/00012").unwrap());
    }

    #[test]
    fn each_transfer_begins_on_a_sheet_of_its_own_and_long_ones_go_on_below_the_head_of_the_table() {
        let lines = (1..=90).map(|number| SlipLine {
            product: format!("SKU-{number:03}"),
            title: "Une très longue désignation ".repeat(8),
            quantity: number,
        });
        let long = Slip { lines: lines.collect(), ..slip() };
        let document = read(&slips(Lang::En, &[long, slip()]).unwrap());
        let count = u32::try_from(document.get_pages().len()).unwrap();
        assert!(count > 4, "{count} sheets");
        let all: String = (1..=count).map(|page| text(&document, page)).collect();
        for number in 1..=90 {
            assert_eq!(all.matches(&format!("SKU-{number:03}")).count(), 1, "each line stands once");
        }
        assert!(text(&document, 2).starts_with("Qty"), "the head is repeated: {}", text(&document, 2));
        assert!(text(&document, 1).contains(&format!("1/{}", count - 1)), "each slip counts its own sheets");
        assert!(text(&document, count).contains("1/1"));
    }

    #[test]
    fn a_pick_list_names_locations_quantities_and_transfers() {
        let line = PickLine {
            product: "MUG-01".to_owned(),
            name: "Mug".to_owned(),
            quantity: 5,
            transfers: vec![("WH/OUT/00001".to_owned(), 2), ("WH/OUT/00002".to_owned(), 3)],
        };
        let shelf = Shelf { location: "WH/Stock/A3".to_owned(), lines: vec![line] };
        let shown = text(&read(&pick_list(Lang::En, "24/11/2026", std::slice::from_ref(&shelf)).unwrap()), 1);
        for part in ["Pick list", "WH/Stock/A3", "5", "MUG-01", "WH/OUT/00001 × 2, WH/OUT/00002 × 3"] {
            assert!(shown.contains(&squeezed(part)), "{part} in {shown}");
        }
        let document = read(&pick_list(Lang::En, "", std::slice::from_ref(&shelf)).unwrap());
        let (all, code) = (bars(&document, 1, 26), |text: &str| code128::encode(text).unwrap());
        let (first, second) = all.split_at(code("WH/OUT/00001").len().div_ceil(2));
        let codes = [scanned(first, 26), scanned(second, 26)];
        assert_eq!(codes, [code("WH/OUT/00001"), code("WH/OUT/00002")], "each transfer is opened by its code");
        let empty = text(&read(&pick_list(Lang::En, "", &[]).unwrap()), 1);
        assert!(empty.contains("Nothingislefttopick"));
    }

    #[test]
    fn the_pick_list_of_one_transfer_bears_its_code_above() {
        let line = PickLine { transfers: vec![("WH/OUT/00012".to_owned(), 1)], ..PickLine::default() };
        let shelf = Shelf { location: "WH/Stock".to_owned(), lines: vec![line] };
        let document = read(&pick_list(Lang::Fr, "", &[shelf]).unwrap());
        assert_eq!(scanned(&bars(&document, 1, 26), 26), code128::encode("WH/OUT/00012").unwrap());
        assert_eq!(text(&document, 1).matches("WH/OUT/00012").count(), 2, "above and in its row");
    }

    #[test]
    fn the_sheet_of_commands_holds_each_code_and_its_text() {
        let document = read(&scan_commands(Lang::En).unwrap());
        let shown = text(&document, 1);
        assert!(COMMANDS.iter().all(|(command, _)| shown.contains(command.as_str())), "{shown}");
        let all = bars(&document, 1, 30);
        let mut drawn = all.as_slice();
        for (command, _) in COMMANDS {
            let command = command.as_str();
            let expected = code128::encode(command).unwrap();
            let (mine, rest) = drawn.split_at(expected.len().div_ceil(2));
            assert_eq!(scanned(mine, 30), expected, "{command}");
            drawn = rest;
        }
        assert!(drawn.is_empty());
    }
}
