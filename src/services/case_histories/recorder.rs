//! Records the entries of a past case, and remembers what was wrong with each.

use std::collections::{HashMap, HashSet};

use crate::{
    casework::{
        case_history::{CaseHistory, HistoryEvent, LocalIdentifier},
        decision_notice::StepsCompliance,
        text::Word,
    },
    fault::{Fault, IMPOSSIBLE_ORDER, INCONSISTENT_MEMBERS, INVALID_VALUE, NOT_POSSIBLE, PART_NOT_OPEN_TO_RECORDS},
    services::{
        Context, ServiceError, ServiceResult,
        case_histories::order::{Step, in_order},
        events,
        proceedings::{Place, appeals, complaints, decision_notices, position_changes, reviews, submissions},
        records, regulatory_actions, responses,
    },
    store::{Connection, attempt},
};

/// Entry after entry, each behind a savepoint.
pub(super) struct Recorder<'a> {
    connection: &'a mut Connection,
    context: &'a Context,
    history: &'a CaseHistory,
    request_id: &'a str,
    /// Every name of the document, those of entries that failed included.
    names: HashSet<String>,
    faults: Vec<Fault>,
    impossible: Vec<Fault>,
    /// References to what was not recorded: faults only where nothing else explains them.
    unmet: Vec<Fault>,
    ids: HashMap<String, String>,
    identifiers: Vec<LocalIdentifier>,
    /// The complaints recorded, by their place in the document.
    complaints: HashMap<usize, Place>,
    /// The notices recorded, by complaint and place.
    notices: HashMap<(usize, usize), String>,
    /// Notices whose compliance names a response that is recorded after them.
    compliances: Vec<(String, Place, String, StepsCompliance)>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(
        connection: &'a mut Connection,
        context: &'a Context,
        history: &'a CaseHistory,
        request_id: &'a str,
    ) -> Self {
        Self {
            connection,
            context,
            history,
            request_id,
            names: history.all_names(),
            faults: history.frame_faults(),
            impossible: Vec::new(),
            unmet: Vec::new(),
            ids: HashMap::new(),
            identifiers: Vec::new(),
            complaints: HashMap::new(),
            notices: HashMap::new(),
            compliances: Vec::new(),
        }
    }

    /// Records everything, and gives the identifiers of the entries that have names.
    pub(super) fn record_all(mut self) -> ServiceResult<Vec<LocalIdentifier>> {
        let history = self.history;
        for (at, event) in history.events.iter().enumerate() {
            self.event(&format!("/events/{at}"), event)?;
        }
        for step in in_order(history) {
            self.entry(step)?;
        }
        for (at, place, id, mut compliance) in std::mem::take(&mut self.compliances) {
            compliance.response_id = self.resolved(&format!("{at}/response_id"), compliance.response_id);
            self.step(&at, |connection, context| {
                decision_notices::comply(connection, context, &place, &id, compliance)
            })?;
        }
        self.outcome()
    }

    fn outcome(self) -> ServiceResult<Vec<LocalIdentifier>> {
        let Self { mut faults, impossible, unmet, identifiers, .. } = self;
        if !faults.is_empty() {
            faults.extend(impossible);
            return Err(ServiceError::Invalid(faults));
        }
        if !impossible.is_empty() {
            return Err(ServiceError::ImpossibleHistory(impossible));
        }
        if !unmet.is_empty() {
            return Err(ServiceError::Invalid(unmet));
        }
        Ok(identifiers)
    }

    fn entry(&mut self, step: Step) -> ServiceResult<()> {
        match step {
            Step::Response(at) => self.response(at),
            Step::Review(at) => self.review(at),
            Step::Complaint(at) => self.complaint(at),
            Step::PositionChange(complaint, at) => self.position_change(complaint, at),
            Step::Submission(complaint, at) => self.submission(complaint, at),
            Step::Notice(complaint, at) => self.notice(complaint, at),
            Step::Appeal(complaint, notice, at) => self.appeal(complaint, notice, at),
            Step::RegulatoryAction(at) => self.regulatory_action(at),
        }
    }

    /// Carries out one step. What is wrong with it is remembered under `at`; what it wrote then is undone.
    fn step<T>(
        &mut self,
        at: &str,
        work: impl FnOnce(&mut Connection, &Context) -> ServiceResult<T>,
    ) -> ServiceResult<Option<T>> {
        let context = self.context;
        match attempt(self.connection, |connection| work(connection, context)) {
            Ok(done) => return Ok(Some(done)),
            Err(ServiceError::Invalid(found)) => self.found(at, found),
            Err(ServiceError::ImpossibleOrder(detail)) => {
                self.impossible.push(Fault::new(at, IMPOSSIBLE_ORDER, detail));
            }
            Err(ServiceError::NotPossible(detail)) => self.impossible.push(Fault::new(at, NOT_POSSIBLE, detail)),
            Err(ServiceError::PartNotOpenToRecords) => {
                let detail = "Records go with parts whose answer shows that there is something.";
                self.impossible.push(Fault::new(at, PART_NOT_OPEN_TO_RECORDS, detail));
            }
            Err(other) => return Err(other),
        }
        Ok(None)
    }

    fn found(&mut self, at: &str, faults: Vec<Fault>) {
        self.faults.extend(faults.into_iter().map(|fault| fault.below(at)));
    }

    fn name(&mut self, known_as: Option<&Word>, id: &str) {
        if let Some(known_as) = known_as {
            self.ids.insert(known_as.to_string(), id.to_owned());
            self.identifiers.push(LocalIdentifier { known_as: known_as.clone(), id: id.to_owned() });
        }
    }

    /// The id of the entry of this name. A name that no entry has is a fault; one whose entry failed, or comes later, is
    /// left out for now.
    fn resolved(&mut self, at: &str, name: Option<Word>) -> Option<Word> {
        let name = name?;
        if let Some(id) = self.ids.get(name.as_str()) {
            return id.parse().ok();
        }
        if self.names.contains(name.as_str()) {
            let detail = "The entry of this name comes after this one, by its day or by its place in the document.";
            self.unmet.push(Fault::new(at, INCONSISTENT_MEMBERS, detail));
        } else {
            self.faults.push(Fault::new(at, INVALID_VALUE, "No entry of the history is known by this name."));
        }
        None
    }

    fn event(&mut self, at: &str, event: &HistoryEvent) -> ServiceResult<()> {
        let request_id = self.request_id;
        if let Some(correction) = &event.receipt_correction {
            let work = |connection: &mut Connection, context: &Context| {
                events::correct_receipt(connection, context, request_id, correction.clone())
            };
            return self.step(&format!("{at}/receipt_correction"), work).map(drop);
        }
        let Some((member, draft)) = event.alone() else { return Ok(()) };
        let recorded = self.step(&format!("{at}{member}"), |connection, context| {
            events::record(connection, context, request_id, draft)
        })?;
        let Some(recorded) = recorded else { return Ok(()) };
        if let Some(answer) = &event.answer {
            self.step(&format!("{at}/answer"), |connection, context| {
                events::answer_clarification(connection, context, request_id, &recorded.id, answer.clone())
            })?;
        }
        if let Some(payment) = &event.payment {
            self.step(&format!("{at}/payment"), |connection, context| {
                events::pay_fee(connection, context, request_id, &recorded.id, payment.clone())
            })?;
        }
        Ok(())
    }

    fn response(&mut self, at: usize) -> ServiceResult<()> {
        let (history, request_id, today) = (self.history, self.request_id, self.context.today);
        let Some(entry) = history.responses.get(at) else { return Ok(()) };
        let here = format!("/responses/{at}/response");
        let mut response = entry.response.clone();
        response.review_id = self.resolved(&format!("{here}/review_id"), response.review_id);
        response.complaint_id = self.resolved(&format!("{here}/complaint_id"), response.complaint_id);
        response.decision_notice_id = self.resolved(&format!("{here}/decision_notice_id"), response.decision_notice_id);
        response.supersedes = self.resolved(&format!("{here}/supersedes"), response.supersedes);
        let work = |connection: &mut Connection, context: &Context| {
            responses::create(connection, context, request_id, response)
        };
        let Some(recorded) = self.step(&here, work)? else {
            self.found(&format!("/responses/{at}"), entry.record_faults(today));
            return Ok(());
        };
        self.name(entry.known_as.as_ref(), &recorded.id);
        for (index, record) in entry.records.iter().enumerate() {
            self.step(&format!("/responses/{at}/records/{index}"), |connection, context| {
                let faults = record.faults(context.today);
                if !faults.is_empty() {
                    return Err(ServiceError::Invalid(faults));
                }
                records::create(connection, context, request_id, record.clone())
            })?;
        }
        Ok(())
    }

    fn review(&mut self, at: usize) -> ServiceResult<()> {
        let (history, request_id) = (self.history, self.request_id);
        let Some(entry) = history.reviews.get(at) else { return Ok(()) };
        let recorded = self.step(&format!("/reviews/{at}/review"), |connection, context| {
            reviews::record(connection, context, request_id, &entry.review)
        })?;
        if let Some(recorded) = recorded {
            self.name(entry.known_as.as_ref(), &recorded.id);
        }
        Ok(())
    }

    fn complaint(&mut self, at: usize) -> ServiceResult<()> {
        let (history, request_id, today) = (self.history, self.request_id, self.context.today);
        let Some(entry) = history.complaints.get(at) else { return Ok(()) };
        let recorded = self.step(&format!("/complaints/{at}/complaint"), |connection, context| {
            complaints::record(connection, context, request_id, entry.complaint.clone())
        })?;
        let Some(recorded) = recorded else {
            self.found(&format!("/complaints/{at}"), entry.faults_below(today));
            return Ok(());
        };
        self.name(entry.known_as.as_ref(), &recorded.id);
        self.complaints.insert(at, Place { request_id: request_id.to_owned(), complaint_id: Some(recorded.id) });
        Ok(())
    }

    fn position_change(&mut self, complaint: usize, at: usize) -> ServiceResult<()> {
        let Some(place) = self.complaints.get(&complaint).cloned() else { return Ok(()) };
        let of_complaint = self.history.complaints.get(complaint);
        let Some(change) = of_complaint.and_then(|entry| entry.position_changes.get(at)) else { return Ok(()) };
        let work = |connection: &mut Connection, context: &Context| {
            position_changes::record(connection, context, &place, change)
        };
        self.step(&format!("/complaints/{complaint}/position_changes/{at}"), work).map(drop)
    }

    fn submission(&mut self, complaint: usize, at: usize) -> ServiceResult<()> {
        let Some(place) = self.complaints.get(&complaint).cloned() else { return Ok(()) };
        let of_complaint = self.history.complaints.get(complaint);
        let Some(submission) = of_complaint.and_then(|entry| entry.submissions.get(at)) else { return Ok(()) };
        let work = |connection: &mut Connection, context: &Context| {
            submissions::record(connection, context, &place, submission)
        };
        self.step(&format!("/complaints/{complaint}/submissions/{at}"), work).map(drop)
    }

    fn notice(&mut self, complaint: usize, at: usize) -> ServiceResult<()> {
        let Some(place) = self.complaints.get(&complaint).cloned() else { return Ok(()) };
        let (of_complaint, today) = (self.history.complaints.get(complaint), self.context.today);
        let Some(entry) = of_complaint.and_then(|entry| entry.decision_notices.get(at)) else { return Ok(()) };
        let above = format!("/complaints/{complaint}/decision_notices/{at}");
        let here = format!("{above}/decision_notice");
        let mut notice = entry.decision_notice.clone();
        let compliance = notice.compliance.take();
        let recorded =
            self.step(&here, |connection, context| decision_notices::record(connection, context, &place, &notice))?;
        let Some(recorded) = recorded else {
            self.found(&above, entry.faults_beside(today));
            return Ok(());
        };
        self.name(entry.known_as.as_ref(), &recorded.id);
        if let Some(compliance) = compliance {
            self.compliances.push((format!("{here}/compliance"), place, recorded.id.clone(), compliance));
        }
        self.notices.insert((complaint, at), recorded.id);
        Ok(())
    }

    fn appeal(&mut self, complaint: usize, notice: usize, at: usize) -> ServiceResult<()> {
        let Some(place) = self.complaints.get(&complaint).cloned() else { return Ok(()) };
        let Some(notice_id) = self.notices.get(&(complaint, notice)).cloned() else { return Ok(()) };
        let of_notice = self.history.complaints.get(complaint).and_then(|entry| entry.decision_notices.get(notice));
        let Some(entry) = of_notice.and_then(|entry| entry.appeals.get(at)) else { return Ok(()) };
        let here = format!("/complaints/{complaint}/decision_notices/{notice}/appeals/{at}/appeal");
        let mut appeal = entry.appeal.clone();
        appeal.decision_notice_id = notice_id.parse().ok();
        appeal.earlier_appeal_id = self.resolved(&format!("{here}/earlier_appeal_id"), appeal.earlier_appeal_id);
        let work =
            |connection: &mut Connection, context: &Context| appeals::record(connection, context, &place, appeal);
        if let Some(recorded) = self.step(&here, work)? {
            self.name(entry.known_as.as_ref(), &recorded.id);
        }
        Ok(())
    }

    fn regulatory_action(&mut self, at: usize) -> ServiceResult<()> {
        let (history, request_id) = (self.history, self.request_id);
        let Some(entry) = history.regulatory_actions.get(at) else { return Ok(()) };
        let mut action = entry.regulatory_action.clone();
        action.request_ids = request_id.parse().ok().into_iter().collect();
        action.authority_id = history.request.authority_id.clone();
        let recorded = self.step(&format!("/regulatory_actions/{at}/regulatory_action"), |connection, context| {
            regulatory_actions::record(connection, context, action)
        })?;
        if let Some(recorded) = recorded {
            self.name(entry.known_as.as_ref(), &recorded.id);
        }
        Ok(())
    }
}
