//! One calendar: which days are working days, and counting them. Everything that counts is looked up in tables made at
//! construction. Knows nothing of where the bank holidays come from, nor of regimes and due dates.

use chrono::{Datelike, Weekday};

use super::{CalendarId, NonWorkingDay, Weekends};
use crate::law::Date;

/// The working days of one calendar from 2005-01-01 to 2110-12-31.
///
/// No day outside that range is a working day: counting from an earlier day begins with the first working day of the
/// range, counting past the end stops at its last working day (or at the day counted from, when that is later).
#[derive(Debug, Clone)]
pub struct Calendar {
    id: CalendarId,
    /// For each day of the range, how many working days there have been up to and including it.
    counts: Vec<u16>,
    /// The working days in order.
    working: Vec<Date>,
    /// The weekdays that are not working days, in order.
    holidays: Vec<NonWorkingDay>,
}

impl Calendar {
    /// The last day of the range.
    pub(super) const LAST: Date = match chrono::NaiveDate::from_ymd_opt(2110, 12, 31) {
        Some(date) => Date(date),
        None => Date::LAST,
    };

    /// Builds the tables. `holidays` are the non-working weekdays of the range, each once, in order.
    pub(super) fn new(id: CalendarId, holidays: Vec<NonWorkingDay>) -> Self {
        let mut working = Vec::new();
        let mut counts = Vec::new();
        let mut ahead = holidays.iter().peekable();
        for day in days(Date::FIRST, Self::LAST) {
            let holiday = ahead.next_if(|holiday| holiday.date == day);
            if holiday.is_none() && !is_weekend(day) {
                working.push(day);
            }
            counts.push(u16::try_from(working.len()).unwrap_or(u16::MAX));
        }
        Self { id, counts, working, holidays }
    }

    /// Which calendar this is.
    #[must_use]
    pub fn id(&self) -> CalendarId {
        self.id
    }

    /// Whether `day` is a working day.
    #[must_use]
    pub fn is_working_day(&self, day: Date) -> bool {
        self.count_to(day) > self.count_to(day.plus_days(-1))
    }

    /// The `n`-th working day strictly after `day`, which may itself be of any kind. With `n` 0 it is `day`.
    #[must_use]
    pub fn working_day_after(&self, day: Date, n: u32) -> Date {
        let Some(ahead) = n.checked_sub(1) else {
            return day;
        };
        let ahead = usize::try_from(ahead).unwrap_or(usize::MAX);
        let position = usize::from(self.count_to(day)).saturating_add(ahead);
        self.working.get(position).or_else(|| self.working.last()).map_or(day, |found| day.max(*found))
    }

    /// How many working days lie after `start` and not after `end`. When `end` is the earlier of the two, the same count
    /// between them the other way round, negative.
    #[must_use]
    pub fn working_days_between(&self, start: Date, end: Date) -> i64 {
        i64::from(self.count_to(end)) - i64::from(self.count_to(start))
    }

    /// `day` if it is a working day, else the next one.
    #[must_use]
    pub fn on_or_after(&self, day: Date) -> Date {
        if self.is_working_day(day) { day } else { self.working_day_after(day, 1) }
    }

    /// Every non-working day of the range from `start` to `end`, both included, in order.
    #[must_use]
    pub fn non_working_days(&self, start: Date, end: Date, weekends: Weekends) -> Vec<NonWorkingDay> {
        let (start, end) = (start.max(Date::FIRST), end.min(Self::LAST));
        let first = self.holidays.partition_point(|holiday| holiday.date < start);
        let beyond = self.holidays.partition_point(|holiday| holiday.date <= end);
        let holidays = self.holidays.get(first..beyond).unwrap_or_default();
        if weekends == Weekends::LeftOut {
            return holidays.to_vec();
        }
        let mut ahead = holidays.iter().peekable();
        days(start, end)
            .filter_map(|day| weekend(day).or_else(|| ahead.next_if(|holiday| holiday.date == day).cloned()))
            .collect()
    }

    /// Working days of the range up to and including `day`.
    fn count_to(&self, day: Date) -> u16 {
        usize::try_from(day.days_since(Date::FIRST))
            .ok()
            .map_or(0, |position| self.counts.get(position).or_else(|| self.counts.last()).copied().unwrap_or_default())
    }
}

/// Every day from `start` to `end`, both included.
fn days(start: Date, end: Date) -> impl Iterator<Item = Date> {
    (0..=end.days_since(start)).map(move |later| start.plus_days(later))
}

/// Whether `day` is a Saturday or a Sunday, which no calendar counts.
pub(super) fn is_weekend(day: Date) -> bool {
    matches!(day.0.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The day as a non-working day, when it falls on a weekend.
fn weekend(day: Date) -> Option<NonWorkingDay> {
    let reason = match day.0.weekday() {
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
        _ => return None,
    };
    Some(NonWorkingDay { date: day, reason: reason.to_owned(), nations: Vec::new() })
}
