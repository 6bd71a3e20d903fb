//! Counting calls: of a credential, of an authority, and of bad credentials from an address. Counters are of this process
//! alone, and bounded: they know those who called of late, and addresses by one of 65,536 numbers.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    net::{IpAddr, Ipv4Addr},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use actix_web::{
    HttpMessage, HttpRequest,
    dev::ServiceResponse,
    http::header::{HeaderName, HeaderValue},
};
use governor::{Quota, RateLimiter, middleware::StateInformationMiddleware, state::keyed::HashMapStateStore};

use utoipa::openapi::{
    Header, HeaderBuilder, RefOr,
    path::Operation,
    schema::{ObjectBuilder, Type},
};

use crate::{
    api::problem::{ApiError, TOO_MANY_REQUESTS},
    clock::Clock,
    edge::limits::{LimitSettings, Rate},
    services::Principal,
    store::{AuthorityKey, AuthorityScope},
};

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const FORWARDED_FOR: &str = "x-forwarded-for";

/// What an answer tells of the limits that its call was counted against (draft-ietf-httpapi-ratelimit-headers): how many
/// calls are free, and after how many seconds one more is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RateFields {
    policies: Vec<String>,
    limits: Vec<String>,
}

impl RateFields {
    fn add_policy(&mut self, name: &str, rate: Rate) {
        self.policies.push(format!("\"{name}\";q={};w={}", rate.burst, rate.window()));
    }

    fn add_limit(&mut self, name: &str, remaining: u32, wait: u64) {
        self.limits.push(format!("\"{name}\";r={remaining};t={wait}"));
    }

    /// Puts the fields of the call into its answer, where it was counted.
    pub fn write(response: &mut ServiceResponse) {
        let Some(fields) = response.request().extensions().get::<Self>().cloned() else { return };
        for (name, items) in [(RATE_LIMIT_POLICY, &fields.policies), (RATE_LIMIT, &fields.limits)] {
            if !items.is_empty()
                && let Ok(value) = HeaderValue::from_str(&items.join(", "))
            {
                response.headers_mut().insert(name, value);
            }
        }
    }
}

/// The fields as the OpenAPI document has them.
#[must_use]
pub fn headers() -> [(&'static str, Header); 2] {
    let text = |words: &str| {
        let schema = ObjectBuilder::new().schema_type(Type::String).max_length(Some(200));
        HeaderBuilder::new().schema(Some(schema)).description(Some(words)).build()
    };
    let policy = "The limits that the call was counted against, where any are configured: `q` calls in `w` seconds.";
    let limit = "How many calls of the credential are free now (`r`), and after how many seconds one more is (`t`); of the \
                 authority only where none is.";
    [("RateLimit-Policy", text(policy)), ("RateLimit", text(limit))]
}

/// Says in the document that the answers of an operation have the fields.
pub fn write_into(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.headers.extend(headers().map(|(name, header)| (name.to_owned(), RefOr::T(header))));
        }
    }
}

/// The counters of one process.
pub struct RateLimits {
    per_credential: Option<Counter<String>>,
    per_authority: Option<Counter<AuthorityKey>>,
    failures: Option<Failures>,
    /// How long the body of a call may take to arrive.
    pub body_timeout: Duration,
    trusted_proxies: Vec<IpAddr>,
}

impl RateLimits {
    /// Counters that have counted nothing yet.
    #[must_use]
    pub fn new(settings: &LimitSettings, clock: &Clock) -> Self {
        Self {
            per_credential: settings.per_credential.map(|rate| Counter::new(rate, true, clock)),
            per_authority: settings.per_authority.map(|rate| Counter::new(rate, false, clock)),
            failures: settings.failures.map(|rate| Failures::new(rate, clock)),
            body_timeout: settings.body_timeout,
            trusted_proxies: settings.trusted_proxies.clone(),
        }
    }

    /// Counts a call of a good credential, and notes on the request what its answer tells of it. A credential of several
    /// authorities counts for itself alone: what it does for one must not be seen by the callers of another.
    ///
    /// # Errors
    ///
    /// `too-many-requests` when no call is free.
    pub fn count(&self, request: &HttpRequest, principal: &Principal) -> Result<(), ApiError> {
        let mut fields = RateFields::default();
        let mut counted = Ok(());
        if let Some(counter) = &self.per_credential {
            counted = counter.count("credential", &principal.credential, &mut fields);
        }
        if let (Some(counter), AuthorityScope::Only(keys), Ok(())) = (&self.per_authority, &principal.scope, &counted)
            && let [key] = keys.as_slice()
        {
            counted = counter.count("authority", key, &mut fields);
        }
        if !fields.policies.is_empty() {
            request.extensions_mut().insert(fields);
        }
        counted
    }

    /// Whether the caller's address may try another credential.
    ///
    /// # Errors
    ///
    /// `too-many-requests` when it has tried too many that were no good.
    pub fn admit(&self, request: &HttpRequest) -> Result<(), ApiError> {
        self.failures.as_ref().map_or(Ok(()), |failures| failures.admit(self.address_of(request)))
    }

    /// Counts a credential that was no good.
    pub fn count_failure(&self, request: &HttpRequest) {
        if let Some(failures) = &self.failures {
            failures.count(self.address_of(request));
        }
    }

