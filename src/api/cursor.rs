//! Cursors: opaque positions in a list, sealed, and bound to the list, its filters and the credential. A position is a
//! place among the rows of the whole installation: read from a cursor it would count what other authorities record.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256, Sha512};

use crate::api::problem::{ApiError, INVALID_CURSOR};

const NONCE_LENGTH: usize = 24;
/// Positions are filled up with blanks to a multiple of so many bytes: their length would tell how large their numbers are.
const STEP: usize = 64;

/// The keys that cursors are sealed with: one pair for the installation, so that any instance opens any cursor.
#[derive(Clone)]
pub struct CursorKey {
    nonces: Hmac<Sha256>,
    cipher: XChaCha20Poly1305,
}

impl CursorKey {
    /// The keys that are derived from these bytes.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        // SHA-512 gives the very block of bytes that HMAC-SHA256 takes as its key.
        let root = Hmac::<Sha256>::new(&Sha512::digest(bytes.into()));
        let derived = |purpose: &str| root.clone().chain_update(purpose).finalize().into_bytes();
        let mut nonces = root.clone();
        nonces.update(&derived("nonces of cursors"));
        Self { nonces, cipher: XChaCha20Poly1305::new(&derived("cipher of cursors")) }
    }

    /// The cursor for `position` in the list that `binding` describes: always the same for the same.
    #[must_use]
    pub fn seal(&self, position: &impl Serialize, binding: &str) -> String {
        let mut payload = serde_json::to_vec(position).unwrap_or_default();
        payload.resize(payload.len().next_multiple_of(STEP), b' ');
        let nonce = self.nonce(&payload, binding);
        let payload = Payload { msg: &payload, aad: binding.as_bytes() };
        // Only a position of many gigabytes cannot be sealed.
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        URL_SAFE_NO_PAD.encode([nonce.as_slice(), sealed.as_slice()].concat())
    }

    /// The position in a cursor.
    ///
    /// # Errors
    ///
    /// `invalid-cursor` for a cursor that was not sealed here, or for another list.
    pub fn open<T: DeserializeOwned>(&self, cursor: &str, binding: &str) -> Result<T, ApiError> {
        let refuse = || ApiError::new(INVALID_CURSOR);
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refuse())?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_LENGTH>().ok_or_else(refuse)?;
        let payload = Payload { msg: sealed, aad: binding.as_bytes() };
        let payload = self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| refuse())?;
        serde_json::from_slice(&payload).map_err(|_| refuse())
    }

    /// A nonce of what is sealed and for which list: no two of them share one, and it tells nothing of them. JSON holds no
    /// byte of zero, so that the two are told apart.
    fn nonce(&self, payload: &[u8], binding: &str) -> [u8; NONCE_LENGTH] {
        let hash = self.nonces.clone().chain_update(binding).chain_update([0]).chain_update(payload);
        let mut nonce = [0; NONCE_LENGTH];
        for (byte, hashed) in nonce.iter_mut().zip(hash.finalize().into_bytes()) {
            *byte = hashed;
        }
        nonce
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> CursorKey {
        CursorKey::new(*b"a key of thirty-two bytes length")
    }

    proptest! {
        #[test]
        fn a_cursor_opens_only_where_it_was_sealed(position in any::<(Option<i64>, String)>(), binding in ".*", other in ".*") {
            let cursor = key().seal(&position, &binding);
            prop_assert_eq!(&cursor, &key().seal(&position, &binding));
            prop_assert_eq!(key().open::<(Option<i64>, String)>(&cursor, &binding).ok(), Some(position));
            if other != binding {
                prop_assert!(key().open::<(Option<i64>, String)>(&cursor, &other).is_err());
            }
        }

        #[test]
        fn a_forged_cursor_is_refused(text in ".*") {
            prop_assert!(key().open::<(Option<i64>, String)>(&text, "").is_err());
        }

        #[test]
        fn a_cursor_tells_nothing_of_its_position(one in any::<i64>(), other in any::<i64>()) {
            let bytes = |at: i64| URL_SAFE_NO_PAD.decode(key().seal(&at, "list")).unwrap();
            prop_assert_eq!(bytes(one).len(), bytes(other).len());
            if one != other {
                prop_assert_ne!(&bytes(one)[..NONCE_LENGTH], &bytes(other)[..NONCE_LENGTH]);
            }
            let digits = serde_json::to_vec(&(one, "id")).unwrap();
            let sealed = URL_SAFE_NO_PAD.decode(key().seal(&(one, "id"), "list")).unwrap();
            prop_assert!(!sealed.windows(digits.len()).any(|window| window == digits));
        }
    }

    #[test]
    fn a_cursor_cut_short_is_refused() {
        let cursor = key().seal(&7, "list");
        for length in 0..cursor.len() {
            let begun: String = cursor.chars().take(length).collect();
            assert!(key().open::<i64>(&begun, "list").is_err(), "{length}");
        }
    }
}
