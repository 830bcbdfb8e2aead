//! Finding out what Amazon grants: each part of an order that Comptoir uses is asked for, and what is refused is remembered.
//!
//! What is refused is not asked for any more, so that the synchronization goes on without it.

use super::link_account::{credentials_of, refusal};
use super::{Actor, lose_authorization};
use crate::amazon::{AmazonError, CallMeter, Credentials, RetryClass, SearchOrders, Since};
use crate::app::App;
use crate::db::{accounts, links, registrations};
use crate::domain::access::Action;
use crate::domain::dataset::Dataset;
use crate::domain::ids::{AccountId, MarketplaceId};
use crate::domain::marketplace::Directory;
use crate::error::AppError;
use chrono::Duration;

/// Asks Amazon for every part of an order and answers which are refused.
///
/// First for all at once, which costs one search when nothing is refused; a search is worth three minutes (Orders API
/// 2026-01-01 model). Only after a refusal, for one after the other.
pub async fn ask(
    app: &App,
    credentials: &Credentials,
    marketplaces: &[MarketplaceId],
) -> Result<Vec<Dataset>, AmazonError> {
    let mut meter = CallMeter::default();
    let since = Since::LastUpdated(app.clock.now() - Duration::hours(1));
    let without = |without| SearchOrders {
        marketplaces: marketplaces.to_vec(),
        since,
        until: None,
        statuses: Vec::new(),
        token: None,
        page_size: 1,
        without,
        // What is asked for is whether Amazon answers; the orders themselves are not used.
        directory: Directory::default(),
    };
    match app.amazon.search_orders(credentials, &without(Vec::new()), None, &mut meter).await {
        Ok(_) => return Ok(Vec::new()),
        Err(error) if error.class() == RetryClass::Auth => {}
        Err(error) => return Err(error),
    }
    let mut refused = Vec::new();
    for asked in Dataset::ALL {
        let others = Dataset::ALL.iter().copied().filter(|dataset| dataset != asked).collect();
        match app.amazon.search_orders(credentials, &without(others), None, &mut meter).await {
            Ok(_) => {}
            Err(error) if error.class() == RetryClass::Auth => refused.push(*asked),
            Err(error) => return Err(error),
        }
    }
    Ok(refused)
}

/// Tests the connection of an account and what Amazon grants it, and remembers the result.
pub async fn run(app: &App, actor: &Actor, account: AccountId) -> Result<Vec<Dataset>, AppError> {
    actor.must(Action::EditAccounts)?;
    let (reader, company) = (actor.clone(), actor.company);
    let (row, followed) = app
        .read(move |conn| {
            let (row, ..) = accounts::by_id(conn, reader.company, account)?.ok_or(AppError::NotFound)?;
            Ok::<_, AppError>((row, registrations::marketplaces(conn, account)?))
        })
        .await?;
    let credentials = credentials_of(app, &row)?;
    let now = app.clock.now();
    // A refusal of this call has other causes than a missing role for one part of orders.
    if let Err(error) = app.amazon.participations(&credentials, &mut CallMeter::default()).await {
        if error.class() == RetryClass::AuthorizationLost {
            app.write(move |conn| lose_authorization::run(conn, company, account, now.naive_utc())).await?;
        }
        return Err(refusal(&error));
    }
    let refused = ask(app, &credentials, &followed).await.map_err(|error| refusal(&error))?;
    remember(app, account, &refused).await?;
    let (actor, told) = (actor.clone(), Dataset::write_list(&refused));
    app.write(move |conn| {
        super::edit_account::note(conn, &actor, account, "account_permissions_tested", ("", &told), now)
    })
    .await?;
    Ok(refused)
}

/// Stores which parts of orders are refused.
pub async fn remember(app: &App, account: AccountId, refused: &[Dataset]) -> Result<(), AppError> {
    let (refused, now) = (refused.to_vec(), app.clock.now().naive_utc());
    app.write(move |conn| {
        let mut link = links::by_account(conn, account)?;
        link.note_test(&refused, now);
        links::put(conn, &link)
    })
    .await
}
