//! Offers as files: the export of all of them, which an import reads back.

use super::extract::CurrentUser;
use crate::app::App;
use crate::domain::access::Action;
use crate::error::AppError;
use crate::export::writer::Format;
use crate::ops::export_records::{self, ExportError};
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::web::{self, Data, ServiceConfig};

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/offers.csv", web::get().to(csv)).route("/amazon/offers.json", web::get().to(json));
}

async fn csv(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    export(user, app, Format::Csv).await
}

async fn json(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    export(user, app, Format::Json).await
}

async fn export(user: CurrentUser, app: Data<App>, format: Format) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadAmazon)?;
    let (db, company) = (app.db.clone(), user.company);
    let body = app
        .blocking(move || {
            let mut out = Vec::new();
            match export_records::offers_of(&db, Some(company), format, &mut out) {
                Ok(()) => Ok(out),
                Err(ExportError::App(error)) => Err(error),
                Err(ExportError::Write(_)) => Err(AppError::Internal("an export could not be written")),
            }
        })
        .await?;
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"offers.csv\""),
        Format::Json => ("application/json", "attachment; filename=\"offers.json\""),
    };
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((CONTENT_DISPOSITION, name))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(body))
}
