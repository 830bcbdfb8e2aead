//! Feeds of parcels: made when many wait, given to Amazon, and followed until every message has its result.
//!
//! A feed and its messages are kept before Amazon hears of them. When nobody knows whether Amazon has it, it is given
//! again with the same package references, which changes nothing. A feed that comes to nothing leaves its parcels to
//! be told one by one.

use super::pickings::{Ending, Round, lost, package, read_of};
use crate::amazon::{
    AmazonError, FulfillmentMessage, MessageResult, ProcessingReport, ProcessingStatus, RetryClass,
    write_fulfillment_feed,
};
use crate::db::feeds::{self, FeedRow, MessageVerdict};
use crate::db::shipment_changes::{self, Read};
use crate::db::shipments::{self, ShipmentRow};
use crate::db::{Conn, jobs, registrations};
use crate::domain::announcement::{FeedState, MessageOutcome};
use crate::domain::ids::{FeedId, MarketplaceId, PickingId, ShipmentId};
use crate::domain::sync::Outcome;
use crate::error::AppError;
use crate::ops::announce_grace;
use chrono::Duration;
use std::collections::{BTreeSet, HashMap};

/// The most parcels in one feed: about 3 MiB of the 10 that Amazon recommends (Feeds API best practices).
const MOST_MESSAGES: i64 = 5_000;

/// How long after its making a feed without a report is given up.
const GIVEN_UP_HOURS: i64 = 24;

/// How long after a feed that came to nothing no other is made.
const DISTRUST_HOURS: i64 = 1;

/// How long to wait before asking Amazon again how far a feed is.
const LOOK_AGAIN_SECS: i64 = 60;

/// Goes on with the feed under way, or makes one when many parcels wait.
pub(super) async fn follow(round: &mut Round<'_>) -> Result<(), Ending> {
    let (claim, account, now) = (round.claim, round.account.id, round.now());
    let company = round.account.company_id;
    let made = round.app.write(move |conn| {
        if let Some(feed) = feeds::under_way(conn, account)? {
            return Ok(Some(feed));
        }
        let threshold = announce_grace::feed_threshold(conn)?;
        let is_distrusted = feeds::failed_since(conn, account, now - Duration::hours(DISTRUST_HOURS))?;
        if is_distrusted || shipments::count_due(conn, account, now)? <= threshold {
            return Ok(None);
        }
        jobs::renew(conn, &claim)?;
        let due = shipments::due(conn, account, now, MOST_MESSAGES)?;
        let pickings: Vec<PickingId> = due.iter().map(|row| row.picking_id).collect();
        let contents = shipments::contents(conn, &pickings)?;
        // A message without items would tell Amazon that the whole order left.
        let holds = |row: &&ShipmentRow| contents.contains_key(&row.picking_id);
        let ids: Vec<ShipmentId> = due.iter().filter(holds).map(|row| row.id).collect();
        if ids.is_empty() {
            return Ok(None);
        }
        feeds::insert(conn, company, account, &ids, now)?;
        shipment_changes::board(conn, &ids)?;
        Ok::<_, AppError>(feeds::under_way(conn, account)?)
    });
    let Some(feed) = made.await.map_err(lost)? else { return Ok(()) };
    if feed.next_look_at.is_some_and(|at| at > now) {
        return Ok(());
    }
    let done = match &feed.amazon_feed_id {
        None => give(round, &feed).await,
        Some(id) => look(round, &feed, &id.clone()).await,
    };
    match done {
        // A feed is not worth stopping parcels that go one by one; it is looked at again.
        Err(Ending::Failed(error)) if may_help_later(&error, &feed) => {
            tracing::warn!(feed.id = feed.id.0, error = %error, "a feed could not be followed");
            later(round, &feed, feed.state).await
        }
        Err(Ending::Wait(time)) => {
            tracing::info!(feed.id = feed.id.0, wait_secs = time.as_secs(), "a feed waits for Amazon");
            later(round, &feed, feed.state).await
        }
        Err(Ending::Failed(error)) if refuses(&error) => {
            let state = if feed.amazon_feed_id.is_some() { FeedState::Lost } else { FeedState::Fatal };
            tracing::warn!(feed.id = feed.id.0, error = %error, "Amazon does not take a feed");
            give_up(round, feed.id, state).await
        }
        other => other,
    }
}

