//! `kill -9` in the middle of a synchronization, and two nodes at once: the books end up the same.

use crate::support::db::TestDb;
use crate::support::shop::dump;
use comptoir::app::App;
use comptoir::clock::Clock;
use comptoir::config::{Config, Settings};
use comptoir::db::{OpenedBy, jobs, standard_records};
use comptoir::domain::marketplace::Region;
use comptoir::domain::money::Currency;
use comptoir::ops::add_account::{self, NewRegistration};
use comptoir::ops::credentials::Secrets;
use comptoir::ops::set_up::{self, NewCompany};
use comptoir::sandbox::{
    CATALOGUE, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN, DEMO_SELLER_ID, Sandbox, SandboxClock,
    SandboxConfig,
};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// Orders that Amazon holds; about three quarters of them are returned.
const ORDERS: u32 = 2_700;

/// How often the process is killed.
const KILLS: u32 = 20;

/// An installation with an account, on a database of its own.
struct Node {
    db: TestDb,
    app: App,
    endpoints: (String, String),
}

impl Node {
    async fn new(amazon: &Sandbox) -> Self {
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
        };
        let app = App::open_as(Config::check(&settings).unwrap(), Clock::System, OpenedBy::Command).unwrap();
        let company = NewCompany {
            language: "en".to_owned(),
            name: "Nadia Benali".to_owned(),
            email: "nadia@example.com".to_owned(),
            password: "Grey-otters-42-swim".to_owned(),
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
        Self { db, app, endpoints }
    }

    /// A process of its own that synchronizes and ends.
    fn sync(&self) -> Child {
        self.start(&["sync", "orders", "--json"])
    }

    /// A process of its own on this installation.
    fn start(&self, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_comptoir"))
            .args(arguments)
            .env("DATABASE_URL", &self.db.url)
            .env("COMPTOIR_DATA_DIR", self.db.folder.path())
            .env("COMPTOIR_AMAZON_ENDPOINT", &self.endpoints.0)
            .env("COMPTOIR_LWA_ENDPOINT", &self.endpoints.1)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    /// What the lease of a killed process becomes after its half minute.
    fn let_the_lease_end(&self) {
        self.app.db.write(jobs::free_all).unwrap();
    }
}

async fn amazon() -> Sandbox {
    let config = SandboxConfig {
        orders: ORDERS,
        now: SandboxClock::Fixed(Clock::System.now()),
        quota_factor: 100_000,
        ..SandboxConfig::default()
    };
    Sandbox::start(config).await.unwrap()
}

/// How often Amazon was asked to search.
fn searches(amazon: &Sandbox) -> u64 {
    amazon.state().call_counts().get("searchOrders").copied().unwrap_or(0)
}

/// Waits until the process asked for `pages` more pages, then a few milliseconds more, and kills it.
///
/// Whether it came before the end is the answer. The moments are spread over the whole run and over the phases of a
/// page: asked, answered, prepared, half written, written.
async fn kill_after(process: &mut Child, amazon: &Sandbox, pages: u64, millis: u32) -> bool {
    let start = searches(amazon);
    let mut ticks = tokio::time::interval(Duration::from_millis(1));
    let mut left = millis;
    loop {
        ticks.tick().await;
        if process.try_wait().unwrap().is_some() {
            return false;
        }
        if searches(amazon) - start >= pages {
            if left == 0 {
                process.kill().await.unwrap();
                return true;
            }
            left -= 1;
        }
    }
}

/// F01: twenty kills spread over the whole run; then a restart and a synchronization.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_moment_a_synchronization_is_killed_the_books_end_up_the_same() {
    let amazon = amazon().await;
    let quiet = Node::new(&amazon).await;
    assert!(quiet.sync().wait().await.unwrap().success());
    let pages = searches(&amazon);
    assert!(pages > 19, "about two thousand orders are twenty pages");
    let expected = dump(&quiet.app);
    assert!(expected.lines().count() > 5_000, "the run imports about two thousand orders");
    let mut interrupted = 0;
    for kill in 0..KILLS {
        let node = Node::new(&amazon).await;
        let mut process = node.sync();
        let before_the_end = kill_after(&mut process, &amazon, u64::from(kill) % pages + 1, kill * 7 % 60).await;
        interrupted += u32::from(before_the_end);
        node.let_the_lease_end();
        assert!(node.sync().wait().await.unwrap().success(), "after kill {kill}");
        assert!(dump(&node.app) == expected, "kill {kill} changed the books");
    }
    assert!(interrupted >= KILLS / 2, "only {interrupted} of {KILLS} kills came before the end");
}

/// F20: two processes synchronize the same account at the same time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_at_once_make_one_run_and_the_same_books() {
    let amazon = amazon().await;
    let quiet = Node::new(&amazon).await;
    assert!(quiet.sync().wait().await.unwrap().success());
    let calls = amazon.state().call_counts()["searchOrders"];
    let node = Node::new(&amazon).await;
    let (mut one, mut other) = (node.sync(), node.sync());
    let (one, other) = tokio::join!(one.wait(), other.wait());
    assert!(one.unwrap().success() && other.unwrap().success());
    assert!(dump(&node.app) == dump(&quiet.app));
    let doubled = amazon.state().call_counts()["searchOrders"];
    assert!(doubled <= calls * 3, "a second run may follow the first, but never beside it: {doubled} calls");
}

/// Promise P8: asked to stop, the worker stores where it stands, ends well, and the next start goes on from there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_asked_to_stop_ends_well_and_the_run_goes_on_later() {
    let amazon = amazon().await;
    let quiet = Node::new(&amazon).await;
    assert!(quiet.sync().wait().await.unwrap().success());
    let pages = searches(&amazon);
    let node = Node::new(&amazon).await;
    let mut worker = node.start(&["worker"]);
    let mut ticks = tokio::time::interval(Duration::from_millis(1));
    while searches(&amazon) - pages < 4 {
        ticks.tick().await;
        assert!(worker.try_wait().unwrap().is_none(), "the worker ended by itself");
    }
    let process = worker.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &process]).status().await.unwrap().success());
    assert!(worker.wait().await.unwrap().success(), "it ends with code 0");
    assert!(dump(&node.app) != dump(&quiet.app), "it stopped in the middle");
    assert!(node.sync().wait().await.unwrap().success());
    assert!(dump(&node.app) == dump(&quiet.app));
    let asked_again = searches(&amazon) - pages - pages;
    assert!(asked_again <= 2, "the run goes on from its page, it does not start again: {asked_again} more calls");
}