    /// Forgets those who have not called for so long that all their calls are free again.
    pub fn forget_idle(&self) {
        if let Some(counter) = &self.per_credential {
            counter.limiter.retain_recent();
        }
        if let Some(counter) = &self.per_authority {
            counter.limiter.retain_recent();
        }
        if let Some(failures) = &self.failures {
            failures.forget_idle();
        }
    }

    /// How many counters are kept.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.per_credential.as_ref().map_or(0, |counter| counter.limiter.len())
            + self.per_authority.as_ref().map_or(0, |counter| counter.limiter.len())
            + self.failures.as_ref().map_or(0, |failures| failures.counter.limiter.len())
    }

    /// The address that calls: the peer's, or what trusted proxies say before it. An address that a caller wrote themselves
    /// stands before that of the first proxy that is trusted, and is not looked at.
    fn address_of(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
        let said = request.headers().get_all(FORWARDED_FOR).filter_map(|value| value.to_str().ok());
        let said: Vec<&str> = said.flat_map(|text| text.split(',')).collect();
        let mut address = peer;
        for word in said.into_iter().rev() {
            if !self.trusted_proxies.contains(&address) {
                break;
            }
            match word.trim().parse::<IpAddr>() {
                Ok(before) => address = before.to_canonical(),
                Err(_) => break,
            }
        }
        address
    }
}

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, Ticks, StateInformationMiddleware>;

/// Calls by key, each key with the same rate.
struct Counter<K: Clone + Eq + std::hash::Hash> {
    rate: Rate,
    /// Whether a caller may read how many calls are left, and after how long the next is free: where several share them, either
    /// would tell one how much the others work, on drafts too.
    tells_remaining: bool,
    limiter: Limiter<K>,
}

impl<K: Clone + Eq + std::hash::Hash> Counter<K> {
    fn new(rate: Rate, tells_remaining: bool, clock: &Clock) -> Self {
        let quota = Quota::per_minute(rate.per_minute).allow_burst(rate.burst);
        let limiter = RateLimiter::new(quota, HashMapStateStore::default(), Ticks(clock.clone()));
        Self { rate, tells_remaining, limiter }
    }

    fn count(&self, name: &str, key: &K, fields: &mut RateFields) -> Result<(), ApiError> {
        match self.limiter.check_key(key) {
            Ok(state) => {
                fields.add_policy(name, self.rate);
                if self.tells_remaining {
                    fields.add_limit(name, state.remaining_burst_capacity(), seconds(self.rate.interval()));
                }
                Ok(())
            }
            Err(refused) => {
                let wait = if self.tells_remaining {
                    seconds(refused.wait_time_from(governor::clock::Clock::now(self.limiter.clock())))
                } else {
                    self.rate.window()
                };
                fields.add_policy(name, self.rate);
                fields.add_limit(name, 0, wait);
                let calls = self.rate.per_minute;
                let detail = format!("The {name} may make {calls} calls a minute. Wait as long as `Retry-After` says.");
                Err(ApiError::new(TOO_MANY_REQUESTS).with_detail(detail).with_retry_after(wait))
            }
        }
    }
}

/// Bad credentials by address. Addresses share 65,536 numbers, and those of one IPv6 network (/64) are one: however many
/// an attacker has, the counters take no more memory.
struct Failures {
    counter: Counter<u16>,
    /// Who has no try left, and until when.
    refused: Mutex<HashMap<u16, Duration>>,
    seed: RandomState,
}

impl Failures {
    fn new(rate: Rate, clock: &Clock) -> Self {
        Self { counter: Counter::new(rate, true, clock), refused: Mutex::default(), seed: RandomState::new() }
    }

    fn number(&self, address: IpAddr) -> u16 {
        let hash = match address {
            IpAddr::V4(address) => self.seed.hash_one(address.octets()),
            IpAddr::V6(address) => {
                let [first, second, third, fourth, ..] = address.segments();
                self.seed.hash_one([first, second, third, fourth])
            }
        };
        u16::try_from(hash & u64::from(u16::MAX)).unwrap_or_default()
    }

    fn now(&self) -> Duration {
        governor::clock::Clock::now(self.counter.limiter.clock())
    }

    fn admit(&self, address: IpAddr) -> Result<(), ApiError> {
        let number = self.number(address);
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(until) = refused.get(&number).copied() else { return Ok(()) };
        let wait = until.saturating_sub(self.now());
        if wait.is_zero() {
            refused.remove(&number);
            return Ok(());
        }
        let detail =
            "Too many credentials that are no good came from this address. Wait as long as `Retry-After` says.";
        Err(ApiError::new(TOO_MANY_REQUESTS).with_detail(detail).with_retry_after(seconds(wait)))
    }

    fn count(&self, address: IpAddr) {
        let number = self.number(address);
        let has_more = self.counter.limiter.check_key(&number).is_ok_and(|state| state.remaining_burst_capacity() > 0);
        if !has_more {
            let until = self.now().saturating_add(self.counter.rate.interval());
            self.refused.lock().unwrap_or_else(PoisonError::into_inner).insert(number, until);
        }
    }

    fn forget_idle(&self) {
        self.counter.limiter.retain_recent();
        let now = self.now();
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, until| *until > now);
    }
}

/// Whole seconds, rounded up: who waits that long does not come too early.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

/// The service's clock, as the counters read it.
#[derive(Clone)]
struct Ticks(Clock);

impl governor::clock::Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}
