//! A request as figures count it from the last day on which anything happened to it: what replaying its events would give,
//! written down once. Knows nothing of how sheets are kept.
//!
//! After that day only the passing of time changes a request, and in few ways: an open part becomes overdue, an unpaid fee
//! ends the duty. A sheet has the first such change of standing, and says until which day it holds. For any other day the
//! events are replayed: [`Counted::from`] of a sheet that [`CaseSheet::holds_on`] a day is that of the case.

use crate::{
    casework::response::DeterminationOutcome,
    law::{
        Date, Regime,
        calendar::Calendars,
        clock::{PartClock, PartState},
    },
    metrics::{
        Case, Selection, TimelinessBasis,
        case::Seen,
        timeliness::{Standing, Timed, standing},
    },
};

/// What sheets say and the rules they are made by: raised with every change of either, so that what was written before is
/// not read for what it would be now.
pub const SHEET_REVISION: u32 = 5;

/// A request as figures count it on the days from `settled_on` to `holds_until`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSheet {
    /// The last day on which anything took effect: the receipt, an event or an answer.
    pub settled_on: Date,
    /// The last day for which the sheet holds when nothing more happens; absent when it holds for good.
    pub holds_until: Option<Date>,
    /// The regime of its parts; absent where they are under several.
    pub regime: Option<Regime>,
    /// Whether nothing but the passing of a day can be awaited: every part is answered or ended.
    pub is_closed: bool,
    /// How it is counted.
    pub counted: Counted,
    /// The first day on which it stands otherwise by the passing of time alone, and how it stands then.
    pub change: Option<(Date, Standing)>,
}

/// A request as the figures of timeliness, outcomes and NCND count it at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The day of receipt, after corrections.
    pub received_on: Date,
    /// The statutory due date.
    pub due_on: Date,
    /// The day on which the first answer became complete.
    pub responded_on: Option<Date>,
    /// Where it stands.
    pub standing: Standing,
    /// Working days to the complete answer.
    pub working_days_taken: Option<u32>,
    /// How the parts were answered, in order; only of a complete answer.
    pub outcomes: Vec<DeterminationOutcome>,
}

impl Counted {
    /// A case at the end of `as_at`.
    pub(super) fn of(seen: &Seen<'_>, as_at: Date) -> Self {
        let responded_on = seen.answered_on(as_at);
        let mut outcomes = if responded_on.is_some() { seen.outcomes() } else { Vec::new() };
        outcomes.sort_unstable();
        Self {
            received_on: seen.received_on,
            due_on: seen.clock.due_on,
            responded_on,
            standing: standing(seen, as_at),
            working_days_taken: seen.clock.working_days_taken.and_then(|days| u32::try_from(days).ok()),
            outcomes,
        }
    }

    /// What timeliness counts of it; `None` when it is not answered and that is what is asked for.
    #[must_use]
    pub fn timed(&self, basis: TimelinessBasis) -> Option<Timed> {
        let day = match basis {
            TimelinessBasis::Received => Some(self.received_on),
            TimelinessBasis::Closed => self.responded_on,
            TimelinessBasis::Due => Some(self.due_on),
        };
        let Self { standing, working_days_taken, .. } = *self;
        day.map(|day| Timed { day, standing, working_days_taken })
    }

    /// The day on which the answer became complete, and how it answered.
    #[must_use]
    pub fn answered(&self) -> Option<(Date, &[DeterminationOutcome])> {
        self.responded_on.map(|day| (day, self.outcomes.as_slice()))
    }
}

impl CaseSheet {
    /// Whether the sheet tells how the case is counted at the end of `as_at`.
    #[must_use]
    pub fn holds_on(&self, as_at: Date) -> bool {
        self.settled_on <= as_at && self.holds_until.is_none_or(|until| as_at <= until)
    }

    /// How the case is counted at the end of `as_at`, a day on which the sheet holds.
    #[must_use]
    pub fn counted_on(&self, as_at: Date) -> Counted {
        let mut counted = self.counted.clone();
        if let Some((_, standing)) = self.change.filter(|(day, _)| *day <= as_at) {
            counted.standing = standing;
        }
        counted
    }
}

impl Case {
    /// The sheet of this case; `None` when no part of it is a valid request, for then no figure ever counts it.
    #[must_use]
    pub fn sheet(&self, calendars: &Calendars) -> Option<CaseSheet> {
        let settled_on = self.settled_on();
        let seen = self.seen_under(calendars, settled_on, |_| true)?;
        let counted = Counted::of(&seen, settled_on);
        let (mut change, mut holds_until) = (None, None);
        for day in days_of_change(&seen, settled_on) {
            let then = Counted::of(&self.seen_under(calendars, day, |_| true)?, day);
            let stood = change.map_or(counted.standing, |(_, standing)| standing);
            let same = Counted { standing: counted.standing, ..then.clone() } == counted;
            match (same, change) {
                (true, _) if then.standing == stood => {}
                (true, None) => change = Some((day, then.standing)),
                _ => {
                    holds_until = Some(day.plus_days(-1));
                    break;
                }
            }
        }
        let first = seen.parts.first()?.regime;
        let regime = seen.parts.iter().all(|part| part.regime == first).then_some(first);
        let is_closed = seen.clock.closed_on.is_some();
        Some(CaseSheet { settled_on, holds_until, regime, is_closed, counted, change })
    }

    /// Whether a part of it is neither answered nor ended at the end of `as_at`.
    #[cfg(test)]
    pub(super) fn is_open_on(&self, calendars: &Calendars, as_at: Date) -> bool {
        self.seen_under(calendars, as_at, |_| true).is_some_and(|seen| seen.clock.closed_on.is_none())
    }

    /// The case as it is counted at the end of the day asked for; `None` when no figure counts it.
    #[must_use]
    pub fn counted(&self, calendars: &Calendars, selection: &Selection) -> Option<Counted> {
        self.seen(calendars, selection).map(|seen| Counted::of(&seen, selection.as_at))
    }
}

/// The days after `settled_on` on which time alone can change something: the first after the last for an answer, and that
/// on which an unpaid fee ends the duty.
fn days_of_change(seen: &Seen<'_>, settled_on: Date) -> Vec<Date> {
    let of_part = |clock: &PartClock| {
        let lapses_on = clock.lapses_on.filter(|_| clock.state == PartState::AwaitingFee);
        [clock.overdue_after(settled_on).map(|limit_on| limit_on.plus_days(1)), lapses_on]
    };
    let mut days: Vec<Date> =
        seen.parts.iter().flat_map(|part| of_part(&part.clock)).flatten().filter(|day| *day > settled_on).collect();
    days.sort_unstable();
    days.dedup();
    days
}
