//! Regulatory action: an audit, a reprimand, an enforcement notice, whatever the regulator does to a body outside a single
//! complaint.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        record::DatePrecision,
        request::{duplicates, too_many},
        text::{Line, Prose, Word},
    },
    fault::{DATE_IN_FUTURE, Fault, INCONSISTENT_MEMBERS},
    law::Date,
    vocabulary,
};

const MOST_PUBLICATIONS: usize = 50;
const MOST_REQUIREMENTS: usize = 200;
const MOST_REQUESTS: usize = 200;

vocabulary! {
    /// What the regulator did.
    pub enum RegulatoryActionKind {
        Audit = "audit",
        Reprimand = "reprimand",
        InformationNotice = "information_notice",
        AssessmentNotice = "assessment_notice",
        EnforcementNotice = "enforcement_notice",
        PracticeRecommendation = "practice_recommendation",
        Undertaking = "undertaking",
        MonetaryPenalty = "monetary_penalty",
        Prosecution = "prosecution",
        Other = "other",
    }
}

/// Where an action was made public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionPublication {
    /// The address.
    pub uri: Line,
    /// What stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Line>,
    /// The day it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub published_on: Option<Date>,
    /// The day it was taken down, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub withdrawn_on: Option<Date>,
}

/// Something that the body is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionRequirement {
    /// What it is.
    pub text: Prose,
    /// The day by which it is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub due_on: Option<Date>,
    /// The day on which it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub met_on: Option<Date>,
}

/// A regulatory action as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRegulatoryAction {
    /// What the regulator did.
    pub kind: RegulatoryActionKind,
    /// The regulator.
    pub regulator: Line,
    /// The body that it was done to.
    pub subject_body: Line,
    /// The regulator's reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reference: Option<Word>,
    /// The enactment that it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub basis: Option<Line>,
    /// When it was done: of a month or a year, the first day.
    pub dated_on: Date,
    /// How exactly that is known; to the day when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub date_precision: Option<DatePrecision>,
    /// Whether the body took part of its own will, as in a consensual audit.
    #[serde(default)]
    pub voluntary: bool,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub summary: Option<Prose>,
    /// Where it was made public.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub publications: Vec<ActionPublication>,
    /// What the body is to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub requirements: Vec<ActionRequirement>,
    /// Requests that are about it, every part of which was answered with something other than neither confirming nor
    /// denying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub request_ids: Vec<Word>,
    /// The authority that keeps the record, where the credential has more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub authority_id: Option<Word>,
}

/// A regulatory action.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegulatoryAction {
    /// Random identifier.
    #[schema(format = "uuid")]
    pub id: String,
    /// The authority that keeps the record.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// What the regulator did.
    pub kind: RegulatoryActionKind,
    /// The regulator.
    pub regulator: Line,
    /// The body that it was done to.
    pub subject_body: Line,
    /// The regulator's reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reference: Option<Word>,
    /// The enactment that it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub basis: Option<Line>,
    /// When it was done: of a month or a year, the first day.
    pub dated_on: Date,
    /// How exactly that is known.
    pub date_precision: DatePrecision,
    /// Whether the body took part of its own will.
    pub voluntary: bool,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub summary: Option<Prose>,
    /// Where it was made public.
    #[schema(max_items = 50)]
    pub publications: Vec<ActionPublication>,
    /// What the body is to do.
    #[schema(max_items = 200)]
    pub requirements: Vec<ActionRequirement>,
    /// Requests that are about it.
    #[schema(max_items = 200)]
    pub request_ids: Vec<Word>,
    /// Grows with every change.
    pub version: i64,
    /// When it was recorded, UTC.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// When it last changed, UTC.
    #[schema(format = "date-time")]
    pub updated_at: String,
    /// When it was voided, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "date-time")]
    pub voided_at: Option<String>,
    /// Why it was voided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub void_reason: Option<Prose>,
}

impl NewRegulatoryAction {
    /// Everything wrong by itself, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.dated_on > today {
            faults.push(Fault::new("/dated_on", DATE_IN_FUTURE, "What has not happened yet is not recorded."));
        }
        if !self.date_precision.unwrap_or(DatePrecision::Day).fits(self.dated_on) {
            let detail = "A month or year is given by its first day.";
            faults.push(Fault::new("/dated_on", INCONSISTENT_MEMBERS, detail));
        }
        faults.extend(too_many("/publications", self.publications.len(), MOST_PUBLICATIONS));
        faults.extend(too_many("/requirements", self.requirements.len(), MOST_REQUIREMENTS));
        faults.extend(too_many("/request_ids", self.request_ids.len(), MOST_REQUESTS));
        faults.extend(duplicates("/request_ids", self.request_ids.iter().map(|id| (String::new(), id))));
        for (at, requirement) in self.requirements.iter().enumerate() {
            let met_on = requirement.met_on.filter(|met_on| *met_on > today);
            let detail = "A requirement is met on the day it is met, today at the latest.";
            faults.extend(met_on.map(|_| Fault::new(format!("/requirements/{at}/met_on"), DATE_IN_FUTURE, detail)));
        }
        for (at, publication) in self.publications.iter().enumerate() {
            let (Some(published_on), Some(withdrawn_on)) = (publication.published_on, publication.withdrawn_on) else {
                continue;
            };
            if withdrawn_on < published_on {
                let detail = "It cannot have been taken down before it was published.";
                faults.push(Fault::new(format!("/publications/{at}/withdrawn_on"), INCONSISTENT_MEMBERS, detail));
            }
        }
        faults
    }
}
