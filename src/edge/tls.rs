//! TLS by the service itself, where it is given a certificate: 1.2 and 1.3, with a certificate that may be renewed while
//! the service runs. Without one it speaks plain HTTP, for a proxy on the same machine or network that encrypts.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use clap::Args;
use rustls::{
    ServerConfig,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

const CERTIFICATE: &str = "CANDOUR_TLS_CERTIFICATE";
const KEY: &str = "CANDOUR_TLS_KEY";

/// Where certificate and key are.
#[derive(Debug, Clone, Default, Args)]
pub struct TlsArguments {
    /// A file with the certificate of this server and those between it and a root (PEM); with it the service speaks TLS
    /// alone. It may be renewed while the service runs.
    #[arg(long, env = "CANDOUR_TLS_CERTIFICATE")]
    pub tls_certificate: Option<PathBuf>,
    /// The file with its key (PEM).
    #[arg(long, env = "CANDOUR_TLS_KEY")]
    pub tls_key: Option<PathBuf>,
}

/// Where certificate and key are: files that were good when they were last looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSettings {
    /// The certificate and those between it and a root.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl TlsArguments {
    pub(super) fn check(&self, faults: &mut Vec<String>) -> Option<TlsSettings> {
        let given = |path: &Option<PathBuf>| path.clone().filter(|path| !path.as_os_str().is_empty());
        match (given(&self.tls_certificate), given(&self.tls_key)) {
            (None, None) => None,
            (Some(certificate), Some(key)) => {
                let settings = TlsSettings { certificate, key };
                match certified(&settings) {
                    Ok(_) => Some(settings),
                    Err(found) => {
                        faults.extend(found);
                        None
                    }
                }
            }
            (Some(_), None) => {
                faults.push(format!("{KEY}: needed with {CERTIFICATE}"));
                None
            }
            (None, Some(_)) => {
                faults.push(format!("{CERTIFICATE}: needed with {KEY}"));
                None
            }
        }
    }
}

/// The cryptography of every TLS connection of the service itself.
#[must_use]
pub fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// The certificates of a file.
///
/// # Errors
///
/// In words that show no content: the file cannot be read or has none.
pub fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let in_words = |fault: &dyn fmt::Display| format!("{}: {fault}", path.display());
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(found) if found.is_empty() => Err(in_words(&"no certificate in it (PEM)")),
        Ok(found) => Ok(found),
        Err(fault) => Err(in_words(&fault)),
    }
}

/// Certificate and key, when they fit each other; else every fault.
fn certified(settings: &TlsSettings) -> Result<CertifiedKey, Vec<String>> {
    let chain = certificates(&settings.certificate).map_err(|fault| format!("{CERTIFICATE}: {fault}"));
    let key = PrivateKeyDer::from_pem_file(&settings.key)
        .map_err(|fault| format!("{KEY}: {}: {fault}", settings.key.display()));
    match (chain, key) {
        (Ok(chain), Ok(key)) => CertifiedKey::from_der(chain, key, &provider())
            .map_err(|fault| vec![format!("{KEY}: {} is no key of the certificate: {fault}", settings.key.display())]),
        (chain, key) => Err(chain.err().into_iter().chain(key.err()).collect()),
    }
}

/// What the service shows of itself: the certificate as it was last read.
pub struct Identity {
    settings: TlsSettings,
    current: RwLock<Arc<CertifiedKey>>,
    /// What was wrong when it was last read anew: told once.
    fault: Mutex<Vec<String>>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Identity").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Identity {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

impl Identity {
    /// Reads certificate and key.
    ///
    /// # Errors
    ///
    /// Every fault, in words.
    pub fn open(settings: &TlsSettings) -> Result<Self, Vec<String>> {
        let current = RwLock::new(Arc::new(certified(settings)?));
        Ok(Self { settings: settings.clone(), current, fault: Mutex::default() })
    }

    fn current(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes a renewed certificate into use. One that is no good, or half written, changes nothing.
    pub fn renew(&self) {
        let found = certified(&self.settings);
        let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        match found {
            Ok(renewed) => {
                fault.clear();
                if renewed.cert != self.current().cert {
                    *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(renewed);
                    tracing::info!("a renewed certificate is in use");
                }
            }
            Err(found) if *fault != found => {
                tracing::error!(faults = found.join("; "), "the certificate could not be renewed; the last one stays");
                *fault = found;
            }
            Err(_) => {}
        }
    }

    /// How connections are encrypted.
    ///
    /// # Errors
    ///
    /// When the cryptography lacks a version of TLS, which would be a fault of this program.
    pub fn server_config(self: &Arc<Self>) -> Result<ServerConfig, rustls::Error> {
        let builder = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
        let resolver: Arc<dyn ResolvesServerCert> = Arc::<Self>::clone(self);
        Ok(builder.with_no_client_auth().with_cert_resolver(resolver))
    }
}
