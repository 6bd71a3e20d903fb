//! What there is to do at the end of a day: open, overdue by age, due soon, stopped, extended; and how the quarter can
//! close. Knows nothing of how cases are found.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    law::{Date, Regime, calendar::Calendars, clock::PartState},
    metrics::{
        Case, Figure, Selection, TimelinessBasis,
        case::Seen,
        definition::{DefinitionBasis, DefinitionId},
        figure::count,
        returns::{CaseState, OverdueRequest, overdue_requests, state},
    },
};

/// How many of the overdue are listed.
const OLDEST: usize = 10;
/// The last day of each age band but the last, in working days.
const BANDS: [u32; 3] = [20, 60, 120];
/// The shares that a forecast is held against, in per cent.
const TARGETS: [u32; 2] = [95, 90];

/// What there is to do at the end of a day.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Workload {
    /// Which day puts a request here: it is there at the end of `as_at`.
    pub basis: DefinitionBasis,
    /// The day at whose end the requests are looked at.
    pub as_at: Date,
    /// What the figures mean: see `GET /v1/metrics/definitions`.
    pub definition: DefinitionId,
    /// Requests that are open or wait.
    pub open: u32,
    /// Overdue, of the open.
    pub overdue: Figure,
    /// The overdue by working days since the last day for an answer in time.
    #[schema(max_items = 4)]
    pub overdue_bands: Vec<OverdueBand>,
    /// Overdue, and received, or last reopened, more than six months ago.
    pub overdue_over_6_months: u32,
    /// Overdue, and received, or last reopened, more than twelve months ago.
    pub overdue_over_12_months: u32,
    /// The ten that are overdue longest.
    #[schema(max_items = 10)]
    pub oldest: Vec<OverdueRequest>,
    /// Not overdue, with the last day for an answer in time within the next 5 working days.
    pub due_within_5: u32,
    /// Likewise within 10, those within 5 among them.
    pub due_within_10: u32,
    /// Waiting for clarification.
    pub stopped_for_clarification: u32,
    /// Waiting for a fee.
    pub stopped_for_fee: u32,
    /// With an open part within a permitted extension.
    pub extensions_running: u32,
    /// How the calendar quarter of `as_at` can close, on each basis.
    #[schema(max_items = 3)]
    pub forecasts: Vec<Forecast>,
}

/// One band of the overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct OverdueBand {
    /// The fewest working days in the band.
    #[schema(example = 1)]
    pub from_days: u32,
    /// The most; absent for the last band.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 20)]
    pub to_days: Option<u32>,
    /// How many requests.
    pub requests: u32,
}

impl OverdueBand {
    /// What it is called where it stands by itself: `overdue_1_to_20_working_days`.
    #[must_use]
    pub fn heading(&self) -> String {
        let to = self.to_days.map_or_else(|| "more".to_owned(), |to| to.to_string());
        format!("overdue_{}_to_{to}_working_days", self.from_days)
    }
}

/// How a quarter can close on one basis.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Forecast {
    /// The calendar quarter.
    #[schema(example = "2019-Q4")]
    pub period: String,
    /// Which day puts a request into it.
    pub basis: DefinitionBasis,
    /// What the figures mean.
    pub definition: DefinitionId,
    /// Late already.
    pub late: u32,
    /// Neither answered nor late.
    pub not_yet_due: u32,
    /// The share in time at the end, if each of these is answered on its last day.
    pub in_time: Figure,
    /// How many of them may be late all the same.
    #[schema(max_items = 2)]
    pub targets: Vec<ForecastTarget>,
}

/// What a target leaves room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ForecastTarget {
    /// The share in time aimed at, in per cent.
    #[schema(example = 95)]
    pub percent: u32,
    /// How many of the requests that are not late yet may be; absent where the target is out of reach already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub late_answers_affordable: Option<u32>,
}

