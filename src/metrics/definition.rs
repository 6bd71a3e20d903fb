//! What every figure means, in words. The code of the other modules does what is said here, and nothing else; a decision
//! that could have gone another way is named.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    metrics::{timeliness::TimelinessBasis, wordings},
    vocabulary,
};

vocabulary! {
    /// Which day puts something into a period.
    pub enum DefinitionBasis {
        /// The day the request was received, after corrections.
        Received = "received",
        /// The day on which the first answer became complete: that of the last answer, or of a later end of another part.
        Closed = "closed",
        /// The statutory due date, before extensions.
        Due = "due",
        /// The day a part was first answered, whether or not the whole request was.
        Issued = "issued",
        /// The day of whatever is counted: receipt, answer, closing, the end of the limit.
        Activity = "activity",
        /// What there is at the end of a day.
        Stock = "stock",
    }
}

impl From<TimelinessBasis> for DefinitionBasis {
    fn from(basis: TimelinessBasis) -> Self {
        match basis {
            TimelinessBasis::Received => Self::Received,
            TimelinessBasis::Closed => Self::Closed,
            TimelinessBasis::Due => Self::Due,
        }
    }
}

vocabulary! {
    /// Names a definition.
    pub enum DefinitionId {
        TimelinessReceived = "timeliness-received",
        TimelinessClosed = "timeliness-closed",
        TimelinessDue = "timeliness-due",
        WorkingDaysTaken = "working-days-taken",
        Outcomes = "outcomes",
        Provisions = "provisions",
        Ncnd = "ncnd",
        NcndByTopic = "ncnd-by-topic",
        Reviews = "reviews",
        Regulator = "regulator",
        Workload = "workload",
        WorkloadForecast = "workload-forecast",
        Comparison = "comparison",
        ReturnCodePart8 = "return-code-part-8",
        ReturnCabinetOffice = "return-cabinet-office",
        ReturnScottishCommissioner = "return-scottish-commissioner",
        ReturnCommissionerSelfAssessment = "return-commissioner-self-assessment",
    }
}

/// What a figure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Definition {
    /// Its name, as figures carry it.
    pub id: DefinitionId,
    /// What is measured, in a few words.
    pub title: &'static str,
    /// What is counted, of what, and how doubtful cases are decided.
    pub text: &'static str,
    /// What the numbers are numbers of.
    pub unit: &'static str,
    /// Which day puts something into a period; absent for what goes with figures on several bases.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub basis: Option<DefinitionBasis>,
    /// What the definition rests on: provisions, official series, or a choice made here.
    pub source: &'static str,
}

/// Every definition, in the order of [`DefinitionId`].
#[must_use]
pub fn definitions() -> Vec<Definition> {
    DefinitionId::ALL.iter().map(|id| id.definition()).collect()
}

/// What all definitions of requests share: which are counted, and what `as_at` does.
macro_rules! common {
    () => {
        "A request counts when it has a valid part; with `regime`, only parts under that regime are looked at and the \
         request is what they are, so that a request of two regimes appears under both. Requests are seen at the end of \
         the London day `as_at`: events and answers that took effect later have not happened yet, a request received \
         later does not exist, voided entries never were, a corrected receipt holds for every day, and parts are those \
         recorded now. Only the first answer to each part counts, in an initial response or in the outcome of an \
         announced public-interest test; fresh, revised and review answers never do. "
    };
}

/// What the three definitions of timeliness share.
macro_rules! timeliness {
    () => {
        "`in_deadline`: every part was answered by its statutory due date, restarts and suspensions counted and \
         extensions not. `in_time`: by that date or within a permitted extension. `late`: a part was answered after its \
         limit, or ended after it without one while another is open, waits or was answered, or is unanswered and overdue, \
         extensions respected; a part that waits for clarification or a fee is \
         overdue only when it was asked too late, for a late question or fees notice cures nothing. \
         `not_yet_due`: unanswered and not overdue; an open request is never a success, even within an extension. A part \
         asked about after its time for asking, within an extension under the Regulations, is among these while it waits. \
         `on_hold_or_lapsed`: waiting for what was asked in time, or ended whole by withdrawal, lapse or transfer, or answered when no duty was left. A \
         request of several parts is late if one is, else not yet due if one is open, else on hold if one waits, else as \
         good as its worst answer. The denominator is `in_time` + `late` + `not_yet_due`; with `on_hold_or_lapsed` it \
         makes `requests`. "
    };
}

