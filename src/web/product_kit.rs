//! The form of a kit's components: one line each, an empty reference takes a line out.

use super::conflict::Conflict;
use super::extract::{CurrentUser, FieldErrors, Form};
use super::product::{self, saved};
use crate::app::App;
use crate::domain::access::Action;
use crate::domain::ids::ProductId;
use crate::domain::kit::{KitError, LARGEST_QUANTITY};
use crate::error::AppError;
use crate::i18n::{Arg, Lang};
use crate::ops::edit_kit::{self, Refused};
use crate::ops::edit_product::Seen;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use serde::Deserialize;

/// The form: the n-th reference goes with the n-th quantity.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Components {
    version: i64,
    #[serde(default)]
    component: Vec<String>,
    #[serde(default)]
    quantity: Vec<String>,
}

/// The name of the form's fields, and the id of its first one.
const FIELD: &str = "component";

/// Takes the components of a kit.
pub(super) async fn save(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Components>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::EditProducts)?;
    let (id, form) = (ProductId(*path), form.into_inner());
    let typed: Vec<(String, String)> = form
        .component
        .into_iter()
        .zip(form.quantity)
        .map(|(reference, quantity)| (reference.trim().to_owned(), quantity.trim().to_owned()))
        .filter(|(reference, quantity)| !reference.is_empty() && quantity != "0")
        .collect();
    // What is no number is refused like a number that no kit can have.
    let parts = typed.iter().map(|(reference, quantity)| (reference.clone(), quantity.parse().unwrap_or(0))).collect();
    match edit_kit::run(&app, &user.actor(), Seen { product: id, version: form.version }, parts).await {
        Ok(Ok(())) => saved(&user, &app, id).await,
        Err(AppError::Conflict) => compare(&user, &app, id, typed).await,
        Err(error) => Err(error),
        Ok(Err(refused)) => {
            let mut page = product::load(&user, &app, id).await?;
            page.parts = Some(typed);
            let mut errors = FieldErrors::new();
            errors.add(FIELD, sentence(user.lang, &refused));
            page.refused(errors)
        }
    }
}

/// The components that one typed beside those that are stored now; they are the same: there is nothing to do.
async fn compare(
    user: &CurrentUser,
    app: &App,
    id: ProductId,
    typed: Vec<(String, String)>,
) -> Result<HttpResponse, AppError> {
    let mut page = product::load(user, app, id).await?;
    let address = format!("/sales/products/{id}");
    let version = page.held.as_ref().map_or(0, |held| held.version);
    let mut conflict = Conflict::new(format!("{address}/components"), version, address);
    let spoken = |parts: &[(String, String)]| {
        let mut lines: Vec<String> =
            parts.iter().map(|(reference, quantity)| format!("{quantity} × {reference}")).collect();
        // The order in which they stand means nothing.
        lines.sort();
        if lines.is_empty() { "–".to_owned() } else { lines.join(", ") }
    };
    let stored = page.parts.as_deref().unwrap_or_default();
    conflict.compare(user.lang.t("products-components"), spoken(stored), spoken(&typed));
    if conflict.differences.is_empty() {
        return saved(user, app, id).await;
    }
    for (reference, quantity) in &typed {
        conflict.carry("component", reference.clone());
        conflict.carry("quantity", quantity.clone());
    }
    page.parts = Some(typed);
    page.changed(conflict)
}

fn sentence(lang: Lang, refused: &Refused) -> String {
    let about = |key: &str, reference: &str| lang.with(key, &[("reference", reference)]).into_owned();
    match refused {
        Refused::NotAKit => lang.t("products-kit-none").into_owned(),
        Refused::Unknown(reference) => about("products-kit-unknown", reference),
        Refused::Kit(KitError::Cycle(_), reference) => about("products-kit-cycle", reference),
        Refused::Kit(KitError::Twice(_), reference) => about("products-kit-twice", reference),
        Refused::Kit(KitError::Quantity(_), reference) => {
            let values = [("reference", Arg::Text(reference.clone())), ("most", Arg::Number(LARGEST_QUANTITY))];
            lang.with("products-kit-quantity", &values).into_owned()
        }
    }
}
