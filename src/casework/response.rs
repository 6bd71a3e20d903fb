//! A response to a request: determinations by part, with their grounds and public-interest tests.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        amount::Amount,
        request::duplicates,
        text::{Label, Line, Prose, Word},
    },
    fault::{DATE_IN_FUTURE, Fault, INCONSISTENT_MEMBERS, INVALID_VALUE},
    law::{Date, Finding},
    vocabulary,
};

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
    /// The level of likelihood a prejudice is claimed at.
    pub enum Threshold {
        /// More probable than not.
        Would = "would",
        /// A real and significant risk, which may be under half.
        WouldBeLikely = "would_be_likely",
    }
}

vocabulary! {
    /// Whether a limb is relied on first or in addition.
    pub enum Rank {
        Primary = "primary",
        Secondary = "secondary",
    }
}

vocabulary! {
    /// The result of a public-interest test. An equal balance means disclosure.
    pub enum Balance {
        Maintain = "maintain",
        Equal = "equal",
        Disclose = "disclose",
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

vocabulary! {
    /// Who put a factor forward.
    pub enum ArguedBy {
        Requester = "requester",
        Authority = "authority",
        ThirdParty = "third_party",
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
}

/// A provision relied on to refuse, with what the statute asks to go with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ground {
    /// The provision that counts, like `31(3)`. A letter already sent may cite what the catalogue does not know: then this
    /// is absent and `as_cited` keeps the words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub provision: Option<Word>,
    /// The citation as the letter has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub as_cited: Option<Line>,
    /// Purposes, conditions and mirrored limbs that go with the provision; never counted in figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub relies_on: Vec<Reliance>,
    /// The likelihood claimed, for a ground that turns on prejudice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub threshold: Option<Threshold>,
    /// The prejudice claimed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub prejudice: Option<Prejudice>,
    /// Why the ground applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reasons: Option<Prose>,
    /// Why like requests get like answers (NCND).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub consistency_reasons: Option<Prose>,
    /// What the ground covers, where it covers only some of the information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub applies_to: Option<Prose>,
    /// Grounds of one part that share this string are relied on in the alternative: one thing everywhere, so that nobody
    /// can tell which member applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub alternative_group: Option<Word>,
    /// A statement left out because it would itself disclose exempt information (FOIA s17(4), FOISA s16(3)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub statement_omitted: Option<StatementOmitted>,
    /// The three-part legitimate-interests test for personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub legitimate_interests: Option<LegitimateInterests>,
    /// The qualified person's opinion (FOIA s36).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub qualified_person: Option<QualifiedPerson>,
    /// The estimate of cost (FOIA and FOISA s12).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cost_estimate: Option<CostEstimate>,
    /// Where the information can be had (FOIA s21, FOISA s25).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub available_at: Vec<Line>,
    /// The request answered before (FOIA and FOISA s14(2)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub earlier_request: Option<EarlierRequest>,
    /// The enactment that prohibits disclosure (FOIA s44, FOISA s26).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub enactment: Option<Line>,
    /// When publication is planned (FOIA s22, FOISA s27).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub publication_planned_on: Option<Date>,
    /// A ministerial certificate that supports the ground (FOIA ss23 to 25, EIR reg 15).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub certificate: Option<Line>,
}

/// A purpose, condition or mirrored limb named with a ground.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reliance {
    /// The provision named, like `31(2)(a)`.
    pub provision: Word,
    /// The likelihood claimed for this limb.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub threshold: Option<Threshold>,
    /// Whether the limb is relied on first or in addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rank: Option<Rank>,
}

/// A claim of prejudice: whose interest, what harm, and how the one leads to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Prejudice {
    /// The interest the provision protects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub interest: Option<Prose>,
    /// The harm to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub harm: Option<Prose>,
    /// How disclosure, or confirming or denying, would cause the harm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub causal_link: Option<Prose>,
}

/// A statement that the letter leaves out, under which provision, and who decided so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StatementOmitted {
    /// The provision that allows it: `17(4)` under FOIA, `16(3)` under FOISA.
    pub under: Word,
    /// The statements left out, by provision, like `17(1)(c)` and `17(3)(b)`.
    #[schema(max_items = 10)]
    pub covers: Vec<Word>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decided_by: Option<DecisionMaker>,
}

