//! Any document is read as a case history or refused with faults that say where; nothing of it panics.

use candour::{
    api::reading::{Nulls, parse, read},
    casework::case_history::CaseHistory,
};

pub fn check(bytes: &[u8]) {
    let Ok(document) = parse(bytes) else { return };
    let today = "2026-06-30".parse().expect("a date");
    let told = match read::<CaseHistory>(document.clone(), Nulls::Refused) {
        Ok(reading) => {
            let names = reading.value.all_names();
            assert!(names.iter().all(|name| !name.is_empty()));
            let mut faults = reading.faults;
            faults.extend(reading.value.frame_faults());
            faults.extend(reading.value.faults(today));
            for event in &reading.value.events {
                drop(event.alone());
            }
            faults
        }
        Err(unreadable) => {
            assert!(!unreadable.faults.is_empty());
            unreadable.faults
        }
    };
    for fault in told {
        assert!(fault.pointer.is_empty() || fault.pointer.starts_with('/'), "{}", fault.pointer);
        assert!(!fault.detail.is_empty());
    }
}
