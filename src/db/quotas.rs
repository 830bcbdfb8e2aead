//! Amazon's token buckets, one per account and operation, shared by all nodes.

use super::schema::api_quotas::dsl as q;
use super::{Conn, DbError};
use crate::domain::ids::AccountId;
use chrono::NaiveDateTime;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl};

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

/// The bucket of an account and operation, if any call was made yet.
pub fn bucket(conn: &mut Conn, account: AccountId, operation: &str) -> Result<Option<StoredBucket>, DbError> {
    let row: Option<(i64, i64, i64, NaiveDateTime)> = each!(conn, |c| q::api_quotas
        .find((account, operation))
        .select((q::tokens_micro, q::rate_micro, q::burst, q::updated_at))
        .first(c)
        .optional())?;
    Ok(row.map(|(tokens_micro, rate_micro, burst, updated_at)| StoredBucket {
        tokens_micro,
        rate_micro,
        burst,
        updated_at,
    }))
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
