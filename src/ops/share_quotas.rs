//! Amazon's call quotas kept in the database, so that all nodes together respect them.

use crate::amazon::{Bucket, Operation, QuotaError, QuotaReply, Quotas};
use crate::clock::Clock;
use crate::db::quotas::{self, StoredBucket};
use crate::db::{Conn, Db, DbError};
use crate::domain::ids::AccountId;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The rate that Amazon told last, by account and operation.
type Told = HashMap<(AccountId, Operation), i64>;

/// Token buckets in the database.
#[derive(Clone, Debug)]
pub struct SharedQuotas {
    db: Db,
    clock: Clock,
    /// Amazon repeats its rate with every answer: only news is worth a transaction.
    told: Arc<Mutex<Told>>,
}

impl SharedQuotas {
    /// Buckets in this database, refilled by this clock.
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock, told: Arc::default() }
    }

    /// Changes the bucket of an operation in one transaction.
    fn change<T: Send + 'static>(
        &self,
        account: AccountId,
        operation: Operation,
        change: impl Fn(Bucket, DateTime<Utc>) -> (Option<Bucket>, T) + Send + 'static,
    ) -> QuotaReply<'_, T> {
        let (db, now) = (self.db.clone(), self.clock.now());
        Box::pin(async move {
            let changed = tokio::task::spawn_blocking(move || {
                db.write_light(|conn| {
                    let (bucket, answer) = change(read(conn, account, operation, now)?, now);
                    if let Some(bucket) = bucket {
                        quotas::put(conn, account, operation.name(), &stored(&bucket))?;
                    }
                    Ok::<T, DbError>(answer)
                })
            });
            let answer = changed.await.map_err(|stopped| QuotaError(Box::new(stopped)))?;
            answer.map_err(|error| QuotaError(Box::new(error)))
        })
    }
}

fn read(conn: &mut Conn, account: AccountId, operation: Operation, now: DateTime<Utc>) -> Result<Bucket, DbError> {
    let held = quotas::bucket(conn, account, operation.name())?;
    Ok(held.map_or_else(
        || Bucket::full(operation.default_rate(), now),
        |held| Bucket {
            tokens_micro: held.tokens_micro,
            rate_micro_per_sec: held.rate_micro,
            burst: u32::try_from(held.burst).unwrap_or(1),
            updated_at: held.updated_at.and_utc(),
        },
    ))
}

fn stored(bucket: &Bucket) -> StoredBucket {
    StoredBucket {
        tokens_micro: bucket.tokens_micro,
        rate_micro: bucket.rate_micro_per_sec,
        burst: i64::from(bucket.burst),
        updated_at: bucket.updated_at.naive_utc(),
    }
}

impl Quotas for SharedQuotas {
    fn take(&self, account: AccountId, operation: Operation) -> QuotaReply<'_, Option<Duration>> {
        self.change(account, operation, |bucket, now| match bucket.take(now) {
            Ok(bucket) => (Some(bucket), None),
            Err(wait) => (None, Some(wait)),
        })
    }

    fn learn(&self, account: AccountId, operation: Operation, rate_micro_per_sec: i64) -> QuotaReply<'_, ()> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert((account, operation), rate_micro_per_sec) == Some(rate_micro_per_sec) {
            return Box::pin(std::future::ready(Ok(())));
        }
        drop(told);
        self.change(account, operation, move |bucket, now| {
            let learned = bucket.learn(operation.default_rate(), rate_micro_per_sec, now);
            let is_news = learned.rate_micro_per_sec != bucket.rate_micro_per_sec || learned.burst != bucket.burst;
            (if is_news { Some(learned) } else { None }, ())
        })
    }

    fn drained(&self, account: AccountId, operation: Operation) -> QuotaReply<'_, ()> {
        self.change(account, operation, |bucket, now| (Some(bucket.drained(now)), ()))
    }
}
