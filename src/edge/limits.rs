//! How many calls a credential, an authority and an address may make: configuration.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use clap::Args;

use super::given;

/// How many calls are taken.
#[derive(Debug, Clone, Default, Args)]
pub struct LimitArguments {
    /// Calls a minute that one credential may make; any number when absent.
    #[arg(long, env = "CANDOUR_RATE_LIMIT")]
    pub rate_limit: Option<String>,
    /// How many of them at once; those of ten seconds when absent.
    #[arg(long, env = "CANDOUR_RATE_LIMIT_BURST")]
    pub rate_limit_burst: Option<String>,
    /// Calls a minute that the credentials of one authority may make together; any number when absent.
    #[arg(long, env = "CANDOUR_RATE_LIMIT_AUTHORITY")]
    pub rate_limit_authority: Option<String>,
    /// How many of them at once; those of ten seconds when absent.
    #[arg(long, env = "CANDOUR_RATE_LIMIT_AUTHORITY_BURST")]
    pub rate_limit_authority_burst: Option<String>,
    /// Credentials that are no good, a minute, that one address may try; 300 when absent, any number with 0.
    #[arg(long, env = "CANDOUR_RATE_LIMIT_FAILURES")]
    pub rate_limit_failures: Option<String>,
    /// Seconds that the body of a call may take to arrive: 1 to 600, 30 when absent.
    #[arg(long, env = "CANDOUR_BODY_SECONDS")]
    pub body_seconds: Option<String>,
    /// Addresses of proxies whose `X-Forwarded-For` is believed, separated by commas.
    #[arg(long, env = "CANDOUR_TRUSTED_PROXIES")]
    pub trusted_proxies: Option<String>,
}

/// How many calls are taken, and whose word on addresses. The default counts nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitSettings {
    /// Of one credential.
    pub per_credential: Option<Rate>,
    /// Of the credentials of one authority together.
    pub per_authority: Option<Rate>,
    /// Bad credentials from one address.
    pub failures: Option<Rate>,
    /// How long the body of a call may take to arrive.
    pub body_timeout: Duration,
    /// Proxies whose word on the caller's address is taken.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            per_credential: None,
            per_authority: None,
            failures: None,
            body_timeout: BODY_TIMEOUT,
            trusted_proxies: Vec::new(),
        }
    }
}

/// So many calls a minute, and so many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many become free in a minute.
    pub per_minute: NonZeroU32,
    /// How many may come at once.
    pub burst: NonZeroU32,
}

/// How long a body may take where nothing is configured.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// The most calls a minute that can be configured.
const MOST: u32 = 60_000_000;
/// Bad credentials a minute from one address where nothing is configured.
const FAILURES: u32 = 300;

impl Rate {
    /// After how long one call more is free.
    #[must_use]
    pub fn interval(&self) -> Duration {
        Duration::from_mins(1) / self.per_minute.get()
    }

    /// After how many seconds, rounded up, all calls are free again.
    #[must_use]
    pub fn window(&self) -> u64 {
        (u64::from(self.burst.get()) * 60).div_ceil(u64::from(self.per_minute.get()))
    }
}

impl LimitArguments {
    pub(super) fn check(&self, faults: &mut Vec<String>) -> LimitSettings {
        let mut rate = |name: &str, calls: &Option<String>, burst: &Option<String>| {
            let at_once = number(&format!("{name}_BURST"), burst.as_deref(), faults);
            let per_minute = number(name, calls.as_deref(), faults);
            if at_once.is_some() && given(calls.as_deref()).is_none() {
                faults.push(format!("{name}: needed with {name}_BURST"));
            }
            let per_minute = per_minute.flatten()?;
            let burst = at_once.flatten().or_else(|| NonZeroU32::new(per_minute.get().div_ceil(6)))?;
            Some(Rate { per_minute, burst })
        };
        let per_credential = rate("CANDOUR_RATE_LIMIT", &self.rate_limit, &self.rate_limit_burst);
        let authority = (&self.rate_limit_authority, &self.rate_limit_authority_burst);
        let per_authority = rate("CANDOUR_RATE_LIMIT_AUTHORITY", authority.0, authority.1);
        let failures = number("CANDOUR_RATE_LIMIT_FAILURES", self.rate_limit_failures.as_deref(), faults);
        let failures =
            failures.unwrap_or(NonZeroU32::new(FAILURES)).map(|count| Rate { per_minute: count, burst: count });
        let trusted_proxies = proxies(self.trusted_proxies.as_deref(), faults);
        let body_timeout = body_timeout(self.body_seconds.as_deref(), faults);
        LimitSettings { per_credential, per_authority, failures, body_timeout, trusted_proxies }
    }
}

