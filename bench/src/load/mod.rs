//! Fills a database quickly and as the service would have: some thousand patterns are recorded by the service's own use
//! cases, then copied by SQL, with identifiers and references of their own, to as many requests as are wanted.

mod multiply;
mod pattern;

pub use self::pattern::{PATTERN_AUTHORITY, answer, request};

use std::time::Instant;

use crate::{Outcome, database::Target};

/// How much is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub requests: usize,
    pub authorities: usize,
}

/// What each request is loaded with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// Everything, as the service records it: four parts.
    Whole,
    /// What figures read: two parts, and neither texts, letters nor timelines. Millions fit on a small disk.
    Slim,
}

/// Fills an empty database.
pub fn fill(target: &Target, size: Size, build: Build) -> Outcome<()> {
    if size.authorities == 0 || size.requests < size.authorities {
        return Err("at least one authority, and at least one request of each".into());
    }
    let started = Instant::now();
    candour::store::migrate(&target.for_service()?)?;
    pattern::record(target, size.authorities, build)?;
    multiply::multiply(target, size, build)?;
    eprintln!(
        "{}: {} requests of {} authorities loaded in {:.0} s",
        target.name(),
        size.requests,
        size.authorities,
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
