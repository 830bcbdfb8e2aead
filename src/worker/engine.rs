//! One run from its first page to its end: fetch a page ahead, write the page in hand, store where it stands.
//!
//! What is read is written exactly once, whatever crashes: a page, its counts and its continuation token are one
//! transaction, and the date of the account moves only after the last page.

use super::PREVIEW_KEPT_MINUTES;
use super::heartbeat::{self, Signals};
use crate::amazon::{AmazonError, CallMeter, Credentials, OrderPage, RetryClass, SearchOrders, Since, Turn};
use crate::app::App;
use crate::db::Conn;
use crate::db::jobs::{self, Claim};
use crate::db::run_progress::{self, Position};
use crate::db::runs::RunRow;
use crate::domain::dataset::Dataset;
use crate::domain::ids::{AccountId, MarketplaceId, RunId};
use crate::domain::marketplace::Directory;
use crate::domain::remote::AmazonStatus;
use crate::domain::run::{Counts, RunKind};
use crate::error::AppError;
use crate::ops::import_orders::{self, Mode};
use crate::ops::prepare_orders::{self, Page};
use crate::ops::reserve_stock;
use crate::ops::test_permissions;
use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

/// Updates may appear late: each window starts this much before the date of the account.
pub(super) const OVERLAP_MINUTES: i64 = 10;

/// A page token is good for 24 hours (Orders API reference, `paginationToken`); a little less is trusted.
const TOKEN_GOOD_HOURS: i64 = 23;

/// The most orders on one page (Orders API reference, `maxResultsPerPage`).
const PAGE_SIZE: u8 = 100;

/// What a page token is bound to: changed parameters mean that the window is read again from its start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Parameters {
    /// The marketplaces asked for.
    pub(super) marketplaces: Vec<MarketplaceId>,
    /// The parts of orders that are not asked for, as a list of codes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) without: String,
    /// The preview whose pages are used instead of asking Amazon again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reading_of: Option<RunId>,
}

impl Parameters {
    /// Reads what a run stored; a run that has not begun stored nothing.
    pub(super) fn read(stored: &str) -> Self {
        serde_json::from_str(stored).unwrap_or_default()
    }
}

/// How a run left the engine.
#[derive(Debug)]
pub(super) enum Ending {
    /// Everything was read and written.
    Complete(Counts, Option<NaiveDateTime>),
    /// A person stopped it.
    Stopped,
    /// Comptoir is being stopped: the run goes on at the next start.
    Interrupted,
    /// Amazon allows the next call only later.
    Wait(std::time::Duration),
    /// Amazon or the database failed.
    Failed(Failure),
}

/// Why a run failed.
#[derive(Debug)]
pub(super) enum Failure {
    /// Amazon's answer.
    Amazon(AmazonError),
    /// Ours.
    App(AppError),
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

/// A run at work.
pub(super) struct Engine<'a> {
    pub(super) app: &'a App,
    pub(super) claim: &'a Claim,
    pub(super) run: RunRow,
    pub(super) account: AccountId,
    pub(super) zone: Tz,
    pub(super) credentials: Credentials,
    pub(super) marketplaces: Vec<MarketplaceId>,
    /// The parts of orders that Amazon refuses.
    pub(super) refused: Vec<Dataset>,
    /// The marketplaces that the company knows.
    pub(super) directory: Directory,
    /// Where the window starts, without the overlap.
    pub(super) from: NaiveDateTime,
}

/// One page, ready to be written.
struct Fetched {
    page: Page,
    next_token: Option<String>,
    /// Up to when the search reads, as Amazon told.
    until: Option<DateTime<Utc>>,
    /// Amazon's answer, when a preview keeps it.
    text: Option<String>,
}

