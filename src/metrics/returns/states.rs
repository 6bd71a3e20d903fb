//! The one table that says where a request in a special state, or with a special outcome, goes in each return, and by
//! which source. The returns count by it and by nothing else. Knows nothing of columns.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::request::RequestOutcome,
    law::{Date, clock::PartState},
    metrics::{
        case::Seen,
        timeliness::{Standing, standing},
    },
    vocabulary,
};

vocabulary! {
    /// Where a request stands, as far as returns tell states apart.
    pub enum CaseState {
        AnsweredInDeadline = "answered_in_deadline",
        AnsweredInExtension = "answered_in_extension",
        AnsweredLate = "answered_late",
        /// Answered after withdrawal or lapse, when no duty was left.
        AnsweredWithoutDuty = "answered_without_duty",
        OpenNotYetDue = "open_not_yet_due",
        /// Open, and every part that is open is within a permitted extension; so is one that waits for what was asked after
        /// its time for asking.
        OpenInExtension = "open_in_extension",
        OpenOverdue = "open_overdue",
        AwaitingClarification = "awaiting_clarification",
        AwaitingFee = "awaiting_fee",
        Withdrawn = "withdrawn",
        Lapsed = "lapsed",
        /// Sent to another authority as a whole, without an answer.
        Transferred = "transferred",
    }
}

vocabulary! {
    /// What a request is in the statistics of central government.
    pub enum CabinetOfficePlace {
        DeadlineMet = "deadline_met",
        Extension = "extension",
        Late = "late",
        /// In the denominator, and in no column: the form has none.
        NotYetDue = "not_yet_due",
        OnHoldOrLapsed = "on_hold_or_lapsed",
    }
}

vocabulary! {
    /// What a request is in the figures of Part 8 of the Code.
    pub enum CodePart8Place {
        ProcessedInDeadline = "processed_in_deadline",
        ProcessedExtended = "processed_extended",
        ProcessedLate = "processed_late",
        NotYetDue = "not_yet_due",
        Extended = "extended",
        Overdue = "overdue",
        StoppedForClarification = "stopped_for_clarification",
        StoppedForFee = "stopped_for_fee",
        ClosedWithoutAnswer = "closed_without_answer",
    }
}

vocabulary! {
    /// What a request is in the Information Commissioner's self-assessment.
    pub enum SelfAssessmentPlace {
        ClosedInTime = "closed_in_time",
        ClosedLate = "closed_late",
        Open = "open",
        OpenOverdue = "open_overdue",
        LeftOut = "left_out",
    }
}

vocabulary! {
    /// What a request is in the return to the Scottish Information Commissioner.
    pub enum ScottishPlace {
        OnTime = "on_time",
        Late = "late",
        /// Counted by the day the limit ran out.
        NoResponse = "no_response",
        /// Counted by the day it was closed.
        ClosedUnclear = "closed_unclear",
        /// Counted by the day it was closed.
        ClosedWithdrawn = "closed_withdrawn",
        /// In no row of the form.
        NoRow = "no_row",
    }
}

/// Where a request in one state goes in each return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct SpecialState {
    /// The state.
    pub state: CaseState,
    /// In the statistics of central government.
    pub cabinet_office: CabinetOfficePlace,
    /// In the figures of Part 8 of the section 45 Code.
    pub code_part_8: CodePart8Place,
    /// In the Information Commissioner's self-assessment.
    pub commissioner_self_assessment: SelfAssessmentPlace,
    /// In the return to the Scottish Information Commissioner.
    pub scottish_commissioner: ScottishPlace,
    /// What this rests on; where no rule was found it is said that it is a choice made here.
    pub source: &'static str,
}

