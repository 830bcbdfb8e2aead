//! Telling Amazon of what left, for one account: one call for each parcel, its verdict written before the next call.
//!
//! Nothing that was sent is forgotten: a parcel whose verdict could not be written is told again under the same
//! package reference, which changes nothing at Amazon. Above a threshold a feed carries many parcels at once.

use super::fulfillment;
use super::heartbeat::{self, Signals};
use super::orders::{stored, told};
use crate::amazon::{AmazonError, CallMeter, Credentials, Package, PackageItem, Refusal, RetryClass, Verdict};
use crate::app::App;
use crate::db::jobs::{self, Claim, JobKind};
use crate::db::registrations::{self, AccountRow};
use crate::db::run_progress::{self, RunRequest};
use crate::db::runs::{self, RunRow};
use crate::db::shipment_changes::{self, Read};
use crate::db::shipments::{self, ShipmentRow};
use crate::db::{Conn, DbError, feeds};
use crate::domain::account::AccountState;
use crate::domain::announcement::{self, Left, UNCONFIRMED_HOURS};
use crate::domain::picking::AmazonSync;
use crate::domain::run::{Counts, Recovery, RunCause, RunKind, RunState};
use crate::domain::sync::{Outcome, Reason};
use crate::error::AppError;
use crate::ops::{credentials, lose_authorization};
use chrono::{Duration, NaiveDateTime};
use tokio_util::sync::CancellationToken;

/// Does the job: everything that is due now, then the job waits for what is due next.
pub(super) async fn run(app: &App, claim: &Claim, stop: &CancellationToken) -> Result<(), AppError> {
    let Some((account, run)) = begin(app, claim).await? else { return Ok(()) };
    let counts = run.as_ref().map(RunRow::counts).unwrap_or_default();
    let heart = heartbeat::start(app, *claim, run.as_ref().map(|run| run.id));
    let signals = heart.signals.clone();
    let meter = CallMeter::default();
    let credentials = match credentials::open(&app.vault, &account) {
        Ok(credentials) => credentials,
        Err(error) => return end(app, claim, &account, Progress { run, counts, meter }, error.into()).await,
    };
    let mut round = Round { app, claim: *claim, account: &account, credentials, run, counts, meter };
    let ending = Box::pin(round.work(stop, &signals)).await;
    round.end(ending).await
}

/// How a round ended.
pub(super) enum Ending {
    /// All that was due was told.
    Done,
    /// A person stopped the run.
    Stopped,
    /// Comptoir is being stopped, or somebody else took the job.
    Interrupted,
    /// Amazon allows the next call only later.
    Wait(std::time::Duration),
    /// Amazon failed.
    Failed(AmazonError),
    /// Ours failed.
    Broken(AppError),
}

impl From<AppError> for Ending {
    fn from(error: AppError) -> Self {
        Self::Broken(error)
    }
}

impl From<AmazonError> for Ending {
    fn from(error: AmazonError) -> Self {
        match error {
            AmazonError::Wait(time) => Self::Wait(time),
            other => Self::Failed(other),
        }
    }
}

/// Marks the run that was asked for as started; an account that is not linked tells nothing.
async fn begin(app: &App, claim: &Claim) -> Result<Option<(AccountRow, Option<RunRow>)>, AppError> {
    let (claim, now) = (*claim, app.clock.now().naive_utc());
    app.write(move |conn| {
        jobs::renew(conn, &claim)?;
        let account = registrations::by_id(conn, claim.account)?;
        let asked = runs::active(conn, claim.account, RunKind::Pickings)?;
        if account.state != AccountState::Linked {
            if let Some(run) = asked {
                let reason = stored(&Reason::new("account-not-linked"));
                run_progress::end(conn, run.id, RunState::Failed, Some(&reason), None, now)?;
            }
            give_back(conn, &claim, Some(now + Duration::seconds(account.interval_secs)), 0)?;
            return Ok(None);
        }
        let run = match asked {
            Some(run) => {
                run_progress::start(conn, run.id, now)?;
                Some(run_progress::by_id(conn, run.id)?)
            }
            None => None,
        };
        Ok::<_, AppError>(Some((account, run)))
    })
    .await
}

/// The job waits for what is due next, not before `earliest`; it ends when nothing is.
fn give_back(conn: &mut Conn, claim: &Claim, earliest: Option<NaiveDateTime>, attempts: i64) -> Result<(), DbError> {
    let feed = feeds::under_way(conn, claim.account)?.and_then(|feed| feed.next_look_at);
    let asked = shipments::unconfirmed_since(conn, claim.account)?.map(|at| at + Duration::hours(UNCONFIRMED_HOURS));
    let next = [shipments::next_to_send(conn, claim.account)?, feed, asked].into_iter().flatten().min();
    // A run that was asked for while this round was under way is worked on next, also when nothing is to be told.
    let run = runs::active(conn, claim.account, RunKind::Pickings)?.filter(|run| run.state == RunState::Queued);
    let next = run.map_or(next, |run| Some(run.queued_at));
    match next {
        Some(next) => jobs::release(conn, claim, earliest.map_or(next, |at| at.max(next)), attempts, None),
        None => jobs::finish(conn, claim),
    }
}

