//! What is wrong with a past case as a document, and with its entries by themselves.

use std::collections::HashSet;

use crate::{
    casework::{
        case_history::{
            CaseHistory, HistoryComplaint, HistoryEvent, HistoryNotice, HistoryRegulatoryAction, HistoryResponse,
        },
        event::EventDraft,
        request::too_many,
        response::RecordAs,
        text::Word,
    },
    fault::{DUPLICATE_VALUE, Fault, INCONSISTENT_MEMBERS, INVALID_VALUE},
    law::Date,
};

const MOST_EVENTS: usize = 200;
const MOST_ENTRIES: usize = 100;
const MOST_RECORDS: usize = 500;

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
        for (at, entry) in self.regulatory_actions.iter().enumerate() {
            add(format!("/regulatory_actions/{at}"), &entry.known_as);
        }
        names
    }

    /// Every name that entries of this document have.
    #[must_use]
    pub fn all_names(&self) -> HashSet<String> {
        self.names().into_iter().map(|(_, name)| name.to_string()).collect()
    }

    /// Lists that are too long: nothing of such a document is tried. Records are counted over all letters.
    #[must_use]
    pub fn length_faults(&self) -> Vec<Fault> {
        let lists = [
            ("/events", self.events.len(), MOST_EVENTS),
            ("/responses", self.responses.len(), MOST_ENTRIES),
            ("/reviews", self.reviews.len(), MOST_ENTRIES),
            ("/complaints", self.complaints.len(), MOST_ENTRIES),
            ("/regulatory_actions", self.regulatory_actions.len(), MOST_ENTRIES),
        ];
        let mut faults: Vec<Fault> =
            lists.into_iter().filter_map(|(at, length, most)| too_many(at, length, most)).collect();
        let mut records = 0;
        for (at, entry) in self.responses.iter().enumerate().filter(|(_, entry)| !entry.records.is_empty()) {
            records += entry.records.len();
            faults.extend(too_many(&format!("/responses/{at}/records"), records, MOST_RECORDS));
        }
        for (at, entry) in self.complaints.iter().enumerate() {
            faults.extend(entry.length_faults(&format!("/complaints/{at}")));
        }
        faults
    }

    /// What is wrong with the document as a whole: what is wrong with an entry is for the entry to say.
    #[must_use]
    pub fn frame_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.request.reference.is_none() {
            let detail = "A past case has its reference, by which a repeat of this call is known.";
            faults.push(Fault::new("/request/reference", INVALID_VALUE, detail));
        }
        faults.extend(self.length_faults());
        for (at, event) in self.events.iter().enumerate() {
            faults.extend(event.faults(&format!("/events/{at}")));
        }
        for (at, entry) in self.responses.iter().enumerate() {
            let here = format!("/responses/{at}");
            if entry.response.record_as == Some(RecordAs::Draft) {
                let detail = "A past case has letters that were sent, no drafts.";
                faults.push(Fault::new(format!("{here}/response/record_as"), INVALID_VALUE, detail));
            }
        }
        for (at, entry) in self.regulatory_actions.iter().enumerate() {
            faults.extend(entry.frame_faults(&format!("/regulatory_actions/{at}/regulatory_action")));
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
            add(format!("/responses/{at}"), entry.record_faults(today));
        }
        for (at, entry) in self.reviews.iter().enumerate() {
            add(format!("/reviews/{at}/review"), entry.review.faults(today));
        }
        for (at, entry) in self.complaints.iter().enumerate() {
            add(format!("/complaints/{at}"), entry.faults(today));
        }
        for (at, entry) in self.regulatory_actions.iter().enumerate() {
            add(format!("/regulatory_actions/{at}/regulatory_action"), entry.regulatory_action.faults(today));
        }
        faults
    }
}

impl HistoryResponse {
    /// Everything wrong by itself with the records that stand with the letter.
    #[must_use]
    pub fn record_faults(&self, today: Date) -> Vec<Fault> {
        let of_each = self.records.iter().enumerate().flat_map(|(at, record)| {
            let found = record.faults(today).into_iter();
            found.map(move |fault| fault.below(&format!("/records/{at}")))
        });
        of_each.collect()
    }
}

impl HistoryRegulatoryAction {
    /// The request and the authority are those of the document.
    fn frame_faults(&self, at: &str) -> Vec<Fault> {
        let action = &self.regulatory_action;
        let named = [("request_ids", !action.request_ids.is_empty()), ("authority_id", action.authority_id.is_some())];
        let named = named.into_iter().filter(|(_, is_named)| *is_named);
        let detail = "The action belongs to the request of this document and to its authority.";
        named.map(|(member, _)| Fault::new(format!("{at}/{member}"), INCONSISTENT_MEMBERS, detail)).collect()
    }
}

impl HistoryComplaint {
    fn length_faults(&self, at: &str) -> Vec<Fault> {
        let lists = [
            ("position_changes", self.position_changes.len()),
            ("submissions", self.submissions.len()),
            ("decision_notices", self.decision_notices.len()),
        ];
        let of_lists =
            lists.into_iter().filter_map(|(name, length)| too_many(&format!("{at}/{name}"), length, MOST_ENTRIES));
        let notices = self.decision_notices.iter().enumerate();
        let of_notices = notices.filter_map(|(index, notice)| {
            too_many(&format!("{at}/decision_notices/{index}/appeals"), notice.appeals.len(), MOST_ENTRIES)
        });
        of_lists.chain(of_notices).collect()
    }

    fn frame_faults(&self, at: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (index, notice) in self.decision_notices.iter().enumerate() {
            let here = format!("{at}/decision_notices/{index}/appeals");
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
        let own = self.complaint.faults(today).into_iter().map(|fault| fault.below("/complaint"));
        own.chain(self.faults_below(today)).collect()
    }

    /// Everything wrong by itself with what belongs to the complaint.
    #[must_use]
    pub fn faults_below(&self, today: Date) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |at: String, found: Vec<Fault>| faults.extend(found.into_iter().map(|fault| fault.below(&at)));
        for (at, change) in self.position_changes.iter().enumerate() {
            add(format!("/position_changes/{at}"), change.faults(today));
        }
        for (at, submission) in self.submissions.iter().enumerate() {
            add(format!("/submissions/{at}"), submission.faults(today));
        }
        for (at, notice) in self.decision_notices.iter().enumerate() {
            let here = format!("/decision_notices/{at}");
            add(format!("{here}/decision_notice"), notice.decision_notice.faults(today));
            add(here, notice.faults_beside(today));
        }
        faults
    }
}

impl HistoryNotice {
    /// Everything wrong by itself with the appeals against the notice.
    #[must_use]
    pub fn faults_beside(&self, today: Date) -> Vec<Fault> {
        let of_each = self.appeals.iter().enumerate().flat_map(|(at, appeal)| {
            let found = appeal.appeal.faults(today).into_iter();
            found.map(move |fault| fault.below(&format!("/appeals/{at}/appeal")))
        });
        of_each.collect()
    }
}
