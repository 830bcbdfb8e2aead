//! The first run: a company, its administrator and what every Amazon merchant needs, in one transaction.
//!
//! It works only while nobody can sign in, and from the browser only with the code that the terminal showed.

use super::found_company;
use super::start_session::{self, Started};
use crate::app::App;
use crate::crypto;
use crate::db::audit::NewEvent;
use crate::db::{self, Conn, users};
use crate::domain::access::Role;
use crate::domain::ids::{CompanyId, UserId};
use crate::domain::money::Currency;
use crate::domain::password;
use crate::error::AppError;
use chrono::{NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use std::fmt;

/// How long a first-run code is good.
const CODE_LIFE: TimeDelta = TimeDelta::hours(24);

/// Letters and digits that nobody confuses (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A company and its administrator, to create.
#[derive(Clone)]
pub struct NewCompany {
    /// The code of the language.
    pub language: String,
    /// The administrator's name.
    pub name: String,
    /// The administrator's e-mail address.
    pub email: String,
    /// The administrator's password.
    pub password: String,
    /// The company's name.
    pub company: String,
    /// The country, ISO 3166-1 alpha-2.
    pub country: String,
    /// The currency of the books.
    pub currency: Currency,
    /// The time zone in which days begin.
    pub time_zone: Tz,
}

impl fmt::Debug for NewCompany {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewCompany({})", self.country)
    }
}

impl NewCompany {
    /// The fields that cannot be accepted, each with a message of the catalogue.
    pub fn mistakes(&self) -> Vec<(&'static str, String)> {
        let mut mistakes = Vec::new();
        let mut unless = |is_good: bool, field: &'static str, key: &str| {
            if !is_good {
                mistakes.push((field, key.to_owned()));
            }
        };
        let has_length = |text: &str, most: usize| (1..=most).contains(&text.trim().chars().count());
        unless(has_length(&self.name, 100), "name", "setup-name-missing");
        unless(looks_like_an_address(self.email.trim()), "email", "setup-email-wrong");
        if let Err(reason) = password::check(&self.password, self.email.trim(), &self.name) {
            unless(false, "password", &reason.to_string());
        }
        unless(has_length(&self.company, 100), "company", "setup-company-missing");
        let is_code = self.country.len() == 2 && self.country.bytes().all(|byte| byte.is_ascii_uppercase());
        unless(is_code, "country", "setup-country-missing");
        mistakes
    }
}

/// Whether a text can be an e-mail address: something, an at sign, a host with a dot or none, no space.
fn looks_like_an_address(text: &str) -> bool {
    let is_clean = text.len() <= 254 && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    is_clean && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
}

/// Why nothing was created.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The code is not the one that the terminal showed, or it is too old.
    #[error("the code is not right")]
    WrongCode,
    /// Something failed, or somebody can sign in already.
    #[error(transparent)]
    Failed(#[from] AppError),
}

/// A new first-run code to show on the terminal; nothing once somebody can sign in.
pub async fn issue_code(app: &App) -> Result<Option<String>, AppError> {
    let code = fresh_code()?;
    let (hash, expires) = (code_hash(&code), (app.clock.now() + CODE_LIFE).naive_utc());
    app.write(move |conn| {
        if users::any(conn)? {
            return Ok::<_, AppError>(None);
        }
        db::sessions::put_setup_code(conn, &hash, expires)?;
        Ok(Some(code.clone()))
    })
    .await
}

/// Sixteen letters of five bits each, in groups of four.
fn fresh_code() -> Result<String, AppError> {
    let mut code = String::with_capacity(19);
    for (index, byte) in crypto::random::<16>()?.into_iter().enumerate() {
        if index > 0 && index % 4 == 0 {
            code.push('-');
        }
        code.push(ALPHABET.get(usize::from(byte % 32)).copied().map_or('0', char::from));
    }
    Ok(code)
}