impl Engine<'_> {
    /// Reads and writes until the window is done or something ends the run.
    pub(super) async fn work(mut self, shutdown: &CancellationToken) -> Ending {
        let heart = heartbeat::start(self.app, *self.claim, Some(self.run.id));
        let signals = heart.signals.clone();
        let mut meter = CallMeter::default();
        let (mut restarted, mut tested) = (false, false);
        loop {
            let ending = self.window(shutdown, &signals, &mut meter).await;
            let expired = matches!(
                &ending,
                Ending::Failed(Failure::Amazon(error)) if error.class() == RetryClass::PageTokenRefused
            );
            if expired && !restarted {
                tracing::info!(run.id = self.run.id.0, "the page token is no longer good; the window is read again");
                restarted = true;
                self.run.next_token = None;
                self.run.window_to = None;
                continue;
            }
            let is_denied = matches!(
                &ending,
                Ending::Failed(Failure::Amazon(error)) if error.class() == RetryClass::Auth
            );
            if is_denied && !tested {
                tested = true;
                if self.goes_on_without().await {
                    continue;
                }
            }
            if !matches!(ending, Ending::Complete(..)) {
                self.note_calls(meter).await;
            }
            return ending;
        }
    }

    /// Finds out whether Amazon refuses only some parts of orders, and goes on without these.
    async fn goes_on_without(&mut self) -> bool {
        let found = test_permissions::ask(self.app, &self.credentials, &self.marketplaces).await;
        let refused = match found {
            Ok(refused) if refused.len() < Dataset::ALL.len() && refused != self.refused => refused,
            Ok(_) => return false,
            Err(error) => {
                tracing::warn!(error = %error, run.id = self.run.id.0, "the permissions could not be tested");
                return false;
            }
        };
        if let Err(error) = test_permissions::remember(self.app, self.account, &refused).await {
            tracing::warn!(error = %error, run.id = self.run.id.0, "the permissions were not remembered");
            return false;
        }
        tracing::info!(
            run.id = self.run.id.0,
            refused = Dataset::write_list(&refused),
            "Amazon refuses parts of orders"
        );
        self.refused = refused;
        true
    }

    async fn window(&mut self, shutdown: &CancellationToken, signals: &Signals, meter: &mut CallMeter) -> Ending {
        let parameters = match self.resume_or_restart().await {
            Ok(parameters) => parameters,
            Err(error) => return Ending::Failed(error.into()),
        };
        let mut counts = self.run.counts();
        let mut token = self.run.next_token.clone();
        let mut next = Some(self.fetch(&parameters, token.clone(), counts.pages, None, meter, shutdown, signals).await);
        while let Some(fetched) = next.take() {
            let fetched = match fetched {
                Ok(fetched) => fetched,
                Err(ending) => return ending,
            };
            self.run.window_to = self.run.window_to.or(fetched.until.map(|until| until.naive_utc()));
            token.clone_from(&fetched.next_token);
            let so_far = *meter;
            let mut ahead = CallMeter::default();
            let turn = if token.is_some() { self.turn(&parameters).await } else { None };
            let write = self.write(&parameters, fetched, counts, so_far);
            let written = if let Some(token) = token.clone() {
                let (written, page) = tokio::join!(
                    write,
                    self.fetch(&parameters, Some(token), counts.pages + 1, turn, &mut ahead, shutdown, signals)
                );
                next = Some(page);
                written
            } else {
                write.await
            };
            meter.calls += ahead.calls;
            meter.throttled += ahead.throttled;
            counts = match written {
                Ok(counts) => counts,
                Err(error) => return Ending::Failed(error.into()),
            };
            if signals.lost.is_cancelled() {
                return Ending::Failed(AppError::Conflict.into());
            }
            if signals.stopped.is_cancelled() && token.is_some() {
                return Ending::Stopped;
            }
            if shutdown.is_cancelled() && token.is_some() {
                return Ending::Interrupted;
            }
        }
        Ending::Complete(counts, self.run.window_to)
    }

    /// Goes on from the stored token when it is still good for the same parameters, else from the start.
    async fn resume_or_restart(&mut self) -> Result<Parameters, AppError> {
        let now = self.app.clock.now().naive_utc();
        let held = Parameters::read(&self.run.parameters);
        let is_good = self.run.token_at.is_some_and(|at| at > now - Duration::hours(TOKEN_GOOD_HOURS));
        let without = Dataset::write_list(&self.refused);
        let is_same = |held: &Parameters| held.marketplaces == self.marketplaces && held.without == without;
        let resumes = self.run.next_token.is_some() && is_good && is_same(&held);
        if resumes {
            return Ok(held);
        }
        let (account, from, kind) = (self.account, self.from, self.run.kind);
        let since = now - Duration::minutes(PREVIEW_KEPT_MINUTES);
        let reading_of = if kind == RunKind::Orders {
            self.app.read(move |conn| run_progress::fresh_preview(conn, account, from, since)).await?
        } else {
            None
        };
        // A preview of other marketplaces read other orders.
        let reading_of = reading_of.filter(|(_, held)| is_same(&Parameters::read(held))).map(|(preview, _)| preview);
        let parameters = Parameters { marketplaces: self.marketplaces.clone(), without, reading_of };
        let position = Position { window_from: Some(from), ..Position::default() };
        let (run, text) = (self.run.id, json(&parameters));
        // Counting starts again with the window, so that a page read twice is not counted twice.
        self.app
            .write(move |conn| {
                run_progress::set_position(conn, run, &position, &text)?;
                run_progress::forget_results(conn, run)?;
                run_progress::count(conn, run, &Counts::default())
            })
            .await?;
        self.run = RunRow { window_from: Some(from), ..self.run.clone().restarted() };
        Ok(parameters)
    }

    /// The permission to read the page after the one in hand, taken before the database is busy with writing it.
    async fn turn(&self, parameters: &Parameters) -> Option<Turn> {
        if parameters.reading_of.is_some() {
            return None;
        }
        // Without it the search asks again for itself, and tells what is wrong.
        self.app.amazon.search_turn(self.account).await.ok().flatten()
    }

    /// Reads one page, from the preview that was just made, else from Amazon, and prepares it for writing.
    #[expect(clippy::too_many_arguments, reason = "what one page is read by; three of them are the run's surroundings")]
    async fn fetch(
        &self,
        parameters: &Parameters,
        token: Option<String>,
        position: i64,
        turn: Option<Turn>,
        meter: &mut CallMeter,
        shutdown: &CancellationToken,
        signals: &Signals,
    ) -> Result<Fetched, Ending> {
        if let Some(reading) = parameters.reading_of
            && let Some(fetched) = self.kept(reading, position).await.map_err(|error| Ending::Failed(error.into()))?
        {
            return self.prepared(fetched).await;
        }
        let search = SearchOrders {
            marketplaces: self.marketplaces.clone(),
            since: Since::LastUpdated((self.from - Duration::minutes(OVERLAP_MINUTES)).and_utc()),
            until: None,
            statuses: asked_statuses(),
            token,
            page_size: PAGE_SIZE,
            without: self.refused.clone(),
            directory: self.directory.clone(),
        };
        let asked = async {
            if self.run.kind == RunKind::Preview {
                let (page, text) = self.app.amazon.search_orders_kept(&self.credentials, &search, turn, meter).await?;
                Ok((page, Some(text.reveal().clone())))
            } else {
                let page = self.app.amazon.search_orders(&self.credentials, &search, turn, meter).await?;
                Ok((page, None))
            }
        };
        let fetched = tokio::select! {
            fetched = asked => fetched.map_err(|error| match error {
                AmazonError::Wait(time) => Ending::Wait(time),
                other => Ending::Failed(Failure::Amazon(other)),
            })?,
            () = signals.stopped.cancelled() => return Err(Ending::Stopped),
            () = signals.lost.cancelled() => return Err(Ending::Failed(AppError::Conflict.into())),
            () = shutdown.cancelled() => return Err(Ending::Interrupted),
        };
        self.prepared(fetched).await
    }

    /// Seals and judges what was read, beside the writing of the page before.
    async fn prepared(&self, (read, text): (OrderPage, Option<String>)) -> Result<Fetched, Ending> {
        let (vault, zone, directory) = (self.app.vault.clone(), self.zone, self.directory.clone());
        let (next_token, until) = (read.next_token, read.until);
        let prepare = move || prepare_orders::run(&vault, zone, &directory, read.orders).map_err(AppError::from);
        let page = self.app.blocking(prepare).await.map_err(|error| Ending::Failed(error.into()))?;
        Ok(Fetched { page, next_token, until, text })
    }

    async fn kept(&self, reading: RunId, position: i64) -> Result<Option<(OrderPage, Option<String>)>, AppError> {
        let kept = self.app.read(move |conn| run_progress::kept_page(conn, reading, position)).await?;
        let Some(kept) = kept else { return Ok(None) };
        let text = self.app.vault.unseal(&kept.wrapped_key, &kept.body, &page_owner(reading, position))?;
        let text = String::from_utf8(text).map_err(|_altered| AppError::Internal("a kept page is not text"))?;
        let page = OrderPage::decode(&text, &self.directory);
        let page = page.map_err(|_altered| AppError::Internal("a kept page cannot be read"))?;
        Ok(Some((page, None)))
    }

    /// Writes one page, its counts and its continuation in one transaction; answers the counts so far.
    async fn write(
        &self,
        parameters: &Parameters,
        fetched: Fetched,
        counts: Counts,
        meter: CallMeter,
    ) -> Result<Counts, AppError> {
        let (app, claim, run, account) = (self.app.clone(), *self.claim, self.run.clone(), self.account);
        let now = self.app.clock.now().naive_utc();
        let Fetched { page, next_token, text, .. } = fetched;
        let position = Position {
            window_from: Some(self.from),
            window_to: run.window_to,
            token_at: next_token.as_ref().map(|_| now),
            next_token,
        };
        let parameters = json(parameters);
        let mode = if run.kind == RunKind::Preview { Mode::Preview } else { Mode::Write };
        self.app
            .blocking(move || {
                let kept = match text {
                    Some(text) => Some(app.vault.seal(text.as_bytes(), &page_owner(run.id, counts.pages))?),
                    None => None,
                };
                let calls = (run.calls + i64::from(meter.calls), run.throttled + i64::from(meter.throttled));
                let write_page = |conn: &mut Conn, page: &Page, one_by_one: bool| {
                    jobs::renew(conn, &claim)?;
                    let found = import_orders::run(conn, account, run.id, page, mode, one_by_one, now)?;
                    let counts = counts.with_page(&found);
                    if let Some(kept) = &kept {
                        run_progress::keep_page(conn, run.id, counts.pages - 1, kept)?;
                    }
                    run_progress::set_position(conn, run.id, &position, &parameters)?;
                    run_progress::count(conn, run.id, &counts)?;
                    run_progress::set_calls(conn, run.id, calls.0, calls.1)?;
                    Ok::<Counts, AppError>(counts)
                };
                let written = match app.db.write(|conn| write_page(conn, &page, false)) {
                    Err(AppError::Database(error)) if error.is_refused_row() => {
                        tracing::warn!(
                            run.id = run.id.0,
                            "a page was refused by the database; its orders are written one by one"
                        );
                        app.db.write(|conn| write_page(conn, &page, true))
                    }
                    Err(AppError::Rule(_)) => app.db.write(|conn| write_page(conn, &page, true)),
                    done => done,
                }?;
                if mode == Mode::Write {
                    reserve_stock::run(&app.db, account)?;
                }
                Ok(written)
            })
            .await
    }

    /// The calls of an attempt that brought no page are counted too.
    async fn note_calls(&self, meter: CallMeter) {
        let (run, calls) = (self.run.id, self.run.calls + i64::from(meter.calls));
        let throttled = self.run.throttled + i64::from(meter.throttled);
        let noted = self.app.write(move |conn| run_progress::set_calls(conn, run, calls, throttled)).await;
        if let Err(error) = noted {
            tracing::warn!(error = %error, run.id = run.0, "the calls of a run were not counted");
        }
    }
}

/// One search serves both channels and all statuses that matter: a search call is worth three minutes.
fn asked_statuses() -> Vec<AmazonStatus> {
    use AmazonStatus::{Cancelled, PartiallyShipped, Shipped, Unshipped};
    vec![Unshipped, PartiallyShipped, Shipped, Cancelled]
}

/// For what a kept page is sealed.
fn page_owner(run: RunId, position: i64) -> String {
    format!("page {position} of run {run}")
}

/// Plain data always has a JSON form.
fn json(parameters: &Parameters) -> String {
    serde_json::to_string(parameters).unwrap_or_else(|_never| "{}".to_owned())
}

/// When the date of the account may move to, if Amazon did not say it.
pub(super) fn safe_date(window_to: Option<NaiveDateTime>, from: NaiveDateTime, now: DateTime<Utc>) -> NaiveDateTime {
    window_to.map_or(from, |until| until.min(now.naive_utc())).max(from)
}
