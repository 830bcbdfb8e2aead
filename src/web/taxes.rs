//! Settings, Taxes: what the company is to the tax offices, its VAT numbers, the rates, and where prices contain the tax.

use super::conflict::Conflict;
use super::extract::{CurrentUser, FieldErrors, Form};
use super::flash::Flash;
use super::order_tax::{country, percent};
use super::page::{self, Chrome, Place};
use crate::app::App;
use crate::db::orders::{self, Named};
use crate::db::paging::MOST_COUNTED;
use crate::db::taxes::{self, RateRow};
use crate::domain::access::Action;
use crate::domain::ids::MarketplaceId;
use crate::domain::tax::place::Country;
use crate::domain::tax::rates::{BasisPoints, Rate, TaxClass};
use crate::domain::tax::vat_number::VatNumber;
use crate::error::AppError;
use crate::i18n::COUNTRIES;
use crate::ops::decide_taxes;
use crate::ops::edit_taxes::{self, Answers};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, Query, ServiceConfig};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

/// Registers the pages.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.route("/settings/taxes", web::get().to(show))
        .route("/settings/taxes/profile", web::post().to(save_profile))
        .route("/settings/taxes/registrations", web::post().to(register))
        .route("/settings/taxes/registrations/remove", web::post().to(deregister))
        .route("/settings/taxes/rates", web::post().to(save_rate))
        .route("/settings/taxes/marketplaces", web::post().to(save_marketplaces))
        .route("/settings/taxes/decide-again", web::post().to(decide_again));
}

#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    ended: String,
}

/// A question of the profile: field, message, answer.
type Question = (&'static str, &'static str, bool);

struct RateLine {
    class: String,
    rate: String,
    from: String,
    to: Option<String>,
}

/// The rates of one country, folded behind those in force.
struct CountryRates {
    country: String,
    in_force: String,
    lines: Vec<RateLine>,
}

/// What one typed; what is stored, or nothing, when nothing was typed yet.
#[derive(Default)]
struct Typed {
    country: String,
    vat_number: String,
    rate_country: String,
    rate_class: String,
    rate: String,
    rate_from: String,
}

#[derive(Template)]
#[template(path = "taxes/show.html")]
struct TaxesPage {
    chrome: Chrome,
    version: i64,
    countries: Vec<(String, String)>,
    classes: Vec<(String, String)>,
    questions: Vec<Question>,
    registrations: Vec<(Country, String, String)>,
    rates: Vec<CountryRates>,
    has_ended: bool,
    marketplaces: Vec<(String, String, bool)>,
    to_decide: i64,
    typed: Typed,
    errors: FieldErrors,
    may_edit: bool,
    conflict: Option<Conflict>,
}

impl TaxesPage {
    /// Shows what one answered instead of what is stored.
    fn retype(&mut self, country: String, answers: Answers) {
        self.typed.country = country;
        let typed = [
            answers.is_established_in_eu,
            answers.is_small_business,
            answers.uses_oss,
            answers.is_below_threshold,
            answers.trusts_amazon,
        ];
        for (question, answer) in self.questions.iter_mut().zip(typed) {
            question.2 = answer;
        }
    }

    /// How many orders wait, in words.
    fn waiting(&self) -> std::borrow::Cow<'static, str> {
        if self.to_decide > MOST_COUNTED {
            return self.chrome.with("taxes-to-decide-many", [("count", MOST_COUNTED)]);
        }
        self.chrome.with("taxes-to-decide", [("count", self.to_decide)])
    }
}

async fn show(user: CurrentUser, app: Data<App>, asked: Query<Asked>) -> Result<HttpResponse, AppError> {
    let page = load(&user, &app, asked.ended == "1").await?;
    page::html(&page)
}

