//! Timeliness: were requests answered within the time the law gives, on a basis that is named. What is counted stands in
//! words in `definition`. Knows nothing of how cases are found.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    law::{
        Date,
        calendar::Calendars,
        clock::{PartClock, PartState, is_overdue},
    },
    metrics::{
        Case, Figure, Selection, WorkingDaysTaken,
        case::Seen,
        definition::{DefinitionBasis, DefinitionId},
        figure::count,
        period::{Period, position},
    },
    vocabulary,
};

vocabulary! {
    /// Which day puts a request into a period. The three give different figures for the same casework.
    pub enum TimelinessBasis {
        /// The day of receipt, after corrections: what was received is followed until `as_at`.
        Received = "received",
        /// The day of the first complete answer. Requests that are still open do not appear.
        Closed = "closed",
        /// The statutory due date, after restarts and suspensions, before extensions.
        Due = "due",
    }
}

impl TimelinessBasis {
    /// The definition of the figures on this basis.
    #[must_use]
    pub const fn definition(self) -> DefinitionId {
        match self {
            Self::Received => DefinitionId::TimelinessReceived,
            Self::Closed => DefinitionId::TimelinessClosed,
            Self::Due => DefinitionId::TimelinessDue,
        }
    }

    fn day(self, seen: &Seen<'_>) -> Option<Date> {
        match self {
            Self::Received => Some(seen.received_on),
            Self::Closed => seen.clock.responded_on,
            Self::Due => Some(seen.clock.due_on),
        }
    }
}

/// The timeliness of one period. Always: `in_time` + `late` + `not_yet_due` make the denominator, which with
/// `on_hold_or_lapsed` makes `requests`.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TimelinessRow {
    /// The period: `2019-11`, `2019-Q4`, `2019-20-Q3`, `2019`, `2019-20`; first and last day with a slash between them when
    /// no grouping was asked for.
    #[schema(example = "2019-Q4")]
    pub period: String,
    /// The first day counted.
    pub start_on: Date,
    /// The last day counted.
    pub end_on: Date,
    /// Which day puts a request into the period.
    pub basis: DefinitionBasis,
    /// The day at whose end the requests are looked at.
    pub as_at: Date,
    /// What the figures mean: see `GET /v1/metrics/definitions`.
    pub definition: DefinitionId,
    /// All requests of the period.
    pub requests: u32,
    /// Answered completely by the statutory due date, extensions left aside.
    pub in_deadline: Figure,
    /// Answered completely by the statutory due date or within a permitted extension.
    pub in_time: Figure,
    /// Answered too late, or not answered and overdue.
    pub late: Figure,
    /// Not answered, and not overdue; in the denominator.
    pub not_yet_due: u32,
    /// Waiting for clarification or a fee, withdrawn, lapsed or transferred, or answered when no duty was left; not in the
    /// denominator.
    pub on_hold_or_lapsed: u32,
    /// How long the complete answers took.
    pub working_days: WorkingDaysTaken,
}

/// Where a request, or one part of it, stands. The parts' greatest speaks for the request: a limit missed for one of them
/// cannot be met any more, an open part keeps the whole from being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Nothing is owed, and nothing was owed when it ended.
    Ended,
    /// Answered within the statutory limit.
    InDeadline,
    /// Answered within a permitted extension.
    InExtension,
    /// Waiting for clarification or a fee.
    OnHold,
    /// Not answered, and not overdue.
    NotYetDue,
    /// Answered too late, or overdue.
    Late,
}

/// Where one part stands at the end of `as_at`.
pub(super) fn standing(clock: &PartClock, as_at: Date) -> Standing {
    if is_overdue(clock, as_at) {
        return Standing::Late;
    }
    match clock.state_on(as_at) {
        PartState::Open => Standing::NotYetDue,
        PartState::AwaitingClarification | PartState::AwaitingFee => Standing::OnHold,
        PartState::Withdrawn | PartState::Lapsed | PartState::Transferred => Standing::Ended,
        PartState::Responded => match (clock.in_deadline, clock.in_time) {
            (Some(true), _) => Standing::InDeadline,
            (_, Some(true)) => Standing::InExtension,
            (_, Some(false)) => Standing::Late,
            (_, None) => Standing::Ended,
        },
    }
}

/// One request, counted.
struct Counted {
    standing: Standing,
    /// Working days to the complete answer.
    taken: Option<u32>,
}

/// The timeliness of `cases` by period, on one basis. Cases outside the periods are left out.
#[must_use]
pub fn timeliness(
    calendars: &Calendars,
    cases: &[Case],
    selection: &Selection,
    basis: TimelinessBasis,
) -> Vec<TimelinessRow> {
    let periods = selection.periods();
    let mut counted: Vec<Vec<Counted>> = periods.iter().map(|_| Vec::new()).collect();
    for seen in cases.iter().filter_map(|case| case.seen(calendars, selection)) {
        let at = basis.day(&seen).and_then(|day| position(&periods, day));
        if let Some(of_period) = at.and_then(|at| counted.get_mut(at)) {
            let standings = seen.parts.iter().map(|part| standing(&part.clock, selection.as_at));
            of_period.push(Counted {
                standing: standings.max().unwrap_or(Standing::Ended),
                taken: seen.clock.working_days_taken.and_then(|days| u32::try_from(days).ok()),
            });
        }
    }
    periods.into_iter().zip(counted).map(|(period, counted)| row(period, selection, basis, &counted)).collect()
}

fn row(period: Period, selection: &Selection, basis: TimelinessBasis, counted: &[Counted]) -> TimelinessRow {
    let standing = |wanted: &[Standing]| count(counted.iter().filter(|one| wanted.contains(&one.standing)));
    let requests = count(counted.iter());
    let on_hold_or_lapsed = standing(&[Standing::OnHold, Standing::Ended]);
    let of_all = |numerator| Figure::new(numerator, requests - on_hold_or_lapsed);
    TimelinessRow {
        period: period.label,
        start_on: period.start_on,
        end_on: period.end_on,
        basis: basis.into(),
        as_at: selection.as_at,
        definition: basis.definition(),
        requests,
        in_deadline: of_all(standing(&[Standing::InDeadline])),
        in_time: of_all(standing(&[Standing::InDeadline, Standing::InExtension])),
        late: of_all(standing(&[Standing::Late])),
        not_yet_due: standing(&[Standing::NotYetDue]),
        on_hold_or_lapsed,
        working_days: WorkingDaysTaken::of(counted.iter().filter_map(|one| one.taken).collect()),
    }
}
