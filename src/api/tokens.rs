//! Tokens of an identity provider (OAuth 2.0, JWT as RFC 9068 has it), checked against keys that are configured. Nothing
//! in a token says where its key is to be had: `jku`, `jwk`, `x5u` and `x5c` are not looked at.

use std::{
    str::FromStr,
    sync::{Arc, PoisonError, RwLock},
    time::Instant,
};

use jsonwebtoken::{
    Algorithm, DecodingKey, Validation, decode, decode_header,
    jwk::{Jwk, KeyAlgorithm},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::Deserialize;
use serde_json::Number;
use sha2::{Digest, Sha256};
use tokio::{sync::Mutex, task::spawn_blocking};

use crate::{
    api::key_sets::KeySets,
    casework::scope::{Scope, ScopeSet},
    config::TokenSettings,
    hexadecimal::hex,
};

/// By how much the provider's clock may differ, in seconds.
const SKEW: i64 = 30;
/// The most bytes of a token.
const LONGEST_TOKEN: usize = 8 * 1024;
/// The most authorities that one token may name.
const MOST_AUTHORITIES: usize = 100;

/// The provider's keys, as they were last read.
pub struct Tokens {
    settings: TokenSettings,
    source: Arc<KeySets>,
    keys: RwLock<Vec<ProviderKey>>,
    last_read: Mutex<LastRead>,
}

/// When the keys were last asked for, and whether they came.
struct LastRead {
    at: Instant,
    is_good: bool,
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
    exp: Number,
    #[serde(default)]
    nbf: Option<Number>,
    #[serde(default)]
    scope: Option<GrantedScopes>,
    #[serde(flatten)]
    others: serde_json::Map<String, serde_json::Value>,
}

/// `scope` as RFC 8693 section 4.2 has it, words in one text; or as a list, as some providers write it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum GrantedScopes {
    Text(String),
    List(Vec<String>),
}

impl GrantedScopes {
    /// The scopes among the words; words that are no scopes of ours are left out.
    fn known(&self) -> Vec<Scope> {
        match self {
            Self::Text(text) => text.split_whitespace().filter_map(|word| word.parse().ok()).collect(),
            Self::List(words) => words.iter().filter_map(|word| word.parse().ok()).collect(),
        }
    }
}

/// The second of a `NumericDate`, which may have a fraction (RFC 7519 section 2): the whole second before it. `None` beyond
/// what a clock shows.
fn second(date: &Number) -> Option<i64> {
    let text = date.to_string();
    let number = Decimal::from_str(&text).or_else(|_| Decimal::from_scientific(&text)).ok()?;
    number.floor().to_i64()
}

impl Tokens {
    /// Reads the provider's keys for the first time.
    ///
    /// # Errors
    ///
    /// In words, when a file cannot be read or holds no key set, or nobody vouches for an address. A provider that is away
    /// when the service starts is no error: its tokens are refused until it is back, and keys of the service work.
    pub async fn open(settings: TokenSettings) -> Result<Self, String> {
        let source = Arc::new(KeySets::of(&settings.source)?);
        let keys = asked(&source).await;
        if let (KeySets::File(_), Err(fault)) = (source.as_ref(), &keys) {
            return Err(fault.clone());
        }
        let is_good = keys.is_ok();
        let keys = keys.unwrap_or_else(|fault| {
            tracing::error!(fault, "no token is taken until the identity provider's keys can be had");
            Vec::new()
        });
        let last_read = Mutex::new(LastRead { at: Instant::now(), is_good });
        Ok(Self { settings, source, keys: RwLock::new(keys), last_read })
    }

    /// What `token` says, when it is good at this second; `None` when it is not, without telling why. An unknown key leads
    /// to another reading of the provider's keys, unless they were read just now.
    pub async fn bearer(&self, token: &str, now: i64) -> Option<Bearer> {
        if token.len() > LONGEST_TOKEN {
            return None;
        }
        let header = decode_header(token).ok()?;
        let typ = header.typ.as_deref().unwrap_or("JWT").to_ascii_lowercase();
        let is_access_token = ["jwt", "at+jwt", "application/at+jwt"].contains(&typ.as_str());
        if !is_access_token || header.crit.is_some() || !self.settings.algorithms.contains(&header.alg) {
            return None;
        }
        let mut claims = self.claims(token, header.kid.as_deref(), header.alg);
        if matches!(claims, Verdict::UnknownKey) && self.read_again().await {
            claims = self.claims(token, header.kid.as_deref(), header.alg);
        }
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
        let good_until = second(&claims.exp)?.saturating_add(SKEW);
        let good_from = claims.nbf.as_ref().map_or(Some(i64::MIN), second)?;
        let is_in_time = now < good_until && good_from <= now.saturating_add(SKEW);
        let is_named = !claims.sub.is_empty() && claims.sub.len() <= 128 && !claims.sub.chars().any(char::is_control);
        if !is_in_time || !is_named {
            return None;
        }
        let mut scopes = claims.scope.as_ref().map(GrantedScopes::known).unwrap_or_default();
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
        Some(Bearer { subject: claims.sub, scopes, authority_ids, good_until, binding })
    }

    /// Reads the keys again, as it is time to.
    pub async fn refresh(&self) {
        let Ok(last_read) = self.last_read.try_lock() else { return };
        let every = if last_read.is_good { self.settings.source.every() } else { self.settings.source.soonest() };
        let is_due = last_read.at.elapsed() >= every;
        drop(last_read);
        if is_due {
            self.read_again().await;
        }
    }

    /// Reads the keys again, unless they were read just now; whether there may be others now. Of several that ask at once
    /// one reads, and the others wait for it.
    async fn read_again(&self) -> bool {
        let asked_at = Instant::now();
        let mut last_read = self.last_read.lock().await;
        if last_read.at > asked_at {
            return last_read.is_good;
        }
        if last_read.at.elapsed() < self.settings.source.soonest() {
            return false;
        }
        let read = asked(&self.source).await;
        *last_read = LastRead { at: Instant::now(), is_good: read.is_ok() };
        match read {
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
    let digits: String = hex(hash.finalize()).chars().take(16).collect();
    format!("token:{subject}:{digits}")
}

/// The keys as they are now, asked for on a thread that may wait.
async fn asked(source: &Arc<KeySets>) -> Result<Vec<ProviderKey>, String> {
    let source = Arc::clone(source);
    let set = spawn_blocking(move || source.fetch()).await.map_err(|fault| fault.to_string())??;
    let keys: Vec<ProviderKey> = set.keys.iter().filter_map(provider_key).collect();
    if keys.is_empty() { Err("no key for signatures in the set".to_owned()) } else { Ok(keys) }
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
