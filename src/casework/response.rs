//! A response to a request: determinations by part, with their grounds and public-interest tests.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use crate::casework::ground::{
    AggregatedRequest, ArguedBy, Balance, CostActivity, CostEstimate, CostItem, EarlierRequest, Factor, Ground,
    LegitimateInterests, Prejudice, PublicInterestTest, QualifiedPerson, Rank, Reliance, StatementOmitted, Threshold,
};
use crate::{
    casework::{
        ncnd_position::DepartureReason,
        part::not_of_path,
        request::{duplicates, too_many},
        text::{Label, Line, Prose, Word},
    },
    fault::{DATE_IN_FUTURE, Fault, INCONSISTENT_MEMBERS},
    law::{Date, Finding},
    vocabulary,
};

/// The most grounds of one determination.
const MOST_GROUNDS: usize = 50;
/// The most public-interest tests of one determination.
const MOST_TESTS: usize = 50;
/// The most documents sent with one response.
pub(super) const MOST_SENT_DOCUMENTS: usize = 200;

vocabulary! {
    /// What a response is in the life of the request.
    pub enum ResponseKind {
        /// The first answer; it alone decides timeliness and outcome.
        Initial = "initial",
        /// The outcome of a public-interest test announced earlier (FOIA s17(3)).
        PublicInterestOutcome = "public_interest_outcome",
        /// A new answer ordered by a decision notice.
        Fresh = "fresh",
        /// An answer changed during an investigation.
        Revised = "revised",
        /// The answer given at internal review.
        Review = "review",
    }
}

vocabulary! {
    /// How one part of the request was answered.
    pub enum DeterminationOutcome {
        Disclosed = "disclosed",
        PartlyDisclosed = "partly_disclosed",
        Withheld = "withheld",
        NeitherConfirmedNorDenied = "neither_confirmed_nor_denied",
        NotHeld = "not_held",
        AccessibleElsewhere = "accessible_elsewhere",
        RefusedCost = "refused_cost",
        RefusedVexatious = "refused_vexatious",
        RefusedRepeated = "refused_repeated",
        AdviceGiven = "advice_given",
        Transferred = "transferred",
    }
}

vocabulary! {
    /// Whether the letter stated a particular that the statute asks for.
    pub enum Particular {
        /// The letter said it.
        Stated = "stated",
        /// The letter said that there is no such procedure (FOIA s17(7)(a) allows it for the internal review).
        NoneExists = "none_exists",
        /// The letter did not say it.
        Omitted = "omitted",
    }
}

/// The official who took a decision: an opaque staff reference, never a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionMaker {
    /// Opaque staff reference of the authority.
    pub staff_ref: Word,
    /// The role held, as the letter states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub role: Option<Line>,
}

/// What the letter said about the requester's further rights.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Particulars {
    /// The internal review procedure: FOIA s17(7)(a), EIR reg 14(5)(a), FOISA s19(a), EI(S)Rs reg 13(e).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub internal_review: Option<Particular>,
    /// The right to apply to the regulator: FOIA s17(7)(b), EIR reg 14(5)(b), FOISA s19(b), EI(S)Rs reg 13(e).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub regulator: Option<Particular>,
}

/// A document that was sent, held elsewhere: where it is and what its content hashes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SentDocument {
    /// Where the authority keeps the document; opaque to this service.
    pub uri: Line,
    /// SHA-256 of the content, 64 hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub sha256: Option<Word>,
    /// The document's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub title: Option<Line>,
}

/// A valid part that this response leaves unanswered on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeftOpen {
    /// The part's label.
    pub part: Label,
    /// Why it is left open.
    pub reason: Prose,
}

/// The answer to one part of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Determination {
    /// The label of the part answered.
    pub part: Label,
    /// How it was answered.
    pub outcome: DeterminationOutcome,
    /// The grounds of refusal relied on, if any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub grounds: Vec<Ground>,
    /// The public-interest tests made; one may cover several grounds or a whole alternative group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub public_interest_tests: Vec<PublicInterestTest>,
    /// Where and how disclosed information was given, or other words to the requester about this part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub explanation: Option<Prose>,
    /// Why the part is answered otherwise than a standing position on the topic has it. It is for those who work on the
    /// draft and those who keep the positions: the issued response does not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub position_departure: Option<DepartureReason>,
}

