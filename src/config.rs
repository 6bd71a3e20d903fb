//! Configuration: environment and flags, checked as a whole, every fault at once.

use std::{fmt, net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum};
use jsonwebtoken::Algorithm;
use sha2::{Digest, Sha256};
use tracing_subscriber::EnvFilter;

use crate::{
    edge::{
        EdgeArguments, EdgeSettings,
        key_source::{KeyAddress, KeySource},
    },
    encryption_keys::EncryptionArguments,
    hexadecimal::{hex, unhex},
    services::keyring::Keyring,
    store::{DatabaseRole, DatabaseUrl},
};

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
    /// The role of PostgreSQL to serve under, which must not own the tables; who connects when absent.
    #[arg(long, env = "CANDOUR_DATABASE_ROLE")]
    pub database_role: Option<String>,
    /// Address and port for Prometheus; off when absent.
    #[arg(long, env = "CANDOUR_METRICS_LISTEN")]
    pub metrics_listen: Option<String>,
    /// A key for first set-up, of 32 characters or more: it may do everything.
    #[arg(long, env = "CANDOUR_BOOTSTRAP_KEY", hide_env_values = true)]
    pub bootstrap_key: Option<String>,
    /// Tokens of an identity provider.
    #[command(flatten)]
    pub tokens: TokenArguments,
    /// How the service meets the network.
    #[command(flatten)]
    pub edge: EdgeArguments,
    /// Keys that seal who asked.
    #[command(flatten)]
    pub encryption: EncryptionArguments,
    /// A file with 64 hexadecimal digits, the key that signs checkpoints of the audit log; kept in the database when absent.
    #[arg(long, env = "CANDOUR_AUDIT_KEY_FILE")]
    pub audit_key_file: Option<PathBuf>,
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

/// Whose tokens are taken; none without a file or an address of keys.
#[derive(Debug, Clone, Default, Args)]
pub struct TokenArguments {
    /// A file with the public keys of an identity provider (a JSON Web Key Set); it may change while the service runs.
    #[arg(long, env = "CANDOUR_JWKS_FILE")]
    pub jwks_file: Option<PathBuf>,
    /// The address of that key set, instead of a file: `https`, or `http` on this machine. It is asked every five minutes,
    /// and when a token names a key that is not known.
    #[arg(long, env = "CANDOUR_JWKS_URL")]
    pub jwks_url: Option<String>,
    /// A file with the certificates that vouch for that address (PEM); those that this computer trusts when absent.
    #[arg(long, env = "CANDOUR_JWKS_CERTIFICATE_FILE")]
    pub jwks_certificate_file: Option<PathBuf>,
    /// `iss` of its tokens.
    #[arg(long, env = "CANDOUR_JWT_ISSUER")]
    pub jwt_issuer: Option<String>,
    /// What `aud` of its tokens names.
    #[arg(long, env = "CANDOUR_JWT_AUDIENCE")]
    pub jwt_audience: Option<String>,
    /// The signatures that are taken, separated by commas: `EdDSA`, `ES256`, `PS256`, `RS256`.
    #[arg(long, env = "CANDOUR_JWT_ALGORITHMS", default_value = "EdDSA,ES256,PS256,RS256")]
    pub jwt_algorithms: String,
    /// The claim with the ids of the authorities that a token is for.
    #[arg(long, env = "CANDOUR_JWT_AUTHORITIES_CLAIM", default_value = "candour_authorities")]
    pub jwt_authorities_claim: String,
}

impl TokenArguments {
    fn check(&self, faults: &mut Vec<String>) -> Option<TokenSettings> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let (issuer, audience) = (given(&self.jwt_issuer), given(&self.jwt_audience));
        let file = self.jwks_file.clone().filter(|path| !path.as_os_str().is_empty());
        let source = match (file, given(&self.jwks_url)) {
            (Some(_), Some(_)) => {
                faults.push("CANDOUR_JWKS_FILE, CANDOUR_JWKS_URL: one of them".to_owned());
                None
            }
            (Some(path), None) => Some(KeySource::File(path)),
            (None, Some(url)) => KeyAddress::check(&url, self.jwks_certificate_file.clone(), faults),
            (None, None) => {
                if issuer.is_some() || audience.is_some() {
                    faults
                        .push("CANDOUR_JWKS_FILE, CANDOUR_JWKS_URL: one is needed for tokens of an issuer".to_owned());
                }
                return None;
            }
        };
        for (name, value) in [("CANDOUR_JWT_ISSUER", &issuer), ("CANDOUR_JWT_AUDIENCE", &audience)] {
            if value.is_none() {
                faults.push(format!("{name}: needed for tokens"));
            }
        }
        let mut algorithms = Vec::new();
        for word in self.jwt_algorithms.split(',').map(str::trim) {
            match ALGORITHMS.iter().find(|(name, _)| *name == word) {
                Some((_, algorithm)) => algorithms.push(*algorithm),
                None => faults.push("CANDOUR_JWT_ALGORITHMS: of EdDSA, ES256, PS256, RS256".to_owned()),
            }
        }
        let authorities_claim = self.jwt_authorities_claim.clone();
        Some(TokenSettings { source: source?, issuer: issuer?, audience: audience?, algorithms, authorities_claim })
    }
}

