//! A cursor opens where it was sealed and nowhere else; a text that was not sealed here opens nowhere.

use candour::api::cursor::CursorKey;

pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let key = CursorKey::new(*b"a key of thirty-two bytes length");
    assert!(key.open::<(Option<i64>, String)>(&text, "list").is_err());
    let position = (bytes.first().map(|byte| i64::from(*byte)), text.clone().into_owned());
    let sealed = key.seal(&position, &text);
    assert_eq!(key.open::<(Option<i64>, String)>(&sealed, &text).ok(), Some(position));
    assert!(key.open::<(Option<i64>, String)>(&sealed, &format!("{text}\u{1}")).is_err());
    assert!(CursorKey::new(*b"another").open::<(Option<i64>, String)>(&sealed, &text).is_err());
    // One character after another is exchanged for its neighbour, as far as the time of a run allows.
    let place = bytes.iter().map(|byte| usize::from(*byte)).sum::<usize>() % sealed.len();
    let mut forged = sealed.clone().into_bytes();
    forged[place] = if forged[place] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).expect("ASCII");
    assert!(key.open::<(Option<i64>, String)>(&forged, &text).is_err(), "{forged} was {sealed}");
}
