//! `?debug=1` in any address turns developer mode on and `?debug=0` off, as people know it from other back offices.
//!
//! It is an alias for the button in the menu behind one's name and can do no more than that button.

use super::extract::CurrentUser;
use super::flash::{Flash, Tone};
use super::page;
use crate::app::App;
use crate::domain::access::Action;
use crate::error::AppError;
use crate::ops::toggle_developer_mode;
use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::Next;
use actix_web::web::Data;

/// The key in the address.
const KEY: &str = "debug";

/// Switches developer mode when the address says so, and leads to the same address without the key.
///
/// A request that changes something normally needs POST and the token of the session (`csrf`). This one may come by GET,
/// also from a link on another site: all that such a link can reach is that controls are shown which the reader may use
/// anyway. Developer mode is a way of looking, grants no right, ends with the session, leaves a line in the audit trail,
/// and every action behind those controls is still a form with the token.
pub async fn alias(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let wanted = if request.method() == Method::GET { wanted(request.query_string()) } else { None };
    let Some(is_on) = wanted else { return Ok(next.call(request).await?.map_into_boxed_body()) };
    // Whoever is not signed in yet comes back to this address after signing in.
    let Ok(user) = request.extract::<CurrentUser>().await else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let Some(app) = request.app_data::<Data<App>>().cloned() else {
        return Ok(request.error_response(AppError::Internal("the application is missing")).map_into_boxed_body());
    };
    if let Err(error) = switch(&app, &user, is_on).await {
        return Ok(request.error_response(error).map_into_boxed_body());
    }
    let address = without_key(request.path(), request.query_string());
    Ok(request.into_response(page::see_other(page::local_path(&address))))
}

async fn switch(app: &App, user: &CurrentUser, is_on: bool) -> Result<(), AppError> {
    if !user.may(Action::ForceSynchronization) {
        return user.flash(app, Flash::new(Tone::Warning, user.lang.t("shell-developer-no-right"))).await;
    }
    if user.developer_mode == is_on {
        return Ok(());
    }
    toggle_developer_mode::run(app, user.actor(), user.session.clone(), is_on).await?;
    let said = if is_on { "shell-developer-is-on" } else { "shell-developer-is-off" };
    user.flash(app, Flash::success(user.lang.t(said))).await
}

/// What the address asks for; the last one counts when the key stands there twice.
fn wanted(query: &str) -> Option<bool> {
    let mut values = query.split('&').filter_map(|pair| pair.split_once('=')).filter(|(key, _)| *key == KEY);
    match values.next_back() {
        Some((_, "1")) => Some(true),
        Some((_, "0")) => Some(false),
        _ => None,
    }
}

/// The same address without the key; the rest stays as it was typed.
fn without_key(path: &str, query: &str) -> String {
    let is_ours = |pair: &&str| pair.split('=').next() == Some(KEY);
    let rest: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_ours(pair)).collect();
    if rest.is_empty() { path.to_owned() } else { format!("{path}?{}", rest.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_two_known_values_are_taken_and_the_rest_of_the_address_stays() {
        assert_eq!(wanted("debug=1"), Some(true));
        assert_eq!(wanted("q=a&debug=0"), Some(false));
        assert_eq!(wanted("debug=1&debug=0"), Some(false));
        for other in ["", "debug", "debug=", "debug=assets", "nodebug=1", "q=debug=1"] {
            assert_eq!(wanted(other), None, "{other}");
        }
        assert_eq!(without_key("/sales/orders", "is=late&debug=1&q=a%20b"), "/sales/orders?is=late&q=a%20b");
        assert_eq!(without_key("/me", "debug=1"), "/me");
    }
}
