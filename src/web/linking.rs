//! Linking an Amazon account: a new one, Amazon's consent page and the way back, a refresh token, the application.

use super::account::{again, changed, load, saved, wrong};
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::{Flash, Tone};
use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::db::marketplaces;
use crate::domain::access::Action;
use crate::domain::dataset::Dataset;
use crate::domain::ids::{AccountId, MarketplaceId};
use crate::error::AppError;
use crate::ops::credentials::Secrets;
use crate::ops::edit_account::{self, Application, Seen};
use crate::ops::link_account::{self, Answer, Linked};
use crate::ops::{ask_consent, open_account, pause_account, test_permissions};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Path, Query, ServiceConfig};
use askama::Template;
use serde::Deserialize;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/amazon/accounts/new", web::get().to(ask))
        .route("/amazon/accounts", web::post().to(create))
        .route(ask_consent::CALLBACK, web::get().to(answer))
        .route("/amazon/accounts/{id}/link", web::post().to(consent))
        .route("/amazon/accounts/{id}/authorization", web::post().to(authorize))
        .route("/amazon/accounts/{id}/application", web::post().to(save_application))
        .route("/amazon/accounts/{id}/permissions", web::post().to(test))
        .route("/amazon/accounts/{id}/pause", web::post().to(pause))
        .route("/amazon/accounts/{id}/resume", web::post().to(resume));
}

#[derive(Template)]
#[template(path = "accounts/new.html")]
struct NewPage {
    chrome: Chrome,
    errors: FieldErrors,
    marketplaces: Vec<(String, String)>,
    typed: NewForm,
}

