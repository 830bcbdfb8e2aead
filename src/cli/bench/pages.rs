//! `comptoir bench pages`.

use crate::cli::Failure;
use crate::config::Config;
use clap::Args;

/// Options of `bench pages`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Pages {
    /// Orders that the database holds.
    #[arg(long, default_value_t = 1_000_000)]
    held: i64,
}

impl Pages {
    pub(in crate::cli) async fn run(self, _config: Config) -> Result<(), Failure> {
        std::future::ready(Ok(())).await
    }
}
