//! Switching the language without leaving the page, signed in or not.

use super::extract::Form;
use super::page;
use super::sessions::Visitor;
use crate::app::App;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::{Actor, set_preferences};
use actix_web::HttpResponse;
use actix_web::web::{self, Data, ServiceConfig};
use serde::Deserialize;

/// The chosen language and the page to come back to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    lang: String,
    next: String,
}

async fn switch(app: Data<App>, visitor: Visitor, form: Form<Choice>) -> Result<HttpResponse, AppError> {
    let choice = form.into_inner();
    let lang = Lang::parse(&choice.lang).ok_or(AppError::BadRequest("unknown language"))?;
    let session = visitor.session().ok_or(AppError::Forged)?;
    match &visitor.visit.user {
        Some(user) => {
            let actor = Actor {
                user: user.id,
                company: user.company_id,
                rights: user.rights(),
                developer_mode: false,
                ip: visitor.visit.ip.clone(),
            };
            set_preferences::language(&app, actor, session, lang.code()).await?;
        }
        None => set_preferences::language_of_visitor(&app, session, lang.code()).await?,
    }
    Ok(page::see_other(page::local_path(&choice.next)))
}

/// Registers `POST /language`.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/language").post(switch));
}
