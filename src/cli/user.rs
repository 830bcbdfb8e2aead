//! `comptoir user add`: somebody new, with a password from the standard input.

use super::terminal::{read_secret, say};
use super::{Failure, first_company};
use crate::app::App;
use crate::domain::access::{Rights, Role};
use crate::ops::add_user::{self, NewUser};
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
        /// The language of the pages: en or fr.
        #[arg(long, default_value = "en", value_parser = ["en", "fr"])]
        language: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    let known = || Role::ALL.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
    Role::parse(text).ok_or_else(|| format!("known roles are {}", known()))
}

impl User {
    pub(super) async fn run(self, app: &App) -> Result<(), Failure> {
        let Self::Add { email, name, role, may_force_sync, language } = self;
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