/// Whether asking again later may help: also when Amazon does not let us see a feed that it has.
fn may_help_later(error: &AmazonError, feed: &FeedRow) -> bool {
    match error.class() {
        RetryClass::Retryable => true,
        RetryClass::Auth => feed.amazon_feed_id.is_some(),
        _ => false,
    }
}

/// Whether Amazon refuses the request itself, so that asking again does not help; an application without the role for
/// feeds still tells of its parcels one by one.
fn refuses(error: &AmazonError) -> bool {
    use RetryClass::{Auth, BadRequest, NotFound, Permanent};
    matches!(error.class(), Auth | BadRequest | NotFound | Permanent)
}

/// The shipments of a feed in the order of its messages.
fn rows_of(conn: &mut Conn, feed: FeedId) -> Result<Vec<(i64, ShipmentRow)>, AppError> {
    let messages = feeds::messages(conn, feed)?;
    let ids: Vec<ShipmentId> = messages.iter().map(|(_, shipment)| *shipment).collect();
    let mut rows: HashMap<ShipmentId, ShipmentRow> =
        shipments::some(conn, &ids)?.into_iter().map(|row| (row.id, row)).collect();
    Ok(messages.into_iter().filter_map(|(message, id)| Some((message, rows.remove(&id)?))).collect())
}

/// Gives a feed to Amazon.
async fn give(round: &mut Round<'_>, feed: &FeedRow) -> Result<(), Ending> {
    let (id, account, claim) = (feed.id, round.account.id, round.claim);
    let (rows, contents, seller) = round
        .app
        .read(move |conn| {
            let rows = rows_of(conn, id)?;
            let pickings: Vec<PickingId> = rows.iter().map(|(_, row)| row.picking_id).collect();
            let seller = registrations::seller(conn, account)?;
            Ok::<_, AppError>((rows, shipments::contents(conn, &pickings)?, seller))
        })
        .await?;
    let messages: Vec<FulfillmentMessage> = rows
        .iter()
        .map(|(number, row)| {
            let left = contents.get(&row.picking_id).map(Vec::as_slice).unwrap_or_default();
            FulfillmentMessage { number: *number, package: package(row, left) }
        })
        .collect();
    let marketplaces: BTreeSet<MarketplaceId> = rows.iter().map(|(_, row)| row.marketplace_id.clone()).collect();
    let marketplaces: Vec<MarketplaceId> = marketplaces.into_iter().collect();
    let file = write_fulfillment_feed(&seller, &messages)
        .map_err(|_memory| AppError::Internal("a feed could not be written"))?;
    let amazon = &round.app.amazon;
    let document = amazon.upload_fulfillment(&round.credentials, file, &mut round.meter).await?;
    let kept = document.clone();
    round
        .app
        .write(move |conn| {
            jobs::renew(conn, &claim)?;
            feeds::uploaded(conn, id, &kept)
        })
        .await
        .map_err(lost)?;
    let created =
        amazon.create_fulfillment_feed(&round.credentials, &marketplaces, &document, &mut round.meter).await?;
    for _ in &rows {
        round.counts.add(Outcome::Update);
    }
    let reads: Vec<Read> = rows.iter().map(|(_, row)| read_of(row)).collect();
    let (now, progress) = (round.now(), round.progress());
    round
        .app
        .write(move |conn| {
            jobs::renew(conn, &claim)?;
            feeds::submitted(conn, id, &created, now, now + Duration::seconds(LOOK_AGAIN_SECS))?;
            shipment_changes::accepted(conn, &reads, now)?;
            progress.write(conn)
        })
        .await
        .map_err(lost)
}

