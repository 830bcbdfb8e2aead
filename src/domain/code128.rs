//! The bar code Code 128, by which scanners read references off paper.
//!
//! It must never encode anything but the text it was given: a scanner types what it reads.
//!
//! Source: ISO/IEC 15417, symbol character encodation.

/// The widths of bars and spaces of each symbol character, beginning with a bar: three bars and three spaces of eleven modules.
const PATTERNS: [&str; 106] = [
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312",
    "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132", "221231", "213212",
    "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211", "212123", "212321", "232121",
    "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331",
    "132131", "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131", "311123",
    "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111", "111224", "111422", "121124",
    "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211", "241211", "221114",
    "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112",
    "421211", "212141", "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
    "113141", "114131", "311141", "411131", "211412", "211214", "211232",
];

/// The character that ends every code, with its closing bar.
const STOP: &str = "2331112";

const CODE_C: usize = 99;
const CODE_B: usize = 100;
const START_B: usize = 104;
const START_C: usize = 105;

/// How many digits in a row are worth the change to the set that packs two into one character.
const DIGITS_WORTH_A_CHANGE: usize = 4;

/// The set of characters in use.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    /// Letters, digits and signs.
    B,
    /// Pairs of digits.
    C,
}

/// The values of the symbol characters of a text, with start and check character; none when a character has no code.
fn values(text: &str) -> Option<Vec<usize>> {
    let bytes = text.as_bytes();
    if bytes.is_empty() || !bytes.iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return None;
    }
    let digits_at = |at: usize| bytes.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
    let begins_in_c = digits_at(0) >= DIGITS_WORTH_A_CHANGE || (digits_at(0) == 2 && bytes.len() == 2);
    let mut set = if begins_in_c { Set::C } else { Set::B };
    let mut values = vec![if begins_in_c { START_C } else { START_B }];
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = digits_at(at);
        match set {
            Set::C if digits >= 2 => {
                let next = bytes.get(at + 1)?;
                values.push(usize::from(byte - b'0') * 10 + usize::from(next - b'0'));
                at += 2;
            }
            Set::C => {
                values.push(CODE_B);
                set = Set::B;
            }
            // An odd digit stays in set B, so that the pairs come out even.
            Set::B if digits >= DIGITS_WORTH_A_CHANGE && digits.is_multiple_of(2) => {
                values.push(CODE_C);
                set = Set::C;
            }
            Set::B => {
                values.push(usize::from(byte - b' '));
                at += 1;
            }
        }
    }
    let sum: usize = values.iter().enumerate().map(|(at, value)| at.max(1) * value).sum();
    values.push(sum % 103);
    Some(values)
}

/// The widths of the bars and spaces of a text, in modules: bar, space, bar, and so on; none when it has a character without code.
///
/// Blank space of ten modules on both sides belongs to the code and is the caller's.
pub fn encode(text: &str) -> Option<Vec<u8>> {
    let values = values(text)?;
    let patterns = values.iter().filter_map(|value| PATTERNS.get(*value)).chain([&STOP]);
    Some(patterns.flat_map(|pattern| pattern.bytes().map(|digit| digit - b'0')).collect())
}

#[cfg(test)]
mod tests {
    use super::{PATTERNS, STOP, encode, values};

    fn drawn(text: &str) -> String {
        encode(text).unwrap().iter().map(|width| char::from(b'0' + width)).collect()
    }

    #[test]
    fn every_character_has_eleven_modules_and_is_unique() {
        let sum = |pattern: &str| pattern.bytes().map(|digit| u32::from(digit - b'0')).sum::<u32>();
        assert!(PATTERNS.iter().all(|pattern| pattern.len() == 6 && sum(pattern) == 11));
        assert_eq!(sum(STOP), 13);
        let bars = |pattern: &str| pattern.bytes().step_by(2).map(|digit| u32::from(digit - b'0')).sum::<u32>();
        assert!(PATTERNS.iter().all(|pattern| bars(pattern).is_multiple_of(2)), "the bars of each are even together");
        let unique: std::collections::BTreeSet<_> = PATTERNS.iter().collect();
        assert_eq!(unique.len(), PATTERNS.len());
    }

    #[test]
    fn known_codes_come_out() {
        // Worked out by hand: the check character is the weighted sum modulo 103.
        assert_eq!(values("PJJ123C").unwrap(), [104, 48, 42, 42, 17, 18, 19, 35, 55]);
        assert_eq!(values("Wikipedia").unwrap(), [104, 55, 73, 75, 73, 80, 69, 68, 73, 65, 88]);
        assert_eq!(values("1234").unwrap(), [105, 12, 34, 82]);
        assert_eq!(drawn("A"), format!("211214{}{}{STOP}", "111323", "131123"));
    }

    #[test]
    fn digits_are_packed_and_odd_ones_are_not_lost() {
        assert_eq!(values("12345").unwrap()[..5], [105, 12, 34, 100, 21]);
        assert_eq!(values("A12345").unwrap()[..6], [104, 33, 17, 99, 23, 45]);
        assert_eq!(values("WH/OUT/00012").unwrap()[..9], [104, 55, 40, 15, 47, 53, 52, 15, 16]);
    }

    #[test]
    fn what_has_no_code_is_refused() {
        for text in ["", "é", "a\tb", "日本"] {
            assert!(encode(text).is_none(), "{text}");
        }
        assert!(encode(" ~").is_some());
    }

    proptest::proptest! {
        #[test]
        fn a_scanner_reads_the_text_again(text in "[ -~]{1,40}") {
            proptest::prop_assert_eq!(read(&text), text);
        }
    }

    /// Reads a code as a scanner does.
    fn read(text: &str) -> String {
        let widths = drawn(text);
        let (body, stop) = widths.split_at(widths.len() - STOP.len());
        assert_eq!(stop, STOP);
        let found: Vec<usize> = body
            .as_bytes()
            .chunks(6)
            .map(|chunk| PATTERNS.iter().position(|pattern| pattern.as_bytes() == chunk).unwrap())
            .collect();
        let (check, data) = found.split_last().unwrap();
        let sum: usize = data.iter().enumerate().map(|(at, value)| at.max(1) * value).sum();
        assert_eq!(sum % 103, *check);
        let mut is_c = data[0] == 105;
        let mut read = String::new();
        for value in &data[1..] {
            match value {
                99 if !is_c => is_c = true,
                100 if is_c => is_c = false,
                value if is_c => read.push_str(&format!("{value:02}")),
                value => read.push(char::from(u8::try_from(*value).unwrap() + b' ')),
            }
        }
        read
    }
}
