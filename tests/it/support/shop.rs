//! A merchant's shop: the application, the simulated Amazon and an account between them, all at the same time of day.

use super::app::TestApp;
use super::browser::{Browser, Page};
use chrono::{DateTime, TimeDelta, Utc};
use comptoir::config::Settings;
use comptoir::db::jobs::{self, JobKind};
use comptoir::db::run_progress;
use comptoir::db::runs::RunRow;
use comptoir::db::{DbError, schema, standard_records};
use comptoir::domain::ids::{AccountId, CompanyId, RunId};
use comptoir::domain::marketplace::Region;
use comptoir::export::writer::Format;
use comptoir::ops::add_account::{self, NewRegistration};
use comptoir::ops::credentials::Secrets;
use comptoir::ops::export_records::{self, Subject};
use comptoir::sandbox::{
    CATALOGUE, Channel, DEMO_APPLICATION_ID, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_REFRESH_TOKEN, DEMO_SELLER_ID,
    LineSpec, OrderKind, OrderSpec, Sandbox, SandboxClock, SandboxConfig, SandboxHandle, Status,
};
use comptoir::worker;
use diesel::prelude::*;

/// Products without a counterpart here, so that unmatched codes occur.
const LEFT_OUT: usize = 2;

/// The shop.
pub(crate) struct Shop {
    pub(crate) site: TestApp,
    pub(crate) account: AccountId,
    pub(crate) company: CompanyId,
    sandbox: Sandbox,
}

impl Shop {
    /// A shop whose Amazon holds no order yet.
    pub(crate) async fn open() -> Self {
        Self::with_orders(0).await
    }

    /// A shop whose Amazon holds a month of orders.
    pub(crate) async fn with_orders(orders: u32) -> Self {
        Self::with(usual(orders)).await
    }

    /// A shop with an Amazon of one's own choice.
    pub(crate) async fn with(config: SandboxConfig) -> Self {
        Self::configured(config, |settings| settings).await
    }

    /// A shop whose e-mails go through the mail server at this address; its Amazon holds no order yet.
    pub(crate) async fn with_mail(smtp_url: &str) -> Self {
        Self::configured(usual(0), |settings| Settings {
            smtp_url: smtp_url.into(),
            mail_from: "Comptoir <comptoir@shop.example>".to_owned(),
            public_url: "https://comptoir.example".to_owned(),
            ..settings
        })
        .await
    }

    async fn configured(config: SandboxConfig, change: impl FnOnce(Settings) -> Settings) -> Self {
        let sandbox = Sandbox::start(config).await.unwrap();
        let (amazon_endpoint, lwa_endpoint) = (sandbox.base_url(), sandbox.lwa_url());
        let mut site =
            TestApp::start_configured(|settings| change(Settings { amazon_endpoint, lwa_endpoint, ..settings }));
        site.add_company().await;
        let company = site.company.unwrap();
        let products: Vec<(&str, &str)> =
            CATALOGUE.iter().skip(LEFT_OUT).map(|(sku, _, title)| (*sku, *title)).collect();
        let now = site.app.clock.now();
        site.app.db.write(|conn| standard_records::insert_products(conn, company, &products, now.naive_utc())).unwrap();
        let mut shop = Self { site, account: AccountId(0), company, sandbox };
        shop.account = shop.register("Europe", Region::Eu, &["FR", "DE", "IT", "GB", "SE"]).await;
        shop
    }

