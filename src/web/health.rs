//! Two addresses for machines: whether the process lives, and whether its database answers.

use crate::app::App;
use crate::db;
use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{self, Data, ServiceConfig};

fn plain(mut answer: actix_web::HttpResponseBuilder, text: &'static str) -> HttpResponse {
    answer.insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain; charset=utf-8").body(text)
}

async fn alive() -> HttpResponse {
    std::future::ready(plain(HttpResponse::Ok(), "ok\n")).await
}

async fn ready(app: Data<App>) -> HttpResponse {
    match app.read(db::users::any).await {
        Ok(_) => plain(HttpResponse::Ok(), "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "the database does not answer");
            plain(HttpResponse::ServiceUnavailable(), "the database does not answer\n")
        }
    }
}

/// Registers `/healthz` and `/readyz`.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/healthz").get(alive)).service(web::resource("/readyz").get(ready));
}
