//! The simulated Amazon: a server on this machine that sells, so that Comptoir can be tried and tested without an account.
//!
//! It must never be reachable from another machine, and it must never share a type with the rest of Comptoir: a field name
//! that is wrong must not be wrong on both sides. Only the command line and the tests start it.

mod answer;
mod catalogue;
mod clock;
mod consent;
mod control;
mod faults;
mod feed_xml;
mod feeds;
mod feeds_api;
mod guard;
mod handle;
mod included;
mod life;
mod lwa;
mod market;
mod money;
mod order;
mod orders_api;
mod packages;
mod page;
mod people;
mod quota;
mod render;
mod rng;
mod scenario;
mod search;
mod sellers_api;
mod settings;
mod shipments_api;
mod state;
mod totals;
mod twists;

use std::net::{SocketAddr, TcpListener};

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::{Data, JsonConfig, PayloadConfig, ServiceConfig, get, post, resource, route};
use actix_web::{App, HttpServer};

pub use catalogue::CATALOGUE;
pub use clock::SandboxClock;
pub use faults::{FaultKind, FaultSettings};
pub use feeds::{FeedSnapshot, FeedStatus};
pub use handle::{CancelledBy, ItemSnapshot, OrderSnapshot, SandboxHandle, SellerCredentials};
pub use market::{MARKETS, Market};
pub use order::{Channel, LineSpec, OrderKind, OrderSpec, Status};
pub use packages::{PackageSnapshot, PackedItem};
pub use quota::Operation;
pub use settings::{DiscountSign, Settings};
pub use state::Call;

/// The client identifier of the application that the simulator knows.
pub const DEMO_CLIENT_ID: &str = "amzn1.application-oa2-client.c0ffee00c0ffee00c0ffee00c0ffee00";
/// The identifier of that application on the consent page.
pub const DEMO_APPLICATION_ID: &str = "amzn1.sellerapps.app.c0ffee00-c0ff-ee00-c0ff-ee00c0ffee00";
/// The client secret of that application; it opens nothing but the simulator.
pub const DEMO_CLIENT_SECRET: &str = "amzn1.oa2-cs.v1.simulated-amazon-opens-nothing-else";
/// The refresh token of the demonstration seller; it opens nothing but the simulator.
pub const DEMO_REFRESH_TOKEN: &str = "Atzr|SimulatedAmazonRefreshTokenOpensNothingElse";
/// The demonstration seller.
pub const DEMO_SELLER_ID: &str = "A1DEMOSELLER00";

/// How the simulated Amazon starts.
#[derive(Clone, Debug)]
pub struct SandboxConfig {
    /// Where to listen; a loopback address. Port 0 takes any free port.
    pub listen: SocketAddr,
    /// The seed that decides about every order.
    pub seed: u64,
    /// How many orders the scenario holds at start.
    pub orders: u32,
    /// The clock.
    pub now: SandboxClock,
    /// Multiplies every published rate and burst; 1 is as strict as Amazon.
    pub quota_factor: u32,
    /// How long an access token lives, in seconds; 3600 at Amazon.
    pub token_life_secs: u32,
    /// How long a paging token lives, in seconds; 86400 at Amazon.
    pub page_token_life_secs: u32,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            seed: 1,
            orders: 240,
            now: SandboxClock::System,
            quota_factor: 1,
            token_life_secs: 3600,
            page_token_life_secs: 86_400,
        }
    }
}

/// Why the simulated Amazon does not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The address is not on this machine.
    #[error("the simulated Amazon listens on loopback addresses only, not on {0}")]
    NotLoopback(SocketAddr),
    /// The address cannot be used.
    #[error("the simulated Amazon cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is no such order.
    #[error("there is no order {0}")]
    UnknownOrder(String),
    /// There is no such marketplace.
    #[error("there is no marketplace {0}")]
    UnknownMarketplace(String),
    /// There is no such seller.
    #[error("there is no seller {0}")]
    UnknownSeller(String),
    /// There is no such part of an order.
    #[error("there is no part of an order named {0}")]
    UnknownPart(String),
    /// The order's status forbids it.
    #[error("order {order_id} is {}: this step is not possible", status.word())]
    NotPossible {
        /// The order.
        order_id: String,
        /// Its status.
        status: Status,
    },
    /// The line has less left to ship.
    #[error("line {order_item_id} has {left} left to ship")]
    NotSoMany {
        /// The line.
        order_item_id: String,
        /// What is left.
        left: i64,
    },
}

/// A running simulated Amazon; dropping it stops it.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    handle: SandboxHandle,
    server: ServerHandle,
}

impl Sandbox {
    /// Starts the simulator; it answers as soon as this returns.
    pub async fn start(config: SandboxConfig) -> Result<Self, SandboxError> {
        let asked = config.listen;
        if !asked.ip().is_loopback() {
            return Err(SandboxError::NotLoopback(asked));
        }
        let failed = |source| SandboxError::Listen { address: asked, source };
        let listener = TcpListener::bind(asked).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        // A hundred thousand orders take a moment: they must not hold up the caller's other tasks.
        let world = tokio::task::spawn_blocking(move || state::World::new(config)).await;
        let handle = SandboxHandle::new(world.map_err(|error| failed(std::io::Error::other(error)))?);
        let data = Data::new(handle.clone());
        let server =
            HttpServer::new(move || App::new().wrap(from_fn(guard::guard)).app_data(data.clone()).configure(routes));
        // One second for answers under way: a hanging one, made on purpose, must not hold up the end.
        let server = server.workers(2).shutdown_timeout(1).disable_signals().listen(listener).map_err(failed)?.run();
        let stopper = server.handle();
        tokio::spawn(server);
        Ok(Self { address, handle, server: stopper })
    }

    /// The endpoint of the Selling Partner API, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The token endpoint of Login with Amazon.
    pub fn lwa_url(&self) -> String {
        format!("{}/auth/o2/token", self.base_url())
    }

    /// The remote control.
    pub fn state(&self) -> &SandboxHandle {
        &self.handle
    }

    /// Stops the simulator once the answers under way are sent.
    pub async fn stop(self) {
        self.server.stop(true).await;
    }

    /// Runs until the process is asked to end, by Ctrl-C or a termination signal.
    pub async fn run_until_stopped(self) {
        stop_signal().await;
        self.stop().await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The command is sent by the call; only waiting for its end is given up here.
        drop(self.server.stop(false));
    }
}

#[cfg(unix)]
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        tokio::signal::ctrl_c().await.ok();
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn stop_signal() {
    tokio::signal::ctrl_c().await.ok();
}

/// All addresses the simulator answers under.
fn routes(config: &mut ServiceConfig) {
    let not_found = || route().to(orders_api::unknown);
    config
        .app_data(JsonConfig::default().limit(1 << 20))
        .app_data(PayloadConfig::default().limit(64 << 10))
        .route("/auth/o2/token", post().to(lwa::token))
        .service(resource("/orders/2026-01-01/orders").route(get().to(orders_api::search_orders)).route(not_found()))
        .service(
            resource("/orders/2026-01-01/orders/{order_id}").route(get().to(orders_api::get_order)).route(not_found()),
        )
        .service(
            resource("/orders/v0/orders/{order_id}/shipmentConfirmation")
                .route(post().to(shipments_api::confirm_shipment))
                .route(not_found()),
        )
        .service(
            resource("/sellers/v1/marketplaceParticipations")
                .route(get().to(sellers_api::participations))
                .route(not_found()),
        )
        .configure(feeds_api::routes)
        .configure(consent::routes)
        .configure(control::routes)
        .configure(page::routes)
        .default_service(not_found());
}
