//! The main job in one test: a request, its due date, an answer, a figure.

use serde_json::json;

use crate::on_both;

on_both! {
    fn a_request_is_recorded_answered_and_counted(server) {
        let authority = server.authority("Force");
        let request = server.post("/v1/requests", &json!({"regime": "foia", "received_on": "2019-11-07", "subject": "Partnership"})).expect(201);
        assert_eq!(request["due_on"], "2019-12-06");
        assert_eq!(request["authority_id"], authority);
        assert_eq!(request["reference"], "FOI-2019-00001");
        let path = format!("/v1/requests/{}", request["id"].as_str().unwrap());
        let response = server.post(&format!("{path}/responses"), &json!({"kind": "initial", "record_as": "sent", "issued_on": "2020-01-28",
            "determinations": [{"part": "1", "outcome": "disclosed"}]})).expect(201);
        assert_eq!(response["status"], "issued");
        let answered = server.get(&path).expect(200);
        assert_eq!(answered["status"], "responded");
        assert_eq!(answered["working_days_taken"], 53);
        assert_eq!(answered["on_time"], false);
        assert_eq!(answered["outcome"], "granted_in_full");
    }
}