/// A request at the end of a day.
struct Looked<'a> {
    case: &'a Case,
    /// The whole of it, as timeliness counts it.
    seen: Seen<'a>,
    state: CaseState,
    /// What is left to do of it: what is open, overdue, due soon or extended is counted by this.
    left: Option<Seen<'a>>,
}

/// The workload at the end of `as_at`, with the forecasts of its quarter. `cases` are those open then, and those received,
/// answered or due in the quarter.
#[must_use]
pub fn workload(calendars: &Calendars, cases: &[Case], as_at: Date, regime: Option<Regime>) -> Workload {
    let day = Selection { start_on: as_at, end_on: as_at, group_by: None, as_at, regime };
    let looked: Vec<Looked<'_>> = cases
        .iter()
        .filter_map(|case| case.seen(calendars, &day).map(|seen| (case, seen)))
        .map(|(case, seen)| Looked { state: state(&seen, as_at), left: case.left_to_do(&seen, as_at), case, seen })
        .collect();
    let open: Vec<(&Case, &Seen<'_>)> =
        looked.iter().filter_map(|one| one.left.as_ref().map(|left| (one.case, left))).collect();
    let of_regime = |wanted| regime.is_none_or(|regime| regime == wanted);
    let overdue = overdue_requests(calendars, open.iter().map(|(case, _)| *case), as_at, of_regime);
    let waits = |status| count(open.iter().filter(|(_, left)| left.clock.status == status));
    let older = |months: u32| count(overdue.iter().filter(|one| one.is_older_than(months, as_at)));
    let (over_6_months, over_12_months) = (older(6), older(12));
    let overdue: Vec<OverdueRequest> = overdue.into_iter().map(|one| one.listed).collect();
    let due_within = |days: u32| {
        count(open.iter().filter(|(_, left)| !left.clock.overdue && is_due_within(calendars, left, as_at, days)))
    };
    Workload {
        basis: DefinitionBasis::Stock,
        as_at,
        definition: DefinitionId::Workload,
        open: count(open.iter()),
        overdue: Figure::new(count(overdue.iter()), count(open.iter())),
        overdue_bands: bands(&overdue),
        overdue_over_6_months: over_6_months,
        overdue_over_12_months: over_12_months,
        due_within_5: due_within(5),
        due_within_10: due_within(10),
        stopped_for_clarification: waits(PartState::AwaitingClarification),
        stopped_for_fee: waits(PartState::AwaitingFee),
        extensions_running: count(open.iter().filter(|(_, left)| has_running_extension(left, as_at))),
        oldest: overdue.into_iter().take(OLDEST).collect(),
        forecasts: forecasts(&looked, as_at),
    }
}

fn bands(overdue: &[OverdueRequest]) -> Vec<OverdueBand> {
    let firsts = [1].into_iter().chain(BANDS.iter().map(|last| last + 1));
    let lasts = BANDS.iter().copied().map(Some).chain([None]);
    firsts
        .zip(lasts)
        .map(|(from_days, to_days)| {
            // Overdue on a weekend after the last day is not yet overdue by a working day: it is in the first band.
            let inside = |one: &&OverdueRequest| {
                let days = one.working_days_overdue.max(1);
                from_days <= days && to_days.is_none_or(|to| days <= to)
            };
            OverdueBand { from_days, to_days, requests: count(overdue.iter().filter(inside)) }
        })
        .collect()
}

/// The day on which the answer is complete if every part whose days go by is answered on its last day: an open one, and one
/// that waits for what was asked too late to stop them.
fn completed_on(left: &Seen<'_>, as_at: Date) -> Option<Date> {
    left.parts.iter().filter_map(|part| part.clock.overdue_after(as_at)).max()
}

fn is_due_within(calendars: &Calendars, left: &Seen<'_>, as_at: Date, days: u32) -> bool {
    left.parts.iter().any(|part| {
        let last = calendars.get(part.regime.calendar()).working_day_after(as_at, days);
        part.clock.overdue_after(as_at).is_some_and(|limit_on| limit_on <= last)
    })
}

fn has_running_extension(left: &Seen<'_>, as_at: Date) -> bool {
    left.parts.iter().any(|part| {
        part.clock.overdue_after(as_at).is_some() && part.clock.extended_to.is_some_and(|until| until >= as_at)
    })
}

/// The first and the last day of the calendar quarter of `day`.
#[must_use]
pub fn quarter_of(day: Date) -> (Date, Date) {
    let first = Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).unwrap_or(day);
    (first, first.plus_months(3).plus_days(-1))
}

