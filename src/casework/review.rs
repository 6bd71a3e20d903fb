//! An internal review: asked for by the requester, decided by the authority.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        filing::{in_future, part_list},
        request::{duplicates, too_many},
        response::DecisionMaker,
        text::{Label, Prose},
    },
    fault::{Fault, INVALID_VALUE},
    filed,
    law::{Date, Finding, clock::DueDate},
    vocabulary,
};

/// The most parts that a review decides.
const MOST_RESULTS: usize = 500;

vocabulary! {
    /// What a review made of the answer to one part.
    pub enum ReviewOutcome {
        /// The answer stands.
        PositionMaintained = "position_maintained",
        /// The answer was changed in part.
        PartlyChanged = "partly_changed",
        /// The answer was replaced.
        Overturned = "overturned",
        /// There was no answer, and the review gave one.
        DecisionWhereNone = "decision_where_none",
    }
}

/// What a review made of one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewResult {
    /// The part's label.
    pub part: Label,
    /// What became of the answer.
    pub result: ReviewOutcome,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reasons: Option<Prose>,
}

/// The decision of a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewDecision {
    /// The day the requester was told of it.
    pub decided_on: Date,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decided_by: Option<DecisionMaker>,
    /// What became of each part.
    #[schema(min_items = 1, max_items = 500)]
    pub results: Vec<ReviewResult>,
}

/// A request for a review, and its decision where that is known already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReview {
    /// The day it reached the authority: day 0 of its time (EIR reg 11, FOISA s20, EI(S)Rs reg 16).
    pub requested_on: Date,
    /// The parts to be reviewed; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_items = 1, max_items = 500)]
    pub parts: Option<Vec<Label>>,
    /// Why the requester is not content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub grounds: Option<Prose>,
    /// What the requester accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub not_contested: Option<Prose>,
    /// The decision; as a rule it is recorded later, at `…/decision`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decision: Option<ReviewDecision>,
}

filed! {
    /// A review.
    pub struct Review {
        /// The day it was asked for.
        pub requested_on: Date,
        /// The parts reviewed.
        #[schema(max_items = 500)]
        pub parts: Vec<Label>,
        /// Why the requester is not content.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub grounds: Option<Prose>,
        /// What the requester accepts.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub not_contested: Option<Prose>,
        /// The day by which it is due: by statute, or under FOIA by guidance.
        pub due_on: Date,
        /// Every date that follows from it, with what it rests on.
        #[schema(max_items = 10)]
        pub due_dates: Vec<DueDate>,
        /// The decision, once there is one.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub decision: Option<ReviewDecision>,
        /// Working days from the day it was asked for to its decision.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub working_days_taken: Option<i64>,
        /// Whether it is not decided although its time has passed.
        pub overdue: bool,
        /// What statute and guidance say of it.
        #[schema(max_items = 100)]
        pub findings: Vec<Finding>,
    }
}

impl NewReview {
    /// Everything wrong by itself, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults: Vec<Fault> = in_future("/requested_on", self.requested_on, today).into_iter().collect();
        faults.extend(part_list("/parts", self.parts.as_deref()));
        let decision = self.decision.iter().flat_map(|decision| decision.faults(today));
        faults.extend(decision.map(|fault| fault.below("/decision")));
        faults
    }
}

impl ReviewDecision {
    /// Everything wrong by itself, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults: Vec<Fault> = in_future("/decided_on", self.decided_on, today).into_iter().collect();
        if self.results.is_empty() {
            faults.push(Fault::new("/results", INVALID_VALUE, "A decision says what became of at least one part."));
        }
        faults.extend(duplicates("/results", self.results.iter().map(|result| ("/part".to_owned(), &result.part))));
        faults.extend(too_many("/results", self.results.len(), MOST_RESULTS));
        faults
    }
}
