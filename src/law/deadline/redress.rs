//! The due dates after the response: of reviews, of the steps that a decision notice orders, of appeals. Knows nothing of
//! how they are recorded.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    law::{
        Date, Regime,
        calendar::{CalendarId, Calendars},
        clock::{DueDate, DueDateKind},
    },
    vocabulary,
};

/// Working days for the outcome of a review: FOISA s21(1), EI(S)Rs reg 16(4), and guidance under FOIA.
const REVIEW_DAYS: u32 = 20;
/// Working days for the outcome of a review at most: EIR reg 11(4), and guidance under FOIA.
const LONGEST_REVIEW_DAYS: u32 = 40;
/// Calendar days for an appeal to the First-tier Tribunal: rule 22(1)(b) of SI 2009/1976.
const APPEAL_DAYS: i64 = 28;

/// Months for an application to the Scottish Commissioner: FOISA s47(4), for the EI(S)Rs by reg 17.
const APPLICATION_MONTHS: u32 = 6;

vocabulary! {
    /// In which days a decision notice counts the time for its steps.
    pub enum PeriodUnit {
        /// Every day of the calendar.
        CalendarDays = "calendar_days",
        /// The working days of the regime.
        WorkingDays = "working_days",
    }
}

/// The time for the steps of a decision notice, as the notice states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepsPeriod {
    /// How many days.
    #[schema(minimum = 1, maximum = 1000)]
    pub days: u32,
    /// Which days are counted.
    pub unit: PeriodUnit,
    /// The day it runs from, which does not count: as a rule the day of the notice.
    pub runs_from_on: Date,
}

impl StepsPeriod {
    /// The last day of the period; it may be any day of the week.
    #[must_use]
    pub fn due_on(self, calendars: &Calendars, regime: Regime) -> Date {
        match self.unit {
            PeriodUnit::CalendarDays => self.runs_from_on.plus_days(i64::from(self.days)),
            PeriodUnit::WorkingDays => calendars.get(regime.calendar()).working_day_after(self.runs_from_on, self.days),
        }
    }
}

/// An appeal while it keeps a notice from taking effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pending {
    /// The day the appeal was made.
    pub made_on: Date,
    /// The day it ended; absent while it is pending.
    pub ended_on: Option<Date>,
}

/// How the steps of a notice stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepsStanding {
    /// They are due on this day.
    Due(Date),
    /// They need not be taken while an appeal is pending (FOIA s51(4) with s50(6)).
    Suspended,
}

/// When the steps of a notice are due. The days on which an appeal made in time for them was pending do not count: what
/// was left of the period when it was made is left again when it has ended.
#[must_use]
pub fn steps_standing(
    calendars: &Calendars,
    regime: Regime,
    period: StepsPeriod,
    appeals: &[Pending],
) -> StepsStanding {
    let calendar = calendars.get(regime.calendar());
    let mut in_order = appeals.to_vec();
    in_order.sort_unstable_by_key(|appeal| (appeal.made_on, appeal.ended_on.is_none(), appeal.ended_on));
    let mut due_on = period.due_on(calendars, regime);
    let mut covered_until: Option<Date> = None;
    for appeal in in_order {
        // An appeal upon an appeal adds only the days that the earlier one has not covered.
        let made_on = covered_until.map_or(appeal.made_on, |until| until.max(appeal.made_on));
        if made_on > due_on {
            continue;
        }
        let Some(ended_on) = appeal.ended_on else { return StepsStanding::Suspended };
        if ended_on <= made_on {
            continue;
        }
        due_on = match period.unit {
            PeriodUnit::CalendarDays => ended_on.plus_days(due_on.days_since(made_on)),
            PeriodUnit::WorkingDays => {
                let left = u32::try_from(calendar.working_days_between(made_on, due_on)).unwrap_or_default();
                calendar.working_day_after(ended_on, left)
            }
        };
        covered_until = Some(ended_on);
    }
    StepsStanding::Due(due_on)
}

