//! The report about a feed: which of its messages Amazon refused or warned about, and why.
//!
//! Only problems are listed; a message that the report does not name was accepted.

use super::http::tidy_words;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What became of one message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageResult {
    /// Whether it was refused; else Amazon only warns.
    pub is_refused: bool,
    /// Amazon's code.
    pub code: String,
    /// Amazon's words.
    pub words: String,
}

/// The report about a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessingReport {
    /// Whether Amazon refused the file as a whole.
    pub is_rejected: bool,
    /// How many messages Amazon worked through, if it says so.
    pub processed: Option<i64>,
    /// The messages with a problem, by their number; a refusal outweighs a warning.
    pub results: BTreeMap<i64, MessageResult>,
}

/// Why a report cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// It is not XML to its end.
    #[error("the report is not XML")]
    NotXml,
    /// It is XML, but no report.
    #[error("the report says nothing about messages")]
    NoReport,
}

/// The most problems that are read; a feed holds fewer messages.
const MOST_RESULTS: usize = 100_000;

/// Reads a report; its own declaration says in which letters it is written, else the header of its answer.
pub(super) fn read(content: &[u8], content_type: Option<&str>) -> Result<ProcessingReport, ReportError> {
    let xml = letters(content, content_type);
    let mut reader = Reader::from_str(xml.strip_prefix('\u{feff}').unwrap_or(&xml));
    let mut report = ProcessingReport::default();
    let mut path: Vec<String> = Vec::new();
    let (mut number, mut current, mut is_report) = (None, MessageResult::default(), false);
    let mut text = String::new();
    loop {
        match reader.read_event().map_err(|_bad| ReportError::NotXml)? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                is_report |= name == "ProcessingReport";
                if name == "Result" {
                    (number, current) = (None, MessageResult::default());
                }
                path.push(name);
                text.clear();
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::CData(piece) => text.push_str(&piece),
            Event::GeneralRef(entity) => text.push_str(&resolved(&entity)),
            Event::End(_) => {
                let name = path.pop().unwrap_or_default();
                let is_in = |parent: &str| path.last().is_some_and(|held| held == parent);
                let value = text.trim();
                match name.as_str() {
                    "StatusCode" if is_in("ProcessingReport") => report.is_rejected = value == "Rejected",
                    "MessagesProcessed" if is_in("ProcessingSummary") => report.processed = value.parse().ok(),
                    "MessageID" if is_in("Result") => number = value.parse().ok(),
                    "ResultCode" if is_in("Result") => current.is_refused = value == "Error",
                    "ResultMessageCode" if is_in("Result") => current.code = tidy_words(value),
                    "ResultDescription" if is_in("Result") => current.words = tidy_words(value),
                    "Result" if report.results.len() < MOST_RESULTS => {
                        if let Some(number) = number {
                            let held = report.results.entry(number).or_default();
                            if held.code.is_empty() || (current.is_refused && !held.is_refused) {
                                *held = current.clone();
                            }
                        }
                    }
                    _ => {}
                }
                text.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    match (is_report, path.is_empty()) {
        (_, false) => Err(ReportError::NotXml),
        (false, true) => Err(ReportError::NoReport),
        (true, true) => Ok(report),
    }
}

/// A sign that is written by its name or its number.
fn resolved(entity: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(sign)) = entity.resolve_char_ref() {
        return sign.to_string();
    }
    match &**entity {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
    .to_owned()
}

/// The text of a report: UTF-8, or Western European (ISO 8859-1) where its declaration or else the header says so.
///
/// Of other letters the plain ones stay, in which numbers and codes are written.
fn letters<'a>(content: &'a [u8], content_type: Option<&str>) -> Cow<'a, str> {
    if let Ok(text) = std::str::from_utf8(content) {
        return Cow::Borrowed(text);
    }
    let beginning = String::from_utf8_lossy(content.get(..200).unwrap_or(content)).to_ascii_lowercase();
    let declared = beginning.split_once("encoding=").map(|(_, rest)| rest.split('>').next().unwrap_or_default());
    let header = content_type.unwrap_or_default().to_ascii_lowercase();
    let named = declared.unwrap_or(&header);
    if ["iso-8859-1", "windows-1252", "latin1"].iter().any(|name| named.contains(name)) {
        return content.iter().map(|byte| char::from(*byte)).collect::<String>().into();
    }
    String::from_utf8_lossy(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(results: &str) -> String {
        format!(
            "<AmazonEnvelope><Header><DocumentVersion>1.02</DocumentVersion></Header><MessageType>ProcessingReport</MessageType>\
             <Message><MessageID>1</MessageID><ProcessingReport><DocumentTransactionID>50</DocumentTransactionID>\
             <StatusCode>Complete</StatusCode><ProcessingSummary><MessagesProcessed>3</MessagesProcessed></ProcessingSummary>\
             {results}</ProcessingReport></Message></AmazonEnvelope>"
        )
    }

    fn result(number: i64, code: &str, words: &str) -> String {
        format!(
            "<Result><MessageID>{number}</MessageID><ResultCode>{code}</ResultCode><ResultMessageCode>18028</ResultMessageCode>\
             <ResultDescription>{words}</ResultDescription><AdditionalInfo><SKU>X</SKU></AdditionalInfo></Result>"
        )
    }

    #[test]
    fn only_problems_are_listed_and_each_is_found_by_its_message() {
        let text =
            report(&(result(2, "Error", "The carrier &amp; its code\n are unknown") + &result(3, "Warning", "Late")));
        let read = read(text.as_bytes(), None).unwrap();
        assert_eq!((read.is_rejected, read.processed, read.results.len()), (false, Some(3), 2));
        let refused = &read.results[&2];
        assert_eq!((refused.is_refused, refused.code.as_str()), (true, "18028"));
        assert_eq!(refused.words, "The carrier & its code are unknown");
        assert!(!read.results[&3].is_refused);
    }

    #[test]
    fn a_refusal_outweighs_a_warning_about_the_same_message() {
        for order in [["Warning", "Error"], ["Error", "Warning"]] {
            let text = report(&order.map(|code| result(1, code, code)).concat());
            assert_eq!(read(text.as_bytes(), None).unwrap().results[&1].words, "Error");
        }
    }

    #[test]
    fn letters_are_read_as_the_report_or_its_header_declares_them() {
        let western = |text: &str| text.chars().map(|sign| u8::try_from(u32::from(sign)).unwrap()).collect::<Vec<u8>>();
        let plain = report(&result(1, "Error", "Numéro refusé"));
        let words = |content: &[u8], header| read(content, header).unwrap().results[&1].words.clone();
        let declared = format!("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>{plain}");
        assert_eq!(words(&western(&declared), None), "Numéro refusé");
        assert_eq!(words(&western(&plain), Some("text/xml; charset=ISO-8859-1")), "Numéro refusé");
        assert_eq!(words(plain.as_bytes(), Some("text/xml; charset=ISO-8859-1")), "Numéro refusé");
        assert_eq!(words(format!("\u{feff}{plain}").as_bytes(), None), "Numéro refusé");
    }

    #[test]
    fn what_is_no_report_is_not_taken_for_one_without_problems() {
        let cut: String = report("").chars().take(200).collect();
        for text in ["", "no XML", "<a/>", "<AmazonEnvelope><Message/></AmazonEnvelope>", &cut] {
            assert!(read(text.as_bytes(), None).is_err(), "{text}");
        }
        let rejected = report("").replace("Complete", "Rejected");
        assert!(read(rejected.as_bytes(), None).unwrap().is_rejected);
    }
}
