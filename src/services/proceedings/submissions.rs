//! Submissions to the regulator.

use crate::{
    casework::{
        filing::ProceedingKind,
        ncnd_masking,
        submission::{NewSubmission, Submission, SubmissionParty},
    },
    services::{
        Context, ServiceError, ServiceResult,
        audit::Recipient,
        proceedings::{CaseFile, Filing, NewEntry, Place, Proceeding, complaints, content, disclosure, in_order},
    },
    store::{Connection, proceedings::ProceedingRow},
};

/// Records a submission.
///
/// # Errors
///
/// [`ServiceError::Invalid`] for words of a confidential one, or a day that has not come;
/// [`ServiceError::ImpossibleOrder`] when it was made before the complaint.
pub fn record(
    connection: &mut Connection,
    context: &Context,
    place: &Place,
    submission: &NewSubmission,
) -> ServiceResult<Submission> {
    let mut file = CaseFile::to_change(connection, context, &place.request_id)?;
    let complaint_id = place.complaint_id.as_deref().unwrap_or_default();
    let (complaint_key, made_on) = {
        let (row, complaint) = complaints::open_to_entries(&file, complaint_id)?;
        (row.proceeding_key, complaint.made_on)
    };
    let faults = submission.faults(context.today);
    if !faults.is_empty() {
        return Err(ServiceError::Invalid(faults));
    }
    in_order(("complaint_made", made_on), ("submission_made", submission.submitted_on))?;
    let entry = NewEntry {
        kind: ProceedingKind::Submission,
        parent_key: Some(complaint_key),
        begun_on: submission.submitted_on,
        ended_on: None,
        content: serde_json::to_string(submission)?,
    };
    let id = file.record(connection, context, entry)?;
    if submission.submitted_by == SubmissionParty::Authority {
        context.disclosed_to(Recipient::Regulator);
    }
    Submission::document(context, &file, file.entry(place, ProceedingKind::Submission, &id)?)
}

impl Proceeding for Submission {
    const KIND: ProceedingKind = ProceedingKind::Submission;

    #[expect(private_interfaces, reason = "only this module makes documents of rows")]
    fn document(context: &Context, file: &CaseFile, row: &ProceedingRow) -> ServiceResult<Self> {
        let submission: NewSubmission = content(row)?;
        let filing = Filing::of(file, row)?;
        let document = Self {
            id: filing.id,
            request_id: filing.request_id,
            complaint_id: file.complaint_of(row).map(|complaint| complaint.id.clone()).unwrap_or_default(),
            submitted_on: submission.submitted_on,
            submitted_by: submission.submitted_by,
            confidential: submission.confidential,
            summary: submission.summary,
            documents: submission.documents,
            version: filing.version,
            created_at: filing.created_at,
            updated_at: filing.updated_at,
            voided_at: filing.voided_at,
            void_reason: filing.void_reason,
        };
        Ok(match disclosure::guarded_in(context, file)? {
            Some(guarded) => {
                ncnd_masking::masked_submission(document, complaints::named_above(file, row)?.as_deref(), guarded)
            }
            None => document,
        })
    }
}
