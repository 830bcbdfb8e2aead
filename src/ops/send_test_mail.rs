//! Sending oneself an e-mail, to see whether e-mails arrive.

use super::Actor;
use crate::app::App;
use crate::db::users;
use crate::domain::access::Action;
use crate::error::AppError;
use crate::mail::{Unsent, texts};

/// Hands a test e-mail to the actor in; the inner failure is the mail server's.
pub async fn run(app: &App, actor: &Actor) -> Result<Result<(), Unsent>, AppError> {
    actor.must(Action::EditAccounts)?;
    let Some(mailer) = &app.mailer else { return Err(AppError::NotFound) };
    let id = actor.user;
    let person = app.read(move |conn| users::by_id(conn, id)).await?.ok_or(AppError::NotFound)?;
    Ok(mailer.send(&texts::test(&person, &app.config.public_url), app.clock.now()).await)
}
