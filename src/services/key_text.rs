//! The text of an API key: `candour_<id>_<secret><checksum>`.
//!
//! The beginning is fixed, so that those who search for lost secrets find it; the id names the key and is no secret; the
//! secret has 43 letters and digits (over 250 bits), so that a plain hash is enough to keep it (ASVS 6.5.2); the checksum
//! refuses a mistyped key without asking the database.

use rand::{RngExt, distr::Alphanumeric};

use crate::config::KeyHash;

const BEGINNING: &str = "candour";
const ID_LENGTH: usize = 8;
const SECRET_LENGTH: usize = 43;
const CHECKSUM_LENGTH: usize = 6;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A well-formed key: its beginning, which names it, and the hash of the whole. The text itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyText {
    /// `candour_<id>`: no secret.
    pub prefix: String,
    /// SHA-256 of the whole key.
    pub hash: KeyHash,
}

impl KeyText {
    /// A new key: its text, to be shown once, and what is kept of it.
    #[must_use]
    pub fn make() -> (String, Self) {
        let prefix = format!("{BEGINNING}_{}", random(ID_LENGTH));
        let unchecked = format!("{prefix}_{}", random(SECRET_LENGTH));
        let text = format!("{unchecked}{}", checksum(&unchecked));
        let hash = KeyHash::of(&text);
        (text, Self { prefix, hash })
    }

    /// Reads a key; `None` when it is not of the form, or its checksum is wrong.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (prefix, rest) = text.rsplit_once('_')?;
        let (beginning, id) = prefix.split_once('_')?;
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let fits = beginning == BEGINNING
            && id.len() == ID_LENGTH
            && rest.len() == SECRET_LENGTH + CHECKSUM_LENGTH
            && is_plain(id)
            && is_plain(rest);
        let unchecked = text.get(..text.len().checked_sub(CHECKSUM_LENGTH)?)?;
        (fits && text.strip_prefix(unchecked)? == checksum(unchecked))
            .then(|| Self { prefix: prefix.to_owned(), hash: KeyHash::of(text) })
    }
}

fn random(length: usize) -> String {
    rand::rng().sample_iter(Alphanumeric).take(length).map(char::from).collect()
}

/// CRC-32 in six digits to the base 62.
fn checksum(text: &str) -> String {
    let mut rest = crc32fast::hash(text.as_bytes());
    let mut digits = Vec::with_capacity(CHECKSUM_LENGTH);
    for _ in 0..CHECKSUM_LENGTH {
        let digit = usize::try_from(rest % 62).ok().and_then(|at| DIGITS.get(at)).copied().unwrap_or(b'0');
        digits.push(char::from(digit));
        rest /= 62;
    }
    digits.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_key_reads_back_and_no_two_are_alike() {
        let mut seen = HashSet::new();
        for _ in 0..1000 {
            let (text, kept) = KeyText::make();
            assert_eq!(text.len(), 7 + 1 + 8 + 1 + 43 + 6);
            assert!(text.starts_with(&format!("{}_", kept.prefix)));
            assert_eq!(KeyText::read(&text), Some(kept));
            assert!(seen.insert(text));
        }
    }

    #[test]
    fn one_wrong_character_is_noticed_anywhere() {
        let (text, _) = KeyText::make();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            assert_eq!(KeyText::read(std::str::from_utf8(&bytes).unwrap()), None, "{at}");
        }
        for wrong in [
            "",
            "_",
            "candour_",
            "candour__",
            text.get(1..).unwrap(),
            text.get(..text.len() - 1).unwrap(),
            &format!("{text}0"),
            "candour_äääääää_x",
        ] {
            assert_eq!(KeyText::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_checksum_is_the_known_one() {
        // CRC-32 of "123456789" is 0xCBF43926 = 3421780262.
        assert_eq!(checksum("123456789"), "3jZRME");
    }
}
