//! A whole past case in one document: the request, what happened to it, and everything that came after the answer. Entries
//! speak of each other by names that hold within the document.

mod faults;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::casework::{
    appeal::NewAppeal,
    complaint::NewComplaint,
    decision_notice::NewDecisionNotice,
    event::{
        ClarificationAnswer, FeePayment, NewClarification, NewExtension, NewFeeNotice, NewLapse, NewReceiptCorrection,
        NewReopening, NewTransfer, NewWithdrawal,
    },
    position_change::NewPositionChange,
    record::NewRecord,
    regulatory_action::NewRegulatoryAction,
    request::{NewRequest, Request},
    response::NewResponse,
    review::NewReview,
    submission::NewSubmission,
    text::Word,
};

/// One thing that happened to the clock: exactly one of the members that name an event, and with a question or a fees
/// notice what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryEvent {
    /// A question to the requester.
    #[serde(default)]
    #[schema(nullable = false)]
    pub clarification: Option<NewClarification>,
    /// The answer to the question in the same entry.
    #[serde(default)]
    #[schema(nullable = false)]
    pub answer: Option<ClarificationAnswer>,
    /// A fees notice.
    #[serde(default)]
    #[schema(nullable = false)]
    pub fee_notice: Option<NewFeeNotice>,
    /// The payment of the fee in the same entry.
    #[serde(default)]
    #[schema(nullable = false)]
    pub payment: Option<FeePayment>,
    /// An extension.
    #[serde(default)]
    #[schema(nullable = false)]
    pub extension: Option<NewExtension>,
    /// A withdrawal.
    #[serde(default)]
    #[schema(nullable = false)]
    pub withdrawal: Option<NewWithdrawal>,
    /// A lapse.
    #[serde(default)]
    #[schema(nullable = false)]
    pub lapse: Option<NewLapse>,
    /// A transfer.
    #[serde(default)]
    #[schema(nullable = false)]
    pub transfer: Option<NewTransfer>,
    /// A reopening.
    #[serde(default)]
    #[schema(nullable = false)]
    pub reopening: Option<NewReopening>,
    /// A correction of the receipt.
    #[serde(default)]
    #[schema(nullable = false)]
    pub receipt_correction: Option<NewReceiptCorrection>,
}

/// A letter that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryResponse {
    /// The name that other entries call it by.
    #[serde(default)]
    #[schema(nullable = false)]
    pub known_as: Option<Word>,
    /// The letter; what it refers to is named as it is known in this document.
    pub response: NewResponse,
    /// The records located for the parts that it, or a letter before it, answers. Where a later letter turns a part to an
    /// answer that records do not go with, they stay with this one.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub records: Vec<NewRecord>,
}

/// A review.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryReview {
    /// The name that other entries call it by.
    #[serde(default)]
    #[schema(nullable = false)]
    pub known_as: Option<Word>,
    /// The review, with its decision.
    pub review: NewReview,
}

/// An appeal against the notice that it stands with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryAppeal {
    /// The name that other entries call it by.
    #[serde(default)]
    #[schema(nullable = false)]
    pub known_as: Option<Word>,
    /// The appeal, with its decision.
    pub appeal: NewAppeal,
}

/// A decision notice with the appeals against it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryNotice {
    /// The name that other entries call it by.
    #[serde(default)]
    #[schema(nullable = false)]
    pub known_as: Option<Word>,
    /// The notice; the response that complied with it is named as it is known in this document.
    pub decision_notice: NewDecisionNotice,
    /// The appeals against it, in the order in which they were made.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub appeals: Vec<HistoryAppeal>,
}

/// A complaint with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryComplaint {
    /// The name that other entries call it by.
    #[serde(default)]
    #[schema(nullable = false)]
    pub known_as: Option<Word>,
    /// The complaint, with its outcome where it ended without a notice.
    pub complaint: NewComplaint,
    /// Changes of the authority's position.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub position_changes: Vec<NewPositionChange>,
    /// Submissions.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub submissions: Vec<NewSubmission>,
    /// Decision notices.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub decision_notices: Vec<HistoryNotice>,
}

/// Something that the regulator did to a body outside the complaint, about the same matter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HistoryRegulatoryAction {
    /// The name that it is answered by.
    #[serde(default)]
    #[schema(nullable = false)]
    pub known_as: Option<Word>,
    /// The action. It is linked to the request of this document and names neither requests nor an authority.
    pub regulatory_action: NewRegulatoryAction,
}

/// A whole past case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseHistory {
    /// The request; it has a reference, by which a repeat is known.
    pub request: NewRequest,
    /// What happened to its clock, in any order that could have been recorded.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub events: Vec<HistoryEvent>,
    /// The letters that were sent.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub responses: Vec<HistoryResponse>,
    /// The reviews.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub reviews: Vec<HistoryReview>,
    /// The complaints.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub complaints: Vec<HistoryComplaint>,
    /// What the regulator did outside a complaint: only of a case of which every part was answered, and none with neither
    /// confirming nor denying.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub regulatory_actions: Vec<HistoryRegulatoryAction>,
}

/// An entry by the name it had in the document, and by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LocalIdentifier {
    /// The name.
    pub known_as: Word,
    /// The identifier.
    #[schema(format = "uuid")]
    pub id: String,
}

/// A past case that was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordedHistory {
    /// The request as it stands.
    pub request: Request,
    /// The identifiers of the entries that had names.
    #[schema(max_items = 1000)]
    pub identifiers: Vec<LocalIdentifier>,
}
