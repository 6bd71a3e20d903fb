//! What `cargo fuzz` asserts of any bytes holds for the corpus that is kept, and for its beginnings and small changes.

use std::path::Path;

#[path = "../../fuzz/checks/mod.rs"]
mod checks;

/// Runs a check on each file of a corpus: whole, cut off in the middle, and with a byte exchanged.
fn replay(name: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut files = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        check(&bytes);
        check(&bytes[..bytes.len() / 2]);
        for place in (0..bytes.len()).step_by(7) {
            let mut changed = bytes.clone();
            changed[place] ^= 0x11;
            check(&changed);
        }
        files += 1;
    }
    assert!(files > 0, "{}", folder.display());
}

#[test]
fn api_keys() {
    replay("api_keys", checks::api_keys::check);
}

#[test]
fn case_histories() {
    replay("case_histories", checks::case_histories::check);
}

#[test]
fn citations() {
    replay("citations", checks::citations::check);
}

#[test]
fn cursors() {
    replay("cursors", checks::cursors::check);
}

#[test]
fn deadlines() {
    replay("deadlines", checks::deadlines::check);
}

#[test]
fn merge_patches() {
    replay("merge_patches", checks::merge_patches::check);
}
