//! How a page is put together: what surrounds it, and how it is sent.
//!
//! It shows a menu entry only to those who may open it; it never decides what they may do once there.

use super::assets;
use super::flash::{self, Flash};
use super::menu::Menu;
pub use super::menu::{MenuLink, Place};
use super::sessions::Visit;
use crate::domain::access::Action;
use crate::domain::ids::MarketplaceId;
use crate::domain::marketplace::Directory;
use crate::domain::money::Money;
use crate::domain::run::RunState;
use crate::error::AppError;
use crate::i18n::format::{self, Moment};
use crate::i18n::{Lang, ToArg};
use actix_web::http::header::{CACHE_CONTROL, LOCATION, VARY};
use actix_web::http::uri::PathAndQuery;
use actix_web::http::{Method, StatusCode, Uri};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::borrow::{Borrow, Cow};

/// Who is signed in, for the user menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The role in the user's language.
    pub role: Cow<'static, str>,
    /// Whether developer mode may be turned on.
    pub may_develop: bool,
}

/// How the synchronization stands, in a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pill {
    /// The letter of the style sheet: `s`, `i`, `w`, `d` or `n`.
    pub kind: &'static str,
    /// The words.
    pub text: Cow<'static, str>,
}

/// An active filter of a list, for the macro `chips` of `parts/list.html`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// What is filtered.
    pub text: String,
    /// The address of the list without this filter.
    pub remove: String,
}

/// Everything around a page: `base.html` needs nothing else.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one part of the surroundings is shown")]
pub struct Chrome {
    /// The language.
    pub lang: Lang,
    /// The page's title, already in that language.
    pub title: String,
    /// Whether the page asks to correct something, so that its title says so.
    pub has_error: bool,
    /// The name of the app, empty outside.
    pub app: Cow<'static, str>,
    /// What every form carries.
    pub csrf: String,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Whether keyboard shortcuts of a single key are on.
    pub has_shortcuts: bool,
    /// Who is signed in.
    pub person: Option<Person>,
    /// The first row of the menu.
    pub apps: Vec<MenuLink>,
    /// The second row.
    pub entries: Vec<MenuLink>,
    /// What to say about the last action.
    pub flash: Vec<Flash>,
    /// Whether developer mode is on.
    pub developer_mode: bool,
    /// Whether an account talks to the simulated Amazon.
    pub is_simulated: bool,
    /// How the synchronization stands.
    pub pill: Option<Pill>,
    /// The marketplaces that the company knows.
    pub marketplaces: Directory,
    /// The address of this page, for the language links.
    pub here: String,
    /// The time zone in which times are shown.
    pub zone: Tz,
    /// When the request came.
    pub now: DateTime<Utc>,
}

impl Chrome {
    /// The surroundings of a page for whoever sent the request, signed in or not.
    pub fn for_visit(visit: &Visit, title: String, place: Place, here: String) -> Self {
        let lang = visit.lang;
        let rights = visit.user.as_ref().map(crate::db::users::UserRow::rights);
        let session = visit.session.borrow();
        let Menu { apps, entries, app } = Menu::of(lang, rights, place);
        let may_develop = rights.is_some_and(|rights| rights.may(Action::ForceSynchronization));
        visit.is_flash_shown.set(session.as_ref().is_some_and(|session| !session.flash.is_empty()));
        Self {
            lang,
            title,
            has_error: false,
            app,
            csrf: visit.csrf(),
            theme: visit.user.as_ref().map_or_else(|| "system".to_owned(), |user| user.theme.clone()),
            has_shortcuts: visit.user.as_ref().is_none_or(|user| user.has_shortcuts),
            person: visit.user.as_ref().map(|user| Person {
                name: user.name.clone(),
                role: lang.t(&format!("access-role-{}", user.role.as_str())),
                may_develop,
            }),
            apps,
            entries,
            flash: session.as_ref().map(|session| flash::read(&session.flash)).unwrap_or_default(),
            developer_mode: may_develop && session.as_ref().is_some_and(|session| session.developer_mode),
            is_simulated: visit.sync.is_simulated,
            pill: rights.filter(|rights| rights.may(Action::ReadAmazon)).and_then(|_| pill(visit)),
            marketplaces: visit.marketplaces.clone(),
            here,
            zone: visit.company.as_ref().and_then(|company| company.time_zone.parse().ok()).unwrap_or(Tz::UTC),
            now: visit.now,
        }
    }

