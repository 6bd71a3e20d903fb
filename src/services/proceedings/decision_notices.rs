//! Decision notices: what was found and ordered, how that stands after appeals, and how it was complied with.

use crate::{
    casework::{
        appeal::{AppealDecision, AppealOutcome, NewAppeal},
        decision_notice::{DecisionNotice, NewDecisionNotice, NoticeDecision, StepsCompliance},
        filing::ProceedingKind,
        ncnd_masking,
        response::ResponseStatus,
        text::{Label, Word},
    },
    fault::{Fault, INVALID_VALUE},
    law::{
        Date, Regime,
        compliance::ComplianceSteps,
        deadline::{Pending, StepsStanding, appeal_due, steps_standing},
        redress::steps_findings,
    },
    services::{
        Context, ServiceError, ServiceResult,
        proceedings::{
            CaseFile, Change, Filing, NewEntry, Place, Proceeding, complaints, content, disclosure, guards, in_order,
            standing, unknown_citations,
        },
        timeline::TimelineKind,
    },
    store::{Connection, proceedings::ProceedingRow, responses},
};

/// Records a decision notice.
///
/// # Errors
///
/// [`ServiceError::Invalid`] for a part or group that does not exist, for one member of an alternative group,
/// or for steps without days; [`ServiceError::ImpossibleOrder`] when it was sent before the complaint was made;
/// [`ServiceError::NotPossible`] when the complaint ended without a notice; [`ServiceError::InsufficientScope`] for a finding
/// on grounds that the caller may not read.
pub fn record(
    connection: &mut Connection,
    context: &Context,
    place: &Place,
    notice: &NewDecisionNotice,
) -> ServiceResult<DecisionNotice> {
    let mut file = CaseFile::to_change(connection, context, &place.request_id)?;
    let complaint_id = place.complaint_id.as_deref().unwrap_or_default();
    let (complaint_key, complaint) = {
        let (row, complaint) = complaints::open_to_entries(&file, complaint_id)?;
        (row.proceeding_key, complaint)
    };
    let parts = file.parts(complaint.parts.as_deref());
    let mut faults = notice.faults(context.today);
    faults.extend(guards::decision_faults(context, &file, &parts, notice.sent_on, &notice.decision())?);
    let named = notice.compliance.as_ref().and_then(|compliance| compliance.response_id.as_ref());
    let complying = complying_response(connection, &file, named)?;
    faults.extend(complying.as_ref().err().map(|fault| fault.clone().below("/compliance")));
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    if complaint.outcome.is_some() {
        let detail = "The complaint ended without a notice.";
        return Err(ServiceError::NotPossible(detail.to_owned()));
    }
    in_order(("complaint_made", complaint.made_on), ("decision_notice_sent", notice.sent_on))?;
    refuse_impossible_compliance(notice, complying.ok().flatten())?;
    let entry = NewEntry {
        kind: ProceedingKind::DecisionNotice,
        parent_key: Some(complaint_key),
        begun_on: notice.sent_on,
        ended_on: notice.compliance.as_ref().map(|compliance| compliance.complied_on),
        content: serde_json::to_string(notice)?,
    };
    let id = file.record(connection, context, entry)?;
    DecisionNotice::document(context, &file, file.entry(place, ProceedingKind::DecisionNotice, &id)?)
}

/// Records how the steps of a notice were taken.
///
/// # Errors
///
/// [`ServiceError::NotPossible`] when that is recorded already; else as [`record`].
pub fn comply(
    connection: &mut Connection,
    context: &Context,
    place: &Place,
    id: &str,
    compliance: StepsCompliance,
) -> ServiceResult<DecisionNotice> {
    let mut file = CaseFile::to_change(connection, context, &place.request_id)?;
    let mut row = file.entry(place, ProceedingKind::DecisionNotice, id)?.clone();
    let mut notice: NewDecisionNotice = standing(&row)?;
    let mut faults = compliance.faults(context.today);
    let complying = complying_response(connection, &file, compliance.response_id.as_ref())?;
    faults.extend(complying.as_ref().err().cloned());
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    if notice.compliance.is_some() {
        return Err(ServiceError::NotPossible("How the steps were taken is recorded already.".to_owned()));
    }
    let complied_on = compliance.complied_on;
    notice.compliance = Some(compliance);
    refuse_impossible_compliance(&notice, complying.ok().flatten())?;
    row.ended_on = Some(complied_on.0);
    row.content = serde_json::to_string(&notice)?;
    let kind = TimelineKind::ProceedingChanged;
    file.change(connection, context, Change { row, kind, effective_on: complied_on, detail: "steps_taken" })?;
    DecisionNotice::document(context, &file, file.entry(place, ProceedingKind::DecisionNotice, id)?)
}

