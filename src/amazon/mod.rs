//! Amazon on the telephone: the few calls to the Selling Partner API that Comptoir needs, in Comptoir's words.
//!
//! It knows no table and decides nothing about an order. It never calls more often than the allowance permits,
//! never sends a merchant's secrets to another host than Amazon's, and never writes them or personal data to a
//! log.

mod auth;
mod consent;
mod endpoints;
mod error;
mod feeds;
mod fulfillment_feed;
mod http;
mod limits;
mod model;
mod orders;
mod processing_report;
mod quotas;
mod rejected;
mod retry;
mod sellers;
mod shipments;
mod translate;

pub use auth::{AuthorizationCode, Credentials};
pub use consent::Consent;
pub use endpoints::{EndpointError, Endpoints};
pub use error::{AmazonError, Malformed, RetryClass};
pub use feeds::{FeedStatus, ProcessingStatus};
pub use fulfillment_feed::{FulfillmentMessage, write as write_fulfillment_feed};
pub use http::{Http, HttpError, Refusal, Timeouts};
pub use limits::{Bucket, Operation, QuotaError, QuotaReply, Quotas, RateLimit, parse_rate};
pub use orders::{OrderPage, SearchOrders, Since};
pub use processing_report::{MessageResult, ProcessingReport, ReportError};
pub use quotas::MemoryQuotas;
pub use rejected::{RejectReason, Rejected};
pub use retry::RetryPolicy;
pub use sellers::Participation;
pub use shipments::{Package, PackageItem, Verdict};

use crate::domain::dataset::Dataset;
use crate::domain::ids::{AccountId, AmazonOrderId};
use crate::domain::marketplace::Directory;
use crate::domain::personal::Personal;
use crate::domain::remote::RemoteOrder;
use auth::{AccessTokens, Grants};
use chrono::{DateTime, Utc};
use http::Answer;
use reqwest::{StatusCode, Url};
use secrecy::SecretString;
use std::fmt;
use std::sync::Arc;

/// Where the time comes from.
pub type TimeSource = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How many calls something took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallMeter {
    /// HTTP calls to Amazon, repetitions and token renewals included.
    pub calls: u32,
    /// How many of them Amazon refused for being too many.
    pub throttled: u32,
}

/// The Selling Partner API; a clone shares tokens, connections and allowance.
#[derive(Clone)]
pub struct Amazon {
    http: Http,
    quotas: Arc<dyn Quotas>,
    clock: TimeSource,
    policy: RetryPolicy,
    tokens: Arc<AccessTokens>,
}

impl fmt::Debug for Amazon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Amazon").field("endpoints", self.http.endpoints()).finish_non_exhaustive()
    }
}

/// A call that the allowance already permits; unused it is lost.
#[derive(Debug)]
pub struct Turn(Operation);

/// One call of the API.
struct Call<'a> {
    credentials: &'a Credentials,
    operation: Operation,
    url: Url,
    /// Whether it continues a search with a page token.
    continued: bool,
    /// The permission of the first call, when it was taken before.
    turn: Option<Turn>,
    /// What is posted; nothing for a read.
    json: Option<String>,
    /// Whether a call whose answer was lost may be made again without harm.
    is_repeatable: bool,
}

impl<'a> Call<'a> {
    const fn read(credentials: &'a Credentials, operation: Operation, url: Url) -> Self {
        Self { credentials, operation, url, continued: false, turn: None, json: None, is_repeatable: true }
    }

    const fn post(credentials: &'a Credentials, operation: Operation, url: Url, json: String) -> Self {
        Self { credentials, operation, url, continued: false, turn: None, json: Some(json), is_repeatable: true }
    }
}

impl Amazon {
    /// Amazon as reached by `http`, called within `quotas`.
    pub fn new(http: Http, quotas: Arc<dyn Quotas>, clock: TimeSource) -> Self {
        Self { http, quotas, clock, policy: RetryPolicy::default(), tokens: Arc::default() }
    }

    /// The same, with other rules for repeating a call.
    #[must_use]
    pub fn with_policy(self, policy: RetryPolicy) -> Self {
        Self { policy, ..self }
    }

    /// Takes the next search for orders out of the allowance, if that is possible at once.
    ///
    /// Who is about to keep the database busy takes it before, so that the search need not wait for the count.
    pub async fn search_turn(&self, account: AccountId) -> Result<Option<Turn>, AmazonError> {
        let wait = self.quotas.take(account, Operation::SearchOrders).await?;
        Ok(if wait.is_none() { Some(Turn(Operation::SearchOrders)) } else { None })
    }

    /// Reads one page of a search for orders.
    pub async fn search_orders(
        &self,
        credentials: &Credentials,
        search: &SearchOrders,
        turn: Option<Turn>,
        meter: &mut CallMeter,
    ) -> Result<OrderPage, AmazonError> {
        let decode = |text: &str| OrderPage::decode(text, &search.directory);
        self.read(self.search(credentials, search, turn), decode, meter).await
    }

    /// Searches one page of orders and also answers its text, for who wants to keep what was read.
    pub async fn search_orders_kept(
        &self,
        credentials: &Credentials,
        search: &SearchOrders,
        turn: Option<Turn>,
        meter: &mut CallMeter,
    ) -> Result<(OrderPage, Personal<String>), AmazonError> {
        let page =
            |text: &str| OrderPage::decode(text, &search.directory).map(|page| (page, Personal::new(text.to_owned())));
        self.read(self.search(credentials, search, turn), page, meter).await
    }

