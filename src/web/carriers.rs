//! Carriers: the list, one carrier, what Amazon is told of it and how its parcels are followed.

use super::badges::{self, Badge};
use super::conflict::Conflict;
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::db::carriers::{self, CarrierRow};
use crate::domain::access::Action;
use crate::domain::carrier::{self, LONGEST_NAME, Meaning, OTHER, SELF_DELIVERY};
use crate::domain::ids::CarrierId;
use crate::domain::tracking;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ops::edit_carrier::{self, Described, Mistake};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use askama::Template;
use chrono::Duration;
use serde::Deserialize;

/// Registers the pages; the fixed addresses come first, since a carrier's looks like them.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/inventory/carriers", web::get().to(list))
        .route("/inventory/carriers", web::post().to(create))
        .route("/inventory/carriers/new", web::get().to(blank))
        .route("/inventory/carriers/usual", web::post().to(add_usual))
        .route("/inventory/carriers/example", web::get().to(example))
        .route("/inventory/carriers/{id}", web::get().to(show))
        .route("/inventory/carriers/{id}", web::post().to(change))
        .route("/inventory/carriers/{id}/suggestion", web::post().to(take_suggestion));
}

struct Row {
    href: String,
    name: String,
    sent: String,
    link: Option<String>,
    format: String,
    /// For which accounts and marketplaces it is the usual one.
    usual: String,
    used: String,
    state: Badge,
}

/// How many days the use of a carrier is counted.
const USED_DAYS: i64 = 30;

#[derive(Template)]
#[template(path = "carriers/list.html")]
struct ListPage {
    chrome: Chrome,
    rows: Vec<Row>,
    may_edit: bool,
}

async fn list(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadStock)?;
    let company = user.company;
    let since = (user.now - Duration::days(USED_DAYS)).naive_utc();
    let (rows, usual, transfers) = app
        .read(move |conn| {
            let (usual, transfers) = (carriers::usual(conn, company)?, carriers::used_since(conn, company, since)?);
            Ok::<_, AppError>((carriers::all(conn, company)?, usual, transfers))
        })
        .await?;
    let chrome = user.chrome("carriers-title", Place::Carriers);
    let usual = |id: CarrierId| {
        let of =
            usual.iter().filter(|(carrier, ..)| *carrier == id).map(|(_, account, marketplace)| match marketplace {
                Some(marketplace) => format!("{account}: {}", chrome.marketplace(marketplace)),
                None => account.clone(),
            });
        of.collect::<Vec<_>>().join(", ")
    };
    let row = |row: &CarrierRow| Row {
        usual: usual(row.id),
        used: chrome.number(transfers.get(&row.id).copied().unwrap_or_default()),
        href: format!("/inventory/carriers/{}", row.id),
        name: row.name.clone(),
        sent: sent(user.lang, &row.amazon_code, &row.name),
        link: row.tracking_url.as_ref().map(|url| host(url)),
        format: row.tracking_format.clone().unwrap_or_default().replace('|', " | "),
        state: state(user.lang, row.is_active),
    };
    let rows = rows.iter().map(row).collect();
    page::html(&ListPage { chrome, rows, may_edit: user.may(Action::EditCarriers) })
}

fn state(lang: Lang, is_active: bool) -> Badge {
    if is_active { badges::flag(lang, "s", "carriers-active") } else { badges::flag(lang, "n", "carriers-archived") }
}

/// The site of a tracking link.
fn host(url: &str) -> String {
    let rest = url.strip_prefix("https://").unwrap_or(url);
    rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
}

/// What Amazon is told: the code, and for *Other* the name beside it.
fn sent(lang: Lang, code: &str, name: &str) -> String {
    if code == OTHER { lang.with("carriers-sent-as-other", &[("name", name)]).into_owned() } else { code.to_owned() }
}

/// A tracking link with a reference in it.
struct Example {
    reference: String,
    link: Option<String>,
    problem: Option<&'static str>,
}

impl Example {
    fn of(url: &str, forms: &str) -> Self {
        let (url, forms) = (url.trim(), forms.trim());
        let has_forms = !forms.is_empty() && tracking::are_forms(forms);
        let reference = tracking::example(has_forms.then_some(forms));
        let problem = if !url.is_empty() && !tracking::is_link(url) {
            Some("carriers-link-wrong")
        } else if !forms.is_empty() && !has_forms {
            Some("carriers-format-wrong")
        } else {
            None
        };
        let link = (problem.is_none() && !url.is_empty()).then(|| tracking::link(url, &reference));
        Self { reference, link, problem }
    }
}

#[derive(Template)]
#[template(path = "carriers/example.html")]
struct ExampleFragment {
    chrome: Chrome,
    example: Example,
}

#[derive(Deserialize)]
struct Pattern {
    #[serde(default)]
    tracking_url: String,
    #[serde(default)]
    tracking_format: String,
}

