//! See `checks/citations.rs`.
#![no_main]

#[path = "../checks/citations.rs"]
mod citations;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| citations::check(bytes));