impl DefinitionId {
    /// The definition of this name.
    #[must_use]
    pub const fn definition(self) -> Definition {
        let (title, unit, basis, text, source) = match self {
            Self::TimelinessReceived => TIMELINESS_RECEIVED,
            Self::TimelinessClosed => TIMELINESS_CLOSED,
            Self::TimelinessDue => TIMELINESS_DUE,
            Self::WorkingDaysTaken => WORKING_DAYS_TAKEN,
            Self::Outcomes => OUTCOMES,
            Self::Provisions => PROVISIONS,
            Self::Ncnd => NCND,
            Self::NcndByTopic => wordings::NCND_BY_TOPIC,
            Self::Reviews => wordings::REVIEWS,
            Self::Regulator => wordings::REGULATOR,
            Self::Workload => wordings::WORKLOAD,
            Self::WorkloadForecast => wordings::WORKLOAD_FORECAST,
            Self::Comparison => wordings::COMPARISON,
            Self::ReturnCodePart8 => wordings::RETURN_CODE_PART_8,
            Self::ReturnCabinetOffice => wordings::RETURN_CABINET_OFFICE,
            Self::ReturnScottishCommissioner => wordings::RETURN_SCOTTISH_COMMISSIONER,
            Self::ReturnCommissionerSelfAssessment => wordings::RETURN_SELF_ASSESSMENT,
        };
        Definition { id: self, title, text, unit, basis, source }
    }
}

/// Title, unit, basis, text, source.
pub(super) type Wording = (&'static str, &'static str, Option<DefinitionBasis>, &'static str, &'static str);

const LIMITS: &str = "FOIA s10, EIR regs 5(2) and 7, FOISA s10, EI(S)Rs regs 5(2) and 7";

const TIMELINESS_RECEIVED: Wording = (
    "Timeliness of the requests received",
    "requests",
    Some(DefinitionBasis::Received),
    concat!(
        "The requests received in the period, followed until `as_at`. The day of receipt is that of the first receipt: a \
         request that was reopened stays where it was and is measured by its new clock. While requests of the period are \
         not yet due the share in time can still rise. ",
        timeliness!(),
        common!()
    ),
    "The cohort of the quarterly statistics of central government, with one difference: there an open request within a \
     permitted extension is in time. Limits: FOIA s10, EIR regs 5(2) and 7, FOISA s10, EI(S)Rs regs 5(2) and 7.",
);

const TIMELINESS_CLOSED: Wording = (
    "Timeliness of the requests answered",
    "requests",
    Some(DefinitionBasis::Closed),
    concat!(
        "The requests whose first answer became complete in the period, whenever they were received: on the day on which \
         the last part was answered, or, where another was withdrawn, lapsed or transferred later, on the day of that; an \
         answer to such a part after its end, owed or not, moves no day. Unanswered requests do not appear, however \
         overdue; `not_yet_due` is always 0. ",
        timeliness!(),
        common!()
    ),
    "The response rate the Information Commissioner asks public authorities for: closed in time of closed. Limits: FOIA \
     s10, EIR regs 5(2) and 7, FOISA s10, EI(S)Rs regs 5(2) and 7.",
);

const TIMELINESS_DUE: Wording = (
    "Timeliness of the requests that fell due",
    "requests",
    Some(DefinitionBasis::Due),
    concat!(
        "The requests whose statutory due date lies in the period: after restarts by clarification and suspensions for a \
         fee, before any extension. Of parts with different dates the earliest that runs decides, else the earliest that \
         waits, and the latest once all are closed. ",
        timeliness!(),
        common!()
    ),
    LIMITS,
);

const WORKING_DAYS_TAKEN: Wording = (
    "Working days to the first complete answer",
    "working days",
    None,
    concat!(
        "For each request of the row that is answered completely, the working days of the part that took longest, from \
         its receipt or the day clarification last came to its answer; days on which the duty waited are left out, and \
         the day of receipt is day 0. Working days are those of the part's regime. Answers sent when no duty was left are \
         not measured. The median of an even number is the mean of the middle two; `p90` is the least number of days \
         within which at least nine in ten were given. Bands are 0 to 20, 21 to 40 and so on to 200, and above. NCND \
         answers are among the others: no figure is of their durations alone, and that of a day on which nothing else was \
         answered is theirs. ",
        common!()
    ),
    "A choice made here, with the bands of the annual reports of United States agencies. Working days: FOIA s10(6), EIR \
     reg 2(1), FOISA s73, EI(S)Rs reg 2(1).",
);

