//! Rows to start from: a company's team, account, customers, orders, runs and issues, written as the import does.

use super::app::TestApp;
use chrono::{NaiveDateTime, TimeDelta};
use comptoir::db::schema::{
    account_marketplaces, accounts, customer_words, customers, issues, locations, moves, order_lines, orders, pickings,
    products, sync_runs, teams,
};
use comptoir::db::{Conn, DbError};
use comptoir::domain::ids::{AccountId, IssueId, LocationId, OrderId, ProductId, RunId, TeamId};
use comptoir::domain::personal::Personal;
use comptoir::domain::remote::Buyer;
use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};

/// Runs the same statement on either database.
macro_rules! on {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            Conn::Sqlite($c) => $body,
            Conn::Pg($c) => $body,
        }
    };
}

/// An account with its team, location and product.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shop {
    pub(crate) account: AccountId,
    pub(crate) team: TeamId,
    pub(crate) location: LocationId,
    pub(crate) customer_location: LocationId,
    pub(crate) product: ProductId,
}

/// What makes an order of a test special.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) number: i64,
    pub(crate) team: Option<TeamId>,
    pub(crate) state: &'static str,
    pub(crate) channel: &'static str,
    pub(crate) buyer: &'static str,
    pub(crate) sku: &'static str,
    pub(crate) ordered_at: NaiveDateTime,
    pub(crate) ship_by: Option<NaiveDateTime>,
    pub(crate) is_default_product: bool,
}

impl Sample {
    /// An order of the merchant to ship, the `number`-th.
    pub(crate) fn new(app: &TestApp, number: i64) -> Self {
        let ordered_at = app.app.clock.now().naive_utc() - TimeDelta::hours(number / 3);
        Self {
            number,
            team: None,
            state: "sale",
            channel: "fbm",
            buyer: "Nadia Benhamou",
            sku: "MUG-01",
            ordered_at,
            ship_by: None,
            is_default_product: false,
        }
    }

    /// Amazon's reference.
    pub(crate) fn reference(&self) -> String {
        format!("402-{:07}-0000001", self.number)
    }
}

impl TestApp {
    /// Writes with the application's own database.
    pub(crate) fn rows<T>(&self, work: impl FnMut(&mut Conn) -> Result<T, DbError>) -> T {
        self.app.db.write(work).unwrap()
    }

    /// An account named `name` of the seller A1TEST that follows France.
    pub(crate) fn shop(&self, name: &str, marketplace: &str) -> Shop {
        let (company, now) = (self.company.unwrap(), self.app.clock.now().naive_utc());
        let public_id = uuid::Uuid::new_v4().to_string();
        let secrets = br#"{"client_id":"amzn1.application-oa2-client.4f2a","client_secret":"amzn1.oa2-cs.v1.9c1e","refresh_token":"Atzr|IwEBIAbcd"}"#;
        let sealed = self.app.vault.seal(secrets, &public_id).unwrap();
        self.rows(|conn| {
            on!(conn, |c| {
                let team = diesel::insert_into(teams::table)
                    .values((teams::company_id.eq(company), teams::name.eq(format!("Team {name}"))))
                    .returning(teams::id)
                    .get_result::<TeamId>(c)?;
                let mut place = |code: &str, kind: &str| {
                    diesel::insert_into(locations::table)
                        .values((
                            locations::company_id.eq(company),
                            locations::code.eq(format!("{code}/{name}")),
                            locations::name.eq(format!("{code} {name}")),
                            locations::kind.eq(kind),
                            locations::allow_negative.eq(true),
                        ))
                        .returning(locations::id)
                        .get_result::<LocationId>(c)
                };
                let (location, customer_location) = (place("FBA", "internal")?, place("Customers", "customer")?);
                let product = diesel::insert_into(products::table)
                    .values((
                        products::company_id.eq(company),
                        products::reference.eq(format!("MUG {name}")),
                        products::name.eq("Grey mug"),
                        products::kind.eq("goods"),
                        products::is_active.eq(true),
                        products::created_at.eq(now),
                    ))
                    .returning(products::id)
                    .get_result::<ProductId>(c)?;
                let account = diesel::insert_into(accounts::table)
                    .values((
                        accounts::company_id.eq(company),
                        accounts::name.eq(name),
                        accounts::seller_id.eq("A1TEST"),
                        accounts::region.eq("eu"),
                        accounts::is_simulated.eq(true),
                        accounts::state.eq("linked"),
                        accounts::team_id.eq(team),
                        accounts::location_id.eq(location),
                        accounts::interval_secs.eq(900_i64),
                        accounts::last_order_sync.eq(now),
                        accounts::public_id.eq(&public_id),
                        accounts::wrapped_key.eq(&sealed.wrapped_key),
                        accounts::sealed.eq(&sealed.body),
                        accounts::version.eq(1_i64),
                        accounts::created_at.eq(now),
                    ))
                    .returning(accounts::id)
                    .get_result::<AccountId>(c)?;
                diesel::insert_into(account_marketplaces::table)
                    .values((
                        account_marketplaces::account_id.eq(account),
                        account_marketplaces::marketplace_id.eq(marketplace),
                        account_marketplaces::seller_id.eq("A1TEST"),
                        account_marketplaces::is_active.eq(true),
                    ))
                    .execute(c)?;
                Ok(Shop { account, team, location, customer_location, product })
            })
        })
    }

