//! Where one part of a request stands on a day, in figures. Knows nothing of how it came about.

use crate::{
    law::{Date, Regime, clock::duty_survives_transfer},
    vocabulary,
};

vocabulary! {
    /// Where a request, or one part of it, stands.
    pub enum PartState {
        /// The duty to answer runs.
        Open = "open",
        /// The duty waits for what the requester was asked.
        AwaitingClarification = "awaiting_clarification",
        /// The duty waits for a fee. A part that waits for a fee and for clarification is shown here, for an unpaid fee
        /// can end the duty by date alone.
        AwaitingFee = "awaiting_fee",
        /// Answered.
        Responded = "responded",
        /// The requester withdrew.
        Withdrawn = "withdrawn",
        /// No clarification, or no fee, came.
        Lapsed = "lapsed",
        /// It went to another authority.
        Transferred = "transferred",
    }
}

impl PartState {
    /// Whether nothing more is awaited from anybody.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Responded | Self::Withdrawn | Self::Lapsed | Self::Transferred)
    }
}

/// How a part ended without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// Withdrawn, lapsed or transferred.
    pub state: PartState,
    /// The day it took effect.
    pub on: Date,
    /// Whether it was closed for want of clarification that nobody had asked for.
    pub unasked: bool,
}

impl Ending {
    /// Whether the duty to answer is still there. Under the Acts no transfer ends it; and what was never asked for excuses
    /// from nothing (FOIA and FOISA s1(3), reg 9 of the Regulations).
    #[must_use]
    pub fn leaves_duty(self, regime: Regime) -> bool {
        self.unasked || (self.state == PartState::Transferred && duty_survives_transfer(regime))
    }
}

/// One part at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartClock {
    /// Where it stands.
    pub state: PartState,
    /// The day of receipt, after corrections; of the reopening where there was one.
    pub received_on: Date,
    /// Day 0 of the clock that now runs: the receipt, or the day on which clarification last came.
    pub started_on: Date,
    /// The reported statutory due date, before extensions. While a fee is awaited it stays as it stood and moves when
    /// the fee comes. Where a question or a fees notice came too late it stays for good: a breach is not cured.
    pub due_on: Date,
    /// The due date of the clock that now runs; other than `due_on` only where it started after a question that came too
    /// late.
    pub working_due_on: Date,
    /// The 40th working day of the clock that now runs, days that a fee suspends left out. Not a limit by itself.
    pub fortieth_day_on: Date,
    /// The last day of a permitted extension, which stays like `due_on`. An estimate of the authority may fall on any day
    /// of the week; the working days that a fee asked for after the notice suspended come on top of it.
    pub extended_to: Option<Date>,
    /// Whether the limit had passed when the clock was last stopped. Nothing but a correction undoes it.
    pub breach_stands: bool,
    /// Whether the days to the limit go by, or did when the part ended: nothing is awaited from the requester, or what is
    /// was asked for too late to stop them.
    pub limit_runs: bool,
    /// The day of the first complete answer.
    pub responded_on: Option<Date>,
    /// The day of the answer, withdrawal, lapse or transfer that closed the part.
    pub closed_on: Option<Date>,
    /// How the part ended before any answer, also where one followed.
    pub ended: Option<Ending>,
    /// The first day on which an unpaid fee has ended the duty, by date alone: ahead while the fee is awaited, behind
    /// once it has. Absent where the fees notice was given too late to end it.
    pub lapses_on: Option<Date>,
    /// The day from which a question that stays without an answer may close the part; absent where none is open.
    pub may_lapse_on: Option<Date>,
    /// Once answered: whether the statutory limit was met, extensions left aside. Absent for an answer that was sent
    /// after the duty had ended.
    pub in_deadline: Option<bool>,
    /// Once answered: whether the statutory limit or that of a permitted extension was met.
    pub in_time: Option<bool>,
    /// Working days from `started_on` to the answer, those on which the duty waited left out.
    pub working_days_taken: Option<i64>,
    /// Working days used of the clock that now runs, those on which the duty waited left out.
    pub working_days_used: i64,
    /// Working days that remain of it, a permitted extension counted; negative when it has run out.
    pub working_days_left: i64,
}

impl PartClock {
    /// Where the part stands at the end of `today`, when no event is added until then: an unpaid fee ends the duty by
    /// date alone.
    #[must_use]
    pub fn state_on(&self, today: Date) -> PartState {
        match (self.state, self.lapses_on) {
            (PartState::AwaitingFee, Some(lapses_on)) if lapses_on <= today => PartState::Lapsed,
            (state, _) => state,
        }
    }

    /// The day the part was closed, seen at the end of `today` like [`Self::state_on`].
    #[must_use]
    pub fn closed_by(&self, today: Date) -> Option<Date> {
        self.closed_on.or_else(|| self.lapses_on.filter(|lapses_on| *lapses_on <= today))
    }

    /// How the part had ended before any answer, seen at the end of `today` like [`Self::state_on`].
    #[must_use]
    pub fn ended_by(&self, today: Date) -> Option<Ending> {
        let lapses = || self.lapses_on.filter(|lapses_on| *lapses_on <= today);
        self.ended.or_else(|| lapses().map(|on| Ending { state: PartState::Lapsed, on, unasked: false }))
    }

    /// The last day for an answer in time: the due date, or the end of a permitted extension where that is later.
    #[must_use]
    pub fn limit_on(&self) -> Date {
        self.extended_to.map_or(self.due_on, |until| until.max(self.due_on))
    }

    /// Whether the fee that is awaited was asked for too late, so that no day ends the duty for want of it.
    #[must_use]
    pub fn fee_was_asked_late(&self) -> bool {
        self.state == PartState::AwaitingFee && self.lapses_on.is_none()
    }

    /// The last day on which the part is not overdue, while an answer is owed at the end of `today`. While the duty waits no
    /// day passes, unless it was asked too late to wait.
    #[must_use]
    pub fn overdue_after(&self, today: Date) -> Option<Date> {
        let is_owed = !self.state_on(today).is_closed() && self.limit_runs;
        is_owed.then(|| self.limit_on())
    }
}

/// Whether an answer is owed and late at the end of `today`, extensions respected. While the duty waits only what was asked
/// too late is; what is closed is never overdue.
#[must_use]
pub fn is_overdue(clock: &PartClock, today: Date) -> bool {
    clock.overdue_after(today).is_some_and(|limit_on| today > limit_on)
}
