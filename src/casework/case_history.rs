//! A whole past case in one document: the request, what happened to it, and everything that came after the answer. Entries
//! speak of each other by names that hold within the document.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        appeal::NewAppeal,
        complaint::NewComplaint,
        decision_notice::NewDecisionNotice,
        event::{
            ClarificationAnswer, EventDraft, FeePayment, NewClarification, NewExtension, NewFeeNotice, NewLapse,
            NewReceiptCorrection, NewReopening, NewTransfer, NewWithdrawal,
        },
        position_change::NewPositionChange,
        request::{NewRequest, Request, too_many},
        response::{NewResponse, RecordAs},
        review::NewReview,
        submission::NewSubmission,
        text::Word,
    },
    fault::{DUPLICATE_VALUE, Fault, INCONSISTENT_MEMBERS, INVALID_VALUE},
    law::Date,
};

const MOST_EVENTS: usize = 200;
const MOST_ENTRIES: usize = 100;

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

impl HistoryEvent {
    /// The events that stand alone, with the member each stands in.
    #[must_use]
    pub fn alone(&self) -> Option<(&'static str, EventDraft)> {
        let draft = |member, draft: Option<EventDraft>| draft.map(|draft| (member, draft));
        draft("/clarification", self.clarification.clone().map(EventDraft::from))
            .or_else(|| draft("/fee_notice", self.fee_notice.clone().map(EventDraft::from)))
            .or_else(|| draft("/extension", self.extension.clone().map(EventDraft::from)))
            .or_else(|| draft("/withdrawal", self.withdrawal.clone().map(EventDraft::from)))
            .or_else(|| draft("/lapse", self.lapse.clone().map(EventDraft::from)))
            .or_else(|| draft("/transfer", self.transfer.clone().map(EventDraft::from)))
            .or_else(|| draft("/reopening", self.reopening.clone().map(EventDraft::from)))
    }

    fn faults(&self, at: &str) -> Vec<Fault> {
        let named = [
            self.clarification.is_some(),
            self.fee_notice.is_some(),
            self.extension.is_some(),
            self.withdrawal.is_some(),
            self.lapse.is_some(),
            self.transfer.is_some(),
            self.reopening.is_some(),
            self.receipt_correction.is_some(),
        ];
        let mut faults = Vec::new();
        if named.into_iter().filter(|is_named| *is_named).count() != 1 {
            faults.push(Fault::new(at, INCONSISTENT_MEMBERS, "An entry names exactly one event."));
        }
        if self.answer.is_some() && self.clarification.is_none() {
            let detail = "An answer stands with its `clarification`.";
            faults.push(Fault::new(format!("{at}/answer"), INCONSISTENT_MEMBERS, detail));
        }
        if self.payment.is_some() && self.fee_notice.is_none() {
            let detail = "A payment stands with its `fee_notice`.";
            faults.push(Fault::new(format!("{at}/payment"), INCONSISTENT_MEMBERS, detail));
        }
        faults
    }
}

impl CaseHistory {
    /// The same, with every letter as one that was sent, which it is unless it says otherwise.
    #[must_use]
    pub fn as_sent(mut self) -> Self {
        for entry in &mut self.responses {
            entry.response.record_as.get_or_insert(RecordAs::Sent);
        }
        self
    }

    /// Every name with the pointer to it, in the order of the document.
    fn names(&self) -> Vec<(String, Word)> {
        let mut names = Vec::new();
        let mut add = |at: String, name: &Option<Word>| {
            if let Some(name) = name {
                names.push((format!("{at}/known_as"), name.clone()));
            }
        };
        for (at, entry) in self.responses.iter().enumerate() {
            add(format!("/responses/{at}"), &entry.known_as);
        }
        for (at, entry) in self.reviews.iter().enumerate() {
            add(format!("/reviews/{at}"), &entry.known_as);
        }
        for (at, entry) in self.complaints.iter().enumerate() {
            let here = format!("/complaints/{at}");
            add(here.clone(), &entry.known_as);
            for (at, notice) in entry.decision_notices.iter().enumerate() {
                let here = format!("{here}/decision_notices/{at}");
                add(here.clone(), &notice.known_as);
                for (at, appeal) in notice.appeals.iter().enumerate() {
                    add(format!("{here}/appeals/{at}"), &appeal.known_as);
                }
            }
        }
        names
    }

    /// Every name that entries of this document have.
    #[must_use]
    pub fn all_names(&self) -> HashSet<String> {
        self.names().into_iter().map(|(_, name)| name.to_string()).collect()
    }

