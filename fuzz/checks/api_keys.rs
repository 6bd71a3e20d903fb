//! A text is a key, or it is not; one that differs in a single character is not.

use candour::services::key_text::KeyText;

pub fn check(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(kept) = KeyText::read(text) {
        assert!(text.starts_with(&kept.prefix) && text.len() == 66);
    }
    let (made, kept) = KeyText::make();
    assert_eq!(KeyText::read(&made), Some(kept));
    // The first two bytes choose a place and what is done to it.
    let [place, change, ..] = bytes else { return };
    let mut mistyped = made.clone().into_bytes();
    let place = usize::from(*place) % mistyped.len();
    mistyped[place] = change % 128;
    let mistyped = String::from_utf8(mistyped).expect("ASCII");
    assert!(mistyped == made || KeyText::read(&mistyped).is_none(), "{mistyped} was {made}");
    assert_eq!(KeyText::read(&format!("{made}{text}")).is_some(), text.is_empty());
}
