//! Cursors: opaque positions in a list, authenticated and bound to the list, its filters and the credential.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;

use crate::api::problem::{ApiError, INVALID_CURSOR};

const TAG_LENGTH: usize = 16;

/// The key that cursors are authenticated with: one for the installation, so that any instance reads any cursor.
#[derive(Clone)]
pub struct CursorKey(Vec<u8>);

impl CursorKey {
    /// A key of these bytes.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The cursor for `position` in the list that `binding` describes.
    #[must_use]
    pub fn seal(&self, position: &impl Serialize, binding: &str) -> String {
        let payload = serde_json::to_vec(position).unwrap_or_default();
        let mut bytes = self.tag(&payload, binding);
        bytes.extend_from_slice(&payload);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position in a cursor.
    ///
    /// # Errors
    ///
    /// `invalid-cursor` for a cursor that was not sealed here, or for another list.
    pub fn open<T: DeserializeOwned>(&self, cursor: &str, binding: &str) -> Result<T, ApiError> {
        let refuse = || ApiError::new(INVALID_CURSOR);
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refuse())?;
        let (tag, payload) = bytes.split_at_checked(TAG_LENGTH).ok_or_else(refuse)?;
        let expected = self.tag(payload, binding);
        if !bool::from(subtle::ConstantTimeEq::ct_eq(tag, expected.as_slice())) {
            return Err(refuse());
        }
        serde_json::from_slice(payload).map_err(|_| refuse())
    }

    fn tag(&self, payload: &[u8], binding: &str) -> Vec<u8> {
        // HMAC takes a key of any length, so this cannot fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return Vec::new() };
        mac.update(binding.as_bytes());
        mac.update(&[0]);
        mac.update(payload);
        mac.finalize().into_bytes().iter().copied().take(TAG_LENGTH).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_opens_only_where_it_was_sealed(position in any::<(Option<i64>, String)>(), binding in ".*", other in ".*") {
            let key = CursorKey::new(*b"a key of thirty-two bytes length");
            let cursor = key.seal(&position, &binding);
            prop_assert_eq!(key.open::<(Option<i64>, String)>(&cursor, &binding).ok(), Some(position));
            if other != binding {
                prop_assert!(key.open::<(Option<i64>, String)>(&cursor, &other).is_err());
            }
        }

        #[test]
        fn a_forged_cursor_is_refused(text in ".*") {
            let key = CursorKey::new(*b"a key of thirty-two bytes length");
            prop_assert!(key.open::<(Option<i64>, String)>(&text, "").is_err());
        }
    }
}
