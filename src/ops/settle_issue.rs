//! Settling an issue: a person says that it is resolved, or that it may be ignored.

use super::Actor;
use crate::app::App;
use crate::db::audit::{self, NewEvent};
use crate::db::{Conn, issues};
use crate::domain::access::Action;
use crate::domain::ids::IssueId;
use crate::error::AppError;
use chrono::NaiveDateTime;

/// What a person says about an issue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The cause is gone.
    Resolved,
    /// It may stay as it is.
    Ignored,
}

impl Verdict {
    /// The state of the issue afterwards.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Ignored => "ignored",
        }
    }
}

/// Settles an open issue; one that somebody settled meanwhile is a conflict.
pub async fn run(app: &App, actor: &Actor, issue: IssueId, verdict: Verdict) -> Result<(), AppError> {
    actor.must(Action::SettleIssues)?;
    let (actor, now) = (actor.clone(), app.clock.now().naive_utc());
    app.write(move |conn| {
        issues::by_id(conn, actor.company, issue)?.ok_or(AppError::NotFound)?;
        settle(conn, &actor, issue, (verdict, verdict.as_str()), now)
    })
    .await
}

/// Settles an open issue and notes who did, with the words that say how; the one way in which a person does so.
pub(super) fn settle(
    conn: &mut Conn,
    actor: &Actor,
    issue: IssueId,
    (verdict, words): (Verdict, &str),
    now: NaiveDateTime,
) -> Result<(), AppError> {
    issues::settle(conn, actor.company, issue, verdict.as_str()).map_err(super::edit_account::stale)?;
    let subject = format!("issue {issue}");
    let event =
        NewEvent { old_value: Some("open"), new_value: Some(words), ..actor.event("issue_settled", &subject, now) };
    Ok(audit::insert(conn, &event)?)
}