/// Every state once.
pub const SPECIAL_STATES: &[SpecialState] = &[
    row(
        CaseState::AnsweredInDeadline,
        (CabinetOfficePlace::DeadlineMet, CodePart8Place::ProcessedInDeadline),
        (SelfAssessmentPlace::ClosedInTime, ScottishPlace::OnTime),
        "The columns of each form.",
    ),
    row(
        CaseState::AnsweredInExtension,
        (CabinetOfficePlace::Extension, CodePart8Place::ProcessedExtended),
        (SelfAssessmentPlace::ClosedInTime, ScottishPlace::OnTime),
        "Central government's bulletins of 2008 and 2009: in time is within the limit or a permitted extension. The \
         Commissioner's questions count extensions as in time. In Scotland only EI(S)Rs reg 7 extends.",
    ),
    row(
        CaseState::AnsweredLate,
        (CabinetOfficePlace::Late, CodePart8Place::ProcessedLate),
        (SelfAssessmentPlace::ClosedLate, ScottishPlace::Late),
        "The columns of each form.",
    ),
    row(
        CaseState::AnsweredWithoutDuty,
        (CabinetOfficePlace::OnHoldOrLapsed, CodePart8Place::ClosedWithoutAnswer),
        (SelfAssessmentPlace::LeftOut, ScottishPlace::NoRow),
        "A choice made here: an answer that nobody had to give is measured by no limit. The Scottish form has it in the row of \
         what it was before that answer.",
    ),
    row(
        CaseState::OpenNotYetDue,
        (CabinetOfficePlace::NotYetDue, CodePart8Place::NotYetDue),
        (SelfAssessmentPlace::Open, ScottishPlace::NoRow),
        "Central government's form is filled in once everything has fallen due and has no column for it; the residual is \
         shown, and such a return cannot be filed.",
    ),
    row(
        CaseState::OpenInExtension,
        (CabinetOfficePlace::Extension, CodePart8Place::Extended),
        (SelfAssessmentPlace::Open, ScottishPlace::NoRow),
        "In all 798 published rows of central government since 2017 the denominator is met, extension and late together, \
         open requests included.",
    ),
    row(
        CaseState::OpenOverdue,
        (CabinetOfficePlace::Late, CodePart8Place::Overdue),
        (SelfAssessmentPlace::OpenOverdue, ScottishPlace::NoResponse),
        "As for open requests within an extension. Row 9 of the Scottish form is a response that was required and not \
         given when the return is made.",
    ),
    row(
        CaseState::AwaitingClarification,
        (CabinetOfficePlace::OnHoldOrLapsed, CodePart8Place::StoppedForClarification),
        (SelfAssessmentPlace::Open, ScottishPlace::NoRow),
        "Central government: on hold, and so out of the denominator. Part 8 asks how many clocks are stopped.",
    ),
    row(
        CaseState::AwaitingFee,
        (CabinetOfficePlace::OnHoldOrLapsed, CodePart8Place::StoppedForFee),
        (SelfAssessmentPlace::Open, ScottishPlace::NoRow),
        "As for clarification. In Scotland fees notices have rows of their own, 5 and 6.",
    ),
    row(
        CaseState::Withdrawn,
        (CabinetOfficePlace::OnHoldOrLapsed, CodePart8Place::ClosedWithoutAnswer),
        (SelfAssessmentPlace::LeftOut, ScottishPlace::ClosedWithdrawn),
        "Central government: lapsed. Part 8: a choice made here, a closing of its own beside the processed, as one body on \
         GOV.UK lists it. Row 4 of the Scottish form.",
    ),
    row(
        CaseState::Lapsed,
        (CabinetOfficePlace::OnHoldOrLapsed, CodePart8Place::ClosedWithoutAnswer),
        (SelfAssessmentPlace::LeftOut, ScottishPlace::ClosedUnclear),
        "Central government: lapsed. Part 8 as for withdrawal. Row 3 of the Scottish form where clarification did not \
         come; where a fee did not come it is in no row but that of the fees notice.",
    ),
    row(
        CaseState::Transferred,
        (CabinetOfficePlace::OnHoldOrLapsed, CodePart8Place::ClosedWithoutAnswer),
        (SelfAssessmentPlace::LeftOut, ScottishPlace::NoRow),
        "No rule was found: a choice made here. A request that went elsewhere without an answer is counted as one that \
         lapsed; one that was answered by a transfer is counted as advice and assistance.",
    ),
];

const fn row(
    state: CaseState,
    uk: (CabinetOfficePlace, CodePart8Place),
    regulators: (SelfAssessmentPlace, ScottishPlace),
    source: &'static str,
) -> SpecialState {
    SpecialState {
        state,
        cabinet_office: uk.0,
        code_part_8: uk.1,
        commissioner_self_assessment: regulators.0,
        scottish_commissioner: regulators.1,
        source,
    }
}

vocabulary! {
    /// What an answered request is by its outcome, in the statistics of central government and in Part 8.
    pub enum OutcomePlace {
        Full = "full",
        Partial = "partial",
        WithheldExemption = "withheld_exemption",
        WithheldVexatious = "withheld_vexatious",
        WithheldRepeated = "withheld_repeated",
        WithheldCost = "withheld_cost",
        NotHeld = "not_held",
        Advice = "advice",
    }
}

/// Where an answered request goes by its outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct SpecialOutcome {
    /// The outcome of the request.
    pub outcome: RequestOutcome,
    /// Its place in the statistics of central government, and in Part 8.
    pub place: OutcomePlace,
    /// What this rests on.
    pub source: &'static str,
}

