//! Whose credential a call carries. What was looked up is kept for a second, so that a busy credential costs no query; a
//! key that this process revokes is forgotten at once, one that another revokes within that second.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    api::{problem::ApiError, tokens::Tokens},
    casework::{api_key::CredentialKind, scope::Scope},
    clock::Clock,
    config::KeyHash,
    law::Date,
    services::{
        AuthorityScope, Principal,
        api_keys::{self, KnownKey},
        key_text::KeyText,
    },
    store::{ApiKeyKey, Store},
};

/// The name of the bootstrap key as a credential.
const BOOTSTRAP: &str = "bootstrap";
/// How long a key that was looked up is taken for unchanged.
const KEPT_FOR: Duration = Duration::from_secs(1);
/// How many keys are kept at most; then all are looked up anew.
const MOST_KEPT: usize = 10_000;

/// What a process knows of credentials.
pub struct Credentials {
    bootstrap: KeyHash,
    tokens: Option<Arc<Tokens>>,
    kept: Mutex<Kept>,
    uses: Mutex<HashMap<ApiKeyKey, Date>>,
}

/// Keys that were looked up, by hash. The generation tells whether one was revoked while another was looked up.
#[derive(Default)]
struct Kept {
    generation: u64,
    keys: HashMap<[u8; 32], (Instant, Arc<KnownKey>)>,
}

impl Credentials {
    /// The bootstrap key, and an identity provider whose tokens are taken.
    #[must_use]
    pub fn new(bootstrap: KeyHash, tokens: Option<Tokens>) -> Self {
        Self { bootstrap, tokens: tokens.map(Arc::new), kept: Mutex::default(), uses: Mutex::default() }
    }

    /// Whose credential `text` is; `None` for one that is unknown, mistyped, expired or revoked, without telling which.
    ///
    /// # Errors
    ///
    /// As the store: 503 when too much waits or the database is away.
    pub async fn principal(&self, store: &Store, text: &str, clock: &Clock) -> Result<Option<Principal>, ApiError> {
        let today = clock.today();
        let hash: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        if bool::from(hash.as_slice().ct_eq(self.bootstrap.0.as_slice())) {
            return Ok(Some(Principal::unlimited(BOOTSTRAP)));
        }
        let Some(key) = KeyText::read(text) else { return self.token(store, text, clock).await };
        let known = match self.recent(&hash) {
            Some(known) => Some(known),
            None => self.looked_up(store, key).await?,
        };
        let good =
            known.filter(|known| !known.is_revoked && known.principal.expires_on.is_none_or(|last| today <= last));
        Ok(good.map(|known| {
            self.note_use(&known, today);
            known.principal.clone()
        }))
    }

    /// Whose token it is. The authorities it names are looked up each time: they are few, and may be new.
    async fn token(&self, store: &Store, text: &str, clock: &Clock) -> Result<Option<Principal>, ApiError> {
        let second = clock.now().0.div_euclid(1_000_000);
        let Some(tokens) = &self.tokens else { return Ok(None) };
        let Some(bearer) = tokens.bearer(text, second).await else { return Ok(None) };
        let operates = bearer.scopes.holds(Scope::Operator);
        let scope = if operates {
            AuthorityScope::Every
        } else {
            let ids = bearer.authority_ids;
            AuthorityScope::Only(store.read(move |connection| api_keys::authorities_named(connection, &ids)).await?)
        };
        Ok(Some(Principal {
            credential: bearer.binding,
            scope,
            scopes: bearer.scopes,
            kind: CredentialKind::Person,
            actor: Some(bearer.subject),
            must_name_actor: false,
            expires_on: None,
        }))
    }

    /// Reads the identity provider's keys again when it is time to: one that was taken out is no good any more. Nobody
    /// waits for it.
    pub fn refresh(&self) {
        if let Some(tokens) = self.tokens.clone() {
            actix_web::rt::spawn(async move { tokens.refresh().await });
        }
    }

    fn recent(&self, hash: &[u8; 32]) -> Option<Arc<KnownKey>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.keys.get(hash).filter(|(since, _)| since.elapsed() < KEPT_FOR).map(|(_, known)| Arc::clone(known))
    }

    async fn looked_up(&self, store: &Store, key: KeyText) -> Result<Option<Arc<KnownKey>>, ApiError> {
        let generation = self.kept.lock().unwrap_or_else(PoisonError::into_inner).generation;
        let prefix = key.prefix;
        // In a transaction: where a connection died meanwhile, its beginning finds out and takes another.
        let found = store.read(move |connection| api_keys::with_prefix(connection, &prefix)).await?;
        // Compared in the same time whether or not there is such a key.
        let stored = found.as_ref().map_or([0; 32], |known| known.hash.0);
        let is_right = bool::from(stored.as_slice().ct_eq(key.hash.0.as_slice()));
        let Some(known) = found.filter(|_| is_right).map(Arc::new) else { return Ok(None) };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.keys.len() >= MOST_KEPT {
            kept.keys.clear();
        }
        if kept.generation == generation {
            kept.keys.insert(key.hash.0, (Instant::now(), Arc::clone(&known)));
        }
        Ok(Some(known))
    }

    /// Looks every key up anew: after one was revoked or given another last day.
    pub fn forget(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.generation = kept.generation.wrapping_add(1);
        kept.keys.clear();
    }

    fn note_use(&self, known: &KnownKey, today: Date) {
        if known.last_used_on.is_none_or(|last| last < today) {
            self.uses.lock().unwrap_or_else(PoisonError::into_inner).insert(known.api_key_key, today);
        }
    }

    /// The days of use that are not noted in the database yet; they are handed out once.
    #[must_use]
    pub fn take_uses(&self) -> Vec<(ApiKeyKey, Date)> {
        mem::take(&mut *self.uses.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}