async fn example(user: CurrentUser, asked: Query<Pattern>) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadStock)?;
    let chrome = user.chrome("carriers-title", Place::Carriers);
    page::html(&ExampleFragment { chrome, example: Example::of(&asked.tracking_url, &asked.tracking_format) })
}

#[derive(Template)]
#[template(path = "carriers/show.html")]
struct CarrierPage {
    chrome: Chrome,
    action: String,
    is_new: bool,
    version: i64,
    state: Badge,
    sent: String,
    suggestion: Option<&'static str>,
    is_self_delivery: bool,
    example: Example,
    codes: Vec<&'static str>,
    typed: Described,
    taken: Option<String>,
    errors: FieldErrors,
    /// What somebody else stored while the form was open.
    conflict: Option<Conflict>,
    may_edit: bool,
}

fn page_of(user: &CurrentUser, row: Option<&CarrierRow>) -> CarrierPage {
    let lang = user.lang;
    let typed = row.map_or_else(|| Described { is_active: true, ..Described::default() }, described);
    let chrome = match row {
        Some(row) => user.chrome_titled(row.name.clone(), Place::Carriers),
        None => user.chrome("carriers-new", Place::Carriers),
    };
    let code = row.map_or("", |row| row.amazon_code.as_str());
    let suggestion = row.filter(|row| row.amazon_code == OTHER).and_then(|row| match carrier::meaning(&row.name) {
        Meaning::Near(near) => Some(near),
        Meaning::Code(_) | Meaning::Unknown => None,
    });
    CarrierPage {
        action: row.map_or_else(|| "/inventory/carriers".to_owned(), |row| format!("/inventory/carriers/{}", row.id)),
        is_new: row.is_none(),
        version: row.map_or(0, |row| row.version),
        state: state(lang, typed.is_active),
        sent: row.map_or_else(String::new, |row| sent(lang, &row.amazon_code, &row.name)),
        suggestion,
        is_self_delivery: code == SELF_DELIVERY,
        example: Example::of(&typed.tracking_url, &typed.tracking_format),
        codes: carrier::codes().collect(),
        typed,
        taken: None,
        errors: FieldErrors::new(),
        conflict: None,
        may_edit: user.may(Action::EditCarriers),
        chrome,
    }
}

/// A stored carrier as its form shows it: a code that its name finds is left to the name.
fn described(row: &CarrierRow) -> Described {
    let is_found = carrier::code_for(&row.name) == row.amazon_code;
    Described {
        name: row.name.clone(),
        amazon_code: if is_found { String::new() } else { row.amazon_code.clone() },
        tracking_url: row.tracking_url.clone().unwrap_or_default(),
        tracking_format: row.tracking_format.clone().unwrap_or_default(),
        is_active: row.is_active,
    }
}

async fn blank(user: CurrentUser) -> Result<HttpResponse, AppError> {
    user.must(Action::EditCarriers)?;
    page::html(&page_of(&user, None))
}

async fn load(user: &CurrentUser, app: &App, id: CarrierId) -> Result<CarrierRow, AppError> {
    let company = user.company;
    app.read(move |conn| carriers::by_id(conn, company, id)).await?.ok_or(AppError::NotFound)
}

