//! Signing in: the same answer and the same time whether the e-mail or the password was wrong.
//!
//! A try is counted before the password is compared, so that many tries at once count as many.

use super::start_session::{self, Started};
use crate::app::App;
use crate::crypto::{self, Purpose};
use crate::db::audit::NewEvent;
use crate::db::users::UserRow;
use crate::db::{self, Conn, DbError};
use crate::domain::throttle;
use crate::error::AppError;
use chrono::{DateTime, NaiveDateTime, Utc};
use std::fmt;
use std::sync::OnceLock;

/// What somebody typed, and from where.
pub struct Attempt {
    /// The e-mail address.
    pub email: String,
    /// The password.
    pub password: String,
    /// The address of the browser.
    pub ip: String,
    /// The session of the sign-in page, which ends.
    pub replaces: Option<String>,
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attempt")
    }
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The e-mail or the password is not right.
    #[error("the e-mail or the password is not right")]
    Wrong,
    /// Too many tries; the next one is allowed at this time.
    #[error("too many tries")]
    TooMany(DateTime<Utc>),
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] AppError),
}

/// Signs somebody in and starts a session with a new token.
pub async fn run(app: &App, attempt: Attempt) -> Result<Started, Refused> {
    let now = app.clock.now();
    let email = attempt.email.trim().to_lowercase();
    let email_hash = app.vault.reference(Purpose::SignIn, &email);
    let (counted_hash, ip) = (email_hash.clone(), attempt.ip.clone());
    let counted =
        app.write(move |conn| count(conn, &email, &counted_hash, &ip, now.naive_utc()).map_err(AppError::from)).await?;
    let (user, stored) = match counted {
        Counted::Wait(until) => return Err(Refused::TooMany(until)),
        Counted::Known(user, stored) => (Some(user), stored),
        Counted::Unknown => (None, nobodys_hash()?),
    };
    let password = attempt.password.clone();
    let verdict = app
        .blocking(move || {
            let is_right = crypto::verify_password(&password, &stored)?;
            let better = is_right && crypto::needs_rehash(&stored);
            Ok((is_right, if better { Some(crypto::hash_password(&password)?) } else { None }))
        })
        .await?;
    let known = user.clone();
    match (user, verdict) {
        (Some(user), (true, better)) if user.is_active => {
            let started = start_session::prepare(now, Some(user.id), &user.language)?;
            admit(app, &started, user, better, email_hash, attempt, now.naive_utc()).await?;
            Ok(started)
        }
        _ => {
            let ip = attempt.ip;
            app.write(move |conn| note_failure(conn, known.as_ref(), &ip, now.naive_utc())).await?;
            Err(Refused::Wrong)
        }
    }
}

/// What the database knows about a try, after it was counted.
enum Counted {
    Wait(DateTime<Utc>),
    Known(UserRow, String),
    Unknown,
}

fn count(conn: &mut Conn, email: &str, hash: &str, ip: &str, now: NaiveDateTime) -> Result<Counted, DbError> {
    let failures = db::sessions::failures(conn, hash, ip, now - throttle::WINDOW)?;
    let utc = |times: Vec<NaiveDateTime>| times.into_iter().map(|at| at.and_utc()).collect::<Vec<_>>();
    if let Some(until) = throttle::wait_until(&utc(failures.for_email), &utc(failures.from_ip)) {
        return Ok(Counted::Wait(until));
    }
    db::sessions::add_failure(conn, hash, ip, now)?;
    match db::users::by_email(conn, email)? {
        Some(user) => {
            let stored = db::users::password_hash(conn, user.id)?;
            Ok(Counted::Known(user, stored))
        }
        None => Ok(Counted::Unknown),
    }
}

async fn admit(
    app: &App,
    started: &Started,
    user: UserRow,
    better_hash: Option<String>,
    email_hash: String,
    attempt: Attempt,
    now: NaiveDateTime,
) -> Result<(), AppError> {
    let row = started.row.clone();
    app.write(move |conn| {
        if let Some(hash) = &better_hash {
            db::users::set_password_hash(conn, user.id, hash)?;
        }
        if let Some(old) = &attempt.replaces {
            db::sessions::delete(conn, old)?;
        }
        db::sessions::clear_failures(conn, &email_hash, &attempt.ip)?;
        db::sessions::clean_up(conn, now, now - throttle::WINDOW)?;
        db::sessions::insert(conn, &row)?;
        let subject = format!("user {}", user.id);
        db::audit::insert(conn, &event(Some(&user), &attempt.ip, "signed_in", &subject, now))
    })
    .await
}

fn note_failure(conn: &mut Conn, user: Option<&UserRow>, ip: &str, now: NaiveDateTime) -> Result<(), DbError> {
    let subject = user.map_or_else(|| "unknown user".to_owned(), |user| format!("user {}", user.id));
    db::audit::insert(conn, &event(user, ip, "sign_in_failed", &subject, now))
}

const fn event<'a>(
    user: Option<&UserRow>,
    ip: &'a str,
    action: &'a str,
    subject: &'a str,
    at: NaiveDateTime,
) -> NewEvent<'a> {
    let (company_id, user_id) = match user {
        Some(user) => (Some(user.company_id), Some(user.id)),
        None => (None, None),
    };
    NewEvent { company_id, user_id, ip: Some(ip), action, subject, old_value: None, new_value: None, at }
}

/// A hash that no password has, compared when the e-mail is unknown, so that it takes as long.
fn nobodys_hash() -> Result<String, AppError> {
    static HASH: OnceLock<String> = OnceLock::new();
    if let Some(hash) = HASH.get() {
        return Ok(hash.clone());
    }
    let hash = crypto::hash_password(&crypto::random_token()?)?;
    Ok(HASH.get_or_init(|| hash).clone())
}