    /// What is wrong with the document as a whole: what is wrong with an entry is for the entry to say.
    #[must_use]
    pub fn frame_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.request.reference.is_none() {
            let detail = "A past case has its reference, by which a repeat of this call is known.";
            faults.push(Fault::new("/request/reference", INVALID_VALUE, detail));
        }
        faults.extend(too_many("/events", self.events.len(), MOST_EVENTS));
        faults.extend(too_many("/responses", self.responses.len(), MOST_ENTRIES));
        faults.extend(too_many("/reviews", self.reviews.len(), MOST_ENTRIES));
        faults.extend(too_many("/complaints", self.complaints.len(), MOST_ENTRIES));
        for (at, event) in self.events.iter().enumerate() {
            faults.extend(event.faults(&format!("/events/{at}")));
        }
        for (at, entry) in self.responses.iter().enumerate() {
            if entry.response.record_as == Some(RecordAs::Draft) {
                let detail = "A past case has letters that were sent, no drafts.";
                faults.push(Fault::new(format!("/responses/{at}/response/record_as"), INVALID_VALUE, detail));
            }
        }
        for (at, entry) in self.complaints.iter().enumerate() {
            faults.extend(entry.frame_faults(&format!("/complaints/{at}")));
        }
        let mut seen = HashSet::new();
        let repeated = self.names().into_iter().filter(|(_, name)| !seen.insert(name.to_string()));
        let detail = "Another entry is known by the same name.";
        faults.extend(repeated.map(|(at, _)| Fault::new(at, DUPLICATE_VALUE, detail)));
        faults
    }

    /// Everything wrong by itself, entries included, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults = self.frame_faults();
        let mut add = |at: String, found: Vec<Fault>| faults.extend(found.into_iter().map(|fault| fault.below(&at)));
        add("/request".to_owned(), self.request.faults(today));
        for (at, event) in self.events.iter().enumerate() {
            if let Some((member, draft)) = event.alone() {
                add(format!("/events/{at}{member}"), draft.faults(today));
            }
        }
        for (at, entry) in self.responses.iter().enumerate() {
            add(format!("/responses/{at}/response"), entry.response.faults(today));
        }
        for (at, entry) in self.reviews.iter().enumerate() {
            add(format!("/reviews/{at}/review"), entry.review.faults(today));
        }
        for (at, entry) in self.complaints.iter().enumerate() {
            add(format!("/complaints/{at}"), entry.faults(today));
        }
        faults
    }
}

impl HistoryComplaint {
    fn frame_faults(&self, at: &str) -> Vec<Fault> {
        let mut faults: Vec<Fault> =
            too_many(&format!("{at}/position_changes"), self.position_changes.len(), MOST_ENTRIES)
                .into_iter()
                .collect();
        faults.extend(too_many(&format!("{at}/submissions"), self.submissions.len(), MOST_ENTRIES));
        faults.extend(too_many(&format!("{at}/decision_notices"), self.decision_notices.len(), MOST_ENTRIES));
        for (index, notice) in self.decision_notices.iter().enumerate() {
            let here = format!("{at}/decision_notices/{index}/appeals");
            faults.extend(too_many(&here, notice.appeals.len(), MOST_ENTRIES));
            for (appeal_at, appeal) in notice.appeals.iter().enumerate() {
                if appeal.appeal.decision_notice_id.is_some() {
                    let detail = "The appeal is against the notice that it stands with.";
                    let pointer = format!("{here}/{appeal_at}/appeal/decision_notice_id");
                    faults.push(Fault::new(pointer, INCONSISTENT_MEMBERS, detail));
                }
            }
        }
        faults
    }

    fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |at: String, found: Vec<Fault>| faults.extend(found.into_iter().map(|fault| fault.below(&at)));
        add("/complaint".to_owned(), self.complaint.faults(today));
        for (at, change) in self.position_changes.iter().enumerate() {
            add(format!("/position_changes/{at}"), change.faults(today));
        }
        for (at, submission) in self.submissions.iter().enumerate() {
            add(format!("/submissions/{at}"), submission.faults(today));
        }
        for (at, notice) in self.decision_notices.iter().enumerate() {
            let here = format!("/decision_notices/{at}");
            add(format!("{here}/decision_notice"), notice.decision_notice.faults(today));
            for (at, appeal) in notice.appeals.iter().enumerate() {
                add(format!("{here}/appeals/{at}/appeal"), appeal.appeal.faults(today));
            }
        }
        faults
    }
}
