//! Invented orders that are written straight into the database, to measure beside many orders held.

use super::import::per_second;
use crate::app::App;
use crate::cli::Failure;
use crate::cli::terminal::say;
use crate::db::run_progress::{self, RunRequest};
use crate::db::{Conn, standard_records};
use crate::domain::ids::{AccountId, CompanyId, RunId};
use crate::domain::marketplace::Directory;
use crate::domain::money::{Currency, Money};
use crate::domain::personal::Personal;
use crate::domain::remote::{
    AmazonStatus, Buyer, Channel, DeliveryAddress, ItemAmounts, RemoteItem, RemoteOrder, TaxFacts, TaxReading,
};
use crate::domain::run::{RunCause, RunKind, RunState};
use crate::error::AppError;
use crate::ops::import_orders::{self, Mode};
use crate::ops::prepare_orders;
use chrono::{DateTime, Duration, Utc};
use std::time::Instant;

/// Orders per transaction while filling.
const PAGE: i64 = 500;

/// After how many orders the speed of filling is said, to show how it changes as the database grows.
const STEP: i64 = 100_000;

/// A company with products and an account of the simulated Amazon at `since`.
pub(super) async fn prepare(app: &App, since: DateTime<Utc>) -> Result<(CompanyId, AccountId), Failure> {
    use crate::sandbox;
    if app.read(standard_records::first_company).await?.is_some() {
        return Err(Failure::Refused("this database holds a company already; measure on an empty one".to_owned()));
    }
    crate::cli::demo::furnish(app, since).await?;
    let company = crate::cli::first_company(app).await?;
    let accounts = app.read(crate::db::registrations::names).await?;
    let (account, _) = accounts.first().ok_or(AppError::Internal("the account was not stored"))?;
    tracing::debug!(products = sandbox::CATALOGUE.len(), "the database is furnished");
    Ok((company, *account))
}

/// Writes `count` orders that end before `until`, by the import's own code.
pub(super) async fn fill(app: &App, account: AccountId, count: i64, until: DateTime<Utc>) -> Result<(), Failure> {
    let (app, now) = (app.clone(), app.clock.now().naive_utc());
    let done = tokio::task::spawn_blocking(move || {
        let run = app.db.write(|conn| start_run(conn, account, now))?;
        let mut start = Instant::now();
        for first in (0..count).step_by(usize::try_from(PAGE).unwrap_or(1)) {
            let orders = (first..count.min(first + PAGE)).map(|index| Ok(order(index, count, until))).collect();
            let page = prepare_orders::run(&app.vault, chrono_tz::Europe::Paris, &Directory::default(), orders)?;
            app.db.write(|conn| import_orders::run(conn, account, run, &page, Mode::Write, false, now).map(drop))?;
            if (first + PAGE) % STEP == 0 {
                say!("filling: {} orders held, {} orders/s", first + PAGE, per_second(STEP, start));
                start = Instant::now();
            }
        }
        app.db.write(|conn| run_progress::end(conn, run, RunState::Succeeded, None, None, now))?;
        Ok::<(), AppError>(app.db.settle()?)
    });
    done.await.unwrap_or(Err(AppError::Internal("filling was interrupted")))?;
    Ok(())
}

fn start_run(conn: &mut Conn, account: AccountId, now: chrono::NaiveDateTime) -> Result<RunId, AppError> {
    let request = RunRequest {
        account,
        kind: RunKind::Recover,
        cause: RunCause::Command,
        requested_by: None,
        window_from: None,
        parameters: "{}",
    };
    Ok(run_progress::queue(conn, &request, now)?)
}

/// The invented order number `index` of `count`; two years of orders, both channels, two items each.
fn order(index: i64, count: i64, until: DateTime<Utc>) -> RemoteOrder {
    let minutes = (count - index) * (2 * 365 * 24 * 60) / count.max(1);
    let created_at = until - Duration::minutes(minutes) - Duration::hours(1);
    let channel = if index % 2 == 0 { Channel::Fba } else { Channel::Fbm };
    let status = match index % 10 {
        _ if channel == Channel::Fba => AmazonStatus::Shipped,
        1 | 3 => AmazonStatus::Unshipped,
        _ => AmazonStatus::Shipped,
    };
    let is_shipped = status == AmazonStatus::Shipped;
    let items = (0..2).map(|number| item(index * 2 + number, is_shipped)).collect();
    let marketplaces = ["A13V1IB3VIYZZH", "A1PA6795UKMFR9", "APJ6JRA9NG5V4"];
    let marketplace = usize::try_from(index % 3).ok().and_then(|place| marketplaces.get(place)).copied();
    let text = |value: String| Some(Personal::new(value));
    RemoteOrder {
        amazon_id: format!("9{:02}-{:07}-{:07}", index % 100, index / 10_000_000, index % 10_000_000).as_str().into(),
        marketplace: marketplace.unwrap_or("A13V1IB3VIYZZH").into(),
        created_at,
        updated_at: created_at + Duration::minutes(30),
        channel,
        status,
        currency: Currency::EUR,
        grand_total: None,
        tip: Money::zero(Currency::EUR),
        items,
        is_business: index % 20 == 0,
        is_prime: index % 3 == 0,
        replaces: None,
        ship_by: Some(created_at + Duration::days(2)),
        deliver_by: Some(created_at + Duration::days(5)),
        buyer: Buyer {
            name: text(format!("Buyer{} Person{}", index % 5000, index)),
            email: text(format!("buyer{index}@marketplace.example")),
            ..Buyer::default()
        },
        delivery: Some(DeliveryAddress {
            name: text(format!("Buyer{} Person{}", index % 5000, index)),
            lines: vec![Personal::new(format!("{} Long Street", index % 300))],
            city: Some("Lyon".to_owned()),
            postal_code: text(format!("69{:03}", index % 1000)),
            country: Some("FR".to_owned()),
            ..DeliveryAddress::default()
        }),
        tax: TaxFacts::default(),
    }
}

fn item(number: i64, is_shipped: bool) -> RemoteItem {
    let catalogue = crate::sandbox::CATALOGUE;
    let place = usize::try_from(number).unwrap_or(0) % catalogue.len();
    let (sku, asin, title) = catalogue.get(place).copied().unwrap_or(("SKU", "B0", "Product"));
    let euros = |minor| Money::from_minor(minor, Currency::EUR);
    let price = 500 + number % 9_000;
    RemoteItem {
        item_id: format!("{:014}", number + 10_000_000).as_str().into(),
        sku: Some(sku.into()),
        asin: Some(asin.into()),
        title: title.to_owned(),
        ordered: 1,
        fulfilled: u32::from(is_shipped),
        amounts: ItemAmounts {
            goods: euros(price),
            shipping: euros(if number % 2 == 0 { 390 } else { 0 }),
            gift_wrap: euros(0),
            other: euros(0),
            paid: euros(price),
            tax: euros(0),
            discount: euros(0),
            reading: TaxReading::NoTax,
        },
        gift_message: None,
        is_gift: false,
        cancellation_requested: false,
    }
}