    /// An order of a shop with one line, its customer and, when the merchant ships, its transfer.
    #[expect(clippy::too_many_lines, reason = "one row after the other, each written out")]
    pub(crate) fn order(&self, shop: Shop, sample: &Sample) -> OrderId {
        let (company, now) = (self.company.unwrap(), self.app.clock.now().naive_utc());
        let vault = &self.app.vault;
        let public_id = uuid::Uuid::new_v4().to_string();
        let buyer = Buyer { name: Some(Personal::new(sample.buyer.to_owned())), ..Buyer::default() };
        let sealed = vault.seal(&serde_json::to_vec(&buyer).unwrap(), &public_id).unwrap();
        let words: Vec<i64> = sample.buyer.to_lowercase().split(' ').map(|word| vault.word_hash(word)).collect();
        self.rows(|conn| {
            on!(conn, |c| {
                let customer = diesel::insert_into(customers::table)
                    .values((
                        customers::company_id.eq(company),
                        customers::buyer_ref.eq(&public_id),
                        customers::public_id.eq(&public_id),
                        customers::is_business.eq(false),
                        customers::is_anonymous.eq(false),
                        customers::country.eq("FR"),
                        customers::wrapped_key.eq(&sealed.wrapped_key),
                        customers::sealed.eq(&sealed.body),
                        customers::created_at.eq(now),
                    ))
                    .returning(customers::id)
                    .get_result::<i64>(c)?;
                for word in &words {
                    diesel::insert_into(customer_words::table)
                        .values((
                            customer_words::part.eq(0),
                            customer_words::word_hash.eq(word),
                            customer_words::customer_id.eq(customer),
                        ))
                        .execute(c)?;
                }
                let order = diesel::insert_into(orders::table)
                    .values((
                        (
                            orders::company_id.eq(company),
                            orders::account_id.eq(shop.account),
                            orders::amazon_order_id.eq(sample.reference()),
                            orders::marketplace_id.eq("A13V1IB3VIYZZH"),
                            orders::channel.eq(sample.channel),
                            orders::state.eq(sample.state),
                            orders::amazon_status.eq("UNSHIPPED"),
                            orders::delivery.eq("none"),
                            orders::currency.eq("EUR"),
                            orders::total_minor.eq(1_990 + sample.number),
                            orders::tax_minor.eq(0_i64),
                            orders::team_id.eq(sample.team.unwrap_or(shop.team)),
                            orders::customer_id.eq(customer),
                            orders::ordered_at.eq(sample.ordered_at),
                            orders::ordered_on.eq(sample.ordered_at.date()),
                            orders::ship_by.eq(sample.ship_by),
                        ),
                        (
                            orders::amazon_updated_at.eq(sample.ordered_at),
                            orders::fingerprint.eq(sample.number),
                            orders::is_business.eq(false),
                            orders::is_prime.eq(false),
                            orders::is_gift.eq(false),
                            orders::is_shipped_outside.eq(false),
                            orders::cancellation_requested.eq(false),
                            orders::needs_decision.eq(false),
                            orders::public_id.eq(&public_id),
                            orders::created_at.eq(now),
                        ),
                    ))
                    .returning(orders::id)
                    .get_result::<OrderId>(c)?;
                let line = diesel::insert_into(order_lines::table)
                    .values((
                        order_lines::order_id.eq(order),
                        order_lines::position.eq(1_i64),
                        order_lines::kind.eq("item"),
                        order_lines::amazon_item_id.eq("10000000000001"),
                        order_lines::sku.eq(sample.sku),
                        order_lines::title.eq("Grey mug, 30 cl"),
                        order_lines::product_id.eq(shop.product),
                        order_lines::is_default_product.eq(sample.is_default_product),
                        order_lines::quantity.eq(1_i64),
                        order_lines::delivered.eq(0_i64),
                        order_lines::total_minor.eq(1_990 + sample.number),
                        order_lines::tax_minor.eq(0_i64),
                        order_lines::discount_minor.eq(0_i64),
                        order_lines::tax_reading.eq("none"),
                    ))
                    .returning(order_lines::id)
                    .get_result::<i64>(c)?;
                let picking = diesel::insert_into(pickings::table)
                    .values((
                        pickings::company_id.eq(company),
                        pickings::account_id.eq(shop.account),
                        pickings::order_id.eq(order),
                        pickings::state.eq("assigned"),
                        pickings::source_id.eq(shop.location),
                        pickings::destination_id.eq(shop.customer_location),
                        pickings::ship_by.eq(sample.ship_by),
                        pickings::amazon_sync.eq("not_needed"),
                        pickings::is_held.eq(false),
                        pickings::has_gift.eq(false),
                        pickings::created_at.eq(now),
                    ))
                    .returning(pickings::id)
                    .get_result::<i64>(c)?;
                diesel::insert_into(moves::table)
                    .values((
                        moves::company_id.eq(company),
                        moves::account_id.eq(shop.account),
                        moves::order_id.eq(order),
                        moves::order_line_id.eq(line),
                        moves::picking_id.eq(picking),
                        moves::product_id.eq(shop.product),
                        moves::quantity.eq(1_i64),
                        moves::source_id.eq(shop.location),
                        moves::destination_id.eq(shop.customer_location),
                        moves::origin.eq("transfer"),
                        moves::state.eq("assigned"),
                        moves::moved_at.eq(now),
                    ))
                    .execute(c)?;
                Ok(order)
            })
        })
    }

