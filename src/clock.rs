//! The one source of the time now, and of the date in London.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant as Monotonic},
};

use chrono::{DateTime, Utc};
use chrono_tz::Europe::London;

use crate::{law::Date, services::context::Instant};

/// A clock. Tests inject their own, to choose the day.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    elapsed: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl Clock {
    /// The computer's clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the computer for the time")]
    pub fn system() -> Self {
        let begun = Monotonic::now();
        Self { now: Arc::new(Utc::now), elapsed: Arc::new(move || begun.elapsed()) }
    }

    /// A clock that shows what `now` says.
    pub fn showing(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        let now = Arc::new(now);
        let shown = Arc::clone(&now);
        let elapsed = move || shown().signed_duration_since(DateTime::UNIX_EPOCH).to_std().unwrap_or_default();
        Self { now, elapsed: Arc::new(elapsed) }
    }

    /// How long it has run. Setting the computer's clock does not change it: intervals are measured by this.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        (self.elapsed)()
    }

    /// Now, to the microsecond: both databases keep that and no more.
    #[must_use]
    pub fn now(&self) -> Instant {
        Instant((self.now)().timestamp_micros())
    }

    /// The date in London: 23:30 UTC in June is tomorrow.
    #[must_use]
    pub fn today(&self) -> Date {
        Date((self.now)().with_timezone(&London).date_naive())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_in_a_summer_evening_it_is_tomorrow_in_london() {
        let at = |text: &str| {
            let instant = text.parse::<DateTime<Utc>>().unwrap();
            Clock::showing(move || instant).today().to_string()
        };
        assert_eq!(at("2026-06-15T22:59:59Z"), "2026-06-15");
        assert_eq!(at("2026-06-15T23:30:00Z"), "2026-06-16");
        assert_eq!(at("2026-12-15T23:30:00Z"), "2026-12-15");
    }
}
