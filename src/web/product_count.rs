//! The form by which somebody says how many units of a product the warehouse holds.

use super::conflict::Conflict;
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::{page, product};
use crate::app::App;
use crate::domain::access::Action;
use crate::domain::ids::ProductId;
use crate::error::AppError;
use crate::ops::adjust_stock::{self, Count, Refused};
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;

/// What was counted, and what the page showed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CountForm {
    seen: i64,
    counted: String,
}

/// Takes a count.
pub(super) async fn save(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<CountForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::CountStock)?;
    let (id, form) = (ProductId(*path), form.into_inner());
    let count = Count { product: id, seen: form.seen, counted: form.counted.clone() };
    match adjust_stock::run(&app, &user.actor(), count).await {
        Ok(Ok(())) => saved(&user, &app, id).await,
        Ok(Err(refused)) => {
            let key = match refused {
                Refused::Unreadable => "transfers-count-wrong",
                Refused::Uncounted => "transfers-count-uncounted",
            };
            let (mut page, mut errors) = (product::load(&user, &app, id).await?, FieldErrors::new());
            errors.add("counted", user.lang.t(key));
            page.counted = form.counted;
            page.refused(errors)
        }
        Err(AppError::Conflict) => {
            let mut page = product::load(&user, &app, id).await?;
            let now = page.held.as_ref().and_then(|held| held.warehouse).unwrap_or_default();
            let product = format!("/sales/products/{id}");
            let mut conflict = Conflict::unversioned(format!("{product}/count"), now.to_string(), product);
            conflict.carry("counted", form.counted.clone());
            conflict.compare(user.lang.t("transfers-in-warehouse"), now.to_string(), form.counted.trim());
            // Somebody else counted the same: there is nothing to do.
            if conflict.differences.is_empty() {
                return saved(&user, &app, id).await;
            }
            page.counted = form.counted;
            page.changed(conflict)
        }
        Err(error) => Err(error),
    }
}

async fn saved(user: &CurrentUser, app: &App, id: ProductId) -> Result<HttpResponse, AppError> {
    user.flash(app, Flash::success(user.lang.t("transfers-counted"))).await?;
    Ok(page::see_other(format!("/sales/products/{id}")))
}