/// The number given; `Some(None)` for 0, `None` for none.
#[expect(clippy::option_option, reason = "nothing given and 0 given differ")]
fn number(name: &str, text: Option<&str>, faults: &mut Vec<String>) -> Option<Option<NonZeroU32>> {
    match given(text)?.parse::<u32>() {
        Ok(number) if number <= MOST => Some(NonZeroU32::new(number)),
        _ => {
            faults.push(format!("{name}: a whole number from 0 to {MOST}; 0 is no limit"));
            None
        }
    }
}

fn body_timeout(text: Option<&str>, faults: &mut Vec<String>) -> Duration {
    let Some(text) = given(text) else { return BODY_TIMEOUT };
    match text.parse::<u64>() {
        Ok(seconds) if (1..=600).contains(&seconds) => Duration::from_secs(seconds),
        _ => {
            faults.push("CANDOUR_BODY_SECONDS: a whole number from 1 to 600".to_owned());
            BODY_TIMEOUT
        }
    }
}

fn proxies(text: Option<&str>, faults: &mut Vec<String>) -> Vec<IpAddr> {
    let mut addresses = Vec::new();
    for word in given(text).into_iter().flat_map(|text| text.split(',')).map(str::trim) {
        match word.parse::<IpAddr>() {
            Ok(address) => addresses.push(address.to_canonical()),
            Err(_) => faults.push("CANDOUR_TRUSTED_PROXIES: addresses like 10.0.0.7, separated by commas".to_owned()),
        }
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(per_minute: u32, burst: u32) -> Option<Rate> {
        Some(Rate { per_minute: NonZeroU32::new(per_minute)?, burst: NonZeroU32::new(burst)? })
    }

    #[test]
    fn only_bad_credentials_are_limited_unless_more_is_configured() {
        let mut faults = Vec::new();
        let settings = LimitArguments::default().check(&mut faults);
        assert_eq!(settings, LimitSettings { failures: rate(300, 300), ..LimitSettings::default() });
        let text = |text: &str| Some(text.to_owned());
        let arguments = LimitArguments {
            rate_limit: text("600"),
            rate_limit_burst: text(" "),
            rate_limit_authority: text("90"),
            rate_limit_authority_burst: text("7"),
            rate_limit_failures: text("0"),
            body_seconds: text("5"),
            trusted_proxies: text("10.0.0.7, ::ffff:10.0.0.8"),
        };
        let settings = arguments.check(&mut faults);
        let trusted_proxies = ["10.0.0.7", "10.0.0.8"].map(|text| text.parse().unwrap()).to_vec();
        let wanted = LimitSettings {
            per_credential: rate(600, 100),
            per_authority: rate(90, 7),
            failures: None,
            body_timeout: Duration::from_secs(5),
            trusted_proxies,
        };
        assert_eq!((settings, faults), (wanted, Vec::<String>::new()));
        assert_eq!(rate(90, 7).map(|rate| rate.window()), Some(5));
    }

    #[test]
    fn every_fault_is_told() {
        let text = |text: &str| Some(text.to_owned());
        let arguments = LimitArguments {
            rate_limit: text("many"),
            rate_limit_burst: text("-1"),
            rate_limit_authority: None,
            rate_limit_authority_burst: text("7"),
            rate_limit_failures: text("60000001"),
            body_seconds: text("0"),
            trusted_proxies: text("proxy.example,10.0.0.7"),
        };
        let mut faults = Vec::new();
        arguments.check(&mut faults);
        assert_eq!(faults.len(), 6, "{faults:?}");
    }
}