vocabulary! {
    /// Whether a response is still being prepared.
    pub enum ResponseStatus {
        /// In preparation: invisible outside, without history.
        Draft = "draft",
        /// Sent: frozen.
        Issued = "issued",
        /// Recorded by mistake: it stays readable and counts nowhere.
        Void = "void",
    }
}

vocabulary! {
    /// How a response is recorded.
    pub enum RecordAs {
        /// To be worked on and checked before it is issued.
        Draft = "draft",
        /// A letter that has already gone: a fact, recorded with findings and never refused for what it says.
        Sent = "sent",
    }
}

/// What a response says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewResponse {
    /// What the response is in the life of the request.
    pub kind: ResponseKind,
    /// As a draft, which is the default, or as a letter already sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub record_as: Option<RecordAs>,
    /// The day it was sent; required for a letter already sent, refused for a draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub issued_on: Option<Date>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decided_by: Option<DecisionMaker>,
    /// What the letter says about the requester's further rights.
    #[serde(default)]
    pub particulars: Particulars,
    /// Documents sent with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub sent_documents: Vec<SentDocument>,
    /// The answers, by part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub determinations: Vec<Determination>,
    /// Valid parts left unanswered on purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 500)]
    pub left_open: Vec<LeftOpen>,
    /// The review it came out of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub review_id: Option<Word>,
    /// The complaint it was made in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub complaint_id: Option<Word>,
    /// The decision notice that ordered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decision_notice_id: Option<Word>,
    /// The issued response it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub supersedes: Option<Word>,
}

/// A determination that replaces the draft's for one part, whose label stands in the path.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeterminationReplacement {
    /// The part's label as in the path; it may be left out.
    #[serde(default)]
    #[schema(nullable = false)]
    pub part: Option<Label>,
    /// How the part is answered.
    pub outcome: DeterminationOutcome,
    /// The grounds of refusal relied on, if any.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub grounds: Vec<Ground>,
    /// The public-interest tests made.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub public_interest_tests: Vec<PublicInterestTest>,
    /// Other words to the requester about this part.
    #[serde(default)]
    #[schema(nullable = false)]
    pub explanation: Option<Prose>,
    /// Why the part is answered otherwise than a standing position on the topic has it.
    #[serde(default)]
    #[schema(nullable = false)]
    pub position_departure: Option<DepartureReason>,
}

impl DeterminationReplacement {
    /// Everything wrong with its form as the determination of `part`, the label in the path.
    #[must_use]
    pub fn faults(&self, part: &Label) -> Vec<Fault> {
        let mut faults: Vec<Fault> = not_of_path("/part", self.part.as_ref(), part).into_iter().collect();
        faults.extend(self.clone().into_determination(part.clone()).faults(""));
        faults
    }

    /// The determination it makes for `part`.
    #[must_use]
    pub fn into_determination(self, part: Label) -> Determination {
        Determination {
            part,
            outcome: self.outcome,
            grounds: self.grounds,
            public_interest_tests: self.public_interest_tests,
            explanation: self.explanation,
            position_departure: self.position_departure,
        }
    }
}

/// A reason for issuing past a failed check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Why the response goes out all the same.
    pub reason: Prose,
}

/// Issues a draft.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Issue {
    /// The day the response is sent.
    pub issued_on: Date,
    /// Issues it in spite of findings of severity `error`.
    #[serde(default, rename = "override")]
    #[schema(nullable = false)]
    pub override_with: Option<Override>,
}

