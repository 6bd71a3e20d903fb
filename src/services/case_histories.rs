//! Whole past cases in one call: the same use cases as the single calls, one after the other, all of them or none. Faults
//! are gathered from every entry before the answer is given.

use std::collections::{HashMap, HashSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    casework::{
        case_history::{
            CaseHistory, HistoryAppeal, HistoryComplaint, HistoryEvent, HistoryNotice, HistoryResponse, HistoryReview,
            LocalIdentifier, RecordedHistory,
        },
        decision_notice::StepsCompliance,
        text::Word,
    },
    fault::{Fault, IMPOSSIBLE_ORDER, INVALID_VALUE, NOT_POSSIBLE},
    services::{
        Context, ServiceError, ServiceResult, authorities, events,
        proceedings::{Place, appeals, complaints, decision_notices, position_changes, reviews, submissions},
        requests, responses,
    },
    store::{
        Connection, attempt,
        case_histories::{self, CaseHistoryRow},
        requests as rows,
    },
};

/// What identifies the content of a history: a hash of its members in one order, however they were written.
///
/// # Errors
///
/// When it is not JSON.
pub fn fingerprint(body: &[u8]) -> ServiceResult<String> {
    let document: Value = serde_json::from_slice(body)?;
    let hash = Sha256::digest(serde_json::to_vec(&in_one_order(document))?);
    Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn in_one_order(document: Value) -> Value {
    match document {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            members.into_iter().map(|(name, member)| (name, in_one_order(member))).collect()
        }
        Value::Array(items) => items.into_iter().map(in_one_order).collect(),
        other => other,
    }
}

/// Records a whole past case; `true` when it was recorded now, `false` when this very history was recorded before.
///
/// # Errors
///
/// [`ServiceError::Invalid`] with every fault of every entry; [`ServiceError::ImpossibleHistory`] when entries cannot have
/// been as they are told; [`ServiceError::DuplicateReference`] when the authority has another case with this reference.
pub fn record(
    connection: &mut Connection,
    context: &Context,
    history: CaseHistory,
    fingerprint: &str,
) -> ServiceResult<(RecordedHistory, bool)> {
    let history = history.as_sent();
    if let Some(known) = recorded_before(connection, context, &history, fingerprint)? {
        return Ok((known, false));
    }
    let mut faults = history.request.faults(context.today);
    if faults.is_empty() {
        match attempt(connection, |connection| requests::create(connection, context, history.request.clone())) {
            Ok(request) => return record_below(connection, context, request.id, history, fingerprint),
            Err(ServiceError::Invalid(found)) => faults = found,
            Err(other) => return Err(other),
        }
    }
    // Without its request nothing else can be tried: what is wrong with the entries by themselves is told beside.
    let mut all = history.faults(context.today);
    for fault in faults.into_iter().map(|fault| fault.below("/request")) {
        if !all.contains(&fault) {
            all.push(fault);
        }
    }
    Err(ServiceError::Invalid(all))
}