    /// Reads one order, without the parts that Amazon refuses; nothing when Amazon does not know it.
    pub async fn get_order(
        &self,
        credentials: &Credentials,
        id: &AmazonOrderId,
        (without, directory): (&[Dataset], &Directory),
        meter: &mut CallMeter,
    ) -> Result<Option<Result<RemoteOrder, Rejected>>, AmazonError> {
        let url = orders::order_url(self.http.endpoints().api(credentials.region), id, without);
        let read = Call::read(credentials, Operation::GetOrder, url);
        match self.read(read, |text| orders::one(text, directory), meter).await {
            Ok(order) => Ok(Some(order)),
            Err(error) if error.class() == RetryClass::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads where the seller may sell.
    pub async fn participations(
        &self,
        credentials: &Credentials,
        meter: &mut CallMeter,
    ) -> Result<Vec<Participation>, AmazonError> {
        let url = sellers::participations_url(self.http.endpoints().api(credentials.region));
        let read = Call::read(credentials, Operation::MarketplaceParticipations, url);
        self.read(read, sellers::participations, meter).await
    }

    /// Exchanges the code of a merchant's consent for the refresh token.
    ///
    /// A code that is older than 5 minutes or was used before is [`AmazonError::AuthorizationLost`].
    pub async fn exchange_code(
        &self,
        code: &AuthorizationCode,
        meter: &mut CallMeter,
    ) -> Result<SecretString, AmazonError> {
        self.grants().exchange(code, meter).await
    }

    /// Checks that an authorization is valid.
    ///
    /// It asks for an access token, as any call would.
    pub async fn check_authorization(
        &self,
        credentials: &Credentials,
        meter: &mut CallMeter,
    ) -> Result<(), AmazonError> {
        self.tokens.access(&self.grants(), credentials, None, meter).await.map(drop)
    }

    /// Forgets the access token of an account that was disconnected.
    pub fn forget(&self, account: AccountId) {
        self.tokens.forget(account);
    }

    fn search<'a>(&self, credentials: &'a Credentials, search: &SearchOrders, turn: Option<Turn>) -> Call<'a> {
        let url = search.url(self.http.endpoints().api(credentials.region));
        Call { continued: search.token.is_some(), turn, ..Call::read(credentials, Operation::SearchOrders, url) }
    }

    fn grants(&self) -> Grants<'_> {
        Grants { http: &self.http, policy: &self.policy, clock: &self.clock }
    }

    /// Reads until there is an answer that can be decoded.
    async fn read<T>(
        &self,
        read: Call<'_>,
        decode: impl Fn(&str) -> Result<T, Malformed>,
        meter: &mut CallMeter,
    ) -> Result<T, AmazonError> {
        let continued = read.continued;
        let answered = |answer: &Answer| {
            if answer.status.is_success() {
                decode(answer.text()?).map_err(|what| answer.malformed(what))
            } else {
                Err(answer.refused(continued, (self.clock)()))
            }
        };
        self.call(read, answered, meter).await
    }

    /// Calls until there is an answer that can be used.
    ///
    /// It keeps to the allowance and to the rules for repeating.
    async fn call<T>(
        &self,
        mut call: Call<'_>,
        outcome: impl Fn(&Answer) -> Result<T, AmazonError>,
        meter: &mut CallMeter,
    ) -> Result<T, AmazonError> {
        let account = call.credentials.account;
        let mut failures = self.policy.failures();
        let mut refused: Option<SecretString> = None;
        loop {
            let token = self.tokens.access(&self.grants(), call.credentials, refused.as_ref(), meter).await?;
            if call.turn.take().is_none_or(|turn| turn.0 != call.operation) {
                self.wait_for_turn(account, call.operation).await?;
            }
            meter.calls += 1;
            let answer = self.http.call(call.operation.name(), call.url.clone(), call.json.as_deref(), &token).await;
            if let Ok(answer) = &answer {
                self.note(account, call.operation, answer, meter).await;
            }
            let error = match answer.and_then(|answer| outcome(&answer)) {
                Ok(found) => return Ok(found),
                Err(error) => error,
            };
            if error.class() == RetryClass::Auth && refused.is_none() {
                tracing::info!(
                    amazon.request_id = error.request_id(),
                    "Amazon refused the access token; renewing it once"
                );
                refused = Some(token);
            } else if error.class() == RetryClass::Retryable && !call.is_repeatable {
                return Err(error);
            } else {
                failures.pause(error).await?;
            }
        }
    }

    /// Waits until the allowance permits a call; hands a long wait back.
    async fn wait_for_turn(&self, account: AccountId, operation: Operation) -> Result<(), AmazonError> {
        let mut tries = 0;
        while let Some(wait) = self.quotas.take(account, operation).await? {
            // Others may be faster each time.
            tries += 1;
            if tries > self.policy.attempts {
                return Err(AmazonError::Wait(wait));
            }
            self.policy.sleep(wait).await?;
        }
        Ok(())
    }

    /// Notes what an answer says about the allowance.
    ///
    /// A failure is only logged: a page that was read is worth more than the count.
    async fn note(&self, account: AccountId, operation: Operation, answer: &Answer, meter: &mut CallMeter) {
        let mut noted = Ok(());
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            meter.throttled += 1;
            noted = self.quotas.drained(account, operation).await;
        } else if let Some(rate) = answer.rate_micro_per_sec {
            noted = self.quotas.learn(account, operation, rate).await;
        }
        if let Err(error) = noted {
            tracing::warn!(error = %error, operation = operation.name(), "Amazon's word on its allowance was not noted");
        }
    }
}
