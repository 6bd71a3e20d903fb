//! The due date of a request that nothing has happened to since it was received, with every day that it skipped. Knows
//! nothing of events: the clock does.

mod redress;

use serde::Serialize;
use utoipa::ToSchema;

pub use redress::{
    Pending, PeriodUnit, StepsPeriod, StepsStanding, appeal_due, application_due, review_due_dates, review_limit,
    steps_standing,
};

use crate::law::{
    Date, Regime,
    calendar::{CalendarId, Calendars, NonWorkingDay, Weekends},
};

/// A number of working days counted from the day of receipt, and how it was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Deadline {
    /// The regime whose working days were counted.
    pub regime: Regime,
    /// The day of receipt, on whatever day of the week it fell: day 0.
    pub received_on: Date,
    /// The last day for answering.
    pub due_on: Date,
    /// How many working days were counted.
    pub working_days: u32,
    /// The provision that sets the time for answering, like `section 10(1)`.
    pub provision: String,
    /// The calendar that said which days are working days.
    pub calendar: CalendarId,
    /// The version of its bank holidays.
    pub calendar_version: String,
    /// Every day between receipt and due date that did not count, weekends included.
    #[schema(max_items = 1000)]
    pub skipped: Vec<NonWorkingDay>,
    /// Whether the due date lies after the last day for which bank holidays are officially known, so that it may still
    /// move.
    pub beyond_official_data: bool,
}

impl Deadline {
    /// Counts `working_days` from the day after receipt in the calendar of `regime` (FOIA s10(6), EIR reg 2(1), FOISA
    /// s73, EI(S)Rs reg 2(1)).
    #[must_use]
    pub fn compute(calendars: &Calendars, regime: Regime, received_on: Date, working_days: u32) -> Self {
        let calendar = calendars.get(regime.calendar());
        let due_on = calendar.working_day_after(received_on, working_days);
        Self {
            regime,
            received_on,
            due_on,
            working_days,
            provision: format!("{} {}", regime.division(), regime.time_limit_provision()),
            calendar: calendar.id(),
            calendar_version: calendars.version().to_owned(),
            skipped: calendar.non_working_days(received_on.plus_days(1), due_on.plus_days(-1), Weekends::Included),
            beyond_official_data: due_on > calendars.official_until(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn foia(received_on: &str, working_days: u32) -> Deadline {
        Deadline::compute(Calendars::embedded(), Regime::Foia, received_on.parse().unwrap(), working_days)
    }

    #[test]
    fn explains_every_day_it_skipped() {
        let deadline = foia("2019-11-07", 20);
        let skipped: Vec<String> =
            deadline.skipped.iter().map(|day| format!("{} {} {:?}", day.date, day.reason, day.nations)).collect();
        assert_eq!(
            skipped,
            [
                "2019-11-09 Saturday []",
                "2019-11-10 Sunday []",
                "2019-11-16 Saturday []",
                "2019-11-17 Sunday []",
                "2019-11-23 Saturday []",
                "2019-11-24 Sunday []",
                "2019-11-30 Saturday []",
                "2019-12-01 Sunday []",
                "2019-12-02 St Andrew's Day (substitute day) [Scotland]",
            ]
        );
        assert_eq!(
            serde_json::to_value(&Deadline { skipped: deadline.skipped.into_iter().skip(7).collect(), ..deadline })
                .unwrap(),
            serde_json::json!({
                "regime": "foia", "received_on": "2019-11-07", "due_on": "2019-12-06", "working_days": 20,
                "provision": "section 10(1)", "calendar": "uk_any", "calendar_version": "2026-08-21",
                "skipped": [
                    {"date": "2019-12-01", "reason": "Sunday"},
                    {"date": "2019-12-02", "reason": "St Andrew's Day (substitute day)", "nations": ["scotland"]},
                ],
                "beyond_official_data": false,
            })
        );
    }

    #[test]
    fn counts_skipped_and_counted_days_to_the_whole_interval() {
        for received_on in ["2005-01-01", "2007-11-29", "2022-06-01", "2027-12-24", "2099-12-31"] {
            for working_days in [0, 1, 20, 40, 1000] {
                let deadline = foia(received_on, working_days);
                let interval = deadline.due_on.days_since(deadline.received_on);
                let skipped = i64::try_from(deadline.skipped.len()).unwrap();
                assert_eq!(skipped + i64::from(working_days), interval, "{received_on} {working_days}");
            }
        }
    }

    #[test]
    fn names_the_provision_and_calendar_of_each_regime() {
        let told: Vec<_> = Regime::ALL
            .iter()
            .map(|regime| Deadline::compute(Calendars::embedded(), *regime, "2024-03-15".parse().unwrap(), 20))
            .map(|deadline| format!("{} {} {}", deadline.provision, deadline.calendar, deadline.due_on))
            .collect();
        assert_eq!(
            told,
            [
                "section 10(1) uk_any 2024-04-17",
                "regulation 5(2) uk_any 2024-04-17",
                "section 10(1) scotland 2024-04-15",
                "regulation 5(2)(a) scotland 2024-04-15",
            ]
        );
    }

    #[test]
    fn says_when_official_data_have_run_out() {
        // 29 December 2028 is the last working day for which official data exist.
        assert!(!foia("2028-12-28", 1).beyond_official_data);
        assert!(foia("2028-12-29", 1).beyond_official_data);
    }
}