/// Whose tokens are taken, and how they are checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSettings {
    /// Where the provider's public keys are (a JSON Web Key Set); they may change while the service runs.
    pub source: KeySource,
    /// `iss` of every token.
    pub issuer: String,
    /// What `aud` of every token names.
    pub audience: String,
    /// The signatures that are taken; a token does not choose.
    pub algorithms: Vec<Algorithm>,
    /// The claim with the ids of the authorities.
    pub authorities_claim: String,
}

/// The signatures that may be configured: none with a shared secret.
pub const ALGORITHMS: &[(&str, Algorithm)] = &[
    ("EdDSA", Algorithm::EdDSA),
    ("ES256", Algorithm::ES256),
    ("PS256", Algorithm::PS256),
    ("RS256", Algorithm::RS256),
];

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
    /// Whose tokens are taken besides keys.
    pub tokens: Option<TokenSettings>,
    /// How the service meets the network.
    pub edge: EdgeSettings,
    /// The keys that seal who asked, where they are configured.
    pub encryption: Option<Keyring>,
    /// Where the key that signs checkpoints of the audit log is; it is kept in the database when absent.
    pub audit_key_file: Option<PathBuf>,
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
        hex(self.0)
    }

    /// Reads a stored hash.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        Some(Self(unhex(text)?.try_into().ok()?))
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
        let role = role(arguments.database_role.as_deref(), &mut faults);
        let key = arguments.bootstrap_key.as_deref();
        if let Some(fault) = key.and_then(key_fault) {
            faults.push(format!("CANDOUR_BOOTSTRAP_KEY: {fault}"));
        }
        if EnvFilter::try_new(&arguments.log).is_err() {
            faults.push("CANDOUR_LOG: a level or targets with levels, like info or candour=debug".to_owned());
        }
        let log_format = log_format(&arguments.log_format, &mut faults);
        let tokens = arguments.tokens.check(&mut faults);
        let edge = arguments.edge.check(&mut faults);
        let encryption = arguments.encryption.check(&mut faults);
        match (listen, database, log_format) {
            (Some(listen), Some(database), Some(log_format)) if faults.is_empty() => Ok(Self {
                listen,
                database: role.into_iter().fold(database, DatabaseUrl::served_as),
                metrics_listen: metrics_listen.flatten(),
                bootstrap_key: key.map(KeyHash::of),
                log_format,
                tokens,
                edge,
                encryption,
                audit_key_file: arguments.audit_key_file.clone(),
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

fn role(text: Option<&str>, faults: &mut Vec<String>) -> Option<DatabaseRole> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    text.parse().map_err(|fault| faults.push(format!("CANDOUR_DATABASE_ROLE: {fault}"))).ok()
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
            database_role: Some("Not a role".to_owned()),
            metrics_listen: Some("9".to_owned()),
            bootstrap_key: Some("too-short-a-secret".to_owned()),
            tokens: TokenArguments {
                jwks_file: Some("keys.json".into()),
                jwt_issuer: Some(" ".to_owned()),
                jwt_algorithms: "RS256,HS256".to_owned(),
                ..TokenArguments::default()
            },
            edge: EdgeArguments { cors_origins: Some("*".to_owned()), ..EdgeArguments::default() },
            encryption: EncryptionArguments {
                encryption_keys: Some("a:a-secret,b".to_owned()),
                ..EncryptionArguments::default()
            },
            audit_key_file: None,
            print_key: false,
            demo: false,
            log: "candour=loud".to_owned(),
            log_format: "yaml".to_owned(),
        };
        let faults = Settings::check(&arguments).unwrap_err();
        assert_eq!(faults.len(), 13, "{faults:?}");
        assert!(!faults.join(" ").contains("secret"), "{faults:?}");
    }

    #[test]
    fn a_key_hash_reads_back() {
        let hash = KeyHash::of("a key");
        assert_eq!(KeyHash::from_hex(&hash.to_hex()), Some(hash));
        assert_eq!(KeyHash::from_hex("zz"), None);
    }
}
