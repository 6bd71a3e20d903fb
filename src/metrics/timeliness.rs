//! Timeliness: were requests answered within the time the law gives, on a basis that is named. What is counted stands in
//! words in `definition`. Knows nothing of how cases are found.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    law::{
        Date,
        calendar::Calendars,
        clock::{PartClock, PartState},
    },
    metrics::{
        Case, Comparable, Figure, NamedFigure, Selection, WorkingDaysTaken,
        case::{Seen, SeenPart},
        comparison::{alone, named},
        definition::{DefinitionBasis, DefinitionId},
        period::{Period, position},
        working_days::BandCounts,
    },
    vocabulary,
};

vocabulary! {
    /// Which day puts a request into a period. The three give different figures for the same casework.
    pub enum TimelinessBasis {
        /// The day of receipt, after corrections: what was received is followed until `as_at`.
        Received = "received",
        /// The day on which the first answer became complete: that of the last answer, or of a later end of another part.
        /// Requests that are still open do not appear.
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
    /// Answered too late, or not answered and overdue, or answered after another part ended overdue.
    pub late: Figure,
    /// Not answered, and not overdue, while the days to the limit go by; in the denominator.
    pub not_yet_due: u32,
    /// Waiting for clarification or a fee asked for in time, withdrawn, lapsed or transferred, or answered when no duty was left; not in the
    /// denominator.
    pub on_hold_or_lapsed: u32,
    /// How long the complete answers took.
    pub working_days: WorkingDaysTaken,
}

vocabulary! {
    /// Where a request, or one part of it, stands. The parts' greatest speaks for the request: a limit missed for one of them
    /// cannot be met any more, an open part keeps the whole from being answered.
    pub enum Standing {
        /// Nothing is owed, and nothing was owed when it ended.
        Ended = "ended",
        /// Answered within the statutory limit.
        InDeadline = "in_deadline",
        /// Answered within a permitted extension.
        InExtension = "in_extension",
        /// Waiting for clarification or a fee, asked for in time.
        OnHold = "on_hold",
        /// Not answered, and not overdue, while the days to the limit go by.
        NotYetDue = "not_yet_due",
        /// Answered too late, or overdue.
        Late = "late",
    }
}

/// Where a request stands at the end of `as_at`. A part that ended after its limit was missed as one that was answered late:
/// its end cures no breach. Where every part ended nothing is measured.
pub(super) fn standing(seen: &Seen<'_>, as_at: Date) -> Standing {
    let whole = seen.parts.iter().map(|part| standing_of_part(&part.clock, as_at)).max().unwrap_or(Standing::Ended);
    let is_missed = |part: &SeenPart<'_>| part.clock.breach_stands && part.clock.ended_by(as_at).is_some();
    if whole != Standing::Ended && seen.parts.iter().any(is_missed) { Standing::Late } else { whole }
}

/// Where one part stands at the end of `as_at`.
fn standing_of_part(clock: &PartClock, as_at: Date) -> Standing {
    // What was asked too late stops no day: the part waits, and is owed an answer by its limit all the same.
    if let Some(limit_on) = clock.overdue_after(as_at) {
        return if as_at > limit_on { Standing::Late } else { Standing::NotYetDue };
    }
    match clock.state_on(as_at) {
        PartState::Open | PartState::AwaitingClarification | PartState::AwaitingFee => Standing::OnHold,
        PartState::Withdrawn | PartState::Lapsed | PartState::Transferred => Standing::Ended,
        PartState::Responded => match (clock.in_deadline, clock.in_time) {
            (Some(true), _) => Standing::InDeadline,
            (_, Some(true)) => Standing::InExtension,
            (_, Some(false)) => Standing::Late,
            (_, None) => Standing::Ended,
        },
    }
}

/// One request as timeliness counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timed {
    /// The day that puts it into a period.
    pub day: Date,
    /// Where it stands.
    pub standing: Standing,
    /// Working days to the complete answer.
    pub working_days_taken: Option<u32>,
}

