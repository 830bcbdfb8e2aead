//! The two calls of the Orders API that read, `searchOrders` and `getOrder`, and what every call goes through.
//!
//! Source of every rule: Amazon's model `orders_2026-01-01` and the Selling Partner API documentation. A call must never
//! be answered without a valid access token, nor beyond the quota.

use std::time::Duration;

use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use super::answer::{Answer, Damage};
use super::faults::FaultKind;
use super::handle::SandboxHandle;
use super::included::Included;
use super::quota::Operation;
use super::render::View;
use super::search::single_values;
use super::state::World;
use super::twists;

/// The parts of a request that decide about its answer.
pub(crate) struct Ask {
    pub(crate) operation: Operation,
    /// The last step of the path: an order, a feed or a document.
    pub(crate) id: String,
    /// The host that was asked, as the caller names it.
    pub(crate) host: String,
    query: String,
    token: Option<String>,
    has_agent: bool,
    has_body: bool,
    pub(crate) body: Bytes,
}

impl Ask {
    pub(crate) fn read(request: &HttpRequest, operation: Operation) -> Self {
        let header = |name: &str| request.headers().get(name);
        Self {
            operation,
            id: request.match_info().iter().next().map(|(_, value)| value.to_owned()).unwrap_or_default(),
            host: request.connection_info().host().to_owned(),
            query: request.query_string().to_owned(),
            token: header("x-amz-access-token").and_then(|value| value.to_str().ok()).map(str::to_owned),
            has_agent: header("user-agent").is_some_and(|value| !value.is_empty() && value.len() <= 500),
            has_body: header("content-length").is_some() || header("transfer-encoding").is_some(),
            body: Bytes::new(),
        }
    }

    /// The request with what it carries.
    pub(crate) fn with_body(self, body: Bytes) -> Self {
        Self { body, ..self }
    }
}

/// `GET /orders/2026-01-01/orders`.
pub(crate) async fn search_orders(request: HttpRequest, handle: Data<SandboxHandle>) -> HttpResponse {
    serve(&handle, Ask::read(&request, Operation::SearchOrders)).await
}

/// `GET /orders/2026-01-01/orders/{orderId}`.
pub(crate) async fn get_order(request: HttpRequest, handle: Data<SandboxHandle>) -> HttpResponse {
    serve(&handle, Ask::read(&request, Operation::GetOrder)).await
}

/// Any other path or method: the gateway does not find it and complains about a token.
///
/// Source: Selling Partner API documentation, Authorization errors.
pub(crate) async fn unknown(request: HttpRequest, handle: Data<SandboxHandle>) -> HttpResponse {
    let mut answer = Answer::error(403, "MissingAuthenticationToken", "Missing Authentication Token", "");
    answer.error_type = Some("MissingAuthenticationTokenException");
    handle.with(|world| world.note(Operation::Unknown, answer.status, request.query_string()));
    answer.into_response()
}

/// Answers and writes the call into the log.
pub(crate) async fn serve(handle: &SandboxHandle, ask: Ask) -> HttpResponse {
    let answer = handle.with(|world| {
        let answer = world.answer(&ask);
        world.note(ask.operation, answer.status, &ask.query);
        answer
    });
    if answer.delay_secs > 0 {
        tokio::time::sleep(Duration::from_secs(answer.delay_secs)).await;
    }
    answer.into_response()
}

pub(crate) fn invalid(details: &str) -> Answer {
    Answer::error(400, "InvalidInput", "Invalid Input", details)
}

fn denied(details: &str) -> Answer {
    Answer::error(403, "Unauthorized", "Access to requested resource is denied.", details)
}

impl World {
    fn answer(&mut self, ask: &Ask) -> Answer {
        let seller = match self.authorize(ask) {
            Ok(seller) => seller,
            Err(answer) => return answer,
        };
        let now = self.clock.now();
        let Some(bucket) = self.bucket(seller, ask.operation) else { return denied("") };
        let (has_quota, rate) = (bucket.take(now), bucket.header());
        if !has_quota {
            return throttled();
        }
        if let Some(answer) = self.refusal(ask.operation, seller, &rate) {
            return answer;
        }
        let damage = self.damage(ask.operation, seller);
        if damage == Some(Damage::Refuse) && ask.operation.writes() {
            // The connection closes before anything is done; `AnswerLost` is the other way round.
            return Answer { damage, ..Answer::new(200, json!({})) };
        }
        let mut answer = self.answer_content(ask, seller);
        if answer.status < 300 && self.strikes(FaultKind::AnswerLost, ask.operation, seller) {
            return Answer { damage: Some(Damage::Refuse), ..answer };
        }
        if self.strikes(FaultKind::Slow, ask.operation, seller) {
            answer.delay_secs = self.faults.delay_seconds();
        }
        // A refusal tells no rate (Selling Partner API documentation, Usage plans and rate limits).
        answer.rate = (answer.status != 403).then_some(rate);
        answer.damage = damage;
        answer
    }

