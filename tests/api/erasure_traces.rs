//! Traces that an erased request could leave where nobody looks for words: provisions, and answers kept for retries.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{path, record, record_response, sent, withheld},
        server::id,
        world,
    },
};

const PERSON: &str = "Jane Canary";

#[track_caller]
fn erase(server: &Server, request: &str) {
    server.post(&format!("{}/erasure", path(request)), &json!({})).expect(200);
}

/// What the regulator found, as the figures tell it.
fn found(server: &Server) -> Vec<(String, String, u64)> {
    let figures = server.get("/v1/metrics/regulator?start_on=2020-01-01&end_on=2020-12-31&group_by=year").expect(200);
    let rows = figures["rows"][0]["findings"].as_array().unwrap().clone();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows.iter().map(|row| (text(row, "provision"), text(row, "finding"), row["notices"].as_u64().unwrap())).collect()
}

on_both! {
    fn a_provision_stays_in_the_words_of_the_catalogue(server) {
        world::only_authority(server);
        let parts = json!([{"label": "1", "text": "One"}, {"label": "2", "text": "Two", "regime": "eir"}]);
        let body = json!({"regime": "foia", "received_on": "2019-11-07", "subject": "A subject", "parts": parts});
        let request = id(&server.post("/v1/requests", &body).expect(201));
        record_response(server, &request, &sent("2019-12-05", &[withheld("1")]));
        record(server, &request, "withdrawal", json!({"withdrawn_on": "2019-12-06", "parts": ["2"]}));
        let complaint = format!("complaints/{}", id(&record(server, &request, "complaints", json!({"made_on": "2020-02-19"}))));
        let cited = [
            (format!("s31(1)(a) letter of {PERSON}"), "partly"), (PERSON.to_owned(), "not_engaged"),
            ("section 10 (1)".to_owned(), "breach"), (format!("regulation 12(4)(b), {PERSON}"), "correctly_applied"),
        ];
        let findings: Vec<Value> = cited.iter().map(|(provision, finding)| json!({"provision": provision, "finding": finding})).collect();
        let notice = record(server, &request, &format!("{complaint}/decision-notices"), json!({"sent_on": "2020-06-23", "findings": findings}));
        let substituted = json!({"findings": findings});
        record(server, &request, &format!("{complaint}/appeals"), json!({"decision_notice_id": id(&notice), "tribunal": "first_tier",
            "made_on": "2020-07-01", "made_by": "authority",
            "decision": {"decided_on": "2020-10-01", "outcome": "allowed", "substituted_notice": substituted}}));
        let told = |unknown: &str| {
            let mut told = [("31(1)(a)", "partly"), (unknown, "not_engaged"), ("10(1)", "breach"), ("12(4)(b)", "correctly_applied")]
                .map(|(provision, finding)| (provision.to_owned(), finding.to_owned(), 1));
            told.sort();
            told
        };
        let sorted = || {
            let mut found = found(server);
            found.sort();
            found
        };
        assert_eq!(sorted(), told(PERSON));
        erase(server, &request);
        // What the catalogue knows is counted as before; what it does not know has lost its words.
        assert_eq!(sorted(), told("Erased"));
        let left = server.place.words("SELECT content AS words FROM proceedings").concat();
        assert!(!left.contains("Canary") && !left.contains("letter"), "{left}");
        assert_eq!(left.matches(r#""provision":"Erased""#).count(), 2, "{left}");
        assert_eq!(left.matches(r#""provision":"31(1)(a)""#).count(), 2, "{left}");
    }

    fn a_late_retry_does_not_bring_an_erased_request_back(server) {
        world::only_authority(server);
        let request = json!({"reference": "PAST/1", "regime": "foia", "received_on": "2026-06-01", "subject": PERSON, "requester": {"name": PERSON}});
        let mut other = request.clone();
        other["reference"] = json!("PAST/2");
        let calls = [("/v1/requests", request, "/id"), ("/v1/case-histories", json!({"request": other}), "/request/id")];
        for (address, body, at) in &calls {
            let made = server.post_keyed(address, address, body).expect(201).pointer(at).unwrap().as_str().unwrap().to_owned();
            server.post_keyed(&format!("{}/withdrawal", path(&made)), &made, &json!({"withdrawn_on": "2026-06-10"})).expect(201);
            erase(server, &made);
            server.post_keyed(&format!("{}/withdrawal", path(&made)), &made, &json!({"withdrawn_on": "2026-06-10"})).problem(404, "not-found");
        }
        for (address, body, _) in &calls {
            for _ in 0..2 {
                let again = server.post_keyed(address, address, body);
                let problem = again.problem(409, "not-possible-in-this-state");
                assert!(problem["detail"].as_str().unwrap().contains("deleted since"), "{problem}");
                assert_eq!(again.header("idempotency-replayed"), "");
            }
            server.post_keyed(address, address, &json!({})).problem(400, "missing-member");
        }
        assert_eq!(server.place.count("requesters"), 0);
        assert_eq!(server.get("/v1/requests").expect(200)["items"], json!([]));
        // Of each first call key and fingerprint are left, and not which request it made.
        let left = server.place.words("SELECT status || headers || body || coalesce(request_id, '') AS words FROM idempotency_keys");
        assert_eq!(left, ["410[]", "410[]"]);
        server.set_now("2026-07-03T12:00:01Z");
        server.post_keyed("/v1/requests", "/v1/requests", &calls[0].1).expect(201);
    }
}