/// Every outcome once.
pub const SPECIAL_OUTCOMES: &[SpecialOutcome] = &[
    outcome(RequestOutcome::GrantedInFull, OutcomePlace::Full, "The column of the form."),
    outcome(RequestOutcome::PartlyWithheld, OutcomePlace::Partial, "The column of the form."),
    outcome(
        RequestOutcome::WithheldInFull,
        OutcomePlace::WithheldExemption,
        "The column of the form. Whether an answer by section 21 alone is granted or withheld was not found: a choice \
         made here, it is withheld, for an exemption is claimed.",
    ),
    outcome(
        RequestOutcome::NeitherConfirmedNorDenied,
        OutcomePlace::WithheldExemption,
        "The form has no column for it: it stands among the refusals and under its section.",
    ),
    outcome(RequestOutcome::NotHeld, OutcomePlace::NotHeld, "The form: not resolvable. Part 8: refused, shown apart."),
    outcome(RequestOutcome::RefusedCost, OutcomePlace::WithheldCost, "The column of the form."),
    outcome(RequestOutcome::RefusedVexatious, OutcomePlace::WithheldVexatious, "The column of the form."),
    outcome(RequestOutcome::RefusedRepeated, OutcomePlace::WithheldRepeated, "The column of the form."),
    outcome(
        RequestOutcome::AdviceGiven,
        OutcomePlace::Advice,
        "The column of the form: not resolvable. Part 8 does not name it: a column of its own here.",
    ),
    outcome(
        RequestOutcome::Transferred,
        OutcomePlace::Advice,
        "No rule was found: a choice made here, for a transfer is part of advice and assistance in the section 45 Code.",
    ),
];

const fn outcome(outcome: RequestOutcome, place: OutcomePlace, source: &'static str) -> SpecialOutcome {
    SpecialOutcome { outcome, place, source }
}

impl CaseState {
    /// Where a request in this state goes. The table has every state.
    pub(super) fn places(self) -> Option<&'static SpecialState> {
        SPECIAL_STATES.iter().find(|row| row.state == self)
    }

    /// Whether nothing has been answered and something is owed.
    pub(super) const fn is_open(self) -> bool {
        matches!(
            self,
            Self::OpenNotYetDue
                | Self::OpenInExtension
                | Self::OpenOverdue
                | Self::AwaitingClarification
                | Self::AwaitingFee
        )
    }
}

/// Where an answered request with this outcome goes.
pub(super) fn outcome_place(outcome: RequestOutcome) -> Option<OutcomePlace> {
    SPECIAL_OUTCOMES.iter().find(|row| row.outcome == outcome).map(|row| row.place)
}

/// Where a request stands at the end of `as_at`.
pub(in crate::metrics) fn state(seen: &Seen<'_>, as_at: Date) -> CaseState {
    let answered = seen.clock.status == PartState::Responded;
    match (standing(seen, as_at), seen.clock.status) {
        (Standing::Late, _) if answered => CaseState::AnsweredLate,
        (Standing::Late, _) => CaseState::OpenOverdue,
        (Standing::NotYetDue, _) if runs_on_extension(seen, as_at) => CaseState::OpenInExtension,
        (Standing::NotYetDue, _) => CaseState::OpenNotYetDue,
        (Standing::OnHold, PartState::AwaitingFee) => CaseState::AwaitingFee,
        (Standing::OnHold, _) => CaseState::AwaitingClarification,
        (Standing::InExtension, _) => CaseState::AnsweredInExtension,
        (Standing::InDeadline, _) => CaseState::AnsweredInDeadline,
        (Standing::Ended, PartState::Responded) => CaseState::AnsweredWithoutDuty,
        (Standing::Ended, PartState::Transferred) => CaseState::Transferred,
        (Standing::Ended, PartState::Withdrawn) => CaseState::Withdrawn,
        (Standing::Ended, _) => CaseState::Lapsed,
    }
}

/// Whether every part whose days go by has a permitted extension that still runs.
fn runs_on_extension(seen: &Seen<'_>, as_at: Date) -> bool {
    seen.parts
        .iter()
        .filter(|part| part.clock.overdue_after(as_at).is_some())
        .all(|part| part.clock.extended_to.is_some_and(|until| until >= as_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_every_outcome_has_exactly_one_row() {
        for state in CaseState::ALL {
            assert_eq!(SPECIAL_STATES.iter().filter(|row| row.state == *state).count(), 1, "{state}");
        }
        for outcome in RequestOutcome::ALL {
            assert_eq!(SPECIAL_OUTCOMES.iter().filter(|row| row.outcome == *outcome).count(), 1, "{outcome}");
        }
        let sources = SPECIAL_STATES.iter().map(|row| row.source).chain(SPECIAL_OUTCOMES.iter().map(|row| row.source));
        assert!(sources.into_iter().all(|source| source.ends_with('.') && !source.contains("  ")));
    }
}
