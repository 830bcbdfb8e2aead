//! The real application on a free port of this machine, with a clock that the test sets.

use super::browser::Browser;
use super::db::TestDb;
use actix_web::dev::ServerHandle;
use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use comptoir::app::App;
use comptoir::clock::Clock;
use comptoir::config::{Config, Settings};
use comptoir::domain::access::{Rights, Role};
use comptoir::domain::ids::{CompanyId, UserId};
use comptoir::domain::money::Currency;
use comptoir::ops::{Actor, add_user, set_up};
use std::net::TcpListener;

/// The password of everybody in tests.
pub(crate) const PASSWORD: &str = "Grey-otters-42-swim";

/// The administrator's e-mail address.
pub(crate) const ADMIN: &str = "nadia@example.com";

/// The application under test; its end stops the server and removes the database.
pub(crate) struct TestApp {
    /// The application, for what a test prepares or checks beside the browser.
    pub(crate) app: App,
    /// The address of the server.
    pub(crate) url: String,
    /// The company, once there is one.
    pub(crate) company: Option<CompanyId>,
    /// Its administrator.
    pub(crate) admin: Option<UserId>,
    handle: ServerHandle,
    // Dropped after the server was told to stop.
    db: TestDb,
}

impl TestApp {
    /// An application with an empty database.
    pub(crate) fn start() -> Self {
        Self::start_at("")
    }

    /// An application that believes to be reached under `public_url`.
    pub(crate) fn start_at(public_url: &str) -> Self {
        Self::start_with(public_url, None)
    }

    /// An application that calls the simulated Amazon at these two addresses (API and tokens).
    pub(crate) fn start_with(public_url: &str, amazon: Option<(String, String)>) -> Self {
        let (amazon_endpoint, lwa_endpoint) = amazon.unwrap_or_default();
        let public_url = public_url.to_owned();
        Self::start_configured(|settings| Settings { amazon_endpoint, lwa_endpoint, public_url, ..settings })
    }

    /// An application with settings of one's own choice.
    pub(crate) fn start_configured(change: impl FnOnce(Settings) -> Settings) -> Self {
        let db = TestDb::create();
        let settings = change(Settings {
            database_url: db.url.clone(),
            listen: "127.0.0.1:8080".to_owned(),
            data_dir: db.folder.path().to_owned(),
            amazon_endpoint: String::new(),
            lwa_endpoint: String::new(),
            public_url: String::new(),
            master_key_file: String::new(),
            trusted_proxies: String::new(),
            smtp_url: String::new().into(),
            mail_from: String::new(),
        });
        let clock = Clock::fixed(Utc.with_ymd_and_hms(2026, 11, 24, 13, 5, 0).unwrap());
        let app = App::open(Config::check(&settings).unwrap(), clock).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let running = app.clone();
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = comptoir::web::server(running, listener, 1).unwrap();
                sender.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        let handle = receiver.recv().unwrap();
        Self { app, url, company: None, admin: None, handle, db }
    }

    /// An application with a company in Paris and its administrator Nadia.
    pub(crate) async fn with_company() -> Self {
        let mut app = Self::start();
        app.add_company().await;
        app
    }

    /// Adds a company in Paris and its administrator Nadia.
    pub(crate) async fn add_company(&mut self) {
        let new = set_up::NewCompany {
            language: "en".to_owned(),
            name: "Nadia Benali".to_owned(),
            email: ADMIN.to_owned(),
            password: PASSWORD.to_owned(),
            company: "Atelier Benali".to_owned(),
            country: "FR".to_owned(),
            currency: Currency::EUR,
            time_zone: chrono_tz::Europe::Paris,
        };
        let (company, admin) = set_up::create_company_and_admin(&self.app, new).await.unwrap();
        (self.company, self.admin) = (Some(company), Some(admin));
    }

    /// Adds somebody with this role, whose e-mail is `role@example.com`.
    pub(crate) async fn add_user(&self, role: Role) -> UserId {
        let new = add_user::NewUser {
            company: self.company.unwrap(),
            email: format!("{}@example.com", role.as_str()),
            name: "Karim Roy".to_owned(),
            password: PASSWORD.to_owned(),
            rights: Rights { role, may_force_sync: false },
            language: "en".to_owned(),
        };
        add_user::run(&self.app, new).await.unwrap()
    }

    /// The administrator, for what is done beside the browser.
    pub(crate) fn actor(&self) -> Actor {
        Actor {
            user: self.admin.unwrap(),
            company: self.company.unwrap(),
            rights: Rights { role: Role::Administrator, may_force_sync: false },
            developer_mode: false,
            ip: "127.0.0.1".to_owned(),
        }
    }

    /// A browser that nobody has used yet.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// A browser in which the administrator is signed in.
    pub(crate) async fn admin(&self) -> Browser {
        self.signed_in(ADMIN).await
    }

    /// A browser in which the person with this e-mail address is signed in.
    pub(crate) async fn signed_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.get("/login").await;
        let answer = browser.submit(&page, "/login", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        browser
    }

    /// The folder of the embedded database and of the keys.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.db.folder.path()
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, span: TimeDelta) -> DateTime<Utc> {
        let now = self.app.clock.now() + span;
        self.app.clock.set(now);
        now
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}
