//! Feeds: a file of many messages that Amazon works through, and the report that says what became of each.
//!
//! The file goes to an address that Amazon gives, which is checked and never receives the access token.

use super::error::{AmazonError, Malformed};
use super::http::Answer;
use super::model::feeds as amazon;
use super::orders::parse;
use super::processing_report::{self, ProcessingReport};
use super::{Amazon, Call, CallMeter, Credentials, Operation};
use crate::domain::ids::MarketplaceId;
use flate2::read::GzDecoder;
use reqwest::Url;
use std::io::Read as _;

/// The kind of feed that tells of parcels.
const FULFILLMENT: &str = "POST_ORDER_FULFILLMENT_DATA";

/// What the file is written in; the upload must carry exactly what was declared.
const XML: &str = "text/xml; charset=UTF-8";

/// The largest report that is read, in bytes once unpacked.
const LARGEST_REPORT: u64 = 32 * 1024 * 1024;

/// How far Amazon is with a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProcessingStatus {
    /// Not begun.
    InQueue,
    /// Under way.
    InProgress,
    /// Ended; the report says what became of each message.
    Done,
    /// Ended without being worked through.
    Cancelled,
    /// Refused as a whole.
    Fatal,
    /// A status that this version does not know.
    Other(String),
}

/// A feed at Amazon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedStatus {
    /// How far it is.
    pub status: ProcessingStatus,
    /// Where its report is, once there is one.
    pub report: Option<String>,
}

fn under(api: &Url, more: &[&str]) -> Url {
    let mut url = api.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(["feeds", "2021-06-30"]).extend(more);
    }
    url
}

fn status(text: &str) -> Result<FeedStatus, Malformed> {
    let feed: amazon::Feed = parse(text)?;
    let status = match feed.processing_status.as_str() {
        "IN_QUEUE" => ProcessingStatus::InQueue,
        "IN_PROGRESS" => ProcessingStatus::InProgress,
        "DONE" => ProcessingStatus::Done,
        "CANCELLED" => ProcessingStatus::Cancelled,
        "FATAL" => ProcessingStatus::Fatal,
        _ => ProcessingStatus::Other(feed.processing_status),
    };
    Ok(FeedStatus { status, report: feed.result_feed_document_id.filter(|id| !id.is_empty()) })
}

impl Amazon {
    /// Puts the content of a feed of parcels to Amazon; answers the name of the document.
    pub async fn upload_fulfillment(
        &self,
        credentials: &Credentials,
        content: Vec<u8>,
        meter: &mut CallMeter,
    ) -> Result<String, AmazonError> {
        let url = under(self.http.endpoints().api(credentials.region), &["documents"]);
        let json = json(&amazon::CreateFeedDocumentSpecification { content_type: XML });
        let call = Call::post(credentials, Operation::CreateFeedDocument, url, json);
        let decode = |text: &str| {
            let document: amazon::CreateFeedDocumentResponse = parse(text)?;
            Ok((document.feed_document_id, document.url))
        };
        let (document, url) = self.read(call, decode, meter).await?;
        let url = self.document_url(Operation::CreateFeedDocument, &url)?;
        meter.calls += 1;
        let answer = self.http.put_document("uploadFeed", url, XML, content).await?;
        if answer.status.is_success() { Ok(document) } else { Err(answer.refused(false, (self.clock)())) }
    }

    /// Has an uploaded feed of parcels processed; answers its number.
    ///
    /// An answer that was lost is not asked for again here: Amazon would work through the same feed twice.
    pub async fn create_fulfillment_feed(
        &self,
        credentials: &Credentials,
        marketplaces: &[MarketplaceId],
        document: &str,
        meter: &mut CallMeter,
    ) -> Result<String, AmazonError> {
        let url = under(self.http.endpoints().api(credentials.region), &["feeds"]);
        let wanted = amazon::CreateFeedSpecification {
            feed_type: FULFILLMENT,
            marketplace_ids: marketplaces.iter().map(MarketplaceId::as_str).collect(),
            input_feed_document_id: document,
        };
        let call = Call::post(credentials, Operation::CreateFeed, url, json(&wanted));
        let call = Call { is_repeatable: false, ..call };
        self.read(call, |text| parse::<amazon::CreateFeedResponse>(text).map(|feed| feed.feed_id), meter).await
    }

