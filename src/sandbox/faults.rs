//! Everything that may go wrong between a merchant and Amazon, on demand.
//!
//! A fault must never happen unless it was switched on: a simulator that surprises its tests is worth nothing.

use serde::{Deserialize, Serialize};

use super::quota::Operation;
use super::rng::Rng;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FaultKind {
    /// 429 as Amazon answers it: without the rate header.
    Throttled,
    /// 429 with `x-amzn-RateLimit-Limit` and `Retry-After`, as some gateways answer.
    ThrottledWithHeaders,
    /// 500 `InternalFailure`.
    InternalFailure,
    /// 502 with the gateway's HTML page.
    BadGateway,
    /// 503 `ServiceUnavailable`.
    ServiceUnavailable,
    /// Sends the headers and the first bytes, then nothing more.
    Hang,
    /// Closes the connection without any answer.
    Refuse,
    /// Closes the connection in the middle of the body.
    Cut,
    /// A complete answer of 200 whose JSON stops half-way.
    TruncatedJson,
    /// An HTML page with status 200.
    HtmlBody,
    /// The body in Latin-1 although the header promises UTF-8.
    WrongCharset,
    /// A byte-order mark before the JSON.
    ByteOrderMark,
    /// All access tokens expire at once.
    ExpireTokens,
    /// The seller has withdrawn the authorization: `invalid_grant`.
    RevokedSeller,
    /// A page without orders in the middle, with a token for the next one.
    EmptyPage,
    /// The last order of a page comes again on the next.
    DuplicateOrder,
    /// The newest orders come on the first page.
    ReversePages,
    /// Unknown words where the model lists possible values.
    UnknownValues,
    /// Fields that the model does not have.
    NewFields,
    /// `null` where optional fields are.
    Nulls,
    /// Every paging token is refused as expired.
    PageTokenExpired,
    /// Amazon's clock goes `seconds` fast (or slow, when negative).
    ClockSkew,
    /// Orders to be shipped are said to be cancelled.
    FalselyCancelled,
    /// The answer comes `seconds` late.
    Slow,
    /// What was asked for is done, then the connection is closed without any answer.
    AnswerLost,
    /// The carrier named by `only` is refused, or every carrier.
    CarrierRefused,
    /// The order named by `only` takes no parcel, or no order does.
    OrderRefused,
    /// A feed ends as FATAL without any report.
    FeedFatal,
}

