//! Every date that follows from where a part stands, each with the provision it rests on.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    law::{
        Date, Regime,
        clock::{
            PartClock,
            life::Life,
            provisions::{REVIEW_DAYS, Rule, provision},
        },
    },
    vocabulary,
};

vocabulary! {
    /// What a date is.
    pub enum DueDateKind {
        /// The statutory limit, as it is reported.
        Statutory = "statutory",
        /// The limit of the clock that runs, where it started after a question that came too late.
        WorkingClock = "working_clock",
        /// The day estimated for the public-interest decision.
        ExtendedEstimate = "extended_estimate",
        /// The 40th working day, where complexity and volume allow it.
        ExtendedLimit = "extended_limit",
        /// The 40th working day, by which guidance expects a public-interest extension to end. Not a limit.
        GuidanceFortiethDay = "guidance_fortieth_day",
        /// The last day for paying the fee; on the next day the duty has ended.
        FeePayableUntil = "fee_payable_until",
        /// The day from which the request may be closed because no clarification came.
        ClarificationMayLapse = "clarification_may_lapse",
        /// The last day for asking for a review.
        ReviewMayBeAskedUntil = "review_may_be_asked_until",
        /// The last day for the outcome of a review that was asked for; under FOIA what guidance asks for.
        Review = "review",
        /// The 40th working day, within which guidance under FOIA expects even a hard review. Not a limit.
        ReviewGuidanceLimit = "review_guidance_limit",
        /// The last day for applying to the Scottish Information Commissioner after a review.
        RegulatorApplication = "regulator_application",
        /// The last day for taking the steps that a decision notice orders.
        Steps = "steps",
        /// The last day for appealing against a decision notice.
        Appeal = "appeal",
    }
}

impl DueDateKind {
    /// The kind of the day to which more time moves the answer: estimated under FOIA s10(3), the 40th working day elsewhere.
    #[must_use]
    pub const fn of_extension(regime: Regime) -> Self {
        match regime {
            Regime::Foia => Self::ExtendedEstimate,
            Regime::Eir | Regime::Foisa | Regime::Eisr => Self::ExtendedLimit,
        }
    }
}

/// A date with the provision it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ClockDueDate)]
pub struct DueDate {
    /// What the date is.
    pub kind: DueDateKind,
    /// The date.
    pub due_on: Date,
    /// The provision or guidance it rests on.
    pub provision: &'static str,
}

/// The dates that follow from `life`, of which `clock` gives the figures at the end of the day `up_to`.
pub(super) fn due_dates(life: &Life<'_>, clock: &PartClock, up_to: Date) -> Vec<DueDate> {
    let mut dates = Vec::new();
    let mut add = |kind, due_on: Option<Date>, rule| {
        let provision = provision(life.regime, rule);
        dates.extend(due_on.map(|due_on| DueDate { kind, due_on, provision }));
    };
    add(DueDateKind::Statutory, Some(clock.due_on), Rule::Answer);
    let working = Some(clock.working_due_on).filter(|working| *working != clock.due_on);
    add(DueDateKind::WorkingClock, working, Rule::Restart);
    match life.regime {
        Regime::Foia => add(DueDateKind::ExtendedEstimate, clock.extended_to, Rule::PublicInterest),
        _ => add(DueDateKind::ExtendedLimit, clock.extended_to, Rule::ComplexityAndVolume),
    }
    let fortieth_day = life.public_interest_notified.then_some(clock.fortieth_day_on);
    add(DueDateKind::GuidanceFortiethDay, fortieth_day, Rule::FortiethDay);
    add(DueDateKind::FeePayableUntil, clock.lapses_on.map(|lapses_on| lapses_on.plus_days(-1)), Rule::FeeLapse);
    add(DueDateKind::ClarificationMayLapse, clock.may_lapse_on, Rule::ClarificationLapse);
    add(DueDateKind::ReviewMayBeAskedUntil, review_may_be_asked_until(life, clock, up_to), Rule::Review);
    dates
}

/// The last day for asking for a review: 40 working days from the answer; under FOIA from the separate notice of a
/// public-interest test where one followed (s17(3)(b)). Under FOISA s20(5) they run from the end of the time for answering,
/// or from the answer where that came later. Where no answer has come they run from the day it was due, except under FOIA,
/// where they are guidance that speaks of an answer (EIR reg 11(2), FOISA s20(5), EI(S)Rs reg 16(2)).
fn review_may_be_asked_until(life: &Life<'_>, clock: &PartClock, up_to: Date) -> Option<Date> {
    let from = match (life.regime, clock.responded_on) {
        (Regime::Foia, _) => life.last_answered_on()?,
        (Regime::Foisa, Some(responded_on)) => responded_on.max(clock.due_on),
        (Regime::Eir | Regime::Eisr, Some(responded_on)) => responded_on,
        (Regime::Eir | Regime::Foisa | Regime::Eisr, None) => {
            clock.overdue_after(up_to).filter(|limit_on| *limit_on < up_to)?
        }
    };
    Some(life.count.calendar.working_day_after(from, REVIEW_DAYS))
}
