//! What a handler receives instead of a cookie or a body: proof of who acts, and a form that was read.

use super::csrf;
use super::flash::{self, Flash};
use super::page::{self, Chrome, Place};
use super::sessions::Visit;
use crate::app::App;
use crate::db;
use crate::domain::access::{Action, Rights};
use crate::domain::ids::{CompanyId, UserId};
use crate::domain::marketplace::Directory;
use crate::domain::money::Currency;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::Actor;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::fmt;
use std::future::{Ready, ready};
use std::pin::Pin;
use std::rc::Rc;

/// The person who is signed in.
#[derive(Clone, Debug)]
pub struct CurrentUser {
    /// The key.
    pub id: UserId,
    /// The company.
    pub company: CompanyId,
    /// The name shown on pages.
    pub name: String,
    /// What the person is allowed.
    pub rights: Rights,
    /// The language.
    pub lang: Lang,
    /// Whether developer mode is on in this session.
    pub developer_mode: bool,
    /// What every form of this session carries.
    pub csrf: String,
    /// The time zone in which the company's days begin.
    pub zone: Tz,
    /// The currency of the company's books.
    pub currency: Currency,
    /// When the request came.
    pub now: DateTime<Utc>,
    /// The hash that names this session in the database.
    pub session: String,
    visit: Rc<Visit>,
    here: String,
}

impl CurrentUser {
    /// The marketplaces that the company knows.
    pub fn marketplaces(&self) -> &Directory {
        &self.visit.marketplaces
    }

    /// Who acts, as ops know it.
    pub fn actor(&self) -> Actor {
        Actor {
            user: self.id,
            company: self.company,
            rights: self.rights,
            developer_mode: self.developer_mode,
            ip: self.visit.ip.clone(),
        }
    }

    /// Whether the person may do this.
    pub fn may(&self, action: Action) -> bool {
        self.rights.may(action)
    }

    /// Fails with [`AppError::Forbidden`] unless the person may do this.
    pub fn must(&self, action: Action) -> Result<(), AppError> {
        if self.may(action) { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// The surroundings of a page whose title is the message `key`.
    pub fn chrome(&self, key: &str, place: Place) -> Chrome {
        self.chrome_titled(self.lang.t(key), place)
    }

    /// The surroundings of a page whose title is a record's reference.
    pub fn chrome_titled(&self, title: impl Into<String>, place: Place) -> Chrome {
        Chrome::for_visit(&self.visit, title.into(), place, self.here.clone())
    }

    /// Says something on the next page.
    pub async fn flash(&self, app: &App, flash: Flash) -> Result<(), AppError> {
        let stored = self.visit.session.borrow().as_ref().map(|session| session.flash.clone()).unwrap_or_default();
        let (hash, text) = (self.session.clone(), flash::add(&stored, flash));
        app.write(move |conn| db::sessions::set_flash(conn, &hash, &text)).await
    }

    fn of(request: &HttpRequest) -> Result<Self, actix_web::Error> {
        let visit = Visit::of(request)?;
        let (Some(user), Some(company)) = (&visit.user, &visit.company) else {
            return Err(Detour::for_visitor(request).into());
        };
        let session = visit.session.borrow();
        let session = session.as_ref().ok_or(AppError::Internal("a user has no session"))?;
        Ok(Self {
            id: user.id,
            company: user.company_id,
            name: user.name.clone(),
            rights: user.rights(),
            lang: visit.lang,
            developer_mode: session.developer_mode && user.rights().may(Action::ForceSynchronization),
            csrf: session.csrf_token.clone(),
            zone: company.time_zone.parse().unwrap_or(Tz::UTC),
            currency: company.currency,
            now: visit.now,
            session: session.token_hash.clone(),
            visit: Rc::clone(&visit),
            here: page::place_of(request),
        })
    }
}

impl FromRequest for CurrentUser {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _body: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

/// Where somebody who is not signed in is sent.
#[derive(Debug)]
pub struct Detour {
    status: StatusCode,
    to: String,
}

impl Detour {
    /// To the sign-in page and then back, or to the first-run page while nobody can sign in.
    pub fn for_visitor(request: &HttpRequest) -> Self {
        let has_users = Visit::of(request).is_ok_and(|visit| visit.has_users);
        let is_scripted = request.headers().contains_key("hx-request");
        let status = if is_scripted { StatusCode::UNAUTHORIZED } else { StatusCode::SEE_OTHER };
        if !has_users {
            return Self { status, to: "/setup".to_owned() };
        }
        let wanted = page::came_from(request);
        let next = serde_html_form::to_string([("next", wanted)]).unwrap_or_default();
        Self { status, to: format!("/login?{next}") }
    }
}

impl fmt::Display for Detour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sign in first")
    }
}

impl ResponseError for Detour {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        if self.status == StatusCode::UNAUTHORIZED {
            answer.insert_header(("HX-Redirect", self.to.clone()));
        } else {
            answer.insert_header((LOCATION, self.to.clone()));
        }
        answer.finish()
    }
}

/// A posted form, read into `T`; derive `Deserialize` with `deny_unknown_fields` and leave the token out.
#[derive(Clone, Debug)]
pub struct Form<T>(pub T);

impl<T> Form<T> {
    /// The form's content.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, body: &mut Payload) -> Self::Future {
        let bytes = Bytes::from_request(request, body);
        Box::pin(async move { Ok(Self(read(&bytes.await?)?)) })
    }
}

/// Reads a form without its token; an unknown or a repeated single field is refused.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, AppError> {
    let unreadable = AppError::BadRequest("the form was not readable");
    let Ok(fields) = serde_html_form::from_bytes::<Vec<(String, String)>>(body) else { return Err(unreadable) };
    read_fields(fields)
}

/// Reads the fields of a form without its token, as [`Form`] does.
pub fn read_fields<T: DeserializeOwned>(fields: Vec<(String, String)>) -> Result<T, AppError> {
    let unreadable = AppError::BadRequest("the form was not readable");
    let fields: Vec<_> = fields.into_iter().filter(|(name, _)| name != csrf::FIELD).collect();
    let Ok(text) = serde_html_form::to_string(fields) else { return Err(unreadable) };
    serde_html_form::from_str(&text).map_err(|_unknown_or_missing| unreadable)
}

/// What is wrong with the fields of a form, in the user's language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name, which is also its id on the page.
    pub field: Cow<'static, str>,
    /// The sentence.
    pub text: String,
}

impl FieldErrors {
    /// No error.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an error; the first one of a field is shown beside it.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, text: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), text: text.into() });
    }

    /// The first error of a field, empty for none.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|error| error.field == field).map_or("", |error| error.text.as_str())
    }

    /// All errors, in the order of the form.
    pub fn all(&self) -> &[FieldError] {
        &self.0
    }

    /// Whether nothing is wrong.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        name: String,
        #[serde(default)]
        id: Vec<i64>,
    }

    #[test]
    fn a_form_is_read_without_its_token_and_refuses_unknown_and_repeated_fields() {
        let good: Sample = read(b"csrf=x&name=Nadia+B&id=1&id=2").unwrap();
        assert_eq!(good, Sample { name: "Nadia B".to_owned(), id: vec![1, 2] });
        assert!(read::<Sample>(b"name=a&role=administrator").is_err());
        assert!(read::<Sample>(b"name=a&name=b").is_err());
        assert!(read::<Sample>(b"id=1").is_err());
    }
}