fn recorded_before(
    connection: &mut Connection,
    context: &Context,
    history: &CaseHistory,
    fingerprint: &str,
) -> ServiceResult<Option<RecordedHistory>> {
    let Some(reference) = &history.request.reference else { return Ok(None) };
    let authority = match authorities::addressed(connection, &context.scope, history.request.authority_id.as_ref()) {
        Ok(authority) => authority,
        // It is told with the other faults.
        Err(ServiceError::Invalid(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    let found = case_histories::find(connection, authority.authority_key, reference)?;
    let Some((request_id, row)) = found else { return Ok(None) };
    let same = row.filter(|row| row.fingerprint == fingerprint).ok_or(ServiceError::DuplicateReference)?;
    Ok(Some(RecordedHistory {
        request: requests::read(connection, &context.scope, &request_id, context.today)?,
        identifiers: serde_json::from_str(&same.identifiers)?,
    }))
}

fn record_below(
    connection: &mut Connection,
    context: &Context,
    request_id: String,
    history: CaseHistory,
    fingerprint: &str,
) -> ServiceResult<(RecordedHistory, bool)> {
    let mut recorder = Recorder {
        connection,
        context,
        names: history.all_names(),
        faults: history.frame_faults(),
        impossible: Vec::new(),
        ids: HashMap::new(),
        identifiers: Vec::new(),
        compliances: Vec::new(),
        request_id,
    };
    recorder.record_all(history)?;
    let Recorder { connection, mut faults, impossible, identifiers, request_id, .. } = recorder;
    if !faults.is_empty() {
        faults.extend(impossible);
        return Err(ServiceError::Invalid(faults));
    }
    if !impossible.is_empty() {
        return Err(ServiceError::ImpossibleHistory(impossible));
    }
    let request = rows::find(connection, &context.scope, &request_id)?.ok_or(ServiceError::NotFound)?;
    let row = CaseHistoryRow {
        request_key: request.request_key,
        authority_key: request.authority_key,
        fingerprint: fingerprint.to_owned(),
        identifiers: serde_json::to_string(&identifiers)?,
    };
    case_histories::insert(connection, &row)?;
    let request = requests::read(connection, &context.scope, &request_id, context.today)?;
    Ok((RecordedHistory { request, identifiers }, true))
}

/// Records entry after entry, and remembers what was wrong with each.
struct Recorder<'a> {
    connection: &'a mut Connection,
    context: &'a Context,
    request_id: String,
    /// Every name of the document, those of entries that failed included.
    names: HashSet<String>,
    faults: Vec<Fault>,
    impossible: Vec<Fault>,
    ids: HashMap<String, String>,
    identifiers: Vec<LocalIdentifier>,
    /// Notices whose compliance names a response that is recorded after them.
    compliances: Vec<(String, Place, String, StepsCompliance)>,
}

impl Recorder<'_> {
    fn record_all(&mut self, history: CaseHistory) -> ServiceResult<()> {
        for (at, event) in history.events.into_iter().enumerate() {
            self.event(&format!("/events/{at}"), event)?;
        }
        let refers = |entry: &HistoryResponse| {
            let response = &entry.response;
            response.review_id.is_some() || response.complaint_id.is_some() || response.decision_notice_id.is_some()
        };
        // What answers out of a review or a complaint comes after it.
        let (later, first): (Vec<_>, Vec<_>) =
            history.responses.into_iter().enumerate().partition(|(_, entry)| refers(entry));
        for (at, entry) in first {
            self.response(&format!("/responses/{at}"), entry)?;
        }
        for (at, entry) in history.reviews.into_iter().enumerate() {
            self.review(&format!("/reviews/{at}"), &entry)?;
        }
        for (at, entry) in history.complaints.into_iter().enumerate() {
            self.complaint(&format!("/complaints/{at}"), entry)?;
        }
        for (at, entry) in later {
            self.response(&format!("/responses/{at}"), entry)?;
        }
        for (at, place, id, mut compliance) in std::mem::take(&mut self.compliances) {
            compliance.response_id = self.resolved(&format!("{at}/response_id"), compliance.response_id);
            self.step(&at, |connection, context| {
                decision_notices::comply(connection, context, &place, &id, compliance)
            })?;
        }
        Ok(())
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
            Err(ServiceError::Invalid(found)) => self.faults.extend(found.into_iter().map(|fault| fault.below(at))),
            Err(ServiceError::ImpossibleOrder(detail)) => {
                self.impossible.push(Fault::new(at, IMPOSSIBLE_ORDER, detail));
            }
            Err(ServiceError::NotPossible(detail)) => self.impossible.push(Fault::new(at, NOT_POSSIBLE, detail)),
            Err(other) => return Err(other),
        }
        Ok(None)
    }

    fn name(&mut self, known_as: Option<Word>, id: &str) {
        if let Some(known_as) = known_as {
            self.ids.insert(known_as.to_string(), id.to_owned());
            self.identifiers.push(LocalIdentifier { known_as, id: id.to_owned() });
        }
    }

    /// The id of the entry of this name. One that failed, or comes later, is left out; a name that no entry has is a fault.
    fn resolved(&mut self, at: &str, name: Option<Word>) -> Option<Word> {
        let name = name?;
        if let Some(id) = self.ids.get(name.as_str()) {
            return id.parse().ok();
        }
        if !self.names.contains(name.as_str()) {
            self.faults.push(Fault::new(at, INVALID_VALUE, "No entry of the history is known by this name."));
        }
        None
    }

    fn event(&mut self, at: &str, event: HistoryEvent) -> ServiceResult<()> {
        let request_id = self.request_id.clone();
        if let Some(correction) = event.receipt_correction {
            let work = |connection: &mut Connection, context: &Context| {
                events::correct_receipt(connection, context, &request_id, correction)
            };
            return self.step(&format!("{at}/receipt_correction"), work).map(drop);
        }
        let Some((member, draft)) = event.alone() else { return Ok(()) };
        let recorded = self.step(&format!("{at}{member}"), |connection, context| {
            events::record(connection, context, &request_id, draft)
        })?;
        let Some(recorded) = recorded else { return Ok(()) };
        if let Some(answer) = event.answer {
            self.step(&format!("{at}/answer"), |connection, context| {
                events::answer_clarification(connection, context, &request_id, &recorded.id, answer)
            })?;
        }
        if let Some(payment) = event.payment {
            self.step(&format!("{at}/payment"), |connection, context| {
                events::pay_fee(connection, context, &request_id, &recorded.id, payment)
            })?;
        }
        Ok(())
    }

    fn response(&mut self, at: &str, entry: HistoryResponse) -> ServiceResult<()> {
        let at = format!("{at}/response");
        let mut response = entry.response;
        response.review_id = self.resolved(&format!("{at}/review_id"), response.review_id);
        response.complaint_id = self.resolved(&format!("{at}/complaint_id"), response.complaint_id);
        response.decision_notice_id = self.resolved(&format!("{at}/decision_notice_id"), response.decision_notice_id);
        response.supersedes = self.resolved(&format!("{at}/supersedes"), response.supersedes);
        let request_id = self.request_id.clone();
        let work = |connection: &mut Connection, context: &Context| {
            responses::create(connection, context, &request_id, response)
        };
        if let Some(recorded) = self.step(&at, work)? {
            self.name(entry.known_as, &recorded.id);
        }
        Ok(())
    }

    fn review(&mut self, at: &str, entry: &HistoryReview) -> ServiceResult<()> {
        let request_id = self.request_id.clone();
        let recorded = self.step(&format!("{at}/review"), |connection, context| {
            reviews::record(connection, context, &request_id, &entry.review)
        })?;
        if let Some(recorded) = recorded {
            self.name(entry.known_as.clone(), &recorded.id);
        }
        Ok(())
    }

    fn complaint(&mut self, at: &str, entry: HistoryComplaint) -> ServiceResult<()> {
        let request_id = self.request_id.clone();
        let complaint = entry.complaint;
        let recorded = self.step(&format!("{at}/complaint"), |connection, context| {
            complaints::record(connection, context, &request_id, complaint)
        })?;
        let Some(recorded) = recorded else { return Ok(()) };
        self.name(entry.known_as, &recorded.id);
        let place = Place { request_id, complaint_id: Some(recorded.id) };
        for (index, change) in entry.position_changes.iter().enumerate() {
            self.step(&format!("{at}/position_changes/{index}"), |connection, context| {
                position_changes::record(connection, context, &place, change)
            })?;
        }
        for (index, submission) in entry.submissions.iter().enumerate() {
            self.step(&format!("{at}/submissions/{index}"), |connection, context| {
                submissions::record(connection, context, &place, submission)
            })?;
        }
        for (index, notice) in entry.decision_notices.into_iter().enumerate() {
            self.notice(&format!("{at}/decision_notices/{index}"), &place, notice)?;
        }
        Ok(())
    }

    fn notice(&mut self, at: &str, place: &Place, entry: HistoryNotice) -> ServiceResult<()> {
        let at_notice = format!("{at}/decision_notice");
        let mut notice = entry.decision_notice;
        let compliance = notice.compliance.take();
        let recorded =
            self.step(&at_notice, |connection, context| decision_notices::record(connection, context, place, &notice))?;
        let Some(recorded) = recorded else { return Ok(()) };
        if let Some(compliance) = compliance {
            let at = format!("{at_notice}/compliance");
            self.compliances.push((at, place.clone(), recorded.id.clone(), compliance));
        }
        for (index, appeal) in entry.appeals.into_iter().enumerate() {
            self.appeal(&format!("{at}/appeals/{index}"), place, &recorded.id, appeal)?;
        }
        self.name(entry.known_as, &recorded.id);
        Ok(())
    }

    fn appeal(&mut self, at: &str, place: &Place, notice_id: &str, entry: HistoryAppeal) -> ServiceResult<()> {
        let at = format!("{at}/appeal");
        let mut appeal = entry.appeal;
        appeal.decision_notice_id = notice_id.parse().ok();
        appeal.earlier_appeal_id = self.resolved(&format!("{at}/earlier_appeal_id"), appeal.earlier_appeal_id);
        let work = |connection: &mut Connection, context: &Context| appeals::record(connection, context, place, appeal);
        if let Some(recorded) = self.step(&at, work)? {
            self.name(entry.known_as, &recorded.id);
        }
        Ok(())
    }
}
