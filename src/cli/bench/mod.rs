//! Measuring speed on this machine: what `docs/performance.md` records.

mod amazon;
mod held;
mod import;
mod memory;
mod offers;
mod pages;
mod products;
mod readers;
mod shipments;
mod start;

use super::Failure;
use crate::config::Config;
use clap::Subcommand;

/// What can be measured.
#[derive(Debug, Subcommand)]
pub(super) enum Bench {
    /// Orders per second, from the simulated Amazon over HTTP into the database.
    Import(import::Import),
    /// Time to say what matching all offers by internal reference would do.
    Offers(offers::Offers),
    /// Time to answer the orders page, with many readers at once.
    Pages(pages::Pages),
    /// Importing products from CSV, and reading their list.
    Products(products::Products),
    /// Transfers that leave in one action, telling Amazon of each, and the list of transfers.
    Shipments(shipments::Shipments),
}

impl Bench {
    pub(super) async fn run(self, config: Config) -> Result<(), Failure> {
        match self {
            Self::Import(import) => import.run(config).await,
            Self::Offers(offers) => offers.run(config).await,
            Self::Pages(pages) => pages.run(config).await,
            Self::Products(products) => products.run(config).await,
            Self::Shipments(shipments) => shipments.run(config).await,
        }
    }
}
