//! Regulatory actions over HTTP: dates as exactly as they are known, and no link that could tell what an answer did not.

use serde_json::{Value, json};

use crate::{
    complaints::answered,
    on_both,
    support::{
        casework::{disclosed, ncnd, record_response, respond, sent, with},
        server::id,
    },
};

fn reprimand() -> Value {
    json!({"kind": "reprimand", "regulator": "Information Commissioner", "subject_body": "Metropolitan Police Service",
        "reference": "INV/1", "basis": "Part 3 of the Data Protection Act 2018", "dated": "2021-12-03", "voluntary": false,
        "publications": [{"uri": "https://example.org/1", "published": "2022-01", "withdrawn": "2024"}],
        "requirements": [{"text": "Record consultations.", "due_on": "2022-06-30"}]})
}

on_both! {
    fn an_action_is_recorded_read_listed_and_voided(server) {
        server.authority("Authority of the test");
        let answer = server.post("/v1/regulatory-actions", &reprimand());
        let action = answer.expect(201);
        for (member, value) in reprimand().as_object().unwrap() {
            assert_eq!(action[member], *value, "{member}");
        }
        assert_eq!((&action["date_precision"], &action["request_ids"]), (&json!("day"), &json!([])));
        let address = answer.header("location").to_owned();
        let read = server.get(&address);
        assert_eq!((read.expect(200), read.header("etag")), (action.clone(), answer.header("etag")));
        assert_eq!(server.get("/v1/regulatory-actions").expect(200), json!({"items": [action]}));
        let voided = server.post(&format!("{address}/void"), &json!({"reason": "Recorded twice."})).expect(201);
        assert_eq!((&voided["void_reason"], &voided["version"]), (&json!("Recorded twice."), &json!(2)));
        server.post(&format!("{address}/void"), &json!({"reason": "Again."})).problem(409, "not-possible-in-this-state");
        server.get("/v1/regulatory-actions/00000000-0000-4000-8000-000000000000").problem(404, "not-found");
    }

    fn a_date_is_as_exact_as_it_is_known(server) {
        server.authority("Authority of the test");
        for (dated, precision) in [("2021-11-15", "day"), ("2021-11", "month"), ("2021", "year")] {
            let audit = json!({"kind": "audit", "voluntary": true, "dated": dated});
            let action = server.post("/v1/regulatory-actions", &with(reprimand(), &audit)).expect(201);
            assert_eq!((&action["dated"], &action["date_precision"]), (&json!(dated), &json!(precision)));
        }
        for (dated, code) in [("2021-13", "invalid-date"), ("21", "invalid-date"), ("2021-02-30", "invalid-date"), ("2026-07", "date-in-future"), ("2027", "date-in-future")] {
            let answer = server.post("/v1/regulatory-actions", &with(reprimand(), &json!({"dated": dated})));
            answer.problem(422, "validation-failed");
            assert_eq!(answer.faults(), [("#/dated".to_owned(), code.to_owned())], "{dated}");
        }
        assert_eq!(server.get("/v1/regulatory-actions").expect(200)["items"].as_array().unwrap().len(), 3);
    }

    fn only_requests_that_were_told_throughout_can_be_linked_and_all_others_look_alike(server) {
        let told = server.request("2019-11-07", &["1"]);
        respond(server, &told, "2019-12-05");
        let linked = server.post("/v1/regulatory-actions", &with(reprimand(), &json!({"request_ids": [told]}))).expect(201);
        assert_eq!(linked["request_ids"], json!([told]));
        let neither = answered(server);
        let silent = server.request("2019-11-07", &["1"]);
        let partly = server.request("2019-11-07", &["1", "2"]);
        record_response(server, &partly, &sent("2019-12-05", &[disclosed("1")]));
        let drafted = server.request("2019-11-07", &["1"]);
        record_response(server, &drafted, &json!({"kind": "initial", "determinations": [disclosed("1")]}));
        let mut refusals = Vec::new();
        for request in [&neither, &silent, &partly, &drafted] {
            let mut problem = server.post("/v1/regulatory-actions", &with(reprimand(), &json!({"request_ids": [told, request]}))).problem(409, "not-possible-in-this-state");
            for member in ["instance", "request_id"] {
                problem.as_object_mut().unwrap().remove(member);
            }
            refusals.push(problem);
        }
        refusals.dedup();
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        assert_eq!(server.get("/v1/regulatory-actions").expect(200)["items"].as_array().unwrap().len(), 1);
        // An answer that turns to neither confirming nor denying takes the request out of the action.
        record_response(server, &told, &with(sent("2020-02-01", &[ncnd("1")]), &json!({"kind": "revised"})));
        let address = format!("/v1/regulatory-actions/{}", id(&linked));
        assert_eq!(server.get(&address).expect(200)["request_ids"], json!([]));
        let unknown = server.post("/v1/regulatory-actions", &with(reprimand(), &json!({"request_ids": ["00000000-0000-4000-8000-000000000000"]})));
        assert_eq!(unknown.faults(), [("#/request_ids/0".to_owned(), "invalid-value".to_owned())]);
    }
}