async fn load(user: &CurrentUser, app: &App, has_ended: bool) -> Result<TaxesPage, AppError> {
    user.must(Action::ReadTaxes)?;
    let company = user.company;
    let (named, rates, included, to_decide) = app
        .read(move |conn| {
            let waiting = orders::Filter { named: vec![Named::TaxToDecide], ..orders::Filter::default() };
            let to_decide = orders::count(conn, company, &waiting)?;
            Ok::<_, AppError>((taxes::profile(conn, company)?, taxes::rates(conn)?, taxes::included(conn)?, to_decide))
        })
        .await?;
    let ((profile, version), lang) = (named, user.lang);
    let chrome = user.chrome("taxes-title", Place::Taxes);
    let today = user.now.with_timezone(&user.zone).date_naive();
    let holds = |row: &&RateRow| has_ended || row.valid_to.is_none_or(|last| last >= today);
    let line = |row: &RateRow| RateLine {
        class: class_name(&chrome, row.class),
        rate: percent(lang, BasisPoints(row.rate_bp)),
        from: chrome.date(row.valid_from),
        to: row.valid_to.map(|last| chrome.date(last)),
    };
    let mut by_country: Vec<CountryRates> = Vec::new();
    for row in rates.iter().filter(holds) {
        let name = country(lang, row.country);
        let at = by_country.iter().position(|known| known.country == name).unwrap_or_else(|| {
            by_country.push(CountryRates { country: name, in_force: String::new(), lines: Vec::new() });
            by_country.len() - 1
        });
        let Some(known) = by_country.get_mut(at) else { continue };
        if row.valid_from <= today && row.valid_to.is_none_or(|last| last >= today) {
            let comma = if known.in_force.is_empty() { "" } else { " · " };
            known.in_force.push_str(comma);
            known.in_force.push_str(&percent(lang, BasisPoints(row.rate_bp)));
        }
        known.lines.push(line(row));
    }
    // The names sort otherwise than the letters do; within a country the database's order stays.
    by_country.sort_by(|a, b| a.country.cmp(&b.country));
    let mut countries: Vec<(String, String)> =
        COUNTRIES.iter().map(|code| ((*code).to_owned(), lang.t(&format!("country-{code}")).into_owned())).collect();
    countries.sort_by(|a, b| a.1.cmp(&b.1));
    Ok(TaxesPage {
        version,
        countries,
        classes: TaxClass::ALL.iter().map(|class| (class.as_str().to_owned(), class_name(&chrome, *class))).collect(),
        questions: vec![
            ("is_established_in_eu", "taxes-in-eu", profile.is_established_in_eu),
            ("is_small_business", "taxes-small-business", profile.is_small_business),
            ("uses_oss", "taxes-oss", profile.uses_oss),
            ("is_below_threshold", "taxes-below-threshold", profile.is_below_threshold),
            ("trusts_amazon", "taxes-trusts-amazon", profile.trusts_amazon),
        ],
        registrations: profile
            .registrations
            .iter()
            .map(|held| (held.country, country(lang, held.country), held.vat_number.clone()))
            .collect(),
        rates: by_country,
        has_ended,
        marketplaces: user
            .marketplaces()
            .all()
            .map(|found| {
                let is_included = included.get(&MarketplaceId::from(found.id)).copied();
                (found.id.to_owned(), found.name.to_owned(), is_included.unwrap_or_default())
            })
            .collect(),
        to_decide,
        typed: Typed {
            country: profile.country.to_string(),
            rate_country: profile.country.to_string(),
            rate_class: TaxClass::Standard.as_str().to_owned(),
            ..Typed::default()
        },
        errors: FieldErrors::new(),
        conflict: None,
        may_edit: user.may(Action::EditTaxes),
        chrome,
    })
}

fn class_name(chrome: &Chrome, class: TaxClass) -> String {
    chrome.t(&super::badges::key("tax-class", class.as_str())).into_owned()
}

