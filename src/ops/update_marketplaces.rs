//! Reading from Amazon where a seller may sell; which of these are synchronized stays as it is.

use super::Actor;
use super::edit_account::note;
use super::link_account::{credentials_of, refusal, rows};
use crate::amazon::CallMeter;
use crate::app::App;
use crate::db::accounts;
use crate::db::links::{self, LinkRow};
use crate::domain::access::Action;
use crate::domain::ids::AccountId;
use crate::error::AppError;

/// Reads the marketplaces of an account; answers how many of them are new.
pub async fn run(app: &App, actor: &Actor, account: AccountId) -> Result<usize, AppError> {
    actor.must(Action::EditAccounts)?;
    let company = actor.company;
    let (row, ..) = app.read(move |conn| accounts::by_id(conn, company, account)).await?.ok_or(AppError::NotFound)?;
    let credentials = credentials_of(app, &row)?;
    let told = app.amazon.participations(&credentials, &mut CallMeter::default()).await;
    let told = rows(account, &told.map_err(|error| refusal(&error))?);
    let (actor, now) = (actor.clone(), app.clock.now());
    app.write(move |conn| {
        let held = links::participations(conn, account)?;
        let named = |rows: &[links::ParticipationRow]| {
            let open = rows.iter().filter(|row| row.is_participating).map(|row| row.marketplace_id.as_str());
            open.collect::<Vec<_>>().join(" ")
        };
        let is_new = |row: &&links::ParticipationRow| {
            row.is_participating
                && !held.iter().any(|held| held.is_participating && held.marketplace_id == row.marketplace_id)
        };
        let new = told.iter().filter(is_new).count();
        links::set_participations(conn, account, &told)?;
        let link = LinkRow { marketplaces_read_at: Some(now.naive_utc()), ..links::by_account(conn, account)? };
        links::put(conn, &link)?;
        note(conn, &actor, account, "account_marketplaces_read", (&named(&held), &named(&told)), now)?;
        Ok::<_, AppError>(new)
    })
    .await
}
