//! `…/complaints/{complaint_id}/submissions`: what was put to the regulator.

use actix_web::{get, post};

use crate::{
    api::proceedings::{Collection, Entry, complaints::ComplaintPath},
    casework::{
        event::NewVoiding,
        submission::{NewSubmission, Submission},
    },
    services::proceedings::{self, submissions},
};

entry_path! {
    /// The submission addressed.
    SubmissionPath { complaint_id: "The complaint's id.", submission_id: "The submission's id.", } =>
        |path| Some(path.complaint_id.0.clone()), path.submission_id.0.clone()
}

filed!(
    Submission,
    SubmissionList,
    |submission| format!(
        "/v1/requests/{}/complaints/{}/submissions/{}",
        submission.request_id, submission.complaint_id, submission.id
    ),
    NewSubmission
);

recording! {
    /// Record a submission
    ///
    /// One made in confidence is kept elsewhere: here stands only where its documents are, without words and titles.
    create_submission, "/v1/requests/{request_id}/complaints/{complaint_id}/submissions", ComplaintPath, "complaints", NewSubmission => Submission,
        |connection, context, place, new| submissions::record(connection, context, place, &new),
        {"submitted_on": "2020-04-06", "submitted_by": "authority", "confidential": true, "documents": [{"uri": "file://opaque/1"}]};
}

listing! {
    /// List the submissions in a complaint
    ///
    /// In the order of their recording, void ones too.
    list_submissions, "/v1/requests/{request_id}/complaints/{complaint_id}/submissions", ComplaintPath, "complaints", Submission => SubmissionList;
}

reading! {
    /// Read a submission
    ///
    /// Of one made in confidence, where it is kept. Without `ncnd:read` neither summary nor titles are told where the
    /// complaint concerns a part that was neither confirmed nor denied.
    get_submission, "/v1/requests/{request_id}/complaints/{complaint_id}/submissions/{submission_id}", SubmissionPath, "complaints", Submission;
}

changing! {
    /// Void a submission
    ///
    /// It was recorded by mistake: the entry stays and says why it is void.
    void_submission, "/v1/requests/{request_id}/complaints/{complaint_id}/submissions/{submission_id}/void", SubmissionPath, "complaints", NewVoiding => Submission,
        |connection, context, place, id, voiding| proceedings::void(connection, context, place, id, &voiding),
        {"reason": "Recorded on the wrong complaint."};
}
