//! `…/complaints/{complaint_id}/decision-notices`: what the regulator decided.

use actix_web::{get, post};

use crate::{
    api::proceedings::{Collection, Entry, complaints::ComplaintPath},
    casework::{
        decision_notice::{DecisionNotice, NewDecisionNotice, StepsCompliance},
        event::NewVoiding,
    },
    services::proceedings::{self, decision_notices},
};

entry_path! {
    /// The decision notice addressed.
    DecisionNoticePath { complaint_id: "The complaint's id.", decision_notice_id: "The notice's id.", } =>
        |path| Some(path.complaint_id.0.clone()), path.decision_notice_id.0.clone()
}

filed!(
    DecisionNotice,
    DecisionNoticeList,
    |notice| format!(
        "/v1/requests/{}/complaints/{}/decision-notices/{}",
        notice.request_id, notice.complaint_id, notice.id
    ),
    NewDecisionNotice,
    StepsCompliance
);

recording! {
    /// Record a decision notice
    ///
    /// Findings by provision, or on an alternative group as one thing; steps with one time for all of them. The last days for
    /// the steps and for appealing follow.
    create_decision_notice, "/v1/requests/{request_id}/complaints/{complaint_id}/decision-notices", ComplaintPath, "complaints", NewDecisionNotice => DecisionNotice,
        |connection, context, place, new| decision_notices::record(connection, context, place, &new),
        {"sent_on": "2020-06-23", "findings": [{"provision": "31(3)", "parts": ["1"], "finding": "not_engaged"}, {"provision": "10(1)", "finding": "breach"}],
            "steps": [{"text": "Give a fresh answer that confirms or denies.", "parts": ["1"]}],
            "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2020-06-23"}};
}

listing! {
    /// List the decision notices of a complaint
    ///
    /// In the order of their recording, void ones too.
    list_decision_notices, "/v1/requests/{request_id}/complaints/{complaint_id}/decision-notices", ComplaintPath, "complaints", DecisionNotice => DecisionNoticeList;
}

reading! {
    /// Read a decision notice
    ///
    /// As it stands after appeals: the steps of one that a tribunal substituted, suspended while an appeal is pending.
    /// Without `ncnd:read` of a part that was neither confirmed nor denied only findings on duties are told, without reasons.
    get_decision_notice, "/v1/requests/{request_id}/complaints/{complaint_id}/decision-notices/{decision_notice_id}", DecisionNoticePath, "complaints", DecisionNotice;
}

changing! {
    /// Record compliance with a decision notice
    ///
    /// The day on which the last step was taken, and the response that was given.
    comply_with_decision_notice, "/v1/requests/{request_id}/complaints/{complaint_id}/decision-notices/{decision_notice_id}/compliance", DecisionNoticePath, "complaints", StepsCompliance => DecisionNotice,
        decision_notices::comply,
        {"complied_on": "2020-07-20"};
    /// Void a decision notice
    ///
    /// It was recorded by mistake: the entry stays and says why it is void.
    void_decision_notice, "/v1/requests/{request_id}/complaints/{complaint_id}/decision-notices/{decision_notice_id}/void", DecisionNoticePath, "complaints", NewVoiding => DecisionNotice,
        |connection, context, place, id, voiding| proceedings::void(connection, context, place, id, &voiding),
        {"reason": "Recorded on the wrong complaint."};
}
