//! A part of a request: one numbered question, with its own regime, clock and answer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        request::duplicates,
        response::DeterminationOutcome,
        text::{Label, Prose},
    },
    fault::{Fault, INCONSISTENT_MEMBERS, INVALID_VALUE},
    law::{Date, Regime, clock::PartState},
};

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_true(value: &bool) -> bool {
    *value
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// One numbered question of a request, as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPart {
    /// The label of the part, unique within the request.
    pub label: Label,
    /// What is asked.
    pub text: Prose,
    /// The regime of this part, where it differs from the request's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub regime: Option<Regime>,
    /// False for words that are no valid request for information (FOIA s8): nothing is due on them, and no figure counts them.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    #[schema(default = true)]
    pub valid_request: bool,
    /// Why the words are no valid request for information (FOIA s8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub invalid_reason: Option<Prose>,
    /// How the scope was bounded: a period, a set of records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub scope_note: Option<Prose>,
    /// How the authority reads the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub interpretation: Option<Prose>,
    /// True for "any other information" beyond what another part confirms.
    #[serde(default, skip_serializing_if = "is_false")]
    #[schema(default = false)]
    pub residual: bool,
    /// What had already been published on the matter, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub prior_publication: Option<Prose>,
}

impl NewPart {
    /// What is wrong across members.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.faults_at("")
    }

    pub(super) fn faults_at(&self, at: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.valid_request && self.invalid_reason.is_some() {
            faults.push(Fault::new(
                format!("{at}/invalid_reason"),
                INCONSISTENT_MEMBERS,
                "A reason for invalidity goes with `valid_request: false`.",
            ));
        }
        faults
    }
}

/// A fault at `pointer` where a body names another part than the path does.
pub(super) fn not_of_path(pointer: &str, named: Option<&Label>, path: &Label) -> Option<Fault> {
    let differs = named.is_some_and(|named| named != path);
    let detail = "The path names another part. Leave the member out, or give the label of the path.";
    differs.then(|| Fault::new(pointer, INCONSISTENT_MEMBERS, detail))
}

/// A part that replaces another, whose label stands in the path.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartReplacement {
    /// The label as in the path; it may be left out.
    #[serde(default)]
    #[schema(nullable = false)]
    pub label: Option<Label>,
    /// What is asked.
    pub text: Prose,
    /// The regime of this part, where it differs from the request's.
    #[serde(default)]
    #[schema(nullable = false)]
    pub regime: Option<Regime>,
    /// Whether the words are a valid request for information.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub valid_request: bool,
    /// Why the words are no valid request for information.
    #[serde(default)]
    #[schema(nullable = false)]
    pub invalid_reason: Option<Prose>,
    /// How the scope was bounded.
    #[serde(default)]
    #[schema(nullable = false)]
    pub scope_note: Option<Prose>,
    /// How the authority reads the question.
    #[serde(default)]
    #[schema(nullable = false)]
    pub interpretation: Option<Prose>,
    /// True for "any other information".
    #[serde(default)]
    #[schema(default = false)]
    pub residual: bool,
    /// What had already been published on the matter.
    #[serde(default)]
    #[schema(nullable = false)]
    pub prior_publication: Option<Prose>,
}

impl PartReplacement {
    /// The part it makes under `label`.
    #[must_use]
    pub fn into_part(self, label: Label) -> NewPart {
        NewPart {
            label,
            text: self.text,
            regime: self.regime,
            valid_request: self.valid_request,
            invalid_reason: self.invalid_reason,
            scope_note: self.scope_note,
            interpretation: self.interpretation,
            residual: self.residual,
            prior_publication: self.prior_publication,
        }
    }

    /// What is wrong across members, and with the label beside that of the path.
    #[must_use]
    pub fn faults(&self, path: &Label) -> Vec<Fault> {
        let mut faults: Vec<Fault> = not_of_path("/label", self.label.as_ref(), path).into_iter().collect();
        faults.extend(self.clone().into_part(path.clone()).faults());
        faults
    }
}

/// Labels of the parts that one part is split into.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartSplit {
    /// Two or more new labels; each new part starts with the text of the old one.
    #[schema(min_items = 2, max_items = 100)]
    pub labels: Vec<Label>,
}

impl PartSplit {
    /// What is wrong with the labels.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = duplicates("/labels", self.labels.iter().map(|label| (String::new(), label)));
        if !(2..=100).contains(&self.labels.len()) {
            faults.push(Fault::new("/labels", INVALID_VALUE, "A part is split into 2 to 100 parts."));
        }
        faults
    }
}

/// One part of a request as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Part {
    /// The label of the part.
    pub label: Label,
    /// What is asked.
    pub text: Prose,
    /// The regime it is handled under.
    pub regime: Regime,
    /// Whether the words are a valid request for information.
    pub valid_request: bool,
    /// Why they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub invalid_reason: Option<Prose>,
    /// How the scope was bounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub scope_note: Option<Prose>,
    /// How the authority reads the question.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub interpretation: Option<Prose>,
    /// Whether it asks for "any other information".
    pub residual: bool,
    /// What had already been published on the matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub prior_publication: Option<Prose>,
    /// How the part stands; absent for words that are no valid request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub status: Option<PartState>,
    /// The statutory due date; absent for words that are no valid request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub due_on: Option<Date>,
    /// The end of a permitted extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub extended_to: Option<Date>,
    /// How it was answered in an issued response; drafts never show here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub outcome: Option<DeterminationOutcome>,
}
