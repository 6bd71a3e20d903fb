//! Appeals against decision notices, and upon appeals.

use crate::{
    casework::{
        appeal::{Appeal, AppealDecision, AppealParty, AppealTribunal, NewAppeal},
        filing::ProceedingKind,
        ncnd_masking,
        text::Word,
    },
    fault::{Fault, INCONSISTENT_MEMBERS, INVALID_VALUE},
    law::{
        Date,
        redress::{AppealFacts, appeal_findings, is_scottish},
    },
    services::{
        Context, ServiceError, ServiceResult,
        audit::Recipient,
        proceedings::{
            CaseFile, Change, Filing, NewEntry, Place, Proceeding, complaints, content, decision_notices, disclosure,
            guards, in_order, standing, unknown_citations,
        },
        timeline::TimelineKind,
    },
    store::{Connection, proceedings::ProceedingRow},
};

/// Records an appeal. One that was made out of time is recorded with a finding.
///
/// # Errors
///
/// [`ServiceError::Invalid`] for a notice or an earlier appeal that the complaint does not have, and for a tribunal to
/// which no appeal lies; [`ServiceError::ImpossibleOrder`] when it was made before the notice was sent, or decided before
/// it was made.
pub fn record(
    connection: &mut Connection,
    context: &Context,
    place: &Place,
    mut appeal: NewAppeal,
) -> ServiceResult<Appeal> {
    let mut file = CaseFile::to_change(connection, context, &place.request_id)?;
    let complaint = file.complaint(place.complaint_id.as_deref().unwrap_or_default())?.clone();
    complaints::open_to_entries(&file, &complaint.id)?;
    let mut faults = appeal.faults(context.today);
    let earlier = earlier_appeal(&file, place, appeal.earlier_appeal_id.as_ref())?;
    let notice = appealed_against(&file, &complaint, appeal.decision_notice_id.as_ref());
    faults.extend(earlier.as_ref().err().cloned());
    faults.extend(notice.as_ref().err().cloned());
    if let Ok(notice) = &notice {
        faults.extend(tribunal_fault(&file, notice, appeal.tribunal)?);
        if let Some(decision) = &appeal.decision {
            let found = substitution_faults(context, &file, notice, decision)?;
            faults.extend(found.into_iter().map(|fault| fault.below("/decision")));
        }
    }
    let (Ok(notice), Ok(earlier), true) = (notice, earlier, faults.is_empty()) else {
        return Err(ServiceError::Invalid(faults));
    };
    in_order(("decision_notice_sent", Date(notice.begun_on)), ("appeal_made", appeal.made_on))?;
    if let Some(ended) = earlier.and_then(|earlier| earlier.decision) {
        in_order(("earlier_appeal_decided", ended.decided_on), ("appeal_made", appeal.made_on))?;
    }
    refuse_impossible_decision(&appeal)?;
    appeal.decision_notice_id = notice.id.parse().ok();
    let entry = NewEntry {
        kind: ProceedingKind::Appeal,
        parent_key: Some(notice.proceeding_key),
        begun_on: appeal.made_on,
        ended_on: appeal.decision.as_ref().map(|decision| decision.decided_on),
        content: serde_json::to_string(&appeal)?,
    };
    let id = file.record(connection, context, entry)?;
    if appeal.made_by == AppealParty::Authority {
        context.disclosed_to(Recipient::Tribunal);
    }
    Appeal::document(context, &file, file.entry(place, ProceedingKind::Appeal, &id)?)
}

/// Records how an appeal ended.
///
/// # Errors
///
/// [`ServiceError::NotPossible`] when that is recorded already; else as [`record`].
pub fn decide(
    connection: &mut Connection,
    context: &Context,
    place: &Place,
    id: &str,
    decision: AppealDecision,
) -> ServiceResult<Appeal> {
    let mut file = CaseFile::to_change(connection, context, &place.request_id)?;
    let mut row = file.entry(place, ProceedingKind::Appeal, id)?.clone();
    let mut appeal: NewAppeal = standing(&row)?;
    let mut faults = decision.faults(context.today);
    if let Some(notice) = file.parent(&row) {
        faults.extend(substitution_faults(context, &file, notice, &decision)?);
    }
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    if appeal.decision.is_some() {
        return Err(ServiceError::NotPossible("How the appeal ended is recorded already.".to_owned()));
    }
    let decided_on = decision.decided_on;
    appeal.decision = Some(decision);
    refuse_impossible_decision(&appeal)?;
    row.ended_on = Some(decided_on.0);
    row.content = serde_json::to_string(&appeal)?;
    let kind = TimelineKind::ProceedingChanged;
    file.change(connection, context, Change { row, kind, effective_on: decided_on, detail: "appeal_decided" })?;
    Appeal::document(context, &file, file.entry(place, ProceedingKind::Appeal, id)?)
}

fn refuse_impossible_decision(appeal: &NewAppeal) -> ServiceResult<()> {
    match &appeal.decision {
        Some(decision) => in_order(("appeal_made", appeal.made_on), ("appeal_decided", decision.decided_on)),
        None => Ok(()),
    }
}

