//! The simulated Amazon beside a measurement: in another process, with a data folder of its own that is removed afterwards.

use crate::cli::Failure;
use crate::config::Config;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The simulated Amazon as a child process, so that its memory and its work are not counted as ours.
struct Amazon {
    child: Child,
    endpoint: String,
    lwa: String,
}

impl Drop for Amazon {
    fn drop(&mut self) {
        if let Err(error) = self.child.kill().and_then(|()| self.child.wait()) {
            tracing::debug!(error = %error, "the simulated Amazon had ended before");
        }
    }
}

impl Amazon {
    /// Starts one with this many orders and quotas that do not slow a measurement down.
    fn start(orders: u32) -> Result<Self, Failure> {
        let program = std::env::current_exe().map_err(Failure::Io)?;
        let mut child = Command::new(program)
            .args(["sandbox", "--sandbox-listen", "127.0.0.1:0", "--quota-factor", "100000", "--orders"])
            .arg(orders.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(Failure::Io)?;
        let out =
            child.stdout.take().ok_or_else(|| Failure::Refused("the simulated Amazon says nothing".to_owned()))?;
        let (mut endpoint, mut lwa) = (None, None);
        for line in BufReader::new(out).lines() {
            let line = line.map_err(Failure::Io)?;
            endpoint = endpoint.or_else(|| line.strip_prefix("COMPTOIR_AMAZON_ENDPOINT=").map(str::to_owned));
            lwa = lwa.or_else(|| line.strip_prefix("COMPTOIR_LWA_ENDPOINT=").map(str::to_owned));
            if let (Some(endpoint), Some(lwa)) = (&endpoint, &lwa) {
                return Ok(Self { endpoint: endpoint.clone(), lwa: lwa.clone(), child });
            }
        }
        Err(Failure::Refused("the simulated Amazon did not start".to_owned()))
    }

    /// The configuration that talks to it, with its own data folder.
    fn configure(&self, config: Config) -> Config {
        let data_dir = std::env::temp_dir().join(format!("comptoir-bench-{}", std::process::id()));
        Config {
            amazon_endpoint: Some(self.endpoint.clone()),
            lwa_endpoint: Some(self.lwa.clone()),
            master_key_file: data_dir.join("master.key"),
            data_dir,
            ..config
        }
    }
}

/// Measures against a simulated Amazon with this many orders, in a data folder that is removed afterwards.
pub(super) async fn with_amazon<F>(
    orders: u32,
    config: Config,
    measure: impl FnOnce(Config) -> F,
) -> Result<(), Failure>
where
    F: Future<Output = Result<(), Failure>>,
{
    let amazon = Amazon::start(orders)?;
    let config = amazon.configure(config);
    let folder = config.data_dir.clone();
    let measured = measure(config).await;
    if let Err(error) = std::fs::remove_dir_all(&folder) {
        tracing::debug!(error = %error, "no data folder to remove");
    }
    measured
}