/// A response that complies with a notice comes after it, and the last step is not taken before it.
fn refuse_impossible_compliance(notice: &NewDecisionNotice, complying_on: Option<Date>) -> ServiceResult<()> {
    let Some(compliance) = &notice.compliance else { return Ok(()) };
    let (sent, taken) = (("decision_notice_sent", notice.sent_on), ("steps_taken", compliance.complied_on));
    in_order(sent, taken)?;
    let Some(complying_on) = complying_on else { return Ok(()) };
    in_order(sent, ("response", complying_on))?;
    in_order(("response", complying_on), taken)
}

/// A notice is complied with by a response of the same request that was issued: the day of its issue, where one is named.
fn complying_response(
    connection: &mut Connection,
    file: &CaseFile,
    id: Option<&Word>,
) -> ServiceResult<Result<Option<Date>, Fault>> {
    let Some(id) = id else { return Ok(Ok(None)) };
    let found = responses::find(connection, file.request.request_key, id)?;
    let issued_on =
        found.filter(|row| row.status == ResponseStatus::Issued.as_str()).and_then(|row| row.issued_on).map(Date);
    let detail = "The request has no issued response with this identifier.";
    Ok(issued_on.map(Some).ok_or_else(|| Fault::new("/response_id", INVALID_VALUE, detail)))
}

/// How a notice stands after its appeals.
pub(super) struct NoticeState {
    /// The regime that its days are counted by.
    pub regime: Regime,
    /// What is ordered now.
    decision: NoticeDecision,
    pub steps_due_on: Option<Date>,
    suspended: bool,
    replaced: bool,
    pub compliance: Option<StepsCompliance>,
}

/// The parts that a notice is about: those of its complaint.
pub(super) fn parts_of(file: &CaseFile, row: &ProceedingRow) -> ServiceResult<Vec<Label>> {
    complaints::parts_above(file, row)
}

/// What orders the steps of a notice. Of FOISA the section alone: which of its subsections does was not read in a source.
pub(super) const fn steps_provision(regime: Regime) -> &'static str {
    match regime {
        Regime::Foia => "section 50(4)",
        Regime::Eir => "section 50(4) of FOIA, by regulation 18",
        Regime::Foisa => "section 49",
        Regime::Eisr => "section 49 of FOISA, by regulation 17",
    }
}

/// How a notice stands: its own decision, or the one that the last successful appeal put in its place.
pub(super) fn state(context: &Context, file: &CaseFile, row: &ProceedingRow) -> ServiceResult<NoticeState> {
    let notice: NewDecisionNotice = content(row)?;
    let regime = file.regimes(&parts_of(file, row)?)?.first().copied().unwrap_or(Regime::Foia);
    let mut appeals: Vec<NewAppeal> =
        file.below(row, ProceedingKind::Appeal).map(content).collect::<ServiceResult<_>>()?;
    appeals.sort_by_key(|appeal| appeal.decision.as_ref().map_or(Date::LAST, |decision| decision.decided_on));
    let mut decision = notice.decision();
    let mut replaced_on: Option<Date> = None;
    for ended in appeals.iter().filter_map(|appeal| appeal.decision.as_ref()) {
        if let Some(in_its_place) = put_in_its_place(ended) {
            decision = in_its_place;
            replaced_on = Some(ended.decided_on);
        }
    }
    let pending: Vec<Pending> = appeals
        .iter()
        .filter(|appeal| replaced_on.is_none_or(|replaced_on| appeal.made_on >= replaced_on))
        .map(|appeal| Pending {
            made_on: appeal.made_on,
            ended_on: appeal.decision.as_ref().map(|decision| decision.decided_on),
        })
        .collect();
    let standing = decision.steps_period.map(|period| steps_standing(&context.calendars, regime, period, &pending));
    Ok(NoticeState {
        regime,
        decision,
        steps_due_on: match standing {
            Some(StepsStanding::Due(due_on)) => Some(due_on),
            _ => None,
        },
        suspended: standing == Some(StepsStanding::Suspended),
        replaced: replaced_on.is_some(),
        compliance: notice.compliance,
    })
}

