//! See `checks/case_histories.rs`.
#![no_main]

#[path = "../checks/case_histories.rs"]
mod case_histories;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| case_histories::check(bytes));
