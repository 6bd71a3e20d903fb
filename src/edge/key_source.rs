//! Where the public keys of an identity provider are: configuration.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use url::{Host, Url};

/// Where the public keys of an identity provider are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// In a file, which is read again every few seconds.
    File(PathBuf),
    /// At an address.
    Address(KeyAddress),
}

/// An address that answers with a set of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAddress {
    /// `https`, or `http` on this machine.
    pub url: String,
    /// The certificates that vouch for it; those that this computer trusts when absent.
    pub certificate_file: Option<PathBuf>,
    /// After how long it is asked again.
    pub every: Duration,
    /// How soon after one question another may follow.
    pub soonest: Duration,
}

impl KeySource {
    /// After how long the keys are read again.
    #[must_use]
    pub fn every(&self) -> Duration {
        match self {
            Self::File(_) => Duration::ZERO,
            Self::Address(address) => address.every,
        }
    }

    /// How soon after one reading an unknown key, or a failure, may lead to another.
    #[must_use]
    pub fn soonest(&self) -> Duration {
        match self {
            Self::File(_) => Duration::from_millis(500),
            Self::Address(address) => address.soonest,
        }
    }
}

impl KeyAddress {
    /// An address that is asked every five minutes, and twice a minute at most.
    #[must_use]
    pub fn new(url: String, certificate_file: Option<PathBuf>) -> Self {
        Self { url, certificate_file, every: Duration::from_mins(5), soonest: Duration::from_secs(30) }
    }

    /// Whether it is asked over TLS.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.url.starts_with("https:")
    }

    /// Checks what was configured, and notes its fault: keys that come over a network in the clear could be anybody's.
    pub fn check(url: &str, certificate_file: Option<PathBuf>, faults: &mut Vec<String>) -> Option<KeySource> {
        let certificate_file = certificate_file.filter(|path| !path.as_os_str().is_empty());
        let is_safe = Url::parse(url).is_ok_and(|url| match url.scheme() {
            "https" => url.host().is_some(),
            "http" => is_this_machine(url.host()),
            _ => false,
        });
        if !is_safe {
            faults
                .push("CANDOUR_JWKS_URL: an address that begins with https://, or http:// on this machine".to_owned());
            return None;
        }
        Url::parse(url).ok().map(|url| KeySource::Address(Self::new(url.into(), certificate_file)))
    }
}

fn is_this_machine(host: Option<Host<&str>>) -> bool {
    match host {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_not_come_over_a_network_in_the_clear() {
        let fault = |url: &str| {
            let mut faults = Vec::new();
            let source = KeyAddress::check(url, None, &mut faults);
            assert_eq!(source.is_none(), faults.len() == 1, "{url}");
            faults.pop()
        };
        for good in ["https://id.example/keys", "http://127.0.0.1:9/k", "http://[::1]/k", "http://localhost:8081/k"] {
            assert_eq!(fault(good), None, "{good}");
        }
        for bad in [
            "http://id.example/keys",
            "http://localhost.example/",
            "file:///etc/passwd",
            "ftp://a",
            "keys",
            "http://10.0.0.1/",
        ] {
            assert!(fault(bad).is_some(), "{bad}");
        }
    }
}