/// The notice named, or the one that the complaint has.
fn appealed_against(file: &CaseFile, complaint: &ProceedingRow, named: Option<&Word>) -> Result<ProceedingRow, Fault> {
    let mut notices = file.below(complaint, ProceedingKind::DecisionNotice);
    let fault = |code, detail| Fault::new("/decision_notice_id", code, detail);
    match named {
        Some(id) => notices
            .find(|notice| notice.id == id.as_str())
            .cloned()
            .ok_or_else(|| fault(INVALID_VALUE, "The complaint has no decision notice with this identifier.")),
        None => match (notices.next(), notices.next()) {
            (Some(only), None) => Ok(only.clone()),
            (None, _) => Err(fault(INCONSISTENT_MEMBERS, "The complaint has no decision notice to appeal against.")),
            (Some(_), Some(_)) => Err(fault(INCONSISTENT_MEMBERS, "The complaint has several notices: name one.")),
        },
    }
}

fn earlier_appeal(
    file: &CaseFile,
    place: &Place,
    named: Option<&Word>,
) -> ServiceResult<Result<Option<NewAppeal>, Fault>> {
    let Some(id) = named else { return Ok(Ok(None)) };
    let found = file.entries(place, ProceedingKind::Appeal)?;
    match found.into_iter().find(|row| row.id == id.as_str() && row.voided_at.is_none()) {
        Some(row) => Ok(Ok(Some(content(row)?))),
        None => {
            let detail = "The complaint has no appeal with this identifier.";
            Ok(Err(Fault::new("/earlier_appeal_id", INVALID_VALUE, detail)))
        }
    }
}

/// From the Scottish Commissioner an appeal lies to the Court of Session alone (FOISA s56).
fn tribunal_fault(file: &CaseFile, notice: &ProceedingRow, tribunal: AppealTribunal) -> ServiceResult<Option<Fault>> {
    let regimes = file.regimes(&decision_notices::parts_of(file, notice)?)?;
    let lies = !is_scottish(&regimes) || tribunal == AppealTribunal::CourtOfSession;
    let detail =
        "From the Scottish Information Commissioner an appeal lies to the Court of Session alone, on a point of law.";
    Ok((!lies).then(|| Fault::new("/tribunal", INCONSISTENT_MEMBERS, detail)))
}

fn substitution_faults(
    context: &Context,
    file: &CaseFile,
    notice: &ProceedingRow,
    decision: &AppealDecision,
) -> ServiceResult<Vec<Fault>> {
    let Some(substituted) = &decision.substituted_notice else { return Ok(Vec::new()) };
    let parts = decision_notices::parts_of(file, notice)?;
    let faults = guards::decision_faults(context, file, &parts, decision.decided_on, substituted)?;
    Ok(faults.into_iter().map(|fault| fault.below("/substituted_notice")).collect())
}

impl Proceeding for Appeal {
    const KIND: ProceedingKind = ProceedingKind::Appeal;

    #[expect(private_interfaces, reason = "only this module makes documents of rows")]
    fn document(context: &Context, file: &CaseFile, row: &ProceedingRow) -> ServiceResult<Self> {
        let appeal: NewAppeal = content(row)?;
        let notice = file.parent(row).ok_or_else(|| ServiceError::Corrupt("an appeal without notice".to_owned()))?;
        let parts = decision_notices::parts_of(file, notice)?;
        let regimes = file.regimes(&parts)?;
        let facts = AppealFacts {
            regimes: &regimes,
            notice_sent_on: Date(notice.begun_on),
            made_on: appeal.made_on,
            is_first: appeal.earlier_appeal_id.is_none(),
            names_point_of_law: appeal.point_of_law.is_some(),
        };
        // A void entry was never an appeal.
        let is_standing = row.voided_at.is_none();
        let findings = if is_standing { appeal_findings(&context.calendars, &facts) } else { Vec::new() };
        let filing = Filing::of(file, row)?;
        let mut document = Self {
            id: filing.id,
            request_id: filing.request_id,
            complaint_id: file.complaint_of(row).map(|complaint| complaint.id.clone()).unwrap_or_default(),
            decision_notice_id: notice.id.clone(),
            earlier_appeal_id: appeal.earlier_appeal_id.map(|id| id.to_string()),
            tribunal: appeal.tribunal,
            made_on: appeal.made_on,
            made_by: appeal.made_by,
            reference: appeal.reference,
            grounds: appeal.grounds,
            point_of_law: appeal.point_of_law,
            decision: appeal.decision,
            findings,
            version: filing.version,
            created_at: filing.created_at,
            updated_at: filing.updated_at,
            voided_at: filing.voided_at,
            void_reason: filing.void_reason,
        };
        if let Some(guarded) = disclosure::guarded_in(context, file)? {
            let named = complaints::named_above(file, row)?;
            let regimes = file.part_regimes(&parts);
            document = ncnd_masking::masked_appeal(document, named.as_deref(), &regimes, guarded);
        }
        // Of what the caller is shown.
        let substituted =
            document.decision.as_ref().and_then(|one| Some((one.decided_on, one.substituted_notice.as_ref()?)));
        if let Some((on, substituted)) = substituted.filter(|_| is_standing) {
            let (parts, at) = (decision_notices::parts_of(file, notice)?, "/decision/substituted_notice/findings");
            let told = unknown_citations::of_decision(file, &parts, on, at, &substituted.findings)?;
            document.findings.extend(told);
        }
        Ok(document)
    }
}