/// How many requests stand how, and how long their answers took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StandingCounts {
    ended: u32,
    in_deadline: u32,
    in_extension: u32,
    on_hold: u32,
    not_yet_due: u32,
    late: u32,
    taken: BandCounts,
}

impl StandingCounts {
    /// Adds requests that stand like this.
    pub fn add(&mut self, standing: Standing, requests: u32) {
        let counted = match standing {
            Standing::Ended => &mut self.ended,
            Standing::InDeadline => &mut self.in_deadline,
            Standing::InExtension => &mut self.in_extension,
            Standing::OnHold => &mut self.on_hold,
            Standing::NotYetDue => &mut self.not_yet_due,
            Standing::Late => &mut self.late,
        };
        *counted += requests;
    }

    /// Adds how long the complete answers to requests took that stand somewhere here.
    pub fn took(&mut self, working_days: u32, requests: u32) {
        self.taken.add(working_days, requests);
    }

    const fn on_hold_or_lapsed(&self) -> u32 {
        self.on_hold + self.ended
    }

    const fn denominator(&self) -> u32 {
        self.in_deadline + self.in_extension + self.late + self.not_yet_due
    }

    const fn requests(&self) -> u32 {
        self.denominator() + self.on_hold_or_lapsed()
    }

    fn in_deadline(&self) -> Figure {
        Figure::new(self.in_deadline, self.denominator())
    }

    fn in_time(&self) -> Figure {
        Figure::new(self.in_deadline + self.in_extension, self.denominator())
    }

    fn late(&self) -> Figure {
        Figure::new(self.late, self.denominator())
    }
}

impl Comparable for StandingCounts {
    fn figures(&self) -> Vec<NamedFigure> {
        let measured = self.taken.measured();
        let bands = self.taken.bands().map(|band| named(band.heading(), Figure::new(band.requests, measured)));
        let standings = [
            named("in_deadline", self.in_deadline()),
            named("in_time", self.in_time()),
            named("late", self.late()),
            named("not_yet_due", Figure::new(self.not_yet_due, self.denominator())),
            named("on_hold_or_lapsed", Figure::new(self.on_hold_or_lapsed(), self.requests())),
            named("requests", alone(self.requests())),
        ];
        standings.into_iter().chain(bands).collect()
    }
}

/// The timeliness of `cases` by period, on one basis. Cases outside the periods are left out.
#[must_use]
pub fn timeliness(
    calendars: &Calendars,
    cases: &[Case],
    selection: &Selection,
    basis: TimelinessBasis,
) -> Vec<TimelinessRow> {
    let counted = cases.iter().filter_map(|case| case.counted(calendars, selection));
    timeliness_of(counted.filter_map(|one| one.timed(basis)), selection, basis)
}

/// The timeliness of requests, each by the day that `basis` puts it into a period by. What lies outside the periods is left
/// out.
#[must_use]
pub fn timeliness_of(
    requests: impl Iterator<Item = Timed>,
    selection: &Selection,
    basis: TimelinessBasis,
) -> Vec<TimelinessRow> {
    let periods = selection.periods();
    let mut counted = vec![(StandingCounts::default(), Vec::new()); periods.len()];
    for one in requests {
        if let Some((counts, taken)) = position(&periods, one.day).and_then(|at| counted.get_mut(at)) {
            counts.add(one.standing, 1);
            taken.extend(one.working_days_taken);
        }
    }
    periods.into_iter().zip(counted).map(|(period, counted)| row(period, selection, basis, counted)).collect()
}

fn row(
    period: Period,
    selection: &Selection,
    basis: TimelinessBasis,
    (counts, taken): (StandingCounts, Vec<u32>),
) -> TimelinessRow {
    TimelinessRow {
        period: period.label,
        start_on: period.start_on,
        end_on: period.end_on,
        basis: basis.into(),
        as_at: selection.as_at,
        definition: basis.definition(),
        requests: counts.requests(),
        in_deadline: counts.in_deadline(),
        in_time: counts.in_time(),
        late: counts.late(),
        not_yet_due: counts.not_yet_due,
        on_hold_or_lapsed: counts.on_hold_or_lapsed(),
        working_days: WorkingDaysTaken::of(taken),
    }
}
