//! Who is behind a request: the session of the browser, read once before any page and passed on.
//!
//! A session ends after half an hour without a request and after twelve hours in any case. The cookie holds a random
//! token; the database knows only its hash.

use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::crypto;
use crate::db::companies::{CompanyRow, SyncOverview};
use crate::db::sessions::SessionRow;
use crate::db::users::UserRow;
use crate::db::{self, DbError};
use crate::domain::marketplace::Directory;
use crate::domain::network;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderValue, SET_COOKIE};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest};
use chrono::{DateTime, TimeDelta, Utc};
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;

/// A session that is not used ends (Application Security Verification Standard 7.3.1).
pub const IDLE: TimeDelta = TimeDelta::minutes(30);

/// How often "last seen" is written, at most.
const SEEN_STEP: TimeDelta = TimeDelta::minutes(1);

/// What the browser's cookie becomes with the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CookieChange {
    /// It holds this new token.
    Set(String),
    /// It is removed.
    Remove,
}

/// Everything known about who sent a request, read once.
#[derive(Debug)]
pub struct Visit {
    /// The session, if the cookie names one that lives.
    pub session: RefCell<Option<SessionRow>>,
    /// Who is signed in.
    pub user: Option<UserRow>,
    /// The company of that user.
    pub company: Option<CompanyRow>,
    /// How its synchronization stands.
    pub sync: SyncOverview,
    /// The marketplaces that it knows.
    pub marketplaces: Directory,
    /// Whether anybody can sign in at all.
    pub has_users: bool,
    /// The language of the answer.
    pub lang: Lang,
    /// Where the request came from.
    pub ip: String,
    /// When it came.
    pub now: DateTime<Utc>,
    /// Whether the answer shows the stored messages, so that they are forgotten.
    pub is_flash_shown: Cell<bool>,
    cookie: RefCell<Option<CookieChange>>,
}

impl Visit {
    /// The visit behind a request; every page has one.
    pub fn of(request: &HttpRequest) -> Result<Rc<Self>, AppError> {
        request.extensions().get::<Rc<Self>>().map(Rc::clone).ok_or(AppError::Internal("a request has no visit"))
    }

    /// A visit of whom nothing is known, for pages that must be shown without a database.
    pub const fn nobody(lang: Lang, now: DateTime<Utc>) -> Self {
        Self {
            session: RefCell::new(None),
            user: None,
            company: None,
            sync: SyncOverview { is_simulated: false, has_account: false, is_running: false, last: None },
            marketplaces: Directory::new(Vec::new()),
            has_users: true,
            lang,
            ip: String::new(),
            now,
            is_flash_shown: Cell::new(false),
            cookie: RefCell::new(None),
        }
    }

    /// What forms of this session carry; empty without a session.
    pub fn csrf(&self) -> String {
        self.session.borrow().as_ref().map(|session| session.csrf_token.clone()).unwrap_or_default()
    }

    /// Changes the cookie with the answer.
    pub fn change_cookie(&self, change: CookieChange) {
        *self.cookie.borrow_mut() = Some(change);
    }
}

/// The cookie's name; browsers bind `__Host-` cookies to this host and to TLS.
pub fn cookie_name(app: &App) -> &'static str {
    if app.config.is_secure() { "__Host-comptoir" } else { "comptoir" }
}

