//! Complaints to the regulator.

use crate::{
    casework::{
        complaint::{Complaint, ComplaintOutcome, ComplaintStatus, NewComplaint},
        filing::ProceedingKind,
        ncnd_masking,
        review::NewReview,
        text::{Label, Line},
    },
    fault::{Fault, IMPOSSIBLE_ORDER},
    law::{
        Date, Regime,
        redress::{ComplaintFacts, complaint_findings, is_scottish},
    },
    services::{
        Context, ServiceError, ServiceResult, authorities,
        proceedings::{
            CaseFile, Change, Filing, NewEntry, Place, Proceeding, content, disclosure, in_order, positions, standing,
        },
        timeline::TimelineKind,
    },
    store::{Connection, proceedings::ProceedingRow},
};

/// Records a complaint.
///
/// # Errors
///
/// [`ServiceError::Invalid`] for a part that does not exist or a day that has not come;
/// [`ServiceError::ImpossibleOrder`] when it was made before the request came, or ended before it was made.
pub fn record(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    mut complaint: NewComplaint,
) -> ServiceResult<Complaint> {
    let mut file = CaseFile::to_change(connection, context, request_id)?;
    let mut faults = complaint.faults(context.today);
    faults.extend(file.unknown_parts("/parts", complaint.parts.as_deref()));
    if let Some(notified_on) = complaint.notified_on.filter(|day| *day < complaint.made_on) {
        let detail = format!("Nobody could learn of it on {notified_on}, before it was made on {}.", complaint.made_on);
        faults.push(Fault::new("/notified_on", IMPOSSIBLE_ORDER, detail));
    }
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    in_order(("request_received", file.history.corrected_received_on()), ("complaint_made", complaint.made_on))?;
    if let Some(outcome) = &complaint.outcome {
        in_order(("complaint_made", complaint.made_on), ("complaint_ended", outcome.ended_on))?;
    }
    if complaint.regulator.is_none() {
        let regimes = file.regimes(&file.parts(complaint.parts.as_deref()))?;
        let configured = authorities::regulator_of(connection, &file.request)?;
        complaint.regulator = configured.or_else(|| usual_regulator(&regimes));
    }
    let entry = NewEntry {
        kind: ProceedingKind::Complaint,
        parent_key: None,
        begun_on: complaint.made_on,
        ended_on: complaint.outcome.as_ref().map(|outcome| outcome.ended_on),
        content: serde_json::to_string(&complaint)?,
    };
    let id = file.record(connection, context, entry)?;
    Complaint::document(context, &file, file.complaint(&id)?)
}

/// The regulator that the regimes name.
fn usual_regulator(regimes: &[Regime]) -> Option<Line> {
    let name = if is_scottish(regimes) { "Scottish Information Commissioner" } else { "Information Commissioner" };
    name.parse().ok()
}

/// Records that a complaint ended without a decision notice.
///
/// # Errors
///
/// [`ServiceError::NotPossible`] when it has ended, or was decided by a notice; else as [`record`].
pub fn end(
    connection: &mut Connection,
    context: &Context,
    request_id: &str,
    id: &str,
    outcome: ComplaintOutcome,
) -> ServiceResult<Complaint> {
    let mut file = CaseFile::to_change(connection, context, request_id)?;
    let mut row = file.complaint(id)?.clone();
    let mut complaint: NewComplaint = standing(&row)?;
    let faults = outcome.faults(context.today);
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    if complaint.outcome.is_some() || file.below(&row, ProceedingKind::DecisionNotice).next().is_some() {
        let detail = "The complaint has ended, or was decided by a notice.";
        return Err(ServiceError::NotPossible(detail.to_owned()));
    }
    in_order(("complaint_made", complaint.made_on), ("complaint_ended", outcome.ended_on))?;
    let ended_on = outcome.ended_on;
    complaint.outcome = Some(outcome);
    row.ended_on = Some(ended_on.0);
    row.content = serde_json::to_string(&complaint)?;
    let kind = TimelineKind::ProceedingChanged;
    file.change(connection, context, Change { row, kind, effective_on: ended_on, detail: "complaint_ended" })?;
    let place = Place { request_id: request_id.to_owned(), complaint_id: None };
    Complaint::document(context, &file, file.entry(&place, ProceedingKind::Complaint, id)?)
}

/// A complaint to which something is to be added: it is not void.
pub(super) fn open_to_entries<'a>(
    file: &'a CaseFile,
    complaint_id: &str,
) -> ServiceResult<(&'a ProceedingRow, NewComplaint)> {
    let row = file.complaint(complaint_id)?;
    Ok((row, standing(row)?))
}

/// The parts that the complaint names to which an entry belongs.
pub(super) fn named_above(file: &CaseFile, row: &ProceedingRow) -> ServiceResult<Option<Vec<Label>>> {
    match file.complaint_of(row) {
        Some(complaint) => Ok(content::<NewComplaint>(complaint)?.parts),
        None => Ok(None),
    }
}

/// The parts of the complaint that an entry belongs to.
pub(super) fn parts_above(file: &CaseFile, row: &ProceedingRow) -> ServiceResult<Vec<Label>> {
    Ok(file.parts(named_above(file, row)?.as_deref()))
}

impl Proceeding for Complaint {
    const KIND: ProceedingKind = ProceedingKind::Complaint;

    #[expect(private_interfaces, reason = "only this module makes documents of rows")]
    fn document(context: &Context, file: &CaseFile, row: &ProceedingRow) -> ServiceResult<Self> {
        let complaint: NewComplaint = content(row)?;
        let parts = file.parts(complaint.parts.as_deref());
        let regimes = file.regimes(&parts)?;
        let decided_on = file.below(row, ProceedingKind::DecisionNotice).map(|notice| Date(notice.begun_on)).max();
        let ended_on = decided_on.or_else(|| complaint.outcome.as_ref().map(|outcome| outcome.ended_on));
        let mut reviews = Vec::new();
        for review in file.standing(ProceedingKind::Review) {
            let review: NewReview = content(review)?;
            reviews.push((review.requested_on, review.decision.map(|decision| decision.decided_on)));
        }
        let facts = ComplaintFacts { regimes: &regimes, made_on: complaint.made_on, reviews: &reviews };
        let findings = complaint_findings(&context.calendars, &facts);
        // A void entry was never a complaint.
        let findings = findings.into_iter().filter(|_| row.voided_at.is_none()).collect();
        let regulator = complaint.regulator.or_else(|| usual_regulator(&regimes));
        let positions = positions::of_parts(file, &parts, ended_on)?;
        let filing = Filing::of(file, row)?;
        let named = complaint.parts;
        let document = Self {
            id: filing.id,
            request_id: filing.request_id,
            status: if ended_on.is_some() { ComplaintStatus::Closed } else { ComplaintStatus::Open },
            made_on: complaint.made_on,
            notified_on: complaint.notified_on,
            regulator: regulator.ok_or_else(|| ServiceError::Corrupt("a complaint without regulator".to_owned()))?,
            reference: complaint.reference,
            positions,
            parts,
            regimes,
            issues: complaint.issues,
            not_contested: complaint.not_contested,
            outcome: complaint.outcome,
            decided_on,
            findings,
            version: filing.version,
            created_at: filing.created_at,
            updated_at: filing.updated_at,
            voided_at: filing.voided_at,
            void_reason: filing.void_reason,
        };
        Ok(match disclosure::guarded_in(context, file)? {
            Some(guarded) => ncnd_masking::masked_complaint(document, named.as_deref(), guarded),
            None => document,
        })
    }
}
