//! See `checks/merge_patches.rs`.
#![no_main]

#[path = "../checks/merge_patches.rs"]
mod merge_patches;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| merge_patches::check(bytes));