/// The stored form of a code, however it was typed.
fn code_hash(code: &str) -> String {
    let letters = code.chars().filter(char::is_ascii_alphanumeric).map(|letter| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    crypto::token_hash(&letters.collect::<String>())
}

/// Creates the company from the first-run page and signs its administrator in.
pub async fn run(app: &App, code: String, new: NewCompany, replaces: Option<String>) -> Result<Started, Refused> {
    let now = app.clock.now();
    let hash = hash_of(app, &new).await?;
    // The session needs the user's key, which the database gives: the row is completed inside the transaction.
    let prepared = start_session::prepare(now, Some(UserId(0)), &new.language)?;
    let row = prepared.row.clone();
    let spent = code_hash(&code);
    let user = app
        .write(move |conn| {
            if users::any(conn)? {
                return Err(AppError::NotFound);
            }
            if !db::sessions::spend_setup_code(conn, &spent, now.naive_utc())? {
                return Ok(None);
            }
            let (_, user) = create(conn, &new, &hash, now.naive_utc())?;
            if let Some(old) = &replaces {
                db::sessions::delete(conn, old)?;
            }
            db::sessions::insert(conn, &db::sessions::SessionRow { user_id: Some(user), ..row.clone() })?;
            Ok(Some(user))
        })
        .await?;
    user.map(|_| prepared).ok_or(Refused::WrongCode)
}

/// Creates the company without a code, from the terminal.
pub async fn create_company_and_admin(app: &App, new: NewCompany) -> Result<(CompanyId, UserId), AppError> {
    let now = app.clock.now().naive_utc();
    let hash = hash_of(app, &new).await?;
    app.write(move |conn| if users::any(conn)? { Err(AppError::Conflict) } else { create(conn, &new, &hash, now) })
        .await
}

async fn hash_of(app: &App, new: &NewCompany) -> Result<String, AppError> {
    let password = new.password.clone();
    app.blocking(move || Ok(crypto::hash_password(&password)?)).await
}

fn create(conn: &mut Conn, new: &NewCompany, hash: &str, now: NaiveDateTime) -> Result<(CompanyId, UserId), AppError> {
    let founding = found_company::Founding {
        name: new.company.trim().to_owned(),
        country: new.country.clone(),
        currency: new.currency,
        time_zone: new.time_zone,
    };
    let company = found_company::run(conn, &founding, now)?;
    let user = users::insert(
        conn,
        &users::NewUser {
            company_id: company,
            email: new.email.trim().to_lowercase(),
            name: new.name.trim().to_owned(),
            password_hash: hash.to_owned(),
            role: Role::Administrator,
            may_force_sync: false,
            language: new.language.clone(),
            theme: "system".to_owned(),
            is_active: true,
            created_at: now,
        },
    )?;
    db::audit::insert(
        conn,
        &NewEvent {
            company_id: Some(company),
            user_id: Some(user),
            ip: None,
            action: "company_created",
            subject: &format!("company {company}"),
            old_value: None,
            new_value: None,
            at: now,
        },
    )?;
    Ok((company, user))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_in_small_letters_without_dashes_and_with_lookalikes() {
        let code = fresh_code().unwrap();
        assert_eq!(code.len(), 19);
        assert_eq!(code_hash(&code), code_hash(&code.to_lowercase().replace('-', " ")));
        assert_eq!(code_hash("0123-1111"), code_hash("o123-iLl1"));
        assert_ne!(code_hash("0123"), code_hash("0124"));
    }

    #[test]
    fn every_field_of_the_first_run_is_checked() {
        let new = NewCompany {
            language: "en".to_owned(),
            name: " ".to_owned(),
            email: "nadia".to_owned(),
            password: "short".to_owned(),
            company: String::new(),
            country: "France".to_owned(),
            currency: Currency::EUR,
            time_zone: Tz::UTC,
        };
        let fields: Vec<_> = new.mistakes().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["name", "email", "password", "company", "country"]);
    }
}
