//! Tokens of an identity provider (OAuth 2.0, JWT as RFC 9068 has it), checked against keys that are configured. Nothing
//! in a token says where its key is to be had: `jku`, `jwk`, `x5u` and `x5c` are not looked at.

use std::{
    fs,
    sync::{Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{Jwk, JwkSet, KeyAlgorithm},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{
    casework::scope::{Scope, ScopeSet},
    config::TokenSettings,
};

/// By how much the provider's clock may differ, in seconds.
const SKEW: i64 = 30;
/// How soon after one reading an unknown key may lead to another.
const SOONEST: Duration = Duration::from_millis(500);
/// The most bytes of a token, and of a file of keys.
const LONGEST_TOKEN: usize = 8 * 1024;
const LARGEST_FILE: u64 = 256 * 1024;
/// The most authorities that one token may name.
const MOST_AUTHORITIES: usize = 100;

/// The provider's keys, as they were last read.
pub struct Tokens {
    settings: TokenSettings,
    keys: RwLock<Vec<ProviderKey>>,
    last_read: Mutex<Instant>,
}

/// One key of the provider.
struct ProviderKey {
    id: Option<String>,
    algorithm: Option<KeyAlgorithm>,
    key: DecodingKey,
}

/// What a token that is good says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// Whose it is.
    pub subject: String,
    /// What it opens; words that are no scopes of ours are left out.
    pub scopes: ScopeSet,
    /// The ids of the authorities it names.
    pub authority_ids: Vec<String>,
    /// The second in which it expires, skew included.
    pub good_until: i64,
    /// A name for what it is bound to: subject, scopes and authorities.
    pub binding: String,
}

#[derive(Debug, Deserialize)]
struct Claims {
    sub: String,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    scope: Option<String>,
    #[serde(flatten)]
    others: serde_json::Map<String, serde_json::Value>,
}

impl Tokens {
    /// Reads the provider's keys for the first time.
    ///
    /// # Errors
    ///
    /// In words, when the file cannot be read or holds no key set.
    pub fn open(settings: TokenSettings) -> Result<Self, String> {
        let keys = read(&settings)?;
        Ok(Self { settings, keys: RwLock::new(keys), last_read: Mutex::new(Instant::now()) })
    }

    /// What `token` says, when it is good at this second; `None` when it is not, without telling why.
    #[must_use]
    pub fn bearer(&self, token: &str, now: i64) -> Option<Bearer> {
        if token.len() > LONGEST_TOKEN {
            return None;
        }
        let header = decode_header(token).ok()?;
        let typ = header.typ.as_deref().unwrap_or("JWT").to_ascii_lowercase();
        let is_access_token = ["jwt", "at+jwt", "application/at+jwt"].contains(&typ.as_str());
        if !is_access_token || header.crit.is_some() || !self.settings.algorithms.contains(&header.alg) {
            return None;
        }
        let claims = match self.claims(token, header.kid.as_deref(), header.alg) {
            Verdict::UnknownKey if self.read_again() => self.claims(token, header.kid.as_deref(), header.alg),
            verdict => verdict,
        };
        let Verdict::Good(claims) = claims else { return None };
        self.accepted(*claims, now)
    }

    fn claims(&self, token: &str, key_id: Option<&str>, algorithm: Algorithm) -> Verdict {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let fits = |key: &&ProviderKey| {
            key.id.as_deref() == key_id
                && key.key.family() == algorithm.family()
                && key.algorithm.is_none_or(|own| own == KeyAlgorithm::from(algorithm))
        };
        let Some(found) = keys.iter().find(fits) else { return Verdict::UnknownKey };
        let mut validation = Validation::new(algorithm);
        validation.set_audience(&[&self.settings.audience]);
        validation.set_issuer(&[&self.settings.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Judged by the clock of the service, with the rest.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        decode::<Claims>(token, &found.key, &validation)
            .map_or(Verdict::Bad, |data| Verdict::Good(Box::new(data.claims)))
    }

    fn accepted(&self, claims: Claims, now: i64) -> Option<Bearer> {
        let is_in_time = now < claims.exp.saturating_add(SKEW)
            && claims.nbf.is_none_or(|not_before| not_before <= now.saturating_add(SKEW));
        let is_named = !claims.sub.is_empty() && claims.sub.len() <= 128 && !claims.sub.chars().any(char::is_control);
        if !is_in_time || !is_named {
            return None;
        }
        let words = claims.scope.unwrap_or_default();
        let mut scopes: Vec<Scope> = words.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        // Who runs the service does no casework: together they are neither.
        if scopes.iter().any(|scope| *scope != Scope::Operator) {
            scopes.retain(|scope| *scope != Scope::Operator);
        }
        let named = claims.others.get(&self.settings.authorities_claim).and_then(serde_json::Value::as_array);
        let mut authority_ids: Vec<String> =
            named.into_iter().flatten().filter_map(|id| id.as_str().map(str::to_owned)).collect();
        authority_ids.sort();
        authority_ids.dedup();
        authority_ids.truncate(MOST_AUTHORITIES);
        let scopes = ScopeSet::of(scopes);
        let binding = binding(&self.settings.issuer, &claims.sub, &scopes, &authority_ids);
        Some(Bearer {
            subject: claims.sub,
            scopes,
            authority_ids,
            good_until: claims.exp.saturating_add(SKEW),
            binding,
        })
    }

    /// Reads the keys again, unless they were read just now; whether they were.
    pub fn read_again(&self) -> bool {
        let mut last_read = self.last_read.lock().unwrap_or_else(PoisonError::into_inner);
        if last_read.elapsed() < SOONEST {
            return false;
        }
        *last_read = Instant::now();
        match read(&self.settings) {
            Ok(keys) => {
                *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
                true
            }
            // The keys that are known stay good: a provider that is away for a while stops nobody.
            Err(fault) => {
                tracing::warn!(fault, "the identity provider's keys could not be read again");
                false
            }
        }
    }
}

enum Verdict {
    UnknownKey,
    Bad,
    Good(Box<Claims>),
}

/// What idempotency keys and cursors of a token are bound to: a token of the same person that opens less is another.
fn binding(issuer: &str, subject: &str, scopes: &ScopeSet, authority_ids: &[String]) -> String {
    let mut hash = Sha256::new();
    for scope in scopes.iter() {
        hash.update(scope.as_str());
        hash.update([0]);
    }
    for text in authority_ids {
        hash.update(text);
        hash.update([0]);
    }
    hash.update(issuer);
    let digits: String = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("token:{subject}:{digits}")
}

fn read(settings: &TokenSettings) -> Result<Vec<ProviderKey>, String> {
    let path = &settings.key_file;
    let in_words = |fault: &dyn std::fmt::Display| format!("{}: {fault}", path.display());
    let size = fs::metadata(path).map_err(|fault| in_words(&fault))?.len();
    if size > LARGEST_FILE {
        return Err(in_words(&"too large for a set of keys"));
    }
    let text = fs::read_to_string(path).map_err(|fault| in_words(&fault))?;
    let set: JwkSet = serde_json::from_str(&text).map_err(|fault| in_words(&fault))?;
    let keys: Vec<ProviderKey> = set.keys.iter().filter_map(provider_key).collect();
    if keys.is_empty() { Err(in_words(&"no key for signatures in it")) } else { Ok(keys) }
}

/// A public key for signatures; others of the set, and secrets, are passed over.
fn provider_key(jwk: &Jwk) -> Option<ProviderKey> {
    use jsonwebtoken::jwk::{AlgorithmParameters, PublicKeyUse};
    let is_for_signatures = jwk.common.public_key_use.as_ref().is_none_or(|own| *own == PublicKeyUse::Signature);
    let is_secret = matches!(jwk.algorithm, AlgorithmParameters::OctetKey(_));
    if !is_for_signatures || is_secret {
        return None;
    }
    Some(ProviderKey {
        id: jwk.common.key_id.clone(),
        algorithm: jwk.common.key_algorithm,
        key: DecodingKey::from_jwk(jwk).ok()?,
    })
}