    /// The same page, asking to correct something.
    #[must_use]
    pub fn with_error(mut self) -> Self {
        self.has_error = true;
        self
    }

    /// The message under `key`.
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        self.lang.t(key)
    }

    /// The message under `key` with values in it.
    pub fn with<'a, A: ToArg + 'a>(&self, key: &str, args: impl AsRef<[(&'a str, A)]>) -> Cow<'static, str> {
        self.lang.with(key, args.as_ref())
    }

    /// The name of a marketplace; one that nobody knows is shown by its identifier.
    pub fn marketplace(&self, id: &MarketplaceId) -> String {
        self.marketplaces.name(id.as_str()).to_owned()
    }

    /// The content of `<title>`.
    pub fn document_title(&self) -> Cow<'static, str> {
        let title = if self.app.is_empty() {
            self.lang.with("shell-title", &[("page", &self.title)])
        } else {
            self.lang.with("shell-title-in", &[("page", self.title.as_str()), ("app", &self.app)])
        };
        if self.has_error { self.lang.with("shell-title-error", &[("title", title)]) } else { title }
    }

    /// The address of a file of the folder `static`.
    #[expect(clippy::unused_self, reason = "templates reach functions through what surrounds them")]
    pub fn asset(&self, name: &str) -> &'static str {
        assets::asset(name)
    }

    /// The languages that one can switch to: code and name.
    pub fn languages(&self) -> Vec<(&'static str, &'static str)> {
        Lang::ALL.iter().filter(|lang| **lang != self.lang).map(|lang| (lang.code(), lang.name())).collect()
    }

    /// A whole number.
    pub fn number(&self, number: impl Borrow<i64>) -> String {
        format::number(self.lang, *number.borrow())
    }

    /// An amount with its currency.
    pub fn money(&self, money: impl Borrow<Money>) -> String {
        format::money(self.lang, *money.borrow())
    }

    /// A day.
    pub fn date(&self, day: impl Borrow<NaiveDate>) -> String {
        format::date(self.lang, *day.borrow())
    }

    /// An instant in the company's time zone.
    pub fn date_time(&self, at: impl Moment) -> String {
        format::date_time(self.lang, at, self.zone)
    }

    /// How long ago, or in how long.
    pub fn relative(&self, at: impl Moment) -> String {
        format::relative(self.lang, at, self.now)
    }

    /// An instant as machines read it.
    #[expect(clippy::unused_self, reason = "templates reach functions through what surrounds them")]
    pub fn machine(&self, at: impl Moment) -> String {
        format::machine(at)
    }
}

fn pill(visit: &Visit) -> Option<Pill> {
    let (lang, sync) = (visit.lang, visit.sync);
    if sync.is_running {
        return Some(Pill { kind: "i", text: lang.t("shell-syncing") });
    }
    match sync.last {
        Some((state, at)) => {
            let when = format::relative(lang, at, visit.now);
            let (kind, key) = match state {
                RunState::Failed => ("d", "shell-sync-failed"),
                RunState::Warned | RunState::Stopped => ("w", "shell-synced"),
                _ => ("s", "shell-synced"),
            };
            Some(Pill { kind, text: lang.with(key, &[("when", when)]) })
        }
        None if sync.has_account => Some(Pill { kind: "n", text: lang.t("shell-not-synced") }),
        None => None,
    }
}

/// The path and query of a request.
pub fn here(request: &HttpRequest) -> String {
    request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}

