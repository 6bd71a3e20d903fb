//! See `checks/api_keys.rs`.
#![no_main]

#[path = "../checks/api_keys.rs"]
mod api_keys;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| api_keys::check(bytes));