/// Reads the session before the page and sets the cookie after it.
pub async fn load(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let path = request.path();
    let Some(app) = request.app_data::<Data<App>>().cloned() else {
        return Ok(request.error_response(AppError::Internal("the application is missing")).map_into_boxed_body());
    };
    if path.starts_with("/static/") || path == "/healthz" || path == "/readyz" {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let visit = match visit(&app, request.request()).await {
        Ok(visit) => Rc::new(visit),
        Err(error) => return Ok(request.error_response(error).map_into_boxed_body()),
    };
    request.extensions_mut().insert(Rc::clone(&visit));
    let shows_body = request.method() != Method::HEAD;
    let mut response = next.call(request).await?.map_into_boxed_body();
    if visit.is_flash_shown.get() && shows_body {
        let hash = visit.session.borrow().as_ref().map(|session| session.token_hash.clone());
        if let Some(hash) = hash {
            app.write(move |conn| db::sessions::set_flash(conn, &hash, "")).await.ok();
        }
    }
    if let Some(change) = visit.cookie.borrow_mut().take() {
        let text = cookie(&app, &change).to_string();
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    Ok(response)
}

fn cookie(app: &App, change: &CookieChange) -> Cookie<'static> {
    let value = if let CookieChange::Set(token) = change { token.clone() } else { String::new() };
    let mut cookie = Cookie::build(cookie_name(app), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.config.is_secure())
        .finish();
    if *change == CookieChange::Remove {
        cookie.make_removal();
    }
    cookie
}

/// Who asks, behind the proxies that the configuration trusts; failed sign-ins are counted by it.
fn client_address(app: &App, request: &HttpRequest) -> String {
    let Some(peer) = request.peer_addr() else { return String::new() };
    let lines = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let forwarded: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    network::client(peer.ip(), &forwarded, &app.config.trusted_proxies).to_string()
}

async fn visit(app: &App, request: &HttpRequest) -> Result<Visit, AppError> {
    let now = app.clock.now();
    let ip = client_address(app, request);
    let accepted = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let hash = request.cookie(cookie_name(app)).map(|cookie| crypto::token_hash(cookie.value()));
    let found = app.read(move |conn| find(conn, hash.as_deref(), now)).await?;
    let lang = found.session.as_ref().and_then(|session| Lang::parse(&session.language));
    if let Some(session) = found.session.as_ref().filter(|session| now.naive_utc() - session.seen_at >= SEEN_STEP) {
        let hash = session.token_hash.clone();
        app.write(move |conn| db::sessions::touch(conn, &hash, now.naive_utc())).await?;
    }
    Ok(Visit {
        session: RefCell::new(found.session),
        user: found.user,
        company: found.company,
        sync: found.sync,
        marketplaces: found.marketplaces,
        has_users: found.has_users,
        lang: lang.unwrap_or_else(|| Lang::preferred(accepted)),
        ip,
        now,
        is_flash_shown: Cell::new(false),
        cookie: RefCell::new(None),
    })
}

/// What the database says about a cookie.
#[derive(Default)]
struct Found {
    session: Option<SessionRow>,
    user: Option<UserRow>,
    company: Option<CompanyRow>,
    sync: SyncOverview,
    marketplaces: Directory,
    has_users: bool,
}

fn find(conn: &mut db::Conn, hash: Option<&str>, now: DateTime<Utc>) -> Result<Found, DbError> {
    let now = now.naive_utc();
    let held = match hash {
        Some(hash) => db::sessions::by_hash(conn, hash)?,
        None => None,
    };
    let held = held.filter(|(session, ..)| session.expires_at > now && now - session.seen_at < IDLE);
    let (session, user, company) = match held {
        Some((session, user, company)) => (Some(session), user.filter(|user| user.is_active), company),
        None => (None, None, None),
    };
    let Some(user) = user else {
        let session = session.filter(|session| session.user_id.is_none());
        return Ok(Found { session, has_users: db::users::any(conn)?, ..Found::default() });
    };
    let sync = db::companies::sync_overview(conn, user.company_id)?;
    let marketplaces = db::marketplaces::directory(conn, user.company_id)?;
    Ok(Found { session, company, sync, marketplaces, user: Some(user), has_users: true })
}

/// Somebody who may not be signed in, with a session that carries the forms they see.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Everything known about them.
    pub visit: Rc<Visit>,
    here: String,
}

impl Visitor {
    /// The surroundings of a page whose title is the message `key`.
    pub fn chrome(&self, key: &str) -> Chrome {
        let title = self.visit.lang.t(key).into_owned();
        Chrome::for_visit(&self.visit, title, Place::Outside, self.here.clone())
    }

    /// The hash that names the session in the database.
    pub fn session(&self) -> Option<String> {
        self.visit.session.borrow().as_ref().map(|session| session.token_hash.clone())
    }
}

impl FromRequest for Visitor {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _body: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let visit = Visit::of(&request)?;
            let app = request.app_data::<Data<App>>().ok_or(AppError::Internal("the application is missing"))?;
            if visit.session.borrow().is_none() {
                let started = ops::start_session::anonymous(app, visit.lang.code()).await?;
                visit.change_cookie(CookieChange::Set(started.token));
                *visit.session.borrow_mut() = Some(started.row);
            }
            Ok(Self { visit, here: page::place_of(&request) })
        })
    }
}