const OUTCOMES: Wording = (
    "How requests were answered",
    "requests and parts",
    Some(DefinitionBasis::Closed),
    concat!(
        "The requests whose first answer became complete in the period, each with one outcome that follows from its \
         parts: anything disclosed together with anything refused is `partly_withheld`; disclosed, alone or with not \
         held, is `granted_in_full`; with nothing disclosed any part withheld is `withheld_in_full`, else any NCND is \
         `neither_confirmed_nor_denied`, else a refusal for cost, as vexatious or as repeated is that refusal, else \
         `not_held`; advice and transfer only when nothing else was answered. Information accessible elsewhere counts as \
         withheld. NCND has its own place and is also among `refused_in_full`. `by_part` counts the answered parts of the \
         same requests; parts withdrawn, lapsed or transferred are left out, also where a letter followed that nobody had to send. ",
        common!()
    ),
    "FOIA ss1, 2, 12, 14 and 17; EIR regs 12 and 14; FOISA ss1, 12, 14 and 16 to 18; EI(S)Rs regs 10 and 13. The order of \
     precedence is a choice made here.",
);

const PROVISIONS: Wording = (
    "Which provisions were cited",
    "citations and requests",
    Some(DefinitionBasis::Issued),
    concat!(
        "The grounds cited in the first answers to parts that were sent in the period, whether or not the whole request \
         was answered by then. `times_cited`: for how many parts the provision was cited, once for each. \
         `requests_citing`: the requests it was cited in, once for each whatever the number of parts, of the requests of \
         which a part was first answered in the period; a request answered in two periods is in both. Purposes, \
         conditions and limbs that a ground relies on are not counted. Grounds relied on in the alternative are one class \
         of their own and never counted under a member. `at_review`: of the requests citing it, those in which a review \
         decided by `as_at` let the answer stand for every part that cited it, replaced it for every such part, or changed \
         it partly or differently; of several reviews of a part the last decides, and parts without a review are left out. \
         `at_regulator`: of the requests citing it, those in which a notice sent by `as_at` found so of the provision, or \
         of the section that it stands under, for a part that cited it, once for each finding; a finding on grounds in the \
         alternative is one on the class of alternatives of those parts, and what a tribunal put in its place is not \
         counted. ",
        common!()
    ),
    "A choice made here. The quarterly statistics of central government count each application of an exemption, like \
     `times_cited`.",
);

const NCND: Wording = (
    "Neither confirmed nor denied",
    "requests and parts",
    Some(DefinitionBasis::Closed),
    concat!(
        "The requests whose first answer became complete in the period, and of them those with at least one part \
         answered by neither confirming nor denying that information is held; and the same for their answered parts. It \
         is counted from the answers sent and says nothing of what is held. For `ncnd:read` alone, of the requests with \
         NCND: those in which a review decided by `as_at` let these answers stand, or changed or replaced one, and those in \
         which a notice sent by then found that a ground for neither confirming nor denying is not engaged. ",
        common!()
    ),
    "FOIA s2(1) and the exclusions of the duty to confirm or deny, EIR regs 12(6) and 13(5A), FOISA s18, EI(S)Rs regs \
     10(8) and 11(6). The Scottish Commissioner's quarterly return counts such requests; the share is a choice made here.",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_definition_is_complete_and_in_whole_sentences() {
        for definition in definitions() {
            let Definition { title, text, unit, source, .. } = definition;
            assert!(!title.is_empty() && !unit.is_empty() && !source.is_empty(), "{definition:?}");
            assert!(text.trim_end().ends_with('.') && !text.contains("  "), "{text}");
        }
    }

    #[test]
    fn a_basis_of_timeliness_is_the_same_word_everywhere() {
        for basis in TimelinessBasis::ALL {
            assert_eq!(DefinitionBasis::from(*basis).as_str(), basis.as_str());
            assert_eq!(basis.definition().definition().basis, Some(DefinitionBasis::from(*basis)));
        }
    }
}
