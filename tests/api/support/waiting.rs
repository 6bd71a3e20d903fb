//! Waiting for what comes by itself: asked for again and again, for nothing tells when it has come.

use std::{
    thread,
    time::{Duration, Instant},
};

/// How long a test waits for what should come soon. A busy machine may take a while.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until something is so; fails in its words when it does not come.
#[track_caller]
pub fn until(what: &str, is_so: impl FnMut() -> bool) {
    within(PATIENCE, what, is_so);
}

/// The same, where how soon it comes is what the test is about.
#[track_caller]
pub fn within(patience: Duration, what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + patience;
    while !is_so() {
        assert!(Instant::now() < deadline, "not within {patience:?}: {what}");
        thread::yield_now();
    }
}
