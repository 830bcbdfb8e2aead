//! An installation whose work is done by processes of their own, to kill, to stop and to listen to.

use super::app::{ADMIN, PASSWORD};
use super::db::TestDb;
use comptoir::app::App;
use comptoir::clock::Clock;
use comptoir::config::{Config, Settings};
use comptoir::db::{OpenedBy, jobs, standard_records};
use comptoir::domain::marketplace::Region;
use comptoir::domain::money::Currency;
use comptoir::ops::add_account::{self, NewRegistration};
use comptoir::ops::credentials::Secrets;
use comptoir::ops::set_up::{self, NewCompany};
use comptoir::sandbox::{CATALOGUE, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN, DEMO_SELLER_ID, Sandbox};
use std::process::Stdio;
use tokio::process::{Child, Command};

/// An installation with an account, on a database of its own.
pub(crate) struct Node {
    /// The application on the same database, to prepare and to compare.
    pub(crate) app: App,
    db: TestDb,
    endpoints: (String, String),
}

impl Node {
    /// An installation whose account is at this Amazon.
    pub(crate) async fn new(amazon: &Sandbox) -> Self {
        let db = TestDb::create();
        let endpoints = (amazon.base_url(), amazon.lwa_url());
        let settings = Settings {
            database_url: db.url.clone(),
            listen: "127.0.0.1:8080".to_owned(),
            data_dir: db.folder.path().to_owned(),
            amazon_endpoint: endpoints.0.clone(),
            lwa_endpoint: endpoints.1.clone(),
            public_url: String::new(),
            master_key_file: String::new(),
            trusted_proxies: String::new(),
            smtp_url: String::new().into(),
            mail_from: String::new(),
        };
        let app = App::open_as(Config::check(&settings).unwrap(), Clock::System, OpenedBy::Command).unwrap();
        let company = NewCompany {
            language: "en".to_owned(),
            name: "Nadia Benali".to_owned(),
            email: ADMIN.to_owned(),
            password: PASSWORD.to_owned(),
            company: "Atelier Benali".to_owned(),
            country: "FR".to_owned(),
            currency: Currency::EUR,
            time_zone: chrono_tz::Europe::Paris,
        };
        let (company, _) = set_up::create_company_and_admin(&app, company).await.unwrap();
        let products: Vec<(&str, &str)> = CATALOGUE.iter().map(|(sku, _, title)| (*sku, *title)).collect();
        let now = app.clock.now();
        app.db.write(|conn| standard_records::insert_products(conn, company, &products, now.naive_utc())).unwrap();
        let new = NewRegistration {
            name: "Europe".to_owned(),
            seller: DEMO_SELLER_ID.into(),
            region: Region::Eu,
            marketplaces: ["FR", "DE", "IT", "GB", "SE"].map(str::to_owned).to_vec(),
            secrets: Secrets {
                client_id: DEMO_CLIENT_ID.to_owned(),
                client_secret: DEMO_CLIENT_SECRET.to_owned(),
                refresh_token: DEMO_REFRESH_TOKEN.to_owned(),
                ..Secrets::default()
            },
            is_simulated: true,
            since: now - chrono::Duration::days(45),
            first_sync_at: now,
        };
        add_account::run(&app, company, new).await.unwrap();
        Self { app, db, endpoints }
    }

    /// A process of its own that synchronizes and ends.
    pub(crate) fn sync(&self) -> Child {
        self.start(&["sync", "orders", "--json"])
    }

    /// A process of its own on this installation.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().unwrap()
    }

    /// A process of its own that is not started yet; nobody reads what it writes.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_comptoir"));
        command
            .args(arguments)
            .env("DATABASE_URL", &self.db.url)
            .env("COMPTOIR_DATA_DIR", self.db.folder.path())
            .env("COMPTOIR_AMAZON_ENDPOINT", &self.endpoints.0)
            .env("COMPTOIR_LWA_ENDPOINT", &self.endpoints.1)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// What the lease of a killed process becomes after its half minute.
    pub(crate) fn let_the_lease_end(&self) {
        self.app.db.write(jobs::free_all).unwrap();
    }
}
