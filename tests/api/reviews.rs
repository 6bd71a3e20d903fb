//! Reviews over HTTP: facts that are always recorded, the dates that each regime sets for them, and what is said of them.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Server,
        casework::{
            clock_of, disclosed, due_date, finding, finding_ids, names_both, ncnd, path, read, record, record_response,
            respond, sent, with, withheld,
        },
        server::id,
    },
};

/// A request under a regime, received on 7 November 2019, with parts 1 and 2.
fn request_under(server: &Server, regime: &str) -> String {
    if server.get("/v1/authorities").expect(200)["items"].as_array().unwrap().is_empty() {
        server.authority("Authority of the test");
    }
    let body = json!({"regime": regime, "received_on": "2019-11-07", "subject": "A subject",
        "parts": [{"label": "1", "text": "One"}, {"label": "2", "text": "Two"}]});
    id(&server.post("/v1/requests", &body).expect(201))
}

fn reviews(request: &str) -> String {
    format!("{}/reviews", path(request))
}

fn decision(decided_on: &str, parts: &[&str]) -> Value {
    let results: Vec<Value> = parts.iter().map(|part| json!({"part": part, "result": "position_maintained"})).collect();
    json!({"decided_on": decided_on, "decided_by": {"staff_ref": "reviewer"}, "results": results})
}

/// Nothing was recorded after the response: no entry, no version, no line in the timeline.
#[track_caller]
fn unchanged(server: &Server, request: &str, before: &Value) {
    assert_eq!(read(server, request), *before);
    assert_eq!(server.get(&reviews(request)).expect(200), json!({"items": []}));
}