/// The same page with what one typed and what is wrong with it.
fn wrong(mut page: TaxesPage, errors: FieldErrors) -> Result<HttpResponse, AppError> {
    page.errors = errors;
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn saved(user: &CurrentUser, app: &App, said: impl Into<String>) -> Result<HttpResponse, AppError> {
    user.flash(app, Flash::success(said)).await?;
    Ok(page::see_other("/settings/taxes"))
}

/// A country that has a name here.
fn named_country(code: &str) -> Option<Country> {
    COUNTRIES.contains(&code).then(|| Country::parse(code)).flatten()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileForm {
    version: i64,
    country: String,
    #[serde(default)]
    is_established_in_eu: String,
    #[serde(default)]
    is_small_business: String,
    #[serde(default)]
    uses_oss: String,
    #[serde(default)]
    is_below_threshold: String,
    #[serde(default)]
    trusts_amazon: String,
}

async fn save_profile(user: CurrentUser, app: Data<App>, form: Form<ProfileForm>) -> Result<HttpResponse, AppError> {
    user.must(Action::EditTaxes)?;
    let form = form.into_inner();
    let is_on = |text: &str| text == "yes";
    let answers = Answers {
        is_established_in_eu: is_on(&form.is_established_in_eu),
        is_small_business: is_on(&form.is_small_business),
        uses_oss: is_on(&form.uses_oss),
        is_below_threshold: is_on(&form.is_below_threshold),
        trusts_amazon: is_on(&form.trusts_amazon),
    };
    let Some(country) = named_country(&form.country) else {
        let mut page = load(&user, &app, false).await?;
        page.retype(form.country, answers);
        let mut errors = FieldErrors::new();
        errors.add("country", user.lang.t("taxes-country-wrong"));
        return wrong(page, errors);
    };
    match edit_taxes::profile(&app, &user.actor(), form.version, country, answers).await {
        Ok(()) => saved(&user, &app, user.lang.t("taxes-saved")).await,
        Err(AppError::Conflict) => compare_profiles(&user, &app, form.country, answers).await,
        Err(error) => Err(error),
    }
}

/// What one answered beside what somebody else stored meanwhile; nothing differs: there is nothing to do.
async fn compare_profiles(
    user: &CurrentUser,
    app: &App,
    chosen: String,
    answers: Answers,
) -> Result<HttpResponse, AppError> {
    let mut page = load(user, app, false).await?;
    let mut conflict = Conflict::new("/settings/taxes/profile".to_owned(), page.version, "/settings/taxes".to_owned());
    let (seat, questions) = (page.typed.country.clone(), page.questions.clone());
    page.retype(chosen, answers);
    let named = |code: &str| named_country(code).map(|found| country(user.lang, found)).unwrap_or_default();
    conflict.carry("country", page.typed.country.clone());
    conflict.compare(user.lang.t("taxes-country"), named(&seat), named(&page.typed.country));
    let spoken = |is_yes| user.lang.t(if is_yes { "shell-yes" } else { "shell-no" });
    for ((name, label, mine), (.., stored)) in page.questions.iter().zip(questions) {
        conflict.carry(name, if *mine { "yes" } else { "" });
        conflict.compare(user.lang.t(label), spoken(stored), spoken(*mine));
    }
    if conflict.differences.is_empty() {
        return saved(user, app, user.lang.t("taxes-saved")).await;
    }
    page.conflict = Some(conflict);
    page.chrome = page.chrome.with_error();
    page::html_with(StatusCode::CONFLICT, &page)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberForm {
    vat_number: String,
}

async fn register(user: CurrentUser, app: Data<App>, form: Form<NumberForm>) -> Result<HttpResponse, AppError> {
    user.must(Action::EditTaxes)?;
    let typed = form.into_inner().vat_number;
    let Some(number) = VatNumber::parse(&typed) else {
        let mut page = load(&user, &app, false).await?;
        let mut errors = FieldErrors::new();
        errors.add("vat_number", user.lang.with("taxes-vat-number-wrong", &[("typed", typed.trim())]));
        page.typed.vat_number = typed;
        return wrong(page, errors);
    };
    let name = country(user.lang, number.country());
    edit_taxes::register(&app, &user.actor(), number).await?;
    saved(&user, &app, user.lang.with("taxes-registration-added", &[("country", name)])).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RemoveForm {
    country: String,
}

async fn deregister(user: CurrentUser, app: Data<App>, form: Form<RemoveForm>) -> Result<HttpResponse, AppError> {
    user.must(Action::EditTaxes)?;
    let held = Country::parse(&form.into_inner().country).ok_or(AppError::NotFound)?;
    edit_taxes::deregister(&app, &user.actor(), held).await?;
    let name = country(user.lang, held);
    saved(&user, &app, user.lang.with("taxes-registration-removed", &[("country", name)])).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateForm {
    rate_country: String,
    rate_class: String,
    rate: String,
    rate_from: String,
}

async fn save_rate(user: CurrentUser, app: Data<App>, form: Form<RateForm>) -> Result<HttpResponse, AppError> {
    user.must(Action::EditTaxes)?;
    let form = form.into_inner();
    let (of, class) = (named_country(&form.rate_country), TaxClass::parse(&form.rate_class));
    let (points, from) = (BasisPoints::parse(&form.rate), form.rate_from.parse::<NaiveDate>().ok());
    let (Some(of), Some(class), Some(points), Some(valid_from)) = (of, class, points, from) else {
        let mut page = load(&user, &app, false).await?;
        let mut errors = FieldErrors::new();
        let lang = user.lang;
        if of.is_none() {
            errors.add("rate_country", lang.t("taxes-rate-country-wrong"));
        }
        if class.is_none() {
            errors.add("rate_class", lang.t("taxes-rate-class-wrong"));
        }
        if points.is_none() {
            errors.add("rate", lang.with("taxes-rate-wrong", &[("typed", form.rate.trim())]));
        }
        if from.is_none() {
            errors.add("rate_from", lang.t("taxes-rate-from-wrong"));
        }
        let RateForm { rate_country, rate_class, rate, rate_from } = form;
        page.typed = Typed { rate_country, rate_class, rate, rate_from, ..page.typed };
        return wrong(page, errors);
    };
    let new = Rate { country: of, class, points, valid_from, valid_to: None };
    edit_taxes::rate(&app, &user.actor(), new).await?;
    saved(&user, &app, user.lang.with("taxes-rate-saved", &[("country", country(user.lang, of))])).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MarketplacesForm {
    #[serde(default)]
    included: Vec<String>,
}

async fn save_marketplaces(
    user: CurrentUser,
    app: Data<App>,
    form: Form<MarketplacesForm>,
) -> Result<HttpResponse, AppError> {
    user.must(Action::EditTaxes)?;
    let included = form.into_inner().included.into_iter().map(MarketplaceId).collect();
    edit_taxes::marketplaces(&app, &user.actor(), included).await?;
    saved(&user, &app, user.lang.t("taxes-saved")).await
}

/// Nothing: the address says what is wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

async fn decide_again(user: CurrentUser, app: Data<App>, _form: Form<Nothing>) -> Result<HttpResponse, AppError> {
    let (seen, left) = decide_taxes::all_again(&app, &user.actor()).await?;
    saved(&user, &app, user.lang.with("taxes-decided-all", &[("seen", seen), ("left", left)])).await
}
