//! `comptoir bench products`: importing a file of products, comparing it again, and reading the list in several orders.
//!
//! It runs on a data folder of its own, or on the database that the configuration names, which must be empty.

use super::{held, pages, readers};
use crate::app::App;
use crate::cli::Failure;
use crate::cli::terminal::say;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::file_rows::Subject;
use crate::ops::import_files::{self, Owner};
use clap::Args;
use std::fmt::Write as _;
use std::net::TcpListener;
use std::time::Instant;

/// Options of `bench products`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Products {
    /// Products in the file.
    #[arg(long, default_value_t = 50_000)]
    rows: u32,
    /// Products that the list holds when it is read.
    #[arg(long, default_value_t = 100_000)]
    held: u32,
    /// How often each address is asked.
    #[arg(long = "pages", default_value_t = 200)]
    each: u32,
}

/// The addresses that are measured: the first page, other orders, a filter, searches of rare and of common words.
const PATHS: [&str; 7] = [
    "/sales/products",
    "/sales/products?sort=-price",
    "/sales/products?sort=name",
    "/sales/products?type=service",
    "/sales/products?q=4217",
    "/sales/products?q=blue",
    "/sales/products?q=lamp+42",
];

impl Products {
    pub(in crate::cli) async fn run(self, mut config: Config) -> Result<(), Failure> {
        if config.database_url.is_empty() {
            config.data_dir = std::env::temp_dir().join(format!("comptoir-products-{}", std::process::id()));
        }
        let folder = config.data_dir.clone();
        let measured = self.measure(config).await;
        if let Err(error) = std::fs::remove_dir_all(&folder) {
            tracing::debug!(error = %error, "no data folder to remove");
        }
        measured
    }

    async fn measure(&self, config: Config) -> Result<(), Failure> {
        let app = App::open(config, Clock::System)?;
        let (company, _) = held::prepare(&app, app.clock.now()).await?;
        say!("database: {}", app.db.engine());
        let import = |first: u32, rows: u32, app: App| async move {
            let file = file(first, rows);
            let (size, start) = (file.len() / 1000, Instant::now());
            let done = tokio::task::spawn_blocking(move || {
                let owner = Owner { company, user: None, subject: Subject::Products, account: None };
                import_files::run_file(&app, owner, file.as_bytes(), false, |_, _| ())
            });
            let report = done.await.map_err(|stopped| Failure::Refused(stopped.to_string()))?;
            let counts = report.map_err(|error| Failure::Refused(error.to_string()))?.counts;
            say!("import of {rows} rows ({size} kB): {:.1?}, {counts:?}", start.elapsed());
            Ok::<_, Failure>(())
        };
        import(0, self.rows, app.clone()).await?;
        import(0, self.rows, app.clone()).await?;
        if self.held > self.rows {
            import(self.rows, self.held - self.rows, app.clone()).await?;
        }
        let cookie = pages::sign_in(&app, company).await?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(Failure::Io)?;
        let address = listener.local_addr().map_err(Failure::Io)?;
        let server = crate::web::server(app, listener, 2).map_err(Failure::Io)?;
        let handle = server.handle();
        tokio::spawn(server);
        for path in PATHS {
            let load = readers::Load::of_one(address, path, cookie.clone(), self.each);
            say!("{path}: {}", load.run().await?);
        }
        handle.stop(false).await;
        Ok(())
    }
}

/// A file of invented products, from number `first` on.
fn file(first: u32, rows: u32) -> String {
    let (colours, things) = (["blue", "red", "green", "white", "black"], ["mug", "lamp", "chair", "bag", "towel"]);
    let word = |list: [&'static str; 5], number: u32| {
        usize::try_from(number % 5).ok().and_then(|place| list.get(place)).copied().unwrap_or_default()
    };
    let mut text = "reference,name,barcode,type,sales_price,cost,tax_class\n".to_owned();
    for number in first..first + rows {
        let (colour, thing) = (word(colours, number), word(things, number / 5));
        let kind = if number % 50 == 0 { "service" } else { "goods" };
        let (price, cents) = (number % 900 + 1, number % 100);
        let line = format!(
            "{thing}-{number:06},A {colour} {thing} of series {},37{number:011},{kind},{price}.{cents:02},{},standard\n",
            number / 97,
            number % 700
        );
        if text.write_str(&line).is_err() {
            tracing::debug!("a text could not grow");
        }
    }
    text
}
