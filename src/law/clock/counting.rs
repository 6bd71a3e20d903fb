//! Counting the working days of one clock, with the days that a fee suspends. Knows no events.

use crate::law::{Date, calendar::Calendar};

/// Days that do not count, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Suspension {
    pub first: Date,
    pub last: Date,
}

/// A clock: day 0, and the suspensions that are over.
#[derive(Debug, Clone)]
pub(super) struct Count<'a> {
    pub calendar: &'a Calendar,
    /// Day 0; the first working day after it is day 1.
    pub started_on: Date,
    /// In order, none overlapping another.
    pub suspensions: Vec<Suspension>,
}

impl<'a> Count<'a> {
    pub fn new(calendar: &'a Calendar, started_on: Date) -> Self {
        Self { calendar, started_on, suspensions: Vec::new() }
    }

    /// The `days`-th working day that counts. A suspension that began after that day leaves it where it is.
    pub fn nth(&self, days: u32) -> Date {
        let mut counted = days;
        let mut day = self.calendar.working_day_after(self.started_on, counted);
        for suspension in &self.suspensions {
            if suspension.first <= day {
                let lost = self.suspended(*suspension, suspension.last);
                counted = counted.saturating_add(u32::try_from(lost).unwrap_or(0));
                day = self.calendar.working_day_after(self.started_on, counted);
            }
        }
        day
    }

    /// `day`, set by a notice of the day `since`, later by the working days that a fee asked for after that notice suspended
    /// before it came.
    pub fn put_off(&self, day: Date, since: Date) -> Date {
        let later = self.suspensions.iter().filter(|suspension| suspension.first > since);
        later.fold(day, |day, suspension| {
            let lost = u32::try_from(self.suspended(*suspension, suspension.last)).unwrap_or(0);
            if suspension.first <= day && lost > 0 { self.calendar.working_day_after(day, lost) } else { day }
        })
    }

    /// How many working days that count lie after day 0 and not after `day`.
    pub fn elapsed(&self, day: Date) -> i64 {
        let suspended: i64 = self.suspensions.iter().map(|suspension| self.suspended(*suspension, day)).sum();
        (self.between(self.started_on, day) - suspended).max(0)
    }

    /// The working days of `suspension` after day 0 and not after `day`.
    fn suspended(&self, suspension: Suspension, day: Date) -> i64 {
        self.between(suspension.first.plus_days(-1).max(self.started_on), suspension.last.min(day))
    }

    fn between(&self, start: Date, end: Date) -> i64 {
        self.calendar.working_days_between(start, end).max(0)
    }
}