async fn show(user: CurrentUser, app: Data<App>, path: Path<i64>) -> Result<HttpResponse, AppError> {
    user.must(Action::ReadStock)?;
    let row = load(&user, &app, CarrierId(*path)).await?;
    page::html(&page_of(&user, Some(&row)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarrierForm {
    version: i64,
    name: String,
    amazon_code: String,
    tracking_url: String,
    tracking_format: String,
    #[serde(default)]
    is_active: String,
}

impl CarrierForm {
    fn described(self) -> Described {
        Described {
            name: self.name,
            amazon_code: self.amazon_code,
            tracking_url: self.tracking_url,
            tracking_format: self.tracking_format,
            is_active: self.is_active == "yes",
        }
    }
}

/// The same page with what one typed and what is wrong with it.
fn wrong(mut page: CarrierPage, typed: Described, mistakes: &[Mistake]) -> Result<HttpResponse, AppError> {
    let lang = page.chrome.lang;
    for mistake in mistakes {
        let (field, text) = match mistake {
            Mistake::NameMissing => ("name", lang.t("carriers-name-missing")),
            Mistake::NameTooLong => ("name", lang.with("carriers-name-long", &[("most", LONGEST_NAME)])),
            Mistake::UnknownCode(Some(near)) => {
                let said = [("code", typed.amazon_code.trim()), ("near", *near)];
                ("amazon_code", lang.with("carriers-code-near", &said))
            }
            Mistake::UnknownCode(None) => {
                ("amazon_code", lang.with("carriers-code-unknown", &[("code", typed.amazon_code.trim())]))
            }
            Mistake::WrongLink => ("tracking_url", lang.t("carriers-link-wrong")),
            Mistake::WrongForms => ("tracking_format", lang.t("carriers-format-wrong")),
        };
        page.errors.add(field, text);
    }
    page.example = Example::of(&typed.tracking_url, &typed.tracking_format);
    page.typed = typed;
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The same page, since another carrier has the name already.
fn taken(mut page: CarrierPage, typed: Described, held: CarrierId) -> Result<HttpResponse, AppError> {
    let text = page.chrome.with("carriers-name-taken", [("name", typed.name.trim())]).into_owned();
    page.errors.add("name", text);
    page.taken = Some(format!("/inventory/carriers/{held}"));
    wrong(page, typed, &[])
}

async fn saved(user: &CurrentUser, app: &App, id: CarrierId) -> Result<HttpResponse, AppError> {
    user.flash(app, Flash::success(user.lang.t("carriers-saved"))).await?;
    Ok(page::see_other(format!("/inventory/carriers/{id}")))
}

async fn create(user: CurrentUser, app: Data<App>, form: Form<CarrierForm>) -> Result<HttpResponse, AppError> {
    user.must(Action::EditCarriers)?;
    let typed = form.into_inner().described();
    let checked = match typed.check() {
        Ok(checked) => checked,
        Err(mistakes) => return wrong(page_of(&user, None), typed, &mistakes),
    };
    match edit_carrier::create(&app, &user.actor(), checked).await? {
        Ok(id) => saved(&user, &app, id).await,
        Err(held) => taken(page_of(&user, None), typed, held),
    }
}

async fn change(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<CarrierForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::EditCarriers)?;
    let (id, form) = (CarrierId(*path), form.into_inner());
    let row = load(&user, &app, id).await?;
    let (version, typed) = (form.version, form.described());
    let checked = match typed.check() {
        Ok(checked) => checked,
        Err(mistakes) => return wrong(page_of(&user, Some(&row)), typed, &mistakes),
    };
    match edit_carrier::change(&app, &user.actor(), id, version, checked).await {
        Ok(Ok(())) => saved(&user, &app, id).await,
        Ok(Err(held)) => taken(page_of(&user, Some(&row)), typed, held),
        Err(AppError::Conflict) => compare(&user, &app, id, typed).await,
        Err(error) => Err(error),
    }
}

/// What one typed beside what somebody else stored meanwhile; nothing differs: there is nothing to do.
async fn compare(user: &CurrentUser, app: &App, id: CarrierId, typed: Described) -> Result<HttpResponse, AppError> {
    let row = load(user, app, id).await?;
    let mut page = page_of(user, Some(&row));
    let mut conflict = Conflict::new(page.action.clone(), page.version, page.action.clone());
    let stored = &page.typed;
    for (name, label, theirs, mine) in [
        ("name", "carriers-name", &stored.name, &typed.name),
        ("amazon_code", "carriers-code", &stored.amazon_code, &typed.amazon_code),
        ("tracking_url", "carriers-link", &stored.tracking_url, &typed.tracking_url),
        ("tracking_format", "carriers-format", &stored.tracking_format, &typed.tracking_format),
    ] {
        conflict.carry(name, mine.clone());
        conflict.compare(user.lang.t(label), theirs.clone(), mine.clone());
    }
    conflict.carry("is_active", if typed.is_active { "yes" } else { "" });
    let state = |is_active: bool| state(user.lang, is_active).text;
    conflict.compare(user.lang.t("carriers-state"), state(stored.is_active), state(typed.is_active));
    if conflict.differences.is_empty() {
        return saved(user, app, id).await;
    }
    page.example = Example::of(&typed.tracking_url, &typed.tracking_format);
    page.typed = typed;
    page.conflict = Some(conflict);
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::CONFLICT, &page)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionForm {
    version: i64,
}

/// Takes the spelling that Amazon knows, because a person pressed the button beside the question.
async fn take_suggestion(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<VersionForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::EditCarriers)?;
    let id = CarrierId(*path);
    let row = load(&user, &app, id).await?;
    let Meaning::Near(near) = carrier::meaning(&row.name) else { return Err(AppError::Conflict) };
    let new = Described { name: near.to_owned(), amazon_code: String::new(), ..described(&row) };
    let Ok(checked) = new.check() else { return Err(AppError::Conflict) };
    match edit_carrier::change(&app, &user.actor(), id, form.into_inner().version, checked).await? {
        Ok(()) => saved(&user, &app, id).await,
        Err(held) => taken(page_of(&user, Some(&row)), new, held),
    }
}

/// Nothing: the address says what is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn add_usual(user: CurrentUser, app: Data<App>, _form: Form<Nothing>) -> Result<HttpResponse, AppError> {
    edit_carrier::add_usual(&app, &user.actor()).await?;
    user.flash(&app, Flash::success(user.lang.t("carriers-usual-added"))).await?;
    Ok(page::see_other("/inventory/carriers"))
}
