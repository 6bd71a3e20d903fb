//! Bytes as hexadecimal digits and back: hashes, keys and signatures as they are stored and shown.

/// The bytes as lower-case hexadecimal digits, two each.
#[must_use]
pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes that hexadecimal digits stand for, in either case; `None` for a text that is anything else.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_their_digits() {
        let bytes = [0x00, 0x0f, 0xa0, 0xff];
        assert_eq!(hex(bytes), "000fa0ff");
        assert_eq!(unhex("000fA0ff").as_deref(), Some(bytes.as_slice()));
        assert_eq!(unhex("").as_deref(), Some([].as_slice()));
        for other in ["0", "000", "zz", "+f", " f", "0é", "é0"] {
            assert_eq!(unhex(other), None, "{other}");
        }
    }
}
