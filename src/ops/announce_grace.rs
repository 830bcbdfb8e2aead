//! How long a validated delivery waits before Amazon is told, so that it can be undone.

use crate::db::{Conn, DbError, settings};
use chrono::Duration;

/// The setting that holds it, in seconds.
pub const SETTING: &str = "announce_grace_secs";

/// The time on a real account while nothing else is set.
pub const REAL: Duration = Duration::seconds(60);

/// The time that the deliveries of an account wait; those of a simulated one leave at once while nothing else is set.
pub fn of(conn: &mut Conn, is_simulated: bool) -> Result<Duration, DbError> {
    let set = settings::value(conn, SETTING)?.and_then(|text| text.parse().ok()).map(Duration::seconds);
    Ok(set.unwrap_or(if is_simulated { Duration::zero() } else { REAL }))
}

/// The setting that holds above how many waiting deliveries a feed tells of them, instead of a call for each.
pub const FEED_THRESHOLD: &str = "feed_threshold";

/// That number while nothing else is set: at two calls a second, two and a half minutes of calls.
pub const USUAL_THRESHOLD: i64 = 300;

/// Above how many waiting deliveries a feed takes over.
pub fn feed_threshold(conn: &mut Conn) -> Result<i64, DbError> {
    let set = settings::value(conn, FEED_THRESHOLD)?.and_then(|text| text.parse().ok());
    Ok(set.unwrap_or(USUAL_THRESHOLD))
}
