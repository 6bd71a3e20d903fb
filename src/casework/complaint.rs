//! A complaint to the regulator. It needs neither a review nor an answer: delay is what is complained of most.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        filing::{in_future, part_list},
        request::too_many,
        response::DeterminationOutcome,
        text::{Label, Line, Prose, Word},
    },
    fault::Fault,
    filed,
    law::{Date, Finding, Regime},
    vocabulary,
};

/// The most issues of one complaint.
const MOST_ISSUES: usize = 50;

vocabulary! {
    /// What a complaint is about.
    pub enum ComplaintTopic {
        /// The answer is late, or has not come.
        Delay = "delay",
        /// A ground of refusal.
        Refusal = "refusal",
        /// That it was neither confirmed nor denied whether information is held.
        NeitherConfirmNorDeny = "neither_confirm_nor_deny",
        /// Whether the answer is complete.
        Completeness = "completeness",
        /// Cost, vexatiousness or repetition.
        CostOrVexatiousness = "cost_or_vexatiousness",
        /// A fee or charge.
        Fees = "fees",
        /// The words of a notice.
        Notice = "notice",
        /// The review.
        Review = "review",
        /// Advice and assistance.
        AdviceAndAssistance = "advice_and_assistance",
        /// The form in which information was given.
        FormOfDisclosure = "form_of_disclosure",
        Other = "other",
    }
}

vocabulary! {
    /// How a complaint ended without a decision notice.
    pub enum ComplaintEnding {
        InformallyResolved = "informally_resolved",
        Withdrawn = "withdrawn",
        /// The regulator did not take it on.
        NotEligible = "not_eligible",
    }
}

vocabulary! {
    /// How a complaint stands.
    pub enum ComplaintStatus {
        /// With the regulator.
        Open = "open",
        /// Decided by a notice, or ended without one.
        Closed = "closed",
    }
}

/// One thing complained of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplaintIssue {
    /// What it is about.
    pub topic: ComplaintTopic,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub text: Option<Prose>,
}

/// How a complaint ended without a decision notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplaintOutcome {
    /// The day it ended.
    pub ended_on: Date,
    /// How.
    pub outcome: ComplaintEnding,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub explanation: Option<Prose>,
}

/// A complaint as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComplaint {
    /// The day it was made to the regulator.
    pub made_on: Date,
    /// The day the authority learned of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub notified_on: Option<Date>,
    /// The regulator; that of the authority's settings, or of the regime, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub regulator: Option<Line>,
    /// The regulator's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reference: Option<Word>,
    /// The parts complained of; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<Label>>,
    /// What is complained of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub issues: Vec<ComplaintIssue>,
    /// What the complainant accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub not_contested: Option<Prose>,
    /// How it ended without a notice; as a rule recorded later, at `…/outcome`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub outcome: Option<ComplaintOutcome>,
}

/// Where the authority stands on a part: its last issued answer, moved by what it has stated since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartPosition {
    /// The part's label.
    pub part: Label,
    /// How it is answered.
    pub outcome: DeterminationOutcome,
    /// The provisions relied on, each once, in the order of their citation; alternatives are one, joined by `or`.
    #[schema(max_items = 200)]
    pub provisions: Vec<String>,
}

filed! {
    /// A complaint.
    pub struct Complaint {
        /// How it stands.
        pub status: ComplaintStatus,
        /// The day it was made.
        pub made_on: Date,
        /// The day the authority learned of it.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub notified_on: Option<Date>,
        /// The regulator.
        pub regulator: Line,
        /// The regulator's reference.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub reference: Option<Word>,
        /// The parts complained of.
        #[schema(max_items = 500)]
        pub parts: Vec<Label>,
        /// The regimes of these parts.
        #[schema(max_items = 4)]
        pub regimes: Vec<Regime>,
        /// What is complained of.
        #[schema(max_items = 50)]
        pub issues: Vec<ComplaintIssue>,
        /// What the complainant accepts.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub not_contested: Option<Prose>,
        /// How it ended without a notice.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub outcome: Option<ComplaintOutcome>,
        /// The day it was decided by a notice.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub decided_on: Option<Date>,
        /// Where the authority stands on each part complained of that it has answered.
        #[schema(max_items = 500)]
        pub positions: Vec<PartPosition>,
        /// What the statutes say of it.
        #[schema(max_items = 100)]
        pub findings: Vec<Finding>,
    }
}

impl NewComplaint {
    /// Everything wrong by itself, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults: Vec<Fault> = in_future("/made_on", self.made_on, today).into_iter().collect();
        faults.extend(self.notified_on.and_then(|day| in_future("/notified_on", day, today)));
        faults.extend(part_list("/parts", self.parts.as_deref()));
        faults.extend(too_many("/issues", self.issues.len(), MOST_ISSUES));
        let outcome = self.outcome.iter().flat_map(|outcome| outcome.faults(today));
        faults.extend(outcome.map(|fault| fault.below("/outcome")));
        faults
    }
}

impl ComplaintOutcome {
    /// Everything wrong by itself, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        in_future("/ended_on", self.ended_on, today).into_iter().collect()
    }
}
