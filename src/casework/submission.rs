//! A submission to the regulator. What is confidential is kept elsewhere: here stands only where.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{filing::in_future, request::too_many, response::SentDocument, text::Prose},
    fault::{Fault, INCONSISTENT_MEMBERS},
    filed,
    law::Date,
    vocabulary,
};

/// The most documents of one submission.
const MOST_DOCUMENTS: usize = 50;

vocabulary! {
    /// Who made a submission.
    pub enum SubmissionParty {
        Authority = "authority",
        Complainant = "complainant",
        ThirdParty = "third_party",
    }
}

/// A submission as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubmission {
    /// The day it was made.
    pub submitted_on: Date,
    /// Who made it.
    pub submitted_by: SubmissionParty,
    /// Whether it was made in confidence: then it has neither `summary` nor titles, only where its documents are kept.
    #[serde(default)]
    pub confidential: bool,
    /// What it says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub summary: Option<Prose>,
    /// Its documents, held elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub documents: Vec<SentDocument>,
}

filed! {
    /// A submission.
    pub struct Submission {
        /// The complaint in which it was made.
        #[schema(format = "uuid")]
        pub complaint_id: String,
        /// The day it was made.
        pub submitted_on: Date,
        /// Who made it.
        pub submitted_by: SubmissionParty,
        /// Whether it was made in confidence.
        pub confidential: bool,
        /// What it says; never of one made in confidence.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(nullable = false)]
        pub summary: Option<Prose>,
        /// Its documents, held elsewhere.
        #[schema(max_items = 50)]
        pub documents: Vec<SentDocument>,
    }
}

impl NewSubmission {
    /// Everything wrong by itself, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults: Vec<Fault> = in_future("/submitted_on", self.submitted_on, today).into_iter().collect();
        faults.extend(too_many("/documents", self.documents.len(), MOST_DOCUMENTS));
        if self.confidential {
            faults.extend(self.confidence_faults());
        } else if self.summary.is_none() && self.documents.is_empty() {
            let detail = "A submission has a summary, or documents held elsewhere.";
            faults.push(Fault::new("/summary", INCONSISTENT_MEMBERS, detail));
        }
        faults
    }

    fn confidence_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.summary.is_some() {
            let detail =
                "What was submitted in confidence is not kept here: leave the words out and say where they are.";
            faults.push(Fault::new("/summary", INCONSISTENT_MEMBERS, detail));
        }
        if self.documents.is_empty() {
            let detail = "Say where the confidential submission is kept.";
            faults.push(Fault::new("/documents", INCONSISTENT_MEMBERS, detail));
        }
        let titled = self.documents.iter().enumerate().filter(|(_, document)| document.title.is_some());
        faults.extend(titled.map(|(at, _)| {
            let detail = "The title of a confidential document is not kept here.";
            Fault::new(format!("/documents/{at}/title"), INCONSISTENT_MEMBERS, detail)
        }));
        faults
    }
}
