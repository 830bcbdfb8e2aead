//! The first-run page: open until somebody can sign in, and only with the code that the terminal shows.

use super::extract::{FieldErrors, Form};
use super::page::{self, Chrome};
use super::sessions::{CookieChange, Visitor};
use crate::app::App;
use crate::domain::money::Currency;
use crate::error::AppError;
use crate::i18n::{COUNTRIES, Lang};
use crate::ops::set_up::{self, NewCompany, Refused};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data, ServiceConfig};
use askama::Template;
use serde::Deserialize;

/// The time zones that are offered: those of Amazon's marketplaces and of their neighbours.
const TIME_ZONES: &[&str] = &[
    "Europe/Paris",
    "Europe/Brussels",
    "Europe/Berlin",
    "Europe/Madrid",
    "Europe/Rome",
    "Europe/Amsterdam",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Luxembourg",
    "Europe/Vienna",
    "Europe/Zurich",
    "Europe/Warsaw",
    "Europe/Prague",
    "Europe/Stockholm",
    "Europe/Copenhagen",
    "Europe/Oslo",
    "Europe/Helsinki",
    "Europe/Athens",
    "Europe/Bucharest",
    "Europe/Istanbul",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Johannesburg",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Toronto",
    "America/Vancouver",
    "America/Mexico_City",
    "America/Sao_Paulo",
    "Asia/Dubai",
    "Asia/Riyadh",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Hong_Kong",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Pacific/Auckland",
    "UTC",
];

/// The first-run page.
#[derive(Template)]
#[template(path = "setup/page.html")]
struct SetupPage {
    chrome: Chrome,
    errors: FieldErrors,
    typed: Typed,
    countries: Vec<(&'static str, String)>,
    currencies: Vec<(&'static str, &'static str)>,
    time_zones: Vec<(&'static str, String)>,
    languages: Vec<(&'static str, &'static str)>,
}

/// What was typed.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    code: String,
    language: String,
    name: String,
    email: String,
    password: String,
    company: String,
    country: String,
    currency: String,
    time_zone: String,
}

impl Typed {
    /// What a merchant who reads this language probably answers.
    fn probable(lang: Lang) -> Self {
        let (country, currency, time_zone) = match lang {
            Lang::Fr => ("FR", "EUR", "Europe/Paris"),
            Lang::En => ("GB", "GBP", "Europe/London"),
        };
        Self {
            language: lang.code().to_owned(),
            country: country.to_owned(),
            currency: currency.to_owned(),
            time_zone: time_zone.to_owned(),
            ..Self::default()
        }
    }

    fn parse(&self) -> Result<NewCompany, AppError> {
        let unknown = AppError::BadRequest("unknown choice");
        let (Some(language), Ok(currency), Ok(time_zone)) =
            (Lang::parse(&self.language), Currency::parse(&self.currency), self.time_zone.parse())
        else {
            return Err(unknown);
        };
        if !COUNTRIES.contains(&self.country.as_str()) {
            return Err(unknown);
        }
        Ok(NewCompany {
            language: language.code().to_owned(),
            name: self.name.clone(),
            email: self.email.clone(),
            password: self.password.clone(),
            company: self.company.clone(),
            country: self.country.clone(),
            currency,
            time_zone,
        })
    }
}

fn render(visitor: &Visitor, typed: Typed, errors: FieldErrors) -> Result<HttpResponse, AppError> {
    let lang = visitor.visit.lang;
    let (chrome, status) = if errors.is_empty() {
        (visitor.chrome("setup-title"), StatusCode::OK)
    } else {
        (visitor.chrome("setup-title").with_error(), StatusCode::UNPROCESSABLE_ENTITY)
    };
    let mut countries: Vec<_> = COUNTRIES.iter().map(|code| (*code, lang.country(code).into_owned())).collect();
    countries.sort_by_key(|(_, name)| sortable(name));
    page::html_with(
        status,
        &SetupPage {
            chrome,
            errors,
            typed: Typed { password: String::new(), ..typed },
            countries,
            currencies: Currency::ALL.iter().map(|currency| (currency.as_str(), currency.as_str())).collect(),
            time_zones: TIME_ZONES.iter().map(|zone| (*zone, zone.replace('_', " "))).collect(),
            languages: Lang::ALL.iter().map(|lang| (lang.code(), lang.name())).collect(),
        },
    )
}

/// A French name in its place in the alphabet: accents do not count.
fn sortable(name: &str) -> String {
    name.chars()
        .map(|letter| match letter {
            'É' | 'È' | 'é' | 'è' | 'ê' => 'e',
            'Î' | 'î' => 'i',
            other => other.to_ascii_lowercase(),
        })
        .collect()
}

async fn show(visitor: Visitor) -> Result<HttpResponse, AppError> {
    if visitor.visit.has_users {
        return Err(AppError::NotFound);
    }
    render(&visitor, Typed::probable(visitor.visit.lang), FieldErrors::new())
}

async fn create(app: Data<App>, visitor: Visitor, form: Form<Typed>) -> Result<HttpResponse, AppError> {
    if visitor.visit.has_users {
        return Err(AppError::NotFound);
    }
    let typed = form.into_inner();
    let lang = visitor.visit.lang;
    let new = typed.parse()?;
    let mut errors = FieldErrors::new();
    if typed.code.trim().is_empty() {
        errors.add("code", lang.t("setup-code-wrong"));
    }
    for (field, key) in new.mistakes() {
        errors.add(field, lang.t(&key));
    }
    if !errors.is_empty() {
        return render(&visitor, typed, errors);
    }
    match set_up::run(&app, typed.code.clone(), new, visitor.session()).await {
        Ok(started) => {
            visitor.visit.change_cookie(CookieChange::Set(started.token));
            Ok(page::see_other("/"))
        }
        Err(Refused::WrongCode) => {
            errors.add("code", lang.t("setup-code-wrong"));
            render(&visitor, typed, errors)
        }
        Err(Refused::Failed(error)) => Err(error),
    }
}

/// Registers `/setup`.
pub fn configure(cfg: &mut ServiceConfig) {
    cfg.service(web::resource("/setup").get(show).post(create));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_offered_time_zone_and_country_exists() {
        for zone in TIME_ZONES {
            assert!(zone.parse::<chrono_tz::Tz>().is_ok(), "{zone}");
        }
        for country in COUNTRIES {
            for lang in Lang::ALL {
                assert!(lang.has(&format!("country-{country}")), "{country}");
            }
        }
    }
}
