//! What each target of `cargo fuzz` asserts of any bytes. `tests/api/fuzz_corpus.rs` asserts the same of the corpus that is
//! kept, so that what was found once is not found again.

pub mod api_keys;
pub mod case_histories;
pub mod citations;
pub mod cursors;
pub mod deadlines;
pub mod merge_patches;
