//! Feeds as Amazon writes them (Feeds API 2021-06-30 model), only the fields that Comptoir uses.

use serde::{Deserialize, Serialize};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateFeedDocumentSpecification<'a> {
    pub(crate) content_type: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateFeedDocumentResponse {
    pub(crate) feed_document_id: String,
    pub(crate) url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateFeedSpecification<'a> {
    pub(crate) feed_type: &'a str,
    pub(crate) marketplace_ids: Vec<&'a str>,
    pub(crate) input_feed_document_id: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateFeedResponse {
    pub(crate) feed_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Feed {
    pub(crate) processing_status: String,
    pub(crate) result_feed_document_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FeedDocument {
    pub(crate) url: String,
    pub(crate) compression_algorithm: Option<String>,
}
