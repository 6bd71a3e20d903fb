//! `/v1/requests/{request_id}/complaints`: complaints to the regulator.

use actix_web::{get, post};

use crate::{
    api::{
        proceedings::{Collection, Entry},
        requests::RequestPath,
    },
    casework::{
        complaint::{Complaint, ComplaintOutcome, NewComplaint},
        event::NewVoiding,
    },
    services::proceedings::{self, Place, complaints},
};

entry_path! {
    /// The complaint addressed.
    ComplaintPath { complaint_id: "The complaint's id.", } => |path| None, path.complaint_id.0.clone()
}

impl Collection for ComplaintPath {
    fn place(self) -> Place {
        Place { request_id: self.request_id.0, complaint_id: Some(self.complaint_id.0) }
    }
}

filed!(
    Complaint,
    ComplaintList,
    |complaint| format!("/v1/requests/{}/complaints/{}", complaint.request_id, complaint.id),
    NewComplaint,
    ComplaintOutcome
);

recording! {
    /// Record a complaint
    ///
    /// It needs neither a review nor an answer; in Scotland a review comes first, and a finding says so where none did. The
    /// regulator is that of the regime unless the authority's settings or the body name another.
    create_complaint, "/v1/requests/{request_id}/complaints", RequestPath, "complaints", NewComplaint => Complaint,
        |connection, context, place, new| complaints::record(connection, context, &place.request_id, new),
        {"made_on": "2020-02-19", "parts": ["1"], "issues": [{"topic": "neither_confirm_nor_deny"}, {"topic": "delay"}]};
}

listing! {
    /// List the complaints of a request
    ///
    /// In the order of their recording, void ones too.
    list_complaints, "/v1/requests/{request_id}/complaints", RequestPath, "complaints", Complaint => ComplaintList;
}

reading! {
    /// Read a complaint
    ///
    /// With where the authority stands on each part after what it has stated to the regulator. Without `ncnd:read` neither
    /// words nor provisions are told that concern a part that was neither confirmed nor denied.
    get_complaint, "/v1/requests/{request_id}/complaints/{complaint_id}", ComplaintPath, "complaints", Complaint;
}

changing! {
    /// Record that a complaint ended without a notice
    ///
    /// Resolved informally, withdrawn, or not taken on.
    end_complaint, "/v1/requests/{request_id}/complaints/{complaint_id}/outcome", ComplaintPath, "complaints", ComplaintOutcome => Complaint,
        |connection, context, place, id, outcome| complaints::end(connection, context, &place.request_id, id, outcome),
        {"ended_on": "2020-04-01", "outcome": "informally_resolved"};
    /// Void a complaint
    ///
    /// It was recorded by mistake: the entry stays and says why it is void.
    void_complaint, "/v1/requests/{request_id}/complaints/{complaint_id}/void", ComplaintPath, "complaints", NewVoiding => Complaint,
        |connection, context, place, id, voiding| proceedings::void(connection, context, place, id, &voiding),
        {"reason": "Recorded on the wrong request."};
}