on_both! {
    fn a_review_is_recorded_decided_and_told(server) {
        server.set_now("2020-02-20T12:00:00Z");
        let request = server.request("2019-11-07", &["1", "2"]);
        record_response(server, &request, &with(sent("2019-12-05", &[ncnd("1"), disclosed("2")]), &json!({"decided_by": {"staff_ref": "officer"}})));
        let before = read(server, &request)["version"].as_i64().unwrap();
        let answer = server.post(&reviews(&request), &json!({"requested_on": "2020-02-03", "parts": ["1"], "grounds": "No harm is shown.", "not_contested": "Part 2."}));
        let review = answer.expect(201);
        let address = format!("{}/{}", reviews(&request), id(&review));
        assert_eq!(answer.header("location"), address);
        assert_eq!(review["parts"], json!(["1"]));
        assert_eq!(review["due_on"], "2020-03-02");
        assert_eq!(review["findings"], json!([]), "40 working days from 5 December end on 5 February");
        assert_eq!(review["overdue"], false);
        assert_eq!(review["version"], 1);
        assert_eq!(read(server, &request)["version"], before + 1);
        let clock = clock_of(server, &request, "1");
        let code = "section 45 Code of Practice (guidance)".to_owned();
        assert_eq!(due_date(&clock, "review").unwrap(), ("2020-03-02".to_owned(), code.clone()));
        assert_eq!(due_date(&clock, "review_guidance_limit").unwrap(), ("2020-03-31".to_owned(), code));
        assert_eq!(due_date(&clock_of(server, &request, "2"), "review"), None, "part 2 is not under review");

        let read_back = server.get(&address);
        assert_eq!(read_back.expect(200), review);
        assert_eq!(read_back.header("etag"), answer.header("etag"));
        let unmodified = server.send("GET", &address, &[("If-None-Match", answer.header("etag"))], None);
        assert_eq!((unmodified.status, unmodified.text.as_str()), (304, ""));

        let decided = server.post(&format!("{address}/decision"), &decision("2020-02-20", &["1"])).expect(201);
        assert_eq!((&decided["version"], &decided["overdue"]), (&json!(2), &json!(false)));
        assert_eq!(decided["working_days_taken"], 13);
        assert_eq!(decided["decision"], decision("2020-02-20", &["1"]));
        assert_eq!(due_date(&clock_of(server, &request, "1"), "review"), None);
        let timeline = server.get(&format!("{}/timeline", path(&request))).expect(200);
        let told: Vec<(&Value, &Value)> = timeline["items"].as_array().unwrap().iter().skip(2).map(|entry| (&entry["kind"], &entry["detail"])).collect();
        assert_eq!(told, [(&json!("proceeding_recorded"), &json!("review")), (&json!("proceeding_changed"), &json!("review_decided"))]);
        server.post(&format!("{address}/decision"), &decision("2020-02-20", &["1"])).problem(409, "not-possible-in-this-state");
    }

    fn each_regime_sets_its_own_time(server) {
        for (regime, due_on, provision) in [
            ("foia", "2020-03-09", "section 45 Code of Practice (guidance)"),
            ("eir", "2020-04-07", "regulation 11(4)"),
            ("foisa", "2020-03-09", "section 21(1)"),
            ("eisr", "2020-03-09", "regulation 16(4)"),
        ] {
            let request = request_under(server, regime);
            let review = record(server, &request, "reviews", json!({"requested_on": "2020-02-10"}));
            assert_eq!(review["due_on"], due_on, "{regime}");
            assert_eq!(due_date(&review, "review").unwrap(), (due_on.to_owned(), provision.to_owned()));
            assert_eq!(review["parts"], json!(["1", "2"]), "all parts when none are named");
            assert_eq!(due_date(&review, "review_guidance_limit").is_some(), regime == "foia");
        }
    }

    fn lateness_is_guidance_under_foia_and_a_breach_elsewhere(server) {
        for (regime, decided_on, severity, provision) in [
            ("foia", "2020-04-08", "warning", Value::Null),
            ("eir", "2020-04-08", "breach", json!("regulation 11(4)")),
            ("foisa", "2020-03-10", "breach", json!("section 21(1)")),
            ("eisr", "2020-03-10", "breach", json!("regulation 16(4)")),
        ] {
            let request = request_under(server, regime);
            let review = record(server, &request, "reviews",
                json!({"requested_on": "2020-02-10", "decision": decision(decided_on, &["1", "2"])}));
            let late = finding(&review["findings"], if regime == "foia" { "review-beyond-forty-days" } else { "review-late" });
            assert_eq!((&late["severity"], late.get("provision").unwrap_or(&Value::Null)), (&json!(severity), &provision), "{regime}");
            assert_eq!(late["facts"]["working_days_late"], "1", "{regime}");
        }
    }

    fn a_review_asked_for_late_or_decided_by_the_same_person_is_recorded_and_told(server) {
        let request = server.request("2019-11-07", &["1"]);
        record_response(server, &request, &with(sent("2019-12-05", &[withheld("1")]), &json!({"decided_by": {"staff_ref": "officer"}})));
        let mut same = decision("2020-02-10", &["1"]);
        same["decided_by"] = json!({"staff_ref": "officer"});
        let review = record(server, &request, "reviews", json!({"requested_on": "2020-02-06", "decision": same}));
        assert_eq!(finding_ids(&review["findings"]), ["review-asked-late", "review-same-decider"]);
        assert_eq!(finding(&review["findings"], "review-asked-late")["facts"], json!({"requested_on": "2020-02-06", "until": "2020-02-05"}));
        let compliance = server.get(&format!("/v1/requests/{request}/compliance")).expect(200);
        let told = finding(&compliance["findings"], "review-same-decider");
        assert_eq!(told["pointer"], format!("/reviews/{}", id(&review)));
        let other = record(server, &request, "reviews", json!({"requested_on": "2020-02-05", "decision": decision("2020-02-10", &["1"])}));
        assert_eq!(other["findings"], json!([]));
    }

    fn an_impossible_order_is_refused_and_names_both(server) {
        let request = server.request("2019-11-07", &["1"]);
        let before = read(server, &request);
        let decided_first = json!({"requested_on": "2020-02-10", "decision": decision("2020-02-07", &["1"])});
        names_both(&server.post(&reviews(&request), &decided_first).problem(409, "impossible-order"), "review_requested", "review_decided");
        let asked_first = json!({"requested_on": "2019-11-06"});
        names_both(&server.post(&reviews(&request), &asked_first).problem(409, "impossible-order"), "request_received", "review_requested");
        unchanged(server, &request, &before);
        let review = record(server, &request, "reviews", json!({"requested_on": "2020-02-10"}));
        let address = format!("{}/{}", reviews(&request), id(&review));
        let early = server.post(&format!("{address}/decision"), &decision("2020-02-09", &["1"]));
        names_both(&early.problem(409, "impossible-order"), "review_requested", "review_decided");
        assert_eq!(server.get(&address).expect(200), review);
    }

    fn all_faults_come_at_once_and_nothing_is_written(server) {
        let request = server.request("2019-11-07", &["1", "2"]);
        let before = read(server, &request);
        let body = json!({"requested_on": "2026-07-01", "parts": ["1", "9", "1"], "decision": {"decided_on": "2026-07-01",
            "results": [{"part": "2", "result": "overturned"}, {"part": "8", "result": "overturned"}]}});
        let answer = server.post(&reviews(&request), &body);
        answer.problem(422, "validation-failed");
        let mut faults = answer.faults();
        faults.sort();
        assert_eq!(faults, [
            ("#/decision/decided_on", "date-in-future"), ("#/decision/results/0/part", "inconsistent-members"),
            ("#/decision/results/1/part", "unknown-part"), ("#/parts/1", "unknown-part"), ("#/parts/2", "duplicate-value"),
            ("#/requested_on", "date-in-future"),
        ].map(|(at, code)| (at.to_owned(), code.to_owned())));
        let word = server.post(&reviews(&request), &json!({"requested_on": "2020-02-10", "decision": {"decided_on": "2020-02-11", "results": [{"part": "1", "result": "upheld"}]}}));
        assert_eq!(word.faults(), [("#/decision/results/0/result".to_owned(), "unknown-value".to_owned())]);
        let empty = server.post(&reviews(&request), &json!({"requested_on": "2020-02-10", "decision": {"decided_on": "2020-02-11", "results": []}}));
        assert_eq!(empty.faults(), [("#/decision/results".to_owned(), "invalid-value".to_owned())]);
        let held = server.post(&reviews(&request), &json!({"requested_on": "2020-02-10", "held": true}));
        held.problem(400, "unknown-member");
        unchanged(server, &request, &before);
    }

    fn a_key_records_once(server) {
        let request = server.request("2019-11-07", &["1"]);
        let body = json!({"requested_on": "2020-02-10"});
        let first = server.post_keyed(&reviews(&request), "k-1", &body);
        let again = server.post_keyed(&reviews(&request), "k-1", &body);
        assert_eq!((first.status, &first.text), (201, &again.text));
        assert_eq!(again.header("idempotency-replayed"), "true");
        server.post_keyed(&reviews(&request), "k-1", &json!({"requested_on": "2020-02-11"})).problem(422, "idempotency-key-reused");
        assert_eq!(server.get(&reviews(&request)).expect(200)["items"].as_array().unwrap().len(), 1);
    }

    fn a_void_review_stays_and_has_no_effect(server) {
        let request = server.request("2019-11-07", &["1"]);
        respond(server, &request, "2019-12-05");
        let review = record(server, &request, "reviews", json!({"requested_on": "2020-02-10"}));
        let void = format!("reviews/{}/void", id(&review));
        let voided = record(server, &request, &void, json!({"reason": "Another case."}));
        assert_eq!((&voided["void_reason"], &voided["version"], &voided["overdue"]), (&json!("Another case."), &json!(2), &json!(false)));
        assert_eq!(due_date(&clock_of(server, &request, "1"), "review"), None);
        assert_eq!(server.get("/v1/due-dates").expect(200), json!({"items": []}));
        let address = format!("{}/reviews/{}", path(&request), id(&review));
        server.post(&format!("{address}/void"), &json!({"reason": "Again."})).problem(409, "not-possible-in-this-state");
        server.post(&format!("{address}/decision"), &decision("2020-02-11", &["1"])).problem(409, "not-possible-in-this-state");
        let revised = with(sent("2020-02-12", &[disclosed("1")]), &json!({"kind": "review", "review_id": id(&review)}));
        let answer = server.post(&format!("{}/responses", path(&request)), &revised);
        assert_eq!(answer.faults(), [("#/review_id".to_owned(), "invalid-value".to_owned())]);
    }

    fn a_response_names_the_review_it_came_out_of(server) {
        let request = server.request("2019-11-07", &["1"]);
        let letter = respond(server, &request, "2019-12-05");
        let review = record(server, &request, "reviews", json!({"requested_on": "2020-02-10"}));
        let members = json!({"kind": "review", "review_id": id(&review), "supersedes": id(&letter)});
        let changed = record_response(server, &request, &with(sent("2020-02-19", &[disclosed("1")]), &members));
        assert_eq!((&changed["review_id"], &changed["supersedes"]), (&review["id"], &letter["id"]));
        let other = server.request("2019-11-07", &["1"]);
        let answer = server.post(&format!("{}/responses", path(&other)), &with(sent("2020-02-19", &[disclosed("1")]),
            &with(members, &json!({"complaint_id": id(&review), "decision_notice_id": "nothing"}))));
        answer.problem(422, "validation-failed");
        let mut faults: Vec<String> = answer.faults().into_iter().map(|(at, _)| at).collect();
        faults.sort();
        assert_eq!(faults, ["#/complaint_id", "#/decision_notice_id", "#/review_id", "#/supersedes"]);
        assert_eq!(server.get(&format!("{}/responses", path(&other))).expect(200), json!({"items": []}));
    }

    fn a_part_that_is_split_stays_under_review(server) {
        let request = server.request("2019-11-07", &["1", "2"]);
        let review = record(server, &request, "reviews", json!({"requested_on": "2020-02-10", "parts": ["1", "2"],
            "decision": decision("2020-02-20", &["1", "2"])}));
        server.set_now("2026-06-30T13:00:00Z");
        server.post(&format!("{}/parts/1/split", path(&request)), &json!({"labels": ["1a", "1b"]})).expect(200);
        server.set_now("2026-06-30T14:00:00Z");
        let changed = server.get(&format!("{}?updated_at_from=2026-06-30T12:30:00Z", reviews(&request))).expect(200);
        assert_eq!(changed["items"].as_array().unwrap().iter().map(id).collect::<Vec<_>>(), [id(&review)]);
        let after = server.get(&format!("{}/{}", reviews(&request), id(&review))).expect(200);
        assert_eq!(after["parts"], json!(["1a", "1b", "2"]));
        assert_eq!(after["decision"], decision("2020-02-20", &["1a", "1b", "2"]));
        assert_eq!(after["version"], 2);
    }

    fn lists_go_page_by_page_and_by_change(server) {
        let request = server.request("2019-11-07", &["1"]);
        let mut recorded = Vec::new();
        for day in ["2020-02-10", "2020-02-11", "2020-02-12"] {
            recorded.push(id(&record(server, &request, "reviews", json!({"requested_on": day}))));
        }
        let first = server.get(&format!("{}?limit=2", reviews(&request)));
        let page = first.expect(200);
        let ids = |page: &Value| -> Vec<String> { page["items"].as_array().unwrap().iter().map(id).collect() };
        assert_eq!(ids(&page), recorded[..2]);
        let cursor = page["next_cursor"].as_str().unwrap();
        assert!(first.header("link").contains("rel=\"next\""));
        let last = server.get(&format!("{}?limit=2&cursor={cursor}", reviews(&request))).expect(200);
        assert_eq!((ids(&last), last.get("next_cursor")), (recorded[2..].to_vec(), None));
        server.set_now("2026-06-30T13:00:00Z");
        record(server, &request, &format!("reviews/{}/decision", recorded[0]), decision("2020-02-20", &["1"]));
        server.set_now("2026-06-30T14:00:00Z");
        let changed = server.get(&format!("{}?updated_at_from=2026-06-30T12:30:00Z", reviews(&request))).expect(200);
        assert_eq!(ids(&changed), recorded[..1]);
        server.get(&format!("{}?limit=0", reviews(&request))).problem(400, "invalid-parameter");
        server.get(&format!("{}?cursor={cursor}", reviews(&server.request("2019-11-07", &["1"])))).problem(400, "invalid-cursor");
    }

    fn what_is_not_there_is_not_found(server) {
        let request = server.request("2019-11-07", &["1"]);
        let other = server.request("2019-11-07", &["1"]);
        let review = id(&record(server, &request, "reviews", json!({"requested_on": "2020-02-10"})));
        let complaint = id(&record(server, &request, "complaints", json!({"made_on": "2020-02-10"})));
        for address in [format!("{}/reviews/{review}", path(&other)), format!("{}/reviews/{complaint}", path(&request)), format!("{}/complaints/{review}", path(&request))] {
            server.get(&address).problem(404, "not-found");
            server.post(&format!("{address}/void"), &json!({"reason": "No."})).problem(404, "not-found");
        }
        server.post(&reviews("00000000-0000-4000-8000-000000000000"), &json!({"requested_on": "2020-02-10"})).problem(404, "not-found");
    }
}