/// Every date that follows from a review asked for on a day, the day itself not counted.
#[must_use]
pub fn review_due_dates(calendars: &Calendars, regime: Regime, requested_on: Date) -> Vec<DueDate> {
    let calendar = calendars.get(regime.calendar());
    let date =
        |kind, days, provision| DueDate { kind, due_on: calendar.working_day_after(requested_on, days), provision };
    match regime {
        Regime::Foia => vec![
            date(DueDateKind::Review, REVIEW_DAYS, CODE),
            date(DueDateKind::ReviewGuidanceLimit, LONGEST_REVIEW_DAYS, CODE),
        ],
        Regime::Eir => vec![date(DueDateKind::Review, LONGEST_REVIEW_DAYS, "regulation 11(4)")],
        Regime::Foisa => vec![date(DueDateKind::Review, REVIEW_DAYS, "section 21(1)")],
        Regime::Eisr => vec![date(DueDateKind::Review, REVIEW_DAYS, "regulation 16(4)")],
    }
}

/// The day after which a review is late: by statute, or under FOIA by what guidance allows at most.
#[must_use]
pub fn review_limit(calendars: &Calendars, regime: Regime, requested_on: Date) -> Option<DueDate> {
    review_due_dates(calendars, regime, requested_on).pop()
}

/// The last day for applying to the Scottish Commissioner: six months from the notice of a review, or from the end of the
/// time for one that did not come. The day the notice was sent stands for that of its receipt, which is not recorded. None
/// under the other regimes, whose statute speaks of undue delay alone (FOIA s50(2)(b)).
#[must_use]
pub fn application_due(
    calendars: &Calendars,
    regime: Regime,
    requested_on: Date,
    decided_on: Option<Date>,
) -> Option<DueDate> {
    let provision = match regime {
        Regime::Foisa => "section 47(4)",
        Regime::Eisr => "section 47(4) of FOISA, by regulation 17",
        Regime::Foia | Regime::Eir => return None,
    };
    let from = decided_on.or_else(|| review_limit(calendars, regime, requested_on).map(|limit| limit.due_on))?;
    Some(DueDate { kind: DueDateKind::RegulatorApplication, due_on: from.plus_months(APPLICATION_MONTHS), provision })
}

/// The last day for appealing against a decision notice sent on a day, moved to the next working day where it is none.
/// None under the Scottish regimes: the time for appealing to the Court of Session stands in rules of court, which the
/// catalogue does not hold.
#[must_use]
pub fn appeal_due(calendars: &Calendars, regime: Regime, sent_on: Date) -> Option<DueDate> {
    match regime {
        Regime::Foia | Regime::Eir => Some(DueDate {
            kind: DueDateKind::Appeal,
            due_on: calendars.get(CalendarId::UkAny).on_or_after(sent_on.plus_days(APPEAL_DAYS)),
            provision: "rule 22(1)(b) of SI 2009/1976",
        }),
        Regime::Foisa | Regime::Eisr => None,
    }
}