/// The address of the page that answers: its own, or of the page with the form that it answers.
pub fn place_of(request: &HttpRequest) -> String {
    if request.method() == Method::GET { here(request) } else { came_from(request) }
}

/// The page that the reader has before their eyes: the one that is asked for, or the one that holds the form.
pub fn came_from(request: &HttpRequest) -> String {
    let is_whole_page = request.method() == Method::GET && !request.headers().contains_key("hx-request");
    if is_whole_page {
        return here(request);
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let seen = header("hx-current-url").or_else(|| header("referer")).and_then(|text| text.parse::<Uri>().ok());
    let path = seen.as_ref().and_then(Uri::path_and_query).map_or("/", PathAndQuery::as_str);
    local_path(path).to_owned()
}

/// The address to go on to, if it is a page of ours; the dashboard otherwise.
pub fn local_path(wanted: &str) -> &str {
    let is_local = wanted.starts_with('/') && !wanted.starts_with("//") && !wanted.contains(['\\', '#']);
    if is_local && wanted.len() <= 2_000 && wanted.bytes().all(|byte| byte.is_ascii_graphic()) { wanted } else { "/" }
}

/// What a page's answer depends on besides its address.
const VARIES: &str = "HX-Request, HX-Boosted, HX-Target, HX-History-Restore-Request, Accept-Language, Cookie";

/// Room for a list of eighty rows, in bytes: it grows without being copied again and again.
const ROOM: usize = 100_000;

/// A page, or a fragment of one, that was made as asked.
pub fn html(page: &impl Template) -> Result<HttpResponse, AppError> {
    html_with(StatusCode::OK, page)
}

/// A page with another status: 422 for a form to correct, 429, …
pub fn html_with(status: StatusCode, page: &impl Template) -> Result<HttpResponse, AppError> {
    let mut body = String::with_capacity(ROOM);
    page.render_into(&mut body).map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        AppError::Internal("a page could not be rendered")
    })?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, VARIES))
        .body(body))
}

/// Sends the browser to another page of ours after a form.
pub fn see_other(path: impl AsRef<str>) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, path.as_ref()))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, VARIES))
        .finish()
}

/// Whether the browser asks for the fragment `target` only, instead of the whole page.
pub fn wants_fragment(request: &HttpRequest, target: &str) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let named = header("hx-target").map(|value| value.rsplit_once('#').map_or(value, |(_, id)| id));
    header("hx-request") == Some("true")
        && header("hx-boosted").is_none()
        && header("hx-history-restore-request").is_none()
        && named == Some(target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn only_addresses_of_our_own_are_gone_on_to() {
        for good in
            ["/", "/sales/orders?team=2&state=ready", "/amazon/accounts/3?tab=credentials", "/a//b", "/%2F%2Fevil"]
        {
            assert_eq!(local_path(good), good);
        }
        for evil in [
            "",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "evil",
            "/\t/evil.example",
            "/\n",
            "/ /evil.example",
            "/é",
            "/x\\..\\y",
            " /x",
        ] {
            assert_eq!(local_path(evil), "/", "{evil:?}");
        }
    }

    #[test]
    fn a_fragment_is_sent_only_when_the_page_owns_the_target() {
        let asked = |headers: &[(&'static str, &'static str)]| {
            let request = headers.iter().fold(TestRequest::default(), |request, header| request.insert_header(*header));
            wants_fragment(&request.to_http_request(), "list")
        };
        assert!(asked(&[("HX-Request", "true"), ("HX-Target", "list")]));
        assert!(asked(&[("HX-Request", "true"), ("HX-Target", "div#list")]));
        assert!(!asked(&[("HX-Target", "list")]));
        assert!(!asked(&[("HX-Request", "true"), ("HX-Target", "div#other")]));
        assert!(!asked(&[("HX-Request", "true"), ("HX-Target", "list"), ("HX-Boosted", "true")]));
        assert!(!asked(&[("HX-Request", "true"), ("HX-Target", "list"), ("HX-History-Restore-Request", "true")]));
    }
}