/// One round of an account.
pub(super) struct Round<'a> {
    pub(super) app: &'a App,
    pub(super) claim: Claim,
    pub(super) account: &'a AccountRow,
    pub(super) credentials: Credentials,
    pub(super) run: Option<RunRow>,
    pub(super) counts: Counts,
    pub(super) meter: CallMeter,
}

impl Round<'_> {
    async fn work(&mut self, stop: &CancellationToken, signals: &Signals) -> Ending {
        let worked = async {
            fulfillment::follow(self).await?;
            self.one_by_one(stop, signals).await?;
            self.ask_about_unconfirmed().await?;
            Ok(Ending::Done)
        };
        worked.await.unwrap_or_else(|ending: Ending| ending)
    }

    pub(super) fn now(&self) -> NaiveDateTime {
        self.app.clock.now().naive_utc()
    }

    /// Tells one parcel after the other, the oldest first.
    async fn one_by_one(&mut self, stop: &CancellationToken, signals: &Signals) -> Result<(), Ending> {
        loop {
            if signals.lost.is_cancelled() || stop.is_cancelled() {
                return Err(Ending::Interrupted);
            }
            if signals.stopped.is_cancelled() {
                return Err(Ending::Stopped);
            }
            let Some((shipment, left)) = self.next().await? else { return Ok(()) };
            let package = package(&shipment, &left);
            let verdict = if package.items.is_empty() {
                let words = "No unit of an order item is in this parcel.".to_owned();
                Ok(Verdict::Refused(Refusal { code: "NothingToTell".to_owned(), words }))
            } else {
                let mut meter = CallMeter::default();
                let told = tokio::select! {
                    told = self.app.amazon.confirm_shipment(&self.credentials, &package, &mut meter) => Some(told),
                    () = stop.cancelled() => None,
                };
                self.meter.calls += meter.calls;
                self.meter.throttled += meter.throttled;
                let Some(told) = told else { return Err(Ending::Interrupted) };
                told
            };
            self.judge(&shipment, verdict).await?;
        }
    }

    /// The parcel that is due first. From here on nobody takes its validation back: Amazon is being told.
    async fn next(&self) -> Result<Option<(ShipmentRow, Vec<Left>)>, Ending> {
        let (claim, account, now) = (self.claim, self.account.id, self.now());
        let next = self.app.write(move |conn| {
            let next = shipments::due(conn, account, now, 1)?.into_iter().next();
            let Some(next) = next else { return Ok(None) };
            jobs::renew(conn, &claim)?;
            shipment_changes::begin(conn, &[next.id])?;
            let left = shipments::contents(conn, &[next.picking_id])?.remove(&next.picking_id);
            Ok::<_, AppError>(Some((next, left.unwrap_or_default())))
        });
        next.await.map_err(lost)
    }

    /// Writes what Amazon said to one parcel, in a transaction of its own.
    async fn judge(&mut self, shipment: &ShipmentRow, verdict: Result<Verdict, AmazonError>) -> Result<(), Ending> {
        let read = read_of(shipment);
        let now = self.now();
        let again = now + announcement::pause(shipment.attempts);
        let outcome = match &verdict {
            Ok(Verdict::Accepted) => Outcome::Update,
            Ok(Verdict::Refused(_)) => Outcome::Failed,
            // It comes again after the others: what Amazon refuses to hear about one order must not silence the rest.
            Err(error) if matches!(error.class(), RetryClass::Retryable | RetryClass::Auth) => Outcome::Wait,
            Err(_) => return verdict.map(drop).map_err(Ending::from),
        };
        self.counts.add(outcome);
        let said = match &verdict {
            Ok(Verdict::Refused(refusal)) => Some(refusal.clone()),
            _ => None,
        };
        let (claim, progress) = (self.claim, self.progress());
        self.app
            .write(move |conn| {
                jobs::renew(conn, &claim)?;
                match (&said, outcome) {
                    (Some(said), _) => shipment_changes::refused(conn, read, (&said.code, &said.words), now)?,
                    (None, Outcome::Update) => {
                        shipment_changes::accepted(conn, &[read], now)?;
                        shipment_changes::corrected(conn, read)?;
                    }
                    (None, _) => shipment_changes::put_off(conn, read, again)?,
                }
                progress.write(conn)
            })
            .await
            .map_err(lost)?;
        verdict.map(drop).map_err(Ending::from)
    }

    /// Amazon took parcels a day ago and shows none of their units: it is asked about their orders.
    async fn ask_about_unconfirmed(&mut self) -> Result<(), Ending> {
        let (claim, account, now) = (self.claim, self.account.id, self.now());
        let asked = self.app.write(move |conn| {
            let most = i64::try_from(Recovery::MOST).unwrap_or(i64::MAX);
            let rows = shipments::unconfirmed(conn, account, now - Duration::hours(UNCONFIRMED_HOURS), most)?;
            if rows.is_empty() {
                return Ok(false);
            }
            jobs::renew(conn, &claim)?;
            let mut wanted = Recovery::default();
            for row in rows {
                shipment_changes::set_standing(conn, row.picking_id, AmazonSync::Unknown)?;
                if !wanted.references.contains(&row.amazon_order_id) {
                    wanted.references.push(row.amazon_order_id);
                }
            }
            // Another recovery may be under way; this one waits for it.
            let parameters = serde_json::to_string(&wanted).unwrap_or_default();
            let request = RunRequest {
                account,
                kind: RunKind::Recover,
                cause: RunCause::Schedule,
                requested_by: None,
                window_from: None,
                parameters: &parameters,
            };
            run_progress::queue(conn, &request, now)?;
            jobs::request(conn, JobKind::RecoverOrders, account, now)?;
            Ok::<_, AppError>(true)
        });
        if asked.await.map_err(lost)? {
            self.app.wake.notify_one();
        }
        Ok(())
    }

    /// What the run shows of this round so far.
    pub(super) fn progress(&self) -> Progress {
        Progress { run: self.run.clone(), counts: self.counts, meter: self.meter }
    }

    async fn end(self, ending: Ending) -> Result<(), AppError> {
        let progress = self.progress();
        end(self.app, &self.claim, self.account, progress, ending).await
    }
}

