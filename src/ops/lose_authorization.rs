//! Amazon no longer accepts an account's authorization: the account pauses and somebody is told; others go on.

use crate::db::import::decisions::{self, Problem};
use crate::db::{Conn, registrations};
use crate::domain::account::AccountState;
use crate::domain::ids::{AccountId, CompanyId};
use crate::error::AppError;
use chrono::NaiveDateTime;

/// Pauses the account and raises the issue; runs inside the caller's transaction.
pub fn run(conn: &mut Conn, company: CompanyId, account: AccountId, now: NaiveDateTime) -> Result<(), AppError> {
    registrations::set_state(conn, account, AccountState::AuthorizationLost)?;
    let problem = Problem {
        kind: "authorization_lost",
        subject: account.to_string(),
        is_blocking: true,
        order: None,
        amazon_id: None,
        detail: r#"[{"code":"authorization-lost"}]"#.to_owned(),
        public_id: format!("authorization-{account}"),
        payload: None,
    };
    Ok(decisions::raise(conn, company, account, &[problem], now)?)
}
