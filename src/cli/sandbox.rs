//! The simulated Amazon as a process of its own.

use super::Failure;
use super::serve::stop_asked;
use super::terminal::say;
use crate::sandbox::{self, SandboxConfig};
use clap::Args;
use std::net::SocketAddr;

/// Options of `sandbox`.
#[derive(Debug, Args)]
pub(super) struct Sandbox {
    /// Where it answers; loopback only.
    #[arg(long = "sandbox-listen", default_value = "127.0.0.1:8081")]
    address: SocketAddr,
    /// How many orders it holds at start.
    #[arg(long, default_value_t = 240)]
    orders: u32,
    /// The same number always makes the same orders.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Multiplies Amazon's call quotas; 1 is as strict as Amazon.
    #[arg(long, default_value_t = 1)]
    quota_factor: u32,
    /// How long an access token is good, in seconds.
    #[arg(long, default_value_t = 3600)]
    token_life_secs: u32,
}

impl Sandbox {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let config = SandboxConfig {
            listen: self.address,
            seed: self.seed,
            orders: self.orders,
            quota_factor: self.quota_factor,
            token_life_secs: self.token_life_secs,
            ..SandboxConfig::default()
        };
        let running = start(config).await?;
        say!("The simulated Amazon answers on {}", running.base_url());
        say!("COMPTOIR_AMAZON_ENDPOINT={}", running.base_url());
        say!("COMPTOIR_LWA_ENDPOINT={}", running.lwa_url());
        stop_asked().await?;
        running.stop().await;
        Ok(())
    }
}

/// Starts a simulated Amazon.
pub(super) async fn start(config: SandboxConfig) -> Result<sandbox::Sandbox, Failure> {
    let listen = config.listen;
    sandbox::Sandbox::start(config)
        .await
        .map_err(|error| Failure::Refused(format!("the simulated Amazon could not start on {listen}: {error}")))
}