/// A response: a draft, or a letter that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ResponseLetter)]
pub struct Response {
    /// Random identifier.
    #[schema(format = "uuid")]
    pub id: String,
    /// The request it answers.
    #[schema(format = "uuid")]
    pub request_id: String,
    /// Draft, issued or void.
    pub status: ResponseStatus,
    /// What it is in the life of the request.
    pub kind: ResponseKind,
    /// The day it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub issued_on: Option<Date>,
    /// Who decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decided_by: Option<DecisionMaker>,
    /// What the letter says about the requester's further rights.
    pub particulars: Particulars,
    /// Documents sent with it.
    #[schema(max_items = 200)]
    pub sent_documents: Vec<SentDocument>,
    /// The answers, by part.
    #[schema(max_items = 500)]
    pub determinations: Vec<Determination>,
    /// Valid parts left unanswered on purpose.
    #[schema(max_items = 500)]
    pub left_open: Vec<LeftOpen>,
    /// The review it came out of.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub review_id: Option<Word>,
    /// The complaint it was made in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub complaint_id: Option<Word>,
    /// The decision notice that ordered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decision_notice_id: Option<Word>,
    /// The issued response it replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub supersedes: Option<Word>,
    /// Why it went out in spite of findings of severity `error`.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub override_with: Option<Override>,
    /// What the statute says of it; they live as long as the response. Of a draft as of the day it was last worked on: what
    /// `…/checks` says is of today, with parts and events that were recorded since.
    #[schema(max_items = 1000)]
    pub findings: Vec<Finding>,
    /// Grows with every change. A letter that is issued starts anew, so that nothing tells how its draft was worked on.
    pub version: i64,
    /// When it was recorded, UTC.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// When it last changed, UTC.
    #[schema(format = "date-time")]
    pub updated_at: String,
    /// When it was voided, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "date-time", nullable = false)]
    pub voided_at: Option<String>,
    /// Why it is void.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub void_reason: Option<Prose>,
}

impl NewResponse {
    /// Everything wrong across members, given the date in London. What a letter *says* is never wrong here: that is a
    /// finding.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        match (self.record_as.unwrap_or(RecordAs::Draft), self.issued_on) {
            (RecordAs::Sent, None) => faults.push(Fault::new(
                "/issued_on",
                INCONSISTENT_MEMBERS,
                "A letter already sent has the day it was sent.",
            )),
            (RecordAs::Draft, Some(_)) => faults.push(Fault::new(
                "/issued_on",
                INCONSISTENT_MEMBERS,
                "A draft has no day of issue; give it when the draft is issued.",
            )),
            (RecordAs::Sent, Some(issued_on)) if issued_on > today => {
                faults.push(Fault::new(
                    "/issued_on",
                    DATE_IN_FUTURE,
                    "A letter already sent was not sent after today.",
                ));
            }
            _ => {}
        }
        let parts = self.determinations.iter().map(|determination| ("/part".to_owned(), &determination.part));
        faults.extend(duplicates("/determinations", parts));
        faults.extend(duplicates("/left_open", self.left_open.iter().map(|left| ("/part".to_owned(), &left.part))));
        faults.extend(too_many("/sent_documents", self.sent_documents.len(), MOST_SENT_DOCUMENTS));
        for (at, determination) in self.determinations.iter().enumerate() {
            faults.extend(determination.faults(&format!("/determinations/{at}")));
        }
        faults.extend(answered_and_left_open(&self.determinations, &self.left_open));
        faults
    }
}

/// A fault for each part left open that is answered in the same response.
pub(super) fn answered_and_left_open(determinations: &[Determination], left_open: &[LeftOpen]) -> Vec<Fault> {
    let answered = |left: &LeftOpen| determinations.iter().any(|determination| determination.part == left.part);
    let both = left_open.iter().enumerate().filter(|(_, left)| answered(left));
    both.map(|(at, _)| {
        let detail = "The part is answered in the same response.";
        Fault::new(format!("/left_open/{at}/part"), INCONSISTENT_MEMBERS, detail)
    })
    .collect()
}

impl Determination {
    /// Everything wrong with the form of the determination that stands at `at`.
    #[must_use]
    pub fn faults(&self, at: &str) -> Vec<Fault> {
        let grounds = format!("{at}/grounds");
        let tests = format!("{at}/public_interest_tests");
        let mut faults: Vec<Fault> = too_many(&grounds, self.grounds.len(), MOST_GROUNDS).into_iter().collect();
        faults.extend(too_many(&tests, self.public_interest_tests.len(), MOST_TESTS));
        for (index, ground) in self.grounds.iter().enumerate() {
            faults.extend(ground.faults(&format!("{grounds}/{index}")));
        }
        for (index, test) in self.public_interest_tests.iter().enumerate() {
            faults.extend(test.faults(&format!("{tests}/{index}")));
        }
        faults
    }
}
