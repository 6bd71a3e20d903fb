//! Successions of the key that signs checkpoints: the old key and the new one say together up to which place the word of the
//! old one counts. Whoever trusts the newest key goes back from it, to each key by the word of the one after it.

use std::collections::{HashMap, HashSet};

use ed25519_dalek::Signer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{AuditSeal, is_signature};
use crate::hexadecimal::hex;

/// What begins what both keys sign.
const SUCCESSION: &str = "candour-succession-1";

/// A statement signed by two keys: from this place of the chain on the second signs checkpoints in place of the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditSuccession {
    /// The authority.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// The last entry up to which checkpoints by the first key count.
    pub seq: i64,
    /// The hash of that entry.
    pub hash: String,
    /// When it was signed, UTC.
    #[schema(format = "date-time")]
    pub signed_at: String,
    /// The public key that signed until then, in hexadecimal digits.
    pub predecessor: String,
    /// The public key that signs from then on, in hexadecimal digits.
    pub successor: String,
    /// The Ed25519 signature by the first, in hexadecimal digits.
    pub predecessor_signature: String,
    /// The Ed25519 signature by the second, in hexadecimal digits.
    pub successor_signature: String,
}

impl AuditSeal {
    /// Signs with both keys that `successor` takes the place of this one at the end of a chain.
    #[must_use]
    pub fn hand_over(
        &self,
        successor: &Self,
        authority_id: &str,
        end: (i64, &str),
        signed_at: &str,
    ) -> AuditSuccession {
        let mut succession = AuditSuccession {
            authority_id: authority_id.to_owned(),
            seq: end.0,
            hash: end.1.to_owned(),
            signed_at: signed_at.to_owned(),
            predecessor: self.public_key(),
            successor: successor.public_key(),
            predecessor_signature: String::new(),
            successor_signature: String::new(),
        };
        let signed = succession.signed();
        let by = |seal: &Self| hex(seal.0.sign(signed.as_bytes()).to_bytes());
        (succession.predecessor_signature, succession.successor_signature) = (by(self), by(successor));
        succession
    }
}

impl AuditSuccession {
    /// What both sign, which says who is who: neither signature can take the place of the other.
    fn signed(&self) -> String {
        let Self { authority_id, seq, hash, signed_at, predecessor, successor, .. } = self;
        format!("{SUCCESSION}\n{authority_id}\n{seq}\n{hash}\n{signed_at}\n{predecessor}\n{successor}")
    }

    /// Whether both keys signed it, for this authority.
    #[must_use]
    pub fn is_genuine(&self, authority_id: &str) -> bool {
        let signed = self.signed();
        self.authority_id == authority_id
            && is_signature(&self.predecessor, &signed, &self.predecessor_signature)
            && is_signature(&self.successor, &signed, &self.successor_signature)
    }

    /// The key that took the place of `public_key` by its own word, and of that one, and so on: for who trusts only the
    /// first.
    #[must_use]
    pub fn newest_after(public_key: &str, authority_id: &str, successions: &[Self]) -> String {
        let genuine: Vec<&Self> = successions.iter().filter(|one| one.is_genuine(authority_id)).collect();
        let mut followed = HashSet::from([public_key]);
        let mut newest = public_key;
        loop {
            let next = genuine.iter().filter(|one| one.predecessor == newest).max_by_key(|one| one.seq);
            match next.filter(|one| followed.insert(&one.successor)) {
                Some(next) => newest = &next.successor,
                None => return newest.to_owned(),
            }
        }
    }
}

/// The keys whose checkpoints count, each up to a place: the one that is trusted without end, and those before it.
#[derive(Debug)]
pub(super) struct TrustedKeys(HashMap<String, i64>);

impl TrustedKeys {
    /// Goes back from the trusted key. Only what is [`genuine`](AuditSuccession::is_genuine) may be given.
    pub(super) fn before(public_key: &str, genuine: &[AuditSuccession]) -> Self {
        let mut keys = Self(HashMap::from([(public_key.to_owned(), i64::MAX)]));
        // Each round knows one key more at least, or is the last.
        loop {
            let mut has_grown = false;
            for succession in genuine {
                let known = keys.0.get(&succession.predecessor).copied();
                let is_further = known.is_none_or(|last| last < succession.seq);
                if is_further && keys.vouches_at(&succession.successor, succession.seq) {
                    keys.0.insert(succession.predecessor.clone(), succession.seq);
                    has_grown = true;
                }
            }
            if !has_grown {
                return keys;
            }
        }
    }

    /// Whether what this key signed at this place counts.
    pub(super) fn vouches_at(&self, public_key: &str, seq: i64) -> bool {
        self.0.get(public_key).is_some_and(|last| seq <= *last)
    }
}