/// Asks Amazon how far a feed is, and reads its report once there is one.
async fn look(round: &mut Round<'_>, feed: &FeedRow, amazon_id: &str) -> Result<(), Ending> {
    let told = round.app.amazon.feed(&round.credentials, amazon_id, &mut round.meter).await?;
    match (told.status, told.report) {
        (ProcessingStatus::InQueue, _) => later(round, feed, FeedState::Submitted).await,
        (ProcessingStatus::InProgress | ProcessingStatus::Other(_), _) => {
            later(round, feed, FeedState::Processing).await
        }
        (ProcessingStatus::Done, Some(report)) => {
            let report = round.app.amazon.feed_report(&round.credentials, &report, &mut round.meter).await?;
            let is_whole = report.results.get(&0).is_some_and(|result| result.is_refused);
            if report.is_rejected || (is_whole && report.processed == Some(0)) {
                return give_up(round, feed.id, FeedState::Fatal).await;
            }
            judge(round, feed.id, report).await
        }
        (ProcessingStatus::Done, None) => give_up(round, feed.id, FeedState::Lost).await,
        (ProcessingStatus::Fatal, _) => give_up(round, feed.id, FeedState::Fatal).await,
        (ProcessingStatus::Cancelled, _) => give_up(round, feed.id, FeedState::Cancelled).await,
    }
}

/// The feed is looked at again, unless that went on for a day.
async fn later(round: &mut Round<'_>, feed: &FeedRow, state: FeedState) -> Result<(), Ending> {
    let (id, claim, now) = (feed.id, round.claim, round.now());
    if feed.created_at + Duration::hours(GIVEN_UP_HOURS) < now {
        let is_known = feed.amazon_feed_id.is_some();
        return give_up(round, id, if is_known { FeedState::Lost } else { FeedState::Cancelled }).await;
    }
    round
        .app
        .write(move |conn| {
            jobs::renew(conn, &claim)?;
            feeds::look_again(conn, id, state, now + Duration::seconds(LOOK_AGAIN_SECS))
        })
        .await
        .map_err(lost)
}

/// Keeps what Amazon said to each message; what it refused is refused for that parcel alone.
async fn judge(round: &mut Round<'_>, id: FeedId, report: ProcessingReport) -> Result<(), Ending> {
    let (claim, now) = (round.claim, round.now());
    round
        .app
        .write(move |conn| {
            jobs::renew(conn, &claim)?;
            let rows = rows_of(conn, id)?;
            let mut named = Vec::new();
            let mut refused = 0;
            for (message, row) in &rows {
                if row.is_correction && report.results.get(message).is_none_or(|result| !result.is_refused) {
                    shipment_changes::corrected(conn, read_of(row))?;
                }
                let Some(MessageResult { is_refused, code, words }) = report.results.get(message) else { continue };
                let result = if *is_refused { MessageOutcome::Refused } else { MessageOutcome::Warned };
                named.push(MessageVerdict { message: *message, result, code, explanation: words });
                if *is_refused {
                    refused += 1;
                    shipment_changes::refused(conn, read_of(row), (code, words), now)?;
                }
            }
            feeds::judge(conn, id, &named)?;
            let all = i64::try_from(rows.len()).unwrap_or(i64::MAX);
            Ok::<_, AppError>(feeds::finish(conn, id, FeedState::Done, (all - refused, refused), now)?)
        })
        .await
        .map_err(lost)
}

/// The feed came to nothing: parcels that Amazon did not look at are told one by one.
///
/// Without a report nobody knows: then the next synchronization of orders says which parcels arrived. It says nothing about
/// corrections, so they are told again.
async fn give_up(round: &mut Round<'_>, id: FeedId, state: FeedState) -> Result<(), Ending> {
    let (claim, now) = (round.claim, round.now());
    round
        .app
        .write(move |conn| {
            jobs::renew(conn, &claim)?;
            let is_told_again = |row: &ShipmentRow| state != FeedState::Lost || row.is_correction;
            let again = rows_of(conn, id)?.into_iter().map(|(_, row)| row).filter(is_told_again);
            let ids: Vec<ShipmentId> = again.map(|row| row.id).collect();
            shipment_changes::leave_feed(conn, &ids, now)?;
            Ok::<_, AppError>(feeds::finish(conn, id, state, (0, 0), now)?)
        })
        .await
        .map_err(lost)
}
