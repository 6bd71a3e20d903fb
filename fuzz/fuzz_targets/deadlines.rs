//! See `checks/deadlines.rs`.
#![no_main]

#[path = "../checks/deadlines.rs"]
mod deadlines;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| deadlines::check(bytes));
