//! Amazon's token buckets, one per account and operation, shared by all nodes.

use super::schema::api_quotas::dsl as q;
use super::{Conn, DbError};
use crate::domain::ids::AccountId;
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

/// One call of the bucket, in millionths.
const TOKEN: i64 = 1_000_000;

/// One bucket as stored.
#[derive(Clone, Copy, Debug)]
pub struct StoredBucket {
    /// Tokens left, in millionths.
    pub tokens_micro: i64,
    /// Refill, in millionths of a token per second.
    pub rate_micro: i64,
    /// The most tokens that it holds.
    pub burst: i64,
    /// When it was last computed.
    pub updated_at: NaiveDateTime,
}

impl From<(i64, i64, i64, NaiveDateTime)> for StoredBucket {
    fn from((tokens_micro, rate_micro, burst, updated_at): (i64, i64, i64, NaiveDateTime)) -> Self {
        Self { tokens_micro, rate_micro, burst, updated_at }
    }
}

impl StoredBucket {
    /// How many whole calls Amazon grants at this moment.
    pub fn left_at(&self, now: NaiveDateTime) -> i64 {
        let passed = (now - self.updated_at).num_seconds().max(0);
        let refilled = self.tokens_micro.saturating_add(passed.saturating_mul(self.rate_micro));
        (refilled / TOKEN).clamp(0, self.burst)
    }
}

/// The bucket of an account and operation, if any call was made yet.
pub fn bucket(conn: &mut Conn, account: AccountId, operation: &str) -> Result<Option<StoredBucket>, DbError> {
    let row: Option<(i64, i64, i64, NaiveDateTime)> = each!(conn, |c| q::api_quotas
        .find((account, operation))
        .select((q::tokens_micro, q::rate_micro, q::burst, q::updated_at))
        .first(c)
        .optional())?;
    Ok(row.map(StoredBucket::from))
}

/// The buckets of an account with their operations, by name.
pub fn of_account(conn: &mut Conn, account: AccountId) -> Result<Vec<(String, StoredBucket)>, DbError> {
    let rows: Vec<(String, (i64, i64, i64, NaiveDateTime))> = each!(conn, |c| q::api_quotas
        .filter(q::account_id.eq(account))
        .order(q::operation)
        .select((q::operation, (q::tokens_micro, q::rate_micro, q::burst, q::updated_at)))
        .load(c))?;
    Ok(rows.into_iter().map(|(operation, row)| (operation, StoredBucket::from(row))).collect())
}

/// Stores a bucket.
pub fn put(conn: &mut Conn, account: AccountId, operation: &str, bucket: &StoredBucket) -> Result<(), DbError> {
    let values = (
        q::tokens_micro.eq(bucket.tokens_micro),
        q::rate_micro.eq(bucket.rate_micro),
        q::burst.eq(bucket.burst),
        q::updated_at.eq(bucket.updated_at),
    );
    each!(conn, |c| diesel::insert_into(q::api_quotas)
        .values((q::account_id.eq(account), q::operation.eq(operation), values))
        .on_conflict((q::account_id, q::operation))
        .do_update()
        .set(values)
        .execute(c))?;
    Ok(())
}
