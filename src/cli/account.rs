//! `comptoir account add`: a registration of an Amazon account, with its secrets from a file.

use super::terminal::say;
use super::{Failure, first_company};
use crate::app::App;
use crate::domain::marketplace::Region;
use crate::ops::add_account::{self, NewRegistration};
use crate::ops::credentials::Secrets;
use chrono::Duration;
use clap::Subcommand;
use std::path::PathBuf;

/// Commands about Amazon accounts.
#[derive(Debug, Subcommand)]
pub(super) enum Account {
    /// Register an Amazon account.
    Add {
        /// The name by which people call it.
        #[arg(long)]
        name: String,
        /// Amazon's identifier of the seller.
        #[arg(long)]
        seller_id: String,
        /// The region: na, eu or fe.
        #[arg(long, value_parser = region)]
        region: Region,
        /// Country codes of the marketplaces to follow, for example FR,DE.
        #[arg(long, value_delimiter = ',', required = true)]
        marketplaces: Vec<String>,
        /// A JSON file with client_id, client_secret and refresh_token.
        #[arg(long)]
        secrets_file: PathBuf,
        /// Read orders changed in the last days; 0 starts from now.
        #[arg(long, default_value_t = 30)]
        since_days: u16,
    },
}

fn region(text: &str) -> Result<Region, String> {
    Region::parse(text).ok_or_else(|| "known regions are na, eu and fe".to_owned())
}

impl Account {
    pub(super) async fn run(self, app: &App) -> Result<(), Failure> {
        let Self::Add { name, seller_id, region, marketplaces, secrets_file, since_days } = self;
        let company = first_company(app).await?;
        let new = NewRegistration {
            name: name.clone(),
            seller: seller_id.as_str().into(),
            region,
            marketplaces,
            secrets: secrets(&secrets_file)?,
            is_simulated: app.config.amazon_endpoint.is_some(),
            since: app.clock.now() - Duration::days(i64::from(since_days)),
            first_sync_at: app.clock.now(),
        };
        add_account::run(app, company, new).await.map_err(|error| Failure::Refused(error.to_string()))?;
        say!("The account {name} is registered; its orders come in at the next synchronization.");
        Ok(())
    }
}

fn secrets(path: &PathBuf) -> Result<Secrets, Failure> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Refused(format!("the secrets file {shown} could not be read: {error}")))?;
    // The parser's own message may quote a secret.
    serde_json::from_str(&text).map_err(|_may_quote_a_secret| {
        Failure::Refused(format!(
            "the secrets file {shown} must be JSON with client_id, client_secret and refresh_token"
        ))
    })
}
