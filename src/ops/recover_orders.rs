//! Asking for single orders by their Amazon reference; the worker reads them one by one.

use super::{Actor, edit_account};
use crate::app::App;
use crate::db::jobs::{self, JobKind};
use crate::db::run_progress::{self, RunRequest};
use crate::db::runs;
use crate::domain::ids::{AccountId, RunId};
use crate::domain::run::{Recovery, RunCause, RunKind};
use crate::error::AppError;

/// Queues a recovery and wakes the worker; at most [`Recovery::MOST`] references.
pub async fn run(app: &App, actor: &Actor, account: AccountId, recovery: &Recovery) -> Result<RunId, AppError> {
    actor.must_be_developer()?;
    if recovery.references.is_empty() {
        return Err(AppError::Rule("recover-nothing"));
    }
    if recovery.references.len() > Recovery::MOST {
        return Err(AppError::Rule("recover-too-many"));
    }
    let parameters =
        serde_json::to_string(recovery).map_err(|_never| AppError::Internal("references have no JSON form"))?;
    let (actor, at) = (actor.clone(), app.clock.now());
    let now = at.naive_utc();
    let id = app
        .write(move |conn| {
            let held = crate::db::registrations::by_id(conn, account)?;
            if held.company_id != actor.company {
                return Err(AppError::NotFound);
            }
            // The same references asked for twice, by a second click, are one question.
            if let Some(active) =
                runs::all_active(conn, account, RunKind::Recover)?.into_iter().find(|run| run.parameters == parameters)
            {
                return Ok(active.id);
            }
            let request = RunRequest {
                account,
                kind: RunKind::Recover,
                cause: RunCause::User,
                requested_by: Some(actor.user),
                window_from: None,
                parameters: &parameters,
            };
            let id = run_progress::queue(conn, &request, now)?;
            jobs::request(conn, JobKind::RecoverOrders, account, now)?;
            edit_account::note(conn, &actor, account, "orders_recovered", ("", &parameters), at)?;
            Ok(id)
        })
        .await?;
    app.wake.notify_one();
    Ok(id)
}
