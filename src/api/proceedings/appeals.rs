//! `…/complaints/{complaint_id}/appeals`: to the tribunals, and in Scotland to the Court of Session.

use actix_web::{get, post};

use crate::{
    api::proceedings::{Collection, Entry, complaints::ComplaintPath},
    casework::{
        appeal::{Appeal, AppealDecision, NewAppeal},
        event::NewVoiding,
    },
    services::proceedings::{self, appeals},
};

entry_path! {
    /// The appeal addressed.
    AppealPath { complaint_id: "The complaint's id.", appeal_id: "The appeal's id.", } =>
        |path| Some(path.complaint_id.0.clone()), path.appeal_id.0.clone()
}

filed!(
    Appeal,
    AppealList,
    |appeal| format!("/v1/requests/{}/complaints/{}/appeals/{}", appeal.request_id, appeal.complaint_id, appeal.id),
    NewAppeal,
    AppealDecision
);

recording! {
    /// Record an appeal
    ///
    /// Against the decision notice of the complaint, or upon an earlier appeal. One made out of time is recorded with a
    /// finding. While it is pending, the steps of the notice are suspended.
    create_appeal, "/v1/requests/{request_id}/complaints/{complaint_id}/appeals", ComplaintPath, "complaints", NewAppeal => Appeal,
        appeals::record,
        {"tribunal": "first_tier", "made_on": "2020-07-20", "made_by": "authority", "grounds": "The harm was shown."};
}

listing! {
    /// List the appeals of a complaint
    ///
    /// In the order of their recording, void ones too.
    list_appeals, "/v1/requests/{request_id}/complaints/{complaint_id}/appeals", ComplaintPath, "complaints", Appeal => AppealList;
}

reading! {
    /// Read an appeal
    ///
    /// With its decision, once there is one. Without `ncnd:read` neither grounds nor reasons are told where the complaint
    /// concerns a part that was neither confirmed nor denied.
    get_appeal, "/v1/requests/{request_id}/complaints/{complaint_id}/appeals/{appeal_id}", AppealPath, "complaints", Appeal;
}

changing! {
    /// Record the end of an appeal
    ///
    /// Its decision, with the notice that the tribunal put in the place of the first where it did, and days of its own.
    decide_appeal, "/v1/requests/{request_id}/complaints/{complaint_id}/appeals/{appeal_id}/decision", AppealPath, "complaints", AppealDecision => Appeal,
        appeals::decide,
        {"decided_on": "2021-01-12", "outcome": "dismissed"};
    /// Void an appeal
    ///
    /// It was recorded by mistake: the entry stays and says why it is void.
    void_appeal, "/v1/requests/{request_id}/complaints/{complaint_id}/appeals/{appeal_id}/void", AppealPath, "complaints", NewVoiding => Appeal,
        |connection, context, place, id, voiding| proceedings::void(connection, context, place, id, &voiding),
        {"reason": "Recorded on the wrong complaint."};
}
