//! Where the public keys of an identity provider come from: a file, or an address that is asked for them. Blocks its
//! thread.

use std::{fmt, fs, path::Path, sync::Arc, time::Duration};

use jsonwebtoken::jwk::JwkSet;
use ureq::{
    Agent,
    tls::{Certificate, RootCerts, TlsConfig},
};

use crate::edge::{
    key_source::{KeyAddress, KeySource},
    tls,
};

/// The most bytes of a set of keys.
const LARGEST_SET: u64 = 256 * 1024;
/// How long an answer may take, its body included.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is asked for a set of keys.
pub enum KeySets {
    /// A file.
    File(std::path::PathBuf),
    /// An address, and the client that asks it.
    Address(KeyAddress, Agent),
}

impl KeySets {
    /// Makes ready to ask.
    ///
    /// # Errors
    ///
    /// In words: nobody is trusted to vouch for the address.
    pub fn of(source: &KeySource) -> Result<Self, String> {
        match source {
            KeySource::File(path) => Ok(Self::File(path.clone())),
            KeySource::Address(address) => Ok(Self::Address(address.clone(), agent(address)?)),
        }
    }

    /// The set as it is now.
    ///
    /// # Errors
    ///
    /// In words: it could not be had, is too large, or is no set of keys.
    pub fn fetch(&self) -> Result<JwkSet, String> {
        match self {
            Self::File(path) => {
                from_file(path).map_err(|fault| format!("CANDOUR_JWKS_FILE: {}: {fault}", path.display()))
            }
            Self::Address(address, agent) => {
                from_address(agent, &address.url).map_err(|fault| format!("CANDOUR_JWKS_URL: {fault}"))
            }
        }
    }
}

fn from_file(path: &Path) -> Result<JwkSet, String> {
    let in_words = |fault: &dyn fmt::Display| fault.to_string();
    let size = fs::metadata(path).map_err(|fault| in_words(&fault))?.len();
    if size > LARGEST_SET {
        return Err("too large for a set of keys".to_owned());
    }
    let text = fs::read_to_string(path).map_err(|fault| in_words(&fault))?;
    serde_json::from_str(&text).map_err(|fault| in_words(&fault))
}

fn from_address(agent: &Agent, url: &str) -> Result<JwkSet, String> {
    let mut answer = agent.get(url).header("Accept", "application/json").call().map_err(|fault| fault.to_string())?;
    // A redirection is an answer like any other that is no set of keys: the address is configured, not found out.
    if answer.status() != 200 {
        return Err(format!("the answer has status {}", answer.status().as_u16()));
    }
    let text =
        answer.body_mut().with_config().limit(LARGEST_SET).read_to_string().map_err(|fault| fault.to_string())?;
    serde_json::from_str(&text).map_err(|_| "the answer is no set of keys".to_owned())
}

fn agent(address: &KeyAddress) -> Result<Agent, String> {
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_idle_connections(0)
        .user_agent("candour")
        .timeout_global(Some(PATIENCE));
    if address.is_encrypted() {
        let certificates = trusted(address)?;
        let certificates = certificates.iter().map(|der| Certificate::from_der(der).to_owned());
        let encryption = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(certificates.collect())))
            .unversioned_rustls_crypto_provider(tls::provider())
            .build();
        config = config.https_only(true).tls_config(encryption);
    } else {
        // Plain HTTP does not leave this machine: no proxy either.
        config = config.proxy(None);
    }
    Ok(config.build().into())
}

/// Who vouches for the address: the certificates of the file that is configured, or those that this computer trusts.
fn trusted(address: &KeyAddress) -> Result<Vec<rustls::pki_types::CertificateDer<'static>>, String> {
    if let Some(path) = &address.certificate_file {
        return tls::certificates(path).map_err(|fault| format!("CANDOUR_JWKS_CERTIFICATE_FILE: {fault}"));
    }
    let found = rustls_native_certs::load_native_certs().certs;
    let nobody = "CANDOUR_JWKS_CERTIFICATE_FILE: needed, because this computer trusts no certificates";
    if found.is_empty() { Err(nobody.to_owned()) } else { Ok(found) }
}
