//! E-mails of deliveries that Amazon refused, handed to the mail server one by one.

use crate::app::App;
use crate::error::AppError;
use crate::mail::texts;
use crate::ops::send_digest;
use tokio_util::sync::CancellationToken;

/// Writes to everybody who is to be told now; answers how many e-mails went.
///
/// When the mail server itself is the problem, the others are not tried: their turn comes a minute later.
pub(super) async fn send_due(app: &App, stop: &CancellationToken) -> Result<usize, AppError> {
    let Some(mailer) = &app.mailer else { return Ok(0) };
    let now = app.clock.now();
    let people = app.read(move |conn| send_digest::due(conn, now.naive_utc())).await?;
    let mut sent = 0;
    for person in people {
        if stop.is_cancelled() {
            break;
        }
        let Some(digest) = send_digest::claim(app, person).await? else { continue };
        let site = &app.config.public_url;
        let mail = texts::digest(&digest.person, &digest.company, &digest.named, digest.count, site)
            .map_err(|_template| AppError::Internal("an e-mail could not be written"))?;
        let done = mailer.send(&mail, now).await;
        send_digest::settle(app, digest, done).await?;
        match done {
            Ok(()) => sent += 1,
            Err(unsent) => {
                let problem = unsent.problem;
                tracing::warn!(
                    user.id = person.0,
                    problem = problem.as_str(),
                    answer = unsent.answer,
                    "an e-mail did not go"
                );
                if problem.concerns_all() {
                    break;
                }
            }
        }
    }
    Ok(sent)
}

/// The same in the background.
pub(super) async fn perform(app: App, stop: CancellationToken) {
    if let Err(error) = send_due(&app, &stop).await {
        tracing::error!(error = %error, "people could not be told of refused deliveries");
    }
}
