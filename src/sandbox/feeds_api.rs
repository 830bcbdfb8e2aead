//! The calls of the Feeds API, and the place where feed documents are uploaded and fetched.
//!
//! Source: Amazon's model `feeds_2021-06-30` and the Feeds API best practices. The place of documents must never accept an access
//! token: its addresses carry their own signature, as those of the real one do.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Data, Path, PayloadConfig, Query, ServiceConfig, delete, get, post, put, resource, route};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Answer;
use super::feeds::{Document, Feed, FeedStatus, SHIPMENTS, SWITCHED_OFF};
use super::handle::SandboxHandle;
use super::market;
use super::orders_api::{Ask, invalid, not_found, serve, unknown};
use super::quota::Operation;
use super::render::instant;
use super::state::World;

/// The largest document: 10 MiB, as Amazon recommends.
const LARGEST_DOCUMENT: usize = 10 << 20;

/// Declares the calls and the place of documents.
pub(crate) fn routes(config: &mut ServiceConfig) {
    let not_found = || route().to(unknown);
    config
        .service(resource("/feeds/2021-06-30/documents").route(post().to(create_document)).route(not_found()))
        .service(resource("/feeds/2021-06-30/documents/{id}").route(get().to(get_document)).route(not_found()))
        .service(resource("/feeds/2021-06-30/feeds").route(post().to(create_feed)).route(not_found()))
        .service(
            resource("/feeds/2021-06-30/feeds/{id}")
                .route(get().to(get_feed))
                .route(delete().to(cancel_feed))
                .route(not_found()),
        )
        .service(
            resource("/feed-documents/{id}")
                .app_data(PayloadConfig::default().limit(LARGEST_DOCUMENT))
                .route(put().to(upload))
                .route(get().to(fetch)),
        );
}

async fn create_document(request: HttpRequest, body: Bytes, handle: Data<SandboxHandle>) -> HttpResponse {
    serve(&handle, &Ask::read(&request, Operation::CreateFeedDocument).with_body(body)).await
}

async fn create_feed(request: HttpRequest, body: Bytes, handle: Data<SandboxHandle>) -> HttpResponse {
    serve(&handle, &Ask::read(&request, Operation::CreateFeed).with_body(body)).await
}

async fn get_feed(request: HttpRequest, handle: Data<SandboxHandle>) -> HttpResponse {
    serve(&handle, &Ask::read(&request, Operation::GetFeed)).await
}

async fn cancel_feed(request: HttpRequest, handle: Data<SandboxHandle>) -> HttpResponse {
    serve(&handle, &Ask::read(&request, Operation::CancelFeed)).await
}

async fn get_document(request: HttpRequest, handle: Data<SandboxHandle>) -> HttpResponse {
    serve(&handle, &Ask::read(&request, Operation::GetFeedDocument)).await
}

/// The secret part of a document's address.
#[derive(Deserialize)]
struct Signature {
    #[serde(default)]
    signature: String,
}

/// Why the place of documents refuses: a code and a sentence.
type Refusal = (&'static str, &'static str);

/// A refusal of the place of documents, which speaks XML.
fn no_access((code, text): Refusal) -> HttpResponse {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{text}</Message></Error>"
    );
    HttpResponse::Forbidden().content_type("application/xml").body(body)
}

/// The document that a request may touch.
fn opened<'a>(
    world: &'a mut World,
    request: &HttpRequest,
    id: &str,
    signature: &str,
) -> Result<&'a mut Document, Refusal> {
    if request.headers().contains_key("x-amz-access-token") || request.headers().contains_key("authorization") {
        let text = "Only one auth mechanism allowed; the access token must not be sent here.";
        return Err(("InvalidArgument", text));
    }
    let now = world.clock.now();
    let document = world.feeds.documents.iter_mut().find(|known| known.id == id && known.signature == signature);
    let document = document.ok_or(("SignatureDoesNotMatch", "The signature does not match."))?;
    if document.expires <= now {
        return Err(("AccessDenied", "Request has expired"));
    }
    Ok(document)
}

async fn upload(
    request: HttpRequest,
    id: Path<String>,
    query: Query<Signature>,
    body: Bytes,
    handle: Data<SandboxHandle>,
) -> HttpResponse {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    handle.with(|world| {
        let answer = match opened(world, &request, &id, &query.signature) {
            Err(refusal) => no_access(refusal),
            Ok(document) if document.content_type != content_type || document.is_result => {
                no_access(("SignatureDoesNotMatch", "The content type is not the one that was declared."))
            }
            Ok(document) => {
                document.content = Some(body);
                HttpResponse::Ok().finish()
            }
        };
        world.note(Operation::FeedUpload, answer.status().as_u16(), "");
        answer
    })
}

async fn fetch(
    request: HttpRequest,
    id: Path<String>,
    query: Query<Signature>,
    handle: Data<SandboxHandle>,
) -> HttpResponse {
    handle.with(|world| {
        let answer = match opened(world, &request, &id, &query.signature).cloned() {
            Err(refusal) => no_access(refusal),
            Ok(Document { content: Some(content), content_type, .. }) => {
                HttpResponse::Ok().content_type(content_type).body(content)
            }
            Ok(_) => HttpResponse::NotFound().finish(),
        };
        world.note(Operation::FeedDownload, answer.status().as_u16(), "");
        answer
    })
}