const CODE: &str = "section 45 Code of Practice (guidance)";

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn dates(regime: Regime, requested_on: &str) -> Vec<String> {
        let dates = review_due_dates(Calendars::embedded(), regime, day(requested_on));
        dates.iter().map(|date| format!("{} {} {}", date.kind, date.due_on, date.provision)).collect()
    }

    #[test]
    fn the_reviews_of_the_published_cases_are_due_when_the_documents_say() {
        // Decision notices of 23 June 2020 and 8 February 2024.
        assert_eq!(
            dates(Regime::Foia, "2020-02-10"),
            [format!("review 2020-03-09 {CODE}"), format!("review_guidance_limit 2020-04-07 {CODE}")]
        );
        assert_eq!(
            dates(Regime::Foia, "2023-07-20"),
            [format!("review 2023-08-18 {CODE}"), format!("review_guidance_limit 2023-09-18 {CODE}")]
        );
    }

    #[test]
    fn each_regime_has_its_own_time_and_calendar_for_a_review() {
        // 7 August 2023 is a bank holiday in Scotland only; so is 28 August everywhere else.
        assert_eq!(dates(Regime::Eir, "2023-07-20"), ["review 2023-09-18 regulation 11(4)"]);
        assert_eq!(dates(Regime::Foisa, "2023-07-20"), ["review 2023-08-18 section 21(1)"]);
        assert_eq!(dates(Regime::Eisr, "2023-08-10"), ["review 2023-09-07 regulation 16(4)"]);
        assert_eq!(dates(Regime::Foia, "2023-08-10")[0], format!("review 2023-09-08 {CODE}"));
    }

    #[test]
    fn an_appeal_is_due_28_days_after_the_notice_was_sent_and_never_on_a_day_off() {
        let by = |regime, sent_on| {
            appeal_due(Calendars::embedded(), regime, day(sent_on)).map(|date| date.due_on.to_string())
        };
        assert_eq!(by(Regime::Foia, "2020-06-23").as_deref(), Some("2020-07-21"));
        assert_eq!(by(Regime::Eir, "2024-02-08").as_deref(), Some("2024-03-07"));
        // Saturday 25 May 2024, then a Sunday and a bank holiday.
        assert_eq!(by(Regime::Foia, "2024-04-27").as_deref(), Some("2024-05-28"));
        // Good Friday, 29 March 2024.
        assert_eq!(by(Regime::Foia, "2024-03-01").as_deref(), Some("2024-04-02"));
        assert_eq!(by(Regime::Foisa, "2020-06-23"), None);
        assert_eq!(by(Regime::Eisr, "2020-06-23"), None);
    }

    fn period(unit: PeriodUnit, days: u32) -> StepsPeriod {
        StepsPeriod { days, unit, runs_from_on: day("2020-06-23") }
    }

    fn standing(unit: PeriodUnit, days: u32, appeals: &[(&str, Option<&str>)]) -> String {
        let appeals: Vec<Pending> = appeals
            .iter()
            .map(|(made_on, ended_on)| Pending { made_on: day(made_on), ended_on: ended_on.map(day) })
            .collect();
        match steps_standing(Calendars::embedded(), Regime::Foia, period(unit, days), &appeals) {
            StepsStanding::Due(due_on) => due_on.to_string(),
            StepsStanding::Suspended => "suspended".to_owned(),
        }
    }

    #[test]
    fn steps_are_due_by_the_days_and_the_unit_of_the_notice() {
        assert_eq!(standing(PeriodUnit::CalendarDays, 35, &[]), "2020-07-28");
        // 13 July 2020 is a bank holiday in Northern Ireland.
        assert_eq!(standing(PeriodUnit::WorkingDays, 20, &[]), "2020-07-22");
        assert_eq!(standing(PeriodUnit::CalendarDays, 1, &[]), "2020-06-24");
    }

    #[test]
    fn an_appeal_suspends_the_steps_and_gives_back_what_was_left_of_their_time() {
        let days = PeriodUnit::CalendarDays;
        assert_eq!(standing(days, 35, &[("2020-07-21", None)]), "suspended");
        // Seven days were left on 21 July.
        assert_eq!(standing(days, 35, &[("2020-07-21", Some("2021-01-04"))]), "2021-01-11");
        // Two working days were left on 20 July: 21 and 22.
        assert_eq!(standing(PeriodUnit::WorkingDays, 20, &[("2020-07-20", Some("2021-01-04"))]), "2021-01-06");
        // The days of a second appeal that runs on from the first count once.
        let both = [("2020-07-21", Some("2021-01-04")), ("2021-01-04", Some("2021-02-01"))];
        assert_eq!(standing(days, 35, &both), "2021-02-08");
        let at_once = [("2020-07-21", Some("2021-01-04")), ("2020-07-21", Some("2021-01-04"))];
        assert_eq!(standing(days, 35, &at_once), "2021-01-11");
        // An appeal that came after the last day suspends nothing.
        assert_eq!(standing(days, 35, &[("2020-07-29", None)]), "2020-07-28");
    }
}
