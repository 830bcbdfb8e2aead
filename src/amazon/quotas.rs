//! The count of calls kept in memory: enough for a single call and for tests.
//!
//! It is not shared between nodes, so a running installation never synchronizes with it.

use super::TimeSource;
use super::limits::{Bucket, Operation, QuotaError, QuotaReply, Quotas, RateLimit};
use crate::domain::ids::AccountId;
use std::collections::HashMap;
use std::fmt;
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A count of calls that lives as long as the process.
pub struct MemoryQuotas {
    clock: TimeSource,
    limits: fn(Operation) -> RateLimit,
    buckets: Mutex<HashMap<(AccountId, Operation), Bucket>>,
}

impl fmt::Debug for MemoryQuotas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryQuotas").field("buckets", &self.buckets).finish_non_exhaustive()
    }
}

impl MemoryQuotas {
    /// Counts with the allowances of Amazon's usage plan.
    pub fn new(clock: TimeSource) -> Self {
        Self::with_limits(clock, Operation::default_rate)
    }

    /// Counts with other allowances.
    pub fn with_limits(clock: TimeSource, limits: fn(Operation) -> RateLimit) -> Self {
        Self { clock, limits, buckets: Mutex::default() }
    }

    /// What is left of one allowance, as last counted.
    pub fn bucket(&self, account: AccountId, operation: Operation) -> Bucket {
        *self.lock().entry((account, operation)).or_insert_with(|| self.full(operation))
    }

    fn full(&self, operation: Operation) -> Bucket {
        Bucket::full((self.limits)(operation), (self.clock)())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(AccountId, Operation), Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces one bucket by what `change` makes of it.
    fn change(&self, account: AccountId, operation: Operation, change: impl FnOnce(Bucket) -> Bucket) {
        let mut buckets = self.lock();
        let bucket = buckets.entry((account, operation)).or_insert_with(|| self.full(operation));
        *bucket = change(*bucket);
    }
}

/// An answer that is there at once.
fn now<'a, T: Send + 'a>(answer: T) -> QuotaReply<'a, T> {
    Box::pin(ready(Ok::<T, QuotaError>(answer)))
}

impl Quotas for MemoryQuotas {
    fn take(&self, account: AccountId, operation: Operation) -> QuotaReply<'_, Option<Duration>> {
        let mut wait = None;
        self.change(account, operation, |bucket| match bucket.take((self.clock)()) {
            Ok(taken) => taken,
            Err(needed) => {
                wait = Some(needed);
                bucket
            }
        });
        now(wait)
    }

    fn learn(&self, account: AccountId, operation: Operation, rate_micro_per_sec: i64) -> QuotaReply<'_, ()> {
        let table = (self.limits)(operation);
        self.change(account, operation, |bucket| bucket.learn(table, rate_micro_per_sec, (self.clock)()));
        now(())
    }

    fn drained(&self, account: AccountId, operation: Operation) -> QuotaReply<'_, ()> {
        self.change(account, operation, |bucket| bucket.drained((self.clock)()));
        now(())
    }
}
