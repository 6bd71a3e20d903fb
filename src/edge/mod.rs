//! What stands between the network and the service: limits, TLS, other origins. Configuration only, checked as a whole;
//! knows nothing of casework.

pub mod key_source;
pub mod limits;
pub mod tls;

use clap::Args;
use url::Url;

use self::{
    limits::{LimitArguments, LimitSettings},
    tls::{TlsArguments, TlsSettings},
};

/// How the service meets the network.
#[derive(Debug, Clone, Default, Args)]
pub struct EdgeArguments {
    /// How many calls are taken.
    #[command(flatten)]
    pub limits: LimitArguments,
    /// Encryption.
    #[command(flatten)]
    pub tls: TlsArguments,
    /// Origins whose pages may call from a browser, separated by commas, like `https://casework.example`; none when absent.
    #[arg(long, env = "CANDOUR_CORS_ORIGINS")]
    pub cors_origins: Option<String>,
}

/// The same without faults. The default limits nothing, encrypts nothing and knows no other origin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EdgeSettings {
    /// How many calls are taken.
    pub limits: LimitSettings,
    /// Certificate and key, where the service encrypts by itself.
    pub tls: Option<TlsSettings>,
    /// Origins whose pages may call from a browser.
    pub cors_origins: Vec<String>,
}

impl EdgeArguments {
    /// Checks the arguments; every fault is noted.
    pub fn check(&self, faults: &mut Vec<String>) -> EdgeSettings {
        EdgeSettings {
            limits: self.limits.check(faults),
            tls: self.tls.check(faults),
            cors_origins: origins(self.cors_origins.as_deref(), faults),
        }
    }
}

/// What is given of a setting: an empty value is none.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

fn origins(text: Option<&str>, faults: &mut Vec<String>) -> Vec<String> {
    let mut origins = Vec::new();
    for word in given(text).into_iter().flat_map(|text| text.split(',')).map(str::trim) {
        // An origin is exactly what a browser sends: scheme, host and port, nothing behind.
        let is_origin = Url::parse(word)
            .is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.origin().ascii_serialization() == word);
        if is_origin {
            origins.push(word.to_owned());
        } else {
            faults.push("CANDOUR_CORS_ORIGINS: origins like https://casework.example, separated by commas".to_owned());
        }
    }
    origins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        let mut faults = Vec::new();
        assert_eq!(
            origins(Some("https://a.example, http://localhost:3000"), &mut faults),
            ["https://a.example", "http://localhost:3000"]
        );
        assert_eq!(origins(Some("  "), &mut faults), Vec::<String>::new());
        assert_eq!(faults, Vec::<String>::new());
        for wrong in ["*", "null", "https://a.example/", "https://a.example:443", "a.example", "ftp://a.example", ","] {
            origins(Some(wrong), &mut faults);
            assert!(!std::mem::take(&mut faults).is_empty(), "{wrong}");
        }
    }
}