/// The body of `createFeedDocument`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewDocument {
    content_type: String,
}

/// The body of `createFeed`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewFeed {
    feed_type: String,
    marketplace_ids: Vec<String>,
    input_feed_document_id: String,
    #[serde(default)]
    feed_options: Option<std::collections::BTreeMap<String, String>>,
}

impl World {
    /// Answers a call of the Feeds API.
    pub(crate) fn answer_feeds(&mut self, ask: &Ask, seller: usize) -> Answer {
        match ask.operation {
            Operation::CreateFeedDocument => self.create_document(seller, ask),
            Operation::CreateFeed => self.create_feed(seller, &ask.body),
            Operation::GetFeed => {
                self.feed(seller, &ask.id).map_or_else(not_found, |feed| Answer::new(200, feed_json(feed)))
            }
            Operation::CancelFeed => self.cancel_feed(seller, &ask.id),
            _ => self.document(seller, ask),
        }
    }

    fn create_document(&mut self, seller: usize, ask: &Ask) -> Answer {
        let new = match serde_json::from_slice::<NewDocument>(&ask.body) {
            Ok(new) if !new.content_type.trim().is_empty() => new,
            Ok(_) => return invalid("contentType is empty"),
            Err(error) => return invalid(&error.to_string()),
        };
        let document = self.add_document(seller, &new.content_type);
        Answer::new(201, json!({ "feedDocumentId": document.id, "url": address(&ask.host, &document) }))
    }

    fn create_feed(&mut self, seller: usize, body: &Bytes) -> Answer {
        let new = match serde_json::from_slice::<NewFeed>(body) {
            Ok(new) => new,
            Err(error) => return invalid(&error.to_string()),
        };
        let NewFeed { feed_type, marketplace_ids, input_feed_document_id, feed_options } = new;
        if feed_type != SHIPMENTS && !SWITCHED_OFF.contains(&feed_type.as_str()) {
            return invalid(&format!("feedType does not accept the value '{feed_type}'"));
        }
        if feed_options.is_some_and(|options| !options.is_empty()) {
            return invalid("feedOptions are not accepted by this feed type");
        }
        if !(1..=25).contains(&marketplace_ids.len()) {
            return invalid("marketplaceIds must hold between 1 and 25 values");
        }
        if let Some(id) = marketplace_ids.iter().find(|id| market::find(id).is_none_or(|market| market.id != **id)) {
            return invalid(&format!("marketplaceIds does not accept the value '{id}'"));
        }
        let documents = &self.feeds.documents;
        let document = documents.iter().find(|known| known.id == input_feed_document_id && known.seller == seller);
        let Some(content) = document.and_then(|document| document.content.clone()) else {
            return invalid("inputFeedDocumentId names no uploaded document");
        };
        Answer::new(202, json!({ "feedId": self.add_feed(seller, &feed_type, marketplace_ids, content) }))
    }

    fn feed(&self, seller: usize, id: &str) -> Option<&Feed> {
        self.feeds.list.iter().find(|feed| feed.id == id && feed.seller == seller)
    }

    fn cancel_feed(&mut self, seller: usize, id: &str) -> Answer {
        let feed = self.feeds.list.iter_mut().find(|feed| feed.id == id && feed.seller == seller);
        let Some(feed) = feed else { return not_found() };
        if feed.status != FeedStatus::InQueue {
            return invalid("Only a feed whose processingStatus is IN_QUEUE can be cancelled");
        }
        feed.status = FeedStatus::Cancelled;
        Answer::new(200, Value::Null)
    }

    fn document(&mut self, seller: usize, ask: &Ask) -> Answer {
        let Some(document) = self.open_document(seller, &ask.id) else { return not_found() };
        let mut body = json!({ "feedDocumentId": document.id, "url": address(&ask.host, &document) });
        if document.is_result
            && let Some(body) = body.as_object_mut()
        {
            body.insert("compressionAlgorithm".to_owned(), "GZIP".into());
        }
        Answer::new(200, body)
    }
}

/// The address under which a document can be uploaded or fetched for a while.
fn address(host: &str, document: &Document) -> String {
    format!("http://{host}/feed-documents/{}?signature={}", document.id, document.signature)
}

fn feed_json(feed: &Feed) -> Value {
    let mut body = json!({
        "feedId": feed.id,
        "feedType": feed.kind,
        "marketplaceIds": feed.markets,
        "createdTime": instant(feed.created),
        "processingStatus": feed.status.word(),
    });
    let Some(map) = body.as_object_mut() else { return body };
    let has_started = !matches!(feed.status, FeedStatus::InQueue | FeedStatus::Cancelled);
    if has_started {
        map.insert("processingStartTime".to_owned(), instant(feed.starts).into());
    }
    if has_started && feed.status != FeedStatus::InProgress {
        map.insert("processingEndTime".to_owned(), instant(feed.ends).into());
    }
    if let Some(result) = &feed.result {
        map.insert("resultFeedDocumentId".to_owned(), result.clone().into());
    }
    body
}