/// The steps that the notices of a request order and no appeal holds up, as its compliance looks at them.
pub(in crate::services) fn steps_of(context: &Context, file: &CaseFile) -> ServiceResult<Vec<ComplianceSteps>> {
    let mut ordered = Vec::new();
    for row in file.standing(ProceedingKind::DecisionNotice) {
        let state = state(context, file, row)?;
        let Some(due_on) = state.steps_due_on.filter(|_| !state.decision.steps.is_empty()) else { continue };
        ordered.push(ComplianceSteps {
            complaint_id: file.complaint_of(row).map(|complaint| complaint.id.clone()).unwrap_or_default(),
            notice_id: row.id.clone(),
            provision: steps_provision(state.regime),
            due_on,
            taken_on: state.compliance.map(|compliance| compliance.complied_on),
        });
    }
    ordered.sort_by_key(|steps| steps.due_on);
    Ok(ordered)
}

/// What an appeal that succeeded left: the notice that the tribunal substituted, or nothing where it set the first aside.
fn put_in_its_place(ended: &AppealDecision) -> Option<NoticeDecision> {
    match (&ended.substituted_notice, ended.outcome) {
        (Some(notice), _) => Some(notice.clone()),
        (None, AppealOutcome::Allowed) => Some(NoticeDecision::default()),
        (None, _) => None,
    }
}

impl Proceeding for DecisionNotice {
    const KIND: ProceedingKind = ProceedingKind::DecisionNotice;

    #[expect(private_interfaces, reason = "only this module makes documents of rows")]
    fn document(context: &Context, file: &CaseFile, row: &ProceedingRow) -> ServiceResult<Self> {
        let notice: NewDecisionNotice = content(row)?;
        let state = state(context, file, row)?;
        // Of the notice as it was sent: a tribunal's has days of its own. A void entry was never a notice.
        let checked = notice.steps_period.filter(|_| row.voided_at.is_none());
        let of_steps = checked.map(|period| steps_findings(&context.calendars, state.regime, notice.sent_on, period));
        let filing = Filing::of(file, row)?;
        let mut document = Self {
            id: filing.id,
            request_id: filing.request_id,
            complaint_id: file.complaint_of(row).map(|complaint| complaint.id.clone()).unwrap_or_default(),
            sent_on: notice.sent_on,
            reference: notice.reference,
            findings: notice.findings,
            steps: state.decision.steps,
            steps_period: state.decision.steps_period,
            steps_due_on: state.steps_due_on,
            steps_suspended: state.suspended,
            replaced_on_appeal: state.replaced,
            appeal_by: appeal_due(&context.calendars, state.regime, notice.sent_on),
            checks: of_steps.into_iter().flatten().collect(),
            other_matters: notice.other_matters,
            compliance: state.compliance,
            version: filing.version,
            created_at: filing.created_at,
            updated_at: filing.updated_at,
            voided_at: filing.voided_at,
            void_reason: filing.void_reason,
        };
        if let Some(guarded) = disclosure::guarded_in(context, file)? {
            let named = complaints::named_above(file, row)?;
            let regimes = file.part_regimes(&parts_of(file, row)?);
            document = ncnd_masking::masked_decision_notice(document, named.as_deref(), &regimes, guarded);
        }
        // Of what the caller is shown.
        if document.voided_at.is_none() {
            let (parts, on) = (parts_of(file, row)?, document.sent_on);
            document.checks.extend(unknown_citations::of_decision(file, &parts, on, "/findings", &document.findings)?);
        }
        Ok(document)
    }
}
