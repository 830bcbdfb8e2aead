//! Imports in the background: taken one by one, each on a thread that may block.

use crate::app::App;
use crate::db::file_imports::{self, ImportRow};
use crate::db::product_words;
use crate::domain::ids::ProductId;
use crate::error::AppError;
use crate::ops::import_files::{self, KEPT_HOURS};
use chrono::Duration;
use tokio_util::sync::CancellationToken;

/// Takes the oldest import that waits, or nothing.
pub(super) async fn claim(app: &App) -> Result<Option<ImportRow>, AppError> {
    // Looking costs no write transaction; only taking does.
    if app.read(file_imports::is_any_free).await? { app.write(file_imports::claim).await } else { Ok(None) }
}

/// Does what an import waits for.
pub(super) async fn perform(app: App, held: ImportRow, stop: CancellationToken) {
    let (id, worker) = (held.id.0, app.clone());
    let done = app.blocking(move || import_files::perform(&worker, &held, || stop.is_cancelled())).await;
    if let Err(error) = done {
        tracing::error!(error = %error, import.id = id, "an import failed");
    }
}

/// Removes files that were uploaded a day ago, with their reports.
pub(super) async fn clean(app: &App) -> Result<(), AppError> {
    let old = app.clock.now().naive_utc() - Duration::hours(KEPT_HOURS);
    app.write(move |conn| file_imports::forget(conn, old)).await?;
    Ok(())
}

/// Makes products searchable that an older version wrote.
pub(super) async fn catch_up(app: &App) -> Result<(), AppError> {
    let mut after = Some(ProductId(0));
    while let Some(id) = after {
        after = app.write(move |conn| product_words::catch_up(conn, id)).await?;
    }
    Ok(())
}
