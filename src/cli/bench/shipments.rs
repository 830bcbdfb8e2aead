//! `comptoir bench shipments`: many transfers that leave in one action, telling Amazon of each, and the list of transfers.
//!
//! The orders come from the simulated Amazon in another process, so that its work is not counted as ours.

use super::amazon::with_amazon;
use super::import::per_second;
use super::{held, pages, readers};
use crate::app::App;
use crate::cli::Failure;
use crate::cli::terminal::say;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::paging::{Choice, Window};
use crate::db::{picking_lines, pickings, settings, users};
use crate::domain::ids::{AccountId, CompanyId, PickingId, ProductId};
use crate::domain::picking::PickingState;
use crate::domain::run::RunKind;
use crate::error::AppError;
use crate::ops::edit_picking::{self, Typed};
use crate::ops::{Actor, adjust_stock, announce_grace, validate_pickings};
use chrono::Duration;
use clap::Args;
use std::collections::BTreeSet;
use std::net::TcpListener;
use std::time::Instant;

/// Options of `bench shipments`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Shipments {
    /// Transfers that leave in one action.
    #[arg(long, default_value_t = 500)]
    transfers: u16,
    /// Orders at the simulated Amazon, of which some are to be shipped by the merchant.
    #[arg(long, default_value_t = 6_000)]
    orders: u32,
    /// Transfers that the list holds when it is read.
    #[arg(long, default_value_t = 200_000)]
    held: i64,
    /// How often each address of the list is asked.
    #[arg(long = "pages", default_value_t = 500)]
    each: u32,
}

/// The lists that are measured: the first page, what waits, what is overdue, what Amazon refused; also by deadline.
const PATHS: [&str; 8] = [
    "/inventory/pickings",
    "/inventory/pickings?sort=ship_by",
    "/inventory/pickings?state=confirmed",
    "/inventory/pickings?state=confirmed&sort=ship_by",
    "/inventory/pickings?state=confirmed&ship_by=today&sort=ship_by",
    "/inventory/pickings?is=late",
    "/inventory/pickings?is=late&sort=-number",
    "/inventory/pickings?amazon_sync=failed&state=done",
];

/// So many units of each product that nothing is missing.
const PLENTY: i64 = 1_000_000;

impl Shipments {
    pub(in crate::cli) async fn run(self, config: Config) -> Result<(), Failure> {
        with_amazon(self.orders, config, |config| self.measure(config)).await
    }

    async fn measure(&self, config: Config) -> Result<(), Failure> {
        let app = App::open(config, Clock::System)?;
        let since = app.clock.now() - Duration::days(45);
        let (company, account) = held::prepare(&app, since).await?;
        say!("database: {}", app.db.engine());
        crate::cli::sync::follow(&app, account, RunKind::Orders).await?;
        let actor = somebody(&app, company).await?;
        let ids = self.label(&app, &actor).await?;
        let (count, start) = (ids.len(), Instant::now());
        let report = validate_pickings::run(&app, &actor, ids).await?;
        say!("validating {count} transfers in one action: {:.2?}, {} left", start.elapsed(), report.gone.len());
        tell(&app, account).await?;
        held::fill(&app, account, self.held.saturating_mul(2), since).await?;
        self.read(&app, company).await
    }

    /// Gives the newest open transfers goods, a carrier and a reference.
    async fn label(&self, app: &App, actor: &Actor) -> Result<Vec<PickingId>, Failure> {
        let (company, now, most) = (actor.company, app.clock.now().naive_utc(), i64::from(self.transfers));
        let ids = app.write(move |conn| {
            let open = vec![PickingState::Confirmed, PickingState::Assigned];
            let filter =
                pickings::Filter { state: Choice { any: open, none: Vec::new() }, ..pickings::Filter::default() };
            let page = pickings::page(conn, company, &filter, pickings::Sort::Number, &Window::newest(most))?;
            let ids: Vec<PickingId> = page.rows.iter().filter(|(row, _)| !row.is_held).map(|(row, _)| row.id).collect();
            let lines = picking_lines::open(conn, &ids)?;
            let products: BTreeSet<ProductId> = lines.iter().map(|line| line.row.product_id).collect();
            for product in products {
                adjust_stock::set(conn, company, product, PLENTY, now)?;
            }
            // One call for each is measured, however many wait.
            settings::put(conn, announce_grace::FEED_THRESHOLD, &i64::MAX.to_string())?;
            Ok::<_, AppError>(ids)
        });
        let ids = ids.await?;
        for id in &ids {
            let (carrier, tracking) = (Some("Colissimo".to_owned()), Some(format!("6A{:011}", id.0)));
            let typed = Typed { carrier, tracking, ..Typed::default() };
            if edit_picking::set_label(app, actor, *id, typed).await?.is_err() {
                return Err(Failure::Refused(format!("transfer {id} could not be labelled")));
            }
        }
        Ok(ids)
    }

    async fn read(&self, app: &App, company: CompanyId) -> Result<(), Failure> {
        let cookie = pages::sign_in(app, company).await?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(Failure::Io)?;
        let address = listener.local_addr().map_err(Failure::Io)?;
        let server = crate::web::server(app.clone(), listener, 2).map_err(Failure::Io)?;
        let handle = server.handle();
        tokio::spawn(server);
        for path in PATHS {
            let load = readers::Load::of_one(address, path, cookie.clone(), self.each);
            say!("{path}: {}", load.run().await?);
        }
        handle.stop(false).await;
        Ok(())
    }
}

/// An administrator.
async fn somebody(app: &App, company: CompanyId) -> Result<Actor, Failure> {
    let people = app.read(move |conn| users::of_company(conn, company)).await?;
    let row = people.first().ok_or_else(|| Failure::Refused("the company has no user".to_owned()))?;
    Ok(Actor { user: row.id, company, rights: row.rights(), developer_mode: false, ip: String::new() })
}

/// Tells Amazon of all that left.
async fn tell(app: &App, account: AccountId) -> Result<(), Failure> {
    let start = Instant::now();
    let run = crate::cli::sync::follow(app, account, RunKind::Pickings).await?;
    let told = run.orders_updated;
    say!("telling Amazon: {told} shipments written, {} shipments/s, {}", per_second(told, start), run.state.as_str());
    say!("calls: {} for {told} shipments, tokens included ({} throttled)", run.calls, run.throttled);
    Ok(())
}