    /// An open issue of a shop.
    pub(crate) fn issue(&self, shop: Shop, kind: &str, subject: &str) -> IssueId {
        let (company, now) = (self.company.unwrap(), self.app.clock.now().naive_utc());
        self.rows(|conn| {
            on!(conn, |c| diesel::insert_into(issues::table)
                .values((
                    issues::company_id.eq(company),
                    issues::account_id.eq(shop.account),
                    issues::kind.eq(kind),
                    issues::subject.eq(subject),
                    issues::severity.eq("warning"),
                    issues::state.eq("open"),
                    issues::detail.eq(r#"[{"code":"sku-without-product","values":[["sku","MUG-77"]]}]"#),
                    issues::public_id.eq(uuid::Uuid::new_v4().to_string()),
                    issues::times.eq(1_i64),
                    issues::first_seen_at.eq(now),
                    issues::last_seen_at.eq(now),
                ))
                .returning(issues::id)
                .get_result::<IssueId>(c))
            .map_err(DbError::from)
        })
    }

    /// How many runs there are.
    pub(crate) fn count_runs(&self) -> i64 {
        self.rows(|conn| on!(conn, |c| sync_runs::table.count().get_result::<i64>(c)).map_err(DbError::from))
    }

    /// Puts a run into a state.
    pub(crate) fn set_run_state(&self, run: RunId, state: &str) {
        self.rows(|conn| {
            on!(conn, |c| diesel::update(sync_runs::table.find(run)).set(sync_runs::state.eq(state)).execute(c))
                .map_err(DbError::from)
        });
    }

    /// A decision about a reference that is not held.
    pub(crate) fn decision(&self, shop: Shop, run: RunId, reference: &str) {
        use comptoir::db::schema::decisions as d;
        let now = self.app.clock.now().naive_utc();
        self.rows(|conn| {
            on!(conn, |c| diesel::insert_into(d::table)
                .values((
                    d::run_id.eq(run),
                    d::account_id.eq(shop.account),
                    d::amazon_order_id.eq(reference),
                    d::rule.eq("R3"),
                    d::outcome.eq("wait"),
                    d::reasons.eq(r#"[{"code":"fba-not-shipped","values":[["status","UNSHIPPED"]]}]"#),
                    d::channel.eq("fba"),
                    d::amazon_status.eq("UNSHIPPED"),
                    d::amazon_updated_at.eq(now),
                    d::decided_at.eq(now),
                ))
                .execute(c))
            .map_err(DbError::from)
        });
    }
}
