//! The demonstration: a simulated Amazon, a company with products and an account, and a way to sign in.

use super::Failure;
use super::serve::serve;
use super::terminal::say;
use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::crypto;
use crate::db::{Conn, products, standard_records, taxes, users};
use crate::domain::account::USUAL_INTERVAL_SECS;
use crate::domain::ids::CompanyId;
use crate::domain::marketplace::Region;
use crate::domain::money::Currency;
use crate::domain::tax::place::Country;
use crate::domain::tax::profile::{Registration, TaxProfile};
use crate::error::AppError;
use crate::ops::add_account::{self, NewRegistration};
use crate::ops::adjust_stock;
use crate::ops::credentials::Secrets;
use crate::ops::set_up::{self, NewCompany};
use crate::sandbox::{self, SandboxConfig};
use chrono::{DateTime, NaiveDateTime, Utc};
use clap::Args;
use std::net::SocketAddr;
use std::path::Path;

/// Options of `demo`.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Where the simulated Amazon answers; loopback only.
    #[arg(long, default_value = "127.0.0.1:8081")]
    sandbox_listen: SocketAddr,
    /// How many orders the simulated Amazon holds; about two thirds of them are ready to come in.
    #[arg(long, default_value_t = 400)]
    orders: u32,
    /// The same number always makes the same orders.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Multiplies Amazon's call quotas; 1 is as strict as Amazon.
    #[arg(long, default_value_t = 10)]
    quota_factor: u32,
}

/// Products of the simulated catalogue that the demonstration leaves out, so that it shows unmatched codes.
const LEFT_OUT: usize = 2;

/// The e-mail address of the demonstration's administrator.
const EMAIL: &str = "admin@comptoir.example";

impl Demo {
    pub(super) async fn run(self, config: Config) -> Result<(), Failure> {
        let config = apart_from_real_data(config);
        let sandbox_config = SandboxConfig {
            listen: self.sandbox_listen,
            orders: self.orders,
            seed: self.seed,
            quota_factor: self.quota_factor,
            ..SandboxConfig::default()
        };
        let amazon = super::sandbox::start(sandbox_config).await?;
        let (endpoint, lwa) = (amazon.base_url(), amazon.lwa_url());
        let config = Config { amazon_endpoint: Some(endpoint.clone()), lwa_endpoint: Some(lwa), ..config };
        let key_file = config.data_dir.join("demo-password");
        let app = App::open(config, Clock::System)?;
        let password = prepare(&app, &key_file).await?;
        say!("Simulated Amazon: {endpoint}");
        say!("Sign in with:     {EMAIL}");
        say!("Password:         {password}");
        serve(app, true).await?;
        amazon.stop().await;
        Ok(())
    }
}

/// The demonstration never touches the data of a real installation.
fn apart_from_real_data(config: Config) -> Config {
    if config.database_url.is_empty() {
        let data_dir = config.data_dir.join("demo");
        Config { master_key_file: data_dir.join("master.key"), data_dir, ..config }
    } else {
        config
    }
}

/// Creates the demonstration's records once; answers the password, which is kept beside the demonstration's data.
///
/// A kept password belongs to the database that holds its administrator, and to no other one.
async fn prepare(app: &App, key_file: &Path) -> Result<String, Failure> {
    let is_furnished = app.read(|conn| users::by_email(conn, EMAIL)).await?.is_some();
    match std::fs::read_to_string(key_file) {
        Ok(password) if is_furnished => return Ok(password.trim().to_owned()),
        Ok(_) => {
            return Err(Failure::Refused(format!(
                "{} holds the password of a demonstration with another database; choose another data folder, or remove that file",
                key_file.display()
            )));
        }
        Err(_missing) => {}
    }
    let password = furnish(app, app.clock.now() - chrono::Duration::days(45)).await?;
    crypto::write_private(key_file, &password).map_err(Failure::Io)?;
    Ok(password)
}

/// A company with an administrator, products and an account of the simulated Amazon; answers the password.
pub(super) async fn furnish(app: &App, since: DateTime<Utc>) -> Result<String, Failure> {
    let token = crypto::random_token().map_err(AppError::from)?;
    let token: String = token.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    let password = format!("Essai-{token}-7");
    let company = create_company(app, &password).await?;
    let catalogue: Vec<(&str, &str)> =
        sandbox::CATALOGUE.iter().skip(LEFT_OUT).map(|(sku, _, title)| (*sku, *title)).collect();
    let now = app.clock.now().naive_utc();
    app.write(move |conn| standard_records::insert_products(conn, company, &catalogue, now)).await?;
    app.write(move |conn| describe_taxes(conn, company)).await?;
    app.write(move |conn| fill_shelves(conn, company, now)).await?;
    let registration = NewRegistration {
        name: "Europe".to_owned(),
        seller: sandbox::DEMO_SELLER_ID.into(),
        region: Region::Eu,
        marketplaces: ["FR", "DE", "IT", "GB", "SE"].map(str::to_owned).to_vec(),
        secrets: Secrets {
            application_id: sandbox::DEMO_APPLICATION_ID.to_owned(),
            client_id: sandbox::DEMO_CLIENT_ID.to_owned(),
            client_secret: sandbox::DEMO_CLIENT_SECRET.to_owned(),
            refresh_token: sandbox::DEMO_REFRESH_TOKEN.to_owned(),
        },
        is_simulated: true,
        since,
        // The newcomer presses the button; without it, the orders come by themselves one interval later.
        first_sync_at: app.clock.now() + chrono::Duration::seconds(USUAL_INTERVAL_SECS),
    };
    add_account::run(app, company, registration).await.map_err(|error| Failure::Refused(error.to_string()))?;
    Ok(password)
}

/// The demonstration's company has a VAT number and declares its distance sales in the One-Stop Shop.
fn describe_taxes(conn: &mut Conn, company: CompanyId) -> Result<(), AppError> {
    let number = Registration { country: Country::FR, vat_number: "FR12345678901".to_owned() };
    taxes::set_registration(conn, company, &number)?;
    let (profile, version) = taxes::profile(conn, company)?;
    Ok(taxes::set_profile(conn, company, version, &TaxProfile { uses_oss: true, ..profile })?)
}

/// The demonstration's warehouse holds enough of most products, and too little of every fifth.
fn fill_shelves(conn: &mut Conn, company: CompanyId, now: NaiveDateTime) -> Result<(), AppError> {
    let references: Vec<&str> = sandbox::CATALOGUE.iter().skip(LEFT_OUT).map(|(sku, ..)| *sku).collect();
    let held = products::by_references(conn, company, &references)?;
    for (place, reference) in references.iter().enumerate() {
        if let Some(product) = held.get(*reference) {
            let units = if place % 5 == 4 { 3 } else { 400 };
            adjust_stock::set(conn, company, product.id, units, now)?;
        }
    }
    Ok(())
}

async fn create_company(app: &App, password: &str) -> Result<CompanyId, Failure> {
    let new = NewCompany {
        language: "en".to_owned(),
        name: "Camille Morel".to_owned(),
        email: EMAIL.to_owned(),
        password: password.to_owned(),
        company: "Comptoir d'essai".to_owned(),
        country: "FR".to_owned(),
        currency: Currency::EUR,
        time_zone: chrono_tz::Europe::Paris,
    };
    let (company, _) = set_up::create_company_and_admin(app, new).await?;
    Ok(company)
}