async fn ask(user: CurrentUser, app: Data<App>) -> Result<HttpResponse, AppError> {
    user.must(Action::EditAccounts)?;
    new_page(&user, &app, NewForm::default(), FieldErrors::new()).await
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewForm {
    name: String,
    marketplace: String,
}

async fn new_page(
    user: &CurrentUser,
    app: &App,
    typed: NewForm,
    errors: FieldErrors,
) -> Result<HttpResponse, AppError> {
    let company = user.company;
    let directory = app.read(move |conn| marketplaces::directory(conn, company)).await?;
    let mut offered: Vec<(String, String)> =
        directory.all().map(|found| (found.id.to_owned(), found.name.to_owned())).collect();
    offered.sort_by(|one, other| one.1.cmp(&other.1));
    offered.insert(0, (String::new(), user.lang.t("link-signup-choose").into_owned()));
    let chrome = user.chrome("link-new-title", Place::Accounts);
    let (chrome, status) = if errors.is_empty() {
        (chrome, StatusCode::OK)
    } else {
        (chrome.with_error(), StatusCode::UNPROCESSABLE_ENTITY)
    };
    page::html_with(status, &NewPage { chrome, errors, marketplaces: offered, typed })
}

async fn create(user: CurrentUser, app: Data<App>, form: Form<NewForm>) -> Result<HttpResponse, AppError> {
    let form = form.into_inner();
    let signup = MarketplaceId::from(form.marketplace.as_str());
    match open_account::run(&app, &user.actor(), &form.name, signup).await {
        Ok(id) => Ok(page::see_other(format!("/amazon/accounts/{id}"))),
        Err(AppError::Rule(key)) => {
            let mut errors = FieldErrors::new();
            let field = if key == "account-marketplace-unknown" { "marketplace" } else { "name" };
            errors.add(field, user.lang.t(key));
            new_page(&user, &app, form, errors).await
        }
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "accounts/consent.html")]
struct ConsentPage {
    chrome: Chrome,
    id: AccountId,
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConsentForm {
    #[serde(default)]
    draft: String,
}

/// Leads to Amazon's consent page. A redirect of the form itself would be stopped by our own content policy
/// (`form-action 'self'`), so a page of ours goes on by itself, or by its link.
async fn consent(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<ConsentForm>,
) -> Result<HttpResponse, AppError> {
    let id = AccountId(*path);
    let is_draft = form.into_inner().draft == "yes";
    match ask_consent::run(&app, &user.actor(), &user.session, id, is_draft).await {
        Ok(url) => {
            let chrome = user.chrome("link-leaving", Place::Accounts);
            let refresh = format!("0; url={url}");
            let mut answer = page::html(&ConsentPage { chrome, id, url })?;
            let header = actix_web::http::header::HeaderValue::from_str(&refresh)
                .map_err(|_unprintable| AppError::Internal("an address cannot be a header"))?;
            answer.headers_mut().insert(actix_web::http::header::REFRESH, header);
            Ok(answer)
        }
        Err(AppError::Rule(key)) => refused(&user, &app, id, "", key).await,
        Err(error) => Err(error),
    }
}

/// The credentials of an account again, with what is wrong.
async fn refused(
    user: &CurrentUser,
    app: &App,
    id: AccountId,
    field: &'static str,
    key: &str,
) -> Result<HttpResponse, AppError> {
    let page = load(user, app, id, "credentials").await?;
    let mut errors = FieldErrors::new();
    errors.add(field, user.lang.t(key));
    wrong(page, errors)
}

/// What Amazon's consent page sends back; Amazon may add more, which is ignored.
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    state: String,
    #[serde(default)]
    selling_partner_id: String,
    #[serde(default)]
    spapi_oauth_code: String,
}

/// Takes Amazon's answer. It redirects in any case, so that the code does not stay in the address bar.
async fn answer(user: Option<CurrentUser>, app: Data<App>, sent: Query<Sent>) -> Result<HttpResponse, AppError> {
    // Without a session nothing can be believed; the code is not carried along to the sign-in page.
    let Some(user) = user else { return Ok(page::see_other("/login?next=/amazon/accounts")) };
    let Sent { state, selling_partner_id, spapi_oauth_code } = sent.into_inner();
    let claimed = link_account::claimed_account(&state);
    let answer = Answer { state, seller: selling_partner_id, code: spapi_oauth_code };
    match link_account::by_consent(&app, &user.actor(), &user.session, answer).await {
        Ok(linked) => done(&user, &app, &linked).await,
        Err(AppError::Rule(key)) => {
            user.flash(&app, Flash::new(Tone::Problem, user.lang.t(key))).await?;
            let company = user.company;
            let known = match claimed {
                Some(id) => app.read(move |conn| crate::db::accounts::by_id(conn, company, id)).await?.map(|_| id),
                None => None,
            };
            Ok(page::see_other(
                known.map_or_else(|| "/amazon/accounts".to_owned(), |id| format!("/amazon/accounts/{id}")),
            ))
        }
        Err(error) => Err(error),
    }
}

/// Says that an account was linked, and what is synchronized because of it.
async fn done(user: &CurrentUser, app: &App, linked: &Linked) -> Result<HttpResponse, AppError> {
    let (id, company) = (linked.account, user.company);
    let directory = app.read(move |conn| marketplaces::directory(conn, company)).await?;
    let names: Vec<&str> = linked.followed.iter().map(|id| directory.name(id.as_str())).collect();
    let flash = if !linked.is_first {
        Flash::success(user.lang.t("link-again-done"))
    } else if names.is_empty() {
        let said = Flash::new(Tone::Warning, user.lang.t("link-done-without"));
        said.with_link(format!("/amazon/accounts/{id}?tab=marketplaces"), user.lang.t("account-tab-marketplaces"))
    } else {
        Flash::success(user.lang.with("link-done", &[("marketplaces", names.join(", "))]))
    };
    user.flash(app, flash).await?;
    Ok(page::see_other(format!("/amazon/accounts/{id}")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorizationForm {
    #[serde(default)]
    seller: String,
    refresh_token: String,
}

async fn authorize(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<AuthorizationForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::EditAccounts)?;
    let (id, form) = (AccountId(*path), form.into_inner());
    let token = form.refresh_token.trim();
    let mut page = load(&user, &app, id, "credentials").await?;
    let seller =
        if page.link.is_linked && form.seller.is_empty() { page.link.seller.as_str() } else { form.seller.trim() };
    let done_or_not = if token.is_empty() {
        Err(AppError::Rule("link-token-empty"))
    } else {
        link_account::by_token(&app, &user.actor(), id, seller, token).await
    };
    match done_or_not {
        Ok(linked) => done(&user, &app, &linked).await,
        Err(AppError::Rule(key)) => {
            let field = match key {
                "link-seller-wrong" => "seller",
                "link-no-client" | "link-client-refused" => "client_secret",
                _ => "refresh_token",
            };
            let mut errors = FieldErrors::new();
            errors.add(field, user.lang.t(key));
            page.typed.seller = form.seller;
            wrong(page, errors)
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplicationForm {
    version: i64,
    #[serde(default)]
    application_id: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
    /// What was typed before somebody else was faster, sealed.
    #[serde(default)]
    kept: String,
}

async fn save_application(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<ApplicationForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::EditAccounts)?;
    let (id, form) = (AccountId(*path), form.into_inner());
    let trimmed = |text: &str| text.trim().to_owned();
    let typed = if form.kept.is_empty() {
        Secrets {
            application_id: trimmed(&form.application_id),
            client_id: trimmed(&form.client_id),
            client_secret: trimmed(&form.client_secret),
            refresh_token: String::new(),
        }
    } else {
        edit_account::kept_secrets(&app, id, &form.kept)?
    };
    let new = Application {
        application_id: typed.application_id.clone(),
        client_id: typed.client_id.clone(),
        client_secret: typed.client_secret.clone(),
    };
    let problem = if [&new.application_id, &new.client_id, &new.client_secret].iter().all(|text| text.is_empty()) {
        Some(("application_id", "link-application-empty"))
    } else {
        let seen = Seen { account: id, version: form.version };
        match edit_account::application(&app, &user.actor(), seen, new).await {
            Ok(()) => None,
            Err(AppError::Rule(key)) => Some(("client_secret", key)),
            Err(AppError::Conflict) => return compare_application(&user, &app, id, &typed).await,
            Err(error) => return Err(error),
        }
    };
    let Some((field, key)) = problem else { return saved(&user, &app, id, "credentials").await };
    let mut page = load(&user, &app, id, "credentials").await?;
    (page.typed.application_id, page.typed.client_id) = (typed.application_id, typed.client_id);
    let mut errors = FieldErrors::new();
    errors.add(field, user.lang.t(key));
    wrong(page, errors)
}

/// Secrets are told apart by their endings, as everywhere; those that were typed are carried on sealed.
async fn compare_application(
    user: &CurrentUser,
    app: &App,
    id: AccountId,
    typed: &Secrets,
) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, id, "credentials").await?;
    let mut conflict = again(&page, "application");
    conflict.carry("kept", edit_account::keep_secrets(app, id, typed)?);
    let spoken = |ending: &str| match ending {
        "" => user.lang.t("account-secret-set"),
        ending => user.lang.with("account-secret-ends", &[("ending", ending)]),
    };
    if !typed.application_id.is_empty() {
        let theirs = page.link.application_id.clone();
        conflict.compare(user.lang.t("link-application-id"), theirs, typed.application_id.clone());
    }
    let mine = [&typed.client_id, &typed.client_secret];
    for ((label, _, theirs), mine) in page.link.secrets.iter().zip(mine).filter(|(_, mine)| !mine.is_empty()) {
        conflict.compare(user.lang.t(label), spoken(theirs), spoken(&edit_account::ending(mine)));
    }
    page.typed.application_id.clone_from(&typed.application_id);
    page.typed.client_id.clone_from(&typed.client_id);
    changed(user, app, page, conflict).await
}

/// Nothing: the address says which account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn test(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, AppError> {
    let id = AccountId(*path);
    match test_permissions::run(&app, &user.actor(), id).await {
        Ok(refused) => {
            let said = [("refused", refused.len()), ("all", Dataset::ALL.len())];
            let text = user.lang.with("link-tested", &said);
            let tone = if refused.is_empty() { Tone::Success } else { Tone::Warning };
            user.flash(&app, Flash::new(tone, text)).await?;
            Ok(page::see_other(format!("/amazon/accounts/{id}?tab=credentials")))
        }
        Err(AppError::Rule(key)) => refused_test(&user, &app, id, key).await,
        Err(error) => Err(error),
    }
}

async fn refused_test(user: &CurrentUser, app: &App, id: AccountId, key: &str) -> Result<HttpResponse, AppError> {
    user.flash(app, Flash::new(Tone::Problem, user.lang.t(key))).await?;
    Ok(page::see_other(format!("/amazon/accounts/{id}?tab=credentials")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Version {
    version: i64,
}

async fn pause(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Version>,
) -> Result<HttpResponse, AppError> {
    let seen = Seen { account: AccountId(*path), version: form.into_inner().version };
    pause_account::pause(&app, &user.actor(), seen).await?;
    user.flash(&app, Flash::success(user.lang.t("account-paused"))).await?;
    Ok(page::see_other(format!("/amazon/accounts/{path}")))
}

async fn resume(
    user: CurrentUser,
    app: Data<App>,
    path: Path<i64>,
    form: Form<Version>,
) -> Result<HttpResponse, AppError> {
    let seen = Seen { account: AccountId(*path), version: form.into_inner().version };
    pause_account::resume(&app, &user.actor(), seen).await?;
    user.flash(&app, Flash::success(user.lang.t("account-resumed"))).await?;
    Ok(page::see_other(format!("/amazon/accounts/{path}")))
}
