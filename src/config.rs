//! Configuration: environment and flags, checked as a whole, every fault at once.

use std::{fmt, net::SocketAddr};

use clap::{Args, ValueEnum};
use sha2::{Digest, Sha256};
use tracing_subscriber::EnvFilter;

use crate::store::DatabaseUrl;

/// The least length of a bootstrap key, in characters.
pub const SHORTEST_KEY: usize = 32;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// Text for people.
    Text,
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct DatabaseArguments {
    /// Where the data is: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    #[arg(long, env = "CANDOUR_DATABASE_URL", default_value = "sqlite://candour.db", hide_env_values = true)]
    pub database_url: String,
}

/// How the server runs.
#[derive(Clone, Args)]
pub struct ServeArguments {
    /// Address and port to listen on.
    #[arg(long, env = "CANDOUR_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Where the data is.
    #[command(flatten)]
    pub database: DatabaseArguments,
    /// Address and port for Prometheus; off when absent.
    #[arg(long, env = "CANDOUR_METRICS_LISTEN")]
    pub metrics_listen: Option<String>,
    /// A key for first set-up, of 32 characters or more: it may do everything.
    #[arg(long, env = "CANDOUR_BOOTSTRAP_KEY", hide_env_values = true)]
    pub bootstrap_key: Option<String>,
    /// Show the key that the first start makes, also where the output is no terminal.
    #[arg(long)]
    pub print_key: bool,
    /// Serve the five published cases from a throw-away database.
    #[arg(long)]
    pub demo: bool,
    /// What is logged: `info`, `warn`, `candour=debug`.
    #[arg(long, env = "CANDOUR_LOG", default_value = "info")]
    pub log: String,
    /// How it is logged: `json` or `text`.
    #[arg(long, env = "CANDOUR_LOG_FORMAT", default_value = "json")]
    pub log_format: String,
}

/// Shows no secret.
impl fmt::Debug for ServeArguments {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ServeArguments").field("listen", &self.listen).finish_non_exhaustive()
    }
}

/// A configuration without faults.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the data is.
    pub database: DatabaseUrl,
    /// Where to offer counters.
    pub metrics_listen: Option<SocketAddr>,
    /// The hash of the bootstrap key, where one is given.
    pub bootstrap_key: Option<KeyHash>,
    /// How it is logged.
    pub log_format: LogFormat,
}

/// SHA-256 of a key: its 32 characters or more are random, so a plain hash is enough.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyHash(pub [u8; 32]);

impl fmt::Debug for KeyHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeyHash")
    }
}

impl KeyHash {
    /// The hash of `key`.
    #[must_use]
    pub fn of(key: &str) -> Self {
        Self(Sha256::digest(key.as_bytes()).into())
    }

    /// The hash as it is stored.
    #[must_use]
    pub fn to_hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads a stored hash.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes: Option<Vec<u8>> =
            (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect();
        Some(Self(bytes?.try_into().ok()?))
    }
}

impl Settings {
    /// Checks the arguments.
    ///
    /// # Errors
    ///
    /// Every fault, as words that show no secret.
    pub fn check(arguments: &ServeArguments) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let listen = address("CANDOUR_LISTEN", &arguments.listen, &mut faults);
        let metrics_listen = arguments.metrics_listen.as_deref();
        let metrics_listen = metrics_listen.map(|text| address("CANDOUR_METRICS_LISTEN", text, &mut faults));
        let database = database(&arguments.database.database_url, &mut faults);
        let key = arguments.bootstrap_key.as_deref();
        if let Some(fault) = key.and_then(key_fault) {
            faults.push(format!("CANDOUR_BOOTSTRAP_KEY: {fault}"));
        }
        if EnvFilter::try_new(&arguments.log).is_err() {
            faults.push("CANDOUR_LOG: a level or targets with levels, like info or candour=debug".to_owned());
        }
        let log_format = log_format(&arguments.log_format, &mut faults);
        match (listen, database, log_format) {
            (Some(listen), Some(database), Some(log_format)) if faults.is_empty() => Ok(Self {
                listen,
                database,
                metrics_listen: metrics_listen.flatten(),
                bootstrap_key: key.map(KeyHash::of),
                log_format,
            }),
            _ => Err(faults),
        }
    }
}

/// Reads the URL of the database, or notes its fault.
#[must_use]
pub fn database(text: &str, faults: &mut Vec<String>) -> Option<DatabaseUrl> {
    text.parse().map_err(|fault| faults.push(format!("CANDOUR_DATABASE_URL: {fault}"))).ok()
}

fn address(name: &str, text: &str, faults: &mut Vec<String>) -> Option<SocketAddr> {
    let wanted = "an address and a port, like 127.0.0.1:8080";
    text.parse().map_err(|_| faults.push(format!("{name}: {wanted}"))).ok()
}

fn log_format(text: &str, faults: &mut Vec<String>) -> Option<LogFormat> {
    LogFormat::from_str(text, true).map_err(|_| faults.push("CANDOUR_LOG_FORMAT: json or text".to_owned())).ok()
}

fn key_fault(key: &str) -> Option<String> {
    if key.chars().count() < SHORTEST_KEY {
        return Some(format!("needs {SHORTEST_KEY} characters or more"));
    }
    (!key.bytes().all(|byte| byte.is_ascii_graphic())).then(|| "only visible ASCII characters".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_told_at_once_and_no_secret() {
        let arguments = ServeArguments {
            listen: "nowhere".to_owned(),
            database: DatabaseArguments { database_url: "mysql://me:secret@host/db".to_owned() },
            metrics_listen: Some("9".to_owned()),
            bootstrap_key: Some("too-short-a-secret".to_owned()),
            print_key: false,
            demo: false,
            log: "candour=loud".to_owned(),
            log_format: "yaml".to_owned(),
        };
        let faults = Settings::check(&arguments).unwrap_err();
        assert_eq!(faults.len(), 6, "{faults:?}");
        assert!(!faults.join(" ").contains("secret"), "{faults:?}");
    }

    #[test]
    fn a_key_hash_reads_back() {
        let hash = KeyHash::of("a key");
        assert_eq!(KeyHash::from_hex(&hash.to_hex()), Some(hash));
        assert_eq!(KeyHash::from_hex("zz"), None);
    }
}
