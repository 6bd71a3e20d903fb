//! See `checks/cursors.rs`.
#![no_main]

#[path = "../checks/cursors.rs"]
mod cursors;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| cursors::check(bytes));