    /// Whose data the access token opens.
    fn authorize(&mut self, ask: &Ask) -> Result<usize, Answer> {
        if !ask.has_agent {
            return Err(invalid("The user-agent header is missing or longer than 500 characters."));
        }
        if ask.has_body && !ask.operation.writes() {
            return Err(invalid("A GET request must have neither a body nor a Content-Length header."));
        }
        let token = ask.token.as_deref().filter(|token| !token.is_empty());
        let token = token.ok_or_else(|| denied("Access token is missing in the request header."))?;
        let malformed = || denied("The access token you provided is revoked, malformed or invalid.");
        let access = *self.access.get(token).ok_or_else(malformed)?;
        let seller = access.seller.ok_or_else(malformed)?;
        if self.strikes(FaultKind::ExpireTokens, ask.operation, seller) {
            self.expire_tokens();
        }
        let expires = self.access.get(token).map(|access| access.expires);
        if expires.is_none_or(|expires| expires <= self.clock.now()) {
            return Err(denied("The access token you provided has expired."));
        }
        if self.strikes(FaultKind::RevokedSeller, ask.operation, seller) {
            return Err(malformed());
        }
        Ok(seller)
    }

    /// The faults that replace the answer by an error.
    fn refusal(&mut self, operation: Operation, seller: usize, rate: &str) -> Option<Answer> {
        if self.strikes(FaultKind::Throttled, operation, seller) {
            return Some(throttled());
        }
        if self.strikes(FaultKind::ThrottledWithHeaders, operation, seller) {
            let (rate, retry_after_secs) = (Some(rate.to_owned()), Some(2));
            return Some(Answer { rate, retry_after_secs, ..throttled() });
        }
        if self.strikes(FaultKind::InternalFailure, operation, seller) {
            let message = "We encountered an internal error. Please try again.";
            return Some(Answer::error(500, "InternalFailure", message, ""));
        }
        if self.strikes(FaultKind::BadGateway, operation, seller) {
            return Some(Answer { damage: Some(Damage::Html), ..Answer::new(502, json!(null)) });
        }
        let message = "Temporary overloading or maintenance of the server.";
        let is_down = self.strikes(FaultKind::ServiceUnavailable, operation, seller);
        is_down.then(|| Answer::error(503, "ServiceUnavailable", message, ""))
    }

    /// The fault that spoils the answer on its way.
    fn damage(&mut self, operation: Operation, seller: usize) -> Option<Damage> {
        let kinds = [
            (FaultKind::Hang, Damage::Hang),
            (FaultKind::Refuse, Damage::Refuse),
            (FaultKind::Cut, Damage::Cut),
            (FaultKind::TruncatedJson, Damage::Truncate),
            (FaultKind::HtmlBody, Damage::Html),
            (FaultKind::WrongCharset, Damage::Latin1),
            (FaultKind::ByteOrderMark, Damage::ByteOrderMark),
        ];
        kinds.into_iter().find(|(kind, _)| self.strikes(*kind, operation, seller)).map(|(_, damage)| damage)
    }

    fn answer_content(&mut self, ask: &Ask, seller: usize) -> Answer {
        let query = match Query::<Vec<(String, String)>>::from_query(&ask.query) {
            Ok(query) => query.into_inner(),
            Err(error) => return invalid(&error.to_string()),
        };
        if ask.operation == Operation::MarketplaceParticipations {
            return self.participations(seller);
        }
        if self.lacks_role(&query) || self.refused_calls.contains(ask.operation.name()) {
            return denied("");
        }
        if ask.operation.is_of_feeds() {
            return self.answer_feeds(ask, seller);
        }
        if ask.operation == Operation::ConfirmShipment {
            if !is_order_id(&ask.id) {
                return invalid("orderId is not three groups of 3, 7 and 7 digits");
            }
            return self.confirm_shipment(seller, &ask.id, &ask.body);
        }
        if ask.operation == Operation::GetOrder {
            return self.one_order(seller, &ask.id, query);
        }
        match self.check_search(seller, query) {
            Ok(search) => Answer::new(200, self.page(seller, search)),
            Err(details) => invalid(&details),
        }
    }

    /// Whether a part of an order is asked for that needs a role which the application lacks.
    fn lacks_role(&self, query: &[(String, String)]) -> bool {
        let asked = query.iter().filter(|(name, _)| name == "includedData");
        let mut asked = asked.filter_map(|(_, text)| Included::parse(text).ok());
        asked.any(|included| included.meets(self.refused))
    }

    fn one_order(&mut self, seller: usize, id: &str, query: Vec<(String, String)>) -> Answer {
        let parameters = match single_values(query, &["includedData"]) {
            Ok(parameters) => parameters,
            Err(details) => return invalid(&details),
        };
        let included = parameters.get("includedData").map_or(Ok(Included::default()), |text| Included::parse(text));
        let included = match included {
            Ok(included) => included,
            Err(word) => return invalid(&format!("includedData does not accept the value '{word}'")),
        };
        if !is_order_id(id) {
            return invalid("orderId is not three groups of 3, 7 and 7 digits");
        }
        let twist = twists::draw(self, Operation::GetOrder, seller);
        let view = View { included, settings: self.settings, now: self.clock.now() };
        let stored = self.by_id.get(id).and_then(|at| self.orders.get(*at));
        match stored.filter(|stored| stored.order.seller == seller) {
            Some(stored) => Answer::new(200, json!({ "order": twist.render(stored, &view) })),
            None => not_found(),
        }
    }
}

/// What is not there, or belongs to somebody else.
pub(crate) fn not_found() -> Answer {
    Answer::error(404, "NotFound", "The resource you requested could not be found.", "")
}

/// The 429 of the documentation, which carries no rate header.
fn throttled() -> Answer {
    Answer::error(429, "QuotaExceeded", "You exceeded your quota for the requested resource.", "")
}

/// Whether a text has the shape of an Amazon order identifier: 3, 7 and 7 digits.
fn is_order_id(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [3, 7, 7] && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()))
}
