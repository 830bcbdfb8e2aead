//! Saying how long deliveries wait before Amazon is told of them, and above how many a feed tells of all.

use super::{Actor, announce_grace};
use crate::app::App;
use crate::db::{Conn, DbError, audit, settings};
use crate::domain::access::Action;
use crate::error::AppError;

/// The longest wait, in seconds: one hour, since Amazon wants to know the same day.
pub const LONGEST_GRACE_SECS: i64 = 3_600;

/// The highest number of deliveries that are told one by one; at two calls a second, a little more than an hour.
pub const HIGHEST_THRESHOLD: i64 = 10_000;

/// What is chosen; nothing leaves what is usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The seconds that a delivery waits.
    pub grace: String,
    /// Above how many waiting deliveries a feed tells of them.
    pub threshold: String,
}

impl Chosen {
    /// Both as one text, to say that somebody saw them.
    pub fn seen(&self) -> String {
        format!("{}/{}", self.grace, self.threshold)
    }
}

/// What is wrong with what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// The wait is no whole number from none to [`LONGEST_GRACE_SECS`].
    Grace,
    /// The number of deliveries is no whole number from 1 to [`HIGHEST_THRESHOLD`].
    Threshold,
}

/// What is chosen now.
pub fn chosen(conn: &mut Conn) -> Result<Chosen, DbError> {
    let grace = settings::value(conn, announce_grace::SETTING)?.unwrap_or_default();
    Ok(Chosen { grace, threshold: settings::value(conn, announce_grace::FEED_THRESHOLD)?.unwrap_or_default() })
}

/// Stores what was typed, unless somebody else stored something since `seen`.
pub async fn run(app: &App, actor: &Actor, seen: String, typed: Chosen) -> Result<Result<(), Vec<Mistake>>, AppError> {
    actor.must(Action::EditAccounts)?;
    let grace = read(&typed.grace, 0, LONGEST_GRACE_SECS);
    let threshold = read(&typed.threshold, 1, HIGHEST_THRESHOLD);
    let (Some(grace), Some(threshold)) = (&grace, &threshold) else {
        let wrong = [(grace.is_none(), Mistake::Grace), (threshold.is_none(), Mistake::Threshold)];
        return Ok(Err(wrong.into_iter().filter_map(|(is_wrong, one)| is_wrong.then_some(one)).collect()));
    };
    let new = Chosen { grace: grace.clone(), threshold: threshold.clone() };
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let old = chosen(conn)?;
        if old == new {
            return Ok(());
        }
        if old.seen() != seen {
            return Err(AppError::Conflict);
        }
        settings::put(conn, announce_grace::SETTING, &new.grace)?;
        settings::put(conn, announce_grace::FEED_THRESHOLD, &new.threshold)?;
        let (old, new) = (old.seen(), new.seen());
        let event = actor.event("announcing_changed", "settings", now);
        Ok(audit::insert(conn, &audit::NewEvent { old_value: Some(&old), new_value: Some(&new), ..event })?)
    })
    .await?;
    Ok(Ok(()))
}

/// A whole number within these bounds as it is stored; nothing stays nothing.
fn read(typed: &str, least: i64, most: i64) -> Option<String> {
    let text = typed.trim();
    if text.is_empty() {
        return Some(String::new());
    }
    let is_plain = text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<i64>().ok().filter(|number| is_plain && (least..=most).contains(number))?;
    Some(number.to_string())
}
