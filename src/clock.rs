//! The one source of the time now, and of the date in London.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use chrono_tz::Europe::London;

use crate::{law::Date, services::context::Instant};

/// A clock. Tests inject their own, to choose the day.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
}

impl Clock {
    /// The computer's clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the computer for the time")]
    pub fn system() -> Self {
        Self { now: Arc::new(Utc::now) }
    }

    /// A clock that shows what `now` says.
    pub fn showing(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self { now: Arc::new(now) }
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