    /// Asks how far a feed is.
    pub async fn feed(
        &self,
        credentials: &Credentials,
        feed: &str,
        meter: &mut CallMeter,
    ) -> Result<FeedStatus, AmazonError> {
        let url = under(self.http.endpoints().api(credentials.region), &["feeds", feed]);
        self.read(Call::read(credentials, Operation::GetFeed, url), status, meter).await
    }

    /// Reads the report of a feed.
    pub async fn feed_report(
        &self,
        credentials: &Credentials,
        document: &str,
        meter: &mut CallMeter,
    ) -> Result<ProcessingReport, AmazonError> {
        let url = under(self.http.endpoints().api(credentials.region), &["documents", document]);
        let call = Call::read(credentials, Operation::GetFeedDocument, url);
        let document = self.read(call, |text| parse::<amazon::FeedDocument>(text), meter).await?;
        let url = self.document_url(Operation::GetFeedDocument, &document.url)?;
        meter.calls += 1;
        let answer = self.http.get_document("downloadReport", url).await?;
        if !answer.status.is_success() {
            return Err(answer.refused(false, (self.clock)()));
        }
        let is_packed = document.compression_algorithm.as_deref() == Some("GZIP");
        let content = if is_packed { unpacked(&answer)? } else { answer.body.clone() };
        processing_report::read(&content, answer.content_type.as_deref())
            .map_err(|_unreadable| answer.malformed(Malformed::Incomplete))
    }

    fn document_url(&self, operation: Operation, told: &str) -> Result<Url, AmazonError> {
        self.http.endpoints().document(told).map_err(|refused| {
            tracing::error!(error = %refused, "the address of a document was refused");
            AmazonError::Malformed { operation: operation.name(), what: Malformed::Incomplete, request_id: None }
        })
    }
}

/// The content of a packed document; one that the connection already unpacked is taken as it is.
fn unpacked(answer: &Answer) -> Result<Vec<u8>, AmazonError> {
    if !answer.body.starts_with(&[0x1f, 0x8b]) {
        return Ok(answer.body.clone());
    }
    let mut content = Vec::new();
    let mut reader = GzDecoder::new(answer.body.as_slice()).take(LARGEST_REPORT + 1);
    reader.read_to_end(&mut content).map_err(|_packed| answer.malformed(Malformed::CutShort))?;
    let is_too_large = u64::try_from(content.len()).is_ok_and(|length| length > LARGEST_REPORT);
    if is_too_large { Err(answer.malformed(Malformed::TooLarge)) } else { Ok(content) }
}

/// Texts always have a JSON form.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_is_read_and_an_unknown_one_is_kept() {
        let read = |text: &str| status(&format!(r#"{{"feedId":"1","processingStatus":"{text}"}}"#)).unwrap().status;
        assert_eq!(read("IN_QUEUE"), ProcessingStatus::InQueue);
        assert_eq!(read("IN_PROGRESS"), ProcessingStatus::InProgress);
        assert_eq!(read("DONE"), ProcessingStatus::Done);
        assert_eq!(read("CANCELLED"), ProcessingStatus::Cancelled);
        assert_eq!(read("FATAL"), ProcessingStatus::Fatal);
        assert_eq!(read("PAUSED"), ProcessingStatus::Other("PAUSED".to_owned()));
        let done = status(r#"{"processingStatus":"DONE","resultFeedDocumentId":"amzn1.tortuga.4.x"}"#).unwrap();
        assert_eq!(done.report.as_deref(), Some("amzn1.tortuga.4.x"));
        assert_eq!(status("{}"), Err(Malformed::Incomplete));
    }
}