    /// Registers one more account of the same seller.
    pub(crate) async fn register(&self, name: &str, region: Region, marketplaces: &[&str]) -> AccountId {
        let new = NewRegistration {
            name: name.to_owned(),
            seller: DEMO_SELLER_ID.into(),
            region,
            marketplaces: marketplaces.iter().map(|code| (*code).to_owned()).collect(),
            secrets: Secrets {
                client_id: DEMO_CLIENT_ID.to_owned(),
                client_secret: DEMO_CLIENT_SECRET.to_owned(),
                refresh_token: DEMO_REFRESH_TOKEN.to_owned(),
                application_id: DEMO_APPLICATION_ID.to_owned(),
            },
            is_simulated: true,
            since: self.site.app.clock.now() - TimeDelta::days(45),
            first_sync_at: self.site.app.clock.now() + TimeDelta::days(1),
        };
        add_account::run(&self.site.app, self.company, new).await.unwrap()
    }

    /// Amazon.
    pub(crate) fn amazon(&self) -> &SandboxHandle {
        self.sandbox.state()
    }

    /// A person goes from a page of ours to Amazon's consent page, presses a button there and comes back.
    ///
    /// Answers the address of ours to which Amazon sends the browser.
    pub(crate) async fn consent(&self, page: &Page, seller: &str, button: &str) -> String {
        let url = reqwest::Url::parse(&page.attribute("main a.btn.pri", "href").unwrap()).unwrap();
        assert_eq!(url.path(), "/apps/authorize/consent");
        assert!(page.header("refresh").ends_with(url.as_str()), "{}", page.header("refresh"));
        let mut fields: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        fields.push(("selling_partner_id".to_owned(), seller.to_owned()));
        fields.push(("answer".to_owned(), button.to_owned()));
        let mut amazon = Browser::new(&self.sandbox.base_url());
        let back = amazon.post("/apps/authorize/consent", &fields).await;
        assert_eq!(back.status, 303, "{}", back.body);
        let back = reqwest::Url::parse(back.location()).unwrap();
        format!("{}?{}", back.path(), back.query().unwrap())
    }

    /// Amazon goes away: nothing answers any more.
    pub(crate) async fn amazon_is_down(self) -> TestApp {
        self.sandbox.stop().await;
        self.site
    }

    /// Lets minutes pass here and at Amazon.
    pub(crate) fn later(&self, minutes: i64) -> DateTime<Utc> {
        let now = self.site.wait(TimeDelta::minutes(minutes));
        self.amazon().set_now(now);
        now
    }

    /// Somebody buys; FBM and ready to ship unless told otherwise.
    pub(crate) fn buy(&self, spec: OrderSpec) -> String {
        self.amazon().place_order(spec).unwrap()
    }

    /// Lets five minutes pass, then synchronizes the account.
    pub(crate) async fn sync(&self) -> RunRow {
        self.later(5);
        self.sync_now(self.account).await
    }

    /// Synchronizes an account at once.
    pub(crate) async fn sync_now(&self, account: AccountId) -> RunRow {
        self.ask(account);
        worker::perform_due(&self.site.app).await.unwrap();
        self.last_run(account)
    }

    /// Makes the synchronization of an account due now.
    pub(crate) fn ask(&self, account: AccountId) {
        let now = self.site.app.clock.now().naive_utc();
        self.site.app.db.write(|conn| jobs::request(conn, JobKind::SyncOrders, account, now)).unwrap();
    }

    /// The newest run of an account.
    pub(crate) fn last_run(&self, account: AccountId) -> RunRow {
        use schema::sync_runs;
        let newest = sync_runs::table.filter(sync_runs::account_id.eq(account)).order(sync_runs::id.desc());
        let id: RunId = self.read(|conn| match conn {
            comptoir::db::Conn::Sqlite(c) => newest.select(sync_runs::id).first(c),
            comptoir::db::Conn::Pg(c) => newest.select(sync_runs::id).first(c),
        });
        self.site.app.db.read(|conn| run_progress::by_id(conn, id)).unwrap()
    }