impl FaultKind {
    /// Every fault, with what it does in a few words.
    pub const ALL: [(Self, &'static str); 28] = [
        (Self::Throttled, "429 without headers"),
        (Self::ThrottledWithHeaders, "429 with rate header and Retry-After"),
        (Self::InternalFailure, "500 internal failure"),
        (Self::BadGateway, "502 with an HTML page"),
        (Self::ServiceUnavailable, "503 service unavailable"),
        (Self::Hang, "Answer starts, then hangs"),
        (Self::Refuse, "Connection closed without answer"),
        (Self::Cut, "Connection cut in the body"),
        (Self::TruncatedJson, "JSON stops half-way"),
        (Self::HtmlBody, "HTML page with status 200"),
        (Self::WrongCharset, "Latin-1 body labelled UTF-8"),
        (Self::ByteOrderMark, "Byte-order mark before the JSON"),
        (Self::ExpireTokens, "Access tokens expire now"),
        (Self::RevokedSeller, "Authorization revoked"),
        (Self::EmptyPage, "Empty page in the middle"),
        (Self::DuplicateOrder, "Same order on two pages"),
        (Self::ReversePages, "Pages in reverse order"),
        (Self::UnknownValues, "Unknown words"),
        (Self::NewFields, "Unknown fields"),
        (Self::Nulls, "Null in optional fields"),
        (Self::PageTokenExpired, "Paging token expired"),
        (Self::ClockSkew, "Amazon's clock is wrong"),
        (Self::FalselyCancelled, "Open orders said to be cancelled"),
        (Self::Slow, "Answer comes late"),
        (Self::AnswerLost, "Done, but the answer is lost"),
        (Self::CarrierRefused, "Carrier refused"),
        (Self::OrderRefused, "Order takes no parcel"),
        (Self::FeedFatal, "Feed ends as FATAL"),
    ];

    /// The word used by the control endpoints and the forms.
    pub fn word(self) -> String {
        serde_json::to_value(self).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// When and how often a fault happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct FaultSettings {
    /// In how many of a hundred calls.
    pub percent: u8,
    /// How many times in all; for ever when absent.
    pub times: Option<u32>,
    /// How many matching calls pass unharmed first.
    pub after: u32,
    /// Which operation; when absent those that read orders, or `confirmShipment` for the faults of parcels. Never the token
    /// endpoint.
    pub operation: Option<Operation>,
    /// Which seller; all of them when absent.
    pub seller_id: Option<String>,
    /// How far the clock is wrong, for `ClockSkew`; how late the answer comes, for `Slow`.
    pub seconds: i64,
    /// At which carrier code or order the fault is aimed, for `CarrierRefused` and `OrderRefused`.
    pub only: Option<String>,
}

impl Default for FaultSettings {
    fn default() -> Self {
        Self { percent: 100, times: None, after: 0, operation: None, seller_id: None, seconds: -180, only: None }
    }
}

impl FaultSettings {
    /// The fault happens on the next `times` calls only.
    pub fn times(times: u32) -> Self {
        Self { times: Some(times), ..Self::default() }
    }
}

/// How late a slow answer comes unless told otherwise.
const USUAL_DELAY_SECS: u64 = 3;

/// The faults that are switched on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults(Vec<(FaultKind, FaultSettings)>);

impl Faults {
    pub(crate) fn set(&mut self, kind: FaultKind, settings: FaultSettings) {
        self.clear(kind);
        self.0.push((kind, settings));
    }

    pub(crate) fn clear(&mut self, kind: FaultKind) {
        self.0.retain(|(known, _)| *known != kind);
    }

    pub(crate) fn clear_all(&mut self) {
        self.0.clear();
    }

    pub(crate) fn list(&self) -> &[(FaultKind, FaultSettings)] {
        &self.0
    }

    fn find(&self, kind: FaultKind, operation: Operation, seller: &str) -> Option<usize> {
        self.0.iter().position(|(known, settings)| {
            let is_operation = match settings.operation {
                Some(only) => only == operation,
                None => match kind {
                    FaultKind::RevokedSeller => true,
                    FaultKind::AnswerLost | FaultKind::CarrierRefused | FaultKind::OrderRefused => {
                        operation == Operation::ConfirmShipment
                    }
                    FaultKind::FeedFatal => operation == Operation::CreateFeed,
                    _ => matches!(operation, Operation::SearchOrders | Operation::GetOrder),
                },
            };
            let is_seller = settings.seller_id.as_ref().is_none_or(|only| only == seller);
            *known == kind && is_operation && is_seller
        })
    }

    /// Whether the fault strikes this call; counts it if so.
    pub(crate) fn strikes(&mut self, kind: FaultKind, operation: Operation, seller: &str, rng: &mut Rng) -> bool {
        let Some((_, settings)) = self.find(kind, operation, seller).and_then(|at| self.0.get_mut(at)) else {
            return false;
        };
        if settings.times == Some(0) {
            return false;
        }
        if let Some(rest) = settings.after.checked_sub(1) {
            settings.after = rest;
            return false;
        }
        if !rng.percent(u64::from(settings.percent)) {
            return false;
        }
        settings.times = settings.times.map(|left| left.saturating_sub(1));
        true
    }

    /// Whether the fault is on and meant for this carrier or order.
    pub(crate) fn is_aimed_at(&self, kind: FaultKind, subject: &str) -> bool {
        let fault = self.0.iter().find(|(known, _)| *known == kind);
        fault.is_some_and(|(_, settings)| settings.only.as_ref().is_none_or(|only| only == subject))
    }

    /// By how many seconds the answer comes late, when it does.
    pub(crate) fn delay_seconds(&self) -> u64 {
        let fault = self.0.iter().find(|(known, _)| *known == FaultKind::Slow);
        fault.map_or(0, |(_, settings)| u64::try_from(settings.seconds).unwrap_or(USUAL_DELAY_SECS))
    }

    /// By how many seconds the clock is wrong for this seller.
    pub(crate) fn skew_seconds(&self, operation: Operation, seller: &str) -> i64 {
        let fault = self.find(FaultKind::ClockSkew, operation, seller).and_then(|at| self.0.get(at));
        fault.map_or(0, |(_, settings)| settings.seconds)
    }
}
