//! The letters of printed documents: which of them there are, how wide they stand, and where a line breaks.
//!
//! A letter that the font lacks must never vanish: an empty box stands for it, and the document says so.

use std::sync::LazyLock;

use ttf_parser::Face;

/// The files of Noto Sans (see `static/vendor/NOTICE.md`).
pub(super) const REGULAR: &[u8] = include_bytes!("fonts/NotoSans-Regular.ttf");
pub(super) const BOLD: &[u8] = include_bytes!("fonts/NotoSans-Bold.ttf");

/// What stands for a letter that the font lacks.
pub(super) const MISSING: char = '\u{fffd}';

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

static REGULAR_FACE: LazyLock<Option<Face<'static>>> = LazyLock::new(|| Face::parse(REGULAR, 0).ok());
static BOLD_FACE: LazyLock<Option<Face<'static>>> = LazyLock::new(|| Face::parse(BOLD, 0).ok());

fn face(weight: Weight) -> Option<&'static Face<'static>> {
    match weight {
        Weight::Regular => REGULAR_FACE.as_ref(),
        Weight::Bold => BOLD_FACE.as_ref(),
    }
}

/// The text with only letters that can be printed; what has no letter is marked by [`MISSING`], what is not to be seen is left out.
pub(super) fn printable(text: &str) -> String {
    let has = |letter| face(Weight::Regular).is_some_and(|face| face.glyph_index(letter).is_some());
    let shown = |letter: char| match letter {
        '\t' | '\n' | '\u{202f}' | '\u{2009}' => Some(' '),
        letter if letter.is_control() => None,
        // Joiners and selectors of emoji, and marks of direction.
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' => None,
        letter if has(letter) => Some(letter),
        _ => Some(MISSING),
    };
    text.chars().filter_map(shown).collect()
}

/// How wide a printable text stands, in twentieths of a point, at a size of the same unit.
pub(super) fn width(text: &str, weight: Weight, size: i64) -> i64 {
    let Some(face) = face(weight) else { return 0 };
    let advance =
        |letter| face.glyph_index(letter).and_then(|glyph| face.glyph_hor_advance(glyph)).map_or(0, i64::from);
    text.chars().map(advance).sum::<i64>() * size / i64::from(face.units_per_em())
}

/// The lines of a text that has this much room; words that have none are broken.
pub(super) fn lines(text: &str, weight: Weight, size: i64, room: i64) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in printable(paragraph).split_whitespace() {
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if width(&longer, weight, size) <= room {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if width(&line, weight, size) > room && line.chars().nth(1).is_some() {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{MISSING, Weight, lines, printable, width};

    #[test]
    fn the_languages_of_our_marketplaces_can_be_printed() {
        for text in [
            "Élodie Lefèvre, 12 rue de l’Église, œuvre — « ça » 3 €",
            "Zażółć gęślą jaźń, ul. Świętokrzyska",
            "İstanbul, Şişli, ığüşöç, Ğ",
            "Åsa Öberg, Göteborg",
            "Ελένη Παπαδοπούλου, Αθήνα",
            "Straße, Größe, ÄÖÜ",
        ] {
            assert_eq!(printable(text), text);
        }
    }

    #[test]
    fn a_letter_that_is_not_there_is_seen_to_be_missing() {
        assert_eq!(printable("山田 Taro"), format!("{MISSING}{MISSING} Taro"));
        assert_eq!(printable("a\u{200d}b\u{7}"), "ab");
        assert!(width(&MISSING.to_string(), Weight::Regular, 200) > 0, "the box itself can be printed");
    }

    #[test]
    fn lines_break_between_words_and_words_that_are_too_long_break_anywhere() {
        let broken = lines("Lampe de bureau articulée\nnoire", Weight::Regular, 200, 1_000);
        assert!(broken.len() > 2 && broken.iter().all(|line| width(line, Weight::Regular, 200) <= 1_000), "{broken:?}");
        assert_eq!(broken.join(" "), "Lampe de bureau articulée noire");
        let broken = lines(&"W".repeat(50), Weight::Bold, 200, 500);
        assert!(broken.len() > 5);
        assert_eq!(broken.concat(), "W".repeat(50));
        assert_eq!(lines("WWW", Weight::Bold, 200, 1), ["W", "W", "W"], "no room at all still ends");
    }
}