/// Article 6(1)(f) UK GDPR, as FOIA s40(8) applies it: interest, necessity, balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LegitimateInterests {
    /// The legitimate interest in disclosure, if one was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub interest: Option<Prose>,
    /// Whether disclosure is necessary to meet it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub necessary: Option<bool>,
    /// The balance against the data subject's interests, rights and freedoms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub balance: Option<Prose>,
}

/// The reasonable opinion of the qualified person (FOIA s36(2), (5)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QualifiedPerson {
    /// The office held, not a name.
    pub office: Line,
    /// The day the opinion was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub opinion_on: Option<Date>,
    /// The opinion, in outline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub opinion: Option<Prose>,
    /// True when the information is statistical: then no opinion is needed (s36(4)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub statistical_information: Option<bool>,
}

/// An estimate of what an answer would cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CostEstimate {
    /// Hours estimated for determining whether the information is held, locating, retrieving and extracting it.
    pub hours: Amount,
    /// The sum, in pounds.
    pub amount: Amount,
    /// How the estimate was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub basis: Option<Prose>,
}

/// The earlier request that a repeated one repeats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlierRequest {
    /// The authority's reference of it.
    pub reference: Word,
    /// The day it was complied with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub complied_on: Option<Date>,
}

/// A weighing of the public interest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicInterestTest {
    /// The grounds it covers.
    #[schema(min_items = 1, max_items = 50)]
    pub provisions: Vec<Word>,
    /// Factors for disclosure, or for confirming or denying.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub factors_for: Vec<Factor>,
    /// Factors for maintaining the exemption or the exclusion of the duty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub factors_against: Vec<Factor>,
    /// Where the balance came out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub balance: Option<Balance>,
    /// The day it was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub decided_on: Option<Date>,
}

/// One factor in a public-interest test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// The factor.
    pub text: Prose,
    /// Who put it forward.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub argued_by: Option<ArguedBy>,
}

vocabulary! {
    /// Whether a response is still being prepared.
    pub enum ResponseStatus {
        /// In preparation: invisible outside, without history.
        Draft = "draft",
        /// Sent: frozen.
        Issued = "issued",
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

/// A determination that replaces the draft's for one part: everything but the label, which stands in the path.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeterminationReplacement {
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
}

impl DeterminationReplacement {
    /// The determination it makes for `part`.
    #[must_use]
    pub fn into_determination(self, part: Label) -> Determination {
        Determination {
            part,
            outcome: self.outcome,
            grounds: self.grounds,
            public_interest_tests: self.public_interest_tests,
            explanation: self.explanation,
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
pub struct Response {
    /// Random identifier.
    pub id: String,
    /// The request it answers.
    pub request_id: String,
    /// Draft or issued.
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
    /// What the statute says of it; they live as long as the response.
    #[schema(max_items = 1000)]
    pub findings: Vec<Finding>,
    /// Grows with every change.
    pub version: i64,
    /// When it was recorded, UTC.
    pub created_at: String,
    /// When it last changed, UTC.
    pub updated_at: String,
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
        for (at, determination) in self.determinations.iter().enumerate() {
            faults.extend(determination.faults(&format!("/determinations/{at}")));
        }
        for (at, left) in self.left_open.iter().enumerate() {
            if self.determinations.iter().any(|determination| determination.part == left.part) {
                faults.push(Fault::new(
                    format!("/left_open/{at}/part"),
                    INCONSISTENT_MEMBERS,
                    "The part is answered in the same response.",
                ));
            }
        }
        faults
    }
}

impl Determination {
    /// Everything wrong with the form of the determination that stands at `at`.
    #[must_use]
    pub fn faults(&self, at: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (index, ground) in self.grounds.iter().enumerate() {
            if ground.provision.is_none() && ground.as_cited.is_none() {
                faults.push(Fault::new(
                    format!("{at}/grounds/{index}"),
                    INCONSISTENT_MEMBERS,
                    "A ground names its `provision`, or at least how it was cited in `as_cited`.",
                ));
            }
        }
        for (index, test) in self.public_interest_tests.iter().enumerate() {
            if test.provisions.is_empty() {
                faults.push(Fault::new(
                    format!("{at}/public_interest_tests/{index}/provisions"),
                    INVALID_VALUE,
                    "A public-interest test names at least one provision.",
                ));
            }
        }
        faults
    }
}
