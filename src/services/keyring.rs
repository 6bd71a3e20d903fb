//! Encryption at rest: keys with names, and texts sealed to the place they stand in. Knows no table.
//!
//! A sealed text is `candour1.<key>.<nonce and ciphertext>`: XChaCha20-Poly1305 with a nonce of 192 random bits. The place
//! is authenticated with it (authority, request, column), so that a text which is moved to another row no longer opens.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use thiserror::Error;

use crate::hexadecimal::{hex, unhex};

/// What begins every sealed text: another format is another beginning.
const BEGINNING: &str = "candour1";
/// How long the name of a key may be.
const LONGEST_NAME: usize = 32;
/// How many keys there may be at once: the current one and those that older texts are sealed with.
const MOST_KEYS: usize = 32;
const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 24;

/// Where a sealed text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealPlace<'a> {
    /// The id of the authority; empty for what belongs to the installation.
    pub authority_id: &'a str,
    /// The id of the request; for what belongs to the installation, its name.
    pub request_id: &'a str,
    /// The column.
    pub column: &'static str,
}

impl SealPlace<'_> {
    /// Neither ids nor columns hold a line break, so that no two places are written alike.
    fn authenticated(&self) -> Vec<u8> {
        format!("{BEGINNING}\n{}\n{}\n{}", self.authority_id, self.request_id, self.column).into_bytes()
    }
}

/// Why a text was not sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyringError {
    /// There is no key at all.
    #[error("there is no encryption key")]
    NoKey,
    /// It was sealed with a key that is not there.
    #[error("the encryption key `{0}` is missing")]
    MissingKey(String),
    /// It is no sealed text, or not the one that was sealed for this place with this key.
    #[error("a sealed text does not open: it was changed or moved, or its key is another")]
    NotAuthentic,
}

#[derive(Clone)]
struct NamedKey {
    name: String,
    cipher: XChaCha20Poly1305,
}

/// The keys of an installation. The first seals; all of them open.
#[derive(Clone, Default)]
pub struct Keyring {
    keys: Vec<NamedKey>,
}

/// Shows names only.
impl fmt::Debug for Keyring {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.keys.iter().map(|key| &key.name)).finish()
    }
}

impl Keyring {
    /// Reads keys: `name:64 hexadecimal digits` each, by commas or lines; lines that begin with `#` say nothing.
    ///
    /// # Errors
    ///
    /// Every fault, by the place of the entry; never a key.
    pub fn read(text: &str) -> Result<Self, Vec<String>> {
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        let entries: Vec<&str> =
            lines.flat_map(|line| line.split(',')).map(str::trim).filter(|entry| !entry.is_empty()).collect();
        let mut keys: Vec<NamedKey> = Vec::new();
        let mut faults = Vec::new();
        for (entry, place) in entries.iter().zip(1..) {
            match named_key(entry) {
                Ok(key) if keys.iter().any(|other| other.name == key.name) => {
                    faults.push(format!("key {place}: its name stands before another key already"));
                }
                Ok(key) => keys.push(key),
                Err(fault) => faults.push(format!("key {place}: {fault}")),
            }
        }
        if entries.is_empty() {
            faults.push("holds no key; one is made by `candour encryption new-key`".to_owned());
        }
        if entries.len() > MOST_KEYS {
            faults.push(format!("more than {MOST_KEYS} keys"));
        }
        if faults.is_empty() { Ok(Self { keys }) } else { Err(faults) }
    }

    /// A new key as text, with a random name.
    #[must_use]
    pub fn new_key() -> String {
        let (name, key) = (rand::random::<[u8; 4]>(), rand::random::<[u8; KEY_LENGTH]>());
        format!("k-{}:{}", hex(name), hex(key))
    }

    /// These keys, and after them those of `older` whose names are not among them.
    #[must_use]
    pub fn followed_by(mut self, older: Self) -> Self {
        for key in older.keys {
            if !self.names().any(|name| name == key.name) {
                self.keys.push(key);
            }
        }
        self
    }

    /// The name of the key that seals.
    #[must_use]
    pub fn current(&self) -> Option<&str> {
        self.names().next()
    }

    /// The names of all keys, that of the one that seals first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.name.as_str())
    }

    /// Seals a text to its place.
    ///
    /// # Errors
    ///
    /// [`KeyringError::NoKey`].
    pub fn seal(&self, place: SealPlace<'_>, text: &str) -> Result<String, KeyringError> {
        let key = self.keys.first().ok_or(KeyringError::NoKey)?;
        let nonce = rand::random::<[u8; NONCE_LENGTH]>();
        let payload = Payload { msg: text.as_bytes(), aad: &place.authenticated() };
        // Only a text of many gigabytes cannot be sealed.
        let sealed = key.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| KeyringError::NotAuthentic)?;
        let all = [nonce.as_slice(), sealed.as_slice()].concat();
        Ok(format!("{BEGINNING}.{}.{}", key.name, URL_SAFE_NO_PAD.encode(all)))
    }

    /// Opens a text that was sealed for this place.
    ///
    /// # Errors
    ///
    /// [`KeyringError`].
    pub fn open(&self, place: SealPlace<'_>, sealed: &str) -> Result<String, KeyringError> {
        let (name, body) = parts(sealed).ok_or(KeyringError::NotAuthentic)?;
        let missing = || KeyringError::MissingKey(name.to_owned());
        let key = self.keys.iter().find(|key| key.name == name).ok_or_else(missing)?;
        let bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_| KeyringError::NotAuthentic)?;
        let (nonce, ciphertext) = bytes.split_first_chunk::<NONCE_LENGTH>().ok_or(KeyringError::NotAuthentic)?;
        let payload = Payload { msg: ciphertext, aad: &place.authenticated() };
        let text = key.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| KeyringError::NotAuthentic)?;
        String::from_utf8(text).map_err(|_| KeyringError::NotAuthentic)
    }
}

