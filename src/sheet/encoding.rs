//! The text of a file: UTF-8 with or without its mark, or the Windows-1252 that older programs of Western Europe write.
//!
//! What is neither is refused: a guess would write wrong letters into names.

use super::SheetError;
use std::borrow::Cow;

/// What bytes 0x80 to 0x9F are in Windows-1252; five of them are nothing (Unicode, "CP1252.TXT").
const UPPER: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”', '•',
    '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The text, and the name of its encoding.
pub fn text(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str), SheetError> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(SheetError::Utf16);
    }
    let is_other_file = [&b"\xD0\xCF\x11\xE0"[..], b"%PDF", b"\x89PNG", b"\xFF\xD8\xFF", b"\x1F\x8B"];
    if is_other_file.iter().any(|mark| bytes.starts_with(mark)) || bytes.contains(&0) {
        return Err(SheetError::Unknown);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((Cow::Borrowed(text), "utf-8"));
    }
    let letters: Option<String> = bytes.iter().map(|byte| letter(*byte)).collect();
    letters.map(|text| (Cow::Owned(text), "windows-1252")).ok_or(SheetError::Encoding)
}

fn letter(byte: u8) -> Option<char> {
    match byte {
        0x80..=0x9F => UPPER.get(usize::from(byte - 0x80)).copied().filter(|letter| *letter != '\0'),
        _ => Some(char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_is_read_with_and_without_its_mark() {
        assert_eq!(text("caf\u{e9}".as_bytes()).unwrap(), (Cow::Borrowed("café"), "utf-8"));
        assert_eq!(text(b"\xEF\xBB\xBFa;b").unwrap(), (Cow::Borrowed("a;b"), "utf-8"));
    }

    #[test]
    fn windows_1252_is_told_from_utf8_by_what_cannot_be_utf8() {
        let (read, encoding) = text(b"Caf\xE9 \x80 12 \x9Cuf").unwrap();
        assert_eq!((read.as_ref(), encoding), ("Café € 12 œuf", "windows-1252"));
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_reason() {
        assert_eq!(text(b"\xFF\xFEa\0"), Err(SheetError::Utf16));
        assert_eq!(text(b"\xD0\xCF\x11\xE0\xA1"), Err(SheetError::Unknown));
        assert_eq!(text(b"a;b\0c"), Err(SheetError::Unknown));
        assert_eq!(text(b"\xE9\x81"), Err(SheetError::Encoding), "0x81 is nothing in Windows-1252");
    }
}