/// The counts of a run as they are stored with each verdict.
pub(super) struct Progress {
    run: Option<RunRow>,
    counts: Counts,
    meter: CallMeter,
}

impl Progress {
    pub(super) fn write(&self, conn: &mut Conn) -> Result<(), AppError> {
        let Some(run) = &self.run else { return Ok(()) };
        run_progress::count(conn, run.id, &self.counts)?;
        let calls = run.calls + i64::from(self.meter.calls);
        Ok(run_progress::set_calls(conn, run.id, calls, run.throttled + i64::from(self.meter.throttled))?)
    }
}

/// What Amazon is told of a shipment.
pub(super) fn package(shipment: &ShipmentRow, left: &[Left]) -> Package {
    let items = announcement::units(left).into_iter();
    Package {
        order: shipment.amazon_order_id.clone(),
        marketplace: shipment.marketplace_id.clone(),
        reference: shipment.package_reference,
        carrier_code: shipment.carrier_code.clone(),
        carrier_name: shipment.carrier_name.clone(),
        tracking: shipment.tracking.clone(),
        shipped_at: shipment.shipped_at.and_utc(),
        items: items.map(|(item, quantity)| PackageItem { item, quantity }).collect(),
    }
}

/// A shipment as it was read.
pub(super) const fn read_of(shipment: &ShipmentRow) -> Read {
    Read { id: shipment.id, picking: shipment.picking_id, version: shipment.version }
}

/// A lease that is not ours any more ends the round and nothing else.
pub(super) fn lost(error: AppError) -> Ending {
    if matches!(error, AppError::NotFound) { Ending::Interrupted } else { Ending::Broken(error) }
}

/// Stores how the round ended and when the job is due again, in one transaction.
async fn end(
    app: &App,
    claim: &Claim,
    account: &AccountRow,
    progress: Progress,
    ending: Ending,
) -> Result<(), AppError> {
    let (claim, now) = (*claim, app.clock.now().naive_utc());
    let (company, id) = (account.company_id, account.id);
    let pause = announcement::pause(claim.attempts);
    let (state, reason, earliest, attempts, resume) = match &ending {
        Ending::Done => (progress.counts.final_state(), None, None, 0, None),
        Ending::Stopped => (RunState::Stopped, None, Some(now + pause), 0, None),
        Ending::Interrupted => (RunState::Queued, None, Some(now), claim.attempts, None),
        Ending::Wait(time) => {
            let resume = now + Duration::from_std(*time).unwrap_or(pause);
            (RunState::Waiting, None, Some(resume), claim.attempts, Some(resume))
        }
        Ending::Failed(error) => {
            tracing::warn!(account.id = id.0, error = %error, "Amazon was not told of what left");
            (RunState::Failed, Some(stored(&told(error))), Some(now + pause), claim.attempts + 1, None)
        }
        Ending::Broken(error) => {
            tracing::error!(account.id = id.0, error = %error, "Amazon was not told of what left");
            (RunState::Failed, Some(stored(&Reason::new("internal"))), Some(now + pause), claim.attempts + 1, None)
        }
    };
    let is_lost = matches!(&ending, Ending::Failed(error) if error.class() == RetryClass::AuthorizationLost);
    let written = app
        .write(move |conn| {
            jobs::renew(conn, &claim)?;
            if let Some(run) = &progress.run {
                progress.write(conn)?;
                run_progress::end(conn, run.id, state, reason.as_deref(), resume, now)?;
            }
            if is_lost {
                lose_authorization::run(conn, company, id, now)?;
            }
            Ok::<_, AppError>(give_back(conn, &claim, earliest, attempts)?)
        })
        .await;
    match (written, ending) {
        // Somebody else has the job by now, and goes on with the run.
        (Err(AppError::NotFound), Ending::Interrupted) => Ok(()),
        (written, _) => written,
    }
}
