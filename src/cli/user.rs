//! `comptoir user add`: somebody new, with a password from the standard input.

use super::terminal::{read_secret, say};
use super::{Failure, first_company};
use crate::app::App;
use crate::domain::access::{Rights, Role};
use crate::domain::money::Currency;
use crate::ops::add_user::{self, NewUser};
use crate::ops::found_company::{self, Founding};
use chrono_tz::Tz;
use clap::Subcommand;

/// Commands about users.
#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Add a user; the password is read from the standard input.
    Add {
        /// The e-mail address, which is the sign-in name.
        #[arg(long)]
        email: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// The role.
        #[arg(long, value_parser = role)]
        role: Role,
        /// Gives the right "Force synchronization".
        #[arg(long)]
        may_force_sync: bool,
        /// The company's name; describes the company that this installation has, or founds it.
        #[arg(long)]
        company: Option<String>,
        /// The company's country, for example FR.
        #[arg(long, default_value = "FR", requires = "company", value_parser = country)]
        country: String,
        /// The currency of the company's books, for example EUR.
        #[arg(long, default_value = "EUR", requires = "company", value_parser = currency)]
        currency: Currency,
        /// The zone in which the company's days begin, for example Europe/Paris.
        #[arg(long, default_value = "Europe/Paris", requires = "company")]
        time_zone: Tz,
        /// The language of the pages: en or fr.
        #[arg(long, default_value = "en", value_parser = ["en", "fr"])]
        language: String,
    },
}

fn country(text: &str) -> Result<String, String> {
    let is_code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code { Ok(text.to_owned()) } else { Err("a country is two capital letters, for example FR".to_owned()) }
}

fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text).map_err(|error| error.to_string())
}

fn role(text: &str) -> Result<Role, String> {
    let known = || Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
    Role::parse(text).ok_or_else(|| format!("known roles are {}", known()))
}

impl User {
    pub(super) async fn run(self, app: &App) -> Result<(), Failure> {
        let Self::Add { email, name, role, may_force_sync, company, country, currency, time_zone, language } = self;
        if let Some(name) = company {
            let (founding, now) = (Founding { name, country, currency, time_zone }, app.clock.now().naive_utc());
            app.write(move |conn| found_company::run(conn, &founding, now)).await?;
        }
        let company = first_company(app).await?;
        let password = read_secret("the password")?;
        let rights = Rights { role, may_force_sync };
        let new = NewUser { company, email: email.clone(), name, password, rights, language };
        match add_user::run(app, new).await {
            Ok(_) => {
                say!("{email} can sign in as {}.", role.as_str());
                Ok(())
            }
            Err(add_user::Refused::Failed(error)) => Err(error.into()),
            Err(add_user::Refused::Weak(reason)) => Err(Failure::Refused(explain(&reason.to_string()))),
            Err(refused) => Err(Failure::Refused(refused.to_string())),
        }
    }
}

/// The sentence behind a message of the catalogue.
fn explain(key: &str) -> String {
    crate::i18n::Lang::En.t(key).into_owned()
}