/// The name of the key that a text is sealed with; `None` for a text that is not sealed.
#[must_use]
pub fn key_of(sealed: &str) -> Option<&str> {
    parts(sealed).map(|(name, _)| name)
}

fn parts(sealed: &str) -> Option<(&str, &str)> {
    sealed.strip_prefix(BEGINNING)?.strip_prefix('.')?.split_once('.')
}

fn named_key(entry: &str) -> Result<NamedKey, &'static str> {
    let (name, digits) = entry.split_once(':').ok_or("a name, a colon and 64 hexadecimal digits are wanted")?;
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !(1..=LONGEST_NAME).contains(&name.len()) || !name.bytes().all(is_plain) {
        return Err("its name has 1 to 32 lower-case letters, digits and hyphens");
    }
    let wanted = "after the colon of its name 64 hexadecimal digits are wanted";
    let key: [u8; KEY_LENGTH] = unhex(digits).and_then(|bytes| bytes.try_into().ok()).ok_or(wanted)?;
    if key.iter().all(|byte| *byte == 0) {
        return Err("a key of zeros protects nothing");
    }
    Ok(NamedKey { name: name.to_owned(), cipher: XChaCha20Poly1305::new(&key.into()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: SealPlace<'_> = SealPlace { authority_id: "a", request_id: "r", column: "identity" };

    fn ring(names: &[&str]) -> Keyring {
        let key = |name: &&str| {
            let bytes: Vec<u8> = name.bytes().cycle().take(KEY_LENGTH).collect();
            format!("{name}:{}", hex(bytes))
        };
        Keyring::read(&names.iter().map(key).collect::<Vec<_>>().join(",")).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_with_its_key_wherever_that_stands() {
        let old = ring(&["old"]);
        let sealed = old.seal(PLACE, "Mx Example").unwrap();
        assert_eq!(key_of(&sealed), Some("old"));
        assert!(!sealed.contains("Example"));
        assert_eq!(old.open(PLACE, &sealed).as_deref(), Ok("Mx Example"));
        let both = ring(&["new", "old"]);
        assert_eq!(both.open(PLACE, &sealed).as_deref(), Ok("Mx Example"));
        assert_eq!(key_of(&both.seal(PLACE, "x").unwrap()), Some("new"));
        assert_eq!(ring(&["new"]).open(PLACE, &sealed), Err(KeyringError::MissingKey("old".to_owned())));
        assert_eq!(Keyring::default().seal(PLACE, "x"), Err(KeyringError::NoKey));
        let followed = ring(&["new"]).followed_by(ring(&["new", "old"]));
        assert_eq!(followed.names().collect::<Vec<_>>(), ["new", "old"]);
    }

    #[test]
    fn no_text_is_sealed_alike_twice() {
        let ring = ring(&["k"]);
        let sealed: std::collections::HashSet<String> = (0..100).map(|_| ring.seal(PLACE, "x").unwrap()).collect();
        assert_eq!(sealed.len(), 100);
    }

    #[test]
    fn a_text_that_was_moved_or_changed_does_not_open() {
        let ring = ring(&["k"]);
        let sealed = ring.seal(PLACE, "Mx Example").unwrap();
        for place in [
            SealPlace { authority_id: "b", ..PLACE },
            SealPlace { request_id: "s", ..PLACE },
            SealPlace { column: "original_text", ..PLACE },
        ] {
            assert_eq!(ring.open(place, &sealed), Err(KeyringError::NotAuthentic));
        }
        for at in "candour1.k.".len()..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            if changed != sealed {
                assert_eq!(ring.open(PLACE, &changed), Err(KeyringError::NotAuthentic), "{at}");
            }
        }
        for text in ["", "Mx Example", "candour1", "candour1.k", "candour1.k.", "candour1.k.AAAA", "candour2.k.AAAA"] {
            assert_eq!(ring.open(PLACE, text), Err(KeyringError::NotAuthentic), "{text}");
        }
    }

    #[test]
    fn every_fault_of_keys_is_told_at_once_and_no_key() {
        let canary = "c0ffee".repeat(10);
        let text =
            format!("a:{canary}, A:{canary}c0ff\n# a remark\nno-colon,{}\nz:{}", Keyring::new_key(), "0".repeat(64));
        let faults = Keyring::read(&text).unwrap_err();
        assert_eq!(faults.len(), 4, "{faults:?}");
        assert!(!faults.concat().contains("c0ffee"), "{faults:?}");
        assert!(Keyring::read(" \n# only a remark\n").is_err());
        let twice = format!("a:{canary}c0ff,a:{canary}c0ff");
        assert_eq!(Keyring::read(&twice).unwrap_err().len(), 1);
        assert_eq!(format!("{:?}", ring(&["a", "b"])), r#"["a", "b"]"#);
    }

    #[test]
    fn a_new_key_reads_back() {
        let ring = Keyring::read(&Keyring::new_key()).unwrap();
        assert!(ring.current().unwrap().starts_with("k-"));
        assert_ne!(Keyring::new_key(), Keyring::new_key());
    }
}
