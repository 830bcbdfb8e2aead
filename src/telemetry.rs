//! Logs: readable sentences with their values as fields, on the terminal's error stream.
//!
//! Never a name, an address, a token or a body.

use tracing_subscriber::EnvFilter;

/// Starts the logs; `COMPTOIR_LOG` chooses what is shown (for example `debug`), `COMPTOIR_LOG_FORMAT=json` the form.
pub fn start(usual: &str) {
    let filter = EnvFilter::try_from_env("COMPTOIR_LOG").unwrap_or_else(|_unset| EnvFilter::new(usual));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    if std::env::var("COMPTOIR_LOG_FORMAT").is_ok_and(|form| form == "json") {
        logs.json().init();
    } else {
        logs.init();
    }
}
