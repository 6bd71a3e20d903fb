//! Who asks, when, and what they may see.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat};

use crate::{
    law::{Date, calendar::Calendars},
    store::AuthorityScope,
};

/// An instant: microseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub i64);

impl Instant {
    /// The instant as it stands in JSON: UTC, microseconds, ending in `Z`.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Micros, true)
    }
}

/// What a use case knows of the call it serves.
#[derive(Debug, Clone)]
pub struct Context {
    /// Now.
    pub now: Instant,
    /// The date in London now.
    pub today: Date,
    /// The calendars in use.
    pub calendars: Arc<Calendars>,
    /// Which authorities the credential may act for.
    pub scope: AuthorityScope,
    /// The credential, as idempotency keys and cursors are bound to it.
    pub credential: String,
}