fn forecasts(looked: &[Looked<'_>], as_at: Date) -> Vec<Forecast> {
    let (first, last) = quarter_of(as_at);
    let period = format!("{}-Q{}", first.year(), (first.month() - 1) / 3 + 1);
    let inside = |day: Date| first <= day && day <= last;
    TimelinessBasis::ALL
        .iter()
        .map(|basis| {
            let counts = |one: &&Looked<'_>| match basis {
                TimelinessBasis::Received => inside(one.seen.received_on),
                TimelinessBasis::Due => inside(one.seen.clock.due_on),
                TimelinessBasis::Closed => match one.seen.answered_on(as_at) {
                    Some(answered_on) => inside(answered_on),
                    None => one
                        .left
                        .as_ref()
                        .is_some_and(|left| left.clock.overdue || completed_on(left, as_at).is_some_and(inside)),
                },
            };
            let of =
                |states: &[CaseState]| count(looked.iter().filter(counts).filter(|one| states.contains(&one.state)));
            let in_time = of(&[CaseState::AnsweredInDeadline, CaseState::AnsweredInExtension]);
            let not_yet_due = of(&[CaseState::OpenNotYetDue, CaseState::OpenInExtension]);
            let late = of(&[CaseState::AnsweredLate, CaseState::OpenOverdue]);
            Forecast {
                period: period.clone(),
                basis: (*basis).into(),
                definition: DefinitionId::WorkloadForecast,
                late,
                not_yet_due,
                in_time: Figure::new(in_time + not_yet_due, in_time + not_yet_due + late),
                targets: TARGETS.iter().map(|percent| target(*percent, in_time, not_yet_due, late)).collect(),
            }
        })
        .collect()
}

/// How many of the `not_yet_due` may be late with at least `percent` in time, worked out in whole numbers.
fn target(percent: u32, in_time: u32, not_yet_due: u32, late: u32) -> ForecastTarget {
    let all = u64::from(in_time) + u64::from(not_yet_due) + u64::from(late);
    let may_be_late = all * u64::from(100 - percent) / 100;
    let room = may_be_late.checked_sub(u64::from(late)).map(|room| room.min(u64::from(not_yet_due)));
    ForecastTarget { percent, late_answers_affordable: room.and_then(|room| u32::try_from(room).ok()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_leaves_room_for_whole_requests_only() {
        let room =
            |percent, in_time, not_yet_due, late| target(percent, in_time, not_yet_due, late).late_answers_affordable;
        assert_eq!(room(95, 80, 20, 0), Some(5));
        assert_eq!(room(95, 80, 19, 0), Some(4), "four of 99 leave 95.96 per cent, five 94.95");
        assert_eq!(room(95, 94, 1, 5), Some(0));
        assert_eq!(room(95, 94, 0, 6), None, "94 per cent cannot become 95");
        assert_eq!(room(90, 94, 0, 6), Some(0), "nothing is left that could be late");
        assert_eq!(room(90, 0, 0, 0), Some(0));
    }

    #[test]
    fn a_quarter_begins_and_ends_with_its_months() {
        for (day, first, last) in [
            ("2024-01-01", "2024-01-01", "2024-03-31"),
            ("2024-06-30", "2024-04-01", "2024-06-30"),
            ("2024-11-07", "2024-10-01", "2024-12-31"),
        ] {
            let (start, end) = quarter_of(day.parse().unwrap());
            assert_eq!((start.to_string(), end.to_string()), (first.to_owned(), last.to_owned()));
        }
    }
}
