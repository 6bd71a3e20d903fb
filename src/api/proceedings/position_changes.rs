//! `…/complaints/{complaint_id}/position-changes`: what the authority stated to the regulator, and how its position moved.

use actix_web::{get, post};

use crate::{
    api::proceedings::{Collection, Entry, complaints::ComplaintPath},
    casework::{
        event::NewVoiding,
        position_change::{NewPositionChange, PositionChange},
    },
    services::proceedings::{self, position_changes},
};

entry_path! {
    /// The change of position addressed.
    PositionChangePath { complaint_id: "The complaint's id.", position_change_id: "The change's id.", } =>
        |path| Some(path.complaint_id.0.clone()), path.position_change_id.0.clone()
}

filed!(
    PositionChange,
    PositionChangeList,
    |change| format!(
        "/v1/requests/{}/complaints/{}/position-changes/{}",
        change.request_id, change.complaint_id, change.id
    ),
    NewPositionChange
);

recording! {
    /// Record a change of position
    ///
    /// Grounds added or dropped, or parts answered otherwise, as the authority stated it. An alternative group changes as a
    /// whole: nothing tells its members apart.
    create_position_change, "/v1/requests/{request_id}/complaints/{complaint_id}/position-changes", ComplaintPath, "complaints", NewPositionChange => PositionChange,
        |connection, context, place, new| position_changes::record(connection, context, place, &new),
        {"stated_on": "2020-04-06", "communicated_to": ["regulator"], "parts": ["1"], "grounds_added": [
            {"provision": "31(1)(b)", "threshold": "would_be_likely"}]};
}

listing! {
    /// List the changes of position in a complaint
    ///
    /// In the order of their recording, void ones too.
    list_position_changes, "/v1/requests/{request_id}/complaints/{complaint_id}/position-changes", ComplaintPath, "complaints", PositionChange => PositionChangeList;
}

reading! {
    /// Read a change of position
    ///
    /// As it was stated. Without `ncnd:read` neither grounds nor reasons are told that concern a part that was neither
    /// confirmed nor denied.
    get_position_change, "/v1/requests/{request_id}/complaints/{complaint_id}/position-changes/{position_change_id}", PositionChangePath, "complaints", PositionChange;
}

changing! {
    /// Void a change of position
    ///
    /// It was recorded by mistake: the entry stays and says why it is void.
    void_position_change, "/v1/requests/{request_id}/complaints/{complaint_id}/position-changes/{position_change_id}/void", PositionChangePath, "complaints", NewVoiding => PositionChange,
        |connection, context, place, id, voiding| proceedings::void(connection, context, place, id, &voiding),
        {"reason": "Recorded on the wrong complaint."};
}
