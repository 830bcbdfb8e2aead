//! What can go wrong for a person, one variant per thing that the person can do about it.

use crate::crypto::CryptoError;
use crate::db::{DbError, MayClash};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A rule of the business said no; the text is a message of the catalogue.
    #[error("refused: {0}")]
    Rule(&'static str),
    /// The record does not exist, or is not this user's.
    #[error("not found")]
    NotFound,
    /// The user's role does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// Somebody changed the record meanwhile.
    #[error("changed meanwhile")]
    Conflict,
    /// The request does not come from one of our own pages.
    #[error("not sent from our own page")]
    Forged,
    /// The body is larger than any form of ours.
    #[error("too large")]
    TooLarge,
    /// The request could not be understood.
    #[error("bad request: {0}")]
    BadRequest(&'static str),
    /// The database failed.
    #[error(transparent)]
    Database(DbError),
    /// A sealed record, a key or randomness failed.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The configured addresses of Amazon cannot be used.
    #[error(transparent)]
    Endpoint(crate::amazon::EndpointError),
    /// The client of Amazon could not be set up.
    #[error(transparent)]
    Http(crate::amazon::HttpError),
    /// Something of ours is broken.
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl From<DbError> for AppError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Query(diesel::result::Error::NotFound) => Self::NotFound,
            other => Self::Database(other),
        }
    }
}

impl From<diesel::result::Error> for AppError {
    fn from(error: diesel::result::Error) -> Self {
        Self::from(DbError::from(error))
    }
}

impl MayClash for AppError {
    fn is_clash(&self) -> bool {
        matches!(self, Self::Database(error) if error.is_clash())
    }
}
