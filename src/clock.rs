//! The one source of the time now, and of the date in London.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant as Monotonic},
};

use chrono::{DateTime, Utc};
use chrono_tz::Europe::London;

use crate::{law::Date, services::context::Instant};

/// A clock. Tests inject their own, to choose the day.
#[derive(Clone)]
pub struct Clock {
    now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// The latest instant that was shown or given away; absent where a test may go back in time.
    latest: Option<Arc<AtomicI64>>,
    elapsed: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl Clock {
    /// The computer's clock.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the computer for the time")]
    pub fn system() -> Self {
        let begun = Monotonic::now();
        Self { elapsed: Arc::new(move || begun.elapsed()), ..Self::of_a_computer(Utc::now) }
    }

    /// A clock that somebody may set back, as a computer's.
    pub fn of_a_computer(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self { latest: Some(Arc::default()), ..Self::showing(now) }
    }

    /// A clock that shows what `now` says.
    pub fn showing(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        let now = Arc::new(now);
        let shown = Arc::clone(&now);
        let elapsed = move || shown().signed_duration_since(DateTime::UNIX_EPOCH).to_std().unwrap_or_default();
        Self { now, elapsed: Arc::new(elapsed), latest: None }
    }

    /// How long it has run. Setting the computer's clock does not change it: intervals are measured by this.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        (self.elapsed)()
    }

    /// Now, to the microsecond: both databases keep that and no more.
    #[must_use]
    pub fn now(&self) -> Instant {
        let now = Instant((self.now)().timestamp_micros());
        self.not_before(now);
        now
    }

    /// The instant of a change: now, but later than any that was given before, also when the computer's clock has been
    /// set back. Whoever follows the changes by their instants would miss one that is dated before where they stand.
    #[must_use]
    pub fn instant_of_change(&self) -> Instant {
        let now = (self.now)().timestamp_micros();
        let Some(latest) = &self.latest else { return Instant(now) };
        let later = |last: i64| now.max(last.saturating_add(1));
        let last = latest.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(later(last)));
        Instant(later(last.unwrap_or_else(|last| last)))
    }

    /// Nothing that was changed here is dated later: now, or the last instant of change where the clock is behind it.
    #[must_use]
    pub fn latest_change(&self) -> Instant {
        let now = self.now();
        Instant(self.latest.as_ref().map_or(now.0, |latest| latest.load(Ordering::SeqCst)))
    }

    /// Lets no instant of change be earlier than this one: that of the last change that is stored.
    pub fn not_before(&self, instant: Instant) {
        if let Some(latest) = &self.latest {
            latest.fetch_max(instant.0, Ordering::SeqCst);
        }
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

    #[test]
    fn instants_of_change_go_on_when_the_clock_is_set_back() {
        let shown = Arc::new(AtomicI64::new(10));
        let read = Arc::clone(&shown);
        let clock = Clock::of_a_computer(move || {
            DateTime::from_timestamp_micros(read.load(Ordering::SeqCst)).unwrap_or_default()
        });
        assert_eq!([(); 2].map(|()| clock.instant_of_change().0), [10, 11]);
        shown.store(50, Ordering::SeqCst);
        assert_eq!(clock.instant_of_change().0, 50);
        shown.store(20, Ordering::SeqCst);
        assert_eq!([(); 3].map(|()| clock.instant_of_change().0), [51, 52, 53]);
        // What is shown is the time, whatever was given away.
        assert_eq!(clock.now().0, 20);
        assert_eq!(clock.latest_change().0, 53);
        // A time that was only shown counts as well: another server may have dated a change by it.
        shown.store(70, Ordering::SeqCst);
        assert_eq!(clock.now().0, 70);
        shown.store(20, Ordering::SeqCst);
        assert_eq!(clock.instant_of_change().0, 71);
        clock.not_before(Instant(90));
        assert_eq!(clock.instant_of_change().0, 91);
        shown.store(100, Ordering::SeqCst);
        assert_eq!(clock.instant_of_change().0, 100);
    }
}