    /// Reads from the database.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&mut comptoir::db::Conn) -> QueryResult<T>) -> T {
        self.site.app.db.read(|conn| work(conn).map_err(DbError::from)).unwrap()
    }

    /// Everything that was imported, in an order that does not depend on when.
    pub(crate) fn dump(&self) -> String {
        dump(&self.site.app)
    }

    /// One subject, as its JSON export.
    pub(crate) fn export(&self, subject: Subject) -> serde_json::Value {
        serde_json::from_str(&export(&self.site.app, subject)).unwrap()
    }

    /// One order, as its JSON export.
    pub(crate) fn order(&self, id: &str) -> serde_json::Value {
        let orders = self.export(Subject::Orders);
        orders.as_array().unwrap().iter().find(|order| order["amazon_order_id"] == id).cloned().unwrap_or_default()
    }

    /// The transfers or moves of one order, as their JSON export.
    pub(crate) fn of_order(&self, subject: Subject, id: &str) -> Vec<serde_json::Value> {
        let all = self.export(subject);
        all.as_array().unwrap().iter().filter(|one| one["amazon_order_id"] == id).cloned().collect()
    }

    /// The open issues, as `kind subject`.
    pub(crate) fn open_issues(&self) -> Vec<String> {
        use schema::issues;
        let open = issues::table.filter(issues::state.eq("open")).order((issues::kind, issues::subject));
        let rows: Vec<(String, String)> = self.read(|conn| match conn {
            comptoir::db::Conn::Sqlite(c) => open.select((issues::kind, issues::subject)).load(c),
            comptoir::db::Conn::Pg(c) => open.select((issues::kind, issues::subject)).load(c),
        });
        rows.into_iter().map(|(kind, subject)| format!("{kind} {subject}")).collect()
    }

    /// The newest decision about an order, as `rule outcome`.
    pub(crate) fn decision(&self, id: &str) -> String {
        use schema::decisions;
        let about = decisions::table.filter(decisions::amazon_order_id.eq(id)).order(decisions::id.desc());
        let (rule, outcome): (String, String) = self.read(|conn| match conn {
            comptoir::db::Conn::Sqlite(c) => about.select((decisions::rule, decisions::outcome)).first(c),
            comptoir::db::Conn::Pg(c) => about.select((decisions::rule, decisions::outcome)).first(c),
        });
        format!("{rule} {outcome}")
    }
}

/// An Amazon with so many orders, at the time of the shop.
fn usual(orders: u32) -> SandboxConfig {
    let now = SandboxClock::Fixed("2026-11-24T13:05:00Z".parse().unwrap());
    SandboxConfig { orders, now, quota_factor: 1000, ..SandboxConfig::default() }
}

/// Everything that an application imported.
pub(crate) fn dump(app: &comptoir::app::App) -> String {
    let all = [Subject::Orders, Subject::Customers, Subject::Pickings, Subject::Moves];
    let mut text: Vec<String> = all.iter().map(|subject| export(app, *subject)).collect();
    // Customers have no order of their own: sort their lines.
    let mut customers: Vec<&str> = text[1].lines().map(|line| line.trim_end_matches(',')).collect();
    customers.sort_unstable();
    text[1] = customers.join("\n");
    text.join("\n")
}

fn export(app: &comptoir::app::App, subject: Subject) -> String {
    let mut out = Vec::new();
    export_records::run(&app.db, &app.vault, subject, Format::Json, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// An order of one product, to be shipped by the merchant.
pub(crate) fn fbm(quantity: u32) -> OrderSpec {
    spec(Channel::Merchant, Status::Unshipped, quantity)
}

/// An order of one product that Amazon ships.
pub(crate) fn fba(status: Status, quantity: u32) -> OrderSpec {
    spec(Channel::Amazon, status, quantity)
}

fn spec(channel: Channel, status: Status, quantity: u32) -> OrderSpec {
    let sku = CATALOGUE[LEFT_OUT].0.to_owned();
    let lines = vec![LineSpec { sku, quantity, unit_price_minor: Some(1990) }];
    OrderSpec { channel, status, lines, kind: OrderKind::Plain, ..OrderSpec::default() }
}
