//! Requests over time: what a patch changes, and what the days change by themselves.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Server, server::id},
};

fn fault(place: &str, code: &str) -> (String, String) {
    (place.to_owned(), code.to_owned())
}

fn path(request: &Value) -> String {
    format!("/v1/requests/{}", id(request))
}

/// A request as small as can be, with these members besides.
fn record(server: &Server, members: Value) -> Value {
    let mut body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject"});
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    server.post("/v1/requests", &body).expect(201)
}

/// A request with every member that a patch may change.
fn everything() -> Value {
    json!({
        "regime": "foia", "received_on": "2019-11-07", "acknowledged_on": "2019-12-20", "channel": "email",
        "subject": "Partnership with a social media provider", "topics": ["technology-partners", "training"],
        "requester": {"name": "Mx Requester"}, "external_ids": [{"scheme": "case-system", "value": "4711"}],
        "case_file_uri": "file://store/cases/4711",
    })
}

on_both! {
    fn a_patch_changes_what_it_names_and_nothing_else(server) {
        server.authority("Force");
        let request = server.post("/v1/requests", &everything()).expect(201);
        let path = path(&request);
        let changes = [
            ("subject", json!("Another subject"), None),
            ("channel", json!("web_form"), None),
            ("topics", json!(["training", "new"]), Some(json!([]))),
            ("acknowledged_on", json!("2019-11-08"), None),
            ("external_ids", json!([{"scheme": "web-form", "value": "1"}]), Some(json!([]))),
            ("case_file_uri", json!("urn:other"), None),
        ];
        let mut expected = request.clone();
        let mut version = 1;
        let mut change = |member: &str, value: &Value, result: Option<&Value>| {
            let before = server.get(&path);
            let instant = format!("2026-07-01T12:00:{version:02}Z");
            server.set_now(&instant);
            version += 1;
            match result {
                Some(result) => expected[member] = result.clone(),
                None => drop(expected.as_object_mut().unwrap().remove(member)),
            }
            expected["version"] = json!(version);
            expected["updated_at"] = json!(instant.replace('Z', ".000000Z"));
            let changed = server.patch(&path, before.header("etag"), &json!({member: value}));
            assert_eq!(changed.expect(200), expected, "{member}");
            let after = server.get(&path);
            assert_eq!(after.expect(200), expected, "{member}");
            assert_eq!(after.header("etag"), changed.header("etag"));
            assert_ne!(after.header("etag"), before.header("etag"));
        };
        for (member, value, _) in &changes {
            change(member, value, Some(value));
        }
        for (member, _, cleared) in changes.iter().skip(1) {
            change(member, &Value::Null, cleared.as_ref());
        }
        let timeline = server.get(&format!("{path}/timeline")).expect(200);
        let kinds: Vec<_> = timeline["items"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, [vec!["request_recorded"], vec!["request_changed"; 11]].concat());
        assert_eq!(timeline["items"][0], json!({"kind": "request_recorded", "effective_on": "2019-11-07", "recorded_at": "2026-06-30T12:00:00.000000Z"}));
        assert_eq!(timeline["items"][11], json!({"kind": "request_changed", "recorded_at": "2026-07-01T12:00:11.000000Z"}));
        assert!(timeline.get("next_cursor").is_none());
        // Who asked is not touched by any of it.
        assert_eq!(server.get(&format!("{path}/requester")).expect(200)["requester"], everything()["requester"]);
    }

    fn several_members_of_a_patch_are_one_change(server) {
        server.authority("Force");
        let request = server.post("/v1/requests", &everything()).expect(201);
        let changed = server.patch(&path(&request), "*", &json!({"subject": "S", "channel": null, "topics": ["x"]})).expect(200);
        let mut expected = request.clone();
        expected.as_object_mut().unwrap().remove("channel");
        expected["subject"] = json!("S");
        expected["topics"] = json!(["x"]);
        expected["version"] = json!(2);
        assert_eq!(changed, expected);
        // Topics and subject are what lists look for.
        for (query, found) in [("topic=x", 1), ("topic=training", 0), ("q=partnership", 0), ("q=s", 1)] {
            assert_eq!(server.get(&format!("/v1/requests?{query}")).expect(200)["items"].as_array().unwrap().len(), found, "{query}");
        }
    }

    fn a_patch_that_cannot_be_changes_nothing(server) {
        server.authority("Force");
        let request = server.post("/v1/requests", &everything()).expect(201);
        let path = path(&request);
        for (patch, faults) in [
            (json!({"subject": null}), vec![fault("#/subject", "invalid-value")]),
            (json!({"subject": ""}), vec![fault("#/subject", "invalid-text")]),
            (json!({"acknowledged_on": "2019-11-06"}), vec![fault("#/acknowledged_on", "impossible-order")]),
            (json!({"acknowledged_on": "2026-07-01"}), vec![fault("#/acknowledged_on", "date-in-future")]),
            (json!({"topics": ["a", "a"], "channel": "pigeon"}), vec![fault("#/channel", "unknown-value"), fault("#/topics/1", "duplicate-value")]),
            (json!({"external_ids": [{"scheme": "s", "value": "v"}, {"scheme": "s", "value": "v"}]}), vec![fault("#/external_ids/1", "duplicate-value")]),
        ] {
            let answer = server.patch(&path, "*", &patch);
            answer.problem(422, "validation-failed");
            assert_eq!(answer.faults().into_iter().collect::<BTreeSet<_>>(), faults.into_iter().collect(), "{patch}");
        }
        for member in ["regime", "received_on", "reference", "requester", "original_text", "parts", "status", "due_on", "authority_id", "held"] {
            let answer = server.patch(&path, "*", &json!({member: "x"}));
            answer.problem(400, "unknown-member");
            assert_eq!(answer.faults(), [fault(&format!("#/{member}"), "unknown-member")]);
        }
        server.send("PATCH", &path, &[("Content-Type", "text/plain"), ("If-Match", "*")], Some(b"{}")).problem(415, "unsupported-media-type");
        assert_eq!(server.get(&path).expect(200), request);
        let json = [("Content-Type", "application/json"), ("If-Match", "*")];
        assert_eq!(server.send("PATCH", &path, &json, Some(br#"{"subject": "By plain JSON"}"#)).expect(200)["subject"], "By plain JSON");
        server.patch("/v1/requests/6b1c2d34-0000-4000-8000-000000000000", "*", &json!({"subject": "S"})).problem(404, "not-found");
    }

    fn an_acknowledgement_is_measured_by_the_receipt_that_stands(server) {
        server.authority("Force");
        let path = path(&record(server, json!({"received_on": "2026-06-08"})));
        server.patch(&path, "*", &json!({"acknowledged_on": "2026-06-03"})).problem(422, "validation-failed");
        server.post(&format!("{path}/receipt-corrections"), &json!({"received_on": "2026-06-02", "reason": "Stamp"})).expect(201);
        assert_eq!(server.patch(&path, "*", &json!({"acknowledged_on": "2026-06-03"})).expect(200)["acknowledged_on"], "2026-06-03");
    }

    fn a_request_is_overdue_from_the_day_after(server) {
        server.authority("Force");
        let request = record(server, json!({}));
        assert_eq!(request["due_on"], "2026-06-30");
        let overdue = |instant: &str| {
            server.set_now(instant);
            let told = server.get(&path(&request)).expect(200)["overdue"].as_bool().unwrap();
            for (flag, count) in [("true", usize::from(told)), ("false", usize::from(!told))] {
                let list = server.get(&format!("/v1/requests?overdue={flag}")).expect(200);
                assert_eq!(list["items"].as_array().unwrap().len(), count, "overdue={flag} at {instant}");
                assert!(list["items"].as_array().unwrap().iter().all(|item| item["overdue"] == told));
            }
            told
        };
        assert!(!overdue("2026-06-30T22:59:59.999999Z"));
        assert!(overdue("2026-06-30T23:00:00Z"), "midnight in London");
        assert!(overdue("2027-01-01T00:00:00Z"));
        server.post(&format!("{}/responses", path(&request)), &json!({"kind": "initial", "record_as": "sent", "issued_on": "2026-07-02",
            "determinations": [{"part": "1", "outcome": "disclosed"}]})).expect(201);
        assert!(!overdue("2027-01-01T00:00:00Z"), "answered late, but answered");
    }

    fn an_unpaid_fee_ends_a_request_by_date_alone(server) {
        server.authority("Force");
        server.set_now("2026-01-12T12:00:00Z");
        let path = path(&record(server, json!({"received_on": "2026-01-05"})));
        server.post(&format!("{path}/fee-notices"), &json!({"given_on": "2026-01-12", "amount": "25.00"})).expect(201);
        let stands = |instant: &str, status: &str, closed_on: Option<&str>| {
            server.set_now(instant);
            let request = server.get(&path).expect(200);
            assert_eq!(request["status"], status, "{instant}");
            assert_eq!(request["parts"][0]["status"], status, "{instant}");
            assert_eq!(request["overdue"], false, "{instant}");
            assert_eq!(request.get("closed_on").and_then(Value::as_str), closed_on, "{instant}");
            assert_eq!(server.get(&format!("{path}/clock")).expect(200)["parts"][0]["state"], status);
            for wanted in ["open", "awaiting_fee", "awaiting_clarification", "responded", "withdrawn", "lapsed", "transferred"] {
                let found = server.get(&format!("/v1/requests?status={wanted}")).expect(200)["items"].as_array().unwrap().clone();
                assert_eq!(found, if wanted == status { vec![request.clone()] } else { vec![] }, "{wanted} at {instant}");
            }
        };
        stands("2026-01-12T12:00:00Z", "awaiting_fee", None);
        stands("2026-04-11T22:59:59Z", "awaiting_fee", None);
        stands("2026-04-11T23:00:00Z", "lapsed", Some("2026-04-12"));
        stands("2027-01-01T12:00:00Z", "lapsed", Some("2026-04-12"));
    }

    fn a_late_fees_notice_ends_nothing(server) {
        server.authority("Force");
        server.set_now("2026-02-10T12:00:00Z");
        let request = record(server, json!({"received_on": "2026-01-05"}));
        assert_eq!(request["due_on"], "2026-02-02");
        server.post(&format!("{}/fee-notices", path(&request)), &json!({"given_on": "2026-02-10", "amount": "10"})).expect(201);
        let agrees = |overdue: bool| {
            let told = server.get(&path(&request)).expect(200);
            assert_eq!(told["overdue"], overdue, "{told}");
            for flag in [true, false] {
                let found = server.get(&format!("/v1/requests?overdue={flag}")).expect(200)["items"].as_array().unwrap().clone();
                assert_eq!(found, if flag == overdue { vec![told.clone()] } else { vec![] }, "overdue={flag}");
            }
        };
        agrees(true);
        server.set_now("2026-05-09T12:00:00Z");
        agrees(true);
        server.set_now("2026-05-10T12:00:00Z");
        assert_eq!(server.get(&path(&request)).expect(200)["status"], "awaiting_fee");
        agrees(true);
    }

    fn two_fees_notices_lapse_each_in_its_time(server) {
        server.authority("Force");
        server.set_now("2026-02-02T12:00:00Z");
        let path = path(&record(server, json!({"received_on": "2026-01-12", "parts": [{"label": "1", "text": "x"}, {"label": "2", "text": "y"}]})));
        for (label, given_on) in [("1", "2026-01-19"), ("2", "2026-02-02")] {
            server.post(&format!("{path}/fee-notices"), &json!({"given_on": given_on, "amount": "25", "parts": [label]})).expect(201);
        }
        let stands = |instant: &str, whole: &str, parts: [&str; 2]| {
            server.set_now(instant);
            let request = server.get(&path).expect(200);
            assert_eq!(request["status"], whole, "{instant}: {request}");
            assert_eq!([&request["parts"][0]["status"], &request["parts"][1]["status"]], [&json!(parts[0]), &json!(parts[1])], "{instant}");
            assert_eq!(server.get(&format!("/v1/requests?status={whole}")).expect(200)["items"], json!([request]), "{instant}");
        };
        stands("2026-04-18T12:00:00Z", "awaiting_fee", ["awaiting_fee", "awaiting_fee"]);
        stands("2026-04-19T12:00:00Z", "awaiting_fee", ["lapsed", "awaiting_fee"]);
        stands("2026-05-01T12:00:00Z", "awaiting_fee", ["lapsed", "awaiting_fee"]);
        stands("2026-05-02T12:00:00Z", "lapsed", ["lapsed", "lapsed"]);
    }

    fn a_lapsed_fee_leaves_what_is_said_of_the_other_parts(server) {
        server.authority("Force");
        server.set_now("2026-02-02T12:00:00Z");
        let path = path(&record(server, json!({"received_on": "2026-01-12", "parts": [{"label": "1", "text": "x"}, {"label": "2", "text": "y"}]})));
        server.post(&format!("{path}/fee-notices"), &json!({"given_on": "2026-01-19", "amount": "25", "parts": ["1"]})).expect(201);
        server.post(&format!("{path}/clarifications"), &json!({"asked_on": "2026-01-19", "parts": ["2"]})).expect(201);
        let status = |instant: &str| {
            server.set_now(instant);
            server.get(&path).expect(200)["status"].as_str().unwrap().to_owned()
        };
        assert_eq!(status("2026-04-18T12:00:00Z"), "awaiting_fee");
        assert_eq!(status("2026-04-19T12:00:00Z"), "awaiting_clarification");
    }
}
