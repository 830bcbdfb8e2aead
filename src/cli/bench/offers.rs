//! `comptoir bench offers`: how long it takes to say what matching all offers by internal reference would do.

use super::amazon::with_amazon;
use super::held;
use crate::app::App;
use crate::cli::Failure;
use crate::cli::terminal::say;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::offers::{self, Filter, Wanted};
use crate::db::paging::Window;
use crate::db::standard_records;
use crate::domain::ids::{AccountId, CompanyId};
use crate::domain::offer::MatchedBy;
use crate::ops::match_offers;
use chrono::Duration;
use clap::Args;
use std::time::Instant;

/// Options of `bench offers`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Offers {
    /// Offers without a product.
    #[arg(long = "offers", default_value_t = 50_000)]
    held: i64,
    /// Products.
    #[arg(long, default_value_t = 50_000)]
    products: i64,
    /// How often it is measured.
    #[arg(long, default_value_t = 5)]
    times: u32,
}

/// How often a page of the list is read.
const READS: usize = 100;

/// Rows that are written at a time while the database is filled.
const PART: usize = 1_000;

impl Offers {
    pub(in crate::cli) async fn run(self, config: Config) -> Result<(), Failure> {
        // No order is read; the account must only exist.
        with_amazon(0, config, |config| self.measure(config)).await
    }

    async fn measure(&self, config: Config) -> Result<(), Failure> {
        let app = App::open(config, Clock::System)?;
        let since = app.clock.now() - Duration::days(45);
        let (company, account) = held::prepare(&app, since).await?;
        say!("database: {}", app.db.engine());
        self.fill(&app, company, account).await?;
        for _ in 0..self.times {
            let start = Instant::now();
            let report = app.read(move |conn| match_offers::dry_run(conn, company)).await?;
            let counts = report.counts;
            say!(
                "dry run: {} ms ({} same, {} alike, {} conflicts, {} without product)",
                start.elapsed().as_millis(),
                counts.same,
                counts.alike,
                counts.conflicts,
                counts.unknown
            );
        }
        for (name, unmatched) in [("all", false), ("without product", true)] {
            let filter = Filter { unmatched, ..Filter::default() };
            let mut spans = Vec::new();
            for _ in 0..READS {
                let (filter, start) = (filter.clone(), Instant::now());
                app.read(move |conn| offers::page(conn, company, &filter, &Window::newest(80)).map(drop)).await?;
                spans.push(start.elapsed().as_micros());
            }
            spans.sort_unstable();
            let median = spans.get(spans.len() / 2).copied().unwrap_or_default();
            say!("first page of the list, {name}: median {median} µs of {READS} reads");
        }
        Ok(())
    }

    /// Of ten offers, seven have a product of the same reference, two one alike, and one none.
    async fn fill(&self, app: &App, company: CompanyId, account: AccountId) -> Result<(), Failure> {
        let now = app.clock.now().naive_utc();
        let products: Vec<String> = (0..self.products).map(|number| format!("THING-{number:06}")).collect();
        for part in products.chunks(PART) {
            let part = part.to_vec();
            let write = move |conn: &mut crate::db::Conn| {
                let rows: Vec<(&str, &str)> = part.iter().map(|reference| (reference.as_str(), "A thing")).collect();
                standard_records::insert_products(conn, company, &rows, now)
            };
            app.write(write).await?;
        }
        let wanted: Vec<Wanted> = (0..self.held)
            .map(|number| Wanted {
                account,
                marketplace: "A13V1IB3VIYZZH".into(),
                sku: match number % 10 {
                    0 => format!("OTHER-{number:06}").as_str().into(),
                    1 | 2 => format!("thing {number:06}").as_str().into(),
                    _ => format!("THING-{number:06}").as_str().into(),
                },
                product: None,
                matched_by: MatchedBy::Nobody,
            })
            .collect();
        app.write(move |conn| offers::insert(conn, company, &wanted, now)).await?;
        Ok(())
    }
}
