//! Adding a person who may sign in.

use crate::app::App;
use crate::crypto;
use crate::db::{self, audit::NewEvent, users};
use crate::domain::access::Rights;
use crate::domain::ids::{CompanyId, UserId};
use crate::domain::password::{self, PasswordError};
use crate::error::AppError;
use std::fmt;

/// A person to add.
pub struct NewUser {
    /// The company.
    pub company: CompanyId,
    /// The e-mail address.
    pub email: String,
    /// The name shown on pages.
    pub name: String,
    /// The password.
    pub password: String,
    /// What the person will be allowed.
    pub rights: Rights,
    /// The code of the language.
    pub language: String,
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewUser({})", self.rights.role.as_str())
    }
}

/// Why nobody was added.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Somebody has this e-mail address already.
    #[error("somebody has this e-mail address already")]
    EmailTaken,
    /// The password is too weak.
    #[error(transparent)]
    Weak(#[from] PasswordError),
    /// Something failed.
    #[error(transparent)]
    Failed(#[from] AppError),
}

/// Adds a person from the terminal of the machine.
pub async fn run(app: &App, new: NewUser) -> Result<UserId, Refused> {
    let now = app.clock.now().naive_utc();
    let email = new.email.trim().to_lowercase();
    password::check(&new.password, &email, &new.name)?;
    let password = new.password;
    let hash = app.blocking(move || Ok(crypto::hash_password(&password)?)).await?;
    let row = users::NewUser {
        company_id: new.company,
        email,
        name: new.name,
        password_hash: hash,
        role: new.rights.role,
        may_force_sync: new.rights.may_force_sync,
        language: new.language,
        theme: "system".to_owned(),
        is_active: true,
        created_at: now,
    };
    let added = app
        .write(move |conn| {
            if users::by_email(conn, &row.email)?.is_some() {
                return Ok::<_, AppError>(None);
            }
            let id = users::insert(conn, &row)?;
            let event = NewEvent {
                company_id: Some(row.company_id),
                user_id: None,
                ip: None,
                action: "user_added",
                subject: &format!("user {id}"),
                old_value: None,
                new_value: Some(row.role.as_str()),
                at: now,
            };
            db::audit::insert(conn, &event)?;
            Ok(Some(id))
        })
        .await?;
    added.ok_or(Refused::EmailTaken)
}
